/*
 * What is peculiar to an escalation: who holds it, whether it may go onward, what was
 * opened later, whether it was recalled, and how far each site has come.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "node/cases/fold_state.h"

/* --- holders --- */

const uint32_t *escalation_grant(const struct fold *fold, uint32_t node, uint32_t number)
{
    const struct fold_past *past = &fold->pasts[node];
    for (uint32_t i = 0; i < past->grants_len; i++)
        if (past->grants[i] >> GRANT_SITE_SHIFT == number)
            return &past->grants[i];
    return NULL;
}

/* Where more sites were named side by side than may hold, those with the lowest ids are
 * kept: so the sum depends on the past alone, and not on the order in which it is made.
 */
static void add_grant(struct fold_past *past, uint32_t grant)
{
    uint32_t at = 0, number = grant >> GRANT_SITE_SHIFT;
    while (at < past->grants_len && past->grants[at] >> GRANT_SITE_SHIFT < number)
        at++;
    if (at < past->grants_len && past->grants[at] >> GRANT_SITE_SHIFT == number) {
        past->grants[at] |= grant;
        return;
    }
    if (at == GRANTS_MAX)
        return;
    if (past->grants_len == GRANTS_MAX)
        past->grants_len--;
    memmove(&past->grants[at + 1], &past->grants[at],
            (past->grants_len - at) * sizeof(*past->grants));
    past->grants[at] = grant;
    past->grants_len++;
}

/* Room was looked for before: one place is the founder's. */
static void grant(struct fold *fold, uint32_t node, const struct id *site,
                  uint64_t classes)
{
    if (id_equal(site, fold->site))
        return;
    add_grant(&fold->pasts[node], escalation_number(fold, site) << GRANT_SITE_SHIFT |
                                      ((uint32_t)classes & CLASS_ALL));
    if (fold->ops[node].effect == EFFECT_YES)
        fold_add_holder(fold, site, (uint32_t)classes & CLASS_ALL);
}

/* What was granted, opened and permitted at or beneath the parents. */
void escalation_begin(struct fold *fold, uint32_t node)
{
    const struct graph_node *place = &fold->graph.nodes[node];
    struct fold_past *past = &fold->pasts[node];
    *past = (struct fold_past){0};
    for (uint32_t e = 0; e < place->edges_len; e++) {
        const struct fold_past *parent =
            &fold->pasts[fold->graph.edges[place->edges + e]];
        if (e == 0) {
            *past = *parent;
            continue;
        }
        for (uint32_t i = 0; i < parent->grants_len; i++)
            add_grant(past, parent->grants[i]);
        past->is_permitted = past->is_permitted || parent->is_permitted;
        past->is_recalled = past->is_recalled || parent->is_recalled;
    }
}

/* The grant that the author's site rests on. Founders have none, and no kind of op that
 * asks for one is theirs to write: whoever is judged by it holds the scope. */
static const uint32_t *own_grant(const struct fold *fold, uint32_t node)
{
    return escalation_grant(fold, node, escalation_number(fold, fold_site(fold, node)));
}

bool escalation_holds(const struct fold *fold, uint32_t node)
{
    return own_grant(fold, node) != NULL;
}

bool escalation_has_opened(const struct fold *fold, uint32_t node)
{
    return (*own_grant(fold, node) & GRANT_OPENED) != 0;
}

/* Is there no room for one more? Holders with effect are few, in order of (time, id).
 * Who was ever one depends on the past of each op alone, since what came later, or from
 * elsewhere, must not take it back. */
static bool is_full(const struct fold *fold, uint32_t node, const struct id *site)
{
    if (id_equal(site, fold->site))
        return false;
    if (fold->is_unrevoked)
        return fold->pasts[node].grants_len == GRANTS_MAX &&
               escalation_grant(fold, node, escalation_number(fold, site)) == NULL;
    return fold->holders_len == HOLDERS_MAX && !fold_is_holder(fold, site);
}

static void apply_founding(struct fold *fold)
{
    struct bytes onward = {0};
    struct pack_reader reader = {0};
    uint32_t count = 0;
    (void)op_text(fold_op(fold, 0), "onward", &onward); /* the schema check saw to it */
    fold->pasts[0].is_permitted = bytes_equal_str(onward, "yes");
    (void)schema_list(fold_op(fold, 0), "sites", &reader, &count); /* the same */
    for (uint32_t i = 0; i < count; i++) {
        struct id site;
        uint64_t classes;
        (void)schema_next_site(&reader, &site, &classes); /* the same */
        grant(fold, 0, &site, classes);
    }
}

bool escalation_names_site(const struct fold *fold, uint32_t node)
{
    return fold_is_kind(fold, node, "onward") || fold_is_kind(fold, node, "invite");
}

/* Whom it names, and for what; the schema check saw to both. */
static void read_named(const struct op *op, struct id *site, uint64_t *classes)
{
    (void)op_id(op, "site", site);
    (void)op_uint(op, "classes", classes);
}

static enum effect judge_named(const struct fold *fold, uint32_t node)
{
    struct id site;
    uint64_t classes;
    read_named(fold_op(fold, node), &site, &classes);
    if (!fold->pasts[node].is_permitted)
        return EFFECT_NOT_PERMITTED;
    if ((classes & ~(uint64_t)(*own_grant(fold, node) & CLASS_ALL)) != 0)
        return EFFECT_TOO_WIDE;
    return is_full(fold, node, &site) ? EFFECT_FULL : EFFECT_YES;
}

static void apply_named(struct fold *fold, uint32_t node)
{
    struct id site;
    uint64_t classes;
    read_named(fold_op(fold, node), &site, &classes);
    grant(fold, node, &site, classes);
}

/* --- open --- */

struct opening {
    uint32_t node;
    const struct op_field *field;
};

/* The field that an `open` op names: one of an op beneath it, by the same site. */
static bool find_opening(struct fold *fold, uint32_t node, struct opening *out)
{
    const struct op *op = fold_op(fold, node);
    struct id target;
    struct bytes name = {0};
    char text[OP_NAME_MAX + 1] = "";
    (void)op_id(op, "op", &target); /* the schema check saw to both … */
    (void)op_text(op, "field", &name);
    assert(name.len <= OP_NAME_MAX); /* … and to this */
    memcpy(text, name.data, name.len);
    out->node = graph_find(&fold->graph, &target);
    if (out->node == GRAPH_NONE || !graph_is_before(&fold->graph, out->node, node))
        return false;
    out->field = op_field(fold_op(fold, out->node), text);
    const struct id *site = fold_site(fold, out->node);
    return out->field != NULL && site != NULL && id_equal(site, fold_site(fold, node));
}

/* What it brings, as far as this copy shows it. */
static bool read_opening(const struct op *op, struct bytes *value, struct bytes *salt)
{
    struct bytes raw_value, raw_salt;
    if (!schema_value(op, "value", &raw_value) || !schema_value(op, "salt", &raw_salt))
        return false;
    struct pack_reader value_reader = pack_reader_of(raw_value);
    struct pack_reader salt_reader = pack_reader_of(raw_salt);
    enum status status = pack_read_bin(&value_reader, value, NULL);
    if (status == STATUS_OK) /* never: schema_value saw that both fit */
        status = pack_read_bin(&salt_reader, salt, NULL);
    return status == STATUS_OK;
}

static bool fits_commitment(const struct op_field *field, struct bytes value,
                            struct bytes salt)
{
    uint8_t wanted[ID_SIZE], got[ID_SIZE];
    if (field->is_shown)
        op_commitment(wanted, field->salt, field->name, field->value);
    else
        memcpy(wanted, field->commitment, sizeof(wanted));
    op_commitment(got, salt.data, field->name, value);
    return memcmp(wanted, got, sizeof(got)) == 0;
}

static enum effect judge_open(struct fold *fold, uint32_t node)
{
    struct opening opening;
    struct bytes value, salt;
    if (!find_opening(fold, node, &opening))
        return EFFECT_WRONG_OPENING;
    if (read_opening(fold_op(fold, node), &value, &salt) &&
        !fits_commitment(opening.field, value, salt))
        return EFFECT_WRONG_OPENING;
    return EFFECT_YES;
}

static void apply_open(struct fold *fold, uint32_t node)
{
    struct opening opening;
    struct bytes value, salt;
    bool is_found = find_opening(fold, node, &opening);
    assert(is_found); /* or judge_open would have refused it */
    if (fold->ops[node].effect == EFFECT_YES &&
        read_opening(fold_op(fold, node), &value, &salt))
        fold->openings[fold->openings_len++] =
            (struct fold_opening){opening.node, opening.field->name, value};
}

/* --- one op --- */

static enum effect judge_founding(const struct fold *fold)
{
    enum effect effect = danger_judge_founding(fold);
    return effect == EFFECT_YES ? attached_judge_founding(fold) : effect;
}

static enum effect judge_kind(struct fold *fold, uint32_t node)
{
    if (node == 0)
        return judge_founding(fold);
    if (fold_is_kind(fold, node, "attached"))
        return attached_judge(fold, node);
    if (escalation_names_site(fold, node))
        return judge_named(fold, node);
    if (fold_is_kind(fold, node, "open"))
        return judge_open(fold, node);
    if (fold_is_kind(fold, node, "confirm"))
        return danger_judge_confirm(fold);
    if (fold_is_kind(fold, node, "purged") && !fold->pasts[node].is_recalled)
        return EFFECT_NOT_RECALLED;
    return escalation_talk_judge(fold, node);
}

enum effect escalation_judge(struct fold *fold, uint32_t node)
{
    enum effect effect = judge_kind(fold, node);
    return effect == EFFECT_YES && recall_beats(fold, node) ? EFFECT_RECALLED : effect;
}

/* A recall beside an op takes its effect and not what it meant to those above it: whoever
 * was named may still say that it purged. It makes nobody a holder and shows nothing. */
static bool means_something(const struct fold *fold, uint32_t node)
{
    enum effect effect = fold->ops[node].effect;
    return effect == EFFECT_YES ||
           (effect == EFFECT_RECALLED && !fold->pasts[node].is_recalled);
}

void escalation_end(struct fold *fold, uint32_t node)
{
    if (!means_something(fold, node))
        return;
    if (node == 0)
        apply_founding(fold);
    else if (fold_is_kind(fold, node, "opened"))
        add_grant(&fold->pasts[node], escalation_number(fold, fold_site(fold, node))
                                              << GRANT_SITE_SHIFT |
                                          GRANT_OPENED);
    else if (fold_is_kind(fold, node, "permit"))
        fold->pasts[node].is_permitted = true;
    else if (fold_is_kind(fold, node, "open"))
        apply_open(fold, node);
    else if (escalation_names_site(fold, node))
        apply_named(fold, node);
    else if (fold_is_kind(fold, node, "recall"))
        fold->pasts[node].is_recalled = true;
}

/* --- the sum --- */

/* What the village sent, and what it sent anew. */
static bool is_record(const struct fold *fold, uint32_t node)
{
    return node == 0 ||
           (fold->ops[node].effect == EFFECT_YES && fold_is_kind(fold, node, "update"));
}

static void sum_registers(struct fold *fold)
{
    static const char *const names[][2] = {
        {"category", "case.category"}, {"context", "case.context"},
        {"found-by", "case.found-by"}, {"narrative", "case.narrative"},
        {"place", "case.place"},       {"title", "case.title"},
        {"wish", "case.wish"}};
    for (size_t n = 0; n < sizeof(names) / sizeof(names[0]); n++) {
        for (uint32_t i = 0; i < fold->graph.len; i++)
            fold->seeds[i] =
                is_record(fold, i) && op_field(fold_op(fold, i), names[n][1]) != NULL;
        fold_sum_register(fold, names[n][0], names[n][1]);
    }
}

/* The last step of one site: of its highest rank, and there the latest. */
static uint32_t last_step(const struct fold *fold, const struct id *site)
{
    uint32_t last = GRAPH_NONE;
    for (uint32_t i = 0; i < fold->graph.len; i++) {
        const struct schema_kind *kind = fold->ops[i].kind;
        if (fold->ops[i].effect != EFFECT_YES || kind->state == NULL ||
            !id_equal(fold_site(fold, i), site))
            continue;
        if (last == GRAPH_NONE || kind->state_rank >= fold->ops[last].kind->state_rank)
            last = i;
    }
    return last;
}

static void sum_states(struct fold *fold)
{
    uint32_t last = 0;
    for (uint32_t i = 0; i < fold->holders_len; i++) {
        uint32_t step = last_step(fold, &fold->holders[i].site);
        uint32_t shown = step == GRAPH_NONE ? 0 : step;
        fold->holder_states[i] = fold->ops[shown].kind->state;
        if (shown > last)
            last = shown;
    }
    fold->sum.state = fold->is_recalled ? "recalled" : fold->ops[last].kind->state;
}

enum status escalation_sum(struct fold *fold)
{
    struct fold_sum *sum = &fold->sum;
    size_t records = 0;
    for (uint32_t i = 0; i < fold->graph.len; i++)
        records += is_record(fold, i);
    sum->writes = calloc(records * FOLD_REGISTERS_MAX, sizeof(*sum->writes));
    if (sum->writes == NULL)
        return STATUS_NO_MEMORY;
    sum_registers(fold);
    sum_states(fold);
    for (uint32_t i = 0; i < fold->graph.len; i++)
        if (fold->ops[i].effect == EFFECT_YES && fold_is_kind(fold, i, "permit"))
            sum->is_permitted = true;
    return escalation_said(fold);
}
