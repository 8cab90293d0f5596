#include "storage/statement.h"

static enum status dump_table(struct store *store, enum statement table, struct buf *out)
{
    sqlite3_stmt *stmt = statement(store, table);
    buf_add(out, "# ", 2);
    const char *name = statement_name(table);
    struct bytes heading = bytes_str(name);
    buf_add(out, heading.data, heading.len);
    buf_add_u8(out, '\n');
    enum status status;
    while ((status = statement_row(store, stmt)) == STATUS_OK) {
        int columns = sqlite3_column_count(stmt);
        for (int column = 0; column < columns; column++) {
            struct bytes text = column_bytes(stmt, column);
            buf_add(out, text.data, text.len);
            buf_add_u8(out, column + 1 < columns ? ' ' : '\n');
        }
    }
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

enum status store_dump(struct store *store, struct buf *out)
{
    static const enum statement tables[] = {STMT_dump_scopes, STMT_dump_heads,
                                            STMT_dump_holders, STMT_dump_numbers};
    enum status status = STATUS_OK;
    for (size_t i = 0; status == STATUS_OK && i < sizeof(tables) / sizeof(tables[0]); i++)
        status = dump_table(store, tables[i], out);
    return status == STATUS_OK ? buf_status(out) : status;
}
