/*
 * A node whose store fails, at each call of a turn in its own order (I14): in each
 * request of the API, while peers pair and bring and fetch, when it is founded, opened
 * and rebuilt.
 *
 *   test_no_store          one call for each way that leads to a call (fail_place.h)
 *   test_no_store --more   each of the first calls, then ever fewer of them: where what
 *                          was refused is brought again, each try makes the next longer
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "node/core/charters.h"
#include "node/core/derived.h"
#include "node/core/state.h"
#include "tests/sim/sim_auditing.h"
#include "tests/sim/sim_far.h"
#include "tests/sim/sim_joining.h"
#include "tests/sim/sim_papers.h"
#include "tests/sim/sim_record.h"
#include "tests/sim/sim_renewing.h"
#include "tests/sim/sim_sealing.h"
#include "tests/sim/sim_seldom.h"
#include "tests/support/fail_place.h"
#include "tests/support/fail_store.h"

#define DENSE 64 /* calls */

/* Which call comes next: with --more by number, else one for each way to a call. */
static bool is_more;
static uint64_t calls;

static void arm(struct world_node *node)
{
    if (!is_more) {
        fail_store_at_new_place(world_store(node));
        return;
    }
    fail_store_after(world_store(node), calls);
    calls += 1 + calls / DENSE;
}

static bool disarm(void)
{
    bool has_failed = fail_store_stop();
    if (!has_failed)
        calls = 0;
    return has_failed;
}

static const struct sim_fault store_fails = {arm, disarm, .is_borne = false, .least = 10};

/* Between the check of the store and the reading its bytes have changed. */
static void arm_damage(struct world_node *node)
{
    fail_store_damage_at_new_place(world_store(node));
}

static const struct sim_fault bytes_change = {arm_damage, disarm, .is_borne = true,
                                              .least = 1};

/* Nothing of a charter is remembered from turn to turn, so that each way on which one is
 * wanted leads to the store. */
static struct store *forgetful;
static struct core *forgetful_core; /* the last that began a turn */

enum status __wrap_core_begin(struct core *core);
enum status __real_core_begin(struct core *core);

enum status __wrap_core_begin(struct core *core)
{
    enum status status = __real_core_begin(core);
    if (core->store == forgetful) {
        charters_deinit(core);
        forgetful_core = core;
    }
    return status;
}

static void arm_forgetful(struct world_node *node)
{
    forgetful = world_store(node);
    arm(node);
}

static bool disarm_forgetful(void)
{
    forgetful = NULL;
    return disarm();
}

static const struct sim_fault charters_fail = {arm_forgetful, disarm_forgetful,
                                               .is_borne = false, .least = 1};

static int set_up(void **state)
{
    fail_place_forget();
    return sim_county_set_up_in_memory(state);
}

static void I14_no_request_is_answered_by_a_node_whose_store_failed(void **state)
{
    sim_fail_requests(*state, &store_fails);
}

static void I14_no_audit_passes_over_what_its_store_did_not_tell(void **state)
{
    sim_fail_audit(*state, &store_fails);
}

static void I14_seals_are_seen_and_cosigned_after_all(void **state)
{
    sim_fail_seals(*state, &store_fails);
}

static void I14_who_receives_stops_and_has_it_after_all(void **state)
{
    struct sim_county *f = *state;
    sim_fail_arrival(f, &store_fails, f->township);
}

static void I14_who_sends_stops_and_brings_it_after_all(void **state)
{
    struct sim_county *f = *state;
    sim_fail_arrival(f, &store_fails, f->xikou);
}

static void
D1_an_op_that_cannot_be_read_any_more_stops_the_node_at_a_request(void **state)
{
    sim_fail_requests(*state, &bytes_change);
}

static void D1_an_op_that_cannot_be_read_any_more_is_not_sent(void **state)
{
    struct sim_county *f = *state;
    sim_fail_arrival(f, &bytes_change, f->xikou);
}

static void D1_an_op_that_cannot_be_read_any_more_lets_nothing_in(void **state)
{
    sim_fail_entry(*state, &bytes_change);
}

static void I14_who_is_named_later_stops_and_lets_it_in_after_all(void **state)
{
    sim_fail_entry(*state, &store_fails);
}

static void I14_a_charter_that_cannot_be_read_again_stops_the_node(void **state)
{
    sim_fail_rereading(*state, &store_fails);
}

static void I14_who_invites_stops_and_they_pair_after_all(void **state)
{
    sim_fail_pairing(*state, &store_fails, true);
}

static void I14_who_joins_stops_and_they_pair_after_all(void **state)
{
    sim_fail_pairing(*state, &store_fails, false);
}

static void I14_who_lets_a_machine_in_stops_and_it_joins_after_all(void **state)
{
    sim_fail_inviting(*state, &store_fails);
}

static void I14_a_village_with_a_laptop_stops_and_has_all_after_all(void **state)
{
    sim_fail_together(*state, &store_fails, false);
}

static void I14_a_laptop_stops_and_has_all_after_all(void **state)
{
    sim_fail_together(*state, &store_fails, true);
}

static void I14_a_laptop_asks_for_what_was_erased_and_has_it_after_all(void **state)
{
    sim_fail_showing(*state, &store_fails, true);
}

static void
I14_a_village_is_asked_for_what_was_erased_and_gives_it_after_all(void **state)
{
    sim_fail_showing(*state, &store_fails, false);
}

static void I14_a_machine_that_renews_its_keys_has_the_old_or_the_new_ones(void **state)
{
    sim_fail_renewal(*state, &store_fails);
}

static void I14_who_hears_of_other_keys_stops_and_knows_them_after_all(void **state)
{
    sim_fail_renewal_heard(*state, &store_fails);
}

/* ---- while something seldom is under way ---- */

static void I14_a_site_over_its_quota_brings_what_has_to_come_after_all(void **state)
{
    struct sim_county *f = *state;
    sim_fail_over_quota(f, &store_fails, f->township);
}

static void I14_an_answer_comes_over_a_quota_after_all(void **state)
{
    struct sim_county *f = *state;
    sim_fail_over_quota(f, &store_fails, f->fengyuan);
}

static void I14_a_full_waiting_room_stays_full_and_no_fuller(void **state)
{
    sim_fail_full_room(*state, &store_fails);
}

static void I14_what_is_not_ours_is_forgotten_after_all(void **state)
{
    sim_fail_forgetting(*state, &store_fails);
}

static void I14_who_is_asked_for_what_was_confirmed_says_so_after_all(void **state)
{
    struct sim_county *f = *state;
    sim_fail_rollback(f, &store_fails, f->township);
}

static void I14_who_is_told_that_nothing_is_there_says_so_after_all(void **state)
{
    struct sim_county *f = *state;
    sim_fail_rollback(f, &store_fails, f->fengyuan);
}

static void I14_who_is_asked_for_more_than_there_is_says_so_after_all(void **state)
{
    struct sim_county *f = *state;
    sim_fail_impossible(f, &store_fails, f->township);
}

static void I14_who_is_told_that_more_came_than_went_says_so_after_all(void **state)
{
    struct sim_county *f = *state;
    sim_fail_impossible(f, &store_fails, f->fengyuan);
}

static void I14_who_notices_two_copies_says_so_after_all(void **state)
{
    struct sim_county *f = *state;
    sim_fail_copies(f, &store_fails, f->township);
}

static void I14_who_is_told_that_it_runs_twice_says_so_after_all(void **state)
{
    struct sim_county *f = *state;
    sim_fail_copies(f, &store_fails, f->fengyuan);
}

static void I14_no_request_needs_a_charter_that_cannot_be_read(void **state)
{
    sim_fail_requests(*state, &charters_fail);
}

static void
I14_a_charter_that_cannot_be_looked_for_is_not_one_that_is_missing(void **state)
{
    struct sim_county *f = *state;
    struct id nowhere = {{7}};
    world_let_stop(f->xikou);
    forgetful = world_store(f->xikou);
    assert_true(world_say(f->world, f->xikou, NULL, "status", NULL) == STATUS_OK);
    charters_deinit(forgetful_core);
    assert_null(charters_of_site(forgetful_core, &nowhere));
    assert_null(charters_of_head(forgetful_core, &nowhere));
    assert_int_equal(forgetful_core->store_status, STATUS_OK);

    fail_store_after(forgetful, 0);
    assert_null(charters_of_site(forgetful_core, world_site(f->xikou)));

    assert_true(disarm_forgetful());
    assert_int_equal(forgetful_core->store_status, STATUS_IO);
}

static void I14_no_knock_is_shown_with_a_charter_that_cannot_be_read(void **state)
{
    sim_fail_knocks(*state, &charters_fail);
}

static void I14_who_receives_reads_its_charters_after_all(void **state)
{
    struct sim_county *f = *state;
    sim_fail_arrival(f, &charters_fail, f->township);
}

static void I14_who_sends_reads_its_charters_after_all(void **state)
{
    struct sim_county *f = *state;
    sim_fail_arrival(f, &charters_fail, f->xikou);
}

static void I14_who_invites_reads_its_charters_after_all(void **state)
{
    sim_fail_pairing(*state, &charters_fail, true);
}

static void I14_who_joins_reads_its_charters_after_all(void **state)
{
    sim_fail_pairing(*state, &charters_fail, false);
}

static void I14_what_is_derived_is_compared_or_the_store_says_why_not(void **state)
{
    struct sim_county *f = *state;
    struct store *store = world_store(f->township);
    uint32_t failures = 0;
    (void)sim_escalate(f, f->xikou, "水沟");
    for (bool has_failed = true; has_failed; failures += has_failed) {
        char table[DERIVED_TABLE_SIZE];
        sim_leave_unsettled(f->township);
        arm(f->township);
        enum status status = derived_check(store, table);
        has_failed = disarm();
        assert_int_equal(status, has_failed ? STATUS_IO : STATUS_OK);
        assert_string_equal(table, "");
    }
    assert_true(failures > 10);
    char table[DERIVED_TABLE_SIZE];
    sim_leave_unsettled(f->township);
    for (int i = 0; i < 2; i++) /* the second time nothing is left to settle */
        assert_int_equal(derived_check(store, table), STATUS_OK);
}

static void D1_an_op_that_cannot_be_read_any_more_is_not_compared(void **state)
{
    struct sim_county *f = *state;
    struct store *store = world_store(f->township);
    uint32_t failures = 0;
    (void)sim_escalate(f, f->xikou, "水沟");
    for (bool has_failed = true; has_failed; failures += has_failed) {
        char table[DERIVED_TABLE_SIZE];
        arm_damage(f->township);
        enum status status = derived_check(store, table);
        has_failed = disarm();
        assert_int_equal(status, has_failed ? STATUS_CORRUPT : STATUS_OK);
    }
    assert_true(failures > 1);
}

static void D2_a_store_that_is_full_stops_the_node(void **state)
{
    struct sim_county *f = *state;
    world_let_stop(f->xikou);
    fail_store_full_after(world_store(f->xikou), 0);
    enum status status = world_say(f->world, f->xikou, NULL, "case.new", "category",
                                   "邻里", "title", "水沟", "narrative", "争执", NULL);

    assert_true(fail_store_stop());
    assert_int_not_equal(status, STATUS_OK);
    assert_true(world_has_stopped(f->xikou));
    sim_start_again(f, f->xikou);
}

/* ---- papers, rounds, cards, meetings, and what is said about a record ---- */

static void
I14_no_request_about_a_paper_is_answered_by_a_node_whose_store_failed(void **state)
{
    sim_fail_papers(*state, &store_fails);
}

static void I14_no_request_about_a_paper_needs_a_charter_that_cannot_be_read(void **state)
{
    sim_fail_papers(*state, &charters_fail);
}

static void
D1_an_op_of_a_paper_that_cannot_be_read_any_more_stops_the_node_at_most(void **state)
{
    sim_fail_papers(*state, &bytes_change);
}

/* ---- a record with a file ---- */

static void
I14_no_request_about_a_file_is_answered_by_a_node_whose_store_failed(void **state)
{
    sim_fail_file_requests(*state, &store_fails);
}

static void
I14_no_request_from_afar_is_answered_by_a_node_whose_store_failed(void **state)
{
    sim_fail_far_requests(*state, &store_fails);
}

static void I14_no_request_from_afar_needs_a_charter_that_cannot_be_read(void **state)
{
    sim_fail_far_requests(*state, &charters_fail);
}

static void I14_what_comes_after_a_recall_needs_a_charter_that_can_be_read(void **state)
{
    sim_fail_after_recall(*state, &charters_fail);
}

static void I14_who_lets_a_machine_in_reads_its_charter_after_all(void **state)
{
    sim_fail_inviting(*state, &charters_fail);
}

static void I14_a_village_with_a_laptop_reads_its_charters_after_all(void **state)
{
    sim_fail_together(*state, &charters_fail, false);
}

static void I14_a_laptop_reads_its_charters_after_all(void **state)
{
    sim_fail_together(*state, &charters_fail, true);
}

static void I14_who_fetches_a_file_stops_and_has_it_after_all(void **state)
{
    struct sim_county *f = *state;
    sim_fail_file(f, &store_fails, f->township);
}

static void I14_who_is_asked_for_a_file_stops_and_gives_it_after_all(void **state)
{
    struct sim_county *f = *state;
    sim_fail_file(f, &store_fails, f->fengyuan);
}

static void D1_a_file_whose_op_cannot_be_read_any_more_is_not_given(void **state)
{
    struct sim_county *f = *state;
    sim_fail_file(f, &bytes_change, f->fengyuan);
}

static void D1_an_op_that_cannot_be_read_any_more_is_no_evidence(void **state)
{
    sim_fail_file_requests(*state, &bytes_change);
}

static void I14_no_request_about_a_file_needs_a_charter_that_cannot_be_read(void **state)
{
    sim_fail_file_requests(*state, &charters_fail);
}

static void I14_a_file_that_two_ops_bring_is_kept_for_one_after_all(void **state)
{
    sim_fail_file_twice(*state, &store_fails);
}

/* Whatever changed in it: it might have been what a copy for an auditor leaves out. */
static void D1_evidence_is_given_of_no_op_that_cannot_be_read(void **state)
{
    struct sim_county *f = *state;
    char hex[65];
    uint32_t failures = 0;
    struct id record = sim_escalate(f, f->xikou, "水沟");
    hex_encode(hex, record.bytes, ID_SIZE);
    world_set_offline(f->world, f->township, true);
    world_let_stop(f->township);
    for (bool has_failed = true; has_failed; failures += has_failed) {
        arm_damage(f->township);
        enum status status =
            world_say(f->world, f->township, NULL, "evidence", "escalation", hex, NULL);
        has_failed = disarm();
        assert_int_equal(status == STATUS_OK, !has_failed);
        if (world_has_stopped(f->township))
            sim_start_again(f, f->township);
    }
    assert_true(failures > 1);
}

static void I7_who_hears_of_a_recall_stops_and_keeps_nothing_after_all(void **state)
{
    struct sim_county *f = *state;
    sim_fail_recall(f, &store_fails, f->township);
}

static void I7_what_comes_after_a_recall_is_not_kept_after_all(void **state)
{
    sim_fail_after_recall(*state, &store_fails);
}

static void I14_what_has_had_its_time_is_erased_after_all(void **state)
{
    sim_fail_retention(*state, &store_fails);
}

/* ---- founding, opening, rebuilding ---- */

struct place {
    char directory[SCRATCH_SIZE], file[SCRATCH_SIZE + 16];
    struct core_config config;
    struct rng_keyed *dice;
};

static int set_up_place(void **state)
{
    struct place *place = calloc(1, sizeof(*place));
    assert_non_null(place);
    assert_true(scratch_make(place->directory));
    (void)snprintf(place->file, sizeof(place->file), "%s/node.db", place->directory);
    place->dice = rng_keyed_new(8, 8);
    place->config.rng = rng_keyed_rng(place->dice);
    place->config.node_seed[0] = 1;
    place->config.noise_secret[0] = 2;
    assert_int_equal(store_open(&place->config.store, place->file, NULL, true, NULL),
                     STATUS_OK);
    *state = place;
    return 0;
}

static int tear_down_place(void **state)
{
    struct place *place = *state;
    store_close(place->config.store);
    rng_keyed_free(place->dice);
    scratch_remove(place->directory);
    free(place);
    return 0;
}

static void open_again(struct place *place)
{
    store_close(place->config.store);
    assert_int_equal(store_open(&place->config.store, place->file, NULL, false, NULL),
                     STATUS_OK);
}

static enum status found(struct place *place, const char *tier, const char *network)
{
    static const uint8_t steward[32] = {3}, recovery_seed[32] = {4}, wrapped[WRAP_SIZE];
    uint8_t recovery[32];
    struct id site;
    key_sign_public(recovery, recovery_seed);
    const struct core_founding founding = {.tier = tier,
                                           .name = "枫源村",
                                           .steward = "陈某",
                                           .network = network,
                                           .steward_seed = steward,
                                           .steward_wrapped = wrapped,
                                           .recovery_key = recovery,
                                           .wall = 1790000000};
    return core_found(&place->config, &founding, &site, NULL);
}

static void a_site_is_founded_once_and_rightly_or_not_at_all(void **state)
{
    struct place *place = *state;
    struct core *core = NULL;
    char network[200];
    memset(network, 'n', sizeof(network) - 1);
    network[sizeof(network) - 1] = '\0';
    assert_int_equal(core_open(&core, &place->config, NULL), STATUS_NOT_FOUND);
    assert_null(core);
    assert_int_equal(found(place, "empire", NULL), STATUS_INVALID);
    assert_int_equal(found(place, "village", network), STATUS_INVALID);
    assert_int_equal(core_open(&core, &place->config, NULL), STATUS_NOT_FOUND);

    assert_int_equal(found(place, "village", "demo"), STATUS_OK);
    assert_int_equal(found(place, "village", "demo"), STATUS_EXISTS);

    assert_int_equal(core_open(&core, &place->config, NULL), STATUS_OK);
    core_close(core);
    core_close(NULL);
}

static void I14_a_founding_whose_store_fails_founds_nothing(void **state)
{
    struct place *place = *state;
    struct core *core = NULL;
    uint64_t after = 0;
    for (;; after++) {
        fail_store_after(place->config.store, after);
        enum status status = found(place, "village", NULL);
        if (!fail_store_stop()) {
            assert_int_equal(status, STATUS_OK);
            break;
        }
        assert_int_equal(status, STATUS_IO);
        open_again(place);
        assert_int_equal(core_open(&core, &place->config, NULL), STATUS_NOT_FOUND);
    }
    assert_true(after > 5);
    for (after = 0;; after++) {
        fail_store_after(place->config.store, after);
        enum status status = core_open(&core, &place->config, NULL);
        if (!fail_store_stop()) {
            assert_int_equal(status, STATUS_OK);
            break;
        }
        assert_int_equal(status, STATUS_IO);
        assert_null(core);
    }
    assert_true(after > 1);
    core_close(core);
}

static void I14_a_rebuild_whose_store_fails_changes_nothing(void **state)
{
    struct sim_county *f = *state;
    struct buf before = {0}, now = {0};
    uint64_t after = 0;
    (void)sim_escalate(f, f->xikou, "水沟");
    world_run(f->world, 70000);
    world_let_stop(f->township);
    assert_int_equal(store_dump(world_store(f->township), &before), STATUS_OK);
    for (bool has_failed = true; has_failed; after++) {
        fail_store_after(world_store(f->township), after);
        enum status status = world_rebuild(f->township);
        has_failed = fail_store_stop();
        assert_int_equal(status, has_failed ? STATUS_IO : STATUS_OK);
        sim_start_again(f, f->township);
        buf_clear(&now);
        assert_int_equal(store_dump(world_store(f->township), &now), STATUS_OK);
        assert_true(bytes_equal(buf_bytes(&before), buf_bytes(&now)));
    }
    assert_true(after > 20);
    buf_deinit(&before);
    buf_deinit(&now);
}

static void
I14_a_look_whose_store_fails_stops_the_node_and_comes_with_a_reason(void **state)
{
    struct sim_county *f = *state;
    char table[DERIVED_TABLE_SIZE];
    uint32_t failures = 0;
    (void)sim_escalate(f, f->xikou, "水沟");
    world_run(f->world, 70000);
    world_let_stop(f->township);
    for (bool has_failed = true; has_failed; failures += has_failed) {
        world_power_off(f->world, f->township);
        sim_spoil(f, 1,
                  "DELETE FROM heads; "
                  "INSERT OR REPLACE INTO meta (name, value) VALUES ('doubt', x'01')");
        assert_int_equal(world_power_on(f->world, f->township), STATUS_OK);
        arm(f->township);
        enum status status = world_say(f->world, f->township, NULL, "status", NULL);
        has_failed = disarm();
        /* It may be answered, and fail in a turn behind that. */
        assert_true(status == STATUS_OK || has_failed);
        assert_int_equal(world_has_stopped(f->township), has_failed);
    }
    assert_true(failures > 10);
    assert_int_equal(derived_check(world_store(f->township), table), STATUS_OK);
    assert_string_equal(table, "");
    assert_true(sim_status(f, f->township, "mendings") > 0);
}

int main(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], "--more") == 0)
        is_more = true;
#define ONE(test)                                                                        \
    cmocka_unit_test_setup_teardown(test, set_up, sim_county_tear_down_in_memory)
#define AT_PLACE(test)                                                                   \
    cmocka_unit_test_setup_teardown(test, set_up_place, tear_down_place)
/* Places at which something failed in the tests before are not new again. */
#define KNOWN(test)                                                                      \
    cmocka_unit_test_setup_teardown(test, sim_county_set_up_in_memory,                   \
                                    sim_county_tear_down_in_memory)
    const struct CMUnitTest tests[] = {
        ONE(I14_no_request_is_answered_by_a_node_whose_store_failed),
        ONE(I14_no_audit_passes_over_what_its_store_did_not_tell),
        ONE(I14_seals_are_seen_and_cosigned_after_all),
        ONE(I14_who_receives_stops_and_has_it_after_all),
        ONE(I14_who_sends_stops_and_brings_it_after_all),
        KNOWN(I14_a_site_over_its_quota_brings_what_has_to_come_after_all),
        KNOWN(I14_an_answer_comes_over_a_quota_after_all),
        KNOWN(I14_a_full_waiting_room_stays_full_and_no_fuller),
        KNOWN(I14_what_is_not_ours_is_forgotten_after_all),
        KNOWN(I14_who_is_asked_for_what_was_confirmed_says_so_after_all),
        KNOWN(I14_who_is_told_that_nothing_is_there_says_so_after_all),
        KNOWN(I14_who_is_asked_for_more_than_there_is_says_so_after_all),
        KNOWN(I14_who_is_told_that_more_came_than_went_says_so_after_all),
        KNOWN(I14_who_notices_two_copies_says_so_after_all),
        KNOWN(I14_who_is_told_that_it_runs_twice_says_so_after_all),
        ONE(D1_an_op_that_cannot_be_read_any_more_stops_the_node_at_a_request),
        ONE(D1_an_op_that_cannot_be_read_any_more_is_not_sent),
        ONE(D1_an_op_that_cannot_be_read_any_more_lets_nothing_in),
        ONE(I14_who_is_named_later_stops_and_lets_it_in_after_all),
        ONE(I14_a_charter_that_cannot_be_read_again_stops_the_node),
        ONE(I14_who_invites_stops_and_they_pair_after_all),
        ONE(I14_who_joins_stops_and_they_pair_after_all),
        ONE(I14_who_lets_a_machine_in_stops_and_it_joins_after_all),
        ONE(I14_a_village_with_a_laptop_stops_and_has_all_after_all),
        ONE(I14_a_laptop_stops_and_has_all_after_all),
        ONE(I14_a_laptop_asks_for_what_was_erased_and_has_it_after_all),
        ONE(I14_a_village_is_asked_for_what_was_erased_and_gives_it_after_all),
        ONE(I14_a_machine_that_renews_its_keys_has_the_old_or_the_new_ones),
        ONE(I14_who_hears_of_other_keys_stops_and_knows_them_after_all),
        KNOWN(I14_no_request_needs_a_charter_that_cannot_be_read),
        KNOWN(I14_a_charter_that_cannot_be_looked_for_is_not_one_that_is_missing),
        KNOWN(I14_no_knock_is_shown_with_a_charter_that_cannot_be_read),
        KNOWN(I14_who_receives_reads_its_charters_after_all),
        KNOWN(I14_who_sends_reads_its_charters_after_all),
        KNOWN(I14_who_invites_reads_its_charters_after_all),
        KNOWN(I14_who_joins_reads_its_charters_after_all),
        KNOWN(I14_who_lets_a_machine_in_reads_its_charter_after_all),
        KNOWN(I14_a_village_with_a_laptop_reads_its_charters_after_all),
        KNOWN(I14_a_laptop_reads_its_charters_after_all),
        AT_PLACE(a_site_is_founded_once_and_rightly_or_not_at_all),
        AT_PLACE(I14_a_founding_whose_store_fails_founds_nothing),
        ONE(I14_a_rebuild_whose_store_fails_changes_nothing),
        ONE(I14_what_is_derived_is_compared_or_the_store_says_why_not),
        ONE(D1_an_op_that_cannot_be_read_any_more_is_not_compared),
        ONE(D2_a_store_that_is_full_stops_the_node),
        KNOWN(D1_a_file_whose_op_cannot_be_read_any_more_is_not_given),
        ONE(D1_evidence_is_given_of_no_op_that_cannot_be_read),
        KNOWN(D1_an_op_that_cannot_be_read_any_more_is_no_evidence),
        KNOWN(I14_no_request_about_a_file_needs_a_charter_that_cannot_be_read),
        KNOWN(I14_no_request_about_a_paper_is_answered_by_a_node_whose_store_failed),
        KNOWN(I14_no_request_about_a_paper_needs_a_charter_that_cannot_be_read),
        KNOWN(D1_an_op_of_a_paper_that_cannot_be_read_any_more_stops_the_node_at_most),
        KNOWN(I14_no_request_about_a_file_is_answered_by_a_node_whose_store_failed),
        KNOWN(I14_no_request_from_afar_is_answered_by_a_node_whose_store_failed),
        KNOWN(I14_no_request_from_afar_needs_a_charter_that_cannot_be_read),
        KNOWN(I14_who_fetches_a_file_stops_and_has_it_after_all),
        KNOWN(I14_who_is_asked_for_a_file_stops_and_gives_it_after_all),
        KNOWN(I14_a_file_that_two_ops_bring_is_kept_for_one_after_all),
        KNOWN(I7_who_hears_of_a_recall_stops_and_keeps_nothing_after_all),
        KNOWN(I7_what_comes_after_a_recall_is_not_kept_after_all),
        KNOWN(I14_what_comes_after_a_recall_needs_a_charter_that_can_be_read),
        KNOWN(I14_what_has_had_its_time_is_erased_after_all),
        KNOWN(I14_a_look_whose_store_fails_stops_the_node_and_comes_with_a_reason),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
