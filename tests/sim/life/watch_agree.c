#include "tests/sim/life/watch_agree.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "node/cases/fold.h"
#include "node/core/admit.h"
#include "node/core/charters.h"
#include "node/core/derived.h"
#include "node/core/scope_ops.h"
#include "node/core/state.h"

#define STRIDE_S 977 /* seconds between clocks made up for I9 */

/* --- I1: the same ops in the same form are the same view ------------------------------
 */

/* In whatever order the store gives them. */
static enum status add_op(void *context, const struct store_op *row)
{
    struct id *sum = context;
    uint8_t hash[DIGEST_SIZE];
    digest_of(hash, "fengqiao/test/op", row->bytes.data, row->bytes.len);
    for (int i = 0; i < ID_SIZE; i++)
        sum->bytes[i] ^= hash[i];
    return STATUS_OK;
}

static enum status digest_view(void *context, const struct store_scope *scope)
{
    digest_add(context, scope->view.data, scope->view.len);
    return STATUS_OK;
}

static bool sum_scope(struct store *store, const struct id *scope, struct id *ops,
                      struct id *view)
{
    struct digest digest;
    *ops = (struct id){0};
    enum status status = store_ops_of_scope(store, scope, add_op, ops);
    digest_init(&digest, "fengqiao/test/view");
    if (status == STATUS_OK)
        status = store_scope_get(store, scope, digest_view, &digest);
    digest_final(&digest, view->bytes);
    return status == STATUS_OK;
}

struct pair {
    struct sim_host *a, *b;
    uint32_t alike;
};

static void compare_views(struct pair *pair, const struct id *scope)
{
    struct id ops_a, ops_b, view_a, view_b;
    if (!sum_scope(pair->a->config.store, scope, &ops_a, &view_a) ||
        !sum_scope(pair->b->config.store, scope, &ops_b, &view_b)) {
        sim_fail(pair->a->sim, "I1", "a scope of %s and %s cannot be read",
                 pair->a->address, pair->b->address);
        return;
    }
    if (!id_equal(&ops_a, &ops_b))
        return; /* one of them may see less */
    pair->alike++;
    if (id_equal(&view_a, &view_b))
        return;
    char hex[2 * ID_SIZE + 1];
    hex_encode(hex, scope->bytes, ID_SIZE);
    sim_fail(pair->a->sim, "I1", "%s and %s read the same ops of %.16s… differently",
             pair->a->address, pair->b->address, hex);
}

static enum status compare_held(void *context, const struct id *scope)
{
    compare_views(context, scope);
    return STATUS_OK;
}

void watch_agree_pair(struct sim_host *a, struct sim_host *b)
{
    struct pair pair = {a, b, 0};
    compare_views(&pair, &a->site);
    compare_views(&pair, &b->site);
    if (store_scopes_held(a->config.store, SCOPE_ESCALATION, &a->site, &b->site,
                          compare_held, &pair) != STATUS_OK)
        sim_fail(a->sim, "I14", "what both hold cannot be read");
    sim_trace(a->sim, a, "reads %u scopes as %s does", pair.alike, b->address);
}

/* --- rebuilding ------------------------------------------------------------------------
 */

bool watch_agree_rebuild(struct sim_host *host, struct buf *said)
{
    struct buf before = {0};
    enum status status = store_dump(host->config.store, &before);
    if (status == STATUS_OK)
        status = derived_rebuild(host->core, NULL, NULL);
    buf_clear(said);
    if (status == STATUS_OK)
        status = store_dump(host->config.store, said);
    bool may_differ = host->is_flawed && !host->is_sound;
    if (status == STATUS_OK && !may_differ &&
        !bytes_equal(buf_bytes(&before), buf_bytes(said)))
        sim_fail(host->sim, "I1", "%s says something else once it is rebuilt",
                 host->address);
    buf_deinit(&before);
    return status == STATUS_OK;
}

/* --- I11: everything again -------------------------------------------------------------
 */

struct again {
    struct sim_host *host;
    struct op *op;
    int64_t *seqs;
    uint64_t len, capacity;
};

static enum status keep_seq(void *context, const struct store_op *row)
{
    struct again *again = context;
    if (again->len == again->capacity) {
        again->capacity = again->capacity == 0 ? 256 : 2 * again->capacity;
        again->seqs = realloc(again->seqs, again->capacity * sizeof(*again->seqs));
        assert(again->seqs != NULL);
    }
    again->seqs[again->len++] = row->seq;
    return STATUS_OK;
}

static enum status copy_bytes(void *context, const struct store_op *row)
{
    buf_add(context, row->bytes.data, row->bytes.len);
    return STATUS_OK;
}

static void say_again(struct again *again, int64_t seq)
{
    struct sim_host *host = again->host;
    struct buf bytes = {0};
    enum status status = store_op_at(host->config.store, seq, copy_bytes, &bytes);
    if (status == STATUS_OK)
        status = op_decode_bytes(again->op, buf_bytes(&bytes), NULL);
    if (status == STATUS_OK)
        status = op_rebuild(again->op);
    if (status == STATUS_OK)
        status = admit_op(host->core, again->op, buf_bytes(&bytes), NULL, NULL);
    buf_deinit(&bytes);
    if (status != STATUS_EXISTS)
        sim_fail(host->sim, "I11", "%s is told op %lld again: %s", host->address,
                 (long long)seq, status_name(status));
}

void watch_agree_again(struct sim_host *host, const struct buf *said)
{
    struct again again = {.host = host, .op = calloc(1, sizeof(struct op))};
    struct buf after = {0};
    assert(again.op != NULL);
    enum status status = store_ops_all(host->config.store, 1, keep_seq, &again);
    if (status == STATUS_OK)
        status = core_begin(host->core);
    for (uint64_t left = again.len; status == STATUS_OK && left > 0; left--) {
        uint64_t at = sim_dice(host->sim, "again", (uint64_t)host->index, left) % left;
        int64_t seq = again.seqs[at];
        again.seqs[at] = again.seqs[left - 1];
        say_again(&again, seq);
    }
    if (status == STATUS_OK)
        status = core_commit(host->core);
    if (status == STATUS_OK)
        status = store_dump(host->config.store, &after);
    if (status != STATUS_OK)
        sim_fail(host->sim, "I14", "%s cannot be told again: %s", host->address,
                 status_name(status));
    else if (!bytes_equal(buf_bytes(said), buf_bytes(&after)))
        sim_fail(host->sim, "I11", "%s changes when it is told again", host->address);
    buf_deinit(&after);
    free(again.seqs);
    free(again.op);
}

/* --- I9: other clocks, the same effects ------------------------------------------------
 */

static bool fold_with(struct sim_host *host, const struct scope_ops *ops,
                      struct fold_result *out)
{
    struct fold_input input = {.ops = ops->ops,
                               .len = ops->len,
                               .charter_of = charters_of_head,
                               .context = host->core};
    *out = (struct fold_result){0};
    return fold_scope(&input, out) == STATUS_OK;
}

static bool is_alike(const struct fold_result *a, const struct fold_result *b)
{
    bool alike = a->effects_len == b->effects_len && a->heads_len == b->heads_len &&
                 a->holders_len == b->holders_len && a->held_len == b->held_len;
    for (uint32_t i = 0; alike && i < a->effects_len; i++)
        alike = id_equal(&a->effects[i].op, &b->effects[i].op) &&
                a->effects[i].effect == b->effects[i].effect;
    for (uint32_t i = 0; alike && i < a->heads_len; i++)
        alike = id_equal(&a->heads[i], &b->heads[i]);
    for (uint32_t i = 0; alike && i < a->holders_len; i++)
        alike = id_equal(&a->holders[i].site, &b->holders[i].site) &&
                a->holders[i].classes == b->holders[i].classes;
    return alike;
}

/* Folds a scope as it is, and as if every author had had another clock. */
static enum status turn_clocks(void *context, const struct store_scope *scope)
{
    struct sim_host *host = context;
    struct scope_ops ops = {0};
    struct fold_result before, after = {0};
    if (scope_ops_load(&ops, host->config.store, &scope->id) != STATUS_OK)
        return STATUS_CORRUPT;
    bool folds = fold_with(host, &ops, &before);
    struct op *turned = calloc(ops.len + 1, sizeof(*turned));
    const struct op **kept = calloc(ops.len + 1, sizeof(*kept));
    assert(turned != NULL && kept != NULL);
    memcpy(kept, ops.ops, ops.len * sizeof(*kept));
    for (size_t i = 0; folds && i < ops.len; i++) {
        turned[i] = *ops.ops[i];
        turned[i].wall =
            i % 3 == 0 ? 0 : (ops.len - i) * STRIDE_S * (i % 3 == 1 ? 1u : 9999u);
        ops.ops[i] = &turned[i];
    }
    folds = folds && fold_with(host, &ops, &after);
    if (!folds)
        sim_fail(host->sim, "I9", "%s cannot fold a scope with other clocks",
                 host->address);
    else if (!is_alike(&before, &after))
        sim_fail(host->sim, "I9", "%s: an effect hangs on a wall clock", host->address);
    if (folds)
        fold_result_deinit(&after);
    fold_result_deinit(&before);
    for (size_t i = 0; i < ops.len; i++)
        ops.ops[i] = kept[i];
    free(kept);
    free(turned);
    scope_ops_deinit(&ops);
    return STATUS_OK;
}

void watch_agree_clocks(struct sim_host *host)
{
    enum status status =
        store_scopes_of_kind(host->config.store, SCOPE_CASE, 0, turn_clocks, host);
    if (status == STATUS_OK)
        status = store_scopes_of_kind(host->config.store, SCOPE_ESCALATION, 0,
                                      turn_clocks, host);
    if (status != STATUS_OK)
        sim_fail(host->sim, "I14", "%s: its scopes cannot be read", host->address);
}
