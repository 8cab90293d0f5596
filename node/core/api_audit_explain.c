/* audit.explain: the story of a record, step by step: who, when as it is claimed, in
 * which place of the ledger, and under which seal it stood there. Nothing of what was
 * said. */
#include <stdlib.h>
#include <string.h>

#include "node/cases/audit_story.h"
#include "node/cases/charter.h"
#include "node/cases/fold.h"
#include "node/core/api.h"
#include "node/core/audit_list.h"
#include "node/core/audit_scope.h"
#include "node/core/charters.h"
#include "node/core/scope_ops.h"
#include "node/core/seal_log.h"
#include "node/core/state.h"
#include "proto/seal.h"
#include "storage/store_seals.h"

#define STEPS_MAX 2000 /* of one answer */

/* A seal of the log that grows: how far it reaches into the shared tree. */
struct reach {
    uint64_t place, shared_size, wall;
};

struct explaining {
    struct core *core;
    const struct id *scope;
    struct scope_ops ops;
    struct fold_result folded;
    struct reach *reaches; /* in the order of their places */
    uint64_t reaches_len, reaches_max;
    int64_t log; /* below 0: there is none */
};

/* --- seals --- */

static enum status take_reach(void *context, const struct store_seal *row)
{
    struct explaining *explaining = context;
    struct seal seal;
    if (explaining->reaches_len == explaining->reaches_max)
        return STATUS_OK; /* never: it was counted */
    bool is_read = seal_read(&seal, row->leaf, NULL) == STATUS_OK;
    explaining->reaches[explaining->reaches_len++] =
        (struct reach){row->place, row->shared_size, is_read ? seal.wall : 0};
    return STATUS_OK;
}

static enum status read_seals(struct explaining *explaining)
{
    char origin[SEAL_ORIGIN_SIZE];
    struct store *store = explaining->core->store;
    enum status status = store_seal_log_last(store, &explaining->log, origin);
    if (status == STATUS_NOT_FOUND) {
        explaining->log = -1;
        return STATUS_OK;
    }
    if (status == STATUS_OK)
        status = store_seals_len(store, explaining->log, &explaining->reaches_max);
    if (status != STATUS_OK)
        return status;
    explaining->reaches =
        calloc(explaining->reaches_max + 1, sizeof(*explaining->reaches));
    if (explaining->reaches == NULL)
        return STATUS_NO_MEMORY;
    return store_seals(store, explaining->log, take_reach, explaining);
}

/* The first seal that has that position; NULL: none yet. */
static const struct reach *reach_of(const struct explaining *explaining,
                                    uint64_t position)
{
    uint64_t low = 0, high = explaining->reaches_len;
    while (low < high) {
        uint64_t middle = low + (high - low) / 2;
        if (explaining->reaches[middle].shared_size > position)
            high = middle;
        else
            low = middle + 1;
    }
    return low < explaining->reaches_len ? &explaining->reaches[low] : NULL;
}

struct cosigners {
    uint64_t place; /* of the seal */
    struct buf names;
    uint32_t len;
};

/* Who cosigned a log of that size has cosigned each seal in it. */
static enum status take_cosigner(void *context, struct bytes witness, uint64_t size,
                                 struct bytes note)
{
    struct cosigners *cosigners = context;
    (void)note;
    if (size <= cosigners->place)
        return STATUS_OK;
    pack_str_bytes(&cosigners->names, witness);
    cosigners->len++;
    return buf_status(&cosigners->names);
}

static enum status pack_seal(const struct explaining *explaining, uint64_t position,
                             struct buf *out)
{
    const struct reach *reach = reach_of(explaining, position);
    pack_str(out, "seal");
    if (reach == NULL) {
        pack_nil(out);
        return STATUS_OK;
    }
    struct cosigners cosigners = {.place = reach->place};
    enum status status = store_cosigned(explaining->core->store, explaining->log,
                                        take_cosigner, &cosigners);
    pack_map(out, 3);
    pack_str(out, "cosigned");
    pack_array(out, cosigners.len);
    buf_append(out, &cosigners.names);
    pack_str(out, "place");
    pack_uint(out, reach->place);
    pack_str(out, "wall");
    pack_uint(out, reach->wall);
    buf_deinit(&cosigners.names);
    return status;
}

/* --- steps --- */

static enum status pack_step(const struct explaining *explaining, const struct op *op,
                             struct buf *out)
{
    struct store_place place;
    struct core *core = explaining->core;
    enum effect effect = fold_effect_of(&explaining->folded, &op->id);
    enum status status = store_op_find(core->store, &op->id, &place);
    if (status != STATUS_OK)
        return status;
    pack_map(out, 11);
    audit_list_pack_author(core, op, out);
    pack_str(out, "kind");
    pack_str_bytes(out, op->kind);
    pack_str(out, "op");
    pack_bin(out, op->id.bytes, ID_SIZE);
    pack_str(out, "position");
    pack_uint(out, place.position);
    pack_str(out, "refused");
    pack_str(out, effect == EFFECT_YES ? "" : effect_name(effect));
    pack_str(out, "says");
    pack_str_bytes(out, audit_story_says(op->kind));
    status = pack_seal(explaining, place.position, out);
    pack_str(out, "wall");
    pack_uint(out, op->wall);
    pack_str(out, "zh_cn");
    pack_str_bytes(out, audit_story_says_zh(op->kind));
    return status;
}

static enum status pack_steps(const struct explaining *explaining, struct buf *out)
{
    enum status status = STATUS_OK;
    size_t len = explaining->ops.len < STEPS_MAX ? explaining->ops.len : STEPS_MAX;
    pack_str(out, "steps");
    pack_array(out, (uint32_t)len);
    for (size_t i = 0; status == STATUS_OK && i < len; i++)
        status = pack_step(explaining, explaining->ops.ops[i], out);
    pack_str(out, "steps_left_out");
    pack_uint(out, explaining->ops.len - len);
    return status;
}

/* --- the answer --- */

static enum status fold(struct explaining *explaining)
{
    const struct fold_input input = {.ops = explaining->ops.ops,
                                     .len = explaining->ops.len,
                                     .charter_of = charters_of_head,
                                     .context = explaining->core,
                                     .is_effects_only = true};
    return fold_scope(&input, &explaining->folded);
}

static enum status pack_all(struct explaining *explaining, struct buf *result)
{
    struct core *core = explaining->core;
    struct audit_list list = {.core = core};
    uint64_t ops_len;
    pack_map(result, 6);
    pack_str(result, "escalation");
    pack_bin(result, explaining->scope->bytes, ID_SIZE);
    enum status status =
        audit_scope_look(core, explaining->scope, SCOPE_ESCALATION, &list, &ops_len);
    enum status listed = audit_list_pack(&list, result);
    if (status == STATUS_OK)
        status = listed;
    return status == STATUS_OK ? pack_steps(explaining, result) : status;
}

enum status api_audit_explain(struct core *core, struct caller *caller,
                              const struct args *args, struct buf *result,
                              struct err *err)
{
    struct id scope;
    struct explaining explaining = {.core = core, .scope = &scope};
    enum status status = api_find_escalation(core, args, &scope, err);
    if (status != STATUS_OK)
        return status;
    status = scope_ops_load(&explaining.ops, core->store, &scope);
    if (status == STATUS_OK)
        status = fold(&explaining);
    if (status == STATUS_OK)
        status = read_seals(&explaining);
    if (status == STATUS_OK)
        status = pack_all(&explaining, result);
    free(explaining.reaches);
    fold_result_deinit(&explaining.folded);
    scope_ops_deinit(&explaining.ops);
    return core_check(core, status);
}
