#include "node/core/audit_seal.h"

#include "node/core/seal_log.h"
#include "node/core/state.h"
#include "proto/checkpoint.h"
#include "storage/store_ledger.h"
#include "storage/store_seals.h"

struct looking {
    struct core *core;
    struct audit_list *list;
    const struct seal_log *log;
    uint64_t from, to; /* places */
};

static void find(const struct looking *looking, enum audit_word word, uint64_t seal)
{
    const struct audit_row row = {.word = word, .has_seal = true, .seal = seal};
    audit_list_add(looking->list, &row);
}

/* A tree that has lost something has no root that fits. */
static enum status read_root(struct store *store, enum ledger_tree tree, uint64_t size,
                             struct merkle_hash *root, bool *is_there)
{
    enum status status = store_ledger_root(store, tree, size, root);
    if (status != STATUS_NOT_FOUND && status != STATUS_CORRUPT)
        return status;
    *is_there = false;
    return STATUS_OK;
}

static bool fits(const struct store_seal *row, const struct seal_trees *trees)
{
    struct seal seal;
    if (seal_read(&seal, row->leaf, NULL) != STATUS_OK)
        return false;
    for (int part = 0; part < SEAL_PARTS; part++) {
        struct seal_opening opening;
        seal_open(&opening, (enum seal_part)part, row->secret, trees);
        if (!seal_is_opened(&seal, &opening))
            return false;
    }
    return true;
}

static enum status look_at_seal(void *context, const struct store_seal *row)
{
    const struct looking *looking = context;
    struct store *store = looking->core->store;
    bool is_there = true;
    if (row->place < looking->from || row->place >= looking->to)
        return STATUS_OK;
    struct seal_trees trees = {.private_size = row->private_size,
                               .shared_size = row->shared_size};
    enum status status =
        read_root(store, TREE_PRIVATE, row->private_size, &trees.private_root, &is_there);
    if (status == STATUS_OK)
        status = read_root(store, TREE_SHARED, row->shared_size, &trees.shared_root,
                           &is_there);
    if (status == STATUS_OK && (!is_there || !fits(row, &trees)))
        find(looking, AUDIT_SEAL_UNLIKE, row->place);
    return status;
}

/* Its signatures were looked at when it came. */
static enum status look_at_cosigned(void *context, struct bytes witness, uint64_t size,
                                    struct bytes bytes)
{
    const struct looking *looking = context;
    const struct seal_log *log = looking->log;
    struct checkpoint checkpoint;
    struct note note;
    struct merkle_hash root;
    bool is_prefix = checkpoint_read_note(&checkpoint, &note, bytes, NULL) == STATUS_OK &&
                     bytes_equal_str(checkpoint.origin, log->origin) &&
                     checkpoint.size == size && size > 0 && size <= log->len;
    if (is_prefix) {
        seal_log_root(log, size, &root);
        is_prefix = merkle_equal(&root, &checkpoint.root);
    }
    if (!is_prefix)
        find(looking, AUDIT_SEAL_FORKED, size == 0 ? 0 : size - 1);
    return STATUS_OK;
}

enum status audit_seal_look(struct core *core, uint64_t from, uint64_t max,
                            struct audit_list *list, uint64_t *len)
{
    struct seal_log log;
    struct looking looking = {
        .core = core, .list = list, .log = &log, .from = from, .to = from + max};
    audit_list_begin(list);
    enum status status = seal_log_read(core, &log);
    *len = log.len;
    if (status == STATUS_CORRUPT) /* one is missing between others */
        find(&looking, AUDIT_SEAL_UNLIKE, log.len);
    bool is_whole = status == STATUS_OK;
    status = is_whole || status == STATUS_CORRUPT || status == STATUS_NOT_FOUND
                 ? STATUS_OK
                 : status;
    if (is_whole)
        status = store_seals(core->store, log.number, look_at_seal, &looking);
    if (status == STATUS_OK && is_whole && from == 0)
        status = store_cosigned(core->store, log.number, look_at_cosigned, &looking);
    seal_log_free(&log);
    return status;
}
