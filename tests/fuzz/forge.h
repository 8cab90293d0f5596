/*
 * forge: an op of any kind, of one of the fuzzer's own people or of a stranger, in any
 * scope of the rig, by the bytes of an input. Signed rightly; whether it is right is the
 * node's to find out.
 *
 *   kind(1) ‖ scope(1) ‖ author(1) ‖ flags(1) ‖ a selector(1) for each field
 *   flags  bits 0 and 1: parents are the heads of the scope at the node, none, the op
 *          forged before, any op of the story; bit 2: the time is one too high; bit 3:
 *          authority of the county instead of the author's site; bit 4: fields that may
 *          be left out are; bit 5: a value of another type; bit 6: a far wall clock
 */
#ifndef FENGQIAO_TESTS_FUZZ_FORGE_H
#define FENGQIAO_TESTS_FUZZ_FORGE_H

#include "rig.h"

/* Appends the op bytes; *last is the op forged before (in and out). */
void forge_op(struct rig *rig, struct fuzz_input *input, struct id *last,
              struct buf *out);

#endif
