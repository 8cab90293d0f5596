/*
 * shown: canonical values as a person reads them, to be compared with a text.
 */
#ifndef FENGQIAO_TEST_PAGE_SHOWN_H
#define FENGQIAO_TEST_PAGE_SHOWN_H

#include "proto/pack.h"

/* Appends the next value: 7, true, nil, "text", <bin>, [..], {..}, with no blanks. */
void shown_value(char *out, size_t size, struct pack_reader *reader);

#endif
