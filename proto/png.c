/*
 * The PNG half of picture.h. Happy path: header, palette, transparency, the compressed
 * picture and the end are copied; every other chunk that a reader may skip is left out.
 */
#include <string.h>

#include "proto/picture.h"

#define SIGNATURE_SIZE 8
#define CHUNK_OVERHEAD 12 /* length, type, CRC */
#define HEADER_SIZE 13
#define PALETTE_MAX (256 * 3)

struct chunk {
    const uint8_t *start; /* of the length field */
    const uint8_t *type, *data;
    uint32_t len;
};

struct png {
    const uint8_t *at, *end;
    uint8_t depth, colour;
    uint32_t palette; /* entries */
    bool has_palette, has_transparency, has_data, data_ended;
};

static uint32_t u32_at(const uint8_t *at)
{
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

/* CRC-32 as PNG has it (ISO 3309), bit by bit. */
static uint32_t crc_of(const uint8_t *data, size_t len)
{
    uint32_t crc = UINT32_MAX;
    for (size_t i = 0; i < len; i++) {
        crc ^= data[i];
        for (int bit = 0; bit < 8; bit++)
            crc = crc >> 1 ^ (0xedb88320u & (0u - (crc & 1)));
    }
    return ~crc;
}

static enum status damaged(struct err *err, const char *what)
{
    return err_set(err, STATUS_INVALID, "the PNG picture is damaged: %s", what);
}

static bool is_type(const struct chunk *chunk, const char *type)
{
    return memcmp(chunk->type, type, 4) == 0;
}

/* A reader that does not know it may go on. */
static bool is_ancillary(const struct chunk *chunk)
{
    return (chunk->type[0] & 0x20) != 0;
}

static enum status next_chunk(struct png *png, struct chunk *chunk, struct err *err)
{
    size_t left = (size_t)(png->end - png->at);
    if (left < CHUNK_OVERHEAD)
        return damaged(err, "it is cut short");
    chunk->start = png->at;
    chunk->len = u32_at(png->at);
    if (chunk->len > left - CHUNK_OVERHEAD)
        return damaged(err, "it is cut short");
    chunk->type = png->at + 4;
    chunk->data = png->at + 8;
    png->at = chunk->data + chunk->len + 4;
    if (crc_of(chunk->type, chunk->len + 4) != u32_at(chunk->data + chunk->len))
        return damaged(err, "a check sum does not hold");
    return STATUS_OK;
}

static void copy(const struct chunk *chunk, struct buf *out)
{
    buf_add(out, chunk->start, chunk->len + CHUNK_OVERHEAD);
}

static bool has_depth(uint8_t colour, uint8_t depth)
{
    static const uint32_t depths[] = {1u << 1 | 1u << 2 | 1u << 4 | 1u << 8 | 1u << 16,
                                      0,
                                      1u << 8 | 1u << 16,
                                      1u << 1 | 1u << 2 | 1u << 4 | 1u << 8,
                                      1u << 8 | 1u << 16,
                                      0,
                                      1u << 8 | 1u << 16};
    return colour < sizeof(depths) / sizeof(depths[0]) && depth <= 16 &&
           (depths[colour] >> depth & 1) != 0;
}

static enum status read_header(struct png *png, struct buf *out, struct picture *about,
                               struct err *err)
{
    struct chunk chunk;
    enum status status = next_chunk(png, &chunk, err);
    if (status != STATUS_OK)
        return status;
    if (!is_type(&chunk, "IHDR") || chunk.len != HEADER_SIZE)
        return damaged(err, "it does not begin with its header");
    png->depth = chunk.data[8];
    png->colour = chunk.data[9];
    if (!has_depth(png->colour, png->depth))
        return damaged(err, "it has colours that there are not");
    if (chunk.data[10] != 0 || chunk.data[11] != 0 || chunk.data[12] > 1)
        return damaged(err, "it is packed in a way that there is not");
    copy(&chunk, out);
    return picture_size(about, u32_at(chunk.data), u32_at(chunk.data + 4), err);
}

static enum status take_palette(struct png *png, const struct chunk *chunk,
                                struct err *err)
{
    if (png->has_palette || png->has_transparency || png->has_data)
        return damaged(err, "its palette stands in the wrong place");
    if (chunk->len == 0 || chunk->len > PALETTE_MAX || chunk->len % 3 != 0 ||
        png->colour == 0 || png->colour == 4)
        return damaged(err, "its palette has the wrong size");
    png->has_palette = true;
    png->palette = chunk->len / 3;
    return STATUS_OK;
}

static enum status take_transparency(struct png *png, const struct chunk *chunk,
                                     struct err *err)
{
    if (png->has_transparency || png->has_data)
        return damaged(err, "its transparency stands in the wrong place");
    bool fits = png->colour == 0   ? chunk->len == 2
                : png->colour == 2 ? chunk->len == 6
                : png->colour == 3 ? chunk->len > 0 && chunk->len <= png->palette
                                   : false;
    if (!fits)
        return damaged(err, "its transparency has the wrong size");
    png->has_transparency = true;
    return STATUS_OK;
}

static enum status take_data(struct png *png, struct err *err)
{
    if (png->data_ended || (png->colour == 3 && !png->has_palette))
        return damaged(err, "its parts stand in the wrong order");
    png->has_data = true;
    return STATUS_OK;
}

static enum status take(struct png *png, const struct chunk *chunk, struct buf *out,
                        struct err *err)
{
    enum status status;
    bool is_data = is_type(chunk, "IDAT");
    png->data_ended |= png->has_data && !is_data;
    if (is_data)
        status = take_data(png, err);
    else if (is_type(chunk, "PLTE"))
        status = take_palette(png, chunk, err);
    else if (is_type(chunk, "tRNS"))
        status = take_transparency(png, chunk, err);
    else if (is_ancillary(chunk))
        return STATUS_OK;
    else
        return err_set(err, STATUS_UNSUPPORTED,
                       "the PNG picture has a part that nobody here knows; save it anew "
                       "with another program");
    if (status == STATUS_OK)
        copy(chunk, out);
    return status;
}

enum status png_clean(struct bytes file, struct buf *out, struct picture *about,
                      struct err *err)
{
    struct png png = {.at = file.data + SIGNATURE_SIZE, .end = file.data + file.len};
    struct chunk chunk;
    about->type = "image/png";
    buf_add(out, file.data, SIGNATURE_SIZE);
    enum status status = read_header(&png, out, about, err);
    while (status == STATUS_OK) {
        status = next_chunk(&png, &chunk, err);
        if (status == STATUS_OK && is_type(&chunk, "IEND"))
            break;
        if (status == STATUS_OK)
            status = take(&png, &chunk, out, err);
    }
    if (status != STATUS_OK)
        return status;
    if (!png.has_data || chunk.len != 0)
        return damaged(err, "it ends too early");
    copy(&chunk, out);
    return buf_status(out);
}
