/*
 * fuzz_key_text: a text that is a key is the text of that key, but for its case; every
 * key has a text, under its own prefix alone.
 *   input  the text; 32 bytes are also a key
 */
#include "fuzz.h"

#include "crypto/key.h"

static bool is_same_but_case(const char *text, const char *lower)
{
    size_t len = strlen(text);
    if (len != strlen(lower))
        return false;
    for (size_t i = 0; i < len; i++)
        if (text[i] != lower[i] &&
            (text[i] < 'A' || text[i] > 'Z' || text[i] - 'A' + 'a' != lower[i]))
            return false;
    return true;
}

static void check_text(const char *prefix, const char *text)
{
    uint8_t key[KEY_SIZE], again[KEY_SIZE];
    if (!key_from_text(key, prefix, text)) {
        HOLDS(!key_from_text(again, prefix, text));
        return;
    }
    char written[KEY_TEXT_SIZE], hex[2 * KEY_SIZE + 1];
    key_to_text(written, prefix, key);
    hex_encode(hex, key, KEY_SIZE);
    HOLDS(is_same_but_case(text, written) || is_same_but_case(text, hex));
}

static void check_key(const uint8_t key[static KEY_SIZE])
{
    char text[KEY_TEXT_SIZE];
    uint8_t again[KEY_SIZE];
    key_to_text(text, "fqk1", key);
    HOLDS(strlen(text) == KEY_TEXT_SIZE - 1);
    HOLDS(key_from_text(again, "fqk1", text));
    HOLDS(memcmp(again, key, KEY_SIZE) == 0);
    HOLDS(!key_from_text(again, "fqs1", text));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = fuzz_text(data, size);
    check_text("fqk1", text);
    check_text("fqs1", text);
    if (size == KEY_SIZE)
        check_key(data);
    free(text);
    return 0;
}
