/*
 * sshsig: the bytes that stock OpenSSH signs for a message (PROTOCOL.sshsig), so that
 * `ssh-keygen -Y verify` confirms our signatures.
 */
#ifndef FENGQIAO_CRYPTO_SSHSIG_H
#define FENGQIAO_CRYPTO_SSHSIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SSHSIG_NAMESPACE_MAX 32
#define SSHSIG_PREIMAGE_MAX (6 + 4 + SSHSIG_NAMESPACE_MAX + 4 + 4 + 6 + 4 + 64)

/* "SSHSIG" ‖ string(namespace) ‖ string("") ‖ string("sha512") ‖
 * string(SHA-512(message)). The message is a ‖ b (b may be NULL with b_len 0). Returns
 * the length written. */
size_t sshsig_preimage(uint8_t out[static SSHSIG_PREIMAGE_MAX], const char *name_space,
                       const void *a, size_t a_len, const void *b, size_t b_len);

/* The armored signature file and the allowed_signers line that ssh-keygen reads. The
 * namespace has 1 to SSHSIG_NAMESPACE_MAX bytes (asserted), none of them a quote. False:
 * out_size is too small (1024 is enough for both, with principals below 512 bytes), or
 * the principal has blanks or is a pattern, and so would widen the line. Else out is
 * NUL-terminated. */
bool sshsig_armor(char *out, size_t out_size, const char *name_space,
                  const uint8_t public_key[static 32],
                  const uint8_t signature[static 64]);
bool sshsig_allowed_signer(char *out, size_t out_size, const char *principal,
                           const char *name_space, const uint8_t public_key[static 32]);

#endif
