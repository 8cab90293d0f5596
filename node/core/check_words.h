/*
 * check_words: two words out of the handshake of a pairing. Both ends make the same ones,
 * so that the two people who pair can compare what their screens show; somebody in
 * between would have had two handshakes. They are shown for as long as they are fresh: in
 * memory alone, until the next start.
 */
#ifndef FENGQIAO_NODE_CORE_CHECK_WORDS_H
#define FENGQIAO_NODE_CORE_CHECK_WORDS_H

#include "proto/op.h"
#include "proto/words.h"

struct core;
struct session;

#define CHECK_WORDS_SIZE (2 * WORDS_WORD_SIZE)
#define CHECKED_PAIRINGS_MAX 8 /* who paired longest ago gives way */

struct check_words {
    struct id site;
    char text[CHECK_WORDS_SIZE]; /* empty: none */
};

void check_words_of(char out[static CHECK_WORDS_SIZE], const struct session *session);
/* The same out of the hash of a handshake. */
void check_words_from(char out[static CHECK_WORDS_SIZE], const uint8_t *hash);
/* That session has paired us with its site. */
void check_words_keep(struct core *core, const struct session *session);
/* Borrowed from core; "": we paired with that site before this start, or not at all. */
const char *check_words_find(const struct core *core, const struct id *site);

#endif
