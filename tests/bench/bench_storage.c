/*
 * bench_storage: how fast the store takes and gives ops, on a file in the working folder.
 *
 *   bench_storage [ops [op bytes]]     200,000 ops of about 400 bytes unless told
 * otherwise
 *
 * Ops are committed in batches of 1,000 as a sync does, then in batches of 1 as a person
 * does. Nothing is decoded; the bytes are noise. A monotonic clock is read here and
 * nowhere below.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "storage/store.h"
#include "tests/support/crash_vfs.h"

#define FILE_NAME "bench_storage.db"
#define BATCH 1000
#define SINGLES 200
#define SCOPES 500

static double now(void)
{
    struct timespec time;
    if (clock_gettime(CLOCK_MONOTONIC, &time) != 0)
        abort();
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void must(enum status status, const char *what)
{
    if (status == STATUS_OK)
        return;
    fprintf(stderr, "%s: %s\n", what, status_text(status));
    exit(1);
}

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
    must(store_op_add(store, &op, bytes, SCOPE_CASE, TREE_PRIVATE), "store_op_add");
}

static enum status count(void *context, const struct store_op *op)
{
    *(uint64_t *)context += op->bytes.len;
    return STATUS_OK;
}

int main(int argc, char **argv)
{
    uint64_t ops = argc > 1 ? strtoull(argv[1], NULL, 10) : 200000;
    size_t len = argc > 2 ? (size_t)strtoull(argv[2], NULL, 10) : 400;
    uint8_t *noise = malloc(len + 1);
    if (noise == NULL)
        return 1;
    memset(noise, 0x5a, len + 1);
    (void)unlink(FILE_NAME); /* of a run that was stopped */
    struct store *store;
    struct err err = {0};
    if (store_open(&store, FILE_NAME, NULL, true, &err) != STATUS_OK) {
        fprintf(stderr, "%s\n", err.text);
        return 1;
    }

    double start = now();
    for (uint64_t i = 0; i < ops; i += BATCH) {
        must(store_begin(store), "store_begin");
        for (uint64_t k = i; k < i + BATCH && k < ops; k++)
            add(store, k, bytes_of(noise, len));
        must(store_commit(store), "store_commit");
    }
    double took = now() - start;
    printf("added %" PRIu64 " ops of %zu bytes in batches of %d: %.0f a second\n", ops,
           len, BATCH, (double)ops / took);

    start = now();
    for (uint64_t i = 0; i < SINGLES; i++) {
        must(store_begin(store), "store_begin");
        add(store, ops + i, bytes_of(noise, len));
        must(store_commit(store), "store_commit");
    }
    took = now() - start;
    printf("committed %d ops one by one: %.2f ms each\n", SINGLES, took * 1000 / SINGLES);

    start = now();
    for (uint64_t i = 0; i < ops; i++) {
        struct id id = id_of(i * 7919 % ops);
        must(store_op_find(store, &id, &(struct store_place){0}), "store_op_find");
    }
    printf("found by id: %.0f a second\n", (double)ops / (now() - start));

    start = now();
    uint64_t read = 0;
    for (uint64_t i = 0; i < SCOPES; i++) {
        struct id scope = id_of(~i);
        must(store_ops_of_scope(store, &scope, count, &read), "store_ops_of_scope");
    }
    printf("read by scope: %.0f ops a second\n",
           (double)(ops + SINGLES) / (now() - start));

    store_close(store);
    start = now();
    must(store_open(&store, FILE_NAME, NULL, false, &err), "store_open");
    printf("opened again in %.1f ms\n", (now() - start) * 1000);
    store_close(store);
    free(noise);
    return unlink(FILE_NAME) == 0 && unlink(FILE_NAME "-mark") == 0 ? 0 : 1;
}
