#include "proto/note.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "crypto/base64.h"
#include "proto/pack.h"

#define DASH "— "
#define COSIGNED_HEAD "cosignature/v1\n"
#define COSIGNED COSIGNED_HEAD "time %llu\n"
#define DIGEST_LEN 32 /* what our keys sign without saying what it is */
#define COSIGNED_MAX (sizeof(COSIGNED) + 20) /* with the longest number */

/* ---- reading ---- */

bool note_text_is_valid(struct bytes text)
{
    if (text.len == 0 || text.data[text.len - 1] != '\n' || !utf8_is_valid(text))
        return false;
    for (size_t i = 0; i < text.len; i++)
        if (text.data[i] < ' ' && text.data[i] != '\n')
            return false;
    return true;
}

static bool begins_as_cosigned(struct bytes text)
{
    size_t len = strlen(COSIGNED_HEAD);
    return text.len >= len && memcmp(text.data, COSIGNED_HEAD, len) == 0;
}

bool note_may_sign(struct bytes text)
{
    return note_text_is_valid(text) && text.len != DIGEST_LEN &&
           !begins_as_cosigned(text);
}

/* Cuts at the last empty line. False: there is none. */
static bool part(struct bytes bytes, struct bytes *text, struct bytes *lines)
{
    for (size_t at = bytes.len; at >= 2; at--)
        if (bytes.data[at - 1] == '\n' && bytes.data[at - 2] == '\n') {
            *text = bytes_of(bytes.data, at - 1);
            *lines = bytes_of(bytes.data + at, bytes.len - at);
            return true;
        }
    return false;
}

/* The line is without its end. */
static bool read_signature(struct note_signature *signature, struct bytes line)
{
    uint8_t raw[NOTE_SIZE_MAX / 4 * 3];
    size_t len, dash_len = strlen(DASH);
    signature->line = bytes_of(line.data, line.len + 1);
    if (line.len < dash_len || memcmp(line.data, DASH, dash_len) != 0)
        return false;
    line = bytes_of(line.data + dash_len, line.len - dash_len);
    signature->name = bytes_take(&line, " ");
    if (!note_name_is_valid(signature->name) ||
        !base64_decode(raw, sizeof(raw), &len, (const char *)line.data, line.len,
                       BASE64_PADDED) ||
        len <= NOTE_KEY_ID_SIZE)
        return false;
    memcpy(signature->key_id, raw, NOTE_KEY_ID_SIZE);
    signature->len = len - NOTE_KEY_ID_SIZE;
    memcpy(signature->bytes, raw + NOTE_KEY_ID_SIZE,
           signature->len < NOTE_SIGNATURE_MAX ? signature->len : NOTE_SIGNATURE_MAX);
    return true;
}

enum status note_read(struct note *note, struct bytes bytes, struct err *err)
{
    struct bytes lines;
    note->signatures_len = 0;
    if (bytes.len > NOTE_SIZE_MAX)
        return err_set(err, STATUS_TOO_LARGE, "note: it is larger than %u bytes",
                       NOTE_SIZE_MAX);
    if (!note_text_is_valid(bytes))
        return err_set(err, STATUS_INVALID,
                       "note: it is not UTF-8, has control characters, or does not end "
                       "as a line");
    if (!part(bytes, &note->text, &lines) || lines.len == 0)
        return err_set(err, STATUS_INVALID,
                       "note: no empty line with signatures below it");
    while (lines.len > 0) {
        if (note->signatures_len == NOTE_SIGNATURES_MAX)
            return err_set(err, STATUS_TOO_LARGE, "note: it has more than %u signatures",
                           NOTE_SIGNATURES_MAX);
        struct bytes line = bytes_take(&lines, "\n");
        if (!read_signature(&note->signatures[note->signatures_len], line))
            return err_set(err, STATUS_INVALID,
                           "note: line %zu below the text is no signature",
                           note->signatures_len + 1);
        note->signatures_len++;
    }
    return STATUS_OK;
}

/* ---- signatures ---- */

/* What a cosignature signs. */
struct cosigned {
    size_t len;
    uint8_t bytes[COSIGNED_MAX + NOTE_SIZE_MAX];
};

static void cosigned_make(struct cosigned *cosigned, uint64_t time, struct bytes text)
{
    assert(text.len <= NOTE_SIZE_MAX);
    cosigned->len = (size_t)snprintf((char *)cosigned->bytes, COSIGNED_MAX, COSIGNED,
                                     (unsigned long long)time);
    memcpy(cosigned->bytes + cosigned->len, text.data, text.len);
    cosigned->len += text.len;
}

static bool cosignature_holds(const struct note_signature *signature,
                              const struct note_key *key, struct bytes text,
                              uint64_t *time)
{
    struct cosigned cosigned;
    if (signature->len != NOTE_SIGNATURE_MAX)
        return false;
    *time = 0;
    for (int i = 0; i < 8; i++)
        *time = *time << 8 | signature->bytes[i];
    if (*time > NOTE_TIME_MAX)
        return false;
    cosigned_make(&cosigned, *time, text);
    return sign_verify(signature->bytes + 8, key->key, cosigned.bytes, cosigned.len);
}

static bool holds(const struct note_signature *signature, const struct note_key *key,
                  struct bytes text, uint64_t *time)
{
    if (key->type == NOTE_COSIGNATURE)
        return cosignature_holds(signature, key, text, time);
    *time = 0;
    return signature->len == SIGN_SIZE && !begins_as_cosigned(text) &&
           sign_verify(signature->bytes, key->key, text.data, text.len);
}

static bool is_of(const struct note_signature *signature, const struct note_key *key)
{
    return memcmp(signature->key_id, key->id, NOTE_KEY_ID_SIZE) == 0 &&
           bytes_equal(signature->name, key->name);
}

enum status note_verify(const struct note *note, const struct note_key *key,
                        uint64_t *time)
{
    uint64_t seen, newest = 0;
    enum status status = STATUS_NOT_FOUND;
    for (size_t i = 0; i < note->signatures_len; i++) {
        if (!is_of(&note->signatures[i], key))
            continue;
        if (!holds(&note->signatures[i], key, note->text, &seen))
            return STATUS_UNVERIFIED;
        newest = seen > newest ? seen : newest;
        status = STATUS_OK;
    }
    if (time != NULL)
        *time = newest;
    return status;
}

/* ---- writing ---- */

void note_add_text(struct buf *out, struct bytes text)
{
    assert(note_text_is_valid(text));
    buf_add(out, text.data, text.len);
    buf_add_u8(out, '\n');
}

void note_add_signature(struct buf *out, struct bytes name,
                        const uint8_t key_id[static NOTE_KEY_ID_SIZE],
                        const uint8_t *bytes, size_t len)
{
    uint8_t raw[NOTE_KEY_ID_SIZE + NOTE_SIGNATURE_MAX];
    char text[BASE64_SIZE(sizeof(raw))];
    assert(len <= NOTE_SIGNATURE_MAX);
    memcpy(raw, key_id, NOTE_KEY_ID_SIZE);
    memcpy(raw + NOTE_KEY_ID_SIZE, bytes, len);
    size_t text_len = base64_encode(text, raw, NOTE_KEY_ID_SIZE + len, BASE64_PADDED);
    buf_add(out, DASH, strlen(DASH));
    buf_add(out, name.data, name.len);
    buf_add_u8(out, ' ');
    buf_add(out, text, text_len);
    buf_add_u8(out, '\n');
}

void note_sign(struct buf *out, const struct sign_pair *pair, struct bytes name,
               struct bytes text)
{
    struct note_key key;
    uint8_t signature[SIGN_SIZE];
    assert(note_may_sign(text));
    note_key_init(&key, name, NOTE_ED25519, sign_pair_key(pair));
    sign_pair_sign(pair, signature, text.data, text.len);
    note_add_signature(out, name, key.id, signature, sizeof(signature));
}

void note_cosign(struct buf *out, const struct sign_pair *pair, struct bytes name,
                 uint64_t time, struct bytes text)
{
    struct note_key key;
    struct cosigned cosigned;
    uint8_t stamped[NOTE_SIGNATURE_MAX];
    assert(time <= NOTE_TIME_MAX);
    note_key_init(&key, name, NOTE_COSIGNATURE, sign_pair_key(pair));
    for (int i = 0; i < 8; i++)
        stamped[i] = (uint8_t)(time >> (56 - 8 * i));
    cosigned_make(&cosigned, time, text);
    sign_pair_sign(pair, stamped + 8, cosigned.bytes, cosigned.len);
    note_add_signature(out, name, key.id, stamped, sizeof(stamped));
}
