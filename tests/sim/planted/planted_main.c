/*
 * fengqiao-sim-planted: lives histories of nodes with a planted bug. Exit 0: every bug
 * asked for was caught, or the sound node held; 1: not so; 2: usage.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "tests/sim/life/sim_batch.h"
#include "tests/sim/life/sim_twin.h"
#include "tests/sim/planted/planted_hunt.h"
#include "tests/sim/planted/planted_seeds.h"

/* Within so many seeds a bug must be caught, or the simulator is too weak. */
#define SEEDS_MAX 2000
/* Where histories have changed since a seed was written down, so many after it are
 * looked at as well. */
#define STRAY_MAX 60

static const char help[] =
    "usage: fengqiao-sim-planted --list\n"
    "       fengqiao-sim-planted --bug NAME --seed S [--trace]\n"
    "       fengqiao-sim-planted --replay SEEDS [--bug NAME] [--jobs N]\n"
    "       fengqiao-sim-planted --find SEEDS [--bug NAME] [--share K/N] [--from S]\n"
    "                            [--tries N] [--jobs N]\n"
    "       fengqiao-sim-planted --table SEEDS\n"
    "\n"
    "Histories of a county whose nodes have one bug (docs/PLANTED.md); \"nothing\" is\n"
    "the sound node.\n"
    "\n"
    "  --replay SEEDS   each bug at its known seed: it must be caught, there or close "
    "by\n"
    "  --find SEEDS     the first seed of 2,000 that catches each bug; writes the file\n"
    "  --share K/N      only each N-th bug, from the K-th on (K from 0)\n"
    "  --from S         the seed to begin at, instead of 1\n"
    "  --tries N        seeds to look at, instead of 2,000\n"
    "  --table SEEDS    the table of docs/PLANTED.md\n"
    "\n"
    "example: fengqiao-sim-planted --bug commit-late --seed 7 --trace\n";

enum task { TASK_NONE, TASK_LIST, TASK_LIVE, TASK_REPLAY, TASK_FIND, TASK_TABLE };

struct wish {
    enum task task;
    const char *path;
    enum planted_bug bug; /* PLANTED_LEN: all */
    uint64_t seed, from, tries;
    FILE *trace;
    uint32_t jobs, share, shares;
    struct planted_seeds seeds;
    uint32_t escaped, strayed;
};

static bool read_value(struct wish *wish, const char *name, const char *value)
{
    static const struct {
        const char *name;
        enum task task;
    } tasks[] = {
        {"--replay", TASK_REPLAY}, {"--find", TASK_FIND}, {"--table", TASK_TABLE}};
    for (size_t i = 0; i < sizeof(tasks) / sizeof(tasks[0]); i++) {
        if (strcmp(name, tasks[i].name) != 0)
            continue;
        wish->task = tasks[i].task;
        wish->path = value;
        return true;
    }
    if (strcmp(name, "--bug") == 0)
        return (wish->bug = planted_find(value)) != PLANTED_LEN;
    if (strcmp(name, "--seed") == 0) {
        wish->task = TASK_LIVE;
        wish->seed = strtoull(value, NULL, 10);
        return true;
    }
    if (strcmp(name, "--share") == 0)
        return sscanf(value, "%" SCNu32 "/%" SCNu32, &wish->share, &wish->shares) == 2 &&
               wish->share < wish->shares;
    if (strcmp(name, "--from") == 0)
        return (wish->from = strtoull(value, NULL, 10)) > 0;
    if (strcmp(name, "--tries") == 0)
        return (wish->tries = strtoull(value, NULL, 10)) > 0;
    if (strcmp(name, "--jobs") != 0)
        return false;
    wish->jobs = (uint32_t)strtoul(value, NULL, 10);
    return wish->jobs > 0 && wish->jobs <= SIM_JOBS_MAX;
}

static bool read_wish(struct wish *wish, int argc, char *argv[])
{
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--list") == 0)
            wish->task = TASK_LIST;
        else if (strcmp(argv[i], "--trace") == 0)
            wish->trace = stdout;
        else if (i + 1 == argc || !read_value(wish, argv[i], argv[i + 1]))
            return false;
        else
            i++;
    }
    return wish->task != TASK_NONE &&
           (wish->task != TASK_LIVE || wish->bug != PLANTED_LEN);
}

static int print_list(void)
{
    for (int bug = 1; bug < PLANTED_LEN; bug++)
        printf("%-28s %s\n", planted_name((enum planted_bug)bug),
               planted_says((enum planted_bug)bug));
    return 0;
}

static int live(const struct wish *wish)
{
    struct sim_options options = {.seed = wish->seed, .trace = wish->trace};
    struct sim_verdict verdict;
    char hex[2 * ID_SIZE + 1];
    options.twins = planted_is_twin(wish->bug);
    planted_now = wish->bug;
    sim_twin_live(&options, &verdict);
    hex_encode(hex, verdict.trace.bytes, ID_SIZE);
    printf("%s, seed %" PRIu64 ": %s%s%s (trace %.16s)\n", planted_name(wish->bug),
           wish->seed, verdict.invariant, verdict.holds ? "holds" : ": ", verdict.text,
           hex);
    return verdict.holds == (wish->bug == PLANTED_NOTHING) ? 0 : 1;
}

static void report(void *context, const struct hunt *hunt)
{
    struct wish *wish = context;
    const char *name = planted_name(hunt->bug);
    struct planted_seed *known = &wish->seeds.of[hunt->bug];
    if (!hunt->is_caught) {
        wish->escaped++;
        printf("%-28s escapes: seeds %" PRIu64 "..%" PRIu64 "\n", name, hunt->first,
               hunt->first + hunt->tries - 1);
        return;
    }
    bool has_strayed = wish->task == TASK_REPLAY && hunt->seed != known->seed;
    wish->strayed += has_strayed;
    printf("%-28s %6" PRIu64 " %-5s %s%s\n", name, hunt->seed, hunt->verdict.invariant,
           hunt->verdict.text, has_strayed ? " (at another seed than before)" : "");
    (void)fflush(stdout);
    if (wish->task != TASK_FIND)
        return;
    known->seed = hunt->seed;
    memcpy(known->invariant, hunt->verdict.invariant, sizeof(known->invariant));
}

static size_t list_hunts(const struct wish *wish, struct hunt *hunts)
{
    size_t len = 0;
    for (int i = 1; i < PLANTED_LEN; i++) {
        enum planted_bug bug = (enum planted_bug)i;
        if (wish->bug != PLANTED_LEN ? bug != wish->bug
                                     : (uint32_t)(i - 1) % wish->shares != wish->share)
            continue;
        uint64_t known = wish->seeds.of[bug].seed;
        hunts[len++] = wish->task == TASK_FIND
                           ? (struct hunt){.bug = bug,
                                           .first = wish->from,
                                           .tries = wish->tries,
                                           .is_new = bug != PLANTED_NOTHING}
                           : (struct hunt){.bug = bug,
                                           .first = known,
                                           .tries = known == 0 ? 0 : STRAY_MAX};
    }
    return len;
}

static int hunt(struct wish *wish)
{
    static struct hunt hunts[PLANTED_LEN];
    size_t len = list_hunts(wish, hunts);
    (void)fflush(stdout);
    if (!hunt_all(hunts, len, wish->jobs, report, wish)) {
        (void)fprintf(stderr, "fengqiao-sim-planted: a process could not be made\n");
        return 1;
    }
    printf("%zu bugs, %" PRIu32 " escaped\n", len, wish->escaped);
    if (wish->strayed > 0)
        printf("%" PRIu32 " died at another seed than before: histories have changed; "
               "write the file anew with --find\n",
               wish->strayed);
    if (wish->task == TASK_FIND && !seeds_write(&wish->seeds, wish->path))
        return 1;
    return wish->escaped == 0 ? 0 : 1;
}

int main(int argc, char *argv[])
{
    static struct wish wish = {
        .bug = PLANTED_LEN, .from = 1, .tries = SEEDS_MAX, .jobs = 1, .shares = 1};
    if (argc == 2 && strcmp(argv[1], "--help") == 0) {
        (void)fputs(help, stdout);
        return 0;
    }
    if (sodium_init() < 0)
        return 1;
    if (!read_wish(&wish, argc, argv)) {
        (void)fputs(help, stderr);
        return 2;
    }
    if (wish.path != NULL && !seeds_read(&wish.seeds, wish.path))
        return 1;
    switch (wish.task) {
    case TASK_LIST:
        return print_list();
    case TASK_LIVE:
        return live(&wish);
    case TASK_TABLE:
        seeds_print_table(&wish.seeds);
        return 0;
    default:
        return hunt(&wish);
    }
}
