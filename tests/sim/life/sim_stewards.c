#include "tests/sim/life/sim_stewards.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/key.h"
#include "node/cases/charter.h"
#include "node/cases/view.h"
#include "node/core/charters.h"
#include "node/core/state.h"
#include "tests/sim/life/sim_forge.h"
#include "tests/sim/life/sim_host.h"
#include "tests/sim/life/sim_people.h"
#include "tests/sim/life/sim_staff.h"

#define OPS_MAX 32
#define THIEF_SEED 0x57e1u
#define SECOND "王书记"

/* What somebody wrote into the charter, and what has to become of it. */
struct word {
    struct id op;
    bool is_thiefs;
    bool takes_two; /* else it is a matter of the key alone */
    bool is_approved;
    bool stands; /* the site had it when it revoked the key */
};

struct sim_stewards {
    struct sim_host *host;
    bool has_second, has_quorum, is_stolen, is_revoked;
    uint8_t key[32], seed[32]; /* of the second one */
    struct id revoke;
    struct id heads[OP_AUTHORITY_MAX]; /* of the charter before there was a quorum */
    size_t heads_len;
    struct word words[OPS_MAX];
    uint32_t words_len;
};

static bool is_ok(struct bytes status)
{
    return bytes_equal_str(status, "OK");
}

void sim_stewards_plan(struct sim *sim, int host)
{
    sim->stewards = calloc(1, sizeof(*sim->stewards));
    assert(sim->stewards != NULL);
    sim->stewards->host = sim->hosts[host];
}

static struct sim_errand *errand_of(struct sim_host *host, uint64_t client, uint64_t key,
                                    sim_errand_done *done)
{
    struct sim_errand *errand = sim_people_errand(host);
    if (errand != NULL)
        *errand = (struct sim_errand){.client = client, .key = key, .done = done};
    return errand;
}

static struct word *add_word(struct sim_stewards *stewards, const struct id *op)
{
    if (stewards->words_len == OPS_MAX)
        return NULL;
    struct word *word = &stewards->words[stewards->words_len++];
    *word = (struct word){.op = *op};
    return word;
}

/* --- two stewards --- */

static void on_second(struct sim_host *host, struct sim_errand *errand,
                      struct bytes status, struct bytes result)
{
    struct sim_stewards *stewards = host->sim->stewards;
    struct id key;
    (void)errand;
    if (!is_ok(status) || stewards->has_second || !view_map_id(result, "key", &key) ||
        !sim_staff_key(host, key.bytes, stewards->seed))
        return;
    const struct charter *charter = charters_of_site(host->core, &host->site);
    if (charter == NULL)
        return;
    const struct id *heads = charter_heads(charter, &stewards->heads_len);
    assert(stewards->heads_len <= OP_AUTHORITY_MAX);
    memcpy(stewards->heads, heads, stewards->heads_len * sizeof(*heads));
    memcpy(stewards->key, key.bytes, sizeof(stewards->key));
    stewards->has_second = true;
}

static void on_quorum(struct sim_host *host, struct sim_errand *errand,
                      struct bytes status, struct bytes result)
{
    (void)errand;
    (void)result;
    if (!is_ok(status))
        return;
    host->sim->stewards->has_quorum = true;
    sim_ever(host->sim, EVER_QUORUM_SET);
}

static void close_other(struct sim_host *host)
{
    sim_host_tell(host, EVENT_CLIENT_CLOSED, SIM_CLIENT_OTHER, (struct bytes){0}, NULL);
}

static void on_approved(struct sim_host *host, struct sim_errand *errand,
                        struct bytes status, struct bytes result)
{
    uint64_t lacks = 1;
    close_other(host);
    if (!is_ok(status))
        return;
    if (!view_map_uint(result, "lacks", &lacks) || lacks > 0)
        sim_fail(host->sim, "API", "%s has the words of two stewards, and wants more",
                 host->address);
    host->sim->stewards->words[errand->which].is_approved = true;
    sim_ever(host->sim, EVER_QUORUM_APPROVED);
}

static void on_other_unlocked(struct sim_host *host, struct sim_errand *errand,
                              struct bytes status, struct bytes result)
{
    struct sim_errand *next = errand_of(host, SIM_CLIENT_OTHER, errand->key, on_approved);
    char hex[2 * ID_SIZE + 1];
    (void)result;
    if (!is_ok(status) || next == NULL) {
        close_other(host);
        return;
    }
    next->which = errand->which;
    hex_encode(hex, host->sim->stewards->words[next->which].op.bytes, ID_SIZE);
    sim_people_ask(host, next, "quorum.approve", "op", hex, NULL);
}

/* The op that names that key, and waits. */
static bool find_proposal(struct sim_host *host, const struct id *key, struct id *op)
{
    struct charter *charter = charters_of_site(host->core, &host->site);
    struct charter_proposal proposal;
    uint32_t at = 0;
    while (charter != NULL && charter_next_proposal(charter, &at, &proposal)) {
        *op = proposal.op;
        if (memcmp(proposal.key, key->bytes, sizeof(proposal.key)) == 0)
            return true;
    }
    return false;
}

/* Of three proposals one is left to itself. */
static void on_proposed(struct sim_host *host, struct sim_errand *errand,
                        struct bytes status, struct bytes result)
{
    struct sim_stewards *stewards = host->sim->stewards;
    struct id key, op;
    uint64_t lacks = 0;
    if (!is_ok(status) || !view_map_id(result, "key", &key))
        return;
    if (!view_map_uint(result, "lacks", &lacks) || lacks == 0 ||
        !find_proposal(host, &key, &op)) {
        sim_fail(host->sim, "API", "%s adds a steward by the word of one", host->address);
        return;
    }
    struct word *word = add_word(stewards, &op);
    struct sim_errand *next =
        errand_of(host, SIM_CLIENT_OTHER, errand->key, on_other_unlocked);
    if (word == NULL || next == NULL)
        return;
    word->takes_two = true;
    if (stewards->is_revoked || sim_choose(host->sim, "approves", errand->key, 3) == 0)
        return;
    next->which = (uint32_t)(word - stewards->words);
    sim_host_tell(host, EVENT_CLIENT_OPENED, SIM_CLIENT_OTHER, (struct bytes){0}, NULL);
    sim_people_ask(host, next, "unlock", "person", SECOND, "pin", SIM_MEDIATOR_PIN, NULL);
}

static void add_steward(struct sim_host *host, const char *name, uint64_t key,
                        sim_errand_done *done)
{
    struct sim_errand *errand = errand_of(host, SIM_CLIENT_STEWARD, key, done);
    if (errand != NULL)
        sim_people_ask(host, errand, "person.add", "name", name, "pin", SIM_MEDIATOR_PIN,
                       "role", "steward", NULL);
}

static void go_on(struct sim_host *host, uint64_t key)
{
    const struct sim_stewards *stewards = host->sim->stewards;
    char name[40];
    if (!stewards->has_second) {
        add_steward(host, SECOND, key, on_second);
        return;
    }
    if (stewards->has_quorum) {
        (void)snprintf(name, sizeof(name), "赵书记%llu", (unsigned long long)key);
        add_steward(host, name, key, on_proposed);
        return;
    }
    struct sim_errand *errand = errand_of(host, SIM_CLIENT_STEWARD, key, on_quorum);
    if (errand != NULL)
        sim_people_ask(host, errand, "quorum.set", "number", "#2", NULL);
}

/* --- the thief --- */

static enum status stand_on(struct sim_host *host, struct op *op, const struct id *id)
{
    struct store_place place;
    enum status status = store_op_find(host->config.store, id, &place);
    if (status == STATUS_OK)
        status = op_add_parent(op, id);
    if (status == STATUS_OK && place.time >= op->time)
        op->time = place.time + 1;
    return status;
}

/* On the heads of now, or of before there was a quorum; they are its authority as well.
 */
static bool stand(struct sim_host *host, struct op *op, const char *kind, bool is_of_then)
{
    const struct sim_stewards *stewards = host->sim->stewards;
    bool fits = forge_on_heads(host, op, kind, &host->site);
    if (is_of_then) {
        *op = (struct op){.kind = bytes_str(kind), .scope = host->site};
        for (size_t i = 0; i < stewards->heads_len; i++)
            fits = fits && stand_on(host, op, &stewards->heads[i]) == STATUS_OK;
    }
    for (uint32_t i = 0; i < op->parents_len && i < OP_AUTHORITY_MAX; i++)
        fits = fits && op_add_authority(op, &op->parents[i]) == STATUS_OK;
    return fits;
}

enum theft { THEFT_STEWARD, THEFT_MACHINE, THEFT_QUORUM, THEFT_MEDIATOR, THEFTS };

struct value {
    const char *name;
    struct buf packed;
};

static bool fill(struct op *op, enum theft theft, const uint8_t *key,
                 struct value values[static 3])
{
    uint32_t len = theft == THEFT_QUORUM ? 1 : 3;
    if (theft == THEFT_QUORUM) {
        values[0].name = "number";
        pack_uint(&values[0].packed, 1);
    } else {
        values[0].name = "key";
        pack_bin(&values[0].packed, key, 32);
        values[1].name = "name";
        pack_str(&values[1].packed, "某");
        values[2].name = theft == THEFT_MACHINE ? "noise-key" : "role";
        if (theft == THEFT_MACHINE)
            pack_bin(&values[2].packed, key, 32);
        else
            pack_str(&values[2].packed, theft == THEFT_STEWARD ? "steward" : "mediator");
    }
    bool fits = true;
    for (uint32_t i = 0; i < len; i++)
        fits = fits && op_add_field(op, values[i].name, buf_bytes(&values[i].packed)) ==
                           STATUS_OK;
    return fits;
}

static void write_theft(struct sim_host *host, struct op *op, enum theft theft)
{
    struct sim *sim = host->sim;
    struct sim_stewards *stewards = sim->stewards;
    op_encode(op, ~0u, &host->aside);
    assert(buf_status(&host->aside) == STATUS_OK);
    host->aside_from = sim->hosts[host->parent];
    struct word *word = add_word(stewards, &op->id);
    if (word != NULL) {
        word->is_thiefs = true;
        word->takes_two = theft != THEFT_MEDIATOR;
    }
    stewards->is_stolen = true;
    sim_ever(sim, stewards->is_revoked ? EVER_STEWARD_LATE : EVER_STEWARD_STOLEN);
    sim_host_tell(host, EVENT_TICK, 0, (struct bytes){0}, NULL);
}

static void steal(struct sim_host *host, uint64_t number)
{
    static struct op op;
    struct sim *sim = host->sim;
    struct sim_stewards *stewards = sim->stewards;
    struct value values[3] = {{0}};
    uint8_t key[32], seed[32];
    enum theft theft = (enum theft)sim_choose(sim, "theft-of", number, THEFTS);
    if (!stewards->has_quorum || host->aside.len > 0 || stewards->words_len == OPS_MAX)
        return;
    struct rng_keyed *dice = rng_keyed_new(sim_dice(sim, "theft", number, THIEF_SEED), 0);
    assert(dice != NULL);
    const struct rng rng = rng_keyed_rng(dice);
    rng_fill(&rng, "thief-key", NULL, seed, sizeof(seed));
    key_sign_public(key, seed);
    if (stand(host, &op,
              theft == THEFT_QUORUM    ? "quorum"
              : theft == THEFT_MACHINE ? "node"
                                       : "person",
              sim_choose(sim, "theft-then", number, 2) == 0) &&
        fill(&op, theft, key, values)) {
        op.wall = sim->now_ms; /* no two are one op */
        if (op_seal(&op, &host->core->network, stewards->seed, &rng) == STATUS_OK)
            write_theft(host, &op, theft);
    }
    for (int i = 0; i < 3; i++)
        buf_deinit(&values[i].packed);
    rng_keyed_free(dice);
}

/* --- revoked --- */

static bool is_there(const struct sim_host *host, const struct id *op)
{
    struct store_place place;
    return store_op_find(host->config.store, op, &place) == STATUS_OK && !place.waits;
}

static void on_revoked(struct sim_host *host, struct sim_errand *errand,
                       struct bytes status, struct bytes result)
{
    struct sim_stewards *stewards = host->sim->stewards;
    (void)errand;
    if (!is_ok(status) || !view_map_id(result, "op", &stewards->revoke))
        return;
    stewards->is_revoked = host->has_revoked = true;
    for (uint32_t i = 0; i < stewards->words_len; i++)
        stewards->words[i].stands = is_there(host, &stewards->words[i].op);
    sim_ever(host->sim, EVER_STEWARD_REVOKED);
}

static void revoke(struct sim_host *host, uint64_t key)
{
    struct sim_errand *errand = errand_of(host, SIM_CLIENT_STEWARD, key, on_revoked);
    if (host->sim->stewards->has_second && !host->sim->stewards->is_revoked &&
        errand != NULL)
        sim_people_ask(host, errand, "person.revoke", "person", SECOND, NULL);
}

/* --- other keys --- */

static void on_renewed(struct sim_host *host, struct sim_errand *errand,
                       struct bytes status, struct bytes result)
{
    (void)errand;
    (void)result;
    if (is_ok(status))
        sim_ever(host->sim, EVER_RENEWED);
}

static void renew(struct sim_host *host, uint64_t key)
{
    if (host->has_mediator && sim_choose(host->sim, "renews", key, 2) == 0) {
        sim_staff_renew(host, key);
        return;
    }
    struct sim_errand *errand = errand_of(host, SIM_CLIENT_STEWARD, key, on_renewed);
    if (errand != NULL)
        sim_people_ask(host, errand, "node.renew", NULL);
}

void sim_stewards_do(struct sim_host *host, const struct sim_entry *entry)
{
    if (entry->deed == DEED_RENEW)
        renew(host, entry->key);
    else if (entry->deed == DEED_STEWARD)
        go_on(host, entry->key);
    else if (entry->deed == DEED_THEFT)
        steal(host, entry->key);
    else if (entry->deed == DEED_UNSTEWARD)
        revoke(host, entry->key);
}

/* --- the end --- */

static void look(struct sim_host *host, struct charter *charter, const struct word *word,
                 bool knows)
{
    struct sim *sim = host->sim;
    bool has = charter_effect(charter, &word->op) == EFFECT_YES;
    if (word->takes_two && has && !word->is_approved)
        sim_fail(sim, "I10",
                 "what takes two stewards has effect at %s by the word of one",
                 host->address);
    else if (word->is_approved && !has)
        sim_fail(sim, "I10", "what two stewards stand by has no effect at %s",
                 host->address);
    else if (word->is_thiefs && !word->takes_two && knows && has && !word->stands)
        sim_fail(sim, "I10", "what the thief of a steward's key wrote has effect at %s",
                 host->address);
    if (word->is_thiefs && !has)
        sim_ever(sim, EVER_STEWARD_REFUSED);
}

void sim_stewards_end(struct sim *sim)
{
    const struct sim_stewards *stewards = sim->stewards;
    if (stewards == NULL)
        return;
    for (int i = 0; i < sim->hosts_len; i++) {
        struct sim_host *host = sim->hosts[i];
        struct charter *charter =
            host->is_sound ? charters_of_site(host->core, &stewards->host->site) : NULL;
        bool knows = charter != NULL && stewards->is_revoked &&
                     charter_has(charter, &stewards->revoke);
        for (uint32_t n = 0; charter != NULL && n < stewards->words_len; n++)
            if (charter_has(charter, &stewards->words[n].op))
                look(host, charter, &stewards->words[n], knows);
    }
}

void sim_stewards_free(struct sim *sim)
{
    free(sim->stewards);
    sim->stewards = NULL;
}
