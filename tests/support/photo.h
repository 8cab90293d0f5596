/*
 * photo: a PNG file for tests, whose maker and place stand in it beside the picture.
 */
#ifndef FENGQIAO_TESTS_PHOTO_H
#define FENGQIAO_TESTS_PHOTO_H

#include "proto/bytes.h"

#define PHOTO_PLACE "CANARY-PLACE 29.7N 120.2E"

/* Appends one whose picture says the tag again and again, len bytes of it. */
void photo_make(struct buf *out, const char *tag, size_t len);

#endif
