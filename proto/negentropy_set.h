/*
 * negentropy_set: the items that one side of a reconciliation holds, in memory: for
 * programs that read them from elsewhere (tests/conform), and to hold the store's set
 * against. What it takes to sum any range cheaply is kept with them.
 *
 * Memory: 40 bytes an item, and a running sum of 32 bytes for every 256 items.
 */
#ifndef FENGQIAO_PROTO_NEGENTROPY_SET_H
#define FENGQIAO_PROTO_NEGENTROPY_SET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "proto/negentropy_source.h"
#include "proto/status.h"

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

/* For negentropy_init; borrows the sealed set. Sums the widest range with 510 additions.
 */
struct negentropy_source negentropy_set_source(struct negentropy_set *set);

#endif
