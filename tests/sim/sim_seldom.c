#include "tests/sim/sim_seldom.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "node/cases/view.h"
#include "node/core/instance.h"
#include "proto/pack.h"
#include "tests/sim/sim_room.h"
#include "tests/sim/tale.h"

static void add_somebody(struct tale *tale)
{
    char name[32];
    (void)snprintf(name, sizeof(name), "李%llu", (unsigned long long)tale->tries);
    sim_add_person(tale->f, tale->f->fengyuan, name, "observer", NULL);
}

/* ---- over a quota ---- */

static void set_no_quota(struct sim_county *f, struct world_node *node,
                         struct world_node *peer)
{
    struct buf map = {0};
    char hex[65];
    hex_encode(hex, world_site(peer)->bytes, ID_SIZE);
    pack_map(&map, 3);
    pack_str(&map, "bytes");
    pack_uint(&map, 0);
    pack_str(&map, "ops");
    pack_uint(&map, 0);
    pack_str(&map, "site");
    pack_str(&map, hex);
    assert_int_equal(world_call(f->world, node, "peer.quota", buf_bytes(&map), NULL),
                     STATUS_OK);
    buf_deinit(&map);
}

static void write_to_each_other(struct tale *tale)
{
    struct sim_county *f = tale->f;
    (void)sim_escalate(f, f->fengyuan, "多出的");
    add_somebody(tale);
    SIM_SAY(f, f->township, NULL, "escalation.advise", "escalation", tale->hex, "text",
            "先量一量");
}

void sim_fail_over_quota(struct sim_county *f, const struct sim_fault *fault,
                         struct world_node *failing)
{
    struct tale tale;
    tale_begin(&tale, f);
    set_no_quota(f, f->township, f->fengyuan);
    set_no_quota(f, f->fengyuan, f->township);
    tale_tell(&tale, fault, failing, write_to_each_other, tale_both_agree);
}

/* ---- what waits ---- */

static struct id ride(struct tale *tale, const struct id *scope, const struct id *parent,
                      uint64_t time)
{
    struct forgery forgery = {.seed = world_steward_seed(tale->f->fengyuan),
                              .kind = "permit",
                              .scope = scope,
                              .of = tale->f->fengyuan,
                              .parents = parent,
                              .parents_len = 1,
                              .time = time};
    tale->riders.len++;
    return sim_forge(&forgery, &tale->riders.ops);
}

/* They go with the next message of ops, once. */
static void let_ride(struct tale *tale)
{
    tale->riders.once = true;
    world_set_mutator(tale->f->fengyuan, sim_ride, &tale->riders);
    add_somebody(tale);
}

static void forget_riders(struct tale *tale)
{
    buf_deinit(&tale->riders.ops);
    tale->riders = (struct riders){0};
}

static uint64_t count_waiting(struct world_node *node)
{
    uint64_t count;
    assert_int_equal(store_ops_count(world_store(node), TREE_WAITING, &count), STATUS_OK);
    return count;
}

static void bring_what_waits(struct tale *tale)
{
    static const struct id nowhere = {{0xee}};
    for (uint64_t i = 0; i < 3; i++)
        (void)ride(tale, &tale->record, &nowhere, 20 + 3 * tale->tries + i);
    let_ride(tale);
}

static void look_at_full_room(struct tale *tale)
{
    forget_riders(tale);
    assert_int_equal(count_waiting(tale->f->township), WAITING_OPS_MAX);
}

void sim_fail_full_room(struct sim_county *f, const struct sim_fault *fault)
{
    struct tale tale;
    tale_begin(&tale, f);
    tale.has_guests = true;
    world_set_offline(f->world, f->xikou, false);
    sim_fill_room(f, WAITING_SITE_MAX);
    tale_tell(&tale, fault, f->township, bring_what_waits, look_at_full_room);
}

static void bring_what_is_nothing(struct tale *tale)
{
    struct sim_county *f = tale->f;
    struct draft draft;
    struct buf sites = {0};
    const struct id *charter = world_site(f->fengyuan);
    pack_array(&sites, 1);
    pack_array(&sites, 2);
    pack_bin(&sites, world_site(f->county)->bytes, ID_SIZE);
    pack_uint(&sites, 1);
    draft_init(&draft, "escalate", NULL);
    draft_raw(&draft, "sites", buf_bytes(&sites));
    struct forgery forgery = {
        .seed = world_steward_seed(f->fengyuan), .draft = &draft, .of = f->fengyuan};
    (void)sim_forge(&forgery, &tale->riders.ops);
    tale->riders.len++;
    /* A child of an op that comes behind it and stands in another scope. */
    struct buf parent = {0};
    struct riders first = tale->riders;
    tale->riders = (struct riders){0};
    struct id other = ride(tale, charter, charter, 2);
    parent = tale->riders.ops;
    tale->riders = first;
    (void)ride(tale, &tale->record, &other, 3 + tale->tries);
    buf_add(&tale->riders.ops, parent.data, parent.len);
    tale->riders.len++;
    let_ride(tale);
    draft_deinit(&draft);
    buf_deinit(&sites);
    buf_deinit(&parent);
}

static void look_for_nothing(struct tale *tale)
{
    forget_riders(tale);
    assert_int_equal(count_waiting(tale->f->township), 0);
}

void sim_fail_forgetting(struct sim_county *f, const struct sim_fault *fault)
{
    struct tale tale;
    tale_begin(&tale, f);
    tale_tell(&tale, fault, f->township, bring_what_is_nothing, look_for_nothing);
}

/* ---- alarms ---- */

static bool is_called(struct bytes message, const char *name, uint64_t *round)
{
    struct pack_reader reader = pack_reader_of(message);
    uint32_t elements;
    struct bytes called;
    return pack_read_array(&reader, &elements, NULL) == STATUS_OK &&
           pack_read_str(&reader, &called, NULL) == STATUS_OK &&
           bytes_equal_str(called, name) &&
           pack_read_uint(&reader, round, NULL) == STATUS_OK;
}

/* ["want", round, [id …], true]: the record, so often. */
static void want(struct tale *tale, uint64_t round, uint32_t count, struct buf *out)
{
    pack_array(out, 4);
    pack_str(out, "want");
    pack_uint(out, round);
    pack_array(out, count);
    while (count-- > 0)
        pack_bin(out, tale->record.bytes, ID_SIZE);
    pack_bool(out, true);
    tale->told++;
}

static void want_the_record(void *context, struct bytes message, struct buf *out)
{
    struct tale *tale = context;
    uint64_t round;
    if (tale->told == 0 && is_called(message, "want", &round))
        want(tale, round, 1, out);
}

/* Negentropy's empty list of everything. */
static void have_nothing(void *context, struct bytes message, struct buf *out)
{
    static const uint8_t nothing[] = {0x61, 0, 0, 2, 0};
    struct tale *tale = context;
    uint64_t round;
    if (tale->told > 0 || !is_called(message, "neg", &round))
        return;
    pack_array(out, 3);
    pack_str(out, "neg");
    pack_uint(out, round);
    pack_bin(out, nothing, sizeof(nothing));
    tale->told++;
}

static void deny_after_all(struct tale *tale)
{
    world_set_mutator(tale->f->township, have_nothing, tale);
    add_somebody(tale);
}

static void want_after_loss(struct tale *tale)
{
    world_set_mutator(tale->f->fengyuan, want_the_record, tale);
    add_somebody(tale);
}

void sim_fail_rollback(struct sim_county *f, const struct sim_fault *fault,
                       struct world_node *failing)
{
    struct tale tale;
    tale_begin(&tale, f);
    tale_tell(&tale, fault, failing,
              failing == f->township ? want_after_loss : deny_after_all, tale_both_agree);
    assert_true(sim_count(world_log(failing), "kind=rollback") > 0);
}

static void want_too_much(void *context, struct bytes message, struct buf *out)
{
    struct tale *tale = context;
    uint64_t round;
    if (tale->told == 0 && is_called(message, "want", &round))
        want(tale, round, 4000, out);
}

/* ["ack", 99, []] */
static void confirm_too_much(void *context, struct bytes message, struct buf *out)
{
    struct tale *tale = context;
    uint64_t count;
    if (tale->told > 0 || !is_called(message, "ack", &count))
        return;
    pack_array(out, 3);
    pack_str(out, "ack");
    pack_uint(out, 99);
    pack_array(out, 0);
    tale->told++;
}

static void say_too_much(struct tale *tale)
{
    world_set_mutator(tale->f->fengyuan, want_too_much, tale);
    add_somebody(tale);
}

static void take_too_much(struct tale *tale)
{
    world_set_mutator(tale->f->township, confirm_too_much, tale);
    add_somebody(tale);
}

void sim_fail_impossible(struct sim_county *f, const struct sim_fault *fault,
                         struct world_node *failing)
{
    struct tale tale;
    tale_begin(&tale, f);
    tale_tell(&tale, fault, failing,
              failing == f->township ? say_too_much : take_too_much, tale_both_agree);
    assert_true(sim_count(world_log(failing), "kind=impossible") > 0);
}

/* ---- copies ---- */

/* ["instance", …]: of one start, of another, of the first; in each try of others. */
static void take_turns(void *context, struct bytes message, struct buf *out)
{
    struct tale *tale = context;
    struct pack_reader reader = pack_reader_of(message);
    uint32_t elements;
    struct bytes called;
    uint8_t instance[INSTANCE_SIZE] = {0};
    if (pack_read_array(&reader, &elements, NULL) != STATUS_OK ||
        pack_read_str(&reader, &called, NULL) != STATUS_OK ||
        !bytes_equal_str(called, "instance"))
        return;
    instance[0] = tale->told++ % 2 == 0;
    instance[1] = (uint8_t)tale->tries;
    instance[2] = (uint8_t)(tale->tries >> 8);
    pack_array(out, 2);
    pack_str(out, "instance");
    pack_bin(out, instance, sizeof(instance));
}

static void come_in_turn(struct tale *tale)
{
    world_set_mutator(tale->f->fengyuan, take_turns, tale);
    for (int i = 0; i < 2; i++) { /* the third time something fails */
        world_set_offline(tale->f->world, tale->f->fengyuan, false);
        world_run(tale->f->world, 30000);
        world_set_offline(tale->f->world, tale->f->fengyuan, true);
        world_run(tale->f->world, 5000);
    }
}

void sim_fail_copies(struct sim_county *f, const struct sim_fault *fault,
                     struct world_node *failing)
{
    struct tale tale;
    tale_begin(&tale, f);
    tale_tell(&tale, fault, failing, come_in_turn, tale_both_agree);
    assert_true(sim_count(world_log(failing),
                          failing == f->township ? "kind=copy" : "kind=told") > 0);
}

/* ---- knocks ---- */

static bool take_key(void *context, struct bytes element)
{
    return !view_map_id(element, "key", context);
}

static void revoke_machine(struct sim_county *f, struct world_node *node)
{
    struct buf out = {0};
    struct id key;
    char hex[65];
    SIM_SAY(f, node, &out, "site", NULL, NULL);
    view_map_each(buf_bytes(&out), "nodes", take_key, &key);
    hex_encode(hex, key.bytes, ID_SIZE);
    SIM_SAY(f, node, &out, "node.revoke", "node", hex);
    world_run(f->world, 10000);
    buf_deinit(&out);
}

static void look_at_knocks(struct sim_county *f, const struct sim_fault *fault,
                           const char *method)
{
    uint32_t failures = 0;
    for (bool has_failed = true; has_failed; failures += has_failed) {
        struct buf out = {0};
        world_run(f->world, 300000); /* it dials again and again */
        fault->arm(f->township);
        enum status status = world_say(f->world, f->township, &out, method, NULL);
        has_failed = fault->disarm();
        if (world_has_stopped(f->township)) {
            assert_true(has_failed);
            assert_int_not_equal(status, STATUS_OK);
            sim_start_again(f, f->township);
        } else if (!has_failed) {
            assert_int_equal(status, STATUS_OK);
            assert_int_equal(view_map_count(buf_bytes(&out), "knocks"), 1);
        }
        buf_deinit(&out);
    }
    assert_true(failures > 0);
}

void sim_fail_knocks(struct sim_county *f, const struct sim_fault *fault)
{
    revoke_machine(f, f->fengyuan);
    world_let_stop(f->township);
    look_at_knocks(f, fault, "status");
    look_at_knocks(f, fault, "peer.list");
}
