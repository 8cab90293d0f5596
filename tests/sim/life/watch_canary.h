/*
 * watch_canary: I3. What is private to a site is looked for where it must not be: in the
 * messages that hosts sent, in the logs of all, and in the other hosts' files, free pages
 * and write-ahead log included. Private are
 *
 *   the tags in the texts of cases, raw and hashed with the whole of their text;
 *   what is sealed of parties, in the files of its own host too;
 *   the numbers of cases;
 *   ids, secrets, salts, commitments and signatures of all ops in the private tree;
 *   the keys of steward and node;
 *
 * each raw, in hex, in base64 at its three alignments; ids and texts also through BLAKE2b
 * and SHA-256. Keys and ids count in pieces of eight bytes, so that a part is found too.
 */
#ifndef FENGQIAO_TESTS_WATCH_CANARY_H
#define FENGQIAO_TESTS_WATCH_CANARY_H

#include "tests/sim/life/sim_state.h"

/* A private text of a host's: tag is the part of it by which it is known, long enough not
 * to come about by chance. Both are copied. */
void watch_canary_text(struct sim_host *host, const char *text, const char *tag);
/* What may stand on no disk, not even the host's own. Copied. */
void watch_canary_sealed(struct sim_host *host, const char *text);
/* A case number that a host gave. Copied. */
void watch_canary_number(struct sim_host *host, struct bytes number);
/* All hosts are up: says sim_fail where something private is where it must not be. */
void watch_canary_end(struct sim *sim);
void watch_canary_free(struct sim *sim);

#endif
