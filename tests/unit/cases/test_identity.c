/* Identity numbers and phones: what is taken, how it is written, and what becomes of it
 * in a case. */
#include "town.h"

#include <string.h>

#include "crypto/envelope.h"
#include "node/cases/disclosure.h"
#include "node/cases/identity.h"

#define NUMBER "11010519491231002X"

static int begin(void **state)
{
    static struct town town;
    town_init(&town, 81);
    *state = &town;
    return 0;
}

static int end(void **state)
{
    town_deinit(*state);
    return 0;
}

static struct identity identity_of(const char *number, const char *phone)
{
    return (struct identity){bytes_str(number), bytes_str(phone)};
}

static void sound_ones_are_taken(void **state)
{
    static const char *const rows[][2] = {
        {NUMBER, ""},
        {"", "138 0000 0000"},
        {NUMBER, "+86-10-12345678"},
        {"", "12345"},
        {"440524188001010014", "120-12"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct identity identity = identity_of(rows[i][0], rows[i][1]);
        assert_int_equal(identity_check(&identity, NULL), STATUS_OK);
    }
}

static void others_are_refused_with_what_is_wrong(void **state)
{
    static const struct {
        const char *number, *phone, *word;
    } rows[] = {
        {"", "", "what is to be kept"},
        {"1101051949123100", "", "18 characters"},
        {"1101051949123100222", "", "18 characters"},
        {"11010519491231002x", "", "does not fit"},
        {"110105194912310021", "", "does not fit"},
        {"110105194902300021", "", "day of birth"},
        {"1101A519491231002X", "", "17 digits"},
        {"1101 519491231002X", "", "17 digits"},
        {"", "1234", "phone"},
        {"", "123-4", "phone"},
        {"", "abcde12345", "phone"},
        {"", "1234+5678", "phone"},
        {"", "-12345", "phone"},
        {"", "1234567890123456789012345", "phone"},
        {NUMBER, "张某的电话", "phone"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct identity identity = identity_of(rows[i].number, rows[i].phone);
        struct err err = {0};
        assert_int_equal(identity_check(&identity, &err), STATUS_INVALID);
        assert_non_null(strstr(err.text, rows[i].word));
    }
}

static void what_was_written_is_read_again_and_its_length_says_nothing(void **state)
{
    static const char *const rows[][2] = {{NUMBER, ""},
                                          {"", "138 0000 0000"},
                                          {NUMBER, "+86 10 1234 5678 9012 34"},
                                          {"", ""}};
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char text[IDENTITY_TEXT_MAX];
        struct identity identity = identity_of(rows[i][0], rows[i][1]), again;

        size_t len = identity_write(text, &identity, 7);
        identity_read(&again, bytes_of(text, len));

        assert_int_equal(len, IDENTITY_TEXT_MIN + 7);
        assert_true(bytes_equal(again.number, identity.number));
        assert_true(bytes_equal(again.phone, identity.phone));
    }
}

static void another_text_holds_nothing(void **state)
{
    static const char *const texts[] = {"", "\n", "id-number", "phon\n", "mail a@b\n"};
    (void)state;
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        struct identity identity;
        identity_read(&identity, bytes_str(texts[i]));
        assert_int_equal(identity.number.len + identity.phone.len, 0);
    }
}

/* --- in a case --- */

static const struct op *keep_identity(struct town *town, struct log *log,
                                      const char *party)
{
    static const char sealed[] = "sealed, whatever it is";
    struct op *op = log_begin(town, log, VILLAGE, "identity");
    story_put(op, "party", story_text(town->story, party));
    story_put(op, "sealed", story_bin(town->story, sealed, sizeof(sealed)));
    return log_seal(town, log, op, &town->sites[VILLAGE].mediator);
}

static bool contains(struct bytes bytes, const char *text)
{
    return memmem(bytes.data, bytes.len, text, strlen(text)) != NULL;
}

static void the_view_says_that_there_is_one_and_does_not_hold_it(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    struct fold_result result;
    town_case(town, &log);
    const struct op *op = keep_identity(town, &log, "张某");

    town_fold(town, &log, &result);

    assert_int_equal(fold_effect_of(&result, &op->id), EFFECT_YES);
    assert_int_equal(view_map_count(buf_bytes(&result.view), "identities"), 1);
    assert_false(contains(buf_bytes(&result.view), "sealed, whatever"));
    fold_result_deinit(&result);
}

static void one_that_was_erased_is_not_listed(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    struct fold_result result;
    town_case(town, &log);
    const struct op *op = keep_identity(town, &log, "张某");
    keep_identity(town, &log, "李某");
    log.ops[1] = story_withhold(town->story, op, 0);

    town_fold(town, &log, &result);

    assert_int_equal(fold_effect_of(&result, &op->id), EFFECT_YES);
    assert_int_equal(view_map_count(buf_bytes(&result.view), "identities"), 1);
    fold_result_deinit(&result);
}

static void nothing_of_it_may_be_shown_to_another_site(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    town_case(town, &log);
    const struct op *op = keep_identity(town, &log, "张某");
    assert_int_equal(disclosure_mask(op, CLASS_ALL), 0);
    assert_string_equal(disclosure_class_text(CLASS_SEALED), "sealed");
}

static void of_a_minor_none_is_kept(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    struct op *op = log_begin(town, &log, VILLAGE, "case-new");
    story_put(op, "number", story_text(town->story, "2026-0001"));
    story_put(op, "category", story_text(town->story, "未成年人"));
    story_put(op, "title", story_text(town->story, "课间争执"));
    story_put(op, "narrative", story_text(town->story, "两个孩子起了争执"));
    story_put(op, "minor", story_flag(town->story, true));
    log_seal(town, &log, op, &town->sites[VILLAGE].mediator);

    const struct op *kept = keep_identity(town, &log, "child");

    assert_int_equal(town_effect(town, &log, kept), EFFECT_NOT_OF_MINOR);
}

static void who_looked_is_a_steward_and_stands_in_the_case(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    town_case(town, &log);
    keep_identity(town, &log, "张某");

    const struct op *mediator = town_say(town, &log, VILLAGE, "identity-shown", "party",
                                         "张某", &town->sites[VILLAGE].mediator);
    const struct op *steward = town_say(town, &log, VILLAGE, "identity-shown", "party",
                                        "张某", &town->sites[VILLAGE].steward);

    assert_int_equal(town_effect(town, &log, mediator), EFFECT_NO_RIGHT);
    assert_int_equal(town_effect(town, &log, steward), EFFECT_YES);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sound_ones_are_taken),
        cmocka_unit_test(others_are_refused_with_what_is_wrong),
        cmocka_unit_test(what_was_written_is_read_again_and_its_length_says_nothing),
        cmocka_unit_test(another_text_holds_nothing),
        TEST(the_view_says_that_there_is_one_and_does_not_hold_it),
        TEST(one_that_was_erased_is_not_listed),
        TEST(nothing_of_it_may_be_shown_to_another_site),
        TEST(of_a_minor_none_is_kept),
        TEST(who_looked_is_a_steward_and_stands_in_the_case),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
