/* A store of which each thing that it asks for fails once: what asked the store says so,
 * the turn is rolled back, and everything is as before; or it goes as if nothing had
 * failed. */
#include <string.h>

#include <sqlite3.h>

#include "tests/unit/storage/fail_sqlite.h"
#include "tests/unit/storage/full_store.h"

/* ---- one request, of which something fails ---- */

static int64_t held_before; /* of SQLite's memory, with no store */

static int set_up(void **state)
{
    if (sample_set_up(state) != 0)
        return -1;
    full_fill(*state);
    store_close(*state);
    crash_vfs_keep(sample_disk());
    *state = sample_open(false);
    return 0;
}

static int tear_down(void **state)
{
    int rc = sample_tear_down(state);
    assert_int_equal(fail_sqlite_held(), held_before);
    return rc;
}

static int make_all(void **state)
{
    (void)state;
    full_make_ops();
    /* Of its own memory nothing is asked for while memory fails. */
    assert_non_null(buf_reserve(&full_heard, 1 << 16));
    if (sample_set_up(state) != 0 || sample_tear_down(state) != 0)
        return -1;
    held_before = fail_sqlite_held();
    return 0;
}

static int free_all(void **state)
{
    (void)state;
    full_free_ops();
    buf_deinit(&full_heard);
    return 0;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

/* One turn with this request. */
static enum status turn(struct store *store, const struct full_request *request)
{
    buf_clear(&full_heard);
    enum status status = store_begin(store);
    if (status != STATUS_OK)
        return status;
    status = request->ask(store);
    if (status == STATUS_OK)
        return store_commit(store);
    store_roll_back(store);
    return status;
}

static void dump_of(struct store *store, struct buf *out)
{
    buf_clear(out);
    assert_int_equal(store_dump(store, out), STATUS_OK);
}

static void assert_same(const struct buf *a, const struct buf *b)
{
    assert_true(bytes_equal(buf_bytes(a), buf_bytes(b)));
}

/* What a request does and says where nothing fails. */
struct outcome {
    struct buf before, after, heard;
};

static void outcome_of(void **state, const struct full_request *request,
                       struct outcome *outcome)
{
    *outcome = (struct outcome){.before = {0}};
    dump_of(*state, &outcome->before);
    enum status status = turn(*state, request);
    if (status != STATUS_OK)
        fail_msg("%s: %s", request->name, status_name(status));
    dump_of(*state, &outcome->after);
    buf_add(&outcome->heard, full_heard.data, full_heard.len);
}

static void outcome_free(struct outcome *outcome)
{
    buf_deinit(&outcome->before);
    buf_deinit(&outcome->after);
    buf_deinit(&outcome->heard);
}

/* As full as set_up left it. */
static void begin_anew(void **state)
{
    store_close(*state);
    crash_vfs_set_back(sample_disk());
    *state = sample_open(false);
}

struct plan {
    enum fail_what what;
    int code;
    bool for_good;
    enum status wanted; /* of what failed */
    bool may_pass;      /* or nobody notices, and all is as if nothing had failed */
    bool is_unprepared; /* each turn prepares what it needs */
    bool is_spread;     /* of many calls, the later the fewer of them */
};

/* Fails each call on the way of one request, in a store that is as full as before. */
static uint64_t fail_each(void **state, const struct full_request *request,
                          const struct plan *plan)
{
    struct outcome outcome;
    struct buf now = {0};
    uint64_t failures = 0;
    outcome_of(state, request, &outcome);
    begin_anew(state);
    for (uint64_t calls = 0;; calls += plan->is_spread ? 1 + calls / 2 : 1) {
        fail_sqlite_after(plan->what, calls, plan->code, plan->for_good);
        enum status status = turn(*state, request);
        if (!fail_sqlite_stop())
            break;
        failures++;
        if (status != plan->wanted && !(status == STATUS_OK && plan->may_pass))
            fail_msg("%s, call %u: %s", request->name, (unsigned)calls,
                     status_name(status));
        if (status == STATUS_OK)
            assert_same(&full_heard, &outcome.heard);
        sample_reopen(state, false); /* a fault is kept until then */
        dump_of(*state, &now);
        bool is_done = bytes_equal(buf_bytes(&now), buf_bytes(&outcome.after));
        if (!is_done)
            assert_same(&now, &outcome.before);
        if (status == STATUS_OK)
            assert_true(is_done);
        if (is_done)
            begin_anew(state);
        else if (plan->is_unprepared)
            sample_reopen(state, false);
    }
    buf_deinit(&now);
    outcome_free(&outcome);
    begin_anew(state);
    return failures;
}

static uint64_t fail_all(void **state, const struct plan *plan)
{
    uint64_t failures = 0;
    for (size_t i = 0; i < full_derived_len; i++)
        failures += fail_each(state, &full_derived[i], plan);
    for (size_t i = 0; i < full_own_len; i++)
        failures += fail_each(state, &full_own[i], plan);
    for (size_t i = 0; i < full_far_len; i++)
        failures += fail_each(state, &full_far[i], plan);
    for (size_t i = 0; i < full_seals_len; i++)
        failures += fail_each(state, &full_seals[i], plan);
    for (size_t i = 0; i < full_bundles_len; i++)
        failures += fail_each(state, &full_bundles[i], plan);
    /* A row goes into a backup as it is; the schema looks at it when it comes back. */
    for (size_t i = 0; i < full_backup_len && plan->what != FAIL_VALUE; i++)
        failures += fail_each(state, &full_backup[i], plan);
    return failures;
}

static void whatever_step_fails_is_said_and_changes_nothing(void **state)
{
    const struct plan once = {
        .what = FAIL_STEP, .code = SQLITE_NOMEM, .wanted = STATUS_NO_MEMORY};
    const struct plan for_good = {.what = FAIL_STEP,
                                  .code = SQLITE_IOERR_READ,
                                  .for_good = true,
                                  .is_spread = true,
                                  .wanted = STATUS_IO};
    assert_in_range(fail_all(state, &once), 300, 3000);
    assert_in_range(fail_all(state, &for_good), 200, 3000);
}

static void a_text_that_cannot_be_prepared_is_said_and_changes_nothing(void **state)
{
    const struct plan plan = {.what = FAIL_PREPARE,
                              .code = SQLITE_ERROR,
                              .wanted = STATUS_CORRUPT,
                              .is_unprepared = true};
    assert_in_range(fail_all(state, &plan), 100, 3000);
}

static void a_row_with_a_damaged_id_is_said_and_changes_nothing(void **state)
{
    const struct plan plan = {.what = FAIL_VALUE, .wanted = STATUS_CORRUPT};
    assert_in_range(fail_all(state, &plan), 50, 3000);
}

static void wherever_memory_ends_it_is_said_or_nothing_is_amiss(void **state)
{
    const struct plan plan = {.what = FAIL_MEMORY,
                              .wanted = STATUS_NO_MEMORY,
                              .may_pass = true,
                              .is_unprepared = true,
                              .is_spread = true};
    assert_in_range(fail_all(state, &plan), 300, 30000);
}

/* The same at each allocation, of those who ask for most. */
static void wherever_memory_ends_in_what_asks_for_much_it_is_said(void **state)
{
    static const char *const names[] = {"check", "write_ops", "dump_one"};
    const struct plan plan = {.what = FAIL_MEMORY,
                              .wanted = STATUS_NO_MEMORY,
                              .may_pass = true,
                              .is_unprepared = true};
    uint32_t asked = 0;
    for (size_t i = 0; i < full_derived_len; i++)
        for (size_t j = 0; j < sizeof(names) / sizeof(names[0]); j++)
            if (strcmp(full_derived[i].name, names[j]) == 0) {
                assert_in_range(fail_each(state, &full_derived[i], &plan), 50, 30000);
                asked++;
            }
    assert_int_equal(asked, sizeof(names) / sizeof(names[0]));
}

/* Places that nobody counted are not given. */
static void a_turn_that_was_rolled_back_without_counting_was_the_last(void **state)
{
    uint32_t ended = 0;
    for (uint64_t calls = 0;; calls++) {
        struct store *store = *state;
        sample_begin(store);
        sample_add(store, &full.later, TREE_SHARED);
        fail_sqlite_after(FAIL_STEP, calls, SQLITE_NOMEM, false);
        store_roll_back(store);
        bool has_failed = fail_sqlite_stop();
        enum status status = store_begin(store);
        if (status == STATUS_OK)
            store_roll_back(store);
        assert_int_equal(status, has_failed ? STATUS_NO_MEMORY : STATUS_OK);
        ended += has_failed;
        begin_anew(state);
        if (!has_failed)
            break;
    }
    assert_true(ended > 1);
}

/* Whoever asked may have taken it for "not here"; the turn does not end well all the
 * same. */
static void a_turn_that_reads_past_a_fault_does_not_end_well(void **state)
{
    struct id record = sample_id(FULL_RECORD);
    struct store_place place;
    sample_begin(*state);
    fail_sqlite_after(FAIL_STEP, 0, SQLITE_NOMEM, false);
    assert_int_equal(store_op_find(*state, &record, &place), STATUS_NO_MEMORY);
    assert_true(fail_sqlite_stop());

    assert_int_equal(store_commit(*state), STATUS_NO_MEMORY);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(whatever_step_fails_is_said_and_changes_nothing),
        TEST(a_text_that_cannot_be_prepared_is_said_and_changes_nothing),
        TEST(a_row_with_a_damaged_id_is_said_and_changes_nothing),
        TEST(wherever_memory_ends_it_is_said_or_nothing_is_amiss),
        TEST(wherever_memory_ends_in_what_asks_for_much_it_is_said),
        TEST(a_turn_that_was_rolled_back_without_counting_was_the_last),
        TEST(a_turn_that_reads_past_a_fault_does_not_end_well),
    };
    fail_sqlite_init();
    return cmocka_run_group_tests(tests, make_all, free_all);
}
