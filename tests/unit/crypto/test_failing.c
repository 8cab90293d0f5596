/* Memory that ends, and a library that does not begin (the linker's --wrap): told apart
 * from a wrong PIN, and nothing is half made. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "crypto/rng.h"
#include "crypto/secret.h"
#include "crypto/wrap.h"

#include <sodium.h>

static bool begins = true, stretches = true;
static uint64_t allocations_left = UINT64_MAX;

int __real_sodium_init(void);
int __wrap_sodium_init(void);
int __wrap_sodium_init(void)
{
    return begins ? __real_sodium_init() : -1;
}

void *__real_calloc(size_t count, size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_calloc(size_t count, size_t size)
{
    return allocations_left-- == 0 ? NULL : __real_calloc(count, size);
}

int __real_crypto_pwhash(unsigned char *const out, unsigned long long out_len,
                         const char *const passwd, unsigned long long passwd_len,
                         const unsigned char *const salt, unsigned long long opslimit,
                         size_t memlimit, int algorithm);
int __wrap_crypto_pwhash(unsigned char *const out, unsigned long long out_len,
                         const char *const passwd, unsigned long long passwd_len,
                         const unsigned char *const salt, unsigned long long opslimit,
                         size_t memlimit, int algorithm);
int __wrap_crypto_pwhash(unsigned char *const out, unsigned long long out_len,
                         const char *const passwd, unsigned long long passwd_len,
                         const unsigned char *const salt, unsigned long long opslimit,
                         size_t memlimit, int algorithm)
{
    return stretches ? __real_crypto_pwhash(out, out_len, passwd, passwd_len, salt,
                                            opslimit, memlimit, algorithm)
                     : -1;
}

static void no_memory_for_argon_is_no_wrong_pin(void **state)
{
    (void)state;
    static const uint8_t seed[KEY_SEED_SIZE] = {7};
    uint8_t wrapped[WRAP_SIZE], random[40] = {1}, opened[KEY_SEED_SIZE];
    stretches = false;
    assert_int_equal(wrap_seal(wrapped, seed, "246810", 6, random), WRAP_NO_MEMORY);
    stretches = true;
    assert_int_equal(wrap_seal(wrapped, seed, "246810", 6, random), WRAP_OK);
    stretches = false;
    assert_int_equal(wrap_open(opened, wrapped, "246810", 6), WRAP_NO_MEMORY);
    stretches = true;
    assert_int_equal(wrap_open(opened, wrapped, "246810", 6), WRAP_OK);
    assert_memory_equal(opened, seed, sizeof(seed));
}

static void a_keyed_source_is_whole_or_none(void **state)
{
    (void)state;
    for (uint64_t i = 0; i < 2; i++) {
        allocations_left = i;
        assert_null(rng_keyed_new(1, 2));
    }
    allocations_left = UINT64_MAX;
    struct rng_keyed *keyed = rng_keyed_new(1, 2);
    assert_non_null(keyed);
    rng_keyed_free(keyed);
}

static void no_secret_is_kept_without_guards(void **state)
{
    (void)state;
    begins = false;
    assert_null(secret_new(32));
    begins = true;
    void *secret = secret_new(32);
    assert_non_null(secret);
    secret_free(secret);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_memory_for_argon_is_no_wrong_pin),
        cmocka_unit_test(a_keyed_source_is_whole_or_none),
        cmocka_unit_test(no_secret_is_kept_without_guards),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
