/*
 * fail_place: which way led to a call, so that a fault strikes each way once and not each
 * call: a place is the calls that are open, the innermost few.
 */
#ifndef FENGQIAO_TESTS_FAIL_PLACE_H
#define FENGQIAO_TESTS_FAIL_PLACE_H

#include <stdbool.h>

/* Asked from a function that stands in for another: was this way never asked about? */
bool fail_place_is_new(void);
/* All ways are new again. */
void fail_place_forget(void);

#endif
