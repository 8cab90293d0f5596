/*
 * store_listings: what lists are filtered and paged by (derived from views). A row for
 * each folded case and escalation, in the order in which they were founded here, which
 * never changes.
 */
#ifndef FENGQIAO_STORAGE_STORE_LISTINGS_H
#define FENGQIAO_STORAGE_STORE_LISTINGS_H

#include "storage/store.h"

struct store_listing {
    struct id scope;
    struct id author; /* the key that founded it */
    struct bytes state, category;
    uint64_t opened; /* wall seconds */
    uint64_t conflicts, sent;
    bool is_minor;
    uint64_t waits; /* until when something may have to be done (node/core/undone.h) */
    const struct id *line;       /* NULL: from no table */
    const struct bytes *parties; /* aliases */
    size_t parties_len;
};
/* Of a scope that store_scope_put has put; what stood in its row before is gone. */
enum status store_listing_put(struct store *store,
                              const struct store_listing *listing) MUST_USE;

/* What a list is to show. Zeroed: every scope of no kind. */
struct store_filter {
    enum scope_kind kind;
    struct bytes state, category, party; /* empty: any */
    uint64_t since, until;               /* of what it claims; until 0: without end */
    const struct id *author, *site;      /* NULL: any */
    const struct id *not_site;
    bool has_conflict, is_sent, no_minors;
    bool is_to_do; /* something may have to be done; not together with the two above it
                      that have an index of their own, conflict and party */
    const struct id *after; /* the last one of the page before, or NULL */
    uint64_t limit;
};
/* The newest first. NOT_FOUND: there is no scope `after`. */
enum status store_listings(struct store *store, const struct store_filter *filter,
                           store_scope_fn *fn, void *context) MUST_USE;
/* Of which something may have to be done at that claimed second or later: what waits
 * longest first, then the newest. */
enum status store_listings_waiting(struct store *store, enum scope_kind kind,
                                   uint64_t since, store_scope_fn *fn,
                                   void *context) MUST_USE;
/* How many of a kind there are. */
enum status store_listings_count(struct store *store, enum scope_kind kind,
                                 uint64_t *count) MUST_USE;

/* How often a category was written down since `middle`, and between `begin` and that. */
struct store_growth {
    struct bytes category; /* borrowed until the callback returns */
    uint64_t late, early;
};
typedef enum status store_growth_fn(void *context, const struct store_growth *growth);
/* Of the newest `rows` of a kind, without those of minors; what grew most comes first, at
 * most `max`. */
enum status store_listings_grown(struct store *store, enum scope_kind kind,
                                 uint64_t begin, uint64_t middle, uint32_t rows,
                                 uint32_t max, store_growth_fn *fn,
                                 void *context) MUST_USE;
/* The case that was taken from that line; NOT_FOUND. */
enum status store_listing_of_line(struct store *store, const struct id *line,
                                  struct id *scope) MUST_USE;

#endif
