/*
 * lattice: a hash of a set that grows and shrinks, without the order in which it did
 * (LtHash with 1,024 words of 16 bits; Lewi, Kim, Maykov and Weis, "Securing Update
 * Propagation with Homomorphic Hashing", 2019). Each element becomes 1,024 words; the
 * state is the sum of all, word by word mod 2^16. Two sets of one state are as hard to
 * find as short vectors in a lattice: more than 2^200 steps. A sum mod 2^256, as
 * Negentropy makes it, falls to whoever may choose some hundred elements.
 *
 * An element is added once, and taken out only where it was added: adding one 65,536
 * times is adding nothing.
 */
#ifndef FENGQIAO_CRYPTO_LATTICE_H
#define FENGQIAO_CRYPTO_LATTICE_H

#include <stdint.h>

#include "crypto/digest.h"

#define LATTICE_SIZE 2048

/* Zeroed: the empty set. The bytes are the words, big-endian, and may be kept. */
struct lattice {
    uint8_t bytes[LATTICE_SIZE];
};

/* Elements are digests. Each call costs 64 compressions of BLAKE2b. */
void lattice_add(struct lattice *lattice, const uint8_t element[static DIGEST_SIZE]);
void lattice_take_out(struct lattice *lattice, const uint8_t element[static DIGEST_SIZE]);

#endif
