/* Backups that a node asks for by itself: once in a day of running time, over restarts;
 * one that failed is said, and tried again. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "node/cases/view.h"
#include "node/core/daily_backup.h"
#include "tests/sim/sim_folder.h"

#define HOUR_MS (UINT64_C(60) * 60 * 1000)
#define DAY_S (UINT64_C(24) * 60 * 60)

static void answer(struct sim_county *f, const char *why)
{
    world_event(f->fengyuan, EVENT_BACKUP_DONE, 0, bytes_str(why));
    world_run(f->world, 1000);
}

static void expect(struct sim_county *f, const char *state, const char *why)
{
    struct buf out = {0};
    struct bytes word = {0}, failed = {0};
    SIM_SAY(f, f->fengyuan, &out, "backup.status");
    assert_true(view_map_text(buf_bytes(&out), "state", &word));
    assert_true(view_map_text(buf_bytes(&out), "daily_failed", &failed));
    assert_true(bytes_equal_str(word, state));
    assert_true(bytes_equal_str(failed, why));
    buf_deinit(&out);
}

static void it_is_asked_for_once_a_day_of_running_time(void **state)
{
    struct sim_county *f = *state;
    struct folder folder = {0};
    world_run(f->world, 48 * HOUR_MS);
    assert_int_equal(world_backups(f->fengyuan), 0); /* nobody wants any */
    world_back_up(f->fengyuan, DAY_S);
    world_run(f->world, 1000);
    assert_int_equal(world_backups(f->fengyuan), 1); /* the first at once */
    world_run(f->world, 30 * HOUR_MS);
    assert_int_equal(world_backups(f->fengyuan), 1); /* it takes its time */
    folder_back_up(f, f->fengyuan, &folder);
    answer(f, "");
    expect(f, "recent", "");
    world_run(f->world, 23 * HOUR_MS);
    assert_int_equal(world_backups(f->fengyuan), 1);
    world_run(f->world, 2 * HOUR_MS);
    assert_int_equal(world_backups(f->fengyuan), 2);
    folder_deinit(&folder);
}

/* A Pi that is switched on for three hours a day. */
static void running_time_is_counted_over_restarts(void **state)
{
    struct sim_county *f = *state;
    world_back_up(f->fengyuan, DAY_S);
    world_run(f->world, 1000);
    answer(f, "");
    for (int day = 0; day < 7; day++) {
        world_run(f->world, 3 * HOUR_MS);
        world_power_off(f->world, f->fengyuan);
        world_run(f->world, 21 * HOUR_MS);
        assert_int_equal(world_power_on(f->world, f->fengyuan), STATUS_OK);
    }
    assert_int_equal(world_backups(f->fengyuan), 1);
    world_run(f->world, 5 * HOUR_MS);
    assert_int_equal(world_backups(f->fengyuan), 2);
}

static void one_that_was_broken_off_by_a_power_cut_is_asked_for_again(void **state)
{
    struct sim_county *f = *state;
    world_back_up(f->fengyuan, DAY_S);
    world_run(f->world, 1000);
    assert_int_equal(world_backups(f->fengyuan), 1);
    world_restart(f->world, f->fengyuan);
    world_run(f->world, 1000);
    assert_int_equal(world_backups(f->fengyuan), 2);
}

static void a_failure_is_said_and_tried_again_in_an_hour(void **state)
{
    struct sim_county *f = *state;
    struct folder folder = {0};
    const char *why = "NOT written: /media/backup: it is full";
    folder_back_up(f, f->fengyuan, &folder);
    world_back_up(f->fengyuan, DAY_S);
    world_run(f->world, 1000);
    answer(f, why);
    expect(f, "failed", why);
    world_restart(f->world, f->fengyuan);
    expect(f, "failed", why);
    world_run(f->world, HOUR_MS / 2);
    assert_int_equal(world_backups(f->fengyuan), 1);
    world_run(f->world, HOUR_MS);
    assert_int_equal(world_backups(f->fengyuan), 2);
    answer(f, "");
    expect(f, "recent", "");
    folder_deinit(&folder);
}

/* Whatever it was about to ask for when it ended. */
static void a_node_that_ends_asks_for_none(void **state)
{
    struct sim_county *f = *state;
    world_back_up(f->fengyuan, 3600);
    world_run(f->world, 1000);
    answer(f, "");
    assert_int_equal(world_backups(f->fengyuan), 1);
    world_event(f->fengyuan, EVENT_END, 0, (struct bytes){0});
    world_run(f->world, 5 * HOUR_MS);
    world_event(f->fengyuan, EVENT_CLIENT_OPENED, 900, (struct bytes){0}); /* a turn */
    world_run(f->world, 5 * HOUR_MS);
    assert_int_equal(world_backups(f->fengyuan), 1);
    world_restart(f->world, f->fengyuan);
    world_run(f->world, 2 * HOUR_MS);
    assert_int_equal(world_backups(f->fengyuan), 2);
}

/* What the program said is kept as a line of text, whatever it was. */
static void M4_what_is_said_of_it_is_one_line_of_text(void **state)
{
    struct sim_county *f = *state;
    struct folder folder = {0};
    char longer[3 * DAILY_BACKUP_TEXT_MAX], kept[DAILY_BACKUP_TEXT_MAX + 1];
    folder_back_up(f, f->fengyuan, &folder);
    world_back_up(f->fengyuan, 1800);
    world_run(f->world, 1000);
    answer(f, "one\ntwo\x1b[2J");
    expect(f, "failed", "one two [2J");
    world_run(f->world, HOUR_MS);
    answer(f, "\xff\xfe");
    expect(f, "failed", "it failed");
    world_run(f->world, HOUR_MS);
    for (size_t i = 0; i + 3 < sizeof(longer); i += 3)
        memcpy(longer + i, "满", 4);
    answer(f, longer);
    memcpy(kept, longer, sizeof(kept));
    kept[DAILY_BACKUP_TEXT_MAX / 3 * 3] = '\0';
    expect(f, "failed", kept);
    world_run(f->world, HOUR_MS);
    answer(f, "NOT written: 卡已满"); /* the last character is a whole one */
    expect(f, "failed", "NOT written: 卡已满");
    world_run(f->world, HOUR_MS);
    memmove(longer + 2, longer, sizeof(longer) - 2);
    memcpy(longer, "of", 2); /* the bytes that fit end with one, too */
    answer(f, longer);
    memcpy(kept, longer, sizeof(kept));
    kept[DAILY_BACKUP_TEXT_MAX / 3 * 3 - 1] = '\0';
    expect(f, "failed", kept);
    world_run(f->world, HOUR_MS);
    memset(longer, 0x80, sizeof(longer) - 1); /* pieces of characters alone */
    answer(f, longer);
    expect(f, "failed", "it failed");
    folder_deinit(&folder);
}

#define TEST(name)                                                                       \
    cmocka_unit_test_setup_teardown(name, sim_county_set_up_in_memory,                   \
                                    sim_county_tear_down_in_memory)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(it_is_asked_for_once_a_day_of_running_time),
        TEST(running_time_is_counted_over_restarts),
        TEST(one_that_was_broken_off_by_a_power_cut_is_asked_for_again),
        TEST(a_failure_is_said_and_tried_again_in_an_hour),
        TEST(a_node_that_ends_asks_for_none),
        TEST(M4_what_is_said_of_it_is_one_line_of_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
