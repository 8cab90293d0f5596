#include "crypto/key.h"

#include <assert.h>
#include <string.h>

#include "crypto/digest.h"

#include <sodium.h>

#define PREFIX_LEN 4
#define CHECK_SIZE 3
/* 35 bytes are 56 groups of five bits, so that no padding and no spare bit arises. */
#define CODED_SIZE (KEY_SIZE + CHECK_SIZE)
#define CODED_CHARS 56
#define HEX_CHARS 64

void key_sign_public(uint8_t public_key[static KEY_SIZE],
                     const uint8_t seed[static KEY_SEED_SIZE])
{
    uint8_t expanded[crypto_sign_SECRETKEYBYTES];
    crypto_sign_seed_keypair(public_key, expanded, seed);
    sodium_memzero(expanded, sizeof(expanded));
}

void key_dh_public(uint8_t public_key[static KEY_SIZE],
                   const uint8_t secret_key[static KEY_SIZE])
{
    crypto_scalarmult_base(public_key, secret_key);
}

bool key_dh(uint8_t shared[static KEY_SIZE], const uint8_t secret_key[static KEY_SIZE],
            const uint8_t public_key[static KEY_SIZE])
{
    bool holds = crypto_scalarmult(shared, secret_key, public_key) == 0;
    /* The library refuses small-order points; the zero is looked for all the same, as the
     * contract must not hang on a version of it. */
    if (holds && !sodium_is_zero(shared, KEY_SIZE)) /* never: zero and no refusal */
        return true;
    sodium_memzero(shared, KEY_SIZE);
    return false;
}

bool key_dh_of_sign_key(uint8_t dh_key[static KEY_SIZE],
                        const uint8_t sign_key[static KEY_SIZE])
{
    return crypto_sign_ed25519_pk_to_curve25519(dh_key, sign_key) == 0;
}

void key_dh_of_sign_seed(uint8_t dh_secret[static KEY_SIZE],
                         const uint8_t seed[static KEY_SEED_SIZE])
{
    uint8_t public_key[KEY_SIZE], expanded[crypto_sign_SECRETKEYBYTES];
    crypto_sign_seed_keypair(public_key, expanded, seed);
    int rc = crypto_sign_ed25519_sk_to_curve25519(dh_secret, expanded);
    assert(rc == 0); /* it hashes, and cannot fail */
    (void)rc;
    sodium_memzero(expanded, sizeof(expanded));
}

static void text_check(uint8_t check[static CHECK_SIZE], const char prefix[static 4],
                       const uint8_t key[static KEY_SIZE])
{
    uint8_t hash[DIGEST_SIZE];
    struct digest digest;
    digest_init(&digest, "fengqiao/1/text");
    digest_add(&digest, prefix, PREFIX_LEN);
    digest_add(&digest, key, KEY_SIZE);
    digest_final(&digest, hash);
    memcpy(check, hash, CHECK_SIZE);
}

void key_to_text(char text[static KEY_TEXT_SIZE], const char prefix[static 4],
                 const uint8_t key[static KEY_SIZE])
{
    static const char alphabet[] = "abcdefghijklmnopqrstuvwxyz234567";
    uint8_t coded[CODED_SIZE];
    memcpy(coded, key, KEY_SIZE);
    text_check(coded + KEY_SIZE, prefix, key);

    memcpy(text, prefix, PREFIX_LEN);
    char *out = text + PREFIX_LEN;
    uint32_t bits = 0;
    int bits_len = 0;
    for (size_t i = 0; i < CODED_SIZE; i++) {
        bits = bits << 8 | coded[i];
        bits_len += 8;
        while (bits_len >= 5) {
            bits_len -= 5;
            *out++ = alphabet[bits >> bits_len & 31];
        }
    }
    *out = '\0';
}

/* 'A' to 'Z' in lower case, whatever the locale; others as they are. */
static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static int base32_value(char c)
{
    c = lower(c);
    if (c >= 'a' && c <= 'z')
        return c - 'a';
    if (c >= '2' && c <= '7')
        return c - '2' + 26;
    return -1;
}

static bool base32_decode(uint8_t coded[static CODED_SIZE], const char *text)
{
    uint32_t bits = 0;
    int bits_len = 0;
    size_t at = 0;
    for (size_t i = 0; i < CODED_CHARS; i++) {
        int value = base32_value(text[i]);
        if (value < 0)
            return false;
        bits = bits << 5 | (uint32_t)value;
        bits_len += 5;
        if (bits_len >= 8) {
            bits_len -= 8;
            coded[at++] = (uint8_t)(bits >> bits_len);
        }
    }
    return true;
}

static bool from_hex(uint8_t key[static KEY_SIZE], const char *text)
{
    uint8_t parsed[KEY_SIZE];
    size_t len = 0;
    if (sodium_hex2bin(parsed, sizeof(parsed), text, HEX_CHARS, NULL, &len, NULL) != 0)
        return false;
    assert(len == KEY_SIZE); /* all characters were read, or none */
    memcpy(key, parsed, KEY_SIZE);
    return true;
}

bool key_from_text(uint8_t key[static KEY_SIZE], const char prefix[static 4],
                   const char *text)
{
    size_t len = strnlen(text, HEX_CHARS + 1);
    if (len == HEX_CHARS)
        return from_hex(key, text);
    if (len != PREFIX_LEN + CODED_CHARS)
        return false;
    for (size_t i = 0; i < PREFIX_LEN; i++)
        if (lower(text[i]) != prefix[i])
            return false;

    uint8_t coded[CODED_SIZE], check[CHECK_SIZE];
    if (!base32_decode(coded, text + PREFIX_LEN))
        return false;
    text_check(check, prefix, coded);
    if (memcmp(check, coded + KEY_SIZE, CHECK_SIZE) != 0)
        return false;
    memcpy(key, coded, KEY_SIZE);
    return true;
}
