#include "proto/words.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

/* 32 first and 64 second syllables; no two that sound alike when read over a bad line. */
static const char first_syllables[32][5] = {
    "ba",   "bei", "bin", "da",  "dong", "fa",  "fei",  "feng", "ga",   "guo", "hai",
    "hong", "hu",  "jia", "jiu", "ka",   "lan", "li",   "long", "ma",   "mei", "mu",
    "nan",  "pan", "qi",  "ren", "san",  "shu", "tian", "wen",  "xing", "yu"};
static const char second_syllables[64][5] = {
    "an",   "ban",  "bi",  "bo",  "cai", "chen", "chu", "dai",  "deng", "di",   "du",
    "duo",  "fan",  "fu",  "gao", "ge",  "gong", "gu",  "han",  "he",   "hua",  "huo",
    "ji",   "jian", "jin", "ju",  "kai", "kong", "ku",  "lai",  "lei",  "liu",  "lu",
    "luo",  "man",  "men", "mi",  "mo",  "na",   "niu", "nong", "pai",  "ping", "po",
    "qiao", "qin",  "rou", "ru",  "sai", "shan", "shi", "su",   "tai",  "ti",   "tong",
    "tu",   "wa",   "wei", "wu",  "xia", "xue",  "yan", "ying", "zhu"};

void words_word(char out[static WORDS_WORD_SIZE], uint32_t n)
{
    (void)snprintf(out, WORDS_WORD_SIZE, "%s%s", first_syllables[n >> 6 & 31],
                   second_syllables[n & 63]);
}

void words_code(char out[static WORDS_CODE_SIZE], const uint8_t random[static 12])
{
    size_t len = 0;
    for (int i = 0; i < WORDS_CODE_LEN; i++) {
        uint32_t n = ((uint32_t)random[2 * i] << 8 | random[2 * i + 1]) & 2047;
        char word[WORDS_WORD_SIZE];
        words_word(word, n);
        len += (size_t)snprintf(out + len, WORDS_CODE_SIZE - len, "%s%s",
                                i > 0 ? " " : "", word);
    }
}

/* One first syllable may begin another, so each that fits is tried. */
bool words_find(uint32_t *n, const char *word)
{
    for (uint32_t i = 0; i < 32; i++) {
        size_t len = strlen(first_syllables[i]);
        if (strncmp(first_syllables[i], word, len) != 0)
            continue;
        for (uint32_t j = 0; j < 64; j++)
            if (strcmp(second_syllables[j], word + len) == 0) {
                *n = i << 6 | j;
                return true;
            }
    }
    return false;
}

static bool parts_words(char c)
{
    return c == ' ' || c == '-' || c == ',' || c == '\t' || c == '\n' || c == '\r';
}

bool words_normalise(char out[static WORDS_CODE_SIZE], const char *text, int *position)
{
    size_t len = 0;
    for (*position = 0; *position < WORDS_CODE_LEN; (*position)++) {
        while (parts_words(*text))
            text++;
        if (*text == '\0') {
            *position = WORDS_CODE_LEN;
            return false;
        }
        char word[WORDS_WORD_SIZE] = {0};
        size_t word_len = 0;
        uint32_t n;
        for (; *text != '\0' && !parts_words(*text); text++)
            if (word_len++ < WORDS_WORD_SIZE - 1)
                word[word_len - 1] = (char)tolower((unsigned char)*text);
        if (word_len >= WORDS_WORD_SIZE || !words_find(&n, word))
            return false;
        len += (size_t)snprintf(out + len, WORDS_CODE_SIZE - len, "%s%s",
                                *position > 0 ? " " : "", word);
    }
    while (parts_words(*text))
        text++;
    *position = WORDS_CODE_LEN;
    return *text == '\0';
}
