/*
 * The JPEG half of picture.h. Happy path: tables, frame, scans and the end are copied;
 * of the application segments only what the decoder must know is written anew: that it
 * is JFIF, the colour transform of an Adobe segment, and the orientation.
 */
#include <string.h>

#include "proto/picture.h"

enum marker {
    M_SOF0 = 0xc0,
    M_SOF2 = 0xc2,
    M_DHT = 0xc4,
    M_RST0 = 0xd0,
    M_RST7 = 0xd7,
    M_SOI = 0xd8,
    M_EOI = 0xd9,
    M_SOS = 0xda,
    M_DQT = 0xdb,
    M_DRI = 0xdd,
    M_APP0 = 0xe0,
    M_APP1 = 0xe1,
    M_APP14 = 0xee,
    M_APP15 = 0xef,
    M_COM = 0xfe,
};

#define COMPONENTS_MAX 4
#define ADOBE_TRANSFORM 11 /* where in its segment */
#define TAG_ORIENTATION 0x0112
#define TYPE_SHORT 3

struct jpeg {
    const uint8_t *at, *end;
    bool is_jfif, has_adobe, has_frame, has_scan;
    uint8_t transform;
    uint32_t orientation;
};

static enum status damaged(struct err *err, const char *what)
{
    return err_set(err, STATUS_INVALID, "the JPEG picture is damaged: %s", what);
}

static enum status unknown(struct err *err)
{
    return err_set(err, STATUS_UNSUPPORTED,
                   "the JPEG picture is of a kind that hardly anything can show; save it "
                   "anew with another program");
}

static bool begins(struct bytes data, const char *word, size_t len)
{
    return data.len >= len && memcmp(data.data, word, len) == 0;
}

/* --- segments --- */

static enum status next_marker(struct jpeg *jpeg, uint8_t *marker, struct err *err)
{
    if (jpeg->at == jpeg->end)
        return damaged(err, "it is cut short");
    if (*jpeg->at != 0xff)
        return damaged(err, "something stands between its parts");
    while (jpeg->at < jpeg->end && *jpeg->at == 0xff)
        jpeg->at++;
    if (jpeg->at == jpeg->end)
        return damaged(err, "it is cut short");
    *marker = *jpeg->at++;
    return STATUS_OK;
}

static enum status next_segment(struct jpeg *jpeg, struct bytes *data, struct err *err)
{
    size_t left = (size_t)(jpeg->end - jpeg->at);
    size_t len = left < 2 ? 0 : (size_t)jpeg->at[0] << 8 | jpeg->at[1];
    if (len < 2 || len > left)
        return damaged(err, "it is cut short");
    *data = bytes_of(jpeg->at + 2, len - 2);
    jpeg->at += len;
    return STATUS_OK;
}

static void put_segment(struct buf *out, uint8_t marker, struct bytes data)
{
    buf_add_u8(out, 0xff);
    buf_add_u8(out, marker);
    buf_add_u16(out, (uint16_t)(data.len + 2));
    buf_add(out, data.data, data.len);
}

/* --- what the decoder must know of the application segments --- */

static uint32_t number_at(const uint8_t *at, size_t len, bool is_little)
{
    uint32_t number = 0;
    for (size_t i = 0; i < len; i++)
        number = number << 8 | at[is_little ? len - 1 - i : i];
    return number;
}

/* Of the first directory of a TIFF block; 1 where it does not say, or says nonsense. */
static uint32_t orientation_of(struct bytes tiff)
{
    bool is_little = begins(tiff, "II*\0", 4);
    if (tiff.len < 8 || (!is_little && !begins(tiff, "MM\0*", 4)))
        return 1;
    uint32_t at = number_at(tiff.data + 4, 4, is_little);
    if (at > tiff.len - 2)
        return 1;
    uint32_t entries = number_at(tiff.data + at, 2, is_little);
    const uint8_t *entry = tiff.data + at + 2;
    for (; entries > 0 && tiff.data + tiff.len - entry >= 12; entries--, entry += 12) {
        uint32_t value = number_at(entry + 8, 2, is_little);
        if (number_at(entry, 2, is_little) == TAG_ORIENTATION &&
            number_at(entry + 2, 2, is_little) == TYPE_SHORT)
            return value >= 1 && value <= 8 ? value : 1;
    }
    return 1;
}

static void note_application(struct jpeg *jpeg, uint8_t marker, struct bytes data)
{
    if (marker == M_APP0 && begins(data, "JFIF\0", 5)) {
        jpeg->is_jfif = true;
    } else if (marker == M_APP1 && begins(data, "Exif\0", 6)) {
        uint32_t turned = orientation_of(bytes_of(data.data + 6, data.len - 6));
        if (turned > 1)
            jpeg->orientation = turned;
    } else if (marker == M_APP14 && begins(data, "Adobe", 5) &&
               data.len > ADOBE_TRANSFORM) {
        jpeg->has_adobe = true;
        jpeg->transform = data.data[ADOBE_TRANSFORM];
    }
}

/* Version 1.1, no unit, square pixels, no thumbnail. */
static const uint8_t jfif[] = {'J', 'F', 'I', 'F', 0, 1, 1, 0, 0, 1, 0, 1, 0, 0};
static const uint8_t adobe[] = {'A', 'd', 'o', 'b', 'e', 0, 100, 0, 0, 0, 0, 0};
/* A TIFF block of one directory of one entry. */
static const uint8_t exif[] = {
    'E', 'x', 'i', 'f',  0, 0, 'M', 'M', 0, '*', 0, 0, 0, 8, /* directory at 8 */
    0,   1,   1,   0x12, 0, 3, 0,   0,   0, 1,   0, 0, 0, 0, /* the entry */
    0,   0,   0,   0,                                        /* no other directory */
};
#define EXIF_ORIENTATION 25

static void put_head(const struct jpeg *jpeg, struct buf *out)
{
    uint8_t copy[sizeof(exif)];
    buf_add_u8(out, 0xff);
    buf_add_u8(out, M_SOI);
    if (jpeg->is_jfif)
        put_segment(out, M_APP0, bytes_of(jfif, sizeof(jfif)));
    if (jpeg->orientation > 1) {
        memcpy(copy, exif, sizeof(exif));
        copy[EXIF_ORIENTATION] = (uint8_t)jpeg->orientation;
        put_segment(out, M_APP1, bytes_of(copy, sizeof(exif)));
    }
    if (jpeg->has_adobe) {
        memcpy(copy, adobe, sizeof(adobe));
        copy[ADOBE_TRANSFORM] = jpeg->transform;
        put_segment(out, M_APP14, bytes_of(copy, sizeof(adobe)));
    }
}

/* --- what is copied: nothing may stand behind the tables of a segment --- */

static bool are_quantisers(struct bytes data)
{
    size_t at = 0;
    while (at < data.len)
        at += 1 + (data.data[at] >> 4 == 0 ? 64 : 128);
    return data.len > 0 && at == data.len;
}

static bool are_huffman_tables(struct bytes data)
{
    size_t at = 0;
    while (at + 17 <= data.len) {
        size_t symbols = 0;
        for (size_t i = 1; i <= 16; i++)
            symbols += data.data[at + i];
        at += 17 + symbols;
    }
    return data.len > 0 && at == data.len;
}

static enum status read_frame(struct jpeg *jpeg, struct bytes data, struct picture *about,
                              struct err *err)
{
    if (jpeg->has_frame)
        return damaged(err, "it has two frames");
    if (data.len < 6 || data.data[5] == 0 || data.data[5] > COMPONENTS_MAX ||
        data.len != 6 + 3 * (size_t)data.data[5])
        return damaged(err, "its frame has the wrong size");
    if (data.data[0] != 8)
        return unknown(err);
    jpeg->has_frame = true;
    return picture_size(about, number_at(data.data + 3, 2, false),
                        number_at(data.data + 1, 2, false), err);
}

/* The header of a scan, and what follows up to the next marker that is none of a scan. */
static enum status copy_scan(struct jpeg *jpeg, struct bytes head, struct buf *out,
                             struct err *err)
{
    if (!jpeg->has_frame)
        return damaged(err, "its parts stand in the wrong order");
    if (head.len < 1 || head.data[0] == 0 || head.data[0] > COMPONENTS_MAX ||
        head.len != 4 + 2 * (size_t)head.data[0])
        return damaged(err, "its scan has the wrong size");
    jpeg->has_scan = true;
    put_segment(out, M_SOS, head);
    const uint8_t *start = jpeg->at;
    for (; jpeg->end - jpeg->at >= 2; jpeg->at++) {
        uint8_t next = jpeg->at[1];
        if (jpeg->at[0] == 0xff && next != 0 && (next < M_RST0 || next > M_RST7))
            break;
    }
    if (jpeg->end - jpeg->at < 2)
        return damaged(err, "it is cut short");
    buf_add(out, start, (size_t)(jpeg->at - start));
    return STATUS_OK;
}

static enum status take(struct jpeg *jpeg, uint8_t marker, struct buf *out,
                        struct picture *about, struct err *err)
{
    struct bytes data = {0};
    if (marker <= 0x01 || (marker >= M_RST0 && marker <= M_SOI))
        return damaged(err, "its parts stand in the wrong order");
    enum status status = next_segment(jpeg, &data, err);
    if (status != STATUS_OK)
        return status;
    if (marker >= M_APP0 && marker <= M_APP15) {
        note_application(jpeg, marker, data);
        return STATUS_OK;
    }
    if (marker == M_COM)
        return STATUS_OK;
    if (marker == M_SOS)
        return copy_scan(jpeg, data, out, err);
    if (marker >= M_SOF0 && marker <= M_SOF2)
        status = read_frame(jpeg, data, about, err);
    else if ((marker == M_DQT && !are_quantisers(data)) ||
             (marker == M_DHT && !are_huffman_tables(data)) ||
             (marker == M_DRI && data.len != 2))
        status = damaged(err, "one of its tables has the wrong size");
    else if (marker != M_DQT && marker != M_DHT && marker != M_DRI)
        status = unknown(err);
    if (status == STATUS_OK)
        put_segment(out, marker, data);
    return status;
}

enum status jpeg_clean(struct bytes file, struct buf *out, struct picture *about,
                       struct err *err)
{
    struct jpeg jpeg = {
        .at = file.data + 2, .end = file.data + file.len, .orientation = 1};
    struct buf body = {0};
    uint8_t marker = 0;
    about->type = "image/jpeg";
    enum status status = next_marker(&jpeg, &marker, err);
    while (status == STATUS_OK && marker != M_EOI) {
        status = take(&jpeg, marker, &body, about, err);
        if (status == STATUS_OK)
            status = next_marker(&jpeg, &marker, err);
    }
    if (status == STATUS_OK && !jpeg.has_scan)
        status = damaged(err, "it ends too early");
    if (status == STATUS_OK) {
        about->orientation = jpeg.orientation;
        put_head(&jpeg, out);
        buf_append(out, &body);
        buf_add_u8(out, 0xff);
        buf_add_u8(out, M_EOI);
        status = buf_status(out);
    }
    buf_deinit(&body);
    return status;
}
