#include "lines.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

struct bytes lines_take(struct bytes *left, const char *mark)
{
    const uint8_t *found = memmem(left->data, left->len, mark, strlen(mark));
    if (found == NULL)
        lines_fail(mark, *left);
    struct bytes before = bytes_of(left->data, (size_t)(found - left->data));
    *left = bytes_of(found + strlen(mark), left->len - before.len - strlen(mark));
    return before;
}

bool lines_have(struct bytes text, const char *part)
{
    return memmem(text.data, text.len, part, strlen(part)) != NULL;
}

bool lines_begin(struct bytes text, const char *with)
{
    return text.len >= strlen(with) && memcmp(text.data, with, strlen(with)) == 0;
}

bool lines_name(const char *words, struct bytes word)
{
    while (*words != '\0') {
        size_t len = strcspn(words, " ");
        if (bytes_equal(bytes_of(words, len), word))
            return true;
        words += len + (words[len] == ' ');
    }
    return false;
}

void lines_fail(const char *what, struct bytes text)
{
    fail_msg("%s: %.*s", what, (int)(text.len < 200 ? text.len : 200),
             (const char *)text.data);
}

struct bytes lines_read(const char *path)
{
    static char text[1 << 18];
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    size_t len = fread(text, 1, sizeof(text), file);
    assert_true(len < sizeof(text));
    fclose(file);
    return bytes_of(text, len);
}
