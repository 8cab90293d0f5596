/*
 * conform_crypto: signatures, Diffie-Hellman, the AEAD and the hash. A request that is
 * well formed but whose sizes are wrong gets "bad", as a verifier would say; the two that
 * make something (ed25519-sign, blake2b) have no such answer.
 */
#include "tests/conform/conform.h"

#include "crypto/key.h"
#include "crypto/sign.h"

#include <sodium.h>

#define ARGUMENTS_MAX 4

static void ed25519_verify(struct conform_call *call)
{
    struct buf in[ARGUMENTS_MAX] = {{0}};
    if (conform_arguments(call, in)) {
        const struct buf *key = &in[0], *message = &in[1], *signature = &in[2];
        bool holds = key->len == KEY_SIZE && signature->len == SIGN_SIZE &&
                     sign_verify(signature->data, key->data, message->data, message->len);
        conform_say(call, holds ? "ok" : "bad");
    }
    conform_free(in, ARGUMENTS_MAX);
}

static void ed25519_sign(struct conform_call *call)
{
    struct buf in[ARGUMENTS_MAX] = {{0}};
    uint8_t signature[SIGN_SIZE];
    if (!conform_arguments(call, in))
        goto free_in;
    if (in[0].len != KEY_SEED_SIZE) {
        conform_error(call, "a seed has 32 bytes");
        goto free_in;
    }
    sign_message(signature, in[0].data, in[1].data, in[1].len);
    conform_say_hex(call, signature, sizeof(signature));
free_in:
    conform_free(in, ARGUMENTS_MAX);
}

static void x25519(struct conform_call *call)
{
    struct buf in[ARGUMENTS_MAX] = {{0}};
    uint8_t shared[KEY_SIZE];
    if (conform_arguments(call, in)) {
        if (in[0].len == KEY_SIZE && in[1].len == KEY_SIZE &&
            key_dh(shared, in[0].data, in[1].data))
            conform_say_hex(call, shared, sizeof(shared));
        else
            conform_say(call, "bad");
    }
    conform_free(in, ARGUMENTS_MAX);
}

static void chacha20poly1305_open(struct conform_call *call)
{
    struct buf in[ARGUMENTS_MAX] = {{0}}, plain = {0};
    unsigned long long len = 0;
    if (!conform_arguments(call, in))
        goto free_all;
    const struct buf *key = &in[0], *nonce = &in[1], *ad = &in[2], *sealed = &in[3];
    /* One byte more than the plaintext can have, as there is no buffer of none. */
    uint8_t *out = buf_reserve(&plain, sealed->len + 1);
    if (out == NULL) {
        conform_error(call, "no memory is left");
        goto free_all;
    }
    if (key->len == crypto_aead_chacha20poly1305_ietf_KEYBYTES &&
        nonce->len == crypto_aead_chacha20poly1305_ietf_NPUBBYTES &&
        crypto_aead_chacha20poly1305_ietf_decrypt(out, &len, NULL, sealed->data,
                                                  sealed->len, ad->data, ad->len,
                                                  nonce->data, key->data) == 0)
        conform_say_hex(call, out, (size_t)len);
    else
        conform_say(call, "bad");
free_all:
    buf_deinit(&plain);
    conform_free(in, ARGUMENTS_MAX);
}

static void blake2b_of(struct conform_call *call, size_t out_len)
{
    struct buf in[ARGUMENTS_MAX] = {{0}};
    uint8_t hash[crypto_generichash_BYTES_MAX];
    if (conform_arguments(call, in)) {
        crypto_generichash(hash, out_len, in[0].data, in[0].len, NULL, 0);
        conform_say_hex(call, hash, out_len);
    }
    conform_free(in, ARGUMENTS_MAX);
}

static void blake2b(struct conform_call *call)
{
    blake2b_of(call, 64);
}

static void blake2b_256(struct conform_call *call)
{
    blake2b_of(call, 32);
}

const struct conform_word conform_crypto_words[] = {
    {"ed25519-verify", 3, 3, ed25519_verify,
     "ed25519-verify PK MSG SIG: ok or bad, by the whole strict rule"},
    {"ed25519-sign", 2, 2, ed25519_sign, "ed25519-sign SEED MSG: 64 bytes"},
    {"x25519", 2, 2, x25519, "x25519 SK PK: 32 bytes or bad"},
    {"chacha20poly1305-open", 4, 4, chacha20poly1305_open,
     "chacha20poly1305-open KEY NONCE AD CIPHERTEXT: plaintext (IETF) or bad"},
    {"blake2b", 1, 1, blake2b, "blake2b MSG: 64 bytes, unkeyed"},
    {"blake2b-256", 1, 1, blake2b_256, "blake2b-256 MSG: 32 bytes, unkeyed"},
    {NULL, 0, 0, NULL, NULL},
};
