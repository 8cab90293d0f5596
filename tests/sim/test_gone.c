/* A case knows of a record that is not here: its other machine sent it, and what came of
 * it has not come here, or a disk has lost it. Everything else is told as ever. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "node/cases/view.h"
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            a_record_that_is_not_here_is_none_to_list_to_change_or_to_confirm,
            sim_county_set_up_in_memory, sim_county_tear_down_in_memory),
        cmocka_unit_test_setup_teardown(
            what_a_record_says_is_not_known_and_may_be_said_anew,
            sim_county_set_up_in_memory, sim_county_tear_down_in_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
