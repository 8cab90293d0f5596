/*
 * due_table: this site's own days (node/cases/due.h), as kept in its settings.
 */
#ifndef FENGQIAO_NODE_CORE_DUE_TABLE_H
#define FENGQIAO_NODE_CORE_DUE_TABLE_H

#include "node/cases/due.h"
#include "proto/bytes.h"

struct core;

/* Fills table, whose categories lie in memory. A setting that cannot be read is CORRUPT
 * and ends the turn. */
enum status due_table_load(struct core *core, struct due_table *table,
                           struct buf *memory) MUST_USE;
enum status due_table_keep(struct core *core, const struct due_table *table) MUST_USE;

#endif
