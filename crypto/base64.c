#include "crypto/base64.h"

#include <string.h>

#include <sodium.h>

#define PART 48 /* bytes that are written again at a time: whole groups */

static int variant_of(enum base64_form form)
{
    return form == BASE64_PADDED ? sodium_base64_VARIANT_ORIGINAL
                                 : sodium_base64_VARIANT_ORIGINAL_NO_PADDING;
}

size_t base64_encode(char *out, const void *data, size_t len, enum base64_form form)
{
    int variant = variant_of(form);
    sodium_bin2base64(out, sodium_base64_encoded_len(len, variant), data, len, variant);
    return strlen(out);
}

/* Is that the text of these bytes? libsodium 1.0.18 takes a '+' and a '/' with the
 * highest bit set for themselves where char is signed; and what a text means must not
 * hang on the version of a library at all. */
static bool is_text_of(const char *text, size_t text_len, const uint8_t *bytes,
                       size_t len, enum base64_form form)
{
    char again[BASE64_SIZE(PART)];
    while (len > 0) {
        size_t part = len < PART ? len : PART;
        size_t part_len = base64_encode(again, bytes, part, form);
        if (part_len > text_len || /* never: so many letters are so many bytes */
            memcmp(again, text, part_len) != 0)
            return false;
        text += part_len;
        text_len -= part_len;
        bytes += part;
        len -= part;
    }
    return text_len == 0;
}

bool base64_decode(uint8_t *out, size_t size, size_t *len, const char *text,
                   size_t text_len, enum base64_form form)
{
    return sodium_base642bin(out, size, text, text_len, NULL, len, NULL,
                             variant_of(form)) == 0 &&
           is_text_of(text, text_len, out, *len, form);
}
