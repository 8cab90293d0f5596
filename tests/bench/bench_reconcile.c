/*
 * bench_reconcile: two stores with the same ops but for some on each side, and what it
 * takes to find them: round trips, bytes, processor time of each side, memory of both.
 *
 *   bench_reconcile [ops [missing]]    1,000,000 and 100 on each side unless told
 *
 * Three pairs, in files of the working folder: nothing missing; the newest missing;
 * missing all over. Ops are noise of a few bytes: only their ids and times count here,
 * and the sets are kept by the store as always. Clocks are read here and nowhere below.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "proto/limits.h"
#include "proto/negentropy.h"
#include "storage/store.h"
#include "tests/support/crash_vfs.h"

#define BATCH 1000
#define OPS_PER_SCOPE 1000
#define FIRST_WALL 1700000000u

enum missing { NOTHING, RECENT, SCATTERED };

struct side {
    const char *file;
    struct store *store;
    struct store_set set;
    struct negentropy negentropy;
    double cpu_s;
    uint64_t missing; /* ids found that the other side lacks */
};

static const struct id site = {{0x51}};

static void must(enum status status, const char *what)
{
    if (status == STATUS_OK)
        return;
    fprintf(stderr, "bench_reconcile: %s: %s\n", what, status_text(status));
    exit(1);
}

static double read_clock(clockid_t clock)
{
    struct timespec time;
    if (clock_gettime(clock, &time) != 0)
        abort();
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

/* Begins with the number, so that the store's index of ids grows at its end and a million
 * of them are there within a minute; what is measured does not look at the order of ids
 * where the times differ. */
static struct id id_of(uint64_t number)
{
    struct id id;
    uint64_t state = number;
    for (size_t i = 0; i < ID_SIZE; i += sizeof(state)) {
        uint64_t word = crash_random(&state);
        memcpy(id.bytes + i, &word, sizeof(word));
    }
    for (size_t i = 0; i < sizeof(number); i++)
        id.bytes[i] = (uint8_t)(number >> (56 - 8 * i));
    return id;
}

/* Which sides have op `number` of `ops`: bits 0 and 1. */
static int holders_of(uint64_t number, uint64_t ops, uint64_t missing, enum missing how)
{
    uint64_t step = missing == 0 ? ops : ops / (2 * missing);
    if (how == RECENT && number >= ops - 2 * missing)
        return number % 2 == 0 ? 1 : 2;
    if (how == SCATTERED && step > 0 && number % step == 0 && number / step < 2 * missing)
        return number / step % 2 == 0 ? 1 : 2;
    return 3;
}

static void add(struct store *store, uint64_t number)
{
    struct op op = {.id = id_of(number), .scope = id_of(~(number / OPS_PER_SCOPE))};
    op.time = 1;
    op.wall = FIRST_WALL + 10 * number;
    must(store_op_add(store, &op, bytes_str("op"), SCOPE_ESCALATION, TREE_SHARED), "add");
}

static void share(struct store *store, uint64_t number)
{
    struct store_scope row = {.id = id_of(~number), .kind = SCOPE_ESCALATION};
    must(store_scope_put(store, &row, NULL, 0, &site, 1), "scope");
    must(store_pair_put(store, &site, &row.id), "share");
}

static void remove_files(const char *file)
{
    static const char *const suffixes[] = {"", "-wal", "-mark"};
    char path[64];
    for (size_t i = 0; i < sizeof(suffixes) / sizeof(suffixes[0]); i++) {
        (void)snprintf(path, sizeof(path), "%s%s", file, suffixes[i]);
        (void)unlink(path); /* those that are there */
    }
}

static void fill(struct side *side, int bit, uint64_t ops, uint64_t missing,
                 enum missing how)
{
    remove_files(side->file);
    struct err err = {0};
    must(store_open(&side->store, side->file, NULL, true, &err), err.text);
    must(store_begin(side->store), "begin");
    must(store_pair_add(side->store, &site), "pair");
    for (uint64_t i = 0; i < ops; i++) {
        if (holders_of(i, ops, missing, how) & bit)
            add(side->store, i);
        if (i % OPS_PER_SCOPE == 1)
            share(side->store, i / OPS_PER_SCOPE);
        if (i % BATCH == BATCH - 1) {
            must(store_commit(side->store), "commit");
            must(store_begin(side->store), "begin");
        }
    }
    must(store_commit(side->store), "commit");
    store_close(side->store);
}

static enum status count(void *context, const uint8_t id[static NEGENTROPY_ID_SIZE])
{
    (void)id;
    ++*(uint64_t *)context;
    return STATUS_OK;
}

/* Resident memory, its peak since peak_begin. */
static void peak_begin(void)
{
    FILE *file = fopen("/proc/self/clear_refs", "w");
    if (file == NULL || fputs("5", file) < 0 || fclose(file) != 0)
        fprintf(stderr, "bench_reconcile: the peak of memory is that of the whole run\n");
}

static unsigned long peak_kib(void)
{
    char line[128];
    unsigned long kib = 0;
    FILE *file = fopen("/proc/self/status", "r");
    while (file != NULL && fgets(line, sizeof(line), file) != NULL)
        if (sscanf(line, "VmHWM: %lu kB", &kib) == 1)
            break;
    if (file != NULL)
        (void)fclose(file); /* was read only */
    return kib;
}

static void open_side(struct side *side)
{
    struct err err = {0};
    must(store_open(&side->store, side->file, NULL, false, &err), err.text);
    must(store_set_open(side->store, &site, &side->set), "set");
    negentropy_init(&side->negentropy, store_set_source(&side->set),
                    NEGENTROPY_MESSAGE_MAX);
}

static void run(uint64_t ops, uint64_t missing, enum missing how, const char *name)
{
    struct side sides[2] = {{.file = "bench_reconcile_a.db"},
                            {.file = "bench_reconcile_b.db"}};
    struct buf question = {0}, answer = {0};
    uint64_t trips = 0, bytes = 0;
    bool done = false;
    for (int i = 0; i < 2; i++)
        fill(&sides[i], 1 << i, ops, missing, how);
    peak_begin();
    double began = read_clock(CLOCK_MONOTONIC);
    for (int i = 0; i < 2; i++)
        open_side(&sides[i]);
    struct negentropy_sink sink = {NULL, count, count};
    uint64_t found = 0;
    sink.context = &found;

    double start = read_clock(CLOCK_PROCESS_CPUTIME_ID);
    must(negentropy_probe(&sides[0].negentropy, &question), "probe");
    while (!done) {
        double middle = read_clock(CLOCK_PROCESS_CPUTIME_ID);
        sides[0].cpu_s += middle - start;
        bytes += question.len;
        trips++;
        buf_clear(&answer);
        must(negentropy_answer(&sides[1].negentropy, buf_bytes(&question), &answer, NULL),
             "answer");
        bytes += answer.len;
        buf_clear(&question);
        start = read_clock(CLOCK_PROCESS_CPUTIME_ID);
        sides[1].cpu_s += start - middle;
        must(negentropy_continue(&sides[0].negentropy, buf_bytes(&answer), &question,
                                 &sink, &done, NULL),
             "continue");
    }
    sides[0].cpu_s += read_clock(CLOCK_PROCESS_CPUTIME_ID) - start;
    double ms = (read_clock(CLOCK_MONOTONIC) - began) * 1000;

    unsigned long kib = peak_kib();
    printf("%-10s %9" PRIu64 " %6" PRIu64 " %6" PRIu64 " %9" PRIu64
           " %9.1f %9.1f %9.1f %9lu\n",
           name, ops, found, trips, bytes, ms, sides[0].cpu_s * 1000,
           sides[1].cpu_s * 1000, kib);
    printf("{\"missing\":\"%s\",\"ops\":%" PRIu64 ",\"found\":%" PRIu64
           ",\"round_trips\":%" PRIu64 ",\"bytes\":%" PRIu64
           ",\"ms\":%.1f,\"asking_cpu_ms\":%.1f,\"answering_cpu_ms\":%.1f,"
           "\"both_kib\":%lu}\n",
           name, ops, found, trips, bytes, ms, sides[0].cpu_s * 1000,
           sides[1].cpu_s * 1000, kib);
    if (found != (how == NOTHING ? 0 : 2 * missing))
        must(STATUS_CORRUPT, "not all that is missing was found");
    for (int i = 0; i < 2; i++) {
        negentropy_deinit(&sides[i].negentropy);
        store_close(sides[i].store);
        remove_files(sides[i].file);
    }
    buf_deinit(&question);
    buf_deinit(&answer);
}

int main(int argc, char *argv[])
{
    uint64_t ops = argc > 1 ? strtoull(argv[1], NULL, 10) : 1000000;
    uint64_t missing = argc > 2 ? strtoull(argv[2], NULL, 10) : 100;
    if (ops < OPS_PER_SCOPE || 2 * missing > ops) {
        fprintf(stderr, "usage: bench_reconcile [ops [missing]]\n");
        return 2;
    }
    printf("%-10s %9s %6s %6s %9s %9s %9s %9s %9s\n", "missing", "ops", "found", "trips",
           "bytes", "ms", "cpu ask", "cpu tell", "both KiB");
    run(ops, missing, NOTHING, "nothing");
    run(ops, missing, RECENT, "recent");
    run(ops, missing, SCATTERED, "scattered");
    return 0;
}
