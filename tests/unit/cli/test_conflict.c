/* Settling a conflict: what was shown goes with what is decided. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "cli/cli.h"
#include "proto/json.h"
#include "proto/op.h"
#include "tests/unit/cli/against.h"

#define FIRST "1111111111111111111111111111111111111111111111111111111111111111"
#define SECOND "2222222222222222222222222222222222222222222222222222222222222222"

static void pack_one(struct buf *out, uint8_t op, const char *value)
{
    uint8_t id[ID_SIZE];
    memset(id, op, sizeof(id));
    pack_map(out, 5);
    pack_str(out, "author");
    pack_bin(out, id, sizeof(id));
    pack_str(out, "op");
    pack_bin(out, id, sizeof(id));
    pack_str(out, "time");
    pack_uint(out, 3);
    pack_str(out, "value");
    pack_str(out, value);
    pack_str(out, "wall");
    pack_uint(out, 1790000000);
}

static void pack_conflict(struct buf *out, const char *field, const char *party)
{
    pack_map(out, 3);
    pack_str(out, "field");
    pack_str(out, field);
    pack_str(out, "party");
    pack_str(out, party);
    pack_str(out, "values");
    pack_array(out, 2);
    pack_one(out, *party == '\0' ? 0x11 : 0x33, "甲\x1b");
    pack_one(out, 0x22, "乙");
}

/* Shows two conflicts, and refuses the settling with what it was asked. */
static void shows_two(struct bytes method, struct bytes arguments, unsigned call,
                      struct buf *out)
{
    struct buf json = {0};
    char text[300];
    if (bytes_equal_str(method, "unlock")) {
        pack_str(out, "OK");
        pack_nil(out);
        return;
    }
    if (bytes_equal_str(method, "conflict.show")) {
        pack_str(out, "OK");
        pack_map(out, 2);
        pack_str(out, "conflicts");
        pack_array(out, 2);
        pack_conflict(out, "consents", "张某");
        pack_conflict(out, "title", "");
        pack_str(out, "number");
        pack_str(out, "2026-0001");
        return;
    }
    if (json_add(&json, arguments) != STATUS_OK)
        return; /* the connection is closed, and the row is not as it should be */
    (void)snprintf(text, sizeof(text), "%.*s", (int)json.len, (const char *)json.data);
    buf_deinit(&json);
    fake_node_say_text(out, "INVALID", text);
}

static void what_stands_goes_with_the_decision(void **state)
{
    static const struct {
        const char *words[9];
        const char *asked;
    } rows[] = {
        {{"conflict", "settle", "2026-0001", "title", "--choose", "2"},
         "\"choose\":\"" SECOND "\",\"field\":\"title\",\"seen\":[\"" FIRST},
        {{"conflict", "settle", "2026-0001", "title", "--both"},
         "\"both\":true,\"case\":\"2026-0001\",\"field\":\"title\",\"seen\":[\"" FIRST
         "\",\"" SECOND "\"]"},
        {{"conflict", "settle", "2026-0001", "title", "--choose", "11111111"},
         "\"choose\":\"11111111\",\"field\":\"title\",\"seen\":["},
        {{"conflict", "settle", "2026-0001", "title", "--choose", "3"},
         "\"choose\":\"3\",\"field\":\"title\",\"seen\":["},
        {{"conflict", "settle", "2026-0001", "title", "--text", "丙"},
         "\"seen\":[\"" FIRST "\",\"" SECOND "\"],\"text\":\"丙\""},
        {{"conflict", "settle", "2026-0001", "consents", "--choose", "2", "--party",
          "张某"},
         "\"choose\":\"" SECOND "\",\"field\":\"consents\",\"party\":\"张某\""},
        {{"conflict", "settle", "2026-0001", "consents", "--choose", "2", "--party",
          "李某"},
         "\"choose\":\"2\",\"field\":\"consents\",\"party\":\"李某\"}"},
        {{"conflict", "settle", "2026-0001", "wish", "--choose", "1"},
         "{\"case\":\"2026-0001\",\"choose\":\"1\",\"field\":\"wish\"}"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct run_cli run = run_against(shows_two, rows[i].words);
        assert_int_equal(run.code, EXIT_FAILED);
        if (strstr(run.err, rows[i].asked) == NULL)
            fail_msg("row %zu: %s", i, run.err);
        run_cli_deinit(&run);
    }
}

/* Escaped, as everything that others wrote. */
static void who_chooses_by_a_number_is_shown_what_it_means(void **state)
{
    static const char *const words[] = {"conflict", "settle", "2026-0001", "title",
                                        "--choose", "1",      NULL};
    (void)state;
    struct run_cli run = run_against(shows_two, words);

    assert_non_null(strstr(run.err, "1: "));
    assert_non_null(strstr(run.err, "op 111111111111"));
    assert_non_null(strstr(run.err, "甲"));
    assert_null(strchr(run.err, 0x1b));
    assert_null(strstr(run.err, "op 222222222222"));
    run_cli_deinit(&run);
}

static void both_values_are_shown_harmlessly_with_who_wrote_them(void **state)
{
    static const char *const words[] = {"conflict", "show", "2026-0001", NULL};
    (void)state;
    struct run_cli run = run_against(shows_two, words);

    assert_int_equal(run.code, EXIT_DONE);
    assert_non_null(strstr(run.out, "written in several ways at once"));
    assert_non_null(strstr(run.out, "of 张某"));
    assert_non_null(strstr(run.out, "1: "));
    assert_non_null(strstr(run.out, "2: "));
    assert_null(strchr(run.out, 0x1b));
    run_cli_deinit(&run);
}

static void one_way_of_settling_is_said(void **state)
{
    static const char *const rows[][8] = {
        {"conflict", "settle", "2026-0001", "title"},
        {"conflict", "settle", "2026-0001", "title", "--both", "--choose", "1"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct run_cli run = run_against(shows_two, rows[i]);
        assert_int_equal(run.code, EXIT_USAGE);
        run_cli_deinit(&run);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_stands_goes_with_the_decision),
        cmocka_unit_test(who_chooses_by_a_number_is_shown_what_it_means),
        cmocka_unit_test(both_values_are_shown_harmlessly_with_who_wrote_them),
        cmocka_unit_test(one_way_of_settling_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
