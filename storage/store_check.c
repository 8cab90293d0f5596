#include <stdio.h>
#include <stdlib.h>

#include "storage/statement.h"

struct check {
    struct op *op;
    void (*report)(void *, const char *);
    void *context;
    uint64_t findings;
    uint64_t counted[3];
    uint64_t position_max[3];
};

static void find(struct check *check, int64_t seq, const char *what)
{
    char text[128];
    (void)snprintf(text, sizeof(text), "op %lld: %s", (long long)seq, what);
    check->findings++;
    check->report(check->context, text);
}

static enum status check_op(void *context, const struct store_op *row)
{
    struct check *check = context;
    if (op_decode_bytes(check->op, row->bytes, NULL) != STATUS_OK) {
        find(check, row->seq, "its bytes are no op");
        return STATUS_OK;
    }
    if (op_rebuild(check->op) != STATUS_OK)
        return STATUS_NO_MEMORY;
    if (!id_equal(&check->op->id, &row->id))
        find(check, row->seq, "its bytes do not give its id");
    if (!id_equal(&check->op->scope, &row->scope))
        find(check, row->seq, "it stands in the wrong scope");
    check->counted[row->tree]++;
    if (row->tree != TREE_WAITING && row->position + 1 > check->position_max[row->tree])
        check->position_max[row->tree] = row->position + 1;
    return STATUS_OK;
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
        check->findings++;
        check->report(check->context, text);
    }
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

enum status store_check(struct store *store, void (*report)(void *, const char *),
                        void *context)
{
    struct check check = {.report = report, .context = context};
    check.op = malloc(sizeof(*check.op));
    if (check.op == NULL)
        return STATUS_NO_MEMORY;
    enum status status = check_integrity(store, &check);
    if (status == STATUS_OK)
        status = store_ops_all(store, 1, check_op, &check);
    for (int tree = TREE_PRIVATE; tree <= TREE_SHARED; tree++) {
        if (status != STATUS_OK || check.counted[tree] == check.position_max[tree])
            continue;
        check.findings++;
        report(context, "the ledger order has gaps");
    }
    free(check.op);
    if (status != STATUS_OK)
        return status;
    return check.findings == 0 ? STATUS_OK : STATUS_CORRUPT;
}

enum status store_dump(struct store *store, struct buf *out)
{
    static const enum statement tables[] = {STMT_dump_scopes, STMT_dump_heads,
                                            STMT_dump_holders, STMT_dump_numbers};
    for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++) {
        sqlite3_stmt *stmt = statement(store, tables[i]);
        enum status status;
        while ((status = statement_row(store, stmt)) == STATUS_OK) {
            int columns = sqlite3_column_count(stmt);
            for (int column = 0; column < columns; column++) {
                struct bytes text = column_bytes(stmt, column);
                buf_add(out, text.data, text.len);
                buf_add_u8(out, column + 1 < columns ? ' ' : '\n');
            }
        }
        if (status != STATUS_NOT_FOUND)
            return status;
    }
    return buf_status(out);
}
