/*
 * shares: a long experiment split over processes; each share fills a result of its own.
 */
#ifndef FENGQIAO_TESTS_SHARES_H
#define FENGQIAO_TESTS_SHARES_H

#include <stddef.h>

#define SHARES_MAX 64

/* Fills result, which is zeroed. Runs in a process of its own where there are several. */
typedef void share_fn(unsigned share, unsigned shares, const void *context, void *result);

/* results has room for shares × size bytes without pointers. Ends the process where a
 * share did not come to its end. */
void shares_run(unsigned shares, share_fn *fn, const void *context, void *results,
                size_t size);

#endif
