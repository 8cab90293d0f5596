/*
 * age_writer: makes an age file of what comes in pieces, for X25519 keys or for one
 * passphrase. What goes to the sink is the file from its first byte to its last.
 */
#ifndef FENGQIAO_CRYPTO_AGE_WRITER_H
#define FENGQIAO_CRYPTO_AGE_WRITER_H

#include "crypto/age_header.h"
#include "crypto/age_stream.h"
#include "crypto/rng.h"
#include "crypto/stanza.h"

#define AGE_RECIPIENTS_MAX 32

struct age_writer {
    age_sink *sink; /* borrowed, with its context */
    void *context;
    bool has_failed; /* it took no more */
    struct age_stream stream;
    size_t len; /* of the chunk that is not full yet */
    uint8_t bytes[AGE_CHUNK_SIZE + AGE_TAG_SIZE];
};

/* Writes the header. scope: for the dice, as in rng_fill. AGE_MORE; AGE_NO_MATCH: a
 * recipient of small order, for whom nothing can be sealed; AGE_STOPPED. At least one
 * recipient, at most AGE_RECIPIENTS_MAX. */
enum age_verdict age_writer_begin(struct age_writer *writer,
                                  const uint8_t (*recipients)[KEY_SIZE],
                                  size_t recipients_len, const struct rng *rng,
                                  const uint8_t *scope, age_sink *sink, void *context);
/* The same for a passphrase; work: age_scrypt.h. AGE_NO_MEMORY, too. */
enum age_verdict age_writer_begin_passphrase(struct age_writer *writer,
                                             const char *passphrase,
                                             size_t passphrase_len, uint32_t work,
                                             const struct rng *rng, const uint8_t *scope,
                                             age_sink *sink, void *context);
/* AGE_MORE or AGE_STOPPED. */
enum age_verdict age_writer_put(struct age_writer *writer, const void *bytes, size_t len);
/* AGE_WHOLE: the file is complete; AGE_STOPPED. */
enum age_verdict age_writer_end(struct age_writer *writer);
void age_writer_wipe(struct age_writer *writer);

#endif
