/*
 * hello: what stands before the first handshake message: a preamble that names version
 * and pattern, and a keyed MAC, so that garbage is dropped before any Diffie-Hellman.
 * PROTOCOL.md §8.
 */
#ifndef FENGQIAO_PROTO_HELLO_H
#define FENGQIAO_PROTO_HELLO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "crypto/noise.h"

#define HELLO_PREAMBLE_SIZE 4
#define HELLO_MAC_SIZE 16
#define HELLO_SIZE (HELLO_PREAMBLE_SIZE + HELLO_MAC_SIZE)
#define HELLO_FIRST_SIZE                                                                 \
    48 /* message 1 of both patterns: e and an empty payload's tag                       \
        */

void hello_preamble(uint8_t out[static HELLO_PREAMBLE_SIZE], enum noise_pattern pattern);
/* False: not ours, or another version. */
bool hello_parse(const uint8_t preamble[static HELLO_PREAMBLE_SIZE],
                 enum noise_pattern *pattern);

/* The MAC's key: of the responder's static public key (XK) or of the pre-shared key. */
void hello_key(uint8_t out[static 32], enum noise_pattern pattern,
               const uint8_t material[static 32]);
/* The MAC over preamble ‖ first message. */
void hello_mac(uint8_t out[static HELLO_MAC_SIZE], const uint8_t key[static 32],
               const uint8_t preamble[static HELLO_PREAMBLE_SIZE],
               const uint8_t first[static HELLO_FIRST_SIZE]);

#endif
