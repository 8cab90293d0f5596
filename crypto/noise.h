/*
 * noise: Noise_XK_25519_ChaChaPoly_BLAKE2b and Noise_XXpsk0_25519_ChaChaPoly_BLAKE2b
 * (revision 34), bytes in, bytes out. No sockets, no dice: the ephemeral key is handed
 * in. HMAC is HMAC-BLAKE2b: RFC 2104 over unkeyed 64-byte BLAKE2b with a block of 128
 * bytes. Every failure is final: the state is wiped and refuses further use.
 */
#ifndef FENGQIAO_CRYPTO_NOISE_H
#define FENGQIAO_CRYPTO_NOISE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define NOISE_KEY_SIZE 32
#define NOISE_HASH_SIZE 64
#define NOISE_TAG_SIZE 16
#define NOISE_MESSAGE_MAX 65535
/* What a handshake message adds to its payload at most: e, s and two tags. */
#define NOISE_OVERHEAD_MAX (2 * NOISE_KEY_SIZE + 2 * NOISE_TAG_SIZE)

enum noise_pattern { NOISE_XK, NOISE_XXPSK0 };

/* One direction of transport: a key and the counter of the next message. */
struct noise_cipher {
    uint8_t key[NOISE_KEY_SIZE];
    uint64_t nonce;
    bool has_key;
};

struct noise_handshake {
    enum noise_pattern pattern;
    bool is_initiator;
    bool failed;
    int turn; /* 0, 1, 2: the next message; 3: done */
    uint8_t chaining_key[NOISE_HASH_SIZE];
    uint8_t hash[NOISE_HASH_SIZE];
    struct noise_cipher cipher;
    uint8_t psk[NOISE_KEY_SIZE];
    uint8_t s_secret[NOISE_KEY_SIZE], s_public[NOISE_KEY_SIZE];
    uint8_t e_secret[NOISE_KEY_SIZE], e_public[NOISE_KEY_SIZE];
    uint8_t rs[NOISE_KEY_SIZE], re[NOISE_KEY_SIZE];
    bool has_rs;
};

/* What starts a handshake; all pointers borrowed until noise_start returns. */
struct noise_config {
    enum noise_pattern pattern;
    bool is_initiator;
    const uint8_t *prologue; /* may be NULL with prologue_len 0 */
    size_t prologue_len;
    const uint8_t *s_secret; /* our static secret key, 32 bytes */
    const uint8_t *e_secret; /* a fresh ephemeral secret key, 32 bytes */
    const uint8_t *rs;       /* XK initiator: the responder's static key; else NULL */
    const uint8_t *psk;      /* XXpsk0: 32 bytes; else NULL */
};

/* Begins. The keys must be those that the pattern wants (asserted); rs may be any bytes,
 * since a small-order point fails the first message. */
void noise_start(struct noise_handshake *handshake, const struct noise_config *config);

/* Writes our next message with its payload. out must hold payload_len +
 * NOISE_OVERHEAD_MAX bytes; *out_len receives the length. False: not our turn, too long,
 * too small an out, or a bad remote key. */
bool noise_write(struct noise_handshake *handshake, const uint8_t *payload,
                 size_t payload_len, uint8_t *out, size_t out_size, size_t *out_len);

/* Reads their next message; the payload (at most out_size bytes) goes to out, which may
 * not overlap the message. False: it does not hold, or is not due, and the handshake is
 * over. */
bool noise_read(struct noise_handshake *handshake, const uint8_t *message, size_t len,
                uint8_t *out, size_t out_size, size_t *out_len);

bool noise_is_done(const struct noise_handshake *handshake);

/* After the third message (asserted): the two ciphers (ours to send with, theirs to
 * receive with) and the handshake hash. Wipes the handshake, remote static key included.
 */
void noise_split(struct noise_handshake *handshake, struct noise_cipher *send,
                 struct noise_cipher *receive, uint8_t hash[static NOISE_HASH_SIZE]);

/* The peer's static key (32 bytes, good until the handshake fails, is split or wiped), or
 * NULL where it is not known yet (XXpsk0: after message 2 or 3; XK responder: after 3).
 */
const uint8_t *noise_remote_static(const struct noise_handshake *handshake);

/* Wipes every secret. Accepts a zeroed struct. */
void noise_deinit(struct noise_handshake *handshake);

/* Transport: out receives len + 16 bytes (len at most NOISE_MESSAGE_MAX - 16, asserted)
 * and may be plain itself. ad is always empty. False: 2^64 - 1 messages were sent under
 * this key; nothing is written, and the connection has to end. */
bool noise_seal(struct noise_cipher *cipher, const uint8_t *plain, size_t len,
                uint8_t *out);
/* len counts the tag; out receives len - 16 bytes and may be sealed itself. False: it
 * does not hold, or the counter is used up; the counter stays, out is not to be read. */
bool noise_open(struct noise_cipher *cipher, const uint8_t *sealed, size_t len,
                uint8_t *out);
/* REKEY of the specification, §11.3; the counter goes on. */
void noise_rekey(struct noise_cipher *cipher);

#endif
