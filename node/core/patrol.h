/*
 * patrol: a disk that lied, or a bit that rotted, may have changed what a node shows of a
 * scope (its view, its words in the search, its row in the lists) without a loss that the
 * mark or a peer would tell. So whoever uses the node pays for a look at one scope now
 * and then: it is folded anew and held against what stands there, one behind the other,
 * from a place that is drawn at the start. Where they differ, the node looks at all
 * (doubt), which mends it and says so.
 *
 * Where such a look changes nothing, for an op itself cannot be read, it is not called
 * for at each visit: a day of running later, then two, up to a month (PATROL_PAUSE_MS).
 * Until then what else has rotted waits as well.
 *
 * A turn looks where PATROL_PACE_MS have passed since the last look; nothing wakes the
 * node for it. At rest, nothing reads what rotted either. Charters are left to doubt:
 * they decide about everything, and to fold one derives every pair. Where the walk comes
 * to one, it looks whether the sum over what is shared with that site is that of its
 * scopes: rounds with the site would tell, and it may be away for long.
 */
#ifndef FENGQIAO_NODE_CORE_PATROL_H
#define FENGQIAO_NODE_CORE_PATROL_H

#include <stdbool.h>
#include <stdint.h>

#include "proto/status.h"

struct core;

struct patrol {
    bool has_begun;
    int64_t number; /* of the scope that was looked at last */
    uint64_t looked_ms;
    bool has_called; /* for a look at all, at called_ms; the next one after pause_ms */
    uint64_t called_ms, pause_ms;
};

/* Before a turn: looks, where it is time to. A failure of the store is the turn's. */
enum status patrol_settle(struct core *core) MUST_USE;

#endif
