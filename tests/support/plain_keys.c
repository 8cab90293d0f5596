#include "tests/support/plain_keys.h"

#include <string.h>

#include "crypto/digest.h"
#include "crypto/sign.h"
#include "crypto/wrap.h"

void __real_key_sign_public(uint8_t public_key[static KEY_SIZE],
                            const uint8_t seed[static KEY_SEED_SIZE]);
void __real_sign_pair_init(struct sign_pair *pair,
                           const uint8_t seed[static KEY_SEED_SIZE]);
void __real_sign_pair_sign(const struct sign_pair *pair,
                           uint8_t signature[static SIGN_SIZE], const void *message,
                           size_t len);
bool __real_sign_verify(const uint8_t signature[static SIGN_SIZE],
                        const uint8_t public_key[static KEY_SIZE], const void *message,
                        size_t len);
bool __real_sign_verify_known(const uint8_t signature[static SIGN_SIZE],
                              const uint8_t public_key[static KEY_SIZE],
                              const void *message, size_t len);
bool __real_key_dh_of_sign_key(uint8_t dh_key[static KEY_SIZE],
                               const uint8_t sign_key[static KEY_SIZE]);
void __real_key_dh_of_sign_seed(uint8_t dh_secret[static KEY_SIZE],
                                const uint8_t seed[static KEY_SEED_SIZE]);
bool __wrap_key_dh_of_sign_key(uint8_t dh_key[static KEY_SIZE],
                               const uint8_t sign_key[static KEY_SIZE]);
void __wrap_key_dh_of_sign_seed(uint8_t dh_secret[static KEY_SIZE],
                                const uint8_t seed[static KEY_SEED_SIZE]);
bool __real_sign_key_is_sound(const uint8_t public_key[static KEY_SIZE]);
void __wrap_key_sign_public(uint8_t public_key[static KEY_SIZE],
                            const uint8_t seed[static KEY_SEED_SIZE]);
void __wrap_sign_pair_init(struct sign_pair *pair,
                           const uint8_t seed[static KEY_SEED_SIZE]);
void __wrap_sign_pair_sign(const struct sign_pair *pair,
                           uint8_t signature[static SIGN_SIZE], const void *message,
                           size_t len);
bool __wrap_sign_verify(const uint8_t signature[static SIGN_SIZE],
                        const uint8_t public_key[static KEY_SIZE], const void *message,
                        size_t len);
bool __wrap_sign_verify_known(const uint8_t signature[static SIGN_SIZE],
                              const uint8_t public_key[static KEY_SIZE],
                              const void *message, size_t len);
bool __wrap_sign_key_is_sound(const uint8_t public_key[static KEY_SIZE]);
enum wrap_result __wrap_wrap_seal(uint8_t out[static WRAP_SIZE],
                                  const uint8_t seed[static KEY_SEED_SIZE],
                                  const char *pin, size_t pin_len,
                                  const uint8_t random[static 40]);
enum wrap_result __wrap_wrap_open(uint8_t seed[static KEY_SEED_SIZE],
                                  const uint8_t wrapped[static WRAP_SIZE],
                                  const char *pin, size_t pin_len);
bool __wrap_wrap_stretch(uint8_t psk[static 32], const char *code, size_t len);

#define UNSOUND 0xff /* a key that begins so is not sound */
#define SEALED_AT (WRAP_SIZE - 48)

static bool is_plain = true, lacks_memory;

void plain_keys_use(bool plain)
{
    is_plain = plain;
}

void plain_keys_lack_memory(bool lacks)
{
    lacks_memory = lacks;
}

static void sign_plainly(uint8_t signature[static SIGN_SIZE], const uint8_t *key,
                         const void *message, size_t len)
{
    struct digest digest;
    digest_init(&digest, "fengqiao/test/signature");
    digest_add(&digest, key, KEY_SIZE);
    digest_add(&digest, message, len);
    digest_final(&digest, signature);
    for (int i = 0; i < 32; i++) /* nothing that stands elsewhere: it may be looked for */
        signature[32 + i] = (uint8_t)~signature[i];
}

void __wrap_key_sign_public(uint8_t public_key[static KEY_SIZE],
                            const uint8_t seed[static KEY_SEED_SIZE])
{
    if (!is_plain) {
        __real_key_sign_public(public_key, seed);
        return;
    }
    digest_of(public_key, "fengqiao/test/sign-key", seed, KEY_SEED_SIZE);
    if (public_key[0] == UNSOUND)
        public_key[0] = 0;
}

void __wrap_sign_pair_init(struct sign_pair *pair,
                           const uint8_t seed[static KEY_SEED_SIZE])
{
    if (!is_plain) {
        __real_sign_pair_init(pair, seed);
        return;
    }
    memcpy(pair->seed_and_key, seed, KEY_SEED_SIZE);
    __wrap_key_sign_public(pair->seed_and_key + KEY_SEED_SIZE, seed);
}

void __wrap_sign_pair_sign(const struct sign_pair *pair,
                           uint8_t signature[static SIGN_SIZE], const void *message,
                           size_t len)
{
    if (!is_plain) {
        __real_sign_pair_sign(pair, signature, message, len);
        return;
    }
    sign_plainly(signature, pair->seed_and_key + KEY_SEED_SIZE, message, len);
}

bool __wrap_sign_verify_known(const uint8_t signature[static SIGN_SIZE],
                              const uint8_t public_key[static KEY_SIZE],
                              const void *message, size_t len)
{
    if (!is_plain)
        return __real_sign_verify_known(signature, public_key, message, len);
    uint8_t expected[SIGN_SIZE];
    sign_plainly(expected, public_key, message, len);
    return memcmp(expected, signature, SIGN_SIZE) == 0;
}

bool __wrap_sign_key_is_sound(const uint8_t public_key[static KEY_SIZE])
{
    if (!is_plain)
        return __real_sign_key_is_sound(public_key);
    return public_key[0] != UNSOUND;
}

/* Its own call of the one above is none that the linker sees. */
bool __wrap_sign_verify(const uint8_t signature[static SIGN_SIZE],
                        const uint8_t public_key[static KEY_SIZE], const void *message,
                        size_t len)
{
    if (!is_plain)
        return __real_sign_verify(signature, public_key, message, len);
    return __wrap_sign_key_is_sound(public_key) &&
           __wrap_sign_verify_known(signature, public_key, message, len);
}

/* The plain signing key serves as the secret. */
bool __wrap_key_dh_of_sign_key(uint8_t dh_key[static KEY_SIZE],
                               const uint8_t sign_key[static KEY_SIZE])
{
    if (!is_plain)
        return __real_key_dh_of_sign_key(dh_key, sign_key);
    key_dh_public(dh_key, sign_key);
    return true;
}

void __wrap_key_dh_of_sign_seed(uint8_t dh_secret[static KEY_SIZE],
                                const uint8_t seed[static KEY_SEED_SIZE])
{
    if (is_plain)
        __wrap_key_sign_public(dh_secret, seed);
    else
        __real_key_dh_of_sign_seed(dh_secret, seed);
}

static void mask_of(uint8_t mask[static 32], const char *pin, size_t pin_len)
{
    digest_of(mask, "fengqiao/test/pin", pin, pin_len);
}

enum wrap_result __wrap_wrap_seal(uint8_t out[static WRAP_SIZE],
                                  const uint8_t seed[static KEY_SEED_SIZE],
                                  const char *pin, size_t pin_len,
                                  const uint8_t random[static 40])
{
    static const uint8_t head[8] = "FQKEY\0\1";
    uint8_t mask[32];
    mask_of(mask, pin, pin_len);
    memset(out, 0, WRAP_SIZE);
    memcpy(out, head, sizeof(head));
    __wrap_key_sign_public(out + 8, seed);
    out[43] = WRAP_PASSES;
    out[45] = (uint8_t)(WRAP_MEMORY_BYTES / 1024 >> 16);
    memcpy(out + 48, random, 40);
    for (int i = 0; i < 32; i++)
        out[SEALED_AT + i] = seed[i] ^ mask[i];
    return lacks_memory ? WRAP_NO_MEMORY : WRAP_OK;
}

enum wrap_result __wrap_wrap_open(uint8_t seed[static KEY_SEED_SIZE],
                                  const uint8_t wrapped[static WRAP_SIZE],
                                  const char *pin, size_t pin_len)
{
    uint8_t mask[32], key[KEY_SIZE];
    if (wrap_public_key(wrapped, WRAP_SIZE) == NULL)
        return WRAP_DAMAGED;
    mask_of(mask, pin, pin_len);
    for (int i = 0; i < 32; i++)
        seed[i] = wrapped[SEALED_AT + i] ^ mask[i];
    __wrap_key_sign_public(key, seed);
    return memcmp(key, wrapped + 8, KEY_SIZE) == 0 ? WRAP_OK : WRAP_WRONG_PIN;
}

bool __wrap_wrap_stretch(uint8_t psk[static 32], const char *code, size_t len)
{
    digest_of(psk, "fengqiao/test/code", code, len);
    return !lacks_memory;
}
