/*
 * stanza: a file key for one recipient, as a stanza of the age format (age-encryption.org
 * /v1), of its type X25519: two lines of text, of which only the recipient makes the file
 * key again. What the file key opens is not this file's business (envelope.h).
 *
 *   file key    16 random bytes, drawn for one file
 *   recipient   X25519 public key
 *   share       X25519 public key drawn for one stanza
 */
#ifndef FENGQIAO_CRYPTO_STANZA_H
#define FENGQIAO_CRYPTO_STANZA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "crypto/key.h"

#define STANZA_TYPE "X25519"
#define STANZA_FILE_KEY_SIZE 16
/* "-> X25519 " ‖ share, 43 characters ‖ "\n" ‖ wrapped file key, 43 characters ‖ "\n" */
#define STANZA_SIZE (10 + 43 + 1 + 43 + 1)

/* ephemeral: 32 random bytes, used once. False: a recipient of small order. */
bool stanza_wrap(char out[static STANZA_SIZE],
                 const uint8_t file_key[static STANZA_FILE_KEY_SIZE],
                 const uint8_t recipient[static KEY_SIZE],
                 const uint8_t ephemeral[static KEY_SIZE]);

enum stanza_result {
    STANZA_OPENED,
    STANZA_OF_ANOTHER, /* for somebody else, or changed */
    STANZA_BROKEN,     /* no stanza of this type and form; a share of small order */
};
enum stanza_result stanza_unwrap(uint8_t file_key[static STANZA_FILE_KEY_SIZE],
                                 const char stanza[static STANZA_SIZE],
                                 const uint8_t secret_key[static KEY_SIZE]);

/* Base64 of 32 bytes without padding, as lines of the format have it: 43 characters, no
 * terminating 0. Decoding is strict: false where another text has the same bytes. */
#define STANZA_TEXT_SIZE 43
void stanza_encode(char text[static STANZA_TEXT_SIZE], const uint8_t bytes[static 32]);
bool stanza_decode(uint8_t bytes[static 32], const char text[static STANZA_TEXT_SIZE]);

#endif
