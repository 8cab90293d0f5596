/*
 * planted_seeds: the file seeds.txt, a line for each bug: name, the seed at which it
 * died, the invariant that named it.
 */
#ifndef FENGQIAO_TESTS_PLANTED_SEEDS_H
#define FENGQIAO_TESTS_PLANTED_SEEDS_H

#include <stdint.h>

#include "tests/sim/planted/planted.h"

struct planted_seed {
    uint64_t seed; /* 0: not known */
    char invariant[8];
};

struct planted_seeds {
    struct planted_seed of[PLANTED_LEN]; /* by bug */
};

/* False: it cannot be read, or has a line that is none; says so on stderr. */
bool seeds_read(struct planted_seeds *seeds, const char *path);
bool seeds_write(const struct planted_seeds *seeds, const char *path);
/* The table of docs/PLANTED.md, on stdout. */
void seeds_print_table(const struct planted_seeds *seeds);

#endif
