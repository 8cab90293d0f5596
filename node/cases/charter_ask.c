/*
 * What others ask a folded charter.
 */
#include "node/cases/charter.h"

#include <string.h>

#include "node/cases/charter_state.h"

static const char *const tiers[] = {NULL, "village", "township", "county", "department"};

bool charter_is_sound(const struct charter *charter)
{
    return charter->ops[0].effect == EFFECT_YES;
}

const struct id *charter_site(const struct charter *charter)
{
    return &charter->graph.nodes[0].id;
}

enum charter_tier charter_tier(const struct charter *charter)
{
    return charter->tier;
}

const char *charter_tier_text(uint64_t tier)
{
    return tier < sizeof(tiers) / sizeof(tiers[0]) ? tiers[tier] : NULL;
}

const uint8_t *charter_recovery_key(const struct charter *charter)
{
    return charter->recovery_now;
}

bool charter_has_rotated(const struct charter *charter)
{
    return memcmp(charter->recovery_now, charter->recovery_key, 32) != 0;
}

uint32_t charter_overruled(const struct charter *charter)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < charter->rotations_len; i++)
        count += charter->ops[charter->rotations[i]].effect == EFFECT_OVERRULED;
    return count;
}

static const struct charter_past all = {.all = true, .node = GRAPH_NONE};

uint32_t charter_quorum(struct charter *charter)
{
    return charter_quorum_in(charter, &all);
}

bool charter_next_proposal(struct charter *charter, uint32_t *at,
                           struct charter_proposal *out)
{
    while (*at < charter->graph.len && charter->ops[*at].effect != EFFECT_PENDING)
        (*at)++;
    if (*at == charter->graph.len)
        return false;
    const struct charter_op *op = &charter->ops[*at];
    *out = (struct charter_proposal){
        .op = charter->graph.nodes[*at].id, .number = op->number, .need = op->need};
    memcpy(out->kind, op->kind_name, sizeof(out->kind));
    memcpy(out->author, op->author, sizeof(out->author));
    memcpy(out->key, op->key, sizeof(out->key));
    memcpy(out->noise_key, op->noise_key, sizeof(out->noise_key));
    memcpy(out->name, op->name, sizeof(out->name));
    out->words_len = charter_words_in(charter, &all, *at, out->words);
    (*at)++;
    return true;
}

const char *charter_name(const struct charter *charter)
{
    return charter->name;
}

const struct charter_person *charter_persons(const struct charter *charter, size_t *len)
{
    *len = charter->persons_len;
    return charter->persons;
}

bool charter_has_machine(const struct charter *charter,
                         const uint8_t noise_key[static 32])
{
    for (size_t i = 0; i < charter->nodes_len; i++)
        if (!charter->nodes[i].is_revoked &&
            memcmp(charter->nodes[i].noise_key, noise_key, 32) == 0)
            return true;
    return false;
}

const struct charter_node *charter_nodes(const struct charter *charter, size_t *len)
{
    *len = charter->nodes_len;
    return charter->nodes;
}

const struct charter_node *charter_node_of(const struct charter *charter,
                                           const uint8_t key[static 32])
{
    for (size_t i = 0; i < charter->nodes_len; i++)
        if (memcmp(charter->nodes[i].key, key, 32) == 0)
            return &charter->nodes[i];
    return NULL;
}

/* Whoever says what a key replaces may say it in a circle. */
bool charter_is_same_machine(const struct charter *charter, const uint8_t key[static 32],
                             const uint8_t former[static 32])
{
    for (size_t i = 0; key != NULL && i <= charter->nodes_len; i++) {
        if (memcmp(key, former, 32) == 0)
            return true;
        const struct charter_node *node = charter_node_of(charter, key);
        key = node == NULL ? NULL : node->replaced;
    }
    return false;
}

const struct charter_link *charter_links(const struct charter *charter, size_t *len)
{
    *len = charter->links_len;
    return charter->links;
}

const struct charter_link *charter_link(const struct charter *charter,
                                        const struct id *site)
{
    const struct charter_place *place = charter_place_of(charter, site);
    return place == NULL ? NULL : &charter->links[place->slot - 1];
}

const struct id *charter_parent(const struct charter *charter)
{
    const struct charter_link *last = NULL;
    uint32_t last_node = 0;
    for (uint32_t i = 0; i < charter->links_len; i++) {
        const struct charter_link *link = &charter->links[i];
        uint32_t node = graph_find(&charter->graph, &link->op);
        if (link->is_parent && (last == NULL || node > last_node)) {
            last = link;
            last_node = node;
        }
    }
    return last == NULL ? NULL : &last->site;
}

const struct id *charter_heads(const struct charter *charter, size_t *len)
{
    *len = charter->heads_len;
    return charter->heads;
}

bool charter_has(const struct charter *charter, const struct id *op)
{
    return graph_find(&charter->graph, op) != GRAPH_NONE;
}

enum effect charter_effect(const struct charter *charter, const struct id *op)
{
    uint32_t node = graph_find(&charter->graph, op);
    return node == GRAPH_NONE ? EFFECT_NO_AUTHORITY : charter->ops[node].effect;
}

/* Most questions are about the current heads, beneath which everything lies. */
static bool is_current(const struct charter *charter, const struct id *heads, size_t len)
{
    return len == charter->heads_len &&
           memcmp(heads, charter->heads, len * sizeof(*heads)) == 0;
}

struct charter_right charter_right(struct charter *charter, const struct id *heads,
                                   size_t len, const uint8_t key[static 32])
{
    struct charter_right right = {0};
    if (len == 0 || !charter_is_sound(charter))
        return right;
    for (size_t i = 0; i < len; i++)
        if (!charter_has(charter, &heads[i]))
            return right;
    right.is_known = true;
    struct charter_past past = {.all = is_current(charter, heads, len),
                                .node = GRAPH_NONE,
                                .ids = heads,
                                .ids_len = len};
    right.is_frozen = charter_is_frozen_in(charter, &past);
    if (!right.is_frozen)
        right.roles = charter_rights_in(charter, &past, key, NULL);
    right.roles_unrevoked = right.roles;
    if (charter->may_lapse) {
        past.unrevoked = true;
        right.roles_unrevoked = charter_rights_in(charter, &past, key, NULL);
    }
    return right;
}

uint32_t charter_roles(struct charter *charter, const struct id *heads, size_t len,
                       const uint8_t key[static 32])
{
    return charter_right(charter, heads, len, key).roles;
}

uint32_t charter_roles_now(struct charter *charter, const uint8_t key[static 32])
{
    return charter_roles(charter, charter->heads, charter->heads_len, key);
}

bool charter_is_revoked(const struct charter *charter, const uint8_t key[static 32])
{
    uint32_t len;
    const struct charter_claim *claims = charter_claims_of(charter, key, &len);
    for (uint32_t i = 0; i < len; i++)
        if (claims[i].role == 0 && charter->ops[claims[i].node].is_accepted)
            return true;
    return false;
}
