/*
 * evidence_write: an evidence file (docs/PROTOCOL.md §10), a part at a time.
 */
#ifndef FENGQIAO_NODE_CORE_EVIDENCE_WRITE_H
#define FENGQIAO_NODE_CORE_EVIDENCE_WRITE_H

#include "node/core/evidence_cursor.h"

/* Appends what stands at that place of the file, until out has size bytes or more or the
 * file is whole: place is where to go on, DONE behind its last byte. A part goes beyond
 * size by one value at most. TOO_LARGE: an op that no file may have.
 * INVALID: the file cannot be there. */
enum status evidence_write(struct core *core, const struct evidence_what *what,
                           const struct evidence_plan *plan, struct evidence_place *place,
                           size_t size, struct buf *out) MUST_USE;

#endif
