/* Days and their texts. The numbers of days are those of GNU date:
 * `date -u -d DAY +%s` divided by 86,400. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "proto/date.h"

static int64_t day_of(const char *text)
{
    int64_t day;
    if (!date_parse(bytes_str(text), &day))
        fail_msg("%s is no day", text);
    return day;
}

static void assert_day(int64_t day, const char *expected)
{
    char text[DATE_TEXT_SIZE];
    date_text(text, day);
    assert_string_equal(text, expected);
}

static void days_have_the_numbers_that_others_give_them(void **state)
{
    (void)state;
    assert_int_equal(day_of("1970-01-01"), 0);
    assert_int_equal(day_of("1969-12-31"), -1);
    assert_int_equal(day_of("2000-02-29"), 11016);
    assert_int_equal(day_of("2026-11-27"), 20784);
    assert_int_equal(day_of("2100-03-01"), 47541);
    assert_int_equal(day_of("2106-02-07"), 49710);
    assert_int_equal(day_of("0001-01-01"), DATE_FIRST);
    assert_int_equal(day_of("9999-12-31"), DATE_LAST);
}

static void every_day_is_read_as_it_is_written(void **state)
{
    (void)state;
    char text[DATE_TEXT_SIZE], before[DATE_TEXT_SIZE] = "0000";
    for (int64_t day = DATE_FIRST; day <= DATE_LAST; day += 13) {
        date_text(text, day);
        assert_int_equal(day_of(text), day);
        assert_true(strcmp(before, text) < 0);
        memcpy(before, text, sizeof(text));
    }
}

static void what_is_no_day_is_refused(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "",           "2026-1-01",   "2026-11-31", "2026-02-29", "1900-02-29",
        "2026-00-10", "2026-13-10",  "2026-10-00", "0000-01-01", "2026/11/30",
        "2026-11/30", "202a-11-30",  "2026-1x-30", "2026-11-3y", "20261130",
        " 026-11-30", "2026-11-300", "明天",       "2026-11-30 "};
    int64_t day;
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        if (date_parse(bytes_str(texts[i]), &day))
            fail_msg("'%s' is taken for a day", texts[i]);
}

static void months_are_added_as_people_do(void **state)
{
    (void)state;
    assert_day(date_add_months(day_of("2026-01-31"), 1), "2026-02-28");
    assert_day(date_add_months(day_of("2028-01-31"), 1), "2028-02-29");
    assert_day(date_add_months(day_of("2027-11-30"), 3), "2028-02-29");
    assert_day(date_add_months(day_of("2026-12-15"), 0), "2026-12-15");
    assert_day(date_add_months(day_of("2026-12-15"), 1), "2027-01-15");
    assert_day(date_add_months(day_of("2026-08-31"), 13), "2027-09-30");
    assert_day(date_add_months(day_of("9999-12-01"), 1), "9999-12-31");
}

static void a_moment_is_a_day_where_people_are(void **state)
{
    (void)state;
    assert_int_equal(date_of_seconds(0, 0), 0);
    assert_int_equal(date_of_seconds(0, -1), -1);
    assert_int_equal(date_of_seconds(86399, 0), 0);
    assert_int_equal(date_of_seconds(16 * 3600, 480), 1); /* midnight in UTC+8 */
    assert_int_equal(date_of_seconds(16 * 3600 - 1, 480), 0);
    assert_int_equal(date_of_seconds(UINT64_MAX, 480), DATE_LAST);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(days_have_the_numbers_that_others_give_them),
        cmocka_unit_test(every_day_is_read_as_it_is_written),
        cmocka_unit_test(what_is_no_day_is_refused),
        cmocka_unit_test(months_are_added_as_people_do),
        cmocka_unit_test(a_moment_is_a_day_where_people_are),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
