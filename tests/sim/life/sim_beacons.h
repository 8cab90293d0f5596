/*
 * sim_beacons: in one seed of eight machines say by beacons where they may be dialed, to
 * whoever a line reaches, and hear those of others. A machine moves: it is dialed at
 * another port from then on, which nobody is told, and is found again. Somebody on the
 * network says old beacons again, says them from another machine's place, or makes up his
 * own.
 *
 *   I1, I13  who has moved agrees with its neighbours at the end as everybody does
 *   I3       a beacon shows no site, key or name, and nothing of it comes again
 */
#ifndef FENGQIAO_TESTS_SIM_BEACONS_H
#define FENGQIAO_TESTS_SIM_BEACONS_H

#include "tests/sim/life/sim_state.h"

void sim_beacons_plan(struct sim *sim);
/* Its process has begun. */
void sim_beacons_start(struct sim_host *host);
/* ACTION_BEACON of that host, and what the queue brings to it. */
void sim_beacons_say(struct sim_host *host, struct bytes beacon);
void sim_beacons_hear(struct sim_host *host, const struct sim_event *event);
/* Is it dialed at that address? */
bool sim_beacons_is_at(const struct sim_host *host, const char *address);
/* DEED_MOVE: it moves. DEED_BEACON: it hears a beacon that lies. */
void sim_beacons_do(struct sim_host *host, const struct sim_entry *entry);
void sim_beacons_free(struct sim *sim);

#endif
