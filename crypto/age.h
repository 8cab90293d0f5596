/*
 * age: the file format age-encryption.org/v1 (C2SP age.md): a header of text that carries
 * a file key for some recipients, and a payload sealed under it. The stock `age` tool
 * reads what we write, and writes what we read.
 *
 *   age_header   the lines before the payload, strictly
 *   stanza       a file key for an X25519 key; age_scrypt: for a passphrase
 *   age_stream   the payload, in chunks of 64 KiB
 *   age_armor    the same file as text
 *   age_text     keys as age prints them
 *   age_reader, age_writer   a whole file, a piece at a time
 */
#ifndef FENGQIAO_CRYPTO_AGE_H
#define FENGQIAO_CRYPTO_AGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define AGE_FILE_KEY_SIZE 16
#define AGE_NONCE_SIZE 16
#define AGE_CHUNK_SIZE 65536 /* of plaintext; all but the last are full */
#define AGE_TAG_SIZE 16

/* What is to be said of a file, or of its part that was read. */
enum age_verdict {
    AGE_MORE,        /* it is not at its end */
    AGE_WHOLE,       /* it was, and all of it holds */
    AGE_BAD_ARMOR,   /* it is no text of that form */
    AGE_BAD_HEADER,  /* a line of the header, or the nonce behind it, is not as it must be
                      */
    AGE_NO_MATCH,    /* none of our keys opens it */
    AGE_BAD_MAC,     /* a key does, and the header is not what was written */
    AGE_BAD_PAYLOAD, /* a chunk was changed, is missing, or something follows the last */
    AGE_STOPPED,     /* by who takes the plaintext */
    AGE_NO_MEMORY,
};

/* Takes plaintext that was checked, or bytes of a file; false: no more of it. */
typedef bool age_sink(void *context, const uint8_t *bytes, size_t len);

/* What a reader tries: an X25519 secret key, or a passphrase. */
struct age_key {
    const uint8_t *secret;  /* of 32 bytes; NULL: a passphrase */
    const char *passphrase; /* passphrase_len bytes */
    size_t passphrase_len;
};

#endif
