/*
 * outgoing: the egress door. Every op that leaves this process, in a session or in a
 * bundle, passes outgoing_pack. Towards another site it takes only ops of scopes that the
 * pair shares, by share.h, and withholds the fields that the other site may not see;
 * towards another machine of our own site it asks replica.h, scope by scope, and nothing
 * is withheld.
 */
#ifndef FENGQIAO_NODE_CORE_OUTGOING_H
#define FENGQIAO_NODE_CORE_OUTGOING_H

#include "node/core/state.h"

struct carried_message;
struct session;

/* What is to be sent in a round: places in the store, eight bytes an op. 0 stands for an
 * id that is not here; it is answered as skipped, and so are doubles answered each. */
struct outgoing {
    int64_t *seqs;
    uint32_t len, capacity, at;
    const struct id *only; /* of that scope; the others are skipped. NULL: of all */
};

enum status outgoing_push(struct outgoing *outgoing,
                          int64_t seq) MUST_USE; /* NO_MEMORY */
/* Says where the op stands; place->seq 0: nowhere here. */
enum status outgoing_add(struct core *core, struct outgoing *outgoing,
                         const struct id *id, struct store_place *place) MUST_USE;
/* Into the order in which they came here. What an op builds on came here before it, or it
 * waited for it here as it will there; so the other side's waiting room needs no more
 * room than ours did. */
void outgoing_sort(struct outgoing *outgoing);
bool outgoing_has(const struct outgoing *sorted, int64_t seq);
void outgoing_clear(struct outgoing *outgoing);
/* Appends one message `ops` for that site, with the next of outgoing: it ends after the
 * op that reaches target bytes. machine: the Noise key of one of our own site, for which
 * alone it is; else NULL. ops_len: how many went. carried: what of it people ask about is
 * noted there, or NULL. */
enum status outgoing_pack(struct core *core, const struct id *site,
                          const uint8_t *machine, struct outgoing *outgoing,
                          size_t target, struct carried_message *carried, struct buf *out,
                          uint32_t *ops_len) MUST_USE;
/* Sends one message with the next ops of sync.outgoing. */
enum status outgoing_send(struct core *core, struct session *session) MUST_USE;

#endif
