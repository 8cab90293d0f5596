/*
 * quota: how much one site may bring that is held here. Beyond it a peer's new records
 * are refused, not now and not for good; charters (and the revocations in them) and
 * answers in records of our own still come, up to a reserve.
 */
#ifndef FENGQIAO_NODE_CORE_QUOTA_H
#define FENGQIAO_NODE_CORE_QUOTA_H

#include "node/core/state.h"
#include "storage/store_sources.h"

/* What one message brings, counted. */
struct quota {
    struct core *core;
    const struct id *site; /* borrowed */
    struct store_source source;
    uint64_t ops, bytes; /* in the graph, to be added at the end */
    uint64_t refused;
};

enum status quota_begin(struct quota *quota, struct core *core,
                        const struct id *site) MUST_USE;
/* May this op of so many bytes be held? What is here already may. */
enum status quota_allows(struct quota *quota, const struct op *op, size_t size,
                         bool *allowed) MUST_USE;
/* The op is new and held now; one that waits was counted as it came (guest.h). */
void quota_took(struct quota *quota, size_t size, bool waits);
enum status quota_end(struct quota *quota) MUST_USE;

#endif
