/*
 * private_line: a short text that must not stand on a command line: the first line of a
 * file or of standard input, held in one buffer.
 */
#ifndef FENGQIAO_CLI_PRIVATE_LINE_H
#define FENGQIAO_CLI_PRIVATE_LINE_H

#include <stddef.h>

#include "proto/err.h"

#define PRIVATE_LINE_MAX 128

/* Zero it, fill it, wipe it. */
struct private_line {
    size_t len;
    char text[PRIVATE_LINE_MAX + 1];
};

/* file: "-" is standard input; of two lines there it reads one, the next call the other.
 * NOT_FOUND, IO, INVALID (empty, not UTF-8), TOO_LARGE. */
enum status private_line_read(struct private_line *line, const char *file,
                              struct err *err) MUST_USE;
void private_line_wipe(struct private_line *line);

#endif
