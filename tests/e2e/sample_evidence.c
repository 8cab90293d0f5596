/* sample_evidence: writes an evidence file about a village, with two escalations, a case
 * and withheld fields, under the seals of its machine in two lives, for whoever reads
 * such files; prints the site that it trusts. With "odd" some of it was signed by people
 * who do not keep to the rules of order, time and scope, and by a machine that rewrote
 * its ledger. usage: sample_evidence FILE [odd] */
#include <stdio.h>
#include <string.h>

#include "crypto/key.h"
#include "tests/unit/cli/evidence_maker.h"
#include "tests/unit/cli/ledger_maker.h"

#define OPS_MAX 32

static void seed_of(uint8_t seed[static 32], enum maker_signer signer)
{
    memset(seed, (int)signer, 32);
}

struct ledger {
    uint8_t witness[32];
    struct buf logs, included[OPS_MAX];
};

static enum maker_tree tree_of(const struct op *op)
{
    return op_is_kind(op, "case-new") ? MAKER_PRIVATE : MAKER_SHARED;
}

/* The checkpoints, of which the first one is cosigned, and the seals of which the second
 * one is not opened. */
static void write_log(struct ledger *ledger, const struct ledger_maker *log)
{
    uint32_t seals = ledger_maker_seals(log);
    ledger_maker_log(log, seals, &ledger->logs);
    if (seals > 1)
        ledger_maker_checkpoint(log, seals - 1, ledger->witness, &ledger->logs);
    ledger_maker_checkpoint(log, seals, NULL, &ledger->logs);
    for (uint32_t i = 0; i < seals; i++) {
        uint32_t from = i == 0 ? LEDGER_NONE : i == 2 ? 0 : i - 1;
        ledger_maker_leaf(log, i, &ledger->logs);
        if (i == 1)
            continue;
        ledger_maker_opened(log, i, MAKER_PRIVATE, from, &ledger->logs);
        ledger_maker_opened(log, i, MAKER_SHARED, from, &ledger->logs);
    }
}

/* All ops but the last one; behind each half of them is a seal. */
static void add_ledger(const struct maker *maker, bool is_odd, struct ledger *ledger)
{
    uint8_t seed[32];
    uint64_t indexes[OPS_MAX];
    uint32_t len = maker_ops_len(maker) - 1;
    seed_of(seed, VILLAGE_NODE);
    seed_of(ledger->witness, TOWNSHIP_NODE);
    struct ledger_maker *first = ledger_maker_new(seed, 1);
    struct ledger_maker *second = ledger_maker_new(seed, 2);
    (void)ledger_maker_seal(first, 1789999000, NULL);
    (void)ledger_maker_seal(first, 1790086000, NULL);
    for (uint32_t i = 0; i < len; i++) {
        const struct op *op = maker_op(maker, i);
        indexes[i] = ledger_maker_hold(first, tree_of(op), &op->id);
        (void)ledger_maker_hold(second, tree_of(op), &op->id);
        if (i != len / 2)
            continue;
        (void)ledger_maker_seal(first, 1790173000, NULL);
        if (is_odd)
            ledger_maker_rewrite(first, MAKER_SHARED, 1, &maker_op(maker, len)->id);
    }
    (void)ledger_maker_seal(first, 1790260000, NULL);
    (void)ledger_maker_seal(second, 1790300000, first);
    write_log(ledger, first);
    for (uint32_t i = 0; i < len; i++) {
        enum maker_tree tree = tree_of(maker_op(maker, i));
        bool is_late = i > len / 2;
        uint32_t opened = (is_late ? 4u : 2u) + (uint32_t)tree;
        if (i % 5 == 4) /* under a seal of the other life */
            ledger_maker_included(second, 0, tree, indexes[i], 6u + (uint32_t)tree,
                                  &ledger->included[i]);
        else
            ledger_maker_included(first, is_late ? 3 : 2, tree, indexes[i], opened,
                                  &ledger->included[i]);
    }
    write_log(ledger, second);
    ledger_maker_free(first);
    ledger_maker_free(second);
}

static uint32_t mask_without(const struct op *op, const char *name)
{
    uint32_t mask = ~0u;
    for (uint32_t i = 0; i < op->fields_len; i++)
        if (bytes_equal_str(op->fields[i].name, name))
            mask &= ~(1u << i);
    return mask;
}

/* A parent in another scope, and an authority that is no charter. */
static void add_odd(struct maker *maker)
{
    struct maker_say say = {.kind = "confirm",
                            .signer = VILLAGE_STEWARD,
                            .parent = MAKER_LINK_VILLAGE,
                            .beside = MAKER_NONE,
                            .authority = MAKER_LINK_VILLAGE,
                            .scope = MAKER_ESCALATE};
    (void)maker_add(maker, &say);
    say.parent = MAKER_OPENED;
    say.authority = MAKER_OPENED;
    (void)maker_add(maker, &say);
}

int main(int argc, char **argv)
{
    bool is_odd = argc == 3 && strcmp(argv[2], "odd") == 0;
    const struct maker_wish wish = {.advices = 3,
                                    .has_case = true,
                                    .is_in_danger = true,
                                    .is_recalled = !is_odd,
                                    .has_wrong_time = is_odd};
    const struct maker_wish other = {.number = 7};
    struct maker *maker = maker_new(&wish);
    struct maker_file_wish file_wish = MAKER_WHOLE;
    char trust[KEY_TEXT_SIZE];
    struct buf file = {0};
    static struct ledger ledger;
    FILE *out = argc == 2 || is_odd ? fopen(argv[1], "wb") : NULL;
    (void)maker_add_escalation(maker, &other, MAKER_LINK_VILLAGE, VILLAGE_STEWARD);
    if (is_odd)
        add_odd(maker);
    file_wish.about = "site";
    file_wish.head = MAKER_FOUND_VILLAGE;
    file_wish.withheld = MAKER_ESCALATE;
    file_wish.mask = mask_without(maker_op(maker, MAKER_ESCALATE), "case.context");
    add_ledger(maker, is_odd, &ledger);
    file_wish.logs = &ledger.logs;
    file_wish.included = ledger.included;
    maker_file(maker, &file_wish, &file, NULL);
    key_to_text(trust, "fqs1", maker_op(maker, MAKER_FOUND_TOWNSHIP)->id.bytes);
    bool is_written = out && fwrite(file.data, 1, file.len, out) == file.len;
    if (out && fclose(out) != 0)
        is_written = false;
    if (is_written)
        printf("%s\n", trust);
    else
        fprintf(stderr, "usage: sample_evidence FILE [odd]\n");
    buf_deinit(&file);
    buf_deinit(&ledger.logs);
    for (int i = 0; i < OPS_MAX; i++)
        buf_deinit(&ledger.included[i]);
    maker_free(maker);
    return is_written ? 0 : 1;
}
