/* Until when something has to be done, and how that stands: tables, and days. */
#include "town.h"

#include <string.h>

#include "node/cases/due.h"
#include "proto/date.h"

static struct due_rule rule_of(enum due_wait wait, uint32_t tier, const char *category,
                               uint32_t days)
{
    return (struct due_rule){wait, tier, bytes_str(category), days};
}

static void set(struct due_table *table, enum due_wait wait, uint32_t tier,
                const char *category, uint32_t days)
{
    const struct due_rule rule = rule_of(wait, tier, category, days);
    assert_int_equal(due_table_set(table, &rule), STATUS_OK);
}

/* --- tables --- */

static void a_table_that_says_nothing_leaves_the_defaults(void **state)
{
    const struct due_table table = {0};
    enum due_wait wait;
    (void)state;
    for (int i = 0; i < DUE_WAITS; i++) {
        assert_int_equal(due_days(&table, (enum due_wait)i, 1, bytes_str("邻里")),
                         due_default((enum due_wait)i));
        assert_true(due_wait_parse(bytes_str(due_wait_text((enum due_wait)i)), &wait));
        assert_int_equal(wait, i);
    }
    assert_false(due_wait_parse(bytes_str("lunch"), &wait));
    assert_int_equal(due_default(DUE_FOLLOW_UP), 30);
    assert_int_equal(due_default(DUE_CONFIRM), 30);
    assert_int_equal(due_default(DUE_COOLING_OFF), 0);
    assert_int_equal(due_default(DUE_RELEASE), 3);
}

/* The category comes before the tier, and both before each alone. */
static void the_rule_that_is_most_about_it_holds(void **state)
{
    struct due_table table = {0};
    struct bytes land = bytes_str("土地"), wages = bytes_str("劳资");
    (void)state;
    set(&table, DUE_SETTLE, 2, "土地", 4);
    set(&table, DUE_SETTLE, 0, "土地", 3);
    set(&table, DUE_SETTLE, 2, "", 2);
    set(&table, DUE_SETTLE, 0, "", 1);

    assert_int_equal(due_days(&table, DUE_SETTLE, 2, land), 4);
    assert_int_equal(due_days(&table, DUE_SETTLE, 1, land), 3);
    assert_int_equal(due_days(&table, DUE_SETTLE, 2, wages), 2);
    assert_int_equal(due_days(&table, DUE_SETTLE, 1, wages), 1);
    assert_int_equal(due_days(&table, DUE_FOLLOW_UP, 2, land), 30);
}

static void a_rule_takes_the_place_of_the_one_before_and_can_be_taken_back(void **state)
{
    struct due_table table = {0};
    const struct due_rule rule = rule_of(DUE_COOLING_OFF, 0, "婚姻", 7);
    (void)state;
    set(&table, DUE_COOLING_OFF, 0, "婚姻", 30);
    set(&table, DUE_SETTLE, 0, "", 20);
    set(&table, DUE_COOLING_OFF, 0, "婚姻", 7);
    assert_int_equal(table.len, 2);
    assert_int_equal(due_days(&table, DUE_COOLING_OFF, 1, bytes_str("婚姻")), 7);

    assert_true(due_table_reset(&table, &rule));
    assert_false(due_table_reset(&table, &rule));

    assert_int_equal(table.len, 1);
    assert_int_equal(due_days(&table, DUE_COOLING_OFF, 1, bytes_str("婚姻")), 0);
    assert_int_equal(due_days(&table, DUE_SETTLE, 1, bytes_str("婚姻")), 20);
}

static void a_rule_beyond_its_limits_is_none(void **state)
{
    struct due_table table = {0};
    char longer[DUE_CATEGORY_MAX + 2] = "";
    struct due_rule rule = rule_of(DUE_SETTLE, 0, "", DUE_DAYS_MAX);
    (void)state;
    for (size_t i = 0; i <= DUE_CATEGORY_MAX; i++)
        longer[i] = 'a';
    assert_int_equal(due_table_set(&table, &rule), STATUS_OK);
    rule.days = DUE_DAYS_MAX + 1;
    assert_int_equal(due_table_set(&table, &rule), STATUS_INVALID);
    rule = rule_of(DUE_SETTLE, 5, "", 1);
    assert_int_equal(due_table_set(&table, &rule), STATUS_INVALID);
    rule = rule_of(DUE_SETTLE, 0, longer, 1);
    assert_int_equal(due_table_set(&table, &rule), STATUS_INVALID);
    for (uint32_t i = 1; i < DUE_RULES_MAX; i++)
        set(&table, (enum due_wait)(i / 4 % DUE_WAITS), i % 4, &longer[100 - i / 4], i);
    rule = rule_of(DUE_ANSWER, 4, "婚姻", 1);
    assert_int_equal(due_table_set(&table, &rule), STATUS_FULL);
    assert_int_equal(table.len, DUE_RULES_MAX);
}

static void a_table_that_was_packed_is_read_again(void **state)
{
    struct due_table table = {0}, read;
    struct buf bytes = {0}, again = {0};
    (void)state;
    set(&table, DUE_ANSWER, 2, "土地", 10);
    set(&table, DUE_SETTLE, 0, "", 20);
    due_table_pack(&table, &bytes);

    assert_int_equal(due_table_parse(&read, buf_bytes(&bytes)), STATUS_OK);

    due_table_pack(&read, &again);
    assert_true(bytes_equal(buf_bytes(&bytes), buf_bytes(&again)));
    buf_deinit(&bytes);
    buf_deinit(&again);
}

static void bytes_that_are_no_table_are_refused(void **state)
{
    static const char *const rows[] = {
        "",           "c0",           "9101",         "9193000020",   "9194060020a0",
        "9194060000", "91940600a001", "91940005a001", "919400000001", "91940000a0cd0e4d",
        "91940000a0", "919400c0a001", "9194c000a001", "91940000a0c0",
    };
    struct due_table table;
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        uint8_t bytes[32];
        size_t len = strlen(rows[i]) / 2;
        (void)hex_decode(bytes, len, rows[i]); /* where it is none, other bytes */
        if (due_table_parse(&table, bytes_of(bytes, len)) == STATUS_OK)
            fail_msg("row %zu is a table", i);
    }
}

/* --- days --- */

static int64_t day_of(const char *text)
{
    int64_t day;
    assert_true(date_parse(bytes_str(text), &day));
    return day;
}

static void how_a_day_stands(void **state)
{
    static const struct {
        const char *due, *today, *colour, *words;
        uint32_t days;
    } rows[] = {
        {"2026-12-31", "2026-12-01", "green", "in time", 30},
        {"2026-12-31", "2026-12-27", "green", "in time", 4},
        {"2026-12-31", "2026-12-28", "yellow", "due soon", 3},
        {"2026-12-31", "2026-12-31", "yellow", "due today", 0},
        {"2026-12-31", "2027-01-01", "red", "overdue", 1},
        {"2028-02-29", "2028-03-01", "red", "overdue", 1},
        {"2028-03-01", "2028-02-28", "yellow", "due soon", 2},
        {"2100-03-01", "2100-02-28", "yellow", "due soon", 1},
        {"1970-01-01", "2106-02-07", "red", "overdue", 49710},
        {"9999-12-31", "0001-01-01", "green", "in time", 3652058},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        uint32_t days;
        enum due_state got = due_state(day_of(rows[i].due), day_of(rows[i].today), &days);
        assert_string_equal(due_colour(got), rows[i].colour);
        assert_string_equal(due_words(got), rows[i].words);
        assert_int_equal(days, rows[i].days);
    }
    assert_string_equal(due_words(DUE_NOT_TRUSTED), "clock not trusted");
}

/* A month of waiting, over the ends of months and leap days. */
static void thirty_days_later(void **state)
{
    static const struct {
        const char *from, *to;
    } rows[] = {
        {"2026-01-31", "2026-03-02"}, {"2028-01-31", "2028-03-01"},
        {"2026-12-15", "2027-01-14"}, {"2028-02-29", "2028-03-30"},
        {"2100-01-30", "2100-03-01"}, {"1970-01-01", "1970-01-31"},
        {"2106-02-07", "2106-03-09"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        assert_int_equal(day_of(rows[i].from) + due_default(DUE_FOLLOW_UP),
                         day_of(rows[i].to));
}

static void O3_a_strange_clock_is_not_trusted(void **state)
{
    static const struct {
        uint64_t wall;
        enum wall_quality quality;
        bool is_trusted;
    } rows[] = {
        {1790000000, WALL_NTP, true},  {1790000000, WALL_RTC, true},
        {1790000000, WALL_PEER, true}, {1790000000, WALL_NONE, false},
        {0, WALL_NTP, false},          {1, WALL_NTP, false},
        {1704067199, WALL_RTC, false}, {1704067200, WALL_RTC, true},
        {4102444799, WALL_NTP, true},  {4102444800, WALL_NTP, false},
        {4294967296, WALL_NTP, false}, {1ull << 62, WALL_NTP, false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        assert_int_equal(due_is_trusted(rows[i].wall, rows[i].quality),
                         rows[i].is_trusted);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_table_that_says_nothing_leaves_the_defaults),
        cmocka_unit_test(the_rule_that_is_most_about_it_holds),
        cmocka_unit_test(a_rule_takes_the_place_of_the_one_before_and_can_be_taken_back),
        cmocka_unit_test(a_rule_beyond_its_limits_is_none),
        cmocka_unit_test(a_table_that_was_packed_is_read_again),
        cmocka_unit_test(bytes_that_are_no_table_are_refused),
        cmocka_unit_test(how_a_day_stands),
        cmocka_unit_test(thirty_days_later),
        cmocka_unit_test(O3_a_strange_clock_is_not_trusted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
