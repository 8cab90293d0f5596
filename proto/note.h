/*
 * note: a text with signatures below it (C2SP signed-note), which stock software opens:
 * the text, whose last line ends as each; an empty line; and for each signature
 *
 *   "— " name " " base64(key id ‖ signature) "\n"
 *
 * A cosignature (C2SP tlog-cosignature) is u64 seconds since 1970 ‖ Ed25519 over
 * "cosignature/v1\ntime SECONDS\n" ‖ text.
 *
 * Ed25519 is judged under the strict rule of crypto/sign.h here as everywhere (S < L,
 * canonical, nothing of small order): of honest keys every signature passes it.
 */
#ifndef FENGQIAO_PROTO_NOTE_H
#define FENGQIAO_PROTO_NOTE_H

#include "crypto/sign.h"
#include "proto/bytes.h"
#include "proto/err.h"
#include "proto/limits.h"
#include "proto/note_key.h"

#define NOTE_SIGNATURE_MAX (8 + SIGN_SIZE) /* of the types that we know */
#define NOTE_TIME_MAX INT64_MAX            /* seconds of a cosignature */

struct note_signature {
    struct bytes line; /* all of it, its end included */
    struct bytes name;
    uint8_t key_id[NOTE_KEY_ID_SIZE];
    /* Of one that is longer, and so of a type that we do not know, the beginning. */
    uint8_t bytes[NOTE_SIGNATURE_MAX];
    size_t len;
};

/* All bytes are borrowed from what was read. */
struct note {
    struct bytes text;
    struct note_signature signatures[NOTE_SIGNATURES_MAX];
    size_t signatures_len;
};

/* UTF-8 without control characters but ends of lines, of which one ends it. */
bool note_text_is_valid(struct bytes text);

/* Can a signature of that text be taken for none of anything else? Our keys also sign
 * SSHSIG preimages, which no text begins as, cosignatures, and digests of 32 bytes. */
bool note_may_sign(struct bytes text);

/* Takes a note apart, verifies nothing. INVALID or TOO_LARGE, with the reason. */
enum status note_read(struct note *note, struct bytes bytes, struct err *err) MUST_USE;

/*
 * Did that key sign? OK, and time (may be NULL) is that of its newest cosignature, 0 for
 * another type; NOT_FOUND: no signature has its name and id; UNVERIFIED: one has, and
 * does not hold, which spoils the note whatever else stands there. A cosignature in the
 * place of a signature does not hold, whatever the text.
 */
enum status note_verify(const struct note *note, const struct note_key *key,
                        uint64_t *time) MUST_USE;

/* Writing: the text (valid, asserted) with the empty line, then signatures of that text.
 * Whoever signs sees to it that the whole has at most NOTE_SIZE_MAX bytes. */
void note_add_text(struct buf *out, struct bytes text);
/* At most NOTE_SIGNATURE_MAX bytes, asserted. */
void note_add_signature(struct buf *out, struct bytes name,
                        const uint8_t key_id[static NOTE_KEY_ID_SIZE],
                        const uint8_t *bytes, size_t len);
/* Of texts that note_may_sign, asserted. */
void note_sign(struct buf *out, const struct sign_pair *pair, struct bytes name,
               struct bytes text);
/* time: at most NOTE_TIME_MAX, asserted. */
void note_cosign(struct buf *out, const struct sign_pair *pair, struct bytes name,
                 uint64_t time, struct bytes text);

#endif
