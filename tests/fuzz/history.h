/*
 * history: a small history of ops of two sites, composed from the schema by the bytes of
 * an input: any kind, author, parents and authority, values that mostly fit. Ops are not
 * signed, since the fold trusts whoever verified them before.
 */
#ifndef FENGQIAO_TESTS_FUZZ_HISTORY_H
#define FENGQIAO_TESTS_FUZZ_HISTORY_H

#include <stdint.h>

#include "fuzz.h"

#include "proto/op.h"
#include "proto/scope_kind.h"

#define HISTORY_SITES 2
#define HISTORY_CHARTER_MAX 8
#define HISTORY_SCOPE_MAX 14

struct history_scope {
    enum scope_kind kind;
    struct op ops[HISTORY_SCOPE_MAX];
    uint32_t len;
};

/* One at a time; values live in memory of the module until the next history_make. */
struct history {
    struct history_scope charters[HISTORY_SITES];
    struct history_scope shared; /* a case or an escalation of site 0 */
};

void history_make(struct history *history, struct fuzz_input *input);

#endif
