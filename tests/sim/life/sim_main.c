/*
 * fengqiao-sim: lives histories. Exit 0: all invariants held; 1: one did not (the seed
 * and how to replay it are printed); 2: usage.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <sodium.h>

#include "tests/sim/life/sim_batch.h"
#include "tests/sim/life/sim_shrink.h"
#include "tests/sim/life/sim_twin.h"

static const char help[] =
    "usage: fengqiao-sim --seed S [--until MS] [--drop LIST] [--calm] [--trace]\n"
    "                    [--lane fast|careful]\n"
    "       fengqiao-sim --seeds A..B [--jobs N] [--calm] [--ever] [--json] [--twin]\n"
    "       fengqiao-sim --fresh N [--jobs N] [--json]\n"
    "       fengqiao-sim --hostile --messages N [--jobs N]\n"
    "       fengqiao-sim --storm --cuts N [--jobs N]\n"
    "       fengqiao-sim --shrink --seed S [--until MS] [--drop LIST] [--emit-test]\n"
    "       fengqiao-sim --regressions FILE\n"
    "\n"
    "Lives histories of a county in virtual time and checks the invariants of\n"
    "docs/SIMULATOR.md. The same seed is the same history.\n"
    "\n"
    "  --ever         how often each situation of sim_ever_list.h occurred; a batch of\n"
    "                 400 seeds or more fails where one never did\n"
    "  --pretend N    N released records count as a failure (to try the tools)\n"
    "  --lane WORD    fast: keys and channels that cost nothing; careful: the true "
    "ones;\n"
    "                 without it every eighth seed is careful\n"
    "  --drop LIST    entries of the script to leave out: 3,5,7-20\n"
    "  --twin         each seed twice, with other private cases: lets out the same\n"
    "  --hostile      in every history one site lies, as much as it can\n"
    "  --messages N   fresh seeds until honest nodes have read N messages of liars\n"
    "  --storm        in every history the power goes hundreds of times\n"
    "  --cuts N       fresh seeds until the power has gone N times\n"
    "  --fresh N      N seeds that nobody has seen before\n"
    "  --shrink       the shortest script that still fails in the same way\n"
    "  --emit-test    prints it as a line for tests/sim/life/regressions.txt\n"
    "\n"
    "example: fengqiao-sim --seeds 1..1000 --jobs 2\n";

#define HISTORIES_AT_ONCE 8 /* of as many as it takes */

struct wish {
    struct sim_batch batch;
    uint32_t dropped[SIM_ENTRIES_MAX];
    const char *regressions;
    uint64_t messages, cuts;
    bool has_seed, is_single, is_shrinking, emits_test, is_json, shows_ever;
};

static const char *const lanes[] = {"of-seed", "fast", "careful"};

static bool read_lane(struct wish *wish, const char *word)
{
    for (int i = LANE_FAST; i <= LANE_CAREFUL; i++) {
        if (strcmp(word, lanes[i]) != 0)
            continue;
        wish->batch.options.lane = (enum sim_lane)i;
        return true;
    }
    return false;
}

static const char *lane_of(const struct wish *wish, uint64_t seed)
{
    struct sim_options options = wish->batch.options;
    options.seed = seed;
    return lanes[sim_is_careful(&options) ? LANE_CAREFUL : LANE_FAST];
}

/* "3,5,7-20", ascending. */
static bool read_drops(struct wish *wish, const char *list)
{
    uint32_t len = 0;
    for (const char *at = list; *at != '\0' && strcmp(list, "-") != 0;) {
        char *end;
        uint64_t from = strtoull(at, &end, 10), to = from;
        if (end == at)
            return false;
        if (*end == '-')
            to = strtoull(end + 1, &end, 10);
        for (; from <= to && len < SIM_ENTRIES_MAX; from++)
            wish->dropped[len++] = (uint32_t)from;
        if (*end != ',' && *end != '\0')
            return false;
        at = *end == ',' ? end + 1 : end;
    }
    wish->batch.options.dropped = wish->dropped;
    wish->batch.options.dropped_len = len;
    return true;
}

static void print_drops(const uint32_t *dropped, uint32_t len)
{
    if (len == 0)
        printf("-");
    for (uint32_t i = 0; i < len;) {
        uint32_t end = i;
        while (end + 1 < len && dropped[end + 1] == dropped[end] + 1)
            end++;
        printf(end > i ? "%s%" PRIu32 "-%" PRIu32 : "%s%" PRIu32, i > 0 ? "," : "",
               dropped[i], dropped[end]);
        i = end + 1;
    }
}

static bool read_range(struct wish *wish, const char *text)
{
    char *end;
    wish->batch.first = strtoull(text, &end, 10);
    if (strncmp(end, "..", 2) != 0)
        return false;
    wish->batch.last = strtoull(end + 2, NULL, 10);
    wish->has_seed = wish->batch.first <= wish->batch.last;
    return wish->has_seed;
}

static bool read_fresh(struct wish *wish, uint64_t len)
{
    struct sim_batch *batch = &wish->batch;
    randombytes_buf(&batch->first, sizeof(batch->first));
    batch->first >>= 20; /* short enough to be read aloud */
    batch->last = batch->first + len - 1;
    return wish->has_seed = len > 0;
}

static bool read_value(struct wish *wish, const char *name, const char *value)
{
    struct sim_batch *batch = &wish->batch;
    if (strcmp(name, "--seed") == 0) {
        batch->first = batch->last = strtoull(value, NULL, 10);
        return wish->has_seed = wish->is_single = true;
    }
    if (strcmp(name, "--seeds") == 0)
        return read_range(wish, value);
    if (strcmp(name, "--fresh") == 0)
        return read_fresh(wish, strtoull(value, NULL, 10));
    if (strcmp(name, "--messages") == 0) {
        wish->messages = strtoull(value, NULL, 10);
        return read_fresh(wish, HISTORIES_AT_ONCE);
    }
    if (strcmp(name, "--cuts") == 0) {
        wish->cuts = strtoull(value, NULL, 10);
        return read_fresh(wish, HISTORIES_AT_ONCE);
    }
    if (strcmp(name, "--until") == 0) {
        batch->options.until_ms = strtoull(value, NULL, 10);
        return true;
    }
    if (strcmp(name, "--pretend") == 0) {
        batch->options.pretend = (uint32_t)strtoul(value, NULL, 10);
        return true;
    }
    if (strcmp(name, "--drop") == 0)
        return read_drops(wish, value);
    if (strcmp(name, "--lane") == 0)
        return read_lane(wish, value);
    if (strcmp(name, "--regressions") == 0) {
        wish->regressions = value;
        return true;
    }
    if (strcmp(name, "--jobs") != 0)
        return false;
    batch->jobs = (uint32_t)strtoul(value, NULL, 10);
    return batch->jobs > 0 && batch->jobs <= SIM_JOBS_MAX;
}

static bool read_wish(struct wish *wish, int argc, char *argv[])
{
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--calm") == 0)
            wish->batch.options.calm = true;
        else if (strcmp(argv[i], "--hostile") == 0)
            wish->batch.options.is_hostile = true;
        else if (strcmp(argv[i], "--storm") == 0)
            wish->batch.options.is_stormy = true;
        else if (strcmp(argv[i], "--twin") == 0)
            wish->batch.options.twins = true;
        else if (strcmp(argv[i], "--trace") == 0)
            wish->batch.options.trace = stdout;
        else if (strcmp(argv[i], "--shrink") == 0)
            wish->is_shrinking = true;
        else if (strcmp(argv[i], "--emit-test") == 0)
            wish->emits_test = true;
        else if (strcmp(argv[i], "--ever") == 0)
            wish->shows_ever = true;
        else if (strcmp(argv[i], "--json") == 0)
            wish->is_json = true;
        else if (i + 1 == argc || !read_value(wish, argv[i], argv[i + 1]))
            return false;
        else
            i++;
    }
    return wish->regressions != NULL ||
           (wish->has_seed && (wish->is_single || !wish->is_shrinking));
}

static void print_failure(const struct wish *wish, uint64_t seed,
                          const struct sim_verdict *verdict)
{
    const struct sim_options *options = &wish->batch.options;
    printf("seed %" PRIu64 ": %s does not hold at %" PRIu64 " ms, entry %" PRIu32
           ": %s\n  replay: fengqiao-sim --seed %" PRIu64 " --lane %s",
           seed, verdict->invariant, verdict->at_ms, verdict->entry, verdict->text, seed,
           lane_of(wish, seed));
    if (options->dropped_len > 0) {
        printf(" --drop ");
        print_drops(options->dropped, options->dropped_len);
    }
    if (options->until_ms > 0)
        printf(" --until %" PRIu64, options->until_ms);
    printf("%s%s%s%s --trace\n", options->calm ? " --calm" : "",
           options->twins ? " --twin" : "", options->is_hostile ? " --hostile" : "",
           options->is_stormy ? " --storm" : "");
}

struct progress {
    const struct wish *wish;
    uint64_t done, all;
    bool is_shown;
};

static void report(void *context, uint64_t seed, const struct sim_verdict *verdict)
{
    struct progress *progress = context;
    progress->done++;
    if (!verdict->holds && !progress->wish->is_json)
        print_failure(progress->wish, seed, verdict);
    if (progress->is_shown && progress->done % 10 == 0)
        (void)fprintf(stderr, "\r%" PRIu64 " of %" PRIu64, progress->done, progress->all);
}

static double seconds(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* Fewer histories than a batch may miss some; and twins live without what would tell one
 * from the other, liars and storms without most else. */
static bool has_met_all(const struct wish *wish)
{
    const struct sim_batch *batch = &wish->batch;
    bool is_whole = batch->histories >= SIM_EVER_BATCH;
    if (wish->is_json || batch->options.is_hostile || batch->options.is_stormy ||
        batch->options.twins || (!is_whole && !wish->shows_ever))
        return true;
    uint32_t never = sim_ever_report(&batch->ever, stdout, wish->shows_ever);
    printf("%" PRIu32 " situations never happened; %" PRId64
           " KiB in the node that had most\n",
           never, batch->heap_peak / 1024);
    return never == 0 || !is_whole;
}

static int run_batch(struct wish *wish)
{
    struct sim_batch *batch = &wish->batch;
    struct progress progress = {wish, 0, batch->last - batch->first + 1,
                                isatty(STDERR_FILENO) && !wish->is_single};
    double began = seconds();
    uint64_t first = batch->first;
    do {
        (void)fflush(stdout);
        if (batch->histories > 0) {
            batch->first = batch->last + 1;
            batch->last += HISTORIES_AT_ONCE;
        }
        if (!sim_batch_run(batch, report, &progress)) {
            (void)fprintf(stderr, "fengqiao-sim: no process could be made: %s\n",
                          strerror(errno));
            return 1;
        }
    } while ((batch->lies < wish->messages || batch->cuts < wish->cuts) &&
             batch->failed == 0);
    batch->first = first;
    double took = seconds() - began;
    if (progress.is_shown)
        (void)fprintf(stderr, "\r");
    if (wish->is_json)
        printf("{\"first\":%" PRIu64 ",\"histories\":%" PRIu64 ",\"failed\":%" PRIu64
               ",\"ops\":%" PRIu64 ",\"turns\":%" PRIu64 ",\"cuts\":%" PRIu64
               ",\"lived_twice\":%" PRIu64 ",\"seconds\":%.1f}\n",
               batch->first, batch->histories, batch->failed, batch->ops, batch->turns,
               batch->cuts, batch->twice, took);
    else
        printf("%" PRIu64 " histories from seed %" PRIu64 " in %.1f s: %" PRIu64
               " failed; %" PRIu64 " ops told saved, %" PRIu64 " turns, %" PRIu64
               " cuts, %" PRIu64 " lived twice\n",
               batch->histories, batch->first, took, batch->failed, batch->ops,
               batch->turns, batch->cuts, batch->twice);
    if (batch->announced + batch->silent > 0 && !wish->is_json)
        printf("losses of disks: %" PRIu64 " noticed, %" PRIu64
               " where the disk lied about the mark as well\n",
               batch->announced, batch->silent);
    if (batch->lies > 0 && !wish->is_json)
        printf("%" PRIu64 " messages of peers that lie were read\n", batch->lies);
    if (batch->options.twins && !wish->is_json)
        printf("twins: %" PRIu64 " dials, chunks, messages, ends and files are alike\n",
               batch->sights);
    return batch->failed == 0 && has_met_all(wish) ? 0 : 1;
}

static int run_shrink(struct wish *wish)
{
    struct sim_shrunk *shrunk = malloc(sizeof(*shrunk));
    if (shrunk == NULL)
        return 1;
    wish->batch.options.seed = wish->batch.first;
    if (!sim_shrink(&wish->batch.options, shrunk)) {
        printf("seed %" PRIu64 " does not fail\n", wish->batch.first);
        free(shrunk);
        return 0;
    }
    memcpy(wish->dropped, shrunk->dropped, sizeof(wish->dropped));
    wish->batch.options.dropped = wish->dropped;
    wish->batch.options.dropped_len = shrunk->dropped_len;
    if (wish->emits_test) {
        printf("%" PRIu64 " ", wish->batch.first);
        print_drops(wish->dropped, shrunk->dropped_len);
        printf(" %" PRIu64 " %s %s %s\n", wish->batch.options.until_ms,
               lane_of(wish, wish->batch.first), shrunk->verdict.invariant,
               shrunk->verdict.text);
    } else {
        printf("%" PRIu32 " of %" PRIu32 " entries are left after %" PRIu32
               " histories\n",
               shrunk->verdict.entries - shrunk->dropped_len, shrunk->verdict.entries,
               shrunk->tries);
        print_failure(wish, wish->batch.first, &shrunk->verdict);
    }
    free(shrunk);
    return 1;
}

/* A line each: seed, entries left out, until, lane, the invariant that failed once, a
 * sentence. All must hold now. */
static int run_regressions(struct wish *wish)
{
    FILE *file = fopen(wish->regressions, "r");
    char line[1024], drops[512], lane[8], invariant[8];
    uint64_t seed, failed = 0, passed = 0;
    if (file == NULL) {
        (void)fprintf(stderr, "fengqiao-sim: %s: %s\n", wish->regressions,
                      strerror(errno));
        return 1;
    }
    while (fgets(line, sizeof(line), file) != NULL) {
        if (line[0] == '#' || line[0] == '\n')
            continue;
        if (sscanf(line, "%" SCNu64 " %511s %" SCNu64 " %7s %7s", &seed, drops,
                   &wish->batch.options.until_ms, lane, invariant) != 5 ||
            !read_drops(wish, drops) || !read_lane(wish, lane)) {
            (void)fprintf(stderr, "fengqiao-sim: not a regression: %s", line);
            failed++;
            continue;
        }
        struct sim_verdict verdict;
        wish->batch.options.seed = seed;
        sim_twin_live(&wish->batch.options, &verdict);
        if (!verdict.holds)
            print_failure(wish, seed, &verdict);
        failed += !verdict.holds;
        passed += verdict.holds;
    }
    (void)fclose(file);
    printf("%" PRIu64 " passed, %" PRIu64 " failed\n", passed, failed);
    return failed == 0 ? 0 : 1;
}

int main(int argc, char *argv[])
{
    static struct wish wish = {.batch = {.jobs = 1}};
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
    if (wish.regressions != NULL)
        return run_regressions(&wish);
    return wish.is_shrinking ? run_shrink(&wish) : run_batch(&wish);
}
