/* `open`: a value that one site shows later to those who hold only its commitment. */
#include "town.h"

#include <string.h>

#include "node/cases/disclosure.h"

static int begin(void **state)
{
    static struct town town;
    town_init(&town, 63);
    *state = &town;
    return 0;
}

static int end(void **state)
{
    town_deinit(*state);
    return 0;
}

/* A record whose title this copy lacks. */
static const struct op *escalate_without_title(struct town *town, struct log *log)
{
    const struct op *full =
        town_escalate(town, log, "ask", &town->sites[VILLAGE].steward);
    log->ops[0] = story_withhold(
        town->story, full, disclosure_mask(full, CLASS_ALL & ~(uint32_t)CLASS_RECORD));
    return full;
}

static const struct op *open_of(struct town *town, struct log *log,
                                const struct id *target, const char *name,
                                struct bytes value, const uint8_t *salt)
{
    struct story *story = town->story;
    struct op *op = log_begin(town, log, VILLAGE, "open");
    story_put(op, "op", story_bin(story, target->bytes, ID_SIZE));
    story_put(op, "field", story_text(story, name));
    story_put(op, "value", story_bin(story, value.data, value.len));
    story_put(op, "salt", story_bin(story, salt, OP_SALT_SIZE));
    return log_seal(town, log, op, &town->sites[VILLAGE].steward);
}

static const struct op *open_field(struct town *town, struct log *log,
                                   const struct op *full, const char *name)
{
    const struct op_field *field = op_field(full, name);
    return open_of(town, log, &full->id, name, field->value, field->salt);
}

static bool shows_title(struct town *town, const struct log *log)
{
    struct fold_result result;
    struct bytes text;
    town_fold(town, log, &result);
    bool is_shown = view_text(buf_bytes(&result.view), "title", &text);
    fold_result_deinit(&result);
    return is_shown;
}

static void nobody_opens_what_is_not_here(void **state)
{
    static const struct id nowhere = {{7, 7}};
    struct town *town = *state;
    struct log log = {0};
    const struct op *full = escalate_without_title(town, &log);
    const struct op_field *title = op_field(full, "case.title");

    const struct op *op =
        open_of(town, &log, &nowhere, "case.title", title->value, title->salt);

    assert_int_equal(town_effect(town, &log, op), EFFECT_WRONG_OPENING);
    assert_false(shows_title(town, &log));
}

static void nobody_opens_what_a_stranger_wrote(void **state)
{
    static const struct id nowhere = {{7, 7}};
    struct town *town = *state;
    struct log log = {0};
    escalate_without_title(town, &log);
    struct op *strange = story_begin(town->story, "advise");
    assert_int_equal(op_add_authority(strange, &nowhere), STATUS_OK);
    story_after(strange, log.ops[0]);
    story_put(strange, "text", story_text(town->story, "先修沟"));
    log_seal(town, &log, strange, &town->sites[TOWNSHIP].desk);

    const struct op *op = open_field(town, &log, strange, "text");

    assert_int_equal(town_effect(town, &log, op), EFFECT_WRONG_OPENING);
}

static void one_of_two_openings_shows_the_field_it_names(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    const struct op *full = escalate_without_title(town, &log);

    open_field(town, &log, full, "reason");
    assert_false(shows_title(town, &log));
    open_field(town, &log, full, "case.title");

    assert_true(shows_title(town, &log));
}

static void an_opening_shows_the_op_it_names_and_no_other(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    escalate_without_title(town, &log);
    const struct op *full = town_say(town, &log, VILLAGE, "permit", "text", "可以",
                                     &town->sites[VILLAGE].steward);
    log.ops[1] = story_withhold(town->story, full, 0);

    const struct op *op = open_field(town, &log, full, "text");

    assert_int_equal(town_effect(town, &log, op), EFFECT_YES);
    assert_false(shows_title(town, &log));
}

static void an_opening_that_is_itself_withheld_has_effect_and_shows_nothing(void **state)
{
    static const char *const fields[] = {"value", "salt"};
    struct town *town = *state;
    for (int i = 0; i < 2; i++) {
        struct log log = {0};
        const struct op *full = escalate_without_title(town, &log);
        const struct op *op = open_field(town, &log, full, "case.title");
        assert_true(shows_title(town, &log));

        uint32_t show = 0;
        for (uint32_t k = 0; k < op->fields_len; k++)
            if (!bytes_equal_str(op->fields[k].name, fields[i]))
                show |= 1u << k;
        log.ops[1] = story_withhold(town->story, op, show);

        assert_int_equal(town_effect(town, &log, op), EFFECT_YES);
        assert_false(shows_title(town, &log));
    }
}

static void a_bad_value_that_is_opened_stays_unread(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    const struct op *good =
        town_escalate(town, &(struct log){0}, "ask", &town->sites[VILLAGE].steward);
    struct op *full = log_begin(town, &log, VILLAGE, "escalate");
    memcpy(full->fields, good->fields, sizeof(full->fields));
    full->fields_len = good->fields_len;
    for (uint32_t i = 0; i < full->fields_len; i++)
        if (bytes_equal_str(full->fields[i].name, "case.title"))
            full->fields[i].value = story_uint(town->story, 7);
    log_seal(town, &log, full, &town->sites[VILLAGE].steward);
    log.ops[0] = story_withhold(
        town->story, full, disclosure_mask(full, CLASS_ALL & ~(uint32_t)CLASS_RECORD));

    const struct op *op = open_field(town, &log, full, "case.title");

    assert_int_equal(town_effect(town, &log, op), EFFECT_YES);
    assert_false(shows_title(town, &log));
}

/* --- who is shown an opening --- */

static bool is_shown_to(const struct op *op, uint32_t classes, const char *name)
{
    uint32_t mask = disclosure_mask(op, classes);
    for (uint32_t i = 0; i < op->fields_len; i++)
        if (bytes_equal_str(op->fields[i].name, name))
            return (mask >> i) & 1;
    fail_msg("there is no field %s", name);
    return false;
}

static void
what_an_opening_of_nobody_knows_what_brings_is_for_those_who_see_all(void **state)
{
    static const char *const names[] = {"horoscope", "value"};
    struct town *town = *state;
    for (int i = 0; i < 2; i++) {
        struct log log = {0};
        const struct op *full = escalate_without_title(town, &log);
        const struct op_field *title = op_field(full, "case.title");
        const struct op *op =
            open_of(town, &log, &full->id, names[i], title->value, title->salt);

        assert_false(is_shown_to(op, CLASS_ALL & ~(uint32_t)CLASS_TALK, "value"));
        assert_true(is_shown_to(op, CLASS_ALL, "value"));
    }
}

static void an_opening_that_hides_what_it_opens_is_for_those_who_see_all(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    const struct op *full = escalate_without_title(town, &log);
    const struct op *op = open_field(town, &log, full, "case.title");
    assert_true(is_shown_to(op, CLASS_RECORD, "value"));

    const struct op *hiding = story_withhold(town->story, op, ~1u); /* field */

    assert_false(is_shown_to(hiding, CLASS_RECORD, "value"));
    assert_true(is_shown_to(hiding, CLASS_ALL, "value"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(nobody_opens_what_is_not_here),
        TEST(nobody_opens_what_a_stranger_wrote),
        TEST(one_of_two_openings_shows_the_field_it_names),
        TEST(an_opening_shows_the_op_it_names_and_no_other),
        TEST(an_opening_that_is_itself_withheld_has_effect_and_shows_nothing),
        TEST(a_bad_value_that_is_opened_stays_unread),
        TEST(what_an_opening_of_nobody_knows_what_brings_is_for_those_who_see_all),
        TEST(an_opening_that_hides_what_it_opens_is_for_those_who_see_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
