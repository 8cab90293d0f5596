/*
 * audit_list: the findings of an audit (node/cases/audit.h) as rows of an answer.
 */
#ifndef FENGQIAO_NODE_CORE_AUDIT_LIST_H
#define FENGQIAO_NODE_CORE_AUDIT_LIST_H

#include "node/cases/audit.h"
#include "proto/scope_kind.h"

struct core;

/* Of one scope, and of seals, so many are listed in one answer: the others are counted.
 */
#define AUDIT_ROWS_MAX 64

/* A zeroed list with its core is empty. A failure is sticky. */
struct audit_list {
    struct core *core;
    struct buf rows;
    uint32_t len, begun; /* begun: before the scope that is looked at */
    uint64_t failing;    /* findings that are no open ones, listed or not */
    uint64_t left_out;
    enum status status;
};

/* One of them; what it has nothing to say of is left zero. Borrowed for the call. */
struct audit_row {
    enum audit_word word;
    enum scope_kind kind;
    const struct id *scope;
    const struct op *op;
    struct bytes field;     /* that is meant; of OVERDUE: what waits */
    const struct id *site;  /* whose machine, or to whom it is given */
    const uint8_t *machine; /* 32 bytes */
    struct bytes due;       /* OVERDUE: the day */
    bool has_seal;
    uint64_t seal; /* its place in the log */
};

/* Another scope begins. */
void audit_list_begin(struct audit_list *list);
void audit_list_add(struct audit_list *list, const struct audit_row *row);
/* Appends "failing" and how many, "findings" and the rows, "left_out" and how many; or
 * the status of what failed. Frees them, always. */
enum status audit_list_pack(struct audit_list *list, struct buf *out) MUST_USE;
/* Appends "author" (its key), "author_name" and "author_site" (the name), as the charter
 * has them under which the op was written; nil and empty without an op. */
void audit_list_pack_author(struct core *core, const struct op *op, struct buf *out);

#endif
