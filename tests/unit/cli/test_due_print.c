/* What waits, as people read it: no colour without its words. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "cli/due_print.h"
#include "proto/pack.h"

static void pack_word(struct buf *out, const char *name, const char *text)
{
    pack_str(out, name);
    pack_str(out, text);
}

static void pack_item(struct buf *out, const char *number, const char *wait,
                      const char *colour, const char *state, uint64_t days)
{
    static const uint8_t scope[32] = {0xab, 0xcd};
    pack_map(out, 7);
    pack_word(out, "colour", colour);
    pack_str(out, "days");
    pack_uint(out, days);
    pack_word(out, "number", number);
    pack_str(out, "scope");
    pack_bin(out, scope, sizeof(scope));
    pack_word(out, "state", state);
    pack_word(out, "title", "\x1b[31m水沟");
    pack_word(out, "wait", wait);
}

static char *print(const struct buf *result)
{
    char *text = NULL;
    size_t len = 0;
    FILE *out = open_memstream(&text, &len);
    assert_non_null(out);
    due_print(out, buf_bytes(result), "Nothing waits.");
    assert_int_equal(fclose(out), 0);
    return text;
}

static void assert_has(const char *text, const char *part)
{
    if (strstr(text, part) == NULL)
        fail_msg("\"%s\" is not in:\n%s", part, text);
}

static void each_line_says_in_words_how_it_stands(void **state)
{
    struct buf result = {0};
    (void)state;
    pack_map(&result, 3);
    pack_str(&result, "clock_trusted");
    pack_bool(&result, true);
    pack_str(&result, "items");
    pack_array(&result, 6);
    pack_item(&result, "2026-0001", "settle", "red", "overdue", 1);
    pack_item(&result, "2026-0002", "follow-up", "green", "in time", 30);
    pack_item(&result, "2026-0003", "confirm", "yellow", "due today", 0);
    pack_item(&result, "2026-0004", "cooling-off", "blue", "cooling off", 2);
    pack_item(&result, "", "answer", "red", "overdue", 3);
    pack_item(&result, "2026-0005", "dance", "grey", "clock not trusted", 0);
    pack_str(&result, "left_out");
    pack_uint(&result, 7);

    char *text = print(&result);

    assert_has(text, "2026-0001     to be settled");
    assert_has(text, "red: overdue by 1 day ");
    assert_has(text, "green: in time, 30 days left");
    assert_has(text, "the court can be asked to confirm");
    assert_has(text, "yellow: due today ");
    assert_has(text, "blue: cooling off, 2 days left");
    assert_has(text, "abcd00000000  a record to be answered");
    assert_has(text, "red: overdue by 3 days ");
    assert_has(text, "2026-0005     ?");
    assert_has(text, "7 more are left out");
    assert_null(strstr(text, "\x1b"));
    assert_null(strstr(text, "The clock of this node"));
    free(text);
    buf_deinit(&result);
}

static void a_clock_that_is_not_trusted_is_said_below(void **state)
{
    struct buf result = {0};
    (void)state;
    pack_map(&result, 1);
    pack_str(&result, "clock_trusted");
    pack_bool(&result, false);

    char *text = print(&result);

    assert_has(text, "Nothing waits.");
    assert_has(text, "nobody can tell what is overdue");
    free(text);
    buf_deinit(&result);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_line_says_in_words_how_it_stands),
        cmocka_unit_test(a_clock_that_is_not_trusted_is_said_below),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
