/*
 * crash_world: a store on a disk that loses power, and somebody who remembers what was
 * acknowledged.
 *
 * A cycle commits batches of ops until the power goes in the middle of a write or a sync,
 * lets the disk decide what it kept, opens the store again (the power may go in the
 * recovery too) and asks: is every op there that was acknowledged, with the right bytes?
 * Is the batch in flight there whole or not at all? Does store_check find nothing? If
 * something is lost: did opening or the check say so? Is anything left, in whatever gap,
 * of what was erased?
 */
#ifndef FENGQIAO_TESTS_CRASH_WORLD_H
#define FENGQIAO_TESTS_CRASH_WORLD_H

#include <stdbool.h>
#include <stdint.h>

#include "tests/support/crash_vfs.h"

struct crash_outcome {
    uint64_t cycles, acknowledged, in_recovery;
    uint64_t lost;         /* ops acknowledged and not there */
    uint64_t refused;      /* stores that did not open: said, and all is lost */
    uint64_t damaged;      /* cycles after which the check found something */
    uint64_t torn_batches; /* half there */
    uint64_t remains;      /* of ops that are erased: raw bytes of their contents */
    uint64_t loss_cycles;  /* that lost something in a store that opened */
    uint64_t by_mark;      /* of these: told by the mark */
    uint64_t silent;       /* of these: told by nothing */
    uint64_t alarms;       /* openings that told of a loss or a lie */
    uint64_t faults;       /* steps that failed on purpose */
    uint64_t passed, failed;
    struct crash_figures figures;
};

/* Once a process, before and after. */
void crash_world_init(void);
void crash_world_deinit(void);

/* Runs worlds from disk.seed on, in steps of stride, until so many cycles are done. A
 * sound disk may lose nothing: what it does is counted as failed and printed with its
 * seed. */
void crash_worlds(struct crash_disk disk, uint64_t stride, uint64_t cycles, bool is_sound,
                  struct crash_outcome *all);
/* The step after `steps` of a workload fails. False where it has no such step. */
bool crash_world_fault(uint64_t steps, enum crash_fault fault, bool for_good,
                       struct crash_outcome *all);
void crash_outcome_add(struct crash_outcome *a, const struct crash_outcome *b);

#endif
