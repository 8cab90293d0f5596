/* A case as people read it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "cli/names.h"
#include "cli/view_print.h"
#include "proto/pack.h"

static void pack_written(struct buf *buf, const char *text)
{
    uint8_t id[32] = {1};
    pack_map(buf, 6);
    pack_str(buf, "author");
    pack_bin(buf, id, 32);
    pack_str(buf, "op");
    pack_bin(buf, id, 32);
    pack_str(buf, "site");
    pack_bin(buf, id, 32);
    pack_str(buf, "time");
    pack_uint(buf, 1);
    pack_str(buf, "value");
    if (text)
        pack_str(buf, text);
    else
        pack_nil(buf);
    pack_str(buf, "wall");
    pack_uint(buf, 0);
}

/* Two titles at once, a context of two lines, a narrative that is withheld. */
static void pack_view(struct buf *buf)
{
    pack_map(buf, 7);
    pack_str(buf, "conflicts");
    pack_array(buf, 1);
    pack_str(buf, "title");
    pack_str(buf, "consents");
    pack_array(buf, 1);
    pack_map(buf, 4);
    pack_str(buf, "fields");
    pack_array(buf, 1);
    pack_str(buf, "title");
    pack_str(buf, "given");
    pack_bool(buf, true);
    pack_str(buf, "manner");
    pack_str(buf, "signed");
    pack_str(buf, "party");
    pack_str(buf, "张某");
    pack_str(buf, "journal");
    pack_array(buf, 1);
    pack_map(buf, 3);
    pack_str(buf, "fields");
    pack_map(buf, 1);
    pack_str(buf, "text");
    pack_str(buf, "\x1b]0;x\x07去过现场");
    pack_str(buf, "kind");
    pack_str(buf, "note");
    pack_str(buf, "wall");
    pack_uint(buf, 0);
    pack_str(buf, "kind");
    pack_str(buf, "case");
    pack_str(buf, "registers");
    pack_map(buf, 3);
    pack_str(buf, "context");
    pack_array(buf, 1);
    pack_written(buf, "第一年\n第二年");
    pack_str(buf, "narrative");
    pack_array(buf, 1);
    pack_written(buf, NULL);
    pack_str(buf, "title");
    pack_array(buf, 2);
    pack_written(buf, "排水沟");
    pack_written(buf, "水沟");
    pack_str(buf, "state");
    pack_str(buf, "triaged");
    pack_str(buf, "triage");
    pack_nil(buf);
}

/* 王某 of 青河镇 has the key 02…, a machine without a name the key 03…. */
static void pack_names(struct buf *buf)
{
    uint8_t site[32] = {1}, person[32] = {2}, machine[32] = {3};
    pack_map(buf, 2);
    pack_str(buf, "authors");
    pack_array(buf, 2);
    const struct {
        const uint8_t *key;
        const char *name;
    } authors[] = {{person, "王某\x1b[2J"}, {machine, ""}};
    for (int i = 0; i < 2; i++) {
        pack_map(buf, 3);
        pack_str(buf, "key");
        pack_bin(buf, authors[i].key, 32);
        pack_str(buf, "name");
        pack_str(buf, authors[i].name);
        pack_str(buf, "site");
        pack_bin(buf, site, 32);
    }
    pack_str(buf, "sites");
    pack_array(buf, 1);
    pack_map(buf, 3);
    pack_str(buf, "name");
    pack_str(buf, "青河镇");
    pack_str(buf, "site");
    pack_bin(buf, site, 32);
    pack_str(buf, "tier");
    pack_str(buf, "township");
}

static void assert_author(uint8_t key_first, const char *wanted)
{
    struct buf names = {0};
    struct id key = {{key_first}};
    char *text = NULL;
    size_t len = 0;
    pack_names(&names);
    FILE *out = open_memstream(&text, &len);
    assert_non_null(out);

    names_print_author(out, buf_bytes(&names), &key);

    assert_int_equal(fclose(out), 0);
    assert_string_equal(text, wanted);
    free(text);
    buf_deinit(&names);
}

static void an_author_is_called_as_a_charter_says_and_harmlessly(void **state)
{
    (void)state;

    assert_author(2, "王某\\u001b[2J, 青河镇");
    assert_author(3, "青河镇");
    assert_author(9, "key 090000000000");
}

static void a_site_that_no_charter_knows_is_shown_by_its_id(void **state)
{
    (void)state;
    struct buf names = {0};
    struct id known = {{1}}, unknown = {{7}};
    struct bytes name;
    pack_names(&names);

    assert_true(names_site(buf_bytes(&names), &known, &name));
    assert_true(bytes_equal_str(name, "青河镇"));
    assert_false(names_site(buf_bytes(&names), &unknown, &name));
    assert_false(names_site((struct bytes){0}, &known, &name));
    buf_deinit(&names);
}

static char *printed(const struct buf *view)
{
    char *text = NULL;
    size_t len = 0;
    FILE *out = open_memstream(&text, &len);
    assert_non_null(out);
    view_print(out, buf_bytes(view), (struct bytes){0});
    assert_int_equal(fclose(out), 0);
    return text;
}

static void the_context_stands_above_the_state(void **state)
{
    (void)state;
    struct buf view = {0};
    pack_view(&view);
    assert_int_equal(pack_check(buf_bytes(&view), NULL), STATUS_OK);

    char *text = printed(&view);

    const char *context =
        strstr(text, "context:        第一年\n                第二年\n");
    const char *now = strstr(text, "state:          triaged\n");
    assert_non_null(context);
    assert_non_null(now);
    assert_true(context < now);
    free(text);
    buf_deinit(&view);
}

static void a_conflict_shows_all_that_was_written(void **state)
{
    (void)state;
    struct buf view = {0};
    pack_view(&view);

    char *text = printed(&view);

    assert_non_null(strstr(text, "title:          排水沟\n"));
    assert_non_null(strstr(text, "wrote title at once"));
    assert_non_null(strstr(text, "水沟\n"));
    free(text);
    buf_deinit(&view);
}

static void what_is_withheld_is_said(void **state)
{
    (void)state;
    struct buf view = {0};
    pack_view(&view);

    char *text = printed(&view);

    assert_non_null(strstr(text, "narrative:      (withheld)\n"));
    assert_non_null(strstr(text, "张某   yes   title  signed  -          -"));
    assert_null(strstr(text, "triage:"));
    free(text);
    buf_deinit(&view);
}

/* What came up from a village reads like a case, though its fields are named otherwise.
 */
static void an_escalation_reads_like_a_case(void **state)
{
    (void)state;
    struct buf view = {0};
    pack_map(&view, 2);
    pack_str(&view, "registers");
    pack_map(&view, 3);
    pack_str(&view, "case.context");
    pack_array(&view, 1);
    pack_written(&view, "改了水道");
    pack_str(&view, "case.found-by");
    pack_array(&view, 1);
    pack_written(&view, "applied");
    pack_str(&view, "case.title");
    pack_array(&view, 1);
    pack_written(&view, "排水沟");
    pack_str(&view, "state");
    pack_str(&view, "opened");

    char *text = printed(&view);

    assert_string_equal(text, "title:          排水沟\n"
                              "context:        改了水道\n"
                              "found-by:       applied\n"
                              "state:          opened\n");
    free(text);
    buf_deinit(&view);
}

/* Row M4. */
static void M4_a_note_with_terminal_escapes_is_shown_escaped(void **state)
{
    (void)state;
    struct buf view = {0};
    pack_view(&view);

    char *text = printed(&view);

    assert_null(strchr(text, '\x1b'));
    assert_non_null(strstr(text, "\\u001b]0;x\\u0007去过现场"));
    free(text);
    buf_deinit(&view);
}

static void bytes_that_are_no_view_are_no_crash(void **state)
{
    (void)state;
    struct buf view = {0};
    pack_view(&view);
    for (size_t len = 0; len < view.len; len++) {
        struct buf cut = {.data = view.data, .len = len};
        free(printed(&cut));
    }
    buf_deinit(&view);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_author_is_called_as_a_charter_says_and_harmlessly),
        cmocka_unit_test(a_site_that_no_charter_knows_is_shown_by_its_id),
        cmocka_unit_test(the_context_stands_above_the_state),
        cmocka_unit_test(a_conflict_shows_all_that_was_written),
        cmocka_unit_test(what_is_withheld_is_said),
        cmocka_unit_test(an_escalation_reads_like_a_case),
        cmocka_unit_test(M4_a_note_with_terminal_escapes_is_shown_escaped),
        cmocka_unit_test(bytes_that_are_no_view_are_no_crash),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
