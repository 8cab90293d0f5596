/*
 * pairs: a map of texts to values that is put together in any order: the arguments of a
 * call, the values of a template.
 */
#ifndef FENGQIAO_PAGE_PAIRS_H
#define FENGQIAO_PAGE_PAIRS_H

#include <stdbool.h>

#include "proto/bytes.h"

#define PAIRS_MAX 96
#define PAIR_NAME_MAX 63

struct pair {
    char name[PAIR_NAME_MAX + 1];
    size_t at, len; /* of the value's bytes */
};

/* A zeroed struct is an empty map. */
struct pairs {
    struct pair pairs[PAIRS_MAX];
    size_t len;
    struct buf memory; /* fails where there is no room for one more, too */
};

/* A second value of a name takes the place of the first. raw: one canonical value. */
void pairs_raw(struct pairs *pairs, const char *name, struct bytes raw);
void pairs_text(struct pairs *pairs, const char *name, struct bytes text);
void pairs_flag(struct pairs *pairs, const char *name, bool value);
void pairs_uint(struct pairs *pairs, const char *name, uint64_t value);
void pairs_bin(struct pairs *pairs, const char *name, struct bytes bytes);
bool pairs_has(const struct pairs *pairs, const char *name);
/* Appends the canonical map. NO_MEMORY. */
enum status pairs_pack(struct pairs *pairs, struct buf *out) MUST_USE;
/* What it held is wiped: it may be a PIN. */
void pairs_deinit(struct pairs *pairs);

#endif
