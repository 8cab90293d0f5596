/* Many messages of ops under way: how many of them one commit takes, and what becomes of
 * those that were verified and not admitted. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "node/cases/view.h"
#include "node/core/transfer.h"
#include "proto/limits.h"
#include "proto/pack.h"
#include "tests/sim/sim_county.h"

#define RECORDS 80 /* of 8 KB: some seven messages */

static void escalate_much(struct sim_county *f, struct world_node *village)
{
    static char narrative[8001];
    memset(narrative, 'n', sizeof(narrative) - 1);
    for (int i = 0; i < RECORDS; i++) {
        struct buf out = {0};
        struct bytes text;
        char number[32] = "";
        SIM_SAY(f, village, &out, "case.new", "category", "邻里", "title", "水渠",
                "narrative", narrative, "context", "去年修过一次沟。");
        assert_true(view_map_text(buf_bytes(&out), "number", &text));
        assert_true(text.len < sizeof(number));
        memcpy(number, text.data, text.len);
        SIM_SAY(f, village, &out, "case.triage", "case", number, "decision", "escalate",
                "beyond", "true", "reason", "涉及两村");
        SIM_SAY(f, village, &out, "escalate.release", "case", number, "fields",
                "[title,narrative,context]", "reason", "超出村里权限", "no_parties",
                "渠是村里的");
        buf_deinit(&out);
    }
}

static void return_jobs(struct sim_county *f, struct world_node *node, int count)
{
    for (int i = 0; i < count; i++)
        world_return_job(node);
    world_run(f->world, 0);
}

/* The township's pool has all messages; how many records it had before. */
static uint64_t bring_much(struct sim_county *f)
{
    world_set_offline(f->world, f->xikou, true);
    escalate_much(f, f->xikou);
    uint64_t before = sim_status(f, f->township, "escalations");
    world_hold_jobs(f->township);
    world_set_offline(f->world, f->xikou, false);
    world_run(f->world, 3000);
    return before;
}

static void messages_under_way_are_admitted_four_at_a_time(void **state)
{
    struct sim_county *f = *state;
    uint64_t before = bring_much(f);

    return_jobs(f, f->township, TRANSFER_BATCH - 1);
    assert_int_equal(sim_status(f, f->township, "escalations"), before);
    return_jobs(f, f->township, 1);
    uint64_t admitted = sim_status(f, f->township, "escalations");
    assert_in_range(admitted, before + 1, before + RECORDS - 1);

    world_return_jobs(f->township, WRAP_OK);
    world_run(f->world, 3000);
    assert_int_equal(sim_status(f, f->township, "escalations"), before + RECORDS);
}

static void what_was_verified_when_the_session_ended_comes_again(void **state)
{
    struct sim_county *f = *state;
    uint64_t before = bring_much(f);
    return_jobs(f, f->township, TRANSFER_BATCH - 1);

    world_set_offline(f->world, f->xikou, true);
    world_run(f->world, 3000);
    assert_int_equal(sim_status(f, f->township, "escalations"), before);

    world_return_jobs(f->township, WRAP_OK);
    world_set_offline(f->world, f->xikou, false);
    world_run(f->world, 60000);
    assert_int_equal(sim_status(f, f->township, "escalations"), before + RECORDS);
}

/* ---- messages that hold as much as one may ---- */

#define BRANCHES 520

static enum status count_op(void *context, const struct store_op *row)
{
    ++*(uint32_t *)context;
    return STATUS_OK;
}

static uint32_t ops_in(struct world_node *node, const struct id *scope)
{
    uint32_t count = 0;
    assert_int_equal(store_ops_of_scope(world_store(node), scope, count_op, &count),
                     STATUS_OK);
    return count;
}

/* With the next thing that Fengyuan has to send. */
static void bring(struct sim_county *f, struct riders *riders, const char *name)
{
    riders->once = true;
    world_set_mutator(f->fengyuan, sim_ride, riders);
    sim_add_person(f, f->fengyuan, name, "observer", NULL);
    world_run(f->world, 10000);
    world_set_mutator(f->fengyuan, NULL, NULL);
    assert_int_equal(riders->sent, riders->len);
    buf_deinit(&riders->ops);
    *riders = (struct riders){0};
}

/* So many branches of Fengyuan's charter, and as many ops in a record, each of which
 * names another one of them. */
static struct id grow_branches(struct sim_county *f)
{
    struct riders riders = {0};
    struct id heads[BRANCHES];
    struct id record = sim_escalate(f, f->fengyuan, "水渠");
    const struct id *charter = world_site(f->fengyuan);
    for (uint32_t i = 0; i < BRANCHES; i++) {
        struct forgery forgery = {.seed = world_steward_seed(f->fengyuan),
                                  .kind = "person",
                                  .scope = charter,
                                  .of = f->fengyuan,
                                  .parents = charter,
                                  .parents_len = 1,
                                  .wall = 1790000000 + i};
        heads[i] = sim_forge(&forgery, &riders.ops);
    }
    riders.len = BRANCHES;
    bring(f, &riders, "李某");
    for (uint32_t i = 0; i < BRANCHES; i++) {
        struct forgery forgery = {.seed = world_steward_seed(f->fengyuan),
                                  .kind = "permit",
                                  .scope = &record,
                                  .of = f->fengyuan,
                                  .authority = &heads[i],
                                  .parents = &record,
                                  .parents_len = 1,
                                  .wall = 1790000000 + i};
        (void)sim_forge(&forgery, &riders.ops);
    }
    riders.len = BRANCHES;
    bring(f, &riders, "王某");
    assert_true(ops_in(f->township, &record) > BRANCHES);
    return record;
}

static void a_message_that_names_more_than_it_may_names_the_rest_in_full(void **state)
{
    struct sim_county *f = *state;
    char hex[2 * ID_SIZE + 1];
    world_set_offline(f->world, f->county, true);
    struct id record = grow_branches(f);
    hex_encode(hex, record.bytes, ID_SIZE);
    SIM_SAY(f, f->township, NULL, "escalation.open", "escalation", hex);
    SIM_SAY(f, f->township, NULL, "escalation.onward", "escalation", hex, "reason",
            "请县里看");

    world_set_offline(f->world, f->county, false);
    world_run(f->world, 120000);

    assert_int_equal(ops_in(f->county, &record), ops_in(f->township, &record));
    assert_int_equal(ops_in(f->county, world_site(f->fengyuan)),
                     ops_in(f->township, world_site(f->fengyuan)));
}

/* ["want", round, [id …], true] of ids that are nowhere. */
static void want_nothing(void *context, struct bytes message, struct buf *out)
{
    uint32_t *told = context;
    struct pack_reader reader = pack_reader_of(message);
    uint32_t elements;
    struct bytes name;
    uint64_t round;
    if (*told > 0 || pack_read_array(&reader, &elements, NULL) != STATUS_OK ||
        pack_read_str(&reader, &name, NULL) != STATUS_OK ||
        !bytes_equal_str(name, "want") ||
        pack_read_uint(&reader, &round, NULL) != STATUS_OK)
        return;
    ++*told;
    pack_array(out, 4);
    pack_str(out, "want");
    pack_uint(out, round);
    pack_array(out, OPS_PER_MESSAGE_MAX + 10);
    for (uint32_t i = 0; i < OPS_PER_MESSAGE_MAX + 10; i++) {
        struct id id = {{0xee}};
        id.bytes[1] = (uint8_t)(i >> 8);
        id.bytes[2] = (uint8_t)i;
        pack_bin(out, id.bytes, ID_SIZE);
    }
    pack_bool(out, true);
}

static void what_is_not_here_is_counted_in_as_many_messages_as_it_needs(void **state)
{
    struct sim_county *f = *state;
    uint32_t told = 0;
    struct id record = grow_branches(f);
    world_run(f->world, 120000);
    assert_true(ops_in(f->township, &record) +
                    ops_in(f->township, world_site(f->fengyuan)) >
                OPS_PER_MESSAGE_MAX + 10);
    world_set_mutator(f->fengyuan, want_nothing, &told);
    sim_add_person(f, f->fengyuan, "赵某", "observer", NULL);
    world_run(f->world, 120000);
    world_set_mutator(f->fengyuan, NULL, NULL);

    assert_int_equal(told, 1);
    world_run(f->world, 600000);
    assert_int_equal(ops_in(f->fengyuan, &record), ops_in(f->township, &record));
    assert_int_equal(ops_in(f->fengyuan, world_site(f->fengyuan)),
                     ops_in(f->township, world_site(f->fengyuan)));
}

#define BATCHES 6
#define ADVICES 72 /* of 4 KB: with all batches more than are under way at a time */

/* Words of the township in that record, which come to it from a copy of its own and have
 * not come to the village yet. */
static void advise_much(struct sim_county *f, const struct id *record)
{
    static char text[4001];
    memset(text, 'n', sizeof(text) - 1);
    for (int batch = 0; batch < BATCHES; batch++) {
        world_set_offline(f->world, f->fengyuan, true);
        world_return_jobs(f->fengyuan, WRAP_OK); /* of a session that is over */
        world_run(f->world, 1000);
        struct riders riders = {.len = ADVICES};
        for (uint32_t i = 0; i < ADVICES; i++) {
            struct draft draft;
            draft_init(&draft, "advise", record);
            draft_text(&draft, "text", bytes_str(text));
            struct forgery forgery = {.seed = world_steward_seed(f->township),
                                      .draft = &draft,
                                      .scope = record,
                                      .of = f->township,
                                      .parents = record,
                                      .parents_len = 1,
                                      .wall = 1790000000 + (uint64_t)batch * ADVICES + i};
            (void)sim_forge(&forgery, &riders.ops);
            draft_deinit(&draft);
        }
        riders.once = true;
        (void)sim_escalate(f, f->fengyuan, "另一件");
        world_hold_jobs(f->fengyuan);
        world_set_mutator(f->fengyuan, sim_ride, &riders);
        world_set_offline(f->world, f->fengyuan, false);
        world_run(f->world, 10000);
        assert_int_equal(riders.sent, riders.len);
        buf_deinit(&riders.ops);
    }
    world_set_mutator(f->fengyuan, NULL, NULL);
    world_set_offline(f->world, f->fengyuan, true);
    world_return_jobs(f->fengyuan, WRAP_OK);
    world_run(f->world, 1000);
    assert_true(ops_in(f->township, record) > BATCHES * ADVICES);
    assert_true(ops_in(f->fengyuan, record) < ADVICES);
}

/* It waited, and what it waited for has shown meanwhile that it is none. */
static void what_is_gone_when_its_turn_comes_is_passed_over(void **state)
{
    static const struct id nowhere = {{0xee}};
    struct sim_county *f = *state;
    struct store *store = world_store(f->township);
    struct buf bytes = {0};
    struct store_place place;
    struct id record = sim_escalate(f, f->fengyuan, "水渠");
    world_run(f->world, 60000);
    advise_much(f, &record);
    struct forgery forgery = {.seed = world_steward_seed(f->township),
                              .kind = "accept",
                              .scope = &record,
                              .of = f->township,
                              .parents = &nowhere,
                              .parents_len = 1,
                              .time = 9};
    struct id waiting = sim_forge(&forgery, &bytes);
    assert_int_equal(world_admit(f->world, f->township, buf_bytes(&bytes)), STATUS_OK);
    size_t sent = world_sent(f->township).len;
    world_hold_jobs(f->fengyuan);
    world_set_offline(f->world, f->fengyuan, false);
    world_run(f->world, 3000);
    assert_in_range(world_sent(f->township).len - sent, 100000,
                    BATCHES * ADVICES * 4000 - 1);
    assert_int_equal(store_begin(store), STATUS_OK);
    assert_int_equal(store_op_remove_waiting(store, &waiting), STATUS_OK);
    assert_int_equal(store_commit(store), STATUS_OK);
    world_return_jobs(f->fengyuan, WRAP_OK);
    world_run(f->world, 120000);

    assert_int_equal(ops_in(f->fengyuan, &record), ops_in(f->township, &record));
    assert_int_equal(store_op_find(world_store(f->fengyuan), &waiting, &place),
                     STATUS_NOT_FOUND);
    buf_deinit(&bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(messages_under_way_are_admitted_four_at_a_time,
                                        sim_county_set_up_in_memory,
                                        sim_county_tear_down_in_memory),
        cmocka_unit_test_setup_teardown(
            what_was_verified_when_the_session_ended_comes_again,
            sim_county_set_up_in_memory, sim_county_tear_down_in_memory),
        cmocka_unit_test_setup_teardown(
            a_message_that_names_more_than_it_may_names_the_rest_in_full,
            sim_county_set_up_in_memory, sim_county_tear_down_in_memory),
        cmocka_unit_test_setup_teardown(
            what_is_not_here_is_counted_in_as_many_messages_as_it_needs,
            sim_county_set_up_in_memory, sim_county_tear_down_in_memory),
        cmocka_unit_test_setup_teardown(what_is_gone_when_its_turn_comes_is_passed_over,
                                        sim_county_set_up_in_memory,
                                        sim_county_tear_down_in_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
