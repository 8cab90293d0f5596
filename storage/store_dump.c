#include <stdio.h>
#include <string.h>

#include "crypto/digest.h"
#include "storage/statement.h"

/* Where the text goes, as it is read. */
struct dump {
    struct store *store;
    store_dump_fn *fn;
    void *context;
    const char *table; /* of which is read */
};

static void say(const struct dump *dump, const void *data, size_t len)
{
    dump->fn(dump->context, dump->table, bytes_of(data, len));
}

static void begin_table(struct dump *dump, const char *table)
{
    dump->table = table;
    say(dump, "# ", 2);
    say(dump, table, strlen(table));
    say(dump, "\n", 1);
}

/* The statement is called by the prefix and the table. scope: NULL: of all. */
static enum status dump_table(struct dump *dump, enum statement table, const char *prefix,
                              const struct id *scope)
{
    sqlite3_stmt *stmt = statement(dump->store, table);
    if (scope != NULL)
        bind_id(stmt, 1, scope);
    begin_table(dump, statement_name(table) + strlen(prefix));
    enum status status;
    while ((status = statement_row(dump->store, stmt)) == STATUS_OK) {
        int columns = sqlite3_column_count(stmt);
        for (int column = 0; column < columns; column++) {
            struct bytes text = column_bytes(stmt, column);
            say(dump, text.data, text.len);
            say(dump, column + 1 < columns ? " " : "\n", 1);
        }
    }
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

/* --- postings: of each scope how many, and a digest of them --- */

struct summary {
    struct id scope;
    struct digest digest;
    uint64_t count; /* 0: of no scope yet */
};

static void end_summary(struct summary *summary, const struct dump *dump)
{
    char line[2 * ID_SIZE + 2 * DIGEST_SIZE + 32];
    char hex[2 * DIGEST_SIZE + 1];
    uint8_t digest[DIGEST_SIZE];
    if (summary->count == 0)
        return;
    digest_final(&summary->digest, digest);
    hex_encode(hex, digest, DIGEST_SIZE);
    hex_encode(line, summary->scope.bytes, ID_SIZE);
    int len = snprintf(line + 2 * ID_SIZE, sizeof(line) - 2 * ID_SIZE, " %llu %s\n",
                       (unsigned long long)summary->count, hex);
    say(dump, line, 2 * ID_SIZE + (size_t)len);
    summary->count = 0;
}

static void add_posting(struct summary *summary, sqlite3_stmt *stmt)
{
    for (int column = 1; column < 3; column++) {
        struct bytes part = column_bytes(stmt, column);
        digest_add_u64(&summary->digest, part.len);
        digest_add(&summary->digest, part.data, part.len);
    }
    summary->count++;
}

static enum status dump_postings(struct dump *dump)
{
    struct summary summary = {.count = 0};
    sqlite3_stmt *stmt = statement(dump->store, STMT_dump_postings);
    begin_table(dump, "postings");
    enum status status;
    while ((status = statement_row(dump->store, stmt)) == STATUS_OK) {
        struct id scope;
        if (!column_id(stmt, 0, &scope)) {
            statement_end(dump->store, stmt);
            return STATUS_CORRUPT;
        }
        if (summary.count == 0 || !id_equal(&scope, &summary.scope)) {
            end_summary(&summary, dump);
            summary.scope = scope;
            digest_init(&summary.digest, "postings");
        }
        add_posting(&summary, stmt);
    }
    end_summary(&summary, dump);
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

/* How many items the set of a pair has, and their sum. Its nodes depend on the order of
 * arrival; what they say of each other has to be true, and store_check holds the items
 * against ops. */
static enum status dump_set(void *context, const struct id *site)
{
    const struct dump *dump = context;
    struct store *store = dump->store;
    struct store_set set;
    struct negentropy_sum sum;
    uint64_t count, nodes = 0;
    char line[2 * ID_SIZE + 32];
    enum status status = store_set_open(store, site, &set);
    if (status == STATUS_OK)
        status = store_sets_settle(store);
    if (status == STATUS_OK)
        status = tree_check(store->tree, set.root, &nodes);
    if (status == STATUS_OK)
        status = tree_total(store->tree, set.root, &count, &sum);
    if (status != STATUS_OK)
        return status;
    uint8_t bytes[NEGENTROPY_ID_SIZE];
    negentropy_sum_store(&sum, bytes);
    hex_encode(line, bytes, sizeof(bytes));
    int len = snprintf(line + 2 * ID_SIZE, sizeof(line) - 2 * ID_SIZE, " %llu\n",
                       (unsigned long long)count);
    say(dump, line, 2 * ID_SIZE + (size_t)len);
    return STATUS_OK;
}

enum status store_dump_each(struct store *store, store_dump_fn *fn, void *context)
{
    static const enum statement tables[] = {STMT_dump_scopes,   STMT_dump_heads,
                                            STMT_dump_holders,  STMT_dump_numbers,
                                            STMT_dump_listings, STMT_dump_listed_parties,
                                            STMT_dump_pairs,    STMT_dump_shared,
                                            STMT_dump_lacking,  STMT_dump_ledger};
    struct dump dump = {.store = store, .fn = fn, .context = context};
    enum status status = store_ledger_settle(store);
    for (size_t i = 0; status == STATUS_OK && i < sizeof(tables) / sizeof(tables[0]); i++)
        status = dump_table(&dump, tables[i], "dump_", NULL);
    if (status == STATUS_OK)
        status = dump_postings(&dump);
    if (status != STATUS_OK)
        return status;
    begin_table(&dump, "nodes");
    return store_pairs(store, dump_set, &dump);
}

enum status store_dump_scope(struct store *store, const struct id *scope,
                             store_dump_fn *fn, void *context)
{
    static const enum statement tables[] = {
        STMT_one_scopes,   STMT_one_heads,          STMT_one_holders, STMT_one_numbers,
        STMT_one_listings, STMT_one_listed_parties, STMT_one_postings};
    struct dump dump = {.store = store, .fn = fn, .context = context};
    enum status status = STATUS_OK;
    for (size_t i = 0; status == STATUS_OK && i < sizeof(tables) / sizeof(tables[0]); i++)
        status = dump_table(&dump, tables[i], "one_", scope);
    return status;
}

static void append(void *context, const char *table, struct bytes text)
{
    (void)table; /* the text has its headings */
    buf_add(context, text.data, text.len);
}

enum status store_dump(struct store *store, struct buf *out)
{
    enum status status = store_dump_each(store, append, out);
    return status == STATUS_OK ? buf_status(out) : status;
}
