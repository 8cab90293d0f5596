/*
 * A store of which each call of a turn fails, one after the other, where few turns lead
 * (I14): calls that many ways share are no new places to test_no_store.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <sqlite3.h>

#include "node/cases/view.h"
#include "node/core/charters.h"
#include "node/core/state.h"
#include "proto/date.h"
#include "storage/statement.h"
#include "tests/sim/sim_failing.h"
#include "tests/sim/sim_files.h"
#include "tests/sim/sim_stick.h"
#include "tests/support/fail_store.h"

#define MINUTE_MS 60000
#define DAY_S (24 * 3600)
#define OTHER_CLIENT 100

static uint64_t calls; /* that go well before the next one fails */

static void arm(struct world_node *node)
{
    fail_store_after(world_store(node), calls++);
}

static bool disarm(void)
{
    bool has_failed = fail_store_stop();
    if (!has_failed)
        calls = 0;
    return has_failed;
}

static const struct sim_fault each_call = {arm, disarm, .is_borne = false, .least = 1};

/* The core of that store, as of its last turn. */
static struct store *watched;
static struct core *watched_core;

enum status __wrap_core_begin(struct core *core);
enum status __real_core_begin(struct core *core);

/* Nothing of a charter is remembered from turn to turn there, so that each way on which
 * one is wanted leads to the store. */
static struct store *forgetful;

enum status __wrap_core_begin(struct core *core)
{
    if (core->store == watched)
        watched_core = core;
    enum status status = __real_core_begin(core);
    if (core->store == forgetful)
        charters_deinit(core);
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

static const struct sim_fault each_charter = {arm_forgetful, disarm_forgetful,
                                              .is_borne = false, .least = 1};

static struct core *core_of(struct sim_county *f, struct world_node *node)
{
    watched = world_store(node);
    SIM_SAY(f, node, NULL, "status", NULL);
    return watched_core;
}

/* Between two turns, as a disk would. */
static void harm(struct world_node *node, const char *sql)
{
    assert_int_equal(sqlite3_exec(world_store(node)->db, sql, NULL, NULL, NULL),
                     SQLITE_OK);
}

/* A turn ended well, or its node has stopped and starts again. */
static void go_on(struct sim_county *f, struct world_node *node, enum status status,
                  bool has_failed)
{
    if (has_failed != world_has_stopped(node) || (!has_failed && status != STATUS_OK))
        fail_msg("%s, and %s", status_name(status),
                 has_failed ? "a call failed" : "nothing failed");
    if (!has_failed)
        return;
    world_power_off(f->world, node);
    assert_int_equal(world_power_on(f->world, node), STATUS_OK);
    assert_int_equal(world_unlock(f->world, node, "", "246810"), STATUS_OK);
}

/* ---- requests ---- */

static void I14_a_case_with_a_record_is_settled_or_not(void **state)
{
    static const struct sim_request requests[] = {
        {VILLAGE,
         "case.settle",
         {"case", "2026-0001", "outcome", "advised", "text", "照镇里说的办"},
         1},
        {VILLAGE, "case.show", {"case", "2026-0001"}, 0},
    };
    struct sim_county *f = *state;
    (void)sim_escalate(f, f->xikou, "水沟");
    sim_fail_each_request(f, &each_call, requests, 2);
}

/* Of a disk that lost something, so that its numbers go on in another series. */
static void I14_a_number_after_a_loss_is_given_once_or_not(void **state)
{
    static const struct sim_request requests[] = {
        {VILLAGE,
         "case.new",
         {"category", "邻里", "narrative", "争执", "title", "一"},
         1},
        {VILLAGE,
         "case.new",
         {"category", "邻里", "narrative", "争执", "title", "二"},
         1},
    };
    struct sim_county *f = *state;
    char mark[SCRATCH_SIZE + 64];
    world_power_off(f->world, f->xikou);
    (void)snprintf(mark, sizeof(mark), "%s/node-3.db-mark", f->directory);
    sqlite3_vfs *disk = sqlite3_vfs_find(SIM_COUNTY_DISK);
    assert_int_equal(disk->xDelete(disk, mark, 1), SQLITE_OK);
    assert_int_equal(world_power_on(f->world, f->xikou), STATUS_OK);
    assert_int_equal(world_unlock(f->world, f->xikou, "", "246810"), STATUS_OK);
    assert_int_equal(sim_status(f, f->xikou, "losses"), 1);
    sim_fail_each_request(f, &each_call, requests, 2);
}

static void I14_what_will_be_erased_is_listed_and_a_clock_trusted_or_not(void **state)
{
    static const struct sim_request requests[] = {
        {VILLAGE, "retention.list", {NULL}, 0},
    };
    struct sim_county *f = *state;
    struct buf map = {0}, out = {0};
    pack_map(&map, 3);
    pack_str(&map, "category");
    pack_str(&map, "邻里");
    pack_str(&map, "identity_years");
    pack_uint(&map, 0);
    pack_str(&map, "years");
    pack_uint(&map, 0);
    assert_int_equal(
        world_call(f->world, f->xikou, "retention.set", buf_bytes(&map), NULL),
        STATUS_OK);
    SIM_SAY(f, f->xikou, NULL, "case.new", "category", "邻里", "narrative", "争执",
            "title", "水沟");
    SIM_SAY(f, f->xikou, NULL, "case.close", "case", "2026-0001", "follow_up", "当面点头",
            "oral", "true", "outcome", "agreement", "text", "两家和解");
    for (int hour = 0; hour < 26; hour++)
        world_run(f->world, 60 * MINUTE_MS);
    SIM_SAY(f, f->xikou, &out, "retention.list", NULL);
    assert_int_equal(view_map_count(buf_bytes(&out), "notices"), 1);
    sim_fail_each_request(f, &each_call, requests, 1);
    /* A clock that has jumped, so that all notices begin anew. */
    uint64_t wall = 1790000000 + 2 * DAY_S;
    for (bool has_failed = true; has_failed;) {
        char day[DATE_TEXT_SIZE];
        wall += 3 * DAY_S;
        world_set_clock(f->world, wall, WALL_RTC);
        date_text(day, date_of_seconds(wall, SITE_MINUTES_EAST));
        arm(f->xikou);
        enum status status = world_say(f->world, f->xikou, NULL, "retention.trust_clock",
                                       "today", day, NULL);
        has_failed = disarm();
        go_on(f, f->xikou, status, has_failed);
    }
    buf_deinit(&map);
    buf_deinit(&out);
}

/* ---- machines, keys and stewards ---- */

static void I14_a_record_of_a_case_is_recalled_and_a_machine_revoked_or_not(void **state)
{
    static const struct sim_request requests[] = {
        {VILLAGE, "escalation.recall", {"case", "2026-0001", "reason", "撤回"}, 1},
        {VILLAGE, "node.revoke", {"node", "山上"}, 1},
    };
    struct sim_county *f = *state;
    world_use_vfs(f->world, NULL); /* the other one has room for so many files */
    (void)sim_escalate(f, f->xikou, "水沟");
    (void)world_join(f->world, f->xikou, "山上", "laptop:1");
    sim_fail_each_request(f, &each_call, requests, 2);
}

/* The last one that knew the old keys alone is no machine of ours any more. */
static void I14_former_keys_for_which_nobody_is_left_go_or_not(void **state)
{
    static const struct sim_request requests[] = {
        {VILLAGE, "node.revoke", {"node", "山上"}, 1},
        {VILLAGE, "node.renew", {NULL}, 2},
    };
    struct sim_county *f = *state;
    world_use_vfs(f->world, NULL); /* the other one has room for so many files */
    struct world_node *laptop = world_join(f->world, f->xikou, "山上", "laptop:1");
    world_set_offline(f->world, laptop, true);
    SIM_SAY(f, f->xikou, NULL, "node.renew");
    world_run(f->world, 3 * MINUTE_MS);
    assert_int_equal(world_say(f->world, f->xikou, NULL, "node.renew", NULL),
                     STATUS_CONFLICT); /* the laptop has not heard of it */
    sim_fail_each_request(f, &each_call, requests, 2);
}

static void
I14_no_request_about_stewards_needs_a_charter_that_cannot_be_read(void **state)
{
    static const struct sim_request requests[] = {
        {VILLAGE, "recovery.show", {NULL}, 0},
        {VILLAGE, "node.renew", {NULL}, 2},
        {VILLAGE, "node.revoke", {"node", "山上"}, 1},
        {VILLAGE, "person.add", {"name", "王某", "pin", "135791", "role", "steward"}, 1},
        {VILLAGE, "quorum.set", {"number", "#2"}, 1},
        {VILLAGE, "quorum.set", {"number", "#1"}, 1},
        {VILLAGE, "quorum.show", {NULL}, 0},
        {VILLAGE, "unlock", {"person", "王某", "pin", "135791"}, 0},
        {VILLAGE, "quorum.approve", {"op", "$op"}, 1},
    };
    struct sim_county *f = *state;
    world_use_vfs(f->world, NULL); /* the other one has room for so many files */
    (void)world_join(f->world, f->xikou, "山上", "laptop:1");
    sim_fail_each_request(f, &each_charter, requests,
                          sizeof(requests) / sizeof(requests[0]));
}

static enum status look_for(void *context, const struct store_peer *peer)
{
    *(bool *)context |= bytes_equal_str(peer->address, "laptop:2");
    return STATUS_OK;
}

/* It is answered, and what follows is the dialing. */
static void I14_where_a_machine_is_dialed_is_kept_or_not(void **state)
{
    const struct sim_fault *faults[] = {&each_call, &each_charter};
    struct sim_county *f = *state;
    world_use_vfs(f->world, NULL); /* the other one has room for so many files */
    (void)world_join(f->world, f->xikou, "山上", "laptop:1");
    (void)world_join(f->world, f->xikou, "山下", "laptop:3");
    world_let_stop(f->xikou);
    for (int i = 0; i < 2; i++) {
        uint32_t failures = 0;
        for (bool has_failed = true; has_failed; failures += has_failed) {
            bool is_kept = false;
            faults[i]->arm(f->xikou);
            enum status status = world_say(f->world, f->xikou, NULL, "node.at", "node",
                                           "山上", "at", "laptop:2", NULL);
            has_failed = faults[i]->disarm();
            assert_int_equal(world_has_stopped(f->xikou), has_failed);
            assert_true(has_failed || status == STATUS_OK);
            if (has_failed)
                sim_start_again(f, f->xikou);
            assert_int_equal(store_peers(world_store(f->xikou), look_for, &is_kept),
                             STATUS_OK);
            assert_true(is_kept || status != STATUS_OK);
        }
        assert_true(failures > 2);
    }
}

static void I14_the_recovery_key_unlocks_by_a_charter_that_can_be_read(void **state)
{
    struct sim_county *f = *state;
    struct buf map = {0};
    uint32_t failures = 0;
    pack_map(&map, 1);
    pack_str(&map, "seed");
    pack_bin(&map, world_recovery_seed(f->xikou), KEY_SEED_SIZE);
    world_set_offline(f->world, f->xikou, true);
    world_let_stop(f->xikou);
    for (bool has_failed = true; has_failed; failures += has_failed) {
        arm_forgetful(f->xikou);
        enum status status =
            world_call(f->world, f->xikou, "recovery.unlock", buf_bytes(&map), NULL);
        has_failed = disarm_forgetful();
        go_on(f, f->xikou, status, has_failed);
    }
    assert_true(failures > 0);
    buf_deinit(&map);
}

/* Its keys stand in the store until the file has them, and in a start it is asked. */
static void
I14_a_machine_that_renewed_its_keys_starts_with_them_or_not_at_all(void **state)
{
    struct sim_county *f = *state;
    struct buf value = {0};
    uint64_t tries = 0;
    world_let_stop(f->xikou);
    SIM_SAY(f, f->xikou, NULL, "node.renew");
    struct core_config config = {.rng = *world_rng(f->xikou)};
    memcpy(config.node_seed, world_node_seed(f->xikou), 32);
    memcpy(config.noise_secret, world_noise_secret(f->xikou), 32);
    config.store = world_store(f->xikou); /* the node rests */
    for (bool has_failed = true; has_failed; tries++) {
        struct core *core = NULL;
        fail_store_after(config.store, tries);
        enum status status = core_open(&core, &config, NULL);
        has_failed = fail_store_stop();
        assert_int_equal(status, has_failed ? STATUS_IO : STATUS_OK);
        core_close(core);
    }
    assert_true(tries > 4);
    assert_int_equal(store_meta_get(config.store, "machine-keys", &value),
                     STATUS_NOT_FOUND);
    assert_int_equal(store_meta_get(config.store, "former-keys", &value), STATUS_OK);
    buf_deinit(&value);
}

/* ---- sticks ---- */

static void I14_a_file_on_a_stick_comes_or_the_node_stops(void **state)
{
    struct sim_county *f = *state;
    struct buf file = files_text("whose ditch ", 3000);
    struct stick stick = {0};
    struct stick_read read;
    char number[32], hex[65];
    uint32_t failures = 0;
    files_case(f, number);
    (void)files_attach(f, number, "a.txt", buf_bytes(&file));
    files_consent(f, number, "[a.txt]");
    world_set_offline(f->world, f->fengyuan, true);
    files_release(f, number, "[a.txt]", hex);
    stick_write(f, f->fengyuan, "青河镇", &stick);
    world_set_offline(f->world, f->township, true);
    world_let_stop(f->township);
    for (bool has_failed = true; has_failed; failures += has_failed) {
        arm(f->township);
        enum status status =
            stick_read_one(f, f->township, buf_bytes(&stick.files[0]), &read);
        has_failed = disarm();
        go_on(f, f->township, status, has_failed);
    }
    assert_true(failures > 50);
    assert_int_equal(files_get(f, f->township, hex, buf_bytes(&file)), STATUS_OK);
    stick_deinit(&stick);
    buf_deinit(&file);
}

static void D2_a_store_that_is_full_at_any_call_stops_the_node(void **state)
{
    struct sim_county *f = *state;
    uint64_t tries = 0;
    world_set_offline(f->world, f->xikou, true);
    world_let_stop(f->xikou);
    for (bool has_failed = true; has_failed; tries++) {
        fail_store_full_after(world_store(f->xikou), tries);
        enum status status =
            world_say(f->world, f->xikou, NULL, "case.new", "category", "邻里",
                      "narrative", "争执", "title", "水沟", NULL);
        has_failed = fail_store_stop();
        go_on(f, f->xikou, status, has_failed);
    }
    assert_true(tries > 10);
    assert_int_equal(sim_status(f, f->xikou, "cases"), 1);
}

/* ---- two requests in one turn ---- */

static void ask_other(struct world_node *node, const char *method, uint32_t pairs,
                      const char *const *arguments)
{
    struct buf bytes = {0};
    pack_array(&bytes, 3);
    pack_uint(&bytes, 1);
    pack_str(&bytes, method);
    pack_map(&bytes, pairs);
    for (uint32_t i = 0; i < 2 * pairs; i++)
        pack_str(&bytes, arguments[i]);
    world_event(node, EVENT_CLIENT_REQUEST, OTHER_CLIENT, buf_bytes(&bytes));
    buf_deinit(&bytes);
}

static void open_other(struct sim_county *f, struct world_node *node)
{
    static const char *const pin[] = {"pin", "246810"};
    world_event(node, EVENT_CLIENT_CLOSED, OTHER_CLIENT, (struct bytes){0});
    world_event(node, EVENT_CLIENT_OPENED, OTHER_CLIENT, (struct bytes){0});
    ask_other(node, "unlock", 1, pin);
    world_run(f->world, 0);
}

static void I14_who_asks_in_the_turn_of_another_is_answered_with_it_or_not(void **state)
{
    struct sim_county *f = *state;
    char hex[2 * ID_SIZE + 1];
    struct id record = sim_escalate(f, f->xikou, "水沟");
    hex_encode(hex, record.bytes, ID_SIZE);
    const struct {
        const char *first;
        uint32_t pairs;
        const char *arguments[8];
        const char *then;
    } rows[] = {
        {"case.set",
         3,
         {"case", "2026-0001", "field", "context", "value", "又堵了"},
         "outbox"},
        {"meeting.begin", 1, {"day", "2026-11-27"}, "agenda"},
        {"round.begin", 1, {"day", "2026-11-27"}, "round.list"},
        {"escalation.recall", 2, {"escalation", hex, "reason", "撤回"}, "outbox"},
    };
    SIM_SAY(f, f->xikou, NULL, "checklist.set", "title", "汛前", "places", "[桥头]",
            "topics", "[排水]");
    world_set_offline(f->world, f->xikou, true);
    world_let_stop(f->xikou);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        uint32_t failures = 0;
        for (bool has_failed = true; has_failed; failures += has_failed) {
            open_other(f, f->xikou);
            ask_other(f->xikou, rows[i].first, rows[i].pairs, rows[i].arguments);
            arm(f->xikou);
            enum status status = world_say(f->world, f->xikou, NULL, rows[i].then, NULL);
            has_failed = disarm();
            go_on(f, f->xikou, status, has_failed);
        }
        assert_true(failures > 20);
    }
}

/* The one before has written to the case, or to the record of it. */
static void I14_a_case_that_the_turn_wrote_to_is_recalled_with_it_or_not(void **state)
{
    static const char *const numbers[] = {"2026-0001", "2026-0002"};
    struct sim_county *f = *state;
    world_let_stop(f->xikou);
    for (int is_record = 0; is_record < 2; is_record++) {
        char hex[2 * ID_SIZE + 1];
        uint32_t failures = 0;
        world_set_offline(f->world, f->xikou, false);
        struct id record = sim_escalate(f, f->xikou, "水沟");
        hex_encode(hex, record.bytes, ID_SIZE);
        world_set_offline(f->world, f->xikou, true);
        const char *const permit[] = {"escalation", hex};
        const char *const set[] = {"case", numbers[0], "field", "title", "value", "水渠"};
        for (bool has_failed = true; has_failed; failures += has_failed) {
            open_other(f, f->xikou);
            ask_other(f->xikou, is_record ? "escalation.permit" : "case.set",
                      is_record ? 1 : 3, is_record ? permit : set);
            arm(f->xikou);
            enum status status =
                world_say(f->world, f->xikou, NULL, "escalation.recall", "case",
                          numbers[is_record], "reason", "撤回", NULL);
            has_failed = disarm();
            go_on(f, f->xikou, status, has_failed);
        }
        assert_true(failures > 20);
        sim_assert_state(f, f->xikou, &record, "recalled");
    }
}

/* ---- what a pair shares too much ---- */

/* Those who do not hold the record, and with whom the pair shares it all the same. */
static uint32_t shared_too_much(struct sim_county *f, const struct id *record)
{
    struct world_node *others[] = {f->county, f->xikou};
    uint32_t count = 0;
    for (int i = 0; i < 2; i++) {
        enum status status =
            store_pair_has(world_store(f->township), world_site(others[i]), record);
        assert_true(status == STATUS_OK || status == STATUS_NOT_FOUND);
        count += status == STATUS_OK;
    }
    return count;
}

static void share_too_much(struct sim_county *f, const struct id *record)
{
    struct store *store = world_store(f->township);
    struct world_node *others[] = {f->county, f->xikou};
    assert_int_equal(store_begin(store), STATUS_OK);
    for (int i = 0; i < 2; i++) {
        enum status status = store_pair_put(store, world_site(others[i]), record);
        assert_true(status == STATUS_OK || status == STATUS_EXISTS);
    }
    assert_int_equal(store_commit(store), STATUS_OK);
}

/* By a charter that changes, or a record that gets another holder. */
static void I14_what_no_pair_should_share_is_dropped_or_the_node_stops(void **state)
{
    struct sim_county *f = *state;
    char hex[2 * ID_SIZE + 1], name[32];
    struct id record = sim_escalate(f, f->fengyuan, "水沟");
    hex_encode(hex, record.bytes, ID_SIZE);
    SIM_SAY(f, f->township, NULL, "escalation.open", "escalation", hex);
    world_run(f->world, MINUTE_MS);
    world_set_offline(f->world, f->township, true);
    world_let_stop(f->township);
    for (int is_onward = 0; is_onward < 2; is_onward++) {
        uint32_t tries = 0;
        for (bool has_failed = true; has_failed; tries++) {
            share_too_much(f, &record);
            (void)snprintf(name, sizeof(name), "李%u", tries);
            arm(f->township);
            enum status status =
                is_onward ? world_say(f->world, f->township, NULL, "escalation.onward",
                                      "escalation", hex, "reason", "请县里看", NULL)
                          : world_say(f->world, f->township, NULL, "person.add", "name",
                                      name, "pin", "135791", "role", "desk", NULL);
            has_failed = disarm();
            go_on(f, f->township, status, has_failed);
        }
        assert_true(tries > 20);
        assert_int_equal(shared_too_much(f, &record), is_onward);
    }
}

/* ---- between two turns ---- */

static void I14_a_look_while_others_are_connected_is_whole_or_the_node_stops(void **state)
{
    struct sim_county *f = *state;
    char table[DERIVED_TABLE_SIZE];
    uint32_t failures = 0;
    (void)sim_escalate(f, f->fengyuan, "水沟");
    world_let_stop(f->township);
    for (bool has_failed = true; has_failed; failures += has_failed) {
        world_run(f->world, 3 * MINUTE_MS);
        struct core *core = core_of(f, f->township);
        harm(f->township, "DELETE FROM heads");
        core->doubt.is_due = true;
        core->patrol.looked_ms = core->now_ms;
        arm(f->township);
        enum status status = world_say(f->world, f->township, NULL, "status", NULL);
        has_failed = disarm();
        go_on(f, f->township, status, has_failed);
    }
    assert_true(failures > 100);
    assert_int_equal(derived_check(world_store(f->township), table), STATUS_OK);
    assert_string_equal(table, "");
}

static void I14_the_patrol_looks_or_the_node_stops(void **state)
{
    struct sim_county *f = *state;
    uint32_t failures = 0;
    (void)sim_escalate(f, f->xikou, "水沟");
    world_set_offline(f->world, f->xikou, true);
    world_let_stop(f->xikou);
    for (bool has_failed = true; has_failed; failures += has_failed) {
        world_run(f->world, PATROL_PACE_MS);
        struct core *core = core_of(f, f->xikou);
        core->patrol.looked_ms = 0;
        core->patrol.has_begun = false;
        arm(f->xikou);
        enum status status = world_say(f->world, f->xikou, NULL, "status", NULL);
        has_failed = disarm();
        go_on(f, f->xikou, status, has_failed);
    }
    assert_true(failures > 20);
    assert_int_equal(sim_status(f, f->xikou, "mendings"), 0);
}

int main(void)
{
#define ONE(test)                                                                        \
    cmocka_unit_test_setup_teardown(test, sim_county_set_up_in_memory,                   \
                                    sim_county_tear_down_in_memory)
    const struct CMUnitTest tests[] = {
        ONE(I14_a_case_with_a_record_is_settled_or_not),
        ONE(I14_a_number_after_a_loss_is_given_once_or_not),
        ONE(I14_what_will_be_erased_is_listed_and_a_clock_trusted_or_not),
        ONE(I14_a_record_of_a_case_is_recalled_and_a_machine_revoked_or_not),
        ONE(I14_former_keys_for_which_nobody_is_left_go_or_not),
        ONE(I14_no_request_about_stewards_needs_a_charter_that_cannot_be_read),
        ONE(I14_where_a_machine_is_dialed_is_kept_or_not),
        ONE(I14_the_recovery_key_unlocks_by_a_charter_that_can_be_read),
        ONE(I14_a_machine_that_renewed_its_keys_starts_with_them_or_not_at_all),
        ONE(I14_a_file_on_a_stick_comes_or_the_node_stops),
        ONE(D2_a_store_that_is_full_at_any_call_stops_the_node),
        ONE(I14_who_asks_in_the_turn_of_another_is_answered_with_it_or_not),
        ONE(I14_a_case_that_the_turn_wrote_to_is_recalled_with_it_or_not),
        ONE(I14_what_no_pair_should_share_is_dropped_or_the_node_stops),
        ONE(I14_a_look_while_others_are_connected_is_whole_or_the_node_stops),
        ONE(I14_the_patrol_looks_or_the_node_stops),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
