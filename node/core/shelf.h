/*
 * shelf: the papers of this site: village rules, checklists, rounds … Each lies in a
 * scope of the kind case, private as a case is, and is found by what it is.
 */
#ifndef FENGQIAO_NODE_CORE_SHELF_H
#define FENGQIAO_NODE_CORE_SHELF_H

#include "node/cases/schema.h"
#include "proto/err.h"
#include "storage/store.h"

struct args;
struct caller;
struct core;
struct draft;

/* Keeps it among the papers of its matter. */
enum status shelf_put(struct core *core, const struct id *scope,
                      enum schema_matter matter) MUST_USE;
/* Signs the draft as the caller. A founding op is kept among the papers of its matter,
 * and scope is set. Takes the draft's memory. */
enum status shelf_write(struct core *core, struct caller *caller, struct draft *draft,
                        enum schema_matter matter, struct id *scope, struct id *op,
                        struct err *err) MUST_USE;
/* All of a matter, in the order in which they came. */
enum status shelf_each(struct core *core, enum schema_matter matter, store_scope_fn *fn,
                       void *context) MUST_USE;
/* The newest ones of it, at most so many, the newest first. */
enum status shelf_newest(struct core *core, enum schema_matter matter, uint32_t max,
                         store_scope_fn *fn, void *context) MUST_USE;
/* Is it the number of no case, by which papers are found? */
bool shelf_is_number(struct bytes text);
/* The paper that the argument names by the first digits of its id, 8 or more; without it
 * the newest. NOT_FOUND, CONFLICT: two begin so. */
enum status shelf_find(struct core *core, enum schema_matter matter,
                       const struct args *args, const char *argument, struct id *scope,
                       struct err *err) MUST_USE;
/* The paper of that title; empty: the only one. NOT_FOUND, CONFLICT: several. */
enum status shelf_find_titled(struct core *core, enum schema_matter matter,
                              struct bytes title, struct id *scope,
                              struct err *err) MUST_USE;
/* What it is called: the title in its founding op; empty where it was erased. */
struct bytes shelf_title(struct bytes view);
/* The fields of the founding op; false: it has no effect. */
bool shelf_fields(struct bytes view, struct bytes *fields);

#endif
