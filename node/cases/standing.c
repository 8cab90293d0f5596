#include "node/cases/standing.h"

#include "proto/op.h"

/* Views list the shown one first, that is, backwards. */
static void turn_round(struct standing *standing)
{
    for (uint32_t i = 0; i < standing->len / 2; i++) {
        struct standing_one one = standing->all[i];
        standing->all[i] = standing->all[standing->len - 1 - i];
        standing->all[standing->len - 1 - i] = one;
    }
}

static bool add_write(void *context, struct bytes entry)
{
    struct standing *standing = context;
    struct standing_one *one = &standing->all[standing->len++];
    one->entry = entry;
    (void)view_map_get(entry, "value", &one->value); /* nil where it is not shown */
    return standing->len < STANDING_MAX;
}

/* --- triages and consents: whole ops, as the journal has them --- */

struct entry_search {
    struct id op;
    struct bytes entry;
};

static bool match_entry(void *context, struct bytes entry)
{
    struct entry_search *search = context;
    if (!view_map_has_id(entry, "op", &search->op))
        return true;
    search->entry = entry;
    return false;
}

static void add_op(struct standing *standing, struct bytes view, const struct id *op)
{
    struct entry_search search = {.op = *op};
    view_map_each(view, "journal", match_entry, &search);
    struct standing_one *one = &standing->all[standing->len++];
    one->entry = search.entry;
    (void)view_map_get(search.entry, "fields", &one->value); /* each entry has them */
}

struct ops_of {
    struct bytes view, party;
    struct standing *standing;
};

static bool add_triage(void *context, struct bytes element)
{
    const struct ops_of *of = context;
    struct id op = {0};
    (void)view_id(element, &op); /* the fold wrote it */
    add_op(of->standing, of->view, &op);
    return of->standing->len < STANDING_MAX;
}

/* Of the consents that count those that wait to be settled; what a later one has seen may
 * count still, and is not to be chosen again. */
static bool is_open(struct bytes consent)
{
    bool open = false;
    (void)view_map_flag(consent, "open", &open); /* the fold wrote it */
    return open;
}

static bool add_consent(void *context, struct bytes consent)
{
    const struct ops_of *of = context;
    struct bytes party = {0};
    struct id op = {0};
    (void)view_map_text(consent, "party", &party); /* the fold wrote both */
    (void)view_map_id(consent, "op", &op);
    if (is_open(consent) && bytes_equal(party, of->party))
        add_op(of->standing, of->view, &op);
    return of->standing->len < STANDING_MAX;
}

void standing_read(struct bytes view, struct bytes field, struct bytes party,
                   struct standing *out)
{
    struct ops_of of = {view, party, out};
    struct bytes registers = {0};
    char name[OP_NAME_MAX + 1] = "";
    *out = (struct standing){.len = 0};
    if (field.len > OP_NAME_MAX)
        return;
    for (size_t i = 0; i < field.len; i++)
        name[i] = (char)field.data[i];
    if (bytes_equal_str(field, "triage")) {
        view_map_each(view, "triages", add_triage, &of);
    } else if (bytes_equal_str(field, "consents")) {
        view_map_each(view, "consents", add_consent, &of);
    } else {
        (void)view_map_get(view, "registers", &registers); /* each view has them */
        view_map_each(registers, name, add_write, out);
    }
    turn_round(out);
}

/* --- parties --- */

struct party_walk {
    view_fn *fn;
    void *context;
    struct bytes last;
};

/* Consents are in order of their parties. */
static bool next_consent(void *context, struct bytes consent)
{
    struct party_walk *walk = context;
    struct bytes party = {0};
    (void)view_map_text(consent, "party", &party); /* the fold wrote it */
    if (!is_open(consent) || bytes_equal(party, walk->last))
        return true;
    walk->last = party;
    return walk->fn(walk->context, party);
}

void standing_parties(struct bytes view, view_fn *fn, void *context)
{
    struct party_walk walk = {.fn = fn, .context = context};
    view_map_each(view, "consents", next_consent, &walk);
}
