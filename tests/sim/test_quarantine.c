/* What a steward does about what was set apart, on whole nodes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "crypto/digest.h"
#include "node/cases/view.h"
#include "proto/pack_map.h"
#include "tests/sim/sim_county.h"

/* An API call about one number, at the township. */
static enum status about(struct sim_county *f, const char *method, uint64_t number,
                         struct buf *out)
{
    struct buf map = {0};
    pack_map(&map, 1);
    pack_str(&map, "number");
    pack_uint(&map, number);
    enum status status = world_call(f->world, f->township, method, buf_bytes(&map), out);
    buf_deinit(&map);
    return status;
}

/* Puts bytes among what the township has set apart, as if Fengyuan had brought them;
 * their number. */
static uint64_t set_apart(struct sim_county *f, struct bytes bytes)
{
    struct store *store = world_store(f->township);
    struct store_quarantine row = {.site = *world_site(f->fengyuan),
                                   .wall = 1790000000,
                                   .reason = bytes_str("this version does not know it"),
                                   .bytes = bytes};
    digest_of(row.digest.bytes, "fengqiao/1/quarantine", bytes.data, bytes.len);
    assert_int_equal(store_begin(store), STATUS_OK);
    assert_int_equal(store_quarantine_add(store, &row), STATUS_OK);
    assert_int_equal(store_commit(store), STATUS_OK);
    return sim_status(f, f->township, "quarantined");
}

static bool township_has(struct sim_county *f, const struct id *op)
{
    struct store_place place;
    return store_op_find(world_store(f->township), op, &place) == STATUS_OK &&
           !place.waits;
}

/* A `permit` of Fengyuan on a record that the township has. */
static struct id permit(struct sim_county *f, const struct id *record,
                        const struct id *parent, struct buf *bytes)
{
    struct forgery forgery = {.seed = world_steward_seed(f->fengyuan),
                              .kind = "permit",
                              .scope = record,
                              .of = f->fengyuan,
                              .parents = parent,
                              .parents_len = parent == NULL ? 0 : 1,
                              .time = parent == NULL ? 0 : 9};
    return sim_forge(&forgery, bytes);
}

static bool take_row(void *context, struct bytes element)
{
    *(struct bytes *)context = element;
    return true;
}

static void what_is_forged_is_listed_and_shown_and_a_retry_changes_nothing(void **state)
{
    struct sim_county *f = *state;
    struct riders riders = {.len = 1, .once = true};
    struct buf out = {0};
    struct bytes row, text, bytes;
    uint64_t number;
    struct id from, record = sim_escalate(f, f->fengyuan, "水渠");
    (void)permit(f, &record, NULL, &riders.ops);
    riders.ops.data[riders.ops.len - 1] ^= 1; /* the last byte of its signature */
    world_set_mutator(f->fengyuan, sim_ride, &riders);
    sim_add_person(f, f->fengyuan, "王某", "observer", NULL);
    world_run(f->world, 10000);
    world_set_mutator(f->fengyuan, NULL, NULL);

    SIM_SAY(f, f->township, &out, "quarantine.list", NULL, NULL);
    view_map_each(buf_bytes(&out), "rows", take_row, &row);
    assert_true(view_map_text(row, "site_name", &text));
    assert_true(bytes_equal_str(text, "枫源村"));
    assert_true(view_map_text(row, "reason", &text));
    assert_true(bytes_equal_str(text, status_text(STATUS_UNVERIFIED)));
    assert_true(view_map_id(row, "site", &from));
    assert_true(id_equal(&from, world_site(f->fengyuan)));
    assert_true(view_map_uint(row, "number", &number));

    assert_int_equal(about(f, "quarantine.show", number, &out), STATUS_OK);
    struct bytes raw;
    assert_true(pack_map_find(buf_bytes(&out), "bytes", 1, &raw));
    struct pack_reader reader = pack_reader_of(raw);
    assert_int_equal(pack_read_bin(&reader, &bytes, NULL), STATUS_OK);
    assert_true(bytes_equal(bytes, buf_bytes(&riders.ops)));

    assert_int_equal(about(f, "quarantine.retry", number, &out), STATUS_UNVERIFIED);
    assert_int_equal(sim_status(f, f->township, "quarantined"), 1);
    buf_deinit(&riders.ops);
    buf_deinit(&out);
}

static void what_holds_now_enters_and_leaves_the_quarantine(void **state)
{
    struct sim_county *f = *state;
    struct buf out = {0}, bytes = {0};
    struct id record = sim_escalate(f, f->fengyuan, "水渠");
    struct id op = permit(f, &record, NULL, &bytes);
    uint64_t number = set_apart(f, buf_bytes(&bytes));
    struct store_place place;

    assert_int_equal(about(f, "quarantine.retry", number, &out), STATUS_OK);
    world_run(f->world, 20000);

    assert_true(township_has(f, &op));
    assert_int_equal(sim_status(f, f->township, "quarantined"), 0);
    /* It is an op as any other now: the village gets it. */
    assert_int_equal(store_op_find(world_store(f->fengyuan), &op, &place), STATUS_OK);
    assert_int_equal(about(f, "quarantine.retry", number, &out), STATUS_NOT_FOUND);
    buf_deinit(&out);
    buf_deinit(&bytes);
}

static void what_lacks_a_parent_leaves_the_quarantine_and_waits(void **state)
{
    struct sim_county *f = *state;
    struct buf out = {0}, bytes = {0};
    struct id record = sim_escalate(f, f->fengyuan, "水渠"), nowhere = {{7}};
    (void)permit(f, &record, &nowhere, &bytes);
    uint64_t number = set_apart(f, buf_bytes(&bytes));

    assert_int_equal(about(f, "quarantine.retry", number, &out), STATUS_OK);

    assert_int_equal(sim_status(f, f->township, "waiting"), 1);
    assert_int_equal(sim_status(f, f->township, "quarantined"), 0);
    buf_deinit(&out);
    buf_deinit(&bytes);
}

static enum status copy_op(void *context, const struct store_op *row)
{
    buf_add(context, row->bytes.data, row->bytes.len);
    return STATUS_OK;
}

static void a_retry_lets_in_nothing_that_a_peer_may_not_bring(void **state)
{
    struct sim_county *f = *state;
    struct buf out = {0}, bytes = {0};
    struct id scope;
    SIM_SAY(f, f->fengyuan, &out, "case.new", "category", "家事", "title", "私事",
            "narrative", "不外传");
    assert_true(view_map_id(buf_bytes(&out), "scope", &scope));
    assert_int_equal(store_op_get(world_store(f->fengyuan), &scope, copy_op, &bytes),
                     STATUS_OK);
    uint64_t number = set_apart(f, buf_bytes(&bytes));

    assert_int_equal(about(f, "quarantine.retry", number, &out), STATUS_DENIED);

    assert_false(township_has(f, &scope));
    assert_int_equal(sim_status(f, f->township, "quarantined"), 1);
    buf_deinit(&out);
    buf_deinit(&bytes);
}

static void what_is_no_op_is_shown_and_refused_again(void **state)
{
    struct sim_county *f = *state;
    struct buf out = {0};
    uint8_t noise[500];
    rng_fill(world_rng(f->xikou), "noise", NULL, noise, sizeof(noise));
    uint64_t number = set_apart(f, bytes_of(noise, sizeof(noise)));

    assert_int_equal(about(f, "quarantine.show", number, &out), STATUS_OK);
    assert_int_equal(about(f, "quarantine.retry", number, &out), STATUS_INVALID);

    assert_int_equal(sim_status(f, f->township, "quarantined"), 1);
    buf_deinit(&out);
}

static void what_was_dropped_is_gone_and_a_wrong_number_is_said(void **state)
{
    struct sim_county *f = *state;
    struct buf out = {0};
    uint64_t number = set_apart(f, bytes_str("nothing that anybody needs"));

    assert_int_equal(about(f, "quarantine.drop", number + 1, &out), STATUS_NOT_FOUND);
    assert_int_equal(about(f, "quarantine.drop", UINT64_MAX, &out), STATUS_NOT_FOUND);
    assert_int_equal(about(f, "quarantine.drop", number, &out), STATUS_OK);

    assert_int_equal(sim_status(f, f->township, "quarantined"), 0);
    assert_int_equal(about(f, "quarantine.show", number, &out), STATUS_NOT_FOUND);
    buf_deinit(&out);
}

static void who_is_no_steward_may_look_and_change_nothing(void **state)
{
    struct sim_county *f = *state;
    struct buf out = {0};
    uint64_t number = set_apart(f, bytes_str("nothing that anybody needs"));
    sim_add_person(f, f->township, "李某", "mediator", NULL);
    assert_int_equal(world_unlock(f->world, f->township, "李某", "135791"), STATUS_OK);

    assert_int_equal(about(f, "quarantine.show", number, &out), STATUS_OK);
    assert_int_equal(about(f, "quarantine.retry", number, &out), STATUS_DENIED);
    assert_int_equal(about(f, "quarantine.drop", number, &out), STATUS_DENIED);

    assert_int_equal(sim_status(f, f->township, "quarantined"), 1);
    buf_deinit(&out);
}

int main(void)
{
#define ONE(test)                                                                        \
    cmocka_unit_test_setup_teardown(test, sim_county_set_up, sim_county_tear_down)
    const struct CMUnitTest tests[] = {
        ONE(what_is_forged_is_listed_and_shown_and_a_retry_changes_nothing),
        ONE(what_holds_now_enters_and_leaves_the_quarantine),
        ONE(what_lacks_a_parent_leaves_the_quarantine_and_waits),
        ONE(a_retry_lets_in_nothing_that_a_peer_may_not_bring),
        ONE(what_is_no_op_is_shown_and_refused_again),
        ONE(what_was_dropped_is_gone_and_a_wrong_number_is_said),
        ONE(who_is_no_steward_may_look_and_change_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
