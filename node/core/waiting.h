/*
 * waiting: API methods that end later than they begin: invitations, joins, syncs.
 */
#ifndef FENGQIAO_NODE_CORE_WAITING_H
#define FENGQIAO_NODE_CORE_WAITING_H

#include "node/core/caller.h"

/* The invitation's code is stretched. */
enum status waiting_invited(struct core *core, struct caller *caller, struct job *job,
                            struct buf *result, struct err *err) MUST_USE;
/* The join's code is stretched: dial, or wait for a beacon that knows it. */
enum status waiting_dial(struct core *core, struct caller *caller, struct job *job,
                         struct err *err) MUST_USE;
/* A node that has the code was heard there: dial. */
void waiting_found(struct core *core, struct caller *caller, const char *address);
/* Has nobody been heard for too long? Then answers. */
void waiting_seek(struct core *core, struct caller *caller);
void waiting_pack_joined(struct core *core, const struct session *session,
                         struct buf *result);
/* Has everybody agreed since the caller asked, or is the time over? Then answers. */
void waiting_sync(struct core *core, struct caller *caller);

#endif
