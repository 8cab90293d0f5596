/*
 * sim_wire: connections between hosts: delay, slowness, breaking at any byte, with both
 * sides told or one, one-way partitions, a handshake that arrives twice.
 * Chunks of one connection stay in order, as TCP keeps them; connections among each other
 * do not.
 */
#ifndef FENGQIAO_TESTS_SIM_WIRE_H
#define FENGQIAO_TESTS_SIM_WIRE_H

#include "tests/sim/life/sim_state.h"

/* ACTION_DIAL, ACTION_SEND, ACTION_CLOSE of that host. */
void sim_wire_dial(struct sim_host *host, uint64_t conn, const char *address);
void sim_wire_send(struct sim_host *host, uint64_t conn, struct bytes bytes);
void sim_wire_close(struct sim_host *host, uint64_t conn);
/* What the queue brings. */
void sim_wire_dialed(struct sim *sim, const struct sim_event *event);
void sim_wire_chunk(struct sim *sim, const struct sim_event *event);
void sim_wire_closed(struct sim *sim, const struct sim_event *event);
/* The host is gone: the others learn of it in time. */
void sim_wire_drop(struct sim_host *host);
/* Breaks an open wire of that host after so many more bytes, or the next that it dials.
 */
void sim_wire_break(struct sim *sim, int host, uint64_t bytes);
/* The same, and one of the two is never told. */
void sim_wire_mute(struct sim *sim, int host, uint64_t bytes, int side);
/* Every line ends, and both sides know: nothing is on its way any more. */
void sim_wire_reset(struct sim *sim);
/* Who is at the other end of that connection; NULL: nobody. */
struct sim_host *sim_wire_other(const struct sim_host *host, uint64_t conn);
bool sim_wire_is_blocked(const struct sim *sim, int from, int to);

#endif
