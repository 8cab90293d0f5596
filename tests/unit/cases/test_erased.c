/* Fields of a case that were erased, or that two wrote at once: what the fold makes of
 * what is left. */
#include "town.h"

#include <string.h>

static int begin(void **state)
{
    static struct town town;
    town_init(&town, 62);
    *state = &town;
    return 0;
}

static int end(void **state)
{
    town_deinit(*state);
    return 0;
}

static uint32_t bit_of(const struct op *op, const char *name)
{
    for (uint32_t i = 0; i < op->fields_len; i++)
        if (bytes_equal_str(op->fields[i].name, name))
            return 1u << i;
    fail_msg("there is no field %s", name);
    return 0;
}

/* In place of the last op its copy that lacks the field. */
static void erase(struct town *town, struct log *log, const char *name)
{
    const struct op *op = log->ops[log->len - 1];
    log->ops[log->len - 1] = story_withhold(town->story, op, ~bit_of(op, name));
}

static uint32_t count(struct town *town, const struct log *log, const char *list)
{
    struct fold_result result;
    town_fold(town, log, &result);
    uint32_t len = view_map_count(buf_bytes(&result.view), list);
    fold_result_deinit(&result);
    return len;
}

static bool conflicts(struct town *town, const struct log *log, const char *name)
{
    struct fold_result result;
    town_fold(town, log, &result);
    bool is_one = view_has_conflict(buf_bytes(&result.view), name);
    fold_result_deinit(&result);
    return is_one;
}

/* Two consents of one party, neither of which has seen the other. */
static void consent_twice(struct town *town, struct log *log, const char *one,
                          const char *other)
{
    struct log fork = {{town_case(town, log)}, 1};
    town_consent(town, log, "张某", one, true);
    log_add(log, town_consent(town, &fork, "张某", other, true));
}

static void a_write_that_was_erased_conflicts_with_one_that_was_not(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    const struct op *founding = town_case(town, &log);
    for (int i = 0; i < 2; i++) {
        struct op *op = log_begin_after(town, VILLAGE, "set", founding);
        story_put(op, "title", story_text(town->story, "甲"));
        log_seal(town, &log, op, &town->sites[VILLAGE].mediator);
    }
    assert_false(conflicts(town, &log, "title"));

    erase(town, &log, "title");

    assert_true(conflicts(town, &log, "title"));
}

static void consents_to_the_same_are_no_conflict_until_one_is_erased(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    consent_twice(town, &log, "title context", "title context");
    assert_false(conflicts(town, &log, "consents"));

    erase(town, &log, "given");

    assert_true(conflicts(town, &log, "consents"));
}

static void consents_to_different_fields_conflict(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    consent_twice(town, &log, "title context", "context");
    assert_true(conflicts(town, &log, "consents"));
    assert_int_equal(count(town, &log, "consents"), 2);
}

static void a_consent_of_an_erased_party_is_nobodys(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    town_case(town, &log);
    town_consent(town, &log, "张某", "context", true);
    assert_int_equal(count(town, &log, "consents"), 1);

    erase(town, &log, "party");

    assert_int_equal(count(town, &log, "consents"), 0);
}

static void an_escalation_whose_name_was_erased_is_not_listed(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    const struct op *founding = town_case(town, &log);
    struct op *op = log_begin(town, &log, VILLAGE, "sent");
    story_put(op, "escalation", story_bin(town->story, founding->id.bytes, ID_SIZE));
    story_put(op, "salt", story_bin(town->story, founding->id.bytes, ID_SIZE));
    log_seal(town, &log, op, &town->sites[VILLAGE].steward);
    assert_int_equal(count(town, &log, "sent"), 1);

    erase(town, &log, "escalation");

    assert_int_equal(count(town, &log, "sent"), 0);
    town_assert_state(town, &log, "escalated");
}

static void the_last_request_is_shown_as_far_as_it_was_not_erased(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    struct fold_result result;
    struct bytes request, text;
    town_case(town, &log);
    town_triage(town, &log, "escalate");
    for (int i = 0; i < 2; i++) {
        struct op *op = log_begin(town, &log, VILLAGE, "request");
        story_put(op, "fields", story_texts(town->story, "context"));
        story_put(op, "onward", story_text(town->story, i == 0 ? "ask" : "no"));
        story_put(op, "reason", story_text(town->story, "超出权限"));
        log_seal(town, &log, op, &town->sites[VILLAGE].mediator);
    }
    erase(town, &log, "reason");

    town_fold(town, &log, &result);

    assert_true(view_map_get(buf_bytes(&result.view), "request", &request));
    assert_true(view_map_text(request, "onward", &text));
    assert_true(bytes_equal_str(text, "no"));
    assert_false(view_map_text(request, "reason", &text));
    fold_result_deinit(&result);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_write_that_was_erased_conflicts_with_one_that_was_not),
        TEST(consents_to_the_same_are_no_conflict_until_one_is_erased),
        TEST(consents_to_different_fields_conflict),
        TEST(a_consent_of_an_erased_party_is_nobodys),
        TEST(an_escalation_whose_name_was_erased_is_not_listed),
        TEST(the_last_request_is_shown_as_far_as_it_was_not_erased),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
