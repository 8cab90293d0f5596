#include "node/core/quota.h"

enum status quota_begin(struct quota *quota, struct core *core, const struct id *site)
{
    *quota = (struct quota){.core = core, .site = site};
    return core_check(core, store_source_get(core->store, site, &quota->source));
}

struct owner {
    struct core *core;
    bool is_ours;
};

static enum status look_at_site(void *context, const struct store_scope *scope)
{
    struct owner *owner = context;
    owner->is_ours = id_equal(&scope->site, &owner->core->site);
    return STATUS_OK;
}

/* A charter, a record of our own with its answers, or a recall? */
static enum status must_come(struct core *core, const struct op *op, bool *must)
{
    enum scope_kind kind = 0;
    *must = op->is_founding && op_is_kind(op, "found");
    if (op->is_founding)
        return STATUS_OK;
    enum status status = store_scope_kind(core->store, &op->scope, &kind);
    if (status == STATUS_OK && kind == SCOPE_ESCALATION) {
        struct owner owner = {.core = core};
        status = store_scope_get(core->store, &op->scope, look_at_site, &owner);
        *must = owner.is_ours;
    }
    *must |= kind == SCOPE_CHARTER || op_is_kind(op, "recall");
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

static bool fits(const struct store_source *source, size_t size, uint64_t more_ops,
                 uint64_t more_bytes)
{
    return source->ops < source->ops_max + more_ops &&
           source->bytes + size <= source->bytes_max + more_bytes;
}

/* What another machine of our site holds is no guest's. */
static bool is_ours(const struct quota *quota)
{
    return id_equal(quota->site, &quota->core->site);
}

enum status quota_allows(struct quota *quota, const struct op *op, size_t size,
                         bool *allowed)
{
    struct store_place place;
    *allowed = is_ours(quota) || fits(&quota->source, size, 0, 0);
    if (*allowed)
        return STATUS_OK;
    enum status status = store_op_find(quota->core->store, &op->id, &place);
    *allowed = status == STATUS_OK;
    if (status != STATUS_NOT_FOUND)
        return core_check(quota->core, status);
    status = must_come(quota->core, op, allowed);
    *allowed =
        *allowed && fits(&quota->source, size, QUOTA_RESERVE_OPS, QUOTA_RESERVE_BYTES);
    if (status == STATUS_OK && !*allowed)
        quota->refused++;
    return core_check(quota->core, status);
}

void quota_took(struct quota *quota, size_t size, bool waits)
{
    quota->source.ops++;
    quota->source.bytes += size;
    if (waits)
        return;
    quota->ops++;
    quota->bytes += size;
}

enum status quota_end(struct quota *quota)
{
    if (is_ours(quota) || (quota->ops == 0 && quota->refused == 0))
        return STATUS_OK;
    return core_check(quota->core,
                      store_source_add(quota->core->store, quota->site, quota->ops,
                                       quota->bytes, quota->refused));
}
