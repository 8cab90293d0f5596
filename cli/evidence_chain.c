/*
 * The charters of the file, which give everybody else the right, and the links between
 * the sites: do they lead to the one that is trusted?
 */
#include <stdlib.h>
#include <string.h>

#include "cli/evidence_parts.h"
#include "node/cases/charter.h"

/* ---- a charter ---- */

static const struct op *op_at(void *section, size_t i)
{
    return evidence_section_op(section, (uint32_t)i);
}

/* number: of the charter among the scopes; or EVIDENCE_FAILED for all of them. */
static void remember(struct evidence *evidence, const struct evidence_section *section,
                     uint32_t number)
{
    const struct evidence_index *index = &section->index;
    /* What fails may be more than what is judged, and is not kept without end. */
    for (uint32_t i = 0;
         i < index->len && evidence->charters_index->len < 2 * EVIDENCE_CHARTERS_OPS_MAX;
         i++) {
        const struct evidence_indexed *entry = &index->entries[i];
        if (!evidence_remember(evidence->charters_index, &entry->id,
                               entry->number == EVIDENCE_FAILED ? EVIDENCE_FAILED
                                                                : number))
            evidence->failed_memory = true;
    }
}

void evidence_pass_charter(struct evidence *evidence,
                           const struct evidence_section *section)
{
    remember(evidence, section, EVIDENCE_FAILED);
}

static void check_charter(struct evidence *evidence,
                          const struct evidence_section *section,
                          const struct evidence_scope *scope)
{
    if (!charter_is_sound(scope->charter)) {
        char reason[200];
        (void)snprintf(reason, sizeof(reason), "the site is not rightly founded: %s",
                       effect_text(charter_effect(scope->charter, &scope->id)));
        evidence_fail_site(evidence, CHECK_CHARTER, scope, reason);
        return;
    }
    evidence->passed[CHECK_CHARTER]++;
    for (uint32_t i = 0; i < section->len; i++) {
        if (charter_effect(scope->charter, &section->records[i].id) != EFFECT_YES)
            evidence->without_effect++;
    }
}

void evidence_judge_charter(struct evidence *evidence, struct evidence_section *section,
                            struct evidence_scope *scope)
{
    const struct op_source source = {
        .len = section->len, .op_at = op_at, .context = section};
    enum status status = charter_new_from(&source, &scope->charter);
    if (status == STATUS_NO_MEMORY)
        evidence->failed_memory = true;
    else if (status != STATUS_OK) /* never: order, scope and time of each record hold */
        evidence_fail_record(evidence, CHECK_CHARTER, section, 0,
                             "the charter cannot be folded: %s", status_text(status));
    else
        check_charter(evidence, section, scope);
    evidence->charters_ops += section->len;
    remember(evidence, section, evidence->scopes_len);
}

struct charter *evidence_charter_of(const struct evidence *evidence,
                                    const struct id *head)
{
    uint32_t found = evidence_find(evidence->charters_index, head);
    return found < evidence->charters_len ? evidence->scopes[found].charter : NULL;
}

static struct evidence_scope *scope_of_site(struct evidence *evidence,
                                            const struct id *site)
{
    uint32_t found = evidence_find(evidence->charters_index, site);
    if (found >= evidence->charters_len || !evidence->scopes[found].charter ||
        !id_equal(&evidence->scopes[found].id, site))
        return NULL;
    return &evidence->scopes[found];
}

struct charter *evidence_charter_of_site(const struct evidence *evidence,
                                         const struct id *site)
{
    struct charter *charter = evidence_charter_of(evidence, site);
    return charter && id_equal(charter_site(charter), site) ? charter : NULL;
}

/* ---- links ---- */

/* The other half: who is named here as parent names this site as child, or the other way
 * round. */
static bool is_confirmed(const struct charter *here, const struct charter_link *link,
                         const struct charter *there)
{
    const struct charter_link *back = charter_link(there, charter_site(here));
    return back && back->is_parent != link->is_parent;
}

/* From the trusted site along the links. Every step is a statement of a site that is
 * reached about its neighbour, confirmed by the neighbour. */
static bool reach(struct evidence *evidence, struct evidence_scope *root)
{
    struct evidence_scope **queue =
        calloc(evidence->charters_len, sizeof(struct evidence_scope *));
    if (!queue)
        return false;
    uint32_t queued = 0;
    root->is_reached = true;
    queue[queued++] = root;
    for (uint32_t i = 0; i < queued; i++) {
        size_t len;
        const struct charter_link *links = charter_links(queue[i]->charter, &len);
        for (size_t n = 0; n < len; n++) {
            struct evidence_scope *next = scope_of_site(evidence, &links[n].site);
            if (next && !next->is_reached &&
                is_confirmed(queue[i]->charter, &links[n], next->charter)) {
                next->is_reached = true;
                queue[queued++] = next;
            }
        }
    }
    free(queue);
    return true;
}

static const char *why_not_reached(struct evidence *evidence,
                                   const struct evidence_scope *scope)
{
    size_t len;
    const struct charter_link *links = charter_links(scope->charter, &len);
    if (len == 0)
        return "the site is linked to no other";
    for (size_t i = 0; i < len; i++) {
        const struct evidence_scope *next = scope_of_site(evidence, &links[i].site);
        if (next && !is_confirmed(scope->charter, &links[i], next->charter))
            return "the other half of its link is not signed";
    }
    return "its links do not lead to the trusted site";
}

void evidence_check_chain(struct evidence *evidence, const struct id *trust)
{
    struct evidence_culprit whole = {0};
    struct evidence_scope *root = scope_of_site(evidence, trust);
    if (!root) {
        evidence_fail(evidence, CHECK_CHAIN, &whole,
                      "the charter of the trusted site is not in the file, or fails");
        return;
    }
    if (!reach(evidence, root)) {
        evidence->failed_memory = true;
        return;
    }
    for (uint32_t i = 0; i < evidence->charters_len; i++) {
        const struct evidence_scope *scope = &evidence->scopes[i];
        if (scope->charter && scope->is_reached)
            evidence->passed[CHECK_CHAIN]++;
        else if (scope->charter)
            evidence_fail_site(evidence, CHECK_CHAIN, scope,
                               why_not_reached(evidence, scope));
    }
}
