#include "tests/sim/sim_joining.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#include "node/cases/view.h"
#include "proto/limits.h"
#include "tests/sim/sim_laptop.h"

#define TRIES_MAX 4000

/* *laptop NULL: it did not come that far. */
static enum status try_joining(struct sim_county *f, struct world_node **laptop)
{
    struct buf out = {0};
    struct bytes text;
    char code[128];
    *laptop = NULL;
    enum status status = world_say(f->world, f->xikou, &out, "node.invite", NULL);
    if (status == STATUS_BUSY) { /* those of earlier tries end after ten minutes */
        world_run(f->world, INVITE_LIFETIME_MS + 1000);
        status = world_say(f->world, f->xikou, &out, "node.invite", NULL);
    }
    if (status == STATUS_OK) {
        assert_true(view_map_text(buf_bytes(&out), "code", &text));
        (void)snprintf(code, sizeof(code), "%.*s", (int)text.len,
                       (const char *)text.data);
        status = world_try_join(f->world, f->xikou, code, "山上", "laptop:1", laptop);
        world_run(f->world, 5000);
    }
    buf_deinit(&out);
    return status;
}

void sim_fail_inviting(struct sim_county *f, const struct sim_fault *fault)
{
    struct world_node *laptop = NULL;
    uint32_t failures = 0;
    world_let_stop(f->xikou);
    world_use_vfs(f->world, NULL); /* the other one has room for so many files */
    for (bool has_failed = true; has_failed;) {
        fault->arm(f->xikou);
        enum status status = try_joining(f, &laptop);
        has_failed = fault->disarm();
        failures += has_failed;
        assert_true(failures < TRIES_MAX);
        if (!fault->is_borne)
            assert_int_equal(world_has_stopped(f->xikou), has_failed);
        if (world_has_stopped(f->xikou))
            sim_start_again(f, f->xikou);
        if (!has_failed)
            assert_int_equal(status, STATUS_OK);
        if (has_failed && laptop != NULL)
            world_scrap(f->world, laptop);
    }
    assert_true(failures >= fault->least);
    world_run(f->world, 70000);
    sim_assert_alike(f, f->xikou, laptop);
}

static void write_something(struct sim_county *f, struct world_node *node)
{
    struct buf out = {0}, arguments = {0};
    struct bytes number;
    bool is_there = world_say(f->world, node, &out, "case.new", "category", "邻里",
                              "title", "水沟", "narrative", LAPTOP_CANARY, "context",
                              "去年修过。", NULL) == STATUS_OK &&
                    view_map_text(buf_bytes(&out), "number", &number);
    if (is_there) {
        pack_map(&arguments, 3);
        pack_str(&arguments, "bytes");
        pack_bin(&arguments, "a file", 6);
        pack_str(&arguments, "case");
        pack_str_bytes(&arguments, number);
        pack_str(&arguments, "name");
        pack_str(&arguments, "a.txt");
        (void)world_call(f->world, node, "attach.add", buf_bytes(&arguments), NULL);
    }
    buf_deinit(&arguments);
    buf_deinit(&out);
}

/* Did anything fail? Who stopped by that is started again. */
static bool end_of_try(struct sim_county *f, const struct sim_fault *fault,
                       struct world_node *failing, uint32_t *failures)
{
    bool has_failed = fault->disarm();
    *failures += has_failed;
    assert_true(*failures < TRIES_MAX);
    if (!fault->is_borne)
        assert_int_equal(world_has_stopped(failing), has_failed);
    if (world_has_stopped(failing))
        sim_start_again(f, failing);
    return has_failed;
}

void sim_fail_together(struct sim_county *f, const struct sim_fault *fault,
                       bool at_laptop)
{
    struct world_node *laptop = world_join(f->world, f->xikou, "山上", "laptop:1");
    struct world_node *failing = at_laptop ? laptop : f->xikou;
    uint32_t failures = 0;
    world_let_stop(failing);
    for (bool has_failed = true; has_failed;) {
        fault->arm(failing);
        world_set_offline(f->world, laptop, true);
        write_something(f, f->xikou);
        write_something(f, laptop);
        world_set_offline(f->world, laptop, false);
        world_run(f->world, 70000);
        has_failed = end_of_try(f, fault, failing, &failures);
    }
    assert_true(failures >= fault->least);
    world_run(f->world, 400000);
    sim_assert_alike(f, f->xikou, laptop);
}

/* A record that the village took back, so that the township erased it, before the laptop
 * heard of it from there: it is asked for when both meet. */
static void hear_too_late(struct sim_county *f, struct world_node *laptop)
{
    char hex[65];
    world_set_offline(f->world, laptop, true);
    struct id record = sim_escalate(f, f->xikou, "水渠边的界石");
    hex_encode(hex, record.bytes, ID_SIZE);
    world_run(f->world, 5000);
    SIM_SAY(f, f->xikou, NULL, "escalation.recall", "escalation", hex, "reason",
            "说错了");
    world_run(f->world, 5000);
    world_set_offline(f->world, f->xikou, true);
    world_set_offline(f->world, laptop, false);
    world_run(f->world, 70000);
}

void sim_fail_showing(struct sim_county *f, const struct sim_fault *fault, bool at_laptop)
{
    struct world_node *laptop = world_join(f->world, f->xikou, "山上", "laptop:1");
    struct world_node *failing = at_laptop ? laptop : f->xikou;
    uint32_t failures = 0;
    world_let_stop(failing);
    for (bool has_failed = true; has_failed;) {
        hear_too_late(f, laptop);
        fault->arm(failing);
        world_set_offline(f->world, f->xikou, false);
        world_run(f->world, 70000);
        has_failed = end_of_try(f, fault, failing, &failures);
    }
    assert_true(failures >= fault->least);
    world_run(f->world, 400000);
    sim_assert_alike(f, f->xikou, laptop);
}
