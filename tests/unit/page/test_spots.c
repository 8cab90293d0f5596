/* What nobody has been to on a round: listed up to a screenful, and the rest counted. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "asked.h"
#include "node/page/peek.h"
#include "node/page/spots.h"
#include "proto/pack.h"

static void expect_spots(uint32_t unseen, uint32_t shown)
{
    struct buf result = {0};
    struct asked asked;
    struct pack_reader reader;
    char name[16];
    pack_map(&result, 1);
    pack_str(&result, "unseen");
    pack_array(&result, unseen);
    for (uint32_t i = 0; i < unseen; i++) {
        (void)snprintf(name, sizeof(name), "spot %u", i);
        pack_str(&result, name);
    }
    asked_init(&asked, "round", &result);

    assert_int_equal(spots_prepare(&asked.visit, &asked.values), STATUS_OK);

    struct bytes spots = asked_value(&asked, "spots");
    assert_int_equal(peek_list(spots, &reader), shown);
    for (uint32_t i = 0; i < shown; i++) {
        (void)snprintf(name, sizeof(name), "spot %u", i);
        assert_true(bytes_equal_str(peek_text(peek_next(&reader)), name));
    }
    struct bytes values = buf_bytes(&asked.map);
    assert_int_equal(peek_uint_in(values, "spots_left"), unseen - shown);
    asked_deinit(&asked);
    buf_deinit(&result);
}

static void a_screenful_is_listed_and_the_rest_is_counted(void **state)
{
    (void)state;
    expect_spots(0, 0);
    expect_spots(3, 3);
    expect_spots(60, 60);
    expect_spots(61, 60);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_screenful_is_listed_and_the_rest_is_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
