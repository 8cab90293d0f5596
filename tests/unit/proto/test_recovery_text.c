/* A recovery key as people bring it back: words or a line, with whatever blanks. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "crypto/age_text.h"
#include "proto/recovery_text.h"

static const char words[] =
    "baan beian lanchu beian haibo baku dongban dongdu beijin hubo gaku dashan badeng "
    "lideng guoman lanhuo binsai panchu bashi feiluo nangao beitai kabo tianmo";

static void line_of(char line[static KEY_TEXT_SIZE])
{
    uint8_t seed[KEY_SEED_SIZE];
    for (uint8_t i = 0; i < KEY_SEED_SIZE; i++)
        seed[i] = i;
    key_to_text(line, RECOVERY_LINE_BEGIN, seed);
}

static void assert_read(const char *text)
{
    uint8_t seed[KEY_SEED_SIZE] = {0};
    assert_int_equal(recovery_text_read(seed, text, NULL), STATUS_OK);
    for (uint8_t i = 0; i < KEY_SEED_SIZE; i++)
        assert_int_equal(seed[i], i);
    assert_true(recovery_text_is_whole(text));
}

static void assert_refused(const char *text, const char *part)
{
    uint8_t seed[KEY_SEED_SIZE];
    struct err err = {0};
    assert_int_equal(recovery_text_read(seed, text, &err), STATUS_INVALID);
    if (strstr(err.text, part) == NULL)
        fail_msg("%s: %s", text, err.text);
}

static void words_and_the_line_are_the_same_key(void **state)
{
    char line[KEY_TEXT_SIZE], text[4 * KEY_TEXT_SIZE] = "\ufeff \n";
    (void)state;
    line_of(line);
    assert_read(words);
    assert_read(line);
    size_t len = strlen(text);
    for (const char *at = line; *at != '\0'; at++) { /* a blank behind each fourth */
        text[len++] = *at;
        if (at - line > 4 && (at - line) % 4 == 0)
            text[len++] = ' ';
    }
    memcpy(text + len, "\r\n", 3);
    assert_read(text);
    line[0] = 'F'; /* as some keyboards begin a line */
    assert_true(recovery_text_is_whole(line));
}

static void what_is_no_key_says_what_it_is(void **state)
{
    char line[KEY_TEXT_SIZE], longer[KEY_TEXT_SIZE + 8];
    (void)state;
    line_of(line);
    assert_refused("", "empty");
    assert_refused(" \n", "empty");
    assert_refused(AGE_IDENTITY_BEGIN "QQQQ", "opens backups");
    (void)snprintf(longer, sizeof(longer), "%sab", line);
    assert_refused(longer, "too many");
    line[10] = line[10] == 'a' ? 'b' : 'a';
    assert_refused(line, "one is wrong");
    line[20] = '\0';
    assert_refused(line, "missing");
    assert_refused("baan beian", "24");
    assert_false(recovery_text_is_whole("baan beian"));
    assert_true(recovery_text_is_whole(AGE_IDENTITY_BEGIN));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_and_the_line_are_the_same_key),
        cmocka_unit_test(what_is_no_key_says_what_it_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
