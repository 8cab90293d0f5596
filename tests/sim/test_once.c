/* A request that comes twice is done once: with the same answer, over a start, whoever
 * loses the answer, and whatever fails on the way. */
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
#define PIN "135791" /* of whom sim_add_person adds */
#define ONCE "sixteen bytes  1"
#define OTHER_ONCE "sixteen bytes  2"

#define assert_says(wanted, far, ...)                                                    \
    assert_string_equal(status_name(far_say(far, __VA_ARGS__, NULL)), status_name(wanted))
#define assert_ok(far, ...) assert_says(STATUS_OK, far, __VA_ARGS__)

static void sign_in(struct far_client *far, struct sim_county *f, const char *name,
                    uint64_t number)
{
    far_open(far, f, f->fengyuan, number);
    far_sign_in(far, name);
    assert_ok(far, "unlock", "pin", strcmp(name, "陈某") == 0 ? "246810" : PIN);
}

static enum status new_case(struct far_client *far, const char *once, const char *title)
{
    far->once = once;
    return far_say(far, "case.new", "category", "邻里", "narrative", "争执", "title",
                   title, NULL);
}

static uint64_t cases(struct sim_county *f)
{
    return sim_status(f, f->fengyuan, "cases");
}

static void the_second_time_gets_the_first_answer_and_does_nothing(void **state)
{
    struct sim_county *f = *state;
    struct far_client far;
    struct buf first = {0};
    sign_in(&far, f, "陈某", FIRST);
    assert_int_equal(new_case(&far, ONCE, "水沟"), STATUS_OK);
    buf_add(&first, far.result.data, far.result.len);

    assert_int_equal(new_case(&far, ONCE, "水沟"), STATUS_OK);
    assert_true(bytes_equal(far.result, buf_bytes(&first)));
    assert_int_equal(cases(f), 1);

    world_restart(f->world, f->fengyuan);
    assert_int_equal(world_rebuild(f->fengyuan), STATUS_OK);
    far_open_again(&far);
    assert_int_equal(far_enter(&far), STATUS_OK);
    assert_int_equal(new_case(&far, ONCE, "水沟"), STATUS_DENIED); /* locked */
    assert_ok(&far, "unlock", "pin", "246810");
    assert_int_equal(new_case(&far, ONCE, "水沟"), STATUS_OK);
    assert_true(bytes_equal(far.result, buf_bytes(&first)));
    assert_int_equal(cases(f), 1);
    assert_int_equal(new_case(&far, OTHER_ONCE, "水沟"), STATUS_OK);
    assert_int_equal(new_case(&far, NULL, "水沟"), STATUS_OK);
    assert_int_equal(cases(f), 3);
    far_close(&far);
    buf_deinit(&first);
}

static void the_same_bytes_with_another_request_are_a_conflict(void **state)
{
    struct sim_county *f = *state;
    struct far_client far;
    sign_in(&far, f, "陈某", FIRST);
    assert_int_equal(new_case(&far, ONCE, "水沟"), STATUS_OK);

    assert_int_equal(new_case(&far, ONCE, "界石"), STATUS_CONFLICT);
    far.once = ONCE;
    assert_says(STATUS_CONFLICT, &far, "case.note", "case", "2026-0001", "text", "看过");

    assert_int_equal(cases(f), 1);
    far_close(&far);
}

static void each_person_has_bytes_of_its_own(void **state)
{
    struct sim_county *f = *state;
    struct far_client far, other;
    sim_add_person(f, f->fengyuan, "李某", "mediator", NULL);
    sign_in(&far, f, "陈某", FIRST);
    sign_in(&other, f, "李某", SECOND);
    assert_int_equal(new_case(&far, ONCE, "水沟"), STATUS_OK);

    assert_int_equal(new_case(&other, ONCE, "界石"), STATUS_OK);

    assert_int_equal(cases(f), 2);
    far_close(&far);
    far_close(&other);
}

/* A draft needs no PIN: the device says who it is. */
static void a_device_that_is_locked_has_them_too(void **state)
{
    struct sim_county *f = *state;
    struct far_client far;
    sign_in(&far, f, "陈某", FIRST);
    far.once = ONCE;
    assert_ok(&far, "draft.put", "form", "case", "fields", "{title=一");
    assert_ok(&far, "device.lock");
    assert_ok(&far, "draft.drop", "form", "case");

    far.once = ONCE;
    assert_ok(&far, "draft.put", "form", "case", "fields", "{title=一");

    assert_says(STATUS_NOT_FOUND, &far, "draft.get", "form", "case");
    far_close(&far);
}

static void what_was_refused_or_only_read_is_asked_anew(void **state)
{
    struct sim_county *f = *state;
    struct far_client far;
    sign_in(&far, f, "陈某", FIRST);
    far.once = ONCE;
    assert_says(STATUS_NOT_FOUND, &far, "case.note", "case", "2026-0001", "text", "看");
    assert_int_equal(new_case(&far, NULL, "水沟"), STATUS_OK);
    far.once = ONCE;
    assert_ok(&far, "case.note", "case", "2026-0001", "text", "看");

    far.once = OTHER_ONCE;
    assert_ok(&far, "search", "words", "界石");
    assert_int_equal(view_map_count(far.result, "hits"), 0);
    assert_int_equal(new_case(&far, NULL, "界石"), STATUS_OK);
    far.once = OTHER_ONCE;
    assert_ok(&far, "search", "words", "界石");

    assert_int_equal(view_map_count(far.result, "hits"), 1);
    far.once = OTHER_ONCE;
    assert_ok(&far, "status"); /* which needs nobody */
    struct id record = sim_escalate(f, f->fengyuan, "水渠");
    char hex[2 * ID_SIZE + 1];
    hex_encode(hex, record.bytes, ID_SIZE);
    for (int i = 0; i < 2; i++) {
        far.once = ONCE; /* with another request; which takes nothing away but a copy */
        assert_ok(&far, "evidence", "escalation", hex);
    }
    far_close(&far);
}

static void what_is_answered_later_takes_no_notice_of_it(void **state)
{
    struct sim_county *f = *state;
    struct far_client far;
    sign_in(&far, f, "陈某", FIRST);
    for (int i = 0; i < 2; i++) {
        far.once = ONCE;
        assert_ok(&far, "person.add", "name", "赵某", "pin", PIN, "role", "desk");
    }

    assert_ok(&far, "site");

    assert_int_equal(sim_count(far.result, "赵某"), 2);
    far_close(&far);
}

static void what_is_no_once_is_refused(void **state)
{
    static const char *const requests[] = {
        "\x94\x01\xa6status\x80\xc4\x0f"
        "fifteen bytes  ",
        "\x94\x01\xa6status\x80\xc4\x11"
        "seventeen bytes  ",
        "\x94\x01\xa6status\x80\xb0"
        "sixteen in text ",
    };
    struct sim_county *f = *state;
    struct far_client far;
    sign_in(&far, f, "陈某", FIRST);
    far.asked = 1;
    for (size_t i = 0; i < sizeof(requests) / sizeof(requests[0]); i++) {
        world_event(f->fengyuan, EVENT_CLIENT_REQUEST, far.number,
                    bytes_str(requests[i]));
        world_run(f->world, 0);
        assert_int_equal(far_hear(&far), STATUS_INVALID);
    }
    far_close(&far);
}

/* The commit was good; the answer never came. */
static void who_lost_the_answer_to_a_power_cut_gets_it_after_all(void **state)
{
    struct sim_county *f = *state;
    struct far_client far;
    sign_in(&far, f, "陈某", FIRST);
    assert_int_equal(new_case(&far, ONCE, "水沟"), STATUS_OK);
    world_power_off(f->world, f->fengyuan);
    assert_int_equal(world_power_on(f->world, f->fengyuan), STATUS_OK);
    far_open_again(&far);
    assert_int_equal(far_enter(&far), STATUS_OK);
    assert_ok(&far, "unlock", "pin", "246810");

    assert_int_equal(new_case(&far, ONCE, "水沟"), STATUS_OK);

    assert_true(view_map_has_text(far.result, "number", "2026-0001"));
    assert_int_equal(cases(f), 1);
    far_close(&far);
}

int main(void)
{
#define ONE(test)                                                                        \
    cmocka_unit_test_setup_teardown(test, sim_county_set_up_in_memory,                   \
                                    sim_county_tear_down_in_memory)
    const struct CMUnitTest tests[] = {
        ONE(the_second_time_gets_the_first_answer_and_does_nothing),
        ONE(the_same_bytes_with_another_request_are_a_conflict),
        ONE(each_person_has_bytes_of_its_own),
        ONE(a_device_that_is_locked_has_them_too),
        ONE(what_was_refused_or_only_read_is_asked_anew),
        ONE(what_is_answered_later_takes_no_notice_of_it),
        ONE(what_is_no_once_is_refused),
        ONE(who_lost_the_answer_to_a_power_cut_gets_it_after_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
