#include "node/core/digits.h"

#include <string.h>

bool digits_read(struct digits *digits, struct bytes text, size_t min)
{
    *digits = (struct digits){.len = text.len};
    if (text.len < min || text.len > 2 * ID_SIZE)
        return false;
    for (size_t i = 0; i < text.len; i++) {
        char c = (char)text.data[i];
        if (c >= 'A' && c <= 'F')
            c = (char)(c - 'A' + 'a');
        if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f')))
            return false;
        digits->text[i] = c;
    }
    return true;
}

bool digits_match(const struct digits *digits, const struct id *id)
{
    char hex[2 * ID_SIZE + 1];
    hex_encode(hex, id->bytes, ID_SIZE);
    return memcmp(hex, digits->text, digits->len) == 0;
}

bool digits_id(const struct digits *digits, struct id *id)
{
    return hex_decode(id->bytes, ID_SIZE, digits->text);
}
