/*
 * age_stream: the payload of an age file: ChaCha20-Poly1305 in chunks of 64 KiB (STREAM).
 * The nonce is the number of the chunk, and whether it is the last one, so that chunks
 * can be neither swapped nor cut off without notice.
 */
#ifndef FENGQIAO_CRYPTO_AGE_STREAM_H
#define FENGQIAO_CRYPTO_AGE_STREAM_H

#include "crypto/age.h"

struct age_stream {
    uint8_t key[32];
    uint64_t number; /* of the next chunk */
};

/* nonce: the 16 bytes that stand before the first chunk. */
void age_stream_init(struct age_stream *stream,
                     const uint8_t file_key[static AGE_FILE_KEY_SIZE],
                     const uint8_t nonce[static AGE_NONCE_SIZE]);
/* out has len + AGE_TAG_SIZE bytes; len at most AGE_CHUNK_SIZE, of all but the last just
 * that. out and plain may be the same. */
void age_stream_seal(struct age_stream *stream, uint8_t *out, const uint8_t *plain,
                     size_t len, bool is_last);
/* len counts the tag; out has len - AGE_TAG_SIZE bytes, and may be sealed. False: not
 * what was sealed there, and nothing of it is in out. */
bool age_stream_open(struct age_stream *stream, uint8_t *out, const uint8_t *sealed,
                     size_t len, bool is_last);
void age_stream_wipe(struct age_stream *stream);

#endif
