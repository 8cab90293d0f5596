/*
 * alarm: what a steward has to look into: something that this node noticed about a
 * machine of a peer or of our own site, or that it was told of. It stands until one
 * clears it.
 */
#ifndef FENGQIAO_NODE_CORE_ALARM_H
#define FENGQIAO_NODE_CORE_ALARM_H

#include <stdint.h>

#include "proto/bytes.h"
#include "proto/err.h"
#include "proto/op.h"
#include "storage/store_confirmed.h"

struct core;

/* Once more. machine: of that site, by its key for connections. */
enum status alarm_raise(struct core *core, const struct id *site,
                        const uint8_t machine[static 32], enum store_alarm_kind kind,
                        uint64_t ops);
/* Those about a site: [{kind, machine, missing, node, times, wall}]. */
enum status alarm_pack(struct core *core, const struct id *site,
                       struct buf *out) MUST_USE;
/* Clears them, and what they rest on: how many there were. */
enum status alarm_clear(struct core *core, const struct id *site, uint64_t *len) MUST_USE;

#endif
