/* What a backup takes of a store, and a restore puts back, asked for. */
#include <string.h>

#include "storage/store_backup.h"
#include "tests/unit/storage/full_store.h"

#define LEN(array) (sizeof(array) / sizeof((array)[0]))

static enum status hear_op(void *context, const struct store_op *op)
{
    (void)context;
    full_hear_id(&op->id);
    full_hear_number(op->position);
    full_hear(op->bytes);
    return STATUS_OK;
}

static enum status hear_chunk(void *context, int64_t number, struct bytes sealed)
{
    (void)context;
    full_hear_number((uint64_t)number);
    full_hear(sealed);
    return STATUS_OK;
}

static enum status hear_row(void *context, struct bytes row)
{
    (void)context;
    full_hear(row);
    return STATUS_OK;
}

static enum status take_ops(struct store *store)
{
    struct store_backup_mark mark;
    enum status status = store_backup_now(store, &mark);
    for (int tree = TREE_PRIVATE; status == STATUS_OK && tree <= TREE_SHARED; tree++) {
        struct id digest;
        status = store_backup_ops(store, (enum ledger_tree)tree, 0, hear_op, NULL);
        if (status == STATUS_OK)
            status = store_backup_digest(store, (enum ledger_tree)tree, mark.ops[tree],
                                         &digest);
        if (status == STATUS_OK)
            full_hear_id(&digest);
    }
    return status;
}

static enum status take_chunks(struct store *store)
{
    return store_backup_chunks(store, 0, hear_chunk, NULL);
}

static enum status take_tables(struct store *store)
{
    enum status status = STATUS_OK;
    for (uint32_t i = 0; status == STATUS_OK && store_backup_table_name(i) != NULL; i++)
        status = store_backup_table(store, i, hear_row, NULL);
    return status;
}

static enum status put_op(struct store *store)
{
    return store_backup_op_put(store, &full.fresh.op, buf_bytes(&full.fresh.bytes),
                               SCOPE_ESCALATION, TREE_SHARED, 1000);
}

static enum status put_chunk(struct store *store)
{
    return store_backup_chunk_put(store, bytes_str("a piece that nobody names"));
}

static enum status empty_tables(struct store *store)
{
    enum status status = STATUS_OK;
    for (uint32_t i = 0; status == STATUS_OK && store_backup_table_name(i) != NULL; i++)
        if (strcmp(store_backup_table_name(i), "meta") != 0)
            status = store_backup_clear(store, i);
    return status == STATUS_OK ? store_backup_end(store) : status;
}

static enum status say_restored(struct store *store)
{
    return store_loss_restored(store);
}

#define ASK(function)                                                                    \
    {                                                                                    \
#function, function                                                              \
    }
const struct full_request full_backup[] = {
    ASK(take_ops),  ASK(take_chunks),  ASK(take_tables),  ASK(put_op),
    ASK(put_chunk), ASK(empty_tables), ASK(say_restored),
};
const size_t full_backup_len = LEN(full_backup);
