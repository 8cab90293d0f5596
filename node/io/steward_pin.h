/*
 * steward_pin: the PIN of the first steward, for `init`: the first line of a file, or
 * typed twice on the terminal without an echo.
 */
#ifndef FENGQIAO_NODE_IO_STEWARD_PIN_H
#define FENGQIAO_NODE_IO_STEWARD_PIN_H

#include <stddef.h>

#include "crypto/wrap.h"
#include "proto/err.h"

/* In secret memory of the caller, who wipes it. */
struct steward_pin {
    size_t len;
    char text[WRAP_PIN_MAX + 1];
};

/* file NULL: the terminal. INVALID: empty, too long, not the same twice, or neither a
 * file nor a terminal; NOT_FOUND, IO: the file; CLOSED: interrupted. */
enum status steward_pin_read(struct steward_pin *pin, const char *file,
                             struct err *err) MUST_USE;

#endif
