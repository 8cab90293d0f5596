#include "proto/bytes.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/secret.h"

struct bytes bytes_str(const char *text)
{
    return bytes_of(text, strlen(text));
}

bool bytes_equal(struct bytes a, struct bytes b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.data, b.data, a.len) == 0);
}

bool bytes_equal_str(struct bytes a, const char *text)
{
    /* Names are compared by the thousand, and differ in their first letters mostly. */
    for (size_t i = 0; i < a.len; i++)
        if (text[i] == '\0' || (uint8_t)text[i] != a.data[i])
            return false;
    return text[a.len] == '\0';
}

struct bytes bytes_take(struct bytes *left, const char *mark)
{
    struct bytes before = *left;
    const uint8_t *found =
        left->len == 0 ? NULL : memmem(left->data, left->len, mark, strlen(mark));
    if (found == NULL) {
        *left = bytes_of(left->data + left->len, 0);
        return before;
    }
    before.len = (size_t)(found - left->data);
    *left = bytes_of(found + strlen(mark), left->len - before.len - strlen(mark));
    return before;
}

int bytes_compare(struct bytes a, struct bytes b)
{
    size_t shorter = a.len < b.len ? a.len : b.len;
    int order = shorter == 0 ? 0 : memcmp(a.data, b.data, shorter);
    if (order != 0)
        return order;
    return a.len < b.len ? -1 : a.len > b.len;
}

uint8_t *buf_reserve(struct buf *buf, size_t len)
{
    if (buf->failed)
        return NULL;
    if (len > SIZE_MAX / 2 - buf->len)
        goto fail;
    size_t needed = buf->len + len;
    if (needed > buf->capacity || buf->data == NULL) {
        size_t capacity = buf->capacity < 64 ? 64 : buf->capacity;
        while (capacity < needed)
            capacity += capacity / 2 + 64;
        uint8_t *data = realloc(buf->data, capacity);
        if (data == NULL)
            goto fail;
        buf->data = data;
        buf->capacity = capacity;
    }
    return buf->data + buf->len;
fail:
    buf->failed = true;
    return NULL;
}

void buf_add(struct buf *buf, const void *data, size_t len)
{
    uint8_t *room = buf_reserve(buf, len);
    if (room == NULL)
        return;
    if (len > 0)
        memcpy(room, data, len);
    buf->len += len;
}

void buf_append(struct buf *buf, const struct buf *from)
{
    buf_add(buf, from->data, from->len);
    buf->failed = buf->failed || from->failed;
}

void buf_add_u8(struct buf *buf, uint8_t value)
{
    buf_add(buf, &value, 1);
}

void buf_add_u16(struct buf *buf, uint16_t value)
{
    uint8_t raw[2] = {(uint8_t)(value >> 8), (uint8_t)value};
    buf_add(buf, raw, sizeof(raw));
}

void buf_add_u32(struct buf *buf, uint32_t value)
{
    uint8_t raw[4] = {(uint8_t)(value >> 24), (uint8_t)(value >> 16),
                      (uint8_t)(value >> 8), (uint8_t)value};
    buf_add(buf, raw, sizeof(raw));
}

void buf_drop(struct buf *buf, size_t len)
{
    assert(len <= buf->len);
    buf->len -= len;
    if (buf->len > 0)
        memmove(buf->data, buf->data + len, buf->len);
}

void buf_clear(struct buf *buf)
{
    buf->len = 0;
    buf->failed = false;
}

enum status buf_status(const struct buf *buf)
{
    return buf->failed ? STATUS_NO_MEMORY : STATUS_OK;
}

void buf_deinit(struct buf *buf)
{
    free(buf->data);
    *buf = (struct buf){0};
}

void buf_wipe(struct buf *buf)
{
    if (buf->data != NULL)
        secret_wipe(buf->data, buf->capacity);
    buf_deinit(buf);
}

void hex_encode(char *out, const void *data, size_t len)
{
    static const char digits[] = "0123456789abcdef";
    const uint8_t *bytes = data;
    for (size_t i = 0; i < len; i++) {
        out[2 * i] = digits[bytes[i] >> 4];
        out[2 * i + 1] = digits[bytes[i] & 15];
    }
    out[2 * len] = '\0';
}

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

bool hex_decode(void *out, size_t len, const char *text)
{
    return hex_read(out, len, bytes_str(text));
}

bool hex_read(void *out, size_t len, struct bytes text)
{
    uint8_t *bytes = out;
    if (text.len != 2 * len)
        return false;
    for (size_t i = 0; i < len; i++) {
        int high = hex_value((char)text.data[2 * i]);
        int low = hex_value((char)text.data[2 * i + 1]);
        if (high < 0 || low < 0)
            return false;
        bytes[i] = (uint8_t)(high << 4 | low);
    }
    return true;
}
