/* Row D2 on whole nodes: every call that the node makes of its disk fails once, or from
 * there on, with EIO or ENOSPC. Nobody is told "saved" who is not, the turn fails with
 * ACTION_STOP, and the next start holds everything that anybody was told. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "node/cases/view.h"
#include "tests/sim/sim_county.h"
#include "tests/support/crash_vfs.h"

#define VFS_NAME "bad-disk"
#define CASES_MAX 4000
#define NEVER (UINT64_MAX / 2)

/* A village on a disk of its own, under a township whose disk is whole. */
struct place {
    struct sim_county county; /* world, township and fengyuan */
    struct crash_vfs *vfs;
    char told[CASES_MAX][32]; /* numbers of cases that were reported saved */
    uint32_t told_len;
    uint64_t faults;
};

static int set_up(void **state)
{
    struct place *place = calloc(1, sizeof(*place));
    assert_non_null(place);
    struct sim_county *f = &place->county;
    place->vfs = crash_vfs_new(VFS_NAME, (struct crash_disk){.seed = 5});
    assert_non_null(place->vfs);
    assert_true(scratch_make(f->directory));
    f->world = world_new(f->directory, 42);
    f->township = world_found(f->world, "township", "青河镇", "township:1");
    world_use_vfs(f->world, VFS_NAME);
    f->fengyuan = world_found(f->world, "village", "枫源村", "fengyuan:1");
    world_pair(f->world, f->township, f->fengyuan);
    world_let_stop(f->fengyuan);
    *state = place;
    return 0;
}

static int tear_down(void **state)
{
    struct place *place = *state;
    sim_county_free(&place->county);
    crash_vfs_free(place->vfs);
    free(place);
    return 0;
}

/* A case; its number is remembered if the node says that it is saved. */
static bool write_case(struct place *place)
{
    struct sim_county *f = &place->county;
    struct buf out = {0};
    struct bytes number;
    enum status status =
        world_say(f->world, f->fengyuan, &out, "case.new", "category", "邻里", "title",
                  "水沟", "narrative", "两家争执。", NULL);
    if (status == STATUS_OK) {
        assert_true(view_map_text(buf_bytes(&out), "number", &number));
        assert_true(place->told_len < CASES_MAX);
        (void)snprintf(place->told[place->told_len++], 32, "%.*s", (int)number.len,
                       (const char *)number.data);
    }
    buf_deinit(&out);
    return status == STATUS_OK;
}

/* Work of several kinds, as far as it goes. */
static void work(struct place *place)
{
    struct sim_county *f = &place->county;
    struct buf out = {0};
    if (world_unlock(f->world, f->fengyuan, "", "246810") != STATUS_OK ||
        !write_case(place))
        return;
    const char *number = place->told[place->told_len - 1];
    if (world_say(f->world, f->fengyuan, &out, "case.triage", "case", number, "decision",
                  "escalate", "beyond", "true", "reason", "两村", NULL) == STATUS_OK &&
        world_say(f->world, f->fengyuan, &out, "case.set", "case", number, "field",
                  "context", "value", "去年修过", NULL) == STATUS_OK &&
        world_say(f->world, f->fengyuan, &out, "escalate.release", "case", number,
                  "fields", "[title,context]", "reason", "超出权限", "no_parties",
                  "渠是村里的", "onward", "yes", NULL) == STATUS_OK)
        world_run(f->world, 3000);
    buf_deinit(&out);
    if (!world_has_stopped(f->fengyuan))
        (void)write_case(place);
}

static void report(void *context, const char *text)
{
    (*(uint32_t *)context)++;
    print_message("check: %s\n", text);
}

/* Everything that anybody was told is there, and the store is sound. */
static void assert_whole(struct place *place, uint32_t first)
{
    struct sim_county *f = &place->county;
    struct buf out = {0};
    uint32_t findings = 0;
    for (uint32_t i = first; i < place->told_len; i++)
        SIM_SAY(f, f->fengyuan, &out, "case.show", "case", place->told[i]);
    assert_int_equal(store_check(world_store(f->fengyuan), report, &findings), STATUS_OK);
    assert_int_equal(findings, 0);
    buf_deinit(&out);
}

/* One fault at that step of the work; false: the work has no such step. */
static bool fail_at(struct place *place, uint64_t step, enum crash_fault fault,
                    bool for_good)
{
    struct sim_county *f = &place->county;
    uint32_t first = place->told_len;
    crash_vfs_fail_after(place->vfs, step, fault, for_good);
    work(place);
    bool has_failed = crash_vfs_has_failed(place->vfs);
    bool has_stopped = world_has_stopped(f->fengyuan);
    /* A step that failed shows, and nothing else stops a node. SQLite may do without one
     * (it tries a checkpoint again); where the disk stays bad, it may not. */
    assert_true(has_failed || !has_stopped);
    if (has_stopped)
        assert_int_equal(sim_count(world_log(f->fengyuan), "turn failed"), 1);
    world_power_off(f->world, f->fengyuan);
    world_forget_log(f->fengyuan);
    crash_vfs_fail_after(place->vfs, NEVER, CRASH_NONE, false);
    crash_vfs_reboot(place->vfs);
    assert_int_equal(world_power_on(f->world, f->fengyuan), STATUS_OK);
    assert_whole(place, first);
    place->faults += has_stopped;
    return has_failed;
}

static void run_faults(struct place *place, enum crash_fault fault, bool for_good)
{
    uint64_t step = 0;
    while (fail_at(place, step, fault, for_good))
        step++;
    print_message("%" PRIu64 " steps failed, %" PRIu64
                  " stopped the node, %u cases told\n",
                  step, place->faults, place->told_len);
    assert_true(step > 60);
    assert_true(place->faults > 50);
    assert_true(place->told_len > 0);
    /* At the end of it all the two sites agree. */
    struct sim_county *f = &place->county;
    world_run(f->world, 300000);
    assert_whole(place, 0);
    assert_int_equal(sim_status(f, f->township, "escalations"),
                     sim_status(f, f->fengyuan, "escalations"));
    assert_int_equal(sim_status(f, f->township, "quarantined"), 0);
}

static void D2_a_call_that_fails_once_with_eio_loses_nothing_told(void **state)
{
    run_faults(*state, CRASH_EIO, false);
}

static void D2_a_disk_that_breaks_for_good_loses_nothing_told(void **state)
{
    run_faults(*state, CRASH_EIO, true);
}

static void D2_a_disk_that_is_full_once_loses_nothing_told(void **state)
{
    run_faults(*state, CRASH_ENOSPC, false);
}

static void D2_a_disk_that_stays_full_loses_nothing_told(void **state)
{
    run_faults(*state, CRASH_ENOSPC, true);
}

static void D2_after_the_first_fault_nothing_is_written_or_told_any_more(void **state)
{
    struct place *place = *state;
    struct sim_county *f = &place->county;
    assert_true(write_case(place));
    crash_vfs_fail_after(place->vfs, 0, CRASH_EIO, false);
    assert_false(write_case(place));
    assert_true(world_has_stopped(f->fengyuan));
    assert_true(crash_vfs_has_failed(place->vfs));
    uint64_t steps = crash_vfs_steps(place->vfs), sent = world_sent(f->fengyuan).len;

    assert_false(write_case(place));
    world_run(f->world, 60000);

    assert_int_equal(crash_vfs_steps(place->vfs), steps);
    assert_int_equal(world_sent(f->fengyuan).len, sent);
    assert_int_equal(place->told_len, 1);
}

int main(void)
{
#define ONE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        ONE(D2_a_call_that_fails_once_with_eio_loses_nothing_told),
        ONE(D2_a_disk_that_breaks_for_good_loses_nothing_told),
        ONE(D2_a_disk_that_is_full_once_loses_nothing_told),
        ONE(D2_a_disk_that_stays_full_loses_nothing_told),
        ONE(D2_after_the_first_fault_nothing_is_written_or_told_any_more),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
