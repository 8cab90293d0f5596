/* How many ops a second one core signs, encodes, decodes, rebuilds and verifies, beside
 * what libsodium alone does on this machine. Prints a table, then one line of JSON. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <sodium.h>

#include "crypto/key.h"
#include "proto/op.h"

#define OPS 4000
#define NARRATIVE_LEN 450 /* 150 Chinese characters */

static double now_s(void)
{
    struct timespec at;
    (void)clock_gettime(CLOCK_MONOTONIC, &at);
    return (double)at.tv_sec + (double)at.tv_nsec / 1e9;
}

struct figures {
    double sign, encode, decode, rebuild, verify, bare_sign, bare_verify;
    size_t bytes, overhead;
};

static struct op ops[OPS];
static struct buf encoded[OPS];

static void compose(struct op *op, struct bytes text, uint64_t i)
{
    *op = (struct op){.kind = bytes_str("note"), .time = i + 2, .wall = 1790000000 + i};
    memset(op->scope.bytes, 1, ID_SIZE);
    struct id parent = {{0}};
    memcpy(parent.bytes, &i, sizeof(i));
    if (op_add_parent(op, &parent) != STATUS_OK ||
        op_add_authority(op, &op->scope) != STATUS_OK ||
        op_add_field(op, "text", text) != STATUS_OK)
        abort();
}

static double rate(double started)
{
    return OPS / (now_s() - started);
}

static void measure_bare(struct figures *figures, const uint8_t seed[32])
{
    uint8_t public_key[32], secret_key[64], signature[64], message[120] = {0};
    (void)crypto_sign_seed_keypair(public_key, secret_key, seed);
    double started = now_s();
    for (int i = 0; i < OPS; i++)
        (void)crypto_sign_detached(signature, NULL, message, sizeof(message), secret_key);
    figures->bare_sign = rate(started);
    started = now_s();
    for (int i = 0; i < OPS; i++)
        if (crypto_sign_verify_detached(signature, message, sizeof(message), public_key))
            abort();
    figures->bare_verify = rate(started);
}

static void measure_ops(struct figures *figures, const uint8_t seed[32])
{
    struct rng_keyed *dice = rng_keyed_new(1, 1);
    struct rng rng = rng_keyed_rng(dice);
    struct id network;
    struct buf text = {0};
    char narrative[NARRATIVE_LEN];
    memset(narrative, 'n', sizeof(narrative));
    pack_str_bytes(&text, bytes_of(narrative, sizeof(narrative)));
    network_id(&network, "fengqiao");
    for (int i = 0; i < OPS; i++)
        compose(&ops[i], buf_bytes(&text), (uint64_t)i);

    double started = now_s();
    for (int i = 0; i < OPS; i++)
        if (op_seal(&ops[i], &network, seed, &rng) != STATUS_OK)
            abort();
    figures->sign = rate(started);

    started = now_s();
    for (int i = 0; i < OPS; i++)
        op_encode(&ops[i], ~0u, &encoded[i]);
    figures->encode = rate(started);
    figures->bytes = encoded[0].len;

    struct id ids[2] = {ops[0].scope, {{0}}};
    memcpy(ids[1].bytes, ops[0].author, ID_SIZE);
    struct op_dictionary dictionary = {ids, 2};
    struct buf wire = {0};
    op_encode_wire(&ops[0], ~0u, &dictionary, &wire);
    figures->overhead = wire.len - text.len;
    buf_deinit(&wire);

    started = now_s();
    for (int i = 0; i < OPS; i++)
        if (op_decode_bytes(&ops[i], buf_bytes(&encoded[i]), NULL) != STATUS_OK)
            abort();
    figures->decode = rate(started);

    started = now_s();
    for (int i = 0; i < OPS; i++)
        if (op_rebuild(&ops[i]) != STATUS_OK)
            abort();
    figures->rebuild = rate(started);

    started = now_s();
    for (int i = 0; i < OPS; i++)
        if (!op_verify(&ops[i], &network))
            abort();
    figures->verify = rate(started);
    buf_deinit(&text);
    rng_keyed_free(dice);
}

int main(void)
{
    const uint8_t seed[32] = {42};
    struct figures f = {0};
    if (sodium_init() < 0)
        return 1;
    measure_bare(&f, seed);
    measure_ops(&f, seed);
    printf("one core, ops of %zu bytes with one text of %d bytes\n", f.bytes,
           NARRATIVE_LEN);
    printf("%-34s %12s %18s\n", "", "a second", "of libsodium alone");
    printf("%-34s %12.0f %18.2f\n", "seal (salts, commitments, sign)", f.sign,
           f.sign / f.bare_sign);
    printf("%-34s %12.0f\n", "encode", f.encode);
    printf("%-34s %12.0f\n", "decode (strict gate)", f.decode);
    printf("%-34s %12.0f\n", "rebuild (commitments, header, id)", f.rebuild);
    printf("%-34s %12.0f %18.2f\n", "verify", f.verify, f.verify / f.bare_verify);
    printf("%-34s %12.0f\n", "libsodium: sign", f.bare_sign);
    printf("%-34s %12.0f\n", "libsodium: verify", f.bare_verify);
    printf("wire bytes beyond the contents: %zu\n", f.overhead);
    printf("{\"seal\":%.0f,\"encode\":%.0f,\"decode\":%.0f,\"rebuild\":%.0f,"
           "\"verify\":%.0f,\"bare_sign\":%.0f,\"bare_verify\":%.0f,\"bytes\":%zu,"
           "\"wire_overhead\":%zu}\n",
           f.sign, f.encode, f.decode, f.rebuild, f.verify, f.bare_sign, f.bare_verify,
           f.bytes, f.overhead);
    for (int i = 0; i < OPS; i++)
        buf_deinit(&encoded[i]);
    return 0;
}
