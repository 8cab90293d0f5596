/*
 * err: a status with a sentence for the person who will read it. Always the last
 * parameter, always optional (NULL), never thread-local.
 */
#ifndef FENGQIAO_PROTO_ERR_H
#define FENGQIAO_PROTO_ERR_H

#include "proto/status.h"

#define ERR_TEXT_MAX 320

struct err {
    enum status status;
    char text[ERR_TEXT_MAX];
};

/* Sets the sentence (cut at ERR_TEXT_MAX, and UTF-8 whatever the arguments are cut to)
 * and returns status, so that a refusal is one line: return err_set(err, STATUS_INVALID,
 * "..."). err may be NULL. */
enum status err_set(struct err *err, enum status status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The sentence, or the status's own text where none was set. */
const char *err_text(const struct err *err, enum status status);

#endif
