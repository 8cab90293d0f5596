/*
 * A node whose memory fails, at each allocation of a turn in its own order: once, and for
 * good. Invariant I14 of the reliability page: nobody is told "saved", the node stops or
 * refuses, and after a new start nothing of it is there and everything of before is.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <sqlite3.h>

#include "node/cases/view.h"
#include "node/core/derived.h"
#include "node/core/state.h"
#include "tests/sim/sim_auditing.h"
#include "tests/sim/sim_far.h"
#include "tests/sim/sim_joining.h"
#include "tests/sim/sim_no_memory.h"
#include "tests/sim/sim_papers.h"
#include "tests/sim/sim_record.h"
#include "tests/sim/sim_renewing.h"
#include "tests/sim/sim_sealing.h"
#include "tests/sim/sim_seldom.h"
#include "tests/support/fail_memory.h"
#include "tests/support/fail_place.h"

#define FAILURES_MAX 4000 /* no turn of these asks for memory so often */

static uint64_t ops_of(struct world_node *node)
{
    uint64_t private, shared, waiting;
    assert_int_equal(store_ops_count(world_store(node), TREE_PRIVATE, &private),
                     STATUS_OK);
    assert_int_equal(store_ops_count(world_store(node), TREE_SHARED, &shared), STATUS_OK);
    assert_int_equal(store_ops_count(world_store(node), TREE_WAITING, &waiting),
                     STATUS_OK);
    return private + shared + waiting;
}

static void start_again(struct sim_county *f, struct world_node *node)
{
    world_power_off(f->world, node);
    assert_int_equal(world_power_on(f->world, node), STATUS_OK);
    assert_int_equal(world_unlock(f->world, node, "", "246810"), STATUS_OK);
}

/* What fails, and what comes before it with all the memory it wants (may be NULL). */
struct act {
    void (*prepare)(struct sim_county *f, struct world_node *node);
    enum status (*run)(struct sim_county *f, struct world_node *node);
    uint64_t ops;    /* that it adds */
    uint64_t stride; /* where a history grows with each try, the place grows faster */
};

/* Acts with each allocation failing in its turn until one goes well because none failed.
 * Gives how many failed. */
static uint64_t fail_each(struct sim_county *f, struct world_node *node, struct act act,
                          bool for_good)
{
    uint64_t failures = 0;
    world_let_stop(node);
    for (uint64_t after = 0; after < FAILURES_MAX; after += act.stride) {
        if (act.prepare != NULL)
            act.prepare(f, node);
        uint64_t before = ops_of(node);
        no_memory_after(node, after, for_good);
        enum status status = act.run(f, node);
        bool has_failed = no_memory_stop();
        bool has_stopped = world_has_stopped(node);
        if (!has_failed) {
            assert_int_equal(status, STATUS_OK);
            assert_int_equal(ops_of(node), before + act.ops);
            return failures;
        }
        failures++;
        if (status == STATUS_OK && !has_stopped) {
            /* It could do without: then it is done. */
            assert_int_equal(ops_of(node), before + act.ops);
            continue;
        }
        if (has_stopped)
            start_again(f, node);
        if (status != STATUS_OK)
            assert_int_equal(ops_of(node), before);
    }
    fail_msg("no end of allocations");
    return 0;
}

/* ---- what a person asks for ---- */

static enum status new_case(struct sim_county *f, struct world_node *node)
{
    struct buf out = {0};
    enum status status =
        world_say(f->world, node, &out, "case.new", "category", "邻里", "title", "水沟",
                  "narrative", "两家为水沟争执。", "context", "修过一次。", NULL);
    buf_deinit(&out);
    return status;
}

static enum status read_all(struct sim_county *f, struct world_node *node)
{
    static const char *const methods[] = {"status", "site", "peer.list", "case.list",
                                          "inbox"};
    enum status status = STATUS_OK;
    for (int i = 0; status == STATUS_OK && i < 5; i++)
        status = world_say(f->world, node, NULL, methods[i], NULL);
    return status;
}

static enum status add_person(struct sim_county *f, struct world_node *node)
{
    static int number;
    char name[32];
    (void)snprintf(name, sizeof(name), "李%d", number++);
    return world_say(f->world, node, NULL, "person.add", "name", name, "role", "desk",
                     "pin", "135791", NULL);
}

/* One call of three: the case and its triage go well before memory fails. */
static char number_of_case[32];

static enum status release(struct sim_county *f, struct world_node *node)
{
    return world_say(f->world, node, NULL, "escalate.release", "case", number_of_case,
                     "fields", "[title,context,category]", "reason", "超出村里权限",
                     "no_parties", "渠是村里的", "onward", "yes", NULL);
}

static void prepare(struct sim_county *f, struct world_node *node)
{
    struct buf out = {0};
    struct bytes number;
    SIM_SAY(f, node, &out, "case.new", "category", "邻里", "title", "水沟", "narrative",
            "两家为水沟争执。", "context", "修过一次。");
    assert_true(view_map_text(buf_bytes(&out), "number", &number));
    (void)snprintf(number_of_case, sizeof(number_of_case), "%.*s", (int)number.len,
                   (const char *)number.data);
    SIM_SAY(f, node, &out, "case.triage", "case", number_of_case, "decision", "escalate",
            "beyond", "true", "reason", "涉及两村的水渠");
    buf_deinit(&out);
}

static char name_of_person[32];

static void prepare_person(struct sim_county *f, struct world_node *node)
{
    static int number;
    (void)snprintf(name_of_person, sizeof(name_of_person), "王%d", number++);
    sim_add_person(f, node, name_of_person, "desk", NULL);
}

static enum status revoke(struct sim_county *f, struct world_node *node)
{
    return world_say(f->world, node, NULL, "person.revoke", "person", name_of_person,
                     NULL);
}

/* Nothing is remembered yet: the first request reads the charter. */
static void prepare_start(struct sim_county *f, struct world_node *node)
{
    world_power_off(f->world, node);
    assert_int_equal(world_power_on(f->world, node), STATUS_OK);
}

static enum status unlock(struct sim_county *f, struct world_node *node)
{
    return world_unlock(f->world, node, "", "246810");
}

static enum status invite(struct sim_county *f, struct world_node *node)
{
    enum status status = world_say(f->world, node, NULL, "peer.invite", NULL);
    return status == STATUS_BUSY ? STATUS_OK : status;
}

static void I14_a_case_is_written_or_refused_whole(void **state)
{
    struct sim_county *f = *state;
    world_set_offline(f->world, f->xikou, true);

    assert_true(fail_each(f, f->xikou, (struct act){NULL, new_case, 1, 1}, false) > 20);
    assert_true(fail_each(f, f->xikou, (struct act){NULL, new_case, 1, 1}, true) > 20);
}

static void I14_reading_changes_nothing(void **state)
{
    struct sim_county *f = *state;
    struct buf out = {0};
    (void)sim_escalate(f, f->xikou, "上报的");
    world_set_offline(f->world, f->township, true);

    assert_true(fail_each(f, f->township, (struct act){NULL, read_all, 0, 1}, false) >
                20);
    assert_true(fail_each(f, f->township, (struct act){NULL, read_all, 0, 1}, true) > 20);
    buf_deinit(&out);
}

static void I14_a_person_is_added_or_not(void **state)
{
    struct sim_county *f = *state;
    world_set_offline(f->world, f->xikou, true);

    assert_true(fail_each(f, f->xikou, (struct act){NULL, add_person, 1, 1}, false) > 20);
    assert_true(fail_each(f, f->xikou, (struct act){NULL, add_person, 1, 1}, true) > 20);
}

static void I14_an_escalation_and_the_note_of_it_are_written_both_or_none(void **state)
{
    struct sim_county *f = *state;
    world_set_offline(f->world, f->xikou, true);
    prepare(f, f->xikou);

    assert_true(fail_each(f, f->xikou, (struct act){NULL, release, 2, 1}, false) > 20);
    prepare(f, f->xikou);
    assert_true(fail_each(f, f->xikou, (struct act){NULL, release, 2, 1}, true) > 20);
}

static void I14_a_key_is_revoked_or_not(void **state)
{
    struct sim_county *f = *state;
    world_set_offline(f->world, f->xikou, true);

    assert_true(
        fail_each(f, f->xikou, (struct act){prepare_person, revoke, 1, 17}, false) > 5);
    assert_true(
        fail_each(f, f->xikou, (struct act){prepare_person, revoke, 1, 17}, true) > 5);
}

static void I14_a_node_that_has_just_started_unlocks_or_refuses(void **state)
{
    struct sim_county *f = *state;
    world_set_offline(f->world, f->xikou, true);

    assert_true(fail_each(f, f->xikou, (struct act){prepare_start, unlock, 0, 1}, false) >
                5);
    assert_true(fail_each(f, f->xikou, (struct act){prepare_start, unlock, 0, 1}, true) >
                5);
}

static void I14_an_invitation_that_failed_leaves_no_op(void **state)
{
    struct sim_county *f = *state;

    assert_true(fail_each(f, f->xikou, (struct act){NULL, invite, 0, 1}, false) > 1);
    assert_true(fail_each(f, f->xikou, (struct act){NULL, invite, 0, 1}, true) > 1);
}

/* ---- what a peer brings ---- */

/* The township's memory fails while an escalation arrives; however often it stops, after
 * its last start both hold the same. */
static void arrive(struct sim_county *f, bool for_good)
{
    struct world_node *node = f->township;
    uint64_t after = 0, failures = 0;
    world_let_stop(node);
    for (bool has_failed = true; has_failed && after < FAILURES_MAX; after += 7) {
        world_set_offline(f->world, f->xikou, true);
        world_run(f->world, 1000);
        struct id id = sim_escalate(f, f->xikou, "来的");
        uint64_t before = ops_of(node);
        world_set_offline(f->world, f->xikou, false);
        no_memory_after(node, after, for_good);
        world_run(f->world, 70000);
        has_failed = no_memory_stop();
        failures += has_failed;
        if (world_has_stopped(node)) {
            start_again(f, node);
            assert_true(ops_of(node) >= before);
        }
        world_run(f->world, 140000);
        sim_assert_state(f, node, &id, "received");
        sim_assert_state(f, f->xikou, &id, "received");
    }
    assert_true(failures > 10);
}

static void I14_what_a_peer_brings_comes_after_all_when_memory_failed_once(void **state)
{
    arrive(*state, false);
}

static void I14_what_a_peer_brings_comes_after_all_when_memory_was_gone(void **state)
{
    arrive(*state, true);
}

/* ---- every request and every step between peers, one failure for each way to one ----
 */

static void I14_no_request_is_half_done_when_memory_failed_somewhere(void **state)
{
    sim_fail_requests(*state, &sim_no_memory);
}

static void I14_no_audit_passes_over_what_it_had_no_memory_for(void **state)
{
    sim_fail_audit(*state, &sim_no_memory);
}

static void I14_seals_are_seen_and_cosigned_without_memory_after_all(void **state)
{
    sim_fail_seals(*state, &sim_no_memory);
}

static void I14_what_comes_comes_after_all_wherever_memory_failed(void **state)
{
    struct sim_county *f = *state;
    sim_fail_arrival(f, &sim_no_memory, f->township);
}

static void I14_what_goes_goes_after_all_wherever_memory_failed(void **state)
{
    struct sim_county *f = *state;
    sim_fail_arrival(f, &sim_no_memory, f->xikou);
}

static void I14_what_goes_onward_is_let_in_wherever_memory_failed(void **state)
{
    sim_fail_entry(*state, &sim_no_memory);
}

static void I14_a_charter_for_which_there_is_no_memory_stops_the_node(void **state)
{
    sim_fail_rereading(*state, &sim_no_memory);
}

static void I14_who_invites_pairs_after_all_wherever_memory_failed(void **state)
{
    sim_fail_pairing(*state, &sim_no_memory, true);
}

static void I14_a_machine_joins_after_all_wherever_memory_failed(void **state)
{
    sim_fail_inviting(*state, &sim_no_memory);
}

static void I14_a_village_and_its_laptop_have_all_wherever_memory_failed(void **state)
{
    sim_fail_together(*state, &sim_no_memory, false);
}

static void I14_a_laptop_has_all_wherever_memory_failed(void **state)
{
    sim_fail_together(*state, &sim_no_memory, true);
}

static void I14_a_laptop_asks_for_what_was_erased_and_has_it_after_all(void **state)
{
    sim_fail_showing(*state, &sim_no_memory, true);
}

static void
I14_a_village_is_asked_for_what_was_erased_and_gives_it_after_all(void **state)
{
    sim_fail_showing(*state, &sim_no_memory, false);
}

static void I14_a_machine_renews_its_keys_wherever_memory_failed(void **state)
{
    sim_fail_renewal(*state, &sim_no_memory);
}

static void I14_other_keys_are_heard_of_wherever_memory_failed(void **state)
{
    sim_fail_renewal_heard(*state, &sim_no_memory);
}

static void I14_who_joins_pairs_after_all_wherever_memory_failed(void **state)
{
    sim_fail_pairing(*state, &sim_no_memory, false);
}

/* ---- while something seldom is under way ---- */

static void I14_over_a_quota_what_has_to_come_comes_wherever_memory_failed(void **state)
{
    struct sim_county *f = *state;
    sim_fail_over_quota(f, &sim_no_memory, f->township);
}

static void I14_who_is_over_a_quota_goes_on_wherever_memory_failed(void **state)
{
    struct sim_county *f = *state;
    sim_fail_over_quota(f, &sim_no_memory, f->fengyuan);
}

static void I14_what_is_not_ours_is_forgotten_wherever_memory_failed(void **state)
{
    sim_fail_forgetting(*state, &sim_no_memory);
}

static void I14_a_rollback_is_said_wherever_memory_failed(void **state)
{
    struct sim_county *f = *state;
    sim_fail_rollback(f, &sim_no_memory, f->fengyuan);
}

static void I14_two_copies_are_noticed_wherever_memory_failed(void **state)
{
    struct sim_county *f = *state;
    sim_fail_copies(f, &sim_no_memory, f->township);
}

/* ---- papers, rounds, cards, meetings, and what is said about a record ---- */

static void I14_no_request_about_a_paper_is_half_done_when_memory_failed(void **state)
{
    sim_fail_papers(*state, &sim_no_memory);
}

/* ---- a record with a file ---- */

static void I14_no_request_about_a_file_is_half_done_when_memory_failed(void **state)
{
    sim_fail_file_requests(*state, &sim_no_memory);
}

static void I14_no_request_from_afar_is_half_done_when_memory_failed(void **state)
{
    sim_fail_far_requests(*state, &sim_no_memory);
}

static void I14_a_file_comes_wherever_memory_failed(void **state)
{
    struct sim_county *f = *state;
    sim_fail_file(f, &sim_no_memory, f->township);
}

static void I14_a_file_is_given_wherever_memory_failed(void **state)
{
    struct sim_county *f = *state;
    sim_fail_file(f, &sim_no_memory, f->fengyuan);
}

static void I7_nothing_recalled_is_kept_wherever_memory_failed(void **state)
{
    struct sim_county *f = *state;
    sim_fail_recall(f, &sim_no_memory, f->township);
}

static void I7_what_comes_after_a_recall_is_not_kept_wherever_memory_failed(void **state)
{
    sim_fail_after_recall(*state, &sim_no_memory);
}

static void I14_what_has_had_its_time_is_erased_wherever_memory_failed(void **state)
{
    sim_fail_retention(*state, &sim_no_memory);
}

/* More strangers in one turn than the list of actions has room for at first. */
static void I14_a_flood_for_which_there_is_no_memory_stops_the_node_at_most(void **state)
{
    struct sim_county *f = *state;
    struct world_node *node = f->township;
    uint32_t failures = 0;
    world_let_stop(node);
    for (bool has_failed = true; has_failed; failures += has_failed) {
        for (uint64_t i = 0; i < 2 * SESSIONS_MAX; i++)
            world_event(node, EVENT_CONN_ACCEPTED, 1000000 + 2 * i, (struct bytes){0});
        no_memory_at_new_place(node);
        world_run(f->world, 1000);
        has_failed = no_memory_stop();
        if (world_has_stopped(node))
            sim_start_again(f, node);
        world_run(f->world, 70000);
    }
    assert_true(failures > 3);
    struct id id = sim_escalate(f, f->xikou, "照常");
    sim_assert_state(f, f->xikou, &id, "received");
}

static void I14_a_rebuild_for_which_there_is_no_memory_changes_nothing(void **state)
{
    struct sim_county *f = *state;
    struct buf before = {0}, now = {0};
    uint32_t failures = 0;
    (void)sim_escalate(f, f->xikou, "水沟");
    world_let_stop(f->township);
    assert_int_equal(store_dump(world_store(f->township), &before), STATUS_OK);
    for (bool has_failed = true; has_failed; failures += has_failed) {
        no_memory_at_new_place(f->township);
        fail_memory_in();
        enum status status = world_rebuild(f->township);
        (void)fail_memory_out(); /* it counted */
        has_failed = no_memory_stop();
        assert_int_equal(status, has_failed ? STATUS_NO_MEMORY : STATUS_OK);
        sim_start_again(f, f->township);
        buf_clear(&now);
        assert_int_equal(store_dump(world_store(f->township), &now), STATUS_OK);
        assert_true(bytes_equal(buf_bytes(&before), buf_bytes(&now)));
    }
    assert_true(failures > 20);
    buf_deinit(&before);
    buf_deinit(&now);
}

static void I14_what_is_derived_is_compared_wherever_memory_failed_or_not(void **state)
{
    struct sim_county *f = *state;
    struct store *store = world_store(f->township);
    uint32_t failures = 0;
    (void)sim_escalate(f, f->xikou, "水沟");
    for (bool has_failed = true; has_failed; failures += has_failed) {
        char table[DERIVED_TABLE_SIZE];
        sim_leave_unsettled(f->township);
        no_memory_at_new_place(f->township);
        fail_memory_in();
        enum status status = derived_check(store, table);
        (void)fail_memory_out(); /* it counted */
        has_failed = no_memory_stop();
        assert_int_equal(status, has_failed ? STATUS_NO_MEMORY : STATUS_OK);
        assert_string_equal(table, "");
    }
    assert_true(failures > 20);
}

/* Whatever was found between two turns is made anew and said, now or after a start. */
static void I14_what_a_look_found_is_kept_wherever_memory_failed(void **state)
{
    struct sim_county *f = *state;
    (void)sim_escalate(f, f->xikou, "水沟");
    world_run(f->world, 70000);
    world_let_stop(f->township);
    for (bool has_failed = true; has_failed;) {
        world_power_off(f->world, f->township);
        sim_spoil(f, 1,
                  "DELETE FROM heads; "
                  "INSERT OR REPLACE INTO meta (name, value) VALUES ('doubt', x'01')");
        assert_int_equal(world_power_on(f->world, f->township), STATUS_OK);
        no_memory_at_new_place(f->township);
        (void)world_say(f->world, f->township, NULL, "status", NULL);
        has_failed = no_memory_stop();
    }
    assert_false(world_has_stopped(f->township));
    assert_true(sim_status(f, f->township, "mendings") > 0);
}

/* Each time of a store that noticed a loss. */
static void I14_a_number_after_a_loss_is_given_wherever_memory_failed(void **state)
{
    struct sim_county *f = *state;
    char mark[SCRATCH_SIZE + 64];
    sqlite3_vfs *disk = sqlite3_vfs_find(SIM_COUNTY_DISK);
    (void)snprintf(mark, sizeof(mark), "%s/node-3.db-mark", f->directory);
    world_let_stop(f->xikou);
    for (bool has_failed = true; has_failed;) {
        world_power_off(f->world, f->xikou);
        assert_int_equal(disk->xDelete(disk, mark, 1), SQLITE_OK);
        assert_int_equal(world_power_on(f->world, f->xikou), STATUS_OK);
        assert_int_equal(world_unlock(f->world, f->xikou, "", "246810"), STATUS_OK);
        uint64_t cases = sim_status(f, f->xikou, "cases");
        no_memory_at_new_place(f->xikou);
        enum status status =
            world_say(f->world, f->xikou, NULL, "case.new", "category", "邻里",
                      "narrative", "争执", "title", "水沟", NULL);
        has_failed = no_memory_stop();
        if (world_has_stopped(f->xikou))
            start_again(f, f->xikou);
        assert_int_equal(sim_status(f, f->xikou, "cases"), cases + (status == STATUS_OK));
    }
}

/* A record goes up; the rounds that it brings about are still to come. */
static void send_one_more(struct sim_county *f, struct world_node *node)
{
    struct buf out = {0};
    struct bytes text;
    char number[32];
    SIM_SAY(f, node, &out, "case.new", "category", "邻里", "title", "多出的", "narrative",
            "争执", "context", "修过");
    assert_true(view_map_text(buf_bytes(&out), "number", &text));
    (void)snprintf(number, sizeof(number), "%.*s", (int)text.len,
                   (const char *)text.data);
    SIM_SAY(f, node, NULL, "case.triage", "case", number, "decision", "escalate",
            "beyond", "true", "reason", "两村");
    SIM_SAY(f, node, NULL, "escalate.release", "case", number, "fields", "[context]",
            "reason", "超出权限", "no_parties", "渠是村里的");
    buf_deinit(&out);
}

/* One more each time, of which none is taken; from 64 on the list of them grows. */
static void I14_what_was_tried_in_vain_is_kept_wherever_memory_failed(void **state)
{
    struct sim_county *f = *state;
    SIM_SAY(f, f->township, NULL, "peer.quota", "ops", "#1", "site", "枫源村");
    world_let_stop(f->fengyuan);
    for (uint32_t kept = 0; kept < 70; kept++) {
        send_one_more(f, f->fengyuan);
        no_memory_at_new_place(f->fengyuan);
        world_run(f->world, 500);
        if (no_memory_stop())
            kept = 0;
        if (world_has_stopped(f->fengyuan))
            start_again(f, f->fengyuan);
    }
    assert_int_equal(sim_status(f, f->township, "quarantined"), 0);
}

/* ---- machines, keys and stewards ---- */

static void I14_a_case_is_recalled_and_a_pin_changed_wherever_memory_failed(void **state)
{
    static const struct sim_request requests[] = {
        {VILLAGE, "escalation.recall", {"case", "2026-0001", "reason", "撤回"}, 1},
        {VILLAGE, "person.pin", {"old", "246810", "pin", "135791"}, 0},
    };
    struct sim_county *f = *state;
    (void)sim_escalate(f, f->xikou, "水沟");
    sim_fail_each_request(f, &sim_no_memory, requests, 2);
}

static void I14_the_recovery_key_unlocks_wherever_memory_failed(void **state)
{
    struct sim_county *f = *state;
    struct buf map = {0};
    pack_map(&map, 1);
    pack_str(&map, "seed");
    pack_bin(&map, world_recovery_seed(f->xikou), KEY_SEED_SIZE);
    world_set_offline(f->world, f->xikou, true);
    world_let_stop(f->xikou);
    for (bool has_failed = true; has_failed;) {
        no_memory_at_new_place(f->xikou);
        enum status status =
            world_call(f->world, f->xikou, "recovery.unlock", buf_bytes(&map), NULL);
        has_failed = no_memory_stop();
        assert_int_equal(status == STATUS_OK, !has_failed);
        if (world_has_stopped(f->xikou))
            start_again(f, f->xikou);
    }
    buf_deinit(&map);
}

/* It knows who has heard of the new ones already. */
static void I14_a_machine_with_former_keys_is_opened_or_says_why_not(void **state)
{
    struct sim_county *f = *state;
    struct core_config config = {.rng = *world_rng(f->township)};
    struct buf value = {0};
    uint64_t tries = 0;
    world_set_offline(f->world, f->xikou, true);
    world_set_offline(f->world, f->fengyuan, true);
    SIM_SAY(f, f->township, NULL, "node.renew");
    world_set_offline(f->world, f->fengyuan, false);
    world_run(f->world, 180000);
    assert_int_equal(store_meta_get(world_store(f->township), "former-keys", &value),
                     STATUS_OK);
    assert_true(value.len > 3 * (ID_SIZE + 2)); /* two keys, and who was told */
    memcpy(config.node_seed, world_node_seed(f->township), 32);
    memcpy(config.noise_secret, world_noise_secret(f->township), 32);
    config.store = world_store(f->township); /* the node rests */
    for (bool has_failed = true; has_failed; tries++) {
        struct core *core = NULL;
        no_memory_after(f->township, tries, false);
        fail_memory_in();
        enum status status = core_open(&core, &config, NULL);
        (void)fail_memory_out(); /* it counted */
        has_failed = no_memory_stop();
        assert_int_equal(status, has_failed ? STATUS_NO_MEMORY : STATUS_OK);
        core_close(core);
    }
    assert_true(tries > 4);
    buf_deinit(&value);
}

static void I14_a_rebuild_of_a_site_of_two_is_whole_wherever_memory_failed(void **state)
{
    struct sim_county *f = *state;
    struct buf before = {0}, now = {0};
    uint32_t failures = 0;
    world_use_vfs(f->world, NULL); /* the other one has room for so many files */
    (void)sim_escalate(f, f->xikou, "水沟");
    struct world_node *laptop = world_join(f->world, f->xikou, "山上", "laptop:1");
    world_run(f->world, 70000);
    world_set_offline(f->world, laptop, true);
    world_run(f->world, 0);
    assert_int_equal(store_dump(world_store(laptop), &before), STATUS_OK);
    for (bool has_failed = true; has_failed; failures += has_failed) {
        no_memory_at_new_place(laptop);
        fail_memory_in();
        enum status status = world_rebuild(laptop);
        (void)fail_memory_out(); /* it counted */
        has_failed = no_memory_stop();
        assert_int_equal(status, has_failed ? STATUS_NO_MEMORY : STATUS_OK);
    }
    assert_true(failures > 0);
    assert_int_equal(store_dump(world_store(laptop), &now), STATUS_OK);
    assert_true(bytes_equal(buf_bytes(&before), buf_bytes(&now)));
    buf_deinit(&before);
    buf_deinit(&now);
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
/* Places at which something failed in the tests before are not new again. */
#define KNOWN(test)                                                                      \
    cmocka_unit_test_setup_teardown(test, sim_county_set_up_in_memory,                   \
                                    sim_county_tear_down_in_memory)
    const struct CMUnitTest tests[] = {
        ONE(I14_a_case_is_written_or_refused_whole),
        ONE(I14_reading_changes_nothing),
        ONE(I14_a_person_is_added_or_not),
        ONE(I14_an_escalation_and_the_note_of_it_are_written_both_or_none),
        ONE(I14_a_key_is_revoked_or_not),
        ONE(I14_a_node_that_has_just_started_unlocks_or_refuses),
        ONE(I14_an_invitation_that_failed_leaves_no_op),
        ONE(I14_what_a_peer_brings_comes_after_all_when_memory_failed_once),
        ONE(I14_what_a_peer_brings_comes_after_all_when_memory_was_gone),
        ONE(I14_no_request_is_half_done_when_memory_failed_somewhere),
        ONE(I14_what_goes_goes_after_all_wherever_memory_failed),
        ONE(I14_what_goes_onward_is_let_in_wherever_memory_failed),
        ONE(I14_a_charter_for_which_there_is_no_memory_stops_the_node),
        ONE(I14_a_flood_for_which_there_is_no_memory_stops_the_node_at_most),
        ONE(I14_a_rebuild_for_which_there_is_no_memory_changes_nothing),
        ONE(I14_what_is_derived_is_compared_wherever_memory_failed_or_not),
        ONE(I14_who_invites_pairs_after_all_wherever_memory_failed),
        ONE(I14_who_joins_pairs_after_all_wherever_memory_failed),
        ONE(I14_a_machine_joins_after_all_wherever_memory_failed),
        ONE(I14_a_village_and_its_laptop_have_all_wherever_memory_failed),
        ONE(I14_a_laptop_has_all_wherever_memory_failed),
        ONE(I14_a_laptop_asks_for_what_was_erased_and_has_it_after_all),
        ONE(I14_a_village_is_asked_for_what_was_erased_and_gives_it_after_all),
        ONE(I14_a_machine_renews_its_keys_wherever_memory_failed),
        ONE(I14_other_keys_are_heard_of_wherever_memory_failed),
        ONE(I14_no_audit_passes_over_what_it_had_no_memory_for),
        ONE(I14_seals_are_seen_and_cosigned_without_memory_after_all),
        ONE(I14_what_comes_comes_after_all_wherever_memory_failed),
        KNOWN(I14_over_a_quota_what_has_to_come_comes_wherever_memory_failed),
        KNOWN(I14_who_is_over_a_quota_goes_on_wherever_memory_failed),
        KNOWN(I14_what_is_not_ours_is_forgotten_wherever_memory_failed),
        ONE(I14_a_rollback_is_said_wherever_memory_failed),
        ONE(I14_two_copies_are_noticed_wherever_memory_failed),
        KNOWN(I14_no_request_about_a_paper_is_half_done_when_memory_failed),
        KNOWN(I14_no_request_about_a_file_is_half_done_when_memory_failed),
        KNOWN(I14_no_request_from_afar_is_half_done_when_memory_failed),
        KNOWN(I14_a_file_comes_wherever_memory_failed),
        KNOWN(I14_a_file_is_given_wherever_memory_failed),
        KNOWN(I7_nothing_recalled_is_kept_wherever_memory_failed),
        KNOWN(I7_what_comes_after_a_recall_is_not_kept_wherever_memory_failed),
        KNOWN(I14_what_has_had_its_time_is_erased_wherever_memory_failed),
        KNOWN(I14_what_a_look_found_is_kept_wherever_memory_failed),
        KNOWN(I14_a_number_after_a_loss_is_given_wherever_memory_failed),
        KNOWN(I14_a_case_is_recalled_and_a_pin_changed_wherever_memory_failed),
        KNOWN(I14_the_recovery_key_unlocks_wherever_memory_failed),
        KNOWN(I14_a_machine_with_former_keys_is_opened_or_says_why_not),
        KNOWN(I14_a_rebuild_of_a_site_of_two_is_whole_wherever_memory_failed),
        KNOWN(I14_what_was_tried_in_vain_is_kept_wherever_memory_failed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
