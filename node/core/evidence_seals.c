#include "node/core/evidence_seals.h"

#include <stdlib.h>
#include <string.h>

#include "node/core/state.h"
#include "proto/limits.h"
#include "storage/store_seals.h"

bool evidence_seals_is_ours(const struct core *core, const char *origin)
{
    uint8_t key[KEY_SIZE];
    return seal_origin_key(origin, key) && memcmp(key, core->node_key, KEY_SIZE) == 0;
}

/* --- what is sealed --- */

static enum status take_sizes(void *context, const struct store_seal *row)
{
    struct evidence_seals *seals = context;
    if (row->place >= seals->len)
        return STATUS_OK;
    seals->seals[row->place].sizes[TREE_PRIVATE - 1] = row->private_size;
    seals->seals[row->place].sizes[TREE_SHARED - 1] = row->shared_size;
    return STATUS_OK;
}

static enum status read_sizes(struct core *core, struct evidence_seals *seals)
{
    seals->seals = calloc(seals->len + 1, sizeof(*seals->seals));
    if (seals->seals == NULL)
        return STATUS_NO_MEMORY;
    return store_seals(core->store, seals->log, take_sizes, seals);
}

enum status evidence_seals_read(struct core *core, struct evidence_seals *seals)
{
    char origin[SEAL_ORIGIN_SIZE];
    *seals = (struct evidence_seals){.log = -1};
    enum status status = store_seal_log_last(core->store, &seals->log, origin);
    if (status != STATUS_OK)
        return status == STATUS_NOT_FOUND ? STATUS_OK : status;
    seals->can_open = evidence_seals_is_ours(core, origin);
    status = store_seals_len(core->store, seals->log, &seals->len);
    if (seals->len > EVIDENCE_SEALS_MAX)
        seals->len = EVIDENCE_SEALS_MAX;
    return status == STATUS_OK ? read_sizes(core, seals) : status;
}

enum status evidence_seals_reread(struct core *core, int64_t log, uint64_t len,
                                  struct evidence_seals *seals)
{
    char origin[SEAL_ORIGIN_SIZE];
    uint64_t there = 0;
    *seals = (struct evidence_seals){.log = log, .len = len};
    if (log < 0)
        return STATUS_OK;
    enum status status = store_seal_log_get(core->store, log, origin);
    if (status == STATUS_OK)
        status = store_seals_len(core->store, log, &there);
    if (status == STATUS_OK && (len > there || len > EVIDENCE_SEALS_MAX))
        status = STATUS_NOT_FOUND;
    if (status != STATUS_OK)
        return status;
    seals->can_open = evidence_seals_is_ours(core, origin);
    return read_sizes(core, seals);
}

void evidence_seals_free(struct evidence_seals *seals)
{
    free(seals->seals);
    *seals = (struct evidence_seals){.log = -1};
}

/* --- which are opened --- */

/* The first one whose tree is beyond the position; len: none. Trees do not shrink. */
static uint64_t first_beyond(const struct evidence_seals *seals, enum ledger_tree tree,
                             uint64_t position)
{
    uint64_t low = 0, high = seals->len;
    while (low < high) {
        uint64_t middle = low + (high - low) / 2;
        if (seals->seals[middle].sizes[tree - 1] > position)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

void evidence_seals_need(struct evidence_seals *seals, enum ledger_tree tree,
                         uint64_t position)
{
    uint64_t place = first_beyond(seals, tree, position);
    if (seals->can_open && place < seals->len)
        seals->seals[place].is_opened[tree - 1] = true;
}

void evidence_seals_count(struct evidence_seals *seals)
{
    uint32_t opened = 0, number = 0;
    for (uint64_t i = seals->len; i > 0; i--)
        for (int tree = 0; tree < 2; tree++) {
            bool *is_opened = &seals->seals[i - 1].is_opened[tree];
            *is_opened = *is_opened && opened < EVIDENCE_OPENED_MAX;
            opened += *is_opened;
        }
    for (uint64_t i = 0; i < seals->len; i++)
        for (int tree = 0; tree < 2; tree++)
            if (seals->seals[i].is_opened[tree])
                seals->seals[i].numbers[tree] = number++;
}

bool evidence_seals_find(const struct evidence_seals *seals, enum ledger_tree tree,
                         uint64_t position, struct evidence_sealed *sealed)
{
    uint64_t place = first_beyond(seals, tree, position);
    while (place < seals->len && !seals->seals[place].is_opened[tree - 1])
        place++;
    if (place == seals->len)
        return false;
    *sealed = seals->seals[place];
    return true;
}
