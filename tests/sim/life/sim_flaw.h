/*
 * sim_flaw: a disk that is not what it says. In one seed of eight a host has one that
 * ignores syncs, whose cold sectors rot, or that has less room than it claims; it shows
 * after power cuts. What people were told is saved may be gone then, but not in silence:
 * the store says so when it opens or when it is checked, or it does not open at all, and
 * then the site is lost with its disk, and the others go on.
 */
#ifndef FENGQIAO_TESTS_SIM_FLAW_H
#define FENGQIAO_TESTS_SIM_FLAW_H

#include "tests/sim/life/sim_state.h"

#define SIM_FLAW_EVERY 8

/* What is under that host; marks it where that is flawed. */
struct crash_disk sim_flaw_disk(struct sim_host *host);
/* Before it boots, once in a history: rows that follow from the records are as they were
 * before, those of the pairs or one of the lists, and no loss is noticed. The node has to
 * come to it by itself (I2). */
void sim_flaw_boots(struct sim_host *host);
/* Once healed, where no neighbour makes it notice: so long that a node which is used has
 * looked at each of its scopes. */
void sim_flaw_wait(struct sim *sim);
/* The store opened: what does it say? */
void sim_flaw_opened(struct sim_host *host);
/* What cannot go on with an honest disk may with this one: true, and the site is lost,
 * now. Not within a turn of the host. */
bool sim_flaw_ruins(struct sim_host *host, const char *why);
/* What people were told is saved: forgets what is gone, once that was said (I2). */
void sim_flaw_judge(struct sim_host *host);
/* Once healed: who lost something pairs again with its neighbours, for its half of a link
 * may be gone, and then it does not know them. */
void sim_flaw_mend(struct sim *sim);
/* At the end: is what it still has sound, so that the rest may be asked of it? */
bool sim_flaw_is_sound(struct sim_host *host);

#endif
