/*
 * pin: the PIN or passphrase of a person: from the file that FENGQIAO_PIN_FILE names,
 * else typed on the terminal without an echo.
 */
#ifndef FENGQIAO_CLI_PIN_H
#define FENGQIAO_CLI_PIN_H

#include <stdio.h>

#include "crypto/wrap.h"
#include "proto/err.h"

/* Zero it, fill it, wipe it. */
struct pin {
    size_t len;
    char text[WRAP_PIN_MAX + 1];
};

/* FENGQIAO_PIN_FILE, else the terminal. INVALID, IO, NOT_FOUND (neither is there). */
enum status pin_read(struct pin *pin, const char *whose, FILE *err_out,
                     struct err *err) MUST_USE;
/* The first line of a file; "-" is standard input. NOT_FOUND, IO, INVALID, TOO_LARGE. */
enum status pin_from_file(struct pin *pin, const char *file, struct err *err) MUST_USE;
/* A new one, typed twice on the terminal. */
enum status pin_choose(struct pin *pin, const char *whose, FILE *err_out,
                       struct err *err) MUST_USE;
void pin_wipe(struct pin *pin);

#endif
