#include "node/web/texts.h"

#include <string.h>

#include "text_list.h"

#define KEY_MAX 96

static const uint8_t *const catalogue = embedded_texts_txt;

struct bytes texts_all(void)
{
    return bytes_of(catalogue, sizeof(embedded_texts_txt));
}

const char *language_tag(enum language language)
{
    return language == LANGUAGE_ZH_CN ? "zh-CN" : "en";
}

/* The line around `at`, of which only what lies between low and high is looked at. */
static struct bytes line_around(size_t low, size_t high, size_t at)
{
    size_t begin = at, end = at;
    while (begin > low && catalogue[begin - 1] != '\n')
        begin--;
    while (end < high && catalogue[end] != '\n')
        end++;
    return bytes_of(catalogue + begin, end - begin);
}

bool texts_find(struct bytes key, enum language language, struct bytes *text)
{
    size_t low = 0, high = sizeof(embedded_texts_txt);
    while (low < high) {
        struct bytes line = line_around(low, high, low + (high - low) / 2);
        struct bytes left = line;
        int order = bytes_compare(key, bytes_take(&left, ": "));
        if (order == 0) {
            struct bytes first = bytes_take(&left, " | ");
            *text = language == LANGUAGE_ZH_CN ? first : left;
            return true;
        }
        if (order < 0)
            high = (size_t)(line.data - catalogue);
        else
            low = (size_t)(line.data - catalogue) + line.len + 1;
    }
    return false;
}

bool texts_find_word(struct bytes prefix, struct bytes value, enum language language,
                     struct bytes *text)
{
    char key[KEY_MAX];
    size_t len = prefix.len + 1 + value.len;
    if (len > sizeof(key))
        return false;
    memcpy(key, prefix.data, prefix.len);
    key[prefix.len] = '.';
    for (size_t i = 0; i < value.len; i++) {
        char c = (char)value.data[i];
        key[prefix.len + 1 + i] = c == ' ' || c == '_' || c == '/' ? '-' : c;
    }
    return texts_find(bytes_of(key, len), language, text);
}

bool texts_find_english(const char *prefix, struct bytes english, struct bytes *text)
{
    struct bytes all = texts_all();
    while (all.len > 0) {
        struct bytes line = bytes_take(&all, "\n");
        if (line.len < strlen(prefix) || memcmp(line.data, prefix, strlen(prefix)) != 0)
            continue;
        (void)bytes_take(&line, ": ");
        *text = bytes_take(&line, " | ");
        if (bytes_equal(line, english))
            return true;
    }
    return false;
}
