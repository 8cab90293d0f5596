/*
 * identity: what may be kept of a party beside the alias: an identity number and a phone
 * number, each optional. As a short text that is sealed (crypto/envelope.h) and that
 * whoever opens it with another tool can read: lines of a word and a value, then spaces.
 */
#ifndef FENGQIAO_CASES_IDENTITY_H
#define FENGQIAO_CASES_IDENTITY_H

#include <stddef.h>
#include <stdint.h>

#include "proto/bytes.h"
#include "proto/err.h"

#define IDENTITY_NUMBER_LEN 18
#define IDENTITY_PHONE_MAX 24
/* So long is the text at least, and with the last random byte of padding at most. */
#define IDENTITY_TEXT_MIN 96
#define IDENTITY_TEXT_MAX (IDENTITY_TEXT_MIN + UINT8_MAX)

/* Borrowed; empty: not known. */
struct identity {
    struct bytes number, phone;
};

/* INVALID, and err says what is wrong: neither of the two; a number that has not 18
 * characters, a day that there is not, or a wrong check character (GB 11643); a phone
 * number that is none. */
enum status identity_check(const struct identity *identity, struct err *err) MUST_USE;
/* Of one that was checked. Its length hangs on padding alone. */
size_t identity_write(char text[static IDENTITY_TEXT_MAX],
                      const struct identity *identity, uint8_t padding);
/* Borrows from text; what is not there stays empty. */
void identity_read(struct identity *identity, struct bytes text);

#endif
