#include "proto/recovery_text.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "crypto/age_text.h"
#include "crypto/secret.h"
#include "proto/recovery_words.h"

#define BYTE_ORDER_MARK "\ufeff" /* some editors put it in front */

static const char *begin_of(const char *text)
{
    if (strncmp(text, BYTE_ORDER_MARK, strlen(BYTE_ORDER_MARK)) == 0)
        text += strlen(BYTE_ORDER_MARK);
    while (isspace((unsigned char)*text))
        text++;
    return text;
}

static bool begins(const char *text, const char *with)
{
    return strncasecmp(text, with, strlen(with)) == 0;
}

/* Blanks in it, and an end of a line, are what a person or a printer put there. */
static enum status parse_line(uint8_t seed[static KEY_SEED_SIZE], const char *text,
                              struct err *err)
{
    char line[KEY_TEXT_SIZE];
    size_t len = 0;
    bool fits = true;
    for (; *text != '\0'; text++) {
        if (isspace((unsigned char)*text))
            continue;
        fits = fits && len < sizeof(line) - 1;
        if (fits)
            line[len++] = *text;
    }
    line[len] = '\0';
    bool is_key = fits && key_from_text(seed, RECOVERY_LINE_BEGIN, line);
    secret_wipe(line, sizeof(line));
    if (is_key)
        return STATUS_OK;
    return err_set(err, STATUS_INVALID,
                   "the line that begins with " RECOVERY_LINE_BEGIN
                   " is no key: of its %d characters one is wrong, missing or too many",
                   KEY_TEXT_SIZE - 1);
}

enum status recovery_text_read(uint8_t seed[static KEY_SEED_SIZE], const char *text,
                               struct err *err)
{
    text = begin_of(text);
    if (*text == '\0')
        return err_set(err, STATUS_INVALID, "the recovery key is empty");
    if (begins(text, AGE_IDENTITY_BEGIN))
        return err_set(err, STATUS_INVALID,
                       "this opens backups and is no recovery key, which is 24 words or "
                       "a line that begins with " RECOVERY_LINE_BEGIN);
    if (begins(text, RECOVERY_LINE_BEGIN))
        return parse_line(seed, text, err);
    return recovery_words_read(seed, text, err);
}

bool recovery_text_is_whole(const char *text)
{
    text = begin_of(text);
    return begins(text, RECOVERY_LINE_BEGIN) || begins(text, AGE_IDENTITY_BEGIN) ||
           recovery_words_count(text) >= RECOVERY_WORDS_LEN;
}
