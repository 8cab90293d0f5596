/* Closed cases, since when, and their notices. */
#include <string.h>

#include "storage/store_retention.h"
#include "tests/unit/storage/store_sample.h"

#define TEST(name) cmocka_unit_test_setup_teardown(name, sample_set_up, sample_tear_down)

struct rows {
    struct store_retention rows[4];
    int len;
    enum status answer;
};

static enum status collect(void *context, const struct store_retention *row)
{
    struct rows *rows = context;
    assert_true(rows->len < 4);
    rows->rows[rows->len++] = *row;
    return rows->answer;
}

static struct rows list(struct store *store)
{
    struct rows rows = {.answer = STATUS_OK};
    assert_int_equal(store_retentions(store, collect, &rows), STATUS_OK);
    return rows;
}

static void what_is_closed_stays_so_until_it_is_said_otherwise(void **state)
{
    struct store *store = *state;
    struct store_retention row = {
        .scope = sample_id(2), .closed_at = 5, .due = 2, .notice_s = 7};
    struct id other = sample_id(1);
    sample_begin(store);
    assert_int_equal(store_retention_put(store, &row), STATUS_NOT_FOUND);
    assert_int_equal(store_retention_begin(store, &row.scope), STATUS_OK);
    assert_int_equal(store_retention_begin(store, &other), STATUS_OK);
    assert_int_equal(store_retention_put(store, &row), STATUS_OK);
    assert_int_equal(store_retention_begin(store, &row.scope), STATUS_OK);
    sample_commit(store);

    store = sample_reopen(state, false);
    struct rows rows = list(store);
    assert_int_equal(rows.len, 2);
    assert_true(id_equal(&rows.rows[0].scope, &other));
    assert_int_equal(rows.rows[0].closed_at, 0);
    assert_int_equal(rows.rows[1].closed_at, 5);
    assert_int_equal(rows.rows[1].due, 2);
    assert_int_equal(rows.rows[1].notice_s, 7);

    sample_begin(store);
    assert_int_equal(store_retention_end(store, &row.scope), STATUS_OK);
    assert_int_equal(store_retention_end(store, &row.scope), STATUS_OK);
    sample_commit(store);
    assert_int_equal(list(store).len, 1);
}

static void it_is_counted_of_how_many_a_notice_stands(void **state)
{
    struct store *store = *state;
    uint64_t count = 9;
    assert_int_equal(store_retention_count_due(store, &count), STATUS_OK);
    assert_int_equal(count, 0);
    sample_begin(store);
    for (uint8_t i = 1; i < 4; i++) {
        struct store_retention row = {.scope = sample_id(i), .due = i - 1};
        assert_int_equal(store_retention_begin(store, &row.scope), STATUS_OK);
        assert_int_equal(store_retention_put(store, &row), STATUS_OK);
    }
    sample_commit(store);

    assert_int_equal(store_retention_count_due(store, &count), STATUS_OK);

    assert_int_equal(count, 2);
}

static void notices_begin_anew_and_the_rest_stays(void **state)
{
    struct store *store = *state;
    struct store_retention row = {
        .scope = sample_id(3), .closed_at = 5, .due = 1, .notice_s = 7};
    sample_begin(store);
    assert_int_equal(store_retention_begin(store, &row.scope), STATUS_OK);
    assert_int_equal(store_retention_put(store, &row), STATUS_OK);
    assert_int_equal(store_retention_restart(store), STATUS_OK);
    sample_commit(store);

    struct rows rows = list(store);

    assert_int_equal(rows.rows[0].notice_s, 0);
    assert_int_equal(rows.rows[0].closed_at, 5);
    assert_int_equal(rows.rows[0].due, 1);
}

static void who_lists_may_stop(void **state)
{
    struct store *store = *state;
    struct rows rows = {.answer = STATUS_DENIED};
    sample_begin(store);
    for (uint8_t i = 1; i < 3; i++) {
        struct id scope = sample_id(i);
        assert_int_equal(store_retention_begin(store, &scope), STATUS_OK);
    }
    sample_commit(store);

    assert_int_equal(store_retentions(store, collect, &rows), STATUS_DENIED);

    assert_int_equal(rows.len, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_is_closed_stays_so_until_it_is_said_otherwise),
        TEST(it_is_counted_of_how_many_a_notice_stands),
        TEST(notices_begin_anew_and_the_rest_stays),
        TEST(who_lists_may_stop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
