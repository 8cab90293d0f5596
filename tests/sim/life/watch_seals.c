#include "tests/sim/life/watch_seals.h"

#include <string.h>

#include "node/core/state.h"
#include "node/core/witness.h"
#include "storage/store_ledger.h"
#include "storage/store_seals.h"
#include "storage/store_witness.h"
#include "tests/sim/life/sim_dishonest.h"

#define ON_ITS_WAY_MS 10000

struct looking {
    struct sim_host *host;
    struct merkle_stack stack;
    uint64_t below, unopened; /* of the seals below that place */
    int64_t log;
    char origin[SEAL_ORIGIN_SIZE];
};

static enum status read_trees(struct store *store, const struct store_seal *row,
                              struct seal_trees *trees)
{
    *trees = (struct seal_trees){.private_size = row->private_size,
                                 .shared_size = row->shared_size};
    enum status status =
        store_ledger_root(store, TREE_PRIVATE, row->private_size, &trees->private_root);
    return status == STATUS_OK ? store_ledger_root(store, TREE_SHARED, row->shared_size,
                                                   &trees->shared_root)
                               : status;
}

/* Of twins the commitments to the private tree are ideal ones. */
static bool is_opened(const struct looking *looking, const struct store_seal *row,
                      const struct seal *seal, const struct seal_trees *trees)
{
    bool is_twin = looking->host->sim->options.is_twin;
    for (int part = is_twin ? SEAL_SHARED_ROOT : 0; part < SEAL_PARTS; part++) {
        struct seal_opening opening;
        seal_open(&opening, (enum seal_part)part, row->secret, trees);
        if (!seal_is_opened(seal, &opening))
            return false;
    }
    return true;
}

static enum status look_at_seal(void *context, const struct store_seal *row)
{
    struct looking *looking = context;
    struct sim_host *host = looking->host;
    struct seal seal;
    struct seal_trees trees;
    struct merkle_hash leaf;
    if (seal_read(&seal, row->leaf, NULL) != STATUS_OK) {
        sim_fail(host->sim, "I6", "%s has a seal that cannot be read", host->address);
        return STATUS_OK;
    }
    merkle_leaf(&leaf, row->leaf.data, row->leaf.len);
    merkle_stack_add(&looking->stack, &leaf);
    enum status status = read_trees(host->config.store, row, &trees);
    bool opens = status == STATUS_OK && is_opened(looking, row, &seal, &trees);
    looking->unopened += !opens && row->place < looking->below;
    if (!opens && !sim_dishonest_did(host, DISHONEST_DROPPED))
        sim_fail(host->sim, "I6", "%s: seal %llu is not of its ledger as it was",
                 host->address, (unsigned long long)row->place);
    return STATUS_OK;
}

/* False: it has none. */
static bool look(struct looking *looking, struct sim_host *host, uint64_t below)
{
    *looking = (struct looking){.host = host, .below = below};
    struct store *store = host->config.store;
    return store_seal_log_last(store, &looking->log, looking->origin) == STATUS_OK &&
           store_seals(store, looking->log, look_at_seal, looking) == STATUS_OK;
}

void watch_seals_end(struct sim_host *host)
{
    struct looking looking;
    if (host->is_flawed || host->is_stolen)
        return;
    if (!look(&looking, host, 0) || looking.stack.size == 0)
        sim_fail(host->sim, "I6", "%s seals nothing", host->address);
}

uint64_t watch_seals_unopened(struct sim_host *host, uint64_t size)
{
    struct looking looking;
    return look(&looking, host, size) ? looking.unopened : 0;
}

struct seen {
    struct seal_head head;
    bool is_closed;
};

static enum status take_seen(void *context, const struct store_witnessed *log)
{
    struct seen *seen = context;
    seen->head = log->head;
    seen->is_closed = log->is_closed;
    return STATUS_OK;
}

void watch_seals_pair(struct sim_host *child, struct sim_host *parent)
{
    struct looking looking;
    struct seen seen = {.is_closed = false};
    struct merkle_hash root;
    char name[WITNESS_NAME_SIZE];
    uint64_t cosigned = 0;
    /* The last one may be on its way. */
    if (child->core->now_ms - child->core->seal_clock.looked_ms < ON_ITS_WAY_MS ||
        !look(&looking, child, 0))
        return;
    merkle_stack_root(&looking.stack, &root);
    if (store_witnessed_get(parent->config.store, looking.origin, take_seen, &seen) !=
            STATUS_OK ||
        seen.is_closed || seen.head.size != looking.stack.size ||
        !merkle_equal(&seen.head.root, &root)) {
        sim_fail(child->sim, "I6", "%s has not seen the seals of %s: %llu of %llu",
                 parent->address, child->address, (unsigned long long)seen.head.size,
                 (unsigned long long)looking.stack.size);
        return;
    }
    witness_name(name, parent->core->node_key);
    if (store_cosigned_get(child->config.store, looking.log, name, &cosigned) !=
            STATUS_OK ||
        cosigned != looking.stack.size)
        sim_fail(child->sim, "I6", "%s has cosigned %llu of %llu seals of %s",
                 parent->address, (unsigned long long)cosigned,
                 (unsigned long long)looking.stack.size, child->address);
}
