/*
 * from_json: an answer of a node as a test writes it down: JSON, where a text that begins
 * with 0x stands for bytes.
 */
#ifndef FENGQIAO_TESTS_FROM_JSON_H
#define FENGQIAO_TESTS_FROM_JSON_H

#include "proto/bytes.h"

/* Appends the value; the test's own mistakes end it. */
void from_json(struct buf *out, const char *text);

#endif
