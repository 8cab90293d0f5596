#include "crypto/lattice.h"

#include <stdbool.h>
#include <stddef.h>

#define BLOCK_SIZE 64
#define BLOCKS (LATTICE_SIZE / BLOCK_SIZE)

static uint16_t word_at(const uint8_t bytes[static 2])
{
    return (uint16_t)(bytes[0] << 8 | bytes[1]);
}

/* Each word of the state plus, or minus, that of the element. */
static void combine(struct lattice *lattice, const uint8_t element[static DIGEST_SIZE],
                    bool is_added)
{
    for (uint8_t i = 0; i < BLOCKS; i++) {
        uint8_t block[BLOCK_SIZE];
        uint8_t *state = lattice->bytes + (size_t)i * BLOCK_SIZE;
        digest_keyed(block, sizeof(block), element, "fengqiao/1/lattice", &i, 1);
        for (int at = 0; at < BLOCK_SIZE; at += 2) {
            uint16_t word = word_at(block + at);
            uint16_t sum =
                (uint16_t)(word_at(state + at) + (is_added ? word : 0x10000 - word));
            state[at] = (uint8_t)(sum >> 8);
            state[at + 1] = (uint8_t)sum;
        }
    }
}

void lattice_add(struct lattice *lattice, const uint8_t element[static DIGEST_SIZE])
{
    combine(lattice, element, true);
}

void lattice_take_out(struct lattice *lattice, const uint8_t element[static DIGEST_SIZE])
{
    combine(lattice, element, false);
}
