/*
 * pin_memo: jobs about PINs cost 64 MiB and a tenth of a second each, and a simulation
 * has thousands that ask the same. What a job was asked before in this process is
 * answered from memory, with what job_run had answered.
 */
#ifndef FENGQIAO_TESTS_PIN_MEMO_H
#define FENGQIAO_TESTS_PIN_MEMO_H

#include "node/core/job.h"

/* Does the work, as job_run does. */
void pin_memo_run(struct job *job);

#endif
