/*
 * derived: everything in the store that follows from the ops, made anew, and held against
 * what stood there. Two stands are compared by a digest of each table, so that neither is
 * kept in memory.
 */
#ifndef FENGQIAO_NODE_CORE_DERIVED_H
#define FENGQIAO_NODE_CORE_DERIVED_H

#include <stdint.h>

#include "proto/status.h"

struct core;
struct store;

#define DERIVED_TABLE_SIZE 16 /* room for the name of a table */

/* Makes it anew in one transaction, between two turns. progress (may be NULL) is told
 * after each scope how many are done. */
enum status derived_rebuild(struct core *core, void (*progress)(void *, uint64_t done),
                            void *context) MUST_USE;
/* The same within a transaction, which is the caller's to commit or to roll back. table:
 * the first that was not as the ops say ("heads"; nodes stands for the sets of pairs), or
 * empty. A table that could not be read was not. */
enum status derived_compare(struct core *core,
                            char table[static DERIVED_TABLE_SIZE]) MUST_USE;
/* Is everything derived as the ops say? Compares in a transaction that is rolled back.
 * Needs no keys; no turn may be under way. NOT_FOUND: no site was founded. */
enum status derived_check(struct store *store,
                          char table[static DERIVED_TABLE_SIZE]) MUST_USE;

#endif
