/*
 * Which recovery key is in force (docs/PROTOCOL.md §7, docs/decisions/0024). A rotation
 * names another one, and the key before it has no power left in what does not lie beneath
 * the rotation: where it wrote that makes no difference. Of rotations side by side one
 * holds: what the recovery key itself named before what stewards named, and else the one
 * that was complete first in the order of the fold.
 */
#include "node/cases/charter_state.h"

#include <string.h>

const uint8_t *charter_recovery_in(struct charter *charter,
                                   const struct charter_past *past)
{
    for (uint32_t i = charter->rotations_len; i > 0; i--) {
        uint32_t node = charter->rotations[i - 1];
        const struct charter_op *op = &charter->ops[node];
        if (op->effect == EFFECT_YES && charter_is_in_past(charter, past, node) &&
            charter_is_granted_in(charter, past, node))
            return op->key;
    }
    return charter->recovery_key;
}

static bool is_beside(struct charter *charter, uint32_t one, uint32_t other)
{
    return !graph_is_past(&charter->graph, one, other) &&
           !graph_is_past(&charter->graph, other, one);
}

static bool is_same_author(const struct charter_op *one, const struct charter_op *other)
{
    return memcmp(one->author, other->author, 32) == 0;
}

/* May the recovery key write this although stewards named another one beside it? It may
 * approve that, and name one itself. */
static bool is_spared(const struct charter_op *op, uint32_t rotation,
                      const struct charter_op *by)
{
    if (op->kind == KIND_APPROVE)
        return op->target == rotation;
    return op->kind == KIND_RECOVERY && !(by->by_recovery && is_same_author(op, by));
}

bool charter_is_retired(struct charter *charter, uint32_t node)
{
    const struct charter_past past = {.node = node};
    for (uint32_t i = 0; i < charter->rotations_len; i++) {
        uint32_t rotation = charter->rotations[i];
        const struct charter_op *by = &charter->ops[rotation];
        if (!by->is_in_force || graph_is_past(&charter->graph, node, rotation) ||
            is_spared(&charter->ops[node], rotation, by))
            continue;
        bool is_seen = charter_is_in_past(charter, &past, rotation) &&
                       charter_is_granted_in(charter, &past, rotation);
        if (!is_seen) /* else the author has the newer key */
            return true;
    }
    return false;
}

/* Does a rotation in force stand beside it that comes first? Of two that one recovery key
 * named the other is retired by the first (charter_is_retired): it does not come here as
 * one of that key. */
static bool loses(struct charter *charter, uint32_t node)
{
    const struct charter_op *op = &charter->ops[node];
    for (uint32_t i = 0; i < charter->rotations_len; i++) {
        uint32_t other = charter->rotations[i];
        if (other != node && !op->by_recovery && charter->ops[other].is_in_force &&
            is_beside(charter, node, other))
            return true;
    }
    return op->is_overruled;
}

/* A key that anybody had in this charter does not become the recovery key, and none comes
 * back. */
static bool is_used(struct charter *charter, uint32_t node)
{
    const struct charter_past past = {.node = node};
    const uint8_t *key = charter->ops[node].key;
    uint32_t len;
    const struct charter_claim *claims = charter_claims_of(charter, key, &len);
    for (uint32_t i = 0; i < len; i++)
        if (claims[i].node != node && charter_is_in_past(charter, &past, claims[i].node))
            return true;
    return false;
}

enum effect charter_judge_recovery(struct charter *charter, uint32_t node)
{
    if (charter->ops[node].kind != KIND_RECOVERY)
        return EFFECT_YES;
    if (is_used(charter, node))
        return EFFECT_KEY_USED;
    return loses(charter, node) ? EFFECT_OVERRULED : EFFECT_YES;
}

void charter_overrule(struct charter *charter, uint32_t node)
{
    for (uint32_t i = 0; i < charter->rotations_len; i++) {
        uint32_t other = charter->rotations[i];
        struct charter_op *by = &charter->ops[other];
        if (other != node && by->is_in_force && is_beside(charter, node, other)) {
            by->is_overruled = true;
            by->is_in_force = false;
        }
    }
}
