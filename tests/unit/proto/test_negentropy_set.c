/* The set: sorting, and the sums of ids. */
#include "talk.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void set_sorts_and_merges_what_came_twice(void **state)
{
    struct negentropy_set forth, back;
    uint8_t a[NEGENTROPY_FINGERPRINT_SIZE], b[NEGENTROPY_FINGERPRINT_SIZE];
    negentropy_set_init(&forth);
    negentropy_set_init(&back);
    for (uint64_t i = 0; i < 700; i++) {
        add_item(&forth, i / 3, i);
        add_item(&back, (699 - i) / 3, 699 - i);
        add_item(&back, i / 3, i);
    }

    assert_int_equal(negentropy_set_seal(&forth), STATUS_OK);
    assert_int_equal(negentropy_set_seal(&back), STATUS_OK);

    assert_int_equal(negentropy_set_len(&forth), 700);
    assert_int_equal(negentropy_set_len(&back), 700);
    set_fingerprint(&forth, 0, 700, a);
    set_fingerprint(&back, 0, 700, b);
    assert_memory_equal(a, b, sizeof(a));
    negentropy_set_deinit(&forth);
    negentropy_set_deinit(&back);
}

static void set_refuses_the_timestamp_infinity(void **state)
{
    struct negentropy_set set;
    uint8_t id[NEGENTROPY_ID_SIZE] = {0};
    negentropy_set_init(&set);

    assert_int_equal(negentropy_set_add(&set, NEGENTROPY_INFINITY, id), STATUS_INVALID);
    assert_int_equal(negentropy_set_add(&set, NEGENTROPY_INFINITY - 1, id), STATUS_OK);

    negentropy_set_deinit(&set);
}

/* All bytes 0xff is -1: any number of them sums to minus that number. */
static void sums_carry_and_borrow_across_the_whole_width(void **state)
{
    struct negentropy_set set, alone;
    uint8_t id[NEGENTROPY_ID_SIZE];
    uint8_t wide[NEGENTROPY_FINGERPRINT_SIZE], narrow[NEGENTROPY_FINGERPRINT_SIZE];
    negentropy_set_init(&set);
    negentropy_set_init(&alone);
    memset(id, 0xff, sizeof(id));
    for (uint64_t i = 0; i < 2000; i++)
        assert_int_equal(negentropy_set_add(&set, i, id), STATUS_OK);
    for (uint64_t i = 0; i < 600; i++)
        assert_int_equal(negentropy_set_add(&alone, i, id), STATUS_OK);
    assert_int_equal(negentropy_set_seal(&set), STATUS_OK);
    assert_int_equal(negentropy_set_seal(&alone), STATUS_OK);

    set_fingerprint(&alone, 0, 600, narrow);
    for (size_t begin = 0; begin <= 1400; begin++) {
        set_fingerprint(&set, begin, begin + 600, wide);
        assert_memory_equal(wide, narrow, sizeof(wide));
    }
    negentropy_set_deinit(&set);
    negentropy_set_deinit(&alone);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(set_sorts_and_merges_what_came_twice),
        cmocka_unit_test(set_refuses_the_timestamp_infinity),
        cmocka_unit_test(sums_carry_and_borrow_across_the_whole_width),
    };
    return cmocka_run_group_tests_name("negentropy_set", tests, NULL, NULL);
}
