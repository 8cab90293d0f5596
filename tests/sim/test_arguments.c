/* Every method of the API with each of its arguments spoiled in every way: whoever asks
 * gets an answer that is about what he asked, and where it is no "ok" nothing was
 * written. No method is named here; the table of methods is what is walked. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "node/cases/retention_rule.h"
#include "node/cases/view.h"
#include "node/core/api.h"
#include "tests/sim/sim_county.h"

#define ARGUMENTS_MAX 16
#define LONG_LEN 20000 /* no text of a request may be as long */

/* What an argument of that name may well be, for a method that begins so. As in
 * world_say, "" is none at all. The first that fits counts. */
static const struct {
    const char *method, *name, *value;
} sane[] = {
    {"agreement", "terms", "各清一段"},
    {"agreement", "manner", "当面"},
    {"card.activate", "case", ""},
    {"card.set", "roles", "[指挥=村主任]"},
    {"case.close", "follow_up", ""},
    {"case.close", "oral", ""},
    {"case.close", "outcome", ""},
    {"case.set", "field", "wish"},
    {"case.settle", "oral", ""},
    {"case.triage", "reason", "涉及两村"},
    {"conflict", "field", "title"},
    {"conflict", "party", ""},
    {"conflict", "text", ""},
    {"due", "wait", "settle"},
    {"escalate.confirm", "escalation", ""},
    {"escalate.release", "danger", ""},
    {"escalate.preview", "danger", ""},
    {"escalation.joint", "word", "working"},
    {"escalation", "op", "$op"},
    {"inbox", "from", "枫源村"},
    {"meeting.item", "as_task", ""},
    {"meeting.item", "escalation", ""},
    {"rules", "clauses", "[1=各清一段]"},
    {"search", "after", ""},
    {"", "after", ""},
    {"", "again", "2027-01-31"},
    {"", "agreement", "两家各清一段"},
    {"", "all", "true"},
    {"", "as_case", "true"},
    {"", "at", "nowhere:1"},
    {"", "beyond", "true"},
    {"", "both", ""},
    {"", "bytes", "#100000"},
    {"", "case", "$case"},
    {"", "category", "邻里"},
    {"", "finding", "$finding"},
    {"", "item", "$item"},
    {"", "meeting", ""},
    {"", "round", ""},
    {"", "task", "$task"},
    {"", "channel", "court"},
    {"", "check", "true"},
    {"", "choose", "1"},
    {"", "classes", "[record,talk]"},
    {"", "clauses", ""},
    {"", "code", "baan baan baan baan baan baan"},
    {"", "conflicts", ""},
    {"", "day", "2026-11-27"},
    {"", "days", "#10"},
    {"", "deadline", "2026-12-31"},
    {"", "decision", "escalate"},
    {"", "due", "2026-12-01"},
    {"", "end", ""},
    {"", "escalated", ""},
    {"", "escalation", "$record"},
    {"", "export", "true"},
    {"", "fields", "[context,title]"},
    {"", "files", ""},
    {"", "from", "2026-12-01"},
    {"", "guardian", ""},
    {"", "id_number", ""},
    {"", "identity_years", "#1"},
    {"", "lang", "en"},
    {"", "limit", "#10"},
    {"", "list", "汛前"},
    {"", "manner", "oral"},
    {"", "mine", "true"},
    {"", "minor", ""},
    {"", "no_parties", "渠是村里的"},
    {"", "number", "#1"},
    {"", "onward", "yes"},
    {"", "ops", "#5000"},
    {"", "oral", "true"},
    {"", "outcome", "advised"},
    {"", "overdue", ""},
    {"", "parties", "[张某=甲方]"},
    {"", "party", "张某"},
    {"", "paste", "#1"},
    {"", "person", "陈某"},
    {"", "phone", "13800000000"},
    {"", "photo", ""},
    {"", "pin", "246810"},
    {"", "place", "桥头"},
    {"", "places", "[桥头]"},
    {"", "refused", ""},
    {"", "result", "kept"},
    {"", "role", "desk"},
    {"", "set", "all"},
    {"", "site", "青河镇"},
    {"", "since", "#0"},
    {"", "solvable", ""},
    {"", "state", ""},
    {"", "tier", "village"},
    {"", "timeout_s", "#1"},
    {"", "title", "汛前"},
    {"", "today", "2026-09-21"},
    {"", "topic", "排水"},
    {"", "topics", "[排水]"},
    {"", "until", "#1990000000"},
    {"", "version", ""},
    {"", "wait", "true"},
    {"", "witness", "赵某"},
    {"", "word", "orange"},
    {"", "words", "水渠"},
    {"", "years", "#5"},
    {"", "", "一"},
};

enum spoiling {
    SOUND,
    MISSING,
    NIL,
    NO_FLAG,
    NUMBER,
    EMPTY,
    LONG,
    BYTES,
    LIST,
    SPOILINGS
};

enum said { TASK, FINDING, ITEM, SAID, OPS };

struct asked {
    struct sim_county *f;
    struct world_node *node;
    char number[32], record[2 * ID_SIZE + 1];
    char ops[OPS][2 * ID_SIZE + 1];
    const struct api_method *method;
    const char *names[ARGUMENTS_MAX]; /* ascending; each up to its space or end */
    uint32_t len;
};

/* ---- what a method may be asked ---- */

static size_t name_len(const char *name)
{
    return strcspn(name, " ?:");
}

static int compare_names(const void *a, const void *b)
{
    const char *one = *(const char *const *)a, *other = *(const char *const *)b;
    size_t len = name_len(one), other_len = name_len(other);
    int order = memcmp(one, other, len < other_len ? len : other_len);
    return order != 0 ? order : (len > other_len) - (len < other_len);
}

static void read_names(struct asked *asked, const struct api_method *method)
{
    asked->method = method;
    asked->len = 0;
    struct args_known known;
    for (const char *at = method->arguments; args_next_known(&at, &known);) {
        assert_true(asked->len < ARGUMENTS_MAX);
        asked->names[asked->len++] = (const char *)known.name.data;
    }
    qsort(asked->names, asked->len, sizeof(asked->names[0]), compare_names);
}

/* What begin() has written, by its name. */
static const char *known_value(const struct asked *asked, const char *value)
{
    const struct {
        const char *name, *value;
    } known[] = {{"$case", asked->number},    {"$record", asked->record},
                 {"$task", asked->ops[TASK]}, {"$finding", asked->ops[FINDING]},
                 {"$item", asked->ops[ITEM]}, {"$op", asked->ops[SAID]}};
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
        if (strcmp(value, known[i].name) == 0)
            return known[i].value;
    return value;
}

static const char *sane_value(const struct asked *asked, const char *name)
{
    for (size_t i = 0;; i++) {
        size_t len = strlen(sane[i].name);
        bool is_it =
            len == 0 || (len == name_len(name) && !memcmp(sane[i].name, name, len));
        if (!is_it ||
            strncmp(asked->method->name, sane[i].method, strlen(sane[i].method)) != 0)
            continue;
        return known_value(asked, sane[i].value);
    }
}

static void pack_texts(struct buf *out, const char *list)
{
    size_t len = strcspn(list, ",]"), first = strcspn(list, "=,]");
    pack_array(out, 1 + (list[len] == ','));
    for (; *list != '\0'; list += len + 1) {
        len = strcspn(list, ",]");
        if (first < len) {
            pack_array(out, 2);
            pack_str_bytes(out, bytes_of(list, first));
            pack_str_bytes(out, bytes_of(list + first + 1, len - first - 1));
        } else {
            pack_str_bytes(out, bytes_of(list, len));
        }
    }
}

static void pack_sane(struct buf *out, const char *value)
{
    if (value[0] == '[')
        pack_texts(out, value + 1);
    else if (value[0] == '#')
        pack_uint(out, strtoull(value + 1, NULL, 10));
    else if (strcmp(value, "true") == 0)
        pack_bool(out, true);
    else
        pack_str(out, value);
}

static void pack_spoiled(struct buf *out, enum spoiling spoiling)
{
    static char text[LONG_LEN + 1];
    memset(text, 'a', LONG_LEN);
    if (spoiling == NIL)
        pack_nil(out);
    else if (spoiling == NO_FLAG)
        pack_bool(out, false);
    else if (spoiling == NUMBER)
        pack_uint(out, UINT64_MAX);
    else if (spoiling == BYTES)
        pack_bin(out, text, 7);
    else if (spoiling == LIST)
        pack_texts(out, "a,b]");
    else
        pack_str(out, spoiling == EMPTY ? "" : text);
}

/* All arguments are sound but one. */
static enum status ask(const struct asked *asked, uint32_t spoiled,
                       enum spoiling spoiling, struct buf *out)
{
    struct buf values = {0}, map = {0};
    uint32_t count = 0;
    for (uint32_t i = 0; i < asked->len; i++) {
        const char *value = sane_value(asked, asked->names[i]);
        bool is_spoiled = i == spoiled && spoiling != SOUND;
        if (is_spoiled ? spoiling == MISSING : value[0] == '\0')
            continue;
        count++;
        pack_str_bytes(&values, bytes_of(asked->names[i], name_len(asked->names[i])));
        if (is_spoiled)
            pack_spoiled(&values, spoiling);
        else
            pack_sane(&values, value);
    }
    pack_map(&map, count);
    buf_append(&map, &values);
    enum status status = world_call(asked->f->world, asked->node, asked->method->name,
                                    buf_bytes(&map), out);
    buf_deinit(&values);
    buf_deinit(&map);
    return status;
}

/* ---- looking at the answer ---- */

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

/* Of our disk, our memory or our own mistakes nobody is told who asked for nonsense. */
static bool is_about_the_request(enum status status)
{
    static const enum status ours[] = {STATUS_IO, STATUS_NO_MEMORY, STATUS_CORRUPT,
                                       STATUS_CLOSED};
    for (size_t i = 0; i < sizeof(ours) / sizeof(ours[0]); i++)
        if (status == ours[i])
            return false;
    return true;
}

static enum status ask_and_look(const struct asked *asked, uint32_t spoiled,
                                enum spoiling spoiling)
{
    struct buf out = {0};
    struct bytes sentence;
    uint64_t before = ops_of(asked->node);
    enum status status = ask(asked, spoiled, spoiling, &out);
    struct pack_reader reader = pack_reader_of(buf_bytes(&out));
    if (!is_about_the_request(status) || world_has_stopped(asked->node))
        fail_msg("%s, %s spoiled by %d: %s", asked->method->name, asked->names[spoiled],
                 spoiling, status_name(status));
    if (status != STATUS_OK && status != STATUS_UNREACHABLE) {
        assert_int_equal(pack_read_str(&reader, &sentence, NULL), STATUS_OK);
        assert_true(sentence.len > 0);
        if (ops_of(asked->node) != before)
            fail_msg("%s, %s spoiled by %d: %s, and yet something was written",
                     asked->method->name, asked->names[spoiled], spoiling,
                     status_name(status));
    }
    buf_deinit(&out);
    return status;
}

static void keep_op(struct asked *asked, enum said said, const struct buf *answer)
{
    struct id op;
    assert_true(view_map_id(buf_bytes(answer), "op", &op));
    hex_encode(asked->ops[said], op.bytes, ID_SIZE);
}

/* Something of each kind that a request may name. */
static void write_some(struct asked *asked)
{
    struct sim_county *f = asked->f;
    struct buf out = {0};
    SIM_SAY(f, asked->node, &out, "case.task", "case", asked->number, "due", "2026-12-01",
            "owner", "李某", "text", "量沟");
    keep_op(asked, TASK, &out);
    SIM_SAY(f, asked->node, NULL, "checklist.set", "places", "[桥头]", "title", "汛前",
            "topics", "[排水]");
    SIM_SAY(f, asked->node, NULL, "round.begin", "list", "汛前");
    SIM_SAY(f, asked->node, &out, "round.finding", "place", "桥头", "text", "栏杆松了",
            "topic", "排水");
    keep_op(asked, FINDING, &out);
    SIM_SAY(f, asked->node, NULL, "meeting.begin", "day", "2026-11-27");
    SIM_SAY(f, asked->node, &out, "meeting.item", "case", asked->number, "due",
            "2026-12-01", "owner", "李某", "text", "量沟");
    keep_op(asked, ITEM, &out);
    SIM_SAY(f, f->township, NULL, "escalation.open", "escalation", asked->record);
    SIM_SAY(f, f->township, &out, "escalation.task", "due", "2026-12-01", "escalation",
            asked->record, "owner", "李某", "text", "量沟");
    keep_op(asked, SAID, &out);
    world_run(f->world, 10000);
    buf_deinit(&out);
}

static void begin(struct asked *asked, struct sim_county *f, struct world_node *node)
{
    struct buf out = {0};
    struct bytes text;
    *asked = (struct asked){.f = f, .node = node};
    struct id record = sim_escalate(f, f->fengyuan, "水渠");
    hex_encode(asked->record, record.bytes, ID_SIZE);
    world_let_stop(node);
    SIM_SAY(f, node, &out, "case.new", "category", "邻里", "title", "水渠", "narrative",
            "两家争执。", "context", "修过。", "parties", "[张某=甲方]");
    assert_true(view_map_text(buf_bytes(&out), "number", &text));
    (void)snprintf(asked->number, sizeof(asked->number), "%.*s", (int)text.len,
                   (const char *)text.data);
    buf_deinit(&out);
    write_some(asked);
}

static void say(void *context, const char *finding)
{
    (void)context;
    print_error("%s\n", finding);
}

/* So many of the sound requests at least go well; else the spoiled ones show little. */
static void ask_all(struct asked *asked, uint32_t least)
{
    uint32_t well = 0;
    for (size_t i = 0; i < api_methods_len; i++) {
        read_names(asked, &api_methods[i]);
        for (uint32_t j = 0; j < asked->len; j++)
            for (enum spoiling spoiling = MISSING; spoiling < SPOILINGS; spoiling++)
                (void)ask_and_look(asked, j, spoiling);
        well += ask_and_look(asked, 0, SOUND) == STATUS_OK;
        assert_int_equal(world_unlock(asked->f->world, asked->node, "", "246810"),
                         STATUS_OK);
    }
    if (well < least)
        fail_msg("%u of %zu methods went well", well, api_methods_len);
    assert_int_equal(store_check(world_store(asked->node), say, NULL), STATUS_OK);
}

static void M2_a_village_answers_whatever_an_argument_is(void **state)
{
    struct sim_county *f = *state;
    struct asked asked;
    begin(&asked, f, f->fengyuan);
    ask_all(&asked, 60);
}

static void M2_a_township_answers_whatever_an_argument_is(void **state)
{
    struct sim_county *f = *state;
    struct asked asked;
    begin(&asked, f, f->township);
    ask_all(&asked, 60);
}

/* ---- how many ---- */

static void a_list_is_as_long_as_it_may_be_whatever_limit_is_given(void **state)
{
    static const char *const limits[] = {"#0", "#1", "#18446744073709551615", "many"};
    struct sim_county *f = *state;
    uint32_t lists = 0;
    (void)sim_escalate(f, f->fengyuan, "水渠");
    for (size_t i = 0; i < api_methods_len; i++) {
        if (strstr(api_methods[i].arguments, "limit") == NULL)
            continue;
        bool has_words = strstr(api_methods[i].arguments, "words") != NULL;
        lists++;
        for (size_t j = 0; j < sizeof(limits) / sizeof(limits[0]); j++) {
            struct buf out = {0};
            assert_int_equal(world_say(f->world, f->township, &out, api_methods[i].name,
                                       "limit", limits[j], has_words ? "words" : NULL,
                                       "水渠", NULL),
                             STATUS_OK);
            buf_deinit(&out);
        }
    }
    assert_true(lists > 8);
}

static void a_table_of_retention_that_is_full_takes_no_more_rules(void **state)
{
    struct sim_county *f = *state;
    world_let_stop(f->fengyuan);
    for (int i = 0; i <= RETENTION_RULES_MAX; i++) {
        char category[24];
        (void)snprintf(category, sizeof(category), "类别%d", i);
        assert_int_equal(world_say(f->world, f->fengyuan, NULL, "retention.set",
                                   "category", category, "years", "#9", NULL),
                         i < RETENTION_RULES_MAX ? STATUS_OK : STATUS_TOO_LARGE);
    }
    assert_false(world_has_stopped(f->fengyuan));
}

static bool name_file(void *context, struct bytes file)
{
    struct bytes name;
    assert_true(view_map_text(file, "name", &name));
    (void)strncat(context, (const char *)name.data, name.len);
    return true;
}

/* In whatever order they are named. */
static void a_release_takes_the_files_that_are_named(void **state)
{
    static const char *const names[] = {"一.txt", "二.txt"}, *const lists[] = {
                                                                 "[一.txt,二.txt]",
                                                                 "[二.txt,一.txt]"};
    struct sim_county *f = *state;
    struct buf map = {0}, out = {0};
    static const char number[] = "2026-0001";
    char seen[2][32] = {"", ""};
    SIM_SAY(f, f->fengyuan, NULL, "case.new", "category", "邻里", "title", "水沟",
            "narrative", "两家争执。", "context", "去年修过。");
    for (int i = 0; i < 2; i++) {
        buf_clear(&map);
        pack_map(&map, 3);
        pack_str(&map, "bytes");
        pack_bin(&map, names[i], strlen(names[i]));
        pack_str(&map, "case");
        pack_str(&map, number);
        pack_str(&map, "name");
        pack_str(&map, names[i]);
        assert_int_equal(
            world_call(f->world, f->fengyuan, "attach.add", buf_bytes(&map), NULL),
            STATUS_OK);
    }
    SIM_SAY(f, f->fengyuan, NULL, "case.triage", "case", number, "decision", "escalate",
            "beyond", "true", "reason", "涉及两村");
    for (int i = 0; i < 2; i++) {
        SIM_SAY(f, f->fengyuan, &out, "escalate.preview", "case", number, "fields",
                "[context]", "files", lists[i], "no_parties", "无人", "reason",
                "超出权限");
        view_map_each(buf_bytes(&out), "files", name_file, seen[i]);
        SIM_SAY(f, f->fengyuan, NULL, "escalate.request", "case", number, "fields",
                "[context]", "files", lists[i], "no_parties", "无人", "reason",
                "超出权限");
    }
    assert_string_equal(seen[0], "一.txt二.txt");
    assert_string_equal(seen[1], "二.txt一.txt");
    SIM_SAY(f, f->fengyuan, &out, "escalate.release", "case", number);
    buf_deinit(&map);
    buf_deinit(&out);
}

int main(void)
{
#define ONE(test)                                                                        \
    cmocka_unit_test_setup_teardown(test, sim_county_set_up_in_memory,                   \
                                    sim_county_tear_down_in_memory)
    const struct CMUnitTest tests[] = {
        ONE(M2_a_village_answers_whatever_an_argument_is),
        ONE(M2_a_township_answers_whatever_an_argument_is),
        ONE(a_list_is_as_long_as_it_may_be_whatever_limit_is_given),
        ONE(a_table_of_retention_that_is_full_takes_no_more_rules),
        ONE(a_release_takes_the_files_that_are_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
