#include "tests/sim/life/watch_backwards.h"

#include <assert.h>
#include <stdlib.h>

#include "node/core/state.h"
#include "tests/sim/life/sim_forge.h"

#define DICE_SEED 0xbac4u
#define THREE 3 /* two side by side, and one that has seen both */

/* Steps that the peer's steward might have taken. */
static bool make(struct sim_host *host, const struct forge_record *record,
                 struct op ops[static THREE], const struct rng *rng)
{
    const struct sim_host *peer = record->peer;
    const char *kind = id_equal(&record->founder, &peer->site) ? "permit" : "opened";
    bool is_good = true;
    for (int i = 0; is_good && i < THREE; i++) {
        is_good = forge_on_heads(host, &ops[i], kind, &record->scope) &&
                  forge_authority(host, &ops[i], &peer->site);
        ops[i].wall = (uint64_t)i + 1; /* or the two would be one */
        if (!is_good || i < THREE - 1) {
            is_good = is_good && op_seal(&ops[i], &host->core->network,
                                         peer->steward_seed, rng) == STATUS_OK;
            continue;
        }
        ops[i].parents_len = 0;
        ops[i].time++;
        is_good =
            op_add_parent(&ops[i], &ops[0].id) == STATUS_OK &&
            op_add_parent(&ops[i], &ops[1].id) == STATUS_OK &&
            op_seal(&ops[i], &host->core->network, peer->steward_seed, rng) == STATUS_OK;
    }
    return is_good;
}

static bool has_place(const struct sim_host *host, const struct op *op)
{
    struct store_place place;
    return store_op_find(host->config.store, &op->id, &place) == STATUS_OK &&
           !place.waits;
}

/* The last one first; it goes on with the second of the two, and not before. */
static void tell(struct sim_host *host, const struct forge_record *record,
                 const struct op ops[static THREE])
{
    static const int order[THREE] = {THREE - 1, 0, 1};
    for (int i = 0; i < THREE; i++) {
        enum status status = forge_tell(host, &ops[order[i]], &record->peer->site);
        bool is_last = i == THREE - 1;
        if (status != STATUS_OK)
            sim_fail(host->sim, "I14", "%s cannot be told backwards: %s", host->address,
                     status_name(status));
        else if (has_place(host, &ops[THREE - 1]) != is_last)
            sim_fail(host->sim, "I11", "%s lets an op in %s what it builds on",
                     host->address, is_last ? "not even with" : "before");
    }
}

void watch_backwards_end(struct sim_host *host)
{
    struct forge_record record;
    struct op *ops = calloc(THREE, sizeof(*ops));
    struct rng_keyed *dice = rng_keyed_new(DICE_SEED, (uint64_t)host->index);
    assert(ops != NULL && dice != NULL);
    const struct rng rng = rng_keyed_rng(dice);
    if (!host->sim->options.is_twin && forge_record(host, &record) &&
        make(host, &record, ops, &rng) && core_begin(host->core) == STATUS_OK) {
        tell(host, &record, ops);
        if (core_commit(host->core) != STATUS_OK)
            sim_fail(host->sim, "I14", "%s cannot bear to be told backwards",
                     host->address);
    }
    rng_keyed_free(dice);
    free(ops);
}
