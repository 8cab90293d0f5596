/*
 * chunk: a piece of a file at rest, ChaCha20-Poly1305 (RFC 8439) under a key that is used
 * for one file alone. The nonce is the number of the piece, so a key must never seal two
 * files; pieces can be neither swapped nor cut off without notice, since who opens them
 * knows how many there are.
 */
#ifndef FENGQIAO_CRYPTO_CHUNK_H
#define FENGQIAO_CRYPTO_CHUNK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CHUNK_KEY_SIZE 32
#define CHUNK_TAG_SIZE 16

/* out has room for len + CHUNK_TAG_SIZE bytes. */
void chunk_seal(uint8_t *out, const uint8_t key[static CHUNK_KEY_SIZE], uint32_t number,
                const uint8_t *plain, size_t len);
/* len counts the tag; out has room for len - CHUNK_TAG_SIZE bytes. False: it is not what
 * was sealed as that number under that key. */
bool chunk_open(uint8_t *out, const uint8_t key[static CHUNK_KEY_SIZE], uint32_t number,
                const uint8_t *sealed, size_t len);

#endif
