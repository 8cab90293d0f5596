/*
 * answering: a node that runs in a directory, as far as one question goes: a child that
 * listens at its control socket and answers each request with the same bytes.
 */
#ifndef FENGQIAO_TESTS_ANSWERING_H
#define FENGQIAO_TESTS_ANSWERING_H

#include "proto/bytes.h"

/* frame: with its length before it, or whatever else comes; copied. The directory is
 * there. */
void answering_begin(const char *dir, struct bytes frame);
/* The answer [1, word, result], as a node frames it; result: a whole value. */
void answering_with(const char *dir, const char *word, struct bytes result);
/* It is gone, and its socket, too. */
void answering_end(void);

#endif
