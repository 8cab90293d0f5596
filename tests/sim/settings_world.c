#include "tests/sim/settings_world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <sqlite3.h>

#include "schema_text.h"

#define VFS_NAME "settings"
#define FILE_NAME "settings.db"
#define ROWS_LEN 160
#define BATCH_MAX 8
#define BYTES_MAX 9000
#define CHECK_EVERY 4
#define SAMPLES 4000 /* rows of the measurement of speed */

const struct settings_list settings_journals[JOURNALS_LEN] = {
    {"WAL", "PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL"},
    /* An exclusive lock would make PERSIST of DELETE. */
    {"DELETE", "PRAGMA journal_mode = DELETE"},
    {"TRUNCATE", "PRAGMA journal_mode = TRUNCATE"},
    {"PERSIST", "PRAGMA journal_mode = PERSIST"},
};
const struct settings_list settings_syncs[SYNCS_LEN] = {
    {"NORMAL", "PRAGMA synchronous = NORMAL"},
    {"FULL", "PRAGMA synchronous = FULL"},
    {"EXTRA", "PRAGMA synchronous = EXTRA"},
};
const struct settings_list settings_pages[PAGES_LEN] = {
    {"4096", "PRAGMA page_size = 4096"},
    {"8192", "PRAGMA page_size = 8192"},
};
static const char *const uris[] = {"file:" FILE_NAME "?psow=0",
                                   "file:" FILE_NAME "?psow=1"};
static const char always[] = "PRAGMA trusted_schema = OFF; PRAGMA secure_delete = ON;"
                             "PRAGMA cell_size_check = ON; PRAGMA foreign_keys = OFF";
static const char checkpoint[] = "PRAGMA wal_checkpoint(TRUNCATE)";

struct row {
    bool is_saved, may_be_there;
    uint32_t version, next_version; /* acknowledged; in flight */
};

struct world {
    const struct configuration *configuration;
    struct crash_vfs *vfs;
    sqlite3 *db;
    sqlite3_stmt *insert, *update;
    uint64_t random;
    int checkpoint_pages;
    bool is_made;
    uint32_t next;
    struct row rows[ROWS_LEN];
};

static int run_sql(struct world *world, const char *text)
{
    return sqlite3_exec(world->db, text, NULL, NULL, NULL);
}

static void close_db(struct world *world)
{
    (void)sqlite3_finalize(world->insert); /* repeats an error that was seen */
    (void)sqlite3_finalize(world->update);
    if (sqlite3_close(world->db) != SQLITE_OK)
        abort();
    world->db = NULL;
    world->insert = world->update = NULL;
}

static int make_tables(struct world *world)
{
    int rc = run_sql(world, "BEGIN IMMEDIATE");
    for (size_t i = 0; rc == SQLITE_OK && i < sizeof(migrations) / sizeof(migrations[0]);
         i++)
        rc = run_sql(world, migrations[i]);
    if (rc == SQLITE_OK)
        rc = run_sql(world, "INSERT INTO scopes (number, id) VALUES (1, zeroblob(32))");
    return rc == SQLITE_OK ? run_sql(world, "COMMIT") : rc;
}

static int has_tables(struct world *world, bool *has)
{
    sqlite3_stmt *stmt;
    int rc = sqlite3_prepare_v2(world->db, "PRAGMA user_version", -1, &stmt, NULL);
    if (rc != SQLITE_OK)
        return rc;
    if (sqlite3_step(stmt) == SQLITE_ROW)
        *has = sqlite3_column_int(stmt, 0) > 0;
    return sqlite3_finalize(stmt);
}

static int open_db(struct world *world, const char *vfs)
{
    const struct configuration *configuration = world->configuration;
    bool has = false;
    int rc = sqlite3_open_v2(uris[configuration->psow], &world->db,
                             SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE |
                                 SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX,
                             vfs);
    const char *const texts[] = {always, settings_pages[configuration->page].text,
                                 settings_journals[configuration->journal].text,
                                 settings_syncs[configuration->sync].text,
                                 configuration->checkpoint ? checkpoint : ""};
    for (size_t i = 0; rc == SQLITE_OK && i < sizeof(texts) / sizeof(texts[0]); i++)
        rc = run_sql(world, texts[i]);
    if (rc == SQLITE_OK && world->checkpoint_pages > 0)
        rc = sqlite3_wal_autocheckpoint(world->db, world->checkpoint_pages);
    if (rc == SQLITE_OK)
        rc = has_tables(world, &has);
    /* Where rows were acknowledged, a database without tables has lost them: seen later.
     */
    if (rc == SQLITE_OK && !has)
        rc = make_tables(world);
    if (rc == SQLITE_OK)
        rc = sqlite3_prepare_v2(world->db,
                                "INSERT INTO ops (id, scope, time, wall, tree, position, "
                                "bytes) VALUES (?1, 1, ?2, ?2, 1, ?2, ?3)",
                                -1, &world->insert, NULL);
    if (rc == SQLITE_OK)
        rc = sqlite3_prepare_v2(world->db, "UPDATE ops SET bytes = ?2 WHERE id = ?1", -1,
                                &world->update, NULL);
    if (rc != SQLITE_OK)
        close_db(world);
    return rc;
}

static void id_of(uint32_t i, uint8_t id[static 32])
{
    uint64_t state = i;
    for (int k = 0; k < 32; k += 8) {
        uint64_t word = crash_random(&state);
        memcpy(id + k, &word, 8);
    }
}

/* Most rows are small; some need overflow pages. */
static size_t bytes_of_row(uint32_t i, uint32_t version, uint8_t out[static BYTES_MAX])
{
    size_t len = (i + version) % 16 == 0 ? BYTES_MAX : 40 + (i * 7 + version * 31) % 300;
    memset(out, (int)(i * 13 + version), len);
    return len;
}

static int step(sqlite3_stmt *stmt)
{
    int rc = sqlite3_step(stmt);
    int end = sqlite3_reset(stmt);
    return rc == SQLITE_DONE ? end : rc;
}

static int insert_row(struct world *world, uint32_t i)
{
    static uint8_t bytes[BYTES_MAX];
    uint8_t id[32];
    size_t len = bytes_of_row(i, 0, bytes);
    id_of(i, id);
    (void)sqlite3_bind_blob(world->insert, 1, id, 32, SQLITE_STATIC); /* step says it */
    (void)sqlite3_bind_int64(world->insert, 2, (int64_t)i + 1);
    (void)sqlite3_bind_blob(world->insert, 3, bytes, (int)len, SQLITE_STATIC);
    return step(world->insert);
}

static int update_row(struct world *world, uint32_t i, uint32_t version)
{
    static uint8_t bytes[BYTES_MAX];
    uint8_t id[32];
    size_t len = bytes_of_row(i, version, bytes);
    id_of(i, id);
    (void)sqlite3_bind_blob(world->update, 1, id, 32, SQLITE_STATIC); /* step says it */
    (void)sqlite3_bind_blob(world->update, 2, bytes, (int)len, SQLITE_STATIC);
    return step(world->update);
}

/* One transaction: some rows, and now and then another content for an old one. */
static int commit_batch(struct world *world, struct tally *tally)
{
    uint32_t len = 1 + (uint32_t)(crash_random(&world->random) % BATCH_MAX);
    if (world->next + len > ROWS_LEN)
        len = ROWS_LEN - world->next;
    uint32_t first = world->next, changed = ROWS_LEN;
    if (first > 0 && crash_random(&world->random) % 2 == 0)
        changed = (uint32_t)(crash_random(&world->random) % first);
    if (changed < ROWS_LEN && !world->rows[changed].is_saved)
        changed = ROWS_LEN;
    int rc = run_sql(world, "BEGIN IMMEDIATE");
    for (uint32_t i = first; rc == SQLITE_OK && i < first + len; i++) {
        world->rows[i].may_be_there = true;
        world->next = i + 1;
        rc = insert_row(world, i);
    }
    if (rc == SQLITE_OK && changed < ROWS_LEN) {
        world->rows[changed].next_version = world->rows[changed].version + 1;
        rc = update_row(world, changed, world->rows[changed].next_version);
    }
    if (rc == SQLITE_OK)
        rc = run_sql(world, "COMMIT");
    if (rc != SQLITE_OK)
        return rc;
    for (uint32_t i = first; i < first + len; i++)
        world->rows[i].is_saved = true;
    if (changed < ROWS_LEN)
        world->rows[changed].version = world->rows[changed].next_version;
    tally->acknowledged += len;
    return SQLITE_OK;
}

static bool is_damaged(struct world *world)
{
    sqlite3_stmt *stmt;
    if (sqlite3_prepare_v2(world->db, "PRAGMA integrity_check(1)", -1, &stmt, NULL) !=
        SQLITE_OK)
        return true;
    bool is_sound = sqlite3_step(stmt) == SQLITE_ROW &&
                    strcmp((const char *)sqlite3_column_text(stmt, 0), "ok") == 0;
    return sqlite3_finalize(stmt) != SQLITE_OK || !is_sound;
}

/* Is row i there as it was acknowledged, or as it was in flight? */
static bool is_right(struct row *row, uint32_t i, const void *got, size_t got_len)
{
    static uint8_t wanted[BYTES_MAX];
    const uint32_t versions[] = {row->version, row->next_version};
    for (int k = 0; k < 2; k++) {
        size_t len = bytes_of_row(i, versions[k], wanted);
        if (len != got_len || memcmp(wanted, got, len) != 0)
            continue;
        row->version = row->next_version = versions[k];
        return true;
    }
    return false;
}

static void judge(struct world *world, bool is_checked, struct tally *tally)
{
    bool is_there[ROWS_LEN] = {false}, is_readable;
    uint64_t there = 0, absent = 0;
    sqlite3_stmt *stmt = NULL;
    int rc = sqlite3_prepare_v2(world->db, "SELECT wall, bytes FROM ops ORDER BY seq", -1,
                                &stmt, NULL);
    while (rc == SQLITE_OK && (rc = sqlite3_step(stmt)) == SQLITE_ROW) {
        int64_t i = sqlite3_column_int64(stmt, 0) - 1;
        const void *bytes = sqlite3_column_blob(stmt, 1);
        size_t len = (size_t)sqlite3_column_bytes(stmt, 1);
        if (i >= 0 && i < ROWS_LEN && bytes != NULL)
            is_there[i] = is_right(&world->rows[i], (uint32_t)i, bytes, len);
        rc = SQLITE_OK;
    }
    is_readable = rc == SQLITE_DONE && sqlite3_finalize(stmt) == SQLITE_OK;
    if (rc != SQLITE_DONE)
        (void)sqlite3_finalize(stmt); /* the same error again */
    for (uint32_t i = 0; i < world->next; i++) {
        struct row *row = &world->rows[i];
        tally->lost += row->is_saved && !is_there[i];
        if (!row->is_saved && row->may_be_there) {
            there += is_there[i];
            absent += !is_there[i];
        }
        row->is_saved = is_there[i];
        row->may_be_there = false;
    }
    tally->half += there > 0 && absent > 0;
    tally->damaged += !is_readable || (is_checked && is_damaged(world));
}

/* Opens after a cut; the power may go in the recovery too, twice. */
static int reopen(struct world *world)
{
    for (int left = 2;; left--) {
        crash_vfs_reboot(world->vfs);
        if (left > 0 && crash_random(&world->random) % 3 == 0)
            crash_vfs_cut_after(world->vfs, crash_random(&world->random) % 40);
        int rc = open_db(world, VFS_NAME);
        if (!crash_vfs_is_dead(world->vfs))
            return rc;
        if (rc == SQLITE_OK)
            close_db(world);
    }
}

/* One disk of its own, as many cycles as there are rows for. */
static void run_world(const struct configuration *configuration, struct crash_disk disk,
                      uint64_t cycles, struct tally *tally)
{
    struct world world = {.configuration = configuration, .random = disk.seed ^ 0x5eed};
    world.checkpoint_pages = (int)(disk.seed % 4 * 10);
    world.vfs = crash_vfs_new(VFS_NAME, disk);
    if (world.vfs == NULL)
        abort();
    for (uint64_t i = 0; i < cycles && world.next < ROWS_LEN; i++) {
        tally->cycles++;
        crash_vfs_cut_after(world.vfs, crash_random(&world.random) % 100);
        int rc = world.db == NULL ? open_db(&world, VFS_NAME) : SQLITE_OK;
        while (rc == SQLITE_OK && world.next < ROWS_LEN)
            rc = commit_batch(&world, tally);
        if (world.db != NULL)
            close_db(&world);
        if (rc != SQLITE_OK && !crash_vfs_is_dead(world.vfs)) {
            tally->damaged++;
            break;
        }
        rc = reopen(&world);
        if (rc != SQLITE_OK) {
            tally->refused++;
            break;
        }
        judge(&world, i % CHECK_EVERY == 0 || i + 1 == cycles || world.next == ROWS_LEN,
              tally);
    }
    if (world.db != NULL)
        close_db(&world);
    crash_vfs_free(world.vfs);
}

void settings_worlds(const struct configuration *configuration, struct crash_disk disk,
                     uint64_t cycles, struct tally *tally)
{
    for (; tally->cycles < cycles; disk.seed++)
        run_world(configuration, disk, cycles - tally->cycles, tally);
}

static double now(void)
{
    struct timespec time;
    if (clock_gettime(CLOCK_MONOTONIC, &time) != 0)
        abort();
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void remove_files(void)
{
    (void)unlink(FILE_NAME); /* those that are there */
    (void)unlink(FILE_NAME "-wal");
    (void)unlink(FILE_NAME "-journal");
}

bool settings_measure(const struct configuration *configuration, double *rows, double *ms)
{
    struct world world = {.configuration = configuration};
    remove_files();
    int rc = open_db(&world, NULL);
    double start = now();
    for (uint32_t i = 0; rc == SQLITE_OK && i < SAMPLES; i++) {
        if (i % 100 == 0)
            rc = run_sql(&world, "BEGIN IMMEDIATE");
        if (rc == SQLITE_OK)
            rc = insert_row(&world, i);
        if (rc == SQLITE_OK && i % 100 == 99)
            rc = run_sql(&world, "COMMIT");
    }
    *rows = SAMPLES / (now() - start);
    start = now();
    for (uint32_t i = SAMPLES; rc == SQLITE_OK && i < SAMPLES + 50; i++)
        rc = insert_row(&world, i);
    *ms = (now() - start) * 1000 / 50;
    if (world.db != NULL)
        close_db(&world);
    remove_files();
    return rc == SQLITE_OK;
}
