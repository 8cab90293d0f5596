/*
 * course: what the journal of a case tells of when it came how far.
 */
#ifndef FENGQIAO_NODE_CORE_COURSE_H
#define FENGQIAO_NODE_CORE_COURSE_H

#include <stdbool.h>
#include <stdint.h>

#include "proto/bytes.h"

/* Walls are as claimed; 0: unknown, or it did not come so far. */
struct course {
    uint64_t begun; /* registered, or reopened for the last time */
    uint64_t settled;
    uint64_t asked;         /* of a steward: the last request to escalate */
    bool waits_for_release; /* and nothing has become of it yet */
    bool is_agreed;
    bool has_again;
    int64_t again; /* the day on which somebody wanted to look again */
};

void course_read(struct bytes view, struct course *course);

#endif
