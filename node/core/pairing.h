/*
 * pairing: two sites become parent and child over a connection whose key is the code that
 * one person read to another. Each sends its charter and its ancestors'; each signs its
 * half of the link with its steward's key, which is on loan from the invitation (parent)
 * or from the join (child) and is wiped afterwards.
 */
#ifndef FENGQIAO_NODE_CORE_PAIRING_H
#define FENGQIAO_NODE_CORE_PAIRING_H

#include "node/core/state.h"

struct session;

/* Listener, handshake done: which invitation was it? It is used up now. */
bool pairing_claim(struct core *core, struct session *session);
/* Sends our charter and its ancestors' as a message of that name. */
enum status pairing_send_charters(struct core *core, struct session *session,
                                  const char *name) MUST_USE;
/* Takes such an array in, as brought by that site. Our own charter comes from machines of
 * ours alone; from anybody else it is passed over. */
enum status pairing_take_charters(struct core *core, const struct id *from,
                                  struct pack_reader *reader) MUST_USE;
/* Both know each other's site: sends the charters. */
enum status pairing_start(struct core *core, struct session *session) MUST_USE;
enum status pairing_message(struct core *core, struct session *session, struct bytes name,
                            struct pack_reader *reader) MUST_USE;
/* The session ended: whoever waits for the join is told. */
void pairing_failed(struct core *core, struct session *session);
/* Closes invitations whose time is over. */
void pairing_tick(struct core *core);
void invite_close(struct invite *invite);

#endif
