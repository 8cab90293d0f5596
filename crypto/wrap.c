#include "crypto/wrap.h"

#include <string.h>

#include "crypto/secret.h"

#include <sodium.h>

/* Where each part of a wrapped key begins; crypto/wrap.h has the layout. */
#define MAGIC_LEN 8
#define PUBLIC_AT MAGIC_LEN
#define PASSES_AT (PUBLIC_AT + KEY_SIZE)
#define KIB_AT (PASSES_AT + 4)
#define SALT_AT (KIB_AT + 4)
#define NONCE_AT (SALT_AT + 16)
#define SEALED_AT (NONCE_AT + 24)

#define KIB_MIN (crypto_pwhash_argon2id_MEMLIMIT_MIN / 1024)

_Static_assert(SEALED_AT + KEY_SEED_SIZE + crypto_aead_xchacha20poly1305_ietf_ABYTES ==
                   WRAP_SIZE,
               "the parts fill the wrapped key");
_Static_assert(crypto_pwhash_argon2id_SALTBYTES == NONCE_AT - SALT_AT,
               "size of the salt");
_Static_assert(crypto_aead_xchacha20poly1305_ietf_NPUBBYTES == SEALED_AT - NONCE_AT,
               "size of the nonce");

static const uint8_t magic[MAGIC_LEN] = {'F', 'Q', 'K', 'E', 'Y', 0, 1, 0};

static void put_u32(uint8_t out[static 4], uint32_t value)
{
    for (int i = 0; i < 4; i++)
        out[i] = (uint8_t)(value >> (24 - 8 * i));
}

static uint32_t get_u32(const uint8_t in[static 4])
{
    return (uint32_t)in[0] << 24 | (uint32_t)in[1] << 16 | (uint32_t)in[2] << 8 | in[3];
}

/* False: out of memory, the one way in which Argon2id fails once the costs are checked.
 */
static bool stretch(uint8_t key[static 32], const char *pin, size_t pin_len,
                    const uint8_t salt[static 16], uint32_t passes, uint32_t kib)
{
    return crypto_pwhash(key, 32, pin, pin_len, salt, passes, (size_t)kib * 1024,
                         crypto_pwhash_ALG_ARGON2ID13) == 0;
}

enum wrap_result wrap_seal(uint8_t out[static WRAP_SIZE],
                           const uint8_t seed[static KEY_SEED_SIZE], const char *pin,
                           size_t pin_len, const uint8_t random[static 40])
{
    if (pin_len > WRAP_PIN_MAX)
        return WRAP_WRONG_PIN;
    memcpy(out, magic, MAGIC_LEN);
    key_sign_public(out + PUBLIC_AT, seed);
    put_u32(out + PASSES_AT, WRAP_PASSES);
    put_u32(out + KIB_AT, WRAP_MEMORY_BYTES / 1024);
    memcpy(out + SALT_AT, random, SEALED_AT - SALT_AT);

    uint8_t key[32];
    if (!stretch(key, pin, pin_len, out + SALT_AT, WRAP_PASSES, WRAP_MEMORY_BYTES / 1024))
        return WRAP_NO_MEMORY;
    crypto_aead_xchacha20poly1305_ietf_encrypt(out + SEALED_AT, NULL, seed, KEY_SEED_SIZE,
                                               out, SEALED_AT, NULL, out + NONCE_AT, key);
    secret_wipe(key, sizeof(key));
    return WRAP_OK;
}

enum wrap_result wrap_open(uint8_t seed[static KEY_SEED_SIZE],
                           const uint8_t wrapped[static WRAP_SIZE], const char *pin,
                           size_t pin_len)
{
    if (wrap_public_key(wrapped, WRAP_SIZE) == NULL)
        return WRAP_DAMAGED;
    if (pin_len > WRAP_PIN_MAX)
        return WRAP_WRONG_PIN;

    uint8_t key[32], public_key[KEY_SIZE];
    if (!stretch(key, pin, pin_len, wrapped + SALT_AT, get_u32(wrapped + PASSES_AT),
                 get_u32(wrapped + KIB_AT)))
        return WRAP_NO_MEMORY;
    int rc = crypto_aead_xchacha20poly1305_ietf_decrypt(
        seed, NULL, NULL, wrapped + SEALED_AT, WRAP_SIZE - SEALED_AT, wrapped, SEALED_AT,
        wrapped + NONCE_AT, key);
    secret_wipe(key, sizeof(key));
    if (rc != 0) {
        secret_wipe(seed, KEY_SEED_SIZE);
        return WRAP_WRONG_PIN;
    }
    key_sign_public(public_key, seed);
    if (memcmp(public_key, wrapped + PUBLIC_AT, KEY_SIZE) != 0) {
        secret_wipe(seed, KEY_SEED_SIZE);
        return WRAP_DAMAGED;
    }
    return WRAP_OK;
}

const uint8_t *wrap_public_key(const uint8_t *wrapped, size_t len)
{
    if (len != WRAP_SIZE || memcmp(wrapped, magic, MAGIC_LEN) != 0)
        return NULL;
    uint32_t passes = get_u32(wrapped + PASSES_AT), kib = get_u32(wrapped + KIB_AT);
    if (passes < 1 || passes > WRAP_PASSES)
        return NULL;
    if (kib < KIB_MIN || kib > WRAP_MEMORY_BYTES / 1024)
        return NULL;
    return wrapped + PUBLIC_AT;
}

bool wrap_stretch(uint8_t psk[static 32], const char *code, size_t len)
{
    static const uint8_t salt[] = "fengqiao pairing";
    _Static_assert(sizeof(salt) == 16 + 1, "size of the salt");
    return stretch(psk, code, len, salt, WRAP_PASSES, WRAP_MEMORY_BYTES / 1024);
}
