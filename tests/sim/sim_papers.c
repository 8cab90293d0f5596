#include "tests/sim/sim_papers.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "node/cases/view.h"

#define OTHER "2026-0001" /* the case of prepare() */

static const struct sim_request requests[] = {
    {VILLAGE, "policy", {NULL}, 0},
    {VILLAGE, "conflict.list", {"after", OTHER, "limit", "#10"}, 0},
    {VILLAGE, "conflict.show", {"case", OTHER}, 0},
    {VILLAGE, "conflict.settle", {"both", "!", "case", OTHER, "field", "title"}, 1},
    {VILLAGE, "conflict.undo", {"case", OTHER, "field", "title"}, 1},
    {VILLAGE, "person.add", {"name", "王某", "pin", "135791", "role", "mediator"}, 1},
    {VILLAGE,
     "case.new",
     {"category", "邻里", "context", "去年修过一次沟。", "narrative", "两家争执。",
      "parties", "[张某=甲方,李某=乙方", "title", "水沟"},
     1},
    {VILLAGE,
     "case.identity",
     {"case", "$case", "party", "张某", "phone", "13800000000"},
     1},
    {VILLAGE,
     "case.identity_show",
     {"case", "$case", "party", "张某", "pin", "246810"},
     1},
    /* Rules, agreements and papers. */
    {VILLAGE,
     "rules.add",
     {"clauses", "[1=各清一段,2=先量后挖", "from", "2026-01-01", "title", "村规",
      "version", "2026"},
     1},
    {VILLAGE, "rules.add", {"clauses", "[1=各清门前", "version", "2027"}, 1},
    {VILLAGE, "rules.list", {NULL}, 0},
    {VILLAGE, "rules.show", {"title", "村规"}, 0},
    {VILLAGE,
     "agreement.new",
     {"case", "$case", "clauses", "[1", "deadline", "2026-12-31", "dispute", "谁清沟",
      "terms", "各清一段"},
     1},
    {VILLAGE, "print", {"case", "$case", "lang", "en"}, 0},
    {VILLAGE, "print", {"case", "$case", "set", "agreement"}, 0},
    /* Rounds. */
    {VILLAGE,
     "checklist.set",
     {"places", "[桥头,学校", "title", "汛前", "topics", "[排水,用电"},
     1},
    {VILLAGE,
     "checklist.set",
     {"places", "[桥头", "title", "汛前", "topics", "[排水"},
     1},
    {VILLAGE, "checklist.list", {NULL}, 0},
    {VILLAGE, "round.begin", {"day", "2026-05-02", "list", "汛前"}, 1},
    {VILLAGE, "round.look", {"place", "桥头", "topic", "排水"}, 1},
    {VILLAGE, "round.finding", {"place", "桥头", "text", "栏杆松了", "topic", "排水"}, 1},
    {VILLAGE, "round.case", {"category", "安全", "finding", "$op", "title", "桥栏杆"}, 2},
    {VILLAGE,
     "round.finding",
     {"as_case", "!", "category", "安全", "place", "桥头", "text", "灯不亮", "topic",
      "排水"},
     3},
    {VILLAGE, "round.list", {NULL}, 0},
    {VILLAGE, "round.show", {NULL}, 0},
    {VILLAGE, "round.suggest", {NULL}, 0},
    /* Plan cards. */
    {VILLAGE,
     "card.set",
     {"roles", "[指挥=村主任", "steps", "[指挥=通知各户=#0", "title", "防汛", "trigger",
      "水位过线"},
     1},
    {VILLAGE,
     "card.set",
     {"roles", "[指挥=村主任", "steps", "[指挥=查看堤坝=#2", "title", "防汛", "trigger",
      "水位过线"},
     1},
    {VILLAGE, "card.list", {NULL}, 0},
    {VILLAGE,
     "card.activate",
     {"category", "安全", "day", "2026-07-01", "reason", "上游来水"},
     3},
    {VILLAGE, "card.activate", {"case", "$case", "day", "2026-07-02"}, 2},
    {VILLAGE, "card.show", {"title", "防汛"}, 0},
    /* Meetings. */
    {VILLAGE, "meeting.begin", {"day", "2026-11-27", "text", "到会三人"}, 1},
    {VILLAGE,
     "meeting.item",
     {"case", "$case", "due", "2026-12-04", "owner", "村主任", "text", "量一量"},
     1},
    {VILLAGE, "agenda", {NULL}, 0},
    {VILLAGE, "meeting.list", {NULL}, 0},
    {VILLAGE, "meeting.show", {NULL}, 0},
    {VILLAGE, "meeting.done", {"item", "$op", "text", "量了"}, 1},
    /* Lists and tables. */
    {VILLAGE, "case.import", {"check", "!", "rows", "*田埂"}, 0},
    {VILLAGE, "case.import", {"rows", "*田埂"}, 1},
    {VILLAGE, "case.list", {"after", "$case", "mine", "!", "party", "张某"}, 0},
    {VILLAGE, "task.list", {"case", "$case"}, 0},
    {VILLAGE, "due", {"overdue", "!"}, 0},
    /* An observer is shown what is left of it. */
    {VILLAGE, "person.add", {"name", "观某", "pin", "135791", "role", "observer"}, 1},
    {VILLAGE, "unlock", {"person", "观某", "pin", "135791"}, 0},
    {VILLAGE, "case.show", {"case", "$case"}, 0},
    {VILLAGE, "case.list", {NULL}, 0},
    {VILLAGE, "unlock", {"pin", "246810"}, 0},
    /* In danger to life a mediator sends it, and a steward stands by it. */
    {VILLAGE, "unlock", {"person", "王某", "pin", "135791"}, 0},
    {VILLAGE,
     "case.triage",
     {"case", "$case", "danger", "!", "decision", "escalate", "reason", "有人持刀"},
     1},
    {VILLAGE,
     "escalate.release",
     {"case", "$case", "danger", "有人持刀", "fields", "[title,context", "onward", "yes",
      "reason", "有人持刀"},
     2},
    {VILLAGE, "unlock", {"pin", "246810"}, 0},
    {VILLAGE, "status", {NULL}, 0},
    {VILLAGE, "case.show", {"case", "$case"}, 0},
    {VILLAGE, "escalate.confirm", {"case", "$case", "text", "属实"}, 1},
    /* What changed since waits, until somebody has looked at it. */
    {VILLAGE, "case.set", {"case", "$case", "field", "context", "value", "又堵了"}, 1},
    {VILLAGE,
     "case.consent",
     {"case", "$case", "fields", "[title,context", "manner", "oral", "party", "张某",
      "witness", "赵某"},
     1},
    {VILLAGE,
     "case.consent",
     {"case", "$case", "fields", "[title,context", "manner", "signed", "paper", "2026-7",
      "party", "李某"},
     1},
    {VILLAGE, "outbox", {NULL}, 0},
    {VILLAGE, "outbox", {"case", "$case"}, 0},
    {VILLAGE, "outbox.send", {"case", "$case", "seen", "$seen"}, 1},
    {TOWNSHIP, "inbox", {"after", "$record", "from", "溪口村"}, 0},
    {TOWNSHIP, "escalation.open", {"escalation", "$record"}, 1},
    {TOWNSHIP, "escalation.joint", {"escalation", "$record", "word", "working"}, 1},
    {TOWNSHIP,
     "escalation.grade",
     {"escalation", "$record", "reason", "两村", "word", "二级"},
     1},
    {TOWNSHIP, "escalation.invite", {"escalation", "$record", "site", "水利站"}, 1},
    {TOWNSHIP,
     "escalation.task",
     {"due", "2026-12-01", "escalation", "$record", "owner", "水利站", "text", "量水位"},
     1},
    {TOWNSHIP, "escalation.task_done", {"escalation", "$record", "op", "$op"}, 1},
    {TOWNSHIP, "meeting.begin", {"day", "2026-11-27"}, 1},
    {TOWNSHIP,
     "meeting.item",
     {"as_task", "!", "due", "2026-12-04", "escalation", "$record", "owner", "水利站",
      "text", "现场查看"},
     2},
    {TOWNSHIP, "agenda", {NULL}, 0},
    {TOWNSHIP, "meeting.show", {NULL}, 0},
    {TOWNSHIP, "due", {NULL}, 0},
    {TOWNSHIP, "search", {"words", "水沟"}, 0},
    {TOWNSHIP,
     "escalation.refer",
     {"channel", "court", "escalation", "$record", "text", "可以起诉"},
     1},
};

/* What its other machine wrote, which had seen no more than the founding of the case.
 * Takes draft. */
static void write_aside(struct sim_county *f, const struct id *scope, struct draft *draft)
{
    struct buf bytes = {0};
    struct forgery forgery = {.seed = world_steward_seed(f->xikou),
                              .draft = draft,
                              .scope = scope,
                              .of = f->xikou,
                              .parents = scope,
                              .parents_len = 1};
    (void)sim_forge(&forgery, &bytes);
    assert_int_equal(world_admit(f->world, f->xikou, buf_bytes(&bytes)), STATUS_OK);
    buf_deinit(&bytes);
    draft_deinit(draft);
}

/* A department takes part, and a case was called and judged in two ways at once. */
static void prepare(struct sim_county *f)
{
    struct world_node *station = world_found(f->world, "department", "水利站", "s:1");
    struct buf out = {0};
    struct id scope;
    struct draft draft;
    world_pair(f->world, f->township, station);
    SIM_SAY(f, f->xikou, &out, "case.new", "category", "邻里", "title", "田埂",
            "narrative", "两家争执。");
    assert_true(view_map_id(buf_bytes(&out), "scope", &scope));
    SIM_SAY(f, f->xikou, NULL, "case.set", "case", OTHER, "field", "title", "value",
            "甲");
    SIM_SAY(f, f->xikou, NULL, "case.triage", "case", OTHER, "decision", "keep", "reason",
            "能办");
    draft_init(&draft, "set", &scope);
    draft_text(&draft, "title", bytes_str("乙"));
    write_aside(f, &scope, &draft);
    draft_init(&draft, "triage", &scope);
    draft_flag(&draft, "beyond", true);
    draft_flag(&draft, "danger", false);
    draft_text(&draft, "decision", bytes_str("escalate"));
    draft_text(&draft, "reason", bytes_str("另一台机器"));
    draft_flag(&draft, "solvable", false);
    write_aside(f, &scope, &draft);
    buf_deinit(&out);
}

void sim_fail_papers(struct sim_county *f, const struct sim_fault *fault)
{
    prepare(f);
    sim_fail_each_request(f, fault, requests, sizeof(requests) / sizeof(requests[0]));
}
