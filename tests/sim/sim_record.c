#include "tests/sim/sim_record.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "node/cases/retire.h"
#include "node/cases/view.h"
#include "node/core/retention.h"
#include "proto/limits.h"
#include "storage/store_chunks.h"
#include "tests/sim/tale.h"

/* ---- what a person asks for ---- */

static const struct sim_request requests[] = {
    {VILLAGE,
     "case.new",
     {"category", "邻里", "context", "去年修过。", "narrative", "两家争执。", "parties",
      "@张某", "title", "水沟"},
     1},
    {VILLAGE,
     "case.triage",
     {"beyond", "!", "case", "$case", "decision", "escalate", "reason", "涉及两村"},
     1},
    {VILLAGE, "attach.add", {"bytes", "&拍重了", "case", "$case", "name", "重.txt"}, 1},
    {VILLAGE, "attach.list", {"case", "$case"}, 0},
    {VILLAGE, "attach.get", {"case", "$case", "file", "$file"}, 0},
    {VILLAGE, "attach.remove", {"case", "$case", "file", "$file", "reason", "拍重了"}, 1},
    {VILLAGE, "attach.add", {"bytes", "%", "case", "$case", "name", "沟.png"}, 1},
    {VILLAGE,
     "case.consent",
     {"case", "$case", "fields", "[title,context", "files", "[沟.png", "manner", "oral",
      "party", "张某", "witness", "赵某"},
     1},
    {VILLAGE,
     "escalate.preview",
     {"case", "$case", "fields", "[title,context", "files", "[沟.png", "reason",
      "请镇里看"},
     0},
    {VILLAGE,
     "escalate.request",
     {"case", "$case", "fields", "[title,context", "files", "[沟.png", "reason",
      "请镇里看"},
     1},
    {VILLAGE, "escalate.release", {"case", "$case"}, 3},
    {VILLAGE, "evidence", {"escalation", "$record"}, 0},
    {VILLAGE, "evidence", {"cases", "!", "site", "!", "size", "#300"}, 0},
    {VILLAGE, "evidence", {"cases", "!", "since", "#0", "until", "#2000000000"}, 0},
    {VILLAGE, "attach.list", {"case", "$record"}, 0},
    {VILLAGE, "attach.get", {"case", "$record", "file", "$file"}, 0},
    {VILLAGE,
     "retention.set",
     {"category", "邻里", "identity_years", "#1", "years", "#5"},
     0},
    {VILLAGE, "retention.trust_clock", {"today", "2026-09-21"}, 0},
    {VILLAGE,
     "case.close",
     {"case", "$case", "follow_up", "当面点头", "oral", "!", "outcome", "agreement",
      "text", "再疏通"},
     1},
    {VILLAGE, "retention.list", {NULL}, 0},
    {VILLAGE, "retention.keep", {"case", "$case", "reason", "还有诉讼"}, 1},
    {VILLAGE, "escalation.recall", {"escalation", "$record", "reason", "撤回同意"}, 1},
    {VILLAGE, "recall.list", {NULL}, 0},
    {TOWNSHIP, "attach.list", {"case", "$record"}, 0},
    {TOWNSHIP, "recall.list", {NULL}, 0},
    {TOWNSHIP, "evidence", {"escalation", "$record"}, 0},
};

void sim_fail_file_requests(struct sim_county *f, const struct sim_fault *fault)
{
    sim_fail_each_request(f, fault, requests, sizeof(requests) / sizeof(requests[0]));
}

/* ---- it goes up ---- */

/* A text of two pieces. */
static void attach(struct sim_county *f, const char *number)
{
    static uint8_t text[ATTACHMENT_CHUNK_SIZE + 1];
    struct buf map = {0};
    memset(text, 'a', sizeof(text));
    pack_map(&map, 3);
    pack_str(&map, "bytes");
    pack_bin(&map, text, sizeof(text));
    pack_str(&map, "case");
    pack_str(&map, number);
    pack_str(&map, "name");
    pack_str(&map, "沟.txt");
    assert_int_equal(
        world_call(f->world, f->fengyuan, "attach.add", buf_bytes(&map), NULL),
        STATUS_OK);
    buf_deinit(&map);
}

/* Another record of fengyuan with a file of two pieces; the number of its case. */
static void release(struct tale *tale, char number[static 32])
{
    struct sim_county *f = tale->f;
    struct buf out = {0};
    struct bytes text;
    SIM_SAY(f, f->fengyuan, &out, "case.new", "category", "邻里", "title", "水沟",
            "narrative", "两家争执。", "context", "去年修过。", "parties", "[张某=甲方]");
    assert_true(view_map_text(buf_bytes(&out), "number", &text));
    (void)snprintf(number, 32, "%.*s", (int)text.len, (const char *)text.data);
    SIM_SAY(f, f->fengyuan, NULL, "case.triage", "case", number, "decision", "escalate",
            "beyond", "true", "reason", "两次调解未成");
    attach(f, number);
    SIM_SAY(f, f->fengyuan, NULL, "case.consent", "case", number, "party", "张某",
            "fields", "[title,context]", "files", "[沟.txt]", "manner", "oral", "witness",
            "王某");
    SIM_SAY(f, f->fengyuan, &out, "escalate.release", "case", number, "fields",
            "[title,context]", "files", "[沟.txt]", "reason", "请镇里看");
    assert_true(view_map_id(buf_bytes(&out), "escalation", &tale->record));
    hex_encode(tale->hex, tale->record.bytes, ID_SIZE);
    buf_deinit(&out);
}

static void send_up(struct tale *tale)
{
    char number[32];
    release(tale, number);
}

/* How many pieces of the one file of the record are at a node, and how many not. */
struct pieces_seen {
    uint64_t here, lacking;
};

static bool see_file(void *context, struct bytes file)
{
    struct pieces_seen *seen = context;
    assert_true(view_map_uint(file, "here", &seen->here));
    assert_true(view_map_uint(file, "lacking", &seen->lacking));
    return true;
}

static struct pieces_seen pieces_of_record(struct tale *tale, struct world_node *node)
{
    struct buf out = {0};
    struct pieces_seen seen = {0};
    SIM_SAY(tale->f, node, &out, "attach.list", "case", tale->hex);
    view_map_each(buf_bytes(&out), "files", see_file, &seen);
    buf_deinit(&out);
    return seen;
}

static void look_at_file(struct tale *tale)
{
    tale_both_agree(tale);
    struct pieces_seen seen = pieces_of_record(tale, tale->f->township);
    assert_int_equal(seen.here, 2);
    assert_int_equal(seen.lacking, 0);
}

void sim_fail_file(struct sim_county *f, const struct sim_fault *fault,
                   struct world_node *failing)
{
    struct tale tale;
    tale_begin(&tale, f);
    tale_tell(&tale, fault, failing, send_up, look_at_file);
}

/* ---- another op brings its file as well ---- */

/* It goes with the next message of ops, once. */
static void let_ride(struct tale *tale)
{
    char name[32];
    tale->riders.once = true;
    tale->riders.len = 1;
    world_set_mutator(tale->f->fengyuan, sim_ride, &tale->riders);
    (void)snprintf(name, sizeof(name), "李%llu", (unsigned long long)tale->tries);
    sim_add_person(tale->f, tale->f->fengyuan, name, "observer", NULL);
}

struct found {
    struct id id;
    struct buf bytes;
};

static enum status find_attached(void *context, const struct store_op *row)
{
    struct found *found = context;
    struct op op;
    assert_int_equal(op_decode_bytes(&op, row->bytes, NULL), STATUS_OK);
    if (op_is_kind(&op, "attached")) {
        found->id = row->id;
        buf_add(&found->bytes, row->bytes.data, row->bytes.len);
    }
    return STATUS_OK;
}

/* As another machine of fengyuan would write it: before the other one in order, so that
 * it is the one that has effect. */
static void write_again(struct tale *tale, const struct found *found, struct buf *bytes)
{
    static const char *const names[] = {"chunks", "file", "key", "name", "size", "type"};
    struct sim_county *f = tale->f;
    uint64_t wall = 1790000000;
    struct op attached;
    struct id id;
    assert_int_equal(op_decode_bytes(&attached, buf_bytes(&found->bytes), NULL),
                     STATUS_OK);
    do {
        struct draft draft;
        draft_init(&draft, "attached", &tale->record);
        for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
            draft_raw(&draft, names[i], op_field(&attached, names[i])->value);
        struct forgery forgery = {.seed = world_steward_seed(f->fengyuan),
                                  .draft = &draft,
                                  .scope = &tale->record,
                                  .of = f->fengyuan,
                                  .parents = &tale->record,
                                  .parents_len = 1,
                                  .wall = wall++};
        buf_clear(bytes);
        id = sim_forge(&forgery, bytes);
        draft_deinit(&draft);
    } while (id_compare(&id, &found->id) > 0);
}

static void bring_twice(struct tale *tale)
{
    struct sim_county *f = tale->f;
    struct found found = {.bytes = {0}};
    world_set_offline(f->world, f->fengyuan, false);
    send_up(tale);
    world_run(f->world, 30000);
    world_set_offline(f->world, f->fengyuan, true);
    assert_int_equal(store_ops_of_scope(world_store(f->township), &tale->record,
                                        find_attached, &found),
                     STATUS_OK);
    write_again(tale, &found, &tale->riders.ops);
    let_ride(tale);
    buf_deinit(&found.bytes);
}

static void forget_riders(struct tale *tale)
{
    buf_deinit(&tale->riders.ops);
    tale->riders = (struct riders){0};
}

static void look_at_both(struct tale *tale)
{
    forget_riders(tale);
    look_at_file(tale);
}

void sim_fail_file_twice(struct sim_county *f, const struct sim_fault *fault)
{
    struct tale tale;
    tale_begin(&tale, f);
    tale_tell(&tale, fault, f->township, bring_twice, look_at_both);
}

/* ---- it is called back ---- */

/* A correction by fengyuan's steward, behind that op (NULL: behind all of it). */
static struct id correct(struct tale *tale, const struct id *parent, struct buf *bytes)
{
    struct sim_county *f = tale->f;
    struct draft draft;
    draft_init(&draft, "update", NULL);
    draft_text(&draft, "case.title", bytes_str("另一个标题"));
    struct forgery forgery = {.seed = world_steward_seed(f->fengyuan),
                              .draft = &draft,
                              .scope = &tale->record,
                              .of = f->fengyuan,
                              .parents = parent,
                              .parents_len = parent == NULL ? 0 : 1,
                              .time = parent == NULL ? 0 : 100 + tale->tries};
    struct id id = sim_forge(&forgery, bytes);
    draft_deinit(&draft);
    return id;
}

static void set_apart(struct tale *tale, const struct id *op, struct bytes bytes)
{
    struct store *store = world_store(tale->f->township);
    struct store_quarantine row = {.digest = *op,
                                   .op = *op,
                                   .site = *world_site(tale->f->fengyuan),
                                   .wall = 1790000000,
                                   .reason = bytes_str("it is not well formed"),
                                   .bytes = bytes};
    assert_int_equal(store_begin(store), STATUS_OK);
    assert_int_equal(store_quarantine_add(store, &row), STATUS_OK);
    assert_int_equal(store_commit(store), STATUS_OK);
}

static enum status copy_bytes(void *context, const struct store_op *row)
{
    buf_add(context, row->bytes.data, row->bytes.len);
    return STATUS_OK;
}

/* Damaged copies of its founding op and of a correction. */
static void set_copies_apart(struct tale *tale)
{
    struct buf founding = {0}, correction = {0};
    struct id id = correct(tale, NULL, &correction);
    assert_int_equal(store_op_get(world_store(tale->f->township), &tale->record,
                                  copy_bytes, &founding),
                     STATUS_OK);
    set_apart(tale, &tale->record, buf_bytes(&founding));
    set_apart(tale, &id, buf_bytes(&correction));
    buf_deinit(&founding);
    buf_deinit(&correction);
}

static void call_back(struct tale *tale)
{
    static const struct id nowhere = {{0xee}};
    struct sim_county *f = tale->f;
    char number[32];
    world_set_offline(f->world, f->fengyuan, false);
    release(tale, number);
    (void)correct(tale, &nowhere, &tale->riders.ops);
    world_run(f->world, 30000);
    let_ride(tale);
    world_run(f->world, 30000);
    world_set_mutator(f->fengyuan, NULL, NULL);
    forget_riders(tale);
    SIM_SAY(f, f->township, NULL, "escalation.open", "escalation", tale->hex);
    SIM_SAY(f, f->township, NULL, "escalation.advise", "escalation", tale->hex, "text",
            "先量一量");
    set_copies_apart(tale);
    world_run(f->world, 30000);
    world_set_offline(f->world, f->fengyuan, true);
    SIM_SAY(f, f->fengyuan, NULL, "escalation.recall", "escalation", tale->hex, "reason",
            "当事人撤回同意");
}

struct shown {
    const struct id *scope;
    bool is_shown; /* what may not be there any more */
};

static enum status look_for_title(void *context, const struct store_op *row)
{
    struct shown *shown = context;
    struct op op;
    assert_int_equal(op_decode_bytes(&op, row->bytes, NULL), STATUS_OK);
    const struct op_field *title = op_field(&op, "case.title");
    shown->is_shown |= title != NULL && title->is_shown;
    return STATUS_OK;
}

/* What is no op at all, and a charter, are apart of the township too, and stay so. */
#define OTHERS_APART 2

static void assert_no_contents(struct tale *tale, struct world_node *node)
{
    struct store *store = world_store(node);
    struct shown shown = {&tale->record, false};
    assert_int_equal(store_ops_of_scope(store, &tale->record, look_for_title, &shown),
                     STATUS_OK);
    assert_int_equal(store_ops_waiting(store, &tale->record, look_for_title, &shown),
                     STATUS_OK);
    assert_false(shown.is_shown);
}

static void look_at_recall(struct tale *tale)
{
    struct sim_county *f = tale->f;
    uint64_t rows;
    assert_int_equal(store_quarantine_count_all(world_store(f->township), &rows),
                     STATUS_OK);
    assert_int_equal(rows, OTHERS_APART);
    sim_assert_state(f, f->fengyuan, &tale->record, "recalled");
    sim_assert_state(f, f->township, &tale->record, "recalled");
    assert_no_contents(tale, f->township);
    assert_int_equal(pieces_of_record(tale, f->township).here, 0);
    assert_int_equal(pieces_of_record(tale, f->fengyuan).here, 0);
    tale_both_agree(tale);
}

void sim_fail_recall(struct sim_county *f, const struct sim_fault *fault,
                     struct world_node *failing)
{
    static const struct id garbage = {{1}};
    struct tale tale;
    struct buf charter = {0};
    tale_begin(&tale, f);
    tale.has_guests = true;
    assert_int_equal(store_op_get(world_store(f->township), world_site(f->xikou),
                                  copy_bytes, &charter),
                     STATUS_OK);
    set_apart(&tale, &garbage, bytes_str("garbage"));
    set_apart(&tale, world_site(f->xikou), buf_bytes(&charter));
    tale_tell(&tale, fault, failing, call_back, look_at_recall);
    buf_deinit(&charter);
}

static void bring_late(struct tale *tale)
{
    static const struct id nowhere = {{0xee}};
    (void)correct(tale, &nowhere, &tale->riders.ops);
    let_ride(tale);
}

static void look_at_late(struct tale *tale)
{
    forget_riders(tale);
    assert_no_contents(tale, tale->f->township);
    tale_agree_on(tale, world_site(tale->f->fengyuan));
}

void sim_fail_after_recall(struct sim_county *f, const struct sim_fault *fault)
{
    struct tale tale;
    tale_begin(&tale, f);
    tale.has_guests = true;
    SIM_SAY(f, f->fengyuan, NULL, "escalation.recall", "escalation", tale.hex, "reason",
            "当事人撤回同意");
    world_run(f->world, 10000);
    tale_tell(&tale, fault, f->township, bring_late, look_at_late);
}

/* ---- its case has had its time ---- */

/* In some of the tries the clock jumps ahead. */
#define JUMPS_EACH 5
#define JUMP_S (2 * 24 * 3600)

static enum status wait_long(void *context, const struct store_retention *row)
{
    struct store_retention *found = context;
    *found = *row;
    return STATUS_OK;
}

/* The notice of the one case that is closed ends within the hour. */
static void let_time_pass(struct sim_county *f)
{
    struct store *store = world_store(f->fengyuan);
    struct store_retention row = {.due = 0};
    assert_int_equal(store_retentions(store, wait_long, &row), STATUS_OK);
    row.closed_at = 1;
    row.due = RETIRE_CONTENTS;
    row.notice_s = RETENTION_NOTICE_S - 1;
    assert_int_equal(store_begin(store), STATUS_OK);
    assert_int_equal(store_retention_put(store, &row), STATUS_OK);
    assert_int_equal(store_commit(store), STATUS_OK);
}

/* A look comes in which fengyuan is alone. */
static void look(struct sim_county *f)
{
    world_tick(f->world, RETENTION_LOOK_MS);
    while (world_step(f->world))
        continue;
}

static bool is_closed(struct sim_county *f)
{
    struct store_retention row = {.due = 0};
    assert_int_equal(store_retentions(world_store(f->fengyuan), wait_long, &row),
                     STATUS_OK);
    return row.closed_at != 0 || row.notice_s != 0;
}

void sim_fail_retention(struct sim_county *f, const struct sim_fault *fault)
{
    struct tale tale = {.f = f};
    uint64_t wall = 1790000000;
    uint32_t failures = 0;
    world_set_offline(f->world, f->xikou, true);
    world_set_offline(f->world, f->county, true);
    world_let_stop(f->fengyuan);
    for (bool has_failed = true; has_failed; failures += has_failed) {
        char number[32];
        release(&tale, number);
        SIM_SAY(f, f->fengyuan, NULL, "case.identity", "case", number, "party", "张某",
                "phone", "138 0000 0000");
        world_run(f->world, 10000);
        SIM_SAY(f, f->fengyuan, NULL, "case.close", "case", number, "outcome",
                "agreement", "oral", "true", "text", "和解", "follow_up", "点头");
        SIM_SAY(f, f->fengyuan, NULL, "paste.add", "text", number);
        look(f);
        let_time_pass(f);
        if (failures % JUMPS_EACH == 0) /* the notice begins anew */
            world_set_wall(f->world, wall += JUMP_S, WALL_NTP);
        fault->arm(f->fengyuan);
        look(f);
        has_failed = fault->disarm();
        if (world_has_stopped(f->fengyuan)) {
            assert_true(has_failed);
            sim_start_again(f, f->fengyuan);
        }
        for (int i = 0; i < 3 && is_closed(f); i++) {
            let_time_pass(f);
            look(f);
            look(f);
        }
        assert_false(is_closed(f));
        assert_no_contents(&tale, f->fengyuan);
        assert_int_equal(pieces_of_record(&tale, f->fengyuan).here, 0);
    }
    assert_true(failures > 0);
}
