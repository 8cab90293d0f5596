/* Requests of the API that ask for what is not there, is not theirs, or is no request:
 * each gets its own answer, and none of them changes anything. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "node/cases/view.h"
#include "tests/sim/sim_county.h"

#define LONG_20 "一二三四五六七八九十一二三四五六七八九十"
#define UNKNOWN_ID "00000000000000000000000000000000000000000000000000000000deadbeef"
#define WORDS_5 "baan baan baan baan baan"

/* Names and values as world_say takes them. */
struct row {
    const char *method;
    const char *arguments[9];
    enum status answer;
};

static enum status ask(struct sim_county *f, struct world_node *node,
                       const struct row *row, struct buf *out)
{
    const char *const *a = row->arguments;
    return world_say(f->world, node, out, row->method, a[0], a[1], a[2], a[3], a[4], a[5],
                     a[6], a[7], NULL);
}

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

static void assert_answers(struct sim_county *f, struct world_node *node,
                           const struct row *rows, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        struct buf out = {0};
        uint64_t before = ops_of(node);
        enum status status = ask(f, node, &rows[i], &out);
        if (status != rows[i].answer)
            fail_msg("%s, row %zu: %s and not %s", rows[i].method, i, status_name(status),
                     status_name(rows[i].answer));
        assert_int_equal(ops_of(node), before);
        buf_deinit(&out);
    }
}

#define LEN(rows) (sizeof(rows) / sizeof(rows[0]))

static void new_case(struct sim_county *f, struct world_node *node,
                     char number[static 32], char id[static 65])
{
    struct buf out = {0};
    struct bytes text;
    struct id scope;
    SIM_SAY(f, node, &out, "case.new", "category", "邻里", "title", "水沟", "narrative",
            "两家争执。", "context", "去年修过。");
    assert_true(view_map_text(buf_bytes(&out), "number", &text));
    (void)snprintf(number, 32, "%.*s", (int)text.len, (const char *)text.data);
    assert_true(view_map_id(buf_bytes(&out), "scope", &scope));
    hex_encode(id, scope.bytes, ID_SIZE);
    buf_deinit(&out);
}

static void what_is_no_request_is_said_to_be_none(void **state)
{
    static const struct row rows[] = {
        {"dance", {NULL}, STATUS_UNSUPPORTED},
        {"status", {"colour", "red"}, STATUS_INVALID},
        {"case.show", {NULL}, STATUS_INVALID},
        {"case.show", {"case", "[a,b]"}, STATUS_INVALID},
        {"case.show", {"case", LONG_20 LONG_20}, STATUS_TOO_LARGE},
        {"case.note", {"case", "2026-0001"}, STATUS_INVALID},
        {"case.set",
         {"case", "2026-0001", "field", "mood", "value", "好"},
         STATUS_INVALID},
        {"case.triage",
         {"case", "2026-0001", "decision", "wait", "reason", "等等"},
         STATUS_INVALID},
        {"case.consent",
         {"case", "2026-0001", "party", "张某", "manner", "oral"},
         STATUS_INVALID},
        {"escalate.preview",
         {"case", "2026-0001", "fields", "context", "reason", "超出权限"},
         STATUS_INVALID},
        {"escalate.preview",
         {"case", "2026-0001", "fields", "[a,b,c,d,e,f,g,h,i,j,k,l,m,n,o,p,q,r]",
          "reason", "超出权限"},
         STATUS_INVALID},
        {"person.add",
         {"name", "王某", "pin", "135791", "role", "emperor"},
         STATUS_INVALID},
        {"person.add", {"name", "王某", "pin", "12", "role", "desk"}, STATUS_INVALID},
        {"peer.join", {"at", "county:1", "code", WORDS_5}, STATUS_INVALID},
        {"peer.join", {"at", "county:1", "code", WORDS_5 " zzz"}, STATUS_INVALID},
        {"peer.join", {"at", "county", "code", WORDS_5 " baan"}, STATUS_INVALID},
    };
    struct sim_county *f = *state;
    char number[32], id[65];
    new_case(f, f->fengyuan, number, id);
    assert_answers(f, f->fengyuan, rows, LEN(rows));
}

static void what_is_not_here_is_not_found(void **state)
{
    static const struct row rows[] = {
        {"case.show", {"case", "2026-9999"}, STATUS_NOT_FOUND},
        {"case.show", {"case", "deadbeef"}, STATUS_NOT_FOUND},
        {"case.show", {"case", "deadbeeg"}, STATUS_NOT_FOUND},
        {"case.show", {"case", UNKNOWN_ID}, STATUS_NOT_FOUND},
        {"case.show", {"case", UNKNOWN_ID "0"}, STATUS_NOT_FOUND},
        {"escalation.show", {"escalation", UNKNOWN_ID}, STATUS_NOT_FOUND},
        {"evidence", {"escalation", "deadbeef"}, STATUS_NOT_FOUND},
        {"person.revoke", {"person", "无名氏"}, STATUS_NOT_FOUND},
        {"unlock", {"person", "无名氏", "pin", "246810"}, STATUS_NOT_FOUND},
    };
    struct sim_county *f = *state;
    assert_answers(f, f->fengyuan, rows, LEN(rows));
}

static void a_case_is_found_by_its_number_its_id_and_the_first_digits(void **state)
{
    struct sim_county *f = *state;
    char number[32], id[65], upper[65], other[65], record[65];
    new_case(f, f->fengyuan, number, id);
    struct id escalation = sim_escalate(f, f->fengyuan, "水渠");
    hex_encode(record, escalation.bytes, ID_SIZE);
    (void)snprintf(upper, sizeof(upper), "%.9s", id);
    for (char *c = upper; *c != '\0'; c++)
        *c = (char)(*c >= 'a' && *c <= 'f' ? *c - 'a' + 'A' : *c);
    (void)snprintf(other, sizeof(other), "%.7s", id); /* too few */
    const struct row rows[] = {
        {"case.show", {"case", number}, STATUS_OK},
        {"case.show", {"case", id}, STATUS_OK},
        {"case.show", {"case", upper}, STATUS_OK},
        {"case.show", {"case", other}, STATUS_NOT_FOUND},
        {"case.show", {"case", record}, STATUS_NOT_FOUND},
        {"escalation.show", {"escalation", id}, STATUS_NOT_FOUND},
        {"escalation.show", {"escalation", record}, STATUS_OK},
    };
    assert_answers(f, f->fengyuan, rows, LEN(rows));
}

static void a_list_has_the_cases_of_the_state_that_was_asked_for(void **state)
{
    static const struct row open = {"case.list", {"state", "registered"}, STATUS_OK};
    static const struct row closed = {"case.list", {"state", "closed"}, STATUS_OK};
    struct sim_county *f = *state;
    struct buf out = {0};
    char number[32], id[65];
    new_case(f, f->fengyuan, number, id);
    assert_int_equal(ask(f, f->fengyuan, &open, &out), STATUS_OK);
    assert_int_equal(view_map_count(buf_bytes(&out), "cases"), 1);
    assert_int_equal(ask(f, f->fengyuan, &closed, &out), STATUS_OK);
    assert_int_equal(view_map_count(buf_bytes(&out), "cases"), 0);
    buf_deinit(&out);
}

static void who_has_not_the_right_is_refused(void **state)
{
    static const struct row rows[] = {
        {"unlock", {"pin", "135791"}, STATUS_DENIED},
        {"unlock", {"person", "王某", "pin", "135791"}, STATUS_OK},
        {"person.add", {"name", "李某", "pin", "135791", "role", "desk"}, STATUS_DENIED},
        {"person.revoke", {"person", "陈某"}, STATUS_DENIED},
        {"peer.invite", {NULL}, STATUS_DENIED},
        {"peer.join", {"at", "county:1", "code", WORDS_5 " baan"}, STATUS_DENIED},
        {"quarantine.drop", {NULL}, STATUS_DENIED},
    };
    struct sim_county *f = *state;
    sim_add_person(f, f->fengyuan, "王某", "mediator", NULL);
    assert_answers(f, f->fengyuan, rows, LEN(rows));
}

static void nobody_signs_before_he_has_unlocked(void **state)
{
    static const struct row rows[] = {
        {"status", {NULL}, STATUS_OK},
        {"case.list", {NULL}, STATUS_OK},
        {"case.note", {"case", "2026-0001", "text", "一"}, STATUS_DENIED},
        {"peer.invite", {NULL}, STATUS_DENIED},
    };
    struct sim_county *f = *state;
    char number[32], id[65];
    new_case(f, f->fengyuan, number, id);
    world_power_off(f->world, f->fengyuan);
    assert_int_equal(world_power_on(f->world, f->fengyuan), STATUS_OK);
    assert_answers(f, f->fengyuan, rows, LEN(rows));
}

static void nothing_goes_up_from_a_site_without_a_parent(void **state)
{
    struct sim_county *f = *state;
    struct buf out = {0};
    char number[32], id[65];
    new_case(f, f->county, number, id);
    SIM_SAY(f, f->county, &out, "case.triage", "case", number, "decision", "escalate",
            "beyond", "true", "reason", "涉及外县");
    const struct row rows[] = {
        {"escalate.preview",
         {"case", number, "fields", "[context]", "reason", "超出权限"},
         STATUS_INVALID},
        {"escalate.release",
         {"case", number, "fields", "[context]", "reason", "超出权限"},
         STATUS_INVALID},
    };
    assert_answers(f, f->county, rows, LEN(rows));
    buf_deinit(&out);
}

int main(void)
{
#define ONE(test)                                                                        \
    cmocka_unit_test_setup_teardown(test, sim_county_set_up, sim_county_tear_down)
    const struct CMUnitTest tests[] = {
        ONE(what_is_no_request_is_said_to_be_none),
        ONE(what_is_not_here_is_not_found),
        ONE(a_case_is_found_by_its_number_its_id_and_the_first_digits),
        ONE(a_list_has_the_cases_of_the_state_that_was_asked_for),
        ONE(who_has_not_the_right_is_refused),
        ONE(nobody_signs_before_he_has_unlocked),
        ONE(nothing_goes_up_from_a_site_without_a_parent),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
