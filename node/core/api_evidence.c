/* Evidence (docs/PROTOCOL.md §10): the ops of one escalation, and the charters that its
 * authors' rights rest upon, up to the trust root. */
#include "node/cases/charter.h"
#include "node/cases/view.h"
#include "node/core/api.h"
#include "node/core/charters.h"
#include "node/core/purge.h"
#include "node/core/withheld.h"

#define EVIDENCE_MAX (CONTROL_MESSAGE_MAX - 65536)

struct evidence {
    struct core *core;
    struct buf *out;
    struct buf records; /* of the section that is written */
    uint64_t records_len;
    uint64_t ops;
    struct id_list sites;
    /* Of the record that it is about, not of charters: */
    bool is_record;
    const struct id *recalled; /* by whom, or NULL */
    struct withheld withheld;
};

/* A copy for an auditor says which files went up, and opens none. */
static uint32_t without_key(const struct op *op, uint32_t show)
{
    const struct op_field *key = op_field(op, "key");
    return key == NULL ? show : show & ~(1u << (key - op->fields));
}

/* Are there ops that are not given as they are here? */
static bool leaves_out(const struct evidence *evidence, const struct op *op)
{
    return evidence->is_record &&
           (evidence->recalled != NULL || op_is_kind(op, "attached") ||
            !withheld_is_empty(&evidence->withheld));
}

/* What was recalled is given to nobody, in a file neither. */
static enum status add_kept(struct evidence *evidence, struct op *op, const struct id *id)
{
    struct buf kept = {0};
    op_trust(op, id);
    enum status status = op_rebuild(op);
    if (status == STATUS_OK) {
        uint32_t keeps = withheld_show(&evidence->withheld, op);
        if (evidence->recalled != NULL)
            keeps &= purge_keeps(evidence->core, op, evidence->recalled);
        op_encode(op, op_is_kind(op, "attached") ? without_key(op, keeps) : keeps, &kept);
        pack_bin(&evidence->records, kept.data, kept.len);
        status = buf_status(&kept);
    }
    buf_deinit(&kept);
    return status;
}

static enum status add_op(void *context, const struct store_op *row)
{
    struct evidence *evidence = context;
    struct op op;
    if (evidence->out->len + evidence->records.len + row->bytes.len > EVIDENCE_MAX)
        return STATUS_TOO_LARGE;
    if (op_decode_bytes(&op, row->bytes, NULL) != STATUS_OK) /* what is in it? */
        return STATUS_CORRUPT;
    pack_array(&evidence->records, 2);
    pack_bin(&evidence->records, row->id.bytes, ID_SIZE);
    enum status status = STATUS_OK;
    if (leaves_out(evidence, &op))
        status = add_kept(evidence, &op, &row->id);
    else
        pack_bin(&evidence->records, row->bytes.data, row->bytes.len);
    if (status != STATUS_OK)
        return status;
    evidence->records_len++;
    return STATUS_OK;
}

/* All that is here of one scope. */
static enum status add_section(struct evidence *evidence, const struct id *scope)
{
    struct store *store = evidence->core->store;
    buf_clear(&evidence->records);
    evidence->records_len = 0;
    enum status status = store_ops_of_scope(store, scope, add_op, evidence);
    if (status != STATUS_OK)
        return status;
    pack_array(evidence->out, 3);
    pack_str(evidence->out, "scope");
    pack_bin(evidence->out, scope->bytes, ID_SIZE);
    pack_uint(evidence->out, evidence->records_len);
    buf_append(evidence->out, &evidence->records);
    evidence->ops += evidence->records_len;
    return STATUS_OK;
}

static bool add_holder(void *context, struct bytes element)
{
    struct evidence *evidence = context;
    struct id at;
    if (!view_id(element, &at)) /* never: the fold wrote it */
        return true;
    for (int i = 0; i < CHARTER_CHAIN_MAX; i++) {
        struct charter *charter = charters_of_site(evidence->core, &at);
        if (charter == NULL)
            return true;
        id_list_push(&evidence->sites, &at);
        const struct id *parent = charter_parent(charter);
        if (parent == NULL)
            return true;
        at = *parent;
    }
    return true;
}

static enum status write_evidence(struct core *core, const struct id *scope,
                                  struct bytes view, struct evidence *evidence)
{
    pack_array(evidence->out, 4);
    pack_str(evidence->out, "fengqiao-evidence");
    pack_uint(evidence->out, 2);
    pack_str(evidence->out, core->network_name);
    pack_array(evidence->out, 2);
    pack_str(evidence->out, "escalation");
    pack_bin(evidence->out, scope->bytes, ID_SIZE);
    view_map_each(view, "held", add_holder, evidence);
    id_list_sort(&evidence->sites);
    enum status status = evidence->sites.failed ? STATUS_NO_MEMORY : STATUS_OK;
    for (uint32_t i = 0; status == STATUS_OK && i < evidence->sites.len; i++)
        status = add_section(evidence, &evidence->sites.ids[i]);
    struct id founder = {{0}};
    bool is_recalled = false;
    (void)view_map_flag(view, "recalled", &is_recalled); /* each view has it, */
    (void)view_site(view, &founder);                     /* and this */
    if (is_recalled)
        evidence->recalled = &founder;
    evidence->is_record = true;
    if (status == STATUS_OK)
        status = add_section(evidence, scope);
    evidence->recalled = NULL;
    pack_array(evidence->out, 2);
    pack_str(evidence->out, "end");
    pack_uint(evidence->out, evidence->ops);
    return status == STATUS_OK ? buf_status(evidence->out) : status;
}

enum status api_evidence(struct core *core, struct caller *caller,
                         const struct args *args, struct buf *result, struct err *err)
{
    struct id scope;
    struct buf view = {0}, file = {0};
    struct evidence evidence = {.core = core, .out = &file};
    enum status status = withheld_read(&evidence.withheld, args, err);
    if (status == STATUS_OK)
        status = api_find_escalation(core, args, &scope, err);
    if (status == STATUS_OK)
        status = api_view(core, &scope, &view);
    if (status == STATUS_OK)
        status = write_evidence(core, &scope, buf_bytes(&view), &evidence);
    if (status == STATUS_TOO_LARGE)
        (void)err_set(err, status, "the evidence is larger than %u bytes", EVIDENCE_MAX);
    if (status == STATUS_OK) {
        pack_map(result, 2);
        pack_str(result, "bytes");
        pack_bin(result, file.data, file.len);
        pack_str(result, "ops");
        pack_uint(result, evidence.ops);
    }
    id_list_deinit(&evidence.sites);
    buf_deinit(&evidence.records);
    buf_deinit(&view);
    buf_deinit(&file);
    return status;
}
