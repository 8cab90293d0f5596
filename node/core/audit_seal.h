/*
 * audit_seal: do the seals of this machine fit its ledger, and is what witnesses cosigned
 * the beginning of its seal log? Of the log that grows.
 */
#ifndef FENGQIAO_NODE_CORE_AUDIT_SEAL_H
#define FENGQIAO_NODE_CORE_AUDIT_SEAL_H

#include "node/core/audit_list.h"

/* Looks at most at max seals from that place on, at the first time at what witnesses
 * cosigned as well, and adds what it finds. *len: of the log; 0: there is none. */
enum status audit_seal_look(struct core *core, uint64_t from, uint64_t max,
                            struct audit_list *list, uint64_t *len) MUST_USE;

#endif
