/*
 * carried: what the unacknowledged messages of ops on the way to a peer carry that people
 * ask about: records (the founding ops of escalations), by their place in the message. An
 * acknowledgement names the ops that the peer did not keep; the other records are "handed
 * over".
 */
#ifndef FENGQIAO_NODE_CORE_CARRIED_H
#define FENGQIAO_NODE_CORE_CARRIED_H

#include "node/core/state.h"

#define SYNC_WINDOW 16 /* ops messages that are not acknowledged yet */

struct carried_message {
    struct id_list records;
    uint32_t *positions; /* of each record, in the message */
    uint32_t positions_capacity;
    uint32_t ops_len; /* of the whole message */
};

struct carried {
    struct carried_message messages[SYNC_WINDOW]; /* the oldest first */
    uint32_t len;
};

struct pack_reader;

/* The next message begins; there must be room in the window. */
struct carried_message *carried_begin(struct carried *carried);
/* It takes an op more; record: its id where it is one, else NULL. NO_MEMORY. */
enum status carried_op(struct carried_message *message, const struct id *record) MUST_USE;
/* The message is on its way. */
void carried_sent(struct carried *carried);
/* Reads what an acknowledgement of count messages says was not kept, and writes down that
 * the site has the other records. INVALID: not well formed. TOO_LARGE: more messages than
 * there are, or positions that are not ascending or no op's. */
enum status carried_acknowledged(struct core *core, struct carried *carried,
                                 const struct id *site, uint64_t count,
                                 struct pack_reader *refused) MUST_USE;
void carried_deinit(struct carried *carried);

#endif
