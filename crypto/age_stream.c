#include "crypto/age_stream.h"

#include "crypto/hkdf.h"
#include "crypto/secret.h"

#include <sodium.h>

#define CHUNK_NONCE_SIZE crypto_aead_chacha20poly1305_ietf_NPUBBYTES

void age_stream_init(struct age_stream *stream,
                     const uint8_t file_key[static AGE_FILE_KEY_SIZE],
                     const uint8_t nonce[static AGE_NONCE_SIZE])
{
    hkdf(stream->key, file_key, AGE_FILE_KEY_SIZE, nonce, AGE_NONCE_SIZE, "payload");
    stream->number = 0;
}

/* The number in 11 bytes, the greatest first, then 1 where it is the last one. 2^64
 * chunks are more than there can be. */
static void nonce_of(uint8_t nonce[static CHUNK_NONCE_SIZE], uint64_t number,
                     bool is_last)
{
    for (int i = 0; i < (int)CHUNK_NONCE_SIZE - 1; i++) {
        int shift = 8 * ((int)CHUNK_NONCE_SIZE - 2 - i);
        nonce[i] = shift < 64 ? (uint8_t)(number >> shift) : 0;
    }
    nonce[CHUNK_NONCE_SIZE - 1] = is_last;
}

void age_stream_seal(struct age_stream *stream, uint8_t *out, const uint8_t *plain,
                     size_t len, bool is_last)
{
    uint8_t nonce[CHUNK_NONCE_SIZE];
    nonce_of(nonce, stream->number++, is_last);
    crypto_aead_chacha20poly1305_ietf_encrypt(out, NULL, plain, len, NULL, 0, NULL, nonce,
                                              stream->key); /* always 0 */
}

bool age_stream_open(struct age_stream *stream, uint8_t *out, const uint8_t *sealed,
                     size_t len, bool is_last)
{
    uint8_t nonce[CHUNK_NONCE_SIZE];
    if (len < AGE_TAG_SIZE || len > AGE_CHUNK_SIZE + AGE_TAG_SIZE)
        return false;
    /* Only the payload of an empty file ends in an empty chunk. */
    if (len == AGE_TAG_SIZE && stream->number > 0)
        return false;
    nonce_of(nonce, stream->number, is_last);
    if (crypto_aead_chacha20poly1305_ietf_decrypt(out, NULL, NULL, sealed, len, NULL, 0,
                                                  nonce, stream->key) != 0)
        return false;
    stream->number++;
    return true;
}

void age_stream_wipe(struct age_stream *stream)
{
    secret_wipe(stream, sizeof(*stream));
}
