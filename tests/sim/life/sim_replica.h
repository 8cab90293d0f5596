/*
 * sim_replica: in one seed of eight a site has a second machine. It joins by an
 * invitation over a line that may break, has people of its own who write, a disk, a clock
 * and a power supply of its own, and lines to its sibling and to its parent that come and
 * go. In half of these histories it is lost or stolen: then it is off for good, or goes
 * on with all that it has, in hands that are not the site's, until long after the site
 * revoked it.
 *
 *   I1    at the end both machines hold the same scopes with equal digests and views
 *   I2    and all that people of either were told is saved, pieces of files included
 *   I3    what one says to the other is the site's own; what it says to a machine that it
 *         knows to be revoked is looked at like what goes to strangers
 *   I10   whoever knows that it is revoked sends it no op and no piece; once both its
 *         neighbours know, nothing that is written there comes to anybody
 */
#ifndef FENGQIAO_TESTS_SIM_REPLICA_H
#define FENGQIAO_TESTS_SIM_REPLICA_H

#include "tests/sim/life/sim_state.h"

struct session;

/* That site is to have a second machine, which joins by DEED_JOIN. */
void sim_replica_plan(struct sim *sim, int host);
/* Is that machine of the site that has two, or will have? */
bool sim_replica_is_of(const struct sim_host *host);
/* Does that connection lead to the other machine, as far as this one knows of no
 * revocation? */
bool sim_replica_is_home(const struct sim_host *host, uint64_t conn);

/* Before a deed: its people look which cases there are by now, and unlock. */
void sim_replica_look(struct sim_host *host);
/* DEED_JOIN, at the first machine: it invites. DEED_APART: no line between the two for a
 * while. DEED_BOTH: both write to one case apart. DEED_GONE: the other one is lost or
 * stolen, and revoked. */
void sim_replica_do(struct sim_host *host, const struct sim_entry *entry);

/* Was that key one of the machine that is gone? */
bool sim_replica_wrote(struct sim *sim, const uint8_t *author);

/* A turn of a machine that is only joining. */
void sim_replica_turn(struct sim_host *host);
/* A turn of any machine is over; a session of its says something. */
void sim_replica_turned(struct sim_host *host);
void sim_replica_says(struct sim_host *host, const struct session *session,
                      struct bytes message);

/* The script is over: who has not joined by now does not. */
void sim_replica_heal(struct sim *sim);
void sim_replica_end(struct sim *sim);
void sim_replica_free(struct sim *sim);

#endif
