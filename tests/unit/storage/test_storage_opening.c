/* An opening of which each thing that it asks for fails once, and turns of a disk that
 * fails at each of its steps: refused in words that name the file, and the next opening
 * finds what was there. */
#include <stdlib.h>
#include <string.h>

#include <sqlite3.h>

#include "storage/statement.h"
#include "storage/store_scrub.h"
#include "tests/unit/storage/fail_sqlite.h"
#include "tests/unit/storage/full_store.h"

static int make_all(void **state)
{
    (void)state;
    full_make_ops();
    return 0;
}

static int free_all(void **state)
{
    (void)state;
    full_free_ops();
    return 0;
}

/* The test begins with a disk of its own, and what it opens it closes. */
static int no_store(void **state)
{
    if (sample_set_up(state) != 0)
        return -1;
    store_close(*state);
    *state = NULL;
    crash_vfs_set_back(sample_disk()); /* to nothing */
    return 0;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, no_store, sample_tear_down)

/* An image with much to do for an opening: a log that was not folded in, erased bytes
 * that stand in gaps still, and a mark that says more than the database. */
static void keep_unsettled(struct buf *dump)
{
    static const uint8_t yes[] = {1};
    struct store *store = sample_open(true);
    full_fill(store);
    sample_begin(store);
    assert_int_equal(store_meta_put(store, "unwritten", bytes_of(yes, 1)), STATUS_OK);
    sample_commit(store);
    assert_int_equal(store_dump(store, dump), STATUS_OK);
    struct mark_stand ahead = store->stand;
    ahead.commits += 2;
    assert_int_equal(mark_write(&store->mark, &ahead), SQLITE_OK);
    store->fault = STATUS_IO; /* so that closing folds nothing in */
    store_close(store);
    crash_vfs_keep(sample_disk());
}

static enum status try_open(struct store **store, bool create, struct err *err)
{
    *err = (struct err){0};
    *store = NULL;
    return store_open(store, SAMPLE_FILE, SAMPLE_VFS, create, err);
}

static void assert_refused(enum status status, const struct err *err, uint64_t calls)
{
    if (status == STATUS_OK || strstr(err->text, SAMPLE_FILE) == NULL)
        fail_msg("call %u: %s, \"%s\"", (unsigned)calls, status_name(status), err->text);
}

/* What was there is found again, and what was lost is said: now, or in the words of the
 * opening that failed (NULL: of none). */
static void assert_opens(const struct buf *dump, const struct err *err)
{
    struct buf now = {0};
    struct store_loss last;
    struct store *store = sample_open(dump->len == 0);
    assert_int_equal(store_loss_last(store, &last), STATUS_OK);
    if (dump->len > 0) {
        assert_int_equal(store_dump(store, &now), STATUS_OK);
        assert_true(bytes_equal(buf_bytes(&now), buf_bytes(dump)));
        if (store_loss(store)->kind != LOSS_COMMITS)
            assert_non_null(strstr(err->text, "lost the last 2 commits"));
        assert_int_equal(last.times, 1);
        assert_false(store_scrub_waits(store));
    } else {
        assert_int_equal(last.kind, LOSS_NONE);
    }
    store_close(store);
    buf_deinit(&now);
}

/* An opening of the image that is kept, or of nothing: each call fails. */
static void fail_openings(enum fail_what what, int code, bool is_spread,
                          enum status wanted, const struct buf *dump)
{
    for (uint64_t calls = 0;; calls += is_spread ? 1 + calls / 2 : 1) {
        struct store *store;
        struct err err;
        int64_t held = fail_sqlite_held();
        fail_sqlite_after(what, calls, code, false);
        enum status status = try_open(&store, dump->len == 0, &err);
        bool has_failed = fail_sqlite_stop();
        if (status == STATUS_OK) {
            store_close(store);
            /* SQLite bears some ends of memory. */
            if (has_failed && what != FAIL_MEMORY)
                fail_msg("call %u: it opened all the same", (unsigned)calls);
        } else {
            assert_refused(status, &err, calls);
            if (wanted != STATUS_OK && status != wanted)
                fail_msg("call %u: %s, \"%s\"", (unsigned)calls, status_name(status),
                         err.text);
            assert_int_equal(fail_sqlite_held(), held);
            assert_opens(dump, &err);
        }
        crash_vfs_set_back(sample_disk());
        if (!has_failed)
            break;
    }
}

static void fail_all_openings(const struct buf *dump)
{
    fail_openings(FAIL_STEP, SQLITE_IOERR_READ, dump->len == 0, STATUS_IO, dump);
    fail_openings(FAIL_STEP, SQLITE_NOMEM, true, STATUS_NO_MEMORY, dump);
    fail_openings(FAIL_PREPARE, SQLITE_NOMEM, dump->len == 0, STATUS_NO_MEMORY, dump);
    fail_openings(FAIL_MEMORY, 0, true, STATUS_NO_MEMORY, dump);
}

static void an_opening_that_fails_anywhere_says_so_and_loses_nothing(void **state)
{
    (void)state;
    struct buf dump = {0};
    keep_unsettled(&dump);
    fail_all_openings(&dump);
    buf_deinit(&dump);
}

static void a_store_whose_making_failed_is_made_at_the_next_opening(void **state)
{
    (void)state;
    const struct buf nothing = {0};
    fail_all_openings(&nothing);
}

/* Each code that SQLite may give, at the first step. */
static void each_failure_has_words_of_its_own(void **state)
{
    (void)state;
    static const struct {
        int code;
        enum status status;
        const char *words;
    } rows[] = {
        {SQLITE_BUSY, STATUS_BUSY, "another process"},
        {SQLITE_LOCKED, STATUS_BUSY, "another process"},
        {SQLITE_CANTOPEN, STATUS_IO, "no reason given"},
        {SQLITE_READONLY, STATUS_IO, "may not be opened for writing"},
        {SQLITE_NOTADB, STATUS_CORRUPT, "damaged at its beginning"},
        {SQLITE_FULL, STATUS_FULL, "no room is left"},
        {SQLITE_CORRUPT, STATUS_CORRUPT, "is damaged"},
        {SQLITE_IOERR_CORRUPTFS, STATUS_CORRUPT, "is damaged"},
        {SQLITE_IOERR_DATA, STATUS_CORRUPT, "is damaged"},
        {SQLITE_NOMEM, STATUS_NO_MEMORY, "no memory is left"},
        {SQLITE_IOERR_NOMEM, STATUS_NO_MEMORY, "no memory is left"},
        {SQLITE_IOERR, STATUS_IO, "is the disk whole?"},
        {SQLITE_INTERRUPT, STATUS_IO, "is the disk whole?"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct store *store;
        struct err err;
        fail_sqlite_after(FAIL_STEP, 0, rows[i].code, false);
        enum status status = try_open(&store, true, &err);
        assert_true(fail_sqlite_stop());
        assert_int_equal(status, rows[i].status);
        if (strstr(err.text, rows[i].words) == NULL)
            fail_msg("\"%s\" does not say \"%s\"", err.text, rows[i].words);
    }
}

static void what_nobody_may_write_is_refused(void **state)
{
    (void)state;
    struct store *store;
    struct err err;
    for (uint64_t calls = 0; calls < 2; calls++) {
        fail_sqlite_after(FAIL_WRITING, calls, 0, false);
        enum status status = try_open(&store, true, &err);
        assert_true(fail_sqlite_stop());
        assert_int_equal(status, calls == 0 ? STATUS_IO : STATUS_CORRUPT);
        assert_non_null(strstr(err.text, "writ"));
    }
}

static void a_path_too_long_is_refused(void **state)
{
    (void)state;
    struct store *store;
    struct err err = {0};
    static char path[5000];
    memset(path, 'a', sizeof(path) - 1);
    assert_int_equal(store_open(&store, path, SAMPLE_VFS, true, &err), STATUS_INVALID);
    assert_non_null(strstr(err.text, "too long"));
}

/* An answer that does not come is none that is as it should be. */
static void a_setting_that_is_not_confirmed_is_refused(void **state)
{
    (void)state;
    bool is_refused = false;
    struct store *store;
    struct err err;
    for (uint64_t calls = 4; calls < 19; calls++) {
        fail_sqlite_after(FAIL_STEP, calls, SQLITE_DONE, false);
        enum status status = try_open(&store, true, &err);
        assert_true(fail_sqlite_stop());
        is_refused |= status == STATUS_IO && strstr(err.text, "refuses the setting");
        store_close(status == STATUS_OK ? store : NULL);
        crash_vfs_set_back(sample_disk());
    }
    assert_true(is_refused);
}

static void a_setting_that_is_answered_otherwise_is_refused(void **state)
{
    (void)state;
    uint32_t refused[2] = {0};
    for (int has_text = 0; has_text < 2; has_text++)
        for (uint64_t calls = 0;; calls++) {
            struct store *store;
            struct err err;
            fail_sqlite_after(FAIL_TEXT, calls, has_text ? SQLITE_ERROR : SQLITE_OK,
                              false);
            enum status status = try_open(&store, true, &err);
            bool has_failed = fail_sqlite_stop();
            if (status != STATUS_OK) {
                assert_int_equal(status, STATUS_IO);
                assert_non_null(strstr(err.text, "refuses the setting"));
                refused[has_text]++;
            }
            store_close(status == STATUS_OK ? store : NULL);
            crash_vfs_set_back(sample_disk());
            if (!has_failed)
                break;
        }
    assert_true(refused[0] > 0);
    assert_int_equal(refused[0], refused[1]);
}

/* ---- the mark beside it ---- */

static int closed;

static int count_closing(sqlite3_file *file)
{
    (void)file;
    closed++;
    return SQLITE_OK;
}

/* SQLite lets a disk refuse a file that has to be closed all the same. */
static int open_half(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags,
                     int *flags_out)
{
    static const sqlite3_io_methods methods = {.iVersion = 1, .xClose = count_closing};
    (void)vfs;
    (void)name;
    (void)flags;
    (void)flags_out;
    file->pMethods = &methods;
    return SQLITE_IOERR;
}

static int same_path(sqlite3_vfs *vfs, const char *name, int size, char *out)
{
    (void)vfs;
    assert_true(strlen(name) < (size_t)size);
    memcpy(out, name, strlen(name) + 1);
    return SQLITE_OK;
}

static void a_mark_that_cannot_be_had_leaves_nothing(void **state)
{
    (void)state;
    static char path[5000];
    static sqlite3_vfs half = {.iVersion = 1,
                               .szOsFile = sizeof(sqlite3_file),
                               .mxPathname = 64,
                               .zName = "half",
                               .xOpen = open_half,
                               .xFullPathname = same_path};
    struct mark mark = {0};
    int64_t held = fail_sqlite_held();
    assert_int_equal(mark_open(&mark, SAMPLE_FILE, "nobody's"), SQLITE_CANTOPEN);

    memset(path, 'a', sizeof(path) - 1);
    assert_int_equal(mark_open(&mark, path, SAMPLE_VFS), SQLITE_CANTOPEN);

    for (uint64_t calls = 0; calls < 2; calls++) {
        fail_sqlite_after(FAIL_MEMORY, calls, 0, false);
        assert_int_equal(mark_open(&mark, SAMPLE_FILE, SAMPLE_VFS), SQLITE_NOMEM);
        assert_true(fail_sqlite_stop());
    }

    assert_int_equal(sqlite3_vfs_register(&half, 0), SQLITE_OK);
    assert_int_equal(mark_open(&mark, SAMPLE_FILE, "half"), SQLITE_IOERR);
    assert_int_equal(closed, 1);
    assert_int_equal(sqlite3_vfs_unregister(&half), SQLITE_OK);

    assert_null(mark.file);
    assert_int_equal(fail_sqlite_held(), held);
}

/* ---- the disk ---- */

static const struct {
    enum crash_fault fault;
    enum status status;
} faults[] = {{CRASH_EIO, STATUS_IO}, {CRASH_ENOSPC, STATUS_FULL}};

/* From some step on all fail, once for want of room and once for good. */
static void fail_disk_openings(const struct buf *dump)
{
    bool has_failed = true;
    for (uint64_t steps = 0; has_failed; steps += dump->len > 0 ? 1 : 1 + steps / 16) {
        struct store *store;
        struct err err;
        crash_vfs_fail_after(sample_disk(), steps, faults[steps % 2].fault, true);
        enum status status = try_open(&store, dump->len == 0, &err);
        has_failed = crash_vfs_has_failed(sample_disk());
        crash_vfs_fail_after(sample_disk(), 0, CRASH_NONE, false);
        if (status == STATUS_OK) {
            store_close(store);
        } else {
            assert_refused(status, &err, steps);
            assert_opens(dump, &err);
        }
        crash_vfs_set_back(sample_disk());
    }
}

static void whatever_step_of_the_disk_fails_an_opening_says_so(void **state)
{
    (void)state;
    struct buf dump = {0};
    keep_unsettled(&dump);
    fail_disk_openings(&dump);
    buf_deinit(&dump);
}

static void whatever_step_of_the_disk_fails_a_new_store_is_refused(void **state)
{
    (void)state;
    const struct buf nothing = {0};
    fail_disk_openings(&nothing);
}

static enum status erase_first(struct store *store)
{
    enum status status = store_begin(store);
    if (status != STATUS_OK)
        return status;
    status = store_op_replace(store, &full.first.op.id, buf_bytes(&full.first.erased));
    if (status == STATUS_OK)
        return store_commit(store);
    store_roll_back(store);
    return status;
}

static enum status see_len(void *context, const struct store_op *op)
{
    *(size_t *)context = op->bytes.len;
    return STATUS_OK;
}

/* Before or after, never half; and what was told as done is done. */
static void
whatever_step_of_the_disk_fails_an_erasure_is_whole_or_not_at_all(void **state)
{
    (void)state;
    struct store *store = sample_open(true);
    full_fill(store);
    store_close(store);
    crash_vfs_keep(sample_disk());
    bool has_failed = true;
    for (uint64_t steps = 0; has_failed; steps++) {
        size_t len = 0;
        enum status fault = faults[steps % 2].status;
        store = sample_open(false);
        crash_vfs_fail_after(sample_disk(), steps, faults[steps % 2].fault, true);
        enum status status = erase_first(store);
        has_failed = crash_vfs_has_failed(sample_disk());
        /* Where the file could not be written anew for want of room, that waits. */
        if (status == STATUS_OK)
            assert_int_equal(has_failed, store_scrub_waits(store));
        else if (status != fault)
            fail_msg("step %u: %s", (unsigned)steps, status_name(status));
        crash_vfs_fail_after(sample_disk(), 0, CRASH_NONE, false);
        store_close(store);

        store = sample_open(false);
        assert_int_equal(store_op_get(store, &full.first.op.id, see_len, &len),
                         STATUS_OK);
        assert_true(len == full.first.erased.len ||
                    (status != STATUS_OK && len == full.first.bytes.len));
        assert_false(store_scrub_waits(store));
        store_close(store);
        crash_vfs_set_back(sample_disk());
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(an_opening_that_fails_anywhere_says_so_and_loses_nothing),
        TEST(a_store_whose_making_failed_is_made_at_the_next_opening),
        TEST(each_failure_has_words_of_its_own),
        TEST(what_nobody_may_write_is_refused),
        TEST(a_path_too_long_is_refused),
        TEST(a_setting_that_is_not_confirmed_is_refused),
        TEST(a_setting_that_is_answered_otherwise_is_refused),
        TEST(a_mark_that_cannot_be_had_leaves_nothing),
        TEST(whatever_step_of_the_disk_fails_an_opening_says_so),
        TEST(whatever_step_of_the_disk_fails_a_new_store_is_refused),
        TEST(whatever_step_of_the_disk_fails_an_erasure_is_whole_or_not_at_all),
    };
    fail_sqlite_init();
    return cmocka_run_group_tests(tests, make_all, free_all);
}
