/*
 * sim_clock: the clocks of a machine. The monotonic one begins at boot and drifts; the
 * wall clock drifts, jumps, and without a battery begins a boot in the past.
 */
#ifndef FENGQIAO_TESTS_SIM_CLOCK_H
#define FENGQIAO_TESTS_SIM_CLOCK_H

#include "tests/sim/life/sim_state.h"

/* Chooses drift and battery. */
void sim_clock_init(struct sim_host *host);
/* The power goes; it comes back. */
void sim_clock_off(struct sim_host *host);
void sim_clock_on(struct sim_host *host);
/* Jumps: 1970, 2106, five years and a minute either way, or right again. */
void sim_clock_jump(struct sim_host *host, uint64_t key);
void sim_clock_heal(struct sim_host *host);

/* Seconds since 1970 as this machine believes them. */
uint64_t sim_clock_wall(const struct sim_host *host);
uint64_t sim_clock_mono(const struct sim_host *host);
/* The first moment at which the monotonic clock shows that. */
uint64_t sim_clock_when(const struct sim_host *host, uint64_t mono_ms);

#endif
