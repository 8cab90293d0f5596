/* The catalogue of the page's words: in order and whole, with a text for every word of
 * the tables that a page shows, and with none that nobody says. */
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "lines.h"
#include "node/cases/due.h"
#include "node/cases/effect.h"
#include "node/cases/lifecycle.h"
#include "node/cases/matter.h"
#include "node/cases/schema.h"
#include "node/core/api.h"
#include "node/core/args.h"
#include "node/page/deed.h"
#include "node/page/screen.h"
#include "node/web/parts.h"
#include "node/web/sentences.h"
#include "node/web/texts.h"

/* Families of which only what the tables have may stand there; those of the others are
 * asked for by templates, too. */
#define OF_TABLES "effect status field said"
/* What a party is in a case (case-new), as the forms offer it. */
#define PARTY_ROLES "applicant respondent other"
/* What shelf.c says of several. */
#define PLURALS "cases village-rules checklists rounds plan-cards meetings"

static struct bytes take_line(struct bytes *left, struct bytes *key,
                              struct bytes *chinese)
{
    struct bytes line = lines_take(left, "\n");
    *key = lines_take(&line, ": ");
    *chinese = lines_take(&line, " | ");
    return line;
}

static void the_catalogue_is_in_order_and_whole(void **state)
{
    struct bytes left = texts_all(), key, chinese, last = {0};
    (void)state;
    while (left.len > 0) {
        struct bytes english = take_line(&left, &key, &chinese);
        for (size_t i = 0; i < key.len; i++)
            if (strchr("abcdefghijklmnopqrstuvwxyz0123456789.-", key.data[i]) == NULL)
                lines_fail("a key has lower-case letters, dots and hyphens", key);
        if (last.len > 0 && bytes_compare(last, key) >= 0)
            lines_fail("twice, or not in the order of LC_ALL=C sort", key);
        if (chinese.len == 0 || english.len == 0 || lines_have(english, " | "))
            lines_fail("not in two languages", key);
        if (memchr(chinese.data, '\t', chinese.len + english.len) != NULL)
            lines_fail("a tab", key);
        if (!utf8_is_valid(chinese) || !utf8_is_valid(english))
            lines_fail("not UTF-8", key);
        last = key;
    }
}

static void a_key_finds_its_text_in_either_language(void **state)
{
    struct bytes left = texts_all(), key, chinese, text;
    (void)state;
    while (left.len > 0) {
        struct bytes english = take_line(&left, &key, &chinese);
        assert_true(texts_find(key, LANGUAGE_ZH_CN, &text));
        assert_true(bytes_equal(text, chinese));
        assert_true(texts_find(key, LANGUAGE_EN, &text));
        assert_true(bytes_equal(text, english));
        assert_false(texts_find(bytes_of(key.data, key.len - 1), LANGUAGE_EN, &text) &&
                     bytes_equal(text, english) && text.data == english.data);
    }
    assert_false(texts_find(bytes_str(""), LANGUAGE_EN, &text));
    assert_false(texts_find(bytes_str("a"), LANGUAGE_EN, &text));
    assert_false(texts_find(bytes_str("zzz"), LANGUAGE_EN, &text));
    assert_string_equal(language_tag(LANGUAGE_ZH_CN), "zh-CN");
    assert_string_equal(language_tag(LANGUAGE_EN), "en");
}

static void a_word_is_found_as_the_node_writes_it(void **state)
{
    static char endless[200];
    struct bytes text, prefix = bytes_str("due-state");
    (void)state;
    memset(endless, 'a', sizeof(endless));
    assert_true(texts_find_word(prefix, bytes_str("due today"), LANGUAGE_EN, &text));
    assert_true(bytes_equal_str(text, "due today"));
    assert_true(
        texts_find_word(bytes_str("field"), bytes_str("found_by"), LANGUAGE_EN, &text));
    assert_true(
        texts_find_word(bytes_str("word"), bytes_str("image/png"), LANGUAGE_EN, &text));
    assert_false(texts_find_word(prefix, bytes_str("never"), LANGUAGE_EN, &text));
    assert_false(
        texts_find_word(prefix, bytes_of(endless, sizeof(endless)), LANGUAGE_EN, &text));
    assert_true(texts_find_english("state.", bytes_str("triaged"), &text));
    assert_true(bytes_equal_str(text, "已分诊"));
    assert_false(texts_find_english("role.", bytes_str("triaged"), &text));
}

/* ---- words of the tables ---- */

#define WANTED_MAX 2048 /* some more than once */

/* What the families have to have, and so what they may have. */
struct wanted {
    char keys[WANTED_MAX][64];
    uint32_t len;
};

static void want(struct wanted *wanted, const char *family, struct bytes word)
{
    struct bytes text;
    char *key = wanted->keys[wanted->len];
    if (!texts_find_word(bytes_str(family), word, LANGUAGE_EN, &text))
        fail_msg("texts.txt lacks %s.%.*s", family, (int)word.len,
                 (const char *)word.data);
    assert_true(wanted->len < WANTED_MAX - 1);
    (void)snprintf(key, sizeof(wanted->keys[0]), "%s.%.*s", family, (int)word.len,
                   (const char *)word.data);
    for (; *key != '\0'; key++)
        if (*key == ' ' || *key == '_' || *key == '/')
            *key = '-';
    wanted->len++;
}

static void want_words(struct wanted *wanted, const char *family, const char *words)
{
    while (*words != '\0') {
        size_t len = strcspn(words, " ");
        want(wanted, family, bytes_of(words, len));
        words += len + (words[len] == ' ');
    }
}

static void want_of_schema(struct wanted *wanted)
{
    const struct schema_kind *kind;
    for (size_t i = 0; (kind = schema_kind_at(i)) != NULL; i++) {
        if (kind->state != NULL)
            want_words(wanted, "state", kind->state);
        for (uint32_t k = 0; k < kind->fields_len; k++) {
            const struct schema_field *field = &kind->fields[k];
            struct bytes name = bytes_str(field->name);
            if (lines_begin(name, "case.")) /* timeline.c says it as of a case */
                name = bytes_of(name.data + 5, name.len - 5);
            want(wanted, "field", name);
            if (field->type == TYPE_WORD)
                want_words(wanted, "word", field->words);
            if (strcmp(kind->name, "triage") == 0 && field->type == TYPE_WORD)
                want_words(wanted, "decision", field->words);
        }
    }
}

static void want_of_enums(struct wanted *wanted)
{
    char name[32];
    for (enum effect effect = EFFECT_YES; effect <= EFFECT_WRONG_OPENING; effect++)
        want_words(wanted, "effect", effect_name(effect));
    for (enum status status = STATUS_OK; status <= STATUS_NO_MEMORY; status++) {
        (void)snprintf(name, sizeof(name), "%s", status_name(status));
        for (char *c = name; *c != '\0'; c++)
            *c = *c == '_' ? '_' : (char)(*c - 'A' + 'a');
        want_words(wanted, "status", name);
    }
    for (int at = 0; at < LIFECYCLE_STATES; at++)
        want_words(wanted, "state", lifecycle_state_text((enum lifecycle_state)at));
    for (uint32_t role = 1; role <= ROLE_RECOVERY; role <<= 1)
        want_words(wanted, "role", role_text(role));
    for (int of = MATTER_CASE; of < MATTERS; of++)
        want_words(wanted, "matter", matter_text((enum schema_matter)of));
    for (int wait = 0; wait < DUE_WAITS; wait++)
        want_words(wanted, "wait", due_wait_text((enum due_wait)wait));
    for (int due = DUE_IN_TIME; due <= DUE_NOT_TRUSTED; due++)
        want(wanted, "due-state", bytes_str(due_words((enum due_state)due)));
}

static void want_all(struct wanted *wanted)
{
    const struct deed *deed;
    struct args_known argument;
    *wanted = (struct wanted){.len = 0};
    want_of_schema(wanted);
    want_of_enums(wanted);
    want_words(wanted, "role", PARTY_ROLES);
    want_words(wanted, "word", PARTY_ROLES);
    want_words(wanted, "matter", PLURALS " escalation");
    want_words(wanted, "wait", "task");
    for (size_t i = 0; i < api_methods_len; i++)
        for (const char *names = api_methods[i].arguments;
             args_next_known(&names, &argument);)
            want(wanted, "field", argument.name);
    for (size_t i = 0; (deed = deed_at(i)) != NULL; i++)
        if (deed->said != NULL)
            want_words(wanted, "said", deed->said);
}

static void every_word_of_the_tables_has_its_text(void **state)
{
    static struct wanted wanted;
    struct bytes text;
    (void)state;
    want_all(&wanted);

    for (int at = 0; at < LIFECYCLE_STATES; at++) {
        const char *name = lifecycle_state_text((enum lifecycle_state)at);
        assert_true(
            texts_find_word(bytes_str("state"), bytes_str(name), LANGUAGE_ZH_CN, &text));
        if (!bytes_equal_str(text, lifecycle_state_zh((enum lifecycle_state)at)))
            lines_fail("another word than in lifecycle.c", text);
    }
    for (enum effect effect = EFFECT_YES; effect <= EFFECT_WRONG_OPENING; effect++) {
        assert_true(texts_find_word(bytes_str("effect"), bytes_str(effect_name(effect)),
                                    LANGUAGE_EN, &text));
        if (!bytes_equal_str(text, effect_text(effect)))
            lines_fail("another sentence than in effect.h", text);
    }
    for (enum status status = STATUS_OK; status <= STATUS_NO_MEMORY; status++)
        assert_true(texts_find_english("status.", bytes_str(status_text(status)), &text));
}

/* ---- what names a key, and what nobody names ---- */

#define NAMED_MAX (1 << 16)

/* All that stands in quotes in the files of node/page, a line each. */
static struct bytes quoted(void)
{
    static char text[NAMED_MAX];
    char path[512];
    size_t len = 0;
    DIR *files = opendir(SOURCES "/node/page");
    assert_non_null(files);
    text[len++] = '\n';
    for (const struct dirent *entry; (entry = readdir(files)) != NULL;) {
        size_t name_len = strlen(entry->d_name);
        if (name_len < 3 || strcmp(entry->d_name + name_len - 2, ".c") != 0)
            continue;
        (void)snprintf(path, sizeof(path), SOURCES "/node/page/%s", entry->d_name);
        struct bytes file = lines_read(path);
        for (size_t i = 0; i < file.len; i++) {
            if (file.data[i] != '"')
                continue;
            for (i++; file.data[i] != '"'; i++) {
                i += file.data[i] == '\\'; /* a quote within it */
                text[len++] = (char)file.data[i];
                assert_true(len < NAMED_MAX - 2);
            }
            text[len++] = '\n';
        }
    }
    closedir(files);
    return bytes_of(text, len);
}

static struct bytes family_of(struct bytes key)
{
    const uint8_t *dot = memchr(key.data, '.', key.len);
    return dot == NULL ? key : bytes_of(key.data, (size_t)(dot - key.data));
}

static bool is_in_templates(const char *tag)
{
    struct bytes part;
    for (size_t i = 0; parts_name(i) != NULL; i++)
        if (parts_find(bytes_str(parts_name(i)), &part) && lines_have(part, tag))
            return true;
    return false;
}

static bool is_used(const struct wanted *wanted, struct bytes key, struct bytes names)
{
    char tag[100];
    struct bytes family = family_of(key);
    (void)snprintf(tag, sizeof(tag), "{{=%.*s}}", (int)key.len, (const char *)key.data);
    if (is_in_templates(tag) || lines_have(texts_all(), tag))
        return true;
    (void)snprintf(tag, sizeof(tag), "\n%.*s\n", (int)key.len, (const char *)key.data);
    if (lines_have(names, tag))
        return true;
    for (uint32_t i = 0; i < wanted->len; i++)
        if (bytes_equal_str(key, wanted->keys[i]))
            return true;
    if (lines_name(OF_TABLES, family))
        return false;
    (void)snprintf(tag, sizeof(tag), "{{word %.*s ", (int)family.len,
                   (const char *)family.data);
    return is_in_templates(tag);
}

static void every_text_is_said_by_somebody(void **state)
{
    static struct wanted wanted;
    struct bytes left = texts_all(), names = quoted(), key, chinese;
    (void)state;
    want_all(&wanted);
    while (left.len > 0) {
        (void)take_line(&left, &key, &chinese);
        if (!is_used(&wanted, key, names))
            lines_fail("nobody says", key);
    }
}

static void every_screen_has_its_title_and_its_template(void **state)
{
    const struct screen *screen;
    struct bytes text;
    (void)state;
    for (size_t i = 0; (screen = screen_at(i)) != NULL; i++) {
        if (screen->raw != RAW_NO)
            continue;
        if (!texts_find(bytes_str(screen->title), LANGUAGE_EN, &text))
            lines_fail("no title", bytes_str(screen->path));
        if (screen->events != NULL && !parts_find(bytes_str(screen->events), &text))
            lines_fail("no such template", bytes_str(screen->events));
        if (!parts_find(bytes_str(screen->template), &text))
            lines_fail("no template", bytes_str(screen->path));
    }
}

/* A word of two or more parts in a source of the page whose first is a family of the
 * catalogue is a key; but for methods of the API, fields of the schema and files. */
static void every_key_in_the_sources_is_in_the_catalogue(void **state)
{
    struct bytes names = quoted(), text;
    (void)state;
    (void)lines_take(&names, "\n");
    while (names.len > 0) {
        struct bytes name = lines_take(&names, "\n");
        char family[80];
        bool is_key = name.len < 60 && memchr(name.data, '.', name.len) != NULL;
        for (size_t i = 0; is_key && i < name.len; i++)
            is_key =
                strchr("abcdefghijklmnopqrstuvwxyz0123456789.-", name.data[i]) != NULL;
        for (size_t i = 0; is_key && i < api_methods_len; i++)
            is_key = !bytes_equal_str(name, api_methods[i].name);
        if (!is_key || parts_find(name, &text))
            continue;
        struct bytes kind = family_of(name);
        if (schema_kind(kind) != NULL || name.len == kind.len + 1)
            continue;
        (void)snprintf(family, sizeof(family), "\n%.*s.", (int)kind.len,
                       (const char *)kind.data);
        if (lines_have(texts_all(), family) && !texts_find(name, LANGUAGE_EN, &text))
            lines_fail("texts.txt lacks", name);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_catalogue_is_in_order_and_whole),
        cmocka_unit_test(a_key_finds_its_text_in_either_language),
        cmocka_unit_test(a_word_is_found_as_the_node_writes_it),
        cmocka_unit_test(every_word_of_the_tables_has_its_text),
        cmocka_unit_test(every_text_is_said_by_somebody),
        cmocka_unit_test(every_screen_has_its_title_and_its_template),
        cmocka_unit_test(every_key_in_the_sources_is_in_the_catalogue),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
