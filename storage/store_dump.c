#include <stdio.h>

#include "crypto/digest.h"
#include "storage/statement.h"

static enum status dump_table(struct store *store, enum statement table, struct buf *out)
{
    sqlite3_stmt *stmt = statement(store, table);
    buf_add(out, "# ", 2);
    const char *name = statement_name(table);
    struct bytes heading = bytes_str(name);
    buf_add(out, heading.data, heading.len);
    buf_add_u8(out, '\n');
    enum status status;
    while ((status = statement_row(store, stmt)) == STATUS_OK) {
        int columns = sqlite3_column_count(stmt);
        for (int column = 0; column < columns; column++) {
            struct bytes text = column_bytes(stmt, column);
            buf_add(out, text.data, text.len);
            buf_add_u8(out, column + 1 < columns ? ' ' : '\n');
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

static void end_summary(struct summary *summary, struct buf *out)
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
    buf_add(out, line, 2 * ID_SIZE + (size_t)len);
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

static enum status dump_postings(struct store *store, struct buf *out)
{
    static const char heading[] = "# dump_postings\n";
    struct summary summary = {.count = 0};
    sqlite3_stmt *stmt = statement(store, STMT_dump_postings);
    buf_add(out, heading, sizeof(heading) - 1);
    enum status status;
    while ((status = statement_row(store, stmt)) == STATUS_OK) {
        struct id scope;
        if (!column_id(stmt, 0, &scope)) {
            statement_end(store, stmt);
            return STATUS_CORRUPT;
        }
        if (summary.count == 0 || !id_equal(&scope, &summary.scope)) {
            end_summary(&summary, out);
            summary.scope = scope;
            digest_init(&summary.digest, "postings");
        }
        add_posting(&summary, stmt);
    }
    end_summary(&summary, out);
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

/* How many items the set of a pair has, and their sum. Its nodes depend on the order of
 * arrival; store_check holds them against ops. */
static enum status dump_set(struct store *store, const struct id *site, struct buf *out)
{
    struct store_set set;
    struct negentropy_sum sum;
    uint64_t count;
    char line[2 * ID_SIZE + 32];
    enum status status = store_set_open(store, site, &set);
    if (status == STATUS_OK)
        status = store_sets_settle(store);
    if (status == STATUS_OK)
        status = tree_total(store->tree, set.root, &count, &sum);
    if (status != STATUS_OK)
        return status;
    uint8_t bytes[NEGENTROPY_ID_SIZE];
    negentropy_sum_store(&sum, bytes);
    hex_encode(line, bytes, sizeof(bytes));
    int len = snprintf(line + 2 * ID_SIZE, sizeof(line) - 2 * ID_SIZE, " %llu\n",
                       (unsigned long long)count);
    buf_add(out, line, 2 * ID_SIZE + (size_t)len);
    return STATUS_OK;
}

struct dump {
    struct store *store;
    struct buf *out;
};

static enum status dump_one(void *context, const struct id *site)
{
    const struct dump *dump = context;
    return dump_set(dump->store, site, dump->out);
}

enum status store_dump(struct store *store, struct buf *out)
{
    static const enum statement tables[] = {
        STMT_dump_scopes,  STMT_dump_heads,    STMT_dump_holders,
        STMT_dump_numbers, STMT_dump_listings, STMT_dump_listed_parties,
        STMT_dump_pairs,   STMT_dump_shared,   STMT_dump_lacking};
    enum status status = STATUS_OK;
    for (size_t i = 0; status == STATUS_OK && i < sizeof(tables) / sizeof(tables[0]); i++)
        status = dump_table(store, tables[i], out);
    if (status == STATUS_OK)
        status = dump_postings(store, out);
    struct dump dump = {store, out};
    if (status == STATUS_OK)
        status = store_pairs(store, dump_one, &dump);
    return status == STATUS_OK ? buf_status(out) : status;
}
