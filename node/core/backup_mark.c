#include "node/core/backup_mark.h"

#include <assert.h>

#include "crypto/digest.h"
#include "node/core/restored.h"

static enum status add_row(void *context, struct bytes row)
{
    digest_add(context, row.data, row.len);
    return STATUS_OK;
}

static enum status digest_table(struct store *store, uint32_t table, struct id *out)
{
    struct digest digest;
    int above = store_backup_table_above(table);
    digest_init(&digest, "fengqiao/1/table");
    enum status status =
        above < 0 ? STATUS_OK
                  : store_backup_table(store, (uint32_t)above, add_row, &digest);
    if (status == STATUS_OK)
        status = store_backup_table(store, table, add_row, &digest);
    digest_final(&digest, out->bytes);
    return status;
}

enum status backup_mark_now(struct store *store, struct backup_mark *mark)
{
    enum status status = store_backup_now(store, &mark->store);
    for (int tree = TREE_PRIVATE; status == STATUS_OK && tree <= TREE_SHARED; tree++)
        status = store_backup_digest(store, (enum ledger_tree)tree, mark->store.ops[tree],
                                     &mark->ledger[tree]);
    if (status == STATUS_OK)
        status = restored_as(store, &mark->restore);
    for (uint32_t i = 0; status == STATUS_OK && store_backup_table_name(i) != NULL; i++) {
        assert(i < BACKUP_TABLES_MAX);
        status = digest_table(store, i, &mark->tables[i]);
    }
    return status;
}

enum status backup_mark_is_of(struct store *store, const struct backup_mark *mark,
                              bool *is_of)
{
    enum status status = STATUS_OK;
    *is_of = true;
    for (int tree = TREE_PRIVATE; status == STATUS_OK && tree <= TREE_SHARED; tree++) {
        struct id digest;
        status = store_backup_digest(store, (enum ledger_tree)tree, mark->store.ops[tree],
                                     &digest);
        if (status == STATUS_NOT_FOUND) {
            *is_of = false;
            status = STATUS_OK;
        } else if (status == STATUS_OK && !id_equal(&digest, &mark->ledger[tree]))
            *is_of = false;
    }
    return status;
}

static uint32_t tables_len(void)
{
    uint32_t len = 0;
    while (store_backup_table_name(len) != NULL)
        len++;
    return len;
}

void backup_mark_write(const struct backup_mark *mark, struct buf *message)
{
    pack_array(message, 10);
    pack_str(message, "mark");
    pack_uint(message, mark->store.ops[TREE_PRIVATE]);
    pack_uint(message, mark->store.ops[TREE_SHARED]);
    pack_uint(message, (uint64_t)mark->store.chunk);
    pack_bin(message, mark->ledger[TREE_PRIVATE].bytes, ID_SIZE);
    pack_bin(message, mark->ledger[TREE_SHARED].bytes, ID_SIZE);
    pack_uint(message, mark->wall);
    pack_array(message, tables_len());
    for (uint32_t i = 0; store_backup_table_name(i) != NULL; i++) {
        pack_array(message, 2);
        pack_str(message, store_backup_table_name(i));
        pack_bin(message, mark->tables[i].bytes, ID_SIZE);
    }
    pack_bin(message, mark->recovery.bytes, ID_SIZE);
    pack_bin(message, mark->restore.bytes, ID_SIZE);
}

static enum status read_tables(struct pack_reader *reader, struct backup_mark *mark)
{
    uint32_t count, elements;
    enum status status = pack_read_array(reader, &count, NULL);
    for (uint32_t i = 0; status == STATUS_OK && i < count; i++) {
        struct bytes name;
        struct id digest;
        status = pack_read_array(reader, &elements, NULL);
        if (status == STATUS_OK && elements != 2)
            status = STATUS_INVALID;
        if (status == STATUS_OK)
            status = pack_read_str(reader, &name, NULL);
        if (status == STATUS_OK)
            status = pack_read_fixed(reader, digest.bytes, ID_SIZE, NULL);
        for (uint32_t j = 0; status == STATUS_OK && store_backup_table_name(j) != NULL;
             j++)
            if (bytes_equal_str(name, store_backup_table_name(j)))
                mark->tables[j] = digest;
    }
    return status;
}

enum status backup_mark_read(struct pack_reader *reader, uint32_t elements,
                             struct backup_mark *mark)
{
    uint64_t chunk = 0;
    *mark = (struct backup_mark){0};
    if (elements != 8 && elements != 10)
        return STATUS_INVALID;
    enum status status = pack_read_uint(reader, &mark->store.ops[TREE_PRIVATE], NULL);
    if (status == STATUS_OK)
        status = pack_read_uint(reader, &mark->store.ops[TREE_SHARED], NULL);
    if (status == STATUS_OK)
        status = pack_read_uint(reader, &chunk, NULL);
    if (status == STATUS_OK)
        status = pack_read_fixed(reader, mark->ledger[TREE_PRIVATE].bytes, ID_SIZE, NULL);
    if (status == STATUS_OK)
        status = pack_read_fixed(reader, mark->ledger[TREE_SHARED].bytes, ID_SIZE, NULL);
    if (status == STATUS_OK)
        status = pack_read_uint(reader, &mark->wall, NULL);
    if (status == STATUS_OK)
        status = read_tables(reader, mark);
    if (status == STATUS_OK && elements == 10)
        status = pack_read_fixed(reader, mark->recovery.bytes, ID_SIZE, NULL);
    if (status == STATUS_OK && elements == 10)
        status = pack_read_fixed(reader, mark->restore.bytes, ID_SIZE, NULL);
    mark->store.chunk = (int64_t)chunk;
    bool fits = mark->store.ops[TREE_PRIVATE] <= INT64_MAX &&
                mark->store.ops[TREE_SHARED] <= INT64_MAX && chunk <= INT64_MAX;
    return status == STATUS_OK && (!fits || !pack_at_end(reader)) ? STATUS_INVALID
                                                                  : status;
}
