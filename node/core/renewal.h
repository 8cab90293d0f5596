/*
 * renewal: this machine gets other keys in place. Its charter names the new ones and
 * revokes the old one with covers, and the store keeps the new pair, all in one
 * transaction; io puts them into D/node.key behind it, and where that fails the store
 * has the last word at the next opening (decisions/0025).
 *
 *   former   the keys before, kept until each neighbour has met the new ones. By them the
 *            machine is let in, and answers, where the word of the charter has not come
 *            to; its sticks are introduced by them; and what was sealed for them opens
 *   told     who has met the new ones: sites, and machines of our own site by their keys
 *            for connections
 */
#ifndef FENGQIAO_NODE_CORE_RENEWAL_H
#define FENGQIAO_NODE_CORE_RENEWAL_H

#include <stdbool.h>
#include <stdint.h>

#include "proto/err.h"
#include "proto/op.h"

struct core;
struct session;
struct store_peer;

/* The store was opened: with which keys this machine is itself. */
enum status renewal_open(struct core *core) MUST_USE;
/* The charter has them; from here on this machine is known by these. */
enum status renewal_switch(struct core *core, const uint8_t seed[static 32],
                           const uint8_t noise_secret[static 32]) MUST_USE;
/* Both ends know each other. */
void renewal_ready(struct core *core, struct session *session);
/* That site, or machine of ours, knows the new key. A failure of ours shows at the
 * commit. */
enum status renewal_told(struct core *core, const struct id *who);
/* Is there a former key, and who has not met the new one? */
bool renewal_is_open(const struct core *core);
bool renewal_awaits(const struct core *core, const struct id *who);
/* How many. */
enum status renewal_count(struct core *core, uint64_t *count) MUST_USE;
/* Was it this machine that signed it, under whatever key? */
bool renewal_is_ours(struct core *core, const uint8_t author[static 32]);

/* After a turn's fold: what is known of a peer's machine goes along with its new key. */
enum status renewal_follow(struct core *core) MUST_USE;

#endif
