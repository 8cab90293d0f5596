/*
 * sim_heap: the memory of the node whose turn it is: how much it has, and no more of it
 * on demand. The linker gives us the allocations of our libraries (--wrap), SQLite its
 * own. The disk and the dice of the simulator allocate within a turn, too; that memory is
 * not the node's and never fails.
 */
#ifndef FENGQIAO_TESTS_SIM_HEAP_H
#define FENGQIAO_TESTS_SIM_HEAP_H

#include <stdbool.h>
#include <stdint.h>

struct sim_heap {
    int64_t bytes; /* what the node's turns took and did not give back */
    int64_t own;   /* of these, what is not SQLite's */
    int64_t peak;
    uint64_t calls, fail_at; /* fail_at 0: never */
    bool stays;              /* everything after fail_at fails too */
    bool has_failed;
};

/* Once, before the first call into SQLite. */
void sim_heap_init(void);
/* From here to sim_heap_leave, allocations are of this heap. */
void sim_heap_enter(struct sim_heap *heap);
void sim_heap_leave(void);
/* What stands between the two is of no heap, wherever it is called; NULL: it was so. */
struct sim_heap *sim_heap_pause(void);
void sim_heap_resume(struct sim_heap *heap);
/* The allocation after so many more fails, and with stays all later ones. */
void sim_heap_fail_after(struct sim_heap *heap, uint64_t calls, bool stays);
/* Whatever was to fail does not any more. */
void sim_heap_calm(struct sim_heap *heap);

#endif
