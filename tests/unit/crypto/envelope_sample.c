/*
 * For envelope_age.sh, with a fixed key:
 * envelope_sample identity       prints it as age reads it
 * envelope_sample seal           seals standard input, to a stranger and to this key
 * envelope_sample open           opens standard input
 */
#include <stdio.h>
#include <string.h>

#include "crypto/age_text.h"
#include "crypto/envelope.h"

static const uint8_t seed[KEY_SEED_SIZE] = "a seed that only this test uses";

static int seal_input(const uint8_t secret[static KEY_SIZE])
{
    static const uint8_t stranger[KEY_SIZE] = {5};
    uint8_t text[ENVELOPE_TEXT_MAX], out[ENVELOPE_MAX], recipients[2][KEY_SIZE];
    struct rng rng = rng_system();
    size_t len = fread(text, 1, sizeof(text), stdin);
    key_dh_public(recipients[0], stranger);
    key_dh_public(recipients[1], secret);
    if (!envelope_seal(out, recipients, 2, text, len, &rng, NULL))
        return 1;
    return fwrite(out, 1, ENVELOPE_SIZE(2, len), stdout) != ENVELOPE_SIZE(2, len);
}

static int open_input(const uint8_t secret[static KEY_SIZE])
{
    uint8_t envelope[ENVELOPE_MAX], text[ENVELOPE_TEXT_MAX];
    size_t text_len, len = fread(envelope, 1, sizeof(envelope), stdin);
    if (!envelope_open(text, &text_len, envelope, len, secret))
        return 1;
    return fwrite(text, 1, text_len, stdout) != text_len;
}

int main(int argc, char **argv)
{
    uint8_t secret[KEY_SIZE];
    if (argc != 2)
        return 2;
    key_dh_of_sign_seed(secret, seed);
    if (strcmp(argv[1], "seal") == 0)
        return seal_input(secret);
    if (strcmp(argv[1], "open") == 0)
        return open_input(secret);
    char text[AGE_IDENTITY_SIZE];
    age_identity_text(text, secret);
    return puts(text) < 0;
}
