/*
 * bench_ledger: what the trees of the ledger take, on a file in the working folder.
 *
 *   bench_ledger [ops [op bytes]]     1,000,000 ops of 400 bytes unless told otherwise
 *
 * The same ops are committed with the ledger and without it, which is what an append
 * costs; where there are a thousand, a hundred thousand and so many of them, roots and
 * proofs of sizes of the later half are asked for. Beside it what this machine hashes and
 * inserts by libsodium and SQLite alone. The store takes ops here and nobody folds them:
 * of a turn of a node the share is smaller.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <sodium.h>
#include <sqlite3.h>

#include "storage/statement.h"
#include "storage/store_ledger.h"
#include "tests/support/crash_vfs.h"

#define FILE_NAME "bench_ledger.db"
#define BATCH 1000
#define SINGLES 200
#define SCOPES 500
#define ASKED 2000
#define HASHES 1000000
#define INSERTS 200000

static double seconds(clockid_t clock)
{
    struct timespec time;
    if (clock_gettime(clock, &time) != 0)
        abort();
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static double processor(void)
{
    return seconds(CLOCK_PROCESS_CPUTIME_ID);
}

static void must(enum status status, const char *what)
{
    if (status == STATUS_OK)
        return;
    fprintf(stderr, "%s: %s\n", what, status_text(status));
    exit(1);
}

static void must_sql(int rc, const char *what)
{
    if (rc == SQLITE_OK || rc == SQLITE_ROW || rc == SQLITE_DONE)
        return;
    fprintf(stderr, "%s: %s\n", what, sqlite3_errstr(rc));
    exit(1);
}

static void remove_files(void)
{
    static const char *const names[] = {FILE_NAME, FILE_NAME "-mark", FILE_NAME "-wal",
                                        FILE_NAME "-shm"};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        (void)unlink(names[i]); /* of this run, or of one that was stopped */
}

/* ---- a ledger that can be left out ---- */

static struct {
    bool is_off;
    double took; /* of the processor, since it was zeroed */
} settling;

enum status __real_store_ledger_settle(struct store *store);
enum status __wrap_store_ledger_settle(struct store *store);

enum status __wrap_store_ledger_settle(struct store *store)
{
    if (settling.is_off)
        return STATUS_OK;
    double from = processor();
    enum status status = __real_store_ledger_settle(store);
    settling.took += processor() - from;
    return status;
}

/* ---- the machine ---- */

static double hash_rate(size_t len)
{
    uint8_t message[65] = {1}, hash[crypto_hash_sha256_BYTES];
    double from = processor();
    for (uint32_t i = 0; i < HASHES; i++) {
        crypto_hash_sha256(hash, message, len);
        memcpy(message + 1, hash, sizeof(hash));
    }
    return HASHES / (processor() - from);
}

static void run(sqlite3 *db, const char *text)
{
    must_sql(sqlite3_exec(db, text, NULL, NULL, NULL), text);
}

/* Rows as the ledger has them, into a file with the settings of a store. */
static double insert_rate(void)
{
    sqlite3 *db;
    sqlite3_stmt *stmt;
    uint8_t hash[32];
    must_sql(sqlite3_open(FILE_NAME, &db), FILE_NAME);
    run(db, "PRAGMA journal_mode = WAL");
    run(db, "PRAGMA synchronous = EXTRA");
    run(db, "CREATE TABLE rows (place INTEGER PRIMARY KEY, hash BLOB) WITHOUT ROWID");
    must_sql(sqlite3_prepare_v2(db, "INSERT INTO rows VALUES (?1, ?2)", -1, &stmt, NULL),
             "prepare");
    double from = processor();
    for (int i = 0; i < INSERTS; i++) {
        if (i % BATCH == 0)
            run(db, "BEGIN");
        randombytes_buf(hash, sizeof(hash));
        must_sql(sqlite3_bind_int(stmt, 1, i), "bind");
        must_sql(sqlite3_bind_blob(stmt, 2, hash, sizeof(hash), SQLITE_TRANSIENT),
                 "bind");
        must_sql(sqlite3_step(stmt), "insert");
        must_sql(sqlite3_reset(stmt), "reset");
        if (i % BATCH == BATCH - 1)
            run(db, "COMMIT");
    }
    double rate = INSERTS / (processor() - from);
    must_sql(sqlite3_finalize(stmt), "finalize");
    must_sql(sqlite3_close(db), "close");
    remove_files();
    return rate;
}

/* ---- ops ---- */

static struct id id_of(uint64_t number)
{
    struct id id;
    uint64_t state = number;
    for (size_t i = 0; i < ID_SIZE; i += sizeof(state)) {
        uint64_t word = crash_random(&state);
        memcpy(id.bytes + i, &word, sizeof(word));
    }
    return id;
}

static void add(struct store *store, uint64_t number, struct bytes bytes)
{
    struct op op = {.id = id_of(number), .scope = id_of(~(number / 20 % SCOPES))};
    op.time = 1 + number / 100;
    op.wall = 1790000000 + number;
    must(store_op_add(store, &op, bytes, SCOPE_ESCALATION, TREE_SHARED), "store_op_add");
}

static void commit(struct store *store, uint64_t from, uint64_t to, struct bytes bytes)
{
    must(store_begin(store), "store_begin");
    for (uint64_t i = from; i < to; i++)
        add(store, i, bytes);
    must(store_commit(store), "store_commit");
}

/* ---- roots and proofs ---- */

struct asking {
    const char *what;
    double took, longest;
    uint64_t hashes, most;
};

static void note(struct asking *asking, double from, size_t hashes)
{
    double took = processor() - from;
    asking->took += took;
    asking->longest = took > asking->longest ? took : asking->longest;
    asking->hashes += hashes;
    asking->most = hashes > asking->most ? hashes : asking->most;
}

static void ask(struct store *store, uint64_t len)
{
    struct asking root = {.what = "root"}, inclusion = {.what = "inclusion"},
                  consistency = {.what = "consistency"};
    const struct asking *const all[] = {&root, &inclusion, &consistency};
    struct store_ledger_proof proof;
    struct merkle_hash hash;
    uint64_t state = len;
    for (int i = 0; i < ASKED; i++) {
        uint64_t size = len - crash_random(&state) % (len / 2);
        uint64_t position = crash_random(&state) % size;
        double from = processor();
        must(store_ledger_root(store, TREE_SHARED, size, &hash), root.what);
        note(&root, from, 1);
        from = processor();
        must(store_ledger_inclusion(store, TREE_SHARED, position, size, &proof),
             inclusion.what);
        note(&inclusion, from, proof.len);
        from = processor();
        must(store_ledger_consistency(store, TREE_SHARED, position, size, &proof),
             consistency.what);
        note(&consistency, from, proof.len);
    }
    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
        printf("%9" PRIu64 " ops  %-12s %7.0f us, longest %7.0f; %6.1f hashes, at most "
               "%2" PRIu64 " (%" PRIu64 " bytes)\n",
               len, all[i]->what, all[i]->took * 1e6 / ASKED, all[i]->longest * 1e6,
               (double)all[i]->hashes / ASKED, all[i]->most,
               all[i]->most * MERKLE_HASH_SIZE);
}

/* ---- with and without ---- */

struct filled {
    double batches, singles;                    /* of the processor, an op */
    double settled_in_batch, settled_in_single; /* of that the ledger */
};

static bool is_asked_at(uint64_t len, uint64_t ops)
{
    return len == 1000 || len == 100000 || len == ops;
}

static struct filled fill(uint64_t ops, struct bytes bytes, bool has_ledger)
{
    struct store *store;
    struct err err = {0};
    struct filled filled = {0};
    settling.is_off = !has_ledger;
    if (store_open(&store, FILE_NAME, NULL, true, &err) != STATUS_OK) {
        fprintf(stderr, "%s\n", err.text);
        exit(1);
    }
    for (uint64_t i = 0; i < ops; i += BATCH) {
        uint64_t to = i + BATCH < ops ? i + BATCH : ops;
        settling.took = 0;
        double from = processor();
        commit(store, i, to, bytes);
        filled.batches += (processor() - from) / (double)ops;
        filled.settled_in_batch += settling.took / (double)ops;
        if (has_ledger && is_asked_at(to, ops))
            ask(store, to);
    }
    settling.took = 0;
    double from = processor();
    for (uint64_t i = 0; i < SINGLES; i++)
        commit(store, ops + i, ops + i + 1, bytes);
    filled.singles = (processor() - from) / SINGLES;
    filled.settled_in_single = settling.took / SINGLES;
    store_close(store);
    return filled;
}

/* What the ledger has in the file that was filled last. */
static void measure_table(double ops)
{
    sqlite3 *db;
    sqlite3_stmt *stmt;
    must_sql(sqlite3_open_v2(FILE_NAME, &db, SQLITE_OPEN_READONLY, NULL), FILE_NAME);
    must_sql(sqlite3_prepare_v2(db,
                                "SELECT count(*), (SELECT sum(pgsize) FROM dbstat"
                                " WHERE name = 'ledger'), (SELECT sum(pgsize) FROM"
                                " dbstat) FROM ledger",
                                -1, &stmt, NULL),
             "prepare");
    must_sql(sqlite3_step(stmt), "what the ledger has");
    double rows = sqlite3_column_double(stmt, 0), bytes = sqlite3_column_double(stmt, 1);
    printf("table        %.4f rows an op, %.2f bytes an op of %.0f in the file\n",
           rows / ops, bytes / ops, sqlite3_column_double(stmt, 2) / ops);
    must_sql(sqlite3_finalize(stmt), "finalize");
    must_sql(sqlite3_close(db), "close");
}

int main(int argc, char **argv)
{
    uint64_t ops = argc > 1 ? strtoull(argv[1], NULL, 10) : 1000000;
    size_t len = argc > 2 ? (size_t)strtoull(argv[2], NULL, 10) : 400;
    uint8_t *noise = malloc(len + 1);
    if (noise == NULL || ops < BATCH || sodium_init() < 0)
        return 1;
    memset(noise, 0x5a, len + 1);
    remove_files();

    double leaves = hash_rate(1 + ID_SIZE), nodes = hash_rate(65);
    double inserts = insert_rate();
    printf("machine      %.0f hashes of a leaf, %.0f of a node, %.0f inserts a second\n",
           leaves, nodes, inserts);
    struct filled with = fill(ops, bytes_of(noise, len), true);
    measure_table((double)(ops + SINGLES));
    remove_files();
    struct filled without = fill(ops, bytes_of(noise, len), false);
    remove_files();
    free(noise);

    double least = 1 / leaves + 1 / nodes + 0.125 / inserts;
    printf("in batches   %.2f us an op with the ledger, %.2f without; the ledger's part "
           "%.2f (%.1f %%),\n"
           "             where a leaf, a node and an eighth of an insert take %.2f\n",
           with.batches * 1e6, without.batches * 1e6, with.settled_in_batch * 1e6,
           100 * with.settled_in_batch / with.batches, least * 1e6);
    printf("one by one   %.0f us an op with the ledger, %.0f without; the ledger's part "
           "%.2f (%.1f %%)\n",
           with.singles * 1e6, without.singles * 1e6, with.settled_in_single * 1e6,
           100 * with.settled_in_single / with.singles);
    return 0;
}
