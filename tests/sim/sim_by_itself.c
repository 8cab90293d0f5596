#include "tests/sim/sim_by_itself.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "node/cases/view.h"

#define TRIES_MAX 4000
#define SECOND "王某"

/* One try of a story, in which the fault may strike; false: it was refused. */
typedef bool try_fn(struct sim_county *f, uint32_t number);

static void fail_until_done(struct sim_county *f, const struct sim_fault *fault,
                            struct world_node *node, try_fn *attempt)
{
    uint32_t failures = 0;
    world_let_stop(node);
    for (bool has_failed = true; has_failed; failures += has_failed) {
        assert_true(failures < TRIES_MAX);
        fault->arm(node);
        bool is_done = attempt(f, failures);
        has_failed = fault->disarm();
        if (!fault->is_borne)
            assert_int_equal(world_has_stopped(node), has_failed);
        if (!has_failed)
            assert_true(is_done);
        if (world_has_stopped(node))
            sim_start_again(f, node);
    }
    assert_true(failures > 2);
}

/* ---- beacons ---- */

static bool roam(struct sim_county *f, uint32_t number)
{
    char address[32];
    (void)snprintf(address, sizeof(address), "10.0.%u.%u:7450", (unsigned)number / 200,
                   (unsigned)number % 200 + 1);
    world_roam(f->world, f->township, address);
    world_run(f->world, 200000);
    return true;
}

void sim_fail_beacons(struct sim_county *f, const struct sim_fault *fault, bool at_heard)
{
    world_find_others(f->township, true);
    world_find_others(f->fengyuan, false);
    world_run(f->world, 1000);
    fail_until_done(f, fault, at_heard ? f->fengyuan : f->township, roam);
    struct id id = sim_escalate(f, f->fengyuan, "水渠");
    world_run(f->world, 400000);
    sim_assert_state(f, f->township, &id, "received");
}

/* ---- a backup a day ---- */

static bool pass_hours(struct sim_county *f, uint32_t number)
{
    uint32_t before = world_backups(f->fengyuan);
    world_event(f->fengyuan, EVENT_BACKUP_DONE, 0,
                bytes_str(number % 2 == 0 ? "" : "no stick is there"));
    world_run(f->world, 1000);
    (void)world_say(f->world, f->fengyuan, NULL, "backup.status", NULL);
    world_run(f->world, UINT64_C(3) * 60 * 60 * 1000);
    return world_backups(f->fengyuan) > before;
}

void sim_fail_daily_backup(struct sim_county *f, const struct sim_fault *fault)
{
    world_back_up(f->fengyuan, 3600);
    world_run(f->world, 1000);
    assert_int_equal(world_backups(f->fengyuan), 1);
    fail_until_done(f, fault, f->fengyuan, pass_hours);
    SIM_SAY(f, f->fengyuan, NULL, "backup.status");
}

/* ---- stewards ---- */

static bool keep_last(void *context, struct bytes element)
{
    struct id op;
    assert_true(view_map_id(element, "op", &op));
    hex_encode(context, op.bytes, ID_SIZE);
    return true;
}

static bool say(struct sim_county *f, const char *method, const char *name,
                const char *value)
{
    return world_say(f->world, f->fengyuan, NULL, method, name, value, NULL) == STATUS_OK;
}

static bool be(struct sim_county *f, const char *who, const char *pin)
{
    return world_unlock(f->world, f->fengyuan, who, pin) == STATUS_OK;
}

/* What waits is approved by the other one; none waits where the try before had done so.
 */
static bool approve_all(struct sim_county *f)
{
    struct buf out = {0};
    char op[65] = "";
    bool is_done = be(f, SECOND, "135791");
    for (int i = 0; is_done && i < 8; i++) {
        op[0] = '\0';
        is_done =
            world_say(f->world, f->fengyuan, &out, "quorum.show", NULL) == STATUS_OK;
        if (is_done)
            view_map_each(buf_bytes(&out), "waiting", keep_last, op);
        if (!is_done || op[0] == '\0')
            break;
        is_done = say(f, "quorum.approve", "op", op);
    }
    buf_deinit(&out);
    return be(f, "", "246810") && is_done;
}

static bool act_together(struct sim_county *f, uint32_t number)
{
    char key[KEY_TEXT_SIZE];
    uint8_t seed[32] = {1, (uint8_t)number, (uint8_t)(number >> 8)};
    struct sign_pair pair;
    sign_pair_init(&pair, seed);
    key_to_text(key, "fqk1", sign_pair_key(&pair));
    bool is_set = say(f, "recovery.name", "key", key);
    is_set = say(f, "recovery.show", NULL, NULL) && is_set;
    return approve_all(f) && is_set;
}

void sim_fail_stewards(struct sim_county *f, const struct sim_fault *fault)
{
    sim_add_person(f, f->fengyuan, SECOND, "steward", NULL);
    sim_add_person(f, f->fengyuan, "赵某", "steward", NULL);
    SIM_SAY(f, f->fengyuan, NULL, "quorum.set", "number", "#2");
    world_set_offline(f->world, f->fengyuan, true);
    world_run(f->world, 1000);
    fail_until_done(f, fault, f->fengyuan, act_together);
    world_set_offline(f->world, f->fengyuan, false);
    struct id id = sim_escalate(f, f->fengyuan, "水渠");
    world_run(f->world, 120000);
    sim_assert_state(f, f->township, &id, "received");
}
