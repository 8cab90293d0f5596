/*
 * fuzz_fold: what a scope says does not depend on the order in which its ops came, nor on
 * how often; what is left out is missed alike in every order, and when it comes, nobody
 * who may hold the scope goes.
 *   input  order(4) ‖ omitted(2): bits of the shared scope's ops ‖ a history (history.h)
 */
#include "history.h"

#include "node/cases/charter.h"
#include "node/cases/fold.h"
#include "node/cases/view.h"
#include "proto/pack.h"

#define ARRIVED_MAX (2 * HISTORY_SCOPE_MAX)

/* The ops of a scope as they came to one node. */
struct arrival {
    const struct op *ops[ARRIVED_MAX];
    size_t len;
};

struct node {
    struct charter *charters[HISTORY_SITES];
    struct fold_result result;
    enum status status;
};

static uint32_t next_dice(uint32_t *dice)
{
    *dice = *dice * 1664525 + 1013904223;
    return *dice >> 8;
}

/* dice 0: as they were made, once each; else shuffled, some of them twice. */
static void arrive(struct arrival *arrival, const struct history_scope *scope,
                   uint32_t omitted, uint32_t dice)
{
    arrival->len = 0;
    for (uint32_t i = 0; i < scope->len; i++) {
        if (omitted >> i & 1)
            continue;
        arrival->ops[arrival->len++] = &scope->ops[i];
        if (dice != 0 && next_dice(&dice) % 4 == 0)
            arrival->ops[arrival->len++] = &scope->ops[i];
    }
    for (size_t i = arrival->len; dice != 0 && i > 1; i--) {
        size_t j = next_dice(&dice) % i;
        const struct op *op = arrival->ops[i - 1];
        arrival->ops[i - 1] = arrival->ops[j];
        arrival->ops[j] = op;
    }
}

static struct charter *charter_of(void *context, const struct id *head)
{
    struct node *node = context;
    for (int site = 0; site < HISTORY_SITES; site++)
        if (charter_has(node->charters[site], head))
            return node->charters[site];
    return NULL;
}

static void node_fold(struct node *node, const struct history *history, uint32_t omitted,
                      uint32_t dice)
{
    struct arrival arrival;
    *node = (struct node){0};
    for (int site = 0; site < HISTORY_SITES; site++) {
        arrive(&arrival, &history->charters[site], 0, dice);
        HOLDS(charter_new(arrival.ops, arrival.len, &node->charters[site]) == STATUS_OK);
        HOLDS(charter_is_sound(node->charters[site]));
    }
    arrive(&arrival, &history->shared, omitted, dice);
    struct fold_input input = {.ops = arrival.ops,
                               .len = arrival.len,
                               .charter_of = charter_of,
                               .context = node};
    node->status = fold_scope(&input, &node->result);
}

static void node_deinit(struct node *node)
{
    fold_result_deinit(&node->result);
    for (int site = 0; site < HISTORY_SITES; site++)
        charter_free(node->charters[site]);
}

static void check_same_charters(const struct node *a, const struct node *b)
{
    for (int site = 0; site < HISTORY_SITES; site++) {
        struct buf one = {0}, other = {0};
        charter_view(a->charters[site], &one);
        charter_view(b->charters[site], &other);
        HOLDS(pack_check(buf_bytes(&one), NULL) == STATUS_OK);
        HOLDS(bytes_equal(buf_bytes(&one), buf_bytes(&other)));
        buf_deinit(&one);
        buf_deinit(&other);
    }
}

static void check_same_results(const struct fold_result *a, const struct fold_result *b)
{
    HOLDS(a->kind == b->kind && id_equal(&a->site, &b->site));
    HOLDS(a->heads_len == b->heads_len && a->heads_len > 0);
    for (uint32_t i = 0; i < a->heads_len; i++)
        HOLDS(id_equal(&a->heads[i], &b->heads[i]));
    HOLDS(a->holders_len == b->holders_len && a->holders_len <= HOLDERS_MAX);
    for (uint32_t i = 0; i < a->holders_len; i++)
        HOLDS(id_equal(&a->holders[i].site, &b->holders[i].site) &&
              a->holders[i].classes == b->holders[i].classes);
    HOLDS(a->held_len == b->held_len);
    for (uint32_t i = 0; i < a->held_len; i++)
        HOLDS(id_equal(&a->held[i], &b->held[i]));
    HOLDS(a->effects_len == b->effects_len);
    for (uint32_t i = 0; i < a->effects_len; i++)
        HOLDS(id_equal(&a->effects[i].op, &b->effects[i].op) &&
              a->effects[i].effect == b->effects[i].effect);
    HOLDS(bytes_equal(buf_bytes(&a->view), buf_bytes(&b->view)));
}

/* More ops of the scope take nobody's place among those that may hold it. */
static void check_held_grows(const struct fold_result *part,
                             const struct fold_result *all)
{
    for (uint32_t i = 0; i < part->held_len; i++) {
        bool is_there = false;
        for (uint32_t j = 0; j < all->held_len; j++)
            is_there |= id_equal(&part->held[i], &all->held[j]);
        HOLDS(is_there);
    }
}

/* Who holds a case is decided before anybody asks: its own site, with everything. */
static void check_view(const struct fold_result *result, enum scope_kind kind)
{
    struct bytes view = buf_bytes(&result->view);
    struct id site;
    HOLDS(pack_check(view, NULL) == STATUS_OK);
    HOLDS(view_state(view).len > 0);
    HOLDS(view_refused(view) <= result->effects_len);
    if (result->kind == kind && view_site(view, &site))
        HOLDS(id_equal(&site, &result->site));
    if (kind == SCOPE_CASE)
        HOLDS(result->holders_len <= 1);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct history history;
    struct fuzz_input input = fuzz_input_of(data, size);
    uint32_t dice = fuzz_u32(&input) | 1, omitted = fuzz_u16(&input);
    history_make(&history, &input);

    struct node first, other, whole;
    node_fold(&first, &history, omitted, 0);
    node_fold(&other, &history, omitted, dice);
    HOLDS(first.status == other.status);
    HOLDS(first.status == STATUS_OK || omitted != 0);
    check_same_charters(&first, &other);
    if (first.status == STATUS_OK) {
        check_same_results(&first.result, &other.result);
        check_view(&first.result, history.shared.kind);
        node_fold(&whole, &history, 0, 0);
        HOLDS(whole.status == STATUS_OK);
        check_held_grows(&first.result, &whole.result);
        node_deinit(&whole);
    } else {
        HOLDS(first.status == STATUS_NOT_FOUND || first.status == STATUS_INVALID);
    }
    node_deinit(&first);
    node_deinit(&other);
    return 0;
}
