/*
 * postings: the tokens of a folded scope, each with the places where it stands. Places
 * count the tokens of all its texts; between two texts one is left out, so that no phrase
 * goes from one into the next. Packed: the distance to the place before, 7 bits a byte,
 * the lowest first, the highest bit set where more follow.
 */
#ifndef FENGQIAO_CASES_POSTINGS_H
#define FENGQIAO_CASES_POSTINGS_H

#include <stdbool.h>
#include <stdint.h>

#include "proto/bytes.h"

struct postings_entry;
/* A zeroed struct is empty. */
struct postings {
    struct buf texts; /* of tokens */
    struct postings_entry *entries;
    uint32_t len, capacity;
    uint32_t place; /* the next */
    bool failed;
    uint32_t given;
    struct buf places; /* of the token given last */
};

/* Everything of a view that may be searched (searchable.h). NO_MEMORY; deinit all the
 * same. */
enum status postings_read(struct postings *postings, struct bytes view) MUST_USE;
/* The next token with its packed places, in order of bytes, borrowed until the next call;
 * false at the end, and where memory ran out (places.failed). */
bool postings_next(struct postings *postings, struct bytes *token, struct bytes *places);
void postings_deinit(struct postings *postings);

/* Reading packed places: the next above *place, which begins with PLACE_NONE; false at
 * the end. */
#define PLACE_NONE UINT32_MAX
bool place_next(struct bytes *places, uint32_t *place);

#endif
