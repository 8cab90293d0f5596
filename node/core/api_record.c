/* What became of the records of a case. */
#include "node/cases/view.h"
#include "node/core/api.h"

struct records {
    struct core *core;
    struct buf list;
    uint32_t len;
    enum status status;
};

/* nil where it did not go up because of danger. */
static void pack_danger(struct buf *out, struct bytes view)
{
    struct bytes danger = {0};
    (void)view_map_get(view, "danger", &danger); /* each view has it */
    pack_str(out, "danger");
    buf_add(out, danger.data, danger.len);
}

static bool add_record(void *context, struct bytes element)
{
    struct records *records = context;
    struct buf view = {0};
    struct id scope;
    if (!view_id(element, &scope)) /* never: the fold wrote it */
        return true;
    records->status = api_view(records->core, &scope, &view);
    if (records->status == STATUS_OK) {
        struct buf *out = &records->list;
        records->len++;
        pack_map(out, 4);
        pack_danger(out, buf_bytes(&view));
        pack_str(out, "escalation");
        pack_bin(out, scope.bytes, ID_SIZE);
        records->status = api_pack_handed(records->core, &scope, buf_bytes(&view), out);
        pack_str(out, "state");
        pack_str_bytes(out, view_state(buf_bytes(&view)));
    }
    buf_deinit(&view);
    if (records->status == STATUS_NOT_FOUND)
        records->status = STATUS_OK; /* a disk lost it, and the case did not */
    return records->status == STATUS_OK;
}

enum status api_pack_records(struct core *core, struct bytes view, struct buf *result)
{
    struct records records = {.core = core};
    view_map_each(view, "sent", add_record, &records);
    pack_array(result, records.len);
    buf_append(result, &records.list);
    buf_deinit(&records.list);
    return records.status;
}
