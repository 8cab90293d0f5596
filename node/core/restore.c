#include "node/core/restore.h"

#include <stdlib.h>
#include <string.h>

#include "crypto/secret.h"
#include "node/cases/charter.h"
#include "node/cases/schema.h"
#include "node/core/charters.h"
#include "node/core/derived.h"
#include "node/core/restored.h"
#include "node/core/state.h"

void restore_init(struct restore *restore, struct store *store)
{
    *restore = (struct restore){.store = store, .table = -1};
}

void restore_wipe(struct restore *restore)
{
    secret_wipe(restore, sizeof(*restore));
}

/* --- its messages --- */

static enum status take_keys(struct restore *restore, struct pack_reader *reader,
                             struct err *err)
{
    struct bytes name = {0};
    enum status status = pack_read_fixed(reader, restore->node_seed, 32, NULL);
    if (status == STATUS_OK)
        status = pack_read_fixed(reader, restore->noise_secret, 32, NULL);
    if (status == STATUS_OK)
        status = pack_read_str(reader, &name, NULL);
    if (status != STATUS_OK || name.len >= sizeof(restore->network_name))
        return STATUS_INVALID;
    memcpy(restore->network_name, name.data, name.len);
    restore->network_name[name.len] = '\0';
    network_id(&restore->network, restore->network_name);
    restore->has_keys = true;
    return STATUS_OK;
}

/* The kind of the scope that an op stands in; 0: its founding op is not here. */
static enum scope_kind kind_of(struct restore *restore, const struct op *op)
{
    enum scope_kind kind = 0;
    if (op->is_founding)
        return schema_founds(op);
    if (store_scope_kind(restore->store, &op->scope, &kind) != STATUS_OK)
        return 0;
    return kind;
}

static bool is_here(struct restore *restore, const struct id *id)
{
    struct store_place place;
    return store_op_find(restore->store, id, &place) == STATUS_OK;
}

static bool has_its_past(struct restore *restore, const struct op *op)
{
    for (uint32_t i = 0; i < op->parents_len; i++)
        if (!is_here(restore, &op->parents[i]))
            return false;
    for (uint32_t i = 0; i < op->authority_len; i++)
        if (!is_here(restore, &op->authority[i]))
            return false;
    return true;
}

static enum status add_op(struct restore *restore, enum ledger_tree tree, int64_t seq,
                          struct bytes bytes, struct op *op, struct err *err)
{
    enum status status = op_decode_bytes(op, bytes, NULL);
    if (status == STATUS_OK)
        status = op_rebuild(op);
    if (status == STATUS_OK)
        status = op_check_signature(op, &restore->network);
    if (status == STATUS_NO_MEMORY)
        return status;
    if (status != STATUS_OK)
        return err_set(err, STATUS_UNVERIFIED,
                       "a record in the backup does not verify; it is not what the site "
                       "signed");
    enum scope_kind kind = kind_of(restore, op);
    bool is_private = kind == SCOPE_CASE;
    if (kind == 0 || is_private != (tree == TREE_PRIVATE) || !has_its_past(restore, op))
        return err_set(err, STATUS_INVALID,
                       "a record in the backup builds on what is not in it");
    return store_backup_op_put(restore->store, op, bytes, kind, tree, seq);
}

static enum status take_op(struct restore *restore, struct pack_reader *reader,
                           struct err *err)
{
    uint64_t tree, position, seq = 0;
    struct bytes bytes;
    enum status status = pack_read_uint(reader, &tree, NULL);
    if (status == STATUS_OK)
        status = pack_read_uint(reader, &position, NULL);
    if (status == STATUS_OK)
        status = pack_read_uint(reader, &seq, NULL);
    if (status == STATUS_OK)
        status = pack_read_bin(reader, &bytes, NULL);
    if (status != STATUS_OK || (tree != TREE_PRIVATE && tree != TREE_SHARED) ||
        seq == 0 || seq > INT64_MAX)
        return STATUS_INVALID;
    if (position < restore->taken[tree])
        return STATUS_OK; /* an earlier file had it */
    if (position > restore->taken[tree])
        return err_set(err, STATUS_NOT_FOUND,
                       "a file of the backup is missing before this one");
    struct op *op = malloc(sizeof(*op));
    if (op == NULL)
        return STATUS_NO_MEMORY;
    status = add_op(restore, (enum ledger_tree)tree, (int64_t)seq, bytes, op, err);
    free(op);
    if (status == STATUS_OK) {
        restore->taken[tree]++;
        restore->ops++;
    }
    return status;
}

static enum status take_chunk(struct restore *restore, struct pack_reader *reader,
                              struct err *err)
{
    uint64_t number;
    struct bytes sealed;
    enum status status = pack_read_uint(reader, &number, NULL);
    if (status == STATUS_OK)
        status = pack_read_bin(reader, &sealed, NULL);
    if (status != STATUS_OK)
        return status;
    restore->pieces++;
    return store_backup_chunk_put(restore->store, sealed);
}

static enum status take_table(struct restore *restore, struct pack_reader *reader,
                              struct err *err)
{
    struct bytes name;
    enum status status = pack_read_str(reader, &name, NULL);
    restore->table = -1; /* one of a newer version: its rows are passed over */
    for (uint32_t i = 0; status == STATUS_OK && store_backup_table_name(i) != NULL; i++)
        if (bytes_equal_str(name, store_backup_table_name(i)))
            restore->table = (int)i;
    return status == STATUS_OK && restore->table >= 0
               ? store_backup_clear(restore->store, (uint32_t)restore->table)
               : status;
}

static enum status take_row(struct restore *restore, struct pack_reader *reader,
                            struct err *err)
{
    struct bytes row;
    enum status status = pack_value(reader, 1, &row, NULL);
    return status == STATUS_OK && restore->table >= 0
               ? store_backup_row_put(restore->store, (uint32_t)restore->table, row)
               : status;
}

static enum status take_mark(struct restore *restore, uint32_t elements,
                             struct pack_reader *reader)
{
    restore->table = -1;
    restore->has_mark = true;
    return backup_mark_read(reader, elements, &restore->mark);
}

static enum status take_message(struct restore *restore, struct bytes bytes,
                                struct err *err)
{
    static const struct {
        const char *name;
        uint32_t elements;
        enum status (*take)(struct restore *, struct pack_reader *, struct err *);
    } known[] = {
        {"op", 5, take_op},   {"chunk", 3, take_chunk}, {"table", 2, take_table},
        {"row", 2, take_row}, {"keys", 4, take_keys},
    };
    struct pack_reader reader = pack_reader_of(bytes);
    struct bytes name;
    uint32_t elements;
    enum status status = pack_read_array(&reader, &elements, NULL);
    if (status == STATUS_OK)
        status = pack_read_str(&reader, &name, NULL);
    if (status == STATUS_OK && bytes_equal_str(name, "mark"))
        return take_mark(restore, elements, &reader);
    for (size_t i = 0; status == STATUS_OK && i < sizeof(known) / sizeof(known[0]); i++) {
        if (!bytes_equal_str(name, known[i].name) || elements != known[i].elements)
            continue;
        status = known[i].take(restore, &reader, err);
        return status == STATUS_OK && !pack_at_end(&reader) ? STATUS_INVALID : status;
    }
    return STATUS_INVALID;
}

/* --- a file --- */

static enum status check_header(struct restore *restore,
                                const struct bundle_header *header, struct err *err)
{
    if (!id_equal(&header->from, &header->to))
        return err_set(err, STATUS_DENIED,
                       "this file is a bundle for another site, and no backup");
    if (!restore->has_begun) {
        restore->site = header->from;
        return STATUS_OK;
    }
    return id_equal(&header->from, &restore->site)
               ? STATUS_OK
               : err_set(err, STATUS_DENIED, "this file is of another site's backup");
}

static enum status take_all(struct restore *restore, struct bytes messages,
                            struct err *err)
{
    struct bytes message;
    enum status status = STATUS_OK;
    while (status == STATUS_OK && bundle_next(&messages, &message)) {
        status = take_message(restore, message, err);
        bool is_first = !restore->has_begun;
        restore->has_begun = true;
        if (status == STATUS_OK && is_first && !restore->has_keys)
            return err_set(err, STATUS_NOT_FOUND,
                           "the first file of the backup is missing");
    }
    return status;
}

enum status restore_take(struct restore *restore, const struct bundle_header *header,
                         struct bytes messages, struct err *err)
{
    struct restore before = *restore;
    enum status status = check_header(restore, header, err);
    if (status == STATUS_OK)
        status = store_begin(restore->store);
    if (status != STATUS_OK) {
        restore_wipe(&before);
        return status;
    }
    if (header->part == 0)
        restore->has_mark = false;
    status = take_all(restore, messages, err);
    if (status == STATUS_OK)
        status = store_commit(restore->store);
    else
        store_roll_back(restore->store);
    if (status != STATUS_OK)
        *restore = before;
    restore_wipe(&before);
    if (status != STATUS_OK) {
        if (status == STATUS_INVALID && err != NULL && err->text[0] == '\0')
            return err_set(err, status, "this file says what no backup says");
    }
    return status;
}

/* --- its end --- */

static enum status check_whole(struct restore *restore, struct err *err)
{
    struct backup_mark now = {0};
    if (!restore->has_mark) /* a file before its own has the keys, or none was taken */
        return err_set(err, STATUS_INVALID,
                       "the backup is not whole: its last file is missing");
    enum status status = backup_mark_now(restore->store, &now);
    if (status != STATUS_OK)
        return status;
    const struct backup_mark *mark = &restore->mark;
    bool is_same = true, is_short = false;
    for (int tree = TREE_PRIVATE; tree <= TREE_SHARED; tree++)
        is_short = is_short || now.store.ops[tree] < mark->store.ops[tree];
    if (is_short)
        return err_set(err, STATUS_INVALID,
                       "files of the backup are missing: it speaks of %llu records, and "
                       "%llu are here",
                       (unsigned long long)(mark->store.ops[TREE_PRIVATE] +
                                            mark->store.ops[TREE_SHARED]),
                       (unsigned long long)(now.store.ops[TREE_PRIVATE] +
                                            now.store.ops[TREE_SHARED]));
    for (int tree = TREE_PRIVATE; tree <= TREE_SHARED; tree++)
        is_same = is_same && now.store.ops[tree] == mark->store.ops[tree] &&
                  id_equal(&now.ledger[tree], &mark->ledger[tree]);
    for (uint32_t i = 0; store_backup_table_name(i) != NULL; i++)
        is_same = is_same && id_equal(&now.tables[i], &mark->tables[i]);
    return is_same ? STATUS_OK
                   : err_set(err, STATUS_INVALID,
                             "what was restored is not what the backup says it holds; "
                             "take another copy, or an older one");
}

static enum status push_site(void *context, const struct store_peer *peer)
{
    id_list_push(context, &peer->site);
    return STATUS_OK;
}

/* With whom the site is paired it goes on to reconcile. */
static enum status pair_again(struct store *store)
{
    struct id_list sites = {0};
    enum status status = store_peers(store, push_site, &sites);
    if (status == STATUS_OK && sites.failed)
        status = STATUS_NO_MEMORY;
    for (uint32_t i = 0; status == STATUS_OK && i < sites.len; i++) {
        status = store_pair_add(store, &sites.ids[i]);
        if (status == STATUS_EXISTS)
            status = STATUS_OK;
    }
    id_list_deinit(&sites);
    return status;
}

/* No mark speaks of the keys, and whoever can write into the folder can seal a file that
 * says others. */
static enum status check_keys(struct core *core, struct err *err)
{
    struct charter *own;
    enum status status = charters_own(core, &own);
    if (status != STATUS_OK)
        return status;
    const struct charter_node *node = charter_node_of(own, core->node_key);
    bool is_ours = node != NULL &&
                   memcmp(node->noise_key, core->noise_key, sizeof(core->noise_key)) == 0;
    return is_ours ? STATUS_OK
                   : err_set(err, STATUS_INVALID,
                             "the keys in the backup are of no machine of that site; "
                             "take another copy, or an older one");
}

/* Everything that follows from the ops; then each scope as if it had just come, so that
 * recalls and what has had its time are applied to contents that an older file brought
 * back. */
static enum status derive(struct core *core, struct err *err)
{
    enum status status = check_keys(core, err);
    if (status != STATUS_OK)
        return status;
    status = derived_rebuild(core, NULL, NULL);
    if (status == STATUS_OK)
        status = core_begin(core);
    if (status != STATUS_OK)
        return status;
    core->rights_changed = true;
    return core_commit(core);
}

enum status restore_end(struct restore *restore, struct core_config *config,
                        struct err *err)
{
    struct core *core;
    enum status status = check_whole(restore, err);
    if (status != STATUS_OK)
        return status;
    status = store_begin(restore->store);
    if (status == STATUS_OK)
        status = store_backup_end(restore->store);
    if (status == STATUS_OK)
        status = pair_again(restore->store);
    if (status == STATUS_OK)
        status = store_loss_restored(restore->store);
    if (status == STATUS_OK)
        status = restored_mark(restore->store, &config->rng);
    if (status == STATUS_OK)
        status = store_commit(restore->store);
    if (status != STATUS_OK)
        return err_set(err, status, "the store cannot be written: %s",
                       status_text(status));
    memcpy(config->node_seed, restore->node_seed, sizeof(config->node_seed));
    memcpy(config->noise_secret, restore->noise_secret, sizeof(config->noise_secret));
    status = core_open(&core, config, err);
    if (status != STATUS_OK)
        return status;
    status = derive(core, err);
    core_close(core);
    return status == STATUS_OK || status == STATUS_INVALID
               ? status
               : err_set(err, status,
                         "what follows from the records cannot be made: "
                         "%s",
                         status_text(status));
}
