/*
 * What each site says for itself, beside the record and never over it: its grade, and how
 * far it has come with its part of a joint case. A register for each site.
 */
#include <stdlib.h>
#include <string.h>

#include "node/cases/fold_state.h"

static int compare_said(const void *a, const void *b)
{
    const struct fold_said *one = a, *other = b;
    int order = id_compare(one->site, other->site);
    if (order != 0)
        return order;
    return (one->node < other->node) - (one->node > other->node); /* newest first */
}

/* Keeps the latest of one site, from first up to end; the new end of what is kept. */
static uint32_t keep_site(struct fold *fold, struct fold_said *said, uint32_t first,
                          uint32_t end, uint32_t kept)
{
    memset(fold->seeds, 0, fold->graph.len * sizeof(*fold->seeds));
    for (uint32_t i = first; i < end; i++)
        fold->seeds[said[i].node] = true;
    fold_keep_latest(fold);
    for (uint32_t i = first; i < end; i++)
        if (fold->seeds[said[i].node])
            said[kept++] = said[i];
    return kept;
}

static uint32_t keep_latest(struct fold *fold, struct fold_said *said, uint32_t len)
{
    uint32_t first = 0, kept = 0;
    while (first < len) {
        uint32_t end = first + 1;
        while (end < len && id_equal(said[end].site, said[first].site))
            end++;
        kept = keep_site(fold, said, first, end, kept);
        first = end;
    }
    return kept;
}

static bool is_grade(const struct fold *fold, uint32_t node)
{
    return fold_is_kind(fold, node, "grade");
}

/* Who declines an invitation has said how far it will come. */
static bool is_progress(const struct fold *fold, uint32_t node)
{
    return fold_is_kind(fold, node, "joint") ||
           (fold_is_kind(fold, node, "decline") &&
            !id_equal(fold_site(fold, node), fold->site));
}

static enum status gather(struct fold *fold,
                          bool says(const struct fold *fold, uint32_t node),
                          struct fold_said **out, uint32_t *len)
{
    struct fold_said *said = *out = calloc(fold->graph.len, sizeof(*said));
    uint32_t count = 0;
    if (said == NULL)
        return STATUS_NO_MEMORY;
    for (uint32_t i = 0; i < fold->graph.len; i++)
        if (fold->ops[i].effect == EFFECT_YES && says(fold, i))
            said[count++] = (struct fold_said){fold_site(fold, i), i};
    qsort(said, count, sizeof(*said), compare_said);
    *len = keep_latest(fold, said, count);
    return STATUS_OK;
}

/* --- nobody takes it (服务缺位) --- */

struct bytes escalation_progress(const struct fold *fold, uint32_t node)
{
    struct bytes word = bytes_str("declined");
    if (fold_is_kind(fold, node, "joint"))
        (void)op_text(fold_op(fold, node), "word",
                      &word); /* the schema check saw to it */
    return word;
}

static bool has_declined(const struct fold *fold, uint32_t node)
{
    return bytes_equal_str(escalation_progress(fold, node), "declined");
}

/* The one that is shown, or GRAPH_NONE where the site has said nothing. */
static uint32_t progress_of(const struct fold *fold, const struct id *site)
{
    for (uint32_t i = 0; i < fold->sum.joints_len; i++)
        if (id_equal(fold->sum.joints[i].site, site))
            return fold->sum.joints[i].node;
    return GRAPH_NONE;
}

/* Has every site declined that was invited, or has ever said how far it is? Who is asked
 * anew has not said anything yet. */
static bool is_unserved(struct fold *fold)
{
    bool is_asked = false;
    for (uint32_t i = 0; i < fold->graph.len; i++) {
        struct id site;
        if (fold->ops[i].effect != EFFECT_YES || !fold_is_kind(fold, i, "invite"))
            continue;
        (void)op_id(fold_op(fold, i), "site", &site); /* the schema check saw to it */
        if (id_equal(&site, fold->site))
            continue; /* whose matter it is cannot decline it */
        uint32_t said = progress_of(fold, &site);
        if (said == GRAPH_NONE || graph_is_before(&fold->graph, said, i))
            return false;
        is_asked = true;
    }
    for (uint32_t i = 0; i < fold->sum.joints_len; i++) {
        uint32_t said = progress_of(fold, fold->sum.joints[i].site);
        if (!has_declined(fold, said))
            return false;
        is_asked = true;
    }
    return is_asked;
}

enum status escalation_said(struct fold *fold)
{
    struct fold_sum *sum = &fold->sum;
    enum status status = gather(fold, is_grade, &sum->grades, &sum->grades_len);
    if (status == STATUS_OK)
        status = gather(fold, is_progress, &sum->joints, &sum->joints_len);
    if (status == STATUS_OK)
        sum->is_unserved = is_unserved(fold);
    return status;
}
