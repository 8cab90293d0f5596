/*
 * update: what has changed in a case since it went up, decided from the folded views of
 * both. The plan is what the outbox shows and what `update` carries alike: of the fields
 * that were released those that stand otherwise in the case now, and no other.
 */
#ifndef FENGQIAO_CASES_UPDATE_H
#define FENGQIAO_CASES_UPDATE_H

#include <stdint.h>

#include "proto/err.h"
#include "proto/op.h"

#define UPDATE_FIELDS_MAX 8

struct update_field {
    char name[OP_NAME_MAX + 1]; /* of `update`: "case.title" */
    struct bytes was, is;       /* canonical, of the views; was is empty where erased */
    struct err held;            /* OK: it may go; else why it stays here */
};

struct update_plan {
    struct update_field fields[UPDATE_FIELDS_MAX]; /* ascending by name */
    uint32_t fields_len;
};

/* Fills plan, which borrows from both views. Of a record that was recalled nothing waits.
 * What is held: CONFLICT, the field waits for a decision in the case; DENIED, a party
 * does not consent to it any more; the sentence says which verb to run. */
void update_plan(struct bytes case_view, struct bytes escalation_view,
                 struct update_plan *plan);

#endif
