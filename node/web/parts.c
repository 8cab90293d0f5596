#include "node/web/parts.h"

#include <stddef.h>

#include "part_list.h" /* made from page/ */

static const struct {
    const char *name;
    struct bytes text;
} parts[] = {
#define PART(name, bytes, len) {name, {bytes, len}},
    EMBEDDED_LIST(PART)
#undef PART
};

#define PARTS_LEN (sizeof(parts) / sizeof(parts[0]))

bool parts_find(struct bytes name, struct bytes *text)
{
    for (size_t i = 0; i < PARTS_LEN; i++) {
        if (!bytes_equal_str(name, parts[i].name))
            continue;
        *text = parts[i].text;
        return true;
    }
    return false;
}

const char *parts_name(size_t i)
{
    return i < PARTS_LEN ? parts[i].name : NULL;
}
