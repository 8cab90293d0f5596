/*
 * evidence_plan: what is in an evidence file (docs/PROTOCOL.md §10), settled when it is
 * begun: how far both trees of the ledger were, which charters go along, which seals are
 * opened. What follows is written part by part while others write; the plan is what all
 * parts have in common, and a cursor carries it (evidence_cursor.h).
 */
#ifndef FENGQIAO_NODE_CORE_EVIDENCE_PLAN_H
#define FENGQIAO_NODE_CORE_EVIDENCE_PLAN_H

#include "node/core/evidence_seals.h"
#include "node/core/state.h"
#include "node/core/withheld.h"
#include "proto/err.h"

enum evidence_about {
    EVIDENCE_ESCALATION,
    EVIDENCE_CASE,
    EVIDENCE_SITE,
    EVIDENCE_PERIOD,
};

/* What is asked for. */
struct evidence_what {
    enum evidence_about about;
    struct id scope;   /* ESCALATION, CASE */
    uint64_t from, to; /* PERIOD: walls, both within */
    bool has_cases;    /* of SITE and PERIOD, by a steward's word */
    struct withheld withheld;
};

struct evidence_plan {
    uint64_t sizes[2];       /* of the trees, private and shared */
    struct id_list charters; /* ascending */
    struct evidence_seals seals;
};

/* Makes the plan; to be freed, whatever the status. TOO_LARGE, with a sentence: more
 * sites than a file may have. */
enum status evidence_plan_make(struct core *core, const struct evidence_what *what,
                               struct evidence_plan *plan, struct err *err) MUST_USE;
void evidence_plan_free(struct evidence_plan *plan);

/* A scope that is in the file. */
struct evidence_scope {
    struct id id;
    enum scope_kind kind;
    enum ledger_tree tree;
    uint64_t records;
    bool is_minor;    /* it is about one: contents are in no file but that of a record
                         that was asked for by itself */
    bool is_recalled; /* what of it is its founder's is given to nobody */
    struct id founder;
};
/* The first one that is no charter, or the next one behind it (after: zeros, or its id).
 * NOT_FOUND: there is none. */
enum status evidence_plan_next(struct core *core, const struct evidence_what *what,
                               const struct evidence_plan *plan, const struct id *after,
                               struct evidence_scope *scope) MUST_USE;
/* That one itself, a charter or not. NOT_FOUND: it is not in the file. */
enum status evidence_plan_get(struct core *core, const struct evidence_what *what,
                              const struct evidence_plan *plan, const struct id *id,
                              struct evidence_scope *scope) MUST_USE;
/* May the file have records of cases? */
bool evidence_plan_has_cases(const struct evidence_what *what);

#endif
