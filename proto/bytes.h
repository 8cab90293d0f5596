/*
 * bytes and buf: borrowed bytes and owned bytes. struct bytes points into memory of
 * somebody else and is good until the call returns or as its giver says; struct buf owns
 * what it holds until buf_deinit.
 */
#ifndef FENGQIAO_PROTO_BYTES_H
#define FENGQIAO_PROTO_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "proto/status.h"

struct bytes {
    const uint8_t *data;
    size_t len;
};

struct buf {
    uint8_t *data;
    size_t len;
    size_t capacity;
    bool failed; /* an allocation failed; sticky, later writes are no-ops */
};

static inline struct bytes bytes_of(const void *data, size_t len)
{
    return (struct bytes){(const uint8_t *)data, len};
}
struct bytes bytes_str(const char *text);
bool bytes_equal(struct bytes a, struct bytes b);
bool bytes_equal_str(struct bytes a, const char *text);
/* What lies before the first mark; left moves on behind it. Without one: all of it. */
struct bytes bytes_take(struct bytes *left, const char *mark);
/* memcmp order, the shorter first on a tie. */
int bytes_compare(struct bytes a, struct bytes b);

static inline struct bytes buf_bytes(const struct buf *buf)
{
    return (struct bytes){buf->data, buf->len};
}
/* Appends; on a failed allocation sets failed. A zeroed struct is an empty buf. */
void buf_add(struct buf *buf, const void *data, size_t len);
/* Appends all of from (borrowed); where from has failed, so has buf. */
void buf_append(struct buf *buf, const struct buf *from);
void buf_add_u8(struct buf *buf, uint8_t value);
void buf_add_u16(struct buf *buf, uint16_t value); /* big-endian */
void buf_add_u32(struct buf *buf, uint32_t value); /* big-endian */
/* Room for len more bytes at the end, not yet counted; NULL when out of memory. */
uint8_t *buf_reserve(struct buf *buf, size_t len);
/* Removes len bytes at the front. */
void buf_drop(struct buf *buf, size_t len);
/* Empties, keeps the memory. */
void buf_clear(struct buf *buf);
/* OK, or NO_MEMORY where a write failed. */
enum status buf_status(const struct buf *buf) MUST_USE;
/* Frees; accepts a zeroed struct. */
void buf_deinit(struct buf *buf);
/* The same of what was secret. */
void buf_wipe(struct buf *buf);

/* Lower-case hex of len bytes and a NUL: out holds 2 * len + 1. */
void hex_encode(char *out, const void *data, size_t len);
/* Exactly 2 * len digits, nothing else. */
bool hex_decode(void *out, size_t len, const char *text);
bool hex_read(void *out, size_t len, struct bytes text);

#endif
