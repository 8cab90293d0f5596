/*
 * fuzz_words: a code that is understood has one canonical form, which normalises to
 * itself whatever its case; a refusal names a position.
 *   input  what a person typed; twelve bytes are also the dice of a new code
 */
#include "fuzz.h"

#include "proto/words.h"

static void check_canonical(const char *code)
{
    char again[WORDS_CODE_SIZE];
    int position = -1, spaces = 0;
    HOLDS(strlen(code) < WORDS_CODE_SIZE);
    for (size_t i = 0; code[i] != '\0'; i++) {
        HOLDS(code[i] == ' ' || (code[i] >= 'a' && code[i] <= 'z'));
        spaces += code[i] == ' ';
    }
    HOLDS(spaces == WORDS_CODE_LEN - 1);
    HOLDS(words_normalise(again, code, &position));
    HOLDS(strcmp(again, code) == 0);

    char loud[WORDS_CODE_SIZE];
    for (size_t i = 0; i <= strlen(code); i++)
        loud[i] = code[i] >= 'a' && code[i] <= 'z' ? (char)(code[i] - 'a' + 'A')
                  : code[i] == ' '                 ? '-'
                                                   : code[i];
    HOLDS(words_normalise(again, loud, &position));
    HOLDS(strcmp(again, code) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = fuzz_text(data, size);
    char code[WORDS_CODE_SIZE];
    int position = -1;
    if (words_normalise(code, text, &position)) {
        check_canonical(code);
    } else {
        HOLDS(position >= 0 && position <= WORDS_CODE_LEN);
        int again = -1;
        HOLDS(!words_normalise(code, text, &again));
        HOLDS(again == position);
    }
    if (size == 12) {
        words_code(code, data);
        check_canonical(code);
    }
    free(text);
    return 0;
}
