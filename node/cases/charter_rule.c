/*
 * Who had the right (docs/PROTOCOL.md §7). Ops are judged in order of (time, id). When a
 * revocation is accepted, ops before it by the revoked key may lose their effect: judging
 * goes on from the first of them. An accepted revocation stays, and rights only shrink
 * with each one, so this comes to an end. Where the site has set a quorum or named
 * another recovery key, what comes into force takes the effect of what stands beside it:
 * judging begins anew then, and what was in force and lost its own effect is let go a
 * bounded number of times.
 */
#include "node/cases/charter_state.h"

#include <string.h>

#include "node/cases/schema.h"

/* How often something in force is let go: each time is one more pass over the ops. */
#define LET_GO_MAX 64

static bool is_covered(struct charter *charter, const struct charter_op *revoke,
                       uint32_t node)
{
    for (uint32_t i = 0; i < revoke->covers_len; i++)
        if (graph_is_past(&charter->graph, node, charter->covers[revoke->covers + i]))
            return true;
    return false;
}

bool charter_is_in_past(struct charter *charter, const struct charter_past *past,
                        uint32_t node)
{
    if (past->all)
        return true;
    if (past->revoke != NULL)
        return is_covered(charter, past->revoke, node);
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
        if (!past->unrevoked && claims[i].role == ROLE_RECOVERY)
            continue; /* one key has it: below */
        if (!charter_is_in_past(charter, past, node) ||
            (!past->unrevoked && !charter_is_granted_in(charter, past, node)))
            continue;
        roles |= claims[i].role;
        is_revoked = is_revoked || claims[i].role == 0;
    }
    if (revoked != NULL)
        *revoked = is_revoked;
    if (!past->unrevoked && memcmp(charter_recovery_in(charter, past), key, 32) == 0)
        roles |= ROLE_RECOVERY;
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
        if (freezes(&charter->ops[node]) && charter_is_in_past(charter, past, node))
            return true;
    }
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
    return memcmp(key, charter_recovery_in(charter, past), 32) != 0 &&
           charter_rights_in(charter, past, key, NULL) != 0;
}

static uint32_t roles_needed(const struct charter_op *op)
{
    const struct schema_kind *kind = schema_kind(bytes_str(op->kind_name));
    return kind == NULL ? ROLE_STEWARD | ROLE_RECOVERY : kind->roles_own;
}

/* The roles that it is written by; what a rotation took the power from has it not. */
static uint32_t roles_of(struct charter *charter, uint32_t node, bool *is_revoked)
{
    struct charter_op *op = &charter->ops[node];
    const struct charter_past past = {.node = node};
    uint32_t roles = charter_rights_in(charter, &past, op->author, is_revoked);
    if (roles & ROLE_RECOVERY && op->kind != KIND_REVOKE &&
        charter_is_retired(charter, node)) {
        roles &= ~(uint32_t)ROLE_RECOVERY;
        *is_revoked = true;
    }
    op->by_recovery = (roles & roles_needed(op) & ROLE_RECOVERY) != 0;
    return roles & roles_needed(op);
}

static enum effect judge_words(struct charter *charter, uint32_t node)
{
    struct charter_op *op = &charter->ops[node];
    const struct charter_past past = {.node = node};
    op->need = 0;
    if (op->form != EFFECT_YES || !charter_takes_words(op))
        return op->form;
    op->need = op->by_recovery ? 1 : charter_quorum_for(charter, node);
    return charter_is_granted_in(charter, &past, node) ? EFFECT_YES : EFFECT_PENDING;
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
    if (roles_of(charter, node, &is_revoked) == 0)
        return is_revoked ? EFFECT_REVOKED : EFFECT_NO_RIGHT;
    if (op->kind == KIND_REVOKE && !may_be_revoked(charter, &past, op->key))
        return EFFECT_NO_RIGHT;
    if (op->kind != KIND_REVOKE && !is_stood_by(charter, node))
        return EFFECT_REVOKED;
    if (charter_is_frozen_in(charter, &past))
        return EFFECT_FROZEN;
    enum effect effect = charter_judge_quorum(charter, node);
    if (effect == EFFECT_YES)
        effect = charter_judge_recovery(charter, node);
    return effect == EFFECT_YES ? judge_words(charter, node) : effect;
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
    charter->may_lapse =
        charter->strange_len > 0 || charter->quorums_len + charter->rotations_len > 0;
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

/* --- in order, and anew where something came into force --- */

static bool has_acts(const struct charter *charter)
{
    return charter->quorums_len + charter->rotations_len > 0;
}

/* Nothing counts that was not judged in this pass. */
static void begin_pass(struct charter *charter)
{
    for (uint32_t i = 0; i < charter->graph.len; i++)
        charter->ops[i].effect =
            charter->ops[i].is_accepted ? charter->ops[i].form : EFFECT_PENDING;
}

static void let_all_go(struct charter *charter)
{
    for (uint32_t i = 0; i < charter->graph.len; i++)
        charter->ops[i].is_in_force = charter->ops[i].is_overruled = false;
}

/* A quorum or a rotation that is complete counts for what stands beside it. True: it did
 * not before, and some of that was judged without it. */
static bool comes_into_force(struct charter *charter, uint32_t node, uint32_t judged)
{
    struct charter_op *op = &charter->ops[node];
    bool is_act = op->kind == KIND_QUORUM || op->kind == KIND_RECOVERY;
    if (!is_act || op->effect != EFFECT_YES || op->is_in_force)
        return false;
    op->is_in_force = true;
    if (op->kind == KIND_RECOVERY)
        charter_overrule(charter, node);
    for (uint32_t i = 0; i < judged; i++)
        if (!graph_is_past(&charter->graph, i, node))
            return true;
    return false;
}

/* What is in force though the pass took its effect. */
static bool lets_go(struct charter *charter)
{
    bool any = false;
    for (uint32_t i = 0; i < charter->graph.len; i++) {
        struct charter_op *op = &charter->ops[i];
        if (!op->is_in_force || op->effect == EFFECT_YES)
            continue;
        op->is_in_force = false;
        any = true;
    }
    return any;
}

/* The node from which judging goes on: behind `at`, or further back. */
static uint32_t judge_next(struct charter *charter, uint32_t at)
{
    struct charter_op *op = &charter->ops[at];
    op->effect = judge(charter, at);
    if (op->effect != EFFECT_YES)
        return at + 1;
    if (op->kind == KIND_REVOKE && !op->is_accepted) {
        op->is_accepted = true;
        if (!has_acts(charter)) {
            uint32_t undone = first_undone(charter, at);
            return undone < at ? undone : at + 1;
        }
        let_all_go(charter);
        return 0;
    }
    uint32_t named = at;
    if (op->kind == KIND_APPROVE || op->kind == KIND_WITHDRAW) {
        charter_apply_word(charter, at);
        named = op->target;
    }
    return comes_into_force(charter, named, at) ? 0 : at + 1;
}

void charter_judge(struct charter *charter)
{
    uint32_t passes_left = LET_GO_MAX;
    do {
        uint32_t at = 0;
        begin_pass(charter);
        while (at < charter->graph.len) {
            at = judge_next(charter, at);
            if (at == 0)
                begin_pass(charter);
        }
    } while (passes_left-- > 0 && lets_go(charter));
    judge_unrevoked(charter);
}
