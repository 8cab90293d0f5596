#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "storage/statement.h"
#include "storage/store_chunks.h"

struct check {
    struct op *op;
    void (*report)(void *, const char *);
    void *context;
    uint64_t findings;
    uint64_t counted[3], next[3]; /* of each tree: ops, highest position + 1 */
};

static void find(struct check *check, const char *what)
{
    check->findings++;
    check->report(check->context, what);
}

static void find_op(struct check *check, int64_t seq, const char *what)
{
    char text[128];
    (void)snprintf(text, sizeof(text), "op %lld: %s", (long long)seq, what);
    find(check, text);
}

static enum status check_op(struct check *check, const struct store_op *row)
{
    struct op *op = check->op;
    check->counted[row->tree]++;
    if (row->tree != TREE_WAITING && row->position + 1 > check->next[row->tree])
        check->next[row->tree] = row->position + 1;
    if (op_decode_bytes(op, row->bytes, NULL) != STATUS_OK) {
        find_op(check, row->seq, "its bytes are no op");
        return STATUS_OK;
    }
    enum status status = op_rebuild(op);
    if (status != STATUS_OK)
        return status;
    if (!id_equal(&op->id, &row->id))
        find_op(check, row->seq, "its bytes do not give its id");
    if (!id_equal(&op->scope, &row->scope))
        find_op(check, row->seq, "it stands in the wrong scope");
    if (op->time != row->time || op->wall != row->wall)
        find_op(check, row->seq, "it stands at the wrong time");
    return STATUS_OK;
}

static enum status check_ops(struct store *store, struct check *check)
{
    sqlite3_stmt *stmt = statement(store, STMT_check_ops);
    enum status status;
    while ((status = statement_row(store, stmt)) == STATUS_OK) {
        struct store_op row;
        status = op_of_row(stmt, &row);
        if (status == STATUS_OK)
            status = check_op(check, &row);
        if (status == STATUS_CORRUPT) {
            find(check, "a row of ops cannot be read");
            status = STATUS_OK;
        }
        if (status != STATUS_OK) {
            statement_end(store, stmt);
            return status;
        }
    }
    for (int tree = TREE_PRIVATE; tree <= TREE_SHARED; tree++)
        if (check->counted[tree] != check->next[tree])
            find(check, "the order of the ledger has gaps");
    return status;
}

static enum status check_integrity(struct store *store, struct check *check)
{
    sqlite3_stmt *stmt = statement(store, STMT_integrity);
    enum status status;
    while ((status = statement_row(store, stmt)) == STATUS_OK) {
        status = integrity_status(stmt);
        if (status == STATUS_OK)
            continue;
        if (status != STATUS_CORRUPT) {
            statement_end(store, stmt);
            return status;
        }
        char text[201];
        (void)snprintf(text, sizeof(text), "%s", sqlite3_column_text(stmt, 0));
        find(check, text);
    }
    return status;
}

static enum status check_references(struct store *store, struct check *check)
{
    sqlite3_stmt *stmt = statement(store, STMT_foreign_keys);
    enum status status;
    while ((status = statement_row(store, stmt)) == STATUS_OK)
        find(check, "a row points to a scope that is not there");
    return status;
}

static enum status check_waits(struct store *store, struct check *check)
{
    sqlite3_stmt *stmt = statement(store, STMT_check_waits);
    enum status status = statement_row(store, stmt);
    if (status != STATUS_OK)
        return status;
    if (sqlite3_column_int64(stmt, 0) > 0)
        find(check, "an op that has its place in the ledger still waits");
    statement_end(store, stmt);
    return STATUS_OK;
}

static enum status check_chunks(struct store *store, struct check *check)
{
    sqlite3_stmt *stmt = statement(store, STMT_check_chunks);
    enum status status;
    while ((status = statement_row(store, stmt)) == STATUS_OK) {
        struct id kept, digest;
        store_chunk_digest(&digest, column_bytes(stmt, 1));
        if (!column_id(stmt, 0, &kept) || !id_equal(&kept, &digest))
            find(check, "a piece of an attachment is damaged");
    }
    return status;
}

/* --- pairs: what is kept of them against ops and scopes --- */

struct checked_pair {
    int64_t number, root;
    uint64_t scopes_len;
    struct lattice lattice;
};

static enum status check_shared(struct store *store, struct check *check,
                                const struct checked_pair *pair)
{
    struct lattice lattice = {{0}};
    uint64_t scopes_len = 0;
    sqlite3_stmt *stmt = statement(store, STMT_check_shared);
    bind_number(stmt, 1, pair->number);
    enum status status;
    while ((status = statement_row(store, stmt)) == STATUS_OK) {
        struct id digest;
        scopes_len++;
        if (sqlite3_column_int(stmt, 0) != 0)
            find(check, "a case stands among what is shared with another site");
        if (column_id(stmt, 1, &digest))
            lattice_add(&lattice, digest.bytes);
    }
    if (status != STATUS_NOT_FOUND)
        return status;
    if (scopes_len != pair->scopes_len ||
        memcmp(lattice.bytes, pair->lattice.bytes, LATTICE_SIZE) != 0)
        find(check, "the digest of what is shared with a site is not that of its scopes");
    return STATUS_OK;
}

static enum status check_items(struct store *store, struct check *check,
                               const struct checked_pair *pair)
{
    uint64_t items = 0, count = 0;
    sqlite3_stmt *stmt = statement(store, STMT_check_items);
    bind_number(stmt, 1, pair->number);
    enum status status;
    while ((status = statement_row(store, stmt)) == STATUS_OK) {
        struct id id;
        status = STATUS_CORRUPT;
        if (column_id(stmt, 1, &id))
            status = store_set_has(store, pair->root,
                                   (uint64_t)sqlite3_column_int64(stmt, 0), &id);
        items += status == STATUS_OK;
        if (status == STATUS_NOT_FOUND)
            find(check, "an op is missing in the set of a site that may hold it");
        else if (status != STATUS_OK) {
            statement_end(store, stmt);
            return status;
        }
    }
    if (status == STATUS_NOT_FOUND)
        status = tree_total(store->tree, pair->root, &count, NULL);
    if (status == STATUS_OK && count != items)
        find(check, "the set of a site holds what it may not hold");
    return status;
}

static enum status check_pair(struct store *store, struct check *check,
                              const struct checked_pair *pair, uint64_t *nodes)
{
    enum status status = check_shared(store, check, pair);
    if (status == STATUS_OK)
        status = tree_check(store->tree, pair->root, nodes);
    if (status == STATUS_OK)
        status = check_items(store, check, pair);
    if (status != STATUS_CORRUPT)
        return status;
    find(check, "the set of a site is damaged; `fengqiaod rebuild` makes it anew");
    return STATUS_OK;
}

static enum status check_nodes(struct store *store, struct check *check, uint64_t nodes)
{
    sqlite3_stmt *stmt = statement(store, STMT_check_nodes);
    enum status status = statement_row(store, stmt);
    if (status != STATUS_OK)
        return status;
    if ((uint64_t)sqlite3_column_int64(stmt, 0) != nodes)
        find(check, "nodes stand in no set of a site");
    statement_end(store, stmt);
    return STATUS_OK;
}

static enum status check_pairs(struct store *store, struct check *check)
{
    uint64_t nodes = 0;
    sqlite3_stmt *stmt = statement(store, STMT_pairs_numbers);
    enum status status;
    while ((status = statement_row(store, stmt)) == STATUS_OK) {
        struct checked_pair pair = {
            .number = sqlite3_column_int64(stmt, 0),
            .root = sqlite3_column_int64(stmt, 1),
            .scopes_len = (uint64_t)sqlite3_column_int64(stmt, 2),
        };
        struct bytes lattice = column_bytes(stmt, 3);
        if (lattice.len == LATTICE_SIZE)
            memcpy(pair.lattice.bytes, lattice.data, LATTICE_SIZE);
        status = check_pair(store, check, &pair, &nodes);
        if (status != STATUS_OK) {
            statement_end(store, stmt);
            return status;
        }
    }
    return status == STATUS_NOT_FOUND ? check_nodes(store, check, nodes) : status;
}

static enum status check_loss(struct store *store, struct check *check)
{
    char text[LOSS_TEXT_SIZE];
    store_loss_text(&store->loss, text);
    if (store->loss.kind != LOSS_NONE)
        find(check, text);
    return STATUS_OK;
}

enum status store_check(struct store *store, void (*report)(void *, const char *),
                        void *context)
{
    static enum status (*const parts[])(struct store *, struct check *) = {
        check_loss,  check_integrity, check_references, check_ops,
        check_waits, check_chunks,    check_pairs};
    struct check check = {.report = report, .context = context};
    check.op = malloc(sizeof(*check.op));
    if (check.op == NULL)
        return STATUS_NO_MEMORY;
    enum status status = STATUS_OK;
    for (size_t i = 0; status == STATUS_OK && i < sizeof(parts) / sizeof(parts[0]); i++) {
        status = parts[i](store, &check);
        if (status == STATUS_NOT_FOUND)
            status = STATUS_OK;
        /* Damage may stop a part; the next ones may still find more. */
        if (status == STATUS_CORRUPT) {
            find(&check, "the file is damaged and cannot be read to the end");
            status = STATUS_OK;
        }
    }
    free(check.op);
    if (status != STATUS_OK)
        return status;
    return check.findings == 0 ? STATUS_OK : STATUS_CORRUPT;
}
