#include "cli/request.h"

#include <assert.h>
#include <string.h>

#include "proto/pack.h"

void request_begin(struct request *request, const char *name)
{
    assert(request->len < REQUEST_ARGUMENTS_MAX);
    request->arguments[request->len].name = name;
    request->arguments[request->len].at = request->values.len;
}

void request_end(struct request *request)
{
    request->arguments[request->len++].end = request->values.len;
}

void request_text(struct request *request, const char *name, const char *text)
{
    if (text)
        request_bytes_text(request, name, bytes_str(text));
}

void request_bytes_text(struct request *request, const char *name, struct bytes text)
{
    /* In one piece: a text may be a PIN, and a buffer that grows leaves copies. */
    (void)buf_reserve(&request->values, text.len + 8);
    request_begin(request, name);
    pack_str_bytes(&request->values, text);
    request_end(request);
}

void request_bool(struct request *request, const char *name, bool value)
{
    request_begin(request, name);
    pack_bool(&request->values, value);
    request_end(request);
}

void request_uint(struct request *request, const char *name, uint64_t value)
{
    request_begin(request, name);
    pack_uint(&request->values, value);
    request_end(request);
}

/* The next word of the list; false at its end. Empty words are skipped. */
static bool next_word(const char **at, struct bytes *word)
{
    static const char wide_comma[] = "\xef\xbc\x8c";
    static const char list_comma[] = "\xe3\x80\x81";
    while (**at) {
        const char *end = *at;
        size_t comma_len = 0;
        for (; *end; end++) {
            comma_len =
                *end == ',' ? 1
                : strncmp(end, wide_comma, 3) == 0 || strncmp(end, list_comma, 3) == 0
                    ? 3
                    : 0;
            if (comma_len > 0)
                break;
        }
        const char *start = *at;
        *at = end + comma_len;
        while (start < end && *start == ' ')
            start++;
        while (end > start && end[-1] == ' ')
            end--;
        if (end > start) {
            *word = bytes_of(start, (size_t)(end - start));
            return true;
        }
    }
    return false;
}

void request_words(struct request *request, const char *name, const char *list)
{
    if (!list)
        return;
    uint32_t count = 0;
    struct bytes word;
    for (const char *at = list; next_word(&at, &word);)
        count++;
    request_begin(request, name);
    pack_array(&request->values, count);
    for (const char *at = list; next_word(&at, &word);)
        pack_str_bytes(&request->values, word);
    request_end(request);
}

enum status request_pack(struct request *request, struct buf *out)
{
    /* A selection by hand: sixteen names at most. */
    bool is_packed[REQUEST_ARGUMENTS_MAX] = {false};
    size_t room = request->values.len + 64;
    for (uint32_t i = 0; i < request->len; i++)
        room += strlen(request->arguments[i].name) + 8;
    (void)buf_reserve(out, room);
    pack_map(out, request->len);
    for (uint32_t n = 0; n < request->len; n++) {
        uint32_t least = REQUEST_ARGUMENTS_MAX;
        for (uint32_t i = 0; i < request->len; i++) {
            if (!is_packed[i] &&
                (least == REQUEST_ARGUMENTS_MAX ||
                 strcmp(request->arguments[i].name, request->arguments[least].name) < 0))
                least = i;
        }
        is_packed[least] = true;
        pack_str(out, request->arguments[least].name);
        if (request->values.failed)
            return STATUS_NO_MEMORY;
        buf_add(out, request->values.data + request->arguments[least].at,
                request->arguments[least].end - request->arguments[least].at);
    }
    return buf_status(out);
}

void request_deinit(struct request *request)
{
    buf_wipe(&request->values);
    *request = (struct request){0};
}
