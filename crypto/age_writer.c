#include "crypto/age_writer.h"

#include <assert.h>
#include <string.h>

#include "crypto/age_scrypt.h"
#include "crypto/secret.h"

#define WORD "age" /* of the dice */

/* What is written of the header, and what it all hangs on. */
struct opening {
    uint8_t file_key[AGE_FILE_KEY_SIZE];
    size_t len;
    uint8_t bytes[AGE_RECIPIENTS_MAX * STANZA_SIZE + 256];
};

static void emit(struct age_writer *writer, const uint8_t *bytes, size_t len)
{
    if (!writer->has_failed)
        writer->has_failed = !writer->sink(writer->context, bytes, len);
}

static void begin(struct age_writer *writer, struct opening *opening,
                  const struct rng *rng, const uint8_t *scope, age_sink *sink,
                  void *context)
{
    memset(writer, 0, sizeof(*writer));
    writer->sink = sink;
    writer->context = context;
    opening->len = strlen(AGE_INTRO);
    memcpy(opening->bytes, AGE_INTRO, opening->len);
    rng_fill(rng, WORD, scope, opening->file_key, sizeof(opening->file_key));
}

static void end_opening(struct age_writer *writer, struct opening *opening,
                        const struct rng *rng, const uint8_t *scope)
{
    uint8_t mac[AGE_MAC_SIZE], nonce[AGE_NONCE_SIZE];
    uint8_t *at = opening->bytes + opening->len;
    size_t foot_len = strlen(AGE_FOOT);
    memcpy(at, AGE_FOOT " ", foot_len + 1);
    age_header_mac(mac, opening->file_key, opening->bytes, opening->len + foot_len);
    stanza_encode((char *)at + foot_len + 1, mac);
    at[AGE_FOOT_SIZE - 1] = '\n';
    emit(writer, opening->bytes, opening->len + AGE_FOOT_SIZE);
    rng_fill(rng, WORD, scope, nonce, sizeof(nonce));
    emit(writer, nonce, sizeof(nonce));
    age_stream_init(&writer->stream, opening->file_key, nonce);
}

static enum age_verdict verdict_of(const struct age_writer *writer, enum age_verdict good)
{
    return writer->has_failed ? AGE_STOPPED : good;
}

enum age_verdict age_writer_begin(struct age_writer *writer,
                                  const uint8_t (*recipients)[KEY_SIZE],
                                  size_t recipients_len, const struct rng *rng,
                                  const uint8_t *scope, age_sink *sink, void *context)
{
    struct opening opening;
    uint8_t ephemeral[KEY_SIZE];
    bool is_wrapped = true;
    assert(recipients_len > 0);
    assert(recipients_len <= AGE_RECIPIENTS_MAX);
    begin(writer, &opening, rng, scope, sink, context);
    for (size_t i = 0; i < recipients_len && is_wrapped; i++) {
        rng_fill(rng, WORD, scope, ephemeral, sizeof(ephemeral));
        is_wrapped = stanza_wrap((char *)opening.bytes + opening.len, opening.file_key,
                                 recipients[i], ephemeral);
        opening.len += STANZA_SIZE;
    }
    if (is_wrapped)
        end_opening(writer, &opening, rng, scope);
    secret_wipe(ephemeral, sizeof(ephemeral));
    secret_wipe(&opening, sizeof(opening));
    return is_wrapped ? verdict_of(writer, AGE_MORE) : AGE_NO_MATCH;
}

enum age_verdict age_writer_begin_passphrase(struct age_writer *writer,
                                             const char *passphrase,
                                             size_t passphrase_len, uint32_t work,
                                             const struct rng *rng, const uint8_t *scope,
                                             age_sink *sink, void *context)
{
    struct opening opening;
    uint8_t salt[AGE_SCRYPT_SALT_SIZE];
    size_t len;
    begin(writer, &opening, rng, scope, sink, context);
    rng_fill(rng, WORD, scope, salt, sizeof(salt));
    enum age_verdict verdict =
        age_scrypt_wrap((char *)opening.bytes + opening.len, &len, opening.file_key,
                        passphrase, passphrase_len, salt, work);
    if (verdict == AGE_MORE) {
        opening.len += len;
        end_opening(writer, &opening, rng, scope);
        verdict = verdict_of(writer, AGE_MORE);
    }
    secret_wipe(&opening, sizeof(opening));
    return verdict;
}

static void seal(struct age_writer *writer, bool is_last)
{
    age_stream_seal(&writer->stream, writer->bytes, writer->bytes, writer->len, is_last);
    emit(writer, writer->bytes, writer->len + AGE_TAG_SIZE);
    writer->len = 0;
}

/* A full chunk is sealed when one knows that it is not the last one. */
enum age_verdict age_writer_put(struct age_writer *writer, const void *bytes, size_t len)
{
    const uint8_t *from = bytes;
    while (len > 0 && !writer->has_failed) {
        if (writer->len == AGE_CHUNK_SIZE)
            seal(writer, false);
        size_t room = AGE_CHUNK_SIZE - writer->len;
        size_t part = len < room ? len : room;
        memcpy(writer->bytes + writer->len, from, part);
        writer->len += part;
        from += part;
        len -= part;
    }
    return verdict_of(writer, AGE_MORE);
}

enum age_verdict age_writer_end(struct age_writer *writer)
{
    seal(writer, true);
    return verdict_of(writer, AGE_WHOLE);
}

void age_writer_wipe(struct age_writer *writer)
{
    secret_wipe(writer, sizeof(*writer));
}
