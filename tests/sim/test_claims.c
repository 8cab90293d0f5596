/* What a peer claims to have, and what it does not have after all. Row O6 of the
 * bad-input table, on whole nodes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "node/cases/view.h"
#include "tests/sim/sim_county.h"

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
        assert_true(sim_count(world_log(f->fengyuan), "end=INVALID") > 0);
        assert_int_equal(handed_over(f, f->fengyuan, &record), 0);

        world_set_mutator(f->township, NULL, NULL);
        world_run(f->world, 120000);
        sim_assert_state(f, f->fengyuan, &record, "received");
    }
}

int main(void)
{
#define ONE(test)                                                                        \
    cmocka_unit_test_setup_teardown(test, sim_county_set_up, sim_county_tear_down)
    const struct CMUnitTest tests[] = {
        ONE(a_record_that_the_parent_set_apart_is_not_handed_over),
        ONE(O6_an_impossible_acknowledgement_ends_the_session_and_costs_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
