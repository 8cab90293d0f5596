/* Six words that are a key. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "proto/words.h"

static int compare(const void *a, const void *b)
{
    return strcmp(a, b);
}

static void the_2048_words_are_all_different(void **state)
{
    static char words[WORDS_LIST_LEN][WORDS_WORD_SIZE];
    for (uint32_t n = 0; n < WORDS_LIST_LEN; n++)
        words_word(words[n], n);
    qsort(words, WORDS_LIST_LEN, WORDS_WORD_SIZE, compare);
    for (uint32_t n = 1; n < WORDS_LIST_LEN; n++)
        assert_true(strcmp(words[n - 1], words[n]) != 0);
}

static void a_code_survives_the_way_people_type(void **state)
{
    const uint8_t random[12] = {0, 0, 0xff, 0xff, 1, 2, 3, 4, 5, 6, 7, 8};
    char code[WORDS_CODE_SIZE], typed[128], back[WORDS_CODE_SIZE];
    int position;
    words_code(code, random);
    size_t at = 0;
    typed[at++] = ' ';
    for (const char *c = code; *c != '\0'; c++) {
        if (*c == ' ')
            typed[at++] = ',';
        typed[at++] = *c == ' ' ? '-' : (char)(*c - ('a' - 'A'));
    }
    typed[at] = '\0';

    assert_true(words_normalise(back, typed, &position));

    assert_string_equal(back, code);
}

static void a_wrong_word_is_named_by_its_position(void **state)
{
    const uint8_t random[12] = {0};
    char code[WORDS_CODE_SIZE], back[WORDS_CODE_SIZE];
    int position;
    words_code(code, random);
    char *third = strchr(strchr(code, ' ') + 1, ' ') + 1;
    third[0] = 'x';

    assert_false(words_normalise(back, code, &position));

    assert_int_equal(position, 2);
}

static void between_words_stands_what_people_type_there(void **state)
{
    char back[WORDS_CODE_SIZE];
    int position;
    (void)state;
    assert_true(
        words_normalise(back, "\tbaan,baan-baan\nbaan\r\nbaan  baan\n", &position));
    assert_string_equal(back, "baan baan baan baan baan baan");
}

static void a_word_that_is_none_is_refused(void **state)
{
    static const char *const words[] = {"ba",    "baxx",         "zzan",
                                        "baanx", "dongqiaoqiao", "baan'"};
    (void)state;
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        char code[32], back[WORDS_CODE_SIZE];
        int position;
        (void)snprintf(code, sizeof(code), "baan %s", words[i]);
        assert_false(words_normalise(back, code, &position));
        assert_int_equal(position, 1);
    }
}

static void too_few_and_too_many_words_are_refused(void **state)
{
    char back[WORDS_CODE_SIZE];
    int position;
    assert_false(words_normalise(back, "", &position));
    assert_int_equal(position, 6);
    assert_false(words_normalise(back, "baan baan baan baan baan", &position));
    assert_int_equal(position, 6);
    assert_false(words_normalise(back, "baan baan baan baan baan baan baan", &position));
    assert_int_equal(position, 6);
    assert_true(words_normalise(back, "baan baan baan baan baan baan", &position));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_2048_words_are_all_different),
        cmocka_unit_test(a_code_survives_the_way_people_type),
        cmocka_unit_test(a_wrong_word_is_named_by_its_position),
        cmocka_unit_test(between_words_stands_what_people_type_there),
        cmocka_unit_test(a_word_that_is_none_is_refused),
        cmocka_unit_test(too_few_and_too_many_words_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
