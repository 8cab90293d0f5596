/*
 * tale: something happens in fengyuan while it is away, again and again, and something of
 * one node fails while it comes up (sim_failing.h); what has come of it is looked at when
 * all is well again.
 */
#ifndef FENGQIAO_TESTS_TALE_H
#define FENGQIAO_TESTS_TALE_H

#include "tests/sim/sim_failing.h"

struct tale {
    struct sim_county *f;
    struct id record; /* of fengyuan, at the township */
    char hex[65];
    struct riders riders;
    uint32_t told;   /* lies, in this try */
    uint64_t tries;  /* so that each op is another one */
    bool has_guests; /* who are no ops: the store's own check would say so */
};
typedef void tale_fn(struct tale *tale);

/* A record is at the township; xikou and the county are away from now on. */
void tale_begin(struct tale *tale, struct sim_county *f);
/* Tells it until nothing fails any more. */
void tale_tell(struct tale *tale, const struct sim_fault *fault,
               struct world_node *failing, tale_fn *happen, tale_fn *look);
/* A look: the township and fengyuan hold the same of that scope … */
void tale_agree_on(struct tale *tale, const struct id *scope);
/* … of the record, and of fengyuan's charter. */
void tale_both_agree(struct tale *tale);

#endif
