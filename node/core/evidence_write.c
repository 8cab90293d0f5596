#include "node/core/evidence_write.h"

#include "node/cases/schema.h"
#include "node/core/purge.h"
#include "storage/store_snapshot.h"

struct writing {
    struct core *core;
    const struct evidence_what *what;
    const struct evidence_plan *plan;
    struct evidence_place *place;
    size_t size;
    struct buf *out;
    struct evidence_scope scope; /* that is written */
};

/* --- the head --- */

static void write_what(const struct writing *writing)
{
    static const char *const words[] = {"escalation", "case", "site", "period"};
    const struct evidence_what *what = writing->what;
    bool is_period = what->about == EVIDENCE_PERIOD;
    bool is_of_site = is_period || what->about == EVIDENCE_SITE;
    struct buf *out = writing->out;
    pack_array(out, is_period ? 4 : 2);
    pack_str(out, words[what->about]);
    pack_bin(out, is_of_site ? writing->core->site.bytes : what->scope.bytes, ID_SIZE);
    if (is_period) {
        pack_uint(out, what->from);
        pack_uint(out, what->to);
    }
}

static enum status write_head(struct writing *writing)
{
    struct evidence_place *place = writing->place;
    pack_array(writing->out, 4);
    pack_str(writing->out, "fengqiao-evidence");
    pack_uint(writing->out, 2);
    pack_str(writing->out, writing->core->network_name);
    write_what(writing);
    place->stage = EVIDENCE_LOGS;
    place->log =
        (struct evidence_log_place){.log = evidence_logs_first(&writing->plan->seals)};
    return buf_status(writing->out);
}

/* --- what a copy shows of an op --- */

/* A copy for an auditor says which files went up, and opens none; what is sealed for
 * stewards is for no auditor either. */
static uint32_t without_secrets(const struct op *op, uint32_t show)
{
    const struct schema_kind *kind = schema_kind(op->kind);
    for (uint32_t i = 0; kind != NULL && i < op->fields_len; i++) {
        const struct schema_field *field = schema_field(kind, op->fields[i].name);
        if (field != NULL &&
            (field->type == TYPE_SECRET || field->disclosure == CLASS_SEALED))
            show &= ~(1u << i);
    }
    return show;
}

static uint32_t shown(const struct writing *writing, const struct op *op)
{
    static const struct withheld all = {.classes = CLASS_ALL};
    const struct evidence_scope *scope = &writing->scope;
    if (scope->kind == SCOPE_CHARTER)
        return UINT32_MAX;
    bool has_none = scope->is_minor && writing->what->about != EVIDENCE_ESCALATION;
    uint32_t show = withheld_show(has_none ? &all : &writing->what->withheld, op);
    if (scope->is_recalled) /* what was recalled is given to nobody, in a file neither */
        show &= purge_keeps(writing->core, op, &scope->founder);
    return without_secrets(op, show);
}

static enum status write_less(struct writing *writing, struct op *op, const struct id *id,
                              uint32_t show)
{
    struct buf kept = {0};
    op_trust(op, id);
    enum status status = op_rebuild(op);
    if (status == STATUS_OK) {
        op_encode(op, show, &kept);
        pack_bin(writing->out, kept.data, kept.len);
        status = buf_status(&kept);
    }
    buf_deinit(&kept);
    return status;
}

static enum status write_op(struct writing *writing, const struct store_op *row)
{
    struct op op;
    if (row->bytes.len > OP_SIZE_MAX)
        return STATUS_TOO_LARGE;
    if (op_decode_bytes(&op, row->bytes, NULL) != STATUS_OK) /* what is in it? */
        return STATUS_CORRUPT;
    uint32_t show = shown(writing, &op);
    pack_array(writing->out, 2);
    pack_bin(writing->out, row->id.bytes, ID_SIZE);
    if (op_shows_more(&op, show))
        return write_less(writing, &op, &row->id, show);
    pack_bin(writing->out, row->bytes.data, row->bytes.len);
    return STATUS_OK;
}

/* --- records --- */

static enum status write_included(struct writing *writing, const struct store_op *row)
{
    enum ledger_tree tree = writing->scope.tree;
    struct evidence_sealed sealed;
    struct store_ledger_proof proof;
    if (!evidence_seals_find(&writing->plan->seals, tree, row->position, &sealed))
        return STATUS_OK;
    enum status status = store_ledger_inclusion(writing->core->store, tree, row->position,
                                                sealed.sizes[tree - 1], &proof);
    if (status != STATUS_OK)
        return status == STATUS_NOT_FOUND ? STATUS_CORRUPT : status;
    evidence_logs_include(writing->out, sealed.numbers[tree - 1], row->position, &proof);
    return STATUS_OK;
}

static enum status write_record(void *context, const struct store_op *row)
{
    struct writing *writing = context;
    struct evidence_place *place = writing->place;
    if (writing->out->len >= writing->size)
        return STATUS_MORE;
    enum status status = write_op(writing, row);
    if (status == STATUS_OK)
        status = write_included(writing, row);
    place->time = row->time;
    place->id = row->id;
    place->records++;
    return status == STATUS_OK ? buf_status(writing->out) : status;
}

/* All of it, or the rest. */
static enum status write_section(struct writing *writing)
{
    struct evidence_place *place = writing->place;
    const struct evidence_scope *scope = &writing->scope;
    if (!place->is_inside) {
        pack_array(writing->out, 3);
        pack_str(writing->out, "scope");
        pack_bin(writing->out, scope->id.bytes, ID_SIZE);
        pack_uint(writing->out, scope->records);
        place->scope = scope->id;
        place->is_inside = true;
        place->time = 0;
        place->id = (struct id){{0}};
    }
    enum status status = store_snapshot_ops(
        writing->core->store, &scope->id, writing->plan->sizes[scope->tree - 1],
        place->time, &place->id, write_record, writing);
    if (status == STATUS_OK)
        place->is_inside = false;
    return status;
}

/* --- sections --- */

static enum status next_charter(struct writing *writing)
{
    const struct id_list *charters = &writing->plan->charters;
    enum status status = STATUS_NOT_FOUND;
    for (uint32_t i = 0; status == STATUS_NOT_FOUND && i < charters->len; i++)
        if (id_compare(&charters->ids[i], &writing->place->scope) > 0)
            status = evidence_plan_get(writing->core, writing->what, writing->plan,
                                       &charters->ids[i], &writing->scope);
    return status;
}

/* The section that is not at its end, or the next one. NOT_FOUND: there is none. INVALID:
 * the file cannot be inside of that one. */
static enum status find_section(struct writing *writing)
{
    const struct evidence_place *place = writing->place;
    if (place->is_inside) {
        enum status status = evidence_plan_get(
            writing->core, writing->what, writing->plan, &place->scope, &writing->scope);
        bool is_charter = writing->scope.kind == SCOPE_CHARTER;
        if (status == STATUS_OK && is_charter != (place->stage == EVIDENCE_CHARTERS))
            status = STATUS_INVALID;
        return status == STATUS_NOT_FOUND ? STATUS_INVALID : status;
    }
    if (place->stage == EVIDENCE_CHARTERS)
        return next_charter(writing);
    return evidence_plan_next(writing->core, writing->what, writing->plan, &place->scope,
                              &writing->scope);
}

static void end_stage(struct writing *writing)
{
    struct evidence_place *place = writing->place;
    *place =
        (struct evidence_place){.stage = place->stage + 1, .records = place->records};
    if (place->stage != EVIDENCE_DONE)
        return;
    pack_array(writing->out, 2);
    pack_str(writing->out, "end");
    pack_uint(writing->out, place->records);
}

static enum status write_next(struct writing *writing)
{
    struct evidence_place *place = writing->place;
    enum status status = STATUS_OK;
    if (place->stage == EVIDENCE_HEAD)
        return write_head(writing);
    if (place->stage == EVIDENCE_LOGS) {
        status = evidence_logs_write(writing->core, &writing->plan->seals, &place->log,
                                     writing->size, writing->out);
        if (status == STATUS_OK)
            end_stage(writing);
        return status;
    }
    status = find_section(writing);
    if (status == STATUS_OK)
        return write_section(writing);
    if (status != STATUS_NOT_FOUND)
        return status;
    end_stage(writing);
    return STATUS_OK;
}

enum status evidence_write(struct core *core, const struct evidence_what *what,
                           const struct evidence_plan *plan, struct evidence_place *place,
                           size_t size, struct buf *out)
{
    struct writing writing = {.core = core,
                              .what = what,
                              .plan = plan,
                              .place = place,
                              .size = size,
                              .out = out};
    enum status status = STATUS_OK;
    while (status == STATUS_OK && place->stage != EVIDENCE_DONE && out->len < size)
        status = write_next(&writing);
    if (status == STATUS_MORE)
        status = STATUS_OK;
    return status == STATUS_OK ? buf_status(out) : status;
}
