#include "crypto/sshsig.h"

#include <assert.h>
#include <string.h>

#include "crypto/base64.h"

#include <sodium.h>

#define MAGIC "SSHSIG"
#define HASH_NAME "sha512"
#define KEY_TYPE "ssh-ed25519"
#define KEY_TYPE_LEN (sizeof(KEY_TYPE) - 1)
#define KEY_BLOB_SIZE (4 + KEY_TYPE_LEN + 4 + 32)
#define SIGNATURE_BLOB_SIZE (4 + KEY_TYPE_LEN + 4 + 64)
/* magic ‖ version ‖ key ‖ namespace ‖ reserved ‖ hash name ‖ signature */
#define FILE_BLOB_MAX                                                                    \
    (6 + 4 + 4 + KEY_BLOB_SIZE + 4 + SSHSIG_NAMESPACE_MAX + 4 + 4 + 6 + 4 +              \
     SIGNATURE_BLOB_SIZE)
/* As ssh-keygen writes it. */
#define ARMOR_COLUMNS 70

/* ---- the SSH wire encoding: a cursor that our own sizes keep inside its buffer ---- */

struct writer {
    uint8_t *data;
    size_t len;
};

static void put_raw(struct writer *writer, const void *data, size_t len)
{
    if (len > 0)
        memcpy(writer->data + writer->len, data, len);
    writer->len += len;
}

static void put_u32(struct writer *writer, uint32_t value)
{
    uint8_t raw[4] = {(uint8_t)(value >> 24), (uint8_t)(value >> 16),
                      (uint8_t)(value >> 8), (uint8_t)value};
    put_raw(writer, raw, sizeof(raw));
}

static void put_string(struct writer *writer, const void *data, size_t len)
{
    put_u32(writer, (uint32_t)len);
    put_raw(writer, data, len);
}

static void put_text(struct writer *writer, const char *text)
{
    put_string(writer, text, strlen(text));
}

static size_t namespace_len(const char *name_space)
{
    size_t len = strlen(name_space);
    assert(len > 0);
    assert(len <= SSHSIG_NAMESPACE_MAX);
    return len;
}

size_t sshsig_preimage(uint8_t out[static SSHSIG_PREIMAGE_MAX], const char *name_space,
                       const void *a, size_t a_len, const void *b, size_t b_len)
{
    uint8_t hash[crypto_hash_sha512_BYTES];
    crypto_hash_sha512_state state;
    crypto_hash_sha512_init(&state);
    if (a_len > 0)
        crypto_hash_sha512_update(&state, a, a_len);
    if (b_len > 0)
        crypto_hash_sha512_update(&state, b, b_len);
    crypto_hash_sha512_final(&state, hash);

    struct writer writer = {.data = out};
    put_raw(&writer, MAGIC, 6);
    put_string(&writer, name_space, namespace_len(name_space));
    put_text(&writer, ""); /* reserved */
    put_text(&writer, HASH_NAME);
    put_string(&writer, hash, sizeof(hash));
    assert(writer.len <= SSHSIG_PREIMAGE_MAX);
    return writer.len;
}

static void put_key_blob(struct writer *writer, const uint8_t public_key[static 32])
{
    put_text(writer, KEY_TYPE);
    put_string(writer, public_key, 32);
}

/* ---- text: appends to a NUL-terminated string of limited size ---- */

struct text {
    char *data;
    size_t size; /* room, the NUL counted */
    size_t len;
    bool too_small;
};

static void add_chars(struct text *text, const char *chars, size_t len)
{
    if (text->too_small || len >= text->size - text->len) {
        text->too_small = true;
        return;
    }
    memcpy(text->data + text->len, chars, len);
    text->len += len;
    text->data[text->len] = '\0';
}

static void add(struct text *text, const char *chars)
{
    add_chars(text, chars, strlen(chars));
}

/* Base64, in lines of columns characters (0: all in one, without a newline). */
static void add_base64(struct text *text, const uint8_t *data, size_t len, size_t columns)
{
    char encoded[BASE64_SIZE(FILE_BLOB_MAX)];
    assert(len <= FILE_BLOB_MAX);
    size_t left = base64_encode(encoded, data, len, BASE64_PADDED);
    if (columns == 0) {
        add_chars(text, encoded, left);
        return;
    }
    for (const char *at = encoded; left > 0;) {
        size_t part = left < columns ? left : columns;
        add_chars(text, at, part);
        add(text, "\n");
        at += part;
        left -= part;
    }
}

bool sshsig_armor(char *out, size_t out_size, const char *name_space,
                  const uint8_t public_key[static 32], const uint8_t signature[static 64])
{
    if (out_size == 0)
        return false;
    uint8_t blob[FILE_BLOB_MAX];
    struct writer writer = {.data = blob};
    put_raw(&writer, MAGIC, 6);
    put_u32(&writer, 1); /* SIG_VERSION */
    put_u32(&writer, KEY_BLOB_SIZE);
    put_key_blob(&writer, public_key);
    put_string(&writer, name_space, namespace_len(name_space));
    put_text(&writer, ""); /* reserved */
    put_text(&writer, HASH_NAME);
    put_u32(&writer, SIGNATURE_BLOB_SIZE);
    put_text(&writer, KEY_TYPE);
    put_string(&writer, signature, 64);
    assert(writer.len <= sizeof(blob));

    struct text text = {.data = out, .size = out_size};
    add(&text, "-----BEGIN SSH SIGNATURE-----\n");
    add_base64(&text, blob, writer.len, ARMOR_COLUMNS);
    add(&text, "-----END SSH SIGNATURE-----\n");
    return !text.too_small;
}

/* A principal is a pattern to ssh-keygen, and the line's fields end at a blank: only
 * plain names pass, so that a name cannot widen what the line allows. */
static bool is_plain_name(const char *name)
{
    if (*name == '\0' || *name == '-' || *name == '#')
        return false;
    for (; *name != '\0'; name++) {
        unsigned char c = (unsigned char)*name;
        if (c <= ' ' || c == 0x7f || strchr("\"\\*?!,", c) != NULL)
            return false;
    }
    return true;
}

bool sshsig_allowed_signer(char *out, size_t out_size, const char *principal,
                           const char *name_space, const uint8_t public_key[static 32])
{
    if (out_size == 0 || !is_plain_name(principal))
        return false;
    assert(namespace_len(name_space) > 0);
    uint8_t blob[KEY_BLOB_SIZE];
    struct writer writer = {.data = blob};
    put_key_blob(&writer, public_key);
    assert(writer.len == sizeof(blob));

    struct text text = {.data = out, .size = out_size};
    add(&text, principal);
    add(&text, " namespaces=\"");
    add(&text, name_space);
    add(&text, "\" " KEY_TYPE " ");
    add_base64(&text, blob, writer.len, 0);
    add(&text, "\n");
    return !text.too_small;
}
