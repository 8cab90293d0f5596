/*
 * sandbox: what a child gives up before it reads what somebody else may have written.
 * From then on it can compute, read its standard input, write to its standard output and
 * end; whatever else it asks of the system ends it at once.
 */
#ifndef FENGQIAO_NODE_IO_SANDBOX_H
#define FENGQIAO_NODE_IO_SANDBOX_H

#include <stdbool.h>
#include <stddef.h>

/* For good. memory_max: bytes of data, those that it has included; seconds_max: of a
 * processor. False: this system has no such filter (an odd kernel, an emulator), and
 * limits are all that holds. */
bool sandbox_enter(size_t memory_max, unsigned seconds_max);

/* Ends the process. Destructors of libraries are left out, for they ask for more. */
_Noreturn void sandbox_end(int exit_code);

#endif
