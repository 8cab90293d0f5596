#include "tests/sim/life/sim_rewrite.h"

#include <assert.h>
#include <string.h>

#include "node/core/derived.h"
#include "node/core/state.h"
#include "node/core/witness.h"
#include "storage/statement.h"
#include "storage/store_ledger.h"
#include "storage/store_seals.h"

#define DROPPED_OPS_MAX 64

uint64_t sim_rewrite_cosigned(struct sim_host *host, int64_t log)
{
    char name[WITNESS_NAME_SIZE];
    uint8_t key[KEY_SIZE];
    uint64_t size = 0;
    key_sign_public(key, host->sim->hosts[host->parent]->config.node_seed);
    witness_name(name, key);
    if (store_cosigned_get(host->config.store, log, name, &size) != STATUS_OK)
        return 0;
    return size;
}

/* --- statements of our own: numbers for ?1 and so on --- */

static bool run(struct store *store, const char *text, const int64_t *numbers, int len,
                struct bytes blob)
{
    sqlite3_stmt *stmt = NULL;
    int rc = sqlite3_prepare_v2(store->db, text, -1, &stmt, NULL);
    for (int i = 0; rc == SQLITE_OK && i < len; i++)
        rc = sqlite3_bind_int64(stmt, i + 1, numbers[i]);
    if (rc == SQLITE_OK && blob.len > 0)
        rc = sqlite3_bind_blob(stmt, len + 1, blob.data, (int)blob.len, SQLITE_TRANSIENT);
    if (rc == SQLITE_OK)
        rc = sqlite3_step(stmt);
    (void)sqlite3_finalize(stmt); /* says the same again */
    return rc == SQLITE_DONE;
}

/* --- another seal --- */

struct newest {
    struct store_seal row;
    struct seal seal;
    uint64_t len;
};

static enum status take_newest(void *context, const struct store_seal *row)
{
    struct newest *newest = context;
    newest->row = *row;
    newest->len = row->place + 1;
    return seal_read(&newest->seal, row->leaf, NULL);
}

static bool commit_to_less(struct store *store, struct newest *newest)
{
    struct seal_trees trees = {.private_size = newest->row.private_size,
                               .shared_size = newest->row.shared_size};
    if (trees.private_size > 0)
        trees.private_size--;
    else
        trees.shared_size--; /* its charter is there */
    if (store_ledger_root(store, TREE_PRIVATE, trees.private_size, &trees.private_root) !=
            STATUS_OK ||
        store_ledger_root(store, TREE_SHARED, trees.shared_size, &trees.shared_root) !=
            STATUS_OK)
        return false;
    newest->row.private_size = trees.private_size;
    newest->row.shared_size = trees.shared_size;
    seal_commit(&newest->seal, newest->row.secret, &trees);
    return true;
}

static bool replace(struct store *store, int64_t log, struct newest *newest)
{
    struct buf leaf = {0};
    bool is_done = commit_to_less(store, newest);
    const int64_t numbers[] = {log, (int64_t)newest->row.place,
                               (int64_t)newest->row.private_size,
                               (int64_t)newest->row.shared_size};
    seal_write(&newest->seal, &leaf);
    assert(buf_status(&leaf) == STATUS_OK);
    is_done = is_done && run(store,
                             "UPDATE seals SET leaf = ?5, private_size = ?3, shared_size"
                             " = ?4 WHERE log = ?1 AND place = ?2",
                             numbers, 4, buf_bytes(&leaf));
    buf_deinit(&leaf);
    return is_done;
}

static bool end(struct store *store, bool is_done)
{
    if (is_done)
        return store_commit(store) == STATUS_OK;
    store_roll_back(store);
    return false;
}

bool sim_rewrite_seal(struct sim_host *host)
{
    struct store *store = host->config.store;
    struct newest newest = {.len = 0};
    char origin[SEAL_ORIGIN_SIZE];
    int64_t log;
    if (store_seal_log_last(store, &log, origin) != STATUS_OK ||
        store_seals(store, log, take_newest, &newest) != STATUS_OK || newest.len == 0 ||
        sim_rewrite_cosigned(host, log) != newest.len || store_begin(store) != STATUS_OK)
        return false;
    return end(store, replace(store, log, &newest));
}

/* --- a case less --- */

struct gone {
    uint64_t positions[DROPPED_OPS_MAX];
    uint32_t len;
    bool is_more; /* it has more ops, or some wait */
};

static enum status note_gone(void *context, const struct store_op *row)
{
    struct gone *gone = context;
    gone->is_more |= gone->len == DROPPED_OPS_MAX || row->tree != TREE_PRIVATE;
    if (!gone->is_more)
        gone->positions[gone->len++] = row->position;
    return STATUS_OK;
}

static int compare_positions(const void *a, const void *b)
{
    const uint64_t *one = a, *other = b;
    return (*one < *other) - (*one > *other); /* the last one first */
}

static enum status find_private(void *context, const struct store_seal *row)
{
    struct newest *newest = context;
    if (row->place < newest->len)
        newest->row.private_size = row->private_size;
    return STATUS_OK;
}

/* So much of the private tree is beneath seals that the parent has cosigned. */
static uint64_t sealed_size(struct sim_host *host)
{
    char origin[SEAL_ORIGIN_SIZE];
    int64_t log;
    struct newest newest = {.len = 0};
    if (store_seal_log_last(host->config.store, &log, origin) != STATUS_OK)
        return 0;
    newest.len = sim_rewrite_cosigned(host, log);
    if (store_seals(host->config.store, log, find_private, &newest) != STATUS_OK)
        return 0;
    return newest.row.private_size;
}

/* Those behind it close ranks. Two steps, for no two may have one place. */
static bool close_gap(struct store *store, uint64_t position)
{
    const int64_t number = (int64_t)position;
    return run(store,
               "UPDATE ops SET position = -position WHERE tree = 1 AND position > ?1",
               &number, 1, (struct bytes){0}) &&
           run(store,
               "UPDATE ops SET position = -position - 1 WHERE tree = 1 AND position < 0",
               NULL, 0, (struct bytes){0});
}

static bool drop(struct sim_host *host, const struct id *scope, struct gone *gone)
{
    struct store *store = host->config.store;
    char table[DERIVED_TABLE_SIZE];
    const struct bytes id = bytes_of(scope->bytes, ID_SIZE);
    bool is_done = run(store,
                       "DELETE FROM ops WHERE scope = (SELECT number FROM scopes WHERE id"
                       " = ?1)",
                       NULL, 0, id);
    qsort(gone->positions, gone->len, sizeof(gone->positions[0]), compare_positions);
    for (uint32_t i = 0; is_done && i < gone->len; i++)
        is_done = close_gap(store, gone->positions[i]);
    store->positions[TREE_PRIVATE] -= gone->len;
    is_done = is_done && derived_compare(host->core, table) == STATUS_OK;
    return is_done && run(store, "DELETE FROM scopes WHERE id = ?1", NULL, 0, id);
}

static void forget(struct sim_host *host, uint32_t which)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < host->told_len; i++) {
        struct store_place place;
        if (store_op_find(host->config.store, &host->told[i], &place) == STATUS_OK)
            host->told[kept++] = host->told[i];
    }
    host->told_len = kept;
    host->cases_len--;
    memmove(&host->cases[which], &host->cases[which + 1],
            (host->cases_len - which) * sizeof(host->cases[0]));
    for (uint32_t i = 0; i < host->sim->sent_len; i++)
        if (host->sim->sent[i].from == host->index && host->sim->sent[i].which > which)
            host->sim->sent[i].which--;
}

bool sim_rewrite_drop(struct sim_host *host, struct sim_dishonest *dishonest)
{
    struct store *store = host->config.store;
    uint64_t sealed = sealed_size(host);
    for (uint32_t i = 0; i < host->cases_len; i++) {
        const struct id scope = host->cases[i].scope;
        struct gone gone = {.len = 0};
        if (host->cases[i].sent_len > 0 ||
            store_ops_of_scope(store, &scope, note_gone, &gone) != STATUS_OK ||
            gone.is_more || gone.len == 0 || gone.positions[0] >= sealed)
            continue;
        dishonest->scope = scope;
        if (store_begin(store) != STATUS_OK)
            return false;
        if (end(store, drop(host, &scope, &gone))) {
            forget(host, i);
            return true;
        }
    }
    return false;
}
