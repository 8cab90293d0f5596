/*
 * Dice: the one source of chance of the sample county.
 *
 * xoshiro256** seeded by splitmix64, both written from their published definitions.
 * Only 64-bit integers are used, so that a seed gives the same throws on every machine.
 */
#ifndef PACKAGING_SAMPLE_DICE_H
#define PACKAGING_SAMPLE_DICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct dice {
    uint64_t state[4];
};

/* Starts the dice of one stream. Streams of one seed do not overlap in practice, so a
 * village keeps its cases when the number of villages changes. */
void dice_init(struct dice *dice, uint64_t seed, uint64_t stream);

/* The next 64 bits. */
uint64_t dice_next(struct dice *dice);

/* A number from 0 to bound - 1, each as likely as the others. `bound` is at least 1. */
uint32_t dice_below(struct dice *dice, uint32_t bound);

/* A number from low to high, both included. */
int32_t dice_between(struct dice *dice, int32_t low, int32_t high);

/* True `count` times in `of`. */
bool dice_chance(struct dice *dice, uint32_t count, uint32_t of);

/* An index below `count`, index i with probability weights[i] / sum. The sum is positive.
 */
size_t dice_weighted(struct dice *dice, const uint16_t *weights, size_t count);

#endif
