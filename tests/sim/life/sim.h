/*
 * sim: one history of a county, lived in virtual time on the core that the daemon links:
 * no libuv, no threads, no real clock. A seed names the history: the same seed is the
 * same history, on every machine. docs/SIMULATOR.md.
 */
#ifndef FENGQIAO_TESTS_SIM_H
#define FENGQIAO_TESTS_SIM_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "proto/op.h"
#include "tests/sim/life/sim_ever.h"

struct sim_seen;

#define SIM_CAREFUL_EVERY 8

/* Most histories live with keys, signatures and channels that cost nothing
 * (tests/support/plain_keys, plain_noise): they show what nodes decide. Every
 * SIM_CAREFUL_EVERY-th seed has the true ones. */
enum sim_lane { LANE_OF_SEED, LANE_FAST, LANE_CAREFUL };

struct sim_options {
    uint64_t seed;
    enum sim_lane lane;
    uint64_t until_ms; /* virtual; 0: what the seed says */
    bool calm;         /* no weather */
    bool is_hostile;   /* somebody lies, and presses */
    bool is_stormy;    /* the power goes hundreds of times */
    bool twins;        /* sim_twin_live: lived twice and compared */
    bool is_twin;      /* one of the two lives */
    bool is_changed;   /* the second: everything private is another */
    /* Gets what hosts let out, the caller's then; NULL: forgotten. */
    struct sim_seen *seen;
    uint32_t pretend; /* to try the tools: so many released records count as a failure */
    FILE *trace;      /* a line for each thing that happens; NULL: none */
    /* Entries of the script that are left out (sorted): how a shrinker makes it shorter.
     */
    const uint32_t *dropped;
    uint32_t dropped_len;
};

struct sim_verdict {
    bool holds;
    char invariant[8]; /* "I1" … "I14" where it does not */
    char text[400];
    uint64_t at_ms;
    uint32_t entry;   /* the last entry of the script before it */
    uint32_t entries; /* of the script */
    uint64_t turns, ops, bytes, cuts;
    int64_t heap_peak;    /* of the node that had most */
    uint64_t rounds_most; /* of one connection after the healing */
    struct sim_ever ever;
    uint64_t announced, silent; /* losses of flawed disks */
    uint64_t lies;              /* messages of a liar that honest nodes read */
    uint64_t sights;            /* of twins: what was compared and is alike */
    struct id trace;            /* digest of everything that happened */
};

bool sim_is_careful(const struct sim_options *options);
/* Lives the history of a seed. Never fails for reasons of its own: no memory aborts. */
void sim_run(const struct sim_options *options, struct sim_verdict *verdict);

#endif
