/*
 * added_machine: a new machine of our own site, let in by a code that a steward read to
 * it. It says its keys and its name and proves to have the signing one; the steward's
 * key, on loan from the invitation, names them in our charter, and the new machine gets
 * that charter. All else comes by an ordinary session between the two (replica.h). What
 * the new machine does: newcomer.h. docs/PROTOCOL.md §9.
 */
#ifndef FENGQIAO_NODE_CORE_ADDED_MACHINE_H
#define FENGQIAO_NODE_CORE_ADDED_MACHINE_H

#include "crypto/digest.h"
#include "proto/pack.h"

struct core;
struct session;

/* What a new machine signs, so that nobody names a key that is another's. */
void added_machine_proof(uint8_t out[static DIGEST_SIZE], const uint8_t *handshake_hash);
/* A message of a session whose invitation was for a machine. INVALID: not well formed or
 * out of turn; UNVERIFIED: it has not that key; DENIED: it was revoked, or the steward
 * may not any more. */
enum status added_machine_message(struct core *core, struct session *session,
                                  struct bytes name, struct pack_reader *reader,
                                  uint32_t elements) MUST_USE;

#endif
