/* Ops that no correct node would send, brought over a session by a peer that we know.
 * Rows O1 to O4 of the bad-input table, on whole nodes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "crypto/key.h"
#include "node/cases/view.h"
#include "tests/sim/sim_county.h"

/* The village sends the riders along with the next thing that it has to send. */
static void bring(struct sim_county *f, struct world_node *node, struct riders *riders,
                  const char *with)
{
    riders->once = true;
    riders->sent = 0;
    world_set_mutator(node, sim_ride, riders);
    sim_add_person(f, node, with, "observer", NULL);
    world_run(f->world, 10000);
    world_set_mutator(node, NULL, NULL);
    assert_int_equal(riders->sent, riders->len);
}

static enum status copy_op(void *context, const struct store_op *row)
{
    buf_add(context, row->bytes.data, row->bytes.len);
    return STATUS_OK;
}

/* The fields of an op of ours, into a draft. */
static enum status copy_fields(void *context, const struct store_op *row)
{
    static char names[OP_FIELDS_MAX][OP_NAME_MAX + 1];
    struct op op;
    enum status status = op_decode_bytes(&op, row->bytes, NULL);
    for (uint32_t i = 0; status == STATUS_OK && i < op.fields_len; i++) {
        const struct op_field *field = &op.fields[i];
        (void)snprintf(names[i], sizeof(names[i]), "%.*s", (int)field->name.len,
                       (const char *)field->name.data);
        draft_raw(context, names[i], field->value);
    }
    return status;
}

static void drop_riders(struct riders *riders)
{
    buf_deinit(&riders->ops);
    *riders = (struct riders){0};
}

/* Whatever was brought: the two sides agree, and an ordinary record passes. */
static void assert_goes_on(struct sim_county *f, struct world_node *village)
{
    struct id id = sim_escalate(f, village, "照常");
    world_run(f->world, 120000);
    sim_assert_state(f, f->township, &id, "received");
    sim_assert_state(f, village, &id, "received");
}

static bool township_has(struct sim_county *f, const struct id *op)
{
    struct store_place place;
    return store_op_find(world_store(f->township), op, &place) == STATUS_OK &&
           !place.waits;
}

/* ---- O1 ---- */

struct ends {
    uint64_t ops;
    struct buf dump;
};

/* Xikou's new op reaches the township from three peers, twice in each message, or as
 * usual; what the township holds in the end. */
static void run_o1(bool is_repeated, struct ends *ends)
{
    void *state = NULL;
    assert_int_equal(sim_county_set_up(&state), 0);
    struct sim_county *f = state;
    struct world_node *peers[] = {f->fengyuan, f->xikou, f->county};
    struct riders riders = {0};
    struct id id = sim_escalate(f, f->xikou, "水渠");
    char hex[65];
    hex_encode(hex, id.bytes, ID_SIZE);
    world_set_offline(f->world, f->township, true);
    struct forgery forgery = {.seed = world_steward_seed(f->xikou),
                              .kind = "permit",
                              .scope = &id,
                              .of = f->xikou};
    struct id op = sim_forge(&forgery, &riders.ops);
    assert_int_equal(world_admit(f->world, f->xikou, buf_bytes(&riders.ops)), STATUS_OK);
    assert_non_null(buf_reserve(&riders.ops, riders.ops.len));
    buf_add(&riders.ops, riders.ops.data, riders.ops.len); /* and once more */
    riders.len = 2;
    for (int i = 0; i < 3; i++) {
        if (is_repeated)
            world_set_mutator(peers[i], sim_ride, &riders);
        sim_add_person(f, peers[i], "王某", "observer", NULL);
    }
    world_set_offline(f->world, f->township, false);
    world_run(f->world, 300000);
    if (is_repeated)
        assert_true(riders.sent >= 6);

    assert_true(township_has(f, &op));
    assert_int_equal(sim_status(f, f->township, "quarantined"), 0);
    assert_int_equal(sim_status(f, f->township, "waiting"), 0);
    ends->ops = sim_status(f, f->township, "ops");
    SIM_SAY(f, f->township, &ends->dump, "escalation.show", "escalation", hex);
    drop_riders(&riders);
    assert_int_equal(sim_county_tear_down(&state), 0);
}

static void O1_the_same_op_twice_and_from_three_peers_changes_nothing(void **state)
{
    struct ends once = {0}, often = {0};

    run_o1(false, &once);
    run_o1(true, &often);

    assert_int_equal(once.ops, often.ops);
    assert_true(once.dump.len > 500);
    assert_true(bytes_equal(buf_bytes(&once.dump), buf_bytes(&often.dump)));
    buf_deinit(&once.dump);
    buf_deinit(&often.dump);
}

static void
O1_a_record_that_three_sites_hold_changes_nothing_when_all_bring_it(void **state)
{
    struct sim_county *f = *state;
    struct world_node *peers[] = {f->fengyuan, f->xikou, f->county};
    struct buf out = {0}, before = {0}, after = {0};
    struct riders riders = {0};
    char hex[65];
    struct id id = sim_escalate(f, f->fengyuan, "水渠");
    hex_encode(hex, id.bytes, ID_SIZE);
    SIM_SAY(f, f->township, &out, "escalation.open", "escalation", hex);
    SIM_SAY(f, f->township, &out, "escalation.onward", "escalation", hex, "reason",
            "上报");
    world_run(f->world, 5000);
    sim_assert_state(f, f->county, &id, "received");
    SIM_SAY(f, f->township, &before, "escalation.show", "escalation", hex);
    uint64_t ops = sim_status(f, f->township, "ops");

    /* The founding op and the village's charter, which all three know. */
    struct id founding[] = {id, *world_site(f->fengyuan)};
    for (int i = 0; i < 2; i++) {
        assert_int_equal(
            store_op_get(world_store(f->township), &founding[i], copy_op, &riders.ops),
            STATUS_OK);
        riders.len++;
    }
    for (int i = 0; i < 3; i++)
        bring(f, peers[i], &riders, "王某");

    SIM_SAY(f, f->township, &after, "escalation.show", "escalation", hex);
    assert_true(bytes_equal(buf_bytes(&before), buf_bytes(&after)));
    assert_int_equal(sim_status(f, f->township, "ops"), ops + 3); /* three persons */
    assert_int_equal(sim_status(f, f->township, "quarantined"), 0);
    drop_riders(&riders);
    buf_deinit(&out);
    buf_deinit(&before);
    buf_deinit(&after);
}

/* ---- O2 ---- */

static void O2_an_op_at_the_wrong_logical_time_is_set_apart(void **state)
{
    struct sim_county *f = *state;
    struct riders riders = {0};
    struct id id = sim_escalate(f, f->fengyuan, "时序"), ops[3];
    const uint64_t times[] = {1, 1000, UINT64_MAX / 2};
    for (int i = 0; i < 3; i++) {
        struct forgery forgery = {.seed = world_steward_seed(f->fengyuan),
                                  .kind = "permit",
                                  .scope = &id,
                                  .of = f->fengyuan,
                                  .time = times[i]};
        ops[i] = sim_forge(&forgery, &riders.ops);
        riders.len++;
    }

    bring(f, f->fengyuan, &riders, "王某");

    assert_int_equal(sim_status(f, f->township, "quarantined"), 3);
    for (int i = 0; i < 3; i++)
        assert_false(township_has(f, &ops[i]));
    assert_goes_on(f, f->fengyuan);
    drop_riders(&riders);
}

static void forge_orphan(struct sim_county *f, const struct id *scope,
                         const struct id *parent, struct riders *riders, struct id *op)
{
    struct forgery forgery = {.seed = world_steward_seed(f->fengyuan),
                              .kind = "permit",
                              .scope = scope,
                              .of = f->fengyuan,
                              .parents = parent,
                              .parents_len = 1,
                              .time = 7};
    *op = sim_forge(&forgery, &riders->ops);
    riders->len++;
}

static void O2_ops_without_their_parent_wait_and_the_room_is_bounded(void **state)
{
    struct sim_county *f = *state;
    struct id id = sim_escalate(f, f->fengyuan, "缺父"), op;
    char name[24];
    uint32_t number = 0;
    while (number < WAITING_SITE_MAX + 500) {
        struct riders riders = {0};
        for (int i = 0; i < 1000; i++) {
            struct id parent = {{9, (uint8_t)(number >> 8), (uint8_t)number}};
            forge_orphan(f, &id, &parent, &riders, &op);
            number++;
        }
        (void)snprintf(name, sizeof(name), "王某%u", number);
        bring(f, f->fengyuan, &riders, name);
        assert_false(township_has(f, &op));
        drop_riders(&riders);
    }

    assert_int_equal(sim_status(f, f->township, "waiting"), WAITING_SITE_MAX);
    assert_int_equal(sim_status(f, f->township, "quarantined"), 0);
    sim_assert_state(f, f->township, &id, "received");
    assert_goes_on(f, f->fengyuan);
    assert_goes_on(f, f->xikou);
}

static void O2_a_parent_that_comes_late_frees_what_waited(void **state)
{
    struct sim_county *f = *state;
    struct riders first = {0}, late = {0};
    struct id id = sim_escalate(f, f->fengyuan, "迟到");
    struct forgery forgery = {.seed = world_steward_seed(f->fengyuan),
                              .kind = "permit",
                              .scope = &id,
                              .of = f->fengyuan};
    struct id parent = sim_forge(&forgery, &late.ops);
    late.len = 1;
    struct pack_reader reader = pack_reader_of(buf_bytes(&late.ops));
    struct op op;
    assert_int_equal(op_decode(&op, &reader, NULL, NULL), STATUS_OK);
    forgery.parents = &parent;
    forgery.parents_len = 1;
    forgery.time = op.time + 1;
    struct id child = sim_forge(&forgery, &first.ops);
    first.len = 1;

    bring(f, f->fengyuan, &first, "王某");
    assert_false(township_has(f, &child));
    assert_int_equal(sim_status(f, f->township, "waiting"), 1);
    bring(f, f->fengyuan, &late, "赵某");

    assert_true(township_has(f, &parent));
    assert_true(township_has(f, &child));
    assert_int_equal(sim_status(f, f->township, "waiting"), 0);
    drop_riders(&first);
    drop_riders(&late);
}

/* A `permit` of Fengyuan and another one on top of it, whose time is not the one after.
 */
static void forge_wrong_child(struct sim_county *f, const struct id *scope,
                              struct riders *child, struct riders *parent)
{
    struct forgery forgery = {.seed = world_steward_seed(f->fengyuan),
                              .kind = "permit",
                              .scope = scope,
                              .of = f->fengyuan};
    struct id id = sim_forge(&forgery, &parent->ops);
    parent->len++;
    forgery.parents = &id;
    forgery.parents_len = 1;
    forgery.time = 1000;
    (void)sim_forge(&forgery, &child->ops);
    child->len++;
}

static bool take_row(void *context, struct bytes element)
{
    *(struct bytes *)context = element;
    return true;
}

static void O2_what_waited_and_proves_to_be_of_the_wrong_time_is_set_apart(void **state)
{
    struct sim_county *f = *state;
    struct riders first = {0}, late = {0};
    struct buf out = {0};
    struct bytes row, reason;
    struct id from, id = sim_escalate(f, f->fengyuan, "迟到");
    forge_wrong_child(f, &id, &first, &late);

    bring(f, f->fengyuan, &first, "王某");
    assert_int_equal(sim_status(f, f->township, "waiting"), 1);
    bring(f, f->fengyuan, &late, "赵某");

    assert_int_equal(sim_status(f, f->township, "waiting"), 0);
    assert_int_equal(sim_status(f, f->township, "quarantined"), 1);
    SIM_SAY(f, f->township, &out, "quarantine.list", NULL, NULL);
    view_map_each(buf_bytes(&out), "rows", take_row, &row);
    assert_true(view_map_id(row, "site", &from));
    assert_true(id_equal(&from, world_site(f->fengyuan)));
    assert_true(view_map_text(row, "reason", &reason));
    assert_true(bytes_equal_str(reason, "the logical time is not 1 + its parents'"));
    /* Brought again, it is that same row. */
    bring(f, f->fengyuan, &first, "钱某");
    assert_int_equal(sim_status(f, f->township, "waiting"), 0);
    assert_int_equal(sim_status(f, f->township, "quarantined"), 1);
    assert_goes_on(f, f->fengyuan);
    drop_riders(&first);
    drop_riders(&late);
    buf_deinit(&out);
}

static void
O2_the_same_from_a_copy_of_our_own_site_is_set_apart_under_its_name(void **state)
{
    struct sim_county *f = *state;
    struct riders child = {0}, parent = {0};
    struct buf out = {0};
    struct bytes row;
    struct id from, id = sim_escalate(f, f->fengyuan, "迟到");
    forge_wrong_child(f, &id, &child, &parent);

    assert_int_equal(world_admit(f->world, f->fengyuan, buf_bytes(&child.ops)),
                     STATUS_OK);
    assert_int_equal(sim_status(f, f->fengyuan, "waiting"), 1);
    assert_int_equal(world_admit(f->world, f->fengyuan, buf_bytes(&parent.ops)),
                     STATUS_OK);

    assert_int_equal(sim_status(f, f->fengyuan, "waiting"), 0);
    SIM_SAY(f, f->fengyuan, &out, "quarantine.list", NULL, NULL);
    view_map_each(buf_bytes(&out), "rows", take_row, &row);
    assert_true(view_map_id(row, "site", &from));
    assert_true(id_equal(&from, world_site(f->fengyuan)));
    drop_riders(&child);
    drop_riders(&parent);
    buf_deinit(&out);
}

/* Passes acknowledgements on, and remembers what the last one named that named any. */
struct named {
    uint64_t position;
    uint32_t len;
};

static void look_at_ack(void *context, struct bytes message, struct buf *out)
{
    struct named *named = context;
    struct pack_reader reader = pack_reader_of(message);
    struct bytes name;
    uint32_t elements, len;
    uint64_t messages;
    buf_add(out, message.data, message.len);
    if (pack_read_array(&reader, &elements, NULL) != STATUS_OK ||
        pack_read_str(&reader, &name, NULL) != STATUS_OK ||
        !bytes_equal_str(name, "ack") ||
        pack_read_uint(&reader, &messages, NULL) != STATUS_OK ||
        pack_read_array(&reader, &len, NULL) != STATUS_OK || len == 0)
        return;
    named->len = len;
    assert_int_equal(pack_read_uint(&reader, &named->position, NULL), STATUS_OK);
}

static void O2_what_waited_for_an_op_of_its_own_message_is_named_as_refused(void **state)
{
    struct sim_county *f = *state;
    struct riders both = {0}, late = {0};
    struct named named = {0};
    struct id id = sim_escalate(f, f->fengyuan, "颠倒");
    forge_wrong_child(f, &id, &both, &late);
    buf_append(&both.ops, &late.ops);
    both.len++;
    world_set_mutator(f->township, look_at_ack, &named);

    bring(f, f->fengyuan, &both, "王某");

    assert_int_equal(sim_status(f, f->township, "waiting"), 0);
    assert_int_equal(sim_status(f, f->township, "quarantined"), 1);
    assert_int_equal(named.len, 1);
    assert_int_equal(named.position, 1); /* behind the person, before its parent */
    world_set_mutator(f->township, NULL, NULL);
    assert_goes_on(f, f->fengyuan);
    drop_riders(&both);
    drop_riders(&late);
}

/* An op's id is the hash of bytes that name its parents, so that two ops that name each
 * other cannot be made. What can be made is the claim: each names what the other was
 * before it named the first. */
static void O2_a_claimed_cycle_is_two_ops_that_wait(void **state)
{
    struct sim_county *f = *state;
    struct riders riders = {0}, unsent = {0};
    struct id id = sim_escalate(f, f->fengyuan, "环"), nobody = {{3}}, old, one, other;
    forge_orphan(f, &id, &nobody, &unsent, &old); /* what `other` was before */
    forge_orphan(f, &id, &old, &riders, &one);
    forge_orphan(f, &id, &one, &riders, &other);
    assert_false(id_equal(&old, &other));

    bring(f, f->fengyuan, &riders, "王某");

    assert_int_equal(sim_status(f, f->township, "waiting"), 2);
    assert_false(township_has(f, &one));
    assert_false(township_has(f, &other));
    assert_goes_on(f, f->fengyuan);
    drop_riders(&riders);
    drop_riders(&unsent);
}

/* An op of a version, a scope, a kind, an author, an authority, and then parents. */
static void pack_parents(struct buf *out, uint32_t claimed, uint32_t there)
{
    uint8_t key[32] = {1};
    pack_array(out, 11);
    pack_uint(out, OP_VERSION);
    pack_bin(out, key, 32);
    pack_str(out, "permit");
    pack_bin(out, key, 32);
    pack_array(out, 1);
    pack_bin(out, key, 32);
    pack_array(out, claimed);
    for (uint32_t i = 0; i < there; i++) {
        key[30] = (uint8_t)(i >> 8);
        key[31] = (uint8_t)i;
        pack_bin(out, key, 32);
    }
}

static void O2_a_million_parents_end_the_session_and_leave_nothing(void **state)
{
    struct sim_county *f = *state;
    struct riders riders = {.len = 1};
    uint64_t ops = sim_status(f, f->township, "ops");
    pack_parents(&riders.ops, 1000000, 20000);
    world_forget_log(f->township);

    bring(f, f->fengyuan, &riders, "王某");

    assert_int_equal(sim_count(world_log(f->township), "end=INVALID"), 1);
    assert_int_equal(sim_status(f, f->township, "quarantined"), 0);
    /* The person comes with the next session, without the rider. */
    world_run(f->world, 120000);
    assert_int_equal(sim_status(f, f->township, "ops"), ops + 1);
    assert_goes_on(f, f->fengyuan);
    drop_riders(&riders);
}

static void O2_one_parent_too_many_is_set_apart(void **state)
{
    struct sim_county *f = *state;
    struct riders riders = {.len = 1};
    pack_parents(&riders.ops, OP_PARENTS_MAX + 1, OP_PARENTS_MAX + 1);
    pack_uint(&riders.ops, 9);  /* time */
    pack_uint(&riders.ops, 0);  /* wall */
    pack_array(&riders.ops, 0); /* what stands behind is not looked at */
    pack_array(&riders.ops, 0);
    pack_array(&riders.ops, 0);

    bring(f, f->fengyuan, &riders, "王某");

    assert_int_equal(sim_status(f, f->township, "quarantined"), 1);
    assert_goes_on(f, f->fengyuan);
    drop_riders(&riders);
}

/* ---- O3 ---- */

static void O3_every_wall_clock_is_taken_and_decides_nothing(void **state)
{
    struct sim_county *f = *state;
    const uint64_t walls[] = {0, 1, 2147483648u, 4294967296u, 884541600000, INT64_MAX};
    struct riders riders = {0};
    struct id id = sim_escalate(f, f->fengyuan, "时钟"), op;
    for (int i = 0; i < 6; i++) {
        struct forgery forgery = {.seed = world_steward_seed(f->fengyuan),
                                  .kind = "permit",
                                  .scope = &id,
                                  .of = f->fengyuan,
                                  .wall = walls[i]};
        op = sim_forge(&forgery, &riders.ops);
        riders.len++;
    }

    bring(f, f->fengyuan, &riders, "王某");

    assert_true(township_has(f, &op));
    assert_int_equal(sim_status(f, f->township, "quarantined"), 0);
    assert_int_equal(sim_status(f, f->township, "waiting"), 0);
    sim_assert_state(f, f->township, &id, "received");
    assert_goes_on(f, f->fengyuan);
    drop_riders(&riders);
}

/* ---- O4 ---- */

struct listed {
    struct id id;
    char state[16], title[64];
};

static bool look_at_listed(void *context, struct bytes element)
{
    struct listed *listed = context;
    struct id id;
    struct bytes state, title;
    if (!view_map_id(element, "escalation", &id) || !id_equal(&id, &listed->id) ||
        !view_map_text(element, "state", &state) ||
        !view_map_text(element, "title", &title))
        return true;
    (void)snprintf(listed->state, sizeof(listed->state), "%.*s", (int)state.len,
                   (const char *)state.data);
    (void)snprintf(listed->title, sizeof(listed->title), "%.*s", (int)title.len,
                   (const char *)title.data);
    return false;
}

static void O4_an_escalation_by_a_mediator_is_kept_and_has_no_effect(void **state)
{
    struct sim_county *f = *state;
    uint8_t mediator[32];
    struct riders riders = {0};
    struct id id = sim_escalate(f, f->fengyuan, "真的");
    sim_add_person(f, f->fengyuan, "李某", "mediator", mediator);
    world_run(f->world, 5000);
    /* The same fields as the true one, signed by her alone. */
    struct draft draft;
    draft_init(&draft, "escalate", NULL);
    assert_int_equal(store_op_get(world_store(f->fengyuan), &id, copy_fields, &draft),
                     STATUS_OK);
    struct forgery forgery = {.seed = mediator, .draft = &draft, .of = f->fengyuan};
    struct id forged = sim_forge(&forgery, &riders.ops);
    riders.len = 1;

    bring(f, f->fengyuan, &riders, "王某");

    assert_true(township_has(f, &forged));
    assert_string_equal(sim_refused(f->township, &forged, &forged), "no-right");
    sim_assert_state(f, f->township, &forged, "refused");
    struct buf out = {0};
    SIM_SAY(f, f->township, &out, "inbox", NULL, NULL);
    struct listed listed = {.id = forged};
    view_map_each(buf_bytes(&out), "escalations", look_at_listed, &listed);
    assert_string_equal(listed.state, "refused");
    assert_string_equal(listed.title, "");
    sim_assert_state(f, f->township, &id, "received");
    assert_goes_on(f, f->fengyuan);
    draft_deinit(&draft);
    drop_riders(&riders);
    buf_deinit(&out);
}

static void O4_a_decision_by_a_stranger_is_kept_and_has_no_effect(void **state)
{
    struct sim_county *f = *state;
    const uint8_t nobody[32] = {77};
    struct riders riders = {0};
    struct id id = sim_escalate(f, f->fengyuan, "决定");
    struct draft draft;
    draft_init(&draft, "decide", &id);
    draft_text(&draft, "text", bytes_str("归我"));
    /* A key that is in no charter, in the township's name. */
    struct forgery forgery = {.seed = nobody,
                              .draft = &draft,
                              .scope = &id,
                              .of = f->fengyuan,
                              .authority = world_site(f->township)};
    struct id stranger = sim_forge(&forgery, &riders.ops);
    /* The steward of a site that does not hold the record, in its own name. */
    forgery.seed = world_steward_seed(f->xikou);
    forgery.authority = world_site(f->xikou);
    struct id neighbour = sim_forge(&forgery, &riders.ops);
    /* The village itself, which sent it up and cannot decide it. */
    forgery.seed = world_steward_seed(f->fengyuan);
    forgery.authority = world_site(f->fengyuan);
    struct id village = sim_forge(&forgery, &riders.ops);
    riders.len = 3;

    bring(f, f->fengyuan, &riders, "王某");

    assert_true(township_has(f, &stranger) && township_has(f, &neighbour));
    assert_string_equal(sim_refused(f->township, &id, &stranger), "no-right");
    assert_string_equal(sim_refused(f->township, &id, &neighbour), "no-holder");
    assert_string_equal(sim_refused(f->township, &id, &village), "no-right");
    sim_assert_state(f, f->township, &id, "received");
    assert_goes_on(f, f->fengyuan);
    draft_deinit(&draft);
    drop_riders(&riders);
}

static void O4_what_a_revoked_key_brings_later_is_kept_and_has_no_effect(void **state)
{
    struct sim_county *f = *state;
    uint8_t deputy[32];
    struct buf out = {0};
    struct riders riders = {0};
    struct id id = sim_escalate(f, f->fengyuan, "撤销");
    sim_add_person(f, f->fengyuan, "副手", "steward", deputy);
    world_run(f->world, 5000);
    /* Before: she permits. Her copy of the village remembers these heads. */
    assert_int_equal(world_unlock(f->world, f->fengyuan, "副手", "135791"), STATUS_OK);
    char hex[65];
    hex_encode(hex, id.bytes, ID_SIZE);
    SIM_SAY(f, f->fengyuan, &out, "escalation.permit", "escalation", hex);
    struct id before;
    assert_true(view_map_id(buf_bytes(&out), "op", &before));
    world_run(f->world, 5000);
    struct draft draft;
    draft_init(&draft, "permit", &id);
    draft_text(&draft, "text", bytes_str("事后"));
    struct forgery forgery = {
        .seed = deputy, .draft = &draft, .scope = &id, .of = f->fengyuan};
    struct id later = sim_forge(&forgery, &riders.ops);
    riders.len = 1;
    assert_int_equal(world_unlock(f->world, f->fengyuan, "", "246810"), STATUS_OK);
    SIM_SAY(f, f->fengyuan, &out, "person.revoke", "person", "副手");
    world_run(f->world, 5000);

    bring(f, f->fengyuan, &riders, "王某");

    assert_true(township_has(f, &later));
    assert_string_equal(sim_refused(f->township, &id, &later), "revoked");
    assert_null(sim_refused(f->township, &id, &before)); /* covered */
    assert_goes_on(f, f->fengyuan);
    draft_deinit(&draft);
    drop_riders(&riders);
    buf_deinit(&out);
}

int main(void)
{
#define ONE(test)                                                                        \
    cmocka_unit_test_setup_teardown(test, sim_county_set_up, sim_county_tear_down)
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(O1_the_same_op_twice_and_from_three_peers_changes_nothing),
        ONE(O1_a_record_that_three_sites_hold_changes_nothing_when_all_bring_it),
        ONE(O2_an_op_at_the_wrong_logical_time_is_set_apart),
        ONE(O2_ops_without_their_parent_wait_and_the_room_is_bounded),
        ONE(O2_a_parent_that_comes_late_frees_what_waited),
        ONE(O2_what_waited_and_proves_to_be_of_the_wrong_time_is_set_apart),
        ONE(O2_the_same_from_a_copy_of_our_own_site_is_set_apart_under_its_name),
        ONE(O2_what_waited_for_an_op_of_its_own_message_is_named_as_refused),
        ONE(O2_a_claimed_cycle_is_two_ops_that_wait),
        ONE(O2_a_million_parents_end_the_session_and_leave_nothing),
        ONE(O2_one_parent_too_many_is_set_apart),
        ONE(O3_every_wall_clock_is_taken_and_decides_nothing),
        ONE(O4_an_escalation_by_a_mediator_is_kept_and_has_no_effect),
        ONE(O4_a_decision_by_a_stranger_is_kept_and_has_no_effect),
        ONE(O4_what_a_revoked_key_brings_later_is_kept_and_has_no_effect),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
