/*
 * sim_files: files of cases: kept, read back and taken away, and those that go up with a
 * record: one escalation of three takes one along.
 */
#ifndef FENGQIAO_TESTS_SIM_FILES_H
#define FENGQIAO_TESTS_SIM_FILES_H

#include "tests/sim/life/sim_state.h"

/* Does the escalation of that key take a file along? */
bool sim_files_goes_along(const struct sim *sim, uint64_t key);
/* Bytes of that length at least, of one tag over and over, "=" before them; the caller
 * frees. */
char *sim_files_make(const struct sim *sim, uint64_t key, size_t len);
/* Attaches it to the case; the answer comes to errand->done. */
void sim_files_attach(struct sim_host *host, struct sim_errand *errand,
                      const struct sim_case *c);
/* The file that errand->hex names, as a list; NULL: none. */
#define SIM_FILES_SIZE 16
const char *sim_files_list(const struct sim_errand *errand,
                           char out[static SIM_FILES_SIZE]);
/* Every file that is whole says its tag from beginning to end. */
bool sim_files_is_one(struct bytes file);

/* A file comes to a case, is read back, and may be taken away again. */
void sim_files_keep(struct sim_host *host, struct sim_errand *errand,
                    const struct sim_case *c);

#endif
