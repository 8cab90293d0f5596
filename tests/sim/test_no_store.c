/*
 * A node whose store fails, at each call of a turn in its own order (I14): in each
 * request of the API, while peers pair and bring and fetch, when it is founded, opened
 * and rebuilt. Nobody is told "saved", nothing is sent, the node stops; after a new start
 * nothing of that turn is there and everything of before is, and the same goes well.
 *
 *   test_no_store          as the default run has it: in long stories not at each call
 *   test_no_store --each   at each call
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "node/cases/view.h"
#include "storage/store_sources.h"
#include "tests/sim/sim_county.h"
#include "tests/support/fail_store.h"

#define CALLS_MAX 20000 /* no turn of these asks its store so often */

static uint64_t stride = 7; /* of stories in which each try makes the next one longer */

static uint64_t ops_of(struct world_node *node)
{
    uint64_t sum = 0;
    for (enum ledger_tree tree = TREE_WAITING; tree <= TREE_SHARED; tree++) {
        uint64_t count;
        assert_int_equal(store_ops_count(world_store(node), tree, &count), STATUS_OK);
        sum += count;
    }
    return sum;
}

static void say(void *context, const char *finding)
{
    (void)context;
    print_error("%s\n", finding);
}

static void start_again(struct sim_county *f, struct world_node *node)
{
    world_power_off(f->world, node);
    assert_int_equal(world_power_on(f->world, node), STATUS_OK);
    assert_int_equal(store_check(world_store(node), say, NULL), STATUS_OK);
    assert_int_equal(world_unlock(f->world, node, "", "246810"), STATUS_OK);
}

/* ---- what a person asks for ---- */

#define PAIRS_MAX 8

enum whose { VILLAGE, TOWNSHIP };

struct request {
    enum whose whose;
    const char *method;
    /* Names and values, names ascending. "[a,b": a list; "!": true; "#7": a number;
     * "$case", "$record": what earlier requests gave. */
    const char *arguments[2 * PAIRS_MAX + 1];
    uint64_t ops; /* that it adds */
};

static const struct request requests[] = {
    {VILLAGE, "status", {NULL}, 0},
    {VILLAGE, "site", {NULL}, 0},
    {VILLAGE, "peer.list", {NULL}, 0},
    {VILLAGE, "peer.quota", {"ops", "#5000", "site", "青河镇"}, 0},
    {VILLAGE, "person.add", {"name", "王某", "pin", "135791", "role", "mediator"}, 1},
    {VILLAGE,
     "case.new",
     {"category", "邻里", "context", "去年修过一次沟。", "found_by", "走访", "narrative",
      "两家为水沟争执。", "place", "村东", "title", "水沟", "wish", "改沟"},
     1},
    {VILLAGE, "unlock", {"person", "王某", "pin", "135791"}, 0},
    {VILLAGE, "case.note", {"case", "$case", "text", "看过现场"}, 1},
    {VILLAGE, "unlock", {"pin", "246810"}, 0},
    {VILLAGE, "case.set", {"case", "$case", "field", "title", "value", "排水沟"}, 1},
    {VILLAGE,
     "case.triage",
     {"beyond", "!", "case", "$case", "decision", "escalate", "reason", "涉及两村"},
     1},
    {VILLAGE,
     "case.consent",
     {"case", "$case", "fields", "[title,context", "manner", "oral", "party", "张某",
      "witness", "赵某"},
     1},
    {VILLAGE, "case.list", {"limit", "#10"}, 0},
    {VILLAGE, "case.show", {"case", "$case"}, 0},
    {VILLAGE,
     "escalate.preview",
     {"case", "$case", "fields", "[title,context", "reason", "超出权限"},
     0},
    {VILLAGE,
     "escalate.request",
     {"case", "$case", "fields", "[title,context", "onward", "ask", "reason", "超出权限"},
     1},
    {VILLAGE, "escalate.release", {"case", "$case"}, 2},
    {VILLAGE,
     "case.close",
     {"agreement", "改沟", "case", "$case", "oral", "!", "outcome", "和解"},
     1},
    {VILLAGE, "escalation.permit", {"escalation", "$record"}, 1},
    {VILLAGE, "person.revoke", {"person", "王某"}, 2},
    {VILLAGE, "sync", {NULL}, 0},
    {TOWNSHIP, "inbox", {"limit", "#10"}, 0},
    {TOWNSHIP, "escalation.show", {"escalation", "$record"}, 0},
    {TOWNSHIP, "escalation.open", {"escalation", "$record"}, 1},
    {TOWNSHIP, "escalation.accept", {"escalation", "$record"}, 1},
    {TOWNSHIP, "escalation.advise", {"escalation", "$record", "text", "先修沟"}, 1},
    {TOWNSHIP, "escalation.return", {"escalation", "$record", "text", "请补充"}, 1},
    {TOWNSHIP, "escalation.decide", {"escalation", "$record", "text", "改沟"}, 1},
    {TOWNSHIP, "escalation.onward", {"escalation", "$record", "reason", "请县里看"}, 1},
    {TOWNSHIP, "evidence", {"escalation", "$record"}, 0},
    {TOWNSHIP, "quarantine.list", {NULL}, 0},
    {TOWNSHIP, "quarantine.show", {"number", "#1"}, 0},
    {TOWNSHIP, "quarantine.drop", {"number", "#1"}, 0},
    {TOWNSHIP, "peer.invite", {NULL}, 0},
};

struct story {
    struct sim_county *f;
    char number[32], record[65];
    const struct request *unlock; /* of the village, the last that went well */
};

static void put_value(const struct story *story, const char *value, struct buf *out)
{
    if (value[0] == '#') {
        pack_uint(out, strtoull(value + 1, NULL, 10));
    } else if (value[0] == '!') {
        pack_bool(out, true);
    } else if (value[0] == '[') {
        uint32_t count = 1;
        for (const char *at = value; *at != '\0'; at++)
            count += *at == ',';
        pack_array(out, count);
        for (const char *at = value + 1; count > 0; count--) {
            size_t len = strcspn(at, ",");
            pack_str_bytes(out, bytes_of(at, len));
            at += len + 1;
        }
    } else if (strcmp(value, "$case") == 0) {
        pack_str(out, story->number);
    } else if (strcmp(value, "$record") == 0) {
        pack_str(out, story->record);
    } else {
        pack_str(out, value);
    }
}

static enum status ask(struct story *story, const struct request *request)
{
    struct sim_county *f = story->f;
    struct world_node *node = request->whose == VILLAGE ? f->xikou : f->township;
    struct buf map = {0}, out = {0};
    struct bytes text;
    struct id id;
    uint32_t count = 0;
    while (request->arguments[2 * count] != NULL)
        count++;
    pack_map(&map, count);
    for (uint32_t i = 0; i < count; i++) {
        pack_str(&map, request->arguments[2 * i]);
        put_value(story, request->arguments[2 * i + 1], &map);
    }
    enum status status =
        world_call(f->world, node, request->method, buf_bytes(&map), &out);
    if (status == STATUS_OK && strcmp(request->method, "case.new") == 0) {
        assert_true(view_map_text(buf_bytes(&out), "number", &text));
        (void)snprintf(story->number, sizeof(story->number), "%.*s", (int)text.len,
                       (const char *)text.data);
    }
    if (status == STATUS_OK && strcmp(request->method, "escalate.release") == 0) {
        assert_true(view_map_id(buf_bytes(&out), "escalation", &id));
        hex_encode(story->record, id.bytes, ID_SIZE);
    }
    if (status == STATUS_OK && strcmp(request->method, "unlock") == 0)
        story->unlock = request;
    buf_deinit(&map);
    buf_deinit(&out);
    return status;
}

/* Asks until no call of the store is left that could fail. */
static void ask_with_each_failing(struct story *story, const struct request *request)
{
    struct sim_county *f = story->f;
    struct world_node *node = request->whose == VILLAGE ? f->xikou : f->township;
    for (uint64_t after = 0; after < CALLS_MAX; after++) {
        uint64_t before = ops_of(node);
        size_t sent = world_sent(node).len;
        fail_store_after(world_store(node), after);
        enum status status = ask(story, request);
        bool has_failed = fail_store_stop();
        if (!has_failed) {
            /* Others are offline, so that nothing is told but the answer. */
            if (status != STATUS_OK && status != STATUS_UNREACHABLE)
                fail_msg("%s: %s", request->method, status_name(status));
            if (ops_of(node) != before + request->ops)
                fail_msg("%s added %llu ops", request->method,
                         (unsigned long long)(ops_of(node) - before));
            return;
        }
        if (status == STATUS_OK || !world_has_stopped(node))
            fail_msg("%s: call %llu of the store failed and the answer is %s",
                     request->method, (unsigned long long)after, status_name(status));
        assert_int_equal(world_sent(node).len, sent);
        start_again(f, node);
        if (node == f->xikou && story->unlock != NULL)
            assert_int_equal(ask(story, story->unlock), STATUS_OK);
        assert_int_equal(ops_of(node), before);
    }
    fail_msg("%s: no end of calls", request->method);
}

static void set_something_apart(struct sim_county *f)
{
    struct store *store = world_store(f->township);
    struct store_quarantine row = {.digest = {{1}},
                                   .site = *world_site(f->fengyuan),
                                   .wall = 1790000000,
                                   .reason = bytes_str("it is not well formed"),
                                   .bytes = bytes_str("garbage")};
    assert_int_equal(store_begin(store), STATUS_OK);
    assert_int_equal(store_quarantine_add(store, &row), STATUS_OK);
    assert_int_equal(store_commit(store), STATUS_OK);
}

static void I14_no_request_is_answered_by_a_node_whose_store_failed(void **state)
{
    struct story story = {.f = *state};
    struct sim_county *f = story.f;
    world_let_stop(f->xikou);
    world_let_stop(f->township);
    set_something_apart(f);
    world_set_offline(f->world, f->xikou, true);
    for (size_t i = 0; i < sizeof(requests) / sizeof(requests[0]); i++) {
        if (requests[i].whose == TOWNSHIP && requests[i - 1].whose == VILLAGE) {
            world_set_offline(f->world, f->xikou, false);
            world_run(f->world, 70000);
            world_set_offline(f->world, f->township, true);
        }
        ask_with_each_failing(&story, &requests[i]);
    }
}

/* ---- what a peer brings and fetches ---- */

/* A record goes up while this node's store fails; however it stops, at the end both hold
 * the same. */
static void bring(struct sim_county *f, struct world_node *failing)
{
    uint64_t after = 0, failures = 0;
    world_let_stop(failing);
    for (bool has_failed = true; has_failed && after < CALLS_MAX; after += stride) {
        world_set_offline(f->world, f->xikou, true);
        world_run(f->world, 1000);
        struct id id = sim_escalate(f, f->xikou, "来的");
        world_set_offline(f->world, f->xikou, false);
        fail_store_after(world_store(failing), after);
        world_run(f->world, 70000);
        has_failed = fail_store_stop();
        failures += has_failed;
        assert_int_equal(world_has_stopped(failing), has_failed);
        if (has_failed)
            start_again(f, failing);
        world_run(f->world, 140000);
        sim_assert_state(f, f->township, &id, "received");
        sim_assert_state(f, f->xikou, &id, "received");
    }
    assert_true(failures > 10);
}

static void I14_who_receives_stops_and_has_it_after_all(void **state)
{
    struct sim_county *f = *state;
    bring(f, f->township);
}

static void I14_who_sends_stops_and_brings_it_after_all(void **state)
{
    struct sim_county *f = *state;
    bring(f, f->xikou);
}

/* The county is named by an op of the record and not by its founding: it stands outside
 * until all of it is here (entry.c). */
static void I14_who_is_named_later_stops_and_lets_it_in_after_all(void **state)
{
    struct sim_county *f = *state;
    uint64_t after = 0, failures = 0;
    world_let_stop(f->county);
    for (bool has_failed = true; has_failed && after < CALLS_MAX; after += stride) {
        char hex[65];
        struct id id = sim_escalate(f, f->xikou, "再上报的");
        world_run(f->world, 10000);
        hex_encode(hex, id.bytes, ID_SIZE);
        world_set_offline(f->world, f->county, true);
        SIM_SAY(f, f->township, NULL, "escalation.open", "escalation", hex);
        SIM_SAY(f, f->township, NULL, "escalation.onward", "escalation", hex, "reason",
                "请县里看");
        world_set_offline(f->world, f->county, false);
        fail_store_after(world_store(f->county), after);
        world_run(f->world, 70000);
        has_failed = fail_store_stop();
        failures += has_failed;
        assert_int_equal(world_has_stopped(f->county), has_failed);
        if (has_failed)
            start_again(f, f->county);
        world_run(f->world, 140000);
        sim_assert_state(f, f->county, &id, "received");
        sim_assert_state(f, f->township, &id, "received"); /* by the county */
    }
    assert_true(failures > 10);
}

/* ---- pairing ---- */

static enum status pair(struct sim_county *f, struct world_node *parent,
                        struct world_node *child)
{
    struct buf out = {0};
    struct bytes text;
    char code[128];
    enum status status = world_say(f->world, parent, &out, "peer.invite", NULL);
    if (status == STATUS_BUSY) { /* those of earlier tries end after ten minutes */
        world_run(f->world, INVITE_LIFETIME_MS + 1000);
        status = world_say(f->world, parent, &out, "peer.invite", NULL);
    }
    if (status == STATUS_OK) {
        assert_true(view_map_text(buf_bytes(&out), "code", &text));
        (void)snprintf(code, sizeof(code), "%.*s", (int)text.len,
                       (const char *)text.data);
        status = world_say(f->world, child, &out, "peer.join", "code", code, "at",
                           world_address(parent), NULL);
        world_run(f->world, 5000);
    }
    buf_deinit(&out);
    return status;
}

static void pair_with_each_failing(struct sim_county *f, bool at_parent)
{
    struct world_node *child = world_found(f->world, "village", "新村", "new:1");
    struct world_node *failing = at_parent ? f->township : child;
    uint64_t after = 0, failures = 0;
    world_let_stop(failing);
    for (bool has_failed = true; has_failed && after < CALLS_MAX; after += stride) {
        fail_store_after(world_store(failing), after);
        enum status status = pair(f, f->township, child);
        has_failed = fail_store_stop();
        failures += has_failed;
        assert_int_equal(world_has_stopped(failing), has_failed);
        if (has_failed)
            start_again(f, failing);
        else
            assert_int_equal(status, STATUS_OK);
    }
    assert_true(failures > 10);
    struct id id = sim_escalate(f, child, "第一件");
    world_run(f->world, 70000);
    sim_assert_state(f, f->township, &id, "received");
    sim_assert_state(f, child, &id, "received");
}

static void I14_who_invites_stops_and_they_pair_after_all(void **state)
{
    pair_with_each_failing(*state, true);
}

static void I14_who_joins_stops_and_they_pair_after_all(void **state)
{
    pair_with_each_failing(*state, false);
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
        start_again(f, f->township);
        buf_clear(&now);
        assert_int_equal(store_dump(world_store(f->township), &now), STATUS_OK);
        assert_true(bytes_equal(buf_bytes(&before), buf_bytes(&now)));
    }
    assert_true(after > 20);
    buf_deinit(&before);
    buf_deinit(&now);
}

int main(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], "--each") == 0)
        stride = 1;
#define ONE(test)                                                                        \
    cmocka_unit_test_setup_teardown(test, sim_county_set_up, sim_county_tear_down)
#define AT_PLACE(test)                                                                   \
    cmocka_unit_test_setup_teardown(test, set_up_place, tear_down_place)
    const struct CMUnitTest tests[] = {
        ONE(I14_no_request_is_answered_by_a_node_whose_store_failed),
        ONE(I14_who_receives_stops_and_has_it_after_all),
        ONE(I14_who_sends_stops_and_brings_it_after_all),
        ONE(I14_who_is_named_later_stops_and_lets_it_in_after_all),
        ONE(I14_who_invites_stops_and_they_pair_after_all),
        ONE(I14_who_joins_stops_and_they_pair_after_all),
        AT_PLACE(a_site_is_founded_once_and_rightly_or_not_at_all),
        AT_PLACE(I14_a_founding_whose_store_fails_founds_nothing),
        ONE(I14_a_rebuild_whose_store_fails_changes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
