/*
 * sim_twin: I4. The same seed is lived twice. In the second life everything that is
 * private is another: texts of other words and lengths, also in the withheld fields of
 * cases that go up; more cases, notes, changes and closings; others left out.
 * Escalations, desks and weather stay. What hosts let out must be the same, byte for
 * byte, at the same millisecond: dials, ciphertext, ends of connections, messages; and
 * the logs and database files of sites without cases of their own.
 *
 * Declared exceptions, in both lives:
 * - Weather that strikes by what a node has done is left out: what a village writes down
 *   privately moves it. It counts steps of a disk or allocations, or waits for an answer
 *   or for somebody who tries to release.
 * - `origin`, the salted commitment of an escalation to its case, is an ideal one here:
 *   as random, and drawn without looking at the case. The real one must differ, since it
 * is of another case; that it hides it rests on its salt of 32 bytes. The two commitments
 * of a seal to the private tree are ideal ones for the same reason.
 */
#ifndef FENGQIAO_TESTS_SIM_TWIN_H
#define FENGQIAO_TESTS_SIM_TWIN_H

#include "tests/sim/life/sim.h"

struct sim;
struct sim_entry;

/* Lives the seed twice. The verdict is the first life's where that fails, then the
 * second's, then what differs (I4). */
void sim_twin_run(const struct sim_options *options, struct sim_verdict *verdict);
/* Lives it twice where options->twins says so, else once. */
void sim_twin_live(const struct sim_options *options, struct sim_verdict *verdict);
/* Does this life go without that entry of its script? */
bool sim_twin_leaves_out(const struct sim *sim, const struct sim_entry *entry);
/* Adds the private entries that the second life has more. */
void sim_twin_add(struct sim *sim);

#endif
