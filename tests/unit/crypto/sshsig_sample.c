/*
 * sshsig_sample FOLDER NAMESPACE < message: signs standard input with a fixed seed and
 * writes message.sig and allowed_signers into FOLDER, for sshsig_keygen.sh.
 */
#include <stdio.h>
#include <string.h>

#include "crypto/sign.h"
#include "crypto/sshsig.h"

static int write_text(const char *folder, const char *name, const char *text)
{
    char path[4096];
    int len = snprintf(path, sizeof(path), "%s/%s", folder, name);
    if (len < 0 || (size_t)len >= sizeof(path))
        return 1;
    FILE *file = fopen(path, "w");
    if (file == NULL)
        return 1;
    int written = fputs(text, file);
    return fclose(file) != 0 || written < 0;
}

int main(int argc, char **argv)
{
    static const uint8_t seed[KEY_SEED_SIZE] = "a seed that only this test uses";
    static uint8_t message[1 << 20];
    if (argc != 3)
        return 2;
    size_t len = fread(message, 1, sizeof(message), stdin);
    uint8_t public_key[KEY_SIZE], signature[SIGN_SIZE];
    uint8_t preimage[SSHSIG_PREIMAGE_MAX];
    char armor[1024], signer[1024];

    /* In two parts, as an op is: network id ‖ header. */
    size_t half = len / 2;
    size_t preimage_len =
        sshsig_preimage(preimage, argv[2], message, half, message + half, len - half);
    key_sign_public(public_key, seed);
    sign_message(signature, seed, preimage, preimage_len);
    if (!sshsig_armor(armor, sizeof(armor), argv[2], public_key, signature) ||
        !sshsig_allowed_signer(signer, sizeof(signer), "mediator", argv[2], public_key))
        return 1;
    return write_text(argv[1], "message.sig", armor) ||
           write_text(argv[1], "allowed_signers", signer);
}
