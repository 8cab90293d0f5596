/*
 * token: the words of a text, as they are searched for. A Chinese character, a kana and a
 * Hangul syllable each are a token; so is a run of digits, and a run of letters of any
 * other script, in lower case. Everything else parts them. Full-width letters and digits
 * are the narrow ones. Of a run longer than TOKEN_SIZE_MAX the rest is the next token.
 */
#ifndef FENGQIAO_CASES_TOKEN_H
#define FENGQIAO_CASES_TOKEN_H

#include <stdbool.h>

#include "proto/bytes.h"

#define TOKEN_SIZE_MAX 64

struct token {
    char text[TOKEN_SIZE_MAX]; /* UTF-8, folded; never empty */
    size_t len;
    size_t from, end; /* where it stands in the text, in bytes */
};

/* The next token at or behind *at, which moves on behind it; false at the end. Bytes that
 * are no UTF-8 part tokens as a blank does. */
bool token_next(struct bytes text, size_t *at, struct token *token);
bool token_equal(const struct token *a, const struct token *b);

#endif
