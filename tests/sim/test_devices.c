/* Devices that are signed in: whose they are, until when they are unlocked, and that
 * nothing of one is left when it or its person is revoked. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "node/cases/view.h"
#include "tests/sim/far_client.h"

#define FIRST 100
#define SECOND 101
#define THIRD 102
#define MINUTE_MS 60000u
#define PIN "135791" /* of whom sim_add_person adds */
#define TEXT_SIZE 32

struct room {
    struct sim_county *f;
    struct world_node *node;
    struct far_client mediator, steward; /* signed in */
};

static int set_up_room(void **state, void *county)
{
    struct room *room = calloc(1, sizeof(*room));
    assert_non_null(room);
    room->f = county;
    room->node = room->f->fengyuan;
    sim_add_person(room->f, room->node, "李某", "mediator", NULL);
    far_open(&room->mediator, room->f, room->node, FIRST);
    far_open(&room->steward, room->f, room->node, SECOND);
    far_sign_in(&room->mediator, "李某");
    far_sign_in(&room->steward, "陈某");
    *state = room;
    return 0;
}

static int set_up(void **state)
{
    void *county;
    return sim_county_set_up_in_memory(&county) == 0 ? set_up_room(state, county) : -1;
}

static int set_up_on_disk(void **state)
{
    void *county;
    return sim_county_set_up(&county) == 0 ? set_up_room(state, county) : -1;
}

static void *leave(void **state)
{
    struct room *room = *state;
    void *county = room->f;
    buf_deinit(&room->mediator.bytes);
    buf_deinit(&room->steward.bytes);
    free(room);
    return county;
}

static int tear_down(void **state)
{
    void *county = leave(state);
    return sim_county_tear_down_in_memory(&county);
}

static int tear_down_on_disk(void **state)
{
    void *county = leave(state);
    return sim_county_tear_down(&county);
}

#define assert_says(wanted, far, ...)                                                    \
    assert_string_equal(status_name(far_say(far, __VA_ARGS__, NULL)), status_name(wanted))
#define assert_ok(far, ...) assert_says(STATUS_OK, far, __VA_ARGS__)
#define assert_denied(far, ...) assert_says(STATUS_DENIED, far, __VA_ARGS__)

static const char *number_of(uint64_t device, char text[static TEXT_SIZE])
{
    (void)snprintf(text, TEXT_SIZE, "#%llu", (unsigned long long)device);
    return text;
}

static bool is_unlocked(struct far_client *far)
{
    enum status status = far_say(far, "rules.add", NULL);
    assert_true(status == STATUS_DENIED || status == STATUS_INVALID);
    return status == STATUS_INVALID; /* something is missing, but no PIN */
}

static void wait_minutes(struct room *room, uint32_t minutes)
{
    world_tick(room->f->world, minutes * MINUTE_MS);
    world_run(room->f->world, 0);
}

/* --- whose they are --- */

static bool find_this(void *context, struct bytes row)
{
    bool is_this;
    assert_true(view_map_flag(row, "is_this", &is_this));
    if (is_this)
        assert_true(view_map_uint(row, "device", context));
    return true;
}

static void a_person_sees_its_own_devices_and_a_steward_all(void **state)
{
    struct room *room = *state;
    struct buf out = {0};
    uint64_t number = 0;

    assert_ok(&room->mediator, "device.list");
    assert_int_equal(view_map_count(room->mediator.result, "devices"), 1);
    view_map_each(room->mediator.result, "devices", find_this, &number);
    assert_int_equal(number, room->mediator.device);
    assert_int_equal(sim_count(room->mediator.result, "李某"), 1);
    assert_int_equal(sim_count(room->mediator.result, "手机"), 1);
    assert_ok(&room->steward, "device.list");
    assert_int_equal(view_map_count(room->steward.result, "devices"), 2);
    SIM_SAY(room->f, room->node, &out, "device.list", NULL, NULL);

    assert_int_equal(view_map_count(buf_bytes(&out), "devices"), 2);
    buf_deinit(&out);
}

static uint64_t seen(struct room *room)
{
    struct buf out = {0};
    uint64_t wall = 0;
    struct bytes rows, row;
    uint32_t len;
    SIM_SAY(room->f, room->node, &out, "device.list", NULL, NULL);
    assert_true(view_map_get(buf_bytes(&out), "devices", &rows));
    struct pack_reader reader = pack_reader_of(rows);
    assert_int_equal(pack_read_array(&reader, &len, NULL), STATUS_OK);
    assert_int_equal(pack_value(&reader, 1, &row, NULL), STATUS_OK);
    assert_true(view_map_uint(row, "seen", &wall));
    buf_deinit(&out);
    return wall;
}

static void when_a_device_was_seen_is_kept_to_the_hour(void **state)
{
    struct room *room = *state;
    uint64_t first = seen(room);
    wait_minutes(room, 59);
    assert_int_equal(far_enter(&room->mediator), STATUS_OK);
    assert_int_equal(seen(room), first);
    wait_minutes(room, 2);

    assert_int_equal(far_enter(&room->mediator), STATUS_OK);

    assert_true(seen(room) >= first + 3600);
}

static void who_is_invited_by_whom(void **state)
{
    struct room *room = *state;
    struct far_client *mediator = &room->mediator;
    assert_denied(mediator, "device.invite");
    assert_ok(mediator, "unlock", "pin", PIN);

    assert_ok(mediator, "device.invite");
    assert_ok(mediator, "device.invite", "person", "李某");
    assert_denied(mediator, "device.invite", "person", "陈某");
    assert_says(STATUS_NOT_FOUND, mediator, "device.invite", "person", "赵某");
    assert_says(STATUS_INVALID, mediator, "device.invite", "person", "#7");
    assert_ok(&room->steward, "unlock", "pin", "246810");
    assert_ok(&room->steward, "device.invite", "person", "李某");
}

static void what_is_no_token_and_no_label_is_refused(void **state)
{
    struct room *room = *state;
    struct far_client *far = &room->mediator;
    char code[FAR_CODE_SIZE], label[80];
    struct buf map = {0};
    memset(label, 'a', sizeof(label) - 1);
    label[sizeof(label) - 1] = '\0';
    far_invite(room->f, room->node, "李某", code);

    assert_says(STATUS_TOO_LARGE, far, "device.claim", "code", code, "label", label);
    assert_says(STATUS_INVALID, far, "device.enter", "token", "text");
    pack_map(&map, 1);
    pack_str(&map, "token");
    pack_bin(&map, far->token, FAR_TOKEN_SIZE - 1);
    assert_int_equal(far_call(far, "device.enter", buf_bytes(&map)), STATUS_INVALID);
    buf_clear(&map);
    pack_map(&map, 1);
    pack_str(&map, "token");
    pack_bin(&map, far->token, FAR_TOKEN_SIZE);
    assert_int_equal(
        world_call(room->f->world, room->node, "device.enter", buf_bytes(&map), NULL),
        STATUS_INVALID); /* the socket needs none */
    far->token[0] ^= 1;
    assert_int_equal(far_enter(far), STATUS_NOT_FOUND);

    assert_ok(far, "case.list"); /* who was in stays in */
    buf_deinit(&map);
}

/* --- one person, many devices --- */

static void who_signs_in_anew_has_left_the_device_before(void **state)
{
    struct room *room = *state;
    struct far_client old = room->mediator;
    assert_ok(&room->mediator, "unlock", "pin", PIN);

    far_sign_in(&room->mediator, "李某");

    assert_false(is_unlocked(&room->mediator));
    assert_int_not_equal(room->mediator.device, old.device);
    assert_ok(&room->mediator, "device.list");
    assert_int_equal(view_map_count(room->mediator.result, "devices"), 1);
    memcpy(room->mediator.token, old.token, FAR_TOKEN_SIZE);
    assert_int_equal(far_enter(&room->mediator), STATUS_NOT_FOUND);
}

static void as_many_devices_of_a_person_as_may_be_and_no_more(void **state)
{
    struct room *room = *state;
    struct far_client far;
    char code[FAR_CODE_SIZE], text[TEXT_SIZE];
    for (int i = 1; i < DEVICES_PERSON_MAX; i++) {
        far_open(&far, room->f, room->node, THIRD);
        far_sign_in(&far, "李某");
        far_close(&far);
    }
    far_open(&far, room->f, room->node, THIRD);
    far_invite(room->f, room->node, "李某", code);
    assert_says(STATUS_TOO_LARGE, &far, "device.claim", "code", code);
    far_sign_in(&room->mediator, "李某"); /* in the place of its own */

    assert_ok(&room->mediator, "device.revoke", "device",
              number_of(room->mediator.device, text));

    assert_ok(&far, "device.claim", "code", code);
    far_close(&far);
}

static void a_token_of_another_device_locks_who_enters(void **state)
{
    struct room *room = *state;
    struct far_client *far = &room->mediator;
    assert_ok(far, "unlock", "pin", PIN);
    assert_true(is_unlocked(far));
    assert_int_equal(far_enter(far), STATUS_OK);
    assert_true(is_unlocked(far));

    memcpy(far->token, room->steward.token, FAR_TOKEN_SIZE);
    assert_int_equal(far_enter(far), STATUS_OK);

    assert_false(is_unlocked(far));
    assert_says(STATUS_DENIED, far, "unlock", "person", "李某", "pin", PIN);
    assert_ok(far, "quarantine.list");
}

/* --- locking --- */

static void a_key_is_forgotten_after_ten_minutes_without_a_request(void **state)
{
    struct room *room = *state;
    struct far_client *far = &room->mediator;
    assert_ok(far, "unlock", "pin", PIN);
    for (int i = 0; i < 3; i++) {
        wait_minutes(room, 9);
        assert_true(is_unlocked(far));
    }

    wait_minutes(room, 10);

    assert_false(is_unlocked(far));
    assert_ok(far, "case.list");
}

/* The request itself comes too late, and no tick came before it. */
static void a_request_after_ten_minutes_finds_no_key(void **state)
{
    struct room *room = *state;
    struct far_client *far = &room->mediator;
    assert_ok(far, "unlock", "pin", PIN);
    world_set_offline(room->f->world, room->node, true);
    world_tick(room->f->world, 10 * MINUTE_MS);

    assert_false(is_unlocked(far));
}

static void a_request_that_takes_longer_keeps_its_key(void **state)
{
    struct room *room = *state;
    struct far_client *far = &room->mediator;
    struct buf map = {0};
    assert_ok(far, "unlock", "pin", PIN);
    world_set_offline(room->f->world, room->node, true);
    pack_map(&map, 2);
    pack_str(&map, "timeout_s");
    pack_uint(&map, 1200);
    pack_str(&map, "wait");
    pack_bool(&map, true);
    far_ask(far, "sync", buf_bytes(&map));
    assert_int_equal(far_hear(far), STATUS_CLOSED);
    world_run(room->f->world, 15 * MINUTE_MS);
    assert_says(STATUS_BUSY, far, "status");
    world_run(room->f->world, 15 * MINUTE_MS);

    assert_false(is_unlocked(far)); /* it was answered ten minutes ago */
    buf_deinit(&map);
}

static void a_device_locks_itself(void **state)
{
    struct room *room = *state;
    assert_ok(&room->mediator, "unlock", "pin", PIN);

    assert_ok(&room->mediator, "device.lock");

    assert_false(is_unlocked(&room->mediator));
    assert_ok(&room->mediator, "device.lock");
}

/* --- revoking --- */

static void a_device_that_is_revoked_asks_nothing_more(void **state)
{
    struct room *room = *state;
    struct far_client same;
    char text[TEXT_SIZE];
    far_open(&same, room->f, room->node, THIRD);
    memcpy(same.token, room->mediator.token, FAR_TOKEN_SIZE);
    assert_int_equal(far_enter(&same), STATUS_OK);
    assert_ok(&same, "unlock", "pin", PIN);
    number_of(room->mediator.device, text);

    assert_ok(&room->mediator, "device.revoke", "device", text);

    assert_denied(&same, "case.new", "category", "邻里", "narrative", "争执", "title",
                  "一");
    assert_denied(&same, "status");
    assert_denied(&room->mediator, "case.list");
    assert_int_equal(far_enter(&room->mediator), STATUS_NOT_FOUND);
    assert_ok(&room->steward, "status");
    far_close(&same);
}

static void devices_of_others_are_revoked_by_a_steward_with_a_pin(void **state)
{
    struct room *room = *state;
    char own[TEXT_SIZE], other[TEXT_SIZE];
    number_of(room->mediator.device, own);
    number_of(room->steward.device, other);
    assert_denied(&room->mediator, "device.revoke", "device", other);
    assert_ok(&room->mediator, "unlock", "pin", PIN);
    assert_denied(&room->mediator, "device.revoke", "device", other);
    assert_denied(&room->steward, "device.revoke", "device", own);
    assert_says(STATUS_INVALID, &room->steward, "device.revoke");
    assert_says(STATUS_NOT_FOUND, &room->steward, "device.revoke", "device", "#99");
    assert_says(STATUS_NOT_FOUND, &room->steward, "device.revoke", "device",
                "#18446744073709551615");
    assert_ok(&room->steward, "unlock", "pin", "246810");

    assert_ok(&room->steward, "device.revoke", "device", own);

    assert_denied(&room->mediator, "status");
    assert_int_equal(world_say(room->f->world, room->node, NULL, "device.revoke",
                               "device", other, NULL),
                     STATUS_OK); /* its own, by the socket */
    assert_denied(&room->steward, "status");
}

static void who_is_no_steward_revokes_by_the_socket_what_is_its_own(void **state)
{
    struct room *room = *state;
    char own[TEXT_SIZE], other[TEXT_SIZE];
    number_of(room->mediator.device, own);
    number_of(room->steward.device, other);
    assert_int_equal(world_unlock(room->f->world, room->node, "李某", PIN), STATUS_OK);

    assert_int_equal(world_say(room->f->world, room->node, NULL, "device.revoke",
                               "device", other, NULL),
                     STATUS_DENIED);
    assert_int_equal(
        world_say(room->f->world, room->node, NULL, "device.revoke", "device", own, NULL),
        STATUS_OK);
}

static void who_is_revoked_keeps_neither_device_nor_draft_nor_invitation(void **state)
{
    struct room *room = *state;
    struct far_client *far = &room->mediator;
    char code[FAR_CODE_SIZE], kept[FAR_CODE_SIZE];
    assert_ok(far, "unlock", "pin", PIN);
    assert_ok(far, "draft.put", "form", "case", "fields", "{title=CANARY-DRAFT");
    assert_ok(&room->steward, "draft.put", "form", "case", "fields", "{title=KEPT");
    assert_true(sim_disk_holds(room->f, 2, bytes_str("CANARY-DRAFT")));
    far_invite(room->f, room->node, "李某", code);
    far_invite(room->f, room->node, "陈某", kept);

    SIM_SAY(room->f, room->node, NULL, "person.revoke", "person", "李某");

    assert_denied(far, "case.list");
    assert_denied(far, "case.new", "category", "邻里", "narrative", "争执", "title",
                  "一");
    assert_int_equal(far_enter(far), STATUS_NOT_FOUND);
    assert_denied(far, "device.claim", "code", code);
    assert_false(sim_disk_holds(room->f, 2, bytes_str("CANARY-DRAFT")));
    assert_true(sim_disk_holds(room->f, 2, bytes_str("KEPT")));
    assert_ok(&room->steward, "device.list");
    assert_int_equal(view_map_count(room->steward.result, "devices"), 1);
    assert_ok(far, "device.claim", "code", kept);
}

/* The socket asks nobody for a device, but an invitation is for somebody with a role. */
static void who_is_revoked_and_unlocked_by_the_socket_invites_nothing(void **state)
{
    struct room *room = *state;
    assert_int_equal(world_unlock(room->f->world, room->node, "李某", PIN), STATUS_OK);
    assert_ok(&room->steward, "unlock", "pin", "246810");
    assert_ok(&room->steward, "person.revoke", "person", "李某");

    assert_int_equal(world_say(room->f->world, room->node, NULL, "device.invite", NULL),
                     STATUS_DENIED);
}

/* Both requests come in one turn: the charter knows already, the rows do not yet. */
static void who_is_revoked_in_this_turn_reads_nothing_in_it(void **state)
{
    static const char *const methods[] = {"case.list", "device.enter"};
    struct room *room = *state;
    for (int i = 0; i < 2; i++) {
        struct far_client far;
        struct buf map = {0}, revoke = {0};
        char name[16];
        (void)snprintf(name, sizeof(name), "人%d", i);
        sim_add_person(room->f, room->node, name, "mediator", NULL);
        far_open(&far, room->f, room->node, THIRD);
        far_sign_in(&far, name);
        pack_map(&map, i == 1);
        if (i == 1) {
            pack_str(&map, "token");
            pack_bin(&map, far.token, FAR_TOKEN_SIZE);
        }
        assert_ok(&room->steward, "unlock", "pin", "246810");
        pack_array(&revoke, 3);
        pack_uint(&revoke, ++room->steward.asked);
        pack_str(&revoke, "person.revoke");
        pack_map(&revoke, 1);
        pack_str(&revoke, "person");
        pack_str(&revoke, name);
        world_event(room->node, EVENT_CLIENT_REQUEST, room->steward.number,
                    buf_bytes(&revoke));

        far_ask(&far, methods[i], buf_bytes(&map));

        assert_int_equal(far_hear(&far), STATUS_DENIED);
        far_close(&far);
        buf_deinit(&map);
        buf_deinit(&revoke);
    }
}

/* Its key is with the pool when the device goes. */
static void who_is_revoked_while_a_pin_is_tried_does_not_get_the_key(void **state)
{
    struct room *room = *state;
    struct far_client *far = &room->mediator;
    struct buf map = {0};
    char text[TEXT_SIZE];
    number_of(far->device, text);
    pack_map(&map, 1);
    pack_str(&map, "pin");
    pack_str(&map, PIN);
    world_hold_jobs(room->node);
    far_ask(far, "unlock", buf_bytes(&map));
    assert_int_equal(world_say(room->f->world, room->node, NULL, "device.revoke",
                               "device", text, NULL),
                     STATUS_OK);

    world_return_jobs(room->node, WRAP_OK);
    world_run(room->f->world, 0);

    assert_int_equal(far_hear(far), STATUS_DENIED);
    assert_denied(far, "status");
    buf_deinit(&map);
}

static void who_is_revoked_while_adding_somebody_adds_nobody(void **state)
{
    struct room *room = *state;
    struct far_client *far = &room->steward;
    struct buf map = {0}, out = {0};
    char text[TEXT_SIZE];
    number_of(far->device, text);
    assert_ok(far, "unlock", "pin", "246810");
    pack_map(&map, 3);
    pack_str(&map, "name");
    pack_str(&map, "赵某");
    pack_str(&map, "pin");
    pack_str(&map, PIN);
    pack_str(&map, "role");
    pack_str(&map, "steward");
    world_hold_jobs(room->node);
    far_ask(far, "person.add", buf_bytes(&map));
    SIM_SAY(room->f, room->node, NULL, "device.revoke", "device", text);

    world_return_jobs(room->node, WRAP_OK);
    world_run(room->f->world, 0);

    assert_int_equal(far_hear(far), STATUS_DENIED);
    SIM_SAY(room->f, room->node, &out, "site", NULL, NULL);
    assert_int_equal(sim_count(buf_bytes(&out), "赵某"), 0);
    buf_deinit(&map);
    buf_deinit(&out);
}

/* --- room --- */

static void those_from_afar_cannot_take_the_room_of_the_socket(void **state)
{
    struct room *room = *state;
    struct far_client far = {.f = room->f, .node = room->node};
    for (far.number = 1000; far.number < 1000 + FAR_CLIENTS_MAX; far.number++)
        far_open_again(&far);
    assert_int_equal(far_say(&far, "status", NULL), STATUS_CLOSED);

    far.number = 1000;
    assert_int_equal(far_say(&far, "status", NULL), STATUS_DENIED);
    world_event(room->node, EVENT_CLIENT_OPENED, 5000, (struct bytes){0});
    far.number = 5000;

    assert_ok(&far, "status"); /* it came by the socket */
    buf_deinit(&far.bytes);
}

/* The table is all that keeps them: a rebuild of what is derived leaves it. */
static void devices_outlive_a_start_and_a_rebuild(void **state)
{
    struct room *room = *state;
    world_restart(room->f->world, room->node);
    assert_int_equal(world_rebuild(room->node), STATUS_OK);
    far_open_again(&room->mediator);

    assert_int_equal(far_enter(&room->mediator), STATUS_OK);

    assert_ok(&room->mediator, "case.list");
}

int main(void)
{
#define ONE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        ONE(a_person_sees_its_own_devices_and_a_steward_all),
        ONE(when_a_device_was_seen_is_kept_to_the_hour),
        ONE(who_is_invited_by_whom),
        ONE(what_is_no_token_and_no_label_is_refused),
        ONE(who_signs_in_anew_has_left_the_device_before),
        ONE(as_many_devices_of_a_person_as_may_be_and_no_more),
        ONE(a_token_of_another_device_locks_who_enters),
        ONE(a_key_is_forgotten_after_ten_minutes_without_a_request),
        ONE(a_request_after_ten_minutes_finds_no_key),
        ONE(a_request_that_takes_longer_keeps_its_key),
        ONE(a_device_locks_itself),
        ONE(a_device_that_is_revoked_asks_nothing_more),
        ONE(devices_of_others_are_revoked_by_a_steward_with_a_pin),
        ONE(who_is_no_steward_revokes_by_the_socket_what_is_its_own),
        cmocka_unit_test_setup_teardown(
            who_is_revoked_keeps_neither_device_nor_draft_nor_invitation, set_up_on_disk,
            tear_down_on_disk),
        ONE(who_is_revoked_and_unlocked_by_the_socket_invites_nothing),
        ONE(who_is_revoked_in_this_turn_reads_nothing_in_it),
        ONE(who_is_revoked_while_a_pin_is_tried_does_not_get_the_key),
        ONE(who_is_revoked_while_adding_somebody_adds_nobody),
        ONE(those_from_afar_cannot_take_the_room_of_the_socket),
        ONE(devices_outlive_a_start_and_a_rebuild),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
