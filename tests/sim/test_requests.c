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

#include "crypto/key.h"
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

static enum status count_one(void *context, const struct id *id)
{
    (void)id;
    ++*(uint64_t *)context;
    return STATUS_OK;
}

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
         {"case", "2026-0001", "fields", "[context]"},
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

static void what_is_missing_or_too_long_is_said(void **state)
{
    static const struct row rows[] = {
        {"unlock", {NULL}, STATUS_INVALID},
        {"unlock", {"person", LONG_20 LONG_20 LONG_20, "pin", "1"}, STATUS_TOO_LARGE},
        {"person.add", {NULL}, STATUS_INVALID},
        {"person.add", {"name", "王某"}, STATUS_INVALID},
        {"person.add", {"name", "王某", "role", "desk"}, STATUS_INVALID},
        {"person.revoke", {NULL}, STATUS_INVALID},
        {"person.revoke", {"person", "陈某"}, STATUS_INVALID}, /* himself */
        {"node.revoke", {NULL}, STATUS_INVALID},
        {"peer.join", {NULL}, STATUS_INVALID},
        {"peer.join", {"code", WORDS_5}, STATUS_INVALID},
        {"peer.clear", {NULL}, STATUS_INVALID},
        {"peer.quota", {NULL}, STATUS_INVALID},
        {"case.new", {NULL}, STATUS_INVALID},
        {"case.list", {"state", LONG_20}, STATUS_TOO_LARGE},
        {"case.note", {NULL}, STATUS_INVALID},
        {"case.set", {NULL}, STATUS_INVALID},
        {"case.set", {"case", "2026-0001"}, STATUS_INVALID},
        {"case.set", {"case", "2026-0001", "field", "title"}, STATUS_INVALID},
        {"case.triage", {NULL}, STATUS_INVALID},
        {"case.triage", {"case", "2026-0001"}, STATUS_INVALID},
        {"case.triage", {"case", "2026-0001", "decision", "keep"}, STATUS_INVALID},
        {"case.consent", {NULL}, STATUS_INVALID},
        {"case.consent", {"case", "2026-0001"}, STATUS_INVALID},
        {"case.consent", {"case", "2026-0001", "party", "张某"}, STATUS_INVALID},
        {"case.handle", {NULL}, STATUS_INVALID},
        {"case.settle", {NULL}, STATUS_INVALID},
        {"case.settle", {"case", "2026-0001"}, STATUS_INVALID},
        {"case.settle", {"case", "2026-0001", "outcome", "court"}, STATUS_INVALID},
        {"case.follow_up", {NULL}, STATUS_INVALID},
        {"case.follow_up", {"case", "2026-0001"}, STATUS_INVALID},
        {"case.follow_up", {"case", "2026-0001", "result", "kept"}, STATUS_INVALID},
        {"case.close", {NULL}, STATUS_INVALID},
        {"case.close", {"case", "2026-0001", "oral", "true"}, STATUS_INVALID},
        {"case.task", {NULL}, STATUS_INVALID},
        {"case.task", {"case", "2026-0001"}, STATUS_INVALID},
        {"case.task", {"case", "2026-0001", "text", "量沟"}, STATUS_INVALID},
        {"case.task",
         {"case", "2026-0001", "text", "量沟", "owner", "李某"},
         STATUS_INVALID},
        {"case.task_done", {NULL}, STATUS_INVALID},
        {"case.task_done", {"case", "2026-0001"}, STATUS_INVALID},
        {"task.list", {"case", "2026-9999"}, STATUS_NOT_FOUND},
        {"due.set",
         {"category", LONG_20 LONG_20 LONG_20, "wait", "settle"},
         STATUS_TOO_LARGE},
        {"due.set", {"tier", LONG_20, "wait", "settle"}, STATUS_TOO_LARGE},
        {"case.reopen", {NULL}, STATUS_INVALID},
        {"case.reopen", {"case", "2026-0001"}, STATUS_INVALID},
        {"case.handle",
         {"case", "2026-0001", "owner", LONG_20 LONG_20 LONG_20},
         STATUS_TOO_LARGE},
        {"escalate.preview", {NULL}, STATUS_INVALID},
        {"escalate.request", {NULL}, STATUS_INVALID},
        {"escalate.release", {NULL}, STATUS_INVALID},
        {"escalate.preview",
         {"case", "2026-0001", "fields", "[context]", "reason", "因", "onward", LONG_20},
         STATUS_TOO_LARGE},
        {"escalation.show", {NULL}, STATUS_INVALID},
        {"escalation.open", {NULL}, STATUS_INVALID},
        {"escalation.advise", {NULL}, STATUS_INVALID},
        {"escalation.onward", {NULL}, STATUS_INVALID},
        {"evidence", {NULL}, STATUS_INVALID},
        {"case.show", {"case", UNKNOWN_ID "0123456"}, STATUS_NOT_FOUND},
    };
    struct sim_county *f = *state;
    char number[32], id[65];
    new_case(f, f->fengyuan, number, id);
    assert_answers(f, f->fengyuan, rows, LEN(rows));
}

/* Each with the sentence that says what must come first, or what there is to choose. */
static void a_step_that_comes_too_early_or_is_none_is_refused(void **state)
{
    static const struct {
        struct row row;
        const char *sentence;
    } rows[] = {
        {{"case.handle", {"case", "2026-0001"}, STATUS_INVALID}, "triaged first"},
        {{"case.settle",
          {"case", "2026-0001", "outcome", "court", "text", "已起诉"},
          STATUS_INVALID},
         "triaged first"},
        {{"case.settle",
          {"case", "2026-0001", "outcome", "和解", "text", "各清一段"},
          STATUS_INVALID},
         "outcome is one of: agreement"},
        {{"case.follow_up",
          {"case", "2026-0001", "result", "kept", "text", "好"},
          STATUS_INVALID},
         "settle it first"},
        {{"case.follow_up",
          {"case", "2026-0001", "result", "kept", "text", "好", "again", "2027-02-29"},
          STATUS_INVALID},
         "day of the calendar"},
        {{"case.close", {"case", "2026-0001"}, STATUS_INVALID}, "settle it first"},
        {{"case.close", {"case", "2026-0001", "outcome", "court"}, STATUS_INVALID},
         "only an agreement by word of mouth"},
        {{"case.close", {"case", "2026-0001", "follow_up", "好"}, STATUS_INVALID},
         "only an agreement by word of mouth"},
        {{"case.reopen", {"case", "2026-0001", "reason", "再查"}, STATUS_INVALID},
         "not closed"},
    };
    struct sim_county *f = *state;
    char number[32], id[65];
    new_case(f, f->fengyuan, number, id);
    for (size_t i = 0; i < LEN(rows); i++) {
        struct buf out = {0};
        uint64_t before = ops_of(f->fengyuan);
        assert_int_equal(ask(f, f->fengyuan, &rows[i].row, &out), rows[i].row.answer);
        assert_int_equal(ops_of(f->fengyuan), before);
        if (memmem(out.data, out.len, rows[i].sentence, strlen(rows[i].sentence)) == NULL)
            fail_msg("row %zu: %.*s", i, (int)out.len, (const char *)out.data);
        buf_deinit(&out);
    }
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
        {"evidence", {"escalation", "1", "withhold", "[talk,text]"}, STATUS_NOT_FOUND},
        {"evidence", {"escalation", "1", "withhold", "[nothing]"}, STATUS_INVALID},
        {"evidence", {"escalation", "1", "withhold", "[fact]"}, STATUS_INVALID},
        {"evidence", {"escalation", "1", "withhold", "[onward]"}, STATUS_INVALID},
        {"evidence", {"escalation", "1", "withhold", "[case.]"}, STATUS_INVALID},
        {"person.revoke", {"person", "无名氏"}, STATUS_NOT_FOUND},
        {"unlock", {"person", "无名氏", "pin", "246810"}, STATUS_NOT_FOUND},
        {"escalate.confirm", {"escalation", UNKNOWN_ID}, STATUS_NOT_FOUND},
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

/* ---- what has one name and is two ---- */

/* An op of the steward in the charter of a node's site, as its other machine writes it.
 */
static struct id write_elsewhere(struct sim_county *f, struct world_node *node,
                                 struct draft *draft, const struct id *parents,
                                 uint32_t parents_len, uint64_t time)
{
    struct buf bytes = {0};
    struct forgery forgery = {.seed = world_steward_seed(node),
                              .draft = draft,
                              .scope = draft->scope,
                              .of = node,
                              .parents = parents,
                              .parents_len = parents_len,
                              .time = time,
                              .wall = 1790000000};
    struct id id = sim_forge(&forgery, &bytes);
    assert_int_equal(world_admit(f->world, node, buf_bytes(&bytes)), STATUS_OK);
    buf_deinit(&bytes);
    draft_deinit(draft);
    return id;
}

static void add_node_elsewhere(struct sim_county *f, uint8_t number, char key[static 65])
{
    struct draft draft;
    uint8_t seed[32] = {number}, public_key[32];
    key_sign_public(public_key, seed);
    hex_encode(key, public_key, 32);
    draft_init(&draft, "node", world_site(f->fengyuan));
    draft_bin(&draft, "key", public_key, 32);
    draft_text(&draft, "name", bytes_str("旧电脑"));
    draft_bin(&draft, "noise-key", seed, 32);
    (void)write_elsewhere(f, f->fengyuan, &draft, NULL, 0, 0);
}

static void a_name_that_means_two_is_asked_back_and_a_key_is_not(void **state)
{
    struct sim_county *f = *state;
    char number[32], other[32], case_a[65], case_b[65], node_a[65], node_b[65];
    char person[KEY_TEXT_SIZE], site[KEY_TEXT_SIZE];
    struct buf out = {0};
    struct id scope, key;
    new_case(f, f->fengyuan, number, case_a);
    new_case(f, f->fengyuan, other, case_b);
    struct store *store = world_store(f->fengyuan);
    assert_true(hex_decode(scope.bytes, ID_SIZE, case_b));
    assert_int_equal(store_begin(store), STATUS_OK);
    assert_int_equal(store_number_put(store, &scope, bytes_str(number)), STATUS_OK);
    assert_int_equal(store_commit(store), STATUS_OK);
    SIM_SAY(f, f->fengyuan, &out, "person.add", "name", "王某", "role", "desk", "pin",
            "135791");
    assert_true(view_map_id(buf_bytes(&out), "key", &key));
    sim_add_person(f, f->fengyuan, "王某", "mediator", NULL);
    key_to_text(person, "fqk1", key.bytes);
    add_node_elsewhere(f, 1, node_a);
    add_node_elsewhere(f, 2, node_b);
    const struct row rows[] = {
        {"case.show", {"case", number}, STATUS_CONFLICT},
        {"case.show", {"case", case_a}, STATUS_OK},
        {"unlock", {"person", "王某", "pin", "135791"}, STATUS_CONFLICT},
        {"person.revoke", {"person", "王某"}, STATUS_CONFLICT},
        {"node.revoke", {"node", "旧电脑"}, STATUS_CONFLICT},
    };
    assert_answers(f, f->fengyuan, rows, LEN(rows));
    SIM_SAY(f, f->fengyuan, &out, "node.revoke", "node", node_a);
    SIM_SAY(f, f->fengyuan, &out, "node.revoke", "node", "旧电脑"); /* one is left */
    SIM_SAY(f, f->fengyuan, &out, "unlock", "person", person, "pin", "135791");

    struct world_node *second = world_found(f->world, "village", "枫源村", "second:1");
    world_pair(f->world, f->township, second);
    key_to_text(site, "fqs1", world_site(second)->bytes);
    const struct row peers[] = {
        {"peer.clear", {"site", "枫源村"}, STATUS_CONFLICT},
        {"peer.clear", {"site", site}, STATUS_OK},
        {"peer.clear", {"site", "无名村"}, STATUS_NOT_FOUND},
    };
    assert_answers(f, f->township, peers, LEN(peers));
    buf_deinit(&out);
}

static void a_site_of_two_machines_is_one_peer(void **state)
{
    struct sim_county *f = *state;
    struct store_peer peer = {.site = *world_site(f->xikou), .node_key = {7}};
    struct store *store = world_store(f->township);
    assert_int_equal(store_begin(store), STATUS_OK);
    assert_int_equal(store_peer_put(store, &peer), STATUS_OK);
    assert_int_equal(store_commit(store), STATUS_OK);
    const struct row rows[] = {{"peer.clear", {"site", "溪口村"}, STATUS_OK}};
    assert_answers(f, f->township, rows, LEN(rows));
}

static void a_key_that_is_not_on_this_machine_opens_nothing(void **state)
{
    struct sim_county *f = *state;
    struct draft draft;
    struct buf out = {0};
    struct id key;
    char name[80] = "key:";
    uint8_t seed[32] = {5}, public_key[32];
    key_sign_public(public_key, seed);
    draft_init(&draft, "person", world_site(f->fengyuan));
    draft_bin(&draft, "key", public_key, 32);
    draft_text(&draft, "name", bytes_str("赵某"));
    draft_text(&draft, "role", bytes_str("mediator"));
    (void)write_elsewhere(f, f->fengyuan, &draft, NULL, 0, 0);
    /* And one of which a part is left. */
    SIM_SAY(f, f->fengyuan, &out, "person.add", "name", "王某", "role", "desk", "pin",
            "135791");
    assert_true(view_map_id(buf_bytes(&out), "key", &key));
    hex_encode(name + 4, key.bytes, ID_SIZE);
    struct store *store = world_store(f->fengyuan);
    assert_int_equal(store_begin(store), STATUS_OK);
    assert_int_equal(store_meta_put(store, name, bytes_str("part")), STATUS_OK);
    assert_int_equal(store_commit(store), STATUS_OK);
    const struct row rows[] = {
        {"unlock", {"person", "赵某", "pin", "135791"}, STATUS_NOT_FOUND},
        {"unlock", {"person", "王某", "pin", "135791"}, STATUS_NOT_FOUND},
    };
    assert_answers(f, f->fengyuan, rows, LEN(rows));
    buf_deinit(&out);
}

/* ---- more heads than an op has parents ---- */

#define CONCURRENT (OP_PARENTS_MAX + 8)

static uint64_t heads_of(struct world_node *node, const struct id *scope)
{
    uint64_t count = 0;
    assert_int_equal(store_scope_heads(world_store(node), scope, count_one, &count),
                     STATUS_OK);
    return count;
}

static void more_heads_than_fit_become_fewer_with_each_op(void **state)
{
    struct sim_county *f = *state;
    char number[32], id[65];
    struct id scope;
    struct buf out = {0};
    const struct id *site = world_site(f->fengyuan);
    new_case(f, f->fengyuan, number, id);
    assert_true(hex_decode(scope.bytes, ID_SIZE, id));
    for (uint32_t i = 0; i < CONCURRENT; i++) {
        struct draft draft;
        draft_init(&draft, "note", &scope);
        draft_text(&draft, "text", bytes_str("一"));
        (void)write_elsewhere(f, f->fengyuan, &draft, &scope, 1, 2);
    }
    assert_int_equal(heads_of(f->fengyuan, &scope), CONCURRENT);
    SIM_SAY(f, f->fengyuan, &out, "case.note", "case", number, "text", "二");
    assert_int_equal(heads_of(f->fengyuan, &scope), CONCURRENT - OP_PARENTS_MAX + 1);
    SIM_SAY(f, f->fengyuan, &out, "case.note", "case", number, "text", "三");
    assert_int_equal(heads_of(f->fengyuan, &scope), 1);

    /* In a charter each head is authority as well, of which there are fewer. */
    for (uint8_t i = 0; i < OP_AUTHORITY_MAX + 2; i++) {
        struct draft draft;
        uint8_t seed[32] = {9, i}, key[32];
        key_sign_public(key, seed);
        draft_init(&draft, "person", site);
        draft_bin(&draft, "key", key, 32);
        draft_text(&draft, "name", bytes_str("一"));
        draft_text(&draft, "role", bytes_str("desk"));
        (void)write_elsewhere(f, f->fengyuan, &draft, site, 1, 2);
    }
    assert_true(heads_of(f->fengyuan, site) > OP_AUTHORITY_MAX);
    SIM_SAY(f, f->fengyuan, &out, "case.note", "case", number, "text", "四");
    sim_add_person(f, f->fengyuan, "王某", "desk", NULL);
    sim_add_person(f, f->fengyuan, "李某", "desk", NULL);
    assert_int_equal(heads_of(f->fengyuan, site), 1);
    buf_deinit(&out);
}

/* ---- numbers and lists ---- */

static void
a_quota_that_is_too_high_is_refused_and_one_that_is_higher_is_set(void **state)
{
    static const struct {
        const char *name;
        uint64_t number;
        enum status answer;
    } rows[] = {
        {"ops", QUOTA_HIGHEST + 1, STATUS_TOO_LARGE},
        {"bytes", QUOTA_HIGHEST + 1, STATUS_TOO_LARGE},
        {"ops", QUOTA_HIGHEST, STATUS_OK},
        {"bytes", QUOTA_HIGHEST, STATUS_OK},
        {"bytes", 1000, STATUS_OK},
    };
    struct sim_county *f = *state;
    world_set_offline(f->world, f->xikou, true);
    world_run(f->world, 1000);
    for (size_t i = 0; i < LEN(rows); i++) {
        struct buf map = {0};
        pack_map(&map, 2);
        pack_str(&map, rows[i].name);
        pack_uint(&map, rows[i].number);
        pack_str(&map, "site");
        pack_str(&map, "溪口村");
        enum status status =
            world_call(f->world, f->township, "peer.quota", buf_bytes(&map), NULL);
        assert_int_equal(status, rows[i].answer);
        buf_deinit(&map);
    }
}

static void a_list_of_fields_that_are_no_texts_is_refused(void **state)
{
    struct sim_county *f = *state;
    struct buf map = {0};
    char number[32], id[65];
    new_case(f, f->fengyuan, number, id);
    pack_map(&map, 3);
    pack_str(&map, "case");
    pack_str(&map, number);
    pack_str(&map, "fields");
    pack_array(&map, 1);
    pack_uint(&map, 1);
    pack_str(&map, "reason");
    pack_str(&map, "超出权限");
    assert_int_equal(
        world_call(f->world, f->fengyuan, "escalate.preview", buf_bytes(&map), NULL),
        STATUS_INVALID);
    buf_deinit(&map);
}

/* ---- the inbox ---- */

static uint32_t inbox_of(struct sim_county *f, struct world_node *node)
{
    struct buf out = {0};
    SIM_SAY(f, node, &out, "inbox", NULL, NULL);
    uint32_t count = view_map_count(buf_bytes(&out), "escalations");
    buf_deinit(&out);
    return count;
}

static void an_inbox_has_what_came_and_not_what_went(void **state)
{
    struct sim_county *f = *state;
    struct buf out = {0};
    char hex[65];
    struct id id = sim_escalate(f, f->fengyuan, "水渠");
    hex_encode(hex, id.bytes, ID_SIZE);
    SIM_SAY(f, f->township, &out, "escalation.open", "escalation", hex);
    SIM_SAY(f, f->township, &out, "escalation.onward", "escalation", hex, "reason",
            "请县里看");
    world_run(f->world, 10000);

    assert_int_equal(inbox_of(f, f->fengyuan), 0);
    assert_int_equal(inbox_of(f, f->township), 1);
    assert_int_equal(inbox_of(f, f->county), 1);
    const struct row rows[] = {
        {"escalation.onward", {"escalation", hex, "reason", "再上报"}, STATUS_INVALID},
    };
    assert_answers(f, f->county, rows, LEN(rows)); /* nobody is above it */
    buf_deinit(&out);
}

/* ---- parents that go round in a circle ---- */

static void link_as(struct sim_county *f, struct world_node *node, const char *as,
                    struct world_node *other)
{
    struct draft draft;
    draft_init(&draft, "link", world_site(node));
    draft_text(&draft, "as", bytes_str(as));
    draft_bin(&draft, "site", world_site(other)->bytes, ID_SIZE);
    (void)write_elsewhere(f, node, &draft, NULL, 0, 0);
}

static void parents_that_go_round_in_a_circle_stop_nothing(void **state)
{
    struct sim_county *f = *state;
    struct buf out = {0};
    char hex[65];
    link_as(f, f->county, "parent", f->township);
    world_run(f->world, 70000);
    struct id id = sim_escalate(f, f->fengyuan, "水渠");
    hex_encode(hex, id.bytes, ID_SIZE);
    sim_assert_state(f, f->township, &id, "received");

    SIM_SAY(f, f->township, &out, "evidence", "escalation", hex);
    struct world_node *village = world_found(f->world, "village", "新村", "new:1");
    world_pair(f->world, f->township, village);
    id = sim_escalate(f, village, "第一件");
    sim_assert_state(f, f->township, &id, "received");
    buf_deinit(&out);
}

static void a_link_that_both_call_the_same_is_none_of_both(void **state)
{
    struct sim_county *f = *state;
    link_as(f, f->fengyuan, "child", f->township);
    const struct row rows[] = {{"site", {NULL}, STATUS_OK}};
    assert_answers(f, f->fengyuan, rows, LEN(rows));
}

/* ---- what another machine of the site wrote ---- */

static void a_number_that_is_no_number_is_no_highest(void **state)
{
    struct sim_county *f = *state;
    struct draft draft;
    struct buf bytes = {0};
    char number[32], id[65];
    draft_init(&draft, "case-new", NULL);
    draft_text(&draft, "category", bytes_str("邻里"));
    draft_text(&draft, "narrative", bytes_str("争执"));
    draft_text(&draft, "number", bytes_str("2026-3 a~5"));
    draft_text(&draft, "title", bytes_str("水沟"));
    struct forgery forgery = {
        .seed = world_steward_seed(f->fengyuan), .draft = &draft, .of = f->fengyuan};
    (void)sim_forge(&forgery, &bytes);
    assert_int_equal(world_admit(f->world, f->fengyuan, buf_bytes(&bytes)), STATUS_OK);
    draft_deinit(&draft);
    buf_deinit(&bytes);
    new_case(f, f->fengyuan, number, id);
    const struct row rows[] = {{"case.show", {"case", number}, STATUS_OK}};
    assert_answers(f, f->fengyuan, rows, LEN(rows));
}

/* A case without a number, and a record that waits for the charter it rests upon. */
static void what_is_not_whole_stops_nothing(void **state)
{
    static const struct id nowhere = {{0xee}};
    struct sim_county *f = *state;
    struct buf bytes = {0}, out = {0};
    struct forgery forgery = {
        .seed = world_steward_seed(f->fengyuan), .kind = "case-new", .of = f->fengyuan};
    (void)sim_forge(&forgery, &bytes);
    assert_int_equal(world_admit(f->world, f->fengyuan, buf_bytes(&bytes)), STATUS_OK);
    buf_clear(&bytes);
    forgery.kind = "escalate";
    forgery.authority = &nowhere;
    (void)sim_forge(&forgery, &bytes);
    assert_int_equal(world_admit(f->world, f->fengyuan, buf_bytes(&bytes)), STATUS_OK);
    assert_int_equal(sim_status(f, f->fengyuan, "waiting"), 1);

    sim_add_person(f, f->fengyuan, "王某", "mediator", NULL);
    SIM_SAY(f, f->fengyuan, &out, "person.revoke", "person", "王某");
    struct id id = sim_escalate(f, f->fengyuan, "照常");
    sim_assert_state(f, f->fengyuan, &id, "received");
    buf_deinit(&bytes);
    buf_deinit(&out);
}

/* ---- more than a message holds ---- */

static void put_large(struct world_node *node, const struct id *scope,
                      enum scope_kind kind, size_t len)
{
    struct store *store = world_store(node);
    struct op op = {.id = {{0xaa}}, .scope = *scope, .time = 1000};
    uint8_t *bytes = calloc(1, len);
    assert_non_null(bytes);
    assert_int_equal(store_begin(store), STATUS_OK);
    enum status status =
        store_op_add(store, &op, bytes_of(bytes, len), kind, TREE_SHARED);
    assert_int_equal(status, STATUS_OK);
    assert_int_equal(store_commit(store), STATUS_OK);
    free(bytes);
}

static void evidence_that_no_message_holds_is_said_to_be_too_large(void **state)
{
    struct sim_county *f = *state;
    char hex[65];
    struct id id = sim_escalate(f, f->fengyuan, "水渠");
    hex_encode(hex, id.bytes, ID_SIZE);
    world_set_offline(f->world, f->township, true);
    put_large(f->township, &id, SCOPE_ESCALATION, CONTROL_MESSAGE_MAX);
    const struct row rows[] = {{"evidence", {"escalation", hex}, STATUS_TOO_LARGE}};
    assert_answers(f, f->township, rows, LEN(rows));
}

static void charters_that_no_message_holds_end_the_pairing_and_not_the_node(void **state)
{
    struct sim_county *f = *state;
    struct buf out = {0};
    struct bytes text;
    char code[128];
    struct world_node *village = world_found(f->world, "village", "新村", "new:1");
    world_set_offline(f->world, f->fengyuan, true);
    world_set_offline(f->world, f->xikou, true);
    world_set_offline(f->world, f->county, true);
    SIM_SAY(f, f->township, &out, "peer.invite", NULL, NULL);
    assert_true(view_map_text(buf_bytes(&out), "code", &text));
    (void)snprintf(code, sizeof(code), "%.*s", (int)text.len, (const char *)text.data);
    put_large(f->township, world_site(f->township), SCOPE_CHARTER, MESSAGE_SIZE_MAX);
    const struct row rows[] = {
        {"peer.join", {"at", "township:1", "code", code}, STATUS_DENIED}};
    assert_answers(f, village, rows, LEN(rows));
    buf_deinit(&out);
}

int main(void)
{
#define ONE(test)                                                                        \
    cmocka_unit_test_setup_teardown(test, sim_county_set_up_in_memory,                   \
                                    sim_county_tear_down_in_memory)
    const struct CMUnitTest tests[] = {
        ONE(what_is_no_request_is_said_to_be_none),
        ONE(what_is_missing_or_too_long_is_said),
        ONE(a_step_that_comes_too_early_or_is_none_is_refused),
        ONE(what_is_not_here_is_not_found),
        ONE(a_case_is_found_by_its_number_its_id_and_the_first_digits),
        ONE(a_list_has_the_cases_of_the_state_that_was_asked_for),
        ONE(who_has_not_the_right_is_refused),
        ONE(nobody_signs_before_he_has_unlocked),
        ONE(nothing_goes_up_from_a_site_without_a_parent),
        ONE(a_name_that_means_two_is_asked_back_and_a_key_is_not),
        ONE(a_site_of_two_machines_is_one_peer),
        ONE(a_key_that_is_not_on_this_machine_opens_nothing),
        ONE(more_heads_than_fit_become_fewer_with_each_op),
        ONE(a_quota_that_is_too_high_is_refused_and_one_that_is_higher_is_set),
        ONE(a_list_of_fields_that_are_no_texts_is_refused),
        ONE(an_inbox_has_what_came_and_not_what_went),
        ONE(parents_that_go_round_in_a_circle_stop_nothing),
        ONE(a_link_that_both_call_the_same_is_none_of_both),
        ONE(a_number_that_is_no_number_is_no_highest),
        ONE(what_is_not_whole_stops_nothing),
        ONE(evidence_that_no_message_holds_is_said_to_be_too_large),
        ONE(charters_that_no_message_holds_end_the_pairing_and_not_the_node),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
