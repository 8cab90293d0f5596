#include "tests/sim/crash_world.h"

#include <inttypes.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sqlite3.h>

#include "crypto/rng.h"
#include "proto/op.h"
#include "storage/statement.h"

#define VFS_NAME "crash"
#define DB "store.db"
#define POOL_LEN 256
#define BATCH_MAX 12
#define REBOOTS_MAX 64
#define WALL 1790000000
/* The check looks at each byte; damage stays, so that every few cycles will do. */
#define CHECK_EVERY 8
#define KEPT_BYTES (1 << 28)

struct sample {
    struct id id, scope;
    uint64_t time, wall;
    struct buf bytes, erased; /* with contents; with everything withheld */
    struct buf secret;        /* of its contents, in no other form of it */
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
    bool is_told;         /* an opening since the last judgement spoke of a loss */
    int checkpoint_pages; /* 0: as the store sets it, which no short run reaches */
    unsigned erasure_of;  /* one batch of so many erases, which writes the file anew */
    uint64_t acknowledged;
};

static struct sample pool[POOL_LEN];

static void expect(struct crash_outcome *outcome, bool holds, const char *sentence,
                   uint64_t seed)
{
    if (holds) {
        outcome->passed++;
        return;
    }
    outcome->failed++;
    printf("FAILED: %s (crash_storage --cycles 300 --seed %" PRIu64 ")\n", sentence,
           seed);
}

void crash_world_init(void)
{
    /* One thread, and nobody asks how much memory is used. */
    if (sqlite3_config(SQLITE_CONFIG_SINGLETHREAD) != SQLITE_OK ||
        sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0) != SQLITE_OK)
        abort();
    /* Memory of one store serves the next: the system is not asked for it again. Where
     * the heap is another one, ASan's, it refuses, and nothing but time is lost. */
    (void)mallopt(M_MMAP_THRESHOLD, KEPT_BYTES);
    (void)mallopt(M_TRIM_THRESHOLD, KEPT_BYTES);
    static const uint8_t key[32] = {5};
    struct rng_keyed *dice = rng_keyed_new(1, 1);
    struct rng rng = rng_keyed_rng(dice);
    struct id network;
    network_id(&network, "fengqiao");
    static uint8_t text[9000];
    memset(text, 'x', sizeof(text));
    for (uint32_t i = 0; i < POOL_LEN; i++) {
        struct op op = {.kind = bytes_str("note"), .time = 2 + i / 8, .wall = WALL + i};
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
        buf_add(&pool[i].secret, op.secret, sizeof(op.secret));
        if (buf_status(&pool[i].bytes) != STATUS_OK)
            abort();
        buf_deinit(&value);
    }
    rng_keyed_free(dice);
}

void crash_world_deinit(void)
{
    for (uint32_t i = 0; i < POOL_LEN; i++) {
        buf_deinit(&pool[i].bytes);
        buf_deinit(&pool[i].erased);
        buf_deinit(&pool[i].secret);
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
    if (first > 0 && crash_random(&world->random) % world->erasure_of == 0)
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

struct seen {
    const struct world *world;
    bool is_there[POOL_LEN], is_right[POOL_LEN], is_erased[POOL_LEN];
};

static enum status see(void *context, const struct store_op *op)
{
    struct seen *seen = context;
    uint64_t i = op->wall - WALL;
    if (i >= POOL_LEN || !id_equal(&op->id, &pool[i].id))
        return STATUS_OK; /* no op of ours: the check speaks of it */
    const struct sample *sample = &pool[i];
    bool is_erased = bytes_equal(op->bytes, buf_bytes(&sample->erased));
    bool is_whole = bytes_equal(op->bytes, buf_bytes(&sample->bytes));
    bool may_be_whole = !seen->world->is_erased[i];
    bool may_be_erased = seen->world->may_be_erased[i];
    seen->is_there[i] = true;
    seen->is_erased[i] = is_erased;
    seen->is_right[i] = (is_whole && may_be_whole) || (is_erased && may_be_erased);
    return STATUS_OK;
}

static void report(void *context, const char *text)
{
    uint64_t *findings = context;
    if ((*findings)++ == 0 && getenv("CRASH_VERBOSE") != NULL)
        printf("check: %s\n", text);
}

/* In the database or its WAL as the disk has them now. */
static bool disk_holds(const struct world *world, struct bytes sought)
{
    static const char *const files[] = {DB, DB "-wal"};
    for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
        size_t len = 0;
        const uint8_t *data = crash_vfs_file(world->vfs, files[i], &len);
        if (data != NULL && len > 0 && memmem(data, len, sought.data, sought.len) != NULL)
            return true;
    }
    return false;
}

/* Of what is erased, wherever the power went, nothing stands in the gaps. */
static void look_for_remains(struct world *world, const struct seen *seen,
                             struct crash_outcome *outcome)
{
    for (uint32_t i = 0; i < world->next; i++)
        if (seen->is_there[i] && seen->is_right[i] && seen->is_erased[i])
            outcome->remains += disk_holds(world, buf_bytes(&pool[i].secret));
}

/* The walk by arrival and the look-up by id must say the same; a few are asked for. */
static void look_up(struct world *world, struct seen *seen)
{
    for (int n = 0; n < 8 && world->next > 0; n++) {
        uint32_t i = (uint32_t)(crash_random(&world->random) % world->next);
        struct store_place place;
        enum status status = store_op_find(world->store, &pool[i].id, &place);
        if ((status == STATUS_OK) != seen->is_there[i])
            seen->is_right[i] = false;
    }
}

/* After the recovery: what was acknowledged is there, what was in flight is there whole
 * or not at all; what is found becomes what is known. */
static void judge(struct world *world, bool is_last, struct crash_outcome *outcome)
{
    uint64_t there = 0, absent = 0, lost = 0, findings = 0;
    struct seen seen = {.world = world};
    if (store_ops_all(world->store, 1, see, &seen) != STATUS_OK)
        findings++; /* a walk that fails is told */
    look_up(world, &seen);
    look_for_remains(world, &seen, outcome);
    for (uint32_t i = 0; i < world->next; i++) {
        bool is_right = seen.is_there[i] && seen.is_right[i];
        lost += world->fate[i] == SAVED && !is_right;
        there += world->fate[i] == IN_FLIGHT && is_right;
        absent += world->fate[i] == IN_FLIGHT && !is_right;
        if (world->fate[i] != ABSENT)
            world->fate[i] = is_right ? SAVED : ABSENT;
        world->is_erased[i] = world->may_be_erased[i] = is_right && seen.is_erased[i];
    }
    bool has_mark_told = store_loss(world->store)->kind != LOSS_NONE || world->is_told;
    /* Or the power went when it was kept and before anybody was told; then it stands in
     * what `status` says of the last loss. */
    struct store_loss last;
    has_mark_told |= store_loss_last(world->store, &last) == STATUS_OK &&
                     last.kind != LOSS_NONE && last.at == world->store->stand.commits;
    if (lost > 0 || is_last || outcome->cycles % CHECK_EVERY == 0)
        outcome->damaged += store_check(world->store, report, &findings) != STATUS_OK &&
                            findings > (store_loss(world->store)->kind != LOSS_NONE);
    outcome->loss_cycles += lost > 0;
    outcome->by_mark += lost > 0 && has_mark_told;
    outcome->silent += lost > 0 && !has_mark_told && findings == 0;
    outcome->lost += lost;
    outcome->torn_batches += there > 0 && absent > 0;
    world->is_told = false;
}

/* Opens the store; in three worlds of four the WAL begins anew after few pages, so that
 * frames of its last round stand behind those of the present one. */
static enum status open_store(struct world *world, struct crash_outcome *outcome,
                              struct err *err)
{
    enum status status = store_open(&world->store, DB, VFS_NAME, !world->is_created, err);
    if (status != STATUS_OK) {
        world->store = NULL;
        return status;
    }
    if (world->checkpoint_pages > 0)
        (void)sqlite3_wal_autocheckpoint(world->store->db, world->checkpoint_pages);
    if (store_loss(world->store)->kind != LOSS_NONE) {
        outcome->alarms++;
        world->is_told = true;
    }
    return STATUS_OK;
}

/* Opens after a cut, which may come again while the store recovers. */
static enum status reopen(struct world *world, struct crash_outcome *outcome,
                          struct err *err)
{
    enum status status = STATUS_IO;
    for (int i = 0; i < REBOOTS_MAX; i++) {
        crash_vfs_reboot(world->vfs);
        bool again = i + 1 < REBOOTS_MAX && crash_random(&world->random) % 3 == 0;
        if (again)
            crash_vfs_cut_after(world->vfs, crash_random(&world->random) % 40);
        status = open_store(world, outcome, err);
        if (!crash_vfs_is_dead(world->vfs))
            return status;
        outcome->in_recovery++;
        if (status == STATUS_OK)
            store_close(world->store);
    }
    return status;
}

/* Writes until the power goes. False: the store failed, and no cut is to blame. */
static bool work(struct world *world, struct crash_outcome *outcome)
{
    struct err err = {0};
    enum status status = STATUS_OK;
    if (world->store == NULL) {
        crash_vfs_cut_after(world->vfs, crash_random(&world->random) % 80);
        status = open_store(world, outcome, &err);
    } else {
        crash_vfs_cut_after(world->vfs, crash_random(&world->random) % 120);
    }
    if (status == STATUS_OK)
        world->is_created = true;
    while (status == STATUS_OK && world->next < POOL_LEN)
        status = commit_batch(world);
    store_close(world->store);
    world->store = NULL;
    return status == STATUS_OK || crash_vfs_is_dead(world->vfs);
}

/* One disk of its own, with as many cuts as the pool has ops for. */
static void run_world(struct crash_disk disk, uint64_t cycles,
                      struct crash_outcome *outcome)
{
    struct world world = {.random = disk.seed ^ 0x5eed};
    struct err err = {0};
    world.checkpoint_pages = (int)(disk.seed % 4 * 12);
    world.erasure_of = disk.seed / 4 % 4 == 0 ? 12 : 96;
    if (disk.capacity_sectors > 0) /* too little now for this, now for that */
        disk.capacity_sectors += (uint32_t)(disk.seed % 64);
    world.vfs = crash_vfs_new(VFS_NAME, disk);
    if (world.vfs == NULL)
        abort();
    for (uint64_t i = 0; i < cycles && world.next < POOL_LEN; i++) {
        outcome->cycles++;
        if (!work(&world, outcome)) {
            outcome->damaged++; /* told by the store that stopped */
            break;
        }
        if (reopen(&world, outcome, &err) != STATUS_OK) {
            outcome->refused++;
            if (getenv("CRASH_VERBOSE") != NULL)
                printf("refused: %s\n", err.text);
            break;
        }
        world.is_created = true;
        judge(&world, i + 1 == cycles || world.next == POOL_LEN, outcome);
    }
    store_close(world.store);
    outcome->acknowledged += world.acknowledged;
    outcome->figures = crash_vfs_figures(world.vfs);
    crash_vfs_free(world.vfs);
}

void crash_outcome_add(struct crash_outcome *a, const struct crash_outcome *b)
{
    a->cycles += b->cycles;
    a->acknowledged += b->acknowledged;
    a->in_recovery += b->in_recovery;
    a->lost += b->lost;
    a->refused += b->refused;
    a->damaged += b->damaged;
    a->torn_batches += b->torn_batches;
    a->remains += b->remains;
    a->loss_cycles += b->loss_cycles;
    a->by_mark += b->by_mark;
    a->silent += b->silent;
    a->alarms += b->alarms;
    a->faults += b->faults;
    a->passed += b->passed;
    a->failed += b->failed;
    crash_figures_add(&a->figures, &b->figures);
}

void crash_worlds(struct crash_disk disk, uint64_t stride, uint64_t cycles, bool is_sound,
                  struct crash_outcome *all)
{
    for (; all->cycles < cycles; disk.seed += stride) {
        struct crash_outcome one = {0};
        run_world(disk, cycles - all->cycles, &one);
        if (is_sound) {
            expect(&one, one.refused == 0, "after a power cut the store opens",
                   disk.seed);
            expect(&one, one.lost == 0, "what was acknowledged is there", disk.seed);
            expect(&one, one.torn_batches == 0, "a batch is there whole or not at all",
                   disk.seed);
            expect(&one, one.damaged == 0, "the check finds nothing", disk.seed);
            expect(&one, one.remains == 0, "of what was erased nothing is left",
                   disk.seed);
            expect(&one, one.alarms == 0, "an honest disk is never called a liar",
                   disk.seed);
        }
        crash_outcome_add(all, &one);
    }
}

bool crash_world_fault(uint64_t steps, enum crash_fault fault, bool for_good,
                       struct crash_outcome *all)
{
    struct world world = {.random = 77, .erasure_of = 24};
    struct crash_outcome outcome = {0};
    struct err err = {0};
    world.vfs = crash_vfs_new(VFS_NAME, (struct crash_disk){.seed = 77});
    if (world.vfs == NULL)
        abort();
    crash_vfs_fail_after(world.vfs, steps, fault, for_good);
    enum status status = store_open(&world.store, DB, VFS_NAME, true, &err);
    if (status != STATUS_OK) {
        world.store = NULL;
        expect(all, status == STATUS_IO || status == STATUS_FULL,
               "a fault at open is told", steps);
        expect(all, err.text[0] != '\0', "a fault at open has a sentence", steps);
    }
    world.is_created = status == STATUS_OK;
    for (int i = 0; status == STATUS_OK && i < 12; i++)
        status = commit_batch(&world);
    bool has_failed = crash_vfs_has_failed(world.vfs);
    if (world.store != NULL && status != STATUS_OK) {
        expect(all, status == (fault == CRASH_EIO ? STATUS_IO : STATUS_FULL),
               "a fault has its own status", steps);
        expect(all, store_begin(world.store) != STATUS_OK,
               "after a fault writes are refused", steps);
    }
    store_close(world.store);
    crash_vfs_fail_after(world.vfs, UINT64_MAX / 2, CRASH_NONE, false);
    crash_vfs_reboot(world.vfs);
    status = store_open(&world.store, DB, VFS_NAME, !world.is_created, &err);
    expect(all, status == STATUS_OK, "after a fault the store opens again", steps);
    if (status == STATUS_OK) {
        judge(&world, true, &outcome);
        expect(all, outcome.lost == 0, "a fault loses nothing acknowledged", steps);
        expect(all, outcome.torn_batches == 0, "a fault leaves no half batch", steps);
        expect(all, store_loss(world.store)->kind == LOSS_NONE,
               "a fault is no lie of the disk", steps);
        expect(all, outcome.damaged == 0, "after a fault the check finds nothing", steps);
        store_close(world.store);
    }
    crash_vfs_free(world.vfs);
    all->faults += has_failed;
    return has_failed;
}
