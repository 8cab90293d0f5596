/*
 * conform: one request a line in, one answer a line out, so that anybody's vectors can be
 * run against the primitives and formats of this house. Bytes are hex; none is "-".
 * Each area (conform_crypto.c, conform_noise.c and so on) brings a table of words.
 */
#ifndef FENGQIAO_TESTS_CONFORM_CONFORM_H
#define FENGQIAO_TESTS_CONFORM_CONFORM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "crypto/noise.h"
#include "proto/bytes.h"

/* A request line without its newline. */
#define CONFORM_LINE_MAX (4u * 1024 * 1024)
#define CONFORM_WORDS_MAX 256

/* What one request leaves for the next: the one-sided handshake of noise-start. */
struct conform_session {
    bool is_started;
    bool is_done;
    struct noise_handshake handshake;
    struct noise_cipher send, receive;
    uint8_t hash[NOISE_HASH_SIZE];
};

/* One request while it is answered; all of it borrowed by the handler. */
struct conform_call {
    struct conform_session *session;
    char **words; /* words[0] is the request's name */
    size_t count;
    struct buf *answer;
};

struct conform_word {
    const char *word;
    size_t arguments_min, arguments_max; /* checked before the handler runs */
    void (*handle)(struct conform_call *call);
    const char *help;
};

/* The areas' tables; each ends with an entry whose word is NULL. */
extern const struct conform_word conform_crypto_words[];
extern const struct conform_word conform_noise_words[];
extern const struct conform_word conform_proto_words[];
extern const struct conform_word conform_op_words[];
extern const struct conform_word conform_merkle_words[];
extern const struct conform_word conform_note_words[];
extern const struct conform_word conform_seal_words[];

/* Appends to the answer. Text loses bytes that would break the line. */
void conform_say(struct conform_call *call, const char *text);
void conform_say_hex(struct conform_call *call, const void *data, size_t len);
/* Replaces the answer by "error " and the reason. */
void conform_error(struct conform_call *call, const char *reason);

/* Every argument as bytes: out has a zeroed place for each. False: as conform_bytes. The
 * caller frees all places, on failure too. */
bool conform_arguments(struct conform_call *call, struct buf *out);
void conform_free(struct buf *bufs, size_t count);

/* Appends the bytes that text spells to out (the caller's to free, on failure too).
 * False: it is not hex, or no memory is left; the answer then says which. */
bool conform_bytes(struct conform_call *call, const char *text, struct buf *out);

/* The number that text spells in decimal digits, below 2^63. False: it is none; the
 * answer then says so. */
bool conform_number(struct conform_call *call, const char *text, uint64_t *number);

#endif
