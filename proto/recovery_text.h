/*
 * recovery_text: a recovery key as people bring it back: 24 words (recovery_words.h) or
 * the line "fqr1…", with whatever blanks a person or a printer put there.
 */
#ifndef FENGQIAO_PROTO_RECOVERY_TEXT_H
#define FENGQIAO_PROTO_RECOVERY_TEXT_H

#include <stdbool.h>

#include "crypto/key.h"
#include "proto/err.h"

#define RECOVERY_LINE_BEGIN "fqr1"
/* The most that it may have: the words with whatever people put between them. */
#define RECOVERY_TEXT_MAX 2048

/* seed: in secret memory of the caller, who wipes it. INVALID says what is wrong with the
 * text: empty, the word that is not in the list, how many there are, a check that does
 * not hold, the key of the backups instead. */
enum status recovery_text_read(uint8_t seed[static KEY_SEED_SIZE], const char *text,
                               struct err *err) MUST_USE;
/* Is it as much as a key has, or a line that is one or means to be? */
bool recovery_text_is_whole(const char *text);

#endif
