/* What was pasted in: kept over a power cut, counted down, gone without a trace. */
#include <string.h>

#include "storage/store_pastes.h"
#include "tests/unit/storage/store_sample.h"

#define TEST(name) cmocka_unit_test_setup_teardown(name, sample_set_up, sample_tear_down)
#define LEFT_S 1000

struct rows {
    int64_t numbers[8];
    uint64_t left_s[8];
    int len;
    enum status answer;
};

static enum status collect(void *context, const struct store_paste *paste)
{
    struct rows *rows = context;
    assert_true(rows->len < 8);
    rows->numbers[rows->len] = paste->number;
    rows->left_s[rows->len++] = paste->left_s;
    return rows->answer;
}

static struct rows list(struct store *store)
{
    struct rows rows = {.answer = STATUS_OK};
    assert_int_equal(store_pastes(store, collect, &rows), STATUS_OK);
    return rows;
}

static int64_t add(struct store *store, uint8_t byte, const char *text, uint64_t left_s)
{
    static const uint8_t key[32] = "the key of its pieces, 32 bytes";
    struct store_paste paste = {.digest = sample_id(byte),
                                .author = sample_id(9),
                                .wall = 5,
                                .left_s = left_s,
                                .text = bytes_str(text),
                                .type = bytes_str("image/png"),
                                .size = 7,
                                .key = bytes_of(key, sizeof(key))};
    int64_t number = 0;
    assert_int_equal(store_paste_add(store, &paste, &number), STATUS_OK);
    return number;
}

static enum status assert_whole(void *context, const struct store_paste *paste)
{
    struct id digest = sample_id(1), author = sample_id(9);
    assert_int_equal(paste->number, *(int64_t *)context);
    assert_id(&paste->digest, &digest);
    assert_id(&paste->author, &author);
    assert_int_equal(paste->wall, 5);
    assert_int_equal(paste->left_s, LEFT_S);
    assert_int_equal(paste->size, 7);
    assert_true(bytes_equal_str(paste->text, "两家争执"));
    assert_true(bytes_equal_str(paste->type, "image/png"));
    assert_int_equal(paste->key.len, 32);
    return STATUS_OK;
}

static void what_was_pasted_in_is_there_after_a_power_cut(void **state)
{
    struct store *store = *state;
    struct buf piece = {0};
    struct id digest = sample_id(1), other = sample_id(2);
    int64_t found;
    sample_begin(store);
    int64_t number = add(store, 1, "两家争执", LEFT_S);
    assert_int_equal(store_paste_piece_add(store, number, 0, bytes_str("sealed")),
                     STATUS_OK);
    sample_commit(store);

    store = sample_reopen(state, true);

    assert_int_equal(store_paste_get(store, number, assert_whole, &number), STATUS_OK);
    assert_int_equal(store_paste_find(store, &digest, &found), STATUS_OK);
    assert_int_equal(found, number);
    assert_int_equal(store_paste_piece_get(store, number, 0, &piece), STATUS_OK);
    assert_true(bytes_equal_str(buf_bytes(&piece), "sealed"));
    assert_int_equal(store_paste_piece_get(store, number, 1, &piece), STATUS_NOT_FOUND);
    assert_int_equal(store_paste_find(store, &other, &found), STATUS_NOT_FOUND);
    assert_int_equal(store_paste_get(store, 99, collect, NULL), STATUS_NOT_FOUND);
    buf_deinit(&piece);
}

static void whose_time_is_over_goes_and_its_number_is_not_given_again(void **state)
{
    struct store *store = *state;
    uint32_t ended;
    struct buf piece = {0};
    sample_begin(store);
    int64_t first = add(store, 1, "一", LEFT_S), second = add(store, 2, "二", 3 * LEFT_S);
    int64_t third = add(store, 3, "三", LEFT_S - 1);
    assert_int_equal(store_paste_piece_add(store, third, 0, bytes_str("sealed")),
                     STATUS_OK);
    assert_int_equal(store_pastes_run(store, LEFT_S - 1, &ended), STATUS_OK);
    assert_int_equal(ended, 1);
    assert_int_equal(list(store).len, 2);
    assert_int_equal(list(store).left_s[0], 1);
    assert_int_equal(store_paste_piece_get(store, third, 0, &piece), STATUS_NOT_FOUND);

    assert_int_equal(store_pastes_run(store, LEFT_S, &ended), STATUS_OK);

    assert_int_equal(ended, 1);
    assert_int_equal(list(store).len, 1);
    assert_int_equal(list(store).numbers[0], second);
    assert_int_equal(store_paste_remove(store, first), STATUS_NOT_FOUND);
    assert_int_equal(store_paste_remove(store, second), STATUS_OK);
    assert_true(add(store, 1, "一", LEFT_S) > third);
    sample_commit(store);
    buf_deinit(&piece);
}

static bool disk_holds(const char *text)
{
    static const char *const names[] = {SAMPLE_FILE, SAMPLE_FILE "-wal"};
    bool holds = false;
    for (int i = 0; i < 2; i++) {
        size_t len;
        const uint8_t *bytes = crash_vfs_file(sample_disk(), names[i], &len);
        holds |= bytes != NULL && memmem(bytes, len, text, strlen(text)) != NULL;
    }
    return holds;
}

/* Large enough to fill pages of its own. */
static void what_is_gone_is_in_no_byte_of_the_file(void **state)
{
    struct store *store = *state;
    char text[9000];
    for (size_t i = 0; i < sizeof(text); i++)
        text[i] = "CANARY-PASTED "[i % 14];
    text[sizeof(text) - 1] = '\0';
    sample_begin(store);
    int64_t number = add(store, 1, text, LEFT_S);
    int64_t short_one = add(store, 2, "CANARY-SHORT", LEFT_S);
    sample_commit(store);
    assert_true(disk_holds("CANARY-PASTED"));

    sample_begin(store);
    assert_int_equal(store_paste_remove(store, number), STATUS_OK);
    assert_int_equal(store_paste_remove(store, short_one), STATUS_OK);
    sample_commit(store);

    assert_false(disk_holds("CANARY-"));
}

static void who_lists_may_stop(void **state)
{
    struct store *store = *state;
    struct rows rows = {.answer = STATUS_DENIED};
    sample_begin(store);
    (void)add(store, 1, "一", LEFT_S);
    (void)add(store, 2, "二", LEFT_S);
    sample_commit(store);

    assert_int_equal(store_pastes(store, collect, &rows), STATUS_DENIED);

    assert_int_equal(rows.len, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_was_pasted_in_is_there_after_a_power_cut),
        TEST(whose_time_is_over_goes_and_its_number_is_not_given_again),
        TEST(what_is_gone_is_in_no_byte_of_the_file),
        TEST(who_lists_may_stop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
