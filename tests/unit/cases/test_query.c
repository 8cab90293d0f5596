/* What may be searched of a view, its postings, and what is found in them. */
#include "town.h"

#include <stdio.h>
#include <string.h>

#include "node/cases/postings.h"
#include "node/cases/query.h"
#include "node/cases/searchable.h"
#include "tests/support/fail_memory.h"

#define TEXTS_MAX 24

static int begin(void **state)
{
    static struct town town;
    town_init(&town, 23);
    *state = &town;
    return 0;
}

static int end(void **state)
{
    town_deinit(*state);
    return 0;
}

/* --- a view by hand: a journal of notes, and what no fold would write --- */

static void add_entry(struct buf *view, const char *kind, const char *field,
                      const char *text)
{
    pack_map(view, 2);
    pack_str(view, "fields");
    pack_map(view, 1);
    pack_str(view, field);
    if (text == NULL)
        pack_nil(view);
    else
        pack_str(view, text);
    pack_str(view, "kind");
    pack_str(view, kind);
}

static void begin_view(struct buf *view, uint32_t entries)
{
    pack_map(view, 1);
    pack_str(view, "journal");
    pack_array(view, entries);
}

static void notes(struct buf *view, const char *first, const char *second)
{
    begin_view(view, 2);
    add_entry(view, "note", "text", first);
    add_entry(view, "note", "text", second);
}

struct texts {
    char joined[TEXTS_MAX * 64];
    uint32_t len, most;
};

static bool join(void *context, const struct searchable *one)
{
    struct texts *texts = context;
    size_t at = strlen(texts->joined);
    (void)snprintf(texts->joined + at, sizeof(texts->joined) - at, "%.*s.%.*s=%.*s;",
                   (int)one->kind.len, (const char *)one->kind.data, (int)one->field.len,
                   (const char *)one->field.data, (int)one->text.len,
                   (const char *)one->text.data);
    return ++texts->len < texts->most;
}

static void what_people_wrote_in_a_case_may_be_searched(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    struct fold_result result;
    struct texts texts = {.most = TEXTS_MAX};
    town_case(town, &log);
    town_say(town, &log, VILLAGE, "note", "text", "看过了",
             &town->sites[VILLAGE].mediator);
    town_triage(town, &log, "keep");
    town_fold(town, &log, &result);

    searchable_each(buf_bytes(&result.view), join, &texts);

    assert_non_null(strstr(texts.joined, "case-new.parties=张某;"));
    assert_non_null(strstr(texts.joined, "note.text=看过了;"));
    assert_non_null(strstr(texts.joined, "triage.reason="));
    assert_null(strstr(texts.joined, "keep"));
    fold_result_deinit(&result);
}

static void the_walk_ends_where_it_is_told_to(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    struct fold_result result;
    struct texts texts = {.most = TEXTS_MAX}, some = {0};
    town_case(town, &log);
    town_fold(town, &log, &result);
    searchable_each(buf_bytes(&result.view), join, &texts);

    for (some.most = 1; some.most < texts.len; some.most++) {
        some.len = 0;
        some.joined[0] = '\0';
        searchable_each(buf_bytes(&result.view), join, &some);
        assert_int_equal(some.len, some.most);
    }
    fold_result_deinit(&result);
}

static void what_is_withheld_or_unknown_is_passed_over(void **state)
{
    struct buf view = {0};
    struct texts texts = {.most = TEXTS_MAX};
    (void)state;
    begin_view(&view, 6);
    add_entry(&view, "note", "text", NULL);
    add_entry(&view, "case-new", "parties", NULL);
    add_entry(&view, "dance", "text", "甲");
    pack_map(&view, 0);
    pack_map(&view, 1);
    pack_str(&view, "kind");
    pack_str(&view, "note");
    add_entry(&view, "note", "text", "乙");

    searchable_each(buf_bytes(&view), join, &texts);

    assert_string_equal(texts.joined, "note.text=乙;");
    buf_deinit(&view);
}

static void
clauses_are_searched_with_their_numbers_and_what_is_no_pair_is_not(void **state)
{
    struct buf view = {0};
    struct texts texts = {.most = TEXTS_MAX};
    (void)state;
    begin_view(&view, 2);
    pack_map(&view, 2);
    pack_str(&view, "fields");
    pack_map(&view, 1);
    pack_str(&view, "clauses");
    pack_array(&view, 1);
    pack_array(&view, 2);
    pack_str(&view, "第一条");
    pack_str(&view, "邻里和睦");
    pack_str(&view, "kind");
    pack_str(&view, "rules");
    pack_map(&view, 2);
    pack_str(&view, "fields");
    pack_map(&view, 1);
    pack_str(&view, "parties");
    pack_array(&view, 1);
    pack_uint(&view, 7);
    pack_str(&view, "kind");
    pack_str(&view, "case-new");

    searchable_each(buf_bytes(&view), join, &texts);

    assert_string_equal(texts.joined, "rules.clauses=第一条;rules.clauses=邻里和睦;");
    buf_deinit(&view);
}

static void nothing_of_a_case_of_a_minor_may_be_searched(void **state)
{
    struct buf view = {0};
    struct texts texts = {.most = TEXTS_MAX};
    (void)state;
    pack_map(&view, 2);
    pack_str(&view, "journal");
    pack_array(&view, 1);
    add_entry(&view, "note", "text", "甲");
    pack_str(&view, "minor");
    pack_bool(&view, true);

    searchable_each(buf_bytes(&view), join, &texts);

    assert_int_equal(texts.len, 0);
    buf_deinit(&view);
}

/* --- postings --- */

/* "token:place,place token:place" */
static void list(struct buf *view, char out[static 512])
{
    struct postings postings = {0};
    struct bytes token, places;
    size_t at = 0;
    out[0] = '\0';
    assert_int_equal(postings_read(&postings, buf_bytes(view)), STATUS_OK);
    while (postings_next(&postings, &token, &places)) {
        uint32_t place = PLACE_NONE;
        at += (size_t)snprintf(out + at, 512 - at, "%s%.*s", at == 0 ? "" : " ",
                               (int)token.len, (const char *)token.data);
        while (place_next(&places, &place))
            at += (size_t)snprintf(out + at, 512 - at, ":%u", place);
    }
    postings_deinit(&postings);
}

static void each_token_has_its_places_and_between_two_texts_one_is_left_out(void **state)
{
    struct buf view = {0};
    char listed[512];
    (void)state;
    notes(&view, "水沟 12 水", "沟边");

    list(&view, listed);

    assert_string_equal(listed, "12:2 水:0:3 沟:1:5 边:6");
    buf_deinit(&view);
}

static void a_view_without_texts_has_no_postings(void **state)
{
    struct buf view = {0};
    char listed[512];
    (void)state;
    begin_view(&view, 0);
    list(&view, listed);
    assert_string_equal(listed, "");
    buf_deinit(&view);
}

static void places_far_apart_take_more_bytes(void **state)
{
    static char text[70000];
    struct buf view = {0};
    struct postings postings = {0};
    struct bytes token, places;
    uint32_t place = PLACE_NONE, seen = 0;
    (void)state;
    for (size_t i = 0; i + 2 < sizeof(text); i += 2)
        memcpy(text + i, i == 0 || i == 600 || i == 69996 ? "y " : "x ", 2);
    text[sizeof(text) - 2] = '\0';
    begin_view(&view, 1);
    add_entry(&view, "note", "text", text);
    assert_int_equal(postings_read(&postings, buf_bytes(&view)), STATUS_OK);
    assert_true(postings_next(&postings, &token, &places)); /* x */
    assert_true(postings_next(&postings, &token, &places));

    static const uint32_t wanted[] = {0, 300, 34998};
    while (place_next(&places, &place))
        assert_int_equal(place, wanted[seen++]);

    assert_int_equal(seen, 3);
    assert_false(postings_next(&postings, &token, &places));
    postings_deinit(&postings);
    buf_deinit(&view);
}

static void places_that_are_none_come_to_an_end(void **state)
{
    static const uint8_t open[] = {0x80}, longer[] = {0x80, 0x80, 0x80, 0x80, 0x80, 1};
    struct bytes places = bytes_of(open, sizeof(open));
    uint32_t place = PLACE_NONE;
    (void)state;
    assert_false(place_next(&places, &place));
    places = bytes_of(longer, sizeof(longer));
    assert_false(place_next(&places, &place));
}

static void I14_each_allocation_that_fails_is_said(void **state)
{
    static char text[2000];
    struct buf view = {0};
    uint64_t failures = 0;
    (void)state;
    for (size_t i = 0; i + 3 < sizeof(text); i += 3)
        memcpy(text + i, i % 2 == 0 ? "水" : "沟", 3);
    notes(&view, text, "沟边");
    for (bool is_done = false; !is_done; failures++) {
        struct postings postings = {0};
        struct bytes token, places;
        fail_memory_after(failures, false);
        fail_memory_in();
        enum status status = postings_read(&postings, buf_bytes(&view));
        while (status == STATUS_OK && postings_next(&postings, &token, &places))
            continue;
        if (status == STATUS_OK)
            status = buf_status(&postings.places);
        (void)fail_memory_out(); /* it counted */
        is_done = !fail_memory_stop();
        assert_int_equal(status, is_done ? STATUS_OK : STATUS_NO_MEMORY);
        postings_deinit(&postings);
    }
    assert_true(failures > 4);
    buf_deinit(&view);
}

/* --- queries --- */

static bool stands(struct buf *view, const char *words)
{
    struct query query;
    struct postings postings = {0};
    struct bytes token, found, places[QUERY_TOKENS_MAX] = {{0}};
    struct buf copies[QUERY_TOKENS_MAX] = {{0}};
    assert_int_equal(query_parse(&query, bytes_str(words), NULL), STATUS_OK);
    assert_int_equal(postings_read(&postings, buf_bytes(view)), STATUS_OK);
    while (postings_next(&postings, &token, &found))
        for (uint32_t i = 0; i < query.tokens_len; i++)
            if (bytes_equal(token, bytes_of(query.tokens[i].text, query.tokens[i].len)))
                buf_add(&copies[i], found.data, found.len);
    for (uint32_t i = 0; i < query.tokens_len; i++)
        places[i] = buf_bytes(&copies[i]);
    bool is_found = query_stands(&query, places);
    for (uint32_t i = 0; i < query.tokens_len; i++)
        buf_deinit(&copies[i]);
    postings_deinit(&postings);
    return is_found;
}

static void a_word_stands_where_its_tokens_stand_side_by_side(void **state)
{
    static const struct {
        const char *words;
        bool is_found;
    } rows[] = {
        {"沟", true},     {"水沟", true},       {"沟水", true},
        {"水水", false},  {"水沟水沟", true},   {"沟水沟边", false},
        {"水 边", true},  {"水 龘", false},     {"水边", false},
        {"PUMP", true},   {"沟 pump 水", true}, {"　沟　边 ", true},
        {"沟，边", true}, {"pump水", false},    {"龘", false},
    };
    struct buf view = {0};
    (void)state;
    notes(&view, "水沟水沟 pump", "沟边");
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        if (stands(&view, rows[i].words) != rows[i].is_found)
            fail_msg("%s", rows[i].words);
    buf_deinit(&view);
}

static void nothing_and_too_much_are_no_query(void **state)
{
    struct query query;
    struct err err = {0};
    char text[3 * (QUERY_TOKENS_MAX + 1) + 1] = {0};
    (void)state;
    for (int i = 0; i <= QUERY_TOKENS_MAX; i++)
        memcpy(text + 3 * i, "水", 3);
    assert_int_equal(query_parse(&query, bytes_str(text), &err), STATUS_INVALID);
    text[3 * QUERY_TOKENS_MAX] = '\0';
    assert_int_equal(query_parse(&query, bytes_str(text), &err), STATUS_OK);
    assert_int_equal(query.words_len, 1);
    assert_int_equal(query_parse(&query, bytes_str(" ！ 。"), &err), STATUS_INVALID);
    assert_int_equal(query_parse(&query, bytes_str(""), &err), STATUS_INVALID);
}

static void assert_line(const char *words, const char *first, const char *second,
                        const char *wanted)
{
    struct buf view = {0};
    struct query query;
    struct snippet snippet = {0};
    notes(&view, first, second);
    assert_int_equal(query_parse(&query, bytes_str(words), NULL), STATUS_OK);
    assert_int_equal(query_snippet(&query, buf_bytes(&view), &snippet), STATUS_OK);
    buf_add_u8(&snippet.line, '\0');
    assert_string_equal((const char *)snippet.line.data, wanted);
    buf_deinit(&snippet.line);
    buf_deinit(&view);
}

static void a_line_around_the_first_word_is_cut_between_characters(void **state)
{
#define TEN "一二三四五六七八九十"
#define LONG "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz"
    (void)state;
    assert_line("水沟", "先修路", "再修水沟", "再修水沟");
    assert_line("水沟 先", "水渠，水沟。", "先", "水渠，水沟。");
    assert_line("水沟", TEN TEN "水沟" TEN TEN TEN TEN TEN TEN, "",
                "…五六七八九十" TEN "水沟" TEN TEN TEN TEN "一二…");
    assert_line("龘", "水", "沟", "");
    /* What was searched for is shown whole. */
    assert_line(LONG LONG, LONG LONG " end", "", LONG LONG "…");
    /* The end of one text is not the beginning of the next. */
    assert_line("水沟", "水", "沟", "");
    assert_line("水沟", "水渠", "", "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_people_wrote_in_a_case_may_be_searched),
        cmocka_unit_test(the_walk_ends_where_it_is_told_to),
        cmocka_unit_test(what_is_withheld_or_unknown_is_passed_over),
        cmocka_unit_test(
            clauses_are_searched_with_their_numbers_and_what_is_no_pair_is_not),
        cmocka_unit_test(nothing_of_a_case_of_a_minor_may_be_searched),
        cmocka_unit_test(each_token_has_its_places_and_between_two_texts_one_is_left_out),
        cmocka_unit_test(a_view_without_texts_has_no_postings),
        cmocka_unit_test(places_far_apart_take_more_bytes),
        cmocka_unit_test(places_that_are_none_come_to_an_end),
        cmocka_unit_test(I14_each_allocation_that_fails_is_said),
        cmocka_unit_test(a_word_stands_where_its_tokens_stand_side_by_side),
        cmocka_unit_test(nothing_and_too_much_are_no_query),
        cmocka_unit_test(a_line_around_the_first_word_is_cut_between_characters),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
