#include "crypto/age_header.h"

#include <string.h>

#include "crypto/age_scrypt.h"
#include "crypto/base64.h"
#include "crypto/hkdf.h"
#include "crypto/secret.h"
#include "crypto/stanza.h"

#include <sodium.h>

#define LINE_MAX_LEN 64 /* characters of a line of a body */
#define ARROW "-> "
#define ARROW_LEN (sizeof(ARROW) - 1)
#define FOOT_LEN (sizeof(AGE_FOOT) - 1)

/* ---- lines ---- */

/* One or more words of visible characters, parted by single blanks. */
static bool are_words(const uint8_t *text, size_t len, uint32_t *first_len)
{
    bool in_word = false;
    *first_len = 0;
    for (size_t i = 0; i < len; i++) {
        bool is_visible = text[i] > ' ' && text[i] < 0x7f;
        if (!is_visible && (text[i] != ' ' || !in_word))
            return false;
        if (!is_visible && *first_len == 0)
            *first_len = (uint32_t)i;
        in_word = is_visible;
    }
    if (*first_len == 0)
        *first_len = (uint32_t)len;
    return in_word;
}

static bool is_base64(const uint8_t *text, size_t len)
{
    uint8_t bytes[LINE_MAX_LEN];
    size_t bytes_len;
    return base64_decode(bytes, sizeof(bytes), &bytes_len, (const char *)text, len,
                         BASE64_BARE);
}

static bool begin_stanza(struct age_header *header, const uint8_t *bytes, size_t at,
                         size_t end)
{
    uint32_t type_len;
    if (header->stanzas_len == AGE_STANZAS_MAX ||
        !are_words(bytes + at + ARROW_LEN, end - at - ARROW_LEN, &type_len))
        return false;
    header->stanzas[header->stanzas_len++] =
        (struct age_stanza){.at = (uint32_t)at, .type_len = type_len};
    header->place = AGE_IN_BODY;
    return true;
}

static bool end_header(struct age_header *header, const uint8_t *bytes, size_t at,
                       size_t end)
{
    if (header->stanzas_len == 0 || end - at != AGE_FOOT_SIZE - 1 ||
        bytes[at + FOOT_LEN] != ' ' ||
        !stanza_decode(header->mac, (const char *)bytes + at + FOOT_LEN + 1))
        return false;
    header->maced = (uint32_t)(at + FOOT_LEN);
    header->place = AGE_AT_END;
    return true;
}

static bool begins_with(const uint8_t *text, size_t len, const char *with)
{
    return len >= strlen(with) && memcmp(text, with, strlen(with)) == 0;
}

bool age_header_line(struct age_header *header, const uint8_t *bytes, size_t at,
                     size_t end)
{
    const uint8_t *line = bytes + at;
    size_t len = end - at;
    switch (header->place) {
    case AGE_AT_INTRO:
        header->place = AGE_AT_STANZA;
        return len + 1 == strlen(AGE_INTRO) && memcmp(line, AGE_INTRO, len) == 0;
    case AGE_AT_STANZA:
        if (begins_with(line, len, AGE_FOOT))
            return end_header(header, bytes, at, end);
        return begins_with(line, len, ARROW) && begin_stanza(header, bytes, at, end);
    case AGE_IN_BODY:
        if (len > LINE_MAX_LEN || !is_base64(line, len))
            return false;
        if (len < LINE_MAX_LEN) {
            struct age_stanza *stanza = &header->stanzas[header->stanzas_len - 1];
            stanza->len = (uint32_t)(end + 1 - stanza->at);
            header->place = AGE_AT_STANZA;
        }
        return true;
    default:
        return false; /* nothing follows the last line */
    }
}

bool age_header_is(const struct age_stanza *stanza, const uint8_t *bytes,
                   const char *type)
{
    return stanza->type_len == strlen(type) &&
           memcmp(bytes + stanza->at + ARROW_LEN, type, stanza->type_len) == 0;
}

/* ---- what it carries ---- */

void age_header_mac(uint8_t mac[static AGE_MAC_SIZE],
                    const uint8_t file_key[static AGE_FILE_KEY_SIZE],
                    const uint8_t *bytes, size_t maced)
{
    uint8_t key[HKDF_SIZE];
    hkdf(key, file_key, AGE_FILE_KEY_SIZE, NULL, 0, "header");
    hkdf_hmac(mac, key, sizeof(key), bytes, maced);
    secret_wipe(key, sizeof(key));
}

/* One stanza and one key; AGE_MORE: it is open. */
static enum age_verdict try_one(const struct age_stanza *stanza, const uint8_t *bytes,
                                const struct age_key *key, uint8_t *file_key)
{
    const char *text = (const char *)bytes + stanza->at;
    if (key->secret == NULL)
        return age_header_is(stanza, bytes, AGE_SCRYPT_TYPE)
                   ? age_scrypt_unwrap(file_key, text, stanza->len, key->passphrase,
                                       key->passphrase_len)
                   : AGE_NO_MATCH;
    if (!age_header_is(stanza, bytes, STANZA_TYPE))
        return AGE_NO_MATCH;
    if (stanza->len != STANZA_SIZE)
        return AGE_BAD_HEADER;
    switch (stanza_unwrap(file_key, text, key->secret)) {
    case STANZA_OPENED:
        return AGE_MORE;
    case STANZA_OF_ANOTHER:
        return AGE_NO_MATCH;
    default:
        return AGE_BAD_HEADER;
    }
}

/* A passphrase authenticates who wrote the file, so it goes with no other recipient. */
static bool is_alone(const struct age_header *header, const uint8_t *bytes)
{
    for (uint32_t i = 0; i < header->stanzas_len; i++)
        if (age_header_is(&header->stanzas[i], bytes, AGE_SCRYPT_TYPE) &&
            header->stanzas_len > 1)
            return false;
    return true;
}

static enum age_verdict find_file_key(const struct age_header *header,
                                      const uint8_t *bytes, const struct age_key *keys,
                                      size_t keys_len, uint8_t *file_key)
{
    for (size_t k = 0; k < keys_len; k++)
        for (uint32_t i = 0; i < header->stanzas_len; i++) {
            enum age_verdict verdict =
                try_one(&header->stanzas[i], bytes, &keys[k], file_key);
            if (verdict != AGE_NO_MATCH)
                return verdict;
        }
    return AGE_NO_MATCH;
}

enum age_verdict age_header_open(const struct age_header *header, const uint8_t *bytes,
                                 const struct age_key *keys, size_t keys_len,
                                 uint8_t file_key[static AGE_FILE_KEY_SIZE])
{
    uint8_t mac[AGE_MAC_SIZE];
    if (!is_alone(header, bytes))
        return AGE_BAD_HEADER;
    enum age_verdict verdict = find_file_key(header, bytes, keys, keys_len, file_key);
    if (verdict != AGE_MORE)
        return verdict;
    age_header_mac(mac, file_key, bytes, header->maced);
    return secret_equal(mac, header->mac, sizeof(mac)) ? AGE_MORE : AGE_BAD_MAC;
}
