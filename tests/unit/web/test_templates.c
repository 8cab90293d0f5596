/* All templates: each place is well formed and stands where it cannot break out of its
 * HTML, each section is closed as it was opened, each part and text is there. */
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "lines.h"
#include "node/web/parts.h"
#include "node/web/texts.h"

#define SECTIONS_MAX 16
#define NAME_LEN_MAX 63 /* of one name between dots, in template.c */

/* Where in the HTML the walk stands. */
enum place { IN_TEXT, IN_TAG, IN_QUOTES };

struct section {
    struct bytes name, text; /* name=text: either may close it */
    enum place place;
};

struct walk {
    const char *what; /* whose template */
    enum place place;
    struct section sections[SECTIONS_MAX];
    size_t depth;
};

static void wrong(const struct walk *walk, const char *why, struct bytes tag)
{
    fail_msg("%s: %s: {{%.*s}}", walk->what, why, (int)tag.len, (const char *)tag.data);
}

/* ---- HTML ---- */

static void walk_html(struct walk *walk, struct bytes html)
{
    for (size_t i = 0; i < html.len; i++) {
        uint8_t c = html.data[i];
        if (walk->place == IN_TEXT && c == '<')
            walk->place = IN_TAG;
        else if (walk->place == IN_TAG && c == '>')
            walk->place = IN_TEXT;
        else if (walk->place == IN_TAG && c == '\'')
            wrong(walk, "attributes stand in double quotes", html);
        else if (walk->place != IN_TEXT && c == '"')
            walk->place = walk->place == IN_TAG ? IN_QUOTES : IN_TAG;
        else if (walk->place == IN_QUOTES && c == '<')
            wrong(walk, "a tag in an attribute: is a quote missing?", html);
    }
}

/* ---- places ---- */

static void check_name(const struct walk *walk, struct bytes name)
{
    size_t len = 0;
    if (name.len == 0)
        wrong(walk, "no name", name);
    for (size_t i = 0; i < name.len; i++) {
        uint8_t c = name.data[i];
        bool is_plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' ||
                        c == '-' || c == '_';
        len = c == '.' ? 0 : len + 1;
        if (!is_plain || len > NAME_LEN_MAX)
            wrong(walk, "that is no name", name);
    }
}

static bool has_family(struct bytes prefix)
{
    char begin[80];
    (void)snprintf(begin, sizeof(begin), "\n%.*s.", (int)prefix.len,
                   (const char *)prefix.data);
    return lines_have(texts_all(), begin);
}

/* {{name}}, {{shape name}}, {{word prefix name}} */
static void check_value(const struct walk *walk, struct bytes tag)
{
    struct bytes name = tag;
    if (walk->place == IN_TAG)
        wrong(walk, "a value within a tag stands in double quotes", tag);
    if (memchr(tag.data, ' ', tag.len) != NULL) {
        struct bytes shape = lines_take(&name, " ");
        if (bytes_equal_str(shape, "word") && !has_family(lines_take(&name, " ")))
            wrong(walk, "no texts begin so", tag);
        if (bytes_equal_str(shape, "qr") && walk->place != IN_TEXT)
            wrong(walk, "a picture in a tag", tag);
        if (!lines_name("day time hex short url size qr who whose word say", shape))
            wrong(walk, "no such shape", tag);
    }
    check_name(walk, name);
}

static void check_text(struct walk *walk, struct bytes key)
{
    static const enum language languages[] = {LANGUAGE_ZH_CN, LANGUAGE_EN};
    for (size_t i = 0; i < 2; i++) {
        struct bytes text;
        if (!texts_find(key, languages[i], &text))
            wrong(walk, "texts.txt lacks", key);
        if (walk->place != IN_TEXT && (memchr(text.data, '"', text.len) != NULL ||
                                       memchr(text.data, '<', text.len) != NULL))
            wrong(walk, "a text with tags or quotes in a tag", key);
    }
    if (walk->place == IN_TAG)
        wrong(walk, "a text within a tag stands in double quotes", key);
}

static void check_part(const struct walk *walk, struct bytes name)
{
    struct bytes part;
    if (!parts_find(name, &part))
        wrong(walk, "no such part", name);
    if (walk->place != IN_TEXT)
        wrong(walk, "a part in a tag", name);
}

static void open_section(struct walk *walk, struct bytes test)
{
    const uint8_t *equals = memchr(test.data, '=', test.len);
    struct bytes name = test, other = test, text = bytes_str("");
    struct bytes list = bytes_take(&other, " has ");
    if (other.len > 0) {
        check_name(walk, list);
        check_name(walk, other);
        name = list;
    } else if (equals != NULL) {
        name.len = (size_t)(equals - test.data);
        text = bytes_of(equals + 1, test.len - name.len - 1);
    }
    check_name(walk, name);
    if (walk->depth == SECTIONS_MAX)
        wrong(walk, "too many sections, one in the other", test);
    walk->sections[walk->depth++] = (struct section){name, text, walk->place};
}

static bool is_part_of(struct bytes name, struct bytes part)
{
    for (struct bytes left = name; left.len > 0;) {
        const uint8_t *dot = memchr(left.data, '.', left.len);
        size_t len = dot == NULL ? left.len : (size_t)(dot - left.data);
        if (bytes_equal(bytes_of(left.data, len), part))
            return true;
        len += dot != NULL;
        left = bytes_of(left.data + len, left.len - len);
    }
    return false;
}

/* By the whole name, by a part of it between dots, or by the text. */
static void close_section(struct walk *walk, struct bytes name)
{
    if (walk->depth == 0)
        wrong(walk, "nothing is open", name);
    const struct section *section = &walk->sections[--walk->depth];
    if (!bytes_equal(name, section->name) && !is_part_of(section->name, name) &&
        !bytes_equal(name, section->text))
        wrong(walk, "another section is open", name);
    if (section->place != walk->place)
        wrong(walk, "it ends in a tag and began outside, or the other way", name);
}

static void check_tag(struct walk *walk, struct bytes tag)
{
    struct bytes rest = bytes_of(tag.data + 1, tag.len - 1);
    switch (tag.data[0]) {
    case '#':
    case '?':
    case '^':
        open_section(walk, rest);
        break;
    case '/':
        close_section(walk, rest);
        break;
    case '=':
        check_text(walk, rest);
        break;
    case '>':
        check_part(walk, rest);
        break;
    case ':':
        (void)lines_take(&rest, "|");
        break;
    default:
        check_value(walk, tag);
    }
}

static void check(const char *what, struct bytes template)
{
    struct walk walk = {.what = what};
    struct bytes left = template;
    while (lines_have(left, "{{")) {
        walk_html(&walk, lines_take(&left, "{{"));
        struct bytes tag = lines_take(&left, "}}");
        if (tag.len == 0 || lines_have(tag, "{"))
            wrong(&walk, "no tag", tag);
        check_tag(&walk, tag);
    }
    walk_html(&walk, left);
    if (walk.depth > 0)
        wrong(&walk, "never closed", walk.sections[walk.depth - 1].name);
    if (walk.place != IN_TEXT)
        wrong(&walk, "it ends within a tag", bytes_str(""));
}

/* ---- which there are ---- */

static bool is_template(const char *name)
{
    return strchr(name, '.') == NULL; /* of the others the name says the sort */
}

static void each_part_of_the_page_is_well_formed(void **state)
{
    struct bytes part;
    uint32_t count = 0;
    (void)state;
    for (size_t i = 0; parts_name(i) != NULL; i++) {
        if (!is_template(parts_name(i)))
            continue;
        assert_true(parts_find(bytes_str(parts_name(i)), &part));
        check(parts_name(i), part);
        count++;
    }
    assert_true(count > 10);
}

static void each_paper_is_well_formed(void **state)
{
    char path[512];
    uint32_t count = 0;
    DIR *papers = opendir(SOURCES "/node/web/print");
    (void)state;
    assert_non_null(papers);
    for (const struct dirent *entry; (entry = readdir(papers)) != NULL;) {
        if (entry->d_name[0] == '.')
            continue;
        (void)snprintf(path, sizeof(path), SOURCES "/node/web/print/%s", entry->d_name);
        check(entry->d_name, lines_read(path));
        count++;
    }
    closedir(papers);
    assert_true(count > 5);
}

static void each_text_is_a_well_formed_template(void **state)
{
    struct bytes left = texts_all();
    char what[80];
    (void)state;
    while (left.len > 0) {
        struct bytes line = lines_take(&left, "\n");
        struct bytes key = lines_take(&line, ": ");
        struct bytes chinese = lines_take(&line, " | ");
        (void)snprintf(what, sizeof(what), "%.*s", (int)key.len, (const char *)key.data);
        check(what, chinese);
        check(what, line);
    }
}

static void a_page_ends_as_it_begins(void **state)
{
    struct bytes part;
    uint32_t count = 0;
    (void)state;
    for (size_t i = 0; parts_name(i) != NULL; i++) {
        assert_true(parts_find(bytes_str(parts_name(i)), &part));
        bool is_begun = lines_have(part, "{{>top}}");
        if (is_begun != lines_have(part, "{{>bottom}}"))
            lines_fail("top or bottom alone", bytes_str(parts_name(i)));
        if (!is_begun)
            continue;
        while (part.len > 0 && part.data[part.len - 1] == '\n')
            part.len--;
        struct bytes end = bytes_of(part.data + part.len - 11, 11);
        if (!lines_begin(part, "{{>top}}") || !bytes_equal_str(end, "{{>bottom}}"))
            lines_fail("top is no beginning or bottom no end", bytes_str(parts_name(i)));
        count++;
    }
    assert_true(count > 5);
}

/* The policy of the page forbids all of it, and a browser would be silent about it. */
static void no_page_asks_for_what_its_policy_forbids(void **state)
{
    static const char *const forbidden[] = {
        "http:",       "https:",    "=\"//",    " style=",   "<style",
        "javascript:", "<iframe",   " onclick", " onchange", " oninput",
        " onload",     " onsubmit", "@import"};
    struct bytes part;
    (void)state;
    for (size_t i = 0; parts_name(i) != NULL; i++) {
        assert_true(parts_find(bytes_str(parts_name(i)), &part));
        if (strcmp(parts_name(i), "icon.svg") == 0)
            continue; /* the name of SVG is an address */
        for (size_t k = 0; k < sizeof(forbidden) / sizeof(forbidden[0]); k++)
            if (lines_have(part, forbidden[k]))
                fail_msg("%s has %s", parts_name(i), forbidden[k]);
    }
}

/* The mark itself, or a part that has it. */
static bool has_mark(struct bytes form)
{
    struct bytes left = form, part;
    if (lines_have(form, "{{>form}}"))
        return true;
    while (lines_have(left, "{{>")) {
        (void)lines_take(&left, "{{>");
        if (parts_find(lines_take(&left, "}}"), &part) && lines_have(part, "{{>form}}"))
            return true;
    }
    return false;
}

/* Each form that does something carries its mark, or asks for no device. */
static void each_form_that_is_sent_carries_the_mark(void **state)
{
    struct bytes left;
    (void)state;
    for (size_t i = 0; parts_name(i) != NULL; i++) {
        assert_true(parts_find(bytes_str(parts_name(i)), &left));
        while (lines_have(left, "<form ")) {
            (void)lines_take(&left, "<form ");
            struct bytes form = lines_take(&left, "</form>");
            bool is_open = lines_have(form, "action=\"/enter\"") ||
                           lines_have(form, "action=\"/language\"") ||
                           lines_have(form, "action=\"/view\"");
            bool is_sent = lines_have(form, "method=\"post\"");
            if (is_sent != has_mark(form) && !is_open)
                lines_fail(parts_name(i), form);
        }
    }
}

static void each_part_is_used_once_at_least(void **state)
{
    (void)state;
    for (size_t i = 0; parts_name(i) != NULL; i++) {
        char use[80];
        bool is_used = false;
        struct bytes part;
        (void)snprintf(use, sizeof(use), "{{>%s}}", parts_name(i));
        for (size_t k = 0; parts_name(k) != NULL; k++) {
            assert_true(parts_find(bytes_str(parts_name(k)), &part));
            is_used |= lines_have(part, use);
        }
        assert_true(parts_find(bytes_str(parts_name(i)), &part));
        if (!is_used && is_template(parts_name(i)) && !lines_begin(part, "{{>top}}"))
            lines_fail("nobody has this part", bytes_str(parts_name(i)));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_part_of_the_page_is_well_formed),
        cmocka_unit_test(each_paper_is_well_formed),
        cmocka_unit_test(each_text_is_a_well_formed_template),
        cmocka_unit_test(a_page_ends_as_it_begins),
        cmocka_unit_test(no_page_asks_for_what_its_policy_forbids),
        cmocka_unit_test(each_form_that_is_sent_carries_the_mark),
        cmocka_unit_test(each_part_is_used_once_at_least),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
