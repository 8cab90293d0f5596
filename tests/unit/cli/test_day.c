/* A village and its township, both of them the real daemon, and everything that people
 * say to them with the client. What was answered is kept: then it is all said once more
 * with answers that are odd, and with a memory that ends. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <signal.h>
#include <unistd.h>

#include "tests/unit/cli/real_node.h"
#include "tests/unit/cli/saying.h"

static struct real_node village, township;
static bool is_township_gone;

/* Two: what is on the way stays, and what verbs write lies on the other. */
static char carried[64], scratch[64];

static int open_house(void **state)
{
    (void)state;
    real_node_start(&township, "township", "青河镇");
    real_node_start(&village, "village", "枫源村");
    return 0;
}

static int close_house(void **state)
{
    (void)state;
    saying_end();
    if (carried[0] != '\0') {
        folder_remove(carried);
        folder_remove(scratch);
    }
    real_node_stop(&village);
    if (!is_township_gone)
        real_node_stop(&township);
    return 0;
}

/* ---- a day ---- */

static void a_pair_is_made(void **state)
{
    char code[64];
    (void)state;
    SAY(township, "", "peer", "invite");
    (void)snprintf(code, sizeof(code), "%.63s", last);
    SAY(village, "青河镇", "peer", "join", code, "--at", township.address);
    SAY(village, "", "sync", "--wait", "--timeout", "20");
    SAY(township, "枫源村", "peer", "list");
    SAY(village, "枫源村", "status");
    SAY(village, "枫源村", "site");
}

static char number[32]; /* of the village's case */
static char record[16]; /* what went up of it */

/* The only one in the township's inbox. */
static const char *record_of_inbox(char id[static 16])
{
    SAY(township, "排水沟", "inbox");
    return id_after("nobody serves it", id);
}

static void a_case_is_written_down(void **state)
{
    (void)state;
    say(&village, "雨水流进院子\n", EXIT_DONE, "", "case", "new", "--category", "邻里",
        "--title", "排水沟", "--narrative", "-", "--context", "去年修过", "--party",
        "张某:applicant", "--party", "李某:respondent", NULL);
    (void)snprintf(number, sizeof(number), "%.31s", last);
    SAY(village, "排水沟", "case", "show", number);
    SAY(village, "排水沟", "case", "list");
    SAY(village, "排水沟", "search", "排水沟");
}

static void plan_cards_are_kept_and_activated(void **state)
{
    (void)state;
    SAY(village, "There are no plan cards", "card", "list");
    SAY(village, "The card is kept.", "card", "set", "防汛", "--trigger", "水位过警戒线",
        "--role", "指挥:村主任", "--role", "巡查:组长", "--step", "指挥:0:通知各户",
        "--step", "巡查:1:看河堤");
    SAY(village, "防汛", "card", "list");
    SAY(village, "水位过警戒线", "card", "show", "防汛");
    SAY(village, "", "card", "show");
    SAY(village, "", "card", "activate", "防汛", "--category", "安全", "--reason",
        "上游来水", "--day", "2026-11-27");
    SAY(village, "", "card", "activate", "防汛", "--case", number);
    SAY(village, "看河堤", "task", "list");
    REFUSED(village, EXIT_FAILED, "", "card", "show", "没有的");
}

static void rounds_are_walked(void **state)
{
    char id[16];
    (void)state;
    SAY(village, "", "checklist", "list");
    SAY(village, "No round was begun yet.", "round", "list");
    SAY(village, "The list is kept.", "checklist", "set", "汛前排查", "--places",
        "桥头,学校", "--topics", "排水,用电");
    SAY(village, "桥头", "checklist", "list");
    SAY(village, "", "round", "begin", "汛前排查", "--day", "2026-05-02");
    SAY(village, "Looked at, and well.", "round", "look", "桥头", "排水");
    SAY(village, "The finding is noted.", "round", "finding", "学校", "用电",
        "墙上的线露在外面");
    SAY(village, "The finding became a case.", "round", "finding", "桥头", "用电",
        "灯不亮", "--as-case", "--category", "安全");
    SAY(village, "墙上的线露在外面", "round", "show");
    SAY(village, "", "round", "as-case", id_after("found    case", id), "--category",
        "安全");
    SAY(village, "汛前排查", "round", "list");
    SAY(village, "", "round", "suggest");
}

static const char *file_of(const char *name, const char *text)
{
    return file_beside(&village, name, text);
}

static void papers_are_kept_cited_and_printed(void **state)
{
    (void)state;
    SAY(village, "", "rules", "list");
    say(&village, "第三条 水沟各清一段\n", EXIT_DONE, "", "rules", "add", "-", "--title",
        "村规民约", "--edition", "2026", "--from", "2026-01-01", NULL);
    SAY(village, "村规民约", "rules", "list");
    SAY(village, "水沟各清一段", "rules", "show", "村规民约");
    SAY(village, "The agreement is written down.", "agreement", "new", number, "--terms",
        "双方各出一人疏通水沟", "--facts", "水沟堵了", "--dispute", "谁来清", "--manner",
        "口头", "--deadline", "2099-12-31", "--party", "张某:applicant", "--party",
        "李某:respondent", "--clause", "第三条");
    SAY(village, "", "print", number, "--set", "agreement", "--out",
        file_of("paper.html", NULL));
    SAY(village, "", "print", number, "--set", "agreement", "--out", "-");
    SAY(village, "撤回", "policy", "show", "--lang", "zh_CN");
    SAY(village, "Who can see what", "policy", "show", "--lang", "en");
    SAY(village, "", "policy", "show");
}

static void what_is_due_is_seen(void **state)
{
    (void)state;
    SAY(village, "", "due", "list");
    SAY(village, "this site", "due", "set", "cooling-off", "--days", "30", "--category",
        "婚姻家庭");
    SAY(village, "婚姻家庭", "due", "list");
    SAY(village, "", "due", "reset", "cooling-off", "--category", "婚姻家庭");
    SAY(village, "", "due");
    SAY(village, "", "due", "--overdue", "--limit", "1");
    SAY(village, "", "case", "triage", number, "--decision", "keep", "--solvable",
        "--reason", "愿意谈");
    SAY(village, "", "case", "handle", number, "--owner", "李调解");
    SAY(village, "", "case", "task", number, "量一量沟有多宽", "--owner", "李调解",
        "--due", "2020-01-02");
    SAY(village, "量一量沟有多宽", "task", "list", "--overdue");
    SAY(village, "", "due", "--overdue");
    SAY(village, "量一量沟有多宽", "case", "show", number);
    SAY(village, "", "task", "list", "--case", number, "--all", "--limit", "1");
}

static void how_long_things_are_kept_is_seen(void **state)
{
    (void)state;
    SAY(village, "", "retention", "list");
    SAY(village, "The rule is set.", "retention", "set", "邻里", "--years", "5",
        "--identity-years", "1");
    SAY(village, "邻里", "retention", "list");
    SAY(village, "", "retention", "keep", number, "--reason", "法院调卷");
    SAY(village, "", "retention", "list");
}

static void files_and_pastes_are_kept(void **state)
{
    char id[16];
    (void)state;
    const char *note = file_of("note.txt", "量过了：两尺\n");
    SAY(village, "", "attach", "list", number);
    SAY(village, "is attached", "attach", "add", number, note);
    (void)snprintf(id, sizeof(id), "%.12s", last);
    say(&village, "从前的字据\n", EXIT_DONE, "", "attach", "add", number, "-", "--name",
        "deed.txt", NULL);
    SAY(village, "note.txt", "attach", "list", number);
    SAY(village, "is written", "attach", "get", number, id, "--out",
        file_of("copy.txt", NULL));
    SAY(village, "两尺", "attach", "get", number, id, "--out", "-");
    SAY(village, "Taken away for good.", "attach", "remove", number, id, "--reason",
        "拍到了旁人");
    REFUSED(village, EXIT_FAILED, "", "attach", "get", number, "ffffffffffff", "--out",
            "-");
    SAY(village, "", "paste", "list");
    say(&village, "群里有人说水沟又堵了\n", EXIT_DONE, "", "paste", "add", "-", NULL);
    SAY(village, "", "paste", "add", "--file", file_of("note.txt", NULL));
    SAY(village, "", "paste", "list");
    SAY(village, "水沟又堵了", "paste", "show", "1");
    REFUSED(village, EXIT_FAILED, "there is no photo", "paste", "get", "2", "--out",
            file_of("copy.txt", NULL));
    SAY(village, "", "paste", "case", "1", "--category", "邻里", "--title", "水沟又堵",
        "--party", "张某:applicant");
    SAY(village, "", "paste", "drop", "2");
}

static void a_record_goes_up_and_is_talked_about(void **state)
{
    char id[16], task[16];
    (void)state;
    SAY(village, "", "case", "triage", number, "--decision", "escalate", "--beyond",
        "--reason", "涉及两村");
    SAY(village, "", "case", "consent", number, "--party", "张某", "--fields",
        "title,context", "--manner", "oral", "--witness", "王某");
    SAY(village, "", "case", "consent", number, "--party", "李某", "--fields",
        "title,context", "--manner", "signed", "--paper", "3号");
    SAY(village, "title, context", "case", "show", number);
    SAY(village, "Nothing else leaves.", "escalate", number, "--fields", "title,context",
        "--reason", "两次调解未成", "--preview");
    SAY(village, "Released", "escalate", number, "--fields", "title,context", "--reason",
        "两次调解未成", "--yes");
    SAY(village, "", "outbox");
    SAY(village, "", "outbox", number);
    SAY(village, "", "sync", "--wait", "--timeout", "20");
    SAY(village, "", "case", "list");
    SAY(township, "排水沟", "inbox");
    SAY(township, "排水沟", "inbox", "--from", "枫源村", "--limit", "1");
    SAY(township, "", "show", record_of_inbox(id));
    (void)snprintf(record, sizeof(record), "%s", id);
    SAY(township, "", "open", id);
    SAY(township, "", "accept", id);
    SAY(township, "", "grade", id, "镇二级", "--reason", "涉及两村");
    SAY(township, "", "joint", id, "working", "--text", "已派人测量");
    SAY(township, "", "task", id, "测量水位", "--owner", "水利站", "--due", "2099-11-30");
    SAY(township, "测量水位", "show", id);
    SAY(township, "", "task-done", id, id_after("\ntasks", task), "--text", "已测");
    SAY(township, "", "advise", id, "先量水位");
    SAY(township, "", "refer", id, "--to", "court", "请法院看看");
    REFUSED(township, EXIT_DENIED, "no role", "rule", id, "各清一段");
    REFUSED(township, EXIT_FAILED, "", "onward", id, "--reason", "需要县里协调");
    REFUSED(township, EXIT_FAILED, "", "invite", id, "水利站", "--show", "record,talk");
    SAY(township, "", "decide", id, "各清一段");
    SAY(township, "", "return", id, "请村里落实");
    SAY(township, "", "show", id, "--json");
    SAY(village, "", "sync", "--wait", "--timeout", "20");
    SAY(village, "returned", "case", "show", number);
    SAY(village, "先量水位", "show", id);
    SAY(village, "", "decline", id, id_after("advise", task), "量过了");
    SAY(village, "", "permit", id);
    SAY(village, "", "outbox", number);
}

static void a_meeting_is_held(void **state)
{
    char id[16];
    (void)state;
    SAY(township, "There was no meeting yet.", "meeting", "list");
    SAY(township, "", "agenda");
    SAY(township, "The meeting is begun.", "meeting", "begin", "2026-11-27", "--text",
        "水利站到会");
    SAY(township, "", "meeting", "item", "现场查看水渠", "--owner", "水利站", "--due",
        "2020-12-04", "--escalation", record, "--as-task");
    SAY(township, "", "meeting", "item", "再看一次", "--owner", "水利站", "--due",
        "2099-12-04", "--escalation", record);
    SAY(township, "现场查看水渠", "agenda");
    SAY(township, "", "meeting", "show");
    SAY(township, "", "meeting", "done", id_after("until", id), "--remark", "已查看");
    SAY(township, "", "meeting", "show");
    SAY(township, "2026-11-27", "meeting", "list", "--limit", "1");
    SAY(township, "", "agenda", "--limit", "1");
}

/* What is due in years past is open, and no finding that fails. */
static void a_node_is_audited(void **state)
{
    (void)state;
    SAY(village, "Nothing fails.", "audit");
    SAY(township, "Nothing fails.", "audit");
    SAY(township, "of 枫源村 sent the record up", "audit", "explain", record);
    SAY(township, "escalation", "audit", "sample", "--n", "3", "--seed", "s", "--site",
        "枫源村");
    SAY(village, "case", "audit", "sample", "--n", "3", "--seed", "s", "--cases");
    REFUSED(village, EXIT_DENIED, "no role", "audit", "note", record, "--verdict",
            "holds", "--text", "无误");
    REFUSED(village, EXIT_FAILED, "verdict", "audit", "note", record, "--verdict",
            "perhaps", "--text", "无误");
}

static void a_record_is_proven_and_called_back(void **state)
{
    char trusted[80];
    (void)state;
    SAY(village, "", "site");
    const char *at = strstr(said, "fqs1");
    (void)snprintf(trusted, sizeof(trusted), "%.*s", (int)strcspn(at, "\n"), at);
    SAY(village, "", "evidence", record, "--out", file_of("a.evidence", NULL));
    SAY(village, "", "evidence", record, "--out", "-");
    SAY(village, "", "evidence", record, "--out", file_of("b.evidence", NULL),
        "--withhold", "parties, consent,title");
    REFUSED(village, EXIT_FAILED, "no field of a record", "evidence", record, "--out",
            file_of("b.evidence", NULL), "--withhold", "nothing");
    /* The keys of this test cost nothing, and are none. */
    REFUSED(village, EXIT_FAILED, "decides otherwise in a known case", "verify",
            file_of("a.evidence", NULL), "--trust", trusted);
    SAY(village, "", "recall", "list");
    SAY(village, "Recalled, for good.", "recall", record, "--reason", "当事人撤回同意");
    SAY(village, "", "sync", "--wait", "--timeout", "20");
    SAY(village, "", "recall", "list");
    SAY(township, "recalled", "show", record);
    SAY(village, "", "case", "show", number);
}

static void a_case_comes_to_its_end(void **state)
{
    (void)state;
    SAY(village, "", "case", "settle", number, "--outcome", "agreement", "--text",
        "各清一段", "--oral", "--agreement", "两家同意");
    SAY(village, "", "case", "follow-up", number, "--result", "kept", "--text", "都满意");
    SAY(village, "", "case", "close", number);
    SAY(village, "", "case", "show", number);
    SAY(village, "", "case", "reopen", number, "--reason", "又堵了");
    SAY(village, "", "case", "list", "--state", "registered", "--category", "安全");
    SAY(village, "", "case", "list", "--limit", "1");
    SAY(village, "", "case", "list", "--csv");
    SAY(village, "", "case", "list", "--xlsx", file_of("cases.xlsx", NULL));
    SAY(village, "", "case", "note", number, "来过");
    SAY(village, "Nothing was written in two ways", "conflict", "list");
    SAY(village, "", "conflict", "show", number);
}

static void people_and_machines_are_looked_after(void **state)
{
    (void)state;
    SAY(village, "fqk1", "person", "add", "李调解", "--role", "mediator", "--pin-file",
        file_of("pin.mediator", "135791\n"));
    SAY(village, "李调解", "person", "list");
    SAY(village, "", "device", "list");
    SAY(village, "http://", "device", "invite", "--person", "李调解", "--url",
        "http://192.168.1.10:8080");
    REFUSED(village, EXIT_FAILED, "", "device", "revoke", "3");
    SAY(village, "Revoked.", "person", "revoke", "李调解");
    SAY(village, "", "person", "list");
    REFUSED(village, EXIT_FAILED, "", "node", "revoke", "旧电脑");
    SAY(township, "", "peer", "quota", "枫源村", "--bytes", "2G", "--ops", "100K");
    SAY(township, "", "peer", "quota", "枫源村");
    SAY(township, "", "peer", "clear", "枫源村");
    SAY(village, "Nothing is set apart.", "quarantine", "list");
    SAY(village, "seals:          1\n", "status");
    SAY(village, "begin", "seal", "list");
    SAY(village, "fqk1", "seal", "witnessed"); /* of a township without a parent */
    SAY(village, "old 0\n\nfengqiao/fqk1", "seal", "request");
    SAY(village, "no proof against", "seal", "proofs");
    REFUSED(village, EXIT_FAILED, "", "seal", "proof", "1", "--out", "/nowhere/f");
    REFUSED(village, EXIT_FAILED, "no key of a witness", "seal", "add",
            file_of("answer", "— w AAAAAA==\n"), "--witness", "w");
    REFUSED(village, EXIT_FAILED, "", "quarantine", "show", "3");
    SAY(village, "", "quarantine", "retry", "all");
    SAY(village, "", "quarantine", "drop", "all", "--yes");
    say(&village, "11010519491231002X\n", EXIT_DONE, "", "case", "identity", number,
        "--party", "张某", "--id-number", "-", NULL);
    SAY(village, "11010519491231002X", "case", "identity", "show", number, "--party",
        "张某");
    REFUSED(village, EXIT_DENIED, "one of you is wrong", "retention", "trust-clock",
            "--today", "2020-11-30");
    SAY(village, "", "status");
}

static void danger_to_life_does_not_wait(void **state)
{
    char other[32];
    (void)state;
    SAY(village, "Its number:", "case", "new", "--category", "邻里", "--title",
        "有人持刀", "--narrative", "两家争执", "--context", "去年修过", "--party",
        "张某:applicant");
    (void)snprintf(other, sizeof(other), "%.31s", last);
    SAY(village, "", "case", "triage", other, "--decision", "escalate", "--danger",
        "--beyond", "--reason", "有人持刀");
    SAY(village, "", "escalate", other, "--fields", "title,context", "--danger",
        "有人持刀", "--preview");
    SAY(village, "", "escalate", other, "--fields", "title,context", "--danger",
        "有人持刀", "--yes");
    SAY(village, "", "case", "show", other);
    SAY(village, "", "sync", "--wait", "--timeout", "20");
    SAY(township, "有人持刀", "inbox");
    SAY(township, "", "inbox", "--csv");
    SAY(township, "", "inbox", "--xlsx", file_of("inbox.xlsx", NULL));
    SAY(township, "", "agenda", "--limit", "1");
    SAY(village, "", "case", "set", other, "title", "有人持刀，已送医");
    SAY(village, "has not been asked", "outbox");
    REFUSED(village, EXIT_DENIED, "stays here", "outbox", "send", other, "--yes");
    SAY(village, "", "case", "consent", other, "--party", "张某", "--fields",
        "title,context", "--manner", "oral", "--witness", "王某");
    SAY(village, "已送医", "outbox", "send", other, "--yes");
    SAY(village, "Nothing waits.", "outbox");
}

static void what_nobody_answers_is_unreachable(void **state)
{
    char other[32];
    (void)state;
    real_node_stop(&township);
    is_township_gone = true;
    SAY(village, "", "case", "note", number, "再来过");
    SAY(village, "", "case", "set", number, "context", "前年也修过");
    REFUSED(village, EXIT_FAILED, "nothing waits", "outbox", "send", "all", "--yes");
    SAY(village, "", "case", "new", "--category", "邻里", "--title", "路灯",
        "--narrative", "路灯不亮", "--context", "从前亮");
    (void)snprintf(other, sizeof(other), "%.31s", last);
    SAY(village, "", "case", "triage", other, "--decision", "escalate", "--beyond",
        "--reason", "涉及两村");
    SAY(village, "", "escalate", other, "--fields", "title,context", "--reason", "r",
        "--no-parties", "路灯是村里的", "--yes");
    REFUSED(village, EXIT_UNREACHABLE, "have not agreed yet", "sync", "--wait",
            "--timeout", "1");
    REFUSED(village, EXIT_UNREACHABLE, "", "sync");
    SAY(village, "", "status");
    SAY(village, "", "peer", "list");
}

/* ---- by stick ---- */

/* On the stick that is carried, and once more on the other, of which the tape is. */
static void write_for(const struct real_node *node, const char *expected, const char *to)
{
    if (carried[0] == '\0') {
        folder_make(carried);
        folder_make(scratch);
    }
    say(node, "", EXIT_DONE, expected, "bundle", "write", "--to", to, "--stick", carried,
        NULL);
    saying_forget();
    say(node, "", EXIT_DONE, "was read back", "bundle", "write", "--to", to, "--stick",
        scratch, NULL);
    saying_writes_on(scratch, NULL);
}

static void what_waits_goes_by_stick(void **state)
{
    (void)state;
    SAY(village, "青河镇", "bundle", "list");
    write_for(&village, "bundle 1 is written", "青河镇");
    SAY(township, "枫源村", "bundle", "show", "--stick", carried);
    SAY(township, "枫源村", "bundle", "read", "--stick", carried);
    SAY(village, "None of these files is for this machine.", "bundle", "read", "--stick",
        carried);
    write_for(&township, "bundle 1 is written", "枫源村");
    SAY(village, "1 more for other machines.", "bundle", "read", "--stick", carried);
    SAY(village, "1 more for other machines.", "bundle", "show", "--stick", carried);
    SAY(village, "umount", "bundle", "write", "--all", "--stick", scratch);
    saying_writes_on(scratch, NULL);
    SAY(township, "枫源村", "bundle", "list");
    REFUSED(village, EXIT_FAILED, "", "bundle", "write", "--to", "没有的", "--stick",
            scratch);
    SAY(township, "There is no bundle in that folder.", "bundle", "read", "--stick",
        village.home);
}

/* A stick of which every name is taken. */
static void fill(const char *stick, bool takes_away)
{
    char name[96];
    for (unsigned slot = 1; slot <= 999; slot++) {
        (void)snprintf(name, sizeof(name), "%s/fengqiao-%03u.age", stick, slot);
        FILE *file = takes_away ? NULL : fopen(name, "w");
        if (takes_away)
            assert_int_equal(unlink(name), 0);
        else
            assert_true(file != NULL && fclose(file) == 0);
    }
}

static void sticks_are_full_old_or_damaged(void **state)
{
    char full[64], damaged[96];
    (void)state;
    folder_make(full);
    fill(full, false);
    REFUSED(village, EXIT_FAILED, "NOT written", "bundle", "write", "--to", "青河镇",
            "--stick", full);
    saying_forget();
    SAY(village, "; umount ", "bundle", "write", "--to", "青河镇", "--stick", full,
        "--stick", carried);
    saying_forget();
    fill(full, true);
    folder_remove(full);
    SAY(township, "fengqiao-003.age", "bundle", "read", "--stick", carried);
    SAY(township, "a later one was read", "bundle", "read", "--stick", carried);
    (void)snprintf(damaged, sizeof(damaged), "%s/fengqiao-009.age", carried);
    FILE *file = fopen(damaged, "w");
    assert_non_null(file);
    (void)fputs("no bundle\n", file);
    assert_int_equal(fclose(file), 0);
    REFUSED(township, EXIT_FAILED, "fengqiao-009.age: ", "bundle", "show", "--stick",
            carried);
    say(&township, "", EXIT_FAILED, "", "bundle", "read", "--stick", carried, "--clear",
        NULL);
    saying_forget();
    REFUSED(township, EXIT_FAILED, "", "bundle", "read", "--stick", "/nowhere");
}

static void a_table_of_cases_is_taken_in(void **state)
{
    (void)state;
    const char *table =
        file_of("cases.csv",
                "category,title,narrative,party,role\n邻里,旧事,从前的,王某,applicant\n");
    SAY(village, "1 cases would be taken", "import", table, "--dry-run");
    SAY(village, "1 cases taken", "import", table);
}

int main(int argc, char *argv[])
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_pair_is_made),
        cmocka_unit_test(a_case_is_written_down),
        cmocka_unit_test(plan_cards_are_kept_and_activated),
        cmocka_unit_test(rounds_are_walked),
        cmocka_unit_test(papers_are_kept_cited_and_printed),
        cmocka_unit_test(what_is_due_is_seen),
        cmocka_unit_test(how_long_things_are_kept_is_seen),
        cmocka_unit_test(files_and_pastes_are_kept),
        cmocka_unit_test(a_record_goes_up_and_is_talked_about),
        cmocka_unit_test(a_meeting_is_held),
        cmocka_unit_test(a_node_is_audited),
        cmocka_unit_test(a_record_is_proven_and_called_back),
        cmocka_unit_test(a_case_comes_to_its_end),
        cmocka_unit_test(people_and_machines_are_looked_after),
        cmocka_unit_test(a_table_of_cases_is_taken_in),
        cmocka_unit_test(what_waits_goes_by_stick),
        cmocka_unit_test(sticks_are_full_old_or_damaged),
        cmocka_unit_test(danger_to_life_does_not_wait),
        cmocka_unit_test(what_nobody_answers_is_unreachable),
        cmocka_unit_test(M2_whatever_value_is_odd_does_no_harm),
        cmocka_unit_test(C1_without_memory_a_verb_says_so_or_says_all),
    };
    real_node_be_child(argc, argv);
    (void)signal(SIGPIPE, SIG_IGN); /* as in the client */
    return cmocka_run_group_tests(tests, open_house, close_house);
}
