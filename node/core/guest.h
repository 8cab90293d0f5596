/*
 * guest: an op that a peer brought and that waits for what it builds on. Each site has
 * its share of the waiting room: who fills it keeps nobody else out. What an earlier
 * round left waiting makes room for what comes now; if it is needed after all,
 * reconciliation brings it again.
 */
#ifndef FENGQIAO_NODE_CORE_GUEST_H
#define FENGQIAO_NODE_CORE_GUEST_H

#include "proto/err.h"
#include "proto/op.h"

struct core;

/* Makes room for one more op of that site (NULL: our own). BUSY and not FULL where there
 * is none: FULL is our disk, and would end the node. */
enum status guest_make_room(struct core *core, const struct id *site,
                            struct err *err) MUST_USE;

#endif
