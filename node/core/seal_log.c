#include "node/core/seal_log.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/secret.h"
#include "node/core/restored.h"
#include "node/core/state.h"
#include "proto/pack.h"
#include "storage/store_ledger.h"
#include "storage/store_seals.h"

/* --- what is kept beside the log: [ran since the last leaf, wall, restored as] --- */

#define KEPT "seal-clock"

struct kept {
    uint64_t ran_s; /* since the last leaf */
    uint64_t wall;  /* when that was written last */
    struct id as;   /* the restore that the log began behind; zeros: none */
};

static enum status read_value(struct bytes value, struct kept *kept)
{
    struct pack_reader reader = pack_reader_of(value);
    uint32_t elements;
    enum status status = pack_read_array(&reader, &elements, NULL);
    if (status == STATUS_OK)
        status = pack_read_uint(&reader, &kept->ran_s, NULL);
    if (status == STATUS_OK)
        status = pack_read_uint(&reader, &kept->wall, NULL);
    if (status == STATUS_OK)
        status = pack_read_fixed(&reader, kept->as.bytes, ID_SIZE, NULL);
    return status == STATUS_OK ? STATUS_OK : STATUS_CORRUPT;
}

static enum status read_kept(struct core *core, struct kept *kept)
{
    struct buf value = {0};
    *kept = (struct kept){.ran_s = 0};
    enum status status = store_meta_get(core->store, KEPT, &value);
    if (status == STATUS_OK)
        status = read_value(buf_bytes(&value), kept);
    buf_deinit(&value);
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

static enum status keep(struct core *core, const struct kept *kept)
{
    struct buf value = {0};
    pack_array(&value, 3);
    pack_uint(&value, kept->ran_s);
    pack_uint(&value, core->wall);
    pack_bin(&value, kept->as.bytes, ID_SIZE);
    enum status status = buf_status(&value);
    if (status == STATUS_OK)
        status = store_meta_put(core->store, KEPT, buf_bytes(&value));
    buf_deinit(&value);
    return status;
}

/* --- the log in memory --- */

static enum status take_leaf(void *context, const struct store_seal *seal)
{
    struct seal_log *log = context;
    if (seal->place != log->len || log->len >= SEALS_MAX)
        return STATUS_CORRUPT;
    if (log->len == log->capacity) {
        uint64_t capacity = log->capacity == 0 ? 64 : 2 * log->capacity;
        void *leaves = realloc(log->leaves, capacity * sizeof(*log->leaves));
        if (leaves == NULL)
            return STATUS_NO_MEMORY;
        log->leaves = leaves;
        log->capacity = capacity;
    }
    if (log->len == 0)
        buf_add(&log->first, seal->leaf.data, seal->leaf.len);
    merkle_leaf(&log->leaves[log->len++], seal->leaf.data, seal->leaf.len);
    return buf_status(&log->first);
}

enum status seal_log_read(struct core *core, struct seal_log *log)
{
    *log = (struct seal_log){.number = 0};
    enum status status = store_seal_log_last(core->store, &log->number, log->origin);
    if (status == STATUS_OK)
        status = store_seals(core->store, log->number, take_leaf, log);
    return status;
}

enum status seal_log_read_former(struct core *core, int64_t number, struct seal_log *log)
{
    *log = (struct seal_log){.number = number};
    enum status status = store_seal_log_get(core->store, number, log->origin);
    if (status == STATUS_OK)
        status = store_seals(core->store, number, take_leaf, log);
    return status;
}

void seal_log_free(struct seal_log *log)
{
    free(log->leaves);
    buf_deinit(&log->first);
    *log = (struct seal_log){.number = 0};
}

static bool node_at(void *context, uint8_t level, uint64_t place,
                    struct merkle_hash *hash)
{
    const struct seal_log *log = context;
    struct merkle_stack stack = {.size = 0};
    uint64_t width = UINT64_C(1) << level;
    for (uint64_t i = 0; i < width; i++)
        merkle_stack_add(&stack, &log->leaves[place * width + i]);
    merkle_stack_root(&stack, hash);
    return true;
}

static struct merkle_source source_of(const struct seal_log *log)
{
    return (struct merkle_source){.node_at = node_at, .context = (void *)(uintptr_t)log};
}

void seal_log_root(const struct seal_log *log, uint64_t size, struct merkle_hash *root)
{
    const struct merkle_source source = source_of(log);
    assert(size <= log->len);
    bool is_read = merkle_root_at(&source, size, root);
    assert(is_read);
    (void)is_read;
}

void seal_log_inclusion(const struct seal_log *log, uint64_t place, uint64_t size,
                        struct merkle_hash proof[static MERKLE_PROOF_MAX], size_t *len)
{
    const struct merkle_source source = source_of(log);
    assert(size <= log->len);
    bool is_read = merkle_inclusion(&source, place, size, proof, len);
    assert(is_read);
    (void)is_read;
}

void seal_log_consistency(const struct seal_log *log, uint64_t from, uint64_t to,
                          struct merkle_hash proof[static MERKLE_PROOF_MAX], size_t *len)
{
    const struct merkle_source source = source_of(log);
    assert(to <= log->len);
    bool is_read = merkle_consistency(&source, from, to, proof, len);
    assert(is_read);
    (void)is_read;
}

/* --- growing --- */

static enum status read_trees(struct core *core, struct seal_trees *trees)
{
    struct store *store = core->store;
    enum status status = store_ops_count(store, TREE_PRIVATE, &trees->private_size);
    if (status == STATUS_OK)
        status = store_ops_count(store, TREE_SHARED, &trees->shared_size);
    if (status == STATUS_OK)
        status = store_ledger_root(store, TREE_PRIVATE, trees->private_size,
                                   &trees->private_root);
    if (status == STATUS_OK)
        status = store_ledger_root(store, TREE_SHARED, trees->shared_size,
                                   &trees->shared_root);
    return status;
}

static enum status add_leaf(struct core *core, const struct seal_trees *trees,
                            int64_t log, uint64_t place, struct seal *seal)
{
    struct buf leaf = {0};
    struct store_seal row = {.place = place,
                             .private_size = trees->private_size,
                             .shared_size = trees->shared_size};
    rng_fill(&core->rng, "seal", NULL, row.secret, sizeof(row.secret));
    seal->wall = core->wall;
    seal_commit(seal, row.secret, trees);
    seal_write(seal, &leaf);
    enum status status = buf_status(&leaf);
    row.leaf = buf_bytes(&leaf);
    if (status == STATUS_OK)
        status = store_seal_add(core->store, log, &row);
    buf_deinit(&leaf);
    secret_wipe(&row, sizeof(row));
    if (status == STATUS_OK)
        core->seal_clock.grown++;
    return status;
}

static enum status begin_log(struct core *core, const struct seal_trees *trees,
                             const struct seal_head *former)
{
    uint8_t life[SEAL_LIFE_SIZE];
    char origin[SEAL_ORIGIN_SIZE];
    struct seal seal = {.kind = SEAL_BEGIN, .has_former = former != NULL};
    int64_t log;
    if (former != NULL)
        seal.former = *former;
    rng_fill(&core->rng, "seal-life", NULL, life, sizeof(life));
    seal_origin(origin, core->node_key, life);
    enum status status = store_seal_log_begin(core->store, origin, &log);
    return status == STATUS_OK ? add_leaf(core, trees, log, 0, &seal) : status;
}

/* Behind the last log, if there is one. */
static enum status begin_next(struct core *core, const struct seal_trees *trees,
                              const struct seal_log *last)
{
    struct seal_head former;
    if (last->len == 0)
        return begin_log(core, trees, NULL);
    memcpy(former.origin, last->origin, sizeof(former.origin));
    former.size = last->len;
    seal_log_root(last, last->len, &former.root);
    return begin_log(core, trees, &former);
}

enum status seal_log_begin_behind(struct core *core, const struct seal_head *held)
{
    struct seal_trees trees;
    core_trace(core, "seals lost: another log begins");
    enum status status = read_trees(core, &trees);
    return core_check(core, status == STATUS_OK ? begin_log(core, &trees, held) : status);
}

/* It was restored since, or has other keys: what the log says next is said in another
 * one. */
static bool is_over(const struct core *core, const struct seal_log *log,
                    const struct kept *kept, const struct id *as)
{
    uint8_t key[KEY_SIZE];
    return log->len == 0 || !seal_origin_key(log->origin, key) ||
           memcmp(key, core->node_key, KEY_SIZE) != 0 || !id_equal(&kept->as, as);
}

/* By the clock, the machine stood still for so long before this start; 0: it did not. */
static uint64_t pause_of(const struct core *core, const struct kept *kept)
{
    bool is_known = !core->seal_clock.has_looked && kept->wall != 0 && core->wall != 0;
    if (!is_known || core->wall < kept->wall ||
        core->wall - kept->wall < core->seal_clock.day_s)
        return 0;
    return core->wall - kept->wall;
}

static enum status grow(struct core *core, const struct seal_trees *trees,
                        const struct seal_log *log, struct kept *kept)
{
    struct seal seal = {.kind = SEAL_GAP, .gap_s = pause_of(core, kept)};
    uint64_t place = log->len;
    enum status status = STATUS_OK;
    if (seal.gap_s > 0)
        status = add_leaf(core, trees, log->number, place++, &seal);
    if (status != STATUS_OK || kept->ran_s < core->seal_clock.day_s)
        return status;
    seal = (struct seal){.kind = SEAL_DAY};
    kept->ran_s = 0;
    return add_leaf(core, trees, log->number, place, &seal);
}

/* With the log that grows, and what is kept beside it. */
static enum status look_at(struct core *core, const struct seal_log *log,
                           struct kept *kept)
{
    struct seal_trees trees;
    struct id as;
    enum status status = restored_as(core->store, &as);
    if (status == STATUS_OK)
        status = read_trees(core, &trees);
    if (status != STATUS_OK)
        return status;
    if (!is_over(core, log, kept, &as))
        return grow(core, &trees, log, kept);
    *kept = (struct kept){.as = as};
    return begin_next(core, &trees, log);
}

static enum status look(struct core *core)
{
    struct seal_clock *clock = &core->seal_clock;
    struct seal_log log;
    struct kept kept;
    enum status status = seal_log_read(core, &log);
    if (status == STATUS_OK || status == STATUS_NOT_FOUND)
        status = read_kept(core, &kept);
    if (status == STATUS_OK) {
        if (clock->has_looked)
            kept.ran_s += (core->now_ms - clock->looked_ms) / 1000;
        status = look_at(core, &log, &kept);
    }
    seal_log_free(&log);
    if (status != STATUS_OK)
        return status;
    uint64_t left_s = kept.ran_s < clock->day_s ? clock->day_s - kept.ran_s : 0;
    clock->has_looked = true;
    clock->looked_ms = core->now_ms;
    clock->next_ms = core->now_ms + 1000 * (left_s < SEAL_STEP_S ? left_s : SEAL_STEP_S);
    return keep(core, &kept);
}

void seal_log_tick(struct core *core)
{
    struct seal_clock *clock = &core->seal_clock;
    if (core->is_ending || core->now_ms < clock->next_ms)
        return;
    enum status status = look(core);
    if (status == STATUS_CORRUPT) {
        /* The ledger has a gap, or lacks hashes, which a look at all mends. Nothing is
         * sealed until then, and nothing else waits for it. */
        core_trace(core, "alarm kind=ledger");
        doubt_ledger(core);
        clock->next_ms = core->now_ms + 1000 * SEAL_STEP_S;
        return;
    }
    (void)core_check(core, status); /* a failure of ours shows at the commit */
}

uint64_t seal_log_deadline(const struct core *core)
{
    return core->is_ending ? UINT64_MAX : core->seal_clock.next_ms;
}
