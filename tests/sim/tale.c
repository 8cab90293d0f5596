#include "tests/sim/tale.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

static void start_again(struct tale *tale, struct world_node *node)
{
    struct sim_county *f = tale->f;
    if (!tale->has_guests) {
        sim_start_again(f, node);
        return;
    }
    world_power_off(f->world, node);
    assert_int_equal(world_power_on(f->world, node), STATUS_OK);
    assert_int_equal(world_unlock(f->world, node, "", "246810"), STATUS_OK);
}

void tale_tell(struct tale *tale, const struct sim_fault *fault,
               struct world_node *failing, tale_fn *happen, tale_fn *look)
{
    struct sim_county *f = tale->f;
    uint32_t failures = 0;
    world_let_stop(failing);
    for (bool has_failed = true; has_failed; tale->tries++) {
        world_set_offline(f->world, f->fengyuan, true);
        world_run(f->world, 1000);
        tale->told = 0;
        happen(tale);
        fault->arm(failing);
        world_set_offline(f->world, f->fengyuan, false);
        world_run(f->world, 70000);
        has_failed = fault->disarm();
        failures += has_failed;
        if (!fault->is_borne)
            assert_int_equal(world_has_stopped(failing), has_failed);
        world_set_mutator(f->fengyuan, NULL, NULL);
        world_set_mutator(f->township, NULL, NULL);
        if (world_has_stopped(failing))
            start_again(tale, failing);
        world_run(f->world, 140000);
        look(tale);
    }
    assert_true(failures > 0);
}

void tale_begin(struct tale *tale, struct sim_county *f)
{
    *tale = (struct tale){.f = f};
    tale->record = sim_escalate(f, f->fengyuan, "先来的");
    hex_encode(tale->hex, tale->record.bytes, ID_SIZE);
    SIM_SAY(f, f->township, NULL, "escalation.open", "escalation", tale->hex);
    world_run(f->world, 10000);
    world_set_offline(f->world, f->xikou, true);
    world_set_offline(f->world, f->county, true);
}

static enum status keep_digest(void *context, const struct store_scope *scope)
{
    *(struct id *)context = scope->digest;
    return STATUS_OK;
}

void tale_agree_on(struct tale *tale, const struct id *scope)
{
    struct world_node *nodes[] = {tale->f->township, tale->f->fengyuan};
    struct id digests[2];
    for (int i = 0; i < 2; i++)
        assert_int_equal(
            store_scope_get(world_store(nodes[i]), scope, keep_digest, &digests[i]),
            STATUS_OK);
    assert_true(id_equal(&digests[0], &digests[1]));
}

void tale_both_agree(struct tale *tale)
{
    tale_agree_on(tale, &tale->record);
    tale_agree_on(tale, world_site(tale->f->fengyuan));
}
