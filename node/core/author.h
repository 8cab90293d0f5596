/*
 * author: how this node says something: an op of our own is composed, judged by the same
 * fold that judges everybody's, and only then signed into the graph. What would have no
 * effect is refused with a sentence and leaves no trace; what would wait for more
 * stewards is written (proposal.h).
 */
#ifndef FENGQIAO_NODE_CORE_AUTHOR_H
#define FENGQIAO_NODE_CORE_AUTHOR_H

#include "proto/err.h"
#include "proto/op.h"

struct scope_ops;

struct core;

struct draft_field {
    const char *name;
    size_t at, len;
};

struct draft {
    const char *kind;
    const struct id *scope; /* NULL: a founding op */
    struct buf memory;      /* the values */
    struct draft_field fields[OP_FIELDS_MAX];
    uint32_t fields_len;
};

/* kind, names: constant strings. scope: borrowed until author_write. */
void draft_init(struct draft *draft, const char *kind, const struct id *scope);
void draft_deinit(struct draft *draft);
/* Each adds one field; raw takes canonical bytes. */
void draft_raw(struct draft *draft, const char *name, struct bytes value);
void draft_text(struct draft *draft, const char *name, struct bytes text);
/* Adds nothing where the text is empty. */
void draft_text_optional(struct draft *draft, const char *name, struct bytes text);
void draft_uint(struct draft *draft, const char *name, uint64_t value);
void draft_flag(struct draft *draft, const char *name, bool value);
void draft_bin(struct draft *draft, const char *name, const void *data, size_t len);
void draft_ids(struct draft *draft, const char *name, const struct id *ids, uint32_t len);

/* Signs with pair and admits; the scope is folded anew at the end of the turn
 * or by refold_scope. DENIED: no right, err says what is missing. */
enum status author_write(struct core *core, const struct draft *draft,
                         const struct sign_pair *pair, struct id *id,
                         struct err *err) MUST_USE;
/* The same in a scope whose ops are loaded already, all of them; the new one is pushed
 * behind them. */
enum status author_write_onto(struct core *core, const struct draft *draft,
                              const struct sign_pair *pair, struct scope_ops *ops,
                              struct id *id, struct err *err) MUST_USE;

#endif
