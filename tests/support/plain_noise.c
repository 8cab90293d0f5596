#include "tests/support/plain_noise.h"

#include <string.h>

#include "crypto/digest.h"
#include "crypto/key.h"
#include "crypto/noise.h"

void __real_key_dh_public(uint8_t public_key[static KEY_SIZE],
                          const uint8_t secret_key[static KEY_SIZE]);
bool __real_key_dh(uint8_t shared[static KEY_SIZE],
                   const uint8_t secret_key[static KEY_SIZE],
                   const uint8_t public_key[static KEY_SIZE]);
bool __real_noise_seal(struct noise_cipher *cipher, const uint8_t *plain, size_t len,
                       uint8_t *out);
bool __real_noise_open(struct noise_cipher *cipher, const uint8_t *sealed, size_t len,
                       uint8_t *out);
void __wrap_key_dh_public(uint8_t public_key[static KEY_SIZE],
                          const uint8_t secret_key[static KEY_SIZE]);
bool __wrap_key_dh(uint8_t shared[static KEY_SIZE],
                   const uint8_t secret_key[static KEY_SIZE],
                   const uint8_t public_key[static KEY_SIZE]);
bool __wrap_noise_seal(struct noise_cipher *cipher, const uint8_t *plain, size_t len,
                       uint8_t *out);
bool __wrap_noise_open(struct noise_cipher *cipher, const uint8_t *sealed, size_t len,
                       uint8_t *out);

static bool is_plain = true;

void plain_noise_use(bool plain)
{
    is_plain = plain;
}

void __wrap_key_dh_public(uint8_t public_key[static KEY_SIZE],
                          const uint8_t secret_key[static KEY_SIZE])
{
    if (is_plain)
        digest_of(public_key, "fengqiao/test/dh-key", secret_key, KEY_SIZE);
    else
        __real_key_dh_public(public_key, secret_key);
}

/* Both sides hash the same two public keys, the lower one first. */
bool __wrap_key_dh(uint8_t shared[static KEY_SIZE],
                   const uint8_t secret_key[static KEY_SIZE],
                   const uint8_t public_key[static KEY_SIZE])
{
    if (!is_plain)
        return __real_key_dh(shared, secret_key, public_key);
    uint8_t own[KEY_SIZE];
    __wrap_key_dh_public(own, secret_key);
    bool is_lower = memcmp(own, public_key, KEY_SIZE) < 0;
    struct digest digest;
    digest_init(&digest, "fengqiao/test/dh");
    digest_add(&digest, is_lower ? own : public_key, KEY_SIZE);
    digest_add(&digest, is_lower ? public_key : own, KEY_SIZE);
    digest_final(&digest, shared);
    return true;
}

static void tag_of(const struct noise_cipher *cipher, uint8_t tag[static NOISE_TAG_SIZE])
{
    memcpy(tag, cipher->key, NOISE_TAG_SIZE);
    for (size_t i = 0; i < sizeof(cipher->nonce); i++)
        tag[i] ^= (uint8_t)(cipher->nonce >> 8 * i);
}

bool __wrap_noise_seal(struct noise_cipher *cipher, const uint8_t *plain, size_t len,
                       uint8_t *out)
{
    if (!is_plain)
        return __real_noise_seal(cipher, plain, len, out);
    memmove(out, plain, len);
    tag_of(cipher, out + len);
    cipher->nonce++;
    return true;
}

bool __wrap_noise_open(struct noise_cipher *cipher, const uint8_t *sealed, size_t len,
                       uint8_t *out)
{
    if (!is_plain)
        return __real_noise_open(cipher, sealed, len, out);
    uint8_t tag[NOISE_TAG_SIZE];
    tag_of(cipher, tag);
    if (len < NOISE_TAG_SIZE ||
        memcmp(tag, sealed + len - NOISE_TAG_SIZE, NOISE_TAG_SIZE) != 0)
        return false;
    memmove(out, sealed, len - NOISE_TAG_SIZE);
    cipher->nonce++;
    return true;
}
