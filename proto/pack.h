/*
 * pack: canonical MessagePack, strict both ways. The reader is a gate: it takes only the
 * one shortest form of each value, and it looks at every byte before anything is
 * allocated for it. msgpack-c (object trees for the API, see proto/value.h) only ever
 * sees bytes that pack_check has let through. Rules: docs/PROTOCOL.md §1.
 *
 *   allowed   nil, false, true, ints in their shortest form, str (UTF-8 without NUL),
 *             bin, array, map with string keys in strictly ascending byte order
 *   refused   floats, ext, 0xc1, longer forms than needed, depth above PACK_DEPTH_MAX,
 *             counts that the remaining bytes cannot hold, trailing bytes
 */
#ifndef FENGQIAO_PROTO_PACK_H
#define FENGQIAO_PROTO_PACK_H

#include <stdbool.h>
#include <stdint.h>

#include "proto/bytes.h"
#include "proto/err.h"

enum pack_type {
    PACK_NIL,
    PACK_BOOL,
    PACK_UINT,
    PACK_NEGATIVE,
    PACK_STR,
    PACK_BIN,
    PACK_ARRAY,
    PACK_MAP,
};

/* A cursor over borrowed bytes. */
struct pack_reader {
    const uint8_t *at;
    const uint8_t *end;
};

struct pack_item {
    enum pack_type type;
    uint64_t number;    /* UINT; BOOL 0 or 1; NEGATIVE: the two's complement bits */
    uint32_t count;     /* ARRAY: elements, MAP: pairs */
    struct bytes bytes; /* STR, BIN: borrowed from the input */
};

struct pack_reader pack_reader_of(struct bytes bytes);
/* Reads one item header (and the bytes of a str or bin). Elements of arrays and maps come
 * with the next calls. INVALID with a reason. */
enum status pack_next(struct pack_reader *reader, struct pack_item *item,
                      struct err *err) MUST_USE;
/* Reads one whole value, nested ones included, and gives its raw bytes (borrowed). Checks
 * everything the gate checks. depth: how deep the value already stands (0 outermost). */
enum status pack_value(struct pack_reader *reader, int depth, struct bytes *raw,
                       struct err *err) MUST_USE;
/* One value and nothing behind it. */
enum status pack_check(struct bytes bytes, struct err *err) MUST_USE;
bool pack_at_end(const struct pack_reader *reader);

/* Typed reads: INVALID where the next item is of another type. */
enum status pack_read_uint(struct pack_reader *reader, uint64_t *value,
                           struct err *err) MUST_USE;
enum status pack_read_str(struct pack_reader *reader, struct bytes *value,
                          struct err *err) MUST_USE;
enum status pack_read_bin(struct pack_reader *reader, struct bytes *value,
                          struct err *err) MUST_USE;
enum status pack_read_array(struct pack_reader *reader, uint32_t *count,
                            struct err *err) MUST_USE;
enum status pack_read_map(struct pack_reader *reader, uint32_t *count,
                          struct err *err) MUST_USE;
/* A bin of exactly len bytes, copied to out. */
enum status pack_read_fixed(struct pack_reader *reader, void *out, size_t len,
                            struct err *err) MUST_USE;

/* Writers (through msgpack-c's packer): always the shortest form. The caller keeps map
 * keys sorted. A failed allocation shows in buf_status. */
void pack_nil(struct buf *buf);
void pack_bool(struct buf *buf, bool value);
void pack_uint(struct buf *buf, uint64_t value);
void pack_str(struct buf *buf, const char *text);
void pack_str_bytes(struct buf *buf, struct bytes text);
void pack_bin(struct buf *buf, const void *data, size_t len);
void pack_array(struct buf *buf, uint32_t count);
void pack_map(struct buf *buf, uint32_t count);

/* Is it UTF-8 (shortest forms, no surrogates) without NUL? */
bool utf8_is_valid(struct bytes text);
/* The next character of a text; text moves on behind it. A byte that begins none
 * comes back as U+FFFD. False at the end. */
bool utf8_next(struct bytes *text, uint32_t *character);
/* Does it act on what stands around it, or stand for nothing that one sees? Controls,
 * what turns the direction of a text, joiners, fillers, tags. Whoever shows it to a
 * person writes it out. */
bool utf8_is_active(uint32_t character);

#endif
