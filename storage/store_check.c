#include <stdio.h>
#include <stdlib.h>

#include "storage/statement.h"

struct check {
    struct op *op;
    void (*report)(void *, const char *);
    void *context;
    uint64_t findings;
    uint64_t counted[3], next[3]; /* of each tree: ops, highest position + 1 */
};

static void find(struct check *check, const char *what)
{
    check->findings++;
    check->report(check->context, what);
}

static void find_op(struct check *check, int64_t seq, const char *what)
{
    char text[128];
    (void)snprintf(text, sizeof(text), "op %lld: %s", (long long)seq, what);
    find(check, text);
}

static enum status check_op(struct check *check, const struct store_op *row)
{
    struct op *op = check->op;
    check->counted[row->tree]++;
    if (row->tree != TREE_WAITING && row->position + 1 > check->next[row->tree])
        check->next[row->tree] = row->position + 1;
    if (op_decode_bytes(op, row->bytes, NULL) != STATUS_OK) {
        find_op(check, row->seq, "its bytes are no op");
        return STATUS_OK;
    }
    enum status status = op_rebuild(op);
    if (status != STATUS_OK)
        return status;
    if (!id_equal(&op->id, &row->id))
        find_op(check, row->seq, "its bytes do not give its id");
    if (!id_equal(&op->scope, &row->scope))
        find_op(check, row->seq, "it stands in the wrong scope");
    if (op->time != row->time || op->wall != row->wall)
        find_op(check, row->seq, "it stands at the wrong time");
    return STATUS_OK;
}

static enum status check_ops(struct store *store, struct check *check)
{
    sqlite3_stmt *stmt = statement(store, STMT_check_ops);
    enum status status;
    while ((status = statement_row(store, stmt)) == STATUS_OK) {
        struct store_op row;
        status = op_of_row(stmt, &row);
        if (status == STATUS_OK)
            status = check_op(check, &row);
        if (status == STATUS_CORRUPT) {
            find(check, "a row of ops cannot be read");
            status = STATUS_OK;
        }
        if (status != STATUS_OK) {
            statement_end(store, stmt);
            return status;
        }
    }
    for (int tree = TREE_PRIVATE; tree <= TREE_SHARED; tree++)
        if (check->counted[tree] != check->next[tree])
            find(check, "the order of the ledger has gaps");
    return status;
}

static enum status check_integrity(struct store *store, struct check *check)
{
    sqlite3_stmt *stmt = statement(store, STMT_integrity);
    enum status status;
    while ((status = statement_row(store, stmt)) == STATUS_OK) {
        struct bytes line = column_bytes(stmt, 0);
        if (bytes_equal_str(line, "ok"))
            continue;
        char text[256];
        (void)snprintf(text, sizeof(text), "%.*s", line.len > 200 ? 200 : (int)line.len,
                       (const char *)line.data);
        find(check, text);
    }
    return status;
}

static enum status check_references(struct store *store, struct check *check)
{
    sqlite3_stmt *stmt = statement(store, STMT_foreign_keys);
    enum status status;
    while ((status = statement_row(store, stmt)) == STATUS_OK)
        find(check, "a row points to a scope that is not there");
    return status;
}

static enum status check_waits(struct store *store, struct check *check)
{
    sqlite3_stmt *stmt = statement(store, STMT_check_waits);
    enum status status = statement_row(store, stmt);
    if (status != STATUS_OK)
        return status;
    if (sqlite3_column_int64(stmt, 0) > 0)
        find(check, "an op that has its place in the ledger still waits");
    statement_end(store, stmt);
    return STATUS_OK;
}

static enum status check_loss(struct store *store, struct check *check)
{
    char text[LOSS_TEXT_SIZE];
    store_loss_text(&store->loss, text);
    if (store->loss.kind != LOSS_NONE)
        find(check, text);
    return STATUS_OK;
}

enum status store_check(struct store *store, void (*report)(void *, const char *),
                        void *context)
{
    static enum status (*const parts[])(struct store *, struct check *) = {
        check_loss, check_integrity, check_references, check_ops, check_waits};
    struct check check = {.report = report, .context = context};
    check.op = malloc(sizeof(*check.op));
    if (check.op == NULL)
        return STATUS_NO_MEMORY;
    enum status status = STATUS_OK;
    for (size_t i = 0; status == STATUS_OK && i < sizeof(parts) / sizeof(parts[0]); i++) {
        status = parts[i](store, &check);
        if (status == STATUS_NOT_FOUND)
            status = STATUS_OK;
        /* Damage may stop a part; the next ones may still find more. */
        if (status == STATUS_CORRUPT) {
            find(&check, "the file is damaged and cannot be read to the end");
            status = STATUS_OK;
        }
    }
    free(check.op);
    if (status != STATUS_OK)
        return status;
    return check.findings == 0 ? STATUS_OK : STATUS_CORRUPT;
}
