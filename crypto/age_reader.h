/*
 * age_reader: opens an age file that comes in pieces. Plaintext goes to the sink a chunk
 * at a time, each checked; only AGE_WHOLE says that none was missing.
 */
#ifndef FENGQIAO_CRYPTO_AGE_READER_H
#define FENGQIAO_CRYPTO_AGE_READER_H

#include "crypto/age_armor.h"
#include "crypto/age_header.h"
#include "crypto/age_stream.h"

struct age_reader {
    const struct age_key *keys; /* borrowed */
    size_t keys_len;
    bool is_armored;
    bool is_open;             /* the header is behind */
    bool is_at_end;           /* the last chunk as well */
    enum age_verdict verdict; /* AGE_MORE, until it fails */
    struct age_armor armor;
    struct age_header header;
    size_t line_at; /* of the header */
    struct age_stream stream;
    uint8_t file_key[AGE_FILE_KEY_SIZE];
    size_t len; /* bytes of the header, the nonce or the chunk that is coming */
    uint8_t bytes[AGE_CHUNK_SIZE + AGE_TAG_SIZE];
    uint8_t plain[AGE_CHUNK_SIZE]; /* a try that fails leaves nothing of what it tried */
};

/* A secret_new'd or otherwise wiped place of 140 KB. keys: tried in their order. */
void age_reader_init(struct age_reader *reader, const struct age_key *keys,
                     size_t keys_len, bool is_armored);
/* The next bytes. AGE_MORE, or why not; after that it says the same for ever. */
enum age_verdict age_reader_put(struct age_reader *reader, const uint8_t *bytes,
                                size_t len, age_sink *sink, void *context);
/* There are no more. AGE_WHOLE, or why not. */
enum age_verdict age_reader_end(struct age_reader *reader, age_sink *sink, void *context);
void age_reader_wipe(struct age_reader *reader);

#endif
