/*
 * detached: a file of a case that was taken away, and what goes with it: the key that
 * opened it, the digests of its pieces, and its name, which may say what it showed. That
 * there was one, of which type and how large, stays, and headers, commitments and
 * signatures with it.
 */
#ifndef FENGQIAO_CASES_DETACHED_H
#define FENGQIAO_CASES_DETACHED_H

#include <stdbool.h>
#include <stdint.h>

struct fold_result;
struct op;

/* Which fields of an `attach` whose file was taken away stay shown: bit i for field i, as
 * op_encode takes it. */
uint32_t detached_mask(const struct op *attach);

/* is_detached[i]: a `detach` with effect takes the file of ops[i] away. ops: those that
 * were folded, in order of (time, id). */
void detached_mark(const struct op *const *ops, uint32_t len,
                   const struct fold_result *folded, bool *is_detached);

#endif
