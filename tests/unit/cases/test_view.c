/* A view is asked for what is not in it, or is something else than was looked for. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "node/cases/view.h"
#include "proto/pack.h"

/* {conflicts: [7, "title"], id: bin 32, list: [1, 2, 3], no: false,
 *  registers: {bare: [{}], none: [], place: [{value: nil}], title: [{value: "甲"}],
 *              wish: [{op: bin 32, value: 7}]}, number: 7, text: "田埂"} */
static void write_view(struct buf *out)
{
    static const uint8_t id[ID_SIZE] = {9};
    pack_map(out, 7);
    pack_str(out, "conflicts");
    pack_array(out, 2);
    pack_uint(out, 7);
    pack_str(out, "title");
    pack_str(out, "id");
    pack_bin(out, id, sizeof(id));
    pack_str(out, "list");
    pack_array(out, 3);
    for (uint64_t i = 1; i <= 3; i++)
        pack_uint(out, i);
    pack_str(out, "no");
    pack_bool(out, false);
    pack_str(out, "number");
    pack_uint(out, 7);
    pack_str(out, "registers");
    pack_map(out, 5);
    pack_str(out, "bare");
    pack_array(out, 1);
    pack_map(out, 0);
    pack_str(out, "none");
    pack_array(out, 0);
    pack_str(out, "place");
    pack_array(out, 1);
    pack_map(out, 1);
    pack_str(out, "value");
    pack_nil(out);
    pack_str(out, "title");
    pack_array(out, 1);
    pack_map(out, 1);
    pack_str(out, "value");
    pack_str(out, "甲");
    pack_str(out, "wish");
    pack_array(out, 1);
    pack_map(out, 2);
    pack_str(out, "op");
    pack_bin(out, id, sizeof(id));
    pack_str(out, "value");
    pack_uint(out, 7);
    pack_str(out, "text");
    pack_str(out, "田埂");
    assert_int_equal(pack_check(buf_bytes(out), NULL), STATUS_OK);
}

static void a_value_is_given_where_it_is_of_the_type_asked_for(void **state)
{
    struct buf view = {0};
    struct bytes map, text;
    struct id id;
    uint64_t number;
    bool flag = true;
    (void)state;
    write_view(&view);
    map = buf_bytes(&view);
    assert_true(view_map_text(map, "text", &text) && bytes_equal_str(text, "田埂"));
    assert_true(view_map_uint(map, "number", &number) && number == 7);
    assert_true(view_map_flag(map, "no", &flag) && !flag);
    assert_true(view_map_id(map, "id", &id) && id.bytes[0] == 9);
    assert_int_equal(view_map_count(map, "list"), 3);

    assert_false(view_map_text(map, "number", &text));
    assert_false(view_map_uint(map, "text", &number));
    assert_false(view_map_flag(map, "number", &flag));
    assert_false(view_map_id(map, "text", &id));
    assert_int_equal(view_map_count(map, "text"), 0);
    buf_deinit(&view);
}

static void what_is_not_there_is_not_given(void **state)
{
    struct buf view = {0};
    struct bytes text;
    struct id id;
    uint64_t number;
    bool flag;
    (void)state;
    write_view(&view);
    struct bytes map = buf_bytes(&view);
    assert_false(view_map_text(map, "wish", &text));
    assert_false(view_map_uint(map, "wish", &number));
    assert_false(view_map_flag(map, "wish", &flag));
    assert_false(view_map_id(map, "wish", &id));
    assert_false(view_site(map, &id));
    assert_int_equal(view_map_count(map, "wish"), 0);
    assert_int_equal(view_state(map).len, 0);
    assert_int_equal(view_refused(map), 0);
    buf_deinit(&view);
}

static bool count_up_to_two(void *context, struct bytes element)
{
    (void)element;
    return ++*(int *)context < 2;
}

static void a_value_is_compared_where_it_is_there(void **state)
{
    static const struct id same = {{9}}, other = {{8}};
    struct buf view = {0};
    write_view(&view);
    struct bytes map = buf_bytes(&view);

    assert_true(view_map_has_id(map, "id", &same));
    assert_false(view_map_has_id(map, "id", &other));
    assert_false(view_map_has_id(map, "text", &same));
    assert_true(view_map_has_text(map, "text", "田埂"));
    assert_false(view_map_has_text(map, "text", "田"));
    assert_false(view_map_has_text(map, "colour", "田埂"));
    buf_deinit(&view);
}

static void each_element_is_told_until_that_is_enough(void **state)
{
    struct buf view = {0};
    int told = 0;
    (void)state;
    write_view(&view);
    view_map_each(buf_bytes(&view), "list", count_up_to_two, &told);
    assert_int_equal(told, 2);
    view_map_each(buf_bytes(&view), "text", count_up_to_two, &told);
    view_map_each(buf_bytes(&view), "wish", count_up_to_two, &told);
    assert_int_equal(told, 2);
    buf_deinit(&view);
}

static void a_register_is_shown_where_it_has_a_value(void **state)
{
    static const char *const nothing[] = {"bare", "none", "place", "found-by"};
    struct buf view = {0};
    struct bytes raw, text;
    (void)state;
    write_view(&view);
    struct bytes map = buf_bytes(&view);
    assert_true(view_text(map, "title", &text) && bytes_equal_str(text, "甲"));
    assert_true(view_value(map, "wish", &raw));
    assert_false(view_text(map, "wish", &text));
    for (int i = 0; i < 4; i++)
        assert_false(view_value(map, nothing[i], &raw));
    buf_deinit(&view);
}

static void a_register_tells_which_op_wrote_it(void **state)
{
    struct buf view = {0};
    struct id op;
    (void)state;
    write_view(&view);
    assert_true(view_shown_op(buf_bytes(&view), "wish", &op) && op.bytes[0] == 9);
    assert_false(view_shown_op(buf_bytes(&view), "title", &op));
    assert_false(view_shown_op(buf_bytes(&view), "found-by", &op));
    buf_deinit(&view);
}

static void a_view_without_registers_shows_none(void **state)
{
    static const uint8_t empty[] = {0x80};
    struct bytes raw;
    struct id op;
    (void)state;
    assert_false(view_shown_op(bytes_of(empty, 1), "title", &op));
    assert_false(view_value(bytes_of(empty, 1), "title", &raw));
    assert_false(view_has_conflict(bytes_of(empty, 1), "title"));
}

static void danger_is_in_a_view_that_tells_whether_a_steward_stands_by_it(void **state)
{
    (void)state;
    for (int i = 0; i < 4; i++) { /* nothing of it, nil, nothing in it, not confirmed */
        struct buf view = {0};
        pack_map(&view, i > 0);
        if (i > 0)
            pack_str(&view, "danger");
        if (i == 1)
            pack_nil(&view);
        if (i > 1)
            pack_map(&view, i == 3);
        if (i == 3) {
            pack_str(&view, "confirmed");
            pack_bool(&view, false);
        }
        assert_int_equal(view_is_in_danger(buf_bytes(&view)), i == 3);
        buf_deinit(&view);
    }
}

static void conflicts_are_found_by_their_name(void **state)
{
    struct buf view = {0};
    (void)state;
    write_view(&view);
    assert_int_equal(view_conflicts(buf_bytes(&view)), 2);
    assert_true(view_has_conflict(buf_bytes(&view), "title"));
    assert_false(view_has_conflict(buf_bytes(&view), "place"));
    buf_deinit(&view);
}

static void a_view_that_says_nothing_of_it_is_served(void **state)
{
    struct buf view = {0};
    (void)state;
    write_view(&view);
    assert_false(view_is_unserved(buf_bytes(&view)));
    for (int i = 0; i < 2; i++) {
        buf_clear(&view);
        pack_map(&view, 1);
        pack_str(&view, "unserved");
        pack_bool(&view, i == 1);
        assert_int_equal(view_is_unserved(buf_bytes(&view)), i == 1);
    }
    buf_deinit(&view);
}

static void an_outcome_that_somebody_served_is_known_by_its_word(void **state)
{
    (void)state;
    assert_true(view_outcome_needs_service(bytes_str("served")));
    assert_true(view_outcome_needs_service(bytes_str("advised")));
    assert_false(view_outcome_needs_service(bytes_str("agreement")));
    assert_false(view_outcome_needs_service((struct bytes){0}));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_value_is_given_where_it_is_of_the_type_asked_for),
        cmocka_unit_test(what_is_not_there_is_not_given),
        cmocka_unit_test(a_value_is_compared_where_it_is_there),
        cmocka_unit_test(each_element_is_told_until_that_is_enough),
        cmocka_unit_test(a_register_is_shown_where_it_has_a_value),
        cmocka_unit_test(a_register_tells_which_op_wrote_it),
        cmocka_unit_test(a_view_without_registers_shows_none),
        cmocka_unit_test(a_view_that_says_nothing_of_it_is_served),
        cmocka_unit_test(an_outcome_that_somebody_served_is_known_by_its_word),
        cmocka_unit_test(danger_is_in_a_view_that_tells_whether_a_steward_stands_by_it),
        cmocka_unit_test(conflicts_are_found_by_their_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
