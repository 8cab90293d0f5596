/* Pieces of files: each once, gone with the last op that names it, raw bytes included. */
#include <string.h>

#include "storage/statement.h"
#include "storage/store_chunks.h"
#include "storage/store_sources.h"
#include "tests/unit/storage/store_sample.h"

#define TEST(name) cmocka_unit_test_setup_teardown(name, sample_set_up, sample_tear_down)

static struct id keep(struct store *store, uint8_t op, uint32_t piece, const char *text)
{
    struct id digest, id = sample_id(op);
    struct bytes sealed = bytes_str(text);
    store_chunk_digest(&digest, sealed);
    assert_int_equal(store_chunk_add(store, &id, piece, &digest, sealed), STATUS_OK);
    return digest;
}

static bool has(struct store *store, const struct id *digest, const char *text)
{
    struct buf sealed = {0};
    enum status status = store_chunk_get(store, digest, &sealed);
    bool is_there = status == STATUS_OK;
    assert_true(is_there || status == STATUS_NOT_FOUND);
    assert_true(!is_there || bytes_equal_str(buf_bytes(&sealed), text));
    buf_deinit(&sealed);
    return is_there;
}

static uint64_t count_of(struct store *store, uint8_t op)
{
    struct id id = sample_id(op);
    uint64_t count;
    assert_int_equal(store_chunks_of(store, &id, &count), STATUS_OK);
    return count;
}

static void drop(struct store *store, uint8_t op)
{
    struct id id = sample_id(op);
    assert_int_equal(store_chunks_drop(store, &id), STATUS_OK);
}

static void a_piece_is_kept_once_and_counted_for_each_op(void **state)
{
    struct store *store = *state;
    uint64_t size;
    sample_begin(store);
    struct id one = keep(store, 1, 0, "sealed piece one");
    struct id two = keep(store, 1, 1, "piece two");
    keep(store, 1, 1, "piece two");
    keep(store, 2, 0, "piece two");
    sample_commit(store);
    assert_int_equal(count_of(store, 1), 2);
    assert_int_equal(count_of(store, 2), 1);
    assert_int_equal(count_of(store, 3), 0);
    assert_int_equal(store_chunks_size(store, &size), STATUS_OK);
    assert_int_equal(size, strlen("sealed piece one") + strlen("piece two"));
    assert_true(has(store, &one, "sealed piece one"));
    assert_true(has(store, &two, "piece two"));
}

static void a_piece_stays_as_long_as_an_op_names_it(void **state)
{
    struct store *store = *state;
    sample_begin(store);
    struct id one = keep(store, 1, 0, "only one names me");
    struct id two = keep(store, 1, 1, "two name me");
    keep(store, 2, 0, "two name me");
    drop(store, 1);
    drop(store, 3);
    sample_commit(store);
    assert_false(has(store, &one, ""));
    assert_true(has(store, &two, "two name me"));
    sample_begin(store);
    drop(store, 2);
    sample_commit(store);
    assert_false(has(store, &two, ""));
    store = sample_reopen(state, true);
    assert_false(has(store, &two, ""));
}

static void what_two_ops_name_is_one_of_them_alone_when_it_moved(void **state)
{
    struct store *store = *state;
    const struct id from = sample_id(1), to = sample_id(2);
    sample_begin(store);
    struct id one = keep(store, 1, 0, "both have it");
    struct id two = keep(store, 1, 1, "one has it");
    keep(store, 2, 0, "both have it");
    assert_int_equal(store_chunks_move(store, &from, &to), STATUS_OK);
    sample_commit(store);
    assert_int_equal(count_of(store, 1), 0);
    assert_int_equal(count_of(store, 2), 2);
    assert_true(has(store, &one, "both have it") && has(store, &two, "one has it"));
}

/* That site brought a piece of 9 bytes. */
static void bring(struct store *store, uint8_t op, uint32_t piece, const char *text,
                  uint8_t site)
{
    const struct id id = sample_id(op), from = sample_id(site);
    assert_int_equal(strlen(text), 9);
    keep(store, op, piece, text);
    assert_int_equal(store_chunk_brought(store, &id, piece, &from, 9), STATUS_OK);
}

static uint64_t brought_by(struct store *store, uint8_t site)
{
    const struct id id = sample_id(site);
    struct store_source source;
    assert_int_equal(store_source_get(store, &id, &source), STATUS_OK);
    return source.bytes;
}

static void what_a_site_brought_counts_until_it_is_dropped(void **state)
{
    struct store *store = *state;
    const struct id from = sample_id(1), to = sample_id(3);
    sample_begin(store);
    bring(store, 1, 0, "the first", 50);
    bring(store, 1, 1, "and other", 51);
    bring(store, 2, 0, "the first", 50); /* for another op it came once more */
    keep(store, 1, 2, "our own");
    sample_commit(store);
    assert_int_equal(brought_by(store, 50), 18);
    assert_int_equal(brought_by(store, 51), 9);

    sample_begin(store);
    assert_int_equal(store_chunks_move(store, &from, &to), STATUS_OK);
    sample_commit(store);
    assert_int_equal(brought_by(store, 50), 18);

    sample_begin(store);
    drop(store, 3);
    sample_commit(store);
    assert_int_equal(brought_by(store, 50), 9);
    assert_int_equal(brought_by(store, 51), 0);
    sample_begin(store);
    drop(store, 2);
    drop(store, 2);
    sample_commit(store);
    assert_int_equal(brought_by(store, 50), 0);
}

static bool disk_holds(const char *text)
{
    static const char *const files[] = {SAMPLE_FILE, SAMPLE_FILE "-wal"};
    bool holds = false;
    for (int i = 0; i < 2; i++) {
        size_t len = 0;
        const uint8_t *data = crash_vfs_file(sample_disk(), files[i], &len);
        holds |= data != NULL && memmem(data, len, text, strlen(text)) != NULL;
    }
    return holds;
}

static void nothing_of_a_dropped_piece_stays_on_the_disk(void **state)
{
    struct store *store = *state;
    sample_begin(store);
    keep(store, 1, 0, "raw bytes of a piece that goes");
    keep(store, 1, 1, "raw bytes of another that goes");
    keep(store, 2, 0, "raw bytes of one that stays");
    sample_commit(store);
    assert_true(disk_holds("of a piece that goes"));
    sample_begin(store);
    drop(store, 1);
    sample_commit(store);
    assert_false(disk_holds("of a piece that goes"));
    assert_false(disk_holds("of another that goes"));
    assert_true(disk_holds("of one that stays"));
}

static void a_damaged_piece_is_found_by_the_check(void **state)
{
    struct store *store = *state;
    struct buf said = {0};
    sample_begin(store);
    keep(store, 1, 0, "a piece");
    sample_commit(store);
    assert_int_equal(store_check(store, sample_report, &said), STATUS_OK);
    assert_int_equal(
        sqlite3_exec(store->db, "UPDATE chunks SET bytes = x'00'", NULL, NULL, NULL),
        SQLITE_OK);
    assert_int_equal(store_check(store, sample_report, &said), STATUS_CORRUPT);
    buf_add_u8(&said, 0);
    assert_non_null(strstr((const char *)said.data, "attachment"));
    buf_deinit(&said);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_piece_is_kept_once_and_counted_for_each_op),
        TEST(what_two_ops_name_is_one_of_them_alone_when_it_moved),
        TEST(what_a_site_brought_counts_until_it_is_dropped),
        TEST(a_piece_stays_as_long_as_an_op_names_it),
        TEST(nothing_of_a_dropped_piece_stays_on_the_disk),
        TEST(a_damaged_piece_is_found_by_the_check),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
