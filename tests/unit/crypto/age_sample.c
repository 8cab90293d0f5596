/*
 * For age_stock.sh, with a fixed key and passphrase:
 * age_sample identity            prints it as age reads it
 * age_sample seal                seals standard input, to a stranger and to this key
 * age_sample seal-passphrase     the same to the passphrase
 * age_sample open                opens standard input with the key, else the passphrase
 */
#include <stdio.h>
#include <string.h>

#include "crypto/age_reader.h"
#include "crypto/age_text.h"
#include "crypto/age_writer.h"

#define PASSPHRASE "six words that only this test uses"
#define WORK 10

static const uint8_t seed[KEY_SEED_SIZE] = "a seed that only this test uses";

static bool print(void *context, const uint8_t *bytes, size_t len)
{
    return fwrite(bytes, 1, len, context) == len;
}

static int seal_input(const uint8_t secret[static KEY_SIZE], bool is_passphrase)
{
    static struct age_writer writer;
    static const uint8_t stranger[KEY_SIZE] = {5};
    uint8_t bytes[10000], recipients[2][KEY_SIZE];
    struct rng rng = rng_system();
    size_t len;
    key_dh_public(recipients[0], stranger);
    key_dh_public(recipients[1], secret);
    enum age_verdict verdict =
        is_passphrase
            ? age_writer_begin_passphrase(&writer, PASSPHRASE, strlen(PASSPHRASE), WORK,
                                          &rng, NULL, print, stdout)
            : age_writer_begin(&writer, recipients, 2, &rng, NULL, print, stdout);
    while (verdict == AGE_MORE && (len = fread(bytes, 1, sizeof(bytes), stdin)) > 0)
        verdict = age_writer_put(&writer, bytes, len);
    return age_writer_end(&writer) == AGE_WHOLE ? 0 : 1;
}

static int open_input(const uint8_t secret[static KEY_SIZE])
{
    static struct age_reader reader;
    const struct age_key keys[] = {
        {.secret = secret},
        {.passphrase = PASSPHRASE, .passphrase_len = strlen(PASSPHRASE)}};
    uint8_t bytes[10000];
    size_t len = fread(bytes, 1, sizeof(bytes), stdin);
    age_reader_init(&reader, keys, 2, age_armor_seen(bytes, len < 22 ? len : 22));
    for (; len > 0; len = fread(bytes, 1, sizeof(bytes), stdin))
        if (age_reader_put(&reader, bytes, len, print, stdout) != AGE_MORE)
            return 1;
    return age_reader_end(&reader, print, stdout) == AGE_WHOLE ? 0 : 1;
}

int main(int argc, char **argv)
{
    uint8_t secret[KEY_SIZE];
    char text[AGE_IDENTITY_SIZE];
    if (argc != 2)
        return 2;
    key_dh_of_sign_seed(secret, seed);
    if (strncmp(argv[1], "seal", 4) == 0)
        return seal_input(secret, strcmp(argv[1], "seal") != 0);
    if (strcmp(argv[1], "open") == 0)
        return open_input(secret);
    age_identity_text(text, secret);
    return puts(text) < 0;
}
