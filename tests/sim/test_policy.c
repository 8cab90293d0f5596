/* Who may ask a node for what: said in plain words, and so decided. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "node/cases/view.h"
#include "node/core/api.h"
#include "tests/sim/sim_county.h"

struct search {
    const char *topic, *about;
    struct bytes en;
    uint32_t len;
};

static bool match(void *context, struct bytes line)
{
    struct search *search = context;
    if (!view_map_has_text(line, "topic", search->topic) ||
        !view_map_has_text(line, "about", search->about))
        return true;
    assert_true(view_map_text(line, "en", &search->en));
    search->len++;
    return true;
}

static bool says(struct bytes text, const char *part)
{
    return sim_count(text, part) > 0;
}

/* What the sentence about a method says has to be what the node answers to somebody who
 * is locked, and to a mediator. */
static void each_method_answers_as_its_line_says(void **state)
{
    struct sim_county *f = *state;
    struct buf policy = {0};
    sim_add_person(f, f->fengyuan, "李某", "mediator", NULL);
    SIM_SAY(f, f->fengyuan, &policy, "policy", NULL, NULL);
    world_restart(f->world, f->fengyuan);
    for (int is_mediator = 0; is_mediator <= 1; is_mediator++) {
        for (size_t i = 0; i < api_methods_len; i++) {
            const char *method = api_methods[i].name;
            struct search search = {.topic = "ask", .about = method};
            if (strcmp(method, "unlock") == 0 || strcmp(method, "sync") == 0)
                continue; /* they end later than the call */
            view_map_each(buf_bytes(&policy), "lines", match, &search);
            assert_int_equal(search.len, 1);
            bool is_open = says(search.en, "whoever reaches");
            bool is_for_stewards = says(search.en, "a steward of this site");
            world_power_off(f->world, f->fengyuan);
            assert_int_equal(world_power_on(f->world, f->fengyuan), STATUS_OK);
            if (is_mediator)
                assert_int_equal(world_unlock(f->world, f->fengyuan, "李某", "135791"),
                                 STATUS_OK);

            enum status status = world_say(f->world, f->fengyuan, NULL, method, NULL);

            bool is_denied = is_mediator ? is_for_stewards : !is_open;
            if (is_denied && status != STATUS_DENIED)
                fail_msg("%s: %s", method, status_name(status));
            if (is_open && status == STATUS_DENIED)
                fail_msg("%s is denied", method);
        }
    }
    buf_deinit(&policy);
}

static void the_lines_of_all_tables_come_in_one_answer(void **state)
{
    struct sim_county *f = *state;
    struct buf policy = {0};
    SIM_SAY(f, f->fengyuan, &policy, "policy", NULL, NULL);
    struct search sights = {.topic = "see", .about = "case"};
    struct search pastes = {.topic = "see", .about = "paste"};
    struct search kinds = {.topic = "write", .about = "advise"};
    struct search observers = {.topic = "see", .about = "observer"};
    struct search auditors = {.topic = "see", .about = "auditor"};

    view_map_each(buf_bytes(&policy), "lines", match, &sights);
    view_map_each(buf_bytes(&policy), "lines", match, &kinds);
    view_map_each(buf_bytes(&policy), "lines", match, &pastes);
    view_map_each(buf_bytes(&policy), "lines", match, &observers);
    view_map_each(buf_bytes(&policy), "lines", match, &auditors);

    assert_int_equal(sights.len, 1);
    assert_true(says(sights.en, "seen by its own site alone"));
    assert_int_equal(pastes.len, 1);
    assert_true(says(pastes.en, "this machine alone"));
    assert_int_equal(kinds.len, 1);
    assert_true(says(kinds.en, "once it has opened the record"));
    assert_int_equal(observers.len, 2); /* of cases and of records */
    assert_true(says(observers.en, "and nothing else of it"));
    assert_int_equal(auditors.len, 1);
    assert_true(says(auditors.en, "no contents of records, and none of cases"));
    buf_deinit(&policy);
}

int main(void)
{
#define ONE(test)                                                                        \
    cmocka_unit_test_setup_teardown(test, sim_county_set_up_in_memory,                   \
                                    sim_county_tear_down_in_memory)
    const struct CMUnitTest tests[] = {
        ONE(each_method_answers_as_its_line_says),
        ONE(the_lines_of_all_tables_come_in_one_answer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
