/* Cases from a table: all rows of a request or none, and none twice. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "node/cases/view.h"
#include "proto/limits.h"
#include "tests/sim/sim_county.h"

#define CATEGORY "邻里"

struct row {
    const char *title;
    uint8_t line; /* 0: none */
    bool has_number;
    const char *minor; /* NULL: a case of grown-ups; else its one party */
};

static void pack_row(struct buf *out, const struct row *row)
{
    uint8_t line[ID_SIZE];
    memset(line, row->line, sizeof(line));
    pack_map(out, 3 + (row->line > 0) + row->has_number + 2 * (row->minor != NULL));
    pack_str(out, "category");
    pack_str(out, CATEGORY);
    if (row->line > 0) {
        pack_str(out, "line");
        pack_bin(out, line, sizeof(line));
    }
    if (row->minor != NULL) {
        pack_str(out, "minor");
        pack_bool(out, true);
    }
    pack_str(out, "narrative");
    pack_str(out, "两家争执。");
    if (row->has_number) {
        pack_str(out, "number");
        pack_str(out, "2026-0001");
    }
    if (row->minor != NULL) {
        pack_str(out, "parties");
        pack_array(out, 1);
        pack_array(out, 2);
        pack_str(out, row->minor);
        pack_str(out, row->minor);
    }
    pack_str(out, "title");
    pack_str(out, row->title);
}

/* The answer's counts, and its first problem. */
struct answer {
    enum status status;
    uint64_t taken, known, problems, row;
    char field[32], problem[256];
};

static bool first_problem(void *context, struct bytes element)
{
    struct answer *answer = context;
    struct bytes field, problem;
    assert_true(view_map_text(element, "field", &field));
    assert_true(view_map_text(element, "problem", &problem));
    assert_true(view_map_uint(element, "row", &answer->row));
    (void)snprintf(answer->field, sizeof(answer->field), "%.*s", (int)field.len,
                   (const char *)field.data);
    (void)snprintf(answer->problem, sizeof(answer->problem), "%.*s", (int)problem.len,
                   (const char *)problem.data);
    return false;
}

static struct answer take(struct sim_county *f, bool is_check, const struct row *rows,
                          uint32_t len)
{
    struct answer answer = {0};
    struct buf map = {0}, out = {0};
    pack_map(&map, 1 + is_check);
    if (is_check) {
        pack_str(&map, "check");
        pack_bool(&map, true);
    }
    pack_str(&map, "rows");
    pack_array(&map, len);
    for (uint32_t i = 0; i < len; i++)
        pack_row(&map, &rows[i]);
    answer.status =
        world_call(f->world, f->fengyuan, "case.import", buf_bytes(&map), &out);
    world_run(f->world, 0);
    if (answer.status == STATUS_OK) {
        (void)view_map_uint(buf_bytes(&out), "taken", &answer.taken);
        (void)view_map_uint(buf_bytes(&out), "known", &answer.known);
        answer.problems = view_map_count(buf_bytes(&out), "problems");
        view_map_each(buf_bytes(&out), "problems", first_problem, &answer);
    }
    buf_deinit(&map);
    buf_deinit(&out);
    return answer;
}

static void rows_become_cases_and_no_row_becomes_two(void **state)
{
    static const struct row rows[] = {
        {"甲", 1, false, NULL}, {"乙", 2, false, NULL}, {"甲", 1, false, NULL}};
    struct sim_county *f = *state;

    struct answer first = take(f, false, rows, 2);
    struct answer again = take(f, false, rows, 3);

    assert_int_equal(first.status, STATUS_OK);
    assert_int_equal(first.taken, 2);
    assert_int_equal(again.taken, 0);
    assert_int_equal(again.known, 3);
    assert_int_equal(sim_status(f, f->fengyuan, "cases"), 2);
}

static void a_row_that_comes_twice_in_one_request_is_one_case(void **state)
{
    static const struct row rows[] = {{"甲", 1, false, NULL}, {"甲", 1, false, NULL}};
    struct sim_county *f = *state;

    struct answer answer = take(f, false, rows, 2);

    assert_int_equal(answer.taken, 1);
    assert_int_equal(answer.known, 1);
}

static void what_was_taken_is_known_after_a_power_cut_and_a_rebuild(void **state)
{
    static const struct row rows[] = {
        {"甲", 1, false, NULL}, {"乙", 2, false, NULL}, {"丙", 3, false, NULL}};
    struct sim_county *f = *state;
    assert_int_equal(take(f, false, rows, 2).taken, 2);

    world_restart(f->world, f->fengyuan);
    assert_int_equal(world_rebuild(f->fengyuan), STATUS_OK);

    struct answer answer = take(f, false, rows, 3);
    assert_int_equal(answer.known, 2);
    assert_int_equal(answer.taken, 1);
    assert_int_equal(sim_status(f, f->fengyuan, "cases"), 3);
}

static void one_bad_row_and_none_is_taken(void **state)
{
    char longer[301];
    memset(longer, 'x', 300);
    longer[300] = '\0';
    const struct row bad[] = {{"", 2, false, NULL},
                              {longer, 2, false, NULL},
                              {"乙", 0, false, NULL},
                              {"乙", 2, true, NULL},
                              {"乙", 2, false, "张小某"}};
    const char *const fields[] = {"title", "title", "line", "", "parties"};
    const char *const problems[] = {"missing", "at most 240", "32 bytes",
                                    "unknown argument number", "roles alone"};
    struct sim_county *f = *state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        const struct row rows[] = {{"甲", 1, false, NULL}, bad[i]};

        struct answer answer = take(f, false, rows, 2);

        assert_int_equal(answer.status, STATUS_OK);
        assert_int_equal(answer.taken, 0);
        assert_int_equal(answer.problems, 1);
        assert_int_equal(answer.row, 1);
        assert_string_equal(answer.field, fields[i]);
        assert_non_null(strstr(answer.problem, problems[i]));
        assert_int_equal(sim_status(f, f->fengyuan, "cases"), 0);
    }
}

static void a_case_of_a_minor_is_taken_where_it_names_roles(void **state)
{
    static const struct row rows[] = {{"甲", 1, false, "child"}, {"乙", 2, false, NULL}};

    assert_int_equal(take(*state, false, rows, 2).taken, 2);
}

static void a_check_takes_nothing(void **state)
{
    static const struct row rows[] = {{"甲", 1, false, NULL}, {"乙", 2, false, NULL}};
    struct sim_county *f = *state;
    assert_int_equal(take(f, false, rows, 1).taken, 1);

    struct answer answer = take(f, true, rows, 2);

    assert_int_equal(answer.taken, 1);
    assert_int_equal(answer.known, 1);
    assert_int_equal(sim_status(f, f->fengyuan, "cases"), 1);
}

static void more_rows_than_one_request_may_have_are_refused(void **state)
{
    struct sim_county *f = *state;
    struct row *rows = calloc(IMPORT_ROWS_MAX + 1, sizeof(*rows));
    assert_non_null(rows);
    for (int i = 0; i <= IMPORT_ROWS_MAX; i++)
        rows[i] = (struct row){"甲", 1, false, NULL};

    assert_int_equal(take(f, true, rows, IMPORT_ROWS_MAX + 1).status, STATUS_INVALID);

    assert_int_equal(world_say(f->world, f->fengyuan, NULL, "case.import", NULL),
                     STATUS_INVALID);
    assert_int_equal(
        world_say(f->world, f->fengyuan, NULL, "case.import", "rows", "甲", NULL),
        STATUS_INVALID);
    free(rows);
}

static void who_may_not_write_takes_nothing(void **state)
{
    static const struct row rows[] = {{"甲", 1, false, NULL}};
    struct sim_county *f = *state;
    sim_add_person(f, f->fengyuan, "李某", "desk", NULL);
    assert_int_equal(world_unlock(f->world, f->fengyuan, "李某", "135791"), STATUS_OK);

    assert_int_equal(take(f, false, rows, 1).status, STATUS_DENIED);

    assert_int_equal(sim_status(f, f->fengyuan, "cases"), 0);
}

static void parties_of_another_form_are_said_by_their_name(void **state)
{
    struct sim_county *f = *state;

    assert_int_equal(world_say(f->world, f->fengyuan, NULL, "case.new", "category",
                               CATEGORY, "title", "甲", "narrative", "一", "parties",
                               "张某", NULL),
                     STATUS_INVALID);
}

int main(void)
{
#define ONE(test)                                                                        \
    cmocka_unit_test_setup_teardown(test, sim_county_set_up_in_memory,                   \
                                    sim_county_tear_down_in_memory)
    const struct CMUnitTest tests[] = {
        ONE(rows_become_cases_and_no_row_becomes_two),
        ONE(a_row_that_comes_twice_in_one_request_is_one_case),
        ONE(what_was_taken_is_known_after_a_power_cut_and_a_rebuild),
        ONE(one_bad_row_and_none_is_taken),
        ONE(a_case_of_a_minor_is_taken_where_it_names_roles),
        ONE(a_check_takes_nothing),
        ONE(more_rows_than_one_request_may_have_are_refused),
        ONE(who_may_not_write_takes_nothing),
        ONE(parties_of_another_form_are_said_by_their_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
