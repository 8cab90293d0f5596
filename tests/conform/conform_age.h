/*
 * conform_age: fengqiao-conform age-decrypt IDENTITY-OR-PASSPHRASE FILE. Opens an age
 * file, armored or not, as our reader does: the plaintext goes to standard output. A text
 * that begins with AGE-SECRET-KEY-1 is an identity, any other a passphrase.
 */
#ifndef FENGQIAO_TESTS_CONFORM_AGE_H
#define FENGQIAO_TESTS_CONFORM_AGE_H

/* 0; or 1 with the check that failed on standard error: "armor failure", "header
 * failure", "no match", "MAC failure", "payload failure". What was whole until then was
 * written. */
int conform_age_decrypt(const char *key, const char *file);

#endif
