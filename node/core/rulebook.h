/*
 * rulebook: the village rules of this site: texts in versions, each a scope of its own.
 * A version is the op that wrote it, so what cites a clause of it cites that wording.
 */
#ifndef FENGQIAO_NODE_CORE_RULEBOOK_H
#define FENGQIAO_NODE_CORE_RULEBOOK_H

#include <stdbool.h>

#include "proto/err.h"
#include "proto/op.h"
#include "storage/store.h"

struct core;

/* All of them, in the order in which they came. */
enum status rulebook_each(struct core *core, store_scope_fn *fn, void *context) MUST_USE;
/* Is this entry of the journal a version? Its fields. */
bool rulebook_is_version(struct bytes entry, struct bytes *fields);
/* The newest version in the view of one: its entry of the journal; false: none yet. */
bool rulebook_newest(struct bytes view, struct bytes *entry);
/* Finds the clause of that number in the newest versions and appends [op, number].
 * NOT_FOUND. */
enum status rulebook_cite(struct core *core, struct bytes number,
                          struct buf *cites) MUST_USE;

#endif
