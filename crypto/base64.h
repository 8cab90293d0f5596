/*
 * base64: RFC 4648 §4, strictly: of all texts, one alone has given bytes. No blanks, no
 * ends of lines, no bits left over, and as many '=' as belong there, or none.
 */
#ifndef FENGQIAO_CRYPTO_BASE64_H
#define FENGQIAO_CRYPTO_BASE64_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum base64_form { BASE64_PADDED, BASE64_BARE };

/* Characters that len bytes make at most, and their NUL. */
#define BASE64_SIZE(len) (((len) + 2) / 3 * 4 + 1)

/* Writes len bytes as text with its NUL: out holds BASE64_SIZE(len). Returns the length
 * of the text. */
size_t base64_encode(char *out, const void *data, size_t len, enum base64_form form);
/* The bytes of a text. False: it is none of that form, or has more than size bytes. */
bool base64_decode(uint8_t *out, size_t size, size_t *len, const char *text,
                   size_t text_len, enum base64_form form);

#endif
