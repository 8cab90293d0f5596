#include "tests/sim/life/watch_lies.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "node/cases/charter.h"
#include "node/core/charters.h"
#include "node/core/state.h"
#include "tests/sim/life/sim_forge.h"
#include "tests/sim/life/sim_staff.h"

#define LIES_SEED 0x11e5u

enum fate {
    SET_APART, /* it is not held */
    NO_EFFECT, /* it is held, and changes nothing */
};

struct lie {
    struct sim_host *host;      /* who is lied to */
    struct forge_record record; /* its peer brings the op, and mostly signs */
    struct op *op;
    struct buf text; /* a value that the op borrows */
    uint8_t seed[32];
    void (*spoil)(struct op *op); /* after it was signed; NULL: it is not */
    bool is_own;                  /* it is brought by our own hand */
};

/* --- the truth, from which a lie departs --- */

static bool build_on(struct lie *lie, const char *kind, const struct id *scope)
{
    return forge_on_heads(lie->host, lie->op, kind, scope);
}

static bool stand_by(struct lie *lie, const struct id *site, const uint8_t *seed)
{
    memcpy(lie->seed, seed, sizeof(lie->seed));
    return forge_authority(lie->host, lie->op, site);
}

static bool say(struct lie *lie, const char *kind)
{
    return build_on(lie, kind, &lie->record.scope) &&
           stand_by(lie, &lie->record.peer->site, lie->record.peer->steward_seed);
}

/* --- the lies. False: it cannot be told here --- */

static void flip(struct op *op)
{
    op->signature[7] ^= 0x10;
}

static bool flip_a_bit(struct lie *lie)
{
    lie->spoil = flip;
    return say(lie, "opened");
}

/* S and S + L are the same number to whoever does not look. */
static void add_order(struct op *op)
{
    static const uint8_t order[32] = {0xed, 0xd3, 0xf5, 0x5c, 0x1a,       0x63,
                                      0x12, 0x58, 0xd6, 0x9c, 0xf7,       0xa2,
                                      0xde, 0xf9, 0xde, 0x14, [31] = 0x10};
    unsigned carry = 0;
    for (int i = 0; i < 32; i++) {
        carry += (unsigned)op->signature[32 + i] + order[i];
        op->signature[32 + i] = (uint8_t)carry;
        carry >>= 8;
    }
}

static bool sign_twice(struct lie *lie)
{
    lie->spoil = add_order;
    return sim_is_careful(&lie->host->sim->options) && say(lie, "opened");
}

static bool come_from_the_future(struct lie *lie)
{
    bool can = say(lie, "opened");
    lie->op->time++;
    return can;
}

static bool build_on_another_scope(struct lie *lie)
{
    struct store_place place;
    bool can = say(lie, "opened") && lie->op->authority_len > 0 &&
               store_op_find(lie->host->config.store, &lie->op->authority[0], &place) ==
                   STATUS_OK;
    lie->op->parents_len = 1;
    lie->op->parents[0] = lie->op->authority[0];
    lie->op->time = can ? place.time + 1 : 0;
    return can;
}

static bool sign_as_nobody(struct lie *lie)
{
    bool can = say(lie, "opened");
    memset(lie->seed, 0x5a, sizeof(lie->seed));
    return can;
}

struct holding {
    const struct id *site;
    bool is_found;
};

static enum status match_scope(void *context, const struct id *scope)
{
    struct holding *holding = context;
    holding->is_found |= id_equal(scope, holding->site);
    return STATUS_OK;
}

static bool is_holder(const struct sim_host *host, const struct id *scope,
                      const struct id *site)
{
    struct holding holding = {.site = scope};
    return store_scopes_held(host->config.store, SCOPE_ESCALATION, &host->site, site,
                             match_scope, &holding) != STATUS_OK ||
           holding.is_found;
}

static bool sign_for_a_site_that_was_not_named(struct lie *lie)
{
    const struct sim *sim = lie->host->sim;
    for (int i = 1; i < sim->hosts_len; i++) {
        const struct sim_host *other = sim->hosts[i];
        if (!is_holder(lie->host, &lie->record.scope, &other->site) &&
            build_on(lie, "opened", &lie->record.scope) &&
            stand_by(lie, &other->site, other->steward_seed))
            return true;
    }
    return false;
}

static bool permit_what_another_sent(struct lie *lie)
{
    return !id_equal(&lie->record.founder, &lie->record.peer->site) && say(lie, "permit");
}

/* A step that needs the record to be opened first, on the op that founds it alone. */
static bool accept_unopened(struct lie *lie)
{
    if (id_equal(&lie->record.founder, &lie->record.peer->site) || !say(lie, "accept"))
        return false;
    lie->op->parents_len = 0;
    lie->op->time = 2;
    return op_add_parent(lie->op, &lie->record.scope) == STATUS_OK;
}

static enum status first_case(void *context, const struct store_scope *scope)
{
    *(struct id *)context = scope->id;
    return STATUS_OK;
}

static bool find_case(const struct lie *lie, struct id *scope)
{
    *scope = (struct id){0};
    return store_scopes_of_kind(lie->host->config.store, SCOPE_CASE, 1, first_case,
                                scope) == STATUS_OK &&
           !id_equal(scope, &(struct id){0});
}

static bool write_text(struct lie *lie)
{
    pack_str(&lie->text, "made up");
    return op_add_field(lie->op, "text", buf_bytes(&lie->text)) == STATUS_OK;
}

/* With the stolen key of a steward, and still from outside. */
static bool write_into_a_case(struct lie *lie)
{
    struct id scope;
    return find_case(lie, &scope) && build_on(lie, "note", &scope) &&
           stand_by(lie, &lie->host->site, lie->host->steward_seed) && write_text(lie);
}

static const struct charter_person *find_revoked(struct lie *lie)
{
    size_t len = 0;
    struct charter *charter = charters_of_site(lie->host->core, &lie->host->site);
    const struct charter_person *persons =
        charter == NULL ? NULL : charter_persons(charter, &len);
    for (size_t i = 0; i < len; i++)
        if (persons[i].is_revoked)
            return &persons[i];
    return NULL;
}

/* On the machine itself: dated back to when she was appointed, beside what is covered. */
static bool write_revoked_as_of_before(struct lie *lie)
{
    struct id scope;
    const struct charter_person *person = find_revoked(lie);
    lie->is_own = true;
    if (person == NULL || !find_case(lie, &scope) ||
        !sim_staff_key(lie->host, person->key, lie->seed))
        return false;
    *lie->op = (struct op){.kind = bytes_str("note"), .scope = scope, .time = 2};
    return op_add_parent(lie->op, &scope) == STATUS_OK &&
           op_add_authority(lie->op, &person->op) == STATUS_OK && write_text(lie);
}

static const struct {
    const char *what;
    bool (*make)(struct lie *lie);
    enum fate fate;
} lies[] = {
    {"a signature with a bit flipped", flip_a_bit, SET_APART},
    {"a signature with S + L", sign_twice, SET_APART},
    {"a logical time beyond its parents'", come_from_the_future, SET_APART},
    {"a parent in another scope", build_on_another_scope, SET_APART},
    {"an op of a case, from outside", write_into_a_case, SET_APART},
    {"an op by nobody's key", sign_as_nobody, NO_EFFECT},
    {"an op for a site that was not named", sign_for_a_site_that_was_not_named,
     NO_EFFECT},
    {"a permit by who was sent the record", permit_what_another_sent, NO_EFFECT},
    {"that it accepts what it did not open", accept_unopened, NO_EFFECT},
    {"a revoked key's op, dated back", write_revoked_as_of_before, NO_EFFECT},
};

#define LIES_LEN (sizeof(lies) / sizeof(lies[0]))

/* --- telling them --- */

static enum status tell(struct lie *lie, const struct rng *rng)
{
    enum status status = op_seal(lie->op, &lie->host->core->network, lie->seed, rng);
    if (lie->spoil != NULL)
        lie->spoil(lie->op);
    if (status != STATUS_OK)
        return status;
    return forge_tell(lie->host, lie->op, lie->is_own ? NULL : &lie->record.peer->site);
}

static uint64_t count_ops(const struct sim_host *host)
{
    uint64_t sum = 0;
    for (int tree = TREE_WAITING; tree <= TREE_SHARED; tree++) {
        uint64_t count = 0;
        enum status status =
            store_ops_count(host->config.store, (enum ledger_tree)tree, &count);
        sum += status == STATUS_OK ? count : 0;
    }
    return sum;
}

static void tell_one(struct lie *lie, size_t which, const struct rng *rng)
{
    struct sim_host *host = lie->host;
    if (!lies[which].make(lie))
        return;
    uint64_t before = count_ops(host);
    enum status status = tell(lie, rng);
    if (status != STATUS_OK)
        sim_fail(host->sim, "I14", "%s is told %s: %s", host->address, lies[which].what,
                 status_name(status));
    else if (count_ops(host) != before + (lies[which].fate == NO_EFFECT))
        sim_fail(host->sim, "I5", "%s is told %s, and %s it", host->address,
                 lies[which].what, lies[which].fate == NO_EFFECT ? "loses" : "keeps");
    else if (lies[which].fate == NO_EFFECT &&
             forge_has_effect(host, &lie->op->scope, &lie->op->id))
        sim_fail(host->sim, "I10", "%s is told %s, and it has effect", host->address,
                 lies[which].what);
}

void watch_lies_end(struct sim_host *host)
{
    struct lie lie = {.host = host};
    struct op *op = calloc(1, sizeof(*op));
    struct rng_keyed *dice = rng_keyed_new(LIES_SEED, (uint64_t)host->index);
    assert(op != NULL && dice != NULL);
    const struct rng rng = rng_keyed_rng(dice);
    if (!host->sim->options.is_twin && forge_record(host, &lie.record) &&
        core_begin(host->core) == STATUS_OK) {
        for (size_t i = 0; i < LIES_LEN; i++) {
            lie.op = op;
            lie.spoil = NULL;
            lie.is_own = false;
            buf_clear(&lie.text);
            tell_one(&lie, i, &rng);
        }
        if (core_commit(host->core) != STATUS_OK)
            sim_fail(host->sim, "I14", "%s cannot bear to be lied to", host->address);
    }
    buf_deinit(&lie.text);
    rng_keyed_free(dice);
    free(op);
}
