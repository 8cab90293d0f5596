#include "tests/unit/sample/sample_parts.h"

#include "packaging/sample/dice.h"
#include "packaging/sample/grammar.h"
#include "packaging/sample/lexicon.h"
#include "packaging/sample/placename.h"
#include "packaging/sample/sample_args.h"
#include "packaging/sample/sample_csv.h"
#include "packaging/sample/sample_date.h"
#include "packaging/sample/sample_text.h"
#include "packaging/sample/spread.h"
#include "packaging/sample/story.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { THROWS = 20000, STORY_TELLINGS = 150 };

static void dice_throw_what_the_published_generator_throws(void **state)
{
    struct dice dice = {{1, 2, 3, 4}};

    /* The first outputs of xoshiro256** from the state 1, 2, 3, 4. */
    assert_true(dice_next(&dice) == UINT64_C(11520));
    assert_true(dice_next(&dice) == UINT64_C(0));
    assert_true(dice_next(&dice) == UINT64_C(1509978240));
    assert_true(dice_next(&dice) == UINT64_C(1215971899390074240));
}

static void dice_throw_every_side_about_as_often(void **state)
{
    struct dice dice;
    uint32_t sides[6] = {0};

    dice_init(&dice, 1, 1);
    for (size_t i = 0; i < THROWS * 6; i++)
        sides[dice_below(&dice, 6)]++;

    for (size_t i = 0; i < 6; i++)
        assert_in_range(sides[i], THROWS * 96 / 100, THROWS * 104 / 100);
}

static void days_to_close_follow_the_log_normal_of_libm(void **state)
{
    double sigma = log(28.0 / 6.0) / 1.6448536269514722;

    /* The last entry takes the tail and is the whole. */
    for (size_t i = 0; i < SPREAD_DAYS_MAX; i++) {
        double z = log(((double)i + 0.5) / 6.0) / sigma;
        double within = 0.5 * erfc(-z / sqrt(2.0)) * SPREAD_DAYS_SCALE;

        assert_true(fabs(within - (double)spread_days_within(i)) < 1.0);
    }
    assert_int_equal(spread_days_within(SPREAD_DAYS_MAX), SPREAD_DAYS_SCALE);
}

static void disputes_have_mean_fifteen_and_dispersion_two(void **state)
{
    struct dice dice;
    double sum = 0.0, squares = 0.0, mean, variance;

    dice_init(&dice, 2, 2);
    for (size_t i = 0; i < THROWS; i++) {
        double count = spread_disputes(&dice);

        sum += count;
        squares += count * count;
    }
    mean = sum / THROWS;
    variance = squares / THROWS - mean * mean;

    /* Variance of the negative binomial: mean + mean^2 / dispersion = 127.5. */
    assert_true(fabs(mean - 15.0) < 0.3);
    assert_true(fabs(variance - 127.5) < 8.0);
}

static bool tell(const char *template, struct sample_text *out)
{
    struct dice dice;
    struct grammar grammar;

    dice_init(&dice, 3, 3);
    grammar_init(&grammar, &dice);
    grammar_slot_add(&grammar, "甲", "李某");
    sample_text_clear(out);
    return grammar_expand(&grammar, template, out);
}

static void grammar_refuses_a_malformed_template(void **state)
{
    static const char *const templates[] = {
        "{一|二",    "一}",
        "一|二",     "<甲",
        "<没有>",    "<>",
        "<a>",       "<9~3>",
        "<a=1~5/0>", "<a=1~>",
        "<1~2~3>",   "<ab=1~2>",
        ">",         "{1:一|二}{1:一|二|三}",
        "<1-2>",
    };
    struct sample_text text;

    for (size_t i = 0; i < sizeof(templates) / sizeof(templates[0]); i++)
        assert_false(tell(templates[i], &text));
}

static void grammar_keeps_labelled_choices_and_numbers(void **state)
{
    struct dice dice;

    for (uint64_t seed = 0; seed < 100; seed++) {
        struct grammar grammar;
        struct sample_text text;

        dice_init(&dice, seed, 0);
        grammar_init(&grammar, &dice);
        sample_text_clear(&text);
        assert_true(grammar_expand(&grammar, "{1:a|b|c}<n=1~9>{1:a|b|c}<n>", &text));

        assert_int_equal(text.len, 4);
        assert_memory_equal(text.bytes, text.bytes + 2, 2);
    }
}

static void text_that_does_not_fit_is_dropped_and_noticed(void **state)
{
    static char long_text[SAMPLE_TEXT_SIZE + 1];
    struct sample_text text;

    memset(long_text, 'x', SAMPLE_TEXT_SIZE);

    assert_false(tell(long_text, &text));
    assert_int_equal(text.len, 0);
    long_text[SAMPLE_TEXT_SIZE - 1] = '\0';
    assert_true(tell(long_text, &text));
    assert_int_equal(text.len, SAMPLE_TEXT_SIZE - 1);
}

static size_t told_chars(struct grammar *grammar, const char *template)
{
    struct sample_text text;

    sample_text_clear(&text);
    assert_true(grammar_expand(grammar, template, &text));
    return sample_text_chars(text.bytes);
}

static void tell_story(const struct story *story, uint64_t seed)
{
    static const char *const openings[] = {"<排查得知>", "<申请所述>", "<转来情况>"};
    struct dice dice;
    struct grammar grammar;

    dice_init(&dice, seed, 4);
    grammar_init(&grammar, &dice);
    grammar_slot_add(&grammar, "甲", "李某");
    grammar_slot_add(&grammar, "乙", "王某");
    grammar_slot_add(&grammar, "村", "枫源村");
    grammar_slot_add(&grammar, "组", "第一村民小组");
    grammar_slot_add(&grammar, "开头", openings[seed % 3]);
    assert_in_range(told_chars(&grammar, story->narrative), STORY_NARRATIVE_MIN,
                    STORY_NARRATIVE_MAX);
    assert_in_range(told_chars(&grammar, story->title), 1, STORY_TITLE_MAX);
    assert_in_range(told_chars(&grammar, story->context), STORY_CONTEXT_MIN,
                    STORY_CONTEXT_MAX);
    assert_in_range(told_chars(&grammar, story->agreement), 10, 200);
}

static void every_story_can_be_told_within_its_limits(void **state)
{
    for (size_t i = 0; i < STORY_CATEGORIES; i++) {
        const struct story_category *category = story_category(i);

        assert_true(category->table->count >= 3);
        for (size_t j = 0; j < category->table->count; j++) {
            for (uint64_t seed = 0; seed < STORY_TELLINGS; seed++)
                tell_story(&category->table->stories[j], seed);
        }
    }
}

static void every_category_has_a_story_for_every_month(void **state)
{
    struct dice dice;

    dice_init(&dice, 5, 5);
    for (size_t i = 0; i < STORY_CATEGORIES; i++) {
        for (uint32_t month = 1; month <= 12; month++)
            assert_non_null(story_throw(&dice, story_category(i), month));
    }
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(a, b);
}

static void no_two_villages_have_the_same_name(void **state)
{
    char(*names)[PLACENAME_SIZE] = calloc(PLACENAMES_MAX, sizeof(*names));

    assert_non_null(names);
    for (uint32_t i = 0; i < PLACENAMES_MAX; i++)
        placename_format(i, names[i]);
    assert_string_equal(names[0], "枫源村");
    qsort(names, PLACENAMES_MAX, sizeof(*names), compare_names);

    for (size_t i = 1; i < PLACENAMES_MAX; i++)
        assert_string_not_equal(names[i - 1], names[i]);
    free(names);
}

static void dates_cover_the_year_to_its_last_minute(void **state)
{
    char date[SAMPLE_DATE_SIZE];

    sample_date_format(0, date);
    assert_string_equal(date, "2025-01-01");
    sample_date_format(59, date);
    assert_string_equal(date, "2025-03-01");
    sample_date_format_minute(364, 24 * 60 - 1, date);
    assert_string_equal(date, "2025-12-31T23:59");
}

static void csv_quotes_what_would_break_a_row(void **state)
{
    static const char *const fields[] = {"村", "a,b", "说\"好\"", "两\n行", ""};
    char *text = NULL;
    size_t len = 0;
    FILE *out = open_memstream(&text, &len);

    assert_non_null(out);
    sample_csv_row(out, fields, 5);
    assert_int_equal(fclose(out), 0);

    assert_string_equal(text, "村,\"a,b\",\"说\"\"好\"\"\",\"两\n行\",\n");
    free(text);
}

static enum sample_args_wish parse(struct sample_args *args, const char *const *words)
{
    char storage[8][64];
    char *argv[8];
    int argc = 0;

    for (; words[argc] != NULL; argc++) {
        (void)snprintf(storage[argc], sizeof(storage[argc]), "%s", words[argc]);
        argv[argc] = storage[argc];
    }
    return sample_args_parse(args, argc, argv);
}

static void arguments_out_of_range_or_unknown_are_refused(void **state)
{
    static const char *const wrong[][6] = {
        {"x", NULL},
        {"x", "--seed", "1", NULL},
        {"x", "--villages", "1", NULL},
        {"x", "--villages", NULL},
        {"x", "--villages", "0", "--seed", "1", NULL},
        {"x", "--villages", "100001", "--seed", "1", NULL},
        {"x", "--villages", "-1", "--seed", "1", NULL},
        {"x", "--villages", "1x", "--seed", "1", NULL},
        {"x", "--villages", "", "--seed", "1", NULL},
        {"x", "--villages", "1", "--seed", "18446744073709551616", NULL},
        {"x", "--towns", "1", "--seed", "1", NULL},
        {"x", "1", NULL},
    };
    struct sample_args args;

    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        assert_int_equal(parse(&args, wrong[i]), SAMPLE_ARGS_WRONG);
        assert_true(args.error[0] != '\0');
    }
}

static void arguments_at_their_limits_are_taken(void **state)
{
    static const char *const most[] = {"x",      "--villages",           "100000",
                                       "--seed", "18446744073709551615", NULL};
    static const char *const help[] = {"x", "--help", NULL};
    struct sample_args args;

    assert_int_equal(parse(&args, most), SAMPLE_ARGS_RUN);
    assert_int_equal(args.villages, 100000);
    assert_true(args.seed == UINT64_MAX);
    assert_int_equal(parse(&args, help), SAMPLE_ARGS_HELP);
    assert_non_null(strstr(sample_args_usage, "Example:"));
}

int sample_parts_run(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dice_throw_what_the_published_generator_throws),
        cmocka_unit_test(dice_throw_every_side_about_as_often),
        cmocka_unit_test(days_to_close_follow_the_log_normal_of_libm),
        cmocka_unit_test(disputes_have_mean_fifteen_and_dispersion_two),
        cmocka_unit_test(grammar_refuses_a_malformed_template),
        cmocka_unit_test(grammar_keeps_labelled_choices_and_numbers),
        cmocka_unit_test(text_that_does_not_fit_is_dropped_and_noticed),
        cmocka_unit_test(every_story_can_be_told_within_its_limits),
        cmocka_unit_test(every_category_has_a_story_for_every_month),
        cmocka_unit_test(no_two_villages_have_the_same_name),
        cmocka_unit_test(dates_cover_the_year_to_its_last_minute),
        cmocka_unit_test(csv_quotes_what_would_break_a_row),
        cmocka_unit_test(arguments_out_of_range_or_unknown_are_refused),
        cmocka_unit_test(arguments_at_their_limits_are_taken),
    };

    return cmocka_run_group_tests_name("sample parts", tests, NULL, NULL);
}
