#include "crypto/sign.h"

#include <assert.h>
#include <string.h>

#include <sodium.h>

/*
 * What is asked of bytes is asked here, before the library sees them, so that the verdict
 * does not hang on which of these checks a version of libsodium makes for itself.
 */

/* L = 2^252 + 27742317777372353535851937790883648493, little-endian (RFC 8032 §5.1). */
static const uint8_t group_order[32] = {0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58,
                                        0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14,
                                        0,    0,    0,    0,    0,    0,    0,    0,
                                        0,    0,    0,    0,    0,    0,    0,    0x10};

/* p = 2^255 - 19, little-endian. */
static const uint8_t field_prime[32] = {0xed, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
                                        0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
                                        0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
                                        0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f};

/* The y of the eight points whose order divides 8: of order 4, 1, 2, and twice 8. Each is
 * the y of two points, or of one point with x = 0, whose second encoding (sign bit set)
 * is not canonical and is refused along with it. */
static const uint8_t small_order_y[5][32] = {
    {0},
    {1},
    {0xec, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
     0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
     0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f},
    {0x26, 0xe8, 0x95, 0x8f, 0xc2, 0xb2, 0x27, 0xb0, 0x45, 0xc3, 0xf4,
     0x89, 0xf2, 0xef, 0x98, 0xf0, 0xd5, 0xdf, 0xac, 0x05, 0xd3, 0xc6,
     0x33, 0x39, 0xb1, 0x38, 0x02, 0x88, 0x6d, 0x53, 0xfc, 0x05},
    {0xc7, 0x17, 0x6a, 0x70, 0x3d, 0x4d, 0xd8, 0x4f, 0xba, 0x3c, 0x0b,
     0x76, 0x0d, 0x10, 0x67, 0x0f, 0x2a, 0x20, 0x53, 0xfa, 0x2c, 0x39,
     0xcc, 0xc6, 0x4e, 0xc7, 0xfd, 0x77, 0x92, 0xac, 0x03, 0x7a}};

/* a < b, both little-endian. Nothing here is secret, so it may stop early. */
static bool is_below(const uint8_t a[static 32], const uint8_t b[static 32])
{
    for (int i = 31; i >= 0; i--)
        if (a[i] != b[i])
            return a[i] < b[i];
    return false;
}

/* Canonical, and not of small order. Whether y is on the curve is not asked here: the
 * library decodes A, and R is compared with bytes that the library encoded. */
static bool point_may_pass(const uint8_t encoded[static 32])
{
    uint8_t y[32];
    memcpy(y, encoded, sizeof(y));
    y[31] &= 0x7f;
    if (!is_below(y, field_prime))
        return false;
    for (size_t i = 0; i < sizeof(small_order_y) / sizeof(small_order_y[0]); i++)
        if (memcmp(y, small_order_y[i], sizeof(y)) == 0)
            return false;
    return true;
}

static_assert(sizeof(struct sign_pair) == crypto_sign_SECRETKEYBYTES,
              "a pair is what the library calls a secret key");

void sign_pair_init(struct sign_pair *pair, const uint8_t seed[static KEY_SEED_SIZE])
{
    uint8_t public_key[KEY_SIZE];
    crypto_sign_seed_keypair(public_key, pair->seed_and_key, seed);
}

const uint8_t *sign_pair_key(const struct sign_pair *pair)
{
    return pair->seed_and_key + KEY_SEED_SIZE;
}

void sign_pair_sign(const struct sign_pair *pair, uint8_t signature[static SIGN_SIZE],
                    const void *message, size_t len)
{
    int rc = crypto_sign_detached(signature, NULL, message, len, pair->seed_and_key);
    assert(rc == 0);
    (void)rc;
}

void sign_message(uint8_t signature[static SIGN_SIZE],
                  const uint8_t seed[static KEY_SEED_SIZE], const void *message,
                  size_t len)
{
    struct sign_pair pair;
    sign_pair_init(&pair, seed);
    sign_pair_sign(&pair, signature, message, len);
    sodium_memzero(&pair, sizeof(pair));
}

bool sign_verify(const uint8_t signature[static SIGN_SIZE],
                 const uint8_t public_key[static KEY_SIZE], const void *message,
                 size_t len)
{
    return sign_key_is_sound(public_key) &&
           sign_verify_known(signature, public_key, message, len);
}

bool sign_verify_known(const uint8_t signature[static SIGN_SIZE],
                       const uint8_t public_key[static KEY_SIZE], const void *message,
                       size_t len)
{
    if (!is_below(signature + 32, group_order))
        return false;
    if (!point_may_pass(signature) || !point_may_pass(public_key))
        return false;
    return crypto_sign_verify_detached(signature, message, len, public_key) == 0;
}

bool sign_key_is_sound(const uint8_t public_key[static KEY_SIZE])
{
    return point_may_pass(public_key) &&
           crypto_core_ed25519_is_valid_point(public_key) == 1;
}
