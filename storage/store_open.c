#include "storage/store.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "storage/statement.h"
#include "storage/store_scrub.h"

#include "schema_text.h"
#include "setting_list.h"

/*
 * Opening. Happy path: the file is ours alone, its WAL is recovered and empty, the
 * settings hold, the schema is the newest, the counters are read, and the mark says what
 * the database says. Failures are said in words that name
 * the file and what to do; nothing is changed in a file that is damaged, newer or not
 * ours.
 */

#define URI_MAX 4096
#define SCHEMA_VERSION ((int)(sizeof(migrations) / sizeof(migrations[0])))
#define SCHEMA_OBJECTS 91         /* tables and indexes of the newest */
#define APPLICATION_ID 0x46514442 /* "FQDB", as in migrations/0001.sql */

static const struct {
    const char *name, *text, *expected;
} settings[] = {
#define SETTING(name, text, expected) {#name, text, expected},
    SETTING_LIST(SETTING)
#undef SETTING
};

static enum status missing_error(int reason, const char *file, struct err *err)
{
    switch (reason) {
    case ENOENT:
        return err_set(err, STATUS_NOT_FOUND,
                       "%s is not there; is the path right, was `fengqiaod init` run?",
                       file);
    case EACCES:
    case EPERM:
    case EROFS:
        return err_set(err, STATUS_IO, "%s may not be opened for writing: %s", file,
                       strerror(reason));
    case ENOSPC:
    case EDQUOT:
        return err_set(err, STATUS_FULL, "no room is left on the disk of %s", file);
    case EISDIR:
        return err_set(err, STATUS_IO, "%s is a folder and not a file", file);
    default:
        return err_set(err, STATUS_IO, "%s cannot be opened: %s", file,
                       reason == 0 ? "no reason given" : strerror(reason));
    }
}

/* What SQLite said last, unless that went well. */
static const char *reason_of(struct store *store, enum status status)
{
    switch (sqlite3_errcode(store->db)) {
    case SQLITE_OK:
    case SQLITE_ROW:
    case SQLITE_DONE:
        return status_text(status);
    default:
        return sqlite3_errmsg(store->db);
    }
}

static enum status fault_error(struct store *store, enum status status, const char *file,
                               struct err *err)
{
    switch (status) {
    case STATUS_FULL:
        return err_set(err, status,
                       "no room is left on the disk of %s; make some, then start again",
                       file);
    case STATUS_CORRUPT:
        return err_set(err, status,
                       "%s is damaged (%s); keep a copy of it, then restore a backup",
                       file, reason_of(store, status));
    case STATUS_NO_MEMORY:
        return err_set(err, status, "no memory is left to open %s", file);
    default:
        return err_set(err, STATUS_IO,
                       "reading or writing %s failed (%s); is the disk whole?", file,
                       reason_of(store, status));
    }
}

static enum status open_error(struct store *store, int rc, const char *file,
                              struct err *err)
{
    switch (rc & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return err_set(err, STATUS_BUSY,
                       "%s is in use by another process; stop that node first", file);
    case SQLITE_CANTOPEN:
        return missing_error(sqlite3_system_errno(store->db), file, err);
    case SQLITE_READONLY:
        return missing_error(EACCES, file, err);
    case SQLITE_NOTADB:
        return err_set(err, STATUS_CORRUPT,
                       "%s is damaged at its beginning, or is no database at all; keep a "
                       "copy of it, then restore a backup",
                       file);
    default:
        return fault_error(store, statement_status(store, rc), file, err);
    }
}

/* file as an SQLite URI, with what is special in one escaped; psow=0: a write that the
 * power interrupts may harm the whole sectors that it touches. */
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

/* One of the few statements that run only at open. expected NULL: no answer is looked at;
 * number, where not NULL, takes the answer. */
static int run_once(struct store *store, const char *text, const char *expected,
                    int64_t *number, bool *is_as_expected)
{
    sqlite3_stmt *stmt = NULL;
    int rc = sqlite3_prepare_v2(store->db, text, -1, &stmt, NULL);
    if (rc == SQLITE_OK)
        rc = sqlite3_step(stmt);
    *is_as_expected = expected == NULL;
    if (rc == SQLITE_ROW) {
        const char *answer = (const char *)sqlite3_column_text(stmt, 0);
        if (expected != NULL)
            *is_as_expected = answer != NULL && strcmp(answer, expected) == 0;
        if (number != NULL)
            *number = sqlite3_column_int64(stmt, 0);
        while (rc == SQLITE_ROW)
            rc = sqlite3_step(stmt);
    }
    int end = sqlite3_finalize(stmt);
    return rc == SQLITE_DONE ? end : rc;
}

static enum status run_settings(struct store *store, const char *file, struct err *err)
{
    (void)sqlite3_db_config(store->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    for (size_t i = 0; i < sizeof(settings) / sizeof(settings[0]); i++) {
        bool is_as_expected;
        int rc = run_once(store, settings[i].text, settings[i].expected, NULL,
                          &is_as_expected);
        if (rc != SQLITE_OK)
            return open_error(store, rc, file, err);
        if (!is_as_expected)
            return err_set(err, STATUS_IO, "%s: SQLite refuses the setting %s", file,
                           settings[i].name);
    }
    return STATUS_OK;
}

/* Before anything is written: is it ours, and not newer than we are? */
static enum status read_version(struct store *store, const char *file, bool create,
                                int64_t *version, bool *is_new, struct err *err)
{
    int64_t application = 0, pages = 0;
    bool unused;
    int rc = run_once(store, statement_text(STMT_exclusive), NULL, NULL, &unused);
    if (rc == SQLITE_OK)
        rc = run_once(store, statement_text(STMT_page_count), NULL, &pages, &unused);
    if (rc == SQLITE_OK)
        rc = run_once(store, statement_text(STMT_application_id), NULL, &application,
                      &unused);
    if (rc == SQLITE_OK)
        rc = run_once(store, statement_text(STMT_user_version), NULL, version, &unused);
    if (rc != SQLITE_OK)
        return open_error(store, rc, file, err);
    if (pages == 0 && !create)
        return err_set(err, STATUS_CORRUPT,
                       "%s is empty (0 bytes); restore a backup, or remove it and run "
                       "`fengqiaod init`",
                       file);
    /* A cut during the first open leaves pages without a schema. */
    bool is_fresh = pages <= 1 && application == 0 && *version == 0;
    *is_new = is_fresh;
    if (!is_fresh && application != APPLICATION_ID)
        return err_set(err, STATUS_CORRUPT, "%s is a database, but not one of Fengqiao",
                       file);
    if (is_fresh && !create)
        return err_set(err, STATUS_CORRUPT,
                       "%s was never finished; remove it and run `fengqiaod init`", file);
    /* Its first page says so; that we may write to the file is known already. */
    if (sqlite3_db_readonly(store->db, "main") == 1)
        return err_set(err, STATUS_CORRUPT,
                       "%s is damaged at its beginning: its format number lets nobody "
                       "write; keep a copy of it, then restore a backup",
                       file);
    if (*version > SCHEMA_VERSION)
        return err_set(
            err, STATUS_UNSUPPORTED,
            "%s was written by a newer version (schema %lld, this one knows %d); "
            "install that version again",
            file, (long long)*version, SCHEMA_VERSION);
    return STATUS_OK;
}

static enum status migrate(struct store *store, const char *file, int64_t version,
                           struct err *err)
{
    for (int64_t i = version; i < SCHEMA_VERSION; i++) {
        int rc = sqlite3_exec(store->db, statement_text(STMT_begin), NULL, NULL, NULL);
        if (rc == SQLITE_OK)
            rc = sqlite3_exec(store->db, migrations[i], NULL, NULL, NULL);
        if (rc == SQLITE_OK)
            rc = sqlite3_exec(store->db, statement_text(STMT_commit), NULL, NULL, NULL);
        if (rc != SQLITE_OK)
            return open_error(store, rc, file, err);
    }
    return STATUS_OK;
}

/* Statements are prepared when they are asked for: what is missing is told before. */
static enum status count_schema(struct store *store, const char *file, struct err *err)
{
    int64_t found = 0;
    bool unused;
    int rc = run_once(store, statement_text(STMT_schema_count), NULL, &found, &unused);
    if (rc != SQLITE_OK)
        return open_error(store, rc, file, err);
    if (found == SCHEMA_OBJECTS)
        return STATUS_OK;
    return err_set(
        err, STATUS_CORRUPT,
        "%s has %lld tables and indexes and should have %d; keep a copy of it, "
        "then restore a backup",
        file, (long long)found, SCHEMA_OBJECTS);
}

static enum status read_number(struct store *store, sqlite3_stmt *stmt, uint64_t *number)
{
    enum status status = statement_row(store, stmt);
    if (status != STATUS_OK)
        return status;
    *number = (uint64_t)sqlite3_column_int64(stmt, 0);
    statement_end(store, stmt);
    return STATUS_OK;
}

enum status store_count(struct store *store)
{
    enum status status = STATUS_OK;
    for (int tree = TREE_PRIVATE; status == STATUS_OK && tree <= TREE_SHARED; tree++) {
        sqlite3_stmt *stmt = statement(store, STMT_tree_next);
        bind_number(stmt, 1, tree);
        status = read_number(store, stmt, &store->positions[tree]);
    }
    if (status == STATUS_OK)
        status =
            read_number(store, statement(store, STMT_waiting_count), &store->waiting);
    return status == STATUS_OK ? store_ledger_count(store) : status;
}

/* Before a new database holds anything its mark says so, whatever stood there before. */
static enum status open_mark(struct store *store, const char *file, const char *vfs,
                             bool is_new, struct err *err)
{
    int rc = mark_open(&store->mark, file, vfs);
    if (rc == SQLITE_OK && is_new)
        rc = mark_reset(&store->mark, &store->stand);
    if (rc == SQLITE_OK)
        return STATUS_OK;
    enum status status = statement_status(store, rc);
    return err_set(err, status, "%s" MARK_SUFFIX " cannot be written: %s", file,
                   status_text(status));
}

/* An earlier version kept no hashes. */
static enum status fill_ledger(struct store *store)
{
    if (store_ledger_is_settled(store))
        return STATUS_OK;
    enum status status = store_begin(store);
    return status == STATUS_OK ? store_commit(store) : status;
}

static enum status settle(struct store *store, const char *file, struct err *err)
{
    enum status status = statements_prepare(store);
    if (status == STATUS_OK)
        status = store_count(store);
    if (status == STATUS_OK)
        status = store_scrub_settle(store);
    /* What it finds is said once, and no step after it may keep it from being said. */
    if (status == STATUS_OK)
        status = store_mark_settle(store);
    if (status == STATUS_OK)
        status = fill_ledger(store);
    if (status == STATUS_OK)
        return STATUS_OK;
    if (store->loss.kind == LOSS_NONE)
        return fault_error(store, status, file, err);
    /* A mark whose sync failed may read as whole at the next opening, to which the loss
     * is then said already. */
    char text[LOSS_TEXT_SIZE];
    store_loss_text(&store->loss, text);
    return err_set(err, status, "%s and its mark cannot be written (%s), and: %s", file,
                   status_text(status), text);
}

enum status store_open(struct store **out, const char *file, const char *vfs, bool create,
                       struct err *err)
{
    char uri[URI_MAX];
    if (!make_uri(uri, file))
        return err_set(err, STATUS_INVALID, "the path of the database is too long");
    struct store *store = calloc(1, sizeof(*store));
    if (store == NULL)
        return err_set(err, STATUS_NO_MEMORY, "no memory is left to open %s", file);
    store->sets_version = 1;
    store->tree = tree_new(store);
    if (store->tree == NULL) {
        free(store);
        return err_set(err, STATUS_NO_MEMORY, "no memory is left to open %s", file);
    }
    int64_t version = 0;
    bool is_new = false;
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX |
                SQLITE_OPEN_EXRESCODE | (create ? SQLITE_OPEN_CREATE : 0);
    int rc = sqlite3_open_v2(uri, &store->db, flags, vfs);
    enum status status = rc == SQLITE_OK ? STATUS_OK : open_error(store, rc, file, err);
    if (status == STATUS_OK && sqlite3_db_readonly(store->db, "main") == 1)
        status = missing_error(EACCES, file, err);
    if (status == STATUS_OK)
        status = read_version(store, file, create, &version, &is_new, err);
    if (status == STATUS_OK)
        status = run_settings(store, file, err);
    if (status == STATUS_OK)
        status = open_mark(store, file, vfs, is_new, err);
    if (status == STATUS_OK)
        status = migrate(store, file, version, err);
    if (status == STATUS_OK)
        status = count_schema(store, file, err);
    if (status == STATUS_OK)
        status = settle(store, file, err);
    if (status != STATUS_OK) {
        store->fault = status;
        store_close(store);
        return status;
    }
    *out = store;
    return STATUS_OK;
}
