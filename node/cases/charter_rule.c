/*
 * Who had the right (docs/PROTOCOL.md §7). Ops are judged in order of (time, id). When a
 * revocation is accepted, ops before it by the revoked key may lose their effect: judging
 * goes on from the first of them. An accepted revocation stays, and rights only shrink
 * with each one, so this comes to an end.
 */
#include "node/cases/charter_state.h"

#include <string.h>

#include "node/cases/schema.h"

static bool is_in_past(struct charter *charter, const struct charter_past *past,
                       uint32_t node)
{
    if (past->all)
        return true;
    if (past->node != GRAPH_NONE)
        return graph_is_before(&charter->graph, node, past->node);
    return graph_is_past_of(&charter->graph, node, past->ids, past->ids_len);
}

const struct charter_claim *charter_claims_of(const struct charter *charter,
                                              const uint8_t key[static 32], uint32_t *len)
{
    uint32_t low = 0, high = charter->claims_len;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (memcmp(charter->claims[middle].key, key, 32) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    const struct charter_claim *claims = charter->claims + low;
    for (*len = 0; low + *len < charter->claims_len; (*len)++)
        if (memcmp(claims[*len].key, key, 32) != 0)
            break;
    return claims;
}

uint32_t charter_rights_in(struct charter *charter, const struct charter_past *past,
                           const uint8_t key[static 32], bool *revoked)
{
    uint32_t len, roles = 0;
    bool is_revoked = false;
    const struct charter_claim *claims = charter_claims_of(charter, key, &len);
    for (uint32_t i = 0; i < len; i++) {
        uint32_t node = claims[i].node;
        const struct charter_op *op = &charter->ops[node];
        if (past->unrevoked ? !op->was_right : op->effect != EFFECT_YES)
            continue;
        if ((claims[i].role & ~roles) == 0 && claims[i].role != 0)
            continue; /* says nothing new */
        if (!is_in_past(charter, past, node))
            continue;
        roles |= claims[i].role;
        is_revoked = is_revoked || claims[i].role == 0;
    }
    if (revoked != NULL)
        *revoked = is_revoked;
    return is_revoked ? roles & ROLE_RECOVERY : roles;
}

/* Did somebody who may write here write what this version does not understand? */
static bool freezes(const struct charter_op *op)
{
    return op->effect == EFFECT_UNKNOWN_KIND || op->effect == EFFECT_NEWER;
}

bool charter_is_frozen_in(struct charter *charter, const struct charter_past *past)
{
    for (uint32_t i = 0; i < charter->strange_len; i++) {
        uint32_t node = charter->strange[i];
        if (freezes(&charter->ops[node]) && is_in_past(charter, past, node))
            return true;
    }
    return false;
}

static bool is_covered(struct charter *charter, const struct charter_op *revoke,
                       uint32_t node)
{
    for (uint32_t i = 0; i < revoke->covers_len; i++)
        if (graph_is_past(&charter->graph, node, charter->covers[revoke->covers + i]))
            return true;
    return false;
}

/* Every accepted revocation of the author's key has to stand by the op. */
static bool is_stood_by(struct charter *charter, uint32_t node)
{
    uint32_t len;
    const struct charter_claim *claims =
        charter_claims_of(charter, charter->ops[node].author, &len);
    for (uint32_t i = 0; i < len; i++) {
        const struct charter_op *revoke = &charter->ops[claims[i].node];
        if (claims[i].role == 0 && revoke->is_accepted &&
            !is_covered(charter, revoke, node))
            return false;
    }
    return true;
}

/* A revocation names a key that came in beneath it (so that a stolen key, itself revoked,
 * cannot go on to revoke those appointed later), and never the recovery key. */
static bool may_be_revoked(struct charter *charter, const struct charter_past *past,
                           const uint8_t key[static 32])
{
    return memcmp(key, charter->recovery_key, 32) != 0 &&
           charter_rights_in(charter, past, key, NULL) != 0;
}

static uint32_t roles_needed(const struct charter_op *op)
{
    const struct schema_kind *kind = schema_kind(bytes_str(op->kind_name));
    return kind == NULL ? ROLE_STEWARD | ROLE_RECOVERY : kind->roles_own;
}

static enum effect judge(struct charter *charter, uint32_t node)
{
    const struct charter_op *op = &charter->ops[node];
    if (op->kind == KIND_FOUND || op->is_accepted)
        return op->form;
    if (charter->ops[0].effect != EFFECT_YES)
        return EFFECT_NOT_FOUNDED;
    bool is_strange = op->form == EFFECT_UNKNOWN_KIND || op->form == EFFECT_NEWER;
    if (op->form != EFFECT_YES && !is_strange)
        return op->form;
    const struct charter_past past = {.node = node};
    bool is_revoked;
    uint32_t roles = charter_rights_in(charter, &past, op->author, &is_revoked);
    if ((roles & roles_needed(op)) == 0)
        return is_revoked ? EFFECT_REVOKED : EFFECT_NO_RIGHT;
    if (op->kind == KIND_REVOKE && !may_be_revoked(charter, &past, op->key))
        return EFFECT_NO_RIGHT;
    if (op->kind != KIND_REVOKE && !is_stood_by(charter, node))
        return EFFECT_REVOKED;
    if (charter_is_frozen_in(charter, &past))
        return EFFECT_FROZEN;
    return op->form;
}

/* What lies beneath an op decides, and nothing that comes later: so this never changes
 * once the op is here, and whoever has a right now has it in this light too. */
static bool was_right(struct charter *charter, uint32_t node)
{
    const struct charter_op *op = &charter->ops[node];
    if (op->kind == KIND_FOUND || op->form != EFFECT_YES)
        return op->form == EFFECT_YES;
    if (op->kind == KIND_REVOKE || !charter->ops[0].was_right)
        return false;
    const struct charter_past past = {.node = node, .unrevoked = true};
    return (charter_rights_in(charter, &past, op->author, NULL) & roles_needed(op)) != 0;
}

static void judge_unrevoked(struct charter *charter)
{
    charter->may_lapse = charter->strange_len > 0;
    for (uint32_t i = 0; i < charter->graph.len && !charter->may_lapse; i++)
        charter->may_lapse = charter->ops[i].kind == KIND_REVOKE;
    for (uint32_t i = 0; i < charter->graph.len; i++)
        charter->ops[i].was_right = charter->may_lapse
                                        ? was_right(charter, i)
                                        : charter->ops[i].effect == EFFECT_YES;
}

/* The first op whose effect the revocation may take away; its own number where none. */
static uint32_t first_undone(struct charter *charter, uint32_t node)
{
    const struct charter_op *revoke = &charter->ops[node];
    for (uint32_t i = 0; i < node; i++) {
        const struct charter_op *op = &charter->ops[i];
        if (op->kind != KIND_FOUND && !op->is_accepted &&
            memcmp(op->author, revoke->key, 32) == 0 && !is_covered(charter, revoke, i))
            return i;
    }
    return node;
}

void charter_judge(struct charter *charter)
{
    uint32_t at = 0;
    while (at < charter->graph.len) {
        struct charter_op *op = &charter->ops[at];
        op->effect = judge(charter, at);
        if (op->kind == KIND_REVOKE && op->effect == EFFECT_YES && !op->is_accepted) {
            op->is_accepted = true;
            uint32_t undone = first_undone(charter, at);
            if (undone < at) {
                at = undone;
                continue;
            }
        }
        at++;
    }
    judge_unrevoked(charter);
}
