/* A library that decides otherwise than our rule (the linker's --wrap) is refused, in
 * whichever case of the self-test it does. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "crypto/sign.h"

#include <sodium.h>

static uint64_t left; /* the call after so many more answers otherwise */
static bool has_lied;
static int init_answer;

static void lie_after(uint64_t calls)
{
    left = calls;
    has_lied = false;
}

static bool lies(void)
{
    if (has_lied || left-- > 0)
        return false;
    has_lied = true;
    return true;
}

int __wrap_sodium_init(void);
int __real_sodium_init(void);
int __wrap_sodium_init(void)
{
    return init_answer < 0 ? init_answer : __real_sodium_init();
}

bool __wrap_sign_verify(const uint8_t signature[static SIGN_SIZE],
                        const uint8_t public_key[static KEY_SIZE], const void *message,
                        size_t len);
bool __real_sign_verify(const uint8_t signature[static SIGN_SIZE],
                        const uint8_t public_key[static KEY_SIZE], const void *message,
                        size_t len);
bool __wrap_sign_verify(const uint8_t signature[static SIGN_SIZE],
                        const uint8_t public_key[static KEY_SIZE], const void *message,
                        size_t len)
{
    return __real_sign_verify(signature, public_key, message, len) != lies();
}

bool __wrap_sign_verify_known(const uint8_t signature[static SIGN_SIZE],
                              const uint8_t public_key[static KEY_SIZE],
                              const void *message, size_t len);
bool __real_sign_verify_known(const uint8_t signature[static SIGN_SIZE],
                              const uint8_t public_key[static KEY_SIZE],
                              const void *message, size_t len);
bool __wrap_sign_verify_known(const uint8_t signature[static SIGN_SIZE],
                              const uint8_t public_key[static KEY_SIZE],
                              const void *message, size_t len)
{
    return __real_sign_verify_known(signature, public_key, message, len) != lies();
}

bool __wrap_sign_key_is_sound(const uint8_t public_key[static KEY_SIZE]);
bool __real_sign_key_is_sound(const uint8_t public_key[static KEY_SIZE]);
bool __wrap_sign_key_is_sound(const uint8_t public_key[static KEY_SIZE])
{
    return __real_sign_key_is_sound(public_key) != lies();
}

void __wrap_key_sign_public(uint8_t public_key[static KEY_SIZE],
                            const uint8_t seed[static KEY_SEED_SIZE]);
void __real_key_sign_public(uint8_t public_key[static KEY_SIZE],
                            const uint8_t seed[static KEY_SEED_SIZE]);
void __wrap_key_sign_public(uint8_t public_key[static KEY_SIZE],
                            const uint8_t seed[static KEY_SEED_SIZE])
{
    __real_key_sign_public(public_key, seed);
    public_key[0] ^= lies();
}

void __wrap_sign_message(uint8_t signature[static SIGN_SIZE],
                         const uint8_t seed[static KEY_SEED_SIZE], const void *message,
                         size_t len);
void __real_sign_message(uint8_t signature[static SIGN_SIZE],
                         const uint8_t seed[static KEY_SEED_SIZE], const void *message,
                         size_t len);
void __wrap_sign_message(uint8_t signature[static SIGN_SIZE],
                         const uint8_t seed[static KEY_SEED_SIZE], const void *message,
                         size_t len)
{
    __real_sign_message(signature, seed, message, len);
    signature[SIGN_SIZE - 1] ^= lies();
}

static void S1_a_library_that_decides_one_case_otherwise_is_refused(void **state)
{
    (void)state;
    uint64_t cases = 0;
    for (;; cases++) {
        const char *name = NULL;
        lie_after(cases);
        bool passes = sign_selftest(&name);
        if (!has_lied) {
            assert_true(passes);
            assert_null(name);
            break;
        }
        if (passes || name == NULL)
            fail_msg("the lie at call %u passed", (unsigned)cases);
        /* Nobody has to want to know which. */
        lie_after(cases);
        assert_false(sign_selftest(NULL));
    }
    assert_in_range(cases, 50, 500);
}

static void a_library_that_does_not_begin_is_refused(void **state)
{
    (void)state;
    const char *name = NULL;
    lie_after(UINT64_MAX);
    init_answer = -1;
    assert_false(sign_selftest(&name));
    init_answer = 0;
    assert_string_equal(name, "sodium_init");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(S1_a_library_that_decides_one_case_otherwise_is_refused),
        cmocka_unit_test(a_library_that_does_not_begin_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
