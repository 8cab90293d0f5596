/* What is known of bundles: which are on their way, which were read, what was said. */
#include <string.h>

#include "storage/store_backup.h"
#include "storage/store_bundles.h"
#include "tests/unit/storage/store_sample.h"

#define TEST(name) cmocka_unit_test_setup_teardown(name, sample_set_up, sample_tear_down)

struct numbers {
    uint64_t numbers[8], ops[8];
    bool are_written[8];
    uint32_t len;
};

static enum status note_made(void *context, const struct store_bundle_made *made)
{
    struct numbers *numbers = context;
    numbers->ops[numbers->len] = made->ops;
    numbers->are_written[numbers->len] = made->is_written;
    numbers->numbers[numbers->len++] = made->number;
    return STATUS_OK;
}

static enum status stop_at_first(void *context, const struct store_bundle_made *made)
{
    (void)made;
    ++*(uint32_t *)context;
    return STATUS_BUSY;
}

static struct numbers made_of(struct store *store, const struct id *site)
{
    struct numbers numbers = {.len = 0};
    assert_int_equal(store_bundles_made(store, site, note_made, &numbers), STATUS_OK);
    return numbers;
}

static uint64_t begin(struct store *store, const struct id *site)
{
    uint64_t number;
    assert_int_equal(store_bundle_begin(store, site, 0, 50, &number), STATUS_OK);
    return number;
}

static void add_op(struct store *store, const struct id *scope, uint64_t time,
                   const char *text)
{
    struct sample_op op;
    sample_op(&op, scope, time, text);
    sample_add(store, &op, TREE_SHARED);
    sample_op_deinit(&op);
}

static void each_site_has_numbers_of_its_own(void **state)
{
    struct store *store = *state;
    struct id site = sample_id(1), other = sample_id(2);
    struct store_bundle_site of;
    sample_begin(store);
    assert_int_equal(store_bundle_site(store, &site, &of), STATUS_OK);
    assert_int_equal(of.written, 0);
    assert_int_equal(begin(store, &site), 1);
    assert_int_equal(begin(store, &site), 2);
    assert_int_equal(begin(store, &other), 1);
    sample_commit(store);
    store = sample_reopen(state, true);
    sample_begin(store);
    assert_int_equal(begin(store, &site), 3);
    sample_commit(store);
    assert_int_equal(store_bundle_site(store, &site, &of), STATUS_OK);
    assert_int_equal(of.written, 3);
}

static void numbers_leap_and_are_never_behind(void **state)
{
    struct store *store = *state;
    struct id site = sample_id(1), other = sample_id(2);
    struct store_bundle_site of;
    uint64_t number;
    sample_begin(store);
    assert_int_equal(store_bundle_begin(store, &other, 700, 50, &number), STATUS_OK);
    assert_int_equal(number, 701);
    assert_int_equal(store_bundle_begin(store, &other, 700, 50, &number), STATUS_OK);
    assert_int_equal(number, 702);
    assert_int_equal(begin(store, &site), 1);
    assert_int_equal(store_bundle_leap(store, 1000), STATUS_OK);
    assert_int_equal(begin(store, &site), 1002);
    assert_int_equal(begin(store, &other), 1703);

    assert_int_equal(store_bundle_acked(store, &site, 1002, 60), STATUS_OK);
    assert_int_equal(store_bundle_behind(store, &site, 1002), STATUS_OK);
    assert_int_equal(store_bundle_site(store, &site, &of), STATUS_OK);
    assert_int_equal(of.acked_wall, 60);
    assert_int_equal(store_bundle_behind(store, &site, 5000), STATUS_OK);
    assert_int_equal(store_bundle_site(store, &site, &of), STATUS_OK);
    assert_int_equal(of.written, 5000);
    assert_int_equal(of.acked_wall, 0);
    assert_int_equal(of.acked_seq, 0);
    assert_int_equal(begin(store, &site), 5001);
    assert_int_equal(begin(store, &other), 1704);
    sample_commit(store);
}

static void one_is_on_its_way_until_it_was_read(void **state)
{
    struct store *store = *state;
    struct id site = sample_id(1), scope = sample_id(200);
    struct store_bundle_site of;
    uint32_t calls = 0;
    sample_begin(store);
    add_op(store, &scope, 2, "first");
    uint64_t first = begin(store, &site);
    add_op(store, &scope, 3, "second");
    uint64_t second = begin(store, &site), third = begin(store, &site);
    assert_int_equal(store_bundle_ops(store, &site, second, 4), STATUS_OK);
    assert_int_equal(store_bundle_ops(store, &site, second, 3), STATUS_OK);
    assert_int_equal(store_bundle_written(store, &site, second, 60), STATUS_OK);
    struct numbers made = made_of(store, &site);
    assert_int_equal(made.len, 3);
    assert_int_equal(made.numbers[1], second);
    assert_int_equal(made.ops[1], 7);
    assert_true(made.are_written[1] && !made.are_written[0]);
    assert_int_equal(store_bundles_made(store, &site, stop_at_first, &calls),
                     STATUS_BUSY);
    assert_int_equal(calls, 1);

    assert_int_equal(store_bundle_acked(store, &site, second, 70), STATUS_OK);

    made = made_of(store, &site);
    assert_int_equal(made.len, 1);
    assert_int_equal(made.numbers[0], third);
    assert_int_equal(store_bundle_site(store, &site, &of), STATUS_OK);
    assert_int_equal(of.acked, second);
    assert_int_equal(of.acked_seq, 2);
    assert_int_equal(of.acked_wall, 70);
    /* A word of it that comes late, or of one that was never made, changes nothing. */
    assert_int_equal(store_bundle_acked(store, &site, first, 80), STATUS_NOT_FOUND);
    assert_int_equal(store_bundle_acked(store, &site, second, 80), STATUS_NOT_FOUND);
    assert_int_equal(store_bundle_acked(store, &site, 99, 80), STATUS_NOT_FOUND);
    assert_int_equal(store_bundle_written(store, &site, first, 80), STATUS_NOT_FOUND);
    assert_int_equal(made_of(store, &site).len, 1);
    sample_commit(store);
}

static uint32_t news_of(struct store *store, const struct id *site, uint64_t limit)
{
    struct store_bundle_site of;
    struct sample_ids ids = {.len = 0};
    assert_int_equal(store_bundle_site(store, site, &of), STATUS_OK);
    assert_int_equal(
        store_bundle_news(store, site, of.acked_seq, limit, sample_collect, &ids),
        STATUS_OK);
    return ids.len;
}

static void share(struct store *store, const struct id *site, uint8_t byte, int64_t seq)
{
    struct id scope = sample_id(byte);
    struct store_scope row = {.id = scope,
                              .kind = SCOPE_ESCALATION,
                              .digest = sample_id(byte),
                              .view = bytes_str("view"),
                              .touched_seq = (uint64_t)seq};
    assert_int_equal(store_scope_put(store, &row, NULL, 0, NULL, 0), STATUS_OK);
    assert_int_equal(store_pair_put(store, site, &scope), STATUS_OK);
}

static void a_site_is_told_what_changed_since_it_knows_and_what_it_brought(void **state)
{
    struct store *store = *state;
    struct id site = sample_id(1), one = sample_id(100), two = sample_id(101);
    sample_begin(store);
    assert_int_equal(store_pair_add(store, &site), STATUS_OK);
    add_op(store, &one, 2, "one");
    add_op(store, &two, 2, "two");
    share(store, &site, 100, 1);
    share(store, &site, 101, 2);
    assert_int_equal(news_of(store, &site, 9), 2);
    assert_int_equal(news_of(store, &site, 1), 1);

    uint64_t number = begin(store, &site);
    assert_int_equal(store_bundle_told(store, &site, number), STATUS_OK);
    assert_int_equal(news_of(store, &site, 9), 2); /* it may be lost */
    assert_int_equal(store_bundle_acked(store, &site, number, 60), STATUS_OK);
    assert_int_equal(news_of(store, &site, 9), 0);

    assert_int_equal(store_bundle_tell(store, &site, &one), STATUS_OK);
    assert_int_equal(store_bundle_tell(store, &site, &one), STATUS_OK);
    assert_int_equal(news_of(store, &site, 9), 1);
    number = begin(store, &site);
    assert_int_equal(store_bundle_told(store, &site, number), STATUS_OK);
    assert_int_equal(store_bundle_tell(store, &site, &two), STATUS_OK); /* behind it */
    assert_int_equal(store_bundle_acked(store, &site, number, 70), STATUS_OK);
    assert_int_equal(news_of(store, &site, 9), 1);

    assert_int_equal(store_bundle_agreed(store, &site), STATUS_OK);
    assert_int_equal(news_of(store, &site, 9), 0);
    sample_commit(store);
}

struct reads {
    struct store_bundle_read rows[4];
    uint32_t len;
};

static enum status note_read(void *context, const struct store_bundle_read *read)
{
    struct reads *reads = context;
    reads->rows[reads->len++] = *read;
    return STATUS_OK;
}

static enum status stop_reading(void *context, const struct store_bundle_read *read)
{
    (void)context;
    (void)read;
    return STATUS_BUSY;
}

static void of_each_machine_the_last_one_is_known(void **state)
{
    struct store *store = *state;
    struct id site = sample_id(1), other = sample_id(2);
    struct store_bundle_read read = {.node = {9}, .number = 3, .wall = 50}, got;
    struct reads reads = {.len = 0};
    sample_begin(store);
    assert_int_equal(store_bundle_read_get(store, read.node, &got), STATUS_OK);
    assert_int_equal(got.number, 0);
    assert_memory_equal(got.node, read.node, 32);
    assert_int_equal(store_bundle_read(store, &site, &read), STATUS_OK);
    read.digest = sample_id(7);
    read.number = 5;
    assert_int_equal(store_bundle_read(store, &site, &read), STATUS_OK);
    read.node[0] = 8;
    read.number = 2;
    assert_int_equal(store_bundle_read(store, &site, &read), STATUS_OK);
    read.node[0] = 9;
    assert_int_equal(store_bundle_read_get(store, read.node, &got), STATUS_OK);
    assert_true(id_equal(&got.digest, &read.digest));
    assert_int_equal(got.number, 5);
    sample_commit(store);

    assert_int_equal(store_bundles_read(store, &site, note_read, &reads), STATUS_OK);

    assert_int_equal(reads.len, 2);
    assert_int_equal(reads.rows[0].number, 2);
    assert_int_equal(reads.rows[1].number, 5);
    assert_int_equal(reads.rows[1].wall, 50);
    assert_int_equal(store_bundles_read(store, &site, stop_reading, NULL), STATUS_BUSY);
    assert_int_equal(store_bundles_read(store, &other, stop_reading, NULL), STATUS_OK);
}

/* A backup says nothing of how it began. */
static void how_a_bundle_began_is_not_known_after_a_restore(void **state)
{
    struct store *store = *state;
    struct id site = sample_id(1);
    struct store_bundle_read got;
    struct buf row = {0};
    uint8_t node[32] = {3};
    uint32_t table = 0;
    static const struct id unknown = {{0}};
    while (strcmp(store_backup_table_name(table), "bundles_read") != 0)
        table++;
    pack_array(&row, 4);
    pack_bin(&row, node, sizeof(node));
    pack_bin(&row, site.bytes, ID_SIZE);
    pack_uint(&row, 7);
    pack_uint(&row, 60);
    sample_begin(store);
    assert_int_equal(store_backup_row_put(store, table, buf_bytes(&row)), STATUS_OK);
    assert_int_equal(store_bundle_read_get(store, node, &got), STATUS_OK);
    assert_int_equal(got.number, 7);
    assert_true(id_equal(&got.digest, &unknown));
    sample_commit(store);
    buf_deinit(&row);
}

static void what_a_site_holds_and_lacks_is_what_it_said_last(void **state)
{
    struct store *store = *state;
    struct id site = sample_id(1), scope = sample_id(100), op = sample_id(7);
    struct id heads[] = {sample_id(5), sample_id(4), sample_id(5)};
    struct sample_ids ids = {.len = 0};
    sample_begin(store);
    assert_int_equal(store_bundle_held_put(store, &site, &scope, heads, 3), STATUS_OK);
    assert_int_equal(store_bundle_held(store, &site, &scope, sample_collect, &ids),
                     STATUS_OK);
    assert_int_equal(ids.len, 2);
    assert_id(&ids.ids[0], &heads[1]);
    assert_int_equal(store_bundle_held_put(store, &site, &scope, heads, 1), STATUS_OK);
    ids.len = 0;
    assert_int_equal(store_bundle_held(store, &site, &scope, sample_collect, &ids),
                     STATUS_OK);
    assert_int_equal(ids.len, 1);
    assert_id(&ids.ids[0], &heads[0]);
    assert_int_equal(store_bundle_agreed(store, &site), STATUS_OK);
    ids.len = 0;
    assert_int_equal(store_bundle_held(store, &site, &scope, sample_collect, &ids),
                     STATUS_OK);
    assert_int_equal(ids.len, 0); /* the session knows it better */

    assert_int_equal(store_bundle_lacks_add(store, &site, &op), STATUS_OK);
    assert_int_equal(store_bundle_lacks_add(store, &site, &op), STATUS_OK);
    assert_int_equal(store_bundle_lacks(store, &site, sample_collect, &ids), STATUS_OK);
    assert_int_equal(ids.len, 1);
    assert_int_equal(store_bundle_lacks_clear(store, &site), STATUS_OK);
    ids.len = 0;
    assert_int_equal(store_bundle_lacks(store, &site, sample_collect, &ids), STATUS_OK);
    assert_int_equal(ids.len, 0);
    sample_commit(store);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(each_site_has_numbers_of_its_own),
        TEST(numbers_leap_and_are_never_behind),
        TEST(one_is_on_its_way_until_it_was_read),
        TEST(a_site_is_told_what_changed_since_it_knows_and_what_it_brought),
        TEST(of_each_machine_the_last_one_is_known),
        TEST(how_a_bundle_began_is_not_known_after_a_restore),
        TEST(what_a_site_holds_and_lacks_is_what_it_said_last),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
