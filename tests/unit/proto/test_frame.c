/* Frames: a few classes of length, and nothing hidden in them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "proto/frame.h"

static void F1_the_classes_are_the_only_lengths(void **state)
{
    (void)state;
    for (size_t length = 0; length <= FRAME_CLASS_MAX + 1; length++) {
        bool is_class = length == 256 || length == 1024 || length == 4096 ||
                        length == 16384 || length == 32768;
        assert_int_equal(frame_is_class(length), is_class);
    }
}

static void a_frame_is_the_smallest_that_holds_it(void **state)
{
    static const size_t classes[] = {0, 256, 1024, 4096, 16384, 32768};
    (void)state;
    for (size_t i = 1; i < sizeof(classes) / sizeof(classes[0]); i++) {
        size_t most = classes[i] - FRAME_TAG_SIZE - FRAME_HEAD_SIZE;
        assert_int_equal(frame_class(most), classes[i]);
        if (i > 1)
            assert_int_equal(frame_class(classes[i - 1] - FRAME_TAG_SIZE), classes[i]);
    }
}

static void what_was_filled_in_is_read_back(void **state)
{
    static uint8_t used[FRAME_USED_MAX], plain[FRAME_PLAIN_MAX];
    static const size_t lengths[] = {0, 1, 237, 238, FRAME_USED_MAX};
    (void)state;
    memset(used, 7, sizeof(used));
    for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
        struct bytes back;
        uint8_t flags;
        size_t class_len = frame_class(lengths[i]);
        frame_fill(plain, class_len, FRAME_FIN, used, lengths[i]);

        assert_int_equal(
            frame_parse(plain, class_len - FRAME_TAG_SIZE, &flags, &back, NULL),
            STATUS_OK);

        assert_int_equal(flags, FRAME_FIN);
        assert_true(bytes_equal(back, bytes_of(used, lengths[i])));
    }
}

static void F1_what_is_shorter_than_its_head_is_no_frame(void **state)
{
    static const uint8_t plain[FRAME_HEAD_SIZE];
    struct bytes used;
    uint8_t flags;
    (void)state;
    for (size_t len = 0; len < FRAME_HEAD_SIZE; len++)
        assert_int_equal(frame_parse(plain, len, &flags, &used, NULL), STATUS_INVALID);
    assert_int_equal(frame_parse(plain, FRAME_HEAD_SIZE, &flags, &used, NULL), STATUS_OK);
    assert_int_equal(used.len, 0);
}

static void F2_flags_lengths_and_padding_that_are_wrong_are_refused(void **state)
{
    uint8_t plain[256 - FRAME_TAG_SIZE];
    struct bytes used;
    uint8_t flags;
    (void)state;
    for (int fault = 0; fault < 4; fault++) {
        frame_fill(plain, 256, 0, NULL, 0);
        plain[0] = fault == 1 ? 2 : 0;
        plain[2] = fault == 2 ? sizeof(plain) - FRAME_HEAD_SIZE + 1 : 0;
        plain[100] = fault == 3;
        assert_int_equal(frame_parse(plain, sizeof(plain), &flags, &used, NULL),
                         fault == 0 ? STATUS_OK : STATUS_INVALID);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(F1_the_classes_are_the_only_lengths),
        cmocka_unit_test(a_frame_is_the_smallest_that_holds_it),
        cmocka_unit_test(what_was_filled_in_is_read_back),
        cmocka_unit_test(F1_what_is_shorter_than_its_head_is_no_frame),
        cmocka_unit_test(F2_flags_lengths_and_padding_that_are_wrong_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
