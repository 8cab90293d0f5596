/*
 * key: Ed25519 and X25519 keys and their text form. An Ed25519 key signs; an X25519 key
 * is a node's static key and is used for Noise alone.
 */
#ifndef FENGQIAO_CRYPTO_KEY_H
#define FENGQIAO_CRYPTO_KEY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define KEY_SIZE 32
#define KEY_SEED_SIZE 32
/* "fqk1" + 56 characters + NUL. */
#define KEY_TEXT_SIZE 61

/* Ed25519 public key of a 32-byte seed. */
void key_sign_public(uint8_t public_key[static KEY_SIZE],
                     const uint8_t seed[static KEY_SEED_SIZE]);
/* X25519 public key of a 32-byte secret key. */
void key_dh_public(uint8_t public_key[static KEY_SIZE],
                   const uint8_t secret_key[static KEY_SIZE]);
/* X25519. False where the result is all zero (small-order points). */
bool key_dh(uint8_t shared[static KEY_SIZE], const uint8_t secret_key[static KEY_SIZE],
            const uint8_t public_key[static KEY_SIZE]);

/*
 * The X25519 keys that belong to an Ed25519 key (the birational map of RFC 7748 §4.1), by
 * which whoever knows a person's signing key can seal something for that person. Only the
 * seed opens it.
 */
/* False: not a key that may sign. */
bool key_dh_of_sign_key(uint8_t dh_key[static KEY_SIZE],
                        const uint8_t sign_key[static KEY_SIZE]);
void key_dh_of_sign_seed(uint8_t dh_secret[static KEY_SIZE],
                         const uint8_t seed[static KEY_SEED_SIZE]);

/*
 * Text form: four characters of prefix (words such as "fqk1" for a key, "fqs1" for a site
 * id), then RFC 4648 base32 in lower case without padding of the 32 bytes and the first
 * three bytes of BLAKE2b-256("fengqiao/1/text" ‖ 0 ‖ prefix ‖ 32 bytes).
 */
void key_to_text(char text[static KEY_TEXT_SIZE], const char prefix[static 4],
                 const uint8_t key[static KEY_SIZE]);
/* Accepts the text form (upper or lower case) or 64 hexadecimal digits. False: neither,
 * or the check does not hold. */
bool key_from_text(uint8_t key[static KEY_SIZE], const char prefix[static 4],
                   const char *text);

#endif
