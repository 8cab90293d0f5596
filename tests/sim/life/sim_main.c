/*
 * fengqiao-sim: lives histories.
 *
 *   fengqiao-sim --seed S [--until MS] [--calm] [--trace]
 *   fengqiao-sim --seeds A..B
 *
 * Exit 0: all invariants held. 1: one did not; the seed and how to replay it are printed.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "tests/sim/life/sim.h"

struct wish {
    struct sim_options options;
    uint64_t first, last;
};

static int usage(void)
{
    (void)fprintf(stderr, "usage: fengqiao-sim --seed S [--until MS] [--calm] [--trace]\n"
                          "       fengqiao-sim --seeds A..B [--calm]\n");
    return 2;
}

static bool read_wish(struct wish *wish, int argc, char *argv[])
{
    bool has_seed = false;
    for (int i = 1; i < argc; i++) {
        bool has_value = i + 1 < argc;
        if (strcmp(argv[i], "--seed") == 0 && has_value) {
            wish->first = wish->last = strtoull(argv[++i], NULL, 10);
            has_seed = true;
        } else if (strcmp(argv[i], "--seeds") == 0 && has_value) {
            char *end;
            wish->first = strtoull(argv[++i], &end, 10);
            if (strncmp(end, "..", 2) != 0)
                return false;
            wish->last = strtoull(end + 2, NULL, 10);
            has_seed = true;
        } else if (strcmp(argv[i], "--until") == 0 && has_value) {
            wish->options.until_ms = strtoull(argv[++i], NULL, 10);
        } else if (strcmp(argv[i], "--calm") == 0) {
            wish->options.calm = true;
        } else if (strcmp(argv[i], "--trace") == 0) {
            wish->options.trace = stdout;
        } else {
            return false;
        }
    }
    return has_seed && wish->first <= wish->last;
}

int main(int argc, char *argv[])
{
    struct wish wish = {0};
    if (!read_wish(&wish, argc, argv))
        return usage();
    if (sodium_init() < 0)
        return 1;
    uint64_t failed = 0, ops = 0, turns = 0, cuts = 0;
    for (uint64_t seed = wish.first; seed <= wish.last; seed++) {
        struct sim_verdict verdict;
        wish.options.seed = seed;
        sim_run(&wish.options, &verdict);
        ops += verdict.ops;
        turns += verdict.turns;
        cuts += verdict.cuts;
        if (verdict.holds)
            continue;
        failed++;
        printf("seed %" PRIu64 ": %s does not hold at %" PRIu64 " ms, entry %" PRIu32
               ": %s\n  replay: fengqiao-sim --seed %" PRIu64 " --trace\n",
               seed, verdict.invariant, verdict.at_ms, verdict.entry, verdict.text, seed);
    }
    printf("%" PRIu64 " histories, %" PRIu64 " failed; %" PRIu64
           " ops told saved, %" PRIu64 " turns, %" PRIu64 " cuts\n",
           wish.last - wish.first + 1, failed, ops, turns, cuts);
    return failed == 0 ? 0 : 1;
}
