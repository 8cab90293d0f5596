#include "node/core/patrol.h"

#include <string.h>

#include "crypto/digest.h"
#include "node/core/refold.h"
#include "node/core/state.h"

static void add_text(void *context, const char *table, struct bytes text)
{
    (void)table; /* the text has its headings */
    digest_add(context, text.data, text.len);
}

/* CORRUPT: it cannot be read. */
static enum status stand_of(struct core *core, const struct id *scope,
                            uint8_t value[static DIGEST_SIZE])
{
    struct digest digest;
    digest_init(&digest, "fengqiao/1/patrol");
    enum status status = store_dump_scope(core->store, scope, add_text, &digest);
    digest_final(&digest, value);
    return status;
}

/* Nothing is changed by it. */
static enum status look(struct core *core, const struct id *scope, bool *is_as_it_should)
{
    uint8_t before[DIGEST_SIZE], after[DIGEST_SIZE];
    enum status status = store_begin(core->store);
    if (status != STATUS_OK)
        return status;
    core->store_status = STATUS_OK;
    status = stand_of(core, scope, before);
    if (status == STATUS_OK)
        status = refold_scope(core, scope);
    if (status == STATUS_OK)
        status = stand_of(core, scope, after);
    if (status == STATUS_OK)
        status = core->store_status; /* a charter could not be read */
    store_roll_back(core->store);
    *is_as_it_should = status == STATUS_OK && memcmp(before, after, sizeof(before)) == 0;
    return status;
}

/* A charter is left to doubt: here it stands for what is shared with its site. Nobody who
 * is never met would tell that its sum is another one. */
static enum status look_at_pair(struct core *core, const struct id *site,
                                bool *is_as_it_should)
{
    struct lattice kept, reckoned;
    uint64_t kept_len, len;
    enum status status = store_pair_lattice(core->store, site, &kept, &kept_len);
    if (status == STATUS_NOT_FOUND)
        return STATUS_OK; /* we do not reconcile with it */
    if (status == STATUS_OK)
        status = store_pair_reckon(core->store, site, &reckoned, &len);
    if (status == STATUS_OK)
        *is_as_it_should =
            kept_len == len && memcmp(kept.bytes, reckoned.bytes, LATTICE_SIZE) == 0;
    return status;
}

/* So that one who is started each day looks at all of it in the end. */
static enum status begin(struct core *core)
{
    struct patrol *patrol = &core->patrol;
    uint8_t drawn[8];
    uint64_t number = 0;
    int64_t last;
    enum status status = store_scope_last(core->store, &last);
    if (status != STATUS_OK)
        return status;
    rng_fill(&core->rng, "patrol", core->site.bytes, drawn, sizeof(drawn));
    for (size_t i = 0; i < sizeof(drawn); i++)
        number = number << 8 | drawn[i];
    patrol->number = (int64_t)(number % ((uint64_t)last + 1));
    patrol->has_begun = true;
    return STATUS_OK;
}

static enum status next_scope(struct core *core, struct id *scope, enum scope_kind *kind)
{
    struct patrol *patrol = &core->patrol;
    enum status status = store_scope_next(core->store, &patrol->number, scope, kind);
    if (status != STATUS_NOT_FOUND)
        return status;
    patrol->number = 0; /* from the beginning again */
    return store_scope_next(core->store, &patrol->number, scope, kind);
}

/* What an op that cannot be read would show no look mends: that reason is good again
 * after a while only, and ever later. */
static void call(struct core *core)
{
    struct patrol *patrol = &core->patrol;
    bool was_vain = patrol->has_called && core->doubt.was_vain;
    core_trace(core, "patrol found something");
    if (was_vain && core->now_ms - patrol->called_ms < patrol->pause_ms)
        return;
    if (!was_vain)
        patrol->pause_ms = PATROL_PAUSE_MS;
    else if (patrol->pause_ms < PATROL_PAUSE_MAX_MS)
        patrol->pause_ms *= 2;
    patrol->has_called = true;
    patrol->called_ms = core->now_ms;
    core->doubt.is_due = true;
}

enum status patrol_settle(struct core *core)
{
    struct patrol *patrol = &core->patrol;
    struct id scope;
    enum scope_kind kind;
    bool is_as_it_should = true;
    if (core->is_ending || core->now_ms - patrol->looked_ms < PATROL_PACE_MS)
        return STATUS_OK;
    patrol->looked_ms = core->now_ms;
    enum status status = patrol->has_begun ? STATUS_OK : begin(core);
    if (status == STATUS_OK)
        status = next_scope(core, &scope, &kind);
    if (status == STATUS_OK && (kind == SCOPE_CASE || kind == SCOPE_ESCALATION))
        status = look(core, &scope, &is_as_it_should);
    if (status == STATUS_OK && kind == SCOPE_CHARTER)
        status = look_at_pair(core, &scope, &is_as_it_should);
    /* NOT_FOUND: no scope is folded, and our own charter always is. */
    if (status != STATUS_OK && status != STATUS_CORRUPT && status != STATUS_NOT_FOUND)
        return status;
    if (status != STATUS_OK || !is_as_it_should)
        call(core);
    return STATUS_OK;
}
