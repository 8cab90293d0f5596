/*
 * statement: every SQL text of the store by name, prepared when it is first asked for and
 * kept. The texts stand in the .sql files of this folder.
 */
#ifndef FENGQIAO_STORAGE_STATEMENT_H
#define FENGQIAO_STORAGE_STATEMENT_H

#include <sqlite3.h>

#include "statement_list.h" /* made from the .sql files */
#include "storage/mark.h"
#include "storage/store.h"
#include "storage/tree.h"

enum statement {
#define STATEMENT_NUMBER(name, text, scan) STMT_##name,
    STATEMENT_LIST(STATEMENT_NUMBER)
#undef STATEMENT_NUMBER
        STATEMENTS_LEN,
};

/* How often a callback may walk what its caller walks. */
#define STATEMENTS_NESTED_MAX 8

struct store {
    sqlite3 *db;
    sqlite3_stmt *statements[STATEMENTS_LEN];
    sqlite3_stmt *nested[STATEMENTS_NESTED_MAX]; /* made for walks inside walks */
    uint64_t positions[3];     /* the next ledger position of each tree */
    uint64_t ledger_groups[3]; /* of 16 ops, whose hashes stand in the table ledger */
    uint64_t waiting;
    struct mark mark;
    struct mark_stand stand; /* of the last commit, as the database says */
    struct store_loss loss;  /* noticed at open */
    int64_t changes;         /* SQLite's count of them when the transaction began */
    bool in_transaction;
    bool must_scrub;   /* something was replaced: its old bytes stand in the WAL */
    bool must_rewrite; /* something was erased: they may stand in gaps of pages as well */
    uint32_t commits_to_rewrite; /* until it is tried again; 0: at once */
    bool rewrites_later;         /* and not for want of room: store_scrub_later */
    /* The fault after which nothing is written until the store is reopened, or OK. */
    enum status fault;
    struct tree *tree;
    struct set_note
        *notes; /* what came into the sets of pairs and went since (store_set.c) */
    uint32_t notes_len, notes_capacity;
    uint64_t sets_version; /* counts changes of the sets, from 1 */
    /* The last op added and its scope: the next op mostly builds on it. */
    struct id last_op;
    struct store_place last_place; /* seq 0: none */
    struct id last_scope;
    int64_t last_scope_number; /* 0: none */
    enum scope_kind last_scope_kind;
};

/* What was remembered of the last op added may not be so any more. */
void store_forget_last(struct store *store);

/* Name and text, for tests and errors. */
const char *statement_name(enum statement number);
const char *statement_text(enum statement number);
/* Why its plan may walk a whole table; NULL where it may not. */
const char *statement_scan(enum statement number);

/* Those that frame a transaction, before one begins: taking back must not fail for want
 * of memory. */
enum status statements_prepare(struct store *store) MUST_USE;
void statements_finalize(struct store *store);

/* The prepared statement without bindings, to be bound, stepped and ended; another one of
 * the same text where a walk further out uses it. NULL, which all functions below
 * take and answer for, when out of memory or where the database cannot be read. */
sqlite3_stmt *statement(struct store *store, enum statement number);
void statement_end(struct store *store, sqlite3_stmt *stmt);
void bind_blob(sqlite3_stmt *stmt, int index, struct bytes bytes);
void bind_id(sqlite3_stmt *stmt, int index, const struct id *id);
void bind_text(sqlite3_stmt *stmt, int index, struct bytes text);
void bind_number(sqlite3_stmt *stmt, int index, int64_t number);
struct bytes column_bytes(sqlite3_stmt *stmt, int column);
/* False where the column is not 32 bytes. */
bool column_id(sqlite3_stmt *stmt, int column, struct id *id);
/* The same where the column may be NULL, and then *has is false: what is damaged is not
 * taken for what was never there. CORRUPT. */
enum status column_id_or_null(sqlite3_stmt *stmt, int column, struct id *id,
                              bool *has) MUST_USE;

/* What a line of SQLite's integrity check says. CORRUPT: a finding; NO_MEMORY: it could
 * not look, which is no finding. */
enum status integrity_status(sqlite3_stmt *stmt) MUST_USE;

/* Steps a statement that gives no rows, and ends it. EXISTS: a UNIQUE rule says no;
 * INVALID: another rule of the schema does. */
enum status statement_run(struct store *store, sqlite3_stmt *stmt) MUST_USE;
/* OK: a row stands there; NOT_FOUND: no more, and the statement is ended. */
enum status statement_row(struct store *store, sqlite3_stmt *stmt) MUST_USE;
/* Calls fn with each id of a statement that selects one (store_scopes.c). */
enum status each_id(struct store *store, sqlite3_stmt *stmt, store_id_fn *fn,
                    void *context) MUST_USE;
/* Gives fn the folded scope of a statement that selects one; NOT_FOUND (store_scopes.c).
 */
enum status one_scope(struct store *store, sqlite3_stmt *stmt, store_scope_fn *fn,
                      void *context) MUST_USE;
/* The same with each scope, of a statement that selects id, kind, site, view, digest,
 * ops_len, founded_seq and touched_seq (store_scopes.c). */
enum status each_scope(struct store *store, sqlite3_stmt *stmt, store_scope_fn *fn,
                       void *context) MUST_USE;
/* The op in the row of a statement that selects seq, id, scope, time, wall, tree,
 * position and bytes (store_ops.c). CORRUPT. */
enum status op_of_row(sqlite3_stmt *stmt, struct store_op *op) MUST_USE;
/* Calls fn for each row of such a statement (store_ops.c). */
enum status each_op(struct store *store, sqlite3_stmt *stmt, store_op_fn *fn,
                    void *context) MUST_USE;
/* An op of a scope came or went: in the sets of all pairs that share it (store_set.c). */
enum status store_sets_note(struct store *store, int64_t scope, uint64_t wall,
                            const struct id *id, bool is_gone) MUST_USE;
/* The same for one set. */
enum status store_set_note(struct store *store, int64_t root, uint64_t wall,
                           const struct id *id, bool is_gone) MUST_USE;
/* Brings what was noted into the trees and writes them. */
enum status store_sets_settle(struct store *store) MUST_USE;
/* The transaction was rolled back. */
void store_sets_forget(struct store *store);
/* OK or NOT_FOUND; nothing may be noted still. */
enum status store_set_has(struct store *store, int64_t root, uint64_t wall,
                          const struct id *id) MUST_USE;
/* The digest of a scope changed: in the lattices of all pairs that share it; before is
 * NULL where it had none (store_pairs.c). */
enum status store_pairs_redigest(struct store *store, int64_t scope,
                                 const struct id *before,
                                 const struct id *after) MUST_USE;
/* Pairs share nothing, before a rebuild (store_pairs.c). */
enum status store_pairs_clear(struct store *store) MUST_USE;
/* A waiting op has its place now, or is gone (store_sources.c). */
enum status guest_promote(struct store *store, const struct id *op) MUST_USE;
enum status guest_forget(struct store *store, const struct id *op) MUST_USE;
/* So many bytes that the site brought are gone (store_sources.c). */
enum status source_give_back(struct store *store, const struct id *site,
                             uint64_t bytes) MUST_USE;
/* Reads the counters (store_open.c). */
enum status store_count(struct store *store) MUST_USE;
/* Brings the ledger's hashes up to the ops; the count of them, which that begins from;
 * and none, before a rebuild (store_ledger.c). */
enum status store_ledger_settle(struct store *store) MUST_USE;
bool store_ledger_is_settled(const struct store *store);
enum status store_ledger_count(struct store *store) MUST_USE;
enum status store_ledger_clear(struct store *store) MUST_USE;
/* Compares the database with its mark, keeps what was lost, and lets both say the same
 * (store_loss.c). */
enum status store_mark_settle(struct store *store) MUST_USE;
/* Puts the stand of the commit that comes into its transaction (store_loss.c). */
enum status store_stand_put(struct store *store, struct mark_stand *next) MUST_USE;
/* What SQLite's result code means to our callers. A fault is kept in the store. */
enum status statement_status(struct store *store, int rc);

#endif
