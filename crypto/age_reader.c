#include "crypto/age_reader.h"

#include <assert.h>
#include <string.h>

#include "crypto/secret.h"

static_assert(AGE_HEADER_MAX <= AGE_CHUNK_SIZE, "the header has room where chunks come");

void age_reader_init(struct age_reader *reader, const struct age_key *keys,
                     size_t keys_len, bool is_armored)
{
    memset(reader, 0, sizeof(*reader));
    reader->keys = keys;
    reader->keys_len = keys_len;
    reader->is_armored = is_armored;
    reader->verdict = AGE_MORE;
}

/* ---- the header ---- */

/* One more byte of it. */
static enum age_verdict put_header(struct age_reader *reader, uint8_t byte)
{
    if (reader->len == AGE_HEADER_MAX)
        return AGE_BAD_HEADER;
    reader->bytes[reader->len++] = byte;
    if (byte != '\n')
        return AGE_MORE;
    if (!age_header_line(&reader->header, reader->bytes, reader->line_at,
                         reader->len - 1))
        return AGE_BAD_HEADER;
    reader->line_at = reader->len;
    if (reader->header.place != AGE_AT_END)
        return AGE_MORE;
    enum age_verdict verdict = age_header_open(
        &reader->header, reader->bytes, reader->keys, reader->keys_len, reader->file_key);
    reader->len = 0; /* the nonce comes next */
    return verdict;
}

static bool is_in_header(const struct age_reader *reader)
{
    return reader->header.place != AGE_AT_END;
}

static void put_nonce(struct age_reader *reader, uint8_t byte)
{
    reader->bytes[reader->len++] = byte;
    if (reader->len < AGE_NONCE_SIZE)
        return;
    age_stream_init(&reader->stream, reader->file_key, reader->bytes);
    secret_wipe(reader->file_key, sizeof(reader->file_key));
    reader->is_open = true;
    reader->len = 0;
}

/* ---- the payload ---- */

/* A chunk that is full may be the last one or not; one that is not full has to be. */
static bool open_either(struct age_reader *reader, size_t len)
{
    bool may_go_on = len == sizeof(reader->bytes);
    if (may_go_on &&
        age_stream_open(&reader->stream, reader->plain, reader->bytes, len, false))
        return true;
    reader->is_at_end =
        age_stream_open(&reader->stream, reader->plain, reader->bytes, len, true);
    return reader->is_at_end;
}

static enum age_verdict open_chunk(struct age_reader *reader, age_sink *sink,
                                   void *context)
{
    size_t len = reader->len;
    reader->len = 0;
    if (!open_either(reader, len))
        return AGE_BAD_PAYLOAD;
    return sink(context, reader->plain, len - AGE_TAG_SIZE) ? AGE_MORE : AGE_STOPPED;
}

static enum age_verdict put_payload(struct age_reader *reader, const uint8_t *bytes,
                                    size_t len, age_sink *sink, void *context)
{
    enum age_verdict verdict = AGE_MORE;
    while (len > 0 && verdict == AGE_MORE) {
        if (reader->is_at_end)
            return AGE_BAD_PAYLOAD; /* something follows */
        size_t room = sizeof(reader->bytes) - reader->len;
        size_t part = len < room ? len : room;
        memcpy(reader->bytes + reader->len, bytes, part);
        reader->len += part;
        bytes += part;
        len -= part;
        if (reader->len == sizeof(reader->bytes))
            verdict = open_chunk(reader, sink, context);
    }
    return verdict;
}

/* ---- all of it ---- */

static enum age_verdict put_file(struct age_reader *reader, const uint8_t *bytes,
                                 size_t len, age_sink *sink, void *context)
{
    size_t at = 0;
    for (; at < len && is_in_header(reader); at++) {
        enum age_verdict verdict = put_header(reader, bytes[at]);
        if (verdict != AGE_MORE)
            return verdict;
    }
    for (; at < len && !reader->is_open; at++)
        put_nonce(reader, bytes[at]);
    return put_payload(reader, bytes + at, len - at, sink, context);
}

static enum age_verdict put_text(struct age_reader *reader, const uint8_t *text,
                                 size_t len, age_sink *sink, void *context)
{
    uint8_t bytes[AGE_ARMOR_BYTES_MAX];
    size_t bytes_len;
    enum age_verdict verdict = AGE_MORE;
    for (size_t i = 0; i < len && verdict == AGE_MORE; i++) {
        verdict = age_armor_put(&reader->armor, text[i], bytes, &bytes_len);
        if (verdict == AGE_MORE && bytes_len > 0)
            verdict = put_file(reader, bytes, bytes_len, sink, context);
    }
    return verdict;
}

enum age_verdict age_reader_put(struct age_reader *reader, const uint8_t *bytes,
                                size_t len, age_sink *sink, void *context)
{
    if (reader->verdict == AGE_MORE)
        reader->verdict = reader->is_armored
                              ? put_text(reader, bytes, len, sink, context)
                              : put_file(reader, bytes, len, sink, context);
    return reader->verdict;
}

enum age_verdict age_reader_end(struct age_reader *reader, age_sink *sink, void *context)
{
    if (reader->verdict != AGE_MORE)
        return reader->verdict;
    if (reader->is_armored && age_armor_end(&reader->armor) != AGE_WHOLE)
        reader->verdict = AGE_BAD_ARMOR;
    else if (!reader->is_open)
        reader->verdict = AGE_BAD_HEADER;
    else if (!reader->is_at_end)
        reader->verdict = open_chunk(reader, sink, context);
    if (reader->verdict == AGE_MORE)
        reader->verdict = AGE_WHOLE;
    return reader->verdict;
}

void age_reader_wipe(struct age_reader *reader)
{
    secret_wipe(reader, sizeof(*reader));
}
