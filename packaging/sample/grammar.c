#include "packaging/sample/grammar.h"

#include "packaging/sample/dice.h"
#include "packaging/sample/lexicon.h"
#include "packaging/sample/sample_text.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

/* A part of a template, from `at` up to `end`. */
struct span {
    const char *at;
    const char *end;
};

static bool expand(struct grammar *grammar, struct span span, size_t depth,
                   struct sample_text *out);

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return c >= 'a' && c <= 'z';
}

void grammar_init(struct grammar *grammar, struct dice *dice)
{
    memset(grammar, 0, sizeof(*grammar));
    grammar->dice = dice;
    for (size_t i = 0; i < GRAMMAR_LABELS; i++)
        grammar->chosen[i] = -1;
    for (size_t i = 0; i < GRAMMAR_LETTERS; i++)
        grammar->numbers[i] = -1;
}

void grammar_slot_add(struct grammar *grammar, const char *name, const char *template)
{
    assert(grammar->slots_len < GRAMMAR_SLOTS_MAX);
    grammar->slots[grammar->slots_len].name = name;
    grammar->slots[grammar->slots_len].template = template;
    grammar->slots_len++;
}

/* Reads digits; false when there is none. Values stay far below the limit. */
static bool read_number(struct span *span, int32_t *value)
{
    const char *first = span->at;

    *value = 0;
    while (span->at < span->end && is_digit(*span->at)) {
        if (*value > 99999999)
            return false;
        *value = *value * 10 + (*span->at++ - '0');
    }
    return span->at > first;
}

static bool put_number(int32_t value, struct sample_text *out)
{
    char digits[16];
    int len = snprintf(digits, sizeof(digits), "%d", (int)value);

    sample_text_put(out, digits, (size_t)len);
    return true;
}

/* low~high or low~high/step */
static bool throw_number(struct grammar *grammar, struct span span, int32_t *value)
{
    int32_t low, high;
    int32_t step = 1;

    if (!read_number(&span, &low))
        return false;
    if (span.at == span.end || *span.at++ != '~')
        return false;
    if (!read_number(&span, &high))
        return false;
    if (span.at < span.end && *span.at == '/') {
        span.at++;
        if (!read_number(&span, &step))
            return false;
    }
    if (span.at != span.end || low > high || step < 1)
        return false;
    *value = low + step * dice_between(grammar->dice, 0, (high - low) / step);
    return true;
}

static bool expand_letter(struct grammar *grammar, struct span name,
                          struct sample_text *out)
{
    int32_t *number = &grammar->numbers[*name.at - 'a'];

    if (name.end - name.at == 1)
        return *number >= 0 && put_number(*number, out);
    if (name.at[1] != '=')
        return false;
    name.at += 2;
    if (*number < 0 && !throw_number(grammar, name, number))
        return false;
    return put_number(*number, out);
}

static bool expand_name(struct grammar *grammar, struct span name, size_t depth,
                        struct sample_text *out)
{
    const char *template = NULL;
    size_t len = (size_t)(name.end - name.at);
    int32_t number;

    if (len == 0)
        return false;
    if (is_letter(*name.at))
        return expand_letter(grammar, name, out);
    if (is_digit(*name.at))
        return throw_number(grammar, name, &number) && put_number(number, out);
    for (size_t i = 0; i < grammar->slots_len; i++) {
        const char *slot = grammar->slots[i].name;

        if (strlen(slot) == len && memcmp(slot, name.at, len) == 0)
            template = grammar->slots[i].template;
    }
    if (template == NULL)
        template = lexicon_rule(name.at, len);
    if (template == NULL)
        return false;
    return expand(grammar, (struct span){template, template + strlen(template)},
                  depth + 1, out);
}

/* Cuts `body` at its outer bars. False when there are too many alternatives. */
static bool cut_alternatives(struct span body, struct span *cuts, size_t *count)
{
    size_t depth = 0;
    const char *first = body.at;

    *count = 0;
    for (const char *at = body.at; at <= body.end; at++) {
        if (at == body.end || (*at == '|' && depth == 0)) {
            if (*count == GRAMMAR_ALTERNATIVES_MAX)
                return false;
            cuts[(*count)++] = (struct span){first, at};
            first = at + 1;
        } else if (*at == '{') {
            depth++;
        } else if (*at == '}') {
            depth--;
        }
    }
    return true;
}

static bool choose(struct grammar *grammar, int label, size_t count, size_t *index)
{
    if (label < 0) {
        *index = dice_below(grammar->dice, (uint32_t)count);
        return true;
    }
    if (grammar->chosen[label] < 0) {
        grammar->chosen[label] = (int32_t)dice_below(grammar->dice, (uint32_t)count);
        grammar->offered[label] = count;
    }
    *index = (size_t)grammar->chosen[label];
    return grammar->offered[label] == count;
}

static bool expand_choice(struct grammar *grammar, struct span body, size_t depth,
                          struct sample_text *out)
{
    struct span cuts[GRAMMAR_ALTERNATIVES_MAX];
    size_t count, index;
    int label = -1;

    if (body.end - body.at >= 2 && is_digit(body.at[0]) && body.at[1] == ':') {
        label = body.at[0] - '0';
        body.at += 2;
    }
    if (!cut_alternatives(body, cuts, &count))
        return false;
    if (!choose(grammar, label, count, &index))
        return false;
    return expand(grammar, cuts[index], depth + 1, out);
}

/* The brace that closes the one at `span.at`, or NULL. */
static const char *closing_brace(struct span span)
{
    size_t depth = 0;

    for (const char *at = span.at; at < span.end; at++) {
        if (*at == '{')
            depth++;
        if (*at == '}' && --depth == 0)
            return at;
    }
    return NULL;
}

static bool expand(struct grammar *grammar, struct span span, size_t depth,
                   struct sample_text *out)
{
    if (depth > GRAMMAR_DEPTH_MAX)
        return false;
    while (span.at < span.end) {
        const char *first = span.at;
        const char *close;
        bool ok = true;

        if (*first == '{') {
            close = closing_brace(span);
            if (close == NULL)
                return false;
            ok = expand_choice(grammar, (struct span){first + 1, close}, depth, out);
            span.at = close + 1;
        } else if (*first == '<') {
            close = memchr(first, '>', (size_t)(span.end - first));
            if (close == NULL)
                return false;
            ok = expand_name(grammar, (struct span){first + 1, close}, depth, out);
            span.at = close + 1;
        } else if (*first == '}' || *first == '>' || *first == '|') {
            return false;
        } else {
            while (span.at < span.end && strchr("{}<>|", *span.at) == NULL)
                span.at++;
            sample_text_put(out, first, (size_t)(span.at - first));
        }
        if (!ok)
            return false;
    }
    return !out->overflowed;
}

bool grammar_expand(struct grammar *grammar, const char *template,
                    struct sample_text *out)
{
    return expand(grammar, (struct span){template, template + strlen(template)}, 0, out);
}
