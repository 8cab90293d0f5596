/*
 * fuzz_frame: a frame that is taken apart and filled again is the same frame.
 *   input  class(1): 0 to 4 a class, the bytes behind it zero-padded to its size;
 *          else the bytes as they are
 */
#include "fuzz.h"

#include "proto/frame.h"

static void check_refill(const uint8_t *plain, size_t len, uint8_t flags,
                         struct bytes used)
{
    HOLDS(used.data >= plain && used.len <= len);
    HOLDS((size_t)(used.data - plain) <= len - used.len);
    uint8_t *again = malloc(len);
    HOLDS(again != NULL);
    frame_fill(again, len + FRAME_TAG_SIZE, flags, used.data, used.len);
    HOLDS(memcmp(again, plain, len) == 0);
    free(again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const size_t classes[] = {256, 1024, 4096, 16384, FRAME_CLASS_MAX};
    struct fuzz_input input = fuzz_input_of(data, size);
    uint8_t chosen = fuzz_u8(&input);
    bool is_whole = chosen < sizeof(classes) / sizeof(classes[0]);
    size_t len = is_whole ? classes[chosen] - FRAME_TAG_SIZE : input.len;
    struct bytes rest = fuzz_take(&input, len);
    uint8_t *plain = calloc(1, len + !len);
    HOLDS(plain != NULL);
    memcpy(plain, rest.data, rest.len);

    uint8_t flags = 0xff, flags_again = 0xff;
    struct bytes used = {0}, used_again = {0};
    struct err err;
    enum status status = frame_parse(plain, len, &flags, &used, &err);
    HOLDS(frame_parse(plain, len, &flags_again, &used_again, NULL) == status);
    if (status == STATUS_OK) {
        HOLDS(flags <= FRAME_FIN && flags == flags_again);
        HOLDS(bytes_equal(used, used_again));
        check_refill(plain, len, flags, used);
        if (is_whole) {
            HOLDS(frame_is_class(frame_class(used.len)));
            HOLDS(frame_class(used.len) <= classes[chosen]);
        }
    } else {
        HOLDS(status == STATUS_INVALID);
        HOLDS(err.text[0] != '\0');
    }
    free(plain);
    return 0;
}
