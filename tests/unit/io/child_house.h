/*
 * child_house: jobs that are done in children of the test, which are this program itself
 * and do what they were told in an environment variable, and in threads; on a loop whose
 * deadlines may be hastened. The program is linked with --wrap=uv_timer_start.
 */
#ifndef FENGQIAO_TESTS_CHILD_HOUSE_H
#define FENGQIAO_TESTS_CHILD_HOUSE_H

#include "node/io/key_child.h"
#include "node/io/pool.h"
#include "tests/unit/io/io_house.h"

#define CHILD_PLAN "FENGQIAO_TEST_CHILD"
#define CHILD_CLIENT 7 /* whose jobs they are */

extern struct child_house {
    uv_loop_t uv;
    struct event_queue queue;
    struct key_children children;
    struct pool pool;
    struct io_seen seen;
    size_t wanted;
    uint64_t deadline_ms; /* the last that was armed */
    bool hastens;         /* each passes at once */
} child_house;

/* Set up and torn down for each test. */
int child_house_open(void **state);
int child_house_close(void **state);
/* Has a child do the job, which does as planned. */
void child_house_take(struct job *job, const char *plan);
/* How many came back. */
size_t child_house_done(void);
/* So many come back, and no more. */
void child_house_expect(size_t count);
struct job *child_house_last(void);

#endif
