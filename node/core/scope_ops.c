#include "node/core/scope_ops.h"

#include <stdlib.h>
#include <string.h>

#include "storage/store.h"

/* An op and the bytes that it borrows from, in one piece of memory, so that a scope takes
 * no more than its ops need. */
struct kept_op {
    struct op op;
    uint8_t bytes[];
};

enum status scope_ops_push(struct scope_ops *ops, const struct id *id, int64_t seq,
                           struct bytes bytes)
{
    if (ops->len == ops->capacity) {
        size_t capacity = ops->capacity == 0 ? 16 : 2 * ops->capacity;
        const struct op **grown = realloc(ops->ops, capacity * sizeof(*grown));
        if (grown == NULL)
            return STATUS_NO_MEMORY;
        ops->ops = grown;
        ops->capacity = capacity;
    }
    struct kept_op *kept = malloc(sizeof(*kept) + bytes.len);
    if (kept == NULL)
        return STATUS_NO_MEMORY;
    memcpy(kept->bytes, bytes.data, bytes.len);
    ops->ops[ops->len++] = &kept->op;
    if (ops->seq_first == 0 || seq < ops->seq_first)
        ops->seq_first = seq;
    if (seq > ops->seq_last)
        ops->seq_last = seq;
    if (op_decode_bytes(&kept->op, bytes_of(kept->bytes, bytes.len), NULL) != STATUS_OK)
        return STATUS_CORRUPT;
    op_trust(&kept->op, id);
    return STATUS_OK;
}

static enum status keep(void *context, const struct store_op *row)
{
    return scope_ops_push(context, &row->id, row->seq, row->bytes);
}

enum status scope_ops_load(struct scope_ops *ops, struct store *store,
                           const struct id *scope)
{
    *ops = (struct scope_ops){0};
    enum status status = store_ops_of_scope(store, scope, keep, ops);
    if (status != STATUS_OK)
        scope_ops_deinit(ops);
    return status;
}

enum status scope_ops_load_waiting(struct scope_ops *ops, struct store *store,
                                   const struct id *scope)
{
    *ops = (struct scope_ops){0};
    enum status status = store_ops_waiting(store, scope, keep, ops);
    if (status != STATUS_OK)
        scope_ops_deinit(ops);
    return status;
}

void scope_ops_deinit(struct scope_ops *ops)
{
    for (size_t i = 0; i < ops->len; i++)
        free((void *)(uintptr_t)ops->ops[i]); /* the first member of a kept_op */
    free(ops->ops);
    *ops = (struct scope_ops){0};
}
