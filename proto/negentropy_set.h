/*
 * negentropy_set: the items that one side of a reconciliation holds, in the order of the
 * protocol, with what it takes to fingerprint any range of them cheaply.
 *
 *   item         a timestamp and an id; ordered by timestamp, then by the bytes of the id
 *   fingerprint  the ids summed mod 2^256 (little-endian) ‖ varint of their count,
 * SHA-256, first 16 bytes
 *
 * Memory: 40 bytes an item, and a running sum of 32 bytes for every 256 items.
 */
#ifndef FENGQIAO_PROTO_NEGENTROPY_SET_H
#define FENGQIAO_PROTO_NEGENTROPY_SET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "proto/status.h"

#define NEGENTROPY_ID_SIZE 32
#define NEGENTROPY_FINGERPRINT_SIZE 16
/* Reserved by the protocol: above the timestamp of every item. */
#define NEGENTROPY_INFINITY UINT64_MAX
#define NEGENTROPY_VARINT_MAX 10 /* bytes of the longest 64-bit number */

struct negentropy_item {
    uint64_t timestamp;
    uint8_t id[NEGENTROPY_ID_SIZE];
};

struct negentropy_sum;

/* Filled by add, then sealed; a sealed set does not change until deinit. */
struct negentropy_set {
    struct negentropy_item *items;
    size_t len;
    size_t capacity;
    struct negentropy_sum *sums; /* sums[i]: of all items before item i * 256 */
    bool sealed;
};

void negentropy_set_init(struct negentropy_set *set);
/* Copies one item, in any order. INVALID for the timestamp infinity, NO_MEMORY. */
enum status negentropy_set_add(struct negentropy_set *set, uint64_t timestamp,
                               const uint8_t id[static NEGENTROPY_ID_SIZE]) MUST_USE;
/* Sorts (nothing to do where items came in order) and merges equal items silently. Once.
 * NO_MEMORY leaves the set unsealed. */
enum status negentropy_set_seal(struct negentropy_set *set) MUST_USE;
size_t negentropy_set_len(const struct negentropy_set *set);
/* Frees; accepts a zeroed struct. */
void negentropy_set_deinit(struct negentropy_set *set);

/* The first item at or after `from` that does not sort before (timestamp, id). Sealed. */
size_t negentropy_set_lower_bound(const struct negentropy_set *set, size_t from,
                                  uint64_t timestamp,
                                  const uint8_t id[static NEGENTROPY_ID_SIZE]);
/* Fingerprint of the items begin ≤ i < end: at most 510 additions, however wide. Sealed.
 */
void negentropy_set_fingerprint(const struct negentropy_set *set, size_t begin,
                                size_t end,
                                uint8_t out[static NEGENTROPY_FINGERPRINT_SIZE]);

/* Base 128, most significant digit first, shortest form. Gives the length. */
size_t negentropy_varint(uint8_t out[static NEGENTROPY_VARINT_MAX], uint64_t value);

#endif
