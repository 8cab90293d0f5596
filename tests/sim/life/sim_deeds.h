/*
 * sim_deeds: what people do in a history: cases that stay and cases that go up, what
 * desks say to them, and how each deed of the script goes step by step.
 */
#ifndef FENGQIAO_TESTS_SIM_DEEDS_H
#define FENGQIAO_TESTS_SIM_DEEDS_H

#include "tests/sim/life/sim_state.h"

/* An answer to escalate.release of the case errand->which. */
sim_errand_done sim_deeds_released;
/* A private text for a field, known to watch_canary: other words in the life of a twin.
 */
#define SIM_TEXT_SIZE 4096 /* above what a long one takes */
const char *sim_deeds_text(struct sim_host *host, char out[static SIM_TEXT_SIZE],
                           const char *field, uint64_t key);
/* A text that may leave, and is the same in both lives. */
const char *sim_deeds_chosen(struct sim_host *host, char out[static SIM_TEXT_SIZE],
                             const char *field, uint64_t key);
/* A deed of the script. */
void sim_deeds_do(struct sim_host *host, const struct sim_entry *entry);
/* Does it touch nothing but cases that are never escalated? */
bool sim_deeds_is_private(const struct sim *sim, const struct sim_entry *entry);

/* Who witnesses a consent, which nobody outside learns (docs/SIMULATOR.md). */
#define SIM_WITNESS_SIZE 41
const char *sim_deeds_witness(struct sim_host *host, char out[static SIM_WITNESS_SIZE],
                              uint64_t key);

#endif
