/*
 * scope_kind: the four kinds of scope (docs/PROTOCOL.md §5). The founding op decides.
 */
#ifndef FENGQIAO_PROTO_SCOPE_KIND_H
#define FENGQIAO_PROTO_SCOPE_KIND_H

enum scope_kind { SCOPE_CHARTER = 1, SCOPE_CASE, SCOPE_ESCALATION, SCOPE_BULLETIN };

#endif
