/*
 * frame: the padded unit of transport, `length(2) ‖ Noise message`. PROTOCOL.md §8. The
 * length is one of a few classes, so that an observer learns a class and not a size.
 */
#ifndef FENGQIAO_PROTO_FRAME_H
#define FENGQIAO_PROTO_FRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "proto/bytes.h"
#include "proto/err.h"

#define FRAME_LENGTH_SIZE 2
#define FRAME_TAG_SIZE 16
#define FRAME_HEAD_SIZE 3 /* flags(1) ‖ used(2) */
#define FRAME_CLASS_MAX 32768
#define FRAME_PLAIN_MAX (FRAME_CLASS_MAX - FRAME_TAG_SIZE)
#define FRAME_USED_MAX (FRAME_PLAIN_MAX - FRAME_HEAD_SIZE)
#define FRAME_FIN 1

/* Is it the length of a frame (one of the classes)? */
bool frame_is_class(size_t length);
/* The smallest class that holds used bytes; used is at most FRAME_USED_MAX. */
size_t frame_class(size_t used);
/* Fills plain (class - tag bytes) with head, used bytes and zeros. */
void frame_fill(uint8_t *plain, size_t class_len, uint8_t flags, const uint8_t *used,
                size_t used_len);
/* Takes an opened frame apart; borrowed. INVALID: unknown flags, more used than there is,
 * or padding that is not zero. */
enum status frame_parse(const uint8_t *plain, size_t len, uint8_t *flags,
                        struct bytes *used, struct err *err) MUST_USE;

#endif
