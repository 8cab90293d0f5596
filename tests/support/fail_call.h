/*
 * fail_call: calls of the system that are refused on purpose (the linker's --wrap), for
 * our own code alone: libraries keep theirs.
 */
#ifndef FENGQIAO_TESTS_FAIL_CALL_H
#define FENGQIAO_TESTS_FAIL_CALL_H

#include <stdbool.h>
#include <stdint.h>

/* The call of that name (NULL: of any) that comes after so many more is refused with that
 * errno, once. */
void fail_call_after(const char *name, uint64_t calls, int error);
/* The same, and all later ones. */
void fail_call_for_good(const char *name, uint64_t calls, int error);
/* While the fault that was set last is armed, each call of that name, too. */
void fail_call_beside(const char *name);
/* Nothing is refused any more. The name of what was refused, or NULL. */
const char *fail_call_stop(void);

/* Asked by what stands in for a call: is it refused? errno says why. */
bool fail_call(const char *name);
/* The errno, for what stands in for a library that has codes of its own. */
int fail_call_error(void);

#endif
