#include "forge_ledger.h"

#include "tests/unit/cli/ledger_maker.h"

#define SEALS 3

static struct ledger_maker *ledger;

/* Made once: what it says does not change. */
static const struct ledger_maker *ledger_of(const struct rig *rig)
{
    if (ledger)
        return ledger;
    ledger = ledger_maker_new(rig->keys[RIG_TOWNSHIP].node_seed, 1);
    for (uint32_t i = 0; i < rig->ops_len; i++) {
        if (i % (rig->ops_len / SEALS + 1) == 0)
            (void)ledger_maker_seal(ledger, 1700000000 + i * 86400, NULL);
        (void)ledger_maker_hold(ledger, MAKER_SHARED, &rig->ops[i].id);
    }
    (void)ledger_maker_seal(ledger, 1800000000, NULL); /* of all */
    return ledger;
}

/* How many stand under a seal: as many as before the next one. */
static uint64_t size_of(const struct rig *rig, uint32_t seal)
{
    uint32_t third = rig->ops_len / SEALS + 1;
    return seal < SEALS ? (uint64_t)seal * third : rig->ops_len;
}

static void add_opened(const struct ledger_maker *maker, uint8_t value, struct buf *out)
{
    uint32_t seal = value % (SEALS + 1), from = value / 8 % (seal + 1);
    ledger_maker_opened(maker, seal, (value & 4) != 0 ? MAKER_SHARED : MAKER_PRIVATE,
                        from == seal ? LEDGER_NONE : from, out);
}

static void add_value(const struct rig *rig, struct fuzz_input *input, struct buf *out)
{
    const struct ledger_maker *maker = ledger_of(rig);
    const uint8_t *witness = rig->keys[RIG_COUNTY].node_seed;
    uint8_t value = fuzz_u8(input), more = value / 8;
    size_t from = out->len;
    switch (value % 8) {
    case 0:
        ledger_maker_log(maker, more % 8, out);
        break;
    case 1:
        ledger_maker_checkpoint(maker, more % (SEALS + 2), more > 15 ? witness : NULL,
                                out);
        break;
    case 2:
        ledger_maker_leaf(maker, more % (SEALS + 1), out);
        break;
    case 3:
        add_opened(maker, more, out);
        break;
    case 4:
        add_opened(maker, more, out);
        from += fuzz_u8(input) * 4u % (out->len - from);
        out->data[from] ^= fuzz_u8(input);
        break;
    case 5:
        ledger_maker_included(maker, SEALS, MAKER_SHARED, more % rig->ops_len, more, out);
        break;
    default:
        ledger_maker_whole(maker, value % 8 == 6 ? witness : NULL, out);
        break;
    }
}

void forge_ledger(const struct rig *rig, struct fuzz_input *input, struct buf *out)
{
    for (uint8_t left = fuzz_u8(input) % 32; left > 0; left--)
        add_value(rig, input, out);
}

void forge_included(const struct rig *rig, uint32_t number, struct fuzz_input *input,
                    struct buf *out)
{
    const struct ledger_maker *maker = ledger_of(rig);
    uint8_t flags = fuzz_u8(input);
    if (flags == 0)
        return;
    uint32_t seal = SEALS - flags % 3;
    uint64_t index = number % rig->ops_len;
    if (index >= size_of(rig, seal))
        seal = SEALS;
    uint64_t opened = 2 * seal + MAKER_SHARED;
    if ((flags & 0xc0) == 0x40)
        index = (index + 1) % size_of(rig, seal);
    if ((flags & 0xc0) == 0x80)
        opened = flags & 15;
    ledger_maker_included(maker, seal, MAKER_SHARED, index, opened, out);
}
