/* PINs from afar: whoever guesses waits longer and longer, over a start and from many
 * devices; and how a person gets another one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "node/cases/view.h"
#include "node/core/pin_try.h"
#include "tests/sim/far_client.h"

#define FIRST 100
#define PIN "135791" /* of whom sim_add_person adds */
#define WRONG "000000"

#define assert_says(wanted, far, ...)                                                    \
    assert_string_equal(status_name(far_say(far, __VA_ARGS__, NULL)), status_name(wanted))
#define assert_ok(far, ...) assert_says(STATUS_OK, far, __VA_ARGS__)
#define assert_denied(far, ...) assert_says(STATUS_DENIED, far, __VA_ARGS__)

static void sign_in(struct far_client *far, struct sim_county *f, const char *name,
                    uint64_t number)
{
    far_open(far, f, f->fengyuan, number);
    far_sign_in(far, name);
}

static void wait_seconds(struct sim_county *f, uint64_t seconds)
{
    world_tick(f->world, seconds * 1000);
    world_run(f->world, 0);
}

static void guess(struct far_client *far, int times)
{
    for (int i = 0; i < times; i++)
        assert_denied(far, "unlock", "pin", WRONG);
}

static uint64_t seconds_to_wait(struct far_client *far)
{
    unsigned long long seconds = 0;
    assert_says(STATUS_BUSY, far, "unlock", "pin", PIN);
    assert_int_equal(sscanf(far->reason, "wait %llu seconds", &seconds), 1);
    return seconds;
}

static void the_wait_doubles_with_each_wrong_pin_up_to_an_hour(void **state)
{
    static const uint64_t waits[] = {30, 60, 120, 240, 480, 960, 1920, 3600, 3600};
    struct sim_county *f = *state;
    struct far_client far;
    sim_add_person(f, f->fengyuan, "李某", "mediator", NULL);
    sign_in(&far, f, "李某", FIRST);
    guess(&far, PIN_TRIES_FREE);
    for (size_t i = 0; i < sizeof(waits) / sizeof(waits[0]); i++) {
        assert_int_equal(seconds_to_wait(&far), waits[i]);
        wait_seconds(f, waits[i] - 1);
        assert_int_equal(seconds_to_wait(&far), 1);
        wait_seconds(f, 1);
        guess(&far, 1);
    }
    wait_seconds(f, 3600);

    assert_ok(&far, "unlock", "pin", PIN);

    guess(&far, PIN_TRIES_FREE); /* it begins anew */
    assert_int_equal(seconds_to_wait(&far), 30);
    far_close(&far);
}

static void a_pin_that_comes_too_early_is_not_looked_at(void **state)
{
    struct sim_county *f = *state;
    struct far_client far;
    sim_add_person(f, f->fengyuan, "李某", "mediator", NULL);
    sign_in(&far, f, "李某", FIRST);
    guess(&far, PIN_TRIES_FREE);
    world_hold_jobs(f->fengyuan);

    assert_int_equal(seconds_to_wait(&far), 30); /* it is answered, with no job */

    world_return_jobs(f->fengyuan, WRAP_OK);
    far_close(&far);
}

static void a_start_buys_nobody_a_try(void **state)
{
    struct sim_county *f = *state;
    struct far_client far;
    sim_add_person(f, f->fengyuan, "李某", "mediator", NULL);
    sign_in(&far, f, "李某", FIRST);
    guess(&far, PIN_TRIES_FREE);
    wait_seconds(f, 29);
    world_restart(f->world, f->fengyuan);
    far_open_again(&far);
    assert_int_equal(far_enter(&far), STATUS_OK);

    assert_int_equal(seconds_to_wait(&far), 30);

    wait_seconds(f, 30);
    assert_ok(&far, "unlock", "pin", PIN);
    far_close(&far);
}

/* The power goes while the key is being opened. */
static void who_pulls_the_plug_has_tried(void **state)
{
    struct sim_county *f = *state;
    struct far_client far;
    struct buf map = {0};
    sim_add_person(f, f->fengyuan, "李某", "mediator", NULL);
    sign_in(&far, f, "李某", FIRST);
    pack_map(&map, 1);
    pack_str(&map, "pin");
    pack_str(&map, WRONG);
    for (int i = 0; i < PIN_TRIES_FREE; i++) {
        world_hold_jobs(f->fengyuan);
        far_ask(&far, "unlock", buf_bytes(&map));
        world_restart(f->world, f->fengyuan);
        far_open_again(&far);
        assert_int_equal(far_enter(&far), STATUS_OK);
    }

    assert_int_equal(seconds_to_wait(&far), 30);
    buf_deinit(&map);
    far_close(&far);
}

static void many_devices_at_once_have_no_more_tries_than_one(void **state)
{
    struct sim_county *f = *state;
    struct far_client devices[PIN_TRIES_FREE + 1];
    struct buf map = {0};
    sim_add_person(f, f->fengyuan, "李某", "mediator", NULL);
    pack_map(&map, 1);
    pack_str(&map, "pin");
    pack_str(&map, WRONG);
    for (uint64_t i = 0; i <= PIN_TRIES_FREE; i++)
        sign_in(&devices[i], f, "李某", FIRST + i);
    world_hold_jobs(f->fengyuan);
    for (int i = 0; i < PIN_TRIES_FREE; i++) {
        far_ask(&devices[i], "unlock", buf_bytes(&map));
        assert_int_equal(far_hear(&devices[i]), STATUS_CLOSED);
    }

    assert_int_equal(seconds_to_wait(&devices[PIN_TRIES_FREE]), 30);

    world_return_jobs(f->fengyuan, WRAP_OK);
    world_run(f->world, 0);
    for (int i = 0; i <= PIN_TRIES_FREE; i++)
        far_close(&devices[i]);
    buf_deinit(&map);
}

static void a_pin_that_could_not_be_looked_at_was_tried_all_the_same(void **state)
{
    struct sim_county *f = *state;
    struct far_client far;
    struct buf map = {0};
    sim_add_person(f, f->fengyuan, "李某", "mediator", NULL);
    sign_in(&far, f, "李某", FIRST);
    pack_map(&map, 1);
    pack_str(&map, "pin");
    pack_str(&map, PIN);
    for (int i = 0; i < PIN_TRIES_FREE; i++) {
        world_hold_jobs(f->fengyuan);
        far_ask(&far, "unlock", buf_bytes(&map));
        world_return_jobs(f->fengyuan, WRAP_NO_MEMORY);
        world_run(f->world, 0);
        assert_int_equal(far_hear(&far), STATUS_NO_MEMORY);
    }

    assert_int_equal(seconds_to_wait(&far), 30);
    wait_seconds(f, 30);
    assert_ok(&far, "unlock", "pin", PIN);
    buf_deinit(&map);
    far_close(&far);
}

/* How long the last one was ago is remembered of a few; the others wait once more. */
static void whose_last_try_was_forgotten_waits_the_whole_time_again(void **state)
{
    struct sim_county *f = *state;
    struct far_client far[PIN_WAITS_MAX + 1];
    for (uint64_t i = 0; i <= PIN_WAITS_MAX; i++) {
        char name[16];
        (void)snprintf(name, sizeof(name), "人%llu", (unsigned long long)i);
        sim_add_person(f, f->fengyuan, name, "mediator", NULL);
        sign_in(&far[i], f, name, FIRST + i);
        guess(&far[i], PIN_TRIES_FREE);
        wait_seconds(f, 1);
    }

    assert_int_equal(seconds_to_wait(&far[0]), 30); /* in the place of the next */
    assert_int_equal(seconds_to_wait(&far[PIN_WAITS_MAX]), 29);

    wait_seconds(f, 30);
    assert_ok(&far[0], "unlock", "pin", PIN);
    for (int i = 0; i <= PIN_WAITS_MAX; i++)
        far_close(&far[i]);
}

static void a_device_takes_the_pin_of_its_person_alone(void **state)
{
    struct sim_county *f = *state;
    struct far_client far;
    struct buf out = {0};
    sim_add_person(f, f->fengyuan, "李某", "mediator", NULL);
    sign_in(&far, f, "李某", FIRST);

    for (int i = 0; i < 5; i++)
        assert_denied(&far, "unlock", "person", "陈某", "pin", "246810");
    assert_says(STATUS_NOT_FOUND, &far, "unlock", "person", "赵某", "pin", PIN);
    assert_says(STATUS_INVALID, &far, "unlock");

    assert_ok(&far, "unlock", "person", "李某", "pin", PIN); /* nothing was tried */
    assert_ok(&far, "unlock", "pin", PIN);
    far_close(&far);
    buf_deinit(&out);
}

static void a_pin_that_reads_what_is_sealed_is_counted_too(void **state)
{
    struct sim_county *f = *state;
    struct far_client far;
    SIM_SAY(f, f->fengyuan, NULL, "case.new", "category", "邻里", "narrative", "争执",
            "parties", "[张某=甲方]", "title", "一");
    SIM_SAY(f, f->fengyuan, NULL, "case.identity", "case", "2026-0001", "party", "张某",
            "phone", "138 0000 0000");
    sign_in(&far, f, "陈某", FIRST);
    assert_ok(&far, "case.identity_show", "case", "2026-0001", "party", "张某", "pin",
              "246810");
    for (int i = 0; i < PIN_TRIES_FREE; i++)
        assert_denied(&far, "case.identity_show", "case", "2026-0001", "party", "张某",
                      "pin", WRONG);

    assert_says(STATUS_BUSY, &far, "case.identity_show", "case", "2026-0001", "party",
                "张某", "pin", "246810");
    far_close(&far);
}

static void nobody_waits_at_the_socket(void **state)
{
    struct sim_county *f = *state;
    for (int i = 0; i < PIN_TRIES_FREE + 3; i++)
        assert_int_equal(world_unlock(f->world, f->fengyuan, "", WRONG), STATUS_DENIED);

    assert_int_equal(world_unlock(f->world, f->fengyuan, "", "246810"), STATUS_OK);
}

/* --- another PIN --- */

static enum status change(struct sim_county *f, const char *old, const char *pin)
{
    return world_say(f->world, f->fengyuan, NULL, "person.pin", "old", old, "pin", pin,
                     NULL);
}

static void wrapped_key(struct sim_county *f, struct buf *wrapped)
{
    uint8_t key[32];
    char name[80] = "key:";
    key_sign_public(key, world_steward_seed(f->fengyuan));
    hex_encode(name + 4, key, sizeof(key));
    buf_clear(wrapped);
    assert_int_equal(store_meta_get(world_store(f->fengyuan), name, wrapped), STATUS_OK);
    assert_int_equal(wrapped->len, WRAP_SIZE);
}

static void another_pin_opens_the_key_and_the_old_one_does_not(void **state)
{
    struct sim_county *f = *state;
    struct buf before = {0}, after = {0};
    wrapped_key(f, &before);
    assert_true(sim_disk_holds(f, 2, buf_bytes(&before)));

    assert_int_equal(change(f, "246810", "975310"), STATUS_OK);

    wrapped_key(f, &after);
    assert_false(sim_disk_holds(f, 2, buf_bytes(&before)));
    assert_true(sim_disk_holds(f, 2, buf_bytes(&after)));
    SIM_SAY(f, f->fengyuan, NULL, "case.new", "category", "邻里", "narrative", "争执",
            "title", "一"); /* unlocked as before */
    world_power_off(f->world, f->fengyuan);
    assert_int_equal(world_power_on(f->world, f->fengyuan), STATUS_OK);
    assert_int_equal(world_unlock(f->world, f->fengyuan, "", "246810"), STATUS_DENIED);
    assert_int_equal(world_unlock(f->world, f->fengyuan, "", "975310"), STATUS_OK);
    buf_deinit(&before);
    buf_deinit(&after);
}

static void a_pin_that_may_not_be_changes_nothing(void **state)
{
    struct sim_county *f = *state;
    struct buf before = {0}, after = {0};
    wrapped_key(f, &before);

    assert_int_equal(change(f, WRONG, "975310"), STATUS_DENIED);
    assert_int_equal(change(f, "246810", "123"), STATUS_INVALID);
    assert_int_equal(
        world_say(f->world, f->fengyuan, NULL, "person.pin", "old", "246810", NULL),
        STATUS_INVALID);
    assert_int_equal(
        world_say(f->world, f->fengyuan, NULL, "person.pin", "pin", "975310", NULL),
        STATUS_INVALID);
    world_hold_jobs(f->fengyuan);
    assert_int_equal(world_say(f->world, f->fengyuan, NULL, "status", NULL), STATUS_OK);
    world_return_jobs(f->fengyuan, WRAP_OK);

    wrapped_key(f, &after);
    assert_true(bytes_equal(buf_bytes(&before), buf_bytes(&after)));
    world_restart(f->world, f->fengyuan);
    buf_deinit(&before);
    buf_deinit(&after);
}

/* Two jobs: what comes between them, or of either, leaves the old PIN. */
static void a_change_that_ends_in_the_middle_leaves_the_old_pin(void **state)
{
    struct sim_county *f = *state;
    for (int i = 0; i < 3; i++) {
        struct far_client far;
        struct buf map = {0};
        char device[32];
        sign_in(&far, f, "陈某", FIRST + (uint64_t)i);
        assert_ok(&far, "unlock", "pin", "246810");
        pack_map(&map, 2);
        pack_str(&map, "old");
        pack_str(&map, "246810");
        pack_str(&map, "pin");
        pack_str(&map, "975310");
        world_hold_jobs(f->fengyuan);
        far_ask(&far, "person.pin", buf_bytes(&map));
        if (i > 0) { /* the old one is right, and the new one is being wrapped */
            world_return_job(f->fengyuan);
            world_run(f->world, 0);
        }
        (void)snprintf(device, sizeof(device), "#%llu", (unsigned long long)far.device);
        if (i < 2)
            SIM_SAY(f, f->fengyuan, NULL, "device.revoke", "device", device);
        world_return_jobs(f->fengyuan, i == 2 ? WRAP_NO_MEMORY : WRAP_OK);
        world_run(f->world, 0);

        assert_int_equal(far_hear(&far), i == 2 ? STATUS_NO_MEMORY : STATUS_DENIED);

        world_restart(f->world, f->fengyuan); /* with the old one */
        buf_deinit(&map);
        buf_deinit(&far.bytes);
    }
}

static void who_changes_a_pin_from_afar_waits_after_wrong_ones(void **state)
{
    struct sim_county *f = *state;
    struct far_client far;
    sim_add_person(f, f->fengyuan, "李某", "mediator", NULL);
    sign_in(&far, f, "李某", FIRST);
    assert_denied(&far, "person.pin", "old", PIN, "pin", "975310"); /* locked */
    assert_ok(&far, "unlock", "pin", PIN);
    for (int i = 0; i < PIN_TRIES_FREE; i++)
        assert_denied(&far, "person.pin", "old", WRONG, "pin", "975310");
    assert_says(STATUS_BUSY, &far, "person.pin", "old", PIN, "pin", "975310");
    wait_seconds(f, 30);

    assert_ok(&far, "person.pin", "old", PIN, "pin", "975310");

    assert_ok(&far, "device.lock");
    assert_denied(&far, "unlock", "pin", PIN);
    assert_ok(&far, "unlock", "pin", "975310");
    far_close(&far);
}

int main(void)
{
#define ONE(test)                                                                        \
    cmocka_unit_test_setup_teardown(test, sim_county_set_up_in_memory,                   \
                                    sim_county_tear_down_in_memory)
#define ON_DISK(test)                                                                    \
    cmocka_unit_test_setup_teardown(test, sim_county_set_up, sim_county_tear_down)
    const struct CMUnitTest tests[] = {
        ONE(the_wait_doubles_with_each_wrong_pin_up_to_an_hour),
        ONE(a_pin_that_comes_too_early_is_not_looked_at),
        ONE(a_start_buys_nobody_a_try),
        ONE(who_pulls_the_plug_has_tried),
        ONE(many_devices_at_once_have_no_more_tries_than_one),
        ONE(a_pin_that_could_not_be_looked_at_was_tried_all_the_same),
        ONE(whose_last_try_was_forgotten_waits_the_whole_time_again),
        ONE(a_device_takes_the_pin_of_its_person_alone),
        ONE(a_pin_that_reads_what_is_sealed_is_counted_too),
        ONE(nobody_waits_at_the_socket),
        ON_DISK(another_pin_opens_the_key_and_the_old_one_does_not),
        ONE(a_pin_that_may_not_be_changes_nothing),
        ONE(a_change_that_ends_in_the_middle_leaves_the_old_pin),
        ONE(who_changes_a_pin_from_afar_waits_after_wrong_ones),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
