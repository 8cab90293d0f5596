#include "storage/store.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "storage/statement.h"

#include "schema_text.h"

#define SCHEMA_VERSION 1
#define URI_MAX 4096

/* Settings, in this order: the exclusive lock before WAL, so that there is no shared
 * memory file; then what docs/STORAGE.md argues for. */
static const char *const settings[] = {
    "PRAGMA trusted_schema = OFF",     "PRAGMA locking_mode = EXCLUSIVE",
    "PRAGMA journal_mode = WAL",       "PRAGMA synchronous = EXTRA",
    "PRAGMA foreign_keys = ON",        "PRAGMA secure_delete = ON",
    "PRAGMA cache_size = -2048",       "PRAGMA mmap_size = 0",
    "PRAGMA temp_store = MEMORY",      "PRAGMA journal_size_limit = 4194304",
    "PRAGMA wal_checkpoint(TRUNCATE)",
};

static enum status open_error(struct store *store, int rc, const char *file,
                              struct err *err)
{
    switch (rc & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return err_set(err, STATUS_BUSY,
                       "%s is in use by another process; stop that node first", file);
    case SQLITE_CANTOPEN:
        return err_set(err, STATUS_NOT_FOUND, "%s cannot be opened: is it there?", file);
    case SQLITE_NOTADB:
    case SQLITE_CORRUPT:
        return err_set(err, STATUS_CORRUPT,
                       "%s is damaged (%s); keep a copy of it, then restore a backup",
                       file, sqlite3_errmsg(store->db));
    case SQLITE_FULL:
        return err_set(err, STATUS_FULL, "no room is left on the disk of %s", file);
    default:
        return err_set(err, STATUS_IO, "%s: %s", file, sqlite3_errmsg(store->db));
    }
}

/* file as an SQLite URI, with what is special in one escaped; psow=0: the disk may tear a
 * sector that is only partly written. */
static bool make_uri(char uri[static URI_MAX], const char *file)
{
    size_t len = (size_t)snprintf(uri, URI_MAX, "file:");
    for (const char *c = file; *c != '\0'; c++) {
        if (len + 16 > URI_MAX)
            return false;
        if (*c == '?' || *c == '#' || *c == '%')
            len += (size_t)snprintf(uri + len, URI_MAX - len, "%%%02x", (unsigned)*c);
        else
            uri[len++] = *c;
    }
    (void)snprintf(uri + len, URI_MAX - len, "?psow=0");
    return true;
}

static int run_settings(struct store *store)
{
    for (size_t i = 0; i < sizeof(settings) / sizeof(settings[0]); i++) {
        int rc = sqlite3_exec(store->db, settings[i], NULL, NULL, NULL);
        if (rc != SQLITE_OK)
            return rc;
    }
    return sqlite3_db_config(store->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
}

static int read_version(void *context, int columns, char **values, char **names)
{
    (void)columns;
    (void)names;
    *(int *)context = values[0] == NULL ? 0 : atoi(values[0]);
    return 0;
}

static enum status migrate(struct store *store, const char *file, struct err *err)
{
    int version = 0;
    int rc = sqlite3_exec(store->db, "PRAGMA user_version", read_version, &version, NULL);
    if (rc != SQLITE_OK)
        return open_error(store, rc, file, err);
    if (version > SCHEMA_VERSION)
        return err_set(
            err, STATUS_UNSUPPORTED,
            "%s was written by a newer version (schema %d, this one knows %d); "
            "install that version again",
            file, version, SCHEMA_VERSION);
    if (version == SCHEMA_VERSION)
        return STATUS_OK;
    rc = sqlite3_exec(store->db, "BEGIN IMMEDIATE", NULL, NULL, NULL);
    if (rc == SQLITE_OK)
        rc = sqlite3_exec(store->db, schema_1, NULL, NULL, NULL);
    if (rc == SQLITE_OK)
        rc = sqlite3_exec(store->db, "PRAGMA user_version = 1", NULL, NULL, NULL);
    if (rc == SQLITE_OK)
        rc = sqlite3_exec(store->db, "COMMIT", NULL, NULL, NULL);
    return rc == SQLITE_OK ? STATUS_OK : open_error(store, rc, file, err);
}

static enum status read_positions(struct store *store)
{
    for (int tree = TREE_PRIVATE; tree <= TREE_SHARED; tree++) {
        sqlite3_stmt *stmt = statement(store, STMT_tree_count);
        bind_number(stmt, 1, tree);
        enum status status = statement_row(store, stmt);
        if (status != STATUS_OK)
            return status;
        store->positions[tree] = (uint64_t)sqlite3_column_int64(stmt, 1);
        statement_reset(stmt);
    }
    sqlite3_stmt *stmt = statement(store, STMT_waiting_count);
    enum status status = statement_row(store, stmt);
    if (status != STATUS_OK)
        return status;
    store->waiting = (uint64_t)sqlite3_column_int64(stmt, 0);
    statement_reset(stmt);
    return STATUS_OK;
}

enum status store_open(struct store **out, const char *file, const char *vfs, bool create,
                       struct err *err)
{
    char uri[URI_MAX];
    if (!make_uri(uri, file))
        return err_set(err, STATUS_INVALID, "the path of the database is too long");
    struct store *store = calloc(1, sizeof(*store));
    if (store == NULL)
        return STATUS_NO_MEMORY;
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_URI | SQLITE_OPEN_FULLMUTEX |
                SQLITE_OPEN_EXRESCODE | (create ? SQLITE_OPEN_CREATE : 0);
    int rc = sqlite3_open_v2(uri, &store->db, flags, vfs);
    if (rc == SQLITE_OK)
        rc = run_settings(store);
    enum status status = rc == SQLITE_OK ? STATUS_OK : open_error(store, rc, file, err);
    if (status == STATUS_OK)
        status = migrate(store, file, err);
    if (status == STATUS_OK)
        status = statements_prepare(store, err);
    if (status == STATUS_OK)
        status = read_positions(store);
    if (status != STATUS_OK) {
        store_close(store);
        return status;
    }
    *out = store;
    return STATUS_OK;
}

void store_close(struct store *store)
{
    if (store == NULL)
        return;
    statements_finalize(store);
    int rc = sqlite3_close(store->db);
    assert(rc == SQLITE_OK);
    (void)rc;
    free(store);
}

enum status store_begin(struct store *store)
{
    assert(!store->in_transaction);
    if (store->is_broken)
        return STATUS_IO;
    enum status status = statement_run(store, statement(store, STMT_begin));
    store->in_transaction = status == STATUS_OK;
    return status;
}

enum status store_commit(struct store *store)
{
    assert(store->in_transaction);
    enum status status = store->is_broken
                             ? STATUS_IO
                             : statement_run(store, statement(store, STMT_commit));
    if (status != STATUS_OK)
        store_roll_back(store);
    store->in_transaction = false;
    return status;
}

void store_roll_back(struct store *store)
{
    if (!store->in_transaction)
        return;
    store->in_transaction = false;
    store->last_scope_number = 0;
    if (sqlite3_get_autocommit(store->db) == 0) {
        /* A failed rollback leaves nothing to do: SQLite replays the journal at open. */
        sqlite3_stmt *stmt = statement(store, STMT_roll_back);
        (void)sqlite3_step(stmt);
        statement_reset(stmt);
    }
    if (!store->is_broken)
        (void)read_positions(store); /* a failure has marked the store broken */
}
