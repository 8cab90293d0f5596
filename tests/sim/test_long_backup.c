/* Backups of more than one file holds: entries, rows and what is left over go on where
 * the file before them ended, whether something changes in between or not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "proto/bundle.h"
#include "tests/sim/sim_folder.h"

/* A row of so many bytes in a table of the node's own. */
static void put_draft(struct sim_county *f, unsigned number, size_t len)
{
    static char text[FORM_DRAFT_SIZE_MAX];
    struct buf map = {0};
    char form[32];
    (void)snprintf(form, sizeof(form), "case/%u", number);
    memset(text, 'a' + (int)(number % 26), sizeof(text));
    pack_map(&map, 2);
    pack_str(&map, "fields");
    pack_map(&map, 1);
    pack_str(&map, "narrative");
    pack_str_bytes(&map, bytes_of(text, len));
    pack_str(&map, "form");
    pack_str(&map, form);
    assert_int_equal(
        world_call(f->world, f->fengyuan, "draft.put", buf_bytes(&map), NULL), STATUS_OK);
    buf_deinit(&map);
}

/* Its messages of that name. */
static uint32_t count_in(const struct folder *folder, uint32_t file, struct sim_county *f,
                         const char *name)
{
    struct buf payload = stick_open(f->fengyuan, buf_bytes(&folder->stick.files[file]));
    struct bundle_header header;
    struct bytes messages, bytes, word;
    uint32_t count = 0, elements;
    assert_int_equal(bundle_check(buf_bytes(&payload), &header, &messages, NULL),
                     STATUS_OK);
    while (bundle_next(&messages, &bytes)) {
        struct pack_reader reader = pack_reader_of(bytes);
        assert_int_equal(pack_read_array(&reader, &elements, NULL), STATUS_OK);
        assert_int_equal(pack_read_str(&reader, &word, NULL), STATUS_OK);
        count += bytes_equal_str(word, name);
    }
    buf_deinit(&payload);
    return count;
}

static void entries_go_on_in_the_next_file(void **state)
{
    static char narrative[8001];
    struct sim_county *f = *state;
    struct folder folder = {0};
    memset(narrative, 'n', sizeof(narrative) - 1);
    for (int i = 0; i < 150; i++)
        SIM_SAY(f, f->fengyuan, NULL, "case.new", "category", "邻里", "title", "水渠",
                "narrative", narrative);
    folder_back_up(f, f->fengyuan, &folder);
    assert_int_equal(folder.stick.len, 2);
    assert_true(count_in(&folder, 0, f, "op") > 100);
    assert_int_equal(count_in(&folder, 0, f, "table"), 0);
    assert_true(count_in(&folder, 1, f, "op") > 10);
    assert_int_equal(count_in(&folder, 1, f, "mark"), 1);
    folder_assert_restores(&folder, f->fengyuan);
    folder_deinit(&folder);
}

#define DRAFTS 24
#define DRAFT_SIZE (60u * 1024)

/* What the first file has of them the second one has not again. */
static void rows_go_on_in_the_next_file(void **state)
{
    struct sim_county *f = *state;
    struct folder folder = {0};
    for (unsigned i = 0; i < DRAFTS; i++)
        put_draft(f, i, DRAFT_SIZE);
    folder_back_up(f, f->fengyuan, &folder);
    assert_int_equal(folder.stick.len, 2);
    uint32_t first = count_in(&folder, 0, f, "row"),
             rest = count_in(&folder, 1, f, "row");
    uint32_t tables = count_in(&folder, 0, f, "table") + count_in(&folder, 1, f, "table");
    assert_true(first > 10 && rest >= 5);
    folder_assert_restores(&folder, f->fengyuan);

    struct folder whole = {0};
    for (unsigned i = 0; i < DRAFTS; i++)
        put_draft(f, i, 10);
    folder_back_up(f, f->fengyuan, &whole);
    assert_int_equal(whole.stick.len, 1);
    /* One more: when the first one was written. */
    assert_int_equal(count_in(&whole, 0, f, "row"), first + rest + 1);
    assert_int_equal(count_in(&whole, 0, f, "table"), tables);
    folder_deinit(&whole);
    folder_deinit(&folder);
}

/* Then all of them are in the second one, behind the name of their table. */
static void rows_that_change_in_between_are_written_anew(void **state)
{
    struct sim_county *f = *state;
    struct folder folder = {0};
    struct buf out = {0};
    for (unsigned i = 0; i < DRAFTS / 2 + 4; i++)
        put_draft(f, i, DRAFT_SIZE);
    assert_int_equal(folder_begin(f, f->fengyuan, &folder, &out), STATUS_OK);
    assert_false(folder_keep(&folder, buf_bytes(&out)));
    for (unsigned i = 0; i < DRAFTS / 2 + 4; i++)
        put_draft(f, i, 1000 + i);
    SIM_SAY(f, f->fengyuan, &out, "backup.next");
    assert_true(folder_keep(&folder, buf_bytes(&out)));
    SIM_SAY(f, f->fengyuan, NULL, "backup.done");
    assert_true(count_in(&folder, 1, f, "row") >= DRAFTS / 2 + 4);
    folder_assert_restores(&folder, f->fengyuan);
    buf_deinit(&out);
    folder_deinit(&folder);
}

/* All that there is went in, and no room was left to be sure of the last word. */
static void a_mark_that_has_no_room_stands_in_a_file_of_its_own(void **state)
{
    struct sim_county *f = *state;
    struct folder folder = {0};
    for (unsigned i = 0; i < 45; i++)
        put_draft(f, i, 20000);
    for (size_t len = 250; folder.stick.len < 2; len += 250) {
        assert_true(len < FORM_DRAFT_SIZE_MAX);
        folder_deinit(&folder);
        folder = (struct folder){0};
        put_draft(f, 51, len);
        folder_back_up(f, f->fengyuan, &folder);
    }
    assert_int_equal(count_in(&folder, 0, f, "mark"), 0);
    assert_int_equal(count_in(&folder, 1, f, "mark"), 1);
    assert_int_equal(count_in(&folder, 1, f, "row"), 0);
    assert_int_equal(count_in(&folder, 1, f, "op"), 0);
    folder_assert_restores(&folder, f->fengyuan);
    folder_deinit(&folder);
}

#define TEST(name)                                                                       \
    cmocka_unit_test_setup_teardown(name, sim_county_set_up_in_memory,                   \
                                    sim_county_tear_down_in_memory)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(entries_go_on_in_the_next_file),
        TEST(rows_go_on_in_the_next_file),
        TEST(rows_that_change_in_between_are_written_anew),
        TEST(a_mark_that_has_no_room_stands_in_a_file_of_its_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
