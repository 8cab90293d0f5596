/* A county, a township and two villages on the daemon's own core, in memory: a case goes
 * from a village to the county and comes back answered, and nothing else leaves. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "node/cases/view.h"
#include "proto/limits.h"
#include "tests/support/scratch.h"
#include "tests/support/world.h"

struct county {
    struct world *world;
    struct world_node *county, *township, *fengyuan, *xikou;
    char directory[SCRATCH_SIZE];
};

#define SAY(node, method, ...)                                                           \
    assert_int_equal(world_say(f->world, node, &out, method, __VA_ARGS__, NULL),         \
                     STATUS_OK)

static void text_of(struct bytes map, const char *name, char *text, size_t size)
{
    struct bytes value;
    assert_true(view_map_text(map, name, &value));
    (void)snprintf(text, size, "%.*s", (int)value.len, (const char *)value.data);
}

static int set_up(void **state)
{
    struct county *f = calloc(1, sizeof(*f));
    assert_non_null(f);
    assert_true(scratch_make(f->directory));
    f->world = world_new(f->directory, 42);
    f->county = world_found(f->world, "county", "示例县", "county:1");
    f->township = world_found(f->world, "township", "青河镇", "township:1");
    f->fengyuan = world_found(f->world, "village", "枫源村", "fengyuan:1");
    f->xikou = world_found(f->world, "village", "溪口村", "xikou:1");
    world_pair(f->world, f->county, f->township);
    world_pair(f->world, f->township, f->fengyuan);
    world_pair(f->world, f->township, f->xikou);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct county *f = *state;
    world_free(f->world);
    scratch_remove(f->directory);
    free(f);
    return 0;
}

static void new_case(struct county *f, struct world_node *village, const char *title,
                     char number[static 32])
{
    struct buf out = {0};
    SAY(village, "case.new", "category", "邻里", "title", title, "narrative",
        "两家为屋后排水沟争执，CANARY-NARRATIVE。", "context", "去年修过一次沟。",
        "place", "CANARY-PLACE");
    text_of(buf_bytes(&out), "number", number, 32);
    buf_deinit(&out);
}

static void escalate(struct county *f, struct world_node *village, const char *number,
                     const char *onward, char id[static 65])
{
    struct buf out = {0};
    SAY(village, "case.triage", "case", number, "decision", "escalate", "beyond", "true",
        "reason", "涉及两村的水渠");
    SAY(village, "escalate.release", "case", number, "fields", "[title,context,category]",
        "reason", "超出村里权限", "no_parties", "渠是村里的", "onward", onward);
    struct id escalation;
    assert_true(view_map_id(buf_bytes(&out), "escalation", &escalation));
    hex_encode(id, escalation.bytes, ID_SIZE);
    buf_deinit(&out);
    world_run(f->world, 5000);
}

static void state_at(struct county *f, struct world_node *node, const char *id,
                     char *state, size_t size)
{
    struct buf out = {0};
    struct bytes view;
    if (world_say(f->world, node, &out, "escalation.show", "escalation", id, NULL) !=
        STATUS_OK) {
        (void)snprintf(state, size, "unknown");
    } else {
        assert_true(view_map_get(buf_bytes(&out), "view", &view));
        text_of(view, "state", state, size);
    }
    buf_deinit(&out);
}

static void assert_state(struct county *f, struct world_node *node, const char *id,
                         const char *expected)
{
    char state[32];
    state_at(f, node, id, state, sizeof(state));
    assert_string_equal(state, expected);
}

static void a_case_goes_up_and_the_answers_come_down(void **state)
{
    struct county *f = *state;
    struct buf out = {0};
    char number[32], id[65];
    new_case(f, f->fengyuan, "排水沟", number);
    escalate(f, f->fengyuan, number, "yes", id);
    assert_state(f, f->township, id, "received");
    assert_state(f, f->fengyuan, id, "received");
    assert_state(f, f->county, id, "unknown");
    assert_state(f, f->xikou, id, "unknown");

    /* Who decides has opened the record first. */
    assert_int_equal(world_say(f->world, f->township, &out, "escalation.advise",
                               "escalation", id, "text", "先量沟宽", NULL),
                     STATUS_DENIED);
    SAY(f->township, "escalation.open", "escalation", id);
    SAY(f->township, "escalation.advise", "escalation", id, "text", "先量沟宽");
    world_run(f->world, 5000);
    assert_state(f, f->fengyuan, id, "advised");

    SAY(f->township, "escalation.onward", "escalation", id, "reason", "涉及县水利");
    world_run(f->world, 5000);
    assert_state(f, f->county, id, "received");
    SAY(f->county, "escalation.open", "escalation", id);
    SAY(f->county, "escalation.decide", "escalation", id, "text", "由水利所牵头修沟");
    world_run(f->world, 5000);
    assert_state(f, f->fengyuan, id, "decided");
    assert_state(f, f->township, id, "decided");
    assert_state(f, f->xikou, id, "unknown");

    SAY(f->county, "evidence", "escalation", id);
    buf_deinit(&out);
}

static void onward_waits_for_the_village_where_the_terms_say_ask(void **state)
{
    struct county *f = *state;
    struct buf out = {0};
    char number[32], id[65];
    new_case(f, f->fengyuan, "田埂", number);
    escalate(f, f->fengyuan, number, "ask", id);
    SAY(f->township, "escalation.open", "escalation", id);
    assert_int_equal(world_say(f->world, f->township, &out, "escalation.onward",
                               "escalation", id, "reason", "请县里看", NULL),
                     STATUS_DENIED);
    SAY(f->fengyuan, "escalation.permit", "escalation", id);
    world_run(f->world, 5000);
    SAY(f->township, "escalation.onward", "escalation", id, "reason", "请县里看");
    world_run(f->world, 5000);
    assert_state(f, f->county, id, "received");
    buf_deinit(&out);
}

struct heard {
    uint32_t messages;
    size_t longest;
};

static void hear(void *context, struct bytes message, struct buf *out)
{
    struct heard *heard = context;
    (void)out;
    heard->messages++;
    if (message.len > heard->longest)
        heard->longest = message.len;
}

static void a_round_without_news_is_one_message_each_way(void **state)
{
    struct county *f = *state;
    struct heard up = {0}, down = {0};
    char number[32], id[65];
    new_case(f, f->fengyuan, "排水沟", number);
    escalate(f, f->fengyuan, number, "yes", id);
    world_set_offline(f->world, f->county, true);
    world_set_offline(f->world, f->xikou, true);
    world_run(f->world, 60000);
    world_set_mutator(f->fengyuan, hear, &up);
    world_set_mutator(f->township, hear, &down);
    uint64_t before = world_carried(f->world);

    /* The look of the dialer at what nobody thought of, every five minutes. */
    while (up.messages == 0)
        world_run(f->world, 1000);
    world_run(f->world, 1000);

    assert_int_equal(up.messages, 1);
    assert_true(up.longest <= 64);
    assert_true(down.longest <= 64);
    assert_int_equal(down.messages, 1);
    assert_int_equal(world_carried(f->world) - before,
                     2 * (2 + 256)); /* the least frame */
    world_set_mutator(f->fengyuan, NULL, NULL);
    world_set_mutator(f->township, NULL, NULL);
}

static bool file_has(const struct county *f, int node, const char *word)
{
    static const char *const suffixes[] = {"", "-wal"};
    bool found = false;
    for (int i = 0; i < 2; i++) {
        char name[128];
        (void)snprintf(name, sizeof(name), "%s/node-%d.db%s", f->directory, node,
                       suffixes[i]);
        FILE *file = fopen(name, "rb");
        if (file == NULL)
            continue;
        struct buf all = {0};
        char chunk[4096];
        size_t len;
        while ((len = fread(chunk, 1, sizeof(chunk), file)) > 0)
            buf_add(&all, chunk, len);
        fclose(file);
        found |= memmem(all.data, all.len, word, strlen(word)) != NULL;
        buf_deinit(&all);
    }
    return found;
}

static void what_was_not_chosen_never_leaves_the_village(void **state)
{
    struct county *f = *state;
    char number[32], id[65];
    for (int i = 0; i < 20; i++)
        new_case(f, f->fengyuan, "CANARY-TITLE", number);
    new_case(f, f->fengyuan, "沟渠", number);
    escalate(f, f->fengyuan, number, "yes", id);
    assert_state(f, f->township, id, "received");

    assert_true(file_has(f, 2, "CANARY-NARRATIVE")); /* the test itself can see */
    for (int node = 0; node < 4; node++) {
        if (node == 2)
            continue;
        assert_false(file_has(f, node, "CANARY"));
        assert_false(file_has(f, node, number));
    }
}

struct seen {
    char number[32], title[64];
};

static bool look_at_case(void *context, struct bytes element)
{
    struct seen *seen = context;
    text_of(element, "number", seen->number, sizeof(seen->number));
    return false;
}

static bool look_at_inbox(void *context, struct bytes element)
{
    struct seen *seen = context;
    text_of(element, "title", seen->title, sizeof(seen->title));
    return false;
}

static void lists_name_the_number_and_the_released_title(void **state)
{
    struct county *f = *state;
    struct buf out = {0};
    struct seen seen = {0};
    char number[32], id[65];
    new_case(f, f->fengyuan, "水渠", number);
    escalate(f, f->fengyuan, number, "yes", id);

    SAY(f->fengyuan, "case.list", NULL, NULL);
    view_map_each(buf_bytes(&out), "cases", look_at_case, &seen);
    SAY(f->township, "inbox", NULL, NULL);
    view_map_each(buf_bytes(&out), "escalations", look_at_inbox, &seen);

    assert_string_equal(seen.number, number);
    assert_string_equal(seen.title, "水渠");
    buf_deinit(&out);
}

static void O5_a_private_case_is_unknown_to_every_other_node(void **state)
{
    struct county *f = *state;
    struct buf out = {0};
    char number[32], hex[65];
    struct id scope;
    new_case(f, f->fengyuan, "家事", number);
    SAY(f->fengyuan, "case.show", "case", number);
    assert_true(view_map_id(buf_bytes(&out), "scope", &scope));
    hex_encode(hex, scope.bytes, ID_SIZE);
    assert_int_equal(
        world_say(f->world, f->township, &out, "case.show", "case", hex, NULL),
        STATUS_NOT_FOUND);
    buf_deinit(&out);
}

static void a_node_that_was_away_catches_up(void **state)
{
    struct county *f = *state;
    struct buf out = {0};
    char numbers[5][32], ids[5][65];
    world_set_offline(f->world, f->fengyuan, true);
    for (int i = 0; i < 5; i++) {
        new_case(f, f->fengyuan, "断网时的案子", numbers[i]);
        escalate(f, f->fengyuan, numbers[i], "ask", ids[i]);
        SAY(f->fengyuan, "escalation.permit", "escalation", ids[i]);
    }
    assert_state(f, f->township, ids[0], "unknown");
    world_run(f->world, 7ull * 24 * 3600 * 1000 / 100);
    world_set_offline(f->world, f->fengyuan, false);
    world_run(f->world, 120000);
    for (int i = 0; i < 5; i++) {
        assert_state(f, f->township, ids[i], "received");
        assert_state(f, f->fengyuan, ids[i], "received");
    }
    /* Founding op and what follows came in one message: nothing was set apart. */
    uint64_t quarantined;
    SAY(f->township, "status", NULL, NULL);
    assert_true(view_map_uint(buf_bytes(&out), "quarantined", &quarantined));
    assert_int_equal(quarantined, 0);
    buf_deinit(&out);
}

static uint32_t count_in(struct bytes text, const char *part)
{
    uint32_t count = 0;
    size_t len = strlen(part);
    for (size_t at = 0; at + len <= text.len; at++)
        count += memcmp(text.data + at, part, len) == 0;
    return count;
}

static uint64_t status_of(struct county *f, struct world_node *node, const char *name)
{
    struct buf out = {0};
    uint64_t number;
    SAY(node, "status", NULL, NULL);
    assert_true(view_map_uint(buf_bytes(&out), name, &number));
    buf_deinit(&out);
    return number;
}

/* Both ways, without a new connection and before any time has passed. */
static void what_is_new_is_pushed_while_connected(void **state)
{
    struct county *f = *state;
    struct buf out = {0};
    struct id escalation;
    char number[32], id[65];
    uint32_t dials = count_in(world_noticed(f->fengyuan), "up\n");
    new_case(f, f->fengyuan, "排水沟", number);
    SAY(f->fengyuan, "case.triage", "case", number, "decision", "escalate", "beyond",
        "true", "reason", "涉及两村的水渠");

    SAY(f->fengyuan, "escalate.release", "case", number, "fields",
        "[title,context,category]", "reason", "超出村里权限", "no_parties", "渠是村里的",
        "onward", "no");
    assert_true(view_map_id(buf_bytes(&out), "escalation", &escalation));
    hex_encode(id, escalation.bytes, ID_SIZE);
    world_run(f->world, 0);
    assert_state(f, f->township, id, "received");
    assert_state(f, f->fengyuan, id, "received");

    SAY(f->township, "escalation.open", "escalation", id);
    SAY(f->township, "escalation.advise", "escalation", id, "text", "先量沟宽");
    world_run(f->world, 0);
    assert_state(f, f->fengyuan, id, "advised");

    assert_int_equal(count_in(world_noticed(f->fengyuan), "up\n"), dials);
    buf_deinit(&out);
}

#define DAYS 30
#define DAY_MS (24u * 3600 * 1000)

static void after_30_simulated_days_offline_a_village_catches_up(void **state)
{
    struct county *f = *state;
    struct buf out = {0};
    char number[32], early[65], ids[DAYS / 3][65];
    new_case(f, f->fengyuan, "早先的", number);
    escalate(f, f->fengyuan, number, "no", early);
    world_set_offline(f->world, f->fengyuan, true);
    for (int day = 0; day < DAYS; day++) {
        world_tick(f->world, DAY_MS);
        world_run(f->world, 1000);
        new_case(f, f->fengyuan, "留在村里的", number);
        if (day % 3 == 0)
            escalate(f, f->fengyuan, number, "no", ids[day / 3]);
        if (day % 10 == 0) {
            (void)snprintf(number, sizeof(number), "李某%d", day);
            SAY(f->township, "person.add", "name", number, "role", "mediator", "pin",
                "135791");
        }
    }
    SAY(f->township, "escalation.open", "escalation", early);
    SAY(f->township, "escalation.advise", "escalation", early, "text", "先量沟宽");
    assert_state(f, f->fengyuan, early, "received");
    size_t sent = world_sent(f->fengyuan).len;
    uint64_t ops = status_of(f, f->township, "ops");

    world_set_offline(f->world, f->fengyuan, false);
    world_run(f->world, 120000);

    for (int i = 0; i < DAYS / 3; i++) {
        assert_state(f, f->township, ids[i], "received");
        assert_state(f, f->fengyuan, ids[i], "received");
    }
    assert_state(f, f->fengyuan, early, "advised");
    assert_int_equal(status_of(f, f->fengyuan, "waiting"), 0);
    assert_int_equal(status_of(f, f->township, "quarantined"), 0);
    /* A record is its founding op and "received". */
    assert_int_equal(status_of(f, f->township, "ops"), ops + 2 * (DAYS / 3));
    /* And then nothing is sent any more but looks. */
    size_t caught_up = world_sent(f->fengyuan).len;
    world_run(f->world, 3600 * 1000);
    assert_true(world_sent(f->fengyuan).len - caught_up < caught_up - sent);
    buf_deinit(&out);
}

static void a_restarted_node_goes_on(void **state)
{
    struct county *f = *state;
    char number[32], id[65];
    new_case(f, f->fengyuan, "停电", number);
    world_restart(f->world, f->fengyuan);
    escalate(f, f->fengyuan, number, "yes", id);
    world_restart(f->world, f->township);
    world_run(f->world, 120000);
    assert_state(f, f->township, id, "received");
    assert_state(f, f->fengyuan, id, "received");
}

static void a_mediator_requests_and_a_steward_releases(void **state)
{
    struct county *f = *state;
    struct buf out = {0};
    char number[32];
    SAY(f->fengyuan, "person.add", "name", "李某", "role", "mediator", "pin", "135791");
    assert_int_equal(world_unlock(f->world, f->fengyuan, "李某", "000000"),
                     STATUS_DENIED);
    assert_int_equal(world_unlock(f->world, f->fengyuan, "李某", "135791"), STATUS_OK);
    new_case(f, f->fengyuan, "工钱", number);
    SAY(f->fengyuan, "case.triage", "case", number, "decision", "escalate", "reason",
        "企业在外县");
    assert_int_equal(world_say(f->world, f->fengyuan, &out, "escalate.release", "case",
                               number, "fields", "[title,context]", "reason",
                               "企业在外县", NULL),
                     STATUS_DENIED);
    SAY(f->fengyuan, "escalate.request", "case", number, "fields", "[title,context]",
        "reason", "企业在外县", "no_parties", "工友都在外地");
    assert_int_equal(world_unlock(f->world, f->fengyuan, "", "246810"), STATUS_OK);
    SAY(f->fengyuan, "escalate.release", "case", number);
    buf_deinit(&out);
}

static void no_escalation_without_triage(void **state)
{
    struct county *f = *state;
    struct buf out = {0};
    char number[32];
    new_case(f, f->fengyuan, "无分类", number);
    assert_int_equal(world_say(f->world, f->fengyuan, &out, "escalate.release", "case",
                               number, "fields", "[title,context]", "reason", "想上报",
                               NULL),
                     STATUS_DENIED);
    buf_deinit(&out);
}

static void a_rebuild_gives_the_same_dump(void **state)
{
    struct county *f = *state;
    char number[32], id[65];
    struct buf before = {0}, after = {0};
    new_case(f, f->fengyuan, "重建", number);
    escalate(f, f->fengyuan, number, "yes", id);
    for (int i = 0; i < 2; i++) {
        struct world_node *node = i == 0 ? f->fengyuan : f->township;
        buf_clear(&before);
        buf_clear(&after);
        assert_int_equal(store_dump(world_store(node), &before), STATUS_OK);
        assert_int_equal(world_rebuild(node), STATUS_OK);
        assert_int_equal(store_dump(world_store(node), &after), STATUS_OK);
        assert_true(before.len > 1000);
        assert_true(bytes_equal(buf_bytes(&before), buf_bytes(&after)));
    }
    buf_deinit(&before);
    buf_deinit(&after);
}

static void a_code_is_good_once(void **state)
{
    struct county *f = *state;
    struct buf out = {0};
    char code[128];
    SAY(f->township, "peer.invite", NULL, NULL);
    text_of(buf_bytes(&out), "code", code, sizeof(code));
    struct world_node *first = world_found(f->world, "village", "上湾村", "shangwan:1");
    struct world_node *second = world_found(f->world, "village", "下湾村", "xiawan:1");
    SAY(first, "peer.join", "code", code, "at", "township:1");
    assert_int_equal(world_say(f->world, second, &out, "peer.join", "code", code, "at",
                               "township:1", NULL),
                     STATUS_DENIED);
    assert_int_equal(world_say(f->world, second, &out, "peer.join", "code",
                               "baan baan baan baan baan baan", "at", "township:1", NULL),
                     STATUS_DENIED);
    assert_int_equal(world_say(f->world, second, &out, "peer.join", "code", code, "at",
                               "nowhere:1", NULL),
                     STATUS_UNREACHABLE);
    buf_deinit(&out);
}

struct words {
    const struct id *site;
    char text[64];
};

static bool take_words(void *context, struct bytes peer)
{
    struct words *words = context;
    struct id site;
    if (view_map_id(peer, "site", &site) && id_equal(&site, words->site))
        text_of(peer, "words", words->text, sizeof(words->text));
    return true;
}

/* What a node shows of its pairing with that one. */
static struct words check_words(struct county *f, struct world_node *node,
                                struct world_node *other)
{
    struct buf out = {0};
    struct words words = {.site = world_site(other)};
    SAY(node, "peer.list", NULL, NULL);
    view_map_each(buf_bytes(&out), "peers", take_words, &words);
    buf_deinit(&out);
    return words;
}

static void both_ends_of_a_pairing_show_the_same_two_words_until_a_start(void **state)
{
    struct county *f = *state;
    struct buf out = {0};
    char code[128], told[64];
    SAY(f->township, "peer.invite", NULL, NULL);
    text_of(buf_bytes(&out), "code", code, sizeof(code));
    struct world_node *village = world_found(f->world, "village", "上湾村", "shangwan:1");
    SAY(village, "peer.join", "code", code, "at", "township:1");
    text_of(buf_bytes(&out), "words", told, sizeof(told));

    assert_non_null(strchr(told, ' '));
    assert_string_equal(check_words(f, village, f->township).text, told);
    assert_string_equal(check_words(f, f->township, village).text, told);
    assert_string_not_equal(check_words(f, f->township, f->fengyuan).text, told);

    world_power_off(f->world, f->township);
    assert_int_equal(world_power_on(f->world, f->township), STATUS_OK);
    assert_string_equal(check_words(f, f->township, village).text, "");
    assert_string_equal(check_words(f, village, f->township).text, told);
    buf_deinit(&out);
}

static void O1_rounds_with_nothing_new_change_nothing(void **state)
{
    struct county *f = *state;
    char number[32], id[65];
    struct buf before = {0}, after = {0};
    uint64_t ops_before, ops_after;
    new_case(f, f->fengyuan, "水塘", number);
    escalate(f, f->fengyuan, number, "yes", id);
    assert_int_equal(store_dump(world_store(f->township), &before), STATUS_OK);
    assert_int_equal(store_ops_count(world_store(f->township), TREE_SHARED, &ops_before),
                     STATUS_OK);

    for (int i = 0; i < 5; i++) {
        world_restart(f->world, f->fengyuan);
        world_run(f->world, 200000);
    }

    assert_int_equal(store_dump(world_store(f->township), &after), STATUS_OK);
    assert_int_equal(store_ops_count(world_store(f->township), TREE_SHARED, &ops_after),
                     STATUS_OK);
    assert_true(bytes_equal(buf_bytes(&before), buf_bytes(&after)));
    assert_int_equal(ops_before, ops_after);
    buf_deinit(&before);
    buf_deinit(&after);
}

/* Whether or not anything else happened meanwhile. */
static void after_ten_minutes_there_is_room_for_another_invitation(void **state)
{
    struct county *f = *state;
    struct buf out = {0};
    world_set_offline(f->world, f->township, true);
    for (int i = 0; i < INVITES_MAX; i++)
        SAY(f->township, "peer.invite", NULL, NULL);
    assert_int_equal(world_say(f->world, f->township, &out, "peer.invite", NULL),
                     STATUS_BUSY);

    for (int i = 0; i < 3; i++) {
        world_run(f->world, INVITE_LIFETIME_MS);
        for (int k = 0; k < INVITES_MAX; k++)
            SAY(f->township, "peer.invite", NULL, NULL);
    }

    buf_deinit(&out);
}

int main(void)
{
#define ONE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        ONE(a_case_goes_up_and_the_answers_come_down),
        ONE(onward_waits_for_the_village_where_the_terms_say_ask),
        ONE(a_round_without_news_is_one_message_each_way),
        ONE(what_was_not_chosen_never_leaves_the_village),
        ONE(lists_name_the_number_and_the_released_title),
        ONE(O5_a_private_case_is_unknown_to_every_other_node),
        ONE(a_node_that_was_away_catches_up),
        ONE(what_is_new_is_pushed_while_connected),
        ONE(after_30_simulated_days_offline_a_village_catches_up),
        ONE(a_restarted_node_goes_on),
        ONE(a_mediator_requests_and_a_steward_releases),
        ONE(no_escalation_without_triage),
        ONE(a_rebuild_gives_the_same_dump),
        ONE(a_code_is_good_once),
        ONE(both_ends_of_a_pairing_show_the_same_two_words_until_a_start),
        ONE(after_ten_minutes_there_is_room_for_another_invitation),
        ONE(O1_rounds_with_nothing_new_change_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
