/*
 * op_source: the ops of one scope, asked for by number. Who has them decoded hands over a
 * list; who has them as bytes decodes one whenever it is asked for, so that a large scope
 * can be folded without holding all of its ops.
 */
#ifndef FENGQIAO_CASES_OP_SOURCE_H
#define FENGQIAO_CASES_OP_SOURCE_H

#include <stddef.h>

#include "proto/op.h"

/* So many ops, those asked for last, have to be good at once. */
#define OP_SOURCE_HELD 16

struct op_source {
    size_t len;
    const struct op *const *ops; /* the list, or NULL: op_at gives them out */
    /* Never NULL; the same op for the same number. What the op borrows (kind, names,
     * values) stays good as long as the source. */
    const struct op *(*op_at)(void *context, size_t i);
    void *context;
};

static inline const struct op *op_source_at(const struct op_source *source, size_t i)
{
    return source->ops != NULL ? source->ops[i] : source->op_at(source->context, i);
}

static inline struct op_source op_source_of(const struct op *const *ops, size_t len)
{
    return (struct op_source){.len = len, .ops = ops};
}

#endif
