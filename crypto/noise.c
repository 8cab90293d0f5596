#include "crypto/noise.h"

#include <assert.h>
#include <string.h>

#include "crypto/key.h"
#include "crypto/noise_hash.h"
#include "crypto/secret.h"

#include <sodium.h>

#define MESSAGES 3
#define TOKENS_MAX 4
/* The last nonce is kept for REKEY (§5.1). */
#define NONCE_LAST UINT64_MAX

_Static_assert(crypto_aead_chacha20poly1305_ietf_ABYTES == NOISE_TAG_SIZE, "tag");
_Static_assert(crypto_aead_chacha20poly1305_ietf_KEYBYTES == NOISE_KEY_SIZE, "key");
_Static_assert(crypto_scalarmult_BYTES == NOISE_KEY_SIZE, "point");

enum token { END, E, S, EE, ES, SE, PSK };

/* The patterns, as §7.5 and §9.4 of the specification write them. */
static const struct {
    const char *name;
    bool has_psk;
    bool knows_responder; /* "<- s" before the first message */
    enum token messages[MESSAGES][TOKENS_MAX + 1];
} patterns[] = {
    [NOISE_XK] = {.name = "Noise_XK_25519_ChaChaPoly_BLAKE2b",
                  .knows_responder = true,
                  .messages = {{E, ES}, {E, EE}, {S, SE}}},
    [NOISE_XXPSK0] = {.name = "Noise_XXpsk0_25519_ChaChaPoly_BLAKE2b",
                      .has_psk = true,
                      .messages = {{PSK, E}, {E, EE, S, ES}, {S, SE}}},
};

/* ---- CipherState, §5.1 ---- */

static void nonce_bytes(uint8_t out[static 12], uint64_t nonce)
{
    memset(out, 0, 4);
    for (int i = 0; i < 8; i++)
        out[4 + i] = (uint8_t)(nonce >> (8 * i));
}

static void cipher_set(struct noise_cipher *cipher, const uint8_t key[static 32])
{
    memcpy(cipher->key, key, NOISE_KEY_SIZE);
    cipher->nonce = 0;
    cipher->has_key = true;
}

static bool cipher_encrypt(struct noise_cipher *cipher, const uint8_t *ad, size_t ad_len,
                           const uint8_t *plain, size_t len, uint8_t *out)
{
    if (cipher->nonce == NONCE_LAST)
        return false;
    uint8_t nonce[12];
    nonce_bytes(nonce, cipher->nonce++);
    crypto_aead_chacha20poly1305_ietf_encrypt(out, NULL, plain, len, ad, ad_len, NULL,
                                              nonce, cipher->key);
    return true;
}

/* len counts the tag. The counter moves only where the tag holds. */
static bool cipher_decrypt(struct noise_cipher *cipher, const uint8_t *ad, size_t ad_len,
                           const uint8_t *sealed, size_t len, uint8_t *out)
{
    if (cipher->nonce == NONCE_LAST || len < NOISE_TAG_SIZE)
        return false;
    uint8_t nonce[12];
    nonce_bytes(nonce, cipher->nonce);
    if (crypto_aead_chacha20poly1305_ietf_decrypt(out, NULL, NULL, sealed, len, ad,
                                                  ad_len, nonce, cipher->key) != 0)
        return false;
    cipher->nonce++;
    return true;
}

/* ---- SymmetricState, §5.2 ---- */

static void mix_hash(struct noise_handshake *hs, const uint8_t *data, size_t len)
{
    noise_hash_of(hs->hash, hs->hash, NOISE_HASH_SIZE, data, len);
}

static void mix_key(struct noise_handshake *hs, const uint8_t input[static 32])
{
    uint8_t out[2][NOISE_HASH_SIZE];
    noise_hash_kdf(out, 2, hs->chaining_key, input, NOISE_KEY_SIZE);
    memcpy(hs->chaining_key, out[0], NOISE_HASH_SIZE);
    cipher_set(&hs->cipher, out[1]);
    secret_wipe(out, sizeof(out));
}

static void mix_key_and_hash(struct noise_handshake *hs, const uint8_t input[static 32])
{
    uint8_t out[3][NOISE_HASH_SIZE];
    noise_hash_kdf(out, 3, hs->chaining_key, input, NOISE_KEY_SIZE);
    memcpy(hs->chaining_key, out[0], NOISE_HASH_SIZE);
    mix_hash(hs, out[1], NOISE_HASH_SIZE);
    cipher_set(&hs->cipher, out[2]);
    secret_wipe(out, sizeof(out));
}

/* In each of our patterns a key is there before the first part is sealed, and a handshake
 * has few parts. */
static void encrypt_and_hash(struct noise_handshake *hs, const uint8_t *plain, size_t len,
                             uint8_t *out)
{
    assert(hs->cipher.has_key);
    bool is_sealed =
        cipher_encrypt(&hs->cipher, hs->hash, NOISE_HASH_SIZE, plain, len, out);
    assert(is_sealed);
    (void)is_sealed;
    mix_hash(hs, out, len + NOISE_TAG_SIZE);
}

/* len is that of the message's part, its tag counted. */
static bool decrypt_and_hash(struct noise_handshake *hs, const uint8_t *part, size_t len,
                             uint8_t *out)
{
    assert(hs->cipher.has_key);
    if (!cipher_decrypt(&hs->cipher, hs->hash, NOISE_HASH_SIZE, part, len, out))
        return false;
    mix_hash(hs, part, len);
    return true;
}

/* ---- HandshakeState, §5.3 ---- */

void noise_start(struct noise_handshake *handshake, const struct noise_config *config)
{
    struct noise_handshake *hs = handshake;
    assert(config->s_secret != NULL);
    assert(config->e_secret != NULL);
    assert((config->rs != NULL) ==
           (patterns[config->pattern].knows_responder && config->is_initiator));
    assert((config->psk != NULL) == patterns[config->pattern].has_psk);

    *hs = (struct noise_handshake){.pattern = config->pattern,
                                   .is_initiator = config->is_initiator};
    const char *name = patterns[config->pattern].name;
    assert(strlen(name) <= NOISE_HASH_SIZE);
    memcpy(hs->hash, name, strlen(name));
    memcpy(hs->chaining_key, hs->hash, NOISE_HASH_SIZE);
    mix_hash(hs, config->prologue, config->prologue_len);

    memcpy(hs->s_secret, config->s_secret, NOISE_KEY_SIZE);
    memcpy(hs->e_secret, config->e_secret, NOISE_KEY_SIZE);
    key_dh_public(hs->s_public, hs->s_secret);
    key_dh_public(hs->e_public, hs->e_secret);
    if (config->psk != NULL)
        memcpy(hs->psk, config->psk, NOISE_KEY_SIZE);
    if (config->rs != NULL) {
        memcpy(hs->rs, config->rs, NOISE_KEY_SIZE);
        hs->has_rs = true;
    }
    if (patterns[config->pattern].knows_responder)
        mix_hash(hs, config->is_initiator ? hs->rs : hs->s_public, NOISE_KEY_SIZE);
}

static void fail(struct noise_handshake *hs)
{
    noise_deinit(hs);
    hs->failed = true;
}

/* In a pattern with a pre-shared key, e is mixed into the key as well (§9.2). */
static void mix_ephemeral(struct noise_handshake *hs, const uint8_t e[static 32])
{
    mix_hash(hs, e, NOISE_KEY_SIZE);
    if (patterns[hs->pattern].has_psk)
        mix_key(hs, e);
}

static bool mix_dh(struct noise_handshake *hs, const uint8_t secret[static 32],
                   const uint8_t remote[static 32])
{
    uint8_t shared[NOISE_KEY_SIZE];
    if (!key_dh(shared, secret, remote))
        return false;
    mix_key(hs, shared);
    secret_wipe(shared, sizeof(shared));
    return true;
}

/* The tokens that are the same for both sides. The first letter is the initiator's key.
 */
static bool mix_token(struct noise_handshake *hs, enum token token)
{
    bool ours_first = hs->is_initiator;
    switch (token) { /* never: who calls takes those that carry bytes */
    case EE:
        return mix_dh(hs, hs->e_secret, hs->re);
    case ES:
        return ours_first ? mix_dh(hs, hs->e_secret, hs->rs)
                          : mix_dh(hs, hs->s_secret, hs->re);
    case SE:
        return ours_first ? mix_dh(hs, hs->s_secret, hs->re)
                          : mix_dh(hs, hs->e_secret, hs->rs);
    case PSK:
        mix_key_and_hash(hs, hs->psk);
        return true;
    case END:
    case E:
    case S:
        break;
    }
    assert(!"a token that carries bytes");
    return false;
}

static bool is_our_turn(const struct noise_handshake *hs, bool to_write)
{
    bool initiator_writes = hs->turn % 2 == 0;
    return !hs->failed && hs->turn < MESSAGES &&
           (initiator_writes == hs->is_initiator) == to_write;
}

/* One token that we send: what it adds to the message goes to *at. */
static bool write_token(struct noise_handshake *hs, enum token token, uint8_t **at)
{
    switch (token) {
    case E:
        memcpy(*at, hs->e_public, NOISE_KEY_SIZE);
        mix_ephemeral(hs, hs->e_public);
        *at += NOISE_KEY_SIZE;
        return true;
    case S:
        encrypt_and_hash(hs, hs->s_public, NOISE_KEY_SIZE, *at);
        *at += NOISE_KEY_SIZE + NOISE_TAG_SIZE;
        return true;
    default:
        return mix_token(hs, token);
    }
}

bool noise_write(struct noise_handshake *handshake, const uint8_t *payload,
                 size_t payload_len, uint8_t *out, size_t out_size, size_t *out_len)
{
    struct noise_handshake *hs = handshake;
    *out_len = 0;
    if (!is_our_turn(hs, true))
        goto refuse;
    if (payload_len > NOISE_MESSAGE_MAX - NOISE_OVERHEAD_MAX ||
        out_size < payload_len + NOISE_OVERHEAD_MAX)
        goto refuse;

    uint8_t *at = out;
    const enum token *token = patterns[hs->pattern].messages[hs->turn];
    for (; *token != END; token++)
        if (!write_token(hs, *token, &at))
            goto refuse;
    encrypt_and_hash(hs, payload, payload_len, at);
    *out_len = (size_t)(at - out) + payload_len + NOISE_TAG_SIZE;
    hs->turn++;
    return true;
refuse:
    fail(hs);
    return false;
}

/* What is left of a message that is being read. */
struct cursor {
    const uint8_t *at;
    size_t left;
};

static const uint8_t *take(struct cursor *cursor, size_t len)
{
    if (cursor->left < len)
        return NULL;
    const uint8_t *part = cursor->at;
    cursor->at += len;
    cursor->left -= len;
    return part;
}

static bool read_token(struct noise_handshake *hs, enum token token,
                       struct cursor *cursor)
{
    const uint8_t *part;
    switch (token) {
    case E:
        part = take(cursor, NOISE_KEY_SIZE);
        if (part == NULL)
            return false;
        memcpy(hs->re, part, NOISE_KEY_SIZE);
        mix_ephemeral(hs, hs->re);
        return true;
    case S:
        part = take(cursor, NOISE_KEY_SIZE + NOISE_TAG_SIZE);
        if (part == NULL ||
            !decrypt_and_hash(hs, part, NOISE_KEY_SIZE + NOISE_TAG_SIZE, hs->rs))
            return false;
        hs->has_rs = true;
        return true;
    default:
        return mix_token(hs, token);
    }
}

bool noise_read(struct noise_handshake *handshake, const uint8_t *message, size_t len,
                uint8_t *out, size_t out_size, size_t *out_len)
{
    struct noise_handshake *hs = handshake;
    *out_len = 0;
    if (!is_our_turn(hs, false) || len > NOISE_MESSAGE_MAX)
        goto refuse;

    struct cursor cursor = {message, len};
    const enum token *token = patterns[hs->pattern].messages[hs->turn];
    for (; *token != END; token++)
        if (!read_token(hs, *token, &cursor))
            goto refuse;
    if (cursor.left < NOISE_TAG_SIZE || cursor.left - NOISE_TAG_SIZE > out_size)
        goto refuse;
    if (!decrypt_and_hash(hs, cursor.at, cursor.left, out))
        goto refuse;
    *out_len = cursor.left - NOISE_TAG_SIZE;
    hs->turn++;
    return true;
refuse:
    fail(hs);
    return false;
}

bool noise_is_done(const struct noise_handshake *handshake)
{
    return !handshake->failed && handshake->turn == MESSAGES;
}

void noise_split(struct noise_handshake *handshake, struct noise_cipher *send,
                 struct noise_cipher *receive, uint8_t hash[static NOISE_HASH_SIZE])
{
    assert(noise_is_done(handshake));
    uint8_t out[2][NOISE_HASH_SIZE];
    noise_hash_kdf(out, 2, handshake->chaining_key, NULL, 0);
    cipher_set(handshake->is_initiator ? send : receive, out[0]);
    cipher_set(handshake->is_initiator ? receive : send, out[1]);
    memcpy(hash, handshake->hash, NOISE_HASH_SIZE);
    secret_wipe(out, sizeof(out));
    fail(handshake);
}

const uint8_t *noise_remote_static(const struct noise_handshake *handshake)
{
    return handshake->has_rs ? handshake->rs : NULL;
}

void noise_deinit(struct noise_handshake *handshake)
{
    secret_wipe(handshake, sizeof(*handshake));
}

/* ---- transport ---- */

bool noise_seal(struct noise_cipher *cipher, const uint8_t *plain, size_t len,
                uint8_t *out)
{
    assert(cipher->has_key);
    assert(len <= NOISE_MESSAGE_MAX - NOISE_TAG_SIZE);
    return cipher_encrypt(cipher, NULL, 0, plain, len, out);
}

bool noise_open(struct noise_cipher *cipher, const uint8_t *sealed, size_t len,
                uint8_t *out)
{
    assert(cipher->has_key);
    if (len > NOISE_MESSAGE_MAX)
        return false;
    return cipher_decrypt(cipher, NULL, 0, sealed, len, out);
}

void noise_rekey(struct noise_cipher *cipher)
{
    assert(cipher->has_key);
    static const uint8_t zeros[NOISE_KEY_SIZE];
    uint8_t nonce[12], sealed[NOISE_KEY_SIZE + NOISE_TAG_SIZE];
    nonce_bytes(nonce, NONCE_LAST);
    crypto_aead_chacha20poly1305_ietf_encrypt(sealed, NULL, zeros, sizeof(zeros), NULL, 0,
                                              NULL, nonce, cipher->key);
    memcpy(cipher->key, sealed, NOISE_KEY_SIZE);
    secret_wipe(sealed, sizeof(sealed));
}
