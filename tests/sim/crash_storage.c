/*
 * crash_storage: the store on disks that lose power (crash_world.h).
 *
 *   crash_storage [--cycles N] [--seed N] [--jobs N]      300, 1 and 1 unless told
 * otherwise
 *
 * First an honest disk, N cycles, on which nothing may be lost; then each step of a
 * workload fails with EIO and ENOSPC (D2); then, a tenth of the cycles each, disks that
 * lie, rot and have less room than they say. There things are lost, and it is counted how
 * often nobody said so. The last rows are controls: a program that finds no loss on them
 * could not find any.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/sim/crash_world.h"
#include "tests/sim/shares.h"

struct run {
    struct crash_disk disk;
    uint64_t cycles;
    bool is_sound;
};

static const struct {
    const char *name;
    struct crash_disk disk;
    unsigned silent_permille; /* of the cycles that lost something, at most so many */
} bad_disks[] = {
    {"ignores 1 % of syncs", {.lying_percent = 1}, 250},
    {"ignores 10 % of syncs", {.lying_percent = 10}, 250},
    {"ignores 50 % of syncs", {.lying_percent = 50}, 350},
    {"ignores every sync", {.lying_percent = 100}, 500},
    {"boasts of powersafe overwrite", {.boasts = true}, 100},
    {"cold sectors rot", {.rot_percent = 50}, 0},
    {"rots, ignores 10 % of syncs", {.rot_percent = 50, .lying_percent = 10}, 250},
    {"less room, later writes vanish", {.capacity_sectors = 8}, 250},
    {"less room, later writes wrap", {.capacity_sectors = 8, .wraps = true}, 250},
};

static void run_share(unsigned share, unsigned shares, const void *context, void *result)
{
    const struct run *run = context;
    struct crash_disk disk = run->disk;
    disk.seed += share;
    uint64_t cycles = run->cycles / shares + (share < run->cycles % shares);
    crash_worlds(disk, shares, cycles, run->is_sound, result);
}

static void fault_share(unsigned share, unsigned shares, const void *context,
                        void *result)
{
    (void)context;
    for (unsigned i = 0; i < 4; i++)
        for (uint64_t steps = share; crash_world_fault(
                 steps, i % 2 == 0 ? CRASH_EIO : CRASH_ENOSPC, i / 2 != 0, result);
             steps += shares)
            continue;
}

static struct crash_outcome together(unsigned jobs, share_fn *fn, const void *context)
{
    static struct crash_outcome results[SHARES_MAX];
    struct crash_outcome all = {0};
    shares_run(jobs, fn, context, results, sizeof(results[0]));
    for (unsigned i = 0; i < jobs; i++)
        crash_outcome_add(&all, &results[i]);
    return all;
}

static void print(const char *disk, const struct crash_outcome *outcome)
{
    const struct crash_figures *figures = &outcome->figures;
    printf("%s: %" PRIu64 " cycles, %" PRIu64 " cuts (%" PRIu64
           " in a recovery), %" PRIu64 " ops acknowledged, %" PRIu64 " lost, %" PRIu64
           " stores refused, %" PRIu64 " damaged, %" PRIu64 " half batches\n",
           disk, outcome->cycles, figures->cuts, outcome->in_recovery,
           outcome->acknowledged, outcome->lost, outcome->refused, outcome->damaged,
           outcome->torn_batches);
    printf("  %" PRIu64 " cycles lost something in a store that opened: %" PRIu64
           " told by the mark, %" PRIu64 " by the check, %" PRIu64 " by nothing; %" PRIu64
           " alarms in all\n",
           outcome->loss_cycles, outcome->by_mark,
           outcome->loss_cycles - outcome->by_mark - outcome->silent, outcome->silent,
           outcome->alarms);
    printf("  %" PRIu64 " writes, %" PRIu64 " syncs (%" PRIu64
           " ignored); pending at cuts: %" PRIu64 " applied, %" PRIu64
           " dropped, %" PRIu64 " torn, %" PRIu64 " trashed; sectors: %" PRIu64
           " rotten, %" PRIu64 " misplaced\n",
           figures->writes, figures->syncs, figures->lies, figures->applied,
           figures->dropped, figures->torn, figures->trashed, figures->rotten,
           figures->misplaced);
}

static unsigned failures;

static void expect(bool holds, const char *sentence, const char *disk, uint64_t seed)
{
    if (holds)
        return;
    failures++;
    printf("FAILED: %s: %s (--seed %" PRIu64 ")\n", sentence, disk, seed);
}

static uint64_t run_bad_disks(uint64_t cycles, uint64_t seed, unsigned jobs)
{
    uint64_t done = 0;
    for (size_t i = 0; i < sizeof(bad_disks) / sizeof(bad_disks[0]); i++) {
        struct run run = {.disk = bad_disks[i].disk, .cycles = cycles};
        run.disk.seed = seed;
        struct crash_outcome all = together(jobs, run_share, &run);
        print(bad_disks[i].name, &all);
        done += all.cycles;
        expect(all.lost + all.refused + all.damaged > 0 || run.disk.lying_percent == 1,
               "the program sees what such a disk loses", bad_disks[i].name, seed);
        expect(all.silent * 1000 <= all.loss_cycles * bad_disks[i].silent_permille,
               "losses are noticed and said", bad_disks[i].name, seed);
    }
    return done;
}

static uint64_t option(int argc, char **argv, const char *name, uint64_t value)
{
    for (int i = 1; i + 1 < argc; i += 2)
        if (strcmp(argv[i], name) == 0)
            value = strtoull(argv[i + 1], NULL, 10);
    return value;
}

int main(int argc, char **argv)
{
    uint64_t cycles = option(argc, argv, "--cycles", 300);
    uint64_t seed = option(argc, argv, "--seed", 1);
    uint64_t jobs = option(argc, argv, "--jobs", 1);
    if (argc % 2 == 0 || jobs == 0 || jobs > SHARES_MAX) {
        fprintf(stderr, "usage: crash_storage [--cycles N] [--seed N] [--jobs N]\n");
        return 2;
    }
    crash_world_init();

    struct run run = {.disk = {.seed = seed}, .cycles = cycles, .is_sound = true};
    struct crash_outcome honest = together((unsigned)jobs, run_share, &run);
    print("honest disk", &honest);

    struct crash_outcome faults = together((unsigned)jobs, fault_share, NULL);
    printf("faults: %" PRIu64 " steps failed with EIO or ENOSPC, once and for good\n",
           faults.faults);
    expect(faults.faults > 100, "the workload has many steps that can fail", "faults", 0);

    honest.cycles +=
        run_bad_disks(cycles < 8000 ? 200 : cycles / 40, seed, (unsigned)jobs);

    crash_world_deinit();
    crash_outcome_add(&honest, &faults);
    printf("%" PRIu64 " cycles, %" PRIu64 " passed, %" PRIu64 " failed\n", honest.cycles,
           honest.passed, honest.failed + failures);
    return honest.failed + failures == 0 ? 0 : 1;
}
