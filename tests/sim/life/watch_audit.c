#include "tests/sim/life/watch_audit.h"

#include "node/cases/view.h"
#include "node/core/audit_scope.h"
#include "node/core/audit_seal.h"
#include "node/core/state.h"
#include "proto/pack.h"
#include "tests/sim/life/sim_dishonest.h"

static enum status is_task(void *context, const struct store_op *row)
{
    struct op op;
    *(bool *)context =
        op_decode_bytes(&op, row->bytes, NULL) == STATUS_OK && op_is_kind(&op, "assign");
    return STATUS_OK;
}

/* People here give tasks about records that they have not opened; that is found, too, and
 * what a dishonest steward did. Of twins the origin is an ideal commitment. */
static bool is_expected(struct sim_host *host, struct bytes finding)
{
    struct id op = {{0}};
    struct bytes word = {0};
    bool is_so = false;
    (void)view_map_text(finding, "word", &word); /* each has one, */
    (void)view_map_id(finding, "op", &op);       /* and most are about an op */
    if (sim_dishonest_is_found(host, word, &op)) {
        host->sim->dishonest->is_audited = true;
        return true;
    }
    if (host->sim->options.is_twin && view_map_has_text(finding, "word", "wrong-origin"))
        return true;
    return view_map_has_text(finding, "word", "not-opened") &&
           store_op_get(host->config.store, &op, is_task, &is_so) == STATUS_OK && is_so;
}

static void judge(struct sim_host *host, struct bytes rows)
{
    struct pack_reader reader = pack_reader_of(rows);
    struct bytes finding;
    while (reader.at < reader.end &&
           pack_value(&reader, 1, &finding, NULL) == STATUS_OK) {
        bool is_open = false;
        struct bytes word = {0};
        (void)view_map_flag(finding, "open", &is_open); /* each says */
        (void)view_map_text(finding, "word", &word);    /* the same */
        if (!is_open && !is_expected(host, finding))
            sim_fail(host->sim, "I6", "an audit of %s finds: %.*s", host->address,
                     (int)word.len, (const char *)word.data);
    }
}

static enum status look(struct sim_host *host, struct audit_list *list)
{
    struct store *store = host->config.store;
    struct id scope;
    enum scope_kind kind;
    int64_t number = 0;
    uint64_t len;
    enum status status = STATUS_OK;
    while (status == STATUS_OK &&
           (status = store_scope_next(store, &number, &scope, &kind)) == STATUS_OK)
        status = audit_scope_look(host->core, &scope, kind, list, &len);
    if (status != STATUS_NOT_FOUND)
        return status;
    /* Of twins the commitments to the private tree are ideal ones. */
    return host->sim->options.is_twin
               ? STATUS_OK
               : audit_seal_look(host->core, 0, UINT32_MAX, list, &len);
}

void watch_audit_end(struct sim_host *host)
{
    struct audit_list list = {.core = host->core};
    enum status status = look(host, &list);
    if (status == STATUS_OK)
        status = list.status;
    if (status != STATUS_OK)
        sim_fail(host->sim, "I6", "%s cannot be audited: %s", host->address,
                 status_name(status));
    judge(host, buf_bytes(&list.rows));
    buf_deinit(&list.rows);
}
