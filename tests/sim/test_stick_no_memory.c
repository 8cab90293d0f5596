/*
 * Sticks while memory fails (I14): bundles and backups written and read, and a machine
 * that is restored and comes back.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "tests/sim/sim_by_itself.h"
#include "tests/sim/sim_carrying.h"
#include "tests/sim/sim_folder.h"
#include "tests/sim/sim_no_memory.h"
#include "tests/support/fail_memory.h"
#include "tests/support/fail_place.h"

static void I14_a_bundle_is_written_wherever_memory_failed(void **state)
{
    sim_fail_bundle_write(*state, &sim_no_memory);
}

static void I14_a_bundle_is_read_wherever_memory_failed(void **state)
{
    sim_fail_bundle_read(*state, &sim_no_memory);
}

static void I14_a_backup_is_whole_wherever_memory_failed(void **state)
{
    sim_fail_backup(*state, &sim_no_memory);
}

static void I14_who_comes_back_agrees_wherever_memory_failed(void **state)
{
    sim_fail_coming_back(*state, &sim_no_memory, false);
}

static void I14_who_hears_that_it_came_back_agrees_wherever_memory_failed(void **state)
{
    sim_fail_coming_back(*state, &sim_no_memory, true);
}

static void
I14_a_bundle_is_opened_while_a_charter_changes_wherever_memory_failed(void **state)
{
    sim_fail_bundle_opened(*state, &sim_no_memory);
}

static void I14_who_is_known_by_other_keys_goes_on_wherever_memory_failed(void **state)
{
    sim_fail_renewal_by_stick(*state, &sim_no_memory);
}

static void arm(struct store *store)
{
    fail_memory_at_new_place();
    fail_memory_in();
}

static bool disarm(void)
{
    (void)fail_memory_out();
    return fail_memory_stop();
}

static void S1_nothing_is_restored_by_half_wherever_memory_failed(void **state)
{
    sim_fail_restore(*state, arm, disarm);
}

static void I14_who_says_where_it_is_is_found_wherever_memory_failed(void **state)
{
    sim_fail_beacons(*state, &sim_no_memory, false);
}

static void I14_who_hears_it_finds_it_wherever_memory_failed(void **state)
{
    sim_fail_beacons(*state, &sim_no_memory, true);
}

static void I14_a_backup_is_asked_for_wherever_memory_failed(void **state)
{
    sim_fail_daily_backup(*state, &sim_no_memory);
}

static void I14_what_waits_for_stewards_is_complete_wherever_memory_failed(void **state)
{
    sim_fail_stewards(*state, &sim_no_memory);
}

static int set_up(void **state)
{
    fail_place_forget();
    return sim_county_set_up_in_memory(state);
}

int main(void)
{
#define ONE(test)                                                                        \
    cmocka_unit_test_setup_teardown(test, set_up, sim_county_tear_down_in_memory)
    const struct CMUnitTest tests[] = {
        ONE(I14_a_bundle_is_written_wherever_memory_failed),
        ONE(I14_a_bundle_is_read_wherever_memory_failed),
        ONE(I14_a_backup_is_whole_wherever_memory_failed),
        ONE(I14_who_comes_back_agrees_wherever_memory_failed),
        ONE(I14_who_hears_that_it_came_back_agrees_wherever_memory_failed),
        ONE(I14_a_bundle_is_opened_while_a_charter_changes_wherever_memory_failed),
        ONE(I14_who_is_known_by_other_keys_goes_on_wherever_memory_failed),
        ONE(S1_nothing_is_restored_by_half_wherever_memory_failed),
        ONE(I14_who_says_where_it_is_is_found_wherever_memory_failed),
        ONE(I14_who_hears_it_finds_it_wherever_memory_failed),
        ONE(I14_a_backup_is_asked_for_wherever_memory_failed),
        ONE(I14_what_waits_for_stewards_is_complete_wherever_memory_failed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
