/*
 * crash_storage: the store on a disk that loses power.
 *
 *   crash_storage [cycles [seed]]     300 cycles and seed 1 unless told otherwise
 *
 * A cycle commits batches of ops until the power goes in the middle of a write or a sync,
 * lets the disk decide what it kept, opens the store again (the power may go in the
 * recovery too) and asks: is every op there that was acknowledged, with the right bytes?
 * Is the batch in flight there whole or not at all? Does store_check find nothing?
 *
 * Then: each step of a workload fails once with EIO and ENOSPC (D2). Last, two disks on
 * which the same program must find losses, or it could not find any: one that ignores
 * every sync, one that boasts that a torn write harms nothing beside it.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/rng.h"
#include "proto/op.h"
#include "storage/statement.h"
#include "tests/support/crash_vfs.h"

#define VFS_NAME "crash"
#define DB "store.db"
#define POOL_LEN 256
#define BATCH_MAX 12
#define REBOOTS_MAX 64

struct sample {
    struct id id, scope;
    uint64_t time, wall;
    struct buf bytes, erased; /* with contents; with everything withheld */
};

enum fate { ABSENT, IN_FLIGHT, SAVED };

struct world {
    struct crash_vfs *vfs;
    struct store *store;
    uint64_t random;
    enum fate fate[POOL_LEN];
    bool is_erased[POOL_LEN];     /* acknowledged as erased */
    bool may_be_erased[POOL_LEN]; /* the erasure was in flight */
    uint32_t next;                /* of the pool */
    bool is_created;
    int checkpoint_pages; /* 0: as the store sets it, which no short run reaches */
    uint64_t acknowledged;
};

struct outcome {
    uint64_t cycles, acknowledged, lost, refused, damaged, torn_batches, in_recovery;
    uint64_t silent; /* cycles that lost something, and nothing told */
    struct crash_figures figures;
};

static struct sample pool[POOL_LEN];
static unsigned passed, failed;

static void expect(bool holds, const char *sentence, uint64_t seed)
{
    if (holds) {
        passed++;
        return;
    }
    failed++;
    printf("FAILED: %s (crash_storage 300 %" PRIu64 ")\n", sentence, seed);
}

static void pool_fill(void)
{
    static const uint8_t key[32] = {5};
    struct rng_keyed *dice = rng_keyed_new(1, 1);
    struct rng rng = rng_keyed_rng(dice);
    struct id network;
    network_id(&network, "fengqiao");
    static uint8_t text[9000];
    memset(text, 'x', sizeof(text));
    for (uint32_t i = 0; i < POOL_LEN; i++) {
        struct op op = {
            .kind = bytes_str("note"), .time = 2 + i / 8, .wall = 1790000000 + i};
        memset(op.scope.bytes, (int)(1 + i % 8), ID_SIZE);
        struct id parent = {{9}};
        struct buf value = {0};
        /* Most are small; some need overflow pages. */
        size_t len = i % 16 == 0 ? 9000 : 40 + i % 200;
        memcpy(text, &i, sizeof(i));
        pack_bin(&value, text, len);
        if (op_add_parent(&op, &parent) != STATUS_OK ||
            op_add_authority(&op, &parent) != STATUS_OK ||
            op_add_field(&op, "text", buf_bytes(&value)) != STATUS_OK ||
            op_seal(&op, &network, key, &rng) != STATUS_OK)
            abort();
        pool[i].id = op.id;
        pool[i].scope = op.scope;
        pool[i].time = op.time;
        pool[i].wall = op.wall;
        op_encode(&op, ~0u, &pool[i].bytes);
        op_encode(&op, 0, &pool[i].erased);
        if (buf_status(&pool[i].bytes) != STATUS_OK)
            abort();
        buf_deinit(&value);
    }
    rng_keyed_free(dice);
}

static void pool_free(void)
{
    for (uint32_t i = 0; i < POOL_LEN; i++) {
        buf_deinit(&pool[i].bytes);
        buf_deinit(&pool[i].erased);
    }
}

static enum status add(struct world *world, uint32_t i)
{
    struct op op = {.id = pool[i].id, .scope = pool[i].scope};
    op.time = pool[i].time;
    op.wall = pool[i].wall;
    return store_op_add(world->store, &op, buf_bytes(&pool[i].bytes), SCOPE_CASE,
                        i % 2 == 0 ? TREE_PRIVATE : TREE_SHARED);
}

/* One transaction: some ops, and now and then the erasure of an old one. Only after
 * store_commit said OK are they acknowledged. */
static enum status commit_batch(struct world *world)
{
    uint32_t len = 1 + (uint32_t)(crash_random(&world->random) % BATCH_MAX);
    if (world->next + len > POOL_LEN)
        len = POOL_LEN - world->next;
    uint32_t first = world->next, erased = POOL_LEN;
    if (first > 0 && crash_random(&world->random) % 4 == 0)
        erased = (uint32_t)(crash_random(&world->random) % first);
    if (erased < POOL_LEN && world->fate[erased] != SAVED)
        erased = POOL_LEN;
    enum status status = store_begin(world->store);
    if (status != STATUS_OK)
        return status;
    for (uint32_t i = first; status == STATUS_OK && i < first + len; i++) {
        world->fate[i] = IN_FLIGHT;
        world->next = i + 1;
        status = add(world, i);
    }
    if (status == STATUS_OK && erased < POOL_LEN) {
        world->may_be_erased[erased] = true;
        status = store_op_replace(world->store, &pool[erased].id,
                                  buf_bytes(&pool[erased].erased));
    }
    if (status != STATUS_OK) {
        store_roll_back(world->store);
        return status;
    }
    status = store_commit(world->store);
    if (status != STATUS_OK)
        return status;
    for (uint32_t i = first; i < first + len; i++)
        world->fate[i] = SAVED;
    if (erased < POOL_LEN)
        world->is_erased[erased] = true;
    world->acknowledged += len;
    return STATUS_OK;
}

struct wanted {
    const struct world *world;
    uint32_t i;
    bool is_right, is_erased;
};

static enum status compare(void *context, const struct store_op *op)
{
    struct wanted *wanted = context;
    const struct sample *sample = &pool[wanted->i];
    wanted->is_erased = bytes_equal(op->bytes, buf_bytes(&sample->erased));
    bool is_whole = bytes_equal(op->bytes, buf_bytes(&sample->bytes));
    bool may_be_whole = !wanted->world->is_erased[wanted->i];
    bool may_be_erased = wanted->world->may_be_erased[wanted->i];
    wanted->is_right = (is_whole && may_be_whole) || (wanted->is_erased && may_be_erased);
    return STATUS_OK;
}

static void report(void *context, const char *text)
{
    uint64_t *findings = context;
    if ((*findings)++ == 0 && getenv("CRASH_VERBOSE") != NULL)
        printf("check: %s\n", text);
}

/* After the recovery: what was acknowledged is there, what was in flight is there whole
 * or not at all; what is found becomes what is known. */
static void judge(struct world *world, struct outcome *outcome)
{
    uint64_t there = 0, absent = 0, lost = 0;
    for (uint32_t i = 0; i < world->next; i++) {
        struct wanted wanted = {.world = world, .i = i};
        enum status status = store_op_get(world->store, &pool[i].id, compare, &wanted);
        bool is_there = status == STATUS_OK && wanted.is_right;
        if (world->fate[i] == SAVED && !is_there)
            lost++;
        if (world->fate[i] == IN_FLIGHT && is_there)
            there++;
        if (world->fate[i] == IN_FLIGHT && !is_there)
            absent++;
        if (status != STATUS_OK && status != STATUS_NOT_FOUND)
            lost++;
        if (world->fate[i] != ABSENT)
            world->fate[i] = is_there ? SAVED : ABSENT;
        world->is_erased[i] = world->may_be_erased[i] = is_there && wanted.is_erased;
    }
    uint64_t findings = 0;
    if (store_check(world->store, report, &findings) != STATUS_OK)
        outcome->damaged++;
    else
        outcome->silent += lost > 0;
    outcome->lost += lost;
    outcome->torn_batches += there > 0 && absent > 0;
}

/* Opens the store; in three worlds of four the WAL begins anew after few pages, so that
 * frames of its last round stand behind those of the present one. */
static enum status open_store(struct world *world, struct err *err)
{
    enum status status = store_open(&world->store, DB, VFS_NAME, !world->is_created, err);
    if (status != STATUS_OK)
        world->store = NULL;
    else if (world->checkpoint_pages > 0)
        (void)sqlite3_wal_autocheckpoint(world->store->db, world->checkpoint_pages);
    return status;
}

/* Opens after a cut, which may come again while the store recovers. */
static enum status reopen(struct world *world, struct outcome *outcome, struct err *err)
{
    enum status status = STATUS_IO;
    for (int i = 0; i < REBOOTS_MAX; i++) {
        crash_vfs_reboot(world->vfs);
        bool again = i + 1 < REBOOTS_MAX && crash_random(&world->random) % 3 == 0;
        if (again)
            crash_vfs_cut_after(world->vfs, crash_random(&world->random) % 40);
        status = open_store(world, err);
        if (!crash_vfs_is_dead(world->vfs))
            return status;
        outcome->in_recovery++;
        if (status == STATUS_OK)
            store_close(world->store);
    }
    return status;
}

/* One disk of its own, with as many cuts as the pool has ops for. */
static void run_world(struct crash_disk disk, uint64_t cycles, struct outcome *outcome)
{
    struct world world = {.random = disk.seed ^ 0x5eed};
    struct err err = {0};
    world.checkpoint_pages = (int)(disk.seed % 4 * 12);
    world.vfs = crash_vfs_new(VFS_NAME, disk);
    if (world.vfs == NULL)
        abort();
    for (uint64_t i = 0; i < cycles && world.next < POOL_LEN; i++) {
        outcome->cycles++;
        enum status status = STATUS_OK;
        if (world.store == NULL) {
            crash_vfs_cut_after(world.vfs, crash_random(&world.random) % 80);
            status = open_store(&world, &err);
        } else {
            crash_vfs_cut_after(world.vfs, crash_random(&world.random) % 120);
        }
        if (status == STATUS_OK)
            world.is_created = true;
        while (status == STATUS_OK && world.next < POOL_LEN)
            status = commit_batch(&world);
        store_close(world.store);
        world.store = NULL;
        if (status != STATUS_OK && !crash_vfs_is_dead(world.vfs)) {
            outcome->damaged++; /* refused, and no power cut to blame */
            break;
        }
        status = reopen(&world, outcome, &err);
        if (status != STATUS_OK) {
            outcome->refused++;
            if (getenv("CRASH_VERBOSE") != NULL)
                printf("refused: %s\n", err_text(&err, status));
            break;
        }
        world.is_created = true;
        judge(&world, outcome);
    }
    store_close(world.store);
    outcome->acknowledged += world.acknowledged;
    struct crash_figures figures = crash_vfs_figures(world.vfs);
    outcome->figures.cuts += figures.cuts;
    outcome->figures.writes += figures.writes;
    outcome->figures.syncs += figures.syncs;
    outcome->figures.lies += figures.lies;
    outcome->figures.applied += figures.applied;
    outcome->figures.dropped += figures.dropped;
    outcome->figures.torn += figures.torn;
    outcome->figures.trashed += figures.trashed;
    crash_vfs_free(world.vfs);
}

static struct outcome run(struct crash_disk disk, uint64_t cycles, bool is_sound)
{
    struct outcome all = {0};
    for (uint64_t seed = disk.seed; all.cycles < cycles; seed++) {
        struct outcome one = {0};
        disk.seed = seed;
        run_world(disk, cycles - all.cycles, &one);
        if (is_sound) {
            expect(one.refused == 0, "after a power cut the store opens", seed);
            expect(one.lost == 0, "what was acknowledged is there", seed);
            expect(one.torn_batches == 0, "a batch is there whole or not at all", seed);
            expect(one.damaged == 0, "the check finds nothing", seed);
        }
        all.cycles += one.cycles;
        all.acknowledged += one.acknowledged;
        all.lost += one.lost;
        all.refused += one.refused;
        all.damaged += one.damaged;
        all.torn_batches += one.torn_batches;
        all.in_recovery += one.in_recovery;
        all.silent += one.silent;
        all.figures.cuts += one.figures.cuts;
        all.figures.writes += one.figures.writes;
        all.figures.syncs += one.figures.syncs;
        all.figures.lies += one.figures.lies;
        all.figures.applied += one.figures.applied;
        all.figures.dropped += one.figures.dropped;
        all.figures.torn += one.figures.torn;
        all.figures.trashed += one.figures.trashed;
    }
    return all;
}

static void print(const char *disk, const struct outcome *outcome)
{
    const struct crash_figures *figures = &outcome->figures;
    printf("%s: %" PRIu64 " cycles, %" PRIu64 " cuts (%" PRIu64
           " in a recovery), %" PRIu64 " ops acknowledged, %" PRIu64 " lost, %" PRIu64
           " stores refused, %" PRIu64 " damaged, %" PRIu64 " half batches, %" PRIu64
           " losses untold\n",
           disk, outcome->cycles, figures->cuts, outcome->in_recovery,
           outcome->acknowledged, outcome->lost, outcome->refused, outcome->damaged,
           outcome->torn_batches, outcome->silent);
    printf("  %" PRIu64 " writes, %" PRIu64 " syncs (%" PRIu64
           " ignored); pending at cuts: %" PRIu64 " applied, %" PRIu64
           " dropped, %" PRIu64 " torn, %" PRIu64 " trashed\n",
           figures->writes, figures->syncs, figures->lies, figures->applied,
           figures->dropped, figures->torn, figures->trashed);
}

/* The step after `steps` fails. False when the workload has no such step. */
static bool run_fault(uint64_t steps, enum crash_fault fault, bool for_good)
{
    struct world world = {.random = 77};
    struct outcome outcome = {0};
    struct err err = {0};
    world.vfs = crash_vfs_new(VFS_NAME, (struct crash_disk){.seed = 77});
    if (world.vfs == NULL)
        abort();
    crash_vfs_fail_after(world.vfs, steps, fault, for_good);
    enum status status = store_open(&world.store, DB, VFS_NAME, true, &err);
    if (status != STATUS_OK) {
        world.store = NULL;
        expect(status == STATUS_IO || status == STATUS_FULL, "a fault at open is told",
               steps);
        expect(err.text[0] != '\0', "a fault at open has a sentence", steps);
    }
    world.is_created = status == STATUS_OK;
    for (int i = 0; status == STATUS_OK && i < 12; i++)
        status = commit_batch(&world);
    bool has_failed = crash_vfs_has_failed(world.vfs);
    if (world.store != NULL && status != STATUS_OK) {
        expect(status == (fault == CRASH_EIO ? STATUS_IO : STATUS_FULL),
               "a fault has its own status", steps);
        expect(store_begin(world.store) != STATUS_OK, "after a fault writes are refused",
               steps);
    }
    store_close(world.store);
    crash_vfs_fail_after(world.vfs, UINT64_MAX / 2, CRASH_NONE, false);
    crash_vfs_reboot(world.vfs);
    status = store_open(&world.store, DB, VFS_NAME, !world.is_created, &err);
    expect(status == STATUS_OK, "after a fault the store opens again", steps);
    if (status == STATUS_OK) {
        judge(&world, &outcome);
        expect(outcome.lost == 0, "a fault loses nothing acknowledged", steps);
        expect(outcome.torn_batches == 0, "a fault leaves no half batch", steps);
        expect(outcome.damaged == 0, "after a fault the check finds nothing", steps);
        store_close(world.store);
    }
    crash_vfs_free(world.vfs);
    return has_failed;
}

int main(int argc, char **argv)
{
    uint64_t cycles = argc > 1 ? strtoull(argv[1], NULL, 10) : 300;
    uint64_t seed = argc > 2 ? strtoull(argv[2], NULL, 10) : 1;
    pool_fill();

    struct outcome honest = run((struct crash_disk){.seed = seed}, cycles, true);
    print("honest disk", &honest);

    uint64_t faults = 0;
    for (int for_good = 0; for_good < 2; for_good++)
        for (int fault = CRASH_EIO; fault <= CRASH_ENOSPC; fault++)
            for (uint64_t steps = 0; run_fault(steps, fault, for_good != 0); steps++)
                faults++;
    printf("faults: %" PRIu64 " steps failed with EIO or ENOSPC, once and for good\n",
           faults);
    expect(faults > 100, "the workload has many steps that can fail", 0);

    uint64_t few = cycles < 1200 ? 300 : cycles / 4;
    struct outcome lying =
        run((struct crash_disk){.seed = seed, .lying_percent = 10}, few, false);
    print("disk that ignores 10 % of syncs", &lying);

    struct outcome deaf =
        run((struct crash_disk){.seed = seed, .lying_percent = 100}, 300, false);
    print("control, every sync ignored", &deaf);
    expect(deaf.lost + deaf.refused + deaf.damaged > 0,
           "the program sees what a disk loses that ignores every sync", seed);
    struct outcome boasting =
        run((struct crash_disk){.seed = seed, .boasts = true}, 300, false);
    print("control, boasting of whole sectors", &boasting);
    expect(boasting.lost + boasting.refused + boasting.damaged > 0,
           "the program sees what a boasting disk loses", seed);

    pool_free();
    printf("%u passed, %u failed\n", passed, failed);
    return failed == 0 ? 0 : 1;
}
