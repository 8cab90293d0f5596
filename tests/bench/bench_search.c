/*
 * bench_search: what a search takes in a store of N ops of cases, ten to a case: p50,
 * p99 and the longest of many searches of each sort, and of opening a case. The cases are
 * made up from common characters, the frequent ones more often, and folded as by a turn.
 * All times are processor times.
 *
 * usage: bench_search FILE N [SEARCHES]     FILE is made anew
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <sodium.h>

#include "crypto/key.h"
#include "node/cases/charter.h"
#include "node/core/api.h"
#include "node/core/charters.h"
#include "node/core/core.h"
#include "node/core/refold.h"

#define OPS_PER_CASE 10
#define OPS_PER_TURN 1000
#define NARRATIVE_LEN 200 /* characters */
#define NOTE_LEN 40
#define CHARACTERS 2000
#define SAMPLES_MAX 20000

static void must(enum status status, const char *what)
{
    if (status == STATUS_OK)
        return;
    fprintf(stderr, "bench_search: %s: %s\n", what, status_text(status));
    exit(1);
}

static double cpu_seconds(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now); /* never fails on Linux */
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

struct bench {
    struct core *core;
    struct store *store;
    struct rng rng;
    uint8_t seed[32];
    struct id heads[OP_AUTHORITY_MAX];
    size_t heads_len;
    uint64_t dice;
    uint64_t ops; /* of this turn */
};

static uint32_t dice(struct bench *bench, uint32_t bound)
{
    bench->dice = bench->dice * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(bench->dice >> 33) % bound;
}

/* One of CHARACTERS, the first ones more often: 1/rank, roughly. */
static void add_character(struct bench *bench, struct buf *text)
{
    uint32_t below = 1 + dice(bench, CHARACTERS);
    uint32_t point = 0x4e00 + dice(bench, below) * 7;
    uint8_t bytes[3] = {(uint8_t)(0xe0 | point >> 12),
                        (uint8_t)(0x80 | (point >> 6 & 63)),
                        (uint8_t)(0x80 | (point & 63))};
    buf_add(text, bytes, 3);
}

static void add_text(struct bench *bench, struct op *op, struct buf *memory,
                     const char *name, uint32_t len)
{
    struct buf text = {0};
    for (uint32_t i = 0; i < len; i++)
        add_character(bench, &text);
    size_t at = memory->len;
    pack_str_bytes(memory, buf_bytes(&text));
    must(op_add_field(op, name, bytes_of(memory->data + at, memory->len - at)), "field");
    buf_deinit(&text);
}

static void add(struct bench *bench, struct op *op)
{
    struct buf bytes = {0};
    for (size_t i = 0; i < bench->heads_len; i++)
        must(op_add_authority(op, &bench->heads[i]), "authority");
    must(op_seal(op, &bench->core->network, bench->seed, &bench->rng), "seal");
    op_encode(op, ~0u, &bytes);
    must(store_op_add(bench->store, op, buf_bytes(&bytes), SCOPE_CASE, TREE_PRIVATE),
         "add");
    refold_touch(bench->core, &op->scope);
    buf_deinit(&bytes);
    bench->ops++;
}

static void add_case(struct bench *bench, uint64_t number)
{
    static const char *const texts[] = {"category", "narrative", "title"};
    static const uint32_t lens[] = {2, NARRATIVE_LEN, 8};
    struct op op = {.kind = bytes_str("case-new"), .is_founding = true, .time = 1};
    struct buf memory = {0};
    char text[32];
    if (buf_reserve(&memory, 4096) == NULL) /* so that what was added stays in place */
        must(STATUS_NO_MEMORY, "case");
    (void)snprintf(text, sizeof(text), "2026-%06llu", (unsigned long long)number);
    for (int i = 0; i < 3; i++)
        add_text(bench, &op, &memory, texts[i], lens[i]);
    size_t at = memory.len;
    pack_str(&memory, text);
    must(op_add_field(&op, "number", bytes_of(memory.data + at, memory.len - at)),
         "number");
    op.wall = 1790000000 + number;
    add(bench, &op);
    struct id scope = op.id, parent = op.id;
    for (uint64_t i = 1; i < OPS_PER_CASE; i++) {
        struct op note = {.kind = bytes_str("note"), .scope = scope, .time = i + 1};
        buf_clear(&memory);
        note.wall = op.wall;
        add_text(bench, &note, &memory, "text", NOTE_LEN);
        must(op_add_parent(&note, &parent), "parent");
        add(bench, &note);
        parent = note.id;
    }
    buf_deinit(&memory);
}

static void commit(struct bench *bench)
{
    struct action action;
    must(core_commit(bench->core), "commit");
    while (core_next_action(bench->core, &action))
        action_deinit(&action); /* nobody is connected */
    bench->ops = 0;
}

static void add_cases(struct bench *bench, uint64_t cases)
{
    must(core_begin(bench->core), "begin");
    for (uint64_t i = 1; i <= cases; i++) {
        add_case(bench, i);
        if (bench->ops < OPS_PER_TURN)
            continue;
        commit(bench);
        must(core_begin(bench->core), "begin");
    }
    commit(bench);
}

static void found(struct bench *bench, const char *file)
{
    const uint8_t recovery_seed[32] = {2}, wrapped[WRAP_SIZE] = {0};
    uint8_t recovery_key[32];
    struct err err = {0};
    struct id site;
    struct core_config config = {.rng = rng_system(), .node_seed = {3}};
    config.noise_secret[0] = 4;
    bench->seed[0] = 1;
    key_sign_public(recovery_key, recovery_seed);
    const struct core_founding founding = {.tier = "village",
                                           .name = "bench",
                                           .steward = "bench",
                                           .steward_seed = bench->seed,
                                           .steward_wrapped = wrapped,
                                           .recovery_key = recovery_key,
                                           .wall = 1790000000};
    must(store_open(&config.store, file, NULL, true, &err), err.text);
    must(core_found(&config, &founding, &site, &err), err.text);
    must(core_open(&bench->core, &config, &err), err.text);
    bench->store = config.store;
    bench->rng = config.rng;
    const struct id *heads = charter_heads(
        charters_of_site(bench->core, &bench->core->site), &bench->heads_len);
    memcpy(bench->heads, heads, bench->heads_len * sizeof(*heads));
}

/* --- asking --- */

enum sort { ONE, TWO, APART, NUMBER, NONE, SHOW, SORTS };
static const char *const sorts[SORTS] = {
    "one character", "two side by side",       "two words, two characters each",
    "a number",      "a word that is nowhere", "a case is opened"};

static void compose(struct bench *bench, enum sort sort, uint64_t cases, struct buf *text)
{
    char number[32];
    static const int lens[] = {1, 2, 4};
    buf_clear(text);
    for (int i = 0; sort <= APART && i < lens[sort]; i++) {
        if (i == 2)
            buf_add_u8(text, ' ');
        add_character(bench, text);
    }
    if (sort == NONE)
        buf_add(text, "nowhere", 7);
    if (sort != NUMBER && sort != SHOW)
        return;
    int len =
        snprintf(number, sizeof(number), "2026-%06u", 1 + dice(bench, (uint32_t)cases));
    buf_add(text, number, (size_t)len);
}

static double ask(struct bench *bench, struct caller *caller, enum sort sort,
                  struct bytes text)
{
    struct buf map = {0}, result = {0};
    const char *name = sort == SHOW ? "case" : "words";
    struct err err = {0};
    pack_map(&map, 1);
    pack_str(&map, name);
    pack_str_bytes(&map, text);
    const struct args args = {buf_bytes(&map), name};
    double before = cpu_seconds();
    must(core_begin(bench->core), "begin");
    must(sort == SHOW ? api_case_show(bench->core, caller, &args, &result, &err)
                      : api_search(bench->core, caller, &args, &result, &err),
         err.text);
    must(core_commit(bench->core), "commit");
    double took = cpu_seconds() - before;
    buf_deinit(&map);
    buf_deinit(&result);
    return took;
}

static int compare(const void *a, const void *b)
{
    const double *one = a, *other = b;
    return (*one > *other) - (*one < *other);
}

static void measure(struct bench *bench, enum sort sort, uint64_t cases, uint32_t len)
{
    static double took[SAMPLES_MAX];
    struct sign_pair pair;
    struct caller caller = {.signer.pair = &pair};
    struct buf text = {0};
    sign_pair_init(&pair, bench->seed);
    memcpy(caller.signer.key, sign_pair_key(&pair), 32);
    for (uint32_t i = 0; i < len; i++) {
        compose(bench, sort, cases, &text);
        took[i] = ask(bench, &caller, sort, buf_bytes(&text));
    }
    qsort(took, len, sizeof(*took), compare);
    printf("%-32s p50 %8.3f ms   p99 %8.3f ms   longest %8.3f ms\n", sorts[sort],
           took[len / 2] * 1e3, took[len * 99 / 100] * 1e3, took[len - 1] * 1e3);
    buf_deinit(&text);
}

int main(int argc, char *argv[])
{
    static struct bench bench = {.dice = 7};
    if (argc < 3 || sodium_init() < 0) {
        fprintf(stderr, "usage: bench_search FILE N [SEARCHES]\n");
        return 2;
    }
    uint64_t cases = strtoull(argv[2], NULL, 10) / OPS_PER_CASE;
    uint64_t searches = argc > 3 ? strtoull(argv[3], NULL, 10) : 1000;
    if (cases == 0 || searches == 0 || searches > SAMPLES_MAX)
        return 2;
    found(&bench, argv[1]);
    double before = cpu_seconds();
    add_cases(&bench, cases);
    double took = cpu_seconds() - before;
    printf("%llu ops in %llu cases: %.0f ops a second\n",
           (unsigned long long)cases * OPS_PER_CASE, (unsigned long long)cases,
           (double)(cases * OPS_PER_CASE) / took);
    for (int sort = 0; sort < SORTS; sort++)
        measure(&bench, (enum sort)sort, cases, (uint32_t)searches);
    core_close(bench.core);
    store_close(bench.store);
    return 0;
}
