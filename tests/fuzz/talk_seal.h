/*
 * talk_seal: the fuzzer's part of what nodes say about seal logs (docs/LEDGER.md §3):
 * logs of the sites that it speaks for, right, forked, set back or nonsense, and what it
 * says as a witness of the node's. What a witness may rely on is asserted.
 */
#ifndef FENGQIAO_TESTS_FUZZ_TALK_SEAL_H
#define FENGQIAO_TESTS_FUZZ_TALK_SEAL_H

#include "rig.h"

/* Nothing was heard yet. */
void talk_seal_start(struct rig *rig);
/* The message `checkpoint`, `cosignature` or `witnessed` of the node, behind its name. */
void talk_seal_hear(struct bytes name, struct pack_reader *reader);
/* Appends one message, as its bytes of the input say. */
void talk_seal_checkpoint(const struct rig_conn *conn, struct buf *out,
                          struct fuzz_input *input);
void talk_seal_answer(const struct rig_conn *conn, struct buf *out,
                      struct fuzz_input *input);

#endif
