/*
 * shortage: a part of an answer that was not shown, for want of memory. Whoever prints
 * notes it; cli_run asks at the end, so that no verb says that it is done.
 */
#ifndef FENGQIAO_CLI_SHORTAGE_H
#define FENGQIAO_CLI_SHORTAGE_H

#include <stdbool.h>

void shortage_note(void);
/* Was one noted since this was asked last? */
bool shortage_was(void);

#endif
