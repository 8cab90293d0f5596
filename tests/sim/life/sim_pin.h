/*
 * sim_pin: the jobs about PINs without Argon2id, which would cost a history a second.
 * What they promise stands: a wrong PIN opens nothing.
 */
#ifndef FENGQIAO_TESTS_SIM_PIN_H
#define FENGQIAO_TESTS_SIM_PIN_H

#include "node/core/job.h"

void sim_pin_run(struct job *job);

#endif
