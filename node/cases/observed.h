/*
 * observed: what somebody sees who is an observer and nothing else: events and proofs,
 * and no contents. Fields by the schema, answers of a node by a list of what stands in
 * them that is no content. Whatever is in neither is not shown: a field, or a word of an
 * answer, that comes anew stays hidden until it is listed here.
 */
#ifndef FENGQIAO_CASES_OBSERVED_H
#define FENGQIAO_CASES_OBSERVED_H

#include "node/cases/schema.h"

/* A fact of the schema (CLASS_FACT), or what says only which one it is and until when. */
bool observed_field(const struct schema_kind *kind, const struct schema_field *field);

/* Appends the answer, one canonical value, as an observer sees it: of its maps, the views
 * within it among them, nothing but what is listed, and of the fields of an op those
 * that observed_field lets pass. NO_MEMORY; INVALID: no such value. */
enum status observed_cut(struct bytes answer, struct buf *out) MUST_USE;

#endif
