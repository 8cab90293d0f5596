#include "node/core/author.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/digest.h"
#include "crypto/key.h"
#include "node/cases/charter.h"
#include "node/cases/fold.h"
#include "node/cases/schema.h"
#include "node/core/admit.h"
#include "node/core/charters.h"
#include "node/core/scope_ops.h"
#include "node/core/state.h"

void draft_init(struct draft *draft, const char *kind, const struct id *scope)
{
    *draft = (struct draft){.kind = kind, .scope = scope};
}

void draft_deinit(struct draft *draft)
{
    buf_deinit(&draft->memory);
}

static void close_field(struct draft *draft, const char *name, size_t at)
{
    assert(draft->fields_len < OP_FIELDS_MAX);
    draft->fields[draft->fields_len++] =
        (struct draft_field){name, at, draft->memory.len - at};
}

void draft_raw(struct draft *draft, const char *name, struct bytes value)
{
    size_t at = draft->memory.len;
    buf_add(&draft->memory, value.data, value.len);
    close_field(draft, name, at);
}

void draft_text(struct draft *draft, const char *name, struct bytes text)
{
    size_t at = draft->memory.len;
    pack_str_bytes(&draft->memory, text);
    close_field(draft, name, at);
}

void draft_text_optional(struct draft *draft, const char *name, struct bytes text)
{
    if (text.len > 0)
        draft_text(draft, name, text);
}

void draft_uint(struct draft *draft, const char *name, uint64_t value)
{
    size_t at = draft->memory.len;
    pack_uint(&draft->memory, value);
    close_field(draft, name, at);
}

void draft_flag(struct draft *draft, const char *name, bool value)
{
    size_t at = draft->memory.len;
    pack_bool(&draft->memory, value);
    close_field(draft, name, at);
}

void draft_bin(struct draft *draft, const char *name, const void *data, size_t len)
{
    size_t at = draft->memory.len;
    pack_bin(&draft->memory, data, len);
    close_field(draft, name, at);
}

void draft_ids(struct draft *draft, const char *name, const struct id *ids, uint32_t len)
{
    size_t at = draft->memory.len;
    pack_array(&draft->memory, len);
    for (uint32_t i = 0; i < len; i++)
        pack_bin(&draft->memory, ids[i].bytes, ID_SIZE);
    close_field(draft, name, at);
}

/* Heads among the ops of a scope: those that no other has as a parent. More than fit are
 * left out, the oldest first; the next op takes them up. */
static enum status add_heads(struct op *op, const struct scope_ops *ops)
{
    for (size_t i = ops->len; i > 0 && op->parents_len < OP_PARENTS_MAX; i--) {
        const struct id *candidate = &ops->ops[i - 1]->id;
        bool is_head = true;
        for (size_t j = i; j < ops->len && is_head; j++)
            for (uint32_t k = 0; k < ops->ops[j]->parents_len && is_head; k++)
                is_head = !id_equal(&ops->ops[j]->parents[k], candidate);
        if (!is_head)
            continue;
        enum status status = op_add_parent(op, candidate);
        if (status != STATUS_OK) /* never: there is room, and each head comes once */
            return status;
        if (ops->ops[i - 1]->time >= op->time)
            op->time = ops->ops[i - 1]->time + 1;
    }
    return STATUS_OK;
}

static enum status add_authority(struct core *core, struct op *op,
                                 const struct draft *draft)
{
    bool is_charter = draft->scope != NULL && id_equal(draft->scope, &core->site);
    if (is_charter) {
        if (op->parents_len > OP_AUTHORITY_MAX)
            op->parents_len = OP_AUTHORITY_MAX;
        for (uint32_t i = 0; i < op->parents_len; i++)
            if (op_add_authority(op, &op->parents[i]) != STATUS_OK) /* never: room */
                return STATUS_TOO_LARGE;
        return STATUS_OK;
    }
    struct charter *charter = charters_of_site(core, &core->site);
    if (charter == NULL)
        return op_is_kind(op, "found") ? STATUS_OK : STATUS_CORRUPT;
    size_t len;
    const struct id *heads = charter_heads(charter, &len);
    for (size_t i = 0; i < len && i < OP_AUTHORITY_MAX; i++)
        if (op_add_authority(op, &heads[i]) != STATUS_OK) /* never: there is room */
            return STATUS_TOO_LARGE;
    return STATUS_OK;
}

/* The last step before an op exists: what would the fold say of it? */
static enum status judge(struct core *core, const struct scope_ops *ops,
                         const struct op *op, enum effect *effect)
{
    const struct op **all = malloc((ops->len + 1) * sizeof(*all));
    if (all == NULL)
        return STATUS_NO_MEMORY;
    if (ops->len > 0)
        memcpy(all, ops->ops, ops->len * sizeof(*all));
    all[ops->len] = op;
    enum status status;
    if (op_is_kind(all[0], "found")) {
        struct charter *charter;
        status = charter_new(all, ops->len + 1, &charter);
        if (status == STATUS_OK) {
            *effect = charter_effect(charter, &op->id);
            charter_free(charter);
        }
    } else {
        struct fold_input input = {.ops = all,
                                   .len = ops->len + 1,
                                   .charter_of = charters_of_head,
                                   .context = core,
                                   .is_effects_only = true};
        struct fold_result result;
        status = fold_scope(&input, &result);
        if (status == STATUS_OK) {
            *effect = fold_effect_of(&result, &op->id);
            fold_result_deinit(&result);
        }
    }
    free(all);
    return status;
}

static enum status refuse(enum effect effect, const struct op *op, struct err *err)
{
    static const enum effect denied[] = {
        EFFECT_NO_RIGHT,      EFFECT_REVOKED,  EFFECT_NO_HOLDER,   EFFECT_NOT_OPENED,
        EFFECT_NOT_PERMITTED, EFFECT_TOO_WIDE, EFFECT_NO_GUARDIAN, EFFECT_NOT_RELEASED,
        EFFECT_UNPROVEN,      EFFECT_RECALLED, EFFECT_NO_DANGER,   EFFECT_KEPT};
    enum status status = STATUS_INVALID;
    for (size_t i = 0; i < sizeof(denied) / sizeof(denied[0]); i++)
        if (effect == denied[i])
            status = STATUS_DENIED;
    return err_set(err, status, "not done (%.*s): %s", (int)op->kind.len,
                   (const char *)op->kind.data, effect_text(effect));
}

/* A value that only some holders see decides nothing: one that does not fit reads as
 * withheld. We sign none. */
static bool is_readable(const struct op *op)
{
    const struct schema_kind *kind = schema_kind(op->kind);
    for (uint32_t i = 0; i < op->fields_len; i++)
        if (!schema_value_fits(schema_field(kind, op->fields[i].name),
                               op->fields[i].value))
            return false;
    return true;
}

static enum status compose(struct core *core, const struct draft *draft, struct op *op,
                           const struct scope_ops *ops)
{
    op->kind = bytes_str(draft->kind);
    op->is_founding = draft->scope == NULL;
    op->time = 1;
    op->wall = core->wall;
    op->quality = core->quality;
    if (draft->scope != NULL)
        op->scope = *draft->scope;
    enum status status = buf_status(&draft->memory);
    if (status == STATUS_OK)
        status = add_heads(op, ops);
    if (status == STATUS_OK)
        status = add_authority(core, op, draft);
    for (uint32_t i = 0; status == STATUS_OK && i < draft->fields_len; i++) {
        const struct draft_field *field = &draft->fields[i];
        status = op_add_field(op, field->name,
                              bytes_of(draft->memory.data + field->at, field->len));
    }
    return status;
}

/* A founding op has no scope yet to draw its secret for. Its kind says which draws it is
 * among, so that a case that is founded moves no draw of an escalation: under keyed
 * randomness nothing that leaves may hang on what stays. */
struct founding_rng {
    const struct rng *rng;
    uint8_t scope[ID_SIZE];
};

static void fill_for_kind(void *context, const char *purpose, const uint8_t *scope,
                          uint8_t *out, size_t len)
{
    const struct founding_rng *founding = context;
    rng_fill(founding->rng, purpose, scope == NULL ? founding->scope : scope, out, len);
}

static enum status seal(struct core *core, struct op *op, const struct sign_pair *pair)
{
    struct founding_rng founding = {.rng = &core->rng};
    digest_of(founding.scope, "fengqiao/1/founding", op->kind.data, op->kind.len);
    struct rng rng = {.fill = fill_for_kind, .context = &founding};
    return op_seal_with(op, &core->network, pair, &rng);
}

/* Into the graph, and behind the others of its scope. */
static enum status admit(struct core *core, const struct op *op, struct scope_ops *ops,
                         struct err *err)
{
    struct buf bytes = {0};
    struct store_place place;
    op_encode(op, ~0u, &bytes);
    enum status status = core_check(core, buf_status(&bytes));
    if (status == STATUS_OK)
        status = admit_op(core, op, buf_bytes(&bytes), NULL, err);
    if (status == STATUS_OK)
        status = core_check(core, store_op_find(core->store, &op->id, &place));
    if (status == STATUS_OK)
        status =
            core_check(core, scope_ops_push(ops, &op->id, place.seq, buf_bytes(&bytes)));
    buf_deinit(&bytes);
    return status;
}

enum status author_write_onto(struct core *core, const struct draft *draft,
                              const struct sign_pair *pair, struct scope_ops *ops,
                              struct id *id, struct err *err)
{
    struct op *op = calloc(1, sizeof(*op));
    if (op == NULL)
        return core_check(core, STATUS_NO_MEMORY);
    enum status status = compose(core, draft, op, ops);
    if (status == STATUS_OK)
        status = seal(core, op, pair);
    enum effect effect = EFFECT_YES;
    if (status == STATUS_OK)
        status = judge(core, ops, op, &effect);
    if (status == STATUS_OK && effect == EFFECT_YES && !is_readable(op))
        effect = EFFECT_BAD_FIELD;
    if (status == STATUS_OK && effect != EFFECT_YES && effect != EFFECT_PENDING)
        status = refuse(effect, op, err);
    if (status == STATUS_OK)
        status = admit(core, op, ops, err);
    if (status == STATUS_OK && id != NULL)
        *id = op->id;
    free(op);
    return status;
}

enum status author_write(struct core *core, const struct draft *draft,
                         const struct sign_pair *pair, struct id *id, struct err *err)
{
    struct scope_ops ops = {0};
    enum status status = STATUS_OK;
    if (draft->scope != NULL) {
        status = core_check(core, scope_ops_load(&ops, core->store, draft->scope));
        if (status == STATUS_OK && ops.len == 0) /* never: who writes has found it */
            status = err_set(err, STATUS_NOT_FOUND, "there is no such record here");
    }
    if (status == STATUS_OK)
        status = author_write_onto(core, draft, pair, &ops, id, err);
    scope_ops_deinit(&ops);
    return status;
}
