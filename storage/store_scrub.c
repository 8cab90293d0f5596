#include "storage/store_scrub.h"

#include "storage/statement.h"

/* That a transaction which erased something is not written anew yet. */
#define META_UNWRITTEN "unwritten"

static bool is_walking(struct store *store)
{
    sqlite3_stmt *stmt = sqlite3_next_stmt(store->db, NULL);
    while (stmt != NULL && sqlite3_stmt_busy(stmt) == 0)
        stmt = sqlite3_next_stmt(store->db, stmt);
    return stmt != NULL;
}

void store_scrub(struct store *store)
{
    store->must_scrub = store->must_rewrite = true;
    if (store->rewrites_later)
        store->commits_to_rewrite = 0;
    store->rewrites_later = false;
}

void store_scrub_later(struct store *store)
{
    bool is_due = store->must_rewrite && store->commits_to_rewrite == 0;
    store->must_scrub = store->must_rewrite = true;
    if (is_due || store->commits_to_rewrite > 0)
        return; /* it comes with what waits already */
    store->commits_to_rewrite = SCRUB_AGAIN;
    store->rewrites_later = true;
}

bool store_scrub_waits(const struct store *store)
{
    return store->commits_to_rewrite > 0 && !store->rewrites_later;
}

enum status store_scrub_note(struct store *store)
{
    static const uint8_t yes[] = {1};
    return store->must_rewrite
               ? store_meta_put(store, META_UNWRITTEN, bytes_of(yes, sizeof(yes)))
               : STATUS_OK;
}

/* What a damaged page hides would be left out of the new file, and no check would find
 * that it ever was. */
static enum status check_whole(struct store *store, bool *is_whole)
{
    sqlite3_stmt *stmt = statement(store, STMT_integrity);
    enum status status = statement_row(store, stmt);
    if (status != STATUS_OK)
        return status == STATUS_NOT_FOUND ? STATUS_CORRUPT : status;
    status = integrity_status(stmt);
    statement_end(store, stmt);
    *is_whole = status == STATUS_OK;
    return status == STATUS_CORRUPT ? STATUS_OK : status;
}

/* No room for a second copy is no fault: what was committed stands, and the rest waits.
 */
static enum status rewrite(struct store *store, bool *has_room)
{
    sqlite3_stmt *stmt = statement(store, STMT_write_anew);
    if (stmt == NULL)
        return store->fault;
    int rc = sqlite3_step(stmt);
    statement_end(store, stmt);
    *has_room = (rc & 0xff) != SQLITE_FULL && (rc & 0xff) != SQLITE_CANTOPEN;
    return *has_room ? statement_status(store, rc) : STATUS_OK;
}

static enum status forget_note(struct store *store)
{
    sqlite3_stmt *stmt = statement(store, STMT_meta_remove);
    bind_text(stmt, 1, bytes_str(META_UNWRITTEN));
    return statement_run(store, stmt);
}

/* secure_delete puts zeros where something stood, but where pages were split or grew
 * together it leaves copies in the gaps between their cells. So the file is written anew,
 * through a temporary one, since all of it may be more than memory holds. */
static enum status write_anew(struct store *store)
{
    bool has_room = false, is_whole = false;
    enum status status = check_whole(store, &is_whole);
    if (status == STATUS_OK && !is_whole)
        status = statement_status(store, SQLITE_CORRUPT);
    if (status == STATUS_OK)
        status = statement_run(store, statement(store, STMT_temp_in_file));
    if (status == STATUS_OK)
        status = rewrite(store, &has_room);
    if (status == STATUS_OK)
        status = statement_run(store, statement(store, STMT_temp_in_memory));
    if (status != STATUS_OK)
        return status;
    if (!has_room) {
        store->rewrites_later = false;
        store->commits_to_rewrite = SCRUB_AGAIN;
        return STATUS_OK;
    }
    store->must_rewrite = store->rewrites_later = false;
    return forget_note(store);
}

/* What was replaced still stands in the WAL as well; the checkpoint empties it. */
static enum status empty_wal(struct store *store)
{
    sqlite3_stmt *stmt = statement(store, STMT_scrub);
    enum status status = statement_row(store, stmt);
    if (status != STATUS_OK)
        return status;
    store->must_scrub = sqlite3_column_int(stmt, 0) != 0;
    statement_end(store, stmt);
    return STATUS_OK;
}

enum status store_scrub_now(struct store *store)
{
    if (store->commits_to_rewrite > 0 && --store->commits_to_rewrite == 0)
        store->must_scrub = true;
    if (!store->must_scrub || is_walking(store))
        return STATUS_OK;
    enum status status = store->must_rewrite && store->commits_to_rewrite == 0
                             ? write_anew(store)
                             : STATUS_OK;
    return status == STATUS_OK ? empty_wal(store) : status;
}

enum status store_scrub_settle(struct store *store)
{
    struct buf value = {0};
    enum status status = store_meta_get(store, META_UNWRITTEN, &value);
    buf_deinit(&value);
    if (status != STATUS_OK)
        return status == STATUS_NOT_FOUND ? STATUS_OK : status;
    bool is_whole = false;
    store_scrub(store);
    status = check_whole(store, &is_whole);
    if (status == STATUS_OK && is_whole)
        return store_scrub_now(store);
    store->commits_to_rewrite = SCRUB_AGAIN; /* a damaged file opens nevertheless */
    return status;
}
