/* For how many years a case is kept, and when they are over. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "node/cases/retention_rule.h"
#include "proto/date.h"
#include "proto/pack.h"

static struct retention_rule rule_of(const char *category, uint8_t years,
                                     uint8_t identity_years)
{
    return (struct retention_rule){bytes_str(category), years, identity_years};
}

static void set(struct buf *rules, const char *category, uint8_t years,
                uint8_t identity_years)
{
    struct buf changed = {0};
    struct retention_rule rule = rule_of(category, years, identity_years);
    assert_int_equal(retention_rules_set(buf_bytes(rules), &rule, &changed), STATUS_OK);
    buf_deinit(rules);
    *rules = changed;
}

static uint8_t years_for(const struct buf *rules, const char *category, bool is_minor)
{
    return retention_rule_for(buf_bytes(rules), bytes_str(category), is_minor).years;
}

static void where_nothing_is_set_the_defaults_hold(void **state)
{
    struct buf none = {0};
    struct retention_rule rule;
    assert_int_equal(years_for(&none, "邻里", false), 5);
    assert_int_equal(years_for(&none, "邻里", true), 2);
    assert_true(retention_rule_at(buf_bytes(&none), 0, &rule));
    assert_string_equal(retention_rule_word(&rule), "others");
    assert_true(retention_rule_at(buf_bytes(&none), 1, &rule));
    assert_string_equal(retention_rule_word(&rule), "minor");
    assert_false(retention_rule_at(buf_bytes(&none), 2, &rule));
}

static void a_rule_of_a_category_goes_before_the_others_and_behind_minors(void **state)
{
    struct buf rules = {0};
    set(&rules, "邻里", 7, 2);
    set(&rules, "*", 9, 3);
    set(&rules, "minor", 1, 0);
    set(&rules, "土地", 30, 1);
    set(&rules, "邻里", 8, 2);

    assert_int_equal(years_for(&rules, "邻里", false), 8);
    assert_int_equal(years_for(&rules, "土地", false), 30);
    assert_int_equal(years_for(&rules, "工资", false), 9);
    assert_int_equal(years_for(&rules, "土地", true), 1);
    struct retention_rule rule =
        retention_rule_for(buf_bytes(&rules), bytes_str("土地"), false);
    assert_string_equal(retention_rule_word(&rule), "category");
    struct bytes before = {0};
    for (uint32_t i = 0; i < 4; i++) {
        assert_true(retention_rule_at(buf_bytes(&rules), i, &rule));
        assert_true(bytes_compare(before, rule.category) < 0);
        before = rule.category;
    }
    assert_false(retention_rule_at(buf_bytes(&rules), 4, &rule));
    buf_deinit(&rules);
}

static void there_is_room_for_so_many_rules_and_each_can_still_be_changed(void **state)
{
    struct buf rules = {0}, changed = {0};
    char name[16];
    for (int i = 0; i < RETENTION_RULES_MAX; i++) {
        (void)snprintf(name, sizeof(name), "c%d", i);
        set(&rules, name, 3, 1);
    }
    struct retention_rule more = rule_of("one more", 3, 1), again = rule_of("c7", 4, 1);

    assert_int_equal(retention_rules_set(buf_bytes(&rules), &more, &changed),
                     STATUS_TOO_LARGE);
    assert_int_equal(retention_rules_set(buf_bytes(&rules), &again, &changed), STATUS_OK);

    assert_int_equal(years_for(&changed, "c7", false), 4);
    buf_deinit(&rules);
    buf_deinit(&changed);
}

/* Each cut and each of the bytes changed: nothing is read beyond what is there. */
static void damaged_rules_read_as_fewer(void **state)
{
    static const uint8_t bad[][8] = {
        {0x01},                         /* no array */
        {0x91, 0x01},                   /* no rule */
        {0x91, 0x92, 0xa1, 'a', 0x01},  /* too short */
        {0x91, 0x93, 0x01, 0x01, 0x01}, /* no text */
        {0x91, 0x93, 0xa1, 'a', 0x7f, 0x01},
        {0x91, 0x93, 0xa1, 'a', 0x01, 0xa0},
    };
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        struct retention_rule rule =
            retention_rule_for(bytes_of(bad[i], 6), bytes_str("a"), false);
        assert_int_equal(rule.years, 5);
    }
}

static uint64_t wall_of(const char *date)
{
    int64_t day;
    assert_true(date_parse(bytes_str(date), &day));
    return (uint64_t)day * 24 * 3600 + 3600;
}

static void what_is_sealed_is_due_first_and_all_of_it_to_the_day(void **state)
{
    static const struct {
        const char *today;
        enum retire_what due;
    } rows[] = {
        {"2024-02-29", RETIRE_NOTHING},    {"2025-02-27", RETIRE_NOTHING},
        {"2025-02-28", RETIRE_IDENTITIES}, {"2029-02-27", RETIRE_IDENTITIES},
        {"2029-02-28", RETIRE_CONTENTS},   {"2106-02-07", RETIRE_CONTENTS},
    };
    struct retention_rule rule = rule_of("*", 5, 1);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        assert_int_equal(
            retention_due(&rule, wall_of("2024-02-29"), wall_of(rows[i].today)),
            rows[i].due);
}

/* 17:00 of the 27th at Greenwich is the 28th in the village. */
static void the_years_are_counted_in_days_of_the_site(void **state)
{
    const uint64_t hours = 3600;
    struct retention_rule rule = rule_of("*", 2, 1);
    uint64_t closed = wall_of("2023-02-27") + 16 * hours;

    assert_int_equal(retention_due(&rule, closed, wall_of("2024-02-27") + 14 * hours),
                     RETIRE_NOTHING);
    assert_int_equal(retention_due(&rule, closed, wall_of("2024-02-27") + 15 * hours),
                     RETIRE_IDENTITIES);
    assert_int_equal(retention_due(&rule, closed, wall_of("2025-02-27") + 14 * hours),
                     RETIRE_IDENTITIES);
    assert_int_equal(retention_due(&rule, closed, wall_of("2025-02-27") + 15 * hours),
                     RETIRE_CONTENTS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(where_nothing_is_set_the_defaults_hold),
        cmocka_unit_test(a_rule_of_a_category_goes_before_the_others_and_behind_minors),
        cmocka_unit_test(there_is_room_for_so_many_rules_and_each_can_still_be_changed),
        cmocka_unit_test(damaged_rules_read_as_fewer),
        cmocka_unit_test(what_is_sealed_is_due_first_and_all_of_it_to_the_day),
        cmocka_unit_test(the_years_are_counted_in_days_of_the_site),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
