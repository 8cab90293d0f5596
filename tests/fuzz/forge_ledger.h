/*
 * forge_ledger: what an evidence file says of the ledger of the rig's own machine, true
 * and forged, by a fuzzer's bytes. All ops of the story stand in its shared tree, in
 * their order, under three seals; the county's machine is the witness.
 */
#ifndef FENGQIAO_TESTS_FORGE_LEDGER_H
#define FENGQIAO_TESTS_FORGE_LEDGER_H

#include "fuzz.h"
#include "rig.h"

/* count(1) ‖ value(1) each, the lower three bits saying what: 0 a log, 1 a checkpoint, 2
 * a seal, 3 something opened, 4 the same changed by one byte as what follows says (2), 5
 * a proof of inclusion, 6 and 7 the whole log, cosigned or not. */
void forge_ledger(const struct rig *rig, struct fuzz_input *input, struct buf *out);
/* flags(1): 0 nothing; else the op of that number in the story stands under seal
 * flags % 3, at an index and by an opening that the bits above may change. */
void forge_included(const struct rig *rig, uint32_t number, struct fuzz_input *input,
                    struct buf *out);

#endif
