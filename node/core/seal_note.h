/*
 * seal_note: a checkpoint of a tree of this machine, with its signature under the origin.
 */
#ifndef FENGQIAO_NODE_CORE_SEAL_NOTE_H
#define FENGQIAO_NODE_CORE_SEAL_NOTE_H

#include "proto/seal.h"

struct core;

/* Appends the note of a text that note_may_sign. */
void seal_note_sign(struct core *core, const char *origin, struct bytes text,
                    struct buf *note);
/* The same of the checkpoint of that size. after: what a witness showed beyond it
 * (docs/LEDGER.md §4); NULL: nothing. */
void seal_note_write(struct core *core, const char *origin, uint64_t size,
                     const struct merkle_hash *root, const struct seal_head *after,
                     struct buf *note);

#endif
