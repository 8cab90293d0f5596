#include "proto/recovery_words.h"

#include "crypto/digest.h"
#include "crypto/secret.h"

#include <string.h>

#define WORD_BITS 11
#define CODED_SIZE (KEY_SEED_SIZE + 1)

static uint8_t check_of(const uint8_t seed[static KEY_SEED_SIZE])
{
    uint8_t hash[DIGEST_SIZE];
    digest_of(hash, "fengqiao/1/recovery", seed, KEY_SEED_SIZE);
    uint8_t check = hash[0];
    secret_wipe(hash, sizeof(hash));
    return check;
}

/* Word i lies in three bytes at most; its place in them. */
static size_t first_byte(size_t i)
{
    return i * WORD_BITS / 8;
}

static unsigned shift_of(size_t i)
{
    return 24 - WORD_BITS - (unsigned)(i * WORD_BITS % 8);
}

void recovery_words_write(char words[static RECOVERY_WORDS_LEN][WORDS_WORD_SIZE],
                          const uint8_t seed[static KEY_SEED_SIZE])
{
    uint8_t coded[CODED_SIZE + 1]; /* the last word's third byte holds nothing of it */
    memcpy(coded, seed, KEY_SEED_SIZE);
    coded[KEY_SEED_SIZE] = check_of(seed);
    coded[CODED_SIZE] = 0;
    for (size_t i = 0; i < RECOVERY_WORDS_LEN; i++) {
        const uint8_t *at = coded + first_byte(i);
        uint32_t three = (uint32_t)at[0] << 16 | (uint32_t)at[1] << 8 | at[2];
        words_word(words[i], three >> shift_of(i) & (WORDS_LIST_LEN - 1));
    }
    secret_wipe(coded, sizeof(coded));
}

static void put_word(uint8_t coded[static CODED_SIZE + 1], size_t i, uint32_t n)
{
    uint8_t *at = coded + first_byte(i);
    uint32_t three = n << shift_of(i);
    at[0] |= (uint8_t)(three >> 16);
    at[1] |= (uint8_t)(three >> 8);
    at[2] |= (uint8_t)three;
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* How many bytes of what parts words stand here: of ASCII all but letters, and what a
 * Chinese keyboard and a page of HTML put there. */
static size_t gap_len(const char *text)
{
    static const char *const wide[] = {"\ufeff", "\u00a0", "\u3000", "、", "。", "，",
                                       "．",     "：",     "；",     "（", "）"};
    if (*text != '\0' && (unsigned char)*text < 0x80 && !is_letter(*text))
        return 1;
    for (size_t i = 0; i < sizeof(wide) / sizeof(wide[0]); i++)
        if (strncmp(text, wide[i], strlen(wide[i])) == 0)
            return strlen(wide[i]);
    return 0;
}

/* Takes the next word in lower case. Of one that is longer than any of the list, or holds
 * what is no letter, is_whole is false. False: there is none. */
static bool take_word(const char **text, char word[static WORDS_WORD_SIZE],
                      bool *is_whole)
{
    size_t len = 0, gap;
    while ((gap = gap_len(*text)) > 0)
        *text += gap;
    if (**text == '\0')
        return false;
    *is_whole = true;
    for (; **text != '\0' && gap_len(*text) == 0; (*text)++) {
        *is_whole &= is_letter(**text) && len < WORDS_WORD_SIZE - 1;
        if (*is_whole)
            word[len++] = (char)(**text | 0x20);
    }
    word[len] = '\0';
    return true;
}

unsigned recovery_words_count(const char *text)
{
    char word[WORDS_WORD_SIZE];
    unsigned count = 0;
    for (bool is_whole; take_word(&text, word, &is_whole);)
        count++;
    secret_wipe(word, sizeof(word));
    return count;
}

static enum status read_words(uint8_t coded[static CODED_SIZE + 1], const char *text,
                              char word[static WORDS_WORD_SIZE], struct err *err)
{
    bool is_whole;
    unsigned i = 0;
    for (; take_word(&text, word, &is_whole); i++) {
        uint32_t n;
        if (i == RECOVERY_WORDS_LEN)
            return err_set(err, STATUS_INVALID,
                           "these are more than the %d words of a recovery key",
                           RECOVERY_WORDS_LEN);
        if (!is_whole)
            return err_set(err, STATUS_INVALID,
                           "word %u is no word of the list, and longer than any", i + 1);
        if (!words_find(&n, word))
            return err_set(err, STATUS_INVALID, "word %u, %s, is not in the list", i + 1,
                           word);
        put_word(coded, i, n);
    }
    if (i < RECOVERY_WORDS_LEN)
        return err_set(err, STATUS_INVALID, "a recovery key has %d words, these are %u",
                       RECOVERY_WORDS_LEN, i);
    return STATUS_OK;
}

enum status recovery_words_read(uint8_t seed[static KEY_SEED_SIZE], const char *text,
                                struct err *err)
{
    uint8_t coded[CODED_SIZE + 1] = {0};
    char word[WORDS_WORD_SIZE];
    enum status status = read_words(coded, text, word, err);
    if (status == STATUS_OK && check_of(coded) != coded[KEY_SEED_SIZE])
        status = err_set(err, STATUS_INVALID,
                         "each word is in the list, but they do not belong together: one "
                         "is another, or two have changed places");
    if (status == STATUS_OK)
        memcpy(seed, coded, KEY_SEED_SIZE);
    else
        memset(seed, 0, KEY_SEED_SIZE);
    secret_wipe(coded, sizeof(coded));
    secret_wipe(word, sizeof(word));
    return status;
}
