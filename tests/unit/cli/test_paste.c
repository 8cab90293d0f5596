/* What the verbs of pastes ask the node for, and how they tell its answers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "cli/cli.h"
#include "proto/json.h"
#include "proto/op.h"
#include "tests/unit/cli/against.h"

#define MARKED "\xef\xbb\xbf两家争执\r\n"

static char folder[64], text_file[96], photo_file[96], empty_file[96];

static void write_file(char path[static 96], const char *name, const void *bytes,
                       size_t len)
{
    (void)snprintf(path, 96, "%s/%s", folder, name);
    FILE *out = fopen(path, "wb");
    assert_non_null(out);
    assert_int_equal(fwrite(bytes, 1, len, out), len);
    assert_int_equal(fclose(out), 0);
}

static int set_up(void **state)
{
    (void)state;
    (void)snprintf(folder, sizeof(folder), "/tmp/fengqiao-paste-XXXXXX");
    if (mkdtemp(folder) == NULL)
        return -1;
    write_file(text_file, "note.txt", MARKED, strlen(MARKED));
    write_file(photo_file, "photo.jpg", "\xff\xd8\xff", 3);
    write_file(empty_file, "empty", "", 0);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    (void)unlink(text_file);
    (void)unlink(photo_file);
    (void)unlink(empty_file);
    return rmdir(folder);
}

static bool unlocks(struct bytes method, struct buf *out)
{
    if (!bytes_equal_str(method, "unlock"))
        return false;
    pack_str(out, "OK");
    pack_nil(out);
    return true;
}

/* Refuses with what it was asked, so that it is told on the error stream. */
static void echo(struct bytes method, struct bytes arguments, unsigned call,
                 struct buf *out)
{
    struct buf json = {0};
    char text[300];
    if (unlocks(method, out))
        return;
    if (json_add(&json, arguments) != STATUS_OK)
        return; /* the connection is closed, and the row is not as it should be */
    (void)snprintf(text, sizeof(text), "%.*s %.*s", (int)method.len,
                   (const char *)method.data, (int)json.len, (const char *)json.data);
    buf_deinit(&json);
    fake_node_say_text(out, "INVALID", text);
}

static void each_verb_asks_for_what_it_says(void **state)
{
    const struct {
        const char *words[10];
        const char *asked;
    } rows[] = {
        {{"paste", "add", "--text", "水流进来了"}, "paste.add {\"text\":\"水流进来了\"}"},
        {{"paste", "add", "--file", text_file}, "paste.add {\"text\":\"两家争执\"}"},
        {{"paste", "add", "--file", photo_file}, "paste.add {\"photo\":\"ffd8ff\"}"},
        {{"paste", "add", "--text", "看", "--file", photo_file},
         "paste.add {\"photo\":\"ffd8ff\",\"text\":\"看\"}"},
        {{"paste", "list"}, "paste.list {}"},
        {{"paste", "show", "3"}, "paste.show {\"paste\":3}"},
        {{"paste", "get", "3", "--out", "x"}, "paste.get {\"paste\":3}"},
        {{"paste", "drop", "12"}, "paste.drop {\"paste\":12}"},
        {{"paste", "case", "3", "--category", "邻里", "--title", "水沟", "--narrative",
          "雨水"},
         "paste.case {\"category\":\"邻里\",\"narrative\":\"雨水\",\"paste\":3,\"title\":"
         "\"水沟\"}"},
        {{"paste", "case", "3", "--category", "邻里", "--title", "水沟", "--party",
          "张某:申请人"},
         "paste.case {\"category\":\"邻里\",\"parties\":[[\"张某\",\"申请人\"]],"
         "\"paste\":3,\"title\":\"水沟\"}"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const char *words[11] = {NULL};
        memcpy(words, rows[i].words, sizeof(rows[i].words));
        struct run_cli run = run_against(echo, words);
        assert_int_equal(run.code, EXIT_FAILED);
        if (strstr(run.err, rows[i].asked) == NULL)
            fail_msg("row %zu: %s", i, run.err);
        run_cli_deinit(&run);
    }
}

static void what_is_no_request_is_said_before_the_node_is_asked(void **state)
{
    const struct {
        const char *words[8];
        int code;
        const char *sentence;
    } rows[] = {
        {{"paste", "add"}, EXIT_USAGE, "what is to be kept"},
        {{"paste", "add", "photo.jpg"}, EXIT_USAGE, "a file by --file"},
        {{"paste", "add", "-", "--file", text_file}, EXIT_USAGE, "one of them"},
        {{"paste", "add", "--text", "一", "--file", text_file}, EXIT_USAGE, "one text"},
        {{"paste", "add", "--file", empty_file}, EXIT_USAGE, "nothing in that file"},
        {{"paste", "add", "--file", "/nowhere/x"}, EXIT_FAILED, "cannot be read"},
        {{"paste", "show", "three"}, EXIT_USAGE, "no number of a paste"},
        {{"paste", "show", "-1"}, EXIT_USAGE, ""},
        {{"paste", "drop", "99999999999999999999"}, EXIT_USAGE, "no number of a paste"},
        {{"paste", "get", "3"}, EXIT_USAGE, "--out"},
        {{"paste", "case", "3", "--title", "一"}, EXIT_USAGE, "--category"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct run_cli run = run_against(echo, rows[i].words);
        if (run.code != rows[i].code || strstr(run.err, rows[i].sentence) == NULL)
            fail_msg("row %zu: %d %s", i, run.code, run.err);
        run_cli_deinit(&run);
    }
}

static void pack_paste(struct buf *out, const char *text, uint64_t days)
{
    pack_map(out, 6);
    pack_str(out, "by");
    pack_str(out, "陈某");
    pack_str(out, "days_left");
    pack_uint(out, days);
    pack_str(out, "ending");
    pack_bool(out, days <= 2);
    pack_str(out, "paste");
    pack_uint(out, days);
    pack_str(out, "text");
    pack_str(out, text);
    pack_str(out, "type");
    pack_str(out, "image/jpeg");
}

static void has_two(struct bytes method, struct bytes arguments, unsigned call,
                    struct buf *out)
{
    if (unlocks(method, out))
        return;
    pack_str(out, "OK");
    if (bytes_equal_str(method, "paste.show")) {
        pack_paste(out, "全文\x1b[2J\n第二行", 2);
        return;
    }
    if (bytes_equal_str(method, "paste.add")) {
        pack_map(out, 2);
        pack_str(out, "known");
        pack_bool(out, true);
        pack_str(out, "paste");
        pack_uint(out, 4);
        return;
    }
    pack_map(out, 1);
    pack_str(out, "pastes");
    pack_array(out, 2);
    pack_paste(out, "头一行\n第二行", 2);
    pack_paste(
        out, "很长很长很长很长很长很长很长很长很长很长很长很长很长很长很长很长的一条", 7);
}

/* Of each the first words, cut between two characters, and nothing that moves a cursor.
 */
static void lists_and_texts_are_told_harmlessly(void **state)
{
    static const char *const list[] = {"paste", "list", NULL};
    static const char *const show[] = {"paste", "show", "2", NULL};
    static const char *const add[] = {"paste", "add", "--text", "一", NULL};
    (void)state;
    struct run_cli run = run_against(has_two, list);
    assert_int_equal(run.code, EXIT_DONE);
    assert_non_null(strstr(run.out, "soon gone"));
    assert_non_null(strstr(run.out, "头一行"));
    assert_null(strstr(run.out, "第二行"));
    assert_null(strstr(run.out, "一条"));
    assert_true(utf8_is_valid(bytes_of(run.out, run.out_len)));
    run_cli_deinit(&run);

    run = run_against(has_two, show);
    assert_int_equal(run.code, EXIT_DONE);
    assert_non_null(strstr(run.out, "第二行"));
    assert_null(strchr(run.out, 0x1b));
    run_cli_deinit(&run);

    run = run_against(has_two, add);
    assert_int_equal(run.code, EXIT_DONE);
    assert_string_equal(run.out, "4\n");
    assert_non_null(strstr(run.err, "there already"));
    run_cli_deinit(&run);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_verb_asks_for_what_it_says),
        cmocka_unit_test(what_is_no_request_is_said_before_the_node_is_asked),
        cmocka_unit_test(lists_and_texts_are_told_harmlessly),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
