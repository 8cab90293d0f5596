/*
 * age_header: the text before the payload of an age file, a line at a time.
 *
 *   "age-encryption.org/v1\n", then one stanza or more: "-> TYPE ARGUMENT…\n" and a body
 * in base64, in lines of 64 characters of which the last is shorter and may be empty;
 * then
 *   "--- MAC\n", HMAC-SHA-256 of all before the blank in it.
 */
#ifndef FENGQIAO_CRYPTO_AGE_HEADER_H
#define FENGQIAO_CRYPTO_AGE_HEADER_H

#include "crypto/age.h"

#define AGE_HEADER_MAX 65536 /* bytes of all lines */
#define AGE_STANZAS_MAX 128
#define AGE_MAC_SIZE 32
#define AGE_INTRO "age-encryption.org/v1\n"
#define AGE_FOOT "---"
/* "--- ", 43 characters, "\n" */
#define AGE_FOOT_SIZE (3 + 1 + 43 + 1)

/* Offsets into the bytes of the header: the whole stanza, and its type. */
struct age_stanza {
    uint32_t at, len, type_len; /* the type begins three bytes behind `at` */
};

struct age_header {
    enum { AGE_AT_INTRO, AGE_AT_STANZA, AGE_IN_BODY, AGE_AT_END } place;
    uint32_t stanzas_len;
    struct age_stanza stanzas[AGE_STANZAS_MAX];
    uint32_t maced; /* so many bytes are under the MAC */
    uint8_t mac[AGE_MAC_SIZE];
};

/* The next line of a zeroed header: bytes[at] to the line feed, which is bytes[end].
 * False: it cannot be what stands there. place is AGE_AT_END behind the last one. */
bool age_header_line(struct age_header *header, const uint8_t *bytes, size_t at,
                     size_t end);

/* Is the stanza of that type? */
bool age_header_is(const struct age_stanza *stanza, const uint8_t *bytes,
                   const char *type);

/* What the header of a file key must say. */
void age_header_mac(uint8_t mac[static AGE_MAC_SIZE],
                    const uint8_t file_key[static AGE_FILE_KEY_SIZE],
                    const uint8_t *bytes, size_t maced);

/* The file key by the first stanza that one of the keys opens: AGE_MORE (the payload
 * comes), AGE_NO_MATCH, AGE_BAD_HEADER, AGE_BAD_MAC, AGE_NO_MEMORY. */
enum age_verdict age_header_open(const struct age_header *header, const uint8_t *bytes,
                                 const struct age_key *keys, size_t keys_len,
                                 uint8_t file_key[static AGE_FILE_KEY_SIZE]);

#endif
