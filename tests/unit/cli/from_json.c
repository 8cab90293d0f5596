#include "tests/unit/cli/from_json.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "proto/pack.h"

#define BYTES_MAX 64

static void add_value(struct buf *out, const json_t *value);

static int compare(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void add_map(struct buf *out, const json_t *map)
{
    const char *keys[64];
    size_t len = 0;
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)(uintptr_t)map, key, value)
    {
        assert(len < sizeof(keys) / sizeof(keys[0]));
        keys[len++] = key;
    }
    qsort(keys, len, sizeof(keys[0]), compare);
    pack_map(out, (uint32_t)len);
    for (size_t i = 0; i < len; i++) {
        pack_str(out, keys[i]);
        add_value(out, json_object_get(map, keys[i]));
    }
}

static void add_text(struct buf *out, const char *text)
{
    uint8_t bytes[BYTES_MAX];
    size_t len = strlen(text) / 2;
    if (strncmp(text, "0x", 2) != 0) {
        pack_str(out, text);
        return;
    }
    assert(len - 1 <= sizeof(bytes) && hex_decode(bytes, len - 1, text + 2));
    pack_bin(out, bytes, len - 1);
}

static void add_value(struct buf *out, const json_t *value)
{
    switch (json_typeof(value)) {
    case JSON_OBJECT:
        add_map(out, value);
        break;
    case JSON_ARRAY:
        pack_array(out, (uint32_t)json_array_size(value));
        for (size_t i = 0; i < json_array_size(value); i++)
            add_value(out, json_array_get(value, i));
        break;
    case JSON_STRING:
        add_text(out, json_string_value(value));
        break;
    case JSON_INTEGER:
        pack_uint(out, (uint64_t)json_integer_value(value));
        break;
    case JSON_TRUE:
    case JSON_FALSE:
        pack_bool(out, json_is_true(value));
        break;
    default:
        pack_nil(out);
    }
}

void from_json(struct buf *out, const char *text)
{
    json_t *value = json_loads(text, JSON_DECODE_ANY, NULL);
    assert(value);
    add_value(out, value);
    json_decref(value);
}
