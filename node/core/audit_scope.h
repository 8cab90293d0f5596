/*
 * audit_scope: one scope that this node holds, looked at by an auditor: may it be here,
 * may those have it to whom it is given, and does what stands in it bear out its rules?
 */
#ifndef FENGQIAO_NODE_CORE_AUDIT_SCOPE_H
#define FENGQIAO_NODE_CORE_AUDIT_SCOPE_H

#include "node/core/audit_list.h"

/* Adds what is found. ops_len: how many ops it has. */
enum status audit_scope_look(struct core *core, const struct id *scope,
                             enum scope_kind kind, struct audit_list *list,
                             uint64_t *ops_len) MUST_USE;

#endif
