/* Who comes over the network: asked for a device in front of every method, shown what the
 * roles of its person read, and nothing any more when either is revoked. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "node/cases/view.h"
#include "node/core/api.h"
#include "tests/sim/far_client.h"

#define FIRST 100
#define SECOND 101
#define MINUTE_MS 60000u
#define PIN "135791" /* of whom sim_add_person adds */

static const char *const roles[] = {"steward", "mediator", "desk",     "observer",
                                    "auditor", "judge",    "authority"};
#define ROLES_LEN (sizeof(roles) / sizeof(roles[0]))
#define STEWARD 1u
#define WRITERS 3u   /* stewards and mediators */
#define READERS 103u /* and desks, judges, authorities */
#define AUDITORS 17u /* and stewards */
#define OBSERVER 8u
#define EVERYBODY 127u

/* What docs/API.md says of who is an observer alone: these, and no other; behind the
 * blank those of which he is answered without contents. */
static const char *const observed[] = {
    "unlock",
    "status",
    "site",
    "policy",
    "api.methods",
    "person.pin",
    "quorum.show",
    "recovery.show",
    "device.list",
    "device.invite",
    "device.claim",
    "device.enter",
    "device.revoke",
    "device.lock",
    "peer.list",
    "seal.list",
    "seal.proofs",
    "seal.witnessed",
    "seal.proof",
    "seal.request",
    "backup.status",
    "case.list cut",
    "case.show cut",
    "inbox cut",
    "due cut",
    "task.list cut",
    "recall.list cut",
    "escalation.show cut",
    "audit.explain cut",
};

/* 0: nothing, 1: without contents, 2: all of it. */
static int observer_gets(const char *method)
{
    size_t len = strlen(method);
    for (size_t i = 0; i < sizeof(observed) / sizeof(observed[0]); i++)
        if (strncmp(observed[i], method, len) == 0 &&
            (observed[i][len] == '\0' || observed[i][len] == ' '))
            return observed[i][len] == '\0' ? 2 : 1;
    return 0;
}

/* What docs/API.md says of all others, by the beginnings of names; the first that fits.
 */
static const struct {
    const char *begins;
    uint32_t who; /* bits of roles */
} contract[] = {
    {"unlock", EVERYBODY},    {"status", EVERYBODY},
    {"site", EVERYBODY},      {"policy", EVERYBODY},
    {"sync", EVERYBODY},      {"person.", EVERYBODY},
    {"node.", EVERYBODY},     {"peer.", EVERYBODY},
    {"quorum.", EVERYBODY},   {"recovery.", EVERYBODY},
    {"device.", EVERYBODY},   {"draft.", EVERYBODY},
    {"quarantine.", STEWARD}, {"seal.", EVERYBODY},
    {"search", READERS},      {"inbox", READERS},
    {"escalation.", READERS}, {"agenda", READERS},
    {"bundle.", READERS},     {"backup.status", EVERYBODY},
    {"backup.", STEWARD},     {"meeting.", READERS},
    {"recall.", READERS},     {"rules.", READERS},
    {"checklist.", READERS},  {"evidence", READERS},
    {"attach.list", READERS}, {"attach.get", READERS},
    {"attach.", WRITERS},     {"case.", WRITERS},
    {"task.list", WRITERS},   {"due", WRITERS},
    {"paste.", WRITERS},      {"agreement.", WRITERS},
    {"print", WRITERS},       {"round.", WRITERS},
    {"card.", WRITERS},       {"escalate.", WRITERS},
    {"conflict.", WRITERS},   {"retention.", WRITERS},
    {"outbox", WRITERS},      {"api.methods", EVERYBODY},
    {"audit", AUDITORS},
};

static uint32_t readers_of(const char *method)
{
    for (size_t i = 0; i < sizeof(contract) / sizeof(contract[0]); i++)
        if (strncmp(method, contract[i].begins, strlen(contract[i].begins)) == 0)
            return contract[i].who;
    fail_msg("%s is not in the contract", method);
    return 0;
}

static bool is_way_in(const char *method)
{
    return strcmp(method, "device.claim") == 0 || strcmp(method, "device.enter") == 0;
}

static bool says(const struct far_client *far, const char *part)
{
    return strstr(far->reason, part) != NULL;
}

#define assert_denied(far, ...)                                                          \
    assert_int_equal(far_say(far, __VA_ARGS__, NULL), STATUS_DENIED)
#define assert_ok(far, ...) assert_int_equal(far_say(far, __VA_ARGS__, NULL), STATUS_OK)

/* --- who is asked --- */

static void nobody_asks_anything_from_afar_without_a_device(void **state)
{
    struct sim_county *f = *state;
    struct far_client far;
    far_open(&far, f, f->fengyuan, FIRST);
    for (size_t i = 0; i < api_methods_len; i++) {
        const char *method = api_methods[i].name;

        enum status status = far_say(&far, method, NULL);

        if (is_way_in(method) ? status != STATUS_INVALID
                              : status != STATUS_DENIED || !says(&far, "not signed in"))
            fail_msg("%s: %s, %s", method, status_name(status), far.reason);
    }
    assert_int_equal(far_say(&far, "unlock", "pin", "246810", NULL), STATUS_DENIED);
    far_close(&far);
}

static void each_role_reads_from_afar_what_the_table_says(void **state)
{
    struct sim_county *f = *state;
    for (size_t role = 0; role < ROLES_LEN; role++) {
        char name[16];
        struct far_client far;
        (void)snprintf(name, sizeof(name), "人%zu", role);
        sim_add_person(f, f->fengyuan, name, roles[role], NULL);
        far_open(&far, f, f->fengyuan, FIRST + role);
        far_sign_in(&far, name);
        for (size_t i = 0; i < api_methods_len; i++) {
            const char *method = api_methods[i].name;
            bool may = (readers_of(method) >> role & 1) != 0;
            if (1u << role == OBSERVER)
                may = observer_gets(method) != 0;
            if (strcmp(method, "sync") == 0)
                continue; /* it ends later than the call */

            enum status status = far_say(&far, method, NULL);

            bool is_hidden = status == STATUS_DENIED && says(&far, "not shown to");
            if (is_hidden == may)
                fail_msg("%s asks for %s: %s, %s", roles[role], method,
                         status_name(status), far.reason);
            if (may && api_methods[i].who >= API_EXPORT && status != STATUS_DENIED)
                fail_msg("%s needs no PIN for %s: %s", roles[role], method, far.reason);
        }
        far_close(&far);
    }
}

struct search {
    const char *about;
    char far[200];     /* what its line says of those from afar */
    char observer[80]; /* … and of observers */
};

static bool match(void *context, struct bytes line)
{
    struct search *search = context;
    struct bytes en;
    char text[400];
    if (!view_map_has_text(line, "topic", "ask") ||
        !view_map_has_text(line, "about", search->about))
        return true;
    assert_true(view_map_text(line, "en", &en) && en.len < sizeof(text));
    (void)snprintf(text, sizeof(text), "%.*s", (int)en.len, (const char *)en.data);
    const char *far = strstr(text, "; over the network");
    assert_non_null(far);
    assert_non_null(strstr(far, "observer"));
    (void)snprintf(search->observer, sizeof(search->observer), "%s", strrchr(far, ';'));
    (void)snprintf(search->far, sizeof(search->far), "%.*s",
                   (int)(strrchr(far, ';') - far), far);
    return true;
}

static void the_policy_says_in_words_who_reads_what_from_afar(void **state)
{
    struct sim_county *f = *state;
    struct buf policy = {0};
    SIM_SAY(f, f->fengyuan, &policy, "policy", NULL, NULL);
    for (size_t i = 0; i < api_methods_len; i++) {
        struct search search = {.about = api_methods[i].name};
        uint32_t who = readers_of(search.about);
        view_map_each(buf_bytes(&policy), "lines", match, &search);
        static const char *const gets[] = {"; not for an observer",
                                           "; an observer too, without contents",
                                           "; an observer too"};
        assert_string_equal(search.observer, gets[observer_gets(search.about)]);
        bool says_all = strstr(search.far, "any role here") != NULL;
        bool says_in = strstr(search.far, "a code or a token") != NULL;
        if (says_in != is_way_in(search.about) ||
            says_all != (who == EVERYBODY && !says_in))
            fail_msg("%s: %s", search.about, search.far);
        for (size_t role = 0; role < ROLES_LEN; role++) {
            bool is_named = strstr(search.far, roles[role]) != NULL;
            bool is_meant = who != EVERYBODY && (who >> role & 1) != 0;
            if (is_named != is_meant)
                fail_msg("%s: %s, and %s", search.about, search.far, roles[role]);
        }
    }
    buf_deinit(&policy);
}

static void who_comes_by_the_socket_is_asked_for_no_device(void **state)
{
    struct sim_county *f = *state;
    struct buf out = {0};
    world_power_off(f->world, f->fengyuan);
    assert_int_equal(world_power_on(f->world, f->fengyuan), STATUS_OK);

    SIM_SAY(f, f->fengyuan, &out, "case.list", NULL);
    SIM_SAY(f, f->fengyuan, &out, "device.list", NULL);
    assert_int_equal(world_say(f->world, f->fengyuan, &out, "device.claim", "code",
                               "abcdefghijklmnopqrstuvwxyz", NULL),
                     STATUS_INVALID);
    assert_int_equal(world_say(f->world, f->fengyuan, &out, "draft.list", NULL),
                     STATUS_DENIED);
    assert_int_equal(
        world_say(f->world, f->fengyuan, &out, "device.revoke", "device", "#1", NULL),
        STATUS_DENIED);
    buf_deinit(&out);
}

/* A desk reads what others sent, with its files, and no case of its own site. */
static void a_desk_reads_the_files_of_records_and_of_no_case(void **state)
{
    struct sim_county *f = *state;
    struct far_client far;
    struct buf out = {0};
    struct bytes number;
    char text[32], hex[2 * ID_SIZE + 1];
    struct id record = sim_escalate(f, f->fengyuan, "水沟");
    hex_encode(hex, record.bytes, ID_SIZE);
    SIM_SAY(f, f->fengyuan, &out, "case.new", "category", "邻里", "narrative", "争执",
            "title", "界石");
    assert_true(view_map_text(buf_bytes(&out), "number", &number));
    (void)snprintf(text, sizeof(text), "%.*s", (int)number.len,
                   (const char *)number.data);
    sim_add_person(f, f->fengyuan, "窗口", "desk", NULL);
    far_open(&far, f, f->fengyuan, FIRST);
    far_sign_in(&far, "窗口");

    assert_ok(&far, "attach.list", "case", hex);
    assert_denied(&far, "attach.list", "case", text);
    assert_denied(&far, "attach.get", "case", text, "file", "012345");
    assert_denied(&far, "case.show", "case", text);

    far_close(&far);
    buf_deinit(&out);
}

static void a_desk_learns_of_no_case_by_recalling_it(void **state)
{
    struct sim_county *f = *state;
    struct far_client far;
    SIM_SAY(f, f->fengyuan, NULL, "case.new", "category", "邻里", "narrative", "争执",
            "title", "界石");
    sim_add_person(f, f->fengyuan, "窗口", "desk", NULL);
    far_open(&far, f, f->fengyuan, FIRST);
    far_sign_in(&far, "窗口");
    assert_ok(&far, "unlock", "pin", "135791");

    assert_denied(&far, "escalation.recall", "case", "2026-0001", "reason", "r");
    assert_true(says(&far, "not shown to"));
    assert_denied(&far, "escalation.recall", "case", "2026-0999", "reason", "r");
    assert_true(says(&far, "not shown to"));

    far_close(&far);
}

/* On the socket whoever reaches it may; over the network a lost phone may not. */
static void nothing_is_taken_away_from_afar_without_a_pin(void **state)
{
    struct sim_county *f = *state;
    struct far_client far;
    char hex[2 * ID_SIZE + 1];
    struct id record = sim_escalate(f, f->fengyuan, "水沟");
    hex_encode(hex, record.bytes, ID_SIZE);
    sim_add_person(f, f->fengyuan, "李某", "mediator", NULL);
    far_open(&far, f, f->fengyuan, FIRST);
    far_sign_in(&far, "李某");
    assert_ok(&far, "case.list");

    assert_denied(&far, "case.list", "export", "true");
    assert_true(says(&far, "unlock with a PIN"));
    assert_denied(&far, "inbox", "export", "true");
    assert_denied(&far, "evidence", "escalation", hex);

    assert_ok(&far, "unlock", "pin", PIN);
    assert_ok(&far, "case.list", "export", "true");
    assert_ok(&far, "inbox", "export", "true");
    assert_ok(&far, "evidence", "escalation", hex);
    far_close(&far);
    SIM_SAY(f, f->township, NULL, "evidence", "escalation", hex);
    world_restart(f->world, f->township);
    SIM_SAY(f, f->township, NULL, "evidence", "escalation", hex); /* the socket */
    SIM_SAY(f, f->township, NULL, "inbox", "export", "true");
}

/* --- signing in --- */

static void a_code_signs_one_device_in_and_says_who_it_is(void **state)
{
    struct sim_county *f = *state;
    struct far_client far, other;
    char code[FAR_CODE_SIZE];
    bool is_unlocked = true;
    sim_add_person(f, f->fengyuan, "李某", "mediator", NULL);
    far_invite(f, f->fengyuan, "李某", code);
    for (char *c = code; *c != '\0'; c++)
        *c = (char)(*c >= 'a' && *c <= 'z' ? *c - 'a' + 'A' : *c);
    far_open(&far, f, f->fengyuan, FIRST);
    far_open(&other, f, f->fengyuan, SECOND);

    assert_ok(&far, "device.claim", "code", code);

    assert_true(view_map_has_text(far.result, "name", "李某"));
    assert_int_equal(view_map_count(far.result, "roles"), 1);
    assert_denied(&other, "device.claim", "code", code);
    assert_denied(&other, "status");
    assert_ok(&far, "case.list");
    assert_denied(&far, "case.note", "case", "2026-0001", "text", "看过");
    assert_true(says(&far, "unlock with a PIN"));

    far_sign_in(&far, "李某");
    world_restart(f->world, f->fengyuan);
    far_open_again(&far);
    assert_denied(&far, "status");
    assert_int_equal(far_enter(&far), STATUS_OK);
    assert_true(view_map_has_text(far.result, "name", "李某"));
    assert_true(view_map_flag(far.result, "unlocked", &is_unlocked));
    assert_false(is_unlocked);
    assert_ok(&far, "unlock", "pin", PIN);
    assert_int_equal(far_enter(&far), STATUS_OK);
    assert_true(view_map_flag(far.result, "unlocked", &is_unlocked));
    assert_true(is_unlocked);
    far_close(&far);
    far_close(&other);
}

static void a_code_is_good_for_ten_minutes(void **state)
{
    struct sim_county *f = *state;
    struct far_client far;
    char early[FAR_CODE_SIZE], late[FAR_CODE_SIZE];
    far_open(&far, f, f->fengyuan, FIRST);
    far_invite(f, f->fengyuan, "陈某", early);
    far_invite(f, f->fengyuan, "陈某", late);
    world_tick(f->world, 9 * MINUTE_MS);
    world_run(f->world, 0);
    assert_ok(&far, "device.claim", "code", early);

    world_tick(f->world, MINUTE_MS);
    world_run(f->world, 0);

    assert_denied(&far, "device.claim", "code", late);
    far_close(&far);
}

static void ten_wrong_codes_in_ten_minutes_close_those_that_are_open(void **state)
{
    static const char wrong[] = "abcdefghijklmnopqrstuvwxyz";
    struct sim_county *f = *state;
    struct far_client far;
    char code[FAR_CODE_SIZE];
    far_open(&far, f, f->fengyuan, FIRST);
    far_invite(f, f->fengyuan, "陈某", code);
    for (int i = 0; i < 9; i++)
        assert_denied(&far, "device.claim", "code", i % 2 == 0 ? wrong : "short");
    world_tick(f->world, 9 * MINUTE_MS);
    world_run(f->world, 0);
    far_invite(f, f->fengyuan, "陈某", code);
    world_tick(f->world, MINUTE_MS);
    world_run(f->world, 0);
    for (int i = 0; i < 9; i++) /* the first nine were too long ago */
        assert_denied(&far, "device.claim", "code", wrong);
    assert_ok(&far, "device.claim", "code", code);
    far_invite(f, f->fengyuan, "陈某", code);

    assert_denied(&far, "device.claim", "code", wrong);

    assert_denied(&far, "device.claim", "code", code);
    assert_int_equal(sim_count(world_log(f->fengyuan), "device codes are closed"), 1);
    far_invite(f, f->fengyuan, "陈某", code);
    assert_ok(&far, "device.claim", "code", code);
    far_close(&far);
}

static void as_many_codes_are_open_as_may_be_and_no_more(void **state)
{
    struct sim_county *f = *state;
    char code[FAR_CODE_SIZE];
    for (int i = 0; i < DEVICE_CODES_MAX; i++)
        far_invite(f, f->fengyuan, "陈某", code);

    assert_int_equal(world_say(f->world, f->fengyuan, NULL, "device.invite", NULL),
                     STATUS_BUSY);

    world_tick(f->world, 10 * MINUTE_MS);
    world_run(f->world, 0);
    SIM_SAY(f, f->fengyuan, NULL, "device.invite", NULL);
}

int main(void)
{
#define ONE(test)                                                                        \
    cmocka_unit_test_setup_teardown(test, sim_county_set_up_in_memory,                   \
                                    sim_county_tear_down_in_memory)
    const struct CMUnitTest tests[] = {
        ONE(nobody_asks_anything_from_afar_without_a_device),
        ONE(each_role_reads_from_afar_what_the_table_says),
        ONE(the_policy_says_in_words_who_reads_what_from_afar),
        ONE(who_comes_by_the_socket_is_asked_for_no_device),
        ONE(a_desk_reads_the_files_of_records_and_of_no_case),
        ONE(a_desk_learns_of_no_case_by_recalling_it),
        ONE(nothing_is_taken_away_from_afar_without_a_pin),
        ONE(a_code_signs_one_device_in_and_says_who_it_is),
        ONE(a_code_is_good_for_ten_minutes),
        ONE(ten_wrong_codes_in_ten_minutes_close_those_that_are_open),
        ONE(as_many_codes_are_open_as_may_be_and_no_more),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
