/* A machine that was restored, and then restored again from an older backup, has lived
 * side by side with itself: what both lives wrote on sticks arrives in any order, is
 * taken for what it is, and nothing that the later life lacks is held back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "storage/store_bundles.h"
#include "storage/store_confirmed.h"
#include "tests/sim/sim_folder.h"

#define LIVES_MAX 40

static enum status no_alarm(void *context, const struct store_alarm *alarm)
{
    (void)context;
    fail_msg("an alarm of kind %d", (int)alarm->kind);
    return STATUS_OK;
}

static void assert_no_alarm(struct sim_county *f)
{
    assert_int_equal(
        store_alarms(world_store(f->township), world_site(f->fengyuan), no_alarm, NULL),
        STATUS_OK);
}

static void begin(struct sim_county *f, struct folder *folder)
{
    world_set_offline(f->world, f->fengyuan, true);
    world_run(f->world, 3000);
    folder_back_up(f, f->fengyuan, folder);
}

static void write_up(struct sim_county *f, struct stick *stick)
{
    stick_write(f, f->fengyuan, "青河镇", stick);
}

/* Its first life behind a backup writes a stick, and so does the second. */
static void write_two_lives(struct sim_county *f, struct folder *folder,
                            struct stick sticks[2], struct id records[2])
{
    for (int i = 0; i < 2; i++) {
        folder_put_back(f, f->fengyuan, folder);
        records[i] = sim_escalate(f, f->fengyuan, i == 0 ? "田界" : "林地");
        write_up(f, &sticks[i]);
    }
    assert_int_not_equal(sticks[0].number, sticks[1].number);
}

static void D3_late_sticks_of_two_lives_raise_no_alarm(void **state)
{
    struct sim_county *f = *state;
    struct folder folder = {0};
    struct stick sticks[2] = {{.len = 0}}, second = {0};
    struct id records[2];
    begin(f, &folder);
    write_two_lives(f, &folder, sticks, records);
    write_up(f, &second);
    (void)stick_read(f, f->township, &sticks[1]);
    (void)stick_read(f, f->township, &sticks[0]);
    (void)stick_read(f, f->township, &second);
    (void)stick_read(f, f->township, &sticks[1]);
    for (int i = 0; i < 2; i++)
        sim_assert_state(f, f->township, &records[i], "received");
    assert_no_alarm(f);
    stick_deinit(&sticks[0]);
    stick_deinit(&sticks[1]);
    stick_deinit(&second);
    folder_deinit(&folder);
}

/* A site with which it was linked after the backup knows its numbers, too. */
static void the_first_bundle_for_a_site_is_beyond_those_of_the_life_before(void **state)
{
    struct sim_county *f = *state;
    struct folder folder = {0};
    struct stick before = {0}, after = {0};
    struct store_bundle_site of;
    begin(f, &folder);
    assert_int_equal(
        store_bundle_site(world_store(f->fengyuan), world_site(f->township), &of),
        STATUS_OK);
    assert_int_equal(of.written, 0);
    write_up(f, &before);
    folder_put_back(f, f->fengyuan, &folder);
    write_up(f, &after);
    assert_true(after.number > before.number + 1000000);
    stick_deinit(&before);
    stick_deinit(&after);
    folder_deinit(&folder);
}

/* A restore draws where its numbers begin, between one and two times this. */
#define LEAP (UINT64_C(1) << 40)
#define MIDDLE (LEAP + LEAP / 2)

/* A life that begins in that half; what it writes first is on the stick. */
static void live(struct sim_county *f, const struct folder *folder, bool is_high,
                 struct stick *up)
{
    for (int i = 0; i < LIVES_MAX; i++) {
        folder_put_back(f, f->fengyuan, folder);
        stick_deinit(up);
        *up = (struct stick){0};
        write_up(f, up);
        if ((up->number > MIDDLE) == is_high)
            return;
    }
    fail_msg("none of %d lives began there", LIVES_MAX);
}

static void what_another_life_held_comes_all_the_same(void **state)
{
    struct sim_county *f = *state;
    struct folder folder = {0};
    struct stick asks = {0}, advice = {0}, late = {0}, up = {0}, down = {0};
    char hex[65];
    struct id record = sim_escalate(f, f->fengyuan, "水渠");
    hex_encode(hex, record.bytes, ID_SIZE);
    world_run(f->world, 5000);
    begin(f, &folder);

    /* One life hears the advice, and says that it has it; its stick lies about. */
    live(f, &folder, true, &asks);
    (void)stick_read(f, f->township, &asks);
    SIM_SAY(f, f->township, NULL, "escalation.open", "escalation", hex);
    SIM_SAY(f, f->township, NULL, "escalation.advise", "escalation", hex, "text",
            "先修南边的渠。");
    stick_write(f, f->township, "枫源村", &advice);
    assert_true(advice.ops > 0);
    (void)stick_read(f, f->fengyuan, &advice);
    sim_assert_state(f, f->fengyuan, &record, "advised");
    write_up(f, &late);

    /* The next one never did. */
    live(f, &folder, false, &up);
    assert_true(up.number < late.number);
    sim_assert_state(f, f->fengyuan, &record, "received");
    (void)stick_read(f, f->township, &up);
    (void)stick_read(f, f->township, &late);
    assert_int_equal(stick_waits(f, f->township, f->fengyuan, "ops"), 0);

    /* The answer names a number that this life never gave: it begins anew. */
    stick_write(f, f->township, "枫源村", &down);
    (void)stick_read(f, f->fengyuan, &down);
    stick_deinit(&up);
    up = (struct stick){0};
    write_up(f, &up);
    assert_true(up.number > late.number);
    (void)stick_read(f, f->township, &up);
    assert_int_equal(stick_waits(f, f->township, f->fengyuan, "ops"), advice.ops);
    stick_deinit(&down);
    down = (struct stick){0};
    stick_write(f, f->township, "枫源村", &down);
    (void)stick_read(f, f->fengyuan, &down);
    sim_assert_state(f, f->fengyuan, &record, "advised");
    assert_no_alarm(f);

    struct stick *sticks[] = {&asks, &advice, &late, &up, &down};
    for (size_t i = 0; i < sizeof(sticks) / sizeof(sticks[0]); i++)
        stick_deinit(sticks[i]);
    folder_deinit(&folder);
}

#define TEST(name)                                                                       \
    cmocka_unit_test_setup_teardown(name, sim_county_set_up, sim_county_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(D3_late_sticks_of_two_lives_raise_no_alarm),
        TEST(the_first_bundle_for_a_site_is_beyond_those_of_the_life_before),
        TEST(what_another_life_held_comes_all_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
