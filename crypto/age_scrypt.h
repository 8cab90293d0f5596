/*
 * age_scrypt: a file key for a passphrase, as a stanza of the age format:
 *   "-> scrypt " ‖ salt, 22 characters ‖ " " ‖ log2(N) ‖ "\n" ‖ wrapped file key, 43
 *   characters ‖ "\n"
 */
#ifndef FENGQIAO_CRYPTO_AGE_SCRYPT_H
#define FENGQIAO_CRYPTO_AGE_SCRYPT_H

#include "crypto/age.h"

#define AGE_SCRYPT_TYPE "scrypt"
#define AGE_SCRYPT_SALT_SIZE 16
/* 128 × 8 × 2^18 bytes: 256 MiB and a second, what the stock tool takes. A file that asks
 * for more than 2^20 (1 GiB) is refused: it would not be opened on a Pi anyway. */
#define AGE_SCRYPT_WORK 18
#define AGE_SCRYPT_WORK_MAX 20
#define AGE_SCRYPT_STANZA_SIZE (10 + 22 + 1 + 2 + 1 + 43 + 1)

/* work: 10 to 20; len: bytes written. AGE_MORE, or AGE_NO_MEMORY. */
enum age_verdict age_scrypt_wrap(char out[static AGE_SCRYPT_STANZA_SIZE], size_t *len,
                                 const uint8_t file_key[static AGE_FILE_KEY_SIZE],
                                 const char *passphrase, size_t passphrase_len,
                                 const uint8_t salt[static AGE_SCRYPT_SALT_SIZE],
                                 uint32_t work);
/* stanza: whole, of the type. AGE_MORE: it is open; AGE_NO_MATCH, AGE_BAD_HEADER,
 * AGE_NO_MEMORY. */
enum age_verdict age_scrypt_unwrap(uint8_t file_key[static AGE_FILE_KEY_SIZE],
                                   const char *stanza, size_t len, const char *passphrase,
                                   size_t passphrase_len);

#endif
