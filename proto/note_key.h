/*
 * note_key: by what signatures of notes are known (C2SP signed-note, tlog-cosignature): a
 * name, what the key signs, and four bytes of a hash of both and the key.
 */
#ifndef FENGQIAO_PROTO_NOTE_KEY_H
#define FENGQIAO_PROTO_NOTE_KEY_H

#include "crypto/key.h"
#include "proto/bytes.h"
#include "proto/err.h"
#include "proto/limits.h"

#define NOTE_KEY_ID_SIZE 4

/* The types that we know, by their bytes in C2SP's table: Ed25519 over the text of a
 * note, and over that of a checkpoint with the time at which it was seen. */
enum note_type { NOTE_ED25519 = 1, NOTE_COSIGNATURE = 4 };

struct note_key {
    struct bytes name; /* borrowed */
    enum note_type type;
    uint8_t id[NOTE_KEY_ID_SIZE];
    uint8_t key[KEY_SIZE];
};

/* 1 to NOTE_NAME_MAX bytes of UTF-8 without '+', control characters or any space of
 * Unicode. */
bool note_name_is_valid(struct bytes name);

/* The first bytes of SHA-256(name ‖ "\n" ‖ type ‖ key). */
void note_key_id(uint8_t id[static NOTE_KEY_ID_SIZE], struct bytes name,
                 enum note_type type, const uint8_t key[static KEY_SIZE]);
/* All of it in one; the name (valid, asserted) is borrowed. */
void note_key_init(struct note_key *key, struct bytes name, enum note_type type,
                   const uint8_t public_key[static KEY_SIZE]);

/* A verifier key, "name+hex of the id+base64 of type ‖ key"; the name is borrowed from
 * the text. UNSUPPORTED: the type is not known here. INVALID: anything else that cannot
 * be, an id of another name or key too. */
enum status note_key_read(struct note_key *key, struct bytes text,
                          struct err *err) MUST_USE;
void note_key_write(struct buf *out, const struct note_key *key);

#endif
