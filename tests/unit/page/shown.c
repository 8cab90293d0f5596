#include "shown.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

void shown_value(char *out, size_t size, struct pack_reader *reader)
{
    struct pack_item item;
    size_t len = strlen(out);
    assert_int_equal(pack_next(reader, &item, NULL), STATUS_OK);
    switch (item.type) {
    case PACK_UINT:
        (void)snprintf(out + len, size - len, "%llu", (unsigned long long)item.number);
        break;
    case PACK_BOOL:
        (void)snprintf(out + len, size - len, item.number != 0 ? "true" : "false");
        break;
    case PACK_NIL:
        (void)snprintf(out + len, size - len, "nil");
        break;
    case PACK_STR:
    case PACK_BIN:
        (void)snprintf(out + len, size - len,
                       item.type == PACK_STR ? "\"%.*s\"" : "<%.*s>", (int)item.bytes.len,
                       (const char *)item.bytes.data);
        break;
    default:
        assert_true(item.type == PACK_ARRAY || item.type == PACK_MAP);
        (void)snprintf(out + len, size - len, item.type == PACK_MAP ? "{" : "[");
        for (uint32_t i = 0; i < item.count; i++) {
            if (i > 0)
                (void)snprintf(out + strlen(out), size - strlen(out), ",");
            shown_value(out, size, reader);
            if (item.type == PACK_ARRAY)
                continue;
            (void)snprintf(out + strlen(out), size - strlen(out), ":");
            shown_value(out, size, reader);
        }
        len = strlen(out);
        (void)snprintf(out + len, size - len, item.type == PACK_MAP ? "}" : "]");
    }
}
