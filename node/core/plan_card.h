/*
 * plan_card: a plan card as its view has it: which of its versions stand.
 */
#ifndef FENGQIAO_NODE_CORE_PLAN_CARD_H
#define FENGQIAO_NODE_CORE_PLAN_CARD_H

#include <stdbool.h>

#include "proto/err.h"
#include "proto/op.h"

struct args;

struct plan_card_counts {
    uint32_t versions, activations;
};

/* Is this entry of the journal a version? */
bool plan_card_is_version(struct bytes entry);
/* Has no later version seen that one? */
bool plan_card_stands(struct bytes view, const struct id *version);

/* The version to go by: that which `version` names by the first digits of its op, 8 or
 * more; without it the one that stands. CONFLICT: two stand; NOT_FOUND. Its fields are
 * borrowed from the view. */
enum status plan_card_choose(struct bytes view, const struct args *args,
                             struct id *version, struct bytes *fields,
                             struct err *err) MUST_USE;

#endif
