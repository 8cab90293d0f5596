/*
 * fail_memory: malloc, calloc, realloc and sodium_malloc of our own code that fail on
 * purpose (the linker's --wrap), while a node is in its turn and at no other time.
 * Libraries keep their own allocator.
 */
#ifndef FENGQIAO_TESTS_FAIL_MEMORY_H
#define FENGQIAO_TESTS_FAIL_MEMORY_H

#include <stdbool.h>
#include <stdint.h>

/* The allocation that comes after so many more fails, and with for_good all later ones,
 * wherever fail_memory_in was called. */
void fail_memory_after(uint64_t allocations, bool for_good);
/* The next allocation at a place (fail_place.h) where none has failed fails, once. */
void fail_memory_at_new_place(void);
/* Counts from here … */
void fail_memory_in(void);
/* … to here; did it count? */
bool fail_memory_out(void);
/* Asked by what stands in for a call that may allocate: does it fail, after
 * fail_memory_at_new_place? */
bool fail_memory_at_this_place(void);
/* Asked by what stands in for another allocation. */
bool fail_memory_fails(void);
/* How many have failed so far, of all that were asked to. */
uint64_t fail_memory_count(void);
/* Nothing fails any more; did anything? */
bool fail_memory_stop(void);

#endif
