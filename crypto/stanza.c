#include "crypto/stanza.h"

#include <assert.h>
#include <string.h>

#include "crypto/base64.h"
#include "crypto/hkdf.h"

#include <sodium.h>

#define HEAD "-> " STANZA_TYPE " "
#define HEAD_LEN (sizeof(HEAD) - 1)
#define SHARE_AT HEAD_LEN
#define WRAPPED_AT (SHARE_AT + STANZA_TEXT_SIZE + 1)
#define WRAPPED_SIZE (STANZA_FILE_KEY_SIZE + crypto_aead_chacha20poly1305_ietf_ABYTES)

static_assert(WRAPPED_SIZE == 32, "both lines end in as many characters");

/* Used for one message each, so that the nonce may stand still. */
static const uint8_t nonce[crypto_aead_chacha20poly1305_ietf_NPUBBYTES];

void stanza_encode(char text[static STANZA_TEXT_SIZE], const uint8_t bytes[static 32])
{
    char terminated[BASE64_SIZE(32)];
    (void)base64_encode(terminated, bytes, 32, BASE64_BARE);
    memcpy(text, terminated, STANZA_TEXT_SIZE);
}

bool stanza_decode(uint8_t bytes[static 32], const char text[static STANZA_TEXT_SIZE])
{
    size_t len; /* so many letters are 32 bytes */
    return base64_decode(bytes, 32, &len, text, STANZA_TEXT_SIZE, BASE64_BARE);
}

/* What both sides agree on; false: there is nothing to agree on. */
static bool wrap_key(uint8_t key[static HKDF_SIZE], const uint8_t *secret_key,
                     const uint8_t *other, const uint8_t *share, const uint8_t *recipient)
{
    uint8_t shared[KEY_SIZE], salt[2 * KEY_SIZE];
    if (!key_dh(shared, secret_key, other))
        return false;
    memcpy(salt, share, KEY_SIZE);
    memcpy(salt + KEY_SIZE, recipient, KEY_SIZE);
    hkdf(key, shared, sizeof(shared), salt, sizeof(salt), "age-encryption.org/v1/X25519");
    sodium_memzero(shared, sizeof(shared));
    return true;
}

bool stanza_wrap(char out[static STANZA_SIZE],
                 const uint8_t file_key[static STANZA_FILE_KEY_SIZE],
                 const uint8_t recipient[static KEY_SIZE],
                 const uint8_t ephemeral[static KEY_SIZE])
{
    uint8_t share[KEY_SIZE], key[HKDF_SIZE], wrapped[WRAPPED_SIZE];
    key_dh_public(share, ephemeral);
    if (!wrap_key(key, ephemeral, recipient, share, recipient))
        return false;
    crypto_aead_chacha20poly1305_ietf_encrypt(wrapped, NULL, file_key,
                                              STANZA_FILE_KEY_SIZE, NULL, 0, NULL, nonce,
                                              key); /* always 0 */
    memcpy(out, HEAD, HEAD_LEN);
    stanza_encode(out + SHARE_AT, share);
    out[WRAPPED_AT - 1] = '\n';
    stanza_encode(out + WRAPPED_AT, wrapped);
    out[STANZA_SIZE - 1] = '\n';
    sodium_memzero(key, sizeof(key));
    return true;
}

enum stanza_result stanza_unwrap(uint8_t file_key[static STANZA_FILE_KEY_SIZE],
                                 const char stanza[static STANZA_SIZE],
                                 const uint8_t secret_key[static KEY_SIZE])
{
    uint8_t share[KEY_SIZE], recipient[KEY_SIZE], wrapped[WRAPPED_SIZE], key[HKDF_SIZE];
    if (memcmp(stanza, HEAD, HEAD_LEN) != 0 || stanza[WRAPPED_AT - 1] != '\n' ||
        stanza[STANZA_SIZE - 1] != '\n' || !stanza_decode(share, stanza + SHARE_AT) ||
        !stanza_decode(wrapped, stanza + WRAPPED_AT))
        return STANZA_BROKEN;
    key_dh_public(recipient, secret_key);
    if (!wrap_key(key, secret_key, share, share, recipient))
        return STANZA_BROKEN;
    int rc = crypto_aead_chacha20poly1305_ietf_decrypt(
        file_key, NULL, NULL, wrapped, sizeof(wrapped), NULL, 0, nonce, key);
    sodium_memzero(key, sizeof(key));
    return rc == 0 ? STANZA_OPENED : STANZA_OF_ANOTHER;
}
