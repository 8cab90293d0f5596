/*
 * recovery_words: a recovery seed as 24 words on paper. The 32 bytes and one byte of
 * check are 24 times 11 bits, each a word of the list of words.h. PROTOCOL.md §2.
 */
#ifndef FENGQIAO_PROTO_RECOVERY_WORDS_H
#define FENGQIAO_PROTO_RECOVERY_WORDS_H

#include "crypto/key.h"
#include "proto/err.h"
#include "proto/words.h"

#define RECOVERY_WORDS_LEN 24

/* The words are as secret as the seed. */
void recovery_words_write(char words[static RECOVERY_WORDS_LEN][WORDS_WORD_SIZE],
                          const uint8_t seed[static KEY_SEED_SIZE]);

/* How many words stand in a text, in the list or not, as read parts them. */
unsigned recovery_words_count(const char *text);

/*
 * Reads what a person typed: in either case, and between words (before and behind them)
 * any blanks, ends of lines, punctuation and numbers. INVALID says what is wrong: which
 * word is the first that is not in the list (with the word itself where it is short
 * enough to be one, for what is in no list is no part of a key), how many words there
 * are, or that the check does not hold; seed is zero then. One wrong word, or two that
 * changed places, pass the check once in 256.
 */
enum status recovery_words_read(uint8_t seed[static KEY_SEED_SIZE], const char *text,
                                struct err *err) MUST_USE;

#endif
