/* Several clients on the control socket of one node: what is no request, who asks twice,
 * who goes while an answer is on its way, keys that cannot be opened, and more
 * connections than there is room for. */
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

#define FIRST 100
#define SECOND 101
#define NOBODY 4711
#define CODE "baan baan baan baan baan baan"

struct answer {
    uint64_t number;
    enum status status;
};

static bool take_answer(struct world_node *node, uint64_t client, struct answer *answer)
{
    struct buf bytes = {0};
    struct bytes name;
    char text[32] = "";
    uint32_t elements;
    if (!world_answered(node, client, &bytes))
        return false;
    struct pack_reader reader = pack_reader_of(buf_bytes(&bytes));
    assert_int_equal(pack_read_array(&reader, &elements, NULL), STATUS_OK);
    assert_int_equal(elements, 3);
    assert_int_equal(pack_read_uint(&reader, &answer->number, NULL), STATUS_OK);
    assert_int_equal(pack_read_str(&reader, &name, NULL), STATUS_OK);
    assert_true(name.len < sizeof(text));
    memcpy(text, name.data, name.len);
    answer->status = status_from_name(text);
    buf_deinit(&bytes);
    return true;
}

static void open_client(struct sim_county *f, struct world_node *node, uint64_t client)
{
    world_event(node, EVENT_CLIENT_OPENED, client, (struct bytes){0});
    world_run(f->world, 0);
}

static void close_client(struct sim_county *f, struct world_node *node, uint64_t client)
{
    world_event(node, EVENT_CLIENT_CLOSED, client, (struct bytes){0});
    world_run(f->world, 0);
}

/* A request with arguments as texts: name, value, …, NULL; names ascending. */
static void ask(struct sim_county *f, struct world_node *node, uint64_t client,
                uint64_t number, const char *method, const char *const *arguments)
{
    struct buf request = {0};
    uint32_t len = 0;
    while (arguments != NULL && arguments[2 * len] != NULL)
        len++;
    pack_array(&request, 3);
    pack_uint(&request, number);
    pack_str(&request, method);
    pack_map(&request, len);
    for (uint32_t i = 0; i < 2 * len; i++)
        pack_str(&request, arguments[i]);
    world_event(node, EVENT_CLIENT_REQUEST, client, buf_bytes(&request));
    buf_deinit(&request);
    world_run(f->world, 0);
}

static void assert_answer(struct world_node *node, uint64_t client, uint64_t number,
                          enum status status)
{
    struct answer answer;
    assert_true(take_answer(node, client, &answer));
    assert_int_equal(answer.number, number);
    assert_string_equal(status_name(answer.status), status_name(status));
}

static void assert_no_answer(struct world_node *node, uint64_t client)
{
    struct answer answer;
    assert_false(take_answer(node, client, &answer));
}

static const char *const pin[] = {"pin", "246810", NULL};
static const char *const person[] = {"name", "王某", "pin", "135791",
                                     "role", "desk", NULL};

static void what_is_no_request_gets_an_answer_all_the_same(void **state)
{
#define RAW(text) text, sizeof(text) - 1
    static const struct {
        const char *bytes;
        size_t len;
    } rows[] = {
        {RAW("")},
        {RAW("\xc1")},
        {RAW("\x01")},
        {RAW("\x90")},
        {RAW("\x92\x01\xa6status")},
        {RAW("\x94\x01\xa6status\x80\x80")},
        {RAW("\x93\xa1x\xa6status\x80")},
        {RAW("\x93\x01\x02\x80")},
        {RAW("\x93\x01\xa6status\x05")},
        {RAW("\x93\x01\xa6status\x81\x01\x02")},
        {RAW("\x93\x01\xa6status\x81\xa6"
             "colour\x01")},
        {RAW("\x93\x01\xa6status\x81\xd9\x29"
             "a1234567890123456789012345678901234567890"
             "\x01")},
        {RAW("\x93\x01\xa6status\x80\x00")},
        {RAW("\x93\x01\xa6status")},
    };
    struct sim_county *f = *state;
    open_client(f, f->xikou, FIRST);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct answer answer;
        world_event(f->xikou, EVENT_CLIENT_REQUEST, FIRST,
                    bytes_of(rows[i].bytes, rows[i].len));
        world_run(f->world, 0);
        assert_true(take_answer(f->xikou, FIRST, &answer));
        if (answer.status == STATUS_OK)
            fail_msg("row %zu is answered", i);
    }
    ask(f, f->xikou, FIRST, 9, "status", NULL);
    assert_answer(f->xikou, FIRST, 9, STATUS_OK);
}

static void each_client_speaks_for_its_own_person(void **state)
{
    struct sim_county *f = *state;
    open_client(f, f->xikou, FIRST);
    open_client(f, f->xikou, SECOND);

    ask(f, f->xikou, FIRST, 1, "unlock", pin);
    assert_answer(f->xikou, FIRST, 1, STATUS_OK);
    ask(f, f->xikou, SECOND, 1, "person.add", person);
    assert_answer(f->xikou, SECOND, 1, STATUS_DENIED);
    ask(f, f->xikou, FIRST, 2, "person.add", person);
    assert_answer(f->xikou, FIRST, 2, STATUS_OK);

    /* Whoever has the number next has to unlock. */
    close_client(f, f->xikou, FIRST);
    open_client(f, f->xikou, FIRST);
    ask(f, f->xikou, FIRST, 3, "person.add", person);
    assert_answer(f->xikou, FIRST, 3, STATUS_DENIED);
}

static void who_asks_before_the_answer_is_told_to_wait_by_the_number_of_that(void **state)
{
    struct sim_county *f = *state;
    open_client(f, f->xikou, FIRST);
    world_hold_jobs(f->xikou);
    ask(f, f->xikou, FIRST, 1, "unlock", pin);
    assert_no_answer(f->xikou, FIRST);

    ask(f, f->xikou, FIRST, 2, "status", NULL);
    assert_answer(f->xikou, FIRST, 2, STATUS_BUSY);

    world_return_jobs(f->xikou, WRAP_OK);
    world_run(f->world, 0);
    assert_answer(f->xikou, FIRST, 1, STATUS_OK);
}

static void who_goes_takes_what_he_waited_for_with_him(void **state)
{
    struct sim_county *f = *state;
    uint64_t persons = sim_status(f, f->xikou, "persons");
    open_client(f, f->xikou, FIRST);
    ask(f, f->xikou, FIRST, 1, "unlock", pin);
    assert_answer(f->xikou, FIRST, 1, STATUS_OK);
    world_hold_jobs(f->xikou);
    ask(f, f->xikou, FIRST, 2, "person.add", person);
    close_client(f, f->xikou, FIRST);
    open_client(f, f->xikou, FIRST); /* another one, of the same number */

    world_return_jobs(f->xikou, WRAP_OK);
    world_run(f->world, 0);

    assert_no_answer(f->xikou, FIRST);
    assert_int_equal(sim_status(f, f->xikou, "persons"), persons);
    close_client(f, f->xikou, NOBODY);
    ask(f, f->xikou, NOBODY, 1, "status", NULL);
    assert_no_answer(f->xikou, NOBODY);
    ask(f, f->xikou, FIRST, 1, "status", NULL);
    assert_answer(f->xikou, FIRST, 1, STATUS_OK);
}

static void a_key_or_a_code_that_cannot_be_made_says_so_and_changes_nothing(void **state)
{
    static const char *const join[] = {"at", "township:1", "code", CODE, NULL};
    static const struct {
        const char *method;
        const char *const *arguments;
        enum wrap_result result;
        enum status answer;
    } rows[] = {
        {"unlock", pin, WRAP_WRONG_PIN, STATUS_DENIED},
        {"unlock", pin, WRAP_DAMAGED, STATUS_CORRUPT},
        {"unlock", pin, WRAP_NO_MEMORY, STATUS_NO_MEMORY},
        {"person.add", person, WRAP_NO_MEMORY, STATUS_NO_MEMORY},
        {"peer.invite", NULL, WRAP_NO_MEMORY, STATUS_NO_MEMORY},
        {"peer.join", join, WRAP_NO_MEMORY, STATUS_NO_MEMORY},
    };
    struct sim_county *f = *state;
    uint64_t persons = sim_status(f, f->xikou, "persons");
    open_client(f, f->xikou, FIRST);
    ask(f, f->xikou, FIRST, 99, "unlock", pin);
    assert_answer(f->xikou, FIRST, 99, STATUS_OK);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        world_hold_jobs(f->xikou);
        ask(f, f->xikou, FIRST, i, rows[i].method, rows[i].arguments);
        world_return_jobs(f->xikou, rows[i].result);
        world_run(f->world, 0);
        assert_answer(f->xikou, FIRST, i, rows[i].answer);
    }
    assert_int_equal(sim_status(f, f->xikou, "persons"), persons);
}

/* Arguments of another type than they should have are as good as none. */
static void a_number_or_a_flag_of_another_type_is_as_good_as_none(void **state)
{
    static const struct {
        const char *bytes;
        size_t len;
    } rows[] = {
        {RAW("\x93\x01\xa4sync\x81\xa9timeout_s\xc0")},
        {RAW("\x93\x01\xa4sync\x81\xa9timeout_s\xa1x")},
        {RAW("\x93\x01\xa4sync\x81\xa4wait\x05")},
        {RAW("\x93\x01\xa4sync\x81\xa4wait\xa1x")},
        {RAW("\x93\x01\xa4sync\x82\xa9timeout_s\xce\x01\x00\x00\x00\xa4wait\xc2")},
        {RAW("\x93\x01\xa9"
             "case.list\x81\xa5state\xc0")},
    };
    struct sim_county *f = *state;
    open_client(f, f->xikou, FIRST);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct answer answer;
        world_event(f->xikou, EVENT_CLIENT_REQUEST, FIRST,
                    bytes_of(rows[i].bytes, rows[i].len));
        world_run(f->world, 0);
        assert_true(take_answer(f->xikou, FIRST, &answer));
        if (answer.status != STATUS_OK && answer.status != STATUS_UNREACHABLE)
            fail_msg("row %zu: %s", i, status_name(answer.status));
    }
}

static void a_sync_waits_for_nobody_who_has_not_greeted(void **state)
{
    struct sim_county *f = *state;
    world_event(f->township, EVENT_CONN_ACCEPTED, NOBODY, (struct bytes){0});
    open_client(f, f->township, FIRST);
    ask(f, f->township, FIRST, 1, "sync", NULL);
    world_run(f->world, 5000);
    assert_answer(f->township, FIRST, 1, STATUS_UNREACHABLE); /* they go on meanwhile */
}

static void who_goes_while_he_joins_is_not_missed(void **state)
{
    static const char *const join[] = {"at", "township:1", "code", CODE, NULL};
    struct sim_county *f = *state;
    open_client(f, f->xikou, FIRST);
    ask(f, f->xikou, FIRST, 1, "unlock", pin);
    assert_answer(f->xikou, FIRST, 1, STATUS_OK);
    world_hold_jobs(f->xikou);
    ask(f, f->xikou, FIRST, 2, "peer.join", join);
    world_return_jobs(f->xikou, WRAP_OK);
    assert_true(world_step(f->world)); /* it dials */
    close_client(f, f->xikou, FIRST);
    world_run(f->world, 30000);
    assert_no_answer(f->xikou, FIRST);

    /* And one who goes before the code is stretched. */
    open_client(f, f->xikou, SECOND);
    ask(f, f->xikou, SECOND, 1, "unlock", pin);
    assert_answer(f->xikou, SECOND, 1, STATUS_OK);
    world_hold_jobs(f->xikou);
    ask(f, f->xikou, SECOND, 2, "peer.join", join);
    close_client(f, f->xikou, SECOND);
    world_return_jobs(f->xikou, WRAP_OK);
    world_run(f->world, 30000);
    assert_no_answer(f->xikou, SECOND);
    struct id id = sim_escalate(f, f->xikou, "照常");
    sim_assert_state(f, f->xikou, &id, "received");
}

static void what_was_dropped_while_it_was_looked_at_again_is_not_found(void **state)
{
    static const struct id none;
    struct sim_county *f = *state;
    struct store *store = world_store(f->xikou);
    struct store_quarantine row = {.digest = {{1}},
                                   .site = *world_site(f->township),
                                   .op = none,
                                   .wall = 1790000000,
                                   .reason = bytes_str("it is not well formed"),
                                   .bytes = bytes_str("garbage")};
    assert_int_equal(store_begin(store), STATUS_OK);
    assert_int_equal(store_quarantine_add(store, &row), STATUS_OK);
    assert_int_equal(store_commit(store), STATUS_OK);
    struct buf request = {0}, map = {0};
    open_client(f, f->xikou, FIRST);
    ask(f, f->xikou, FIRST, 1, "unlock", pin);
    assert_answer(f->xikou, FIRST, 1, STATUS_OK);
    pack_map(&map, 1);
    pack_str(&map, "number");
    pack_uint(&map, 1);
    pack_array(&request, 3);
    pack_uint(&request, 2);
    pack_str(&request, "quarantine.retry");
    buf_add(&request, map.data, map.len);
    world_hold_jobs(f->xikou);
    world_event(f->xikou, EVENT_CLIENT_REQUEST, FIRST, buf_bytes(&request));
    world_run(f->world, 0);
    assert_int_equal(
        world_call(f->world, f->xikou, "quarantine.drop", buf_bytes(&map), NULL),
        STATUS_OK);
    world_return_jobs(f->xikou, WRAP_OK);
    world_run(f->world, 0);
    assert_answer(f->xikou, FIRST, 2, STATUS_NOT_FOUND);
    buf_deinit(&request);
    buf_deinit(&map);
}

static void an_invitation_that_ran_out_before_its_code_was_made_is_none(void **state)
{
    struct sim_county *f = *state;
    open_client(f, f->township, FIRST);
    ask(f, f->township, FIRST, 1, "unlock", pin);
    assert_answer(f->township, FIRST, 1, STATUS_OK);
    world_hold_jobs(f->township);
    ask(f, f->township, FIRST, 2, "peer.invite", NULL);
    /* Who comes meanwhile has no invitation to come by. */
    world_event(f->township, EVENT_CONN_ACCEPTED, NOBODY, (struct bytes){0});
    world_run(f->world, INVITE_LIFETIME_MS + 1000);

    world_return_jobs(f->township, WRAP_OK);
    world_run(f->world, 0);
    assert_answer(f->township, FIRST, 2, STATUS_NO_MEMORY);
}

static void a_node_has_room_for_so_many_clients_and_no_more(void **state)
{
    struct sim_county *f = *state;
    for (uint64_t i = 0; i < CONTROL_CLIENTS_MAX; i++)
        open_client(f, f->xikou, FIRST + i);
    /* The one of world_call has a place as well. */
    ask(f, f->xikou, FIRST + CONTROL_CLIENTS_MAX - 2, 1, "status", NULL);
    assert_answer(f->xikou, FIRST + CONTROL_CLIENTS_MAX - 2, 1, STATUS_OK);
    ask(f, f->xikou, FIRST + CONTROL_CLIENTS_MAX - 1, 1, "status", NULL);
    assert_no_answer(f->xikou, FIRST + CONTROL_CLIENTS_MAX - 1);
}

static void who_waits_for_a_sync_is_told_at_his_own_deadline(void **state)
{
    struct sim_county *f = *state;
    world_set_offline(f->world, f->xikou, true);
    world_run(f->world, 1000);
    for (uint64_t i = 0; i < 3; i++) {
        struct buf request = {0};
        uint64_t timeout_s = i == 0 ? 20 : i == 1 ? 10 : 30;
        open_client(f, f->xikou, FIRST + i);
        pack_array(&request, 3);
        pack_uint(&request, i);
        pack_str(&request, "sync");
        pack_map(&request, 2);
        pack_str(&request, "timeout_s");
        pack_uint(&request, timeout_s);
        pack_str(&request, "wait");
        pack_bool(&request, true);
        world_event(f->xikou, EVENT_CLIENT_REQUEST, FIRST + i, buf_bytes(&request));
        buf_deinit(&request);
    }
    world_run(f->world, 9000);
    assert_no_answer(f->xikou, SECOND);
    world_run(f->world, 1500);
    assert_answer(f->xikou, SECOND, 1, STATUS_UNREACHABLE);
    world_run(f->world, 9000);
    assert_no_answer(f->xikou, FIRST);
    world_run(f->world, 1000);
    assert_answer(f->xikou, FIRST, 0, STATUS_UNREACHABLE);
    world_run(f->world, 10000);
    assert_answer(f->xikou, FIRST + 2, 2, STATUS_UNREACHABLE);
}

/* As many strangers as there are places, within one turn: those that were sent away have
 * theirs until io has closed them. */
static void take_all_connections(struct world_node *node)
{
    for (uint64_t i = 0; i < SESSIONS_MAX; i++)
        world_event(node, EVENT_CONN_ACCEPTED, 1000000 + 2 * i, (struct bytes){0});
}

static void
who_joins_while_all_connections_are_taken_is_told_and_the_node_goes_on(void **state)
{
    static const char *const join[] = {"at", "county:1", "code", CODE, NULL};
    struct sim_county *f = *state;
    open_client(f, f->township, FIRST);
    ask(f, f->township, FIRST, 1, "unlock", pin);
    assert_answer(f->township, FIRST, 1, STATUS_OK);
    world_hold_jobs(f->township);
    ask(f, f->township, FIRST, 2, "peer.join", join);
    take_all_connections(f->township);
    world_return_jobs(f->township, WRAP_OK);
    world_run(f->world, 0);
    assert_answer(f->township, FIRST, 2, STATUS_BUSY);

    world_run(f->world, 60000);
    struct id id = sim_escalate(f, f->xikou, "照常");
    sim_assert_state(f, f->xikou, &id, "received");
}

static void a_parent_is_dialed_again_when_a_connection_is_free(void **state)
{
    struct sim_county *f = *state;
    world_set_offline(f->world, f->township, true);
    world_run(f->world, 1000);
    world_set_offline(f->world, f->township, false);
    /* In the turn in which it would dial, all are taken. */
    take_all_connections(f->xikou);
    world_tick(f->world, 120000);
    world_run(f->world, 180000);
    struct id id = sim_escalate(f, f->xikou, "照常");
    sim_assert_state(f, f->xikou, &id, "received");
}

static void what_comes_of_a_connection_that_is_gone_is_nobodys(void **state)
{
    struct sim_county *f = *state;
    size_t before = world_log(f->xikou).len;
    for (uint64_t dialed = 1; dialed < 20; dialed += 2) /* said twice */
        world_event(f->xikou, EVENT_CONN_CONNECTED, dialed, (struct bytes){0});
    world_event(f->xikou, EVENT_CONN_CONNECTED, NOBODY, (struct bytes){0});
    world_event(f->xikou, EVENT_CONN_BYTES, NOBODY, bytes_str("late"));
    world_event(f->xikou, EVENT_CONN_DRAINED, NOBODY, (struct bytes){0});
    world_event(f->xikou, EVENT_CONN_CLOSED, NOBODY, (struct bytes){0});
    world_run(f->world, 0);
    assert_int_equal(world_log(f->xikou).len, before);
}

static void a_node_that_ends_says_goodbye_and_dials_nobody(void **state)
{
    struct sim_county *f = *state;
    size_t before = world_noticed(f->xikou).len;
    /* Two strangers: one has been sent away in this turn, one is half open. */
    world_event(f->xikou, EVENT_CONN_ACCEPTED, NOBODY, (struct bytes){0});
    world_event(f->xikou, EVENT_CONN_BYTES, NOBODY, bytes_str("GET / HTTP/1.1"));
    world_event(f->xikou, EVENT_CONN_BYTES, NOBODY, bytes_str("more of it"));
    world_event(f->xikou, EVENT_CONN_ACCEPTED, NOBODY + 1, (struct bytes){0});
    world_event(f->xikou, EVENT_END, 0, (struct bytes){0});
    world_run(f->world, 600000);

    struct bytes noticed = world_noticed(f->xikou);
    noticed = bytes_of(noticed.data + before, noticed.len - before);
    assert_int_equal(sim_count(noticed, "up\n"), 0);
    assert_int_equal(sim_count(world_log(f->xikou), "end=stopping"), 1);
    assert_int_equal(sim_count(world_log(f->township), "end=fin"), 1);
}

/* For as long as a minute. */
static void ask_sync(struct sim_county *f, struct world_node *node, uint64_t client,
                     uint64_t number)
{
    struct buf request = {0};
    pack_array(&request, 3);
    pack_uint(&request, number);
    pack_str(&request, "sync");
    pack_map(&request, 2);
    pack_str(&request, "timeout_s");
    pack_uint(&request, 60);
    pack_str(&request, "wait");
    pack_bool(&request, true);
    world_event(node, EVENT_CLIENT_REQUEST, client, buf_bytes(&request));
    world_run(f->world, 0);
    buf_deinit(&request);
}

static void of_two_who_come_with_one_code_at_once_one_joins(void **state)
{
    struct sim_county *f = *state;
    struct world_node *children[2];
    struct buf out = {0};
    struct bytes text;
    char code[128];
    SIM_SAY(f, f->township, &out, "peer.invite", NULL, NULL); /* for somebody else */
    SIM_SAY(f, f->township, &out, "peer.invite", NULL, NULL);
    assert_true(view_map_text(buf_bytes(&out), "code", &text));
    (void)snprintf(code, sizeof(code), "%.*s", (int)text.len, (const char *)text.data);
    const char *const join[] = {"at", "township:1", "code", code, NULL};
    for (int i = 0; i < 2; i++) {
        children[i] = world_found(f->world, "village", i == 0 ? "新村" : "旧村",
                                  i == 0 ? "new:1" : "old:1");
        open_client(f, children[i], FIRST);
        ask(f, children[i], FIRST, 1, "unlock", pin);
        assert_answer(children[i], FIRST, 1, STATUS_OK);
        world_hold_jobs(children[i]);
        ask(f, children[i], FIRST, 2, "peer.join", join);
    }
    for (int i = 0; i < 2; i++)
        world_return_jobs(children[i], WRAP_OK);
    world_run(f->world, 30000);

    uint32_t joined = 0;
    for (int i = 0; i < 2; i++) {
        struct answer answer;
        assert_true(take_answer(children[i], FIRST, &answer));
        joined += answer.status == STATUS_OK;
        assert_true(answer.status == STATUS_OK || answer.status == STATUS_DENIED);
    }
    assert_int_equal(joined, 1);
    buf_deinit(&out);
}

static void nobody_waits_for_those_who_would_have_to_dial(void **state)
{
    struct sim_county *f = *state;
    world_set_offline(f->world, f->county, true);
    world_set_offline(f->world, f->xikou, true);
    world_run(f->world, 1000);
    SIM_SAY(f, f->county, NULL, "sync", "wait", "true"); /* its children are away */

    world_set_offline(f->world, f->county, false);
    world_run(f->world, 120000);
    SIM_SAY(f, f->township, NULL, "sync", "wait", "true");
}

/* A round that is under way, the first of its session or a later one, is waited for. */
static void who_waits_for_a_sync_is_told_when_the_round_is_over(void **state)
{
    struct sim_county *f = *state;
    static const char *const first[] = {"甲", "乙"};
    open_client(f, f->township, FIRST);
    world_set_offline(f->world, f->xikou, true);
    world_run(f->world, 1000);
    for (uint64_t i = 0; i < 2; i++) {
        world_hold_jobs(f->township);
        struct id id = sim_escalate(f, f->xikou, first[i]);
        world_set_offline(f->world, f->xikou, false);
        world_run(f->world, 5000); /* it has dialed, and brings it */
        ask_sync(f, f->township, FIRST, i);
        world_run(f->world, 1000);
        assert_no_answer(f->township, FIRST);

        world_return_jobs(f->township, WRAP_OK);
        world_run(f->world, 10000);

        assert_answer(f->township, FIRST, i, STATUS_OK);
        sim_assert_state(f, f->township, &id, "received");
    }
}

int main(void)
{
#define ONE(test)                                                                        \
    cmocka_unit_test_setup_teardown(test, sim_county_set_up_in_memory,                   \
                                    sim_county_tear_down_in_memory)
    const struct CMUnitTest tests[] = {
        ONE(what_is_no_request_gets_an_answer_all_the_same),
        ONE(each_client_speaks_for_its_own_person),
        ONE(who_asks_before_the_answer_is_told_to_wait_by_the_number_of_that),
        ONE(who_goes_takes_what_he_waited_for_with_him),
        ONE(a_key_or_a_code_that_cannot_be_made_says_so_and_changes_nothing),
        ONE(a_number_or_a_flag_of_another_type_is_as_good_as_none),
        ONE(a_sync_waits_for_nobody_who_has_not_greeted),
        ONE(who_goes_while_he_joins_is_not_missed),
        ONE(what_was_dropped_while_it_was_looked_at_again_is_not_found),
        ONE(an_invitation_that_ran_out_before_its_code_was_made_is_none),
        ONE(a_node_has_room_for_so_many_clients_and_no_more),
        ONE(who_waits_for_a_sync_is_told_at_his_own_deadline),
        ONE(who_joins_while_all_connections_are_taken_is_told_and_the_node_goes_on),
        ONE(a_parent_is_dialed_again_when_a_connection_is_free),
        ONE(what_comes_of_a_connection_that_is_gone_is_nobodys),
        ONE(a_node_that_ends_says_goodbye_and_dials_nobody),
        ONE(of_two_who_come_with_one_code_at_once_one_joins),
        ONE(nobody_waits_for_those_who_would_have_to_dial),
        ONE(who_waits_for_a_sync_is_told_when_the_round_is_over),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
