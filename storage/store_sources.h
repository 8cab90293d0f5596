/*
 * store_sources: what each site brought to this node.
 *
 *   source   a site, by what it brought that is held here, and by how much it may bring
 *   guest    an op that a site brought and that waits; it counts as brought until it is
 *            forgotten
 */
#ifndef FENGQIAO_STORAGE_STORE_SOURCES_H
#define FENGQIAO_STORAGE_STORE_SOURCES_H

#include "storage/store.h"

struct store_source {
    uint64_t ops, bytes;         /* held, waiting ones included */
    uint64_t refused;            /* ops beyond the quota, since that was set last */
    uint64_t ops_max, bytes_max; /* the quota */
};
/* A site that brought nothing yet has zeros and the quota of proto/limits.h. */
enum status store_source_get(struct store *store, const struct id *site,
                             struct store_source *source) MUST_USE;
/* Adds to ops, bytes and refused. */
enum status store_source_add(struct store *store, const struct id *site, uint64_t ops,
                             uint64_t bytes, uint64_t refused) MUST_USE;
/* Sets the quota; refused begins anew. */
enum status store_source_limit(struct store *store, const struct id *site,
                               uint64_t ops_max, uint64_t bytes_max) MUST_USE;

/* An op that the site brought was added and waits: counts it. It is a guest until
 * store_op_promote or store_op_remove_waiting. */
enum status store_guest_add(struct store *store, const struct id *op,
                            const struct id *site, uint64_t size) MUST_USE;
/* Who brought it. NOT_FOUND: no guest waits by that id. */
enum status store_guest_site(struct store *store, const struct id *op,
                             struct id *site) MUST_USE;
enum status store_guests_count(struct store *store, const struct id *site,
                               uint64_t *count) MUST_USE;
/* A round with the site has ended: what it brought and still waits was left. */
enum status store_guests_leave(struct store *store, const struct id *site) MUST_USE;
/* The guest of that site that waits longest, those that were left before others;
 * only_left: of these alone. NOT_FOUND. */
enum status store_guest_oldest(struct store *store, const struct id *site, bool only_left,
                               struct id *op) MUST_USE;
/* The site that has most guests, and how many. NOT_FOUND: there is none. */
enum status store_guests_largest(struct store *store, struct id *site,
                                 uint64_t *count) MUST_USE;

#endif
