/* A recovery seed as 24 words. The words of the frozen seeds were computed by a program
 * of another language from PROTOCOL.md and the two tables. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "proto/recovery_words.h"

#define TEXT_SIZE 1024

static const char counted[] =
    "baan beian lanchu beian haibo baku dongban dongdu beijin hubo gaku dashan badeng "
    "lideng guoman lanhuo binsai panchu bashi feiluo nangao beitai kabo tianmo";
#define BAAN_4 "baan baan baan baan "
#define YUZHU_4 "yuzhu yuzhu yuzhu yuzhu "
static const char zeros[] = BAAN_4 BAAN_4 BAAN_4 BAAN_4 BAAN_4 "baan baan baan binfan";
static const char ones[] =
    YUZHU_4 YUZHU_4 YUZHU_4 YUZHU_4 YUZHU_4 "yuzhu yuzhu yuzhu tiandi";

/* 00 01 02 … 1f, whose words are `counted`. */
static void counted_seed(uint8_t seed[static KEY_SEED_SIZE])
{
    for (uint8_t i = 0; i < KEY_SEED_SIZE; i++)
        seed[i] = i;
}

static void join(char text[static TEXT_SIZE],
                 char words[static RECOVERY_WORDS_LEN][WORDS_WORD_SIZE])
{
    size_t len = 0;
    for (size_t i = 0; i < RECOVERY_WORDS_LEN; i++)
        len += (size_t)snprintf(text + len, TEXT_SIZE - len, "%s%s", i > 0 ? " " : "",
                                words[i]);
}

static void assert_read(const char *text)
{
    uint8_t seed[KEY_SEED_SIZE], wanted[KEY_SEED_SIZE];
    struct err err = {0};
    counted_seed(wanted);
    if (recovery_words_read(seed, text, &err) != STATUS_OK)
        fail_msg("%s: %s", text, err.text);
    assert_memory_equal(seed, wanted, sizeof(seed));
}

static void assert_refused(const char *text, const char *said)
{
    static const uint8_t zero[KEY_SEED_SIZE];
    uint8_t seed[KEY_SEED_SIZE];
    struct err err = {0};
    memset(seed, 7, sizeof(seed));
    assert_int_equal(recovery_words_read(seed, text, &err), STATUS_INVALID);
    assert_string_equal(err.text, said);
    assert_memory_equal(seed, zero, sizeof(seed));
}

static void a_seed_has_the_words_that_the_protocol_says(void **state)
{
    static const char *const wanted[] = {counted, zeros, ones};
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        uint8_t seed[KEY_SEED_SIZE];
        char words[RECOVERY_WORDS_LEN][WORDS_WORD_SIZE], text[TEXT_SIZE];
        counted_seed(seed);
        if (i > 0)
            memset(seed, i == 1 ? 0 : 0xff, sizeof(seed));
        recovery_words_write(words, seed);
        join(text, words);
        assert_string_equal(text, wanted[i]);
    }
}

static void each_seed_comes_back(void **state)
{
    (void)state;
    for (size_t bit = 0; bit < 8 * KEY_SEED_SIZE; bit++) {
        uint8_t seed[KEY_SEED_SIZE] = {0}, back[KEY_SEED_SIZE];
        char words[RECOVERY_WORDS_LEN][WORDS_WORD_SIZE], text[TEXT_SIZE];
        struct err err = {0};
        seed[bit / 8] = (uint8_t)(1 << bit % 8);
        recovery_words_write(words, seed);
        join(text, words);
        assert_int_equal(recovery_words_read(back, text, &err), STATUS_OK);
        assert_memory_equal(back, seed, sizeof(seed));
    }
}

static void words_are_read_the_way_people_type_them(void **state)
{
    char text[TEXT_SIZE];
    size_t len = 0;
    (void)state;
    assert_read(counted);
    /* In capitals, a line each. */
    for (const char *c = counted; *c != '\0'; c++) {
        if (*c == ' ')
            text[len++] = '\r';
        text[len++] = *c == ' ' ? '\n' : (char)(*c - ('a' - 'A'));
    }
    text[len] = '\0';
    assert_read(text);
    /* With the numbers of the sheet, which leave no blank, and what a Chinese keyboard or
     * a page of HTML puts between. */
    static const char *const gaps[] = {".",      ". ", ") ", "、", "．\u3000",
                                       "\u00a0", "@[", "{",  ""};
    for (size_t g = 0; g < sizeof(gaps) / sizeof(gaps[0]); g++) {
        const char *word = counted;
        len = 0;
        for (unsigned i = 1; i <= RECOVERY_WORDS_LEN; i++) {
            int word_len = (int)strcspn(word, " ");
            len += (size_t)snprintf(text + len, sizeof(text) - len, "%s%u%s%.*s",
                                    i > 1 ? "，\t" : "\n  ", i, gaps[g], word_len, word);
            word += word_len + (i < RECOVERY_WORDS_LEN);
        }
        (void)snprintf(text + len, sizeof(text) - len, "。\n");
        assert_read(text);
    }
}

static void the_first_word_that_is_not_in_the_list_is_named(void **state)
{
    char text[TEXT_SIZE];
    (void)state;
    assert_refused("baan beiann", "word 2, beiann, is not in the list");
    assert_refused("1. Baan 2. BEI an", "word 2, bei, is not in the list");
    (void)snprintf(text, sizeof(text), "%s x", counted);
    memcpy(strstr(text, "tianmo"), "tianmi", 6); /* in the list: it is counted first */
    assert_refused(text, "these are more than the 24 words of a recovery key");
    memcpy(strstr(text, "tianmi"), "tianmx", 6);
    assert_refused(text, "word 24, tianmx, is not in the list");
}

static void what_is_longer_than_a_word_is_not_repeated(void **state)
{
    (void)state;
    assert_refused("dongqiaoo", "word 1 is no word of the list, and longer than any");
    assert_refused("fqraaaaabbbbbbcccccc",
                   "word 1 is no word of the list, and longer than any");
    assert_refused("baan 枫桥", "word 2 is no word of the list, and longer than any");
    assert_refused("baan b\xc2", "word 2 is no word of the list, and longer than any");
}

static void too_few_words_are_counted(void **state)
{
    char text[TEXT_SIZE];
    (void)state;
    assert_refused("", "a recovery key has 24 words, these are 0");
    assert_refused(" 1. 2. \n", "a recovery key has 24 words, these are 0");
    (void)snprintf(text, sizeof(text), "%s", counted);
    strrchr(text, ' ')[0] = '\0';
    assert_refused(text, "a recovery key has 24 words, these are 23");
}

static void words_are_counted_whether_they_are_in_the_list_or_not(void **state)
{
    (void)state;
    assert_int_equal(recovery_words_count(counted), 24);
    assert_int_equal(recovery_words_count(""), 0);
    assert_int_equal(recovery_words_count(" 1. 2、\n"), 0);
    assert_int_equal(recovery_words_count("1. baan 2.枫桥 dongqiaoqiao"), 3);
}

#define MIXED_UP                                                                         \
    "each word is in the list, but they do not belong together: one is another, or two " \
    "have changed places"

/* The last word has three bits of the seed and the check itself: with the others as they
 * are, one check alone is right. */
static void a_wrong_check_is_always_noticed(void **state)
{
    char words[RECOVERY_WORDS_LEN][WORDS_WORD_SIZE], text[TEXT_SIZE];
    uint8_t seed[KEY_SEED_SIZE];
    uint32_t last;
    (void)state;
    counted_seed(seed);
    recovery_words_write(words, seed);
    assert_true(words_find(&last, words[RECOVERY_WORDS_LEN - 1]));
    for (uint32_t other = 1; other < 256; other++) {
        words_word(words[RECOVERY_WORDS_LEN - 1], last ^ other);
        join(text, words);
        assert_refused(text, MIXED_UP);
    }
}

/* Which they are hangs on the hash, and the same program of another language counted
 * them: 182 of 24 × 2,047 wrong words pass, and one exchange of 275. */
static void one_mistake_of_256_is_not_noticed(void **state)
{
    char words[RECOVERY_WORDS_LEN][WORDS_WORD_SIZE], text[TEXT_SIZE];
    char kept[WORDS_WORD_SIZE];
    uint8_t seed[KEY_SEED_SIZE], back[KEY_SEED_SIZE];
    unsigned wrong = 0, exchanged = 0;
    (void)state;
    counted_seed(seed);
    recovery_words_write(words, seed);
    for (size_t i = 0; i < RECOVERY_WORDS_LEN; i++) {
        memcpy(kept, words[i], sizeof(kept));
        for (uint32_t n = 0; n < WORDS_LIST_LEN; n++) {
            words_word(words[i], n);
            join(text, words);
            wrong += strcmp(words[i], kept) != 0 &&
                     recovery_words_read(back, text, NULL) == STATUS_OK;
        }
        memcpy(words[i], kept, sizeof(kept));
    }
    for (size_t i = 0; i < RECOVERY_WORDS_LEN; i++)
        for (size_t k = 0; k < i; k++) {
            char swapped[RECOVERY_WORDS_LEN][WORDS_WORD_SIZE];
            memcpy(swapped, words, sizeof(swapped));
            memcpy(swapped[i], words[k], sizeof(words[k]));
            memcpy(swapped[k], words[i], sizeof(words[i]));
            join(text, swapped);
            exchanged += strcmp(words[i], words[k]) != 0 &&
                         recovery_words_read(back, text, NULL) == STATUS_OK;
        }
    assert_int_equal(wrong, 182);
    assert_int_equal(exchanged, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_seed_has_the_words_that_the_protocol_says),
        cmocka_unit_test(each_seed_comes_back),
        cmocka_unit_test(words_are_read_the_way_people_type_them),
        cmocka_unit_test(the_first_word_that_is_not_in_the_list_is_named),
        cmocka_unit_test(what_is_longer_than_a_word_is_not_repeated),
        cmocka_unit_test(too_few_words_are_counted),
        cmocka_unit_test(words_are_counted_whether_they_are_in_the_list_or_not),
        cmocka_unit_test(a_wrong_check_is_always_noticed),
        cmocka_unit_test(one_mistake_of_256_is_not_noticed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
