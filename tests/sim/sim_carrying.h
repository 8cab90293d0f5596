/*
 * sim_carrying: stories of sim_failing.h about sticks: bundles that are written and read,
 * backups that are written, and one that is restored.
 */
#ifndef FENGQIAO_TESTS_SIM_CARRYING_H
#define FENGQIAO_TESTS_SIM_CARRYING_H

#include "tests/sim/sim_failing.h"

/* A village writes what waits for its township, which has said by stick what it holds: a
 * record with a file; however it stops, the township has all of it at the end. */
void sim_fail_bundle_write(struct sim_county *f, const struct sim_fault *fault);
/* The same of all that the two share, of which nothing is known to be there. */
void sim_fail_whole_bundle(struct sim_county *f, const struct sim_fault *fault);
/* The township reads that; however it stops, it has all of it at the end. */
void sim_fail_bundle_read(struct sim_county *f, const struct sim_fault *fault);
/* The same in a turn in which the township's charter changes. */
void sim_fail_bundle_opened(struct sim_county *f, const struct sim_fault *fault);
/* A village that got other keys hears by stick that its township knows them; however it
 * stops, it is known by them at the end. */
void sim_fail_renewal_by_stick(struct sim_county *f, const struct sim_fault *fault);
/* A village backs up, and goes on from there; however it stops, what the folder holds at
 * the end is restored to what is there. */
void sim_fail_backup(struct sim_county *f, const struct sim_fault *fault);
/* A machine that came back from a backup meets its township again; however it stops, both
 * agree at the end and nobody is alarmed. at_heard: it is the township that stops. */
void sim_fail_coming_back(struct sim_county *f, const struct sim_fault *fault,
                          bool at_heard);
/* A village's backup is restored into an empty store again and again: arm lets something
 * fail of it, disarm says whether anything did. What says that it went well is whole. */
void sim_fail_restore(struct sim_county *f, void (*arm)(struct store *store),
                      bool (*disarm)(void));

#endif
