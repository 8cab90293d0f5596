/* What a village, its township, the county and a department say to each other about a
 * record, over their API; and what happens where the network is gone for all of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "node/cases/view.h"
#include "tests/sim/sim_county.h"

#define OTHER_CLIENT 100
#define LONG_LEN 5000 /* above what a reason may have */

struct scene {
    struct sim_county *f;
    struct world_node *station; /* a department beneath the township */
    struct id id;
    char hex[65];
};

/* Names and values as world_say takes them; the record stands for the first. */
struct row {
    const char *method;
    const char *arguments[7];
    enum status answer;
};

static void begin_scene(struct scene *scene, struct sim_county *f)
{
    *scene = (struct scene){.f = f};
    scene->station = world_found(f->world, "department", "水利站", "station:1");
    world_pair(f->world, f->township, scene->station);
    scene->id = sim_escalate(f, f->fengyuan, "水渠");
    hex_encode(scene->hex, scene->id.bytes, ID_SIZE);
}

static enum status say(struct scene *scene, struct world_node *node, struct buf *out,
                       const char *method, const char *const *a)
{
    return world_say(scene->f->world, node, out, method, "escalation", scene->hex, a[0],
                     a[1], a[2], a[3], a[4], a[5], a[6], NULL);
}

#define SAY(scene, node, out, method, ...)                                               \
    do {                                                                                 \
        const char *const arguments[8] = {__VA_ARGS__};                                  \
        assert_int_equal(say(scene, node, out, method, arguments), STATUS_OK);           \
    } while (0)

static void assert_answers(struct scene *scene, struct world_node *node,
                           const struct row *rows, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        enum status status = say(scene, node, NULL, rows[i].method, rows[i].arguments);
        if (status != rows[i].answer)
            fail_msg("%s, row %zu: %s and not %s", rows[i].method, i, status_name(status),
                     status_name(rows[i].answer));
    }
}

#define LEN(rows) (sizeof(rows) / sizeof(rows[0]))

/* The view of the record at a node; the caller's. */
static void view_of(struct scene *scene, struct world_node *node, struct buf *view)
{
    struct buf out = {0};
    struct bytes raw;
    SAY(scene, node, &out, "escalation.show", NULL);
    assert_true(view_map_get(buf_bytes(&out), "view", &raw));
    buf_clear(view);
    buf_add(view, raw.data, raw.len);
    buf_deinit(&out);
}

static uint32_t count_of(struct scene *scene, struct world_node *node, const char *list)
{
    struct buf view = {0};
    view_of(scene, node, &view);
    uint32_t count = view_map_count(buf_bytes(&view), list);
    buf_deinit(&view);
    return count;
}

static void op_text_of(struct buf *out, char hex[static 13])
{
    struct id op;
    assert_true(view_map_id(buf_bytes(out), "op", &op));
    hex_encode(hex, op.bytes, 6);
}

static void invite_station(struct scene *scene)
{
    struct sim_county *f = scene->f;
    SAY(scene, f->township, NULL, "escalation.open", NULL);
    SAY(scene, f->township, NULL, "escalation.invite", "site", "水利站");
    world_run(f->world, 10000);
}

static void a_conversation_is_the_same_for_all_who_take_part(void **state)
{
    struct sim_county *f = *state;
    struct scene scene;
    struct buf out = {0}, views[3] = {{0}};
    char advice[13], task[13];
    begin_scene(&scene, f);
    invite_station(&scene);
    SAY(&scene, f->township, NULL, "escalation.grade", "word", "镇二级", "reason",
        "涉及两村");
    SAY(&scene, f->township, &out, "escalation.advise", "text", "先测量水位");
    op_text_of(&out, advice);
    SAY(&scene, f->township, &out, "escalation.task", "text", "测量水位", "owner",
        "水利站", "due", "2026-11-30");
    op_text_of(&out, task);
    world_run(f->world, 10000);

    SAY(&scene, f->fengyuan, NULL, "escalation.decline", "op", advice, "text",
        "村里另有办法");
    SAY(&scene, scene.station, NULL, "escalation.open", NULL);
    SAY(&scene, scene.station, NULL, "escalation.joint", "word", "working");
    SAY(&scene, scene.station, NULL, "escalation.task_done", "op", task);
    sim_add_person(f, f->township, "王法官", "judge", NULL);
    assert_int_equal(world_unlock(f->world, f->township, "王法官", "135791"), STATUS_OK);
    SAY(&scene, f->township, NULL, "escalation.rule", "text", "沟由两村各清一半");
    assert_int_equal(world_unlock(f->world, f->township, "", "246810"), STATUS_OK);
    SAY(&scene, f->township, NULL, "escalation.refer", "channel", "court", "text",
        "双方争的是所有权");
    world_run(f->world, 10000);

    struct world_node *const nodes[] = {f->fengyuan, f->township, scene.station};
    for (int i = 0; i < 3; i++) {
        view_of(&scene, nodes[i], &views[i]);
        assert_int_equal(view_map_count(buf_bytes(&views[i]), "refused"), 0);
        assert_true(bytes_equal(buf_bytes(&views[0]), buf_bytes(&views[i])));
    }
    assert_int_equal(view_map_count(buf_bytes(&views[0]), "grades"), 1);
    assert_int_equal(view_map_count(buf_bytes(&views[0]), "joint"), 1);
    assert_int_equal(view_map_count(buf_bytes(&views[0]), "assigned"), 1);
    sim_assert_state(f, f->fengyuan, &scene.id, "referred");
    for (int i = 0; i < 3; i++)
        buf_deinit(&views[i]);
    buf_deinit(&out);
}

static void what_is_no_answer_is_refused_and_nothing_is_written(void **state)
{
    static const struct row early[] = {
        {"escalation.refer", {"channel", "court", "text", "争的是所有权"}, STATUS_DENIED},
        {"escalation.grade", {"word", "镇二级", "reason", "两村"}, STATUS_DENIED},
        {"escalation.joint", {"word", "taken"}, STATUS_DENIED},
        {"escalation.invite", {"site", "水利站"}, STATUS_DENIED},
    };
    static const struct row rows[] = {
        {"escalation.refer", {NULL}, STATUS_INVALID},
        {"escalation.refer", {"channel", "police", "text", "报案"}, STATUS_INVALID},
        {"escalation.refer", {"channel", "court"}, STATUS_INVALID},
        {"escalation.rule", {NULL}, STATUS_INVALID},
        {"escalation.rule", {"text", "驳回"}, STATUS_DENIED},
        {"escalation.task", {"text", "测量", "owner", "水利站"}, STATUS_INVALID},
        {"escalation.task",
         {"text", "测量", "owner", "水利站", "due", "2026-02-30"},
         STATUS_INVALID},
        {"escalation.task",
         {"text", "测量", "owner", "水利站", "due", "明天"},
         STATUS_INVALID},
        {"escalation.task_done", {NULL}, STATUS_INVALID},
        {"escalation.task_done", {"op", "deadbeef"}, STATUS_NOT_FOUND},
        {"escalation.task_done", {"op", "dead"}, STATUS_NOT_FOUND},
        {"escalation.decline", {"op", "deadbeef", "text", "不"}, STATUS_NOT_FOUND},
        {"escalation.grade", {"word", "镇二级"}, STATUS_INVALID},
        {"escalation.joint", {"word", "perhaps"}, STATUS_INVALID},
        {"escalation.invite", {NULL}, STATUS_INVALID},
        {"escalation.invite", {"site", "无名站"}, STATUS_NOT_FOUND},
        {"escalation.invite", {"site", "水利站", "classes", "[secrets]"}, STATUS_INVALID},
        {"escalation.invite",
         {"site", "水利站", "classes",
          "[record,record,record,record,record,record,"
          "record,record,record]"},
         STATUS_INVALID},
    };
    struct sim_county *f = *state;
    struct scene scene;
    begin_scene(&scene, f);
    assert_answers(&scene, f->township, early, LEN(early));
    SAY(&scene, f->township, NULL, "escalation.open", NULL);
    uint32_t before = count_of(&scene, f->township, "journal");

    assert_answers(&scene, f->township, rows, LEN(rows));

    assert_int_equal(count_of(&scene, f->township, "journal"), before);
    assert_int_equal(count_of(&scene, f->township, "refused"), 0);
}

static void about_a_record_that_is_not_here_nothing_is_said(void **state)
{
    static const char *const methods[] = {"escalation.refer",     "escalation.rule",
                                          "escalation.decline",   "escalation.task",
                                          "escalation.invite",    "escalation.grade",
                                          "escalation.task_done", "escalation.joint"};
    struct sim_county *f = *state;
    for (size_t i = 0; i < LEN(methods); i++)
        assert_int_equal(world_say(f->world, f->township, NULL, methods[i], "escalation",
                                   "deadbeef", NULL),
                         STATUS_NOT_FOUND);
}

static void an_op_is_named_by_enough_digits_of_its_own_record(void **state)
{
    struct sim_county *f = *state;
    struct scene scene;
    struct buf out = {0};
    char opened[13], founding[65];
    begin_scene(&scene, f);
    SAY(&scene, f->township, &out, "escalation.open", NULL);
    op_text_of(&out, opened);
    (void)snprintf(founding, sizeof(founding), "%.64s", scene.hex);
    const struct row rows[] = {
        {"escalation.task_done", {"op", opened}, STATUS_INVALID}, /* it is no task */
        {"escalation.task_done", {"op", founding}, STATUS_INVALID},
    };
    assert_answers(&scene, f->township, rows, LEN(rows));
    buf_deinit(&out);
}

/* A value of a class that some do not see decides nothing: one that is too long would
 * stand there, and read as withheld for good. */
static void what_nobody_could_read_is_not_signed(void **state)
{
    struct sim_county *f = *state;
    struct scene scene;
    char text[LONG_LEN + 1];
    memset(text, 'x', LONG_LEN);
    text[LONG_LEN] = '\0';
    begin_scene(&scene, f);
    SAY(&scene, f->township, NULL, "escalation.open", NULL);
    const struct row rows[] = {
        {"escalation.onward", {"reason", text}, STATUS_INVALID},
        {"escalation.grade", {"word", "镇二级", "reason", text}, STATUS_TOO_LARGE},
    };
    assert_answers(&scene, f->township, rows, LEN(rows));
    assert_int_equal(count_of(&scene, f->township, "refused"), 0);
}

/* --- joint --- */

static void an_invited_department_sees_what_it_was_given_and_no_more(void **state)
{
    struct sim_county *f = *state;
    struct scene scene;
    struct buf view = {0};
    struct bytes text;
    begin_scene(&scene, f);
    SAY(&scene, f->township, NULL, "escalation.open", NULL);
    SAY(&scene, f->township, NULL, "escalation.invite", "site", "水利站", "classes",
        "[record,talk]", "text", "请协助");
    world_run(f->world, 10000);

    view_of(&scene, scene.station, &view);

    assert_true(view_text(buf_bytes(&view), "title", &text));
    assert_false(view_text(buf_bytes(&view), "context", &text));
    assert_int_equal(count_of(&scene, f->fengyuan, "holders"), 3);
    buf_deinit(&view);
}

static void nobody_is_invited_whom_the_village_did_not_permit(void **state)
{
    static const struct row rows[] = {
        {"escalation.invite", {"site", "水利站"}, STATUS_DENIED}};
    struct sim_county *f = *state;
    struct scene scene;
    struct buf out = {0};
    struct bytes text;
    char number[32];
    begin_scene(&scene, f);
    SIM_SAY(f, f->xikou, &out, "case.new", "category", "邻里", "title", "井", "narrative",
            "争水", "context", "去年淘过");
    assert_true(view_map_text(buf_bytes(&out), "number", &text));
    (void)snprintf(number, sizeof(number), "%.*s", (int)text.len,
                   (const char *)text.data);
    SIM_SAY(f, f->xikou, &out, "case.triage", "case", number, "decision", "escalate",
            "beyond", "true", "reason", "涉及两村");
    SIM_SAY(f, f->xikou, &out, "escalate.release", "case", number, "fields",
            "[title,context]", "reason", "超出村里权限", "no_parties", "渠是村里的");
    assert_true(view_map_id(buf_bytes(&out), "escalation", &scene.id));
    hex_encode(scene.hex, scene.id.bytes, ID_SIZE);
    world_run(f->world, 5000);
    SAY(&scene, f->township, NULL, "escalation.open", NULL);
    assert_answers(&scene, f->township, rows, LEN(rows));

    SAY(&scene, f->xikou, NULL, "escalation.permit", NULL);
    world_run(f->world, 5000);
    SAY(&scene, f->township, NULL, "escalation.invite", "site", "水利站");
    world_run(f->world, 5000);

    sim_assert_state(f, scene.station, &scene.id, "received");
    buf_deinit(&out);
}

static bool count_authors(void *context, struct bytes element)
{
    uint32_t *advice = context;
    *advice += view_map_has_text(element, "kind", "advise");
    return true;
}

/* Township, county and department each go on without a line to anybody. */
static void three_that_are_offline_converge_and_every_author_is_kept(void **state)
{
    struct sim_county *f = *state;
    struct scene scene;
    struct buf views[4] = {{0}};
    begin_scene(&scene, f);
    invite_station(&scene);
    SAY(&scene, f->township, NULL, "escalation.onward", "reason", "请县里协调");
    world_run(f->world, 10000);
    struct world_node *const nodes[] = {f->township, f->county, scene.station,
                                        f->fengyuan};
    for (int i = 0; i < 4; i++)
        world_set_offline(f->world, nodes[i], true);
    for (int i = 0; i < 3; i++) {
        static const char *const words[] = {"working", "declined", "taken"};
        SAY(&scene, nodes[i], NULL, "escalation.open", NULL);
        SAY(&scene, nodes[i], NULL, "escalation.joint", "word", words[i]);
        SAY(&scene, nodes[i], NULL, "escalation.advise", "text", "各查一段");
    }
    for (int i = 0; i < 4; i++)
        world_set_offline(f->world, nodes[i], false);
    world_run(f->world, 300000);

    for (int i = 0; i < 4; i++) {
        uint32_t advice = 0;
        view_of(&scene, nodes[i], &views[i]);
        assert_true(bytes_equal(buf_bytes(&views[0]), buf_bytes(&views[i])));
        view_map_each(buf_bytes(&views[i]), "journal", count_authors, &advice);
        assert_int_equal(advice, 3);
        assert_int_equal(view_map_count(buf_bytes(&views[i]), "joint"), 3);
        assert_int_equal(view_map_count(buf_bytes(&views[i]), "refused"), 0);
    }
    for (int i = 0; i < 4; i++)
        buf_deinit(&views[i]);
}

static bool has_unserved(void *context, struct bytes element)
{
    bool is_unserved = false;
    assert_true(view_map_flag(element, "unserved", &is_unserved));
    *(bool *)context |= is_unserved;
    return true;
}

static bool inbox_says_unserved(struct sim_county *f, struct world_node *node)
{
    struct buf out = {0};
    bool is_unserved = false;
    SIM_SAY(f, node, &out, "inbox", NULL, NULL);
    view_map_each(buf_bytes(&out), "escalations", has_unserved, &is_unserved);
    buf_deinit(&out);
    return is_unserved;
}

static void assert_in_inbox(struct sim_county *f, bool unserved, uint32_t expected)
{
    struct buf out = {0};
    SIM_SAY(f, f->township, &out, "inbox", unserved ? "unserved" : NULL, "true");
    assert_int_equal(view_map_count(buf_bytes(&out), "escalations"), expected);
    buf_deinit(&out);
}

static void that_nobody_serves_it_is_seen_by_all(void **state)
{
    struct sim_county *f = *state;
    struct scene scene;
    struct buf out = {0}, view = {0};
    char invitation[13];
    begin_scene(&scene, f);
    SAY(&scene, f->township, NULL, "escalation.open", NULL);
    SAY(&scene, f->township, &out, "escalation.invite", "site", "水利站");
    op_text_of(&out, invitation);
    world_run(f->world, 10000);
    SIM_SAY(f, f->fengyuan, &out, "case.show", "case", "2026-0001");
    assert_int_equal(view_map_count(buf_bytes(&out), "unserved"), 0);
    assert_false(inbox_says_unserved(f, f->township));
    assert_in_inbox(f, true, 0);
    assert_in_inbox(f, false, 1);

    SAY(&scene, scene.station, NULL, "escalation.decline", "op", invitation, "text",
        "不归我们管");
    world_run(f->world, 10000);

    assert_true(inbox_says_unserved(f, f->township));
    assert_in_inbox(f, true, 1);
    view_of(&scene, f->fengyuan, &view);
    assert_true(view_is_unserved(buf_bytes(&view)));
    SIM_SAY(f, f->fengyuan, &out, "case.show", "case", "2026-0001");
    assert_int_equal(view_map_count(buf_bytes(&out), "unserved"), 1);

    /* Who has answered talks about it all the same. */
    SAY(&scene, f->township, NULL, "escalation.advise", "text", "先量一量");
    SIM_SAY(f, f->township, &out, "agenda", NULL, NULL);
    assert_int_equal(view_map_count(buf_bytes(&out), "records"), 1);
    buf_deinit(&view);
    buf_deinit(&out);
}

/* The matter goes back to the village's own resources. */
static void what_nobody_serves_is_not_settled_as_served(void **state)
{
    static const struct {
        const char *outcome;
        enum status answer;
    } rows[] = {{"served", STATUS_DENIED},
                {"advised", STATUS_DENIED},
                {"nonsense", STATUS_INVALID},
                {"agreement", STATUS_OK}};
    struct sim_county *f = *state;
    struct scene scene;
    begin_scene(&scene, f);
    SAY(&scene, f->township, NULL, "escalation.open", NULL);
    SAY(&scene, f->township, NULL, "escalation.joint", "word", "declined");
    world_run(f->world, 10000);
    assert_int_equal(world_say(f->world, f->fengyuan, NULL, "case.close", "case",
                               "2026-0001", "oral", "true", "outcome", "served", "text",
                               "镇里清了淤", "follow_up", "已通水", NULL),
                     STATUS_DENIED);

    for (size_t i = 0; i < LEN(rows); i++)
        assert_int_equal(world_say(f->world, f->fengyuan, NULL, "case.settle", "case",
                                   "2026-0001", "outcome", rows[i].outcome, "text",
                                   "两家各清一半", NULL),
                         rows[i].answer);
}

/* A request of another client, whose turn is still to come; names ascending. */
static void request(struct world_node *node, const char *method, const char *const *texts)
{
    struct buf bytes = {0};
    uint32_t len = 0;
    while (texts[2 * len] != NULL)
        len++;
    pack_array(&bytes, 3);
    pack_uint(&bytes, 1);
    pack_str(&bytes, method);
    pack_map(&bytes, len);
    for (uint32_t i = 0; i < 2 * len; i++)
        pack_str(&bytes, texts[i]);
    world_event(node, EVENT_CLIENT_REQUEST, OTHER_CLIENT, buf_bytes(&bytes));
    buf_deinit(&bytes);
}

static void what_nobody_serves_since_this_very_turn_is_not_settled_as_served(void **state)
{
    static const char *const pin[] = {"pin", "246810", NULL};
    static const char *const served[] = {"case", "2026-0001",  "outcome", "served",
                                         "text", "镇里清了淤", NULL};
    struct sim_county *f = *state;
    struct scene scene;
    struct buf out = {0};
    begin_scene(&scene, f);
    world_event(f->fengyuan, EVENT_CLIENT_OPENED, OTHER_CLIENT, (struct bytes){0});
    request(f->fengyuan, "unlock", pin);
    SAY(&scene, f->township, NULL, "escalation.open", NULL);
    world_run(f->world, 10000);
    world_hold_jobs(f->fengyuan);
    SAY(&scene, f->township, NULL, "escalation.joint", "word", "declined");
    world_run(f->world, 10000);
    view_of(&scene, f->fengyuan, &out);
    assert_false(view_is_unserved(buf_bytes(&out)));

    world_return_jobs(f->fengyuan, WRAP_OK);
    request(f->fengyuan, "case.settle", served);
    world_run(f->world, 0);

    view_of(&scene, f->fengyuan, &out);
    assert_true(view_is_unserved(buf_bytes(&out)));
    assert_true(world_answered(f->fengyuan, OTHER_CLIENT, &out));
    assert_int_equal(sim_count(buf_bytes(&out), "DENIED"), 1);
    buf_deinit(&out);
}

static void what_somebody_serves_is_settled_as_served(void **state)
{
    struct sim_county *f = *state;
    struct scene scene;
    begin_scene(&scene, f);
    SAY(&scene, f->township, NULL, "escalation.open", NULL);
    SAY(&scene, f->township, NULL, "escalation.joint", "word", "done");
    world_run(f->world, 10000);

    assert_int_equal(world_say(f->world, f->fengyuan, NULL, "case.settle", "case",
                               "2026-0001", "outcome", "served", "text", "镇里清了淤",
                               NULL),
                     STATUS_OK);
}

int main(void)
{
#define ONE(test)                                                                        \
    cmocka_unit_test_setup_teardown(test, sim_county_set_up_in_memory,                   \
                                    sim_county_tear_down_in_memory)
    const struct CMUnitTest tests[] = {
        ONE(a_conversation_is_the_same_for_all_who_take_part),
        ONE(what_is_no_answer_is_refused_and_nothing_is_written),
        ONE(about_a_record_that_is_not_here_nothing_is_said),
        ONE(an_op_is_named_by_enough_digits_of_its_own_record),
        ONE(what_nobody_could_read_is_not_signed),
        ONE(an_invited_department_sees_what_it_was_given_and_no_more),
        ONE(nobody_is_invited_whom_the_village_did_not_permit),
        ONE(three_that_are_offline_converge_and_every_author_is_kept),
        ONE(that_nobody_serves_it_is_seen_by_all),
        ONE(what_nobody_serves_is_not_settled_as_served),
        ONE(what_nobody_serves_since_this_very_turn_is_not_settled_as_served),
        ONE(what_somebody_serves_is_settled_as_served),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
