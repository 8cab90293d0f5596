#include "storage/store.h"

#include <assert.h>
#include <stdlib.h>

#include "storage/statement.h"
#include "storage/store_scrub.h"

/*
 * The transaction. Happy path: begin, writes, commit, mark; after OK everything is on the
 * disk. A transaction that changed nothing writes no mark. Failures: a fault (IO, FULL,
 * CORRUPT, NO_MEMORY) at any write or at the commit is kept in the store; the transaction
 * is rolled back, and nothing is written until the file is opened anew: after a failed
 * sync nobody knows what the disk holds, and only the recovery of a new open reads it
 * from there. A commit that failed, or whose mark did, may be found whole by that
 * recovery, never by half.
 */

void store_close(struct store *store)
{
    if (store == NULL)
        return;
    statements_finalize(store);
    mark_close(&store->mark);
    tree_free(store->tree);
    free(store->notes);
    /* After a fault the WAL stays for the recovery: what we remember of it may not be
     * what the disk holds. */
    if (store->fault != STATUS_OK && store->db != NULL)
        (void)sqlite3_db_config(store->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
    int rc = sqlite3_close(store->db);
    assert(rc == SQLITE_OK);
    (void)rc;
    free(store);
}

enum status store_begin(struct store *store)
{
    assert(!store->in_transaction);
    enum status status = statement_run(store, statement(store, STMT_begin));
    store->in_transaction = status == STATUS_OK;
    store->changes = sqlite3_total_changes64(store->db);
    return status;
}

int64_t store_changes(const struct store *store)
{
    return sqlite3_total_changes64(store->db);
}

enum status store_commit(struct store *store)
{
    assert(store->in_transaction);
    struct mark_stand next;
    enum status status = store_sets_settle(store);
    if (status == STATUS_OK)
        status = store_ledger_settle(store);
    /* Nor does a turn end well in which somebody read past a fault. */
    if (status == STATUS_OK)
        status = store->fault;
    bool has_changes = sqlite3_total_changes64(store->db) != store->changes;
    if (status == STATUS_OK && has_changes)
        status = store_stand_put(store, &next);
    if (status == STATUS_OK && has_changes)
        status = store_scrub_note(store);
    if (status == STATUS_OK)
        status = statement_run(store, statement(store, STMT_commit));
    if (status != STATUS_OK) {
        store_roll_back(store);
        return status;
    }
    store->in_transaction = false;
    if (has_changes) {
        store->stand = next;
        status = statement_status(store, mark_write(&store->mark, &store->stand));
    }
    if (status != STATUS_OK)
        return status;
    return store_scrub_now(store);
}

void store_forget_last(struct store *store)
{
    store->last_place.seq = 0;
    store->last_scope_number = 0;
}

void store_roll_back(struct store *store)
{
    if (!store->in_transaction)
        return;
    store->in_transaction = false;
    store_forget_last(store);
    store_sets_forget(store);
    /* After some faults SQLite has rolled back already. A rollback that fails leaves
     * nothing to do: what was not committed is not there at the next open. */
    if (sqlite3_get_autocommit(store->db) == 0) {
        sqlite3_stmt *stmt = statement(store, STMT_roll_back); /* prepared at open */
        int rc = sqlite3_step(stmt);
        if (rc != SQLITE_DONE)
            (void)statement_status(store, rc); /* kept in the store */
        statement_end(store, stmt);
    }
    if (store->fault != STATUS_OK)
        return;
    enum status status = store_count(store);
    if (store->fault == STATUS_OK)
        store->fault = status; /* without counters nothing may be added */
}
