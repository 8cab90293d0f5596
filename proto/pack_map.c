#include "proto/pack_map.h"

#include "proto/pack.h"

bool pack_map_find(struct bytes map, const char *name, int depth, struct bytes *value)
{
    struct pack_reader reader = pack_reader_of(map);
    uint32_t count;
    if (pack_read_map(&reader, &count, NULL) != STATUS_OK)
        return false;
    for (uint32_t i = 0; i < count; i++) {
        struct bytes key, raw;
        if (pack_read_str(&reader, &key, NULL) != STATUS_OK ||
            pack_value(&reader, depth, &raw, NULL) != STATUS_OK)
            return false;
        if (bytes_equal_str(key, name)) {
            *value = raw;
            return true;
        }
    }
    return false;
}
