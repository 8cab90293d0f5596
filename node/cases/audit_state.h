/*
 * audit_state: the inside of one audit_scope, for audit*.c alone.
 */
#ifndef FENGQIAO_CASES_AUDIT_STATE_H
#define FENGQIAO_CASES_AUDIT_STATE_H

#include "node/cases/audit.h"
#include "node/cases/graph.h"

struct audit {
    const struct audit_input *input;
    struct graph graph;
    struct fold_result folded; /* effects alone; in the order of the graph */
    audit_fn *fn;
    void *context;
};

const struct op *audit_op(const struct audit *audit, uint32_t node);
/* Is it an op of that kind, with that effect? */
bool audit_is(const struct audit *audit, uint32_t node, const char *kind);
bool audit_has_effect(const struct audit *audit, uint32_t node, const char *kind);
/* The charter of its author's site, or NULL. */
struct charter *audit_charter(const struct audit *audit, uint32_t node);
/* A finding about an op; field: which, or none. */
void audit_find(const struct audit *audit, enum audit_word word, uint32_t node,
                struct bytes field);

/* Of one [party, fields, manner]: does it name that field? fields: its raw list. */
bool audit_names(struct bytes fields, struct bytes name);

void audit_escalation(struct audit *audit);
enum status audit_case(struct audit *audit);

#endif
