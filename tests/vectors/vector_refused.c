/*
 * vector_refused: ops that have to be refused, each for one reason.
 */
#include "tests/vectors/vector_maker.h"

#include "crypto/sign.h"
#include "crypto/sshsig.h"

#include <assert.h>
#include <string.h>

#include <sodium.h>

/* A point of order 8. */
static const uint8_t torsion[KEY_SIZE] = {0xc7, 0x17, 0x6a, 0x70, 0x3d, 0x4d, 0xd8, 0x4f,
                                          0xba, 0x3c, 0x0b, 0x76, 0x0d, 0x10, 0x67, 0x0f,
                                          0x2a, 0x20, 0x53, 0xfa, 0x2c, 0x39, 0xcc, 0xc6,
                                          0x4e, 0xc7, 0xfd, 0x77, 0x92, 0xac, 0x03, 0x7a};

/* ---- refused: encoding and form ---- */

/* What op_seal signs as the value, though no reader lets it through. */
static void refuse_value(struct maker *maker, const char *name, struct bytes value)
{
    maker_begin(maker, "note");
    maker_add(maker, "text", value);
    maker_refuse(maker, name, "encoding");
}

static void print_bad_values(struct maker *maker)
{
    refuse_value(maker, "value-float", RAW("\xca\x3f\x80\x00\x00"));
    refuse_value(maker, "value-double", RAW("\xcb\x3f\xf0\0\0\0\0\0\0"));
    refuse_value(maker, "value-ext", RAW("\xd4\x01\x00"));
    refuse_value(maker, "value-c1", RAW("\xc1"));
    refuse_value(maker, "value-long-uint8", RAW("\xcc\x7f"));
    refuse_value(maker, "value-long-uint64", RAW("\xcf\x00\x00\x00\x00\xff\xff\xff\xff"));
    refuse_value(maker, "value-long-int8", RAW("\xd0\xe0"));
    refuse_value(maker, "value-positive-as-int8", RAW("\xd0\x05"));
    refuse_value(maker, "value-positive-as-int16", RAW("\xd1\x01\x00"));
    refuse_value(maker, "value-positive-as-int64",
                 RAW("\xd3\x7f\xff\xff\xff\xff\xff\xff\xff"));
    refuse_value(maker, "value-long-str8", RAW("\xd9\x01x"));
    refuse_value(maker, "value-long-bin16", RAW("\xc5\x00\x01x"));
    refuse_value(maker, "value-long-array16", RAW("\xdc\x00\x01\x00"));
    refuse_value(maker, "value-long-map16", RAW("\xde\x00\x01\xa1x\x00"));
    refuse_value(maker, "value-nul", RAW("\xa1\x00"));
    refuse_value(maker, "value-utf8-overlong", RAW("\xa2\xc0\xaf"));
    refuse_value(maker, "value-utf8-surrogate", RAW("\xa3\xed\xa0\x80"));
    refuse_value(maker, "value-utf8-too-high", RAW("\xa4\xf4\x90\x80\x80"));
    refuse_value(maker, "value-utf8-cut", RAW("\xa2\xe6\x9e"));
    refuse_value(maker, "value-key-doubled", RAW("\x82\xa1x\x00\xa1x\x00"));
    refuse_value(maker, "value-key-unsorted", RAW("\x82\xa1y\x00\xa1x\x00"));
    refuse_value(maker, "value-key-shorter-behind", RAW("\x82\xa2xx\x00\xa1x\x00"));
    refuse_value(maker, "value-key-number", RAW("\x81\x01\x00"));
    refuse_value(maker, "value-too-deep", RAW("\x91\x91\x91\x91\x91\x91\x01"));
    refuse_value(maker, "value-too-deep-empty", RAW("\x91\x91\x91\x91\x91\x91\x90"));
    refuse_value(maker, "value-count-too-high", RAW("\xdd\xff\xff\xff\xff"));
}

/* Takes del bytes at the offset away and puts the new ones there. */
static void splice(struct maker *maker, size_t at, size_t del, struct bytes put)
{
    struct buf *buf = &maker->bytes;
    struct buf spliced = {0};
    assert(at + del <= buf->len);
    buf_add(&spliced, buf->data, at);
    buf_add(&spliced, put.data, put.len);
    buf_add(&spliced, buf->data + at + del, buf->len - at - del);
    maker_must(buf_status(&spliced));
    buf_deinit(buf);
    *buf = spliced;
}

static void print_bad_frame(struct maker *maker)
{
    maker_begin_note(maker);
    maker_seal(maker);
    splice(maker, maker->bytes.len, 0, RAW("\xc0"));
    maker_print_refused(maker, "bytes-trailing", "encoding");

    maker_encode(maker, ~0u);
    splice(maker, maker->bytes.len - 1, 1, RAW(""));
    maker_print_refused(maker, "bytes-cut", "encoding");

    maker_encode(maker, ~0u);
    splice(maker, 1, 1, RAW("\xcc\x10"));
    maker_print_refused(maker, "version-long-form", "encoding");

    maker_encode(maker, ~0u);
    splice(maker, 0, 1, RAW("\xdc\x00\x0b"));
    maker_print_refused(maker, "array16-of-11", "encoding");

    maker_encode(maker, ~0u);
    splice(maker, 0, 1, RAW("\x9c"));
    splice(maker, maker->bytes.len, 0, RAW("\xc0"));
    maker_print_refused(maker, "elements-12", "form");

    maker_encode(maker, ~0u);
    splice(maker, 0, 1, RAW("\x9a"));
    splice(maker, maker->bytes.len - 66, 66, RAW(""));
    maker_print_refused(maker, "elements-10", "form");

    buf_clear(&maker->bytes);
    maker_print_refused(maker, "bytes-none", "encoding");
}

static void print_bad_contents(struct maker *maker)
{
    maker_begin(maker, "note");
    maker_add_text(maker, "b", "2");
    maker_add_text(maker, "a", "1");
    maker_seal(maker);
    maker->op.fields[1].name = bytes_str("a");
    maker_sign_again(maker, &maker->network, OP_NAMESPACE);
    maker_print_refused(maker, "field-doubled", "encoding");
    maker->op.fields[0].name = bytes_str("b");
    maker_sign_again(maker, &maker->network, OP_NAMESPACE);
    maker_print_refused(maker, "field-unsorted", "encoding");

    maker_begin(maker, "note");
    maker_add_text(maker, "a_b", "1");
    maker_refuse(maker, "field-name-underscore", "form");
    maker_begin(maker, "note");
    maker_add_text(maker, "", "1");
    maker_refuse(maker, "field-name-empty", "form");
    maker_begin(maker, "note");
    maker_add_text(maker, "a", "1");
    maker->op.fields[0].name = bytes_str("n23456789-123456789-12345");
    maker_refuse(maker, "field-name-25", "form");

    /* The contents: 92 c4 20 secret(32) 81 a4 text a2 ok, then c4 40 and the signature.
     */
    maker_begin_note(maker);
    maker_seal(maker);
    size_t contents = maker->bytes.len - 66 - 44;
    assert(maker->bytes.data[contents] == 0x92);
    splice(maker, contents, 44, RAW("\xc0"));
    maker_print_refused(maker, "contents-nil", "form");
    maker_encode(maker, ~0u);
    splice(maker, contents, 1, RAW("\x93\xc0"));
    maker_print_refused(maker, "contents-of-three", "form");
    maker_encode(maker, ~0u);
    splice(maker, contents + 2, 33,
           RAW("\x1f"
               "1234567890123456789012345678901"));
    maker_print_refused(maker, "secret-31", "form");
    maker_encode(maker, ~0u);
    splice(maker, contents + 41, 3, RAW("\xa2no"));
    maker_print_refused(maker, "value-of-another", "signature");

    /* Single salts: 81 a4 text 92 c4 10 salt(16) a2 ok. */
    maker->op.has_secret = false;
    maker_encode(maker, ~0u);
    contents = maker->bytes.len - 66 - 28;
    assert(maker->bytes.data[contents] == 0x81);
    splice(maker, contents + 8, 2, RAW("\x0f"));
    maker_print_refused(maker, "salt-15", "form");
    maker_encode(maker, ~0u);
    splice(maker, contents + 6, 1, RAW("\x91"));
    splice(maker, contents + 25, 3, RAW(""));
    maker_print_refused(maker, "shown-field-without-value", "form");
    maker_encode(maker, 0);
    splice(maker, maker->bytes.len - 66 - 33, 33,
           RAW("\x1f"
               "1234567890123456789012345678901"));
    maker_print_refused(maker, "commitment-31", "form");
}

static void print_bad_head(struct maker *maker)
{
    struct id id;
    maker_begin(maker, "Note");
    maker_refuse(maker, "kind-upper-case", "form");
    maker_begin(maker, "a.b");
    maker_refuse(maker, "kind-with-dot", "form");
    maker_begin(maker, "");
    maker_refuse(maker, "kind-empty", "form");
    maker_begin(maker, "k23456789-123456789-12345");
    maker_refuse(maker, "kind-25", "form");

    maker_begin_note(maker);
    maker_seal_as_is(maker, 32);
    maker_print_refused(maker, "version-2", "version");
    maker_begin_note(maker);
    maker_seal_as_is(maker, 15);
    maker_print_refused(maker, "version-0", "version");
    maker_begin_note(maker);
    maker_seal_as_is(maker, UINT64_C(1) << 32 | 16);
    maker_print_refused(maker, "version-16-in-32-bits", "version");

    maker_begin_note(maker);
    maker->op.time = 0;
    maker_refuse(maker, "time-0", "form");
    maker_begin_note(maker);
    maker->op.time = (uint64_t)INT64_MAX + 1;
    maker_refuse(maker, "time-2-63", "form");
    maker_begin_note(maker);
    maker->op.wall = (uint64_t)INT64_MAX + 1;
    maker_refuse(maker, "wall-2-63", "form");
    maker_begin_note(maker);
    maker->op.quality = (enum wall_quality)4;
    maker_refuse(maker, "quality-4", "form");

    maker_begin_note(maker);
    maker_draw_id(maker, &id);
    maker_must(op_add_parent(&maker->op, &id));
    maker->op.parents[1] = maker->op.parents[0];
    maker_refuse(maker, "parents-doubled", "form");
    maker_begin_note(maker);
    maker_draw_id(maker, &id);
    maker_must(op_add_authority(&maker->op, &id));
    id = maker->op.authority[0];
    maker->op.authority[0] = maker->op.authority[1];
    maker->op.authority[1] = id;
    maker_refuse(maker, "authority-unsorted", "form");
}

static void print_bad_place(struct maker *maker)
{
    maker_begin_founding(maker, "found");
    maker_must(op_add_authority(&maker->op, &maker->charter));
    maker_refuse(maker, "charter-founded-with-authority", "place");
    maker_begin_founding(maker, "case-new");
    maker->op.authority_len = 0;
    maker_refuse(maker, "case-founded-without-authority", "place");
    maker_begin_founding(maker, "case-new");
    maker_must(op_add_parent(&maker->op, &maker->charter));
    maker_refuse(maker, "founded-with-parent", "place");
    maker_begin_founding(maker, "case-new");
    maker->op.time = 2;
    maker_refuse(maker, "founded-at-time-2", "place");
    maker_begin_note(maker);
    maker->op.parents_len = 0;
    maker_refuse(maker, "without-parents", "place");
    maker_begin_note(maker);
    maker->op.authority_len = 0;
    maker_refuse(maker, "without-authority", "place");
}

/* ---- refused: keys and signatures ---- */

/* k = SHA-512(R ‖ A ‖ M) mod L. */
static void challenge(uint8_t k[static 32], const uint8_t *r, const uint8_t *a,
                      const uint8_t *message, size_t len)
{
    uint8_t hash[crypto_hash_sha512_BYTES];
    crypto_hash_sha512_state state;
    crypto_hash_sha512_init(&state);
    crypto_hash_sha512_update(&state, r, KEY_SIZE);
    crypto_hash_sha512_update(&state, a, KEY_SIZE);
    crypto_hash_sha512_update(&state, message, len);
    crypto_hash_sha512_final(&state, hash);
    crypto_core_ed25519_scalar_reduce(k, hash);
}

/* A signature of the seed's key, with a point of order 8 added to the public key or to R.
 * Gives k. */
static void sign_twisted(struct maker *maker, bool twist_key, bool twist_r,
                         uint8_t k[static 32])
{
    struct op *op = &maker->op;
    uint8_t secret_key[64], public_key[KEY_SIZE], hash[64], a[32], r[32], s[32];
    uint8_t message[SSHSIG_PREIMAGE_MAX];
    struct buf header = {0};
    crypto_sign_seed_keypair(public_key, secret_key, maker->seed);
    crypto_hash_sha512(hash, maker->seed, KEY_SEED_SIZE);
    hash[0] &= 248;
    hash[31] = (uint8_t)((hash[31] & 127) | 64);
    memset(hash + 32, 0, 32);
    crypto_core_ed25519_scalar_reduce(a, hash);
    rng_fill(&maker->rng, "nonce", NULL, hash, sizeof(hash));
    crypto_core_ed25519_scalar_reduce(r, hash);

    memcpy(op->author, public_key, KEY_SIZE);
    if (twist_key)
        (void)crypto_core_ed25519_add(op->author, public_key, torsion);
    (void)crypto_scalarmult_ed25519_base_noclamp(op->signature, r);
    if (twist_r)
        (void)crypto_core_ed25519_add(op->signature, op->signature, torsion);
    op_encode_header(op, &header);
    maker_must(buf_status(&header));
    size_t len = sshsig_preimage(message, OP_NAMESPACE, maker->network.bytes, ID_SIZE,
                                 header.data, header.len);
    challenge(k, op->signature, op->author, message, len);
    crypto_core_ed25519_scalar_mul(s, k, a);
    crypto_core_ed25519_scalar_add(op->signature + 32, s, r);
    buf_deinit(&header);
    maker_encode(maker, ~0u);
}

static void print_twisted(struct maker *maker)
{
    uint8_t k[32] = {1};
    maker_begin_note(maker);
    maker_seal(maker);
    sign_twisted(maker, false, false, k);
    maker_print_accepted(maker, "signature-with-another-nonce");
    sign_twisted(maker, false, true, k);
    maker_print_refused(maker, "r-of-mixed-order", "signature");
    /* Where 8 divides k the equation holds, with or without the cofactor. */
    do {
        maker->op.wall++;
        sign_twisted(maker, true, false, k);
    } while (k[0] % 8 != 0);
    maker_print_refused(maker, "author-of-mixed-order", "key");
}

static void refuse_author(struct maker *maker, const char *name, struct bytes author)
{
    maker_begin_note(maker);
    maker_seal(maker);
    memcpy(maker->op.author, author.data, KEY_SIZE);
    /* R = the neutral element, S = 0: holds for an author of order 1. */
    memset(maker->op.signature, 0, SIGN_SIZE);
    maker->op.signature[0] = 1;
    maker_encode(maker, ~0u);
    maker_print_refused(maker, name, "key");
}

static void print_bad_keys(struct maker *maker)
{
    uint8_t key[KEY_SIZE] = {1};
    refuse_author(maker, "author-neutral", bytes_of(key, sizeof(key)));
    refuse_author(maker, "author-of-order-8", bytes_of(torsion, sizeof(torsion)));
    memset(key, 0xff, sizeof(key));
    key[0] = 0xee;
    key[31] = 0x7f;
    refuse_author(maker, "author-y-is-p-plus-1", bytes_of(key, sizeof(key)));
    key[0] = 0xf0;
    refuse_author(maker, "author-y-is-p-plus-3", bytes_of(key, sizeof(key)));
    memset(key, 0, sizeof(key));
    key[0] = 1;
    key[31] = 0x80;
    refuse_author(maker, "author-negative-zero", bytes_of(key, sizeof(key)));
    memset(key, 0, sizeof(key));
    key[0] = 2;
    refuse_author(maker, "author-not-on-the-curve", bytes_of(key, sizeof(key)));
}

static void print_bad_signatures(struct maker *maker)
{
    static const uint8_t order[32] = {0xed, 0xd3, 0xf5, 0x5c, 0x1a,       0x63,
                                      0x12, 0x58, 0xd6, 0x9c, 0xf7,       0xa2,
                                      0xde, 0xf9, 0xde, 0x14, [31] = 0x10};
    maker_begin_note(maker);
    maker_seal(maker);
    unsigned carry = 0;
    for (size_t i = 0; i < sizeof(order); i++) {
        carry += (unsigned)maker->op.signature[32 + i] + order[i];
        maker->op.signature[32 + i] = (uint8_t)carry;
        carry >>= 8;
    }
    maker_encode(maker, ~0u);
    maker_print_refused(maker, "s-plus-l", "signature");

    struct id network;
    network_id(&network, "another");
    maker_begin_note(maker);
    maker_seal(maker);
    maker_sign_again(maker, &network, OP_NAMESPACE);
    maker_print_refused(maker, "signed-for-another-network", "signature");
    maker_sign_again(maker, &maker->network, "file");
    maker_print_refused(maker, "signed-in-another-namespace", "signature");
    memset(maker->op.signature, 0, SIGN_SIZE);
    maker_encode(maker, ~0u);
    maker_print_refused(maker, "signature-of-zeros", "signature");
}

void refused_print(struct maker *maker)
{
    print_bad_values(maker);
    print_bad_frame(maker);
    print_bad_contents(maker);
    print_bad_head(maker);
    print_bad_place(maker);
    print_twisted(maker);
    print_bad_keys(maker);
    print_bad_signatures(maker);
}
