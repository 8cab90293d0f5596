/*
 * store_search: which words stand in which scope (derived). The store knows nothing of
 * words: a token is a text, its places are bytes (node/cases/postings.h).
 *
 *   number   of a scope, in order of arrival: by it what is found is ordered
 */
#ifndef FENGQIAO_STORAGE_STORE_SEARCH_H
#define FENGQIAO_STORAGE_STORE_SEARCH_H

#include "storage/store.h"

struct store_posting {
    struct bytes token, places; /* borrowed until the next one is asked for */
};
/* The next posting of a scope in order of the tokens' bytes; false at the end. */
typedef bool store_posting_fn(void *context, struct store_posting *posting);
/* Replaces the postings of a scope. Where the transaction erases something
 * (storage/store_scrub.h), what is no longer there is in no byte of the file after it.
 * NOT_FOUND: no op of the scope is here. */
enum status store_search_put(struct store *store, const struct id *scope,
                             store_posting_fn *next, void *context) MUST_USE;

#define SEARCH_NEWEST INT64_MAX
/* The newest scope up to *number in which the token stands. NOT_FOUND. */
enum status store_search_seek(struct store *store, struct bytes token,
                              int64_t *number) MUST_USE;
/* Its places there. NOT_FOUND. */
enum status store_search_places(struct store *store, int64_t number, struct bytes token,
                                struct buf *places) MUST_USE;
/* The folded scope of that number. NOT_FOUND. */
enum status store_search_scope(struct store *store, int64_t number, store_scope_fn *fn,
                               void *context) MUST_USE;

#endif
