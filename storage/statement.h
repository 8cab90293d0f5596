/*
 * statement: every SQL text of the store by name, prepared once at open. The texts stand
 * in the .sql files of this folder.
 */
#ifndef FENGQIAO_STORAGE_STATEMENT_H
#define FENGQIAO_STORAGE_STATEMENT_H

#include <sqlite3.h>

#include "statement_list.h" /* generated from the .sql files */
#include "storage/store.h"

enum statement {
#define STATEMENT_NUMBER(name, text) STMT_##name,
    STATEMENT_LIST(STATEMENT_NUMBER)
#undef STATEMENT_NUMBER
        STATEMENTS_LEN,
};

struct store {
    sqlite3 *db;
    sqlite3_stmt *statements[STATEMENTS_LEN];
    uint64_t positions[3]; /* the next ledger position of each tree */
    uint64_t waiting;
    bool in_transaction;
    bool is_broken;       /* a write failed: no more writes until reopened */
    struct id last_scope; /* of the last op added */
    int64_t last_scope_number;
    enum scope_kind last_scope_kind;
};

/* Name and text, for tests and errors. */
const char *statement_name(enum statement number);
const char *statement_text(enum statement number);

enum status statements_prepare(struct store *store, struct err *err) MUST_USE;
void statements_finalize(struct store *store);

/* The prepared statement, reset and without bindings. */
sqlite3_stmt *statement(struct store *store, enum statement number);
void bind_blob(sqlite3_stmt *stmt, int index, struct bytes bytes);
void bind_id(sqlite3_stmt *stmt, int index, const struct id *id);
void bind_text(sqlite3_stmt *stmt, int index, struct bytes text);
void bind_number(sqlite3_stmt *stmt, int index, int64_t number);
struct bytes column_bytes(sqlite3_stmt *stmt, int column);
/* False where the column is not 32 bytes. */
bool column_id(sqlite3_stmt *stmt, int column, struct id *id);

/* Steps a statement that gives no rows, and resets it. */
enum status statement_run(struct store *store, sqlite3_stmt *stmt) MUST_USE;
/* OK: a row stands there; NOT_FOUND: no more, and the statement is reset. */
enum status statement_row(struct store *store, sqlite3_stmt *stmt) MUST_USE;
void statement_reset(sqlite3_stmt *stmt);
/* What SQLite's result code means to our callers; marks the store broken on a fault. */
enum status statement_status(struct store *store, int rc);

#endif
