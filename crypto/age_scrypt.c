#include "crypto/age_scrypt.h"

#include <stdio.h>
#include <string.h>

#include "crypto/base64.h"
#include "crypto/secret.h"
#include "crypto/stanza.h"

#include <sodium.h>

#define HEAD "-> " AGE_SCRYPT_TYPE " "
#define HEAD_LEN (sizeof(HEAD) - 1)
#define LABEL "age-encryption.org/v1/scrypt"
#define LABEL_LEN (sizeof(LABEL) - 1)
#define SALT_TEXT_SIZE 22
#define WRAPPED_SIZE (AGE_FILE_KEY_SIZE + AGE_TAG_SIZE)
#define BLOCK 8 /* r */
#define WORK_DIGITS_MAX 2

/* Used for one message each, so that the nonce may stand still. */
static const uint8_t nonce[crypto_aead_chacha20poly1305_ietf_NPUBBYTES];

static bool stretch(uint8_t key[static 32], const char *passphrase, size_t len,
                    const uint8_t *salt, uint32_t work)
{
    uint8_t salted[LABEL_LEN + AGE_SCRYPT_SALT_SIZE];
    memcpy(salted, LABEL, LABEL_LEN);
    memcpy(salted + LABEL_LEN, salt, AGE_SCRYPT_SALT_SIZE);
    return crypto_pwhash_scryptsalsa208sha256_ll((const uint8_t *)passphrase, len, salted,
                                                 sizeof(salted), 1ull << work, BLOCK, 1,
                                                 key, 32) == 0;
}

enum age_verdict age_scrypt_wrap(char out[static AGE_SCRYPT_STANZA_SIZE], size_t *len,
                                 const uint8_t file_key[static AGE_FILE_KEY_SIZE],
                                 const char *passphrase, size_t passphrase_len,
                                 const uint8_t salt[static AGE_SCRYPT_SALT_SIZE],
                                 uint32_t work)
{
    uint8_t key[32], wrapped[WRAPPED_SIZE];
    char salt_text[BASE64_SIZE(AGE_SCRYPT_SALT_SIZE)];
    if (!stretch(key, passphrase, passphrase_len, salt, work))
        return AGE_NO_MEMORY;
    crypto_aead_chacha20poly1305_ietf_encrypt(wrapped, NULL, file_key, AGE_FILE_KEY_SIZE,
                                              NULL, 0, NULL, nonce, key); /* always 0 */
    secret_wipe(key, sizeof(key));
    (void)base64_encode(salt_text, salt, AGE_SCRYPT_SALT_SIZE, BASE64_BARE);
    char head[HEAD_LEN + SALT_TEXT_SIZE + WORK_DIGITS_MAX + 3];
    int head_len = snprintf(head, sizeof(head), HEAD "%s %u\n", salt_text, work);
    memcpy(out, head, (size_t)head_len);
    stanza_encode(out + head_len, wrapped);
    out[head_len + STANZA_TEXT_SIZE] = '\n';
    *len = (size_t)head_len + STANZA_TEXT_SIZE + 1;
    return AGE_MORE;
}

static bool read_salt(uint8_t salt[static AGE_SCRYPT_SALT_SIZE], const char *text)
{
    size_t len; /* so many letters are so many bytes */
    return base64_decode(salt, AGE_SCRYPT_SALT_SIZE, &len, text, SALT_TEXT_SIZE,
                         BASE64_BARE);
}

/* Decimal, without a sign or a leading zero, up to the line feed. */
static bool read_work(uint32_t *work, const char *text, size_t *len)
{
    *work = 0;
    *len = 0;
    for (; text[*len] >= '0' && text[*len] <= '9'; (*len)++) {
        if (*len == WORK_DIGITS_MAX || (*len > 0 && *work == 0))
            return false;
        *work = *work * 10 + (uint32_t)(text[*len] - '0');
    }
    return *work > 0 && *work <= AGE_SCRYPT_WORK_MAX && text[*len] == '\n';
}

enum age_verdict age_scrypt_unwrap(uint8_t file_key[static AGE_FILE_KEY_SIZE],
                                   const char *stanza, size_t len, const char *passphrase,
                                   size_t passphrase_len)
{
    uint8_t salt[AGE_SCRYPT_SALT_SIZE], wrapped[WRAPPED_SIZE], key[32];
    uint32_t work;
    size_t digits, work_at = HEAD_LEN + SALT_TEXT_SIZE + 1;
    /* The shortest such stanza has one digit; a line feed ends it, so no loop runs on. */
    if (len < AGE_SCRYPT_STANZA_SIZE - 1 || memcmp(stanza, HEAD, HEAD_LEN) != 0 ||
        !read_salt(salt, stanza + HEAD_LEN) || stanza[work_at - 1] != ' ' ||
        !read_work(&work, stanza + work_at, &digits) ||
        len != work_at + digits + 1 + STANZA_TEXT_SIZE + 1 ||
        !stanza_decode(wrapped, stanza + work_at + digits + 1))
        return AGE_BAD_HEADER;
    if (!stretch(key, passphrase, passphrase_len, salt, work))
        return AGE_NO_MEMORY;
    int rc = crypto_aead_chacha20poly1305_ietf_decrypt(
        file_key, NULL, NULL, wrapped, sizeof(wrapped), NULL, 0, nonce, key);
    secret_wipe(key, sizeof(key));
    return rc == 0 ? AGE_MORE : AGE_NO_MATCH;
}
