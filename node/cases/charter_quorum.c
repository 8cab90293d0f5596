/*
 * How many stewards an act takes (docs/PROTOCOL.md §7, docs/decisions/0024). What adds a
 * steward or a node, or changes the quorum or the recovery key, has effect in a past
 * where as many distinct stewards stand by it as the quorum asks, its author among them.
 * The quorum is the one beneath the op, so that lowering it later lets nothing through;
 * one that was raised beside the op counts as well, so that dating an op back helps
 * nobody.
 */
#include "node/cases/charter_state.h"

#include <string.h>

bool charter_takes_words(const struct charter_op *op)
{
    return op->kind == KIND_NODE || op->kind == KIND_QUORUM ||
           op->kind == KIND_RECOVERY ||
           (op->kind == KIND_PERSON && op->role == ROLE_STEWARD);
}

const struct charter_word *charter_words_of(const struct charter *charter, uint32_t node,
                                            uint32_t *len)
{
    uint32_t low = 0, high = charter->words_len;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (charter->words[middle].target < node)
            low = middle + 1;
        else
            high = middle;
    }
    const struct charter_word *words = charter->words + low;
    for (*len = 0; low + *len < charter->words_len; (*len)++)
        if (words[*len].target != node)
            break;
    return words;
}

/* --- who stands by an op --- */

struct count {
    struct charter *charter;
    const struct charter_past *past;
    uint32_t node; /* about which the words are */
    bool is_plain; /* a key that was revoked counts like any other */
    uint8_t keys[QUORUM_MAX][32];
    uint32_t len;
    bool is_enough; /* the recovery key is among them */
};

static void count_all(struct count *count);

/* What a key said that was revoked since counts where the op was complete in what the
 * revocation covers. So a thief's word helps nothing that still waited then. */
static bool is_word_kept(const struct count *count, const uint8_t *key)
{
    struct charter *charter = count->charter;
    uint32_t len;
    const struct charter_claim *claims = charter_claims_of(charter, key, &len);
    for (uint32_t i = 0; i < len; i++) {
        const struct charter_op *revoke = &charter->ops[claims[i].node];
        if (claims[i].role != 0 || !revoke->is_accepted)
            continue;
        const struct charter_past covered = {.node = GRAPH_NONE, .revoke = revoke};
        struct count then = {
            .charter = charter, .past = &covered, .node = count->node, .is_plain = true};
        count_all(&then);
        if (!then.is_enough && then.len < charter->ops[count->node].need)
            return false;
    }
    return true;
}

static void count_word(struct count *count, uint32_t word)
{
    const struct charter_op *op = &count->charter->ops[word];
    if (count->len >= QUORUM_MAX ||
        !charter_is_in_past(count->charter, count->past, word))
        return;
    for (uint32_t i = 0; i < count->len; i++)
        if (memcmp(count->keys[i], op->author, 32) == 0)
            return;
    if (!count->is_plain && !is_word_kept(count, op->author))
        return;
    memcpy(count->keys[count->len++], op->author, 32);
    count->is_enough = count->is_enough || op->by_recovery;
}

static void count_all(struct count *count)
{
    uint32_t len;
    const struct charter_word *words =
        charter_words_of(count->charter, count->node, &len);
    count_word(count, count->node);
    for (uint32_t i = 0; i < len; i++)
        if (count->charter->ops[words[i].node].effect == EFFECT_YES)
            count_word(count, words[i].node);
}

uint32_t charter_words_in(struct charter *charter, const struct charter_past *past,
                          uint32_t node, uint8_t (*keys)[32])
{
    struct count count = {.charter = charter, .past = past, .node = node};
    uint32_t need = charter->ops[node].need;
    count_all(&count);
    if (keys != NULL)
        memcpy(keys, count.keys, sizeof(count.keys));
    return count.is_enough || count.len > need ? need : count.len;
}

bool charter_is_granted_in(struct charter *charter, const struct charter_past *past,
                           uint32_t node)
{
    uint32_t need = charter->ops[node].need;
    return need <= 1 || charter_words_in(charter, past, node, NULL) == need;
}

/* --- how many it takes --- */

/* The last one holds, and what was set beside it where that is more. */
uint32_t charter_quorum_in(struct charter *charter, const struct charter_past *past)
{
    uint32_t number = 1, last = GRAPH_NONE;
    for (uint32_t i = charter->quorums_len; i > 0; i--) {
        uint32_t node = charter->quorums[i - 1];
        const struct charter_op *op = &charter->ops[node];
        if (op->effect != EFFECT_YES || !charter_is_in_past(charter, past, node) ||
            !charter_is_granted_in(charter, past, node))
            continue;
        bool is_beside =
            last == GRAPH_NONE || !graph_is_past(&charter->graph, node, last);
        if (is_beside && op->number > number)
            number = op->number;
        if (last == GRAPH_NONE)
            last = node;
    }
    return number;
}

uint32_t charter_quorum_for(struct charter *charter, uint32_t node)
{
    const struct charter_past past = {.node = node};
    uint32_t number = charter_quorum_in(charter, &past);
    for (uint32_t i = 0; i < charter->quorums_len; i++) {
        uint32_t other = charter->quorums[i];
        const struct charter_op *op = &charter->ops[other];
        if (op->is_in_force && op->number > number &&
            !graph_is_past(&charter->graph, other, node) &&
            !graph_is_past(&charter->graph, node, other))
            number = op->number;
    }
    return number;
}

/* --- judging --- */

static uint32_t stewards_beneath(struct charter *charter, uint32_t node)
{
    const struct charter_past past = {.node = node};
    uint32_t count = 0;
    for (uint32_t i = 0; i < charter->claims_len && count < QUORUM_MAX; i++) {
        const uint8_t *key = charter->claims[i].key;
        bool is_first = i == 0 || memcmp(charter->claims[i - 1].key, key, 32) != 0;
        if (is_first && charter_rights_in(charter, &past, key, NULL) & ROLE_STEWARD)
            count++;
    }
    return count;
}

static bool has_word_of(const struct charter *charter, uint32_t target, uint32_t before,
                        const uint8_t *key)
{
    uint32_t len;
    const struct charter_word *words = charter_words_of(charter, target, &len);
    for (uint32_t i = 0; i < len && words[i].node < before; i++)
        if (charter->ops[words[i].node].effect == EFFECT_YES &&
            memcmp(charter->ops[words[i].node].author, key, 32) == 0)
            return true;
    return memcmp(charter->ops[target].author, key, 32) == 0;
}

enum effect charter_judge_quorum(struct charter *charter, uint32_t node)
{
    const struct charter_op *op = &charter->ops[node];
    if (op->kind == KIND_QUORUM && op->number > stewards_beneath(charter, node))
        return EFFECT_TOO_FEW;
    if (op->kind != KIND_APPROVE && op->kind != KIND_WITHDRAW)
        return EFFECT_YES;
    if (op->target == GRAPH_NONE || !graph_is_before(&charter->graph, op->target, node))
        return EFFECT_NO_TARGET;
    bool is_late = charter->ops[op->target].effect != EFFECT_PENDING ||
                   !has_word_of(charter, op->target, node, op->author);
    return op->kind == KIND_WITHDRAW && is_late ? EFFECT_NO_TARGET : EFFECT_YES;
}

/* Whoever proposed it takes it back for good; who approved it the own word alone. */
static void take_back(struct charter *charter, const struct charter_op *withdrawal,
                      uint32_t node)
{
    uint32_t len, target = withdrawal->target;
    const struct charter_word *words = charter_words_of(charter, target, &len);
    for (uint32_t i = 0; i < len && words[i].node < node; i++) {
        struct charter_op *word = &charter->ops[words[i].node];
        if (word->effect == EFFECT_YES &&
            memcmp(word->author, withdrawal->author, 32) == 0)
            word->effect = EFFECT_WITHDRAWN;
    }
    if (memcmp(charter->ops[target].author, withdrawal->author, 32) == 0)
        charter->ops[target].effect = EFFECT_WITHDRAWN;
}

void charter_apply_word(struct charter *charter, uint32_t node)
{
    static const struct charter_past all = {.all = true, .node = GRAPH_NONE};
    const struct charter_op *op = &charter->ops[node];
    if (op->kind == KIND_WITHDRAW)
        take_back(charter, op, node);
    else if (charter->ops[op->target].effect == EFFECT_PENDING &&
             charter_is_granted_in(charter, &all, op->target))
        charter->ops[op->target].effect = EFFECT_YES;
}
