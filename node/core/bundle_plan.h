/*
 * bundle_plan: what a site lacks, as far as this node knows. A machine of the site
 * confirmed it in a session (confirm.h), or the site said in a bundle which heads it has:
 * what lies at or beneath them it holds. Everything else of the scopes that the pair
 * shares is what a bundle has to carry.
 */
#ifndef FENGQIAO_NODE_CORE_BUNDLE_PLAN_H
#define FENGQIAO_NODE_CORE_BUNDLE_PLAN_H

#include "node/core/outgoing.h"
#include "node/core/state.h"

struct bundle_plan {
    struct outgoing ops;  /* sorted */
    struct id_list files; /* `attached` ops whose files go along */
    uint64_t bytes;       /* of the ops, as they stand here */
    uint64_t since;       /* the earliest claimed time of these; 0: unknown */
    uint64_t records;     /* founding ops of escalations among them */
};

/* Looks; the pair is made where there is none yet. Ops that wait here are left out: what
 * they build on is no more there than here. */
enum status bundle_plan_make(struct core *core, const struct id *site,
                             struct bundle_plan *plan) MUST_USE;
void bundle_plan_deinit(struct bundle_plan *plan);

#endif
