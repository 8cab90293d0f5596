/* What sites said for themselves, as people read it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "cli/talk_print.h"
#include "cli/view_print.h"
#include "proto/pack.h"

static void pack_id(struct buf *buf, const char *name, uint8_t first)
{
    uint8_t id[32] = {first};
    pack_str(buf, name);
    pack_bin(buf, id, 32);
}

static void pack_pair(struct buf *buf, const char *name, const char *text)
{
    pack_str(buf, name);
    pack_str(buf, text);
}

static void pack_task(struct buf *buf, bool is_done)
{
    pack_map(buf, 5);
    if (is_done) {
        pack_id(buf, "done", 9);
    } else {
        pack_str(buf, "done");
        pack_nil(buf);
    }
    pack_pair(buf, "due", "2026-11-30");
    pack_id(buf, "op", 7);
    pack_pair(buf, "owner", "水利站");
    pack_pair(buf, "text", "测量\x1b水位");
}

/* A grade whose reason is withheld, two tasks, an invitation; unserved or not. */
static void pack_view(struct buf *buf, bool is_unserved)
{
    pack_map(buf, 5);
    pack_str(buf, "assigned");
    pack_array(buf, 2);
    pack_task(buf, false);
    pack_task(buf, true);
    pack_str(buf, "grades");
    pack_array(buf, 1);
    pack_map(buf, 3);
    pack_str(buf, "reason");
    pack_nil(buf);
    pack_id(buf, "site", 2);
    pack_pair(buf, "word", "镇二级");
    pack_str(buf, "joint");
    pack_array(buf, 1);
    pack_map(buf, 3);
    pack_id(buf, "site", 3);
    pack_pair(buf, "text", "不归我们管");
    pack_pair(buf, "word", "declined");
    pack_str(buf, "journal");
    pack_array(buf, 2);
    pack_map(buf, 2);
    pack_pair(buf, "kind", "invite");
    pack_id(buf, "op", 5);
    pack_map(buf, 4);
    pack_str(buf, "fields");
    pack_map(buf, 2);
    pack_pair(buf, "text", "逐条\x1b核对");
    pack_pair(buf, "verdict", "holds");
    pack_pair(buf, "kind", "audited");
    pack_id(buf, "op", 6);
    pack_id(buf, "site", 2);
    pack_str(buf, "unserved");
    pack_bool(buf, is_unserved);
}

static char *printed(bool is_unserved)
{
    struct buf view = {0};
    char *text = NULL;
    size_t len = 0;
    pack_view(&view, is_unserved);
    assert_int_equal(pack_check(buf_bytes(&view), NULL), STATUS_OK);
    FILE *out = open_memstream(&text, &len);
    assert_non_null(out);
    view_print(out, buf_bytes(&view), (struct bytes){0});
    assert_int_equal(fclose(out), 0);
    buf_deinit(&view);
    return text;
}

static void grades_progress_and_tasks_are_told_harmlessly(void **state)
{
    char *text = printed(false);

    assert_non_null(strstr(text, "grades\n  site 020000000000: 镇二级\n"));
    assert_non_null(strstr(text, "  site 030000000000: declined, 不归我们管\n"));
    assert_non_null(strstr(text, "  070000000000  due 2026-11-30, open  水利站: "));
    assert_non_null(strstr(text, "  070000000000  due 2026-11-30, done  水利站: "));
    assert_null(strchr(text, '\x1b'));
    assert_null(strstr(text, "服务缺位"));

    free(text);
}

static void what_auditors_noted_is_told_apart(void **state)
{
    char *text = printed(false);

    assert_non_null(strstr(
        text, "what auditors noted\n  site 020000000000: holds, 逐条\\u001b核对\n"));

    free(text);
}

static void what_can_be_named_shows_its_id(void **state)
{
    char *text = printed(false);

    assert_non_null(strstr(text, "invite 050000000000\n"));

    free(text);
}

static void that_nobody_serves_it_is_said_in_words(void **state)
{
    char *text = printed(true);

    assert_non_null(strstr(text, "服务缺位"));
    assert_non_null(strstr(text, "everybody who was asked has declined\n"));

    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(grades_progress_and_tasks_are_told_harmlessly),
        cmocka_unit_test(what_auditors_noted_is_told_apart),
        cmocka_unit_test(what_can_be_named_shows_its_id),
        cmocka_unit_test(that_nobody_serves_it_is_said_in_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
