/*
 * stage: where a story is lived: a county, a township and two villages on the core that
 * the daemon links, in the simulator's time, and what is written down of it. The cast is
 * always the same: 示例县, 青河镇 below it, 枫源村 and 溪口村 below that.
 */
#ifndef FENGQIAO_TESTS_STAGE_H
#define FENGQIAO_TESTS_STAGE_H

#include "tests/sim/life/sim_state.h"
#include "tests/sim/stories/story.h"

#define MATTERS_MAX 16
#define RECORDS_MAX 4

/* A case, as people call it, and what went up of it. */
struct matter {
    char title[64];
    struct sim_host *village;
    char number[32];
    struct id scope;
    struct id records[RECORDS_MAX];
    uint32_t records_len;
    char seen[SIM_HOSTS_MAX][RECORDS_MAX][16]; /* the state that each host saw last */
    bool is_unserved[SIM_HOSTS_MAX][RECORDS_MAX];
    uint32_t heard[SIM_HOSTS_MAX][RECORDS_MAX]; /* entries of the journal */
};

struct stage {
    struct sim *sim;
    struct sim_verdict verdict;
    uint64_t begins_ms; /* the simulator's, at STORY_BEGINS_MS */
    struct matter matters[MATTERS_MAX];
    uint32_t matters_len;
    struct buf minutes;
    char said_at[32];             /* the time of the line before */
    bool is_stuck[SIM_HOSTS_MAX]; /* cannot start: said once */
    bool hangs_up[SIM_HOSTS_MAX]; /* at some time */
    uint64_t sights_from;         /* what was let out before does not count */
};

/* Lives the story; the minutes, ended by a zero, are in stage->minutes. False: a sentence
 * means nothing, which is the last thing in the minutes. */
bool stage_live(struct stage *stage, const struct story *story);
void stage_deinit(struct stage *stage);
/* The host of that name, or NULL. */
struct sim_host *stage_host(const struct stage *stage, const char *name);
/* The case of that title, or NULL. */
struct matter *stage_matter(struct stage *stage, const char *title);

#endif
