/*
 * handover: the rows that no op says and that are the site's all the same, so that every
 * machine of it has them: the wrapped signing keys of its persons, and where linked sites
 * and other machines of it are dialed. They go to other machines of our own site alone
 * (replica.h), after a round in which both agreed. All other rows are one machine's own
 * (docs/STORAGE.md).
 *
 * A key wrapped under another PIN is signed by that key and counted, so that a machine
 * that was stolen and does not know the PIN cannot put anything in its place, and an old
 * PIN never comes back from a machine that was away.
 */
#ifndef FENGQIAO_NODE_CORE_HANDOVER_H
#define FENGQIAO_NODE_CORE_HANDOVER_H

#include <stdint.h>

#include "crypto/wrap.h"
#include "proto/pack.h"

struct core;
struct session;
struct sign_pair;

/* A person has another PIN: the wrapped key takes the place of the old one, of which no
 * byte is left. */
enum status handover_rewrapped(struct core *core, const struct sign_pair *pair,
                               const uint8_t wrapped[static WRAP_SIZE]) MUST_USE;
/* Both agree: the peer gets the rows, where it is a machine of ours and has not these. A
 * failure of ours shows at the commit. */
void handover_send(struct core *core, struct session *session);
/* The message `keys`. INVALID: not well formed, or from another site. */
enum status handover_receive(struct core *core, struct session *session,
                             struct pack_reader *reader) MUST_USE;
/* At the end of a turn in which such a row changed. */
void handover_after_turn(struct core *core);

#endif
