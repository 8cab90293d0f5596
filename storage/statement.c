#include "storage/statement.h"

#include <assert.h>
#include <string.h>

static const struct {
    const char *name;
    const char *text;
} texts[] = {
#define STATEMENT_TEXT(name, text) {#name, text},
    STATEMENT_LIST(STATEMENT_TEXT)
#undef STATEMENT_TEXT
};

const char *statement_name(enum statement number)
{
    return texts[number].name;
}

const char *statement_text(enum statement number)
{
    return texts[number].text;
}

enum status statements_prepare(struct store *store, struct err *err)
{
    for (int i = 0; i < STATEMENTS_LEN; i++) {
        int rc =
            sqlite3_prepare_v3(store->db, texts[i].text, -1, SQLITE_PREPARE_PERSISTENT,
                               &store->statements[i], NULL);
        if (rc != SQLITE_OK)
            return err_set(err, STATUS_CORRUPT, "statement %s: %s", texts[i].name,
                           sqlite3_errmsg(store->db));
    }
    return STATUS_OK;
}

void statements_finalize(struct store *store)
{
    for (int i = 0; i < STATEMENTS_LEN; i++) {
        sqlite3_finalize(store->statements[i]);
        store->statements[i] = NULL;
    }
}

sqlite3_stmt *statement(struct store *store, enum statement number)
{
    sqlite3_stmt *stmt = store->statements[number];
    statement_reset(stmt);
    return stmt;
}

void statement_reset(sqlite3_stmt *stmt)
{
    (void)sqlite3_reset(stmt); /* repeats the error that step has already given */
    (void)sqlite3_clear_bindings(stmt);
}

void bind_blob(sqlite3_stmt *stmt, int index, struct bytes bytes)
{
    int rc = bytes.len == 0
                 ? sqlite3_bind_zeroblob(stmt, index, 0)
                 : sqlite3_bind_blob64(stmt, index, bytes.data, bytes.len, SQLITE_STATIC);
    assert(rc == SQLITE_OK || rc == SQLITE_NOMEM);
}

void bind_id(sqlite3_stmt *stmt, int index, const struct id *id)
{
    bind_blob(stmt, index, bytes_of(id->bytes, ID_SIZE));
}

void bind_text(sqlite3_stmt *stmt, int index, struct bytes text)
{
    int rc = sqlite3_bind_text64(stmt, index, text.len > 0 ? (const char *)text.data : "",
                                 text.len, SQLITE_STATIC, SQLITE_UTF8);
    assert(rc == SQLITE_OK || rc == SQLITE_NOMEM);
}

void bind_number(sqlite3_stmt *stmt, int index, int64_t number)
{
    int rc = sqlite3_bind_int64(stmt, index, number);
    assert(rc == SQLITE_OK || rc == SQLITE_NOMEM);
}

struct bytes column_bytes(sqlite3_stmt *stmt, int column)
{
    const void *data = sqlite3_column_blob(stmt, column);
    return bytes_of(data, (size_t)sqlite3_column_bytes(stmt, column));
}

bool column_id(sqlite3_stmt *stmt, int column, struct id *id)
{
    struct bytes bytes = column_bytes(stmt, column);
    if (bytes.len != ID_SIZE)
        return false;
    memcpy(id->bytes, bytes.data, ID_SIZE);
    return true;
}

enum status statement_status(struct store *store, int rc)
{
    switch (rc & 0xff) {
    case SQLITE_OK:
    case SQLITE_DONE:
    case SQLITE_ROW:
        return STATUS_OK;
    case SQLITE_CONSTRAINT:
        return STATUS_EXISTS;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return STATUS_BUSY;
    default:
        break;
    }
    store->is_broken = true;
    switch (rc & 0xff) {
    case SQLITE_FULL:
        return STATUS_FULL;
    case SQLITE_NOMEM:
        return STATUS_NO_MEMORY;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return STATUS_CORRUPT;
    default:
        return STATUS_IO;
    }
}

enum status statement_run(struct store *store, sqlite3_stmt *stmt)
{
    enum status status = STATUS_OK;
    if (store->is_broken && !sqlite3_stmt_readonly(stmt))
        status = STATUS_IO;
    else
        status = statement_status(store, sqlite3_step(stmt));
    statement_reset(stmt);
    return status;
}

enum status statement_row(struct store *store, sqlite3_stmt *stmt)
{
    int rc = sqlite3_step(stmt);
    if (rc == SQLITE_ROW)
        return STATUS_OK;
    enum status status = statement_status(store, rc);
    statement_reset(stmt);
    return status == STATUS_OK ? STATUS_NOT_FOUND : status;
}
