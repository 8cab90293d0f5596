/*
 * unpaired: a pairing of which one end has lost its half, by a disk that lied or an older
 * copy that was put in place. That end closes on the other one as on any stranger, and
 * neither gets further by itself: people have to pair again, and both ends say so.
 *
 * Who is closed upon cannot tell whether it was forgotten or its machine revoked: on the
 * line the two are one. Who closes shows the keys that knocked, and whose they are where
 * a charter still tells. Nothing here is kept over a restart.
 */
#ifndef FENGQIAO_NODE_CORE_UNPAIRED_H
#define FENGQIAO_NODE_CORE_UNPAIRED_H

#include <stdint.h>

#include "proto/bytes.h"

struct core;
struct session;

#define KNOCKS_MAX 8 /* keys; who came longest ago gives way */
/* So often in a row is no broken line any more. */
#define UNPAIRED_TIMES_MIN 3

struct knock {
    uint8_t key[32]; /* Noise key of a machine that proved to have it */
    uint64_t times, wall;
};

/* The handshake is done, and we do not know that key, or its site revoked it. */
void unpaired_knocked(struct core *core, const uint8_t key[static 32]);
/* A session that we dialed was closed before the other one greeted us. */
void unpaired_closed(struct core *core, const struct session *session);
/* Both ends know each other. */
void unpaired_ready(struct core *core, const struct session *session);
/* Who knocked: [{key, name, revoked, times, wall}]. */
enum status unpaired_pack_knocks(struct core *core, struct buf *out) MUST_USE;

#endif
