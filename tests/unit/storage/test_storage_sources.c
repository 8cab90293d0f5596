/* What each site brought: counted while it is held, bounded, and who waits longest. */
#include <string.h>

#include "proto/limits.h"
#include "storage/store_sources.h"
#include "tests/unit/storage/store_sample.h"

#define TEST(name) cmocka_unit_test_setup_teardown(name, sample_set_up, sample_tear_down)

/* An op of that time, brought by a site, that waits; its id. */
static struct id add_guest(struct store *store, uint8_t site, uint64_t time)
{
    struct id scope = sample_id(9), from = sample_id(site);
    struct sample_op sample;
    sample_op(&sample, &scope, time, "waits");
    sample_add(store, &sample, TREE_WAITING);
    assert_int_equal(store_guest_add(store, &sample.op.id, &from, 100), STATUS_OK);
    struct id id = sample.op.id;
    sample_op_deinit(&sample);
    return id;
}

static struct store_source source_of(struct store *store, uint8_t site)
{
    struct id id = sample_id(site);
    struct store_source source;
    assert_int_equal(store_source_get(store, &id, &source), STATUS_OK);
    return source;
}

static uint64_t guests_of(struct store *store, uint8_t site)
{
    struct id id = sample_id(site);
    uint64_t count;
    assert_int_equal(store_guests_count(store, &id, &count), STATUS_OK);
    return count;
}

static void a_site_that_brought_nothing_has_the_ordinary_quota(void **state)
{
    struct store *store = *state;
    struct store_source source = source_of(store, 1);

    assert_int_equal(source.ops, 0);
    assert_int_equal(source.ops_max, QUOTA_OPS_MAX);
    assert_int_equal(source.bytes_max, QUOTA_BYTES_MAX);
}

static void a_quota_stays_while_what_was_brought_is_added(void **state)
{
    struct store *store = *state;
    struct id site = sample_id(1);
    sample_begin(store);
    assert_int_equal(store_source_add(store, &site, 2, 300, 5), STATUS_OK);

    assert_int_equal(store_source_limit(store, &site, 7, 1000), STATUS_OK);
    assert_int_equal(store_source_add(store, &site, 1, 50, 2), STATUS_OK);
    sample_commit(store);

    store = sample_reopen(state, true);
    struct store_source source = source_of(store, 1);
    assert_int_equal(source.ops, 3);
    assert_int_equal(source.bytes, 350);
    assert_int_equal(source.refused, 2); /* since the quota was set */
    assert_int_equal(source.ops_max, 7);
    assert_int_equal(source.bytes_max, 1000);
}

static void what_waited_counts_on_in_the_graph_and_not_when_it_is_forgotten(void **state)
{
    struct store *store = *state;
    sample_begin(store);
    struct id first = add_guest(store, 1, 1), second = add_guest(store, 1, 2);
    assert_int_equal(source_of(store, 1).ops, 2);
    assert_int_equal(guests_of(store, 1), 2);

    assert_int_equal(store_op_promote(store, &first, SCOPE_ESCALATION, TREE_SHARED),
                     STATUS_OK);
    assert_int_equal(store_op_remove_waiting(store, &second), STATUS_OK);
    sample_commit(store);

    assert_int_equal(guests_of(store, 1), 0);
    assert_int_equal(source_of(store, 1).ops, 1);
    assert_int_equal(source_of(store, 1).bytes, 100);
}

static void an_op_of_our_own_is_no_guest(void **state)
{
    struct store *store = *state;
    struct id scope = sample_id(9);
    struct sample_op sample;
    sample_op(&sample, &scope, 1, "ours");
    sample_begin(store);
    sample_add(store, &sample, TREE_WAITING);

    assert_int_equal(store_op_remove_waiting(store, &sample.op.id), STATUS_OK);

    sample_commit(store);
    sample_op_deinit(&sample);
}

static void those_that_a_round_left_are_older_than_all_others(void **state)
{
    struct store *store = *state;
    struct id site = sample_id(1), oldest;
    sample_begin(store);
    struct id first = add_guest(store, 1, 1);
    assert_int_equal(store_guest_oldest(store, &site, true, &oldest), STATUS_NOT_FOUND);
    assert_int_equal(store_guest_oldest(store, &site, false, &oldest), STATUS_OK);
    assert_id(&oldest, &first);

    assert_int_equal(store_guests_leave(store, &site), STATUS_OK);
    (void)add_guest(store, 1, 2);

    assert_int_equal(store_guest_oldest(store, &site, true, &oldest), STATUS_OK);
    assert_id(&oldest, &first);
    assert_int_equal(store_op_remove_waiting(store, &first), STATUS_OK);
    assert_int_equal(store_guest_oldest(store, &site, true, &oldest), STATUS_NOT_FOUND);
    sample_commit(store);
}

static void the_site_with_most_guests_is_named(void **state)
{
    struct store *store = *state;
    struct id site = {{0}}, largest = sample_id(2);
    uint64_t count = 0;
    sample_begin(store);
    assert_int_equal(store_guests_largest(store, &site, &count), STATUS_NOT_FOUND);
    (void)add_guest(store, 1, 1);
    (void)add_guest(store, 2, 2);
    (void)add_guest(store, 2, 3);
    (void)add_guest(store, 3, 4);

    assert_int_equal(store_guests_largest(store, &site, &count), STATUS_OK);

    assert_id(&site, &largest);
    assert_int_equal(count, 2);
    sample_commit(store);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_site_that_brought_nothing_has_the_ordinary_quota),
        TEST(a_quota_stays_while_what_was_brought_is_added),
        TEST(what_waited_counts_on_in_the_graph_and_not_when_it_is_forgotten),
        TEST(an_op_of_our_own_is_no_guest),
        TEST(those_that_a_round_left_are_older_than_all_others),
        TEST(the_site_with_most_guests_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
