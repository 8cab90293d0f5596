#include "tests/sim/life/sim_thief.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "node/cases/charter.h"
#include "node/core/charters.h"
#include "node/core/state.h"
#include "tests/sim/life/sim_forge.h"
#include "tests/sim/life/sim_host.h"
#include "tests/sim/life/sim_staff.h"

#define OPS_MAX 16
#define THIEF_SEED 0x741eu

struct loot {
    struct id scope, op;
    bool stands; /* it had come to the township when she was revoked */
};

struct sim_thief {
    int from; /* the host whose desk she was of */
    uint8_t key[32], seed[32];
    struct id heads[OP_AUTHORITY_MAX]; /* of its charter then */
    size_t heads_len;
    bool is_revoked; /* and the people were told */
    struct loot loot[OPS_MAX];
    uint32_t loot_len;
};

/* --- the key --- */

static const struct charter_person *find_desk(struct charter *charter)
{
    size_t len;
    const struct charter_person *persons = charter_persons(charter, &len);
    for (size_t i = 0; i < len; i++)
        if (!persons[i].is_revoked && (persons[i].roles & ROLE_STEWARD) == 0)
            return &persons[i];
    return NULL;
}

static void steal(struct sim_host *host)
{
    struct charter *charter =
        host->is_on ? charters_of_site(host->core, &host->site) : NULL;
    const struct charter_person *desk = charter == NULL ? NULL : find_desk(charter);
    struct sim_thief *thief = calloc(1, sizeof(*thief));
    assert(thief != NULL);
    if (desk == NULL || !sim_staff_key(host, desk->key, thief->seed)) {
        free(thief);
        return;
    }
    thief->from = host->index;
    memcpy(thief->key, desk->key, sizeof(thief->key));
    const struct id *heads = charter_heads(charter, &thief->heads_len);
    assert(thief->heads_len <= OP_AUTHORITY_MAX);
    memcpy(thief->heads, heads, thief->heads_len * sizeof(*heads));
    host->sim->thief = thief;
    sim_trace(host->sim, host, "the key of its desk is stolen");
}

/* --- what the thief writes --- */

static bool build(struct sim_host *village, struct op *op, const struct id *scope,
                  bool is_dated_back)
{
    if (!forge_on_heads(village, op, "opened", scope))
        return false;
    if (!is_dated_back)
        return true;
    op->parents_len = 0;
    op->time = 2;
    return op_add_parent(op, scope) == STATUS_OK;
}

static bool stand_by(struct sim_host *village, struct op *op,
                     const struct sim_thief *thief, bool is_of_then)
{
    if (!is_of_then)
        return forge_authority(village, op, &village->sim->hosts[thief->from]->site);
    bool fits = thief->heads_len > 0;
    for (size_t i = 0; i < thief->heads_len; i++)
        fits = fits && op_add_authority(op, &thief->heads[i]) == STATUS_OK;
    return fits;
}

void sim_thief_act(struct sim_host *village, uint64_t key)
{
    static struct op op;
    struct sim *sim = village->sim;
    struct forge_record record;
    if (sim->thief == NULL)
        steal(sim->hosts[village->parent]);
    struct sim_thief *thief = sim->thief;
    if (thief == NULL || thief->from != village->parent || thief->loot_len == OPS_MAX ||
        village->aside.len > 0 || !forge_record(village, &record))
        return;
    struct rng_keyed *dice = rng_keyed_new(sim_dice(sim, "thief", key, THIEF_SEED), 0);
    assert(dice != NULL);
    const struct rng rng = rng_keyed_rng(dice);
    uint64_t way = sim_choose(sim, "thief-way", key, 4);
    bool is_built = build(village, &op, &record.scope, way % 2 == 0);
    op.wall = sim->now_ms; /* no two are one op */
    if (is_built && stand_by(village, &op, thief, way / 2 == 0) &&
        op_seal(&op, &village->core->network, thief->seed, &rng) == STATUS_OK) {
        op_encode(&op, ~0u, &village->aside);
        assert(buf_status(&village->aside) == STATUS_OK);
        village->aside_from = sim->hosts[thief->from];
        thief->loot[thief->loot_len++] = (struct loot){.scope = op.scope, .op = op.id};
        sim_ever(sim, thief->is_revoked ? EVER_THIEF_LATE : EVER_THIEF_ACTS);
        sim_host_tell(village, EVENT_TICK, 0, (struct bytes){0}, NULL);
    }
    rng_keyed_free(dice);
}

/* --- what becomes of it --- */

static bool is_there(const struct sim_host *host, const struct id *op)
{
    struct store_place place;
    return store_op_find(host->config.store, op, &place) == STATUS_OK && !place.waits;
}

static bool knows(struct sim_host *host, const struct sim_thief *thief)
{
    size_t len = 0;
    struct charter *charter =
        charters_of_site(host->core, &host->sim->hosts[thief->from]->site);
    const struct charter_person *persons =
        charter == NULL ? NULL : charter_persons(charter, &len);
    for (size_t i = 0; i < len; i++)
        if (persons[i].is_revoked && memcmp(persons[i].key, thief->key, 32) == 0)
            return true;
    return false;
}

void sim_thief_revoked(struct sim_host *host)
{
    struct sim_thief *thief = host->sim->thief;
    if (thief == NULL || thief->from != host->index || thief->is_revoked ||
        !knows(host, thief))
        return;
    thief->is_revoked = true;
    for (uint32_t i = 0; i < thief->loot_len; i++)
        thief->loot[i].stands = is_there(host, &thief->loot[i].op);
}

bool sim_thief_wrote(const struct sim *sim, const struct id *op)
{
    for (uint32_t i = 0; sim->thief != NULL && i < sim->thief->loot_len; i++)
        if (id_equal(&sim->thief->loot[i].op, op))
            return true;
    return false;
}

static void look(struct sim_host *host, const struct loot *loot)
{
    struct sim *sim = host->sim;
    bool has = forge_has_effect(host, &loot->scope, &loot->op);
    sim_ever(sim, has ? EVER_THIEF_STANDS : EVER_THIEF_REFUSED);
    if (has && !loot->stands)
        sim_fail(sim, "I10",
                 "what a thief wrote has effect at %s, and nobody stands by it",
                 host->address);
}

void sim_thief_end(struct sim *sim)
{
    const struct sim_thief *thief = sim->thief;
    if (thief == NULL || !thief->is_revoked || sim->hosts[thief->from]->is_set_back ||
        sim->hosts[thief->from]->is_flawed)
        return;
    for (int i = 0; i < sim->hosts_len; i++) {
        struct sim_host *host = sim->hosts[i];
        if (!host->is_sound || !knows(host, thief))
            continue;
        for (uint32_t n = 0; n < thief->loot_len && !sim_has_failed(sim); n++)
            if (is_there(host, &thief->loot[n].op))
                look(host, &thief->loot[n]);
    }
}

void sim_thief_free(struct sim *sim)
{
    free(sim->thief);
    sim->thief = NULL;
}
