/*
 * watch_bundle: what is asked of bundles.
 *
 *   I2   everything that the reader lacks of the pair goes along; what was read is there;
 *        no receipt tells of more than was read
 *   I3   the payload, opened, is looked at like a message
 *   I4   the files and what is in them are the same in both lives of a twin
 *   I11  once all is healed and quiet an old stick brings nothing
 *   I13  what the reader said to hold in a bundle that was read is not carried again
 *   API  a sound file of an honest site is read, a damaged or forged one is not
 */
#ifndef FENGQIAO_TESTS_WATCH_BUNDLE_H
#define FENGQIAO_TESTS_WATCH_BUNDLE_H

#include "tests/sim/life/sim_courier.h"

/* That host is about to be asked for the bundle. */
void watch_bundle_asked(struct sim_host *host, struct sim_stick *stick);
/* It gave that file of it; this is the last. */
void watch_bundle_file(struct sim_host *host, struct sim_stick *stick, struct bytes file,
                       bool is_last);
/* All of it is on the stick. */
void watch_bundle_whole(struct sim_host *host, struct sim_stick *stick);
/* Host (its writer or reader) refused it. */
void watch_bundle_refused(struct sim_host *host, const struct sim_stick *stick,
                          const char *what, struct bytes status);
/* The reader begins with it; took in one file; has come to its end. */
void watch_bundle_begins(struct sim_host *host, const struct sim_stick *stick);
void watch_bundle_taken(struct sim_host *host, struct sim_stick *stick,
                        struct bytes result);
void watch_bundle_read(struct sim_host *host, struct sim_stick *stick);
/* Appends a file for the same reader which says the same, signed by a machine that nobody
 * knows. */
void watch_bundle_forge(struct sim *sim, const struct sim_stick *stick, struct buf *file);
/* At the end, of that host and its neighbours. */
void watch_bundle_end(struct sim_host *host);
/* What is in a file, for whom it was sealed: as a reader's child opens it. Empty: another
 * key does. The caller's to free. */
struct buf watch_bundle_open(const uint8_t seed[static 32], struct bytes file);

#endif
