/*
 * sim_host: a machine with one node on it: disk, clock, power, and turns.
 */
#ifndef FENGQIAO_TESTS_SIM_HOST_H
#define FENGQIAO_TESTS_SIM_HOST_H

#include "tests/sim/life/sim_state.h"

/* Founds a site on a new machine and starts it. parent: its index, or -1. */
void sim_host_new(struct sim *sim, const char *tier, const char *name, int parent);
/* A machine without a site, of the same name; hosts_len does not count it. */
struct sim_host *sim_host_beside(struct sim_host *elder);
/* It begins with an empty store and other keys than before, to join; false: no disk. */
bool sim_host_begin(struct sim_host *host);
void sim_host_free(struct sim_host *host);
/* Gives the node an event (copies the bytes, takes the job); its turn comes at once. */
void sim_host_tell(struct sim_host *host, enum event_type type, uint64_t number,
                   struct bytes bytes, struct job *job);
/* A client comes over the network. */
void sim_host_tell_far(struct sim_host *host, uint64_t client);
void sim_host_turn(struct sim_host *host);
/* The power goes now, or in the middle of a write after so many steps of the disk. */
void sim_host_cut(struct sim_host *host);
void sim_host_cut_in(struct sim_host *host, uint64_t steps);
/* The process ends without a word; the machine stays on. */
void sim_host_end(struct sim_host *host);
/* Starts it from its disk. Where a disk that fails does not let it, later again. */
void sim_host_boot(struct sim_host *host);
/* The node whose turn it is, or NULL: for what the linker gives to us. */
struct sim_host *sim_host_turning(void);
/* Did that machine sign it, under whatever key? */
bool sim_host_wrote(const struct sim_host *host, const uint8_t *author);
/* The index of the first machine of its site. */
int sim_host_site(const struct sim_host *host);
/* Are there cases of its own? Villages have them. */
bool sim_host_has_cases(const struct sim_host *host);

#endif
