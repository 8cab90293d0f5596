#include "node/core/derived.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "crypto/digest.h"
#include "node/core/pair.h"
#include "node/core/refold.h"
#include "node/core/state.h"

/* ---- making it anew ---- */

struct rebuild {
    struct core *core;
    struct id_list charters, others;
    uint64_t done;
    void (*progress)(void *, uint64_t);
    void *context;
};

static enum status collect_scope(void *context, const struct store_op *row)
{
    struct rebuild *rebuild = context;
    if (!id_equal(&row->id, &row->scope))
        return STATUS_OK;
    struct op op;
    if (op_decode_bytes(&op, row->bytes, NULL) != STATUS_OK)
        return STATUS_CORRUPT;
    struct id_list *list =
        op_is_kind(&op, "found") ? &rebuild->charters : &rebuild->others;
    id_list_push(list, &row->id);
    return list->failed ? STATUS_NO_MEMORY : STATUS_OK;
}

static enum status fold_all(struct rebuild *rebuild, const struct id_list *scopes)
{
    enum status status = STATUS_OK;
    for (uint32_t i = 0; status == STATUS_OK && i < scopes->len; i++) {
        status = refold_scope(rebuild->core, &scopes->ids[i]);
        rebuild->done++;
        if (rebuild->progress != NULL)
            rebuild->progress(rebuild->context, rebuild->done);
    }
    return status;
}

/* Within a transaction. */
static enum status make_anew(struct core *core, void (*progress)(void *, uint64_t done),
                             void *context)
{
    remembered_forget(core);
    struct rebuild rebuild = {.core = core, .progress = progress, .context = context};
    core->store_status = STATUS_OK;
    enum status status = store_scopes_clear(core->store);
    if (status == STATUS_OK)
        status = store_ops_all(core->store, 1, collect_scope, &rebuild);
    if (status == STATUS_OK)
        status = fold_all(&rebuild, &rebuild.charters);
    if (status == STATUS_OK)
        status = fold_all(&rebuild, &rebuild.others);
    if (status == STATUS_OK)
        status = pair_fill_all(core);
    id_list_deinit(&rebuild.charters);
    id_list_deinit(&rebuild.others);
    /* A charter that could not be read was folded as one that is missing. */
    return status == STATUS_OK ? core->store_status : status;
}

enum status derived_rebuild(struct core *core, void (*progress)(void *, uint64_t done),
                            void *context)
{
    enum status status = store_begin(core->store);
    if (status != STATUS_OK)
        return status;
    status = make_anew(core, progress, context);
    if (status == STATUS_OK)
        status = store_commit(core->store);
    else
        store_roll_back(core->store);
    return status;
}

/* ---- comparing ---- */

#define TABLES_MAX 16

struct stand {
    struct {
        char name[DERIVED_TABLE_SIZE];
        struct digest digest;
        uint8_t value[DIGEST_SIZE];
    } tables[TABLES_MAX];
    uint32_t len;
};

/* The text of one table follows the other's. */
static void add_text(void *context, const char *table, struct bytes text)
{
    struct stand *stand = context;
    if (stand->len == 0 || strcmp(stand->tables[stand->len - 1].name, table) != 0) {
        assert(stand->len < TABLES_MAX);
        assert(strlen(table) < DERIVED_TABLE_SIZE);
        stand->len++;
        memcpy(stand->tables[stand->len - 1].name, table, strlen(table) + 1);
        digest_init(&stand->tables[stand->len - 1].digest, "fengqiao/1/derived");
    }
    digest_add(&stand->tables[stand->len - 1].digest, text.data, text.len);
}

/* Where a table cannot be read the stand ends with it. */
static enum status take_stand(struct store *store, struct stand *stand)
{
    stand->len = 0;
    enum status status = store_dump_each(store, add_text, stand);
    for (uint32_t i = 0; i < stand->len; i++)
        digest_final(&stand->tables[i].digest, stand->tables[i].value);
    return status;
}

static const char *first_difference(const struct stand *before, bool is_whole,
                                    const struct stand *after)
{
    for (uint32_t i = 0; i < before->len; i++) {
        bool is_read = is_whole || i + 1 < before->len;
        if (!is_read ||
            memcmp(before->tables[i].value, after->tables[i].value, DIGEST_SIZE) != 0)
            return before->tables[i].name;
    }
    return "";
}

enum status derived_compare(struct core *core, char table[static DERIVED_TABLE_SIZE])
{
    struct stand before, after;
    table[0] = '\0';
    enum status status = take_stand(core->store, &before);
    bool is_whole = status == STATUS_OK;
    if (!is_whole && status != STATUS_CORRUPT)
        return status;
    status = make_anew(core, NULL, NULL);
    if (status == STATUS_OK)
        status = take_stand(core->store, &after);
    if (status == STATUS_OK)
        (void)snprintf(table, DERIVED_TABLE_SIZE, "%s",
                       first_difference(&before, is_whole, &after)); /* it fits */
    return status;
}

enum status derived_check(struct store *store, char table[static DERIVED_TABLE_SIZE])
{
    const struct core_config config = {.store = store}; /* no keys: nothing is said */
    struct core *core;
    table[0] = '\0';
    enum status status = core_open(&core, &config, NULL);
    if (status != STATUS_OK)
        return status;
    status = store_begin(store);
    if (status == STATUS_OK) {
        status = derived_compare(core, table);
        store_roll_back(store);
    }
    core_close(core);
    return status;
}
