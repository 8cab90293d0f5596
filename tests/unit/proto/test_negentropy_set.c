/* The set: sorting, and the sums of ids. */
#include "talk.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static enum status count_id(void *context, const uint8_t id[static NEGENTROPY_ID_SIZE])
{
    (void)id;
    ++*(uint32_t *)context;
    return STATUS_OK;
}

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

/* Across each limb, and below nothing. */
static void an_id_that_is_taken_from_a_sum_leaves_the_others(void **state)
{
    uint8_t ids[4][NEGENTROPY_ID_SIZE], got[NEGENTROPY_ID_SIZE], want[NEGENTROPY_ID_SIZE];
    struct negentropy_sum all = {0}, rest = {0};
    (void)state;
    for (size_t i = 0; i < 4; i++) {
        memset(ids[i], i % 2 == 0 ? 0xff : (int)i, sizeof(ids[i]));
        negentropy_sum_add_id(&all, ids[i]);
        if (i != 2)
            negentropy_sum_add_id(&rest, ids[i]);
    }

    negentropy_sum_subtract_id(&all, ids[2]);

    negentropy_sum_store(&all, got);
    negentropy_sum_store(&rest, want);
    assert_memory_equal(got, want, sizeof(got));
    for (size_t i = 0; i < 4; i++)
        if (i != 2)
            negentropy_sum_subtract_id(&all, ids[i]);
    negentropy_sum_store(&all, got);
    memset(want, 0, sizeof(want));
    assert_memory_equal(got, want, sizeof(got));
    want[0] = 1;
    negentropy_sum_subtract_id(&all, want);
    negentropy_sum_store(&all, got);
    memset(want, 0xff, sizeof(want));
    assert_memory_equal(got, want, sizeof(got));
}

/* A bound between two of them takes the whole id. */
static void ids_that_differ_in_the_last_byte_alone_are_told_apart(void **state)
{
    struct negentropy_set sets[2];
    struct negentropy sides[2];
    struct buf messages[2] = {{0}, {0}};
    uint32_t missing = 0;
    bool done = false;
    struct negentropy_sink sink = {&missing, count_id, count_id};
    (void)state;
    for (int side = 0; side < 2; side++) {
        negentropy_set_init(&sets[side]);
        for (int i = 0; i < 256; i++) {
            uint8_t id[NEGENTROPY_ID_SIZE] = {7, [NEGENTROPY_ID_SIZE - 1] = (uint8_t)i};
            if (side == 0 || i % 100 != 50)
                assert_int_equal(negentropy_set_add(&sets[side], 1, id), STATUS_OK);
        }
        assert_int_equal(negentropy_set_seal(&sets[side]), STATUS_OK);
        negentropy_init(&sides[side], negentropy_set_source(&sets[side]), 0);
    }
    assert_int_equal(negentropy_initiate(&sides[0], &messages[0]), STATUS_OK);
    while (!done) {
        buf_clear(&messages[1]);
        assert_int_equal(
            negentropy_answer(&sides[1], buf_bytes(&messages[0]), &messages[1], NULL),
            STATUS_OK);
        buf_clear(&messages[0]);
        assert_int_equal(negentropy_continue(&sides[0], buf_bytes(&messages[1]),
                                             &messages[0], &sink, &done, NULL),
                         STATUS_OK);
    }
    assert_int_equal(missing, 3);
    for (int side = 0; side < 2; side++) {
        negentropy_deinit(&sides[side]);
        negentropy_set_deinit(&sets[side]);
        buf_deinit(&messages[side]);
    }
}

static void nothing_is_given_back_where_there_is_nothing(void **state)
{
    struct negentropy_set set = {0};
    struct negentropy session = {0};
    (void)state;
    negentropy_set_deinit(NULL);
    negentropy_deinit(NULL);
    negentropy_set_deinit(&set);
    negentropy_deinit(&session);
    assert_int_equal(negentropy_set_len(&set), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(set_sorts_and_merges_what_came_twice),
        cmocka_unit_test(set_refuses_the_timestamp_infinity),
        cmocka_unit_test(ids_that_differ_in_the_last_byte_alone_are_told_apart),
        cmocka_unit_test(nothing_is_given_back_where_there_is_nothing),
        cmocka_unit_test(sums_carry_and_borrow_across_the_whole_width),
        cmocka_unit_test(an_id_that_is_taken_from_a_sum_leaves_the_others),
    };
    return cmocka_run_group_tests_name("negentropy_set", tests, NULL, NULL);
}
