/*
 * watch_restore: what is asked of backups and of a machine that was made from one.
 *
 *   I2   a backup whose last file was written is restored, whatever happened since; what
 *        people had been told is saved when it was begun is in it; what a peer holds of
 *        the rest comes back (sim_image); no number of a case that is gone is given again
 *   I3   no text stands open in a file, and no other site's key opens one
 *   I6   nobody is alarmed by it (sim_watch)
 *   I7   a record whose recall had come to the lost machine is neither shown nor sent to
 *        anybody but its founder, until the recall is there again
 */
#ifndef FENGQIAO_TESTS_WATCH_RESTORE_H
#define FENGQIAO_TESTS_WATCH_RESTORE_H

#include "tests/sim/life/sim_keeper.h"

/* That host gave a file of a backup; it refused to. */
void watch_restore_file(struct sim_host *host, struct bytes file);
void watch_restore_refused(struct sim_host *host, const char *method,
                           struct bytes status);
/* Its machine is about to be gone; the new one holds this. */
void watch_restore_lost(struct sim_host *host);
void watch_restore_made(struct sim_host *host, const struct core_config *config);
/* It starts: somebody looks at what was recalled. */
void watch_restore_booted(struct sim_host *host);
/* What a host sends to a site, and what it answers a person. */
void watch_restore_said(struct sim_host *host, const struct id *to, struct bytes message);
void watch_restore_answer(struct sim_host *host, const struct sim_errand *errand,
                          struct bytes status, struct bytes result);
/* A case is forgotten, since it went with the machine; a new one got that number. */
void watch_restore_forgets(struct sim_host *host, const struct sim_case *c);
void watch_restore_number(struct sim_host *host, const char *number);

#endif
