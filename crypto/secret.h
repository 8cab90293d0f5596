/*
 * secret: memory for keys: guarded and locked (sodium_malloc) and wiped when freed.
 */
#ifndef FENGQIAO_CRYPTO_SECRET_H
#define FENGQIAO_CRYPTO_SECRET_H

#include <stdbool.h>
#include <stddef.h>

/* Zeroed memory of len bytes, or NULL. The caller owns it until secret_free. */
void *secret_new(size_t len);
/* Wipes and frees; accepts NULL. */
void secret_free(void *secret);
/* Wipes memory that is not ours to free. */
void secret_wipe(void *memory, size_t len);
/* Compares in constant time. */
bool secret_equal(const void *a, const void *b, size_t len);

#endif
