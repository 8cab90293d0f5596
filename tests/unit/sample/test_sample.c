/*
 * The sample county as a whole: what is written, read back and counted.
 */
#include "packaging/sample/county.h"
#include "packaging/sample/lexicon.h"
#include "packaging/sample/sample_text.h"
#include "packaging/sample/story.h"
#include "tests/unit/sample/sample_parts.h"
#include "tests/unit/sample/sample_rows.h"

#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* 1,400 villages are about 21,000 cases. */
enum { VILLAGES = 1400, CASES_MIN = 20000, SEED = 7 };

enum case_field {
    VILLAGE,
    NUMBER,
    OPENED,
    CATEGORY,
    TITLE,
    NARRATIVE,
    CONTEXT,
    PARTY1,
    ROLE1,
    PARTY2,
    ROLE2,
    FOUND_BY,
    FATE,
    CLOSED,
    OUTCOME,
    CASE_FIELDS
};

enum event_field { OF_VILLAGE, OF_NUMBER, AT, KIND, AUTHOR, TEXT, EVENT_FIELDS };

struct text {
    char *bytes;
    size_t len;
};

/* Written once for all tests that only read. */
static struct text county_cases, county_events;

static void write_texts(uint32_t villages, uint64_t seed, struct text *cases,
                        struct text *events)
{
    FILE *out = open_memstream(&cases->bytes, &cases->len);
    FILE *out_events = NULL;

    assert_non_null(out);
    if (events != NULL) {
        out_events = open_memstream(&events->bytes, &events->len);
        assert_non_null(out_events);
    }
    assert_true(county_write(villages, seed, out, out_events));
    assert_int_equal(fclose(out), 0);
    if (out_events != NULL)
        assert_int_equal(fclose(out_events), 0);
}

static int write_county_once(void **state)
{
    write_texts(VILLAGES, SEED, &county_cases, &county_events);
    return 0;
}

static int free_county(void **state)
{
    free(county_cases.bytes);
    free(county_events.bytes);
    return 0;
}

/* FNV-1a, 64 bits. */
static uint64_t fingerprint(const struct text *text)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);

    for (size_t i = 0; i < text->len; i++)
        hash = (hash ^ (unsigned char)text->bytes[i]) * UINT64_C(0x100000001b3);
    return hash;
}

static void same_seed_writes_the_same_bytes(void **state)
{
    struct text cases, events;

    write_texts(VILLAGES, SEED, &cases, &events);

    assert_int_equal(cases.len, county_cases.len);
    assert_memory_equal(cases.bytes, county_cases.bytes, cases.len);
    assert_int_equal(events.len, county_events.len);
    assert_memory_equal(events.bytes, county_events.bytes, events.len);
    free(cases.bytes);
    free(events.bytes);
}

/* Fails on a machine that writes other bytes, and after every change of a word or a
 * number: then look at the new county and write its fingerprints here. */
static void every_machine_writes_the_bytes_known_from_the_first(void **state)
{
    assert_int_equal(fingerprint(&county_cases), UINT64_C(0xe26d108598e840dd));
    assert_int_equal(fingerprint(&county_events), UINT64_C(0xe6b3aa14d3edb2a6));
}

static void another_seed_writes_other_bytes(void **state)
{
    struct text one, two;

    write_texts(5, 1, &one, NULL);
    write_texts(5, 2, &two, NULL);

    assert_string_not_equal(one.bytes, two.bytes);
    free(one.bytes);
    free(two.bytes);
}

static void villages_do_not_depend_on_how_many_follow(void **state)
{
    struct text few;

    write_texts(30, SEED, &few, NULL); /* Nor on whether events are written. */

    assert_true(few.len < county_cases.len);
    assert_memory_equal(few.bytes, county_cases.bytes, few.len);
    free(few.bytes);
}

static void full_disk_is_reported(void **state)
{
    FILE *full = fopen("/dev/full", "w");

    if (full == NULL)
        skip();
    assert_false(county_write(2, SEED, full, NULL));

    assert_int_equal(errno, ENOSPC);
    (void)fclose(full); /* Fails as it should. */
}

static void skip_header(struct sample_rows *rows, const struct text *text,
                        const char *header)
{
    size_t len = strlen(header);

    assert_true(text->len > len);
    assert_memory_equal(text->bytes, header, len);
    assert_int_equal(text->bytes[len], '\n');
    sample_rows_init(rows, text->bytes + len + 1, text->len - len - 1);
}

static void header_rows_are_those_of_the_format(void **state)
{
    assert_string_equal(county_cases_header,
                        "village,number,opened,category,title,narrative,context,"
                        "party1,role1,party2,role2,found_by,fate,closed,outcome");
    assert_string_equal(county_events_header, "village,number,at,kind,author,text");
}

static bool is_date(const char *text)
{
    return strlen(text) == 10 && strncmp(text, "2025-", 5) == 0 && text[7] == '-' &&
           strspn(text, "0123456789-") == 10;
}

static bool is_one_of(const char *word, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(word, words[i]) == 0)
            return true;
    }
    return false;
}

static void every_line_parses_back(void **state)
{
    static const char *const found[] = {"mediator", "applied", "referred"};
    static const char *const fates[] = {"village", "township", "county"};
    static const char *const outcomes[] = {"oral", "written", "confirmed", "unsettled"};
    static struct sample_row row;
    struct sample_rows rows;
    size_t count = 0;

    skip_header(&rows, &county_cases, county_cases_header);
    for (; sample_rows_next(&rows, &row); count++) {
        const char *const *f = row.fields;

        assert_int_equal(row.count, CASE_FIELDS);
        assert_int_equal(strlen(f[NUMBER]), 9);
        assert_true(is_date(f[OPENED]));
        assert_string_equal(f[ROLE1], "applicant");
        assert_string_equal(f[ROLE2], "respondent");
        assert_true(is_one_of(f[FOUND_BY], found, 3));
        assert_true(is_one_of(f[FATE], fates, 3));
        assert_int_equal(f[CLOSED][0] == '\0', f[OUTCOME][0] == '\0');
        if (f[CLOSED][0] == '\0')
            continue;
        assert_true(is_date(f[CLOSED]));
        assert_true(strcmp(f[OPENED], f[CLOSED]) <= 0);
        assert_true(is_one_of(f[OUTCOME], outcomes, 4));
    }
    assert_false(rows.failed);
    assert_true(count >= CASES_MIN);
}

/* Surname and 某: two characters of three bytes, from the lexicon. */
static bool is_alias(const char *text)
{
    for (size_t i = 0; i < LEXICON_SURNAMES; i++) {
        if (strncmp(text, lexicon_person(i), 6) == 0)
            return true;
    }
    return false;
}

/* Every 某 belongs to an alias, and no number is long enough for a telephone. */
static void check_anonymous(const char *text)
{
    for (const char *at = text; (at = strstr(at, "某")) != NULL; at += 3) {
        assert_true(at >= text + 3);
        assert_true(is_alias(at - 3));
    }
    for (const char *at = text; *at != '\0'; at++)
        assert_true(strspn(at, "0123456789") < 7);
}

static void no_party_is_other_than_surname_and_mou(void **state)
{
    static struct sample_row row;
    struct sample_rows rows;

    skip_header(&rows, &county_cases, county_cases_header);
    while (sample_rows_next(&rows, &row)) {
        assert_int_equal(strlen(row.fields[PARTY1]), 6);
        assert_int_equal(strlen(row.fields[PARTY2]), 6);
        assert_true(is_alias(row.fields[PARTY1]));
        assert_true(is_alias(row.fields[PARTY2]));
        assert_string_not_equal(row.fields[PARTY1], row.fields[PARTY2]);
        check_anonymous(row.fields[TITLE]);
        check_anonymous(row.fields[NARRATIVE]);
        check_anonymous(row.fields[CONTEXT]);
    }
}

static void lengths_stay_within_their_limits(void **state)
{
    static struct sample_row row;
    struct sample_rows rows;

    skip_header(&rows, &county_cases, county_cases_header);
    while (sample_rows_next(&rows, &row)) {
        assert_in_range(sample_text_chars(row.fields[TITLE]), 1, STORY_TITLE_MAX);
        assert_in_range(sample_text_chars(row.fields[NARRATIVE]), STORY_NARRATIVE_MIN,
                        STORY_NARRATIVE_MAX);
        assert_in_range(sample_text_chars(row.fields[CONTEXT]), STORY_CONTEXT_MIN,
                        STORY_CONTEXT_MAX);
    }
}

/* Of the rows with anything in `among`, those with `word` in `field`. */
struct share {
    enum case_field field;
    const char *word;
    enum case_field among;
    double wanted_percent;
    double tolerance_percent;
    size_t hits;
    size_t all;
};

static void count_shares(struct share *shares, size_t count)
{
    static struct sample_row row;
    struct sample_rows rows;

    skip_header(&rows, &county_cases, county_cases_header);
    while (sample_rows_next(&rows, &row)) {
        for (size_t i = 0; i < count; i++) {
            shares[i].all += row.fields[shares[i].among][0] != '\0';
            shares[i].hits += strcmp(row.fields[shares[i].field], shares[i].word) == 0;
        }
    }
}

static void check_shares(struct share *shares, size_t count)
{
    count_shares(shares, count);
    for (size_t i = 0; i < count; i++) {
        double got = 100.0 * (double)shares[i].hits / (double)shares[i].all;

        if (fabs(got - shares[i].wanted_percent) > shares[i].tolerance_percent)
            fail_msg("%s: %.2f %%, not %.2f within %.2f", shares[i].word, got,
                     shares[i].wanted_percent, shares[i].tolerance_percent);
    }
}

static void categories_follow_the_published_shares(void **state)
{
    struct share shares[STORY_CATEGORIES] = {0};

    for (size_t i = 0; i < STORY_CATEGORIES; i++) {
        const struct story_category *category = story_category(i);

        shares[i] = (struct share){
            CATEGORY, category->name, VILLAGE, category->share_percent, 1.0, 0, 0};
    }

    check_shares(shares, STORY_CATEGORIES);
}

static void origins_and_endings_follow_the_published_shares(void **state)
{
    struct share shares[] = {
        {FOUND_BY, "mediator", VILLAGE, 52.4, 1.2, 0, 0},
        {FOUND_BY, "applied", VILLAGE, 43.5, 1.2, 0, 0},
        {FOUND_BY, "referred", VILLAGE, 4.1, 0.5, 0, 0},
        {FATE, "village", VILLAGE, 82.0, 1.0, 0, 0},
        {FATE, "township", VILLAGE, 15.0, 1.0, 0, 0},
        {FATE, "county", VILLAGE, 3.0, 0.5, 0, 0},
        {OUTCOME, "unsettled", OUTCOME, 3.5, 0.5, 0, 0},
        {OUTCOME, "oral", OUTCOME, 96.5 * 0.45, 1.5, 0, 0},
        {OUTCOME, "confirmed", OUTCOME, 96.5 * 0.03, 0.5, 0, 0},
    };

    check_shares(shares, sizeof(shares) / sizeof(shares[0]));
}

static int compare_strings(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void hardly_two_narratives_are_the_same(void **state)
{
    static struct sample_row row;
    static char *narratives[CASES_MIN];
    struct sample_rows rows;
    size_t twins = 0;

    skip_header(&rows, &county_cases, county_cases_header);
    for (size_t i = 0; i < CASES_MIN; i++) {
        assert_true(sample_rows_next(&rows, &row));
        narratives[i] = strdup(row.fields[NARRATIVE]);
        assert_non_null(narratives[i]);
    }
    qsort(narratives, CASES_MIN, sizeof(narratives[0]), compare_strings);
    for (size_t i = 1; i < CASES_MIN; i++)
        twins += strcmp(narratives[i - 1], narratives[i]) == 0;
    for (size_t i = 0; i < CASES_MIN; i++)
        free(narratives[i]);

    assert_true(twins < CASES_MIN / 1000);
}

/* Marks of the grammar that were left over, and marks that do not follow each other. */
static void check_punctuation(const char *text)
{
    static const char *const wrong[] = {"。。", "，，", "，。", "。，", "：，", "，；",
                                        "；。", "、，", "：。", "；，", "，：", "。；"};

    assert_null(strpbrk(text, "{}<>|=~"));
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
        assert_null(strstr(text, wrong[i]));
}

static void no_text_has_leftover_marks_or_doubled_punctuation(void **state)
{
    static struct sample_row row;
    struct sample_rows rows;

    skip_header(&rows, &county_cases, county_cases_header);
    while (sample_rows_next(&rows, &row)) {
        check_punctuation(row.fields[TITLE]);
        check_punctuation(row.fields[NARRATIVE]);
        check_punctuation(row.fields[CONTEXT]);
    }
    skip_header(&rows, &county_events, county_events_header);
    while (sample_rows_next(&rows, &row))
        check_punctuation(row.fields[TEXT]);
}

/* The next case has `count` events, from its opening day to its closing day. */
static void check_events(struct sample_rows *events, struct sample_row *event,
                         const struct sample_row *of)
{
    char before[32] = "";
    size_t count = 0;
    bool more = event->count > 0;

    for (; more; more = sample_rows_next(events, event)) {
        const char *const *f = event->fields;

        assert_int_equal(event->count, EVENT_FIELDS);
        if (strcmp(f[OF_NUMBER], of->fields[NUMBER]) != 0 ||
            strcmp(f[OF_VILLAGE], of->fields[VILLAGE]) != 0)
            break;
        assert_true(strcmp(before, f[AT]) < 0);
        (void)snprintf(before, sizeof(before), "%s", f[AT]);
        if (count++ == 0) {
            assert_string_equal(f[KIND], "registered");
            assert_memory_equal(f[AT], of->fields[OPENED], 10);
        }
        assert_true(f[AUTHOR][0] != '\0');
        check_anonymous(f[TEXT]);
    }
    assert_in_range(count, 3, 12);
    if (of->fields[CLOSED][0] != '\0')
        assert_memory_equal(before, of->fields[CLOSED], 10);
}

static void every_case_has_three_to_twelve_events_in_order(void **state)
{
    static struct sample_row row, event;
    struct sample_rows rows, events;

    skip_header(&rows, &county_cases, county_cases_header);
    skip_header(&events, &county_events, county_events_header);
    assert_true(sample_rows_next(&events, &event));
    while (sample_rows_next(&rows, &row))
        check_events(&events, &event, &row);

    assert_false(events.failed);
    assert_true(events.at == events.end);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(same_seed_writes_the_same_bytes),
        cmocka_unit_test(every_machine_writes_the_bytes_known_from_the_first),
        cmocka_unit_test(another_seed_writes_other_bytes),
        cmocka_unit_test(villages_do_not_depend_on_how_many_follow),
        cmocka_unit_test(full_disk_is_reported),
        cmocka_unit_test(header_rows_are_those_of_the_format),
        cmocka_unit_test(every_line_parses_back),
        cmocka_unit_test(no_party_is_other_than_surname_and_mou),
        cmocka_unit_test(lengths_stay_within_their_limits),
        cmocka_unit_test(categories_follow_the_published_shares),
        cmocka_unit_test(origins_and_endings_follow_the_published_shares),
        cmocka_unit_test(hardly_two_narratives_are_the_same),
        cmocka_unit_test(no_text_has_leftover_marks_or_doubled_punctuation),
        cmocka_unit_test(every_case_has_three_to_twelve_events_in_order),
    };

    int failed = sample_parts_run();

    return failed + cmocka_run_group_tests_name("sample county", tests, write_county_once,
                                                free_county);
}
