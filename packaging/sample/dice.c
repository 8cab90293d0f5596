#include "packaging/sample/dice.h"

#include <assert.h>

static uint64_t splitmix(uint64_t *state)
{
    uint64_t z = (*state += UINT64_C(0x9e3779b97f4a7c15));

    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

static uint64_t rotate_left(uint64_t value, unsigned int bits)
{
    return (value << bits) | (value >> (64 - bits));
}

void dice_init(struct dice *dice, uint64_t seed, uint64_t stream)
{
    uint64_t of_seed = seed;
    uint64_t of_stream = stream;
    uint64_t mixed;

    /* Both are mixed before they meet, so that (1, 2) and (2, 1) are different streams.
     */
    mixed = splitmix(&of_seed) ^ rotate_left(splitmix(&of_stream), 29);
    for (size_t i = 0; i < 4; i++)
        dice->state[i] = splitmix(&mixed);
}

uint64_t dice_next(struct dice *dice)
{
    uint64_t *s = dice->state;
    uint64_t result = rotate_left(s[1] * 5, 7) * 9;
    uint64_t t = s[1] << 17;

    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotate_left(s[3], 45);
    return result;
}

uint32_t dice_below(struct dice *dice, uint32_t bound)
{
    uint64_t product;
    uint32_t refuse_below;

    assert(bound > 0);
    /* Lemire's way: the high half is the result, the low half says when it is biased. */
    refuse_below = (uint32_t)(-bound) % bound;
    do {
        product = (dice_next(dice) >> 32) * bound;
    } while ((uint32_t)product < refuse_below);
    return (uint32_t)(product >> 32);
}

int32_t dice_between(struct dice *dice, int32_t low, int32_t high)
{
    assert(low <= high);
    return low + (int32_t)dice_below(dice, (uint32_t)(high - low) + 1);
}

bool dice_chance(struct dice *dice, uint32_t count, uint32_t of)
{
    return dice_below(dice, of) < count;
}

size_t dice_weighted(struct dice *dice, const uint16_t *weights, size_t count)
{
    uint32_t sum = 0;
    uint32_t thrown;

    for (size_t i = 0; i < count; i++)
        sum += weights[i];
    thrown = dice_below(dice, sum);
    for (size_t i = 0; i < count; i++) {
        if (thrown < weights[i])
            return i;
        thrown -= weights[i];
    }
    assert(!"the weights cover every throw");
    return 0;
}
