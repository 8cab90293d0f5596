/*
 * forked: a machine that is not honest, made of nothing but its key: proofs that it
 * showed two histories of its seal log, or fewer seals than before.
 */
#ifndef FENGQIAO_TESTS_FORKED_H
#define FENGQIAO_TESTS_FORKED_H

#include "proto/seal_proof.h"

struct forked {
    struct sign_pair pair;
    char origin[SEAL_ORIGIN_SIZE], key[KEY_TEXT_SIZE];
};

void forked_init(struct forked *forked, const uint8_t seed[static KEY_SEED_SIZE]);
/* Appends a file. Of a fork: a log of one seal, and one of two that begins with another.
 * Back: one of two, and the first of them alone. */
void forked_proof(const struct forked *forked, enum seal_proof_kind kind,
                  struct buf *file);

#endif
