#include "crypto/base64.h"

#include <string.h>

#include <sodium.h>

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

bool base64_decode(uint8_t *out, size_t size, size_t *len, const char *text,
                   size_t text_len, enum base64_form form)
{
    char again[BASE64_SIZE(2)];
    if (sodium_base642bin(out, size, text, text_len, NULL, len, NULL, variant_of(form)) !=
        0)
        return false;
    /* Only a last group that is not full could leave bits over. What a text means must
     * not hang on the version of a library. */
    size_t rest = *len % 3;
    size_t tail = base64_encode(again, out + *len - rest, rest, form);
    text += *len / 3 * 4;
    text_len -= *len / 3 * 4;
    return tail == text_len &&             /* never: the library refused another */
           memcmp(again, text, tail) == 0; /* never: the same */
}
