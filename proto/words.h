/*
 * words: six words that are a key. A list of 2,048 words made by rule from two tables of
 * syllables, easy to say and to type for readers of pinyin. PROTOCOL.md §9.
 */
#ifndef FENGQIAO_PROTO_WORDS_H
#define FENGQIAO_PROTO_WORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define WORDS_LIST_LEN 2048
#define WORDS_CODE_LEN 6
#define WORDS_WORD_SIZE 9 /* two syllables of at most four letters, NUL */
#define WORDS_CODE_SIZE (WORDS_CODE_LEN * WORDS_WORD_SIZE)

/* Word n (0 to 2,047). */
void words_word(char out[static WORDS_WORD_SIZE], uint32_t n);
/* The number of a word in lower case. False: it is not in the list. */
bool words_find(uint32_t *n, const char *word);
/* A code of six words from 12 random bytes (11 bits of each pair). */
void words_code(char out[static WORDS_CODE_SIZE], const uint8_t random[static 12]);
/* The canonical form of what a person typed: lower case, single spaces between six known
 * words (spaces, hyphens and commas part words). False names the position of the first
 * unknown word (0 to 5), or 6 for a wrong number of words. */
bool words_normalise(char out[static WORDS_CODE_SIZE], const char *text, int *position);

#endif
