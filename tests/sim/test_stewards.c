/* A village whose acts take two of its three stewards, on two machines: what waits, who
 * completes it, what a machine that is not approved yet is given, and what the township
 * makes of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "node/cases/view.h"
#include "tests/sim/sim_laptop.h"

#define SECOND "王某"
#define THIRD "赵某"
#define PIN "135791"

/* From now on that steward asks at that node; the first one has no name here. */
static void be(struct sim_county *f, struct world_node *node, const char *who)
{
    const char *pin = who[0] == '\0' ? "246810" : PIN;
    assert_int_equal(world_unlock(f->world, node, who, pin), STATUS_OK);
}

static void three_stewards(struct sim_county *f, const char *quorum)
{
    sim_add_person(f, f->fengyuan, SECOND, "steward", NULL);
    sim_add_person(f, f->fengyuan, THIRD, "steward", NULL);
    SIM_SAY(f, f->fengyuan, NULL, "quorum.set", "number", quorum);
}

static uint64_t number_of(struct bytes map, const char *name)
{
    uint64_t number = 99;
    assert_true(view_map_uint(map, name, &number));
    return number;
}

struct waiting {
    uint32_t len;
    uint64_t need;
    uint32_t words;
    char op[65], kind[16];
};

static bool look(void *context, struct bytes element)
{
    struct waiting *waiting = context;
    struct id op;
    struct bytes kind;
    assert_true(view_map_id(element, "op", &op));
    assert_true(view_map_text(element, "kind", &kind));
    hex_encode(waiting->op, op.bytes, ID_SIZE);
    (void)snprintf(waiting->kind, sizeof(waiting->kind), "%.*s", (int)kind.len,
                   (const char *)kind.data);
    waiting->need = number_of(element, "need");
    waiting->words = view_map_count(element, "by");
    waiting->len++;
    return true;
}

/* What waits there; of several the last. */
static struct waiting waiting_at(struct sim_county *f, struct world_node *node)
{
    struct waiting waiting = {0};
    struct buf out = {0};
    SIM_SAY(f, node, &out, "quorum.show");
    view_map_each(buf_bytes(&out), "waiting", look, &waiting);
    buf_deinit(&out);
    return waiting;
}

/* The answer's word on how many more it takes. */
static uint64_t approve(struct sim_county *f, struct world_node *node, const char *op)
{
    struct buf out = {0};
    SIM_SAY(f, node, &out, "quorum.approve", "op", op);
    uint64_t lacks = number_of(buf_bytes(&out), "lacks");
    buf_deinit(&out);
    return lacks;
}

static uint64_t add_steward(struct sim_county *f, struct world_node *node,
                            const char *name)
{
    struct buf out = {0};
    SIM_SAY(f, node, &out, "person.add", "name", name, "role", "steward", "pin", PIN);
    uint64_t lacks = number_of(buf_bytes(&out), "lacks");
    buf_deinit(&out);
    return lacks;
}

/* Whoever is not approved yet is nobody. */
static bool is_steward(struct sim_county *f, struct world_node *node, const char *who)
{
    struct buf out = {0};
    if (world_unlock(f->world, node, who, PIN) != STATUS_OK)
        return false;
    enum status status = world_say(f->world, node, &out, "node.invite", NULL, NULL);
    buf_deinit(&out);
    return status == STATUS_OK;
}

static enum status copy_view(void *context, const struct store_scope *scope)
{
    buf_add(context, scope->view.data, scope->view.len);
    return STATUS_OK;
}

/* Every replica of the charter says the same. */
static void assert_one_charter(struct world_node *a, struct world_node *b)
{
    struct buf here = {0}, there = {0};
    assert_int_equal(store_scope_get(world_store(a), world_site(a), copy_view, &here),
                     STATUS_OK);
    assert_int_equal(store_scope_get(world_store(b), world_site(a), copy_view, &there),
                     STATUS_OK);
    assert_true(bytes_equal(buf_bytes(&here), buf_bytes(&there)));
    buf_deinit(&here);
    buf_deinit(&there);
}

static void a_steward_is_appointed_by_two_on_two_machines(void **state)
{
    struct sim_county *f = *state;
    struct world_node *laptop = sim_laptop(f);
    three_stewards(f, "#2");
    world_run(f->world, 5000);

    assert_int_equal(add_steward(f, f->fengyuan, "孙某"), 1);
    struct waiting waiting = waiting_at(f, f->fengyuan);
    assert_int_equal(waiting.len, 1);
    assert_string_equal(waiting.kind, "person");
    assert_int_equal(waiting.need, 2);
    assert_int_equal(waiting.words, 1);
    world_run(f->world, 5000);
    assert_false(is_steward(f, laptop, "孙某"));

    be(f, laptop, SECOND);
    assert_int_equal(approve(f, laptop, waiting_at(f, laptop).op), 0);
    world_run(f->world, 5000);

    assert_true(is_steward(f, laptop, "孙某"));
    assert_true(is_steward(f, f->fengyuan, "孙某"));
    assert_int_equal(waiting_at(f, f->fengyuan).len, 0);
    sim_assert_alike(f, f->fengyuan, laptop);
    assert_one_charter(f->fengyuan, f->township);
}

/* What he signs the township counts as a steward's. */
static void who_was_appointed_so_releases_and_the_township_agrees(void **state)
{
    struct sim_county *f = *state;
    three_stewards(f, "#2");
    (void)add_steward(f, f->fengyuan, "孙某");
    be(f, f->fengyuan, THIRD);
    assert_int_equal(approve(f, f->fengyuan, waiting_at(f, f->fengyuan).op), 0);
    be(f, f->fengyuan, "孙某");
    struct id record = sim_escalate(f, f->fengyuan, "水渠");
    sim_assert_state(f, f->township, &record, "received");
}

static void the_machines_apart_three_approve_and_all_agree(void **state)
{
    struct sim_county *f = *state;
    struct world_node *laptop = sim_laptop(f);
    three_stewards(f, "#3");
    (void)add_steward(f, f->fengyuan, "孙某");
    world_run(f->world, 5000);
    struct waiting waiting = waiting_at(f, laptop);

    world_set_offline(f->world, laptop, true);
    be(f, laptop, SECOND);
    assert_int_equal(approve(f, laptop, waiting.op), 1);
    be(f, f->fengyuan, THIRD);
    assert_int_equal(approve(f, f->fengyuan, waiting.op), 1);
    assert_false(is_steward(f, f->fengyuan, "孙某"));
    world_set_offline(f->world, laptop, false);
    world_run(f->world, 120000);

    assert_int_equal(waiting_at(f, f->fengyuan).len, 0);
    assert_true(is_steward(f, laptop, "孙某"));
    sim_assert_alike(f, f->fengyuan, laptop);
    assert_one_charter(f->fengyuan, f->township);
}

static void one_steward_is_not_two(void **state)
{
    struct sim_county *f = *state;
    struct buf out = {0};
    three_stewards(f, "#2");
    (void)add_steward(f, f->fengyuan, "孙某");
    struct waiting waiting = waiting_at(f, f->fengyuan);

    assert_int_equal(
        world_say(f->world, f->fengyuan, &out, "quorum.approve", "op", waiting.op, NULL),
        STATUS_EXISTS);
    sim_add_person(f, f->fengyuan, "李某", "mediator", NULL);
    be(f, f->fengyuan, "李某");
    assert_int_equal(
        world_say(f->world, f->fengyuan, &out, "quorum.approve", "op", waiting.op, NULL),
        STATUS_DENIED);
    assert_int_equal(waiting_at(f, f->fengyuan).words, 1);
    buf_deinit(&out);
}

static void a_steward_who_is_revoked_does_not_count(void **state)
{
    struct sim_county *f = *state;
    three_stewards(f, "#2");
    be(f, f->fengyuan, SECOND);
    (void)add_steward(f, f->fengyuan, "孙某");
    be(f, f->fengyuan, "");
    SIM_SAY(f, f->fengyuan, NULL, "person.revoke", "person", SECOND);

    struct waiting waiting = waiting_at(f, f->fengyuan);
    assert_int_equal(waiting.len, 1);
    assert_int_equal(waiting.words, 0);
    assert_int_equal(approve(f, f->fengyuan, waiting.op), 1);
    be(f, f->fengyuan, THIRD);
    assert_int_equal(approve(f, f->fengyuan, waiting.op), 0);
}

static void what_cannot_be_asked_for(void **state)
{
    struct sim_county *f = *state;
    struct buf out = {0};
    static const struct {
        const char *number;
        enum status status;
    } rows[] = {{"#0", STATUS_INVALID},
                {"#17", STATUS_INVALID},
                {"#2", STATUS_INVALID}, /* there is one steward */
                {"#1", STATUS_EXISTS}};
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        assert_int_equal(world_say(f->world, f->fengyuan, &out, "quorum.set", "number",
                                   rows[i].number, NULL),
                         rows[i].status);
    assert_int_equal(
        world_say(f->world, f->fengyuan, &out, "quorum.approve", "op", "abcdef01", NULL),
        STATUS_NOT_FOUND);
    sim_add_person(f, f->fengyuan, SECOND, "steward", NULL);
    sim_add_person(f, f->fengyuan, "李某", "mediator", NULL);
    be(f, f->fengyuan, "李某");
    assert_int_equal(
        world_say(f->world, f->fengyuan, &out, "quorum.set", "number", "#2", NULL),
        STATUS_DENIED);
    buf_deinit(&out);
}

/* ---- a machine ---- */

static struct world_node *try_join(struct sim_county *f)
{
    struct buf out = {0};
    struct bytes text;
    char code[128];
    struct world_node *laptop;
    SIM_SAY(f, f->fengyuan, &out, "node.invite", NULL, NULL);
    assert_true(view_map_text(buf_bytes(&out), "code", &text));
    (void)snprintf(code, sizeof(code), "%.*s", (int)text.len, (const char *)text.data);
    assert_int_equal(
        world_try_join(f->world, f->fengyuan, code, "山上", "laptop:1", &laptop),
        STATUS_OK);
    buf_deinit(&out);
    return laptop;
}

static void a_machine_waits_for_the_second_steward_and_goes_on_by_itself(void **state)
{
    struct sim_county *f = *state;
    char hex[65];
    three_stewards(f, "#2");
    (void)sim_laptop_case(f, f->fengyuan, "水渠", hex);

    struct world_node *laptop = try_join(f);
    world_run(f->world, 10 * 60 * 1000);
    struct waiting waiting = waiting_at(f, f->fengyuan);
    assert_int_equal(waiting.len, 1);
    assert_string_equal(waiting.kind, "node");
    assert_int_equal(sim_scopes(laptop, SCOPE_CASE), 0);
    assert_null(memmem(world_heard(laptop).data, world_heard(laptop).len, LAPTOP_CANARY,
                       strlen(LAPTOP_CANARY)));

    be(f, f->fengyuan, SECOND);
    assert_int_equal(approve(f, f->fengyuan, waiting.op), 0);
    world_run(f->world, 60 * 60 * 1000);
    assert_int_equal(sim_scopes(laptop, SCOPE_CASE), 1);
    sim_assert_alike(f, f->fengyuan, laptop);
    be(f, laptop, ""); /* the keys of the persons came along */
}

static void a_machine_that_is_withdrawn_gets_nothing(void **state)
{
    struct sim_county *f = *state;
    char hex[65];
    three_stewards(f, "#2");
    (void)sim_laptop_case(f, f->fengyuan, "水渠", hex);
    struct world_node *laptop = try_join(f);
    struct waiting waiting = waiting_at(f, f->fengyuan);

    SIM_SAY(f, f->fengyuan, NULL, "quorum.withdraw", "op", waiting.op);
    assert_int_equal(waiting_at(f, f->fengyuan).len, 0);
    struct buf out = {0};
    be(f, f->fengyuan, SECOND);
    assert_int_equal(
        world_say(f->world, f->fengyuan, &out, "quorum.approve", "op", waiting.op, NULL),
        STATUS_NOT_FOUND);
    world_run(f->world, 60 * 60 * 1000);
    assert_int_equal(sim_scopes(laptop, SCOPE_CASE), 0);
    buf_deinit(&out);
}

/* Its old key would be revoked while the new one waits. */
static void a_machine_gets_no_other_keys_before_the_quorum_is_one(void **state)
{
    struct sim_county *f = *state;
    struct buf out = {0};
    three_stewards(f, "#2");
    assert_int_equal(world_say(f->world, f->fengyuan, &out, "node.renew", NULL, NULL),
                     STATUS_DENIED);
    assert_int_equal(waiting_at(f, f->fengyuan).len, 0);

    SIM_SAY(f, f->fengyuan, NULL, "quorum.set", "number", "#1");
    be(f, f->fengyuan, SECOND);
    assert_int_equal(approve(f, f->fengyuan, waiting_at(f, f->fengyuan).op), 0);
    SIM_SAY(f, f->fengyuan, NULL, "node.renew", NULL, NULL);
    buf_deinit(&out);
}

#define TEST(name)                                                                       \
    cmocka_unit_test_setup_teardown(name, sim_county_set_up_in_memory,                   \
                                    sim_county_tear_down_in_memory)

static enum status unlock_with(struct sim_county *f, const uint8_t *seed, size_t len)
{
    struct buf map = {0};
    pack_map(&map, 1);
    pack_str(&map, "seed");
    if (len == 0)
        pack_str(&map, "246810");
    else
        pack_bin(&map, seed, len);
    enum status status =
        world_call(f->world, f->fengyuan, "recovery.unlock", buf_bytes(&map), NULL);
    buf_deinit(&map);
    return status;
}

static void O4_nothing_but_the_recovery_key_unlocks_as_it(void **state)
{
    struct sim_county *f = *state;
    const uint8_t *seed = world_recovery_seed(f->fengyuan);
    assert_int_equal(world_say(f->world, f->fengyuan, NULL, "recovery.name", NULL),
                     STATUS_INVALID);
    assert_int_equal(
        world_say(f->world, f->fengyuan, NULL, "recovery.name", "key", "fqs1abc", NULL),
        STATUS_INVALID);
    assert_int_equal(unlock_with(f, NULL, 0), STATUS_INVALID);
    assert_int_equal(unlock_with(f, seed, 31), STATUS_INVALID);
    assert_int_equal(unlock_with(f, world_recovery_seed(f->xikou), 32), STATUS_DENIED);
    assert_int_equal(unlock_with(f, world_steward_seed(f->fengyuan), 32), STATUS_DENIED);
    assert_int_equal(unlock_with(f, seed, 32), STATUS_OK);
    SIM_SAY(f, f->fengyuan, NULL, "recovery.show");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_steward_is_appointed_by_two_on_two_machines),
        TEST(who_was_appointed_so_releases_and_the_township_agrees),
        TEST(the_machines_apart_three_approve_and_all_agree),
        TEST(one_steward_is_not_two),
        TEST(a_steward_who_is_revoked_does_not_count),
        TEST(what_cannot_be_asked_for),
        TEST(a_machine_waits_for_the_second_steward_and_goes_on_by_itself),
        TEST(a_machine_that_is_withdrawn_gets_nothing),
        TEST(a_machine_gets_no_other_keys_before_the_quorum_is_one),
        TEST(O4_nothing_but_the_recovery_key_unlocks_as_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
