/*
 * negentropy_sum: the ids of items summed mod 2^256, and the fingerprint that Negentropy
 * makes of a sum and a count. The sum of a range is the difference of two sums.
 *
 *   fingerprint  the sum (little-endian) ‖ varint of the count, SHA-256, first 16 bytes
 */
#ifndef FENGQIAO_PROTO_NEGENTROPY_SUM_H
#define FENGQIAO_PROTO_NEGENTROPY_SUM_H

#include <stddef.h>
#include <stdint.h>

#define NEGENTROPY_ID_SIZE 32
#define NEGENTROPY_FINGERPRINT_SIZE 16
#define NEGENTROPY_VARINT_MAX 10 /* bytes of the longest 64-bit number */

/* A number mod 2^256, least significant limb first. Zeroed: the sum of nothing. */
struct negentropy_sum {
    uint64_t limbs[NEGENTROPY_ID_SIZE / 8];
};

void negentropy_sum_add(struct negentropy_sum *sum, const struct negentropy_sum *other);
void negentropy_sum_subtract(struct negentropy_sum *sum,
                             const struct negentropy_sum *other);
void negentropy_sum_add_id(struct negentropy_sum *sum,
                           const uint8_t id[static NEGENTROPY_ID_SIZE]);
void negentropy_sum_subtract_id(struct negentropy_sum *sum,
                                const uint8_t id[static NEGENTROPY_ID_SIZE]);
/* As 32 bytes, least significant first, and back. */
void negentropy_sum_store(const struct negentropy_sum *sum,
                          uint8_t out[static NEGENTROPY_ID_SIZE]);
void negentropy_sum_load(struct negentropy_sum *sum,
                         const uint8_t bytes[static NEGENTROPY_ID_SIZE]);

void negentropy_sum_fingerprint(const struct negentropy_sum *sum, size_t count,
                                uint8_t out[static NEGENTROPY_FINGERPRINT_SIZE]);

/* Base 128, most significant digit first, shortest form. Gives the length. */
size_t negentropy_varint(uint8_t out[static NEGENTROPY_VARINT_MAX], uint64_t value);

#endif
