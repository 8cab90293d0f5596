/*
 * picture: a JPEG or PNG file, put together again from nothing but the picture. Where and
 * when it was taken, with which camera, by whom, thumbnails, comments, colour profiles
 * and whatever stands behind the end are left out; how it is to be turned stays. The
 * picture itself is not decoded: what a camera might hide in the pixels stays hidden
 * there.
 *
 * Forms: JPEG: ITU-T T.81 Annex B (baseline, extended and progressive Huffman, 8 bits),
 * JFIF: ITU-T T.871, orientation: Exif 2.3 tag 0x0112. PNG: W3C PNG, second edition.
 */
#ifndef FENGQIAO_PROTO_PICTURE_H
#define FENGQIAO_PROTO_PICTURE_H

#include "proto/bytes.h"
#include "proto/err.h"
#include "proto/limits.h"

struct picture {
    const char *type;       /* "image/jpeg" or "image/png" */
    uint32_t width, height; /* pixels as stored, 1 to PICTURE_SIDE_MAX */
    uint32_t orientation;   /* 1 (as it is) to 8, of Exif; 1 of a PNG */
};

/*
 * Appends the cleaned file to out; never longer than file and 16 bytes. A cleaned file
 * comes out as it went in. UNSUPPORTED: neither of the two, or a variant that hardly
 * anything writes; INVALID: damaged or cut short; TOO_LARGE: more pixels than the limit.
 * err says it for a person. Where it fails, out may hold a part.
 */
enum status picture_clean(struct bytes file, struct buf *out, struct picture *about,
                          struct err *err) MUST_USE;

/* The same for one of the two; picture_clean looks which. */
enum status jpeg_clean(struct bytes file, struct buf *out, struct picture *about,
                       struct err *err) MUST_USE;
enum status png_clean(struct bytes file, struct buf *out, struct picture *about,
                      struct err *err) MUST_USE;
/* Both sides within 1 and the limit, kept in about. */
enum status picture_size(struct picture *about, uint32_t width, uint32_t height,
                         struct err *err) MUST_USE;

#endif
