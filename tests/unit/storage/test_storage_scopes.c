/* What is derived: folded scopes, heads, holders, case numbers, and the dump of it all.
 */
#include <string.h>

#include "tests/unit/storage/store_sample.h"

#define TEST(name) cmocka_unit_test_setup_teardown(name, sample_set_up, sample_tear_down)

/* A scope with one op and a derived row, held by sites a and b. */
static void put(struct store *store, uint8_t byte, enum scope_kind kind, uint64_t touched,
                uint8_t a, uint8_t b)
{
    struct id id = sample_id(byte), heads[2] = {sample_id(9), sample_id(8)};
    struct id holders[2] = {sample_id(a), sample_id(b)};
    struct sample_op sample;
    struct store_scope scope = {.id = id, .kind = kind, .site = sample_id(0x51)};
    scope.digest = sample_id(0xd1);
    scope.view = bytes_str("view");
    scope.ops_len = 1;
    scope.founded_seq = 1;
    scope.touched_seq = touched;
    if (store_op_find(store, &id, &(struct store_place){0}) == STATUS_NOT_FOUND) {
        sample_op(&sample, &id, 1, "x");
        assert_int_equal(
            store_op_add(store, &sample.op, buf_bytes(&sample.bytes), kind, TREE_SHARED),
            STATUS_OK);
        sample_op_deinit(&sample);
    }
    assert_int_equal(store_scope_put(store, &scope, heads, 2, holders, a == b ? 1 : 2),
                     STATUS_OK);
}

static enum status check_scope(void *context, const struct store_scope *scope)
{
    struct id site = sample_id(0x51), digest = sample_id(0xd1);
    *(int *)context += 1;
    assert_int_equal(scope->kind, SCOPE_ESCALATION);
    assert_id(&scope->site, &site);
    assert_id(&scope->digest, &digest);
    assert_true(bytes_equal_str(scope->view, "view"));
    assert_int_equal(scope->ops_len, 1);
    assert_int_equal(scope->founded_seq, 1);
    assert_int_equal(scope->touched_seq, 42);
    return STATUS_OK;
}

static void a_scope_comes_back_as_it_was_put(void **state)
{
    struct store *store = *state;
    struct id id = sample_id(1);
    int calls = 0;
    sample_begin(store);
    put(store, 1, SCOPE_ESCALATION, 42, 2, 3);
    sample_commit(store);

    assert_int_equal(store_scope_get(store, &id, check_scope, &calls), STATUS_OK);

    assert_int_equal(calls, 1);
}

static void a_scope_without_a_fold_is_not_found(void **state)
{
    struct store *store = *state;
    struct id id = sample_id(1), unknown = sample_id(2);
    struct store_scope scope = {.id = unknown, .kind = SCOPE_CASE};
    struct sample_op sample;
    int calls = 0;
    sample_op(&sample, &id, 1, "x");
    sample_begin(store);
    sample_add(store, &sample, TREE_PRIVATE);

    assert_int_equal(store_scope_get(store, &id, check_scope, &calls), STATUS_NOT_FOUND);
    assert_int_equal(store_scope_put(store, &scope, NULL, 0, NULL, 0), STATUS_NOT_FOUND);

    assert_int_equal(calls, 0);
    store_roll_back(store);
    sample_op_deinit(&sample);
}

static void scopes_of_a_kind_come_newest_first_up_to_the_limit(void **state)
{
    struct store *store = *state;
    struct sample_ids all = {0}, two = {0};
    struct id newest = sample_id(2), oldest = sample_id(3);
    sample_begin(store);
    put(store, 1, SCOPE_CASE, 5, 2, 3);
    put(store, 2, SCOPE_CASE, 9, 2, 3);
    put(store, 3, SCOPE_CASE, 1, 2, 3);
    put(store, 4, SCOPE_BULLETIN, 7, 2, 3);
    sample_commit(store);

    assert_int_equal(
        store_scopes_of_kind(store, SCOPE_CASE, 0, sample_collect_scope, &all),
        STATUS_OK);
    assert_int_equal(
        store_scopes_of_kind(store, SCOPE_CASE, 2, sample_collect_scope, &two),
        STATUS_OK);

    uint64_t count = 0;
    assert_int_equal(store_scopes_count(store, SCOPE_CASE, &count), STATUS_OK);
    assert_int_equal(count, 3);
    assert_int_equal(all.len, 3);
    assert_id(&all.ids[0], &newest);
    assert_id(&all.ids[2], &oldest);
    assert_int_equal(two.len, 2);
}

static void only_what_both_sites_hold_is_shared_in_order_of_id(void **state)
{
    struct store *store = *state;
    struct id a = sample_id(0xa), b = sample_id(0xb), first = sample_id(2);
    struct sample_ids list = {0}, own = {0};
    sample_begin(store);
    put(store, 5, SCOPE_ESCALATION, 1, 0xa, 0xb);
    put(store, 2, SCOPE_ESCALATION, 1, 0xb, 0xa);
    put(store, 3, SCOPE_ESCALATION, 1, 0xa, 0xc);
    put(store, 4, SCOPE_CASE, 1, 0xa, 0xa);
    sample_commit(store);

    assert_int_equal(
        store_scopes_held(store, SCOPE_ESCALATION, &a, &b, sample_collect, &list),
        STATUS_OK);
    assert_int_equal(store_scopes_held(store, SCOPE_CASE, &a, &a, sample_collect, &own),
                     STATUS_OK);

    assert_int_equal(list.len, 2);
    assert_id(&list.ids[0], &first);
    assert_int_equal(own.len, 1);
}

static void putting_a_scope_again_replaces_heads_and_holders(void **state)
{
    struct store *store = *state;
    struct id id = sample_id(1), a = sample_id(0xa), head = sample_id(0x77);
    struct id holder = sample_id(0xf);
    struct store_scope scope = {.id = id, .kind = SCOPE_CASE, .view = bytes_str("new")};
    struct sample_ids heads = {0}, held = {0};
    sample_begin(store);
    put(store, 1, SCOPE_CASE, 1, 0xa, 0xb);
    assert_int_equal(store_scope_heads(store, &id, sample_collect, &heads), STATUS_OK);
    assert_int_equal(heads.len, 2);
    assert_true(id_compare(&heads.ids[0], &heads.ids[1]) < 0);
    heads.len = 0;

    assert_int_equal(store_scope_put(store, &scope, &head, 1, &holder, 1), STATUS_OK);

    sample_commit(store);
    assert_int_equal(store_scope_heads(store, &id, sample_collect, &heads), STATUS_OK);
    assert_int_equal(heads.len, 1);
    assert_id(&heads.ids[0], &head);
    assert_int_equal(store_scopes_held(store, SCOPE_CASE, &a, &a, sample_collect, &held),
                     STATUS_OK);
    assert_int_equal(held.len, 0);
}

static enum status count_item(void *context, uint64_t wall, const struct id *id)
{
    (void)id;
    assert_in_range(wall, 1790000001, 1790000009);
    ++*(int *)context;
    return STATUS_OK;
}

static void the_items_of_a_scope_include_what_waits(void **state)
{
    struct store *store = *state;
    struct id scope = sample_id(1), other = sample_id(2);
    struct sample_op samples[3];
    int items = 0;
    sample_begin(store);
    for (int i = 0; i < 3; i++) {
        sample_op(&samples[i], i == 2 ? &other : &scope, 1 + (uint64_t)i, "x");
        sample_add(store, &samples[i], i == 0 ? TREE_SHARED : TREE_WAITING);
    }
    sample_commit(store);

    assert_int_equal(store_scope_items(store, &scope, count_item, &items), STATUS_OK);

    assert_int_equal(items, 2);
    for (int i = 0; i < 3; i++)
        sample_op_deinit(&samples[i]);
}

static void a_number_leads_to_each_case_that_has_it(void **state)
{
    struct store *store = *state;
    struct id one = sample_id(1), two = sample_id(2);
    struct bytes number = bytes_str("2026-0001");
    struct sample_ids list = {0}, none = {0};
    sample_begin(store);
    put(store, 1, SCOPE_CASE, 1, 2, 3);
    put(store, 2, SCOPE_CASE, 2, 2, 3);

    assert_int_equal(store_number_put(store, &one, number), STATUS_OK);
    assert_int_equal(store_number_put(store, &one, number), STATUS_OK);
    assert_int_equal(store_number_put(store, &two, number), STATUS_OK);

    sample_commit(store);
    assert_int_equal(store_number_find(store, number, sample_collect, &list), STATUS_OK);
    assert_int_equal(list.len, 2);
    assert_int_equal(
        store_number_find(store, bytes_str("2026-000"), sample_collect, &none),
        STATUS_OK);
    assert_int_equal(none.len, 0);
}

static void the_last_number_of_a_year_is_the_longest_then_the_highest(void **state)
{
    static const char *const numbers[] = {"2026-9999",  "2026-10000",     "2027-0001",
                                          "2025-99999", "2026-1473-0012", "2026-zzzzzz",
                                          "2026-123",   "2026-99999999"};
    struct store *store = *state;
    struct id id = sample_id(1);
    struct buf last = {0};
    sample_begin(store);
    put(store, 1, SCOPE_CASE, 1, 2, 3);
    assert_int_equal(store_number_last(store, bytes_str("2026-"), &last), STATUS_OK);
    assert_int_equal(last.len, 0);
    for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
        assert_int_equal(store_number_put(store, &id, bytes_str(numbers[i])), STATUS_OK);
    sample_commit(store);

    assert_int_equal(store_number_last(store, bytes_str("2026-"), &last), STATUS_OK);

    assert_true(bytes_equal_str(buf_bytes(&last), "2026-10000"));
    /* A series counts by itself. */
    assert_int_equal(store_number_last(store, bytes_str("2026-1473-"), &last), STATUS_OK);
    assert_true(bytes_equal_str(buf_bytes(&last), "2026-1473-0012"));
    buf_deinit(&last);
}

static void what_is_derived_can_be_cleared_and_made_again_with_the_same_dump(void **state)
{
    struct store *store = *state;
    struct id id = sample_id(1);
    struct buf before = {0}, empty = {0}, after = {0};
    sample_begin(store);
    put(store, 1, SCOPE_CASE, 5, 2, 3);
    put(store, 2, SCOPE_ESCALATION, 6, 2, 3);
    assert_int_equal(store_number_put(store, &id, bytes_str("2026-0001")), STATUS_OK);
    sample_commit(store);
    assert_int_equal(store_dump(store, &before), STATUS_OK);

    sample_begin(store);
    assert_int_equal(store_scopes_clear(store), STATUS_OK);
    assert_int_equal(store_dump(store, &empty), STATUS_OK);
    put(store, 2, SCOPE_ESCALATION, 6, 2, 3);
    put(store, 1, SCOPE_CASE, 5, 2, 3);
    assert_int_equal(store_number_put(store, &id, bytes_str("2026-0001")), STATUS_OK);
    sample_commit(store);
    store = sample_reopen(state, false);

    assert_int_equal(store_dump(store, &after), STATUS_OK);
    assert_false(bytes_equal(buf_bytes(&before), buf_bytes(&empty)));
    assert_true(bytes_equal(buf_bytes(&before), buf_bytes(&after)));
    buf_deinit(&before);
    buf_deinit(&empty);
    buf_deinit(&after);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_scope_comes_back_as_it_was_put),
        TEST(a_scope_without_a_fold_is_not_found),
        TEST(scopes_of_a_kind_come_newest_first_up_to_the_limit),
        TEST(only_what_both_sites_hold_is_shared_in_order_of_id),
        TEST(putting_a_scope_again_replaces_heads_and_holders),
        TEST(the_items_of_a_scope_include_what_waits),
        TEST(a_number_leads_to_each_case_that_has_it),
        TEST(the_last_number_of_a_year_is_the_longest_then_the_highest),
        TEST(what_is_derived_can_be_cleared_and_made_again_with_the_same_dump),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
