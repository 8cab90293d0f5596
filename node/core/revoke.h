/*
 * revoke: a key of our own site loses its rights. What it signed so far is covered, scope
 * by scope, in the transaction in which the charter revokes it.
 */
#ifndef FENGQIAO_NODE_CORE_REVOKE_H
#define FENGQIAO_NODE_CORE_REVOKE_H

#include <stdint.h>

#include "proto/err.h"
#include "proto/op.h"

struct caller;
struct core;

struct revoked {
    struct id op;
    uint64_t covers; /* scopes */
};

/* By the caller, who is unlocked. DENIED, with a sentence and before anything is written:
 * he is no steward. */
enum status revoke_key(struct core *core, struct caller *caller,
                       const uint8_t key[static 32], struct revoked *revoked,
                       struct err *err) MUST_USE;

#endif
