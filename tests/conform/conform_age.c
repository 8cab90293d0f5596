#include "tests/conform/conform_age.h"

#include <stdio.h>
#include <string.h>

#include "crypto/age_reader.h"
#include "crypto/age_text.h"

#include <sodium.h>

#define LOOKED_AT 4096 /* bytes, for the mark of an armor */

static bool print(void *context, const uint8_t *bytes, size_t len)
{
    return fwrite(bytes, 1, len, context) == len;
}

static const char *name_of(enum age_verdict verdict)
{
    switch (verdict) {
    case AGE_BAD_ARMOR:
        return "armor failure";
    case AGE_BAD_HEADER:
        return "header failure";
    case AGE_NO_MATCH:
        return "no match";
    case AGE_BAD_MAC:
        return "MAC failure";
    case AGE_BAD_PAYLOAD:
        return "payload failure";
    case AGE_NO_MEMORY:
        return "no memory is left";
    default:
        return "standard output takes no more";
    }
}

static bool is_armored(const uint8_t *bytes, size_t len)
{
    size_t intro = strlen(AGE_INTRO);
    return (len < intro || memcmp(bytes, AGE_INTRO, intro) != 0) &&
           age_armor_seen(bytes, len);
}

static enum age_verdict decrypt(FILE *in, const struct age_key *key)
{
    static struct age_reader reader;
    uint8_t bytes[LOOKED_AT];
    size_t len = fread(bytes, 1, sizeof(bytes), in);
    age_reader_init(&reader, key, 1, is_armored(bytes, len));
    enum age_verdict verdict = AGE_MORE;
    for (; len > 0 && verdict == AGE_MORE; len = fread(bytes, 1, sizeof(bytes), in))
        verdict = age_reader_put(&reader, bytes, len, print, stdout);
    verdict = age_reader_end(&reader, print, stdout);
    age_reader_wipe(&reader);
    return verdict;
}

int conform_age_decrypt(const char *key_text, const char *file)
{
    uint8_t secret[KEY_SIZE];
    struct age_key key = {.passphrase = key_text, .passphrase_len = strlen(key_text)};
    if (strncmp(key_text, AGE_IDENTITY_BEGIN, strlen(AGE_IDENTITY_BEGIN)) == 0) {
        if (!age_identity_read(secret, key_text)) {
            (void)fprintf(stderr, "that is no identity\n");
            return 1;
        }
        key = (struct age_key){.secret = secret};
    }
    FILE *in = fopen(file, "rb");
    if (in == NULL || sodium_init() < 0) {
        perror(file);
        return 1;
    }
    enum age_verdict verdict = decrypt(in, &key);
    if (verdict == AGE_WHOLE && (ferror(in) != 0 || fflush(stdout) != 0))
        verdict = AGE_STOPPED;
    (void)fclose(in); /* only read */
    if (verdict != AGE_WHOLE)
        (void)fprintf(stderr, "%s\n", name_of(verdict));
    return verdict == AGE_WHOLE ? 0 : 1;
}
