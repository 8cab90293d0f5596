#include "proto/note_key.h"

#include <assert.h>
#include <string.h>

#include "crypto/base64.h"
#include "proto/pack.h"

#include <sodium.h>

/* ---- names ---- */

/* White_Space of Unicode; what lies below U+0020 is none of a name for another reason. */
static bool is_space(uint32_t character)
{
    switch (character) {
    case ' ':
    case 0x85:
    case 0xa0:
    case 0x1680:
    case 0x2028:
    case 0x2029:
    case 0x202f:
    case 0x205f:
    case 0x3000:
        return true;
    default:
        return character >= 0x2000 && character <= 0x200a;
    }
}

bool note_name_is_valid(struct bytes name)
{
    uint32_t character;
    if (name.len == 0 || name.len > NOTE_NAME_MAX || !utf8_is_valid(name))
        return false;
    while (utf8_next(&name, &character))
        if (character < ' ' || character == '+' || is_space(character))
            return false;
    return true;
}

/* ---- keys ---- */

void note_key_id(uint8_t id[static NOTE_KEY_ID_SIZE], struct bytes name,
                 enum note_type type, const uint8_t key[static KEY_SIZE])
{
    const uint8_t between[] = {'\n', (uint8_t)type};
    uint8_t hash[crypto_hash_sha256_BYTES];
    crypto_hash_sha256_state state;
    crypto_hash_sha256_init(&state);
    crypto_hash_sha256_update(&state, name.data, name.len);
    crypto_hash_sha256_update(&state, between, sizeof(between));
    crypto_hash_sha256_update(&state, key, KEY_SIZE);
    crypto_hash_sha256_final(&state, hash);
    memcpy(id, hash, NOTE_KEY_ID_SIZE);
}

void note_key_init(struct note_key *key, struct bytes name, enum note_type type,
                   const uint8_t public_key[static KEY_SIZE])
{
    assert(note_name_is_valid(name));
    *key = (struct note_key){.name = name, .type = type};
    note_key_id(key->id, name, type, public_key);
    memcpy(key->key, public_key, KEY_SIZE);
}

enum status note_key_read(struct note_key *key, struct bytes text, struct err *err)
{
    uint8_t id[NOTE_KEY_ID_SIZE], typed[1 + KEY_SIZE];
    char lower[2 * NOTE_KEY_ID_SIZE + 1];
    size_t len;
    struct bytes name = bytes_take(&text, "+"), hex = bytes_take(&text, "+");
    if (!note_name_is_valid(name))
        return err_set(err, STATUS_INVALID, "key of notes: it has no name that can be");
    if (!hex_read(id, sizeof(id), hex))
        return err_set(err, STATUS_INVALID,
                       "key of notes: behind its name belong a plus, 8 hexadecimal "
                       "digits and a plus");
    if (!base64_decode(typed, sizeof(typed), &len, (const char *)text.data, text.len,
                       BASE64_PADDED) ||
        len == 0)
        return err_set(err, STATUS_INVALID,
                       "key of notes: what follows the digits is not base64, or too long "
                       "for a key that is known here");
    if (typed[0] != NOTE_ED25519 && typed[0] != NOTE_COSIGNATURE)
        return err_set(err, STATUS_UNSUPPORTED,
                       "key of notes: its type %u is not known here", typed[0]);
    if (len != sizeof(typed))
        return err_set(err, STATUS_INVALID, "key of notes: it has not 32 bytes");
    note_key_init(key, name, (enum note_type)typed[0], typed + 1);
    hex_encode(lower, key->id, sizeof(key->id));
    if (!bytes_equal_str(hex, lower))
        return err_set(err, STATUS_INVALID,
                       "key of notes: its digits belong to another name or key");
    return STATUS_OK;
}

void note_key_write(struct buf *out, const struct note_key *key)
{
    uint8_t typed[1 + KEY_SIZE] = {(uint8_t)key->type};
    char id[2 * NOTE_KEY_ID_SIZE + 1], text[BASE64_SIZE(sizeof(typed))];
    memcpy(typed + 1, key->key, KEY_SIZE);
    hex_encode(id, key->id, sizeof(key->id));
    size_t len = base64_encode(text, typed, sizeof(typed), BASE64_PADDED);
    buf_add(out, key->name.data, key->name.len);
    buf_add_u8(out, '+');
    buf_add(out, id, strlen(id));
    buf_add_u8(out, '+');
    buf_add(out, text, len);
}
