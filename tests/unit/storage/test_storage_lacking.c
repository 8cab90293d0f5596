/* Pieces of files that this node may have and has not yet. */
#include <string.h>

#include "storage/store_chunks.h"
#include "storage/store_lacking.h"
#include "tests/unit/storage/store_sample.h"

#define TEST(name) cmocka_unit_test_setup_teardown(name, sample_set_up, sample_tear_down)

static void add(struct store *store, uint8_t op, uint32_t number)
{
    struct store_piece piece = {.op = sample_id(op),
                                .piece = number,
                                .digest = sample_id((uint8_t)(100 + number)),
                                .scope = sample_id(200)};
    assert_int_equal(store_lacking_add(store, &piece), STATUS_OK);
}

static uint64_t count_of(struct store *store, uint8_t op)
{
    struct id id = sample_id(op);
    uint64_t count;
    assert_int_equal(store_lacking_of(store, &id, &count), STATUS_OK);
    return count;
}

static void what_lacks_comes_in_order_and_no_more_when_it_came(void **state)
{
    struct store *store = *state;
    struct store_piece piece;
    struct id least = {{0}}, one = sample_id(1), two = sample_id(2), three = sample_id(3);
    struct id site = sample_id(150), stranger = sample_id(151), record = sample_id(200);
    struct sample_op op;
    sample_op(&op, &record, 2, "of the record");
    sample_begin(store);
    sample_add(store, &op, TREE_SHARED);
    struct store_scope row = {.id = record,
                              .kind = SCOPE_ESCALATION,
                              .digest = sample_id(1),
                              .view = bytes_str("view")};
    assert_int_equal(store_scope_put(store, &row, NULL, 0, NULL, 0), STATUS_OK);
    assert_int_equal(store_pair_add(store, &site), STATUS_OK);
    assert_int_equal(store_pair_add(store, &stranger), STATUS_OK);
    assert_int_equal(store_pair_put(store, &site, &record), STATUS_OK);
    sample_op_deinit(&op);
    add(store, 2, 0);
    add(store, 1, 1);
    add(store, 1, 0);
    add(store, 1, 0);
    sample_commit(store);
    store = sample_reopen(state, false);
    assert_int_equal(count_of(store, 1), 2);
    assert_int_equal(store_lacking_next(store, &site, &least, &piece), STATUS_OK);
    assert_true(id_equal(&piece.op, &one) && piece.piece == 0);
    struct id digest = sample_id(100), scope = sample_id(200);
    assert_true(id_equal(&piece.digest, &digest) && id_equal(&piece.scope, &scope));
    assert_int_equal(store_lacking_next(store, &site, &two, &piece), STATUS_OK);
    assert_true(id_equal(&piece.op, &two));
    assert_int_equal(store_lacking_next(store, &site, &three, &piece), STATUS_NOT_FOUND);
    /* Nobody is asked about a record of which he has not heard. */
    assert_int_equal(store_lacking_next(store, &stranger, &least, &piece),
                     STATUS_NOT_FOUND);

    sample_begin(store);
    assert_int_equal(store_lacking_came(store, &one, 0), STATUS_OK);
    assert_int_equal(store_lacking_get(store, &one, 0, &piece), STATUS_NOT_FOUND);
    assert_int_equal(store_lacking_get(store, &one, 1, &piece), STATUS_OK);
    assert_int_equal(piece.piece, 1);
    assert_int_equal(store_lacking_drop(store, &one), STATUS_OK);
    sample_commit(store);
    assert_int_equal(count_of(store, 1), 0);
    assert_int_equal(count_of(store, 2), 1);
}

static void what_is_here_does_not_lack(void **state)
{
    struct store *store = *state;
    struct id digest, one = sample_id(1), two = sample_id(2);
    struct bytes sealed = bytes_str("sealed");
    struct buf read = {0};
    store_chunk_digest(&digest, sealed);
    sample_begin(store);
    assert_int_equal(store_chunk_add(store, &one, 3, &digest, sealed), STATUS_OK);
    add(store, 1, 3);
    add(store, 2, 3);
    sample_commit(store);
    assert_int_equal(count_of(store, 1), 0);
    assert_int_equal(count_of(store, 2), 1);
    assert_int_equal(store_chunk_of(store, &one, 3, &read), STATUS_OK);
    assert_true(bytes_equal(buf_bytes(&read), sealed));
    /* Not by another op, though the piece is here. */
    assert_int_equal(store_chunk_of(store, &two, 3, &read), STATUS_NOT_FOUND);
    buf_deinit(&read);
}

static void a_rebuild_begins_without_any(void **state)
{
    struct store *store = *state;
    sample_begin(store);
    add(store, 1, 0);
    assert_int_equal(store_scopes_clear(store), STATUS_OK);
    sample_commit(store);
    assert_int_equal(count_of(store, 1), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_lacks_comes_in_order_and_no_more_when_it_came),
        TEST(what_is_here_does_not_lack),
        TEST(a_rebuild_begins_without_any),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
