/*
 * planted_hunt: lives histories of a node with a planted bug until an invariant names it.
 */
#ifndef FENGQIAO_TESTS_PLANTED_HUNT_H
#define FENGQIAO_TESTS_PLANTED_HUNT_H

#include <stddef.h>

#include "tests/sim/life/sim.h"
#include "tests/sim/planted/planted.h"

struct hunt {
    enum planted_bug bug;
    uint64_t first, tries; /* so many seeds, from the first on */
    bool is_new; /* a seed at which the sound node fails as well catches nothing */
    bool is_caught;
    uint64_t seed;              /* the one it died at */
    struct sim_verdict verdict; /* of it */
};

/* Goes on with other bugs, as many at a time as there are jobs; calls done as each ends.
 * False: no process could be made. */
typedef void hunt_done_fn(void *context, const struct hunt *hunt);
bool hunt_all(struct hunt *hunts, size_t len, uint32_t jobs, hunt_done_fn *done,
              void *context);

#endif
