#include "crypto/secret.h"

#include "vector.h"

static void secret_memory_starts_zeroed(void **state)
{
    uint8_t *secret = secret_new(100);

    assert_non_null(secret);
    assert_true(sodium_is_zero(secret, 100));
    secret_free(secret);
}

static void secret_of_no_bytes_can_be_freed(void **state)
{
    void *secret = secret_new(0);

    assert_non_null(secret);
    secret_free(secret);
}

static void secret_free_accepts_null(void **state)
{
    secret_free(NULL);
}

static void secret_too_large_for_memory_is_refused(void **state)
{
    assert_null(secret_new(SIZE_MAX));
}

static void secret_wipe_zeroes(void **state)
{
    uint8_t bytes[40];
    memset(bytes, 0xff, sizeof(bytes));

    secret_wipe(bytes, 39);

    assert_true(sodium_is_zero(bytes, 39));
    assert_int_equal(bytes[39], 0xff);
    secret_wipe(NULL, 0);
}

static void secret_equal_sees_each_byte(void **state)
{
    uint8_t a[32] = {0}, b[32] = {0};

    assert_true(secret_equal(a, b, sizeof(a)));
    assert_true(secret_equal(NULL, NULL, 0));
    for (size_t i = 0; i < sizeof(a); i++) {
        b[i] = 0x80;
        assert_false(secret_equal(a, b, sizeof(a)));
        b[i] = 0;
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(secret_memory_starts_zeroed),
        cmocka_unit_test(secret_of_no_bytes_can_be_freed),
        cmocka_unit_test(secret_free_accepts_null),
        cmocka_unit_test(secret_too_large_for_memory_is_refused),
        cmocka_unit_test(secret_wipe_zeroes),
        cmocka_unit_test(secret_equal_sees_each_byte),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
