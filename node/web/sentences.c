#include "node/web/sentences.h"

#include <assert.h>
#include <string.h>

#include "sentence_list.h"

#define PLACES_MAX 8
#define DEPTH_MAX 3 /* "as before: not done (note): the case is closed" */

struct places {
    struct bytes values[PLACES_MAX];
    size_t len;
};

struct bytes sentences_all(void)
{
    return bytes_of(embedded_sentences_txt, sizeof(embedded_sentences_txt));
}

static struct bytes behind(struct bytes text, size_t len)
{
    return bytes_of(text.data + len, text.len - len);
}

/* ---- a sentence against a format of printf ---- */

/* Moves behind "%.*s" or "%llu", whose percent sign is gone; is it a number? */
static bool take_conversion(struct bytes *format)
{
    size_t len = 0;
    while (len < format->len && memchr(".*lz", format->data[len], 4) != NULL)
        len++;
    assert(len < format->len); /* a test reads each line of the catalogue */
    bool is_number = format->data[len] != 's';
    *format = behind(*format, len + 1);
    return is_number;
}

static bool is_digits(struct bytes text)
{
    for (size_t i = 0; i < text.len; i++)
        if (text.data[i] < '0' || text.data[i] > '9')
            return false;
    return text.len > 0;
}

/* What stands in a place: up to the next words of the format, which come first where they
 * come; at its end they come last. */
static bool take_value(struct bytes *sentence, struct bytes words, bool is_last,
                       struct bytes *value)
{
    const uint8_t *found = NULL;
    if (sentence->len < words.len)
        return false;
    if (is_last)
        found = sentence->data + sentence->len - words.len;
    else
        found = memmem(sentence->data, sentence->len, words.data, words.len);
    if (found == NULL || memcmp(found, words.data, words.len) != 0)
        return false;
    *value = bytes_of(sentence->data, (size_t)(found - sentence->data));
    *sentence = behind(*sentence, value->len + words.len);
    return true;
}

/* score: how many bytes of the sentence are the format's own. */
static bool fits(struct bytes format, struct bytes sentence, struct places *places,
                 size_t *score)
{
    bool is_last = memchr(format.data, '%', format.len) == NULL;
    struct bytes words = bytes_take(&format, "%");
    *score = words.len;
    places->len = 0;
    if (sentence.len < words.len || memcmp(sentence.data, words.data, words.len) != 0)
        return false;
    sentence = behind(sentence, words.len);
    while (!is_last && places->len < PLACES_MAX) {
        struct bytes *value = &places->values[places->len++];
        bool is_number = take_conversion(&format);
        is_last = memchr(format.data, '%', format.len) == NULL;
        words = bytes_take(&format, "%");
        *score += words.len;
        if (!take_value(&sentence, words, is_last, value) ||
            (is_number && !is_digits(*value)))
            return false;
    }
    return sentence.len == 0;
}

/* The line whose own words are the most. */
static bool find(struct bytes sentence, struct places *places, struct bytes *said)
{
    struct bytes left = sentences_all();
    size_t best = 0, score;
    while (left.len > 0) {
        struct bytes line = bytes_take(&left, "\n");
        struct bytes format = bytes_take(&line, " | ");
        struct places found;
        if (!fits(format, sentence, &found, &score) || score <= best)
            continue;
        best = score;
        *places = found;
        *said = line;
    }
    return best > 0;
}

/* ---- its places ---- */

static void say(struct buf *out, struct bytes sentence, int depth);

/* Words parted by blanks or commas, each as the catalogue has it; where one is not there
 * the value stays as it is. */
static void add_words(struct buf *out, struct bytes prefix, struct bytes value)
{
    struct buf words = {0};
    struct bytes left = value, text;
    bool is_known = true;
    while (is_known && left.len > 0) {
        struct bytes word = bytes_take(&left, " ");
        if (word.len > 0 && word.data[word.len - 1] == ',')
            word.len--;
        if (word.len == 0)
            continue;
        is_known = texts_find_word(prefix, word, LANGUAGE_ZH_CN, &text);
        if (!is_known)
            break;
        if (words.len > 0)
            buf_add(&words, "、", strlen("、"));
        buf_add(&words, text.data, text.len);
    }
    buf_add(out, is_known ? words.data : value.data, is_known ? words.len : value.len);
    out->failed |= words.failed;
    buf_deinit(&words);
}

/* place: "1", "field 1", "say 1" */
static void add_place(struct buf *out, struct bytes place, const struct places *places,
                      int depth)
{
    struct bytes number = place;
    struct bytes prefix = bytes_take(&number, " ");
    if (number.len == 0) {
        number = place;
        prefix.len = 0;
    }
    size_t at = number.len == 1 ? (size_t)(number.data[0] - '1') : PLACES_MAX;
    if (at >= places->len)
        return; /* and a test fails */
    struct bytes value = places->values[at];
    if (bytes_equal_str(prefix, "say"))
        say(out, value, depth + 1);
    else if (prefix.len > 0)
        add_words(out, prefix, value);
    else
        buf_add(out, value.data, value.len);
}

static void say(struct buf *out, struct bytes sentence, int depth)
{
    struct places places;
    struct bytes said;
    if (texts_find_english("effect.", sentence, &said) ||
        texts_find_english("status.", sentence, &said)) {
        buf_add(out, said.data, said.len);
        return;
    }
    if (depth == DEPTH_MAX || !find(sentence, &places, &said)) {
        buf_add(out, sentence.data, sentence.len);
        return;
    }
    while (said.len > 0) {
        struct bytes words = bytes_take(&said, "{");
        buf_add(out, words.data, words.len);
        struct bytes place = bytes_take(&said, "}");
        if (place.len > 0)
            add_place(out, place, &places, depth);
    }
}

void sentences_say(struct buf *out, enum language language, struct bytes sentence)
{
    if (language == LANGUAGE_ZH_CN)
        say(out, sentence, 0);
    else
        buf_add(out, sentence.data, sentence.len);
}
