/*
 * envelope: a short text for a few recipients, as a file of the age format
 * (age-encryption .org/v1) with X25519 stanzas and one chunk: the stock `age` tool opens
 * it. How long the text is can be seen: whoever seals pads.
 *
 *   "age-encryption.org/v1\n" ‖ a stanza for each recipient ‖ "--- " ‖ MAC of all this,
 *   43 characters ‖ "\n" ‖ nonce (16) ‖ text and tag (16)
 */
#ifndef FENGQIAO_CRYPTO_ENVELOPE_H
#define FENGQIAO_CRYPTO_ENVELOPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "crypto/rng.h"
#include "crypto/stanza.h"

#define ENVELOPE_RECIPIENTS_MAX 16
#define ENVELOPE_TEXT_MAX 1024
#define ENVELOPE_OVERHEAD (22 + 4 + STANZA_TEXT_SIZE + 1 + 16 + 16)
#define ENVELOPE_SIZE(recipients, text_len)                                              \
    (ENVELOPE_OVERHEAD + (recipients)*STANZA_SIZE + (text_len))
#define ENVELOPE_MAX ENVELOPE_SIZE(ENVELOPE_RECIPIENTS_MAX, ENVELOPE_TEXT_MAX)

/* out has ENVELOPE_SIZE(recipients_len, len) bytes; at least one recipient, at most the
 * two limits. False: a recipient of small order. scope: for the dice, as in rng_fill. */
bool envelope_seal(uint8_t *out, const uint8_t (*recipients)[KEY_SIZE],
                   size_t recipients_len, const void *text, size_t len,
                   const struct rng *rng, const uint8_t *scope);

/* text has ENVELOPE_TEXT_MAX bytes, and is the caller's to wipe. False: not an envelope
 * of this form, not for this key, or changed. */
bool envelope_open(uint8_t *text, size_t *len, const uint8_t *envelope,
                   size_t envelope_len, const uint8_t secret_key[static KEY_SIZE]);

#endif
