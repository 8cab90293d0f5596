#include "crypto/age_scrypt.h"

#include "crypto/age_writer.h"

#include "vector.h"

#include <stdio.h>

/* A file key for a passphrase: strictly, and without memory it is no wrong passphrase
 * (the linker's --wrap). */

static bool stretches = true;

int __real_crypto_pwhash_scryptsalsa208sha256_ll(const uint8_t *passwd, size_t passwd_len,
                                                 const uint8_t *salt, size_t salt_len,
                                                 uint64_t n, uint32_t r, uint32_t p,
                                                 uint8_t *out, size_t out_len);
int __wrap_crypto_pwhash_scryptsalsa208sha256_ll(const uint8_t *passwd, size_t passwd_len,
                                                 const uint8_t *salt, size_t salt_len,
                                                 uint64_t n, uint32_t r, uint32_t p,
                                                 uint8_t *out, size_t out_len);
int __wrap_crypto_pwhash_scryptsalsa208sha256_ll(const uint8_t *passwd, size_t passwd_len,
                                                 const uint8_t *salt, size_t salt_len,
                                                 uint64_t n, uint32_t r, uint32_t p,
                                                 uint8_t *out, size_t out_len)
{
    return stretches ? __real_crypto_pwhash_scryptsalsa208sha256_ll(
                           passwd, passwd_len, salt, salt_len, n, r, p, out, out_len)
                     : -1;
}

static const uint8_t file_key[AGE_FILE_KEY_SIZE] = {7};
static const uint8_t salt[AGE_SCRYPT_SALT_SIZE] = {1};

#define SALT "AAAAAAAAAAAAAAAAAAAAAA"
#define WRAPPED "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

static enum age_verdict open_with(const char *stanza, size_t len, const char *passphrase)
{
    uint8_t opened[AGE_FILE_KEY_SIZE];
    enum age_verdict verdict =
        age_scrypt_unwrap(opened, stanza, len, passphrase, strlen(passphrase));
    if (verdict == AGE_MORE)
        assert_memory_equal(opened, file_key, sizeof(opened));
    return verdict;
}

static void one_passphrase_opens_it(void **state)
{
    char stanza[AGE_SCRYPT_STANZA_SIZE];
    size_t len;
    assert_int_equal(age_scrypt_wrap(stanza, &len, file_key, "word", 4, salt, 10),
                     AGE_MORE);
    assert_int_equal(open_with(stanza, len, "word"), AGE_MORE);
    assert_int_equal(open_with(stanza, len, "another"), AGE_NO_MATCH);
}

static void any_other_line_is_refused(void **state)
{
    static const struct {
        const char *stanza;
        enum age_verdict verdict;
    } rows[] = {
        {"-> scrypt " SALT " 10\n" WRAPPED "\n", AGE_NO_MATCH},
        {"-> scrypt " SALT " 9\n" WRAPPED "\n", AGE_NO_MATCH},
        {"-> X25519 " SALT " 10\n" WRAPPED "\n", AGE_BAD_HEADER},
        {"-> scrypt !AAAAAAAAAAAAAAAAAAAAA 10\n" WRAPPED "\n", AGE_BAD_HEADER},
        {"-> scrypt " SALT "-10\n" WRAPPED "\n", AGE_BAD_HEADER},
        {"-> scrypt " SALT " 0\n" WRAPPED "\n", AGE_BAD_HEADER},
        {"-> scrypt " SALT " 09\n" WRAPPED "\n", AGE_BAD_HEADER},
        {"-> scrypt " SALT " 21\n" WRAPPED "\n", AGE_BAD_HEADER},
        {"-> scrypt " SALT " 100\n" WRAPPED "\n", AGE_BAD_HEADER},
        {"-> scrypt " SALT " +9\n" WRAPPED "\n", AGE_BAD_HEADER},
        {"-> scrypt " SALT " 9 \n" WRAPPED "\n", AGE_BAD_HEADER},
        {"-> scrypt " SALT " 10\n" WRAPPED "A\n", AGE_BAD_HEADER},
        {"-> scrypt " SALT " 10\n" WRAPPED, AGE_BAD_HEADER},
        {"-> scrypt " SALT " 10\n!" WRAPPED, AGE_BAD_HEADER},
        {"-> scrypt " SALT " 9\n", AGE_BAD_HEADER},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        enum age_verdict verdict =
            open_with(rows[i].stanza, strlen(rows[i].stanza), "word");
        if (verdict != rows[i].verdict)
            fail_msg("row %zu: %d", i, verdict);
    }
}

static bool take(void *context, const uint8_t *bytes, size_t len)
{
    return true;
}

static void no_memory_is_no_wrong_passphrase(void **state)
{
    static struct age_writer writer;
    struct rng rng = rng_system();
    char stanza[AGE_SCRYPT_STANZA_SIZE];
    size_t len;
    assert_int_equal(age_scrypt_wrap(stanza, &len, file_key, "word", 4, salt, 10),
                     AGE_MORE);
    stretches = false;
    assert_int_equal(open_with(stanza, len, "word"), AGE_NO_MEMORY);
    assert_int_equal(
        age_writer_begin_passphrase(&writer, "word", 4, 10, &rng, NULL, take, NULL),
        AGE_NO_MEMORY);
    assert_int_equal(age_scrypt_wrap(stanza, &len, file_key, "word", 4, salt, 10),
                     AGE_NO_MEMORY);
    stretches = true;
    assert_int_equal(
        age_writer_begin_passphrase(&writer, "word", 4, 10, &rng, NULL, take, NULL),
        AGE_MORE);
    age_writer_wipe(&writer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_passphrase_opens_it),
        cmocka_unit_test(any_other_line_is_refused),
        cmocka_unit_test(no_memory_is_no_wrong_passphrase),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
