#include "proto/frame.h"

#include <assert.h>
#include <string.h>

static const size_t classes[] = {256, 1024, 4096, 16384, FRAME_CLASS_MAX};
#define CLASSES_LEN (sizeof(classes) / sizeof(classes[0]))

bool frame_is_class(size_t length)
{
    for (size_t i = 0; i < CLASSES_LEN; i++)
        if (classes[i] == length)
            return true;
    return false;
}

size_t frame_class(size_t used)
{
    assert(used <= FRAME_USED_MAX);
    size_t i = 0;
    while (classes[i] < used + FRAME_HEAD_SIZE + FRAME_TAG_SIZE)
        i++;
    return classes[i];
}

void frame_fill(uint8_t *plain, size_t class_len, uint8_t flags, const uint8_t *used,
                size_t used_len)
{
    size_t plain_len = class_len - FRAME_TAG_SIZE;
    assert(used_len + FRAME_HEAD_SIZE <= plain_len);
    plain[0] = flags;
    plain[1] = (uint8_t)(used_len >> 8);
    plain[2] = (uint8_t)used_len;
    if (used_len > 0)
        memcpy(plain + FRAME_HEAD_SIZE, used, used_len);
    memset(plain + FRAME_HEAD_SIZE + used_len, 0, plain_len - FRAME_HEAD_SIZE - used_len);
}

enum status frame_parse(const uint8_t *plain, size_t len, uint8_t *flags,
                        struct bytes *used, struct err *err)
{
    if (len < FRAME_HEAD_SIZE || plain[0] > FRAME_FIN)
        return err_set(err, STATUS_INVALID, "frame: unknown flags");
    size_t used_len = (size_t)plain[1] << 8 | plain[2];
    if (used_len > len - FRAME_HEAD_SIZE)
        return err_set(err, STATUS_INVALID, "frame: more bytes used than it has");
    uint8_t padding = 0;
    for (size_t i = FRAME_HEAD_SIZE + used_len; i < len; i++)
        padding |= plain[i];
    if (padding != 0)
        return err_set(err, STATUS_INVALID, "frame: padding is not zero");
    *flags = plain[0];
    *used = bytes_of(plain + FRAME_HEAD_SIZE, used_len);
    return STATUS_OK;
}
