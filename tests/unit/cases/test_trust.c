/* When the wall clock may say that years have passed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "node/cases/trust.h"

#define NOON 1790000000ull /* in 2026 */
#define HOUR 3600ull
#define YEAR (365 * 24 * HOUR)

static struct trust_look look_after(struct trust *trust, uint64_t seconds, uint64_t wall)
{
    return trust_look(trust, trust->looked_ms + seconds * 1000, wall, WALL_NTP);
}

static void
a_clock_that_the_network_sets_is_trusted_and_running_time_counted(void **state)
{
    struct trust trust = {0};

    struct trust_look first = look_after(&trust, 5, NOON);
    struct trust_look second = look_after(&trust, HOUR, NOON + HOUR + 3);

    assert_int_equal(first.verdict, TRUST_YES);
    assert_int_equal(first.ran_s, 0);
    assert_int_equal(second.verdict, TRUST_YES);
    assert_int_equal(second.ran_s, HOUR);
    assert_false(second.has_jumped);
    assert_int_equal(trust.trusted_at, NOON + HOUR + 3);
}

static void without_a_wall_clock_nothing_is_known(void **state)
{
    struct trust trust = {0};
    assert_int_equal(look_after(&trust, 5, 0).verdict, TRUST_UNKNOWN);
    struct trust_look again = look_after(&trust, HOUR, 0);
    assert_int_equal(again.verdict, TRUST_UNKNOWN);
    assert_false(again.has_jumped);
}

static void a_clock_that_nobody_vouches_for_is_not_trusted(void **state)
{
    struct trust trust = {0};
    assert_int_equal(trust_look(&trust, 5, NOON, WALL_RTC).verdict, TRUST_NO_WORD);
    assert_int_equal(trust.trusted_at, 0);
}

static void a_stewards_word_holds_until_the_clock_jumps(void **state)
{
    struct trust trust = {0};
    trust_give_word(&trust, 5000, NOON);

    struct trust_look good =
        trust_look(&trust, 5000 + HOUR * 1000, NOON + HOUR, WALL_RTC);
    struct trust_look jumped =
        trust_look(&trust, 5000 + 2 * HOUR * 1000, NOON + 5 * HOUR, WALL_RTC);

    assert_int_equal(good.verdict, TRUST_YES);
    assert_true(jumped.has_jumped);
    assert_int_equal(jumped.ran_s, 0);
    assert_int_equal(jumped.verdict, TRUST_NO_WORD);
}

static void each_way_to_jump_is_seen(void **state)
{
    static const uint64_t walls[] = {0, NOON - 2 * HOUR, NOON + 3 * HOUR,
                                     NOON + 80 * YEAR};
    for (size_t i = 0; i < sizeof(walls) / sizeof(walls[0]); i++) {
        struct trust trust = {0};
        (void)look_after(&trust, 5, NOON);
        assert_true(look_after(&trust, HOUR, walls[i]).has_jumped);
    }
    struct trust trust = {0};
    (void)look_after(&trust, 5, 0);
    assert_true(look_after(&trust, HOUR, NOON).has_jumped);
}

static void a_clock_of_2106_is_not_trusted_even_if_the_network_says_so(void **state)
{
    struct trust trust = {0};
    (void)look_after(&trust, 5, NOON);

    assert_int_equal(look_after(&trust, HOUR, 4294967295u).verdict, TRUST_ASTRAY);
    assert_int_equal(look_after(&trust, HOUR, 4294967295u + HOUR).verdict, TRUST_ASTRAY);
    assert_int_equal(look_after(&trust, HOUR, NOON + 3 * HOUR).verdict, TRUST_YES);
}

static void a_machine_that_was_off_is_trusted_for_about_a_year(void **state)
{
    struct trust kept = {.trusted_at = NOON};
    struct trust longer = kept, back = kept;
    assert_int_equal(look_after(&kept, 5, NOON + YEAR).verdict, TRUST_YES);
    assert_int_equal(look_after(&longer, 5, NOON + 2 * YEAR).verdict, TRUST_ASTRAY);
    assert_int_equal(look_after(&back, 5, NOON - 3 * 24 * HOUR).verdict, TRUST_ASTRAY);
}

static void each_verdict_has_a_sentence(void **state)
{
    for (enum trust_verdict verdict = TRUST_YES; verdict <= TRUST_ASTRAY; verdict++)
        assert_non_null(strstr(trust_text(verdict), "clock"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(
            a_clock_that_the_network_sets_is_trusted_and_running_time_counted),
        cmocka_unit_test(without_a_wall_clock_nothing_is_known),
        cmocka_unit_test(a_clock_that_nobody_vouches_for_is_not_trusted),
        cmocka_unit_test(a_stewards_word_holds_until_the_clock_jumps),
        cmocka_unit_test(each_way_to_jump_is_seen),
        cmocka_unit_test(a_clock_of_2106_is_not_trusted_even_if_the_network_says_so),
        cmocka_unit_test(a_machine_that_was_off_is_trusted_for_about_a_year),
        cmocka_unit_test(each_verdict_has_a_sentence),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
