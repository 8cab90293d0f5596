/* What a machine says of a record that came: once, whatever becomes of its effect and of
 * the machine's key. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/sim/sim_folder.h"

#define MINUTES (UINT64_C(60) * 1000)

static enum status count_received(void *context, const struct store_op *row)
{
    uint32_t *received = context;
    struct op op;
    assert_int_equal(op_decode_bytes(&op, row->bytes, NULL), STATUS_OK);
    *received += op_is_kind(&op, "received");
    return STATUS_OK;
}

static uint32_t received_of(struct world_node *node, const struct id *record)
{
    uint32_t received = 0;
    assert_int_equal(
        store_ops_of_scope(world_store(node), record, count_received, &received),
        STATUS_OK);
    return received;
}

/* What takes its effect from the handing on crosses it: the county has it, and is no
 * holder. */
static struct id hand_on_what_is_recalled(struct sim_county *f, char hex[static 65])
{
    struct id record = sim_escalate(f, f->fengyuan, "水渠");
    hex_encode(hex, record.bytes, ID_SIZE);
    world_set_offline(f->world, f->fengyuan, true);
    SIM_SAY(f, f->fengyuan, NULL, "escalation.recall", "escalation", hex, "reason",
            "当事人撤回同意");
    SIM_SAY(f, f->township, NULL, "escalation.open", "escalation", hex);
    SIM_SAY(f, f->township, NULL, "escalation.onward", "escalation", hex, "reason",
            "请县里看");
    world_run(f->world, MINUTES);
    world_set_offline(f->world, f->fengyuan, false);
    world_run(f->world, 10 * MINUTES);
    sim_assert_state(f, f->county, &record, "recalled");
    return record;
}

static void I11_received_is_said_once_though_a_recall_crosses_it(void **state)
{
    struct sim_county *f = *state;
    char hex[65];
    struct id record = hand_on_what_is_recalled(f, hex);

    SIM_SAY(f, f->township, NULL, "escalation.open", "escalation", hex);
    world_run(f->world, MINUTES);

    assert_int_equal(received_of(f->county, &record), 2); /* the township, the county */
}

static void I11_nor_again_by_another_key_of_the_same_machine(void **state)
{
    struct sim_county *f = *state;
    char hex[65];
    struct id record = hand_on_what_is_recalled(f, hex);

    SIM_SAY(f, f->county, NULL, "node.renew");
    world_run(f->world, 10 * MINUTES);
    SIM_SAY(f, f->county, NULL, "node.renew");
    SIM_SAY(f, f->township, NULL, "escalation.open", "escalation", hex);
    world_run(f->world, 10 * MINUTES);

    assert_int_equal(received_of(f->county, &record), 2);
}

/* A restored machine got other keys before all had come back: what it had said since the
 * backup is revoked with the key, and covered by nobody. */
static void what_was_said_by_a_key_that_does_not_stand_by_it_is_said_again(void **state)
{
    struct sim_county *f = *state;
    struct folder folder = {0};
    folder_back_up(f, f->township, &folder);
    struct id record = sim_escalate(f, f->fengyuan, "田界");
    world_run(f->world, MINUTES);
    assert_int_equal(received_of(f->fengyuan, &record), 1);
    world_set_offline(f->world, f->township, true);
    folder_put_back(f, f->township, &folder);
    SIM_SAY(f, f->township, NULL, "node.renew");

    world_set_offline(f->world, f->township, false);
    world_run(f->world, 30 * MINUTES);

    sim_assert_state(f, f->township, &record, "received");
    sim_assert_state(f, f->fengyuan, &record, "received");
    assert_int_equal(received_of(f->fengyuan, &record), 2);
    folder_deinit(&folder);
}

#define TEST(name)                                                                       \
    cmocka_unit_test_setup_teardown(name, sim_county_set_up, sim_county_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(I11_received_is_said_once_though_a_recall_crosses_it),
        TEST(I11_nor_again_by_another_key_of_the_same_machine),
        TEST(what_was_said_by_a_key_that_does_not_stand_by_it_is_said_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
