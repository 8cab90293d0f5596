/*
 * store_bundles: what this node knows of bundles (docs/BUNDLE.md): those that it made for
 * a site, those that it read of the site's machines, and what these said to hold and to
 * lack.
 */
#ifndef FENGQIAO_STORAGE_STORE_BUNDLES_H
#define FENGQIAO_STORAGE_STORE_BUNDLES_H

#include "storage/store.h"

/* --- those for a site --- */
struct store_bundle_site {
    uint64_t written;    /* the number of the last one; 0: none yet */
    uint64_t acked;      /* of the last one that the site says to have read; 0: none */
    int64_t acked_seq;   /* it knows what we hold of ops up to here */
    uint64_t acked_wall; /* when we read that it had */
};
/* Zeros where there was none. */
enum status store_bundle_site(struct store *store, const struct id *site,
                              struct store_bundle_site *out) MUST_USE;
/* The number of the next one: above the last and above least (below INT64_MAX). */
enum status store_bundle_begin(struct store *store, const struct id *site, uint64_t least,
                               uint64_t wall, uint64_t *number) MUST_USE;
/* Numbers for all sites go on so far beyond the last ones. */
enum status store_bundle_leap(struct store *store, uint64_t leap) MUST_USE;
/* The site has read numbers that this store did not give: they go on above that one, and
 * what the site knows of us is as good as nothing. No change where they do already. */
enum status store_bundle_behind(struct store *store, const struct id *site,
                                uint64_t number) MUST_USE;
/* It carries so many ops more. */
enum status store_bundle_ops(struct store *store, const struct id *site, uint64_t number,
                             uint64_t ops) MUST_USE;
/* It is on a stick, whole. NOT_FOUND: that one was not made, or is acknowledged. */
enum status store_bundle_written(struct store *store, const struct id *site,
                                 uint64_t number, uint64_t wall) MUST_USE;
/* The site has read that one: what was said in it is known there. NOT_FOUND: not one of
 * ours, or not the newest. */
enum status store_bundle_acked(struct store *store, const struct id *site,
                               uint64_t number, uint64_t wall) MUST_USE;
/* A session ended equal: the site knows all that we hold, and we what it holds. */
enum status store_bundle_agreed(struct store *store, const struct id *site) MUST_USE;
/* The site begins anew: what it said to hold and to lack is as good as nothing. */
enum status store_bundle_forget(struct store *store, const struct id *site) MUST_USE;
struct store_bundle_made {
    uint64_t number, wall, ops;
    bool is_written;
};
typedef enum status store_bundle_made_fn(void *context,
                                         const struct store_bundle_made *made);
/* Those that the site has not acknowledged, in order of number. */
enum status store_bundles_made(struct store *store, const struct id *site,
                               store_bundle_made_fn *fn, void *context) MUST_USE;

/* Scopes of the pair of which the site does not know what we hold, the newest first. */
enum status store_bundle_news(struct store *store, const struct id *site,
                              int64_t since_seq, uint64_t limit, store_id_fn *fn,
                              void *context) MUST_USE;
/* The site brought something of that scope which was here. */
enum status store_bundle_tell(struct store *store, const struct id *site,
                              const struct id *scope) MUST_USE;
/* This bundle for the site says what is here of all these. */
enum status store_bundle_told(struct store *store, const struct id *site,
                              uint64_t number) MUST_USE;

/* --- those of a site --- */
struct store_bundle_read {
    uint8_t node[32]; /* that wrote it */
    uint64_t number, wall;
    struct id digest; /* of its beginning; zeros in store_bundles_read and where it
                         is not known */
};
enum status store_bundle_read(struct store *store, const struct id *site,
                              const struct store_bundle_read *read) MUST_USE;
/* The last one of a machine; number 0: none. */
enum status store_bundle_read_get(struct store *store, const uint8_t node[static 32],
                                  struct store_bundle_read *read) MUST_USE;
typedef enum status store_bundle_read_fn(void *context,
                                         const struct store_bundle_read *read);
enum status store_bundles_read(struct store *store, const struct id *site,
                               store_bundle_read_fn *fn, void *context) MUST_USE;
/* Of that scope the site holds these and what lies beneath them, as it said last. */
enum status store_bundle_held_put(struct store *store, const struct id *site,
                                  const struct id *scope, const struct id *heads,
                                  uint32_t heads_len) MUST_USE;
enum status store_bundle_held(struct store *store, const struct id *site,
                              const struct id *scope, store_id_fn *fn,
                              void *context) MUST_USE;
/* Ops of whose files the site lacks something, as it said last. */
enum status store_bundle_lacks_clear(struct store *store, const struct id *site) MUST_USE;
enum status store_bundle_lacks_add(struct store *store, const struct id *site,
                                   const struct id *op) MUST_USE;
enum status store_bundle_lacks(struct store *store, const struct id *site,
                               store_id_fn *fn, void *context) MUST_USE;

#endif
