#include "tests/support/photo.h"

#include <string.h>

static uint32_t crc_of(const uint8_t *data, size_t len)
{
    uint32_t crc = UINT32_MAX;
    for (size_t i = 0; i < len; i++) {
        crc ^= data[i];
        for (int bit = 0; bit < 8; bit++)
            crc = crc >> 1 ^ ((crc & 1) != 0 ? 0xedb88320u : 0);
    }
    return ~crc;
}

static void add_chunk(struct buf *out, const char *type, const void *data, size_t len)
{
    size_t start = out->len;
    buf_add_u32(out, (uint32_t)len);
    buf_add(out, type, 4);
    buf_add(out, data, len);
    buf_add_u32(out, crc_of(out->data + start + 4, len + 4));
}

void photo_make(struct buf *out, const char *tag, size_t len)
{
    static const uint8_t header[] = {0, 0, 0, 32, 0, 0, 0, 16, 8, 0, 0, 0, 0};
    struct buf picture = {0};
    while (picture.len < len)
        buf_add(&picture, tag, strlen(tag));
    buf_add(out, "\x89PNG\r\n\x1a\n", 8);
    add_chunk(out, "IHDR", header, sizeof(header));
    add_chunk(out, "tEXt", "Comment\0" PHOTO_PLACE, sizeof("Comment\0" PHOTO_PLACE) - 1);
    add_chunk(out, "IDAT", picture.data, len);
    add_chunk(out, "IEND", "", 0);
    buf_deinit(&picture);
}
