/*
 * fengqiao-conform: reads requests from standard input until it ends. Exit code 0, or 1
 * where standard input or output failed. With the argument "negentropy" it speaks the
 * line protocol of conform_negentropy.h instead, with "age-decrypt" it opens one file.
 */
#include "tests/conform/conform.h"

#include "proto/tlog_line.h"
#include "tests/conform/conform_age.h"
#include "tests/conform/conform_negentropy.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const struct conform_word *const areas[] = {
    conform_crypto_words, conform_noise_words, conform_proto_words, conform_op_words,
    conform_merkle_words, conform_note_words,  conform_seal_words,
};

/* ---- answers ---- */

void conform_say(struct conform_call *call, const char *text)
{
    for (; *text != '\0'; text++) {
        unsigned char c = (unsigned char)*text;
        buf_add_u8(call->answer, c < ' ' || c == 0x7f ? '?' : c);
    }
}

void conform_say_hex(struct conform_call *call, const void *data, size_t len)
{
    if (len == 0) {
        conform_say(call, "-");
        return;
    }
    /* hex_encode writes a NUL behind the digits, which is not counted. */
    uint8_t *at = buf_reserve(call->answer, 2 * len + 1);
    if (at == NULL)
        return;
    hex_encode((char *)at, data, len);
    call->answer->len += 2 * len;
}

void conform_error(struct conform_call *call, const char *reason)
{
    buf_clear(call->answer);
    conform_say(call, "error ");
    conform_say(call, reason);
}

bool conform_bytes(struct conform_call *call, const char *text, struct buf *out)
{
    bool is_none = strcmp(text, "-") == 0;
    size_t digits = is_none ? 0 : strlen(text);
    if (*text == '\0' || digits % 2 != 0)
        goto refuse;
    /* One byte more, so that no bytes have an address too. */
    uint8_t *at = buf_reserve(out, digits / 2 + 1);
    if (at == NULL) {
        conform_error(call, "no memory is left");
        return false;
    }
    if (!is_none && !hex_decode(at, digits / 2, text))
        goto refuse;
    out->len += digits / 2;
    return true;
refuse:
    conform_error(call, "not hex");
    return false;
}

bool conform_number(struct conform_call *call, const char *text, uint64_t *number)
{
    if (tlog_line_number(bytes_str(text), number))
        return true;
    conform_error(call, "a number has decimal digits and is below 2^63");
    return false;
}

bool conform_arguments(struct conform_call *call, struct buf *out)
{
    for (size_t i = 1; i < call->count; i++)
        if (!conform_bytes(call, call->words[i], &out[i - 1]))
            return false;
    return true;
}

void conform_free(struct buf *bufs, size_t count)
{
    for (size_t i = 0; i < count; i++)
        buf_deinit(&bufs[i]);
}

/* ---- the table ---- */

static const struct conform_word *find_word(const char *name)
{
    for (size_t i = 0; i < COUNT(areas); i++)
        for (const struct conform_word *word = areas[i]; word->word != NULL; word++)
            if (strcmp(word->word, name) == 0)
                return word;
    return NULL;
}

static void help(struct conform_call *call)
{
    if (call->count > 2) {
        conform_error(call, "wrong number of arguments");
        return;
    }
    if (call->count == 2) {
        const struct conform_word *word = find_word(call->words[1]);
        if (word == NULL)
            conform_error(call, "unknown request");
        else
            conform_say(call, word->help);
        return;
    }
    conform_say(call, "help");
    for (size_t i = 0; i < COUNT(areas); i++)
        for (const struct conform_word *word = areas[i]; word->word != NULL; word++) {
            conform_say(call, " ");
            conform_say(call, word->word);
        }
}

/* Cuts the line at its single spaces. False: too many words, or an empty one. */
static bool split(char *line, struct conform_call *call)
{
    call->count = 0;
    for (char *next = line; next != NULL;) {
        char *word = next;
        next = strchr(word, ' ');
        if (next != NULL)
            *next++ = '\0';
        if (*word == '\0' || call->count == CONFORM_WORDS_MAX)
            return false;
        call->words[call->count++] = word;
    }
    return true;
}

static void answer_line(struct conform_call *call, char *line, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (line[i] < ' ' || line[i] > '~') {
            conform_error(call, "a byte that is not printable ASCII");
            return;
        }
    if (len == 0) {
        conform_error(call, "empty request");
        return;
    }
    if (!split(line, call)) {
        conform_error(call, "too many words, or two spaces together");
        return;
    }
    if (strcmp(call->words[0], "help") == 0) {
        help(call);
        return;
    }
    const struct conform_word *word = find_word(call->words[0]);
    if (word == NULL) {
        conform_error(call, "unknown request");
        return;
    }
    size_t arguments = call->count - 1;
    if (arguments < word->arguments_min || arguments > word->arguments_max) {
        conform_error(call, "wrong number of arguments");
        return;
    }
    word->handle(call);
}

/* ---- lines ---- */

enum line { LINE_READ, LINE_TOO_LONG, LINE_END };

/* Reads up to the next newline or the end; room holds CONFORM_LINE_MAX bytes and a NUL. A
 * longer line is read to its end and thrown away. */
static enum line read_line(char *room, size_t *len)
{
    size_t seen = 0;
    int c = getc(stdin);
    if (c == EOF)
        return LINE_END;
    for (; c != EOF && c != '\n'; c = getc(stdin)) {
        if (seen < CONFORM_LINE_MAX)
            room[seen] = (char)c;
        if (seen <= CONFORM_LINE_MAX)
            seen++;
    }
    if (seen > CONFORM_LINE_MAX)
        return LINE_TOO_LONG;
    room[seen] = '\0';
    *len = seen;
    return LINE_READ;
}

static bool print_answer(const struct buf *answer)
{
    static const char no_memory[] = "error no memory is left";
    bool is_whole = buf_status(answer) == STATUS_OK;
    const void *data = is_whole ? (const void *)answer->data : no_memory;
    size_t len = is_whole ? answer->len : sizeof(no_memory) - 1;
    return fwrite(data, 1, len, stdout) == len && putchar('\n') != EOF &&
           fflush(stdout) == 0;
}

static int serve(void)
{
    static char *words[CONFORM_WORDS_MAX];
    static struct conform_session session;
    char *room = malloc(CONFORM_LINE_MAX + 1);
    if (room == NULL || sodium_init() < 0) {
        free(room);
        return 1;
    }

    bool is_printed = true;
    while (is_printed) {
        struct buf answer = {0};
        struct conform_call call = {
            .session = &session, .words = words, .answer = &answer};
        size_t len = 0;
        enum line line = read_line(room, &len);
        if (line == LINE_END)
            break;
        if (line == LINE_TOO_LONG)
            conform_error(&call, "the line is longer than 4 MiB");
        else
            answer_line(&call, room, len);
        is_printed = print_answer(&answer);
        buf_deinit(&answer);
    }
    free(room);
    return is_printed && !ferror(stdin) ? 0 : 1;
}

int main(int argc, char **argv)
{
    if (argc == 1)
        return serve();
    if (argc == 2 && strcmp(argv[1], "negentropy") == 0)
        return conform_negentropy();
    if (argc == 4 && strcmp(argv[1], "age-decrypt") == 0)
        return conform_age_decrypt(argv[2], argv[3]);
    (void)fprintf(stderr,
                  "usage: fengqiao-conform [negentropy]\n"
                  "       fengqiao-conform age-decrypt IDENTITY-OR-PASSPHRASE FILE\n");
    return 2;
}
