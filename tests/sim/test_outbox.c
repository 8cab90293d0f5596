/* What waits in the outbox, and what leaves when a steward sends it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "node/cases/view.h"
#include "proto/pack.h"
#include "tests/sim/sim_county.h"

#define RECORDS 50 /* of one case: an answer has no room for all their changes */
#define NARRATIVE "两家为排水沟争执，话说得很重"

struct scene {
    struct sim_county *f;
    char number[32];
    struct id id;
};

static void copy_number(struct bytes map, char number[static 32])
{
    struct bytes text;
    assert_true(view_map_text(map, "number", &text));
    (void)snprintf(number, 32, "%.*s", (int)text.len, (const char *)text.data);
}

static void note_case(struct scene *scene)
{
    static const char *const texts[][2] = {{"category", "邻里"},
                                           {"context", "去年修过"},
                                           {"narrative", NARRATIVE},
                                           {"parties", NULL},
                                           {"title", "排水沟"}};
    struct buf map = {0}, out = {0};
    pack_map(&map, 5);
    for (size_t i = 0; i < 5; i++) {
        pack_str(&map, texts[i][0]);
        if (texts[i][1] != NULL) {
            pack_str(&map, texts[i][1]);
            continue;
        }
        pack_array(&map, 1);
        pack_array(&map, 2);
        pack_str(&map, "张某");
        pack_str(&map, "甲方");
    }
    assert_int_equal(world_call(scene->f->world, scene->f->fengyuan, "case.new",
                                buf_bytes(&map), &out),
                     STATUS_OK);
    copy_number(buf_bytes(&out), scene->number);
    buf_deinit(&map);
    buf_deinit(&out);
}

static enum status say(const struct scene *scene, struct buf *out, const char *method,
                       const char *const *a)
{
    return world_say(scene->f->world, scene->f->fengyuan, out, method, "case",
                     scene->number, a[0], a[1], a[2], a[3], a[4], a[5], a[6], a[7], NULL);
}

#define SAY(scene, out, method, ...)                                                     \
    do {                                                                                 \
        const char *const arguments[9] = {__VA_ARGS__};                                  \
        assert_int_equal(say(scene, out, method, arguments), STATUS_OK);                 \
    } while (0)

static void consent(const struct scene *scene, const char *fields)
{
    SAY(scene, NULL, "case.consent", "fields", fields, "manner", "oral", "party", "张某",
        "witness", "李某");
}

/* A case of which title and context went up. */
static void begin_scene(struct scene *scene, struct sim_county *f)
{
    struct buf out = {0};
    *scene = (struct scene){.f = f};
    note_case(scene);
    SAY(scene, NULL, "case.triage", "decision", "escalate", "beyond", "true", "reason",
        "涉及两村");
    consent(scene, "[title,context]");
    SAY(scene, &out, "escalate.release", "fields", "[title,context]", "reason",
        "超出村里权限");
    assert_true(view_map_id(buf_bytes(&out), "escalation", &scene->id));
    buf_deinit(&out);
    world_run(f->world, 5000);
}

static void set(const struct scene *scene, const char *field, const char *value)
{
    SAY(scene, NULL, "case.set", "field", field, "value", value);
}

/* --- what is looked at is sent --- */

static enum status send_seen(const struct scene *scene, const char *name,
                             const uint8_t *seen, size_t len, struct buf *out)
{
    struct buf map = {0};
    pack_map(&map, 2);
    pack_str(&map, "case");
    pack_str(&map, name);
    pack_str(&map, "seen");
    pack_bin(&map, seen, len);
    enum status status = world_call(scene->f->world, scene->f->fengyuan, "outbox.send",
                                    buf_bytes(&map), out);
    buf_deinit(&map);
    return status;
}

/* What the outbox says that it showed: of one case, or NULL, of all. */
static void look(const struct scene *scene, const char *name, struct id *seen)
{
    struct buf out = {0};
    SIM_SAY(scene->f, scene->f->fengyuan, &out, "outbox", name ? "case" : NULL, name);
    assert_true(view_map_id(buf_bytes(&out), "seen", seen));
    buf_deinit(&out);
}

/* Looks, and sends that at once: of one case, or "all". */
static enum status send_all_of(const struct scene *scene, const char *name,
                               struct buf *out)
{
    struct id seen;
    look(scene, strcmp(name, "all") == 0 ? NULL : name, &seen);
    return send_seen(scene, name, seen.bytes, ID_SIZE, out);
}

/* --- what the outbox shows, and what the op carries --- */

struct shown {
    struct buf fields; /* name ‖ value, of all that may go */
    uint32_t rows, held;
};

static bool add_row(void *context, struct bytes row)
{
    struct shown *shown = context;
    struct bytes name, held, value;
    shown->rows++;
    assert_true(view_map_text(row, "field", &name));
    assert_true(view_map_text(row, "held", &held));
    assert_true(view_map_get(row, "is", &value));
    shown->held += held.len > 0;
    if (held.len > 0)
        return true;
    buf_add(&shown->fields, "case.", 5);
    buf_add(&shown->fields, name.data, name.len);
    buf_add(&shown->fields, value.data, value.len);
    return true;
}

static struct shown outbox_of(const struct scene *scene)
{
    struct shown shown = {.rows = 0};
    struct buf out = {0};
    SIM_SAY(scene->f, scene->f->fengyuan, &out, "outbox", NULL, NULL);
    view_map_each(buf_bytes(&out), "rows", add_row, &shown);
    buf_deinit(&out);
    return shown;
}

static uint32_t rows_of(const struct scene *scene)
{
    struct shown shown = outbox_of(scene);
    buf_deinit(&shown.fields);
    return shown.rows;
}

static enum status read_op(void *context, const struct store_op *row)
{
    struct buf *fields = context;
    struct op op;
    assert_int_equal(op_decode_bytes(&op, row->bytes, NULL), STATUS_OK);
    assert_true(op_is_kind(&op, "update"));
    for (uint32_t i = 0; i < op.fields_len; i++) {
        buf_add(fields, op.fields[i].name.data, op.fields[i].name.len);
        buf_add(fields, op.fields[i].value.data, op.fields[i].value.len);
    }
    return STATUS_OK;
}

static bool take_op(void *context, struct bytes element)
{
    assert_true(view_map_id(element, "op", context));
    return true;
}

/* Of all ops that left. */
struct reading {
    const struct scene *scene;
    struct buf *fields;
};

static bool read_sent(void *context, struct bytes element)
{
    struct reading *reading = context;
    struct id op;
    assert_true(view_map_id(element, "op", &op));
    assert_int_equal(store_op_get(world_store(reading->scene->f->fengyuan), &op, read_op,
                                  reading->fields),
                     STATUS_OK);
    return true;
}

/* Sends, and gives what the one op that left carries. */
static void send(const struct scene *scene, struct world_node *at, struct buf *fields)
{
    struct buf out = {0};
    struct id op;
    assert_int_equal(send_all_of(scene, scene->number, &out), STATUS_OK);
    assert_int_equal(view_map_count(buf_bytes(&out), "sent"), 1);
    view_map_each(buf_bytes(&out), "sent", take_op, &op);
    world_run(scene->f->world, 5000);
    assert_int_equal(store_op_get(world_store(at), &op, read_op, fields), STATUS_OK);
    buf_deinit(&out);
}

static void assert_at_township(const struct scene *scene, const char *title)
{
    struct buf out = {0};
    struct bytes view, text;
    char hex[65];
    hex_encode(hex, scene->id.bytes, ID_SIZE);
    SIM_SAY(scene->f, scene->f->township, &out, "escalation.show", "escalation", hex);
    assert_true(view_map_get(buf_bytes(&out), "view", &view));
    assert_true(view_text(view, "title", &text));
    assert_true(bytes_equal_str(text, title));
    assert_false(view_text(view, "narrative", &text));
    assert_int_equal(sim_count(buf_bytes(&out), "话说得很重"), 0);
    buf_deinit(&out);
}

static void what_leaves_is_what_the_outbox_showed(void **state)
{
    struct scene scene;
    struct buf left = {0};
    begin_scene(&scene, *state);
    assert_int_equal(outbox_of(&scene).rows, 0);
    set(&scene, "title", "排水沟堵了");
    set(&scene, "title", "排水沟又堵了");
    set(&scene, "context", "去年修过，今年又堵");
    set(&scene, "narrative", NARRATIVE "，还动了手"); /* stays */
    set(&scene, "place", "村东头");                   /* the same */
    assert_at_township(&scene, "排水沟");

    struct shown shown = outbox_of(&scene);
    send(&scene, scene.f->township, &left);

    assert_int_equal(shown.rows, 2);
    assert_true(bytes_equal(buf_bytes(&shown.fields), buf_bytes(&left)));
    assert_at_township(&scene, "排水沟又堵了");
    assert_int_equal(outbox_of(&scene).rows, 0);
    buf_deinit(&shown.fields);
    buf_deinit(&left);
}

static void how_it_was_found_can_be_set_and_goes_up_anew(void **state)
{
    struct scene scene;
    struct buf left = {0};
    begin_scene(&scene, *state);
    set(&scene, "found-by", "走访");
    consent(&scene, "[title,context,found-by]");
    SAY(&scene, NULL, "escalate.release", "fields", "[context,found-by,title]", "reason",
        "超出村里权限");
    assert_int_equal(outbox_of(&scene).rows, 0);
    set(&scene, "found-by", "群众来说");

    struct shown shown = outbox_of(&scene);
    send(&scene, scene.f->township, &left);

    assert_int_equal(shown.rows, 1);
    assert_int_equal(sim_count(buf_bytes(&left), "case.found-by"), 1);
    assert_int_equal(sim_count(buf_bytes(&left), "群众来说"), 1);
    buf_deinit(&shown.fields);
    buf_deinit(&left);
}

/* A case that went up so often that its changes are more than one answer carries. */
static void begin_wide_scene(struct scene *scene, struct sim_county *f)
{
    char text[12001];
    begin_scene(scene, f);
    world_set_offline(f->world, f->fengyuan, true);
    memset(text, 'x', sizeof(text) - 1);
    text[sizeof(text) - 1] = '\0';
    set(scene, "context", text);
    set(scene, "narrative", text);
    consent(scene, "[title,context,narrative]");
    for (int i = 0; i < RECORDS; i++)
        SAY(scene, NULL, "escalate.release", "fields", "[context,narrative]", "reason",
            "超出村里权限");
    memset(text, 'y', sizeof(text) - 1);
    set(scene, "context", text);
    set(scene, "narrative", text);
}

static void what_an_answer_has_no_room_for_is_counted_and_not_sent(void **state)
{
    struct sim_county *f = *state;
    struct scene scene;
    struct buf out = {0};
    uint64_t left_out = 0, stays = 0;
    int sendings = 0;
    begin_wide_scene(&scene, f);

    SAY(&scene, &out, "outbox", NULL);

    uint32_t rows = view_map_count(buf_bytes(&out), "rows");
    assert_true(view_map_uint(buf_bytes(&out), "left_out", &left_out));
    assert_true(left_out > 0 && out.len < CONTROL_MESSAGE_MAX);
    assert_int_equal(rows + left_out, 2 * RECORDS + 1);

    struct shown shown = outbox_of(&scene);
    struct id seen;
    look(&scene, scene.number, &seen);
    assert_int_equal(send_seen(&scene, scene.number, seen.bytes, ID_SIZE, &out),
                     STATUS_OK);

    assert_true(view_map_uint(buf_bytes(&out), "left_out", &stays));
    assert_int_equal(stays, left_out);
    struct buf left = {0};
    view_map_each(buf_bytes(&out), "sent", read_sent, &(struct reading){&scene, &left});
    assert_true(bytes_equal(buf_bytes(&shown.fields), buf_bytes(&left)));
    assert_int_equal(send_seen(&scene, scene.number, seen.bytes, ID_SIZE, &out),
                     STATUS_CONFLICT);
    while (rows_of(&scene) > 0 && sendings++ < RECORDS)
        assert_int_equal(send_all_of(&scene, scene.number, &out), STATUS_OK);
    assert_true(sendings > 0 && sendings < RECORDS);
    buf_deinit(&shown.fields);
    buf_deinit(&left);
    buf_deinit(&out);
}

/* Records with the title stand before and behind many of which all is held. */
static void what_is_held_takes_no_room_of_what_may_go(void **state)
{
    struct scene scene;
    struct buf out = {0};
    uint64_t left_out = 0;
    begin_wide_scene(&scene, *state);
    for (int i = 0; i < 4; i++)
        SAY(&scene, NULL, "escalate.release", "fields", "[context,title]", "reason",
            "超出村里权限");
    set(&scene, "title", "排水沟堵了");
    consent(&scene, "[title]");
    SAY(&scene, &out, "outbox", NULL);
    assert_true(view_map_uint(buf_bytes(&out), "left_out", &left_out));
    assert_true(left_out > 0);
    struct shown shown = outbox_of(&scene);
    assert_int_equal(shown.rows, shown.held + 5);

    assert_int_equal(send_all_of(&scene, scene.number, &out), STATUS_OK);

    assert_int_equal(view_map_count(buf_bytes(&out), "sent"), 5);
    assert_int_equal(outbox_of(&scene).rows, shown.held);
    buf_deinit(&shown.fields);
    buf_deinit(&out);
}

/* What stays is told by its name, and not by what it says. */
static void a_row_that_is_held_tells_no_texts(void **state)
{
    struct scene scene;
    struct buf out = {0};
    begin_scene(&scene, *state);
    set(&scene, "title", "排水沟堵了");
    set(&scene, "context", "CANARY-HELD");
    consent(&scene, "[title]");

    assert_int_equal(send_all_of(&scene, scene.number, &out), STATUS_OK);

    assert_int_equal(view_map_count(buf_bytes(&out), "held"), 1);
    assert_int_equal(sim_count(buf_bytes(&out), "CANARY-HELD"), 0);
    buf_deinit(&out);
}

static void what_a_party_takes_back_stays_in_the_outbox(void **state)
{
    struct scene scene;
    struct buf left = {0};
    begin_scene(&scene, *state);
    set(&scene, "title", "排水沟堵了");
    set(&scene, "context", "去年修过，今年又堵");
    consent(&scene, "[title]");

    struct shown shown = outbox_of(&scene);
    send(&scene, scene.f->township, &left);

    assert_int_equal(shown.held, 1);
    assert_true(bytes_equal(buf_bytes(&shown.fields), buf_bytes(&left)));
    assert_at_township(&scene, "排水沟堵了");
    assert_int_equal(outbox_of(&scene).held, 1);
    assert_int_equal(send_all_of(&scene, scene.number, NULL), STATUS_DENIED);

    consent(&scene, "[title,context]");
    buf_clear(&left);
    send(&scene, scene.f->township, &left);
    assert_int_equal(outbox_of(&scene).rows, 0);
    buf_deinit(&shown.fields);
    buf_deinit(&left);
}

static void all_is_sent_of_every_case_that_went_up(void **state)
{
    struct sim_county *f = *state;
    struct scene scenes[2];
    struct buf out = {0};
    for (int i = 0; i < 2; i++) {
        begin_scene(&scenes[i], f);
        set(&scenes[i], "title", "排水沟堵了");
    }
    struct shown shown = outbox_of(&scenes[0]);
    assert_int_equal(shown.rows, 2);

    assert_int_equal(send_all_of(&scenes[0], "all", &out), STATUS_OK);
    world_run(f->world, 5000);

    assert_int_equal(view_map_count(buf_bytes(&out), "sent"), 2);
    for (int i = 0; i < 2; i++)
        assert_at_township(&scenes[i], "排水沟堵了");
    buf_deinit(&shown.fields);
    buf_deinit(&out);
}

static void what_was_recalled_stops_nothing_else(void **state)
{
    struct sim_county *f = *state;
    struct scene scenes[2];
    struct buf out = {0};
    char hex[65];
    for (int i = 0; i < 2; i++) {
        begin_scene(&scenes[i], f);
        set(&scenes[i], "title", "排水沟堵了");
    }
    hex_encode(hex, scenes[0].id.bytes, ID_SIZE);
    SIM_SAY(f, f->fengyuan, NULL, "escalation.recall", "escalation", hex, "reason",
            "当事人撤回");
    assert_int_equal(send_all_of(&scenes[0], scenes[0].number, NULL), STATUS_INVALID);

    assert_int_equal(send_all_of(&scenes[0], "all", &out), STATUS_OK);
    world_run(f->world, 5000);

    assert_int_equal(view_map_count(buf_bytes(&out), "sent"), 1);
    assert_at_township(&scenes[1], "排水沟堵了");
    buf_deinit(&out);
}

static void what_nobody_looked_at_does_not_leave(void **state)
{
    struct scene scene, other;
    struct id seen, all;
    begin_scene(&scene, *state);
    begin_scene(&other, *state);
    set(&scene, "title", "排水沟堵了");
    look(&scene, scene.number, &seen);
    look(&scene, NULL, &all);
    assert_true(id_equal(&seen, &all)); /* of the other case nothing waits */

    set(&scene, "context", "去年修过，今年又堵");
    assert_int_equal(send_seen(&scene, scene.number, seen.bytes, ID_SIZE, NULL),
                     STATUS_CONFLICT);
    set(&scene, "context", "去年修过");
    set(&scene, "title", "排水沟又堵了");
    assert_int_equal(send_seen(&scene, scene.number, seen.bytes, ID_SIZE, NULL),
                     STATUS_CONFLICT);
    set(&scene, "title", "排水沟堵了");
    set(&other, "title", "水渠");
    assert_int_equal(send_seen(&scene, "all", all.bytes, ID_SIZE, NULL), STATUS_CONFLICT);
    assert_int_equal(send_seen(&scene, scene.number, seen.bytes, ID_SIZE - 1, NULL),
                     STATUS_INVALID);
    world_run(scene.f->world, 5000);
    assert_at_township(&scene, "排水沟");

    /* What does not leave was not to be looked at. */
    set(&scene, "narrative", NARRATIVE "，还动了手");
    assert_int_equal(send_seen(&scene, scene.number, seen.bytes, ID_SIZE, NULL),
                     STATUS_OK);

    world_run(scene.f->world, 5000);
    assert_at_township(&scene, "排水沟堵了");
    assert_at_township(&other, "排水沟");
}

static void without_saying_what_was_seen_nothing_is_sent(void **state)
{
    struct scene scene;
    struct sim_county *f = *state;
    struct buf out = {0};
    const char *const none[9] = {NULL};
    begin_scene(&scene, f);
    set(&scene, "title", "排水沟堵了");

    assert_int_equal(say(&scene, &out, "outbox.send", none), STATUS_INVALID);
    assert_int_equal(sim_count(buf_bytes(&out), "nobody looked at"), 1);
    assert_int_equal(
        world_say(f->world, f->fengyuan, NULL, "outbox.send", "case", "all", NULL),
        STATUS_INVALID);

    world_run(f->world, 5000);
    assert_at_township(&scene, "排水沟");
    assert_int_equal(rows_of(&scene), 1);
    buf_deinit(&out);
}

/* A party takes a consent back, and gives it again: that was shown as what stays. */
static void what_was_shown_as_held_does_not_leave_by_itself(void **state)
{
    struct scene scene;
    struct id seen;
    begin_scene(&scene, *state);
    set(&scene, "title", "排水沟堵了");
    set(&scene, "context", "去年修过，今年又堵");
    consent(&scene, "[title]");
    look(&scene, scene.number, &seen);
    consent(&scene, "[title,context]");

    assert_int_equal(send_seen(&scene, scene.number, seen.bytes, ID_SIZE, NULL),
                     STATUS_CONFLICT);

    look(&scene, scene.number, &seen);
    assert_int_equal(send_seen(&scene, scene.number, seen.bytes, ID_SIZE, NULL),
                     STATUS_OK);
}

static void who_may_not_send_and_what_is_not_there_is_said(void **state)
{
    struct scene scene;
    struct sim_county *f = *state;
    const char *const none[9] = {NULL};
    const struct id unseen = {{0}};
    begin_scene(&scene, f);
    assert_int_equal(send_all_of(&scene, scene.number, NULL), STATUS_INVALID);
    assert_int_equal(say(&scene, NULL, "outbox", none), STATUS_OK);
    assert_int_equal(world_say(f->world, f->fengyuan, NULL, "outbox.send", NULL),
                     STATUS_INVALID);
    assert_int_equal(send_seen(&scene, "2026-9999", unseen.bytes, ID_SIZE, NULL),
                     STATUS_NOT_FOUND);
    assert_int_equal(
        world_say(f->world, f->fengyuan, NULL, "outbox", "case", "2026-9999", NULL),
        STATUS_NOT_FOUND);
    set(&scene, "title", "排水沟堵了");
    sim_add_person(f, f->fengyuan, "王某", "mediator", NULL);
    assert_int_equal(world_unlock(f->world, f->fengyuan, "王某", "135791"), STATUS_OK);

    assert_int_equal(send_all_of(&scene, scene.number, NULL), STATUS_DENIED);

    world_run(f->world, 5000);
    assert_at_township(&scene, "排水沟");
}

int main(void)
{
#define ONE(test)                                                                        \
    cmocka_unit_test_setup_teardown(test, sim_county_set_up_in_memory,                   \
                                    sim_county_tear_down_in_memory)
    const struct CMUnitTest tests[] = {
        ONE(what_leaves_is_what_the_outbox_showed),
        ONE(how_it_was_found_can_be_set_and_goes_up_anew),
        ONE(what_an_answer_has_no_room_for_is_counted_and_not_sent),
        ONE(what_is_held_takes_no_room_of_what_may_go),
        ONE(a_row_that_is_held_tells_no_texts),
        ONE(what_a_party_takes_back_stays_in_the_outbox),
        ONE(all_is_sent_of_every_case_that_went_up),
        ONE(what_was_recalled_stops_nothing_else),
        ONE(what_nobody_looked_at_does_not_leave),
        ONE(without_saying_what_was_seen_nothing_is_sent),
        ONE(what_was_shown_as_held_does_not_leave_by_itself),
        ONE(who_may_not_send_and_what_is_not_there_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
