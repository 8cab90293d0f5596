/*
 * Which sites may hold an escalation for good (docs/PROTOCOL.md §5, decisions/0005).
 *
 * A grant can lose its effect: its author is revoked and nobody stands by the op. The
 * site it named may have the scope by then, and two sites that both have it must go on
 * reconciling it, or they differ for good. So a site is held when
 *   - a grant to it has effect, or
 *   - an op of its own stands in the scope with a grant to it beneath, judged as if
 * nobody had ever been revoked. The first may pass. The second never does: what lies
 * beneath an op is settled when it is written, and no revocation counts. Each node says
 * "received" in the transaction in which it takes in a scope that it holds, so whoever
 * ever held it has spoken. And a grant alone, which the thief of a revoked key may date
 * back, brings nobody anything.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "node/cases/fold_state.h"

/* --- sites by number --- */

uint32_t escalation_number(const struct fold *fold, const struct id *site)
{
    uint32_t low = 0, high = fold->named_len;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        int order = id_compare(&fold->named[middle], site);
        if (order == 0)
            return middle;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return fold->named_len;
}

static void name_founding_sites(struct fold *fold)
{
    struct pack_reader reader;
    uint32_t count;
    uint64_t classes;
    if (!schema_list(fold_op(fold, 0), "sites", &reader, &count))
        return;
    assert(count <= GRANTS_MAX);
    for (uint32_t i = 0; i < count; i++)
        (void)schema_next_site(&reader, &fold->named[fold->named_len++], &classes);
}

static int compare_sites(const void *a, const void *b)
{
    return id_compare(a, b);
}

static void sort_named(struct fold *fold)
{
    uint32_t len = 0;
    qsort(fold->named, fold->named_len, sizeof(*fold->named), compare_sites);
    for (uint32_t i = 0; i < fold->named_len; i++)
        if (len == 0 || !id_equal(&fold->named[len - 1], &fold->named[i]))
            fold->named[len++] = fold->named[i];
    fold->named_len = len;
}

enum status escalation_held_begin(struct fold *fold)
{
    if (fold->kind != SCOPE_ESCALATION)
        return STATUS_OK;
    size_t named_max = GRANTS_MAX;
    for (uint32_t i = 0; i < fold->graph.len; i++)
        named_max += escalation_names_site(fold, i);
    if (named_max > UINT32_MAX >> GRANT_SITE_SHIFT) /* never: 16 million sites */
        return STATUS_NO_MEMORY;
    fold->named = calloc(named_max, sizeof(*fold->named));
    fold->spoke = calloc(named_max, sizeof(*fold->spoke));
    if (fold->named == NULL || fold->spoke == NULL)
        return STATUS_NO_MEMORY;
    name_founding_sites(fold);
    for (uint32_t i = 0; i < fold->graph.len; i++)
        if (escalation_names_site(fold, i) &&
            op_id(fold_op(fold, i), "site", &fold->named[fold->named_len]))
            fold->named_len++;
    sort_named(fold);
    /* Where the last place was given to another, a grant lost its effect as well. */
    fold->may_lapse = fold->may_lapse || fold->named_len > GRANTS_MAX;
    return STATUS_OK;
}

/* --- who has spoken --- */

void escalation_held_note(struct fold *fold, uint32_t node)
{
    const struct id *site = fold_site(fold, node);
    if (site == NULL || fold->ops[node].roles_unrevoked == 0)
        return;
    uint32_t number = escalation_number(fold, site);
    if (escalation_grant(fold, node, number) != NULL)
        fold->spoke[number] = true;
}

/* --- the sum --- */

static bool is_held(const struct fold *fold, uint32_t number)
{
    return fold->spoke[number] || fold_is_holder(fold, &fold->named[number]);
}

/* Holders are named sites and the founder's, which may be among the named. */
enum status escalation_held_end(struct fold *fold)
{
    fold->held = calloc((size_t)fold->named_len + 1, sizeof(*fold->held));
    if (fold->held == NULL)
        return STATUS_NO_MEMORY;
    if (fold->site != NULL)
        fold->held[fold->held_len++] = *fold->site;
    for (uint32_t i = 0; i < fold->named_len; i++)
        if (is_held(fold, i) && !id_equal(&fold->named[i], fold->site))
            fold->held[fold->held_len++] = fold->named[i];
    qsort(fold->held, fold->held_len, sizeof(*fold->held), compare_sites);
    return STATUS_OK;
}
