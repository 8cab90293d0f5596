#include "storage/statement.h"

#include <assert.h>
#include <string.h>

static const struct {
    const char *name;
    const char *text;
    const char *scan;
} texts[] = {
#define STATEMENT_TEXT(name, text, scan) {#name, text, scan},
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

const char *statement_scan(enum statement number)
{
    return texts[number].scan;
}

static enum status fault_of(int rc)
{
    if (rc == SQLITE_IOERR_NOMEM)
        return STATUS_NO_MEMORY;
    if (rc == SQLITE_IOERR_CORRUPTFS || rc == SQLITE_IOERR_DATA)
        return STATUS_CORRUPT;
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

/* A walk that our own rollback has ended names the fault that came first. */
static enum status keep_fault(struct store *store, int rc)
{
    enum status fault = fault_of(rc);
    if (store->fault == STATUS_OK)
        store->fault = fault;
    return store->fault;
}

/* NULL: the caller hears why from statement_run or statement_row. */
static sqlite3_stmt *prepare(struct store *store, enum statement number, unsigned flags)
{
    sqlite3_stmt *stmt = NULL;
    int rc = sqlite3_prepare_v3(store->db, texts[number].text, -1, flags, &stmt, NULL);
    /* The text is right: the tables are not as they should be. */
    if ((rc & 0xff) == SQLITE_ERROR)
        rc = SQLITE_CORRUPT;
    if (stmt == NULL)
        (void)keep_fault(store, rc);
    return stmt;
}

static sqlite3_stmt *kept(struct store *store, enum statement number)
{
    sqlite3_stmt **stmt = &store->statements[number];
    if (*stmt == NULL)
        *stmt = prepare(store, number, SQLITE_PREPARE_PERSISTENT);
    return *stmt;
}

enum status statements_prepare(struct store *store)
{
    static const enum statement frame[] = {STMT_begin, STMT_commit, STMT_roll_back};
    for (size_t i = 0; i < sizeof(frame) / sizeof(frame[0]); i++)
        if (kept(store, frame[i]) == NULL)
            return store->fault;
    return STATUS_OK;
}

void statements_finalize(struct store *store)
{
    for (int i = 0; i < STATEMENTS_LEN; i++) {
        sqlite3_finalize(store->statements[i]);
        store->statements[i] = NULL;
    }
}

static sqlite3_stmt *nested(struct store *store, enum statement number)
{
    int i = 0;
    while (store->nested[i] != NULL) {
        i++;
        assert(i < STATEMENTS_NESTED_MAX); /* walks nested deeper than that */
    }
    store->nested[i] = prepare(store, number, 0);
    return store->nested[i];
}

sqlite3_stmt *statement(struct store *store, enum statement number)
{
    sqlite3_stmt *stmt = kept(store, number);
    return sqlite3_stmt_busy(stmt) ? nested(store, number) : stmt;
}

void statement_end(struct store *store, sqlite3_stmt *stmt)
{
    if (stmt == NULL)
        return;
    for (int i = 0; i < STATEMENTS_NESTED_MAX; i++) {
        if (store->nested[i] != stmt)
            continue;
        store->nested[i] = NULL;
        (void)sqlite3_finalize(stmt); /* repeats the error that step has already given */
        return;
    }
    (void)sqlite3_reset(stmt);          /* the same */
    (void)sqlite3_clear_bindings(stmt); /* has no failure */
}

/* Out of memory is the only failure that binding has; the step then says it: a NULL
 * stands where NOT NULL is asked for, or nothing is found. */
static void check_bound(sqlite3_stmt *stmt, int rc)
{
    assert(rc == SQLITE_OK || rc == SQLITE_NOMEM || stmt == NULL);
}

void bind_blob(sqlite3_stmt *stmt, int index, struct bytes bytes)
{
    int rc = bytes.len == 0
                 ? sqlite3_bind_zeroblob(stmt, index, 0)
                 : sqlite3_bind_blob64(stmt, index, bytes.data, bytes.len, SQLITE_STATIC);
    check_bound(stmt, rc);
}

void bind_id(sqlite3_stmt *stmt, int index, const struct id *id)
{
    bind_blob(stmt, index, bytes_of(id->bytes, ID_SIZE));
}

void bind_text(sqlite3_stmt *stmt, int index, struct bytes text)
{
    int rc = sqlite3_bind_text64(stmt, index, text.len > 0 ? (const char *)text.data : "",
                                 text.len, SQLITE_STATIC, SQLITE_UTF8);
    check_bound(stmt, rc);
}

void bind_number(sqlite3_stmt *stmt, int index, int64_t number)
{
    check_bound(stmt, sqlite3_bind_int64(stmt, index, number));
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

enum status column_id_or_null(sqlite3_stmt *stmt, int column, struct id *id, bool *has)
{
    *has = sqlite3_column_type(stmt, column) != SQLITE_NULL;
    return !*has || column_id(stmt, column, id) ? STATUS_OK : STATUS_CORRUPT;
}

/* This SQLite says in the words of a finding that it had no memory for a page. */
enum status integrity_status(sqlite3_stmt *stmt)
{
    const char *line = (const char *)sqlite3_column_text(stmt, 0);
    if (line == NULL || strstr(line, "error code=7") != NULL)
        return STATUS_NO_MEMORY;
    return strcmp(line, "ok") == 0 ? STATUS_OK : STATUS_CORRUPT;
}

enum status statement_status(struct store *store, int rc)
{
    switch (rc & 0xff) {
    case SQLITE_OK:
    case SQLITE_DONE:
    case SQLITE_ROW:
        return STATUS_OK;
    case SQLITE_CONSTRAINT:
        return rc == SQLITE_CONSTRAINT_UNIQUE || rc == SQLITE_CONSTRAINT_PRIMARYKEY
                   ? STATUS_EXISTS
                   : STATUS_INVALID;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return STATUS_BUSY;
    default:
        break;
    }
    return keep_fault(store, rc);
}

/* After a fault nothing is written; a statement that is NULL has left one. */
static enum status may_step(const struct store *store, sqlite3_stmt *stmt)
{
    return stmt != NULL && sqlite3_stmt_readonly(stmt) ? STATUS_OK : store->fault;
}

enum status statement_run(struct store *store, sqlite3_stmt *stmt)
{
    enum status status = may_step(store, stmt);
    if (status == STATUS_OK)
        status = statement_status(store, sqlite3_step(stmt));
    statement_end(store, stmt);
    return status;
}

enum status statement_row(struct store *store, sqlite3_stmt *stmt)
{
    enum status status = may_step(store, stmt);
    if (status == STATUS_OK) {
        int rc = sqlite3_step(stmt);
        if (rc == SQLITE_ROW)
            return STATUS_OK;
        status = statement_status(store, rc);
    }
    statement_end(store, stmt);
    return status == STATUS_OK ? STATUS_NOT_FOUND : status;
}
