#include "node/cases/charter.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/sign.h"
#include "node/cases/charter_state.h"
#include "node/cases/schema.h"

/* --- reading ops --- */

static void copy_text(char *out, size_t size, struct bytes text)
{
    size_t len = text.len < size ? text.len : size - 1; /* never: within the limits */
    assert(len > 0);
    memcpy(out, text.data, len);
    out[len] = '\0';
}

static void read_text(const struct op *op, const char *name, char *out, size_t size)
{
    struct bytes text = {0};
    (void)op_text(op, name, &text); /* the schema check saw to it */
    copy_text(out, size, text);
}

static void read_key(const struct op *op, const char *name, uint8_t out[static 32])
{
    struct id id = {0};
    (void)op_id(op, name, &id); /* the schema check saw to it */
    memcpy(out, id.bytes, 32);
}

static bool has_sound_key(const struct op *op, const char *name)
{
    uint8_t key[32];
    read_key(op, name, key);
    return sign_key_is_sound(key);
}

static void read_found(struct charter *charter, struct charter_op *entry,
                       const struct op *op)
{
    uint64_t tier = 0;
    (void)op_uint(op, "tier", &tier); /* checked below */
    charter->tier = (enum charter_tier)tier;
    read_text(op, "name", charter->name, sizeof(charter->name));
    read_text(op, "steward-name", entry->name, sizeof(entry->name));
    read_key(op, "steward-key", entry->key);
    read_key(op, "noise-key", entry->noise_key);
    read_key(op, "recovery-key", charter->recovery_key);
    if (tier < TIER_VILLAGE || !has_sound_key(op, "steward-key") ||
        !has_sound_key(op, "node-key") || !has_sound_key(op, "recovery-key") ||
        memcmp(charter->recovery_key, entry->key, 32) == 0)
        entry->form = EFFECT_BAD_FIELD;
    else if (memcmp(op->author, entry->key, 32) != 0)
        entry->form = EFFECT_NO_RIGHT;
}

static void read_appointment(struct charter_op *entry, const struct op *op)
{
    struct bytes role = {0};
    read_key(op, "key", entry->key);
    read_text(op, "name", entry->name, sizeof(entry->name));
    if (entry->kind == KIND_NODE) {
        read_key(op, "noise-key", entry->noise_key);
        read_key(op, "replaces", entry->replaced); /* zeros where it replaces none */
        entry->role = ROLE_NODE;
    } else {
        (void)op_text(op, "role", &role); /* the schema check saw to it */
        entry->role = role_from_text(role);
    }
    if (!sign_key_is_sound(entry->key))
        entry->form = EFFECT_BAD_FIELD;
}

static void read_link(struct charter_op *entry, const struct op *op)
{
    struct bytes as = {0};
    (void)op_id(op, "site", &entry->site); /* the schema check saw to it */
    (void)op_text(op, "as", &as);
    entry->is_parent = bytes_equal_str(as, "parent");
    if (id_equal(&entry->site, &op->scope))
        entry->form = EFFECT_BAD_FIELD;
}

/* Ids of ops that are not here are passed over. */
static void read_revoke(struct charter *charter, struct charter_op *entry,
                        const struct op *op, uint32_t *covers_len)
{
    struct pack_reader reader = {0};
    uint32_t count = 0;
    read_key(op, "key", entry->key);
    (void)schema_list(op, "covers", &reader, &count); /* the schema check saw to it */
    entry->covers = *covers_len;
    for (uint32_t i = 0; i < count; i++) {
        struct id id;
        (void)schema_next_id(&reader, &id); /* the same */
        uint32_t node = graph_find(&charter->graph, &id);
        if (node == GRAPH_NONE)
            continue;
        charter->covers[(*covers_len)++] = node;
        entry->covers_len++;
    }
}

static void read_quorum(struct charter *charter, struct charter_op *entry,
                        const struct op *op)
{
    uint64_t number = 0;
    (void)op_uint(op, "number", &number); /* the schema check saw to it */
    entry->number = (uint32_t)number;
    if (number == 0)
        entry->form = EFFECT_BAD_FIELD;
    else
        charter->quorums[charter->quorums_len++] = (uint32_t)(entry - charter->ops);
}

static void read_recovery(struct charter *charter, struct charter_op *entry,
                          const struct op *op)
{
    read_key(op, "key", entry->key);
    entry->role = ROLE_RECOVERY;
    if (!sign_key_is_sound(entry->key))
        entry->form = EFFECT_BAD_FIELD;
    else
        charter->rotations[charter->rotations_len++] = (uint32_t)(entry - charter->ops);
}

/* What it names is judged when all ops are read. */
static void read_word(struct charter *charter, struct charter_op *entry,
                      const struct op *op)
{
    struct id id = {0};
    (void)op_id(op, "op", &id); /* the schema check saw to it */
    entry->target = graph_find(&charter->graph, &id);
}

static enum charter_kind kind_of(const struct op *op)
{
    static const char *const names[KINDS] = {NULL,       "found",   "person", "node",
                                             "link",     "revoke",  "quorum", "approve",
                                             "withdraw", "recovery"};
    for (int kind = KIND_FOUND; kind < KINDS; kind++)
        if (op_is_kind(op, names[kind]))
            return (enum charter_kind)kind;
    return KIND_OTHER;
}

static void read_op(struct charter *charter, struct charter_op *entry,
                    const struct op *op, uint32_t *covers_len)
{
    const struct schema_kind *kind = schema_kind(op->kind);
    entry->kind = kind_of(op);
    memcpy(entry->author, op->author, sizeof(entry->author));
    copy_text(entry->kind_name, sizeof(entry->kind_name), op->kind);
    entry->form = schema_check_op(op);
    if (entry->form == EFFECT_YES && kind->scope != SCOPE_CHARTER)
        entry->form = EFFECT_WRONG_SCOPE;
    if (entry->form == EFFECT_UNKNOWN_KIND || entry->form == EFFECT_NEWER) {
        entry->kind = KIND_OTHER;
        charter->strange[charter->strange_len++] = (uint32_t)(entry - charter->ops);
    }
    if (entry->form != EFFECT_YES)
        return;
    if (entry->kind == KIND_FOUND)
        read_found(charter, entry, op);
    else if (entry->kind == KIND_PERSON || entry->kind == KIND_NODE)
        read_appointment(entry, op);
    else if (entry->kind == KIND_LINK)
        read_link(entry, op);
    else if (entry->kind == KIND_QUORUM)
        read_quorum(charter, entry, op);
    else if (entry->kind == KIND_RECOVERY)
        read_recovery(charter, entry, op);
    else if (entry->kind == KIND_APPROVE || entry->kind == KIND_WITHDRAW)
        read_word(charter, entry, op);
    else
        read_revoke(charter, entry, op, covers_len);
}

/* --- claims about keys --- */

static void add_claim(struct charter *charter, const uint8_t key[static 32],
                      uint32_t node, uint32_t role)
{
    struct charter_claim *claim = &charter->claims[charter->claims_len++];
    memcpy(claim->key, key, sizeof(claim->key));
    claim->node = node;
    claim->role = role;
}

static int compare_numbers(uint32_t a, uint32_t b)
{
    return (a > b) - (a < b);
}

static int compare_claims(const void *a, const void *b)
{
    const struct charter_claim *one = a, *other = b;
    int order = memcmp(one->key, other->key, 32);
    if (order != 0)
        return order;
    if (one->node != other->node)
        return compare_numbers(one->node, other->node);
    return compare_numbers(one->role, other->role);
}

static void make_claims(struct charter *charter, const struct op *found)
{
    uint8_t node_key[32];
    read_key(found, "node-key", node_key);
    add_claim(charter, charter->ops[0].key, 0, ROLE_STEWARD);
    add_claim(charter, node_key, 0, ROLE_NODE);
    add_claim(charter, charter->recovery_key, 0, ROLE_RECOVERY);
    for (uint32_t i = 1; i < charter->graph.len; i++) {
        const struct charter_op *op = &charter->ops[i];
        bool is_claim = op->kind == KIND_PERSON || op->kind == KIND_NODE ||
                        op->kind == KIND_REVOKE || op->kind == KIND_RECOVERY;
        if (op->form == EFFECT_YES && is_claim)
            add_claim(charter, op->key, i, op->kind == KIND_REVOKE ? 0 : op->role);
    }
    qsort(charter->claims, charter->claims_len, sizeof(*charter->claims), compare_claims);
}

/* --- words about ops --- */

static int compare_words(const void *a, const void *b)
{
    const struct charter_word *one = a, *other = b;
    int order = compare_numbers(one->target, other->target);
    return order != 0 ? order : compare_numbers(one->node, other->node);
}

static void make_words(struct charter *charter)
{
    for (uint32_t i = 1; i < charter->graph.len; i++) {
        struct charter_op *op = &charter->ops[i];
        bool is_word = op->kind == KIND_APPROVE || op->kind == KIND_WITHDRAW;
        if (op->form != EFFECT_YES || !is_word || op->target == GRAPH_NONE)
            continue;
        const struct charter_op *target = &charter->ops[op->target];
        if (target->form != EFFECT_YES || !charter_takes_words(target))
            op->target = GRAPH_NONE;
        else if (op->kind == KIND_APPROVE)
            charter->words[charter->words_len++] =
                (struct charter_word){.target = op->target, .node = i};
    }
    qsort(charter->words, charter->words_len, sizeof(*charter->words), compare_words);
}

/* --- the charter as it stands now --- */

static int compare_heads(const void *a, const void *b)
{
    return id_compare(a, b);
}

static void list_heads(struct charter *charter)
{
    for (uint32_t i = 0; i < charter->graph.len; i++)
        if (charter->graph.nodes[i].is_head)
            charter->heads[charter->heads_len++] = charter->graph.nodes[i].id;
    qsort(charter->heads, charter->heads_len, sizeof(*charter->heads), compare_heads);
}

/* Where the members of a key are remembered: at its first claim. */
static uint32_t *slot_of(const struct charter *charter, uint32_t *slots,
                         const uint8_t *key)
{
    uint32_t len;
    return &slots[charter_claims_of(charter, key, &len) - charter->claims];
}

static struct charter_person *person_of(struct charter *charter, const uint8_t *key,
                                        const struct id *op)
{
    uint32_t *slot = slot_of(charter, charter->person_slots, key);
    if (*slot != 0)
        return &charter->persons[*slot - 1];
    struct charter_person *person = &charter->persons[charter->persons_len++];
    *slot = charter->persons_len;
    memcpy(person->key, key, sizeof(person->key));
    person->op = *op;
    return person;
}

static struct charter_node *node_of(struct charter *charter, const uint8_t *key,
                                    const struct id *op)
{
    uint32_t *slot = slot_of(charter, charter->node_slots, key);
    if (*slot != 0)
        return &charter->nodes[*slot - 1];
    struct charter_node *node = &charter->nodes[charter->nodes_len++];
    *slot = charter->nodes_len;
    memcpy(node->key, key, sizeof(node->key));
    node->op = *op;
    return node;
}

static int compare_places(const void *a, const void *b)
{
    const struct charter_place *one = a, *other = b;
    int order = id_compare(&one->site, &other->site);
    return order != 0 ? order : compare_numbers(one->node, other->node);
}

static void make_places(struct charter *charter)
{
    for (uint32_t i = 0; i < charter->graph.len; i++) {
        const struct charter_op *op = &charter->ops[i];
        if (op->kind == KIND_LINK && op->effect == EFFECT_YES)
            charter->places[charter->places_len++] =
                (struct charter_place){.site = op->site, .node = i};
    }
    qsort(charter->places, charter->places_len, sizeof(*charter->places), compare_places);
}

struct charter_place *charter_place_of(const struct charter *charter,
                                       const struct id *site)
{
    uint32_t low = 0, high = charter->places_len;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (id_compare(&charter->places[middle].site, site) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    bool is_there =
        low < charter->places_len && id_equal(&charter->places[low].site, site);
    return is_there ? &charter->places[low] : NULL;
}

static struct charter_link *link_of(struct charter *charter, const struct id *site)
{
    struct charter_place *place = charter_place_of(charter, site);
    if (place->slot == 0) {
        charter->links[charter->links_len++].site = *site;
        place->slot = charter->links_len;
    }
    return &charter->links[place->slot - 1];
}

static void list_person(struct charter *charter, const struct charter_op *op,
                        const struct id *id, uint32_t role)
{
    struct charter_person *person = person_of(charter, op->key, id);
    memcpy(person->name, op->name, sizeof(person->name));
    person->roles |= role;
}

static void list_node(struct charter *charter, const uint8_t *key,
                      const struct charter_op *op, const struct id *id)
{
    struct charter_node *node = node_of(charter, key, id);
    memcpy(node->noise_key, op->noise_key, sizeof(node->noise_key));
    if (op->kind != KIND_NODE)
        return;
    memcpy(node->name, op->name, sizeof(node->name));
    memcpy(node->replaced, op->replaced, sizeof(node->replaced));
}

static void list_members(struct charter *charter, const struct op *found)
{
    uint8_t found_node[32];
    read_key(found, "node-key", found_node);
    make_places(charter);
    for (uint32_t i = 0; i < charter->graph.len; i++) {
        const struct charter_op *op = &charter->ops[i];
        const struct id *id = &charter->graph.nodes[i].id;
        if (op->effect != EFFECT_YES)
            continue;
        if (op->kind == KIND_FOUND) {
            list_person(charter, op, id, ROLE_STEWARD);
            list_node(charter, found_node, op, id);
        } else if (op->kind == KIND_PERSON) {
            list_person(charter, op, id, op->role);
        } else if (op->kind == KIND_NODE) {
            list_node(charter, op->key, op, id);
        } else if (op->kind == KIND_LINK) {
            struct charter_link *link = link_of(charter, &op->site);
            link->is_parent = op->is_parent;
            link->op = *id;
        }
    }
    for (uint32_t i = 0; i < charter->persons_len; i++)
        charter->persons[i].is_revoked =
            charter_is_revoked(charter, charter->persons[i].key);
    for (uint32_t i = 0; i < charter->nodes_len; i++)
        charter->nodes[i].is_revoked = charter_is_revoked(charter, charter->nodes[i].key);
}

/* --- the whole --- */

static enum status allocate(struct charter *charter, const struct op_source *source)
{
    size_t covers_max = 0;
    for (size_t i = 0; i < source->len; i++) {
        const struct op *op = op_source_at(source, i);
        struct pack_reader reader;
        uint32_t count;
        if (op_is_kind(op, "revoke") && schema_list(op, "covers", &reader, &count))
            covers_max += count;
    }
    uint32_t nodes = charter->graph.len;
    charter->ops = calloc(nodes, sizeof(*charter->ops));
    charter->covers = calloc(covers_max + 1, sizeof(*charter->covers));
    charter->claims = calloc((size_t)nodes + 3, sizeof(*charter->claims));
    charter->heads = calloc(nodes, sizeof(*charter->heads));
    charter->persons = calloc(nodes, sizeof(*charter->persons));
    charter->nodes = calloc(nodes, sizeof(*charter->nodes));
    charter->links = calloc(nodes, sizeof(*charter->links));
    charter->places = calloc(nodes, sizeof(*charter->places));
    charter->strange = calloc(nodes, sizeof(*charter->strange));
    charter->words = calloc(nodes, sizeof(*charter->words));
    charter->quorums = calloc(nodes, sizeof(*charter->quorums));
    charter->rotations = calloc(nodes, sizeof(*charter->rotations));
    charter->person_slots = calloc((size_t)nodes + 3, sizeof(*charter->person_slots));
    charter->node_slots = calloc((size_t)nodes + 3, sizeof(*charter->node_slots));
    bool is_full = charter->ops != NULL && charter->covers != NULL &&
                   charter->claims != NULL && charter->heads != NULL &&
                   charter->persons != NULL && charter->nodes != NULL &&
                   charter->links != NULL && charter->places != NULL &&
                   charter->strange != NULL && charter->words != NULL &&
                   charter->quorums != NULL && charter->rotations != NULL &&
                   charter->person_slots != NULL && charter->node_slots != NULL;
    return is_full ? STATUS_OK : STATUS_NO_MEMORY;
}

enum status charter_new(const struct op *const *ops, size_t len, struct charter **out)
{
    const struct op_source source = op_source_of(ops, len);
    return charter_new_from(&source, out);
}

enum status charter_new_from(const struct op_source *source, struct charter **out)
{
    *out = NULL;
    struct charter *charter = calloc(1, sizeof(*charter));
    if (charter == NULL)
        return STATUS_NO_MEMORY;
    enum status status = graph_init_from(&charter->graph, source);
    if (status != STATUS_OK)
        goto free_charter;
    status = allocate(charter, source);
    if (status != STATUS_OK)
        goto free_charter;
    uint32_t covers_len = 0;
    for (uint32_t i = 0; i < charter->graph.len; i++)
        read_op(charter, &charter->ops[i],
                op_source_at(source, charter->graph.nodes[i].source), &covers_len);
    const struct op *found = op_source_at(source, charter->graph.nodes[0].source);
    make_claims(charter, found);
    make_words(charter);
    charter_judge(charter);
    const struct charter_past all = {.all = true, .node = GRAPH_NONE};
    memcpy(charter->recovery_now, charter_recovery_in(charter, &all), 32);
    list_heads(charter);
    list_members(charter, found);
    *out = charter;
    return STATUS_OK;
free_charter:
    charter_free(charter);
    return status;
}

void charter_free(struct charter *charter)
{
    if (charter == NULL)
        return;
    graph_deinit(&charter->graph);
    free(charter->ops);
    free(charter->covers);
    free(charter->claims);
    free(charter->heads);
    free(charter->persons);
    free(charter->nodes);
    free(charter->links);
    free(charter->places);
    free(charter->strange);
    free(charter->words);
    free(charter->quorums);
    free(charter->rotations);
    free(charter->person_slots);
    free(charter->node_slots);
    free(charter);
}
