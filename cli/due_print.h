/*
 * due_print: what has to be done until when, as a table; colours never without words.
 */
#ifndef FENGQIAO_CLI_DUE_PRINT_H
#define FENGQIAO_CLI_DUE_PRINT_H

#include <stdio.h>

#include "proto/bytes.h"

/* The answer of `due` or `task.list`; the line `nothing` where there is nothing. */
void due_print(FILE *out, struct bytes result, const char *nothing);

#endif
