#include "proto/picture.h"

#include <string.h>

static bool begins(struct bytes file, const char *magic, size_t len)
{
    return file.len >= len && memcmp(file.data, magic, len) == 0;
}

enum status picture_size(struct picture *about, uint32_t width, uint32_t height,
                         struct err *err)
{
    if (width == 0 || height == 0)
        return err_set(err, STATUS_INVALID, "the picture has no size; is it damaged?");
    if (width > PICTURE_SIDE_MAX || height > PICTURE_SIDE_MAX)
        return err_set(err, STATUS_TOO_LARGE,
                       "the picture has more than %d pixels on a side; make it smaller",
                       PICTURE_SIDE_MAX);
    about->width = width;
    about->height = height;
    return STATUS_OK;
}

enum status picture_clean(struct bytes file, struct buf *out, struct picture *about,
                          struct err *err)
{
    *about = (struct picture){.orientation = 1};
    if (begins(file, "\xff\xd8\xff", 3))
        return jpeg_clean(file, out, about, err);
    if (begins(file, "\x89PNG\r\n\x1a\n", 8))
        return png_clean(file, out, about, err);
    return err_set(
        err, STATUS_UNSUPPORTED,
        "only JPEG and PNG pictures can be attached; a screenshot of it is one");
}
