/*
 * sim_courier: people who carry bundles on sticks from a site to its neighbour. They come
 * minutes later or when everything else is over, lose the stick, keep a copy and bring it
 * once more, bring a damaged file or a forged one before the good one, and carry an
 * answer home. What is asked of it: watch_bundle.
 */
#ifndef FENGQIAO_TESTS_SIM_COURIER_H
#define FENGQIAO_TESTS_SIM_COURIER_H

#include "node/core/state.h"
#include "tests/sim/life/sim_state.h"

#define SIM_STICKS_MAX 96
#define SIM_STICK_FILES_MAX 16

/* One bundle on its way. */
struct sim_stick {
    uint64_t key;   /* for its choices */
    int from, to;   /* hosts */
    uint32_t depth; /* how many answers it is behind the first */
    uint64_t number;
    struct buf files[SIM_STICK_FILES_MAX];
    uint32_t files_len;
    bool is_whole; /* every file was written, and the node was told */
    bool is_lost;
    uint32_t trips; /* how often it was read to its end */
    uint32_t at;    /* the file that is being read */
    bool is_being_read;
    uint64_t boots;   /* of the reader, when it began */
    bool is_spoiled;  /* this time it is a file that is no good */
    bool was_spoiled; /* once it was */
    bool is_refused;  /* this time the machine lacked something to read a file */
    uint64_t came;    /* ops that were new, this time */
    /* watch_bundle's own */
    struct id_list holds;   /* what the writer held for the reader when it was asked */
    struct id_list carried; /* ids of the ops in its files; sorted once it is whole */
    struct id_list said;    /* scopes of which it says what is held */
    bool was_set_back[2];   /* its writer, its reader, before it was written */
};

struct sim_sticks {
    struct sim_stick sticks[SIM_STICKS_MAX];
    uint32_t len;
    struct id_list known[SIM_HOSTS_MAX][SIM_HOSTS_MAX]; /* watch_bundle: [of][to] */
};

/* A deed: somebody asks that host for a bundle. */
void sim_courier_write(struct sim_host *host, struct sim_errand *errand);
/* The courier of that stick arrives, or somebody looks after what is being read. */
void sim_courier_comes(struct sim *sim, uint64_t stick, uint64_t what);
/* Everything is healed and quiet: whoever kept a copy brings it now. */
void sim_courier_end(struct sim *sim);
void sim_courier_free(struct sim *sim);

#endif
