#include "node/cases/query.h"

#include "node/cases/postings.h"
#include "node/cases/searchable.h"
#include "proto/pack.h"

#define SNIPPET_BEFORE 16 /* characters */
#define SNIPPET_LEN 60

static bool is_blank(uint32_t character)
{
    return character <= ' ' || character == 0x3000; /* the full-width one */
}

/* The next word; empty at the end. */
static struct bytes next_word(struct bytes *text)
{
    struct bytes word = *text, left = *text;
    uint32_t character;
    while (utf8_next(&left, &character) && is_blank(character))
        word = left;
    left = word;
    for (*text = word; utf8_next(&left, &character) && !is_blank(character);)
        *text = left;
    word.len -= text->len;
    return word;
}

enum status query_parse(struct query *query, struct bytes text, struct err *err)
{
    struct token token;
    struct bytes word;
    query->tokens_len = query->words_len = 0;
    while ((word = next_word(&text)).len > 0) {
        uint32_t first = query->tokens_len;
        for (size_t at = 0; token_next(word, &at, &token);) {
            if (query->tokens_len == QUERY_TOKENS_MAX)
                return err_set(err, STATUS_INVALID,
                               "that is too much to search for: at most %d characters or "
                               "words",
                               QUERY_TOKENS_MAX);
            query->tokens[query->tokens_len++] = token;
        }
        if (query->tokens_len > first)
            query->ends[query->words_len++] = query->tokens_len;
    }
    if (query->words_len == 0)
        return err_set(err, STATUS_INVALID,
                       "there is nothing to search for: a character, a word or a number");
    return STATUS_OK;
}

/* Does the phrase stand anywhere? Its tokens' places, one after the other. */
static bool phrase_stands(const struct bytes *places, uint32_t len)
{
    struct bytes left[QUERY_TOKENS_MAX];
    uint32_t at[QUERY_TOKENS_MAX], start = 0;
    for (uint32_t i = 0; i < len; i++) {
        left[i] = places[i];
        at[i] = PLACE_NONE;
        if (!place_next(&left[i], &at[i]))
            return false;
    }
    /* start moves up to where each token would have it, until all agree. */
    for (uint32_t i = 0; i < len;) {
        while (at[i] < start + i)
            if (!place_next(&left[i], &at[i]))
                return false;
        bool agrees = at[i] == start + i;
        start = at[i] - i;
        i = agrees ? i + 1 : 0;
    }
    return true;
}

bool query_stands(const struct query *query, const struct bytes *places)
{
    uint32_t first = 0;
    for (uint32_t i = 0; i < query->words_len; i++) {
        if (!phrase_stands(places + first, query->ends[i] - first))
            return false;
        first = query->ends[i];
    }
    return true;
}

/* --- a line around the first word --- */

/* Does the rest of the first word follow there? *end moves to its end. */
static bool word_goes_on(const struct query *query, struct bytes text, size_t at,
                         size_t *end)
{
    struct token token;
    for (uint32_t i = 1; i < query->ends[0]; i++) {
        if (!token_next(text, &at, &token) || !token_equal(&token, &query->tokens[i]))
            return false;
        *end = token.end;
    }
    return true;
}

/* So many characters back; a byte 10xxxxxx begins none. */
static size_t step_back(struct bytes text, size_t at, uint32_t characters)
{
    for (; characters > 0 && at > 0; characters--)
        do
            at--;
        while (at > 0 && (text.data[at] & 0xc0) == 0x80);
    return at;
}

static void add_line(struct buf *line, struct bytes text, size_t from, size_t end)
{
    static const char cut[] = "…";
    size_t start = step_back(text, from, SNIPPET_BEFORE);
    struct bytes left = bytes_of(text.data + start, text.len - start);
    uint32_t character;
    if (start > 0)
        buf_add(line, cut, sizeof(cut) - 1);
    for (uint32_t i = 0; i < SNIPPET_LEN || text.len - left.len < end; i++)
        if (!utf8_next(&left, &character))
            break;
    buf_add(line, text.data + start, text.len - start - left.len);
    if (left.len > 0)
        buf_add(line, cut, sizeof(cut) - 1);
}

struct look {
    const struct query *query;
    struct snippet *snippet;
};

static bool look_into(void *context, const struct searchable *one)
{
    const struct look *look = context;
    struct token token;
    for (size_t at = 0; token_next(one->text, &at, &token);) {
        size_t end = token.end;
        if (!token_equal(&token, &look->query->tokens[0]) ||
            !word_goes_on(look->query, one->text, at, &end))
            continue;
        look->snippet->kind = one->kind;
        look->snippet->field = one->field;
        add_line(&look->snippet->line, one->text, token.from, end);
        return false;
    }
    return true;
}

enum status query_snippet(const struct query *query, struct bytes view,
                          struct snippet *snippet)
{
    struct look look = {query, snippet};
    snippet->kind = snippet->field = (struct bytes){0};
    buf_clear(&snippet->line);
    searchable_each(view, look_into, &look);
    return buf_status(&snippet->line);
}
