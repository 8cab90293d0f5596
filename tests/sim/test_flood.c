/* A peer that brings thousands of ops which may not enter: the node stays up, takes the
 * good ones among them, keeps its bounds and does not ask for the bad ones for ever. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "node/cases/view.h"
#include "storage/store_sources.h"
#include "tests/support/scratch.h"
#include "tests/support/world.h"

#define FLOOD 20000
#define FEW 300
#define OVER 1000 /* more than a bound allows */
#define MINUTE_MS (60u * 1000)

struct flood {
    struct world *world;
    struct world_node *township, *village;
    struct id record; /* an escalation that both hold */
    char directory[SCRATCH_SIZE];
};

/* Why an op may not enter. */
enum fault {
    FORGED,     /* the signature does not hold */
    WRONG_TIME, /* the logical time is not 1 + its parent's */
    ORPHAN,     /* its parent is nowhere */
    FOREIGN,    /* it founds a case, which is shared with nobody */
};

#define SAY(node, method, ...)                                                           \
    assert_int_equal(world_say(f->world, node, &out, method, __VA_ARGS__, NULL),         \
                     STATUS_OK)

static struct id new_record(struct flood *f)
{
    struct buf out = {0};
    struct bytes text;
    struct id record;
    char number[32] = {0};
    SAY(f->village, "case.new", "category", "邻里", "title", "水渠", "narrative", "争水",
        "context", "去年修过一次。");
    assert_true(view_map_text(buf_bytes(&out), "number", &text));
    memcpy(number, text.data, text.len);
    SAY(f->village, "case.triage", "case", number, "decision", "escalate", "reason",
        "涉及两村");
    SAY(f->village, "escalate.release", "case", number, "fields", "[title,context]",
        "reason", "超出村里权限", "no_parties", "渠是村里的", "onward", "yes");
    assert_true(view_map_id(buf_bytes(&out), "escalation", &record));
    buf_deinit(&out);
    return record;
}

static int set_up(void **state)
{
    struct flood *f = calloc(1, sizeof(*f));
    assert_non_null(f);
    assert_true(scratch_make(f->directory));
    f->world = world_new(f->directory, 43);
    f->township = world_found(f->world, "township", "青河镇", "township:1");
    f->village = world_found(f->world, "village", "枫源村", "village:1");
    world_pair(f->world, f->township, f->village);
    f->record = new_record(f);
    world_run(f->world, 5000);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct flood *f = *state;
    world_free(f->world);
    scratch_remove(f->directory);
    free(f);
    return 0;
}

static void compose(const struct flood *f, struct op *op, enum fault fault,
                    uint32_t number)
{
    struct id nowhere = {{0}};
    memcpy(nowhere.bytes, &number, sizeof(number));
    *op = (struct op){.kind = bytes_str("permit"),
                      .scope = f->record,
                      .time = fault == WRONG_TIME ? 7 : 2,
                      .wall = 1790000000 + number};
    assert_int_equal(op_add_authority(op, world_site(f->village)), STATUS_OK);
    if (fault == FOREIGN) {
        op->kind = bytes_str("case-new");
        op->is_founding = true;
        op->time = 1;
        return;
    }
    assert_int_equal(op_add_parent(op, fault == ORPHAN ? &nowhere : &f->record),
                     STATUS_OK);
}

/* Puts count such ops into a node's store behind its back. They wait there, so that the
 * node itself does not fold them, but they are offered to others. */
static void put_bad_ops(struct flood *f, struct world_node *node, enum fault fault,
                        uint32_t count)
{
    struct store *store = world_store(node);
    struct op *op = malloc(sizeof(*op));
    const uint8_t seed[32] = {9};
    struct rng rng = rng_system();
    struct id network;
    network_id(&network, "fengqiao");
    assert_non_null(op);
    assert_int_equal(store_begin(store), STATUS_OK);
    for (uint32_t i = 0; i < count; i++) {
        struct buf bytes = {0};
        compose(f, op, fault, node == f->village ? i : FLOOD + i);
        assert_int_equal(op_seal(op, &network, seed, &rng), STATUS_OK);
        if (fault == FORGED) {
            op->signature[i % 32] ^= 1;
            assert_int_equal(op_rebuild(op), STATUS_OK);
        }
        op_encode(op, ~0u, &bytes);
        assert_int_equal(
            store_op_add(store, op, buf_bytes(&bytes), SCOPE_ESCALATION, TREE_WAITING),
            STATUS_OK);
        if (fault == FOREIGN) {
            const struct id holders[] = {*world_site(f->township),
                                         *world_site(f->village)};
            /* A digest of its own: equal ones would let both sides agree. */
            struct store_scope scope = {.id = op->id,
                                        .kind = SCOPE_ESCALATION,
                                        .site = *world_site(node),
                                        .digest = op->id};
            assert_int_equal(store_scope_put(store, &scope, &op->id, 1, holders, 2),
                             STATUS_OK);
            assert_int_equal(
                store_pair_put(store, &holders[node == f->township], &op->id), STATUS_OK);
        }
        buf_deinit(&bytes);
    }
    assert_int_equal(store_commit(store), STATUS_OK);
    free(op);
}

/* One more that waits for its parent; its id. */
static struct id put_orphan(struct flood *f, struct world_node *node, uint32_t number)
{
    struct op op;
    const uint8_t seed[32] = {9};
    struct rng rng = rng_system();
    struct id network;
    struct buf bytes = {0};
    network_id(&network, "fengqiao");
    compose(f, &op, ORPHAN, number);
    assert_int_equal(op_seal(&op, &network, seed, &rng), STATUS_OK);
    op_encode(&op, ~0u, &bytes);
    assert_int_equal(store_begin(world_store(node)), STATUS_OK);
    assert_int_equal(store_op_add(world_store(node), &op, buf_bytes(&bytes),
                                  SCOPE_ESCALATION, TREE_WAITING),
                     STATUS_OK);
    assert_int_equal(store_commit(world_store(node)), STATUS_OK);
    buf_deinit(&bytes);
    return op.id;
}

static uint64_t count_at(struct flood *f, struct world_node *node, const char *name)
{
    struct buf out = {0};
    uint64_t count;
    SAY(node, "status", NULL, NULL);
    assert_true(view_map_uint(buf_bytes(&out), name, &count));
    buf_deinit(&out);
    return count;
}

static bool holds(struct world_node *node, const struct id *op)
{
    struct store_place place;
    return store_op_find(world_store(node), op, &place) == STATUS_OK && !place.waits;
}

/* Good records before and behind the flood; only the latter come with it. */
static void flood_of(struct flood *f, struct world_node *from, enum fault fault,
                     uint32_t count)
{
    world_set_offline(f->world, f->village, true);
    struct id first = new_record(f);
    put_bad_ops(f, from, fault, count);
    struct id last = new_record(f);
    world_set_offline(f->world, f->village, false);

    world_run(f->world, MINUTE_MS);

    assert_true(holds(f->township, &first));
    assert_true(holds(f->township, &last));
}

static void more_orphans_than_may_wait_leave_the_node_up(void **state)
{
    struct flood *f = *state;

    flood_of(f, f->village, ORPHAN, WAITING_SITE_MAX + OVER);

    assert_int_equal(count_at(f, f->township, "waiting"), WAITING_SITE_MAX);
    assert_int_equal(count_at(f, f->township, "quarantined"), 0);
}

/* The room of one site is full of what nothing will come for; a later round brings more.
 */
static void what_an_earlier_round_left_waiting_makes_room(void **state)
{
    struct flood *f = *state;
    flood_of(f, f->village, ORPHAN, WAITING_SITE_MAX);
    struct id newest = {{0}}, oldest = {{0}};
    assert_int_equal(count_at(f, f->township, "waiting"), WAITING_SITE_MAX);
    assert_int_equal(store_guest_oldest(world_store(f->township), world_site(f->village),
                                        true, &oldest),
                     STATUS_OK);

    world_set_offline(f->world, f->village, true);
    newest = put_orphan(f, f->village, WAITING_SITE_MAX);
    world_set_offline(f->world, f->village, false);
    world_run(f->world, MINUTE_MS);

    struct store_place place;
    assert_int_equal(count_at(f, f->township, "waiting"), WAITING_SITE_MAX);
    assert_int_equal(store_op_find(world_store(f->township), &newest, &place), STATUS_OK);
    assert_int_equal(store_op_find(world_store(f->township), &oldest, &place),
                     STATUS_NOT_FOUND);
}

static void forged_ops_fill_the_quarantine_to_its_bound(void **state)
{
    struct flood *f = *state;

    flood_of(f, f->village, FORGED, FLOOD);

    assert_int_equal(count_at(f, f->township, "quarantined"), QUARANTINE_SITE_MAX);
    assert_int_equal(count_at(f, f->township, "waiting"), 0);
}

static void ops_of_a_wrong_time_fill_the_quarantine_to_its_bound(void **state)
{
    struct flood *f = *state;

    flood_of(f, f->village, WRONG_TIME, QUARANTINE_SITE_MAX + OVER);

    assert_int_equal(count_at(f, f->township, "quarantined"), QUARANTINE_SITE_MAX);
}

static void a_parent_that_floods_its_child_leaves_it_up(void **state)
{
    struct flood *f = *state;

    flood_of(f, f->township, FOREIGN, QUARANTINE_SITE_MAX + OVER);

    assert_int_equal(count_at(f, f->village, "quarantined"), QUARANTINE_SITE_MAX);
}

/* Both directions: the dialer asks for them, and brings them. */
static void what_was_refused_is_tried_again_rarely(void **state)
{
    struct flood *f = *state;
    put_bad_ops(f, f->village, FOREIGN, FEW);
    flood_of(f, f->township, FOREIGN, FEW);
    assert_int_equal(count_at(f, f->village, "quarantined"), FEW);
    assert_int_equal(count_at(f, f->township, "quarantined"), FEW);
    size_t asked = world_sent(f->township).len, brought = world_sent(f->village).len;

    world_run(f->world, 6 * 60 * MINUTE_MS);

    assert_true(world_sent(f->township).len > asked); /* the link is alive */
    assert_true(world_sent(f->township).len < 20 * asked);
    assert_true(world_sent(f->village).len < 20 * brought);
}

static void a_refused_op_does_not_keep_new_ones_waiting(void **state)
{
    struct flood *f = *state;
    flood_of(f, f->township, FOREIGN, FEW);
    world_run(f->world, 6 * 60 * MINUTE_MS);

    struct id record = new_record(f);
    world_run(f->world, 1000);

    assert_true(holds(f->township, &record));
}

int main(void)
{
#define ONE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        ONE(more_orphans_than_may_wait_leave_the_node_up),
        ONE(what_an_earlier_round_left_waiting_makes_room),
        ONE(forged_ops_fill_the_quarantine_to_its_bound),
        ONE(ops_of_a_wrong_time_fill_the_quarantine_to_its_bound),
        ONE(a_parent_that_floods_its_child_leaves_it_up),
        ONE(what_was_refused_is_tried_again_rarely),
        ONE(a_refused_op_does_not_keep_new_ones_waiting),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
