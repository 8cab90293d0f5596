/*
 * query: what somebody searches for: words parted by blanks. Each is a phrase of its
 * tokens, which have to stand side by side; all words have to stand somewhere in a scope.
 */
#ifndef FENGQIAO_CASES_QUERY_H
#define FENGQIAO_CASES_QUERY_H

#include <stdbool.h>
#include <stdint.h>

#include "node/cases/token.h"
#include "proto/err.h"
#include "proto/limits.h"

struct query {
    struct token tokens[QUERY_TOKENS_MAX];
    uint32_t tokens_len;
    uint32_t ends[QUERY_TOKENS_MAX]; /* of each word: one behind its last token */
    uint32_t words_len;
};

/* INVALID: nothing to search for stands in the text, or too much. */
enum status query_parse(struct query *query, struct bytes text, struct err *err) MUST_USE;
/* Does each word stand side by side? places: packed, of each token in its order
 * (postings.h). */
bool query_stands(const struct query *query, const struct bytes *places);

/* Where the first word stands in a view, and a line around it. */
struct snippet {
    struct bytes kind, field; /* borrowed from the view; empty where it stands nowhere */
    struct buf line;          /* cut between characters, "…" where it was cut */
};
enum status query_snippet(const struct query *query, struct bytes view,
                          struct snippet *snippet) MUST_USE; /* NO_MEMORY */

#endif
