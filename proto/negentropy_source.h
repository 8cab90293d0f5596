/*
 * negentropy_source: where a reconciliation reads the set that one side holds. The items
 * stand in the order of the protocol, each once, and are counted from 0. Two sources: the
 * set in memory (negentropy_set.h), and the one that the store keeps.
 *
 * Within one call of negentropy_* the set must not change. A source that cannot read goes
 * on with zeros and says so when it is asked for its status, once, at the end of the
 * call.
 */
#ifndef FENGQIAO_PROTO_NEGENTROPY_SOURCE_H
#define FENGQIAO_PROTO_NEGENTROPY_SOURCE_H

#include <stddef.h>
#include <stdint.h>

#include "proto/negentropy_sum.h"
#include "proto/status.h"

/* Reserved by the protocol: above the timestamp of every item. */
#define NEGENTROPY_INFINITY UINT64_MAX

/* Ordered by timestamp, then by the bytes of the id. */
struct negentropy_item {
    uint64_t timestamp;
    uint8_t id[NEGENTROPY_ID_SIZE];
};

struct negentropy_source {
    void *context; /* borrowed, like what it stands on */
    size_t (*len)(void *context);
    /* The first item at or after `from` that does not sort before (timestamp, id). */
    size_t (*lower_bound)(void *context, size_t from, uint64_t timestamp,
                          const uint8_t id[static NEGENTROPY_ID_SIZE]);
    void (*item)(void *context, size_t index, struct negentropy_item *item);
    /* Of the items begin <= i < end. */
    void (*sum)(void *context, size_t begin, size_t end, struct negentropy_sum *sum);
    enum status (*status)(void *context);
};

#endif
