/* What a peer claims to have, and what it does not have after all. Row O6 of the
 * bad-input table, on whole nodes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "node/cases/view.h"
#include "storage/store_confirmed.h"
#include "tests/sim/card.h"

static bool is_called(struct bytes message, const char *name)
{
    struct pack_reader reader = pack_reader_of(message);
    uint32_t elements;
    struct bytes called;
    return pack_read_array(&reader, &elements, NULL) == STATUS_OK &&
           pack_read_str(&reader, &called, NULL) == STATUS_OK &&
           bytes_equal_str(called, name);
}

static bool count_element(void *context, struct bytes element)
{
    (*(uint32_t *)context)++;
    return true;
}

/* To how many sites was it handed over, as the node says? */
static uint32_t handed_over(struct sim_county *f, struct world_node *node,
                            const struct id *record)
{
    struct buf out = {0};
    char hex[65];
    uint32_t count = 0;
    hex_encode(hex, record->bytes, ID_SIZE);
    SIM_SAY(f, node, &out, "escalation.show", "escalation", hex);
    view_map_each(buf_bytes(&out), "handed_over", count_element, &count);
    buf_deinit(&out);
    return count;
}

/* ---- alarms ---- */

struct alarm {
    const struct id *site;
    const char *kind;
    uint64_t times, ops;
};

static bool look_at_alarm(void *context, struct bytes element)
{
    struct alarm *alarm = context;
    struct bytes kind;
    assert_true(view_map_text(element, "kind", &kind));
    if (!bytes_equal_str(kind, alarm->kind))
        return true;
    assert_true(view_map_uint(element, "times", &alarm->times));
    assert_true(view_map_uint(element, "missing", &alarm->ops));
    return true;
}

static bool look_at_peer(void *context, struct bytes element)
{
    struct alarm *alarm = context;
    struct id site;
    if (view_map_id(element, "site", &site) && id_equal(&site, alarm->site))
        view_map_each(element, "alarms", look_at_alarm, alarm);
    return true;
}

/* What a node says about a peer; times is 0 where there is no such alarm. */
static struct alarm alarms(struct sim_county *f, struct world_node *node,
                           struct world_node *peer, const char *kind)
{
    struct buf out = {0};
    struct alarm alarm = {world_site(peer), kind, 0, 0};
    SIM_SAY(f, node, &out, "status", NULL, NULL);
    view_map_each(buf_bytes(&out), "peers", look_at_peer, &alarm);
    buf_deinit(&out);
    return alarm;
}

static enum status clear_alarms(struct sim_county *f, struct world_node *node,
                                struct world_node *peer)
{
    struct buf out = {0};
    char hex[65];
    hex_encode(hex, world_site(peer)->bytes, ID_SIZE);
    enum status status = world_say(f->world, node, &out, "peer.clear", "site", hex, NULL);
    buf_deinit(&out);
    return status;
}

/* ---- what is acknowledged ---- */

/* The last byte before the count of skipped ops is one of the last op's signature. */
static void spoil_last_signature(void *context, struct bytes message, struct buf *out)
{
    if (!is_called(message, "ops"))
        return;
    buf_add(out, message.data, message.len);
    out->data[out->len - 2] ^= 1;
}

static void a_record_that_the_parent_set_apart_is_not_handed_over(void **state)
{
    struct sim_county *f = *state;
    world_set_mutator(f->fengyuan, spoil_last_signature, NULL);

    struct id record = sim_escalate(f, f->fengyuan, "水渠");

    assert_int_equal(sim_status(f, f->township, "quarantined"), 1);
    assert_int_equal(handed_over(f, f->fengyuan, &record), 0);
    /* It is sent again, as it is now. */
    world_set_mutator(f->fengyuan, NULL, NULL);
    world_run(f->world, 600000);
    sim_assert_state(f, f->township, &record, "received");
    assert_int_equal(handed_over(f, f->fengyuan, &record), 1);
}

/* Replaces an acknowledgement: so many messages, these positions refused. */
struct claim {
    uint64_t count;
    uint32_t len;
    uint64_t positions[4];
    uint32_t made;
};

static void claim(void *context, struct bytes message, struct buf *out)
{
    struct claim *claim = context;
    if (!is_called(message, "ack"))
        return;
    pack_array(out, 3);
    pack_str(out, "ack");
    pack_uint(out, claim->count);
    pack_array(out, claim->len);
    for (uint32_t i = 0; i < claim->len; i++)
        pack_uint(out, claim->positions[i]);
    claim->made++;
}

static void
O6_an_impossible_acknowledgement_ends_the_session_and_costs_nothing(void **state)
{
    struct sim_county *f = *state;
    struct claim claims[] = {
        {.count = 2},
        {.count = UINT64_MAX},
        {.count = 1, .len = 1, .positions = {1000}},
        {.count = 1, .len = 1, .positions = {UINT64_MAX}},
        {.count = 1, .len = 2, .positions = {0, 0}},
    };
    for (size_t i = 0; i < sizeof(claims) / sizeof(claims[0]); i++) {
        world_forget_log(f->fengyuan);
        world_set_mutator(f->township, claim, &claims[i]);
        struct id record = sim_escalate(f, f->fengyuan, "水渠");
        assert_true(claims[i].made > 0);
        assert_true(sim_count(world_log(f->fengyuan), "end=TOO_LARGE") > 0);
        assert_int_equal(alarms(f, f->fengyuan, f->township, "impossible").times, i + 1);
        assert_int_equal(handed_over(f, f->fengyuan, &record), 0);

        world_set_mutator(f->township, NULL, NULL);
        world_run(f->world, 120000);
        sim_assert_state(f, f->fengyuan, &record, "received");
    }
}

/* ---- what was confirmed ---- */

struct wish {
    struct id id;
    bool is_made;
};

/* ["want", round, [id …], last]: an id of ours too. */
static void want_one_more(void *context, struct bytes message, struct buf *out)
{
    struct wish *wish = context;
    struct pack_reader reader = pack_reader_of(message);
    uint32_t elements, count;
    uint64_t round;
    struct bytes name, id;
    if (wish->is_made || !is_called(message, "want") ||
        pack_read_array(&reader, &elements, NULL) != STATUS_OK ||
        pack_read_str(&reader, &name, NULL) != STATUS_OK ||
        pack_read_uint(&reader, &round, NULL) != STATUS_OK ||
        pack_read_array(&reader, &count, NULL) != STATUS_OK)
        return;
    pack_array(out, 4);
    pack_str(out, "want");
    pack_uint(out, round);
    pack_array(out, count + 1);
    for (uint32_t i = 0; i < count; i++) {
        assert_int_equal(pack_value(&reader, 0, &id, NULL), STATUS_OK);
        buf_add(out, id.data, id.len);
    }
    pack_bin(out, wish->id.bytes, ID_SIZE);
    pack_bool(out, true);
    wish->is_made = true;
}

static void O6_who_asks_for_what_it_had_confirmed_raises_the_alarm_once(void **state)
{
    struct sim_county *f = *state;
    struct id record = sim_escalate(f, f->fengyuan, "水渠");
    struct wish wish = {.id = record};
    world_run(f->world, 60000);
    assert_int_equal(alarms(f, f->township, f->fengyuan, "rollback").times, 0);
    world_forget_log(f->township);

    world_set_mutator(f->fengyuan, want_one_more, &wish);
    sim_add_person(f, f->fengyuan, "王某", "observer", NULL);
    world_run(f->world, 60000);

    assert_true(wish.is_made);
    struct alarm alarm = alarms(f, f->township, f->fengyuan, "rollback");
    assert_int_equal(alarm.times, 1);
    assert_int_equal(alarm.ops, 1);
    assert_int_equal(sim_count(world_log(f->township), "kind=rollback"), 1);
    /* The sync went on, and others are not concerned. */
    sim_assert_state(f, f->fengyuan, &record, "received");
    assert_int_equal(alarms(f, f->township, f->xikou, "rollback").times, 0);
    assert_int_equal(alarms(f, f->fengyuan, f->township, "rollback").times, 0);
}

static void what_a_peer_never_had_raises_no_alarm_when_it_asks_for_it(void **state)
{
    struct sim_county *f = *state;
    struct buf out = {0};
    struct id private_case, other = sim_escalate(f, f->xikou, "别村的");
    SIM_SAY(f, f->township, &out, "case.new", "category", "家事", "title", "镇里的私事",
            "narrative", "不外传");
    assert_true(view_map_id(buf_bytes(&out), "scope", &private_case));
    const struct id ids[] = {private_case, other, {{7}}};

    for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
        struct wish wish = {.id = ids[i]};
        char name[24];
        (void)snprintf(name, sizeof(name), "王某%zu", i);
        world_set_mutator(f->fengyuan, want_one_more, &wish);
        sim_add_person(f, f->fengyuan, name, "observer", NULL);
        world_run(f->world, 60000);
        assert_true(wish.is_made);
    }

    assert_int_equal(alarms(f, f->township, f->fengyuan, "rollback").times, 0);
    buf_deinit(&out);
}

#define OTHER_CLIENT 100

/* A turn in which both agree, and somebody here writes as well, confirms nothing: what
 * was written is in the graph and in no digest. The next one does. */
static void what_is_not_folded_yet_is_confirmed_by_the_next_agreement(void **state)
{
    static const char *const request[] = {"category", "邻里",  "narrative",
                                          "争执",     "title", "水沟"};
    struct sim_county *f = *state;
    struct buf bytes = {0};
    uint8_t machine[32];
    uint64_t place = 0;
    struct id record = sim_escalate(f, f->fengyuan, "水渠");
    world_run(f->world, 60000);
    world_set_offline(f->world, f->fengyuan, true);
    world_run(f->world, 1000);
    struct id second = sim_escalate(f, f->fengyuan, "山林");
    pack_array(&bytes, 3);
    pack_uint(&bytes, 1);
    pack_str(&bytes, "unlock");
    pack_map(&bytes, 1);
    pack_str(&bytes, "pin");
    pack_str(&bytes, "246810");
    world_event(f->fengyuan, EVENT_CLIENT_OPENED, OTHER_CLIENT, (struct bytes){0});
    world_event(f->fengyuan, EVENT_CLIENT_REQUEST, OTHER_CLIENT, buf_bytes(&bytes));
    world_run(f->world, 0);
    buf_clear(&bytes);
    pack_array(&bytes, 3);
    pack_uint(&bytes, 2);
    pack_str(&bytes, "case.new");
    pack_map(&bytes, 3);
    for (int i = 0; i < 6; i++)
        pack_str(&bytes, request[i]);
    world_forget_log(f->fengyuan);

    world_set_offline(f->world, f->fengyuan, false);
    for (int i = 0; i < 4000 && sim_count(world_log(f->fengyuan), " agreed ") == 0; i++) {
        world_event(f->fengyuan, EVENT_CLIENT_REQUEST, OTHER_CLIENT, buf_bytes(&bytes));
        if (i % 10 == 0)
            world_tick(f->world, 100);
        (void)world_step(f->world);
    }
    assert_int_equal(sim_count(world_log(f->fengyuan), " agreed "), 1);
    world_noise_key(f->township, machine);
    assert_int_equal(
        store_confirmed_get(world_store(f->fengyuan), machine, &second, &place),
        STATUS_OK);
    assert_int_equal(place, 0);

    world_run(f->world, 20 * 60000);

    assert_int_equal(
        store_confirmed_get(world_store(f->fengyuan), machine, &second, &place),
        STATUS_OK);
    assert_true(place > 0);
    sim_assert_state(f, f->township, &record, "received");
    buf_deinit(&bytes);
}

static void a_power_cut_raises_no_alarm(void **state)
{
    struct sim_county *f = *state;
    struct world_node *nodes[] = {f->fengyuan, f->township, f->xikou, f->county};
    for (size_t i = 0; i < sizeof(nodes) / sizeof(nodes[0]); i++) {
        (void)sim_escalate(f, f->fengyuan, "水渠");
        (void)sim_escalate(f, f->xikou, "道路");
        world_restart(f->world, nodes[i]);
        world_run(f->world, 120000);
    }
    assert_int_equal(sim_count(world_log(f->township), "alarm"), 0);
    assert_int_equal(sim_count(world_log(f->fengyuan), "alarm"), 0);
    assert_int_equal(sim_count(world_log(f->county), "alarm"), 0);
}

static void an_alarm_stays_until_a_steward_clears_it(void **state)
{
    struct sim_county *f = *state;
    struct id record = sim_escalate(f, f->fengyuan, "水渠");
    struct wish wish = {.id = record};
    world_run(f->world, 60000);
    world_set_mutator(f->fengyuan, want_one_more, &wish);
    sim_add_person(f, f->fengyuan, "王某", "observer", NULL);
    world_run(f->world, 60000);
    sim_add_person(f, f->township, "李某", "mediator", NULL);

    world_restart(f->world, f->township);
    assert_int_equal(alarms(f, f->township, f->fengyuan, "rollback").times, 1);
    assert_int_equal(world_unlock(f->world, f->township, "李某", "135791"), STATUS_OK);
    assert_int_equal(clear_alarms(f, f->township, f->fengyuan), STATUS_DENIED);
    assert_int_equal(world_unlock(f->world, f->township, "", "246810"), STATUS_OK);
    assert_int_equal(clear_alarms(f, f->township, f->township), STATUS_NOT_FOUND);
    assert_int_equal(clear_alarms(f, f->township, f->fengyuan), STATUS_OK);

    assert_int_equal(alarms(f, f->township, f->fengyuan, "rollback").times, 0);
}

/* ---- D3 ---- */

#define WEEK_MS (7ull * 24 * 3600 * 1000)
/* Keeps the card as image `kept`, and starts from image `then` (NULL: from the same). */
static void swap_card(struct sim_county *f, const char *kept, const char *then)
{
    world_power_off(f->world, f->fengyuan);
    card_keep(f, CARD_FENGYUAN, kept);
    if (then != NULL)
        card_restore(f, CARD_FENGYUAN, then);
    assert_int_equal(world_power_on(f->world, f->fengyuan), STATUS_OK);
    assert_int_equal(world_unlock(f->world, f->fengyuan, "", "246810"), STATUS_OK);
    world_run(f->world, 60000);
}

static void
D3_a_week_old_image_is_noticed_by_the_parent_and_loses_nothing_shared(void **state)
{
    struct sim_county *f = *state;
    struct id before = sim_escalate(f, f->fengyuan, "以前的");
    swap_card(f, "monday", NULL);
    world_tick(f->world, WEEK_MS);
    world_run(f->world, 60000);
    struct id after = sim_escalate(f, f->fengyuan, "后来的");
    sim_add_person(f, f->fengyuan, "王某", "mediator", NULL);
    world_run(f->world, 60000);
    assert_int_equal(alarms(f, f->township, f->fengyuan, "rollback").times, 0);

    swap_card(f, "sunday", "monday");

    struct alarm alarm = alarms(f, f->township, f->fengyuan, "rollback");
    assert_int_equal(alarm.times, 1);
    assert_int_equal(alarm.ops, 3); /* the record, "received", the person */
    sim_assert_state(f, f->fengyuan, &before, "received");
    sim_assert_state(f, f->fengyuan, &after, "received");
    /* What is new merges, and the same loss is not said again. */
    struct id next = sim_escalate(f, f->fengyuan, "新的");
    world_run(f->world, 600000);
    sim_assert_state(f, f->township, &next, "received");
    assert_int_equal(alarms(f, f->township, f->fengyuan, "rollback").times, 1);
    assert_int_equal(sim_count(world_log(f->township), "kind=rollback"), 1);
}

static void D3_a_cloned_card_of_which_both_run_merges_and_is_noticed(void **state)
{
    struct sim_county *f = *state;
    swap_card(f, "clone", NULL);
    struct id by_first = sim_escalate(f, f->fengyuan, "原机写的");
    world_run(f->world, 60000);

    swap_card(f, "first", "clone");
    struct id by_clone = sim_escalate(f, f->fengyuan, "复制机写的");
    world_run(f->world, 60000);
    assert_int_equal(alarms(f, f->township, f->fengyuan, "rollback").times, 1);

    swap_card(f, "clone", "first");
    struct id at_last = sim_escalate(f, f->fengyuan, "又是原机");
    world_run(f->world, 60000);
    assert_int_equal(alarms(f, f->township, f->fengyuan, "rollback").times, 2);

    const struct id *all[] = {&by_first, &by_clone, &at_last};
    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
        sim_assert_state(f, f->township, all[i], "received");
        sim_assert_state(f, f->fengyuan, all[i], "received");
    }
}

int main(void)
{
#define ONE(test)                                                                        \
    cmocka_unit_test_setup_teardown(test, sim_county_set_up, sim_county_tear_down)
    const struct CMUnitTest tests[] = {
        ONE(a_record_that_the_parent_set_apart_is_not_handed_over),
        ONE(O6_an_impossible_acknowledgement_ends_the_session_and_costs_nothing),
        ONE(O6_who_asks_for_what_it_had_confirmed_raises_the_alarm_once),
        ONE(what_a_peer_never_had_raises_no_alarm_when_it_asks_for_it),
        ONE(what_is_not_folded_yet_is_confirmed_by_the_next_agreement),
        ONE(a_power_cut_raises_no_alarm),
        ONE(an_alarm_stays_until_a_steward_clears_it),
        ONE(D3_a_week_old_image_is_noticed_by_the_parent_and_loses_nothing_shared),
        ONE(D3_a_cloned_card_of_which_both_run_merges_and_is_noticed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
