/*
 * replica: the other machines of our own site. Each holds the whole of it, cases included
 * and with every field; so this is the one door through which ops of a case leave this
 * process. It opens towards a machine that our own charter names and has not revoked,
 * asks the charter anew for each message, and knows no other site: those pass share.h,
 * which has no case in it.
 */
#ifndef FENGQIAO_NODE_CORE_REPLICA_H
#define FENGQIAO_NODE_CORE_REPLICA_H

#include "node/core/share.h"

struct session;

/* Is that the Noise key of another machine of our site, not revoked? Our own is none: who
 * comes with that is a copy of this disk. */
bool replica_is_machine(struct core *core, const uint8_t noise_key[static 32]);
/* Is there one at all? */
bool replica_any(struct core *core);
/* Has this session shown to be with one? It may be revoked since. */
bool replica_has(const struct core *core, const struct session *session);
/* The Noise key of that machine; NULL: the session is with another site. */
const uint8_t *replica_machine(const struct core *core, const struct session *session);
/* Fills out (sorted) with what the pair with our own site shares: every folded scope. */
enum status replica_scopes(struct core *core, struct id_list *out) MUST_USE;
/* OK: the machine with that Noise key may be shown all of that scope. NOT_FOUND: it may
 * not, or the scope is not folded yet. */
enum status replica_terms(struct core *core, const uint8_t noise_key[static 32],
                          const struct id *scope, struct share_terms *terms) MUST_USE;

#endif
