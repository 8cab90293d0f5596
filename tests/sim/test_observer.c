/* An observer sees events and proofs, and no contents: each method of the table is asked
 * by one, in a world where every content of the schema has been said. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "node/cases/role.h"
#include "node/cases/view.h"
#include "node/core/far.h"
#include "node/core/observer.h"
#include "tests/sim/far_client.h"
#include "tests/sim/sim_spoken.h"

#define CLIENT 100
#define PIN "135791"
#define NAME_MAX_LEN 40

/* --- what is asked --- */

static const char *value_of(const struct spoken *spoken, const char *method,
                            struct bytes name)
{
    const struct {
        const char *method, *name, *value;
    } values[] = {
        {"attach.list", "case", spoken->record}, /* files of records, too */
        {"", "case", spoken->number},
        {"", "escalation", spoken->record},
        {"", "task", spoken->task},
        {"", "op", spoken->assigned},
        {"", "file", spoken->file},
        {"", "paste", "#1"},
        {"", "number", "#1"},
        {"", "device", "#4000"}, /* nobody's */
        {"", "form", "/cases/new"},
        {"", "words", SPOKEN_WORD},
        {"", "party", SPOKEN_WORD "-zhang"},
        {"", "field", "title"},
        {"", "site", "青河镇"},
        {"", "old", PIN},
        {"", "pin", PIN},
        {"", "reason", "看看"},
        {"escalate", "fields", "[title,context]"},
    };
    for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++)
        if (bytes_equal_str(name, values[i].name) &&
            strncmp(method, values[i].method, strlen(values[i].method)) == 0)
            return values[i].value;
    return NULL;
}

static void pack_value_of(struct buf *out, const struct args_known *known,
                          const char *value)
{
    if (bytes_equal_str(known->type, ARGS_NUMBER))
        pack_uint(out, value == NULL ? 1 : strtoull(value + 1, NULL, 10));
    else if (bytes_equal_str(known->type, ARGS_FLAG))
        pack_bool(out, true);
    else if (bytes_equal_str(known->type, ARGS_BYTES))
        pack_bin(out, "sixteen bytes ..", 16);
    else if (value != NULL && value[0] == '[')
        pack_array(out, 0);
    else if (known->type.len > 0)
        pack_array(out, 0);
    else
        pack_str(out, value == NULL ? "字" : value);
}

/* The arguments that a method has to have, and of the others so many of those that name
 * something. */
static void pack_arguments(const struct spoken *spoken, const struct api_method *method,
                           const char *names, uint32_t others, struct buf *out)
{
    struct args_known known[32];
    uint32_t len = 0, count = 0;
    struct buf pairs = {0};
    while (args_next_known(&names, &known[len])) {
        bool is_known = value_of(spoken, method->name, known[len].name) != NULL;
        if (!known[len].is_optional) {
            len++;
        } else if (is_known && others > 0) {
            len++;
            others--;
        }
        assert_true(len < 32);
    }
    for (uint32_t taken = 0; taken < len; taken++) { /* in ascending order */
        uint32_t least = 0;
        while (known[least].name.data == NULL)
            least++;
        for (uint32_t i = least; i < len; i++) {
            size_t a = known[i].name.len, b = known[least].name.len;
            if (known[i].name.data == NULL)
                continue;
            int order = memcmp(known[i].name.data, known[least].name.data, a < b ? a : b);
            if (order < 0 || (order == 0 && a < b))
                least = i;
        }
        pack_str_bytes(&pairs, known[least].name);
        pack_value_of(&pairs, &known[least],
                      value_of(spoken, method->name, known[least].name));
        known[least].name.data = NULL;
        count++;
    }
    pack_map(out, count);
    buf_append(out, &pairs);
    buf_deinit(&pairs);
}

/* How a method is asked: nothing, what it needs, and one or all of what it may be given
 * besides; of the table of methods, or of what is open to observers. */
enum manner { BARE, NEEDED, ONE, ALL, OPEN_NEEDED, OPEN_ALL, MANNERS };

static void pack_request(const struct spoken *spoken, const struct api_method *method,
                         enum manner manner, struct buf *out)
{
    const struct observer_way *way = observer_way_of(method->name);
    bool is_open = manner >= OPEN_NEEDED && way != NULL;
    buf_clear(out);
    if (manner == BARE)
        pack_map(out, 0);
    else
        pack_arguments(spoken, method, is_open ? way->arguments : method->arguments,
                       manner == ONE                         ? 1
                       : manner == ALL || manner == OPEN_ALL ? UINT32_MAX
                                                             : 0,
                       out);
}

static uint64_t ops_of(struct world_node *node)
{
    uint64_t cases, shared;
    assert_int_equal(store_ops_count(world_store(node), TREE_PRIVATE, &cases), STATUS_OK);
    assert_int_equal(store_ops_count(world_store(node), TREE_SHARED, &shared), STATUS_OK);
    return cases + shared;
}

static bool ends_it(const struct api_method *method)
{
    static const char *const names[] = {
        "device.lock",   /* the key is gone then */
        "device.claim",  /* another device */
        "device.enter",  /* the same */
        "sync",          /* answers later */
        "device.invite", /* leaves a code open, of which there are but a few */
        "person.pin",    /* the same PIN again would do, but each takes a job */
    };
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        if (strcmp(method->name, names[i]) == 0)
            return true;
    return false;
}

/* --- from afar --- */

static void assert_untold(struct needles *needles, const char *method,
                          struct bytes answer)
{
    const char *what = needles_find(needles, answer, NEEDLE_NOBODY);
    if (what != NULL)
        fail_msg("%s tells an observer %s", method, what);
}

/* Whoever comes as that person, unlocked, by whatever way. */
struct asker {
    struct sim_county *f;
    struct world_node *node;
    struct far_client far;
    bool is_far;
    struct buf answer;
};

static void ask_as(struct asker *asker, struct sim_county *f, struct world_node *node,
                   const char *person, bool is_far)
{
    *asker = (struct asker){.f = f, .node = node, .is_far = is_far};
    if (is_far) {
        far_open(&asker->far, f, node, CLIENT);
        far_sign_in(&asker->far, person);
        assert_int_equal(far_say(&asker->far, "unlock", "pin", PIN, NULL), STATUS_OK);
        return;
    }
    assert_int_equal(world_unlock(f->world, node, person, PIN), STATUS_OK);
}

static void ask_no_more(struct asker *asker)
{
    if (asker->is_far)
        far_close(&asker->far);
    else
        assert_int_equal(world_unlock(asker->f->world, asker->node, "", "246810"),
                         STATUS_OK);
    buf_deinit(&asker->answer);
}

/* The answer, result or sentence, stands in asker->answer. */
static enum status ask(struct asker *asker, const char *method, struct bytes arguments)
{
    buf_clear(&asker->answer);
    if (!asker->is_far)
        return world_call(asker->f->world, asker->node, method, arguments,
                          &asker->answer);
    enum status status = far_call(&asker->far, method, arguments);
    buf_add(&asker->answer, asker->far.result.data, asker->far.result.len);
    return status;
}

static bool is_refusal(const struct buf *answer)
{
    return sim_count(buf_bytes(answer), "this is not shown to observers") > 0;
}

static void assert_observes(struct asker *asker, const struct spoken *spoken,
                            struct needles *needles)
{
    struct buf arguments = {0};
    uint64_t before = ops_of(asker->node);
    uint32_t answered = 0;
    for (size_t i = 0; i < api_methods_len; i++) {
        const struct api_method *method = &api_methods[i];
        const struct observer_way *way = observer_way_of(method->name);
        bool is_answered = false;
        for (enum manner manner = BARE; manner < MANNERS && !ends_it(method); manner++) {
            pack_request(spoken, method, manner, &arguments);
            enum status status = ask(asker, method->name, buf_bytes(&arguments));
            assert_untold(needles, method->name, buf_bytes(&asker->answer));
            is_answered |= status == STATUS_OK;
            if ((way == NULL) != (status == STATUS_DENIED && is_refusal(&asker->answer)))
                fail_msg("%s: %s", method->name, status_name(status));
        }
        answered += is_answered && !way->is_whole;
    }
    assert_int_equal(ops_of(asker->node), before);
    /* Each of those that are cut; a township has no case to show. */
    assert_int_equal(answered, asker->node == asker->f->fengyuan ? 8 : 7);
    buf_deinit(&arguments);
}

/* Does any answer of that method say the word? */
static bool tells(struct asker *asker, const struct spoken *spoken,
                  struct needles *needles, const struct api_method *method)
{
    struct buf arguments = {0};
    bool is_told = false;
    for (enum manner manner = BARE; manner < OPEN_NEEDED; manner++) {
        pack_request(spoken, method, manner, &arguments);
        enum status status = ask(asker, method->name, buf_bytes(&arguments));
        is_told |= status == STATUS_OK && needles_find(needles, buf_bytes(&asker->answer),
                                                       NEEDLE_NOBODY) != NULL;
    }
    buf_deinit(&arguments);
    return is_told;
}

/* What an observer is not told was there to be told. */
static void assert_reads(struct asker *asker, const struct spoken *spoken,
                         struct needles *needles, const char *const *methods)
{
    for (; *methods != NULL; methods++) {
        size_t at = 0;
        while (strcmp(api_methods[at].name, *methods) != 0)
            at++;
        if (!tells(asker, spoken, needles, &api_methods[at]))
            fail_msg("%s tells nothing of what was said", *methods);
    }
}

static void an_observer_is_told_no_content_by_any_method(void **state)
{
    static const char *const of_village[] = {"case.list",
                                             "case.show",
                                             "task.list",
                                             "due",
                                             "escalation.show",
                                             "recall.list",
                                             "search",
                                             "attach.list",
                                             "attach.get",
                                             "paste.list",
                                             "paste.show",
                                             "print",
                                             "rules.list",
                                             "rules.show",
                                             "checklist.list",
                                             "round.list",
                                             "round.show",
                                             "card.list",
                                             "card.show",
                                             "meeting.show",
                                             "evidence",
                                             "escalate.preview",
                                             NULL};
    static const char *const of_township[] = {"inbox", "escalation.show", "attach.list",
                                              "recall.list", NULL};
    struct sim_county *f = *state;
    struct spoken spoken;
    struct asker asker;
    sim_speak(f, &spoken);
    struct needles *needles = sim_spoken_needles(f);
    sim_add_person(f, f->fengyuan, "观某", "observer", NULL);
    sim_add_person(f, f->township, "观某", "observer", NULL);
    sim_add_person(f, f->township, "李某", "mediator", NULL);
    world_run(f->world, 10000);
    for (int at = 0; at < 4; at++) {
        bool is_village = at < 2;
        struct world_node *node = is_village ? f->fengyuan : f->township;

        ask_as(&asker, f, node, "观某", at % 2 == 1);
        assert_observes(&asker, &spoken, needles);
        ask_no_more(&asker);

        ask_as(&asker, f, node, "李某", at % 2 == 1);
        assert_reads(&asker, &spoken, needles, is_village ? of_village : of_township);
        ask_no_more(&asker);
    }
    needles_free(needles);
}

/* --- what is seen --- */

static bool has_key(struct bytes map, const char *name)
{
    struct bytes raw;
    return view_map_get(map, name, &raw);
}

struct events {
    const char *const *kinds;
    uint32_t len;
};

/* Each says what it is, when, by whom; and of its fields nothing but facts. */
static bool look_at_event(void *context, struct bytes entry)
{
    struct events *events = context;
    struct bytes kind, fields;
    uint64_t time, wall;
    struct id author, op;
    assert_true(view_map_text(entry, "kind", &kind));
    assert_true(view_map_uint(entry, "time", &time) &&
                view_map_uint(entry, "wall", &wall));
    assert_true(view_map_id(entry, "author", &author) && view_map_id(entry, "op", &op));
    assert_true(view_map_get(entry, "fields", &fields));
    for (; events->kinds[events->len] != NULL; events->len++)
        if (bytes_equal_str(kind, events->kinds[events->len])) {
            events->len++;
            break;
        }
    return true;
}

/* Where in the ledger it stands, and since which seal. */
static bool look_at_step(void *context, struct bytes step)
{
    struct bytes seal;
    uint64_t position;
    (void)context;
    assert_true(view_map_uint(step, "position", &position));
    assert_true(view_map_get(step, "seal", &seal));
    assert_false(has_key(step, "fields") || has_key(step, "text"));
    return true;
}

static void an_observer_sees_what_happened_when_and_until_when(void **state)
{
    static const char *const kinds[] = {"case-new", "note",  "triage", "sent",
                                        "settle",   "close", "reopen", NULL};
    struct sim_county *f = *state;
    struct spoken spoken;
    struct far_client far;
    struct bytes view, names, items;
    struct events events = {kinds, 0};
    sim_speak(f, &spoken);
    sim_add_person(f, f->fengyuan, "观某", "observer", NULL);
    far_open(&far, f, f->fengyuan, CLIENT);
    far_sign_in(&far, "观某");

    assert_int_equal(far_say(&far, "case.show", "case", spoken.number, NULL), STATUS_OK);

    assert_true(view_map_has_text(far.result, "number", spoken.number));
    assert_true(view_map_get(far.result, "view", &view));
    assert_true(view_state(view).len > 0);
    view_map_each(view, "journal", look_at_event, &events);
    assert_int_equal(events.len, sizeof(kinds) / sizeof(kinds[0]) - 1);
    assert_false(has_key(view, "registers") || has_key(view, "consents") ||
                 has_key(view, "parties") || has_key(view, "triage") ||
                 has_key(view, "request") || has_key(view, "minor"));
    assert_true(view_map_get(far.result, "names", &names));
    assert_true(view_map_count(names, "authors") > 0);

    assert_int_equal(far_say(&far, "due", NULL), STATUS_OK);
    assert_true(view_map_count(far.result, "items") > 1);
    assert_true(view_map_get(far.result, "items", &items));
    assert_true(sim_count(items, "2026-12-25") > 0 && sim_count(items, "task") > 0);

    assert_int_equal(far_say(&far, "audit.explain", "escalation", spoken.record, NULL),
                     STATUS_OK);
    assert_true(view_map_count(far.result, "steps") > 10);
    view_map_each(far.result, "steps", look_at_step, NULL);

    assert_int_equal(far_say(&far, "seal.list", NULL), STATUS_OK);
    assert_true(view_map_count(far.result, "logs") > 0);
    far_close(&far);
}

/* Whoever may ask which cases are of a category knows the category of each. */
static void an_observer_asks_for_nothing_by_what_it_says(void **state)
{
    static const char *const asked[][3] = {
        {"case.list", "category", "邻里"},   {"case.list", "party", "张某"},
        {"case.list", "export", "true"},     {"case.list", "mine", "true"},
        {"inbox", "category", "邻里"},       {"inbox", "export", "true"},
        {"device.invite", "person", "陈某"},
    };
    struct sim_county *f = *state;
    struct far_client far;
    sim_add_person(f, f->fengyuan, "观某", "observer", NULL);
    far_open(&far, f, f->fengyuan, CLIENT);
    far_sign_in(&far, "观某");
    assert_int_equal(far_say(&far, "unlock", "pin", PIN, NULL), STATUS_OK);
    for (size_t i = 0; i < sizeof(asked) / sizeof(asked[0]); i++) {
        assert_int_equal(far_say(&far, asked[i][0], NULL), STATUS_OK);
        assert_int_equal(far_say(&far, asked[i][0], asked[i][1], asked[i][2], NULL),
                         STATUS_INVALID);
        assert_non_null(strstr(far.reason, "unknown argument"));
    }
    far_close(&far);
}

/* --- who is one --- */

/* The same key gets another role, as in a charter that merged. */
static void add_role(struct sim_county *f, const struct id *key, const char *name,
                     const char *role)
{
    struct buf bytes = {0};
    struct draft draft;
    draft_init(&draft, "person", world_site(f->fengyuan));
    draft_bin(&draft, "key", key->bytes, ID_SIZE);
    draft_text(&draft, "name", bytes_str(name));
    draft_text(&draft, "role", bytes_str(role));
    struct forgery forgery = {.seed = world_steward_seed(f->fengyuan),
                              .draft = &draft,
                              .scope = world_site(f->fengyuan),
                              .of = f->fengyuan};
    (void)sim_forge(&forgery, &bytes);
    assert_int_equal(world_admit(f->world, f->fengyuan, buf_bytes(&bytes)), STATUS_OK);
    draft_deinit(&draft);
    buf_deinit(&bytes);
}

static void who_reads_contents_by_another_role_is_no_observer(void **state)
{
    static const struct {
        const char *other;
        enum status list, print; /* of one who observes: rows, and no paper */
    } rows[] = {{"auditor", STATUS_OK, STATUS_DENIED},
                {"desk", STATUS_DENIED, STATUS_DENIED},
                {"mediator", STATUS_OK, STATUS_OK}};
    struct sim_county *f = *state;
    (void)sim_escalate(f, f->fengyuan, "水渠");
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char name[16];
        struct far_client far;
        struct id key;
        struct buf out = {0};
        (void)snprintf(name, sizeof(name), "人%zu", i);
        SIM_SAY(f, f->fengyuan, &out, "person.add", "name", name, "role", "observer",
                "pin", PIN);
        assert_true(view_map_id(buf_bytes(&out), "key", &key));
        far_open(&far, f, f->fengyuan, CLIENT + i);
        far_sign_in(&far, name);
        assert_int_equal(far_say(&far, "case.list", NULL), STATUS_OK);
        assert_int_equal(sim_count(far.result, "水渠"), 0);

        add_role(f, &key, name, rows[i].other);

        assert_int_equal(far_say(&far, "case.list", NULL), rows[i].list);
        assert_int_equal(sim_count(far.result, "水渠") > 0, rows[i].print == STATUS_OK);
        assert_int_equal(far_say(&far, "print", "case", "2026-0001", NULL),
                         rows[i].print);
        far_close(&far);
        buf_deinit(&out);
    }
}

/* What is for auditors by name is for one who observes besides; what is for any role is
 * not, unless it is open to observers. */
static void an_observer_who_is_an_auditor_too_keeps_what_is_for_auditors(void **state)
{
    struct sim_county *f = *state;
    struct buf out = {0};
    struct id key;
    struct far_client far;
    uint32_t refused = 0;
    SIM_SAY(f, f->fengyuan, &out, "person.add", "name", "审某", "role", "auditor", "pin",
            PIN);
    assert_true(view_map_id(buf_bytes(&out), "key", &key));
    add_role(f, &key, "审某", "observer");
    far_open(&far, f, f->fengyuan, CLIENT);
    far_sign_in(&far, "审某");
    for (size_t i = 0; i < api_methods_len; i++) {
        const struct api_method *method = &api_methods[i];
        uint32_t readers = far_readers(method->reads);
        bool is_for_auditors = readers != UINT32_MAX && (readers & ROLE_AUDITOR) != 0;
        if (ends_it(method))
            continue;
        (void)far_say(&far, method->name, NULL);
        bool is_refused = strstr(far.reason, "not shown to observers") != NULL;
        if (is_refused != (!is_for_auditors && observer_way_of(method->name) == NULL))
            fail_msg("%s: %s", method->name, far.reason);
        refused += is_refused;
    }
    assert_true(refused > 80);
    far_close(&far);
    buf_deinit(&out);
}

/* What is answered later is judged when it is answered. */
static void who_became_an_observer_while_waiting_is_told_nothing(void **state)
{
    struct sim_county *f = *state;
    struct buf out = {0}, map = {0};
    struct id key;
    struct far_client far;
    SIM_SAY(f, f->fengyuan, &out, "person.add", "name", "审某", "role", "auditor", "pin",
            PIN);
    assert_true(view_map_id(buf_bytes(&out), "key", &key));
    far_open(&far, f, f->fengyuan, CLIENT);
    far_sign_in(&far, "审某");
    pack_map(&map, 2);
    pack_str(&map, "timeout_s");
    pack_uint(&map, 600);
    pack_str(&map, "wait");
    pack_bool(&map, true);
    for (int is_observer = 0; is_observer <= 1; is_observer++) {
        world_set_offline(f->world, f->township, true);
        assert_int_equal(far_call(&far, "sync", buf_bytes(&map)), STATUS_CLOSED);
        if (is_observer)
            add_role(f, &key, "审某", "observer");
        world_set_offline(f->world, f->township, false);
        world_run(f->world, 120000);
        assert_int_equal(far_hear(&far), is_observer ? STATUS_DENIED : STATUS_OK);
    }
    assert_non_null(strstr(far.reason, "not shown to observers"));
    far_close(&far);
    buf_deinit(&map);
    buf_deinit(&out);
}

/* --- the table of what is open --- */

static void what_is_open_to_observers_is_in_the_table_of_methods(void **state)
{
    uint32_t open = 0;
    (void)state;
    for (size_t i = 0; i < api_methods_len; i++) {
        const struct observer_way *way = observer_way_of(api_methods[i].name);
        struct args_known known, other;
        if (way == NULL)
            continue;
        open++;
        for (const char *names = way->arguments; args_next_known(&names, &known);) {
            bool is_there = false;
            for (const char *all = api_methods[i].arguments;
                 args_next_known(&all, &other);)
                is_there |= bytes_equal(other.name, known.name) &&
                            bytes_equal(other.type, known.type) &&
                            other.is_optional == known.is_optional;
            if (!is_there)
                fail_msg("%s knows no such %.*s", way->method, (int)known.name.len,
                         (const char *)known.name.data);
        }
    }
    assert_int_equal(open, 29);
    assert_null(observer_way_of("case.frobnicate"));
}

int main(void)
{
#define ONE(test)                                                                        \
    cmocka_unit_test_setup_teardown(test, sim_county_set_up_in_memory,                   \
                                    sim_county_tear_down_in_memory)
    const struct CMUnitTest tests[] = {
        ONE(an_observer_is_told_no_content_by_any_method),
        ONE(an_observer_sees_what_happened_when_and_until_when),
        ONE(an_observer_asks_for_nothing_by_what_it_says),
        ONE(who_reads_contents_by_another_role_is_no_observer),
        ONE(an_observer_who_is_an_auditor_too_keeps_what_is_for_auditors),
        ONE(who_became_an_observer_while_waiting_is_told_nothing),
        cmocka_unit_test(what_is_open_to_observers_is_in_the_table_of_methods),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
