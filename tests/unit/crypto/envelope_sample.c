/*
 * For envelope_age.sh, with a fixed key:
 * envelope_sample identity       prints it as age reads it
 * envelope_sample seal           seals standard input, to a stranger and to this key
 * envelope_sample open           opens standard input
 */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "crypto/envelope.h"

static const uint8_t seed[KEY_SEED_SIZE] = "a seed that only this test uses";

static uint32_t checksum_step(uint32_t sum, uint8_t value)
{
    static const uint32_t generator[5] = {0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd,
                                          0x2a1462b3};
    uint32_t top = sum >> 25;
    sum = (sum & 0x1ffffff) << 5 ^ value;
    for (int i = 0; i < 5; i++)
        if (top >> i & 1)
            sum ^= generator[i];
    return sum;
}

/* Bech32 (BIP 173) in capitals, which is how age writes a secret key. */
static void print_identity(const uint8_t secret[static KEY_SIZE])
{
    static const char prefix[] = "age-secret-key-";
    static const char alphabet[] = "QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L";
    uint32_t sum = 1, bits = 0;
    int bits_len = 0;
    for (const char *c = prefix; *c != '\0'; c++)
        sum = checksum_step(sum, (uint8_t)*c >> 5);
    sum = checksum_step(sum, 0);
    for (const char *c = prefix; *c != '\0'; c++) {
        sum = checksum_step(sum, *c & 31);
        putchar(toupper((unsigned char)*c));
    }
    putchar('1');
    for (int i = 0; i <= KEY_SIZE; i++) { /* one more: the last bits, filled up */
        bits = bits << 8 | (i < KEY_SIZE ? secret[i] : 0);
        for (bits_len += i < KEY_SIZE ? 8 : 4; bits_len >= 5; bits_len -= 5) {
            uint8_t value = (i < KEY_SIZE ? bits >> (bits_len - 5)
                                          : bits >> 8 << 4 >> (bits_len - 5)) &
                            31;
            sum = checksum_step(sum, value);
            putchar(alphabet[value]);
        }
    }
    for (int i = 0; i < 6; i++)
        sum = checksum_step(sum, 0);
    sum ^= 1;
    for (int i = 0; i < 6; i++)
        putchar(alphabet[sum >> 5 * (5 - i) & 31]);
    putchar('\n');
}

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
    print_identity(secret);
    return 0;
}
