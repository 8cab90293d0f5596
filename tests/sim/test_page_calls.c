/* Each call that a screen or a deed makes is one of the table of methods, with arguments
 * that the method knows, of the types that it wants; what it needs is there. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "node/core/api.h"
#include "node/core/args.h"
#include "node/page/deed.h"
#include "node/page/screen.h"

/* What call.h makes of a field, and what the core calls that. */
static const struct {
    const char *word, *type;
} types[] = {
    {"", ""},
    {"flag", ARGS_FLAG},
    {"all", ARGS_FLAG},
    {"mark", ARGS_FLAG},
    {"number", ARGS_NUMBER},
    {"file", ARGS_BYTES},
    {"hex", ARGS_BYTES},
    {"hexes", ARGS_IDS},
    {"list", ARGS_TEXTS},
    {"lines", ARGS_TEXTS},
    {"numbered", ARGS_PAIRS},
    {"parties", ARGS_PAIRS},
    {"roles", ARGS_PAIRS},
    {"clauses", ARGS_PAIRS},
    {"steps", ARGS_LISTS},
    {"twice", ""},
    {"front", ""},
    {"back", ""},
    {"said", ""},
    {"fields", ARGS_MAP},
};

static const char *type_of(struct bytes word)
{
    for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
        if (bytes_equal_str(word, types[i].word))
            return types[i].type;
    fail_msg("call.h knows no %.*s", (int)word.len, (const char *)word.data);
    return NULL;
}

static const struct api_method *method_of(const char *name)
{
    for (size_t i = 0; i < api_methods_len; i++)
        if (strcmp(api_methods[i].name, name) == 0)
            return &api_methods[i];
    fail_msg("the core knows no %s", name);
    return NULL;
}

/* NAME[=SOURCE][:TYPE] and NAME[:TYPE][=SOURCE]: its name and its type. */
static void read_word(struct bytes word, struct bytes *name, struct bytes *type)
{
    struct bytes rest = word;
    *name = bytes_take(&rest, ":");
    *type = bytes_take(&rest, "=");
    struct bytes left = *name;
    *name = bytes_take(&left, "=");
}

static bool has_argument(const char *arguments, struct bytes name, struct bytes *type)
{
    struct bytes left = bytes_str(arguments), found;
    while (left.len > 0) {
        struct bytes word = bytes_take(&left, " ");
        read_word(word, &found, type);
        if (bytes_equal(found, name))
            return true;
    }
    return false;
}

static void check_call(const char *where, const char *method_name, const char *arguments)
{
    const struct api_method *method = method_of(method_name);
    const char *names = method->arguments;
    struct args_known known;
    struct bytes left = bytes_str(arguments), name, type;
    while (args_next_known(&names, &known)) {
        bool is_said = has_argument(arguments, known.name, &type);
        if (!is_said && !known.is_optional)
            fail_msg("%s does not say %.*s of %s", where, (int)known.name.len,
                     (const char *)known.name.data, method_name);
        if (is_said && !bytes_equal_str(known.type, type_of(type)))
            fail_msg("%s says %.*s of %s as %s", where, (int)known.name.len,
                     (const char *)known.name.data, method_name, type_of(type));
    }
    while (left.len > 0) {
        bool is_known = false;
        read_word(bytes_take(&left, " "), &name, &type);
        names = method->arguments;
        while (!is_known && args_next_known(&names, &known))
            is_known = bytes_equal(known.name, name);
        if (!is_known)
            fail_msg("%s says %.*s, which %s does not know", where, (int)name.len,
                     (const char *)name.data, method_name);
    }
}

static void each_call_of_a_screen_fits_its_method(void **state)
{
    const struct screen *screen;
    uint32_t calls = 0;
    (void)state;
    for (size_t i = 0; (screen = screen_at(i)) != NULL; i++)
        for (size_t k = 0; k < SCREEN_CALLS_MAX && screen->calls[k].as != NULL; k++) {
            check_call(screen->path, screen->calls[k].method, screen->calls[k].arguments);
            calls++;
        }
    assert_true(calls > 50);
}

static void each_deed_fits_its_method(void **state)
{
    const struct deed *deed;
    uint32_t deeds = 0;
    (void)state;
    for (size_t i = 0; (deed = deed_at(i)) != NULL; i++) {
        if (deed->method == NULL)
            continue;
        check_call(deed->path, deed->method, deed->arguments);
        deeds++;
    }
    assert_true(deeds > 50);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_call_of_a_screen_fits_its_method),
        cmocka_unit_test(each_deed_fits_its_method),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
