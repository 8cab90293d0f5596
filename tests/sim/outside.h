/*
 * outside: a witness that is no peer and knows nothing of Fengqiao but an origin and the
 * key in it (C2SP tlog-witness).
 */
#ifndef FENGQIAO_TESTS_SIM_OUTSIDE_H
#define FENGQIAO_TESTS_SIM_OUTSIDE_H

#include "crypto/merkle.h"
#include "proto/note.h"

struct outside {
    struct sign_pair pair;
    struct note_key key;
    char vkey[256];
    uint64_t size; /* what it saw last */
    struct merkle_hash root;
};

/* name: borrowed. */
void outside_init(struct outside *outside, uint8_t number, const char *name);
/* Asserts that the log signed the request and goes on from what was seen. Appends the
 * answer, behind the note that came where with_text, with a NUL. */
void outside_answer(struct outside *outside, struct bytes request, bool with_text,
                    struct buf *answer);

#endif
