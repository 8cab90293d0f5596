/*
 * age_armor: an age file as text (a strict subset of RFC 7468), read a piece at a time.
 * Blank lines and blanks may stand before and behind it; lines end in LF or CRLF and have
 * 64 characters of base64 each, but the last.
 */
#ifndef FENGQIAO_CRYPTO_AGE_ARMOR_H
#define FENGQIAO_CRYPTO_AGE_ARMOR_H

#include "crypto/age.h"

#define AGE_ARMOR_LINE_MAX 64
#define AGE_ARMOR_BYTES_MAX (AGE_ARMOR_LINE_MAX / 4 * 3) /* of one line */

struct age_armor {
    enum { ARMOR_BEFORE, ARMOR_BEGINS, ARMOR_INSIDE, ARMOR_ENDING, ARMOR_BEHIND } place;
    size_t blanks; /* that stood around it */
    size_t line_len;
    char line[AGE_ARMOR_LINE_MAX + 2]; /* one more and a CR */
};

/* Does it look like one, be it a broken one? It begins with a hyphen, or the mark at the
 * beginning stands within. */
bool age_armor_seen(const uint8_t *bytes, size_t len);

/* A zeroed armor takes the next byte. AGE_MORE: bytes_len bytes (perhaps none) came out
 * of it; AGE_BAD_ARMOR. */
enum age_verdict age_armor_put(struct age_armor *armor, uint8_t byte,
                               uint8_t bytes[static AGE_ARMOR_BYTES_MAX],
                               size_t *bytes_len);
/* Nothing comes any more. AGE_WHOLE; AGE_BAD_ARMOR: its end is missing. */
enum age_verdict age_armor_end(struct age_armor *armor);

#endif
