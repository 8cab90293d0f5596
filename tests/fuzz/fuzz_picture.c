/*
 * fuzz_picture: a cleaned picture is no larger than the file and 16 bytes, comes out of a
 * second cleaning as it went in, and keeps its size and how it is to be turned.
 *   input  a JPEG or PNG file
 */
#include "fuzz.h"

#include "proto/picture.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct buf once = {0}, twice = {0};
    struct picture about, again;
    if (picture_clean(bytes_of(data, size), &once, &about, NULL) == STATUS_OK) {
        HOLDS(once.len <= size + 16);
        HOLDS(about.width > 0 && about.width <= PICTURE_SIDE_MAX);
        HOLDS(about.height > 0 && about.height <= PICTURE_SIDE_MAX);
        HOLDS(about.orientation >= 1 && about.orientation <= 8);
        HOLDS(picture_clean(buf_bytes(&once), &twice, &again, NULL) == STATUS_OK);
        HOLDS(bytes_equal(buf_bytes(&once), buf_bytes(&twice)));
        HOLDS(again.width == about.width && again.height == about.height);
        HOLDS(again.orientation == about.orientation && again.type == about.type);
    }
    buf_deinit(&once);
    buf_deinit(&twice);
    return 0;
}
