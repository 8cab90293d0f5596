/*
 * age_text: X25519 keys as age prints them, in Bech32 (BIP 173): a recipient
 * "age1…", an identity (the secret key) "AGE-SECRET-KEY-1…".
 */
#ifndef FENGQIAO_CRYPTO_AGE_TEXT_H
#define FENGQIAO_CRYPTO_AGE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "crypto/key.h"

#define AGE_RECIPIENT_SIZE 63 /* with its NUL */
#define AGE_IDENTITY_SIZE 75
#define AGE_IDENTITY_BEGIN "AGE-SECRET-KEY-1"

void age_recipient_text(char text[static AGE_RECIPIENT_SIZE],
                        const uint8_t key[static KEY_SIZE]);
void age_identity_text(char text[static AGE_IDENTITY_SIZE],
                       const uint8_t secret_key[static KEY_SIZE]);
/* False: no such key. Either case, but not both in one. */
bool age_recipient_read(uint8_t key[static KEY_SIZE], const char *text);
bool age_identity_read(uint8_t secret_key[static KEY_SIZE], const char *text);

#endif
