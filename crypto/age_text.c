#include "crypto/age_text.h"

#include <string.h>

#include "crypto/secret.h"

#define RECIPIENT "age"
#define IDENTITY "age-secret-key-"
#define DATA_LEN                                                                         \
    52 /* groups of five bits in 32 bytes, the last one with four of padding */
#define CHECK_LEN 6
#define GROUPS (DATA_LEN + CHECK_LEN)

static const char alphabet[] = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";

/* ---- the check: a BCH code over groups of five bits ---- */

static uint32_t step(uint32_t sum, uint32_t group)
{
    static const uint32_t generator[] = {0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd,
                                         0x2a1462b3};
    uint32_t top = sum >> 25;
    sum = (sum & 0x1ffffff) << 5 ^ group;
    for (int i = 0; i < 5; i++)
        if ((top >> i & 1) != 0)
            sum ^= generator[i];
    return sum;
}

static uint32_t check_of(const char *prefix, const uint8_t *groups, size_t len)
{
    uint32_t sum = 1;
    for (const char *c = prefix; *c != '\0'; c++)
        sum = step(sum, (uint32_t)*c >> 5);
    sum = step(sum, 0);
    for (const char *c = prefix; *c != '\0'; c++)
        sum = step(sum, (uint32_t)*c & 31);
    for (size_t i = 0; i < len; i++)
        sum = step(sum, groups[i]);
    return sum;
}

/* ---- texts ---- */

static void write_text(char *text, const char *prefix, const uint8_t key[static KEY_SIZE])
{
    uint8_t groups[GROUPS] = {0};
    for (size_t bit = 0; bit < 8 * KEY_SIZE; bit++)
        groups[bit / 5] |=
            (uint8_t)((key[bit / 8] >> (7 - bit % 8) & 1) << (4 - bit % 5));
    uint32_t check = check_of(prefix, groups, GROUPS) ^ 1;
    for (size_t i = 0; i < CHECK_LEN; i++)
        groups[DATA_LEN + i] = (uint8_t)(check >> (5 * (CHECK_LEN - 1 - i)) & 31);
    size_t len = strlen(prefix);
    memcpy(text, prefix, len);
    text[len++] = '1';
    for (size_t i = 0; i < GROUPS; i++)
        text[len++] = alphabet[groups[i]];
    text[len] = '\0';
    secret_wipe(groups, sizeof(groups));
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool has_both_cases(const char *text)
{
    bool has_upper = false, has_lower = false;
    for (; *text != '\0'; text++) {
        has_upper |= *text >= 'A' && *text <= 'Z';
        has_lower |= *text >= 'a' && *text <= 'z';
    }
    return has_upper && has_lower;
}

/* Of a text that has so many letters. */
static bool read_groups(uint8_t groups[static GROUPS], const char *text)
{
    for (size_t i = 0; i < GROUPS; i++) {
        const char *found = strchr(alphabet, lower(text[i]));
        if (found == NULL)
            return false;
        groups[i] = (uint8_t)(found - alphabet);
    }
    return true;
}

static bool read_text(uint8_t key[static KEY_SIZE], const char *prefix, const char *text)
{
    uint8_t groups[GROUPS];
    size_t len = strlen(prefix);
    if (strlen(text) != len + 1 + GROUPS || has_both_cases(text) || text[len] != '1')
        return false;
    for (size_t i = 0; i < len; i++)
        if (lower(text[i]) != prefix[i])
            return false;
    bool holds = read_groups(groups, text + len + 1) &&
                 check_of(prefix, groups, GROUPS) == 1 &&
                 (groups[DATA_LEN - 1] & 15) == 0; /* another text of the same key */
    memset(key, 0, KEY_SIZE);
    for (size_t bit = 0; holds && bit < 8 * KEY_SIZE; bit++)
        key[bit / 8] |=
            (uint8_t)((groups[bit / 5] >> (4 - bit % 5) & 1) << (7 - bit % 8));
    secret_wipe(groups, sizeof(groups));
    return holds;
}

void age_recipient_text(char text[static AGE_RECIPIENT_SIZE],
                        const uint8_t key[static KEY_SIZE])
{
    write_text(text, RECIPIENT, key);
}

void age_identity_text(char text[static AGE_IDENTITY_SIZE],
                       const uint8_t secret_key[static KEY_SIZE])
{
    write_text(text, IDENTITY, secret_key);
    for (char *c = text; *c != '\0'; c++)
        if (*c >= 'a') /* of what stands in it, letters alone */
            *c = (char)(*c - 'a' + 'A');
}

bool age_recipient_read(uint8_t key[static KEY_SIZE], const char *text)
{
    return read_text(key, RECIPIENT, text);
}

bool age_identity_read(uint8_t secret_key[static KEY_SIZE], const char *text)
{
    return read_text(secret_key, IDENTITY, text);
}
