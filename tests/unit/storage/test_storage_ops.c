/* Ops in the store: kept once, in order, waiting or with a place in the ledger. */
#include <string.h>

#include "tests/unit/storage/store_sample.h"

#define TEST(name) cmocka_unit_test_setup_teardown(name, sample_set_up, sample_tear_down)

static enum status keep_op(void *context, const struct store_op *op)
{
    struct store_op *kept = context;
    *kept = *op;
    kept->bytes = (struct bytes){0};
    return STATUS_OK;
}

static enum status keep_bytes(void *context, const struct store_op *op)
{
    buf_clear(context);
    buf_add(context, op->bytes.data, op->bytes.len);
    return STATUS_OK;
}

static void an_op_comes_back_as_it_was_added(void **state)
{
    struct store *store = *state;
    struct id scope = sample_id(1);
    struct sample_op sample;
    struct buf bytes = {0};
    sample_op(&sample, &scope, 7, "两家为田埂争执");

    sample_begin(store);
    sample_add(store, &sample, TREE_PRIVATE);
    sample_commit(store);

    struct store_op op;
    struct store_place place;
    assert_int_equal(store_op_get(store, &sample.op.id, keep_op, &op), STATUS_OK);
    assert_int_equal(store_op_get(store, &sample.op.id, keep_bytes, &bytes), STATUS_OK);
    assert_int_equal(store_op_find(store, &sample.op.id, &place), STATUS_OK);
    assert_id(&op.id, &sample.op.id);
    assert_id(&op.scope, &scope);
    assert_int_equal(op.seq, 1);
    assert_int_equal(op.time, 7);
    assert_int_equal(place.time, 7);
    assert_int_equal(op.wall, sample.op.wall);
    assert_int_equal(op.tree, TREE_PRIVATE);
    assert_int_equal(op.position, 0);
    assert_true(bytes_equal(buf_bytes(&bytes), buf_bytes(&sample.bytes)));
    buf_deinit(&bytes);
    sample_op_deinit(&sample);
}

static void an_op_that_is_not_here_is_not_found(void **state)
{
    struct store *store = *state;
    struct id id = sample_id(3);
    struct store_op op;
    sample_begin(store);

    assert_int_equal(store_op_find(store, &id, &(struct store_place){0}),
                     STATUS_NOT_FOUND);
    assert_int_equal(store_op_get(store, &id, keep_op, &op), STATUS_NOT_FOUND);
    assert_int_equal(store_op_promote(store, &id, SCOPE_CASE, TREE_PRIVATE),
                     STATUS_NOT_FOUND);
    assert_int_equal(store_op_remove_waiting(store, &id), STATUS_NOT_FOUND);
    assert_int_equal(store_op_replace(store, &id, bytes_str("x")), STATUS_NOT_FOUND);

    store_roll_back(store);
}

static void the_same_op_twice_exists_and_changes_nothing(void **state)
{
    struct store *store = *state;
    struct id scope = sample_id(1);
    struct sample_op sample;
    uint64_t count;
    sample_op(&sample, &scope, 1, "a");
    sample_begin(store);
    sample_add(store, &sample, TREE_SHARED);

    enum status again =
        store_op_add(store, &sample.op, bytes_str("other"), SCOPE_CASE, TREE_SHARED);
    enum status waiting =
        store_op_add(store, &sample.op, bytes_str("other"), SCOPE_CASE, TREE_WAITING);

    sample_commit(store);
    assert_int_equal(again, STATUS_EXISTS);
    assert_int_equal(waiting, STATUS_EXISTS);
    assert_int_equal(store_ops_count(store, TREE_SHARED, &count), STATUS_OK);
    assert_int_equal(count, 1);
    assert_int_equal(store_ops_count(store, TREE_WAITING, &count), STATUS_OK);
    assert_int_equal(count, 0);
    sample_op_deinit(&sample);
}

static void a_time_that_no_number_holds_is_invalid_and_not_known_already(void **state)
{
    struct store *store = *state;
    struct op op = {.id = sample_id(4), .scope = sample_id(1), .wall = 5};
    sample_begin(store);

    op.time = 0;
    assert_int_equal(store_op_add(store, &op, bytes_str("x"), 0, TREE_WAITING),
                     STATUS_INVALID);
    op.time = UINT64_MAX;
    assert_int_equal(store_op_add(store, &op, bytes_str("x"), 0, TREE_WAITING),
                     STATUS_INVALID);
    op.time = 1;
    op.wall = UINT64_MAX;
    assert_int_equal(store_op_add(store, &op, bytes_str("x"), 0, TREE_WAITING),
                     STATUS_INVALID);
    op.wall = INT64_MAX;
    op.time = INT64_MAX;
    assert_int_equal(store_op_add(store, &op, bytes_str("x"), 0, TREE_WAITING),
                     STATUS_OK);

    store_roll_back(store);
}

static void ops_of_a_scope_come_by_time_then_id_without_those_that_wait(void **state)
{
    struct store *store = *state;
    struct id scope = sample_id(1), other = sample_id(2);
    struct sample_op samples[5];
    static const uint64_t times[] = {9, 2, 2, 5, 1};
    sample_begin(store);
    for (int i = 0; i < 5; i++) {
        sample_op(&samples[i], i == 4 ? &other : &scope, times[i], "x");
        sample_add(store, &samples[i], i == 3 ? TREE_WAITING : TREE_PRIVATE);
    }
    sample_commit(store);
    struct sample_ids list = {0};

    assert_int_equal(store_ops_of_scope(store, &scope, sample_collect_op, &list),
                     STATUS_OK);

    assert_int_equal(list.len, 3);
    assert_true(id_compare(&list.ids[0], &list.ids[1]) < 0);
    assert_id(&list.ids[2], &samples[0].op.id);
    for (int i = 0; i < 5; i++)
        sample_op_deinit(&samples[i]);
}

static void all_ops_come_in_order_of_arrival_without_those_that_wait(void **state)
{
    struct store *store = *state;
    struct id scope = sample_id(1);
    struct sample_op samples[4];
    sample_begin(store);
    for (int i = 0; i < 4; i++) {
        sample_op(&samples[i], &scope, 9 - (uint64_t)i, "x");
        sample_add(store, &samples[i], i == 2 ? TREE_WAITING : TREE_SHARED);
    }
    sample_commit(store);
    struct sample_ids all = {0}, late = {0};

    assert_int_equal(store_ops_all(store, 1, sample_collect_op, &all), STATUS_OK);
    assert_int_equal(store_ops_all(store, 2, sample_collect_op, &late), STATUS_OK);

    assert_int_equal(all.len, 3);
    assert_id(&all.ids[0], &samples[0].op.id);
    assert_id(&all.ids[2], &samples[3].op.id);
    assert_int_equal(late.len, 2);
    for (int i = 0; i < 4; i++)
        sample_op_deinit(&samples[i]);
}

static enum status refuse(void *context, const struct store_op *op)
{
    (void)op;
    ++*(int *)context;
    return STATUS_NOT_FOUND;
}

static void a_walk_ends_with_the_answer_of_its_callback(void **state)
{
    struct store *store = *state;
    struct id scope = sample_id(1);
    struct sample_op samples[2];
    int calls = 0;
    sample_begin(store);
    for (int i = 0; i < 2; i++) {
        sample_op(&samples[i], &scope, 1, "x");
        sample_add(store, &samples[i], TREE_SHARED);
    }
    sample_commit(store);

    assert_int_equal(store_ops_all(store, 1, refuse, &calls), STATUS_NOT_FOUND);

    assert_int_equal(calls, 1);
    for (int i = 0; i < 2; i++)
        sample_op_deinit(&samples[i]);
}

struct nest {
    struct store *store;
    struct sample_ids seen;
    int depth;
};

static enum status walk_inside(void *context, const struct store_op *op)
{
    struct nest *nest = context;
    struct id id = op->id;
    struct buf before = {0};
    buf_add(&before, op->bytes.data, op->bytes.len);
    assert_int_equal(sample_collect(&nest->seen, &id), STATUS_OK);
    if (nest->depth < 2) {
        nest->depth++;
        assert_int_equal(store_ops_all(nest->store, 1, walk_inside, nest), STATUS_OK);
        nest->depth--;
    }
    /* What the outer walk borrowed is still there. */
    assert_true(bytes_equal(buf_bytes(&before), op->bytes));
    buf_deinit(&before);
    return STATUS_OK;
}

static void a_walk_may_walk_the_same_again(void **state)
{
    struct store *store = *state;
    struct id scope = sample_id(1);
    struct sample_op samples[2];
    struct nest nest = {.store = store};
    sample_begin(store);
    for (int i = 0; i < 2; i++) {
        sample_op(&samples[i], &scope, 1, i == 0 ? "first" : "second one");
        sample_add(store, &samples[i], TREE_SHARED);
    }
    sample_commit(store);

    assert_int_equal(store_ops_all(store, 1, walk_inside, &nest), STATUS_OK);

    assert_int_equal(nest.seen.len, 2 + 4 + 8);
    for (int i = 0; i < 2; i++)
        sample_op_deinit(&samples[i]);
}

static void promotion_gives_the_next_place_of_the_tree(void **state)
{
    struct store *store = *state;
    struct id scope = sample_id(1);
    struct sample_op first, waiting;
    struct store_op op;
    uint64_t count;
    struct store_place place;
    sample_op(&first, &scope, 1, "first");
    sample_op(&waiting, &scope, 2, "waiting");
    sample_begin(store);
    sample_add(store, &waiting, TREE_WAITING);
    sample_add(store, &first, TREE_PRIVATE);
    assert_int_equal(store_op_find(store, &waiting.op.id, &place), STATUS_OK);
    assert_true(place.waits);

    assert_int_equal(store_op_promote(store, &waiting.op.id, SCOPE_CASE, TREE_PRIVATE),
                     STATUS_OK);

    sample_commit(store);
    assert_int_equal(store_op_get(store, &waiting.op.id, keep_op, &op), STATUS_OK);
    assert_int_equal(op.tree, TREE_PRIVATE);
    assert_int_equal(op.position, 1);
    assert_int_equal(store_ops_count(store, TREE_WAITING, &count), STATUS_OK);
    assert_int_equal(count, 0);
    sample_op_deinit(&first);
    sample_op_deinit(&waiting);
}

static void a_scope_has_a_kind_once_its_founding_op_waits_no_more(void **state)
{
    struct store *store = *state;
    struct id scope = sample_id(1), other = sample_id(2);
    struct sample_op founding, known;
    struct sample_ids scopes = {0}, ops = {0}, none = {0};
    enum scope_kind kind;
    sample_op(&founding, &scope, 1, "founding");
    sample_op(&known, &other, 2, "waits in a scope that is here");
    sample_begin(store);
    assert_int_equal(
        store_op_add(store, &known.op, buf_bytes(&known.bytes), SCOPE_CASE, TREE_WAITING),
        STATUS_OK);
    sample_add(store, &founding, TREE_WAITING);
    assert_int_equal(store_scope_kind(store, &scope, &kind), STATUS_OK);
    assert_int_equal(kind, 0);
    assert_int_equal(store_scopes_unfounded(store, sample_collect, &scopes), STATUS_OK);
    assert_int_equal(store_ops_waiting(store, &scope, sample_collect_op, &ops),
                     STATUS_OK);

    assert_int_equal(
        store_op_promote(store, &founding.op.id, SCOPE_ESCALATION, TREE_SHARED),
        STATUS_OK);

    assert_int_equal(store_scope_kind(store, &scope, &kind), STATUS_OK);
    assert_int_equal(kind, SCOPE_ESCALATION);
    assert_int_equal(scopes.len, 1);
    assert_id(&scopes.ids[0], &scope);
    assert_int_equal(ops.len, 1);
    assert_id(&ops.ids[0], &founding.op.id);
    assert_int_equal(store_scopes_unfounded(store, sample_collect, &none), STATUS_OK);
    assert_int_equal(store_ops_waiting(store, &scope, sample_collect_op, &none),
                     STATUS_OK);
    assert_int_equal(none.len, 0);
    sample_commit(store);
    sample_op_deinit(&founding);
    sample_op_deinit(&known);
}

static void a_scope_without_a_kind_is_found_again_by_what_waits_in_it(void **state)
{
    struct store *store = *state;
    struct id scopes[] = {sample_id(1), sample_id(2)};
    struct sample_ids ops = {0};
    sample_begin(store);
    for (uint64_t i = 0; i < 4; i++) {
        struct sample_op waiting;
        sample_op(&waiting, &scopes[i % 2], i + 1, "waits");
        assert_int_equal(
            store_op_add(store, &waiting.op, buf_bytes(&waiting.bytes), 0, TREE_WAITING),
            STATUS_OK);
        sample_op_deinit(&waiting);
    }
    sample_commit(store);
    assert_int_equal(store_ops_waiting(store, &scopes[1], sample_collect_op, &ops),
                     STATUS_OK);
    assert_int_equal(ops.len, 2);
}

static void what_was_settled_is_named_once_it_waits_for_nothing(void **state)
{
    struct store *store = *state;
    struct id scope = sample_id(1), one = sample_id(7), two = sample_id(8);
    struct sample_op both, single;
    struct sample_ids list = {0};
    sample_op(&both, &scope, 3, "both");
    sample_op(&single, &scope, 3, "single");
    sample_begin(store);
    sample_add(store, &both, TREE_WAITING);
    sample_add(store, &single, TREE_WAITING);
    assert_int_equal(store_wait_add(store, &both.op.id, &one), STATUS_OK);
    assert_int_equal(store_wait_add(store, &both.op.id, &one), STATUS_OK);
    assert_int_equal(store_wait_add(store, &both.op.id, &two), STATUS_OK);
    assert_int_equal(store_wait_add(store, &single.op.id, &one), STATUS_OK);

    assert_int_equal(store_wait_settle(store, &one, sample_collect, &list), STATUS_OK);
    assert_int_equal(list.len, 1);
    assert_id(&list.ids[0], &single.op.id);

    assert_int_equal(store_wait_settle(store, &two, sample_collect, &list), STATUS_OK);
    assert_int_equal(list.len, 2);
    assert_id(&list.ids[1], &both.op.id);

    assert_int_equal(store_wait_settle(store, &two, sample_collect, &list), STATUS_OK);
    assert_int_equal(list.len, 2);
    store_roll_back(store);
    sample_op_deinit(&both);
    sample_op_deinit(&single);
}

struct chain {
    struct store *store;
    int promoted;
};

static enum status promote(void *context, const struct id *id)
{
    struct chain *chain = context;
    chain->promoted++;
    assert_int_equal(store_op_promote(chain->store, id, SCOPE_CASE, TREE_SHARED),
                     STATUS_OK);
    return store_wait_settle(chain->store, id, promote, chain);
}

static void a_chain_of_waiting_ops_settles_in_one_go(void **state)
{
    struct store *store = *state;
    struct id scope = sample_id(1), missing = sample_id(7);
    struct sample_op samples[10];
    struct chain chain = {.store = store};
    sample_begin(store);
    for (int i = 0; i < 10; i++) {
        sample_op(&samples[i], &scope, 2 + (uint64_t)i, "link");
        sample_add(store, &samples[i], TREE_WAITING);
        assert_int_equal(store_wait_add(store, &samples[i].op.id,
                                        i == 0 ? &missing : &samples[i - 1].op.id),
                         STATUS_OK);
    }

    assert_int_equal(store_wait_settle(store, &missing, promote, &chain), STATUS_OK);

    sample_commit(store);
    assert_int_equal(chain.promoted, 10);
    for (int i = 0; i < 10; i++)
        sample_op_deinit(&samples[i]);
}

static void a_waiting_op_that_is_removed_leaves_nothing_behind(void **state)
{
    struct store *store = *state;
    struct id made_up = sample_id(0x55), missing = sample_id(7);
    struct sample_op sample, settled;
    struct sample_ids list = {0};
    struct buf findings = {0};
    sample_op(&sample, &made_up, 4, "made up");
    sample_op(&settled, &made_up, 4, "settled");
    sample_begin(store);
    sample_add(store, &sample, TREE_WAITING);
    assert_int_equal(store_wait_add(store, &sample.op.id, &missing), STATUS_OK);

    assert_int_equal(store_op_remove_waiting(store, &sample.op.id), STATUS_OK);

    assert_int_equal(store_op_find(store, &sample.op.id, &(struct store_place){0}),
                     STATUS_NOT_FOUND);
    assert_int_equal(store_wait_settle(store, &missing, sample_collect, &list),
                     STATUS_OK);
    assert_int_equal(list.len, 0);
    sample_add(store, &settled, TREE_SHARED); /* the scope's row is made anew */
    assert_int_equal(store_op_remove_waiting(store, &settled.op.id), STATUS_NOT_FOUND);
    sample_commit(store);
    assert_int_equal(store_check(store, sample_report, &findings), STATUS_OK);
    sample_op_deinit(&sample);
    sample_op_deinit(&settled);
}

static void a_transaction_rolled_back_is_gone_and_gives_its_places_back(void **state)
{
    struct store *store = *state;
    struct id scope = sample_id(1);
    struct sample_op gone, kept;
    struct store_op op;
    sample_op(&gone, &scope, 1, "gone");
    sample_op(&kept, &scope, 1, "kept");
    sample_begin(store);
    sample_add(store, &gone, TREE_PRIVATE);
    store_roll_back(store);

    sample_begin(store);
    sample_add(store, &kept, TREE_PRIVATE);
    sample_commit(store);

    assert_int_equal(store_op_find(store, &gone.op.id, &(struct store_place){0}),
                     STATUS_NOT_FOUND);
    assert_int_equal(store_op_get(store, &kept.op.id, keep_op, &op), STATUS_OK);
    assert_int_equal(op.position, 0);
    sample_op_deinit(&gone);
    sample_op_deinit(&kept);
}

static void after_a_power_cut_the_committed_is_there_and_the_rest_is_not(void **state)
{
    struct store *store = *state;
    struct id scope = sample_id(1);
    struct sample_op saved, lost, next;
    struct store_op op;
    sample_op(&saved, &scope, 1, "saved");
    sample_op(&lost, &scope, 1, "lost");
    sample_op(&next, &scope, 1, "next");
    sample_begin(store);
    sample_add(store, &saved, TREE_SHARED);
    sample_commit(store);
    sample_begin(store);
    sample_add(store, &lost, TREE_SHARED);

    store = sample_reopen(state, true);

    assert_int_equal(store_op_find(store, &saved.op.id, &(struct store_place){0}),
                     STATUS_OK);
    assert_int_equal(store_op_find(store, &lost.op.id, &(struct store_place){0}),
                     STATUS_NOT_FOUND);
    sample_begin(store);
    sample_add(store, &next, TREE_SHARED);
    sample_commit(store);
    assert_int_equal(store_op_get(store, &next.op.id, keep_op, &op), STATUS_OK);
    assert_int_equal(op.position, 1);
    sample_op_deinit(&saved);
    sample_op_deinit(&lost);
    sample_op_deinit(&next);
}

static bool file_holds(const char *name, const char *text)
{
    size_t len = 0, text_len = strlen(text);
    const uint8_t *data = crash_vfs_file(sample_disk(), name, &len);
    for (size_t i = 0; data != NULL && i + text_len <= len; i++)
        if (memcmp(data + i, text, text_len) == 0)
            return true;
    return false;
}

static void erased_contents_are_in_no_byte_of_the_file_nor_of_the_wal(void **state)
{
    static const char canary[] = "CANARY-4711-of-a-quarrel-over-a-field";
    struct store *store = *state;
    struct id scope = sample_id(1);
    struct sample_op samples[40];
    struct buf bytes = {0};
    sample_begin(store);
    for (int i = 0; i < 40; i++) {
        sample_op(&samples[i], &scope, 1, i == 20 ? canary : "neighbour");
        sample_add(store, &samples[i], TREE_SHARED);
    }
    sample_commit(store);
    assert_true(file_holds(SAMPLE_FILE, canary) ||
                file_holds(SAMPLE_FILE "-wal", canary));

    sample_begin(store);
    assert_int_equal(
        store_op_replace(store, &samples[20].op.id, buf_bytes(&samples[20].erased)),
        STATUS_OK);
    sample_commit(store);

    assert_false(file_holds(SAMPLE_FILE, canary));
    assert_false(file_holds(SAMPLE_FILE "-wal", canary));
    assert_int_equal(store_op_get(store, &samples[20].op.id, keep_bytes, &bytes),
                     STATUS_OK);
    assert_true(bytes_equal(buf_bytes(&bytes), buf_bytes(&samples[20].erased)));
    buf_deinit(&bytes);
    for (int i = 0; i < 40; i++)
        sample_op_deinit(&samples[i]);
}

static void D2_a_full_disk_refuses_the_commit_and_all_writing_after_it(void **state)
{
    struct store *store = *state;
    struct id scope = sample_id(1);
    struct sample_op saved, refused;
    sample_op(&saved, &scope, 1, "saved");
    sample_op(&refused, &scope, 1, "refused");
    sample_begin(store);
    sample_add(store, &saved, TREE_SHARED);
    sample_commit(store);
    crash_vfs_fail_after(sample_disk(), 0, CRASH_ENOSPC, false);

    sample_begin(store);
    sample_add(store, &refused, TREE_SHARED);
    assert_int_equal(store_commit(store), STATUS_FULL);

    assert_int_equal(store_begin(store), STATUS_FULL);
    assert_int_equal(store_op_find(store, &saved.op.id, &(struct store_place){0}),
                     STATUS_OK);
    assert_int_equal(store_op_find(store, &refused.op.id, &(struct store_place){0}),
                     STATUS_NOT_FOUND);
    store = sample_reopen(state, false);
    sample_begin(store);
    sample_add(store, &refused, TREE_SHARED);
    sample_commit(store);
    sample_op_deinit(&saved);
    sample_op_deinit(&refused);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(an_op_comes_back_as_it_was_added),
        TEST(an_op_that_is_not_here_is_not_found),
        TEST(the_same_op_twice_exists_and_changes_nothing),
        TEST(a_time_that_no_number_holds_is_invalid_and_not_known_already),
        TEST(ops_of_a_scope_come_by_time_then_id_without_those_that_wait),
        TEST(all_ops_come_in_order_of_arrival_without_those_that_wait),
        TEST(a_walk_ends_with_the_answer_of_its_callback),
        TEST(a_walk_may_walk_the_same_again),
        TEST(promotion_gives_the_next_place_of_the_tree),
        TEST(a_scope_has_a_kind_once_its_founding_op_waits_no_more),
        TEST(a_scope_without_a_kind_is_found_again_by_what_waits_in_it),
        TEST(what_was_settled_is_named_once_it_waits_for_nothing),
        TEST(a_chain_of_waiting_ops_settles_in_one_go),
        TEST(a_waiting_op_that_is_removed_leaves_nothing_behind),
        TEST(a_transaction_rolled_back_is_gone_and_gives_its_places_back),
        TEST(after_a_power_cut_the_committed_is_there_and_the_rest_is_not),
        TEST(erased_contents_are_in_no_byte_of_the_file_nor_of_the_wal),
        TEST(D2_a_full_disk_refuses_the_commit_and_all_writing_after_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
