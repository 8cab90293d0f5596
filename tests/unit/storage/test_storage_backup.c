/* A store that is taken apart for a backup and put together from it is the same one. */
#include <string.h>

#include "proto/pack.h"
#include "storage/store_backup.h"
#include "storage/store_chunks.h"
#include "storage/store_pastes.h"
#include "tests/unit/storage/store_sample.h"

#define TEST(name) cmocka_unit_test_setup_teardown(name, sample_set_up, sample_tear_down)

static uint32_t number_of(const char *name)
{
    for (uint32_t i = 0; store_backup_table_name(i) != NULL; i++)
        if (strcmp(store_backup_table_name(i), name) == 0)
            return i;
    fail_msg("there is no table %s", name);
    return 0;
}

struct rows {
    struct buf bytes[8];
    uint32_t len;
};

static enum status keep_row(void *context, struct bytes row)
{
    struct rows *rows = context;
    assert_true(rows->len < 8);
    buf_add(&rows->bytes[rows->len++], row.data, row.len);
    return STATUS_OK;
}

static struct rows rows_of(struct store *store, const char *table)
{
    struct rows rows = {.len = 0};
    assert_int_equal(store_backup_table(store, number_of(table), keep_row, &rows),
                     STATUS_OK);
    return rows;
}

static void rows_deinit(struct rows *rows)
{
    for (uint32_t i = 0; i < rows->len; i++)
        buf_deinit(&rows->bytes[i]);
}

static enum status stop_op(void *context, const struct store_op *op)
{
    (void)op;
    ++*(int *)context;
    return STATUS_MORE;
}

static enum status stop_chunk(void *context, int64_t number, struct bytes sealed)
{
    (void)context;
    (void)sealed;
    return number > 0 ? STATUS_MORE : STATUS_OK;
}

static enum status stop_row(void *context, struct bytes row)
{
    (void)context;
    (void)row;
    return STATUS_MORE;
}

static void ops_come_in_the_order_of_the_ledger_and_from_any_place_on(void **state)
{
    struct store *store = *state;
    struct id scope = sample_id(200), digest, other;
    struct store_backup_mark mark;
    struct sample_ids ids = {.len = 0};
    struct sample_op ops[3];
    int calls = 0;
    sample_begin(store);
    for (int i = 0; i < 3; i++) {
        sample_op(&ops[i], &scope, 2 + (uint64_t)i,
                  i == 0   ? "one"
                  : i == 1 ? "two"
                           : "x");
        sample_add(store, &ops[i], i == 2 ? TREE_PRIVATE : TREE_SHARED);
    }
    assert_int_equal(store_backup_now(store, &mark), STATUS_OK);
    assert_int_equal(mark.ops[TREE_SHARED], 2);
    assert_int_equal(mark.ops[TREE_PRIVATE], 1);
    assert_int_equal(mark.chunk, 0);
    assert_int_equal(store_backup_ops(store, TREE_SHARED, 1, sample_collect_op, &ids),
                     STATUS_OK);
    assert_int_equal(ids.len, 1);
    assert_id(&ids.ids[0], &ops[1].op.id);
    assert_int_equal(store_backup_ops(store, TREE_SHARED, 0, stop_op, &calls),
                     STATUS_MORE);
    assert_int_equal(calls, 1);
    assert_int_equal(store_backup_digest(store, TREE_SHARED, 1, &digest), STATUS_OK);
    assert_int_equal(store_backup_digest(store, TREE_SHARED, 2, &other), STATUS_OK);
    assert_false(id_equal(&digest, &other));
    assert_int_equal(store_backup_digest(store, TREE_SHARED, 3, &other),
                     STATUS_NOT_FOUND);
    for (int i = 0; i < 3; i++)
        sample_op_deinit(&ops[i]);
    sample_commit(store);
}

static void an_op_comes_back_with_the_number_it_had(void **state)
{
    struct store *store = *state;
    struct id scope = sample_id(200);
    struct sample_op op, second;
    struct store_place place;
    sample_op(&op, &scope, 2, "one");
    sample_op(&second, &scope, 3, "two");
    sample_begin(store);
    assert_int_equal(store_backup_op_put(store, &op.op, buf_bytes(&op.bytes),
                                         SCOPE_ESCALATION, TREE_SHARED, 77),
                     STATUS_OK);
    assert_int_equal(store_op_find(store, &op.op.id, &place), STATUS_OK);
    assert_int_equal(place.seq, 77);
    assert_int_equal(place.position, 0);
    assert_int_equal(store_backup_op_put(store, &op.op, buf_bytes(&op.bytes),
                                         SCOPE_ESCALATION, TREE_SHARED, 78),
                     STATUS_EXISTS);
    assert_int_equal(store_backup_op_put(store, &second.op, buf_bytes(&second.bytes),
                                         SCOPE_ESCALATION, TREE_SHARED, 77),
                     STATUS_OK); /* that number is taken */
    assert_int_equal(store_op_find(store, &second.op.id, &place), STATUS_OK);
    assert_true(place.seq > 77);
    assert_int_equal(place.position, 1);
    assert_int_equal(store_op_find(store, &op.op.id, &place), STATUS_OK);
    assert_int_equal(place.seq, 77);
    store_roll_back(store);
    sample_op_deinit(&op);
    sample_op_deinit(&second);
}

static void rows_come_back_as_they_were(void **state)
{
    struct store *store = *state;
    struct store_paste paste = {.digest = sample_id(1),
                                .author = sample_id(2),
                                .wall = 5,
                                .left_s = 9,
                                .text = bytes_str("王家来电话"),
                                .type = bytes_str("image/jpeg"),
                                .size = 3};
    uint8_t key[32] = {3};
    paste.key = bytes_of(key, sizeof(key));
    int64_t number;
    sample_begin(store);
    assert_int_equal(store_paste_add(store, &paste, &number), STATUS_OK);
    assert_int_equal(store_paste_piece_add(store, number, 0, bytes_str("sealed")),
                     STATUS_OK);
    struct rows pastes = rows_of(store, "pastes"),
                pieces = rows_of(store, "paste_pieces");
    assert_int_equal(pastes.len, 1);
    assert_int_equal(pieces.len, 1);
    assert_int_equal(store_backup_table_above(number_of("paste_pieces")),
                     number_of("pastes"));
    assert_int_equal(store_backup_table_above(number_of("pastes")), -1);
    assert_int_equal(store_backup_table(store, number_of("pastes"), stop_row, NULL),
                     STATUS_MORE);

    assert_int_equal(store_backup_clear(store, number_of("pastes")), STATUS_OK);
    assert_int_equal(store_paste_find(store, &paste.digest, &number), STATUS_NOT_FOUND);
    assert_int_equal(
        store_backup_row_put(store, number_of("pastes"), buf_bytes(&pastes.bytes[0])),
        STATUS_OK);
    assert_int_equal(store_backup_row_put(store, number_of("paste_pieces"),
                                          buf_bytes(&pieces.bytes[0])),
                     STATUS_OK);
    struct rows again = rows_of(store, "pastes");
    assert_int_equal(again.len, 1);
    assert_true(bytes_equal(buf_bytes(&again.bytes[0]), buf_bytes(&pastes.bytes[0])));
    struct buf sealed = {0};
    assert_int_equal(store_paste_piece_get(store, number, 0, &sealed), STATUS_OK);
    assert_true(bytes_equal_str(buf_bytes(&sealed), "sealed"));
    buf_deinit(&sealed);
    rows_deinit(&again);
    rows_deinit(&pastes);
    rows_deinit(&pieces);
    sample_commit(store);
}

static void pieces_of_files_come_back_and_those_without_a_name_go(void **state)
{
    struct store *store = *state;
    struct id op = sample_id(7), digest;
    uint64_t size;
    store_chunk_digest(&digest, bytes_str("sealed"));
    sample_begin(store);
    assert_int_equal(store_chunk_add(store, &op, 0, &digest, bytes_str("sealed")),
                     STATUS_OK);
    struct rows uses = rows_of(store, "chunk_uses");
    assert_int_equal(uses.len, 1);
    assert_int_equal(store_backup_chunks(store, 0, stop_chunk, NULL), STATUS_MORE);
    assert_int_equal(store_backup_clear(store, number_of("chunk_uses")), STATUS_OK);
    assert_int_equal(store_backup_end(store), STATUS_OK);
    assert_int_equal(store_chunks_size(store, &size), STATUS_OK);
    assert_int_equal(size, 0);

    assert_int_equal(store_backup_chunk_put(store, bytes_str("sealed")), STATUS_OK);
    assert_int_equal(store_backup_chunk_put(store, bytes_str("nobody's")), STATUS_OK);
    assert_int_equal(
        store_backup_row_put(store, number_of("chunk_uses"), buf_bytes(&uses.bytes[0])),
        STATUS_OK);
    assert_int_equal(store_backup_end(store), STATUS_OK);
    assert_int_equal(store_chunks_size(store, &size), STATUS_OK);
    assert_int_equal(size, 6);
    struct buf sealed = {0};
    assert_int_equal(store_chunk_of(store, &op, 0, &sealed), STATUS_OK);
    buf_deinit(&sealed);
    rows_deinit(&uses);
    sample_commit(store);
}

static enum status keep_number(void *context, int64_t number, struct bytes sealed)
{
    (void)sealed;
    *(int64_t *)context = number;
    return STATUS_OK;
}

static int64_t last_number(struct store *store)
{
    int64_t number = 0;
    assert_int_equal(store_backup_chunks(store, 0, keep_number, &number), STATUS_OK);
    return number;
}

static void a_piece_never_has_the_number_of_one_that_is_gone(void **state)
{
    struct store *store = *state;
    static const char *const texts[] = {"one", "two", "three"};
    struct id op = sample_id(7), digest;
    sample_begin(store);
    for (uint32_t i = 0; i < 3; i++) {
        store_chunk_digest(&digest, bytes_str(texts[i]));
        assert_int_equal(store_chunk_add(store, &op, i, &digest, bytes_str(texts[i])),
                         STATUS_OK);
        /* The same again is no new one. */
        assert_int_equal(store_chunk_add(store, &op, i, &digest, bytes_str(texts[i])),
                         STATUS_OK);
        assert_int_equal(last_number(store), i + 1);
        assert_int_equal(store_chunks_drop(store, &op), STATUS_OK);
        assert_int_equal(last_number(store), 0);
    }
    sample_commit(store);
}

static void what_is_no_row_of_a_table_is_refused(void **state)
{
    struct store *store = *state;
    uint32_t deliveries = number_of("deliveries");
    struct buf row = {0};
    sample_begin(store);
    assert_int_equal(store_backup_row_put(store, deliveries, buf_bytes(&row)),
                     STATUS_INVALID);
    pack_array(&row, 2);
    assert_int_equal(store_backup_row_put(store, deliveries, buf_bytes(&row)),
                     STATUS_INVALID);
    buf_clear(&row);
    pack_array(&row, 3);
    pack_uint(&row, 1);
    assert_int_equal(store_backup_row_put(store, deliveries, buf_bytes(&row)),
                     STATUS_INVALID); /* it ends too soon */
    pack_uint(&row, 2);
    pack_uint(&row, UINT64_MAX);
    assert_int_equal(store_backup_row_put(store, deliveries, buf_bytes(&row)),
                     STATUS_INVALID); /* larger than a column holds */
    buf_clear(&row);
    pack_array(&row, 3);
    pack_uint(&row, 1);
    pack_uint(&row, 2);
    pack_array(&row, 0);
    assert_int_equal(store_backup_row_put(store, deliveries, buf_bytes(&row)),
                     STATUS_INVALID); /* no value of a column */
    buf_clear(&row);
    pack_array(&row, 3);
    pack_bin(&row, "short", 5);
    pack_nil(&row);
    pack_uint(&row, 1);
    assert_int_equal(store_backup_row_put(store, deliveries, buf_bytes(&row)),
                     STATUS_INVALID); /* the schema says no */
    buf_clear(&row);
    pack_array(&row, 2);
    pack_uint(&row, 1);
    pack_uint(&row, 1);
    assert_int_equal(store_backup_row_put(store, deliveries, buf_bytes(&row)),
                     STATUS_INVALID); /* a column is missing */
    assert_int_equal(
        store_backup_row_put(store, deliveries, bytes_of("\x93\x01\xc1\x01", 4)),
        STATUS_INVALID); /* a byte that begins no value */
    buf_clear(&row);
    struct id id = sample_id(1);
    pack_array(&row, 3);
    pack_bin(&row, id.bytes, ID_SIZE);
    pack_bin(&row, id.bytes, ID_SIZE);
    pack_uint(&row, 1);
    assert_int_equal(store_backup_row_put(store, deliveries, buf_bytes(&row)), STATUS_OK);
    pack_uint(&row, 1);
    assert_int_equal(store_backup_row_put(store, deliveries, buf_bytes(&row)),
                     STATUS_INVALID); /* something follows */
    buf_deinit(&row);
    store_roll_back(store);
}

static void a_restored_store_says_so_from_then_on(void **state)
{
    struct store *store = *state;
    struct store_loss loss;
    char text[LOSS_TEXT_SIZE];
    sample_begin(store);
    assert_int_equal(store_loss_restored(store), STATUS_OK);
    sample_commit(store);
    store = sample_reopen(state, true);
    assert_int_equal(store_loss(store)->kind, LOSS_NONE); /* nothing is lost by that */
    assert_int_equal(store_loss_last(store, &loss), STATUS_OK);
    assert_int_equal(loss.kind, LOSS_RESTORED);
    assert_int_equal(loss.times, 1);
    store_loss_text(&loss, text);
    assert_non_null(strstr(text, "restored from a backup"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(ops_come_in_the_order_of_the_ledger_and_from_any_place_on),
        TEST(an_op_comes_back_with_the_number_it_had),
        TEST(rows_come_back_as_they_were),
        TEST(pieces_of_files_come_back_and_those_without_a_name_go),
        TEST(a_piece_never_has_the_number_of_one_that_is_gone),
        TEST(what_is_no_row_of_a_table_is_refused),
        TEST(a_restored_store_says_so_from_then_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
