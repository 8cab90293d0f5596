#include "tests/sim/sim_renewing.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "crypto/key.h"
#include "node/cases/view.h"

#define TRIES_MAX 4000

struct machines {
    uint32_t standing, this_one; /* not revoked; of these the one that answers */
};

static bool count_machine(void *context, struct bytes element)
{
    struct machines *machines = context;
    bool is_revoked = true, is_this = false;
    (void)view_map_flag(element, "revoked", &is_revoked);
    (void)view_map_flag(element, "is_this", &is_this);
    machines->standing += !is_revoked;
    machines->this_one += !is_revoked && is_this;
    return true;
}

/* The old key or the new one, never neither. */
static void assert_is_itself(struct sim_county *f, struct world_node *node)
{
    struct buf out = {0};
    struct machines machines = {0};
    SIM_SAY(f, node, &out, "site");
    view_map_each(buf_bytes(&out), "nodes", count_machine, &machines);
    assert_int_equal(machines.standing, 1);
    assert_int_equal(machines.this_one, 1);
    buf_deinit(&out);
}

static enum status renew(struct sim_county *f)
{
    return world_say(f->world, f->xikou, NULL, "node.renew", "again", "true", NULL);
}

static bool has_renewed(const uint8_t *before, struct world_node *node)
{
    return memcmp(before, world_node_seed(node), 32) != 0;
}

/* The file is written each second time; the store knows better. */
static void start_again(struct sim_county *f, uint32_t failures)
{
    world_keep_no_keys(f->xikou, failures % 2 == 0);
    sim_start_again(f, f->xikou);
    assert_is_itself(f, f->xikou);
}

static void assert_goes_on(struct sim_county *f)
{
    struct id id = sim_escalate(f, f->xikou, "以后的");
    world_run(f->world, 400000);
    sim_assert_state(f, f->township, &id, "received");
    sim_assert_state(f, f->xikou, &id, "received");
}

void sim_fail_renewal(struct sim_county *f, const struct sim_fault *fault)
{
    uint32_t failures = 0;
    world_let_stop(f->xikou);
    (void)sim_escalate(f, f->xikou, "以前的");
    for (bool has_failed = true; has_failed;) {
        world_set_offline(f->world, f->township, true);
        world_run(f->world, 1000);
        fault->arm(f->xikou);
        enum status status = renew(f);
        world_set_offline(f->world, f->township, false);
        world_run(f->world, 140000);
        has_failed = fault->disarm();
        failures += has_failed;
        assert_true(failures < TRIES_MAX);
        if (!fault->is_borne)
            assert_int_equal(world_has_stopped(f->xikou), has_failed);
        if (world_has_stopped(f->xikou))
            start_again(f, failures);
        else if (!has_failed)
            assert_int_equal(status, STATUS_OK);
        world_run(f->world, 400000);
        assert_is_itself(f, f->xikou);
    }
    assert_true(failures >= fault->least);
    assert_goes_on(f);
}

void sim_fail_renewal_heard(struct sim_county *f, const struct sim_fault *fault)
{
    uint32_t failures = 0;
    world_let_stop(f->township);
    for (bool has_failed = true; has_failed;) {
        uint8_t before[32];
        memcpy(before, world_node_seed(f->xikou), 32);
        world_run(f->world, 400000);
        assert_int_equal(world_say(f->world, f->xikou, NULL, "node.renew", NULL),
                         STATUS_OK);
        assert_true(has_renewed(before, f->xikou));
        fault->arm(f->township);
        world_run(f->world, 140000);
        has_failed = fault->disarm();
        failures += has_failed;
        assert_true(failures < TRIES_MAX);
        if (!fault->is_borne)
            assert_int_equal(world_has_stopped(f->township), has_failed);
        if (world_has_stopped(f->township))
            sim_start_again(f, f->township);
    }
    assert_true(failures >= fault->least);
    world_run(f->world, 400000);
    assert_goes_on(f);
}
