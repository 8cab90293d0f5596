#include "crypto/envelope.h"

#include <assert.h>
#include <string.h>

#include "crypto/age_header.h"
#include "crypto/hkdf.h"
#include "crypto/secret.h"

#include <sodium.h>

#define HEAD AGE_INTRO
#define HEAD_LEN (sizeof(HEAD) - 1)
#define FOOT AGE_FOOT
#define FOOT_LEN (sizeof(FOOT) - 1)
#define NONCE_SIZE AGE_NONCE_SIZE
#define TAG_SIZE crypto_aead_chacha20poly1305_ietf_ABYTES

/* Chunk 0, which is the last one. */
static const uint8_t chunk_nonce[crypto_aead_chacha20poly1305_ietf_NPUBBYTES] = {
    [crypto_aead_chacha20poly1305_ietf_NPUBBYTES - 1] = 1};

bool envelope_seal(uint8_t *out, const uint8_t (*recipients)[KEY_SIZE],
                   size_t recipients_len, const void *text, size_t len,
                   const struct rng *rng, const uint8_t *scope)
{
    assert(recipients_len > 0);
    assert(recipients_len <= ENVELOPE_RECIPIENTS_MAX);
    assert(len <= ENVELOPE_TEXT_MAX);
    uint8_t file_key[STANZA_FILE_KEY_SIZE], ephemeral[KEY_SIZE], key[HKDF_SIZE];
    uint8_t *at = out + HEAD_LEN;
    bool is_wrapped = true;
    memcpy(out, HEAD, HEAD_LEN);
    rng_fill(rng, "envelope", scope, file_key, sizeof(file_key));
    for (size_t i = 0; i < recipients_len && is_wrapped; i++, at += STANZA_SIZE) {
        rng_fill(rng, "envelope", scope, ephemeral, sizeof(ephemeral));
        is_wrapped = stanza_wrap((char *)at, file_key, recipients[i], ephemeral);
    }
    if (is_wrapped) {
        memcpy(at, FOOT " ", FOOT_LEN + 1);
        age_header_mac(key, file_key, out, (size_t)(at - out) + FOOT_LEN);
        at += FOOT_LEN + 1;
        stanza_encode((char *)at, key);
        at[STANZA_TEXT_SIZE] = '\n';
        at += STANZA_TEXT_SIZE + 1;
        rng_fill(rng, "envelope", scope, at, NONCE_SIZE);
        hkdf(key, file_key, sizeof(file_key), at, NONCE_SIZE, "payload");
        crypto_aead_chacha20poly1305_ietf_encrypt(at + NONCE_SIZE, NULL, text, len, NULL,
                                                  0, NULL, chunk_nonce,
                                                  key); /* always 0 */
    }
    secret_wipe(file_key, sizeof(file_key));
    secret_wipe(ephemeral, sizeof(ephemeral));
    secret_wipe(key, sizeof(key));
    return is_wrapped;
}

/* The file key, from the first of so many stanzas that is for this key. */
static bool find_file_key(uint8_t *file_key, const uint8_t *stanzas, size_t stanzas_len,
                          const uint8_t *secret_key)
{
    for (size_t i = 0; i < stanzas_len; i++)
        if (stanza_unwrap(file_key, (const char *)stanzas + i * STANZA_SIZE,
                          secret_key) == STANZA_OPENED)
            return true;
    return false;
}

static bool header_holds(const uint8_t *file_key, const uint8_t *header,
                         size_t header_len, const uint8_t *foot)
{
    uint8_t mac[HKDF_SIZE], said[HKDF_SIZE];
    age_header_mac(mac, file_key, header, header_len + FOOT_LEN);
    return memcmp(foot, FOOT " ", FOOT_LEN + 1) == 0 &&
           stanza_decode(said, (const char *)foot + FOOT_LEN + 1) &&
           foot[FOOT_LEN + 1 + STANZA_TEXT_SIZE] == '\n' &&
           secret_equal(mac, said, sizeof(mac));
}

bool envelope_open(uint8_t *text, size_t *len, const uint8_t *envelope,
                   size_t envelope_len, const uint8_t secret_key[static KEY_SIZE])
{
    uint8_t file_key[STANZA_FILE_KEY_SIZE], key[HKDF_SIZE];
    size_t stanzas_len = 0, at = HEAD_LEN;
    if (envelope_len < ENVELOPE_OVERHEAD || memcmp(envelope, HEAD, HEAD_LEN) != 0)
        return false;
    while (stanzas_len <= ENVELOPE_RECIPIENTS_MAX &&
           envelope_len >= ENVELOPE_SIZE(stanzas_len + 1, 0) && envelope[at] == '-' &&
           envelope[at + 1] == '>') {
        stanzas_len++;
        at += STANZA_SIZE;
    }
    *len = envelope_len - ENVELOPE_SIZE(stanzas_len, 0);
    if (stanzas_len > ENVELOPE_RECIPIENTS_MAX || *len > ENVELOPE_TEXT_MAX)
        return false;
    if (!find_file_key(file_key, envelope + HEAD_LEN, stanzas_len, secret_key))
        return false;
    bool is_whole = header_holds(file_key, envelope, at, envelope + at);
    if (is_whole) {
        at += FOOT_LEN + 1 + STANZA_TEXT_SIZE + 1;
        hkdf(key, file_key, sizeof(file_key), envelope + at, NONCE_SIZE, "payload");
        at += NONCE_SIZE;
        is_whole = crypto_aead_chacha20poly1305_ietf_decrypt(
                       text, NULL, NULL, envelope + at, *len + TAG_SIZE, NULL, 0,
                       chunk_nonce, key) == 0;
        secret_wipe(key, sizeof(key));
    }
    secret_wipe(file_key, sizeof(file_key));
    return is_whole;
}
