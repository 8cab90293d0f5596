/* Records that a peer brings and that are not ours, or none at all: nothing of them stays
 * when the round has ended, and the next record comes. Entry is by node/core/entry.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "storage/statement.h"
#include "storage/store_sources.h"
#include "tests/sim/sim_room.h"

static uint64_t count_of(struct world_node *node, enum ledger_tree tree)
{
    uint64_t count;
    assert_int_equal(store_ops_count(world_store(node), tree, &count), STATUS_OK);
    return count;
}

/* Fengyuan sends the riders along with the next thing that it has to send. */
static void bring(struct sim_county *f, struct riders *riders)
{
    static int number;
    char name[32];
    (void)snprintf(name, sizeof(name), "李%d", number++);
    riders->once = true;
    world_set_mutator(f->fengyuan, sim_ride, riders);
    sim_add_person(f, f->fengyuan, name, "observer", NULL);
    world_run(f->world, 10000);
    world_set_mutator(f->fengyuan, NULL, NULL);
    assert_int_equal(riders->sent, riders->len);
    buf_deinit(&riders->ops);
    *riders = (struct riders){0};
}

static void assert_goes_on(struct sim_county *f)
{
    struct id id = sim_escalate(f, f->fengyuan, "照常");
    world_run(f->world, 120000);
    sim_assert_state(f, f->township, &id, "received");
    sim_assert_state(f, f->fengyuan, &id, "received");
}

/* A founding op of that kind, whose "sites" are these bytes (none: no such field). */
static struct id found(struct sim_county *f, struct riders *riders, const char *kind,
                       struct bytes sites, uint64_t time)
{
    struct draft draft;
    struct forgery forgery = {.seed = world_steward_seed(f->fengyuan),
                              .draft = &draft,
                              .of = f->fengyuan,
                              .time = time};
    draft_init(&draft, kind, NULL);
    if (sites.len > 0)
        draft_raw(&draft, "sites", sites);
    struct id id = sim_forge(&forgery, &riders->ops);
    draft_deinit(&draft);
    riders->len++;
    return id;
}

static struct id add(struct sim_county *f, struct riders *riders, const struct id *scope,
                     const struct id *parents, uint32_t parents_len, uint64_t time)
{
    struct forgery forgery = {.seed = world_steward_seed(f->fengyuan),
                              .kind = "permit",
                              .scope = scope,
                              .of = f->fengyuan,
                              .parents = parents,
                              .parents_len = parents_len,
                              .time = time};
    riders->len++;
    return sim_forge(&forgery, &riders->ops);
}

static void O4_a_record_whose_sites_cannot_be_read_is_nobodys(void **state)
{
    static const struct {
        const char *bytes;
        size_t len;
    } rows[] = {
        {"", 0},                 /* not said */
        {"\x05", 1},             /* no list */
        {"\x90", 1},             /* nobody */
        {"\x91\x05", 2},         /* a number */
        {"\x91\x91\x05", 3},     /* one element */
        {"\x91\x92\x05\x05", 4}, /* no id */
    };
    struct sim_county *f = *state;
    struct riders riders = {0};
    struct buf sites = {0};
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        (void)found(f, &riders, "escalate", bytes_of(rows[i].bytes, rows[i].len), 0);
    pack_array(&sites, 1); /* an id without classes */
    pack_array(&sites, 2);
    pack_bin(&sites, world_site(f->county)->bytes, ID_SIZE);
    pack_str(&sites, "all");
    (void)found(f, &riders, "escalate", buf_bytes(&sites), 0);
    uint64_t shared = count_of(f->township, TREE_SHARED);
    bring(f, &riders);

    assert_int_equal(count_of(f->township, TREE_WAITING), 0);
    assert_int_equal(count_of(f->township, TREE_SHARED), shared + 1); /* the person */
    assert_goes_on(f);
    buf_deinit(&sites);
}

/* Nobody can tell whose it is, and its sites may be ours. */
static void O4_a_record_whose_sites_are_withheld_is_nobodys(void **state)
{
    struct sim_county *f = *state;
    struct riders whole = {0}, riders = {0};
    struct buf sites = {0};
    struct op op;
    pack_array(&sites, 1);
    pack_array(&sites, 2);
    pack_bin(&sites, world_site(f->township)->bytes, ID_SIZE);
    pack_uint(&sites, 1);
    struct id id = found(f, &whole, "escalate", buf_bytes(&sites), 0);
    assert_int_equal(op_decode_bytes(&op, buf_bytes(&whole.ops), NULL), STATUS_OK);
    assert_int_equal(op_rebuild(&op), STATUS_OK);
    op_encode(&op, 0, &riders.ops);
    riders.len = 1;
    uint64_t shared = count_of(f->township, TREE_SHARED);
    bring(f, &riders);

    sim_assert_state(f, f->township, &id, "unknown");
    assert_int_equal(count_of(f->township, TREE_WAITING), 0);
    assert_int_equal(count_of(f->township, TREE_SHARED), shared + 1); /* the person */
    assert_goes_on(f);
    buf_deinit(&whole.ops);
    buf_deinit(&sites);
}

static void M3_a_scope_of_an_unknown_kind_is_set_apart(void **state)
{
    struct sim_county *f = *state;
    struct riders riders = {0};
    uint64_t before = sim_status(f, f->township, "quarantined");
    (void)found(f, &riders, "dance", (struct bytes){0}, 0);
    bring(f, &riders);

    assert_int_equal(sim_status(f, f->township, "quarantined"), before + 1);
    assert_int_equal(count_of(f->township, TREE_WAITING), 0);
    assert_goes_on(f);
}

static void O2_what_lacks_something_beneath_lets_nobody_in(void **state)
{
    static const struct id nowhere = {{0xee}};
    struct sim_county *f = *state;
    struct riders riders = {0};
    struct buf sites = {0};
    pack_array(&sites, 1);
    pack_array(&sites, 2);
    pack_bin(&sites, world_site(f->county)->bytes, ID_SIZE);
    pack_uint(&sites, 1);
    /* Beneath a founding op that is whole: */
    struct id whole = found(f, &riders, "escalate", buf_bytes(&sites), 0);
    struct id child = add(f, &riders, &whole, &whole, 1, 2);
    struct id stray = add(f, &riders, &whole, &nowhere, 1, 2); /* no such parent */
    (void)add(f, &riders, &whole, &stray, 1, 3);               /* a stray one */
    struct id both[2] = {whole, child};
    (void)add(f, &riders, &whole, both, 2, 3); /* two, of which one is older */
    (void)add(f, &riders, &whole, &child, 1, 9);
    /* A founding op of the wrong time, and one that never comes. */
    (void)found(f, &riders, "escalate", buf_bytes(&sites), 2);
    (void)add(f, &riders, &nowhere, &nowhere, 1, 2);
    bring(f, &riders);

    assert_int_equal(count_of(f->township, TREE_WAITING), 0);
    assert_goes_on(f);
    buf_deinit(&sites);
}

static void O2_a_parent_in_another_scope_is_refused_now_or_when_it_comes(void **state)
{
    struct sim_county *f = *state;
    struct riders riders = {0}, late = {0};
    struct id record = sim_escalate(f, f->fengyuan, "水渠");
    const struct id *charter = world_site(f->fengyuan);
    uint64_t before = sim_status(f, f->township, "quarantined");
    struct id parent = add(f, &late, charter, charter, 1, 2);
    (void)add(f, &riders, &record, charter, 1, 2);
    (void)add(f, &riders, &record, &parent, 1, 3);
    buf_add(&riders.ops, late.ops.data, late.ops.len);
    riders.len += late.len;
    buf_deinit(&late.ops);
    bring(f, &riders);

    assert_int_equal(sim_status(f, f->township, "quarantined"), before + 2);
    assert_int_equal(count_of(f->township, TREE_WAITING), 0);
    assert_goes_on(f);
}

static void a_record_comes_in_whatever_order_its_ops_come(void **state)
{
    struct sim_county *f = *state;
    struct riders riders = {0}, founding = {0};
    struct buf sites = {0};
    struct store_place place;
    pack_array(&sites, 1);
    pack_array(&sites, 2);
    pack_bin(&sites, world_site(f->township)->bytes, ID_SIZE);
    pack_uint(&sites, 1);
    struct id record = found(f, &founding, "escalate", buf_bytes(&sites), 0);
    struct id child = add(f, &riders, &record, &record, 1, 2);
    buf_add(&riders.ops, founding.ops.data, founding.ops.len);
    riders.len += founding.len;
    buf_deinit(&founding.ops);
    bring(f, &riders);

    assert_int_equal(store_op_find(world_store(f->township), &child, &place), STATUS_OK);
    assert_false(place.waits);
    assert_goes_on(f);
    buf_deinit(&sites);
}

/* The head of a charter that the record rests upon waits itself. */
static void a_record_whose_authority_waits_is_nobodys(void **state)
{
    static const struct id nowhere = {{0xee}};
    struct sim_county *f = *state;
    struct riders riders = {0};
    struct draft draft;
    struct buf sites = {0};
    const struct id *charter = world_site(f->fengyuan);
    struct id head = add(f, &riders, charter, &nowhere, 1, 9);
    pack_array(&sites, 1);
    pack_array(&sites, 2);
    pack_bin(&sites, world_site(f->county)->bytes, ID_SIZE);
    pack_uint(&sites, 1);
    draft_init(&draft, "escalate", NULL);
    draft_raw(&draft, "sites", buf_bytes(&sites));
    struct forgery forgery = {.seed = world_steward_seed(f->fengyuan),
                              .draft = &draft,
                              .of = f->fengyuan,
                              .authority = &head};
    struct id record = sim_forge(&forgery, &riders.ops);
    struct store_place place;
    riders.len++;
    bring(f, &riders);

    assert_int_equal(store_op_find(world_store(f->township), &record, &place),
                     STATUS_NOT_FOUND);
    assert_int_equal(count_of(f->township, TREE_WAITING), 1); /* the head */
    assert_goes_on(f);
    draft_deinit(&draft);
    buf_deinit(&sites);
}

/* ---- a waiting room that is full ---- */

static void O2_a_full_room_takes_from_who_has_most_of_it(void **state)
{
    static const struct id nowhere = {{0xee}};
    struct sim_county *f = *state;
    struct riders riders = {0};
    struct id record = sim_escalate(f, f->fengyuan, "水渠");
    sim_fill_room(f, WAITING_SITE_MAX);
    for (uint64_t i = 0; i < 3; i++)
        (void)add(f, &riders, &record, &nowhere, 1, 20 + i);
    bring(f, &riders);
    assert_int_equal(count_of(f->township, TREE_WAITING), WAITING_OPS_MAX);

    /* Our own op finds no room: nobody gives way for it. */
    struct buf bytes = {0};
    struct forgery forgery = {.seed = world_steward_seed(f->township),
                              .kind = "accept",
                              .scope = &record,
                              .of = f->township,
                              .parents = &nowhere,
                              .parents_len = 1,
                              .time = 30};
    (void)sim_forge(&forgery, &bytes);
    assert_int_equal(world_admit(f->world, f->township, buf_bytes(&bytes)), STATUS_BUSY);
    buf_deinit(&bytes);
    assert_goes_on(f);
}

/* Rows that tell whose they are may be lost: then nobody gives way. */
static void D1_a_full_room_of_which_nobody_knows_whose_takes_nobody_more(void **state)
{
    static const struct id nowhere = {{0xee}};
    struct sim_county *f = *state;
    struct riders riders = {0};
    struct id record = sim_escalate(f, f->fengyuan, "水渠");
    sim_fill_room(f, WAITING_SITE_MAX);
    assert_int_equal(sqlite3_exec(world_store(f->township)->db, "DELETE FROM guests",
                                  NULL, NULL, NULL),
                     SQLITE_OK);
    struct id id = add(f, &riders, &record, &nowhere, 1, 20);
    bring(f, &riders);

    struct store_place place;
    assert_int_equal(store_op_find(world_store(f->township), &id, &place),
                     STATUS_NOT_FOUND);
    assert_int_equal(count_of(f->township, TREE_WAITING), WAITING_OPS_MAX);
    assert_goes_on(f);
}

static void O2_a_site_that_fills_its_share_in_one_round_gets_no_more_in_it(void **state)
{
    static const struct id nowhere = {{0xee}};
    struct sim_county *f = *state;
    struct riders riders = {0};
    struct id record = sim_escalate(f, f->fengyuan, "水渠");
    struct id other = sim_escalate(f, f->xikou, "别村的");
    struct store *store = world_store(f->township);
    world_set_offline(f->world, f->xikou, true);
    assert_int_equal(store_begin(store), STATUS_OK);
    for (uint32_t i = 0; i < WAITING_SITE_MAX; i++)
        sim_put_guest(store, &other, world_site(f->fengyuan), i);
    assert_int_equal(store_commit(store), STATUS_OK);
    (void)add(f, &riders, &record, &nowhere, 1, 20);
    bring(f, &riders);

    assert_int_equal(sim_count(world_log(f->township), "not_now=1"), 1);
    assert_int_equal(count_of(f->township, TREE_WAITING), WAITING_SITE_MAX);
    assert_goes_on(f);
}

static void O2_a_full_room_in_which_all_have_the_same_takes_nobody_more(void **state)
{
    static const struct id nowhere = {{0xee}};
    struct sim_county *f = *state;
    struct riders riders = {0};
    struct id record = sim_escalate(f, f->fengyuan, "水渠");
    sim_fill_room(f, 1);
    (void)add(f, &riders, &record, &nowhere, 1, 20);
    bring(f, &riders);

    assert_int_equal(count_of(f->township, TREE_WAITING), WAITING_OPS_MAX);
    assert_true(sim_count(world_log(f->township), "not_now=1") > 0);
    assert_goes_on(f);
}

int main(void)
{
#define ONE(test)                                                                        \
    cmocka_unit_test_setup_teardown(test, sim_county_set_up_in_memory,                   \
                                    sim_county_tear_down_in_memory)
    const struct CMUnitTest tests[] = {
        ONE(O4_a_record_whose_sites_cannot_be_read_is_nobodys),
        ONE(O4_a_record_whose_sites_are_withheld_is_nobodys),
        ONE(M3_a_scope_of_an_unknown_kind_is_set_apart),
        ONE(O2_what_lacks_something_beneath_lets_nobody_in),
        ONE(O2_a_parent_in_another_scope_is_refused_now_or_when_it_comes),
        ONE(a_record_comes_in_whatever_order_its_ops_come),
        ONE(a_record_whose_authority_waits_is_nobodys),
        ONE(O2_a_full_room_takes_from_who_has_most_of_it),
        ONE(D1_a_full_room_of_which_nobody_knows_whose_takes_nobody_more),
        ONE(O2_a_site_that_fills_its_share_in_one_round_gets_no_more_in_it),
        ONE(O2_a_full_room_in_which_all_have_the_same_takes_nobody_more),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
