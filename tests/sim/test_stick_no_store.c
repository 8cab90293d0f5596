/*
 * Sticks while a store fails (I14): bundles and backups written and read, and a machine
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
#include "tests/support/fail_place.h"
#include "tests/support/fail_store.h"

static void arm(struct world_node *node)
{
    fail_store_at_new_place(world_store(node));
}

static const struct sim_fault store_fails = {arm, fail_store_stop, .is_borne = false,
                                             .least = 10};

static void arm_damage(struct world_node *node)
{
    fail_store_damage_at_new_place(world_store(node));
}

static const struct sim_fault bytes_change = {arm_damage, fail_store_stop,
                                              .is_borne = true, .least = 1};

static void I14_who_writes_a_bundle_stops_and_it_goes_after_all(void **state)
{
    sim_fail_bundle_write(*state, &store_fails);
}

static void D1_an_op_that_cannot_be_read_any_more_goes_into_no_bundle(void **state)
{
    sim_fail_whole_bundle(*state, &bytes_change);
}

static void I14_who_reads_a_bundle_stops_and_has_it_after_all(void **state)
{
    sim_fail_bundle_read(*state, &store_fails);
}

static void I14_who_backs_up_stops_and_it_is_whole_after_all(void **state)
{
    sim_fail_backup(*state, &store_fails);
}

static void I14_who_comes_back_stops_and_agrees_after_all(void **state)
{
    sim_fail_coming_back(*state, &store_fails, false);
}

static void I14_who_hears_that_it_came_back_stops_and_agrees_after_all(void **state)
{
    sim_fail_coming_back(*state, &store_fails, true);
}

static void
I14_who_opens_a_bundle_while_its_charter_changes_has_it_after_all(void **state)
{
    sim_fail_bundle_opened(*state, &store_fails);
}

static void I14_who_is_known_by_other_keys_stops_and_goes_on_after_all(void **state)
{
    sim_fail_renewal_by_stick(*state, &store_fails);
}

static void S1_nothing_is_restored_by_half_where_the_store_fails(void **state)
{
    sim_fail_restore(*state, fail_store_at_new_place, fail_store_stop);
}

static void I14_who_says_where_it_is_stops_and_is_found_after_all(void **state)
{
    sim_fail_beacons(*state, &store_fails, false);
}

static void I14_who_hears_it_stops_and_finds_it_after_all(void **state)
{
    sim_fail_beacons(*state, &store_fails, true);
}

static void I14_who_wants_a_backup_stops_and_asks_for_it_after_all(void **state)
{
    sim_fail_daily_backup(*state, &store_fails);
}

static void I14_what_waits_for_stewards_is_complete_after_all(void **state)
{
    sim_fail_stewards(*state, &store_fails);
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
        ONE(I14_who_writes_a_bundle_stops_and_it_goes_after_all),
        ONE(D1_an_op_that_cannot_be_read_any_more_goes_into_no_bundle),
        ONE(I14_who_reads_a_bundle_stops_and_has_it_after_all),
        ONE(I14_who_backs_up_stops_and_it_is_whole_after_all),
        ONE(I14_who_comes_back_stops_and_agrees_after_all),
        ONE(I14_who_hears_that_it_came_back_stops_and_agrees_after_all),
        ONE(I14_who_opens_a_bundle_while_its_charter_changes_has_it_after_all),
        ONE(I14_who_is_known_by_other_keys_stops_and_goes_on_after_all),
        ONE(S1_nothing_is_restored_by_half_where_the_store_fails),
        ONE(I14_who_says_where_it_is_stops_and_is_found_after_all),
        ONE(I14_who_hears_it_stops_and_finds_it_after_all),
        ONE(I14_who_wants_a_backup_stops_and_asks_for_it_after_all),
        ONE(I14_what_waits_for_stewards_is_complete_after_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
