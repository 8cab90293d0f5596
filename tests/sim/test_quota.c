/* More than a site may bring, and more than may wait. Rows O7 and O2 of the bad-input
 * table, on whole nodes. */
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

#define RECORDS 12

/* peer.quota at a node; UINT64_MAX: not said. */
static enum status set_quota(struct sim_county *f, struct world_node *node,
                             struct world_node *peer, uint64_t ops, uint64_t bytes)
{
    struct buf map = {0}, out = {0};
    char hex[65];
    hex_encode(hex, world_site(peer)->bytes, ID_SIZE);
    pack_map(&map, 1 + (ops != UINT64_MAX) + (bytes != UINT64_MAX));
    if (bytes != UINT64_MAX) {
        pack_str(&map, "bytes");
        pack_uint(&map, bytes);
    }
    if (ops != UINT64_MAX) {
        pack_str(&map, "ops");
        pack_uint(&map, ops);
    }
    pack_str(&map, "site");
    pack_str(&map, hex);
    enum status status = world_call(f->world, node, "peer.quota", buf_bytes(&map), &out);
    buf_deinit(&map);
    buf_deinit(&out);
    return status;
}

struct wanted {
    const struct id *site;
    const char *name;
    uint64_t number;
};

static bool look_at_peer(void *context, struct bytes element)
{
    struct wanted *wanted = context;
    struct id site;
    if (view_map_id(element, "site", &site) && id_equal(&site, wanted->site))
        assert_true(view_map_uint(element, wanted->name, &wanted->number));
    return true;
}

/* What a node says about a peer. */
static uint64_t about(struct sim_county *f, struct world_node *node,
                      struct world_node *peer, const char *name)
{
    struct buf out = {0};
    struct wanted wanted = {world_site(peer), name, UINT64_MAX};
    SIM_SAY(f, node, &out, "peer.list", NULL, NULL);
    view_map_each(buf_bytes(&out), "peers", look_at_peer, &wanted);
    buf_deinit(&out);
    return wanted.number;
}

static uint32_t count_arrived(struct sim_county *f, const struct id *records)
{
    uint32_t arrived = 0;
    for (int i = 0; i < RECORDS; i++) {
        struct store_place place;
        arrived +=
            store_op_find(world_store(f->township), &records[i], &place) == STATUS_OK &&
            !place.waits;
    }
    return arrived;
}

static void escalate_all(struct sim_county *f, struct id *records)
{
    for (int i = 0; i < RECORDS; i++)
        records[i] = sim_escalate(f, f->fengyuan, "水渠");
    world_run(f->world, 60000);
}

static void
O7_what_is_beyond_the_quota_is_refused_and_comes_when_it_is_raised(void **state)
{
    struct sim_county *f = *state;
    struct id records[RECORDS];
    uint64_t before = about(f, f->township, f->fengyuan, "brought");
    assert_int_equal(set_quota(f, f->township, f->fengyuan, before + 8, UINT64_MAX),
                     STATUS_OK);

    escalate_all(f, records);

    /* A record is two ops: the founding one and "received", which is the township's. */
    assert_in_range(count_arrived(f, records), 1, 8);
    assert_true(about(f, f->township, f->fengyuan, "brought") <= before + 8);
    assert_true(about(f, f->township, f->fengyuan, "refused") > 0);
    assert_true(sim_count(world_log(f->township), "over_quota=1") > 0);
    /* The village knows which ones are not there, and keeps them. */
    assert_int_equal(about(f, f->fengyuan, f->township, "to_send"),
                     RECORDS - count_arrived(f, records));
    assert_int_equal(sim_status(f, f->township, "quarantined"), 0);

    assert_int_equal(set_quota(f, f->township, f->fengyuan, 1000000, UINT64_MAX),
                     STATUS_OK);
    world_run(f->world, 60000);

    assert_int_equal(count_arrived(f, records), RECORDS);
    assert_int_equal(about(f, f->fengyuan, f->township, "to_send"), 0);
    assert_int_equal(about(f, f->township, f->fengyuan, "refused"), 0);
}

static void O7_bytes_count_as_ops_do(void **state)
{
    struct sim_county *f = *state;
    struct id records[RECORDS];
    uint64_t before = about(f, f->township, f->fengyuan, "bytes");
    assert_int_equal(set_quota(f, f->township, f->fengyuan, UINT64_MAX, before + 4000),
                     STATUS_OK);

    escalate_all(f, records);

    assert_in_range(count_arrived(f, records), 1, RECORDS - 1);
    assert_true(about(f, f->township, f->fengyuan, "bytes") <= before + 4000);
}

static enum status keep_digest(void *context, const struct store_scope *scope)
{
    *(struct id *)context = scope->digest;
    return STATUS_OK;
}

/* Does the township know all of Fengyuan's charter? */
static bool charter_is_equal(struct sim_county *f)
{
    struct id digests[2];
    struct world_node *nodes[] = {f->township, f->fengyuan};
    for (int i = 0; i < 2; i++)
        assert_int_equal(store_scope_get(world_store(nodes[i]), world_site(f->fengyuan),
                                         keep_digest, &digests[i]),
                         STATUS_OK);
    return id_equal(&digests[0], &digests[1]);
}

static void O7_charters_and_answers_pass_a_quota_that_is_used_up(void **state)
{
    struct sim_county *f = *state;
    struct buf out = {0};
    char hex[65];
    struct id record = sim_escalate(f, f->fengyuan, "先来的");
    hex_encode(hex, record.bytes, ID_SIZE);
    sim_add_person(f, f->fengyuan, "李某", "mediator", NULL);
    world_run(f->world, 10000);
    assert_int_equal(set_quota(f, f->township, f->fengyuan, 0, 0), STATUS_OK);
    assert_int_equal(set_quota(f, f->fengyuan, f->township, 0, 0), STATUS_OK);

    /* Down: an answer in a record that is the village's own. Up: a revocation. */
    SIM_SAY(f, f->township, &out, "escalation.open", "escalation", hex);
    SIM_SAY(f, f->township, &out, "escalation.advise", "escalation", hex, "text",
            "先量一量");
    SIM_SAY(f, f->fengyuan, &out, "person.revoke", "person", "李某");
    struct id refused = sim_escalate(f, f->fengyuan, "后来的");
    world_run(f->world, 60000);

    sim_assert_state(f, f->fengyuan, &record, "advised");
    sim_assert_state(f, f->township, &refused, "unknown");
    assert_true(about(f, f->township, f->fengyuan, "refused") > 0);
    assert_true(charter_is_equal(f));
    buf_deinit(&out);
}

/* Fengyuan brings them with somebody who is added. */
static void bring(struct sim_county *f, struct riders *riders, const char *name)
{
    riders->once = true;
    world_set_mutator(f->fengyuan, sim_ride, riders);
    sim_add_person(f, f->fengyuan, name, "observer", NULL);
    world_run(f->world, 60000);
    world_set_mutator(f->fengyuan, NULL, NULL);
    assert_int_equal(riders->sent, riders->len);
    buf_deinit(&riders->ops);
    *riders = (struct riders){0};
}

static enum status copy_op(void *context, const struct store_op *row)
{
    buf_add(context, row->bytes.data, row->bytes.len);
    return STATUS_OK;
}

static void
O7_over_a_quota_what_is_known_is_no_news_and_what_is_nobodys_none(void **state)
{
    static const struct id nowhere = {{0xee}};
    struct sim_county *f = *state;
    struct riders riders = {0};
    assert_int_equal(set_quota(f, f->township, f->fengyuan, 0, 0), STATUS_OK);
    assert_int_equal(store_op_get(world_store(f->fengyuan), world_site(f->fengyuan),
                                  copy_op, &riders.ops),
                     STATUS_OK);
    struct forgery stray = {.seed = world_steward_seed(f->fengyuan),
                            .kind = "permit",
                            .scope = &nowhere,
                            .of = f->fengyuan,
                            .parents = &nowhere,
                            .parents_len = 1,
                            .time = 2};
    (void)sim_forge(&stray, &riders.ops);
    riders.len = 2;
    uint64_t refused = about(f, f->township, f->fengyuan, "refused");

    bring(f, &riders, "李某");

    assert_int_equal(about(f, f->township, f->fengyuan, "refused"), refused + 1);
    assert_true(charter_is_equal(f));
}

static void O7_a_reserve_that_is_used_up_stops_charters_too(void **state)
{
    struct sim_county *f = *state;
    struct store *store = world_store(f->township);
    assert_int_equal(set_quota(f, f->township, f->fengyuan, 0, 0), STATUS_OK);
    assert_int_equal(store_begin(store), STATUS_OK);
    assert_int_equal(
        store_source_add(store, world_site(f->fengyuan), QUOTA_RESERVE_OPS, 0, 0),
        STATUS_OK);
    assert_int_equal(store_commit(store), STATUS_OK);

    sim_add_person(f, f->fengyuan, "李某", "observer", NULL);
    world_run(f->world, 60000);
    assert_false(charter_is_equal(f));

    assert_int_equal(
        set_quota(f, f->township, f->fengyuan, QUOTA_OPS_MAX, QUOTA_BYTES_MAX),
        STATUS_OK);
    world_run(f->world, 600000);
    assert_true(charter_is_equal(f));
}

/* The charter of a site that nobody here knows yet. */
static void O7_the_charter_of_somebody_new_passes_a_quota_that_is_used_up(void **state)
{
    struct sim_county *f = *state;
    struct riders riders = {.len = 1};
    struct store_place place;
    struct world_node *stranger = world_found(f->world, "village", "新村", "new:1");
    assert_int_equal(set_quota(f, f->township, f->fengyuan, 0, 0), STATUS_OK);
    assert_int_equal(
        store_op_get(world_store(stranger), world_site(stranger), copy_op, &riders.ops),
        STATUS_OK);

    bring(f, &riders, "李某");

    assert_int_equal(
        store_op_find(world_store(f->township), world_site(stranger), &place), STATUS_OK);
    assert_false(place.waits);
}

/* A recall of a record that another one brought, or that is not here. */
static void O7_a_recall_passes_a_quota_that_is_used_up_whatever_it_is_of(void **state)
{
    static const struct id nowhere = {{0xee}};
    struct sim_county *f = *state;
    struct riders riders = {0};
    struct forgery stray = {.seed = world_steward_seed(f->fengyuan),
                            .kind = "recall",
                            .scope = &nowhere,
                            .of = f->fengyuan,
                            .parents = &nowhere,
                            .parents_len = 1,
                            .time = 2};
    assert_int_equal(set_quota(f, f->township, f->fengyuan, 0, 0), STATUS_OK);
    uint64_t refused = about(f, f->township, f->fengyuan, "refused");
    (void)sim_forge(&stray, &riders.ops);
    stray.kind = "permit";
    (void)sim_forge(&stray, &riders.ops);
    riders.len = 2;

    bring(f, &riders, "李某");

    assert_int_equal(about(f, f->township, f->fengyuan, "refused"), refused + 1);
}

static void O7_others_are_not_concerned(void **state)
{
    struct sim_county *f = *state;
    assert_int_equal(set_quota(f, f->township, f->fengyuan, 0, 0), STATUS_OK);

    struct id own = sim_escalate(f, f->fengyuan, "不收的"),
              other = sim_escalate(f, f->xikou, "别村的");
    world_run(f->world, 60000);

    sim_assert_state(f, f->township, &own, "unknown");
    sim_assert_state(f, f->township, &other, "received");
}

static void O7_a_quota_survives_a_power_cut(void **state)
{
    struct sim_county *f = *state;
    uint64_t ops = about(f, f->township, f->fengyuan, "brought");
    assert_int_equal(set_quota(f, f->township, f->fengyuan, 7, 70000), STATUS_OK);

    world_restart(f->world, f->township);

    assert_int_equal(about(f, f->township, f->fengyuan, "ops_max"), 7);
    assert_int_equal(about(f, f->township, f->fengyuan, "bytes_max"), 70000);
    assert_int_equal(about(f, f->township, f->fengyuan, "brought"), ops);
}

static void only_a_steward_sets_a_quota_and_of_a_peer_that_there_is(void **state)
{
    struct sim_county *f = *state;
    assert_int_equal(set_quota(f, f->township, f->township, 1, 1), STATUS_NOT_FOUND);
    assert_int_equal(set_quota(f, f->township, f->xikou, 1ull << 60, 1),
                     STATUS_TOO_LARGE);
    sim_add_person(f, f->township, "李某", "mediator", NULL);
    assert_int_equal(world_unlock(f->world, f->township, "李某", "135791"), STATUS_OK);

    assert_int_equal(set_quota(f, f->township, f->xikou, 1, 1), STATUS_DENIED);
}

int main(void)
{
#define ONE(test)                                                                        \
    cmocka_unit_test_setup_teardown(test, sim_county_set_up, sim_county_tear_down)
    const struct CMUnitTest tests[] = {
        ONE(O7_what_is_beyond_the_quota_is_refused_and_comes_when_it_is_raised),
        ONE(O7_bytes_count_as_ops_do),
        ONE(O7_charters_and_answers_pass_a_quota_that_is_used_up),
        ONE(O7_over_a_quota_what_is_known_is_no_news_and_what_is_nobodys_none),
        ONE(O7_a_reserve_that_is_used_up_stops_charters_too),
        ONE(O7_the_charter_of_somebody_new_passes_a_quota_that_is_used_up),
        ONE(O7_a_recall_passes_a_quota_that_is_used_up_whatever_it_is_of),
        ONE(O7_others_are_not_concerned),
        ONE(O7_a_quota_survives_a_power_cut),
        ONE(only_a_steward_sets_a_quota_and_of_a_peer_that_there_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
