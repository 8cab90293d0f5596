/*
 * peek: looks into answers of the core. What is missing or of another type reads as
 * empty: a page shows less then.
 */
#ifndef FENGQIAO_PAGE_PEEK_H
#define FENGQIAO_PAGE_PEEK_H

#include <stdbool.h>

#include "proto/bytes.h"
#include "proto/pack.h"

/* One value as a text; as bytes. */
struct bytes peek_text(struct bytes raw);
struct bytes peek_bin(struct bytes raw);
/* The value of that name in a map, as a text; as it stands. */
struct bytes peek_text_in(struct bytes map, const char *name);
struct bytes peek_in(struct bytes map, const char *name);
/* A number in a map; 0 where there is none. */
uint64_t peek_uint_in(struct bytes map, const char *name);
bool peek_flag(struct bytes raw);
/* Is the text one of that list? */
bool peek_has(struct bytes list, const char *text);
/* Appends the name and the value, or nil where there is none: one pair of a map. */
void peek_copy(struct buf *out, const char *name, struct bytes raw);
/* The elements of a list: how many, and a reader at the first; of a map its pairs. */
uint32_t peek_list(struct bytes raw, struct pack_reader *reader);
/* The next whole value of such a list. */
struct bytes peek_next(struct pack_reader *reader);

#endif
