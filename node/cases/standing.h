/*
 * standing: what stands side by side in a case: the writes of a register, the triages, or
 * the consents of one party, that no later one has seen. Read from the view; everything
 * borrows from it.
 */
#ifndef FENGQIAO_CASES_STANDING_H
#define FENGQIAO_CASES_STANDING_H

#include "node/cases/view.h"
#include "proto/limits.h"

/* One of them: a map with author, op, time and wall. */
struct standing_one {
    struct bytes entry;
    struct bytes value; /* of a register as it is, else {name: value} of the op's fields;
                           empty where this copy does not show it */
};

struct standing {
    struct standing_one all[STANDING_MAX]; /* in order of (time, id): the last is shown */
    uint32_t len;
};

/* field: a register, "triage", or "consents", of which party says whose. */
void standing_read(struct bytes view, struct bytes field, struct bytes party,
                   struct standing *out);
/* Calls fn with each party whose consents stand side by side, until it returns false. */
void standing_parties(struct bytes view, view_fn *fn, void *context);

#endif
