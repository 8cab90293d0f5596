/* What has to be done until when, where there is more of it than anybody asked for. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "node/cases/view.h"
#include "node/core/due_list.h"
#include "node/core/state.h"
#include "proto/date.h"
#include "tests/support/fail_memory.h"

#define TODAY 1790000000
#define FIRST_DAY 20000

static void begin(struct due_list *list, uint64_t limit)
{
    struct core *core = calloc(1, sizeof(*core));
    assert_non_null(core);
    core->wall = TODAY;
    core->quality = WALL_NTP;
    due_list_begin(list, core, limit);
    free(core);
}

static void add(struct due_list *list, int64_t due, struct bytes text)
{
    static const struct id scope;
    struct due_item item = {.wait = "task",
                            .number = bytes_str("2026-0001"),
                            .title = bytes_str("水沟"),
                            .scope = &scope,
                            .text = text,
                            .has_due = true,
                            .due = due};
    due_list_add(list, &item);
}

static bool next_day(void *context, struct bytes item)
{
    char wanted[DATE_TEXT_SIZE];
    int64_t *day = context;
    date_text(wanted, (*day)++);
    assert_true(view_map_has_text(item, "due", wanted));
    return true;
}

/* The earliest come last. */
static void
of_more_than_is_asked_for_the_earliest_stay_and_the_rest_is_counted(void **state)
{
    enum { LIMIT = 100, ITEMS = 5000 };
    struct due_list list;
    struct buf out = {0};
    uint64_t left_out = 0;
    int64_t day = FIRST_DAY;
    (void)state;
    begin(&list, LIMIT);
    for (int i = ITEMS - 1; i >= 0; i--) {
        add(&list, FIRST_DAY + i, bytes_str("量沟"));
        assert_true(list.items.len <= 3 * LIMIT);
        assert_true(list.items.memory.len <= (size_t)3 * LIMIT * 400);
    }

    assert_int_equal(due_list_pack(&list, &out), STATUS_OK);

    assert_int_equal(view_map_count(buf_bytes(&out), "items"), LIMIT);
    view_map_each(buf_bytes(&out), "items", next_day, &day);
    assert_true(view_map_uint(buf_bytes(&out), "left_out", &left_out));
    assert_int_equal(left_out, ITEMS - LIMIT);
    due_list_deinit(&list);
    buf_deinit(&out);
}

static bool next_number(void *context, struct bytes item)
{
    struct bytes text;
    uint64_t *number = context;
    assert_true(view_map_text(item, "text", &text));
    assert_int_equal(strtoull((const char *)text.data, NULL, 10), *number);
    ++*number;
    return true;
}

/* However often the list is cut. */
static void what_is_due_on_one_day_stays_in_the_order_in_which_it_came(void **state)
{
    struct due_list list;
    struct buf out = {0};
    uint64_t number = 1000;
    (void)state;
    begin(&list, 70);
    for (int i = 1000; i < 1800; i++) {
        char text[16];
        (void)snprintf(text, sizeof(text), "%d.", i);
        add(&list, FIRST_DAY, bytes_str(text));
    }

    assert_int_equal(due_list_pack(&list, &out), STATUS_OK);

    view_map_each(buf_bytes(&out), "items", next_number, &number);
    assert_int_equal(number, 1070);
    due_list_deinit(&list);
    buf_deinit(&out);
}

static void what_an_answer_has_no_room_for_is_counted(void **state)
{
    struct due_list list;
    struct buf out = {0};
    char text[4097];
    uint64_t left_out = 0;
    (void)state;
    memset(text, 'x', sizeof(text) - 1);
    text[sizeof(text) - 1] = '\0';
    begin(&list, UINT64_MAX);
    for (int i = 0; i < 1200; i++)
        add(&list, FIRST_DAY + i, bytes_str(text));

    assert_int_equal(due_list_pack(&list, &out), STATUS_OK);

    assert_true(out.len < CONTROL_MESSAGE_MAX - 1024);
    uint32_t items = view_map_count(buf_bytes(&out), "items");
    assert_true(items > 900);
    assert_true(view_map_uint(buf_bytes(&out), "left_out", &left_out));
    assert_int_equal(items + left_out, 1200);
    due_list_deinit(&list);
    buf_deinit(&out);
}

static void where_nothing_is_asked_for_all_is_counted(void **state)
{
    struct due_list list;
    struct buf out = {0};
    uint64_t left_out = 0;
    (void)state;
    begin(&list, 0);
    for (int i = 0; i < 200; i++)
        add(&list, FIRST_DAY, bytes_str("量沟"));

    assert_int_equal(due_list_pack(&list, &out), STATUS_OK);

    assert_true(view_map_uint(buf_bytes(&out), "left_out", &left_out));
    assert_int_equal(left_out, 200);
    due_list_deinit(&list);
    buf_deinit(&out);
}

/* At each allocation: a list that lacks a line is no list. */
static void I14_a_list_for_which_there_is_no_memory_is_none(void **state)
{
    bool has_failed = true;
    (void)state;
    for (uint64_t after = 0; has_failed; after++) {
        struct due_list list;
        struct buf out = {0};
        begin(&list, 20);
        fail_memory_after(after, false);
        fail_memory_in();
        for (int i = 0; i < 300; i++)
            add(&list, FIRST_DAY + i % 7, bytes_str("量沟"));
        enum status status = due_list_pack(&list, &out);
        (void)fail_memory_out(); /* it counted */
        has_failed = fail_memory_stop();
        assert_int_equal(status, has_failed ? STATUS_NO_MEMORY : STATUS_OK);
        due_list_deinit(&list);
        buf_deinit(&out);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(
            of_more_than_is_asked_for_the_earliest_stay_and_the_rest_is_counted),
        cmocka_unit_test(what_is_due_on_one_day_stays_in_the_order_in_which_it_came),
        cmocka_unit_test(what_an_answer_has_no_room_for_is_counted),
        cmocka_unit_test(where_nothing_is_asked_for_all_is_counted),
        cmocka_unit_test(I14_a_list_for_which_there_is_no_memory_is_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
