/*
 * number: a number as a person typed it.
 */
#ifndef FENGQIAO_CLI_NUMBER_H
#define FENGQIAO_CLI_NUMBER_H

#include <stdbool.h>
#include <stdint.h>

/* False: it has something else than digits, or is too large. */
bool number_read(const char *text, uint64_t *number);

#endif
