/*
 * exit_code: what the daemon says with its last breath, after sysexits.h.
 */
#ifndef FENGQIAO_NODE_IO_EXIT_CODE_H
#define FENGQIAO_NODE_IO_EXIT_CODE_H

#include "proto/err.h"

/* 0, or 64 usage, 65 damaged data, 66 nothing there, 69 in use or not to be reached, 71
 * no memory, 73 cannot be created, 74 input or output, 75 interrupted, 77 denied, 78 made
 * by a newer version, 70 for what should not be.
 */
int sysexit_of(enum status status);
/* The same for a mode that has ended; what is not OK is logged, with err's reason. */
int exit_code_told(enum status status, const struct err *err);

#endif
