#include "tests/sim/sim_failing.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "node/cases/view.h"
#include "storage/store_sources.h"
#include "tests/sim/sim_stray.h"
#include "tests/support/photo.h"

#define TRIES_MAX 20000 /* no turn of these has so many calls */

static uint64_t ops_of(struct world_node *node)
{
    uint64_t sum = 0;
    for (enum ledger_tree tree = TREE_WAITING; tree <= TREE_SHARED; tree++) {
        uint64_t count;
        assert_int_equal(store_ops_count(world_store(node), tree, &count), STATUS_OK);
        sum += count;
    }
    return sum;
}

static void say(void *context, const char *finding)
{
    (void)context;
    print_error("%s\n", finding);
}

void sim_start_again(struct sim_county *f, struct world_node *node)
{
    world_power_off(f->world, node);
    assert_int_equal(world_power_on(f->world, node), STATUS_OK);
    assert_int_equal(store_check(world_store(node), say, NULL), STATUS_OK);
    assert_int_equal(world_unlock(f->world, node, "", "246810"), STATUS_OK);
}

void sim_leave_unsettled(struct world_node *node)
{
    struct store *store = world_store(node);
    assert_int_equal(store_begin(store), STATUS_OK);
    assert_int_equal(store_meta_put(store, "search", bytes_str("0")), STATUS_OK);
    assert_int_equal(store_meta_put(store, "unlisted", bytes_str("1")), STATUS_OK);
    assert_int_equal(store_commit(store), STATUS_OK);
}

/* ---- what a person asks for ---- */

static const struct sim_request requests[] = {
    {VILLAGE, "status", {NULL}, 0},
    {VILLAGE, "site", {NULL}, 0},
    {VILLAGE, "peer.list", {NULL}, 0},
    {VILLAGE, "peer.quota", {"ops", "#5000", "site", "青河镇"}, 0},
    {VILLAGE, "person.add", {"name", "王某", "pin", "135791", "role", "mediator"}, 1},
    {VILLAGE,
     "case.new",
     {"category", "邻里", "context", "去年修过一次沟。", "found_by", "走访", "narrative",
      "两家为水沟争执。", "parties", "@张某", "place", "村东", "title", "水沟", "wish",
      "改沟"},
     1},
    {VILLAGE, "unlock", {"person", "王某", "pin", "135791"}, 0},
    {VILLAGE, "case.note", {"case", "$case", "text", "看过现场"}, 1},
    {VILLAGE, "unlock", {"pin", "246810"}, 0},
    {VILLAGE, "case.set", {"case", "$case", "field", "title", "value", "排水沟"}, 1},
    {VILLAGE,
     "case.triage",
     {"beyond", "!", "case", "$case", "decision", "escalate", "reason", "涉及两村"},
     1},
    {VILLAGE,
     "case.consent",
     {"case", "$case", "fields", "[title,context", "manner", "oral", "party", "张某",
      "witness", "赵某"},
     1},
    {VILLAGE, "case.list", {"limit", "#10"}, 0},
    {VILLAGE, "case.show", {"case", "$case"}, 0},
    {VILLAGE, "rules.list", {NULL}, 0},
    {VILLAGE, "print", {"case", "$case"}, 0},
    {VILLAGE, "search", {"words", "水沟"}, 0},
    {VILLAGE,
     "escalate.preview",
     {"case", "$case", "fields", "[title,context", "reason", "超出权限"},
     0},
    {VILLAGE,
     "escalate.request",
     {"case", "$case", "fields", "[title,context", "onward", "ask", "reason", "超出权限"},
     1},
    {VILLAGE, "escalate.release", {"case", "$case"}, 2},
    {VILLAGE, "case.handle", {"case", "$case", "owner", "王某"}, 1},
    {VILLAGE,
     "case.settle",
     {"agreement", "改沟", "case", "$case", "oral", "!", "outcome", "agreement", "text",
      "两家同意"},
     1},
    {VILLAGE,
     "case.follow_up",
     {"again", "2027-01-31", "case", "$case", "result", "kept", "text", "已改"},
     1},
    {VILLAGE,
     "case.task",
     {"case", "$case", "due", "2026-12-01", "owner", "李某", "text", "量沟"},
     1},
    {VILLAGE, "case.task_done", {"case", "$case", "task", "$task"}, 1},
    {VILLAGE, "task.list", {"all", "!"}, 0},
    {VILLAGE, "paste.add", {"photo", "%", "text", "微信里说的"}, 0},
    {VILLAGE, "paste.add", {"text", "微信里说的"}, 0},
    {VILLAGE, "paste.list", {NULL}, 0},
    {VILLAGE, "paste.show", {"paste", "#1"}, 0},
    {VILLAGE, "paste.get", {"paste", "#1"}, 0},
    {VILLAGE, "paste.case", {"category", "邻里", "paste", "#1", "title", "水沟"}, 2},
    {VILLAGE, "paste.drop", {"paste", "#2"}, 0},
    {VILLAGE, "due.set", {"category", "邻里", "days", "#10", "wait", "settle"}, 0},
    {VILLAGE, "due", {"limit", "#10"}, 0},
    {VILLAGE, "due.table", {NULL}, 0},
    {VILLAGE, "due.reset", {"category", "邻里", "wait", "settle"}, 0},
    {VILLAGE, "case.close", {"case", "$case", "text", "归档"}, 1},
    {VILLAGE, "case.reopen", {"case", "$case", "reason", "又堵了"}, 1},
    {VILLAGE,
     "case.close",
     {"case", "$case", "follow_up", "当面点头", "oral", "!", "outcome", "agreement",
      "text", "再疏通"},
     1},
    {VILLAGE, "escalation.permit", {"escalation", "$record"}, 1},
    {VILLAGE, "person.revoke", {"person", "王某"}, 2},
    {VILLAGE, "peer.clear", {"site", "青河镇"}, 0},
    {VILLAGE, "sync", {NULL}, 0},
    {TOWNSHIP, "inbox", {"limit", "#10"}, 0},
    {TOWNSHIP, "escalation.show", {"escalation", "$record"}, 0},
    {TOWNSHIP, "escalation.open", {"escalation", "$record"}, 1},
    {TOWNSHIP, "escalation.accept", {"escalation", "$record"}, 1},
    {TOWNSHIP, "escalation.advise", {"escalation", "$record", "text", "先修沟"}, 1},
    {TOWNSHIP, "escalation.return", {"escalation", "$record", "text", "请补充"}, 1},
    {TOWNSHIP, "escalation.decide", {"escalation", "$record", "text", "改沟"}, 1},
    {TOWNSHIP, "escalation.onward", {"escalation", "$record", "reason", "请县里看"}, 1},
    {TOWNSHIP, "evidence", {"escalation", "$record"}, 0},
    {TOWNSHIP, "quarantine.list", {NULL}, 0},
    {TOWNSHIP, "quarantine.show", {"number", "#1"}, 0},
    {TOWNSHIP, "quarantine.retry", {"number", "#2"}, 0},
    {TOWNSHIP, "quarantine.drop", {"number", "#1"}, 0},
    {TOWNSHIP, "peer.invite", {NULL}, 0},
};

struct story {
    struct sim_county *f;
    char number[32], record[65], task[65], file[2 * ID_SIZE + 1], person[32];
    struct id op, seen; /* that an answer named last */
    uint32_t persons;
    const struct sim_request *unlock; /* of the village, the last that went well */
};

static uint32_t count_parts(struct bytes text, char between)
{
    uint32_t count = 1;
    for (size_t i = 0; i < text.len; i++)
        count += text.data[i] == (uint8_t)between;
    return count;
}

static void put_part(struct bytes part, struct buf *out)
{
    if (part.len > 0 && part.data[0] == '#')
        pack_uint(out, strtoull((const char *)part.data + 1, NULL, 10));
    else
        pack_str_bytes(out, part);
}

/* Those that have parts are lists. */
static void put_list(const char *list, struct buf *out)
{
    pack_array(out, count_parts(bytes_str(list), ','));
    for (bool is_more = true; is_more;) {
        size_t len = strcspn(list, ",");
        uint32_t parts = count_parts(bytes_of(list, len), '=');
        is_more = list[len] == ',';
        if (parts > 1)
            pack_array(out, parts);
        for (const char *at = list; parts > 0; parts--) {
            size_t part_len = strcspn(at, "=,");
            put_part(bytes_of(at, part_len), out);
            at += part_len + 1;
        }
        list += len + 1;
    }
}

/* One row, as a table has them. */
static void put_row(const char *title, struct buf *out)
{
    static const uint8_t line[ID_SIZE] = {7};
    pack_array(out, 1);
    pack_map(out, 4);
    pack_str(out, "category");
    pack_str(out, "邻里");
    pack_str(out, "line");
    pack_bin(out, line, sizeof(line));
    pack_str(out, "narrative");
    pack_str(out, "两家争执。");
    pack_str(out, "title");
    pack_str(out, title);
}

static void put_known(const struct story *story, const char *name, struct buf *out)
{
    const struct {
        const char *name, *text;
    } texts[] = {{"$case", story->number},
                 {"$record", story->record},
                 {"$task", story->task},
                 {"$file", story->file},
                 {"$person", story->person}};
    char hex[2 * ID_SIZE + 1];
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        if (strcmp(name, texts[i].name) == 0)
            pack_str(out, texts[i].text);
    hex_encode(hex, story->op.bytes, ID_SIZE);
    if (strcmp(name, "$op") == 0)
        pack_str(out, hex);
    if (strcmp(name, "$seen") == 0)
        pack_bin(out, story->seen.bytes, ID_SIZE);
}

static void put_value(const struct story *story, const char *value, struct buf *out)
{
    if (value[0] == '#') {
        put_part(bytes_str(value), out);
    } else if (value[0] == '!') {
        pack_bool(out, true);
    } else if (value[0] == '%') { /* a photo */
        struct buf photo = {0};
        photo_make(&photo, "像素", 70000);
        pack_bin(out, photo.data, photo.len);
        buf_deinit(&photo);
    } else if (value[0] == '&') {
        pack_bin(out, (const uint8_t *)value + 1, strlen(value + 1));
    } else if (value[0] == '@') { /* one party */
        pack_array(out, 1);
        pack_array(out, 2);
        pack_str(out, value + 1);
        pack_str(out, "甲方");
    } else if (value[0] == '[') {
        put_list(value + 1, out);
    } else if (value[0] == '*') {
        put_row(value + 1, out);
    } else if (value[0] == '$') {
        put_known(story, value, out);
    } else {
        pack_str(out, value);
    }
}

static bool take_file(void *context, struct bytes file)
{
    struct story *story = context;
    struct id id;
    assert_true(view_map_id(file, "op", &id));
    hex_encode(story->file, id.bytes, ID_SIZE);
    return false;
}

static enum status ask(struct story *story, const struct sim_request *request)
{
    struct sim_county *f = story->f;
    struct world_node *node = request->whose == VILLAGE ? f->xikou : f->township;
    struct buf map = {0}, out = {0};
    struct bytes text;
    struct id id;
    uint32_t count = 0;
    while (request->arguments[2 * count] != NULL)
        count++;
    pack_map(&map, count);
    for (uint32_t i = 0; i < count; i++) {
        pack_str(&map, request->arguments[2 * i]);
        put_value(story, request->arguments[2 * i + 1], &map);
    }
    enum status status =
        world_call(f->world, node, request->method, buf_bytes(&map), &out);
    if (status == STATUS_OK && strcmp(request->method, "case.new") == 0) {
        assert_true(view_map_text(buf_bytes(&out), "number", &text));
        (void)snprintf(story->number, sizeof(story->number), "%.*s", (int)text.len,
                       (const char *)text.data);
    }
    if (status == STATUS_OK && strcmp(request->method, "case.task") == 0) {
        assert_true(view_map_id(buf_bytes(&out), "op", &id));
        hex_encode(story->task, id.bytes, 6);
    }
    if (status == STATUS_OK && strcmp(request->method, "escalate.release") == 0) {
        assert_true(view_map_id(buf_bytes(&out), "escalation", &id));
        hex_encode(story->record, id.bytes, ID_SIZE);
    }
    if (status == STATUS_OK) {
        (void)view_map_id(buf_bytes(&out), "op", &story->op);     /* not each writes */
        (void)view_map_id(buf_bytes(&out), "seen", &story->seen); /* outbox alone */
    }
    if (status == STATUS_OK && strcmp(request->method, "attach.list") == 0)
        view_map_each(buf_bytes(&out), "files", take_file, story);
    if (status == STATUS_OK && strcmp(request->method, "unlock") == 0)
        story->unlock = request;
    buf_deinit(&map);
    buf_deinit(&out);
    return status;
}

/* Asks until nothing fails any more. */
static void ask_until_well(struct story *story, const struct sim_fault *fault,
                           const struct sim_request *request)
{
    struct sim_county *f = story->f;
    struct world_node *node = request->whose == VILLAGE ? f->xikou : f->township;
    for (uint32_t tries = 0; tries < TRIES_MAX; tries++) {
        uint64_t before = ops_of(node);
        size_t sent = world_sent(node).len;
        fault->arm(node);
        enum status status = ask(story, request);
        bool has_failed = fault->disarm();
        bool is_done = status == STATUS_OK || status == STATUS_UNREACHABLE;
        if (!has_failed || (fault->is_borne && is_done && !world_has_stopped(node))) {
            /* Others are offline, so that nothing is told but the answer. */
            if (!is_done)
                fail_msg("%s: %s", request->method, status_name(status));
            if (ops_of(node) != before + request->ops)
                fail_msg("%s added %llu ops", request->method,
                         (unsigned long long)(ops_of(node) - before));
            return;
        }
        if (status == STATUS_OK || (!fault->is_borne && !world_has_stopped(node)))
            fail_msg("%s: try %u failed and the answer is %s", request->method, tries,
                     status_name(status));
        if (status == STATUS_INVALID || status == STATUS_DENIED ||
            status == STATUS_NOT_FOUND)
            fail_msg("%s: try %u failed and the request is blamed (%s)", request->method,
                     tries, status_name(status));
        assert_int_equal(world_sent(node).len, sent);
        if (world_has_stopped(node)) {
            sim_start_again(f, node);
            if (node == f->xikou && story->unlock != NULL)
                assert_int_equal(ask(story, story->unlock), STATUS_OK);
        }
        assert_int_equal(ops_of(node), before);
    }
    fail_msg("%s: no end of failures", request->method);
}

static enum status copy_bytes(void *context, const struct store_op *row)
{
    buf_add(context, row->bytes.data, row->bytes.len);
    return STATUS_OK;
}

/* Number 1 is no op, number 2 one that is held after all. */
static void set_something_apart(struct sim_county *f)
{
    struct store *store = world_store(f->township);
    struct buf founding = {0};
    struct store_quarantine row = {.digest = {{1}},
                                   .site = *world_site(f->fengyuan),
                                   .wall = 1790000000,
                                   .reason = bytes_str("it is not well formed"),
                                   .bytes = bytes_str("garbage")};
    enum status status =
        store_op_get(store, world_site(f->township), copy_bytes, &founding);
    assert_int_equal(status, STATUS_OK);
    assert_int_equal(store_begin(store), STATUS_OK);
    assert_int_equal(store_quarantine_add(store, &row), STATUS_OK);
    row.digest.bytes[0] = 2;
    row.op = *world_site(f->township);
    row.bytes = buf_bytes(&founding);
    assert_int_equal(store_quarantine_add(store, &row), STATUS_OK);
    assert_int_equal(store_commit(store), STATUS_OK);
    buf_deinit(&founding);
}

void sim_fail_each_request(struct sim_county *f, const struct sim_fault *fault,
                           const struct sim_request *list, size_t len)
{
    struct story story = {.f = f};
    world_let_stop(f->xikou);
    world_let_stop(f->township);
    world_set_offline(f->world, f->xikou, true);
    for (size_t i = 0; i < len; i++) {
        if (list[i].whose == TOWNSHIP && list[i - 1].whose == VILLAGE) {
            world_set_offline(f->world, f->xikou, false);
            world_run(f->world, 70000);
            world_set_offline(f->world, f->township, true);
        }
        ask_until_well(&story, fault, &list[i]);
    }
}

void sim_fail_requests(struct sim_county *f, const struct sim_fault *fault)
{
    set_something_apart(f);
    sim_fail_each_request(f, fault, requests, sizeof(requests) / sizeof(requests[0]));
}

/* ---- a request in the turn in which the charter changes ---- */

/* First the one that itself folds what the turn has written so far. */
static const struct sim_request rereading[] = {
    {VILLAGE, "person.revoke", {"person", "$person"}, 1},
    {VILLAGE, "status", {NULL}, 0},
    {VILLAGE, "site", {NULL}, 0},
    {VILLAGE, "case.note", {"case", "$case", "text", "看过现场"}, 1},
    {VILLAGE, "case.new", {"category", "邻里", "narrative", "争执", "title", "二"}, 1},
    {VILLAGE, "person.add", {"name", "吴某", "pin", "135791", "role", "desk"}, 1},
    {VILLAGE, "node.at", {"at", "old:1", "node", "旧电脑"}, 0},
    {VILLAGE, "node.revoke", {"node", "旧电脑"}, 0},
    {VILLAGE,
     "escalate.preview",
     {"case", "$case", "fields", "[title,context", "reason", "超出权限"},
     0},
    {VILLAGE, "escalate.release", {"case", "$case"}, 2},
    {VILLAGE, "escalation.onward", {"escalation", "$record", "reason", "请县里看"}, 0},
    {VILLAGE, "peer.clear", {"site", "青河镇"}, 0},
    {VILLAGE, "peer.list", {NULL}, 0},
    {VILLAGE, "peer.invite", {NULL}, 0},
    {VILLAGE, "sync", {NULL}, 0},
    {VILLAGE, "bundle.list", {NULL}, 0},
    {VILLAGE, "backup.write", {NULL}, 0},
    {VILLAGE, "backup.next", {NULL}, 0}, /* a second file */
    {VILLAGE, "unlock", {"pin", "246810"}, 0},
};

/* Another op of that charter comes in the turn in which the request comes. */
static enum status ask_while_charter_changes(struct story *story,
                                             const struct sim_fault *fault,
                                             const struct sim_request *request)
{
    struct sim_county *f = story->f;
    (void)snprintf(story->person, sizeof(story->person), "人%u", story->persons++);
    SIM_SAY(f, f->xikou, NULL, "person.add", "name", story->person, "pin", "135791",
            "role", "desk");
    stray_begin(f, f->township, f->xikou, story->persons);
    fault->arm(f->xikou);
    world_return_jobs(f->xikou, WRAP_OK);
    return ask(story, request);
}

/* A backup of it takes two files. */
static void fill_a_file(struct sim_county *f, struct world_node *node)
{
    static char fields[60000] = "{text=";
    memset(fields + 6, 'n', sizeof(fields) - 7);
    for (int i = 0; i < 20; i++) {
        char form[32];
        (void)snprintf(form, sizeof(form), "case/%d", i);
        SIM_SAY(f, node, NULL, "draft.put", "form", form, "fields", fields);
    }
}

void sim_fail_rereading(struct sim_county *f, const struct sim_fault *fault)
{
    struct story story = {.f = f};
    fill_a_file(f, f->xikou);
    world_let_stop(f->xikou);
    world_set_offline(f->world, f->xikou, true);
    for (size_t i = 0; i < sizeof(requests) / sizeof(requests[0]); i++)
        if (requests[i].whose == VILLAGE && strcmp(requests[i].method, "sync") != 0)
            assert_int_equal(ask(&story, &requests[i]), STATUS_OK);
    for (size_t i = 0; i < sizeof(rereading) / sizeof(rereading[0]); i++) {
        bool has_failed = true;
        for (uint32_t tries = 0; has_failed; tries++) {
            assert_true(tries < TRIES_MAX);
            uint64_t before = ops_of(f->xikou);
            enum status status = ask_while_charter_changes(&story, fault, &rereading[i]);
            has_failed = fault->disarm();
            if (!world_has_stopped(f->xikou)) {
                assert_true(fault->is_borne || !has_failed);
                continue;
            }
            assert_true(has_failed);
            sim_start_again(f, f->xikou);
            /* The person's is there; what was answered before a later turn failed, too.
             */
            uint64_t written = status == STATUS_OK ? rereading[i].ops : 0;
            assert_true(ops_of(f->xikou) > before + written);
        }
    }
}

/* ---- what a peer brings and fetches ---- */

void sim_fail_arrival(struct sim_county *f, const struct sim_fault *fault,
                      struct world_node *failing)
{
    uint32_t failures = 0;
    world_let_stop(failing);
    for (bool has_failed = true; has_failed;) {
        world_set_offline(f->world, f->xikou, true);
        world_run(f->world, 1000);
        struct id id = sim_escalate(f, f->xikou, "来的");
        world_set_offline(f->world, f->xikou, false);
        fault->arm(failing);
        world_run(f->world, 70000);
        has_failed = fault->disarm();
        failures += has_failed;
        assert_true(failures < TRIES_MAX);
        if (!fault->is_borne)
            assert_int_equal(world_has_stopped(failing), has_failed);
        if (world_has_stopped(failing))
            sim_start_again(f, failing);
        world_run(f->world, 140000);
        sim_assert_state(f, f->township, &id, "received");
        sim_assert_state(f, f->xikou, &id, "received");
    }
    assert_true(failures >= fault->least);
}

/* The county is named by an op of the record and not by its founding: it stands outside
 * until all of it is here (entry.c). */
void sim_fail_entry(struct sim_county *f, const struct sim_fault *fault)
{
    uint32_t failures = 0;
    world_let_stop(f->county);
    for (bool has_failed = true; has_failed;) {
        char hex[65];
        struct id id = sim_escalate(f, f->xikou, "再上报的");
        world_run(f->world, 10000);
        hex_encode(hex, id.bytes, ID_SIZE);
        world_set_offline(f->world, f->county, true);
        SIM_SAY(f, f->township, NULL, "escalation.open", "escalation", hex);
        /* Two branches of different length, which the next op joins. */
        world_run(f->world, 10000);
        world_set_offline(f->world, f->xikou, true);
        SIM_SAY(f, f->township, NULL, "escalation.advise", "escalation", hex, "text",
                "先量一量");
        SIM_SAY(f, f->township, NULL, "escalation.accept", "escalation", hex);
        SIM_SAY(f, f->xikou, NULL, "escalation.permit", "escalation", hex);
        world_set_offline(f->world, f->xikou, false);
        world_run(f->world, 70000);
        SIM_SAY(f, f->township, NULL, "escalation.onward", "escalation", hex, "reason",
                "请县里看");
        world_set_offline(f->world, f->county, false);
        fault->arm(f->county);
        world_run(f->world, 70000);
        has_failed = fault->disarm();
        failures += has_failed;
        assert_true(failures < TRIES_MAX);
        if (!fault->is_borne)
            assert_int_equal(world_has_stopped(f->county), has_failed);
        if (world_has_stopped(f->county))
            sim_start_again(f, f->county);
        world_run(f->world, 140000);
        sim_assert_state(f, f->county, &id, "received");
        sim_assert_state(f, f->township, &id, "received"); /* by the county */
    }
    assert_true(failures >= fault->least);
}

/* ---- pairing ---- */

static enum status pair(struct sim_county *f, struct world_node *parent,
                        struct world_node *child)
{
    struct buf out = {0};
    struct bytes text;
    char code[128];
    enum status status = world_say(f->world, parent, &out, "peer.invite", NULL);
    if (status == STATUS_BUSY) { /* those of earlier tries end after ten minutes */
        world_run(f->world, INVITE_LIFETIME_MS + 1000);
        status = world_say(f->world, parent, &out, "peer.invite", NULL);
    }
    if (status == STATUS_OK) {
        assert_true(view_map_text(buf_bytes(&out), "code", &text));
        (void)snprintf(code, sizeof(code), "%.*s", (int)text.len,
                       (const char *)text.data);
        status = world_say(f->world, child, &out, "peer.join", "code", code, "at",
                           world_address(parent), NULL);
        world_run(f->world, 5000);
    }
    buf_deinit(&out);
    return status;
}

void sim_fail_pairing(struct sim_county *f, const struct sim_fault *fault, bool at_parent)
{
    struct world_node *child = world_found(f->world, "village", "新村", "new:1");
    struct world_node *failing = at_parent ? f->township : child;
    uint32_t failures = 0;
    world_let_stop(failing);
    for (bool has_failed = true; has_failed;) {
        fault->arm(failing);
        enum status status = pair(f, f->township, child);
        has_failed = fault->disarm();
        failures += has_failed;
        assert_true(failures < TRIES_MAX);
        if (!fault->is_borne)
            assert_int_equal(world_has_stopped(failing), has_failed);
        if (world_has_stopped(failing))
            sim_start_again(f, failing);
        else if (!has_failed)
            assert_int_equal(status, STATUS_OK);
    }
    assert_true(failures >= fault->least);
    struct id id = sim_escalate(f, child, "第一件");
    world_run(f->world, 70000);
    sim_assert_state(f, f->township, &id, "received");
    sim_assert_state(f, child, &id, "received");
}
