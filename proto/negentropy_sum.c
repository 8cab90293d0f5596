#include "proto/negentropy_sum.h"

#include <string.h>

#include <sodium.h>

#define LIMBS (NEGENTROPY_ID_SIZE / 8)

void negentropy_sum_add(struct negentropy_sum *sum, const struct negentropy_sum *other)
{
    uint64_t carry = 0;
    for (int i = 0; i < LIMBS; i++) {
        uint64_t with_carry = sum->limbs[i] + carry;
        carry = with_carry < carry;
        sum->limbs[i] = with_carry + other->limbs[i];
        carry += sum->limbs[i] < with_carry;
    }
}

void negentropy_sum_subtract(struct negentropy_sum *sum,
                             const struct negentropy_sum *other)
{
    uint64_t borrow = 0;
    for (int i = 0; i < LIMBS; i++) {
        uint64_t without = sum->limbs[i] - borrow;
        borrow = without > sum->limbs[i];
        borrow += without < other->limbs[i];
        sum->limbs[i] = without - other->limbs[i];
    }
}

void negentropy_sum_load(struct negentropy_sum *sum,
                         const uint8_t bytes[static NEGENTROPY_ID_SIZE])
{
    for (int i = 0; i < LIMBS; i++) {
        uint64_t limb = 0;
        for (int j = 7; j >= 0; j--)
            limb = limb << 8 | bytes[8 * i + j];
        sum->limbs[i] = limb;
    }
}

void negentropy_sum_add_id(struct negentropy_sum *sum,
                           const uint8_t id[static NEGENTROPY_ID_SIZE])
{
    struct negentropy_sum number;
    negentropy_sum_load(&number, id);
    negentropy_sum_add(sum, &number);
}

void negentropy_sum_subtract_id(struct negentropy_sum *sum,
                                const uint8_t id[static NEGENTROPY_ID_SIZE])
{
    struct negentropy_sum number;
    negentropy_sum_load(&number, id);
    negentropy_sum_subtract(sum, &number);
}

void negentropy_sum_store(const struct negentropy_sum *sum,
                          uint8_t out[static NEGENTROPY_ID_SIZE])
{
    for (int i = 0; i < NEGENTROPY_ID_SIZE; i++)
        out[i] = (uint8_t)(sum->limbs[i / 8] >> (8 * (i % 8)));
}

void negentropy_sum_fingerprint(const struct negentropy_sum *sum, size_t count,
                                uint8_t out[static NEGENTROPY_FINGERPRINT_SIZE])
{
    uint8_t input[NEGENTROPY_ID_SIZE + NEGENTROPY_VARINT_MAX];
    uint8_t hash[crypto_hash_sha256_BYTES];
    negentropy_sum_store(sum, input);
    size_t len =
        NEGENTROPY_ID_SIZE + negentropy_varint(input + NEGENTROPY_ID_SIZE, count);
    (void)crypto_hash_sha256(hash, input, len); /* cannot fail */
    memcpy(out, hash, NEGENTROPY_FINGERPRINT_SIZE);
}

size_t negentropy_varint(uint8_t out[static NEGENTROPY_VARINT_MAX], uint64_t value)
{
    size_t len = 1;
    for (uint64_t rest = value >> 7; rest > 0; rest >>= 7)
        len++;
    for (size_t i = len; i-- > 0; value >>= 7)
        out[i] = (uint8_t)((value & 0x7f) | (i + 1 < len ? 0x80 : 0));
    return len;
}
