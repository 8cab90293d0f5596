/* The journal of a scope in words: labels of the schema, texts that a person reads. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "node/page/peek.h"
#include "node/page/timeline.h"
#include "proto/pack.h"

/* One entry of a journal of that kind; fields: canonical pairs. */
static void write_view(struct buf *out, const char *kind, uint32_t count,
                       const struct buf *fields)
{
    pack_map(out, 1);
    pack_str(out, "journal");
    pack_array(out, 1);
    pack_map(out, 3);
    pack_str(out, "fields");
    pack_map(out, count);
    buf_append(out, fields);
    pack_str(out, "kind");
    pack_str(out, kind);
    pack_str(out, "wall");
    pack_uint(out, 1700000000);
    assert_int_equal(pack_check(buf_bytes(out), NULL), STATUS_OK);
}

static struct bytes first_entry(const struct buf *list)
{
    struct pack_reader reader;
    assert_int_equal(pack_check(buf_bytes(list), NULL), STATUS_OK);
    assert_int_equal(peek_list(buf_bytes(list), &reader), 1);
    return peek_next(&reader);
}

/* The label and text of the number-th row, as label=text. */
static void assert_row(struct bytes entry, uint32_t number, const char *label,
                       const char *text)
{
    struct pack_reader reader;
    struct bytes row = {0};
    assert_true(number < peek_list(peek_in(entry, "rows"), &reader));
    for (uint32_t i = 0; i <= number; i++)
        row = peek_next(&reader);
    assert_true(bytes_equal_str(peek_text_in(row, "label"), label));
    assert_true(bytes_equal_str(peek_text_in(row, "text"), text));
}

static void assert_rows(struct bytes entry, uint32_t count)
{
    struct pack_reader reader;
    assert_int_equal(peek_list(peek_in(entry, "rows"), &reader), count);
}

static enum status write_timeline(const struct buf *view, enum language language,
                                  struct buf *out)
{
    struct timeline shown;
    enum status status = timeline_write(buf_bytes(view), language, 0, &shown, out);
    assert_int_equal(shown.first + shown.later, 0); /* what is short is shown whole */
    return status;
}

static void an_entry_is_said_by_the_schema(void **state)
{
    struct buf fields = {0}, view = {0}, list = {0};
    (void)state;
    pack_str(&fields, "fields");
    pack_array(&fields, 2);
    pack_str(&fields, "title");
    pack_str(&fields, "narrative");
    pack_str(&fields, "given");
    pack_bool(&fields, true);
    pack_str(&fields, "manner");
    pack_str(&fields, "oral");
    pack_str(&fields, "party");
    pack_str(&fields, "张某");
    pack_str(&fields, "witness");
    pack_nil(&fields);
    write_view(&view, "consent", 5, &fields);

    assert_int_equal(write_timeline(&view, LANGUAGE_ZH_CN, &list), STATUS_OK);

    struct bytes entry = first_entry(&list);
    assert_true(bytes_equal_str(peek_text_in(entry, "label"), "当事人同意"));
    assert_true(bytes_equal_str(peek_text_in(entry, "kind"), "consent"));
    assert_rows(entry, 5);
    assert_row(entry, 1, "是否同意", "是");
    assert_row(entry, 2, "同意方式", "口头");
    assert_row(entry, 3, "当事人", "张某");
    assert_row(entry, 4, "见证人", "（已删除或未公开）");
    buf_clear(&list);
    assert_int_equal(write_timeline(&view, LANGUAGE_EN, &list), STATUS_OK);
    entry = first_entry(&list);
    assert_true(bytes_equal_str(peek_text_in(entry, "label"), "consent"));
    assert_row(entry, 2, "manner", "by word of mouth");
    buf_deinit(&fields);
    buf_deinit(&view);
    buf_deinit(&list);
}

static void lists_and_maps_are_said_and_keys_are_not(void **state)
{
    struct buf fields = {0}, view = {0}, list = {0};
    (void)state;
    pack_str(&fields, "case.parties");
    pack_array(&fields, 2);
    for (int i = 0; i < 2; i++) {
        pack_array(&fields, 2);
        pack_str(&fields, i == 0 ? "张某" : "李某");
        pack_str(&fields, i == 0 ? "applicant" : "respondent");
    }
    pack_str(&fields, "strange");
    pack_uint(&fields, 7);
    pack_str(&fields, "triage");
    pack_map(&fields, 1);
    pack_str(&fields, "danger");
    pack_bool(&fields, false);
    write_view(&view, "escalate", 3, &fields);

    assert_int_equal(write_timeline(&view, LANGUAGE_ZH_CN, &list), STATUS_OK);

    struct bytes entry = first_entry(&list);
    assert_rows(entry, 3);
    assert_row(entry, 0, "当事人", "张某（申请人）、李某（被申请人）");
    assert_row(entry, 1, "strange", "7");
    assert_row(entry, 2, "分诊记录", "danger：否");
    buf_clear(&fields);
    buf_clear(&view);
    buf_clear(&list);
    pack_str(&fields, "name");
    pack_str(&fields, "王某");
    pack_str(&fields, "noise-key");
    pack_bin(&fields, "0123456789abcdef0123456789abcdef", 32);
    write_view(&view, "node", 2, &fields);
    assert_int_equal(write_timeline(&view, LANGUAGE_ZH_CN, &list), STATUS_OK);
    assert_rows(first_entry(&list), 1); /* the key says nothing to a reader */
    buf_clear(&fields);
    buf_clear(&view);
    buf_clear(&list);
    pack_str(&fields, "case.parties"); /* who they are was withheld */
    pack_nil(&fields);
    write_view(&view, "escalate", 1, &fields);
    assert_int_equal(write_timeline(&view, LANGUAGE_ZH_CN, &list), STATUS_OK);
    assert_row(first_entry(&list), 0, "当事人", "（已删除或未公开）");
    buf_deinit(&fields);
    buf_deinit(&view);
    buf_deinit(&list);
}

static void a_size_is_said_as_a_person_reads_it(void **state)
{
    struct buf fields = {0}, view = {0}, list = {0};
    (void)state;
    pack_str(&fields, "name");
    pack_str(&fields, "水渠图.txt");
    pack_str(&fields, "size");
    pack_uint(&fields, 151889);
    write_view(&view, "attach", 2, &fields);

    assert_int_equal(write_timeline(&view, LANGUAGE_ZH_CN, &list), STATUS_OK);

    assert_row(first_entry(&list), 1, "大小", "149 KB");
    buf_deinit(&fields);
    buf_deinit(&view);
    buf_deinit(&list);
}

static void what_a_person_wrote_stays_as_it_is(void **state)
{
    struct buf fields = {0}, view = {0}, list = {0};
    pack_str(&fields, "text");
    pack_str(&fields, "done"); /* a word of ours elsewhere */
    write_view(&view, "note", 1, &fields);

    assert_int_equal(write_timeline(&view, LANGUAGE_ZH_CN, &list), STATUS_OK);

    assert_row(first_entry(&list), 0, "记录", "done");
    buf_deinit(&fields);
    buf_deinit(&view);
    buf_deinit(&list);
}

static void what_no_schema_knows_is_shown_as_it_is(void **state)
{
    struct buf fields = {0}, view = {0}, list = {0};
    (void)state;
    pack_str(&fields, "case.danger");
    pack_bool(&fields, true);
    pack_str(&fields, "case.poem");
    pack_bin(&fields, "\xab\xcd\xef\x01\x02", 5);
    pack_str(&fields, "case.title");
    pack_str(&fields, "水渠");
    pack_str(&fields, "odd");
    pack_str(&fields, "短");
    write_view(&view, "poem", 4, &fields);
    assert_int_equal(write_timeline(&view, LANGUAGE_ZH_CN, &list), STATUS_OK);
    struct bytes entry = first_entry(&list);
    assert_true(bytes_equal_str(peek_text_in(entry, "label"), "poem"));
    assert_rows(entry, 4);
    assert_row(entry, 1, "case.poem", "abcdef01");
    assert_row(entry, 2, "标题", "水渠"); /* a case calls it so */
    assert_row(entry, 3, "odd", "短");
    buf_clear(&list);
    assert_int_equal(
        timeline_write((struct bytes){0}, LANGUAGE_EN, 7, &(struct timeline){0}, &list),
        STATUS_OK);
    assert_int_equal(list.len, 1); /* an empty list */
    buf_deinit(&fields);
    buf_deinit(&view);
    buf_deinit(&list);
}

/* So many notes, the number-th with that number as its wall and a text of so many bytes.
 */
static void write_notes(struct buf *view, uint32_t count, uint32_t size)
{
    pack_map(view, 1);
    pack_str(view, "journal");
    pack_array(view, count);
    for (uint32_t i = 0; i < count; i++) {
        struct buf text = {0};
        for (uint32_t j = 0; j < size; j++)
            buf_add(&text, "a", 1);
        pack_map(view, 3);
        pack_str(view, "fields");
        pack_map(view, 1);
        pack_str(view, "text");
        pack_str_bytes(view, buf_bytes(&text));
        pack_str(view, "kind");
        pack_str(view, "note");
        pack_str(view, "wall");
        pack_uint(view, i);
        buf_deinit(&text);
    }
}

/* Asked for what came before `until`, the list begins with `first` and has so many. */
static void assert_window(const struct buf *view, uint64_t until, uint32_t first,
                          uint32_t count, uint32_t later)
{
    struct buf list = {0};
    struct timeline shown;
    struct pack_reader reader;
    assert_int_equal(timeline_write(buf_bytes(view), LANGUAGE_EN, until, &shown, &list),
                     STATUS_OK);
    assert_int_equal(shown.first, first);
    assert_int_equal(shown.count, count);
    assert_int_equal(shown.later, later);
    assert_int_equal(peek_list(buf_bytes(&list), &reader), count);
    for (uint32_t i = 0; i < count; i++) {
        struct bytes wall = peek_in(peek_next(&reader), "wall");
        struct pack_reader number = pack_reader_of(wall);
        struct pack_item item;
        assert_int_equal(pack_next(&number, &item, NULL), STATUS_OK);
        assert_int_equal(item.number, first + i);
    }
    buf_deinit(&list);
}

static void a_long_journal_is_shown_from_its_end_a_window_at_a_time(void **state)
{
    struct buf view = {0};
    (void)state;
    write_notes(&view, 100, 10);
    assert_window(&view, 0, 60, 40, 0);
    assert_window(&view, 60, 20, 40, 40);
    assert_window(&view, 20, 0, 20, 80);
    assert_window(&view, 1, 0, 1, 99);
    assert_window(&view, 100, 60, 40, 0);
    assert_window(&view, UINT64_MAX, 60, 40, 0);
    buf_clear(&view);
    write_notes(&view, TIMELINE_ENTRIES, 10);
    assert_window(&view, 0, 0, TIMELINE_ENTRIES, 0);
    buf_clear(&view);
    write_notes(&view, 20, TIMELINE_BYTES / 4); /* with its names a little more */
    assert_window(&view, 0, 17, 3, 0);
    assert_window(&view, 17, 14, 3, 3);
    buf_clear(&view);
    write_notes(&view, 3, 2 * TIMELINE_BYTES);
    assert_window(&view, 0, 2, 1, 0); /* one at least */
    assert_window(&view, 2, 1, 1, 1);
    buf_deinit(&view);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_entry_is_said_by_the_schema),
        cmocka_unit_test(lists_and_maps_are_said_and_keys_are_not),
        cmocka_unit_test(a_size_is_said_as_a_person_reads_it),
        cmocka_unit_test(what_a_person_wrote_stays_as_it_is),
        cmocka_unit_test(what_no_schema_knows_is_shown_as_it_is),
        cmocka_unit_test(a_long_journal_is_shown_from_its_end_a_window_at_a_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
