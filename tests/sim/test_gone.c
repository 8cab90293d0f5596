/* A case knows of a record that is not here: its other machine sent it, and what came of
 * it has not come here, or a disk has lost it. Everything else is told as ever. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "node/cases/view.h"
#include "storage/store_confirmed.h"
#include "tests/sim/sim_county.h"

#define CASE "case", "2026-0001"
#define SAY(...) SIM_SAY(f, f->fengyuan, &out, __VA_ARGS__)

/* The other machine's word in the case of that record. */
static void say_sent(struct sim_county *f, const struct id *scope)
{
    static const struct id record = {{7}}, salt = {{8}};
    struct draft draft;
    struct buf bytes = {0};
    draft_init(&draft, "sent", scope);
    draft_bin(&draft, "escalation", record.bytes, ID_SIZE);
    draft_bin(&draft, "salt", salt.bytes, ID_SIZE);
    struct forgery forgery = {.seed = world_steward_seed(f->fengyuan),
                              .draft = &draft,
                              .scope = scope,
                              .of = f->fengyuan,
                              .wall = 1790000000};
    struct id op = sim_forge(&forgery, &bytes);
    assert_int_equal(world_admit(f->world, f->fengyuan, buf_bytes(&bytes)), STATUS_OK);
    assert_null(sim_refused(f->fengyuan, scope, &op));
    buf_deinit(&bytes);
    draft_deinit(&draft);
}

static void
a_record_that_is_not_here_is_none_to_list_to_change_or_to_confirm(void **state)
{
    struct sim_county *f = *state;
    struct buf out = {0};
    struct id scope;
    uint64_t escalations = 0;
    SAY("case.new", "category", "邻里", "title", "水渠", "narrative", "两家争执。",
        "context", "修过。");
    assert_true(view_map_id(buf_bytes(&out), "scope", &scope));
    SAY("case.triage", CASE, "decision", "escalate", "beyond", "true", "reason", "两村");
    say_sent(f, &scope);

    SAY("case.list");
    assert_true(sim_count(buf_bytes(&out), "水渠") == 1);
    SAY("case.show", CASE);
    assert_int_equal(view_map_count(buf_bytes(&out), "records"), 0);
    SAY("outbox");
    assert_int_equal(view_map_count(buf_bytes(&out), "rows"), 0);
    SAY("outbox", CASE);
    assert_int_equal(view_map_count(buf_bytes(&out), "rows"), 0);
    assert_int_equal(
        world_say(f->world, f->fengyuan, NULL, "escalate.confirm", CASE, NULL),
        STATUS_INVALID); /* none of them waits for that */
    assert_int_equal(world_say(f->world, f->fengyuan, NULL, "escalation.recall", CASE,
                               "reason", "撤回", NULL),
                     STATUS_INVALID); /* none of them is with others */
    SAY("status", NULL, NULL);
    assert_true(view_map_uint(buf_bytes(&out), "escalations", &escalations));
    assert_int_equal(escalations, 0);

    /* Nobody can say that nobody serves it. */
    SAY("case.settle", CASE, "outcome", "advised", "text", "照镇里说的办");

    /* And another one goes up beside it. */
    SAY("escalate.release", CASE, "fields", "[title,context]", "reason", "超出权限",
        "no_parties", "渠是村里的", "onward", "yes");
    SAY("case.show", CASE);
    assert_int_equal(view_map_count(buf_bytes(&out), "records"), 1);
    buf_deinit(&out);
}

/* The record was changed on the other machine, and this copy came without the value. */
static void what_a_record_says_is_not_known_and_may_be_said_anew(void **state)
{
    struct sim_county *f = *state;
    struct buf out = {0}, bytes = {0}, kept = {0};
    struct draft draft;
    struct op op;
    struct id record = sim_escalate(f, f->fengyuan, "水渠");
    draft_init(&draft, "update", &record);
    draft_text(&draft, "case.context", bytes_str("又堵了"));
    struct forgery forgery = {.seed = world_steward_seed(f->fengyuan),
                              .draft = &draft,
                              .scope = &record,
                              .of = f->fengyuan};
    (void)sim_forge(&forgery, &bytes);
    assert_int_equal(op_decode_bytes(&op, buf_bytes(&bytes), NULL), STATUS_OK);
    assert_int_equal(op_rebuild(&op), STATUS_OK);
    op_encode(&op, 0, &kept);
    assert_int_equal(world_admit(f->world, f->fengyuan, buf_bytes(&kept)), STATUS_OK);

    SAY("outbox", CASE);

    assert_int_equal(view_map_count(buf_bytes(&out), "rows"), 1);
    draft_deinit(&draft);
    buf_deinit(&out);
    buf_deinit(&bytes);
    buf_deinit(&kept);
}

/* --- who is gone --- */

static void raise_alarm(struct world_node *node, const struct id *site, uint8_t machine)
{
    struct store_alarm alarm = {
        .site = *site, .kind = ALARM_COPY, .wall = 1790000000, .node = {machine}};
    struct store *store = world_store(node);
    assert_int_equal(store_begin(store), STATUS_OK);
    assert_int_equal(store_alarm_raise(store, &alarm), STATUS_OK);
    assert_int_equal(store_commit(store), STATUS_OK);
}

struct alarms {
    uint32_t len, named;
};

static bool look_at_alarm(void *context, struct bytes alarm)
{
    struct alarms *alarms = context;
    alarms->len++;
    alarms->named += !view_map_has_text(alarm, "machine", "");
    return true;
}

static bool look_at_peer(void *context, struct bytes peer)
{
    view_map_each(peer, "alarms", look_at_alarm, context);
    return true;
}

/* Of a machine that its charter does not name, and of a site whose charter is lost. */
static void an_alarm_about_who_is_not_known_is_told_without_a_name(void **state)
{
    struct sim_county *f = *state;
    struct buf out = {0};
    struct alarms alarms = {0};
    struct id nobody = {{0x77}};
    struct store_peer peer = {.site = nobody, .address = bytes_str("gone:1")};
    assert_int_equal(store_begin(world_store(f->fengyuan)), STATUS_OK);
    assert_int_equal(store_peer_put(world_store(f->fengyuan), &peer), STATUS_OK);
    assert_int_equal(store_commit(world_store(f->fengyuan)), STATUS_OK);
    raise_alarm(f->fengyuan, world_site(f->township), 0x55);
    raise_alarm(f->fengyuan, &nobody, 0x66);

    SAY("peer.list", NULL, NULL);

    view_map_each(buf_bytes(&out), "peers", look_at_peer, &alarms);
    assert_int_equal(alarms.len, 2);
    assert_int_equal(alarms.named, 0);
    buf_deinit(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            a_record_that_is_not_here_is_none_to_list_to_change_or_to_confirm,
            sim_county_set_up_in_memory, sim_county_tear_down_in_memory),
        cmocka_unit_test_setup_teardown(
            what_a_record_says_is_not_known_and_may_be_said_anew,
            sim_county_set_up_in_memory, sim_county_tear_down_in_memory),
        cmocka_unit_test_setup_teardown(
            an_alarm_about_who_is_not_known_is_told_without_a_name,
            sim_county_set_up_in_memory, sim_county_tear_down_in_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
