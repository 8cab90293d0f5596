/*
 * parallel: the same work on many items, on all processors of this machine.
 */
#ifndef FENGQIAO_CLI_PARALLEL_H
#define FENGQIAO_CLI_PARALLEL_H

#include <stdint.h>

/* Calls work for each i below len, in any order and several at a time, and returns when
 * all are done. work touches nothing but what belongs to i. Where a thread cannot be
 * had, the others do its share. */
void parallel_each(uint32_t len, void (*work)(void *context, uint32_t i), void *context);

#endif
