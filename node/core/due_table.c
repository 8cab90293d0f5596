#include "node/core/due_table.h"

#include "node/core/state.h"

#define NAME "due"

enum status due_table_load(struct core *core, struct due_table *table, struct buf *memory)
{
    *table = (struct due_table){0};
    enum status status = store_meta_get(core->store, NAME, memory);
    if (status == STATUS_NOT_FOUND)
        return STATUS_OK;
    if (status == STATUS_OK && due_table_parse(table, buf_bytes(memory)) != STATUS_OK)
        status = STATUS_CORRUPT;
    return core_check(core, status);
}

enum status due_table_keep(struct core *core, const struct due_table *table)
{
    remembered_forget(core);
    struct buf bytes = {0};
    due_table_pack(table, &bytes);
    enum status status = buf_status(&bytes);
    if (status == STATUS_OK)
        status = store_meta_put(core->store, NAME, buf_bytes(&bytes));
    buf_deinit(&bytes);
    return core_check(core, status);
}
