/* Forms that are not finished: a person's own, on this machine alone, until they are sent
 * or dropped. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "node/cases/view.h"
#include "tests/sim/far_client.h"

#define FIRST 100
#define SECOND 101

#define assert_says(wanted, far, ...)                                                    \
    assert_string_equal(status_name(far_say(far, __VA_ARGS__, NULL)), status_name(wanted))
#define assert_ok(far, ...) assert_says(STATUS_OK, far, __VA_ARGS__)

static void sign_in(struct far_client *far, struct sim_county *f, const char *name,
                    uint64_t number)
{
    far_open(far, f, f->fengyuan, number);
    far_sign_in(far, name);
}

static void assert_draft(struct bytes result, const char *title)
{
    struct bytes fields;
    assert_true(view_map_get(result, "fields", &fields));
    assert_true(view_map_has_text(fields, "title", title));
}

static void a_draft_is_kept_until_it_is_dropped(void **state)
{
    struct sim_county *f = *state;
    struct far_client far;
    uint64_t wall = 0;
    sign_in(&far, f, "陈某", FIRST);
    assert_ok(&far, "draft.put", "form", "case/new", "fields", "{text=长,title=水");
    assert_ok(&far, "draft.put", "form", "case/new", "fields", "{text=长长,title=水沟");
    assert_true(view_map_uint(far.result, "wall", &wall));
    assert_true(wall > 0);
    assert_ok(&far, "draft.put", "form", "empty", "fields", "{");
    world_restart(f->world, f->fengyuan);
    assert_int_equal(world_rebuild(f->fengyuan), STATUS_OK);
    far_open_again(&far);
    assert_int_equal(far_enter(&far), STATUS_OK);

    assert_ok(&far, "draft.get", "form", "case/new");
    assert_draft(far.result, "水沟");
    assert_ok(&far, "draft.list");
    assert_int_equal(view_map_count(far.result, "drafts"), 2);
    assert_int_equal(sim_count(far.result, "case/new"), 1);
    assert_int_equal(sim_count(far.result, "水沟"), 0);

    assert_ok(&far, "draft.drop", "form", "case/new");

    assert_says(STATUS_NOT_FOUND, &far, "draft.get", "form", "case/new");
    assert_says(STATUS_NOT_FOUND, &far, "draft.drop", "form", "case/new");
    assert_ok(&far, "draft.list");
    assert_int_equal(view_map_count(far.result, "drafts"), 1);
    far_close(&far);
}

static void a_draft_is_its_persons_alone_wherever_that_person_is(void **state)
{
    struct sim_county *f = *state;
    struct far_client far, other;
    struct buf out = {0};
    sim_add_person(f, f->fengyuan, "李某", "mediator", NULL);
    sign_in(&far, f, "陈某", FIRST);
    sign_in(&other, f, "李某", SECOND);
    assert_ok(&far, "draft.put", "form", "case/new", "fields", "{title=水沟");

    assert_says(STATUS_NOT_FOUND, &other, "draft.get", "form", "case/new");
    assert_ok(&other, "draft.put", "form", "case/new", "fields", "{title=界石");
    assert_ok(&far, "draft.get", "form", "case/new");
    assert_draft(far.result, "水沟");
    SIM_SAY(f, f->fengyuan, &out, "draft.get", "form", "case/new"); /* by the socket */
    assert_draft(buf_bytes(&out), "水沟");
    far_close(&far);
    far_close(&other);
    buf_deinit(&out);
}

static void what_is_too_much_or_no_form_is_refused_and_nothing_gives_way(void **state)
{
    struct sim_county *f = *state;
    struct far_client far;
    struct buf map = {0};
    char form[FORM_NAME_MAX + 2];
    sign_in(&far, f, "陈某", FIRST);
    for (int i = 0; i < FORM_DRAFTS_MAX; i++) {
        (void)snprintf(form, sizeof(form), "form %d", i);
        assert_ok(&far, "draft.put", "form", form, "fields", "{title=一");
    }
    assert_says(STATUS_TOO_LARGE, &far, "draft.put", "form", "one more", "fields",
                "{title=一");
    assert_ok(&far, "draft.put", "form", "form 0", "fields", "{title=水沟");
    assert_ok(&far, "draft.list");
    assert_int_equal(view_map_count(far.result, "drafts"), FORM_DRAFTS_MAX);

    memset(form, 'f', sizeof(form) - 1);
    form[sizeof(form) - 1] = '\0';
    assert_says(STATUS_TOO_LARGE, &far, "draft.put", "form", form, "fields", "{title=一");
    assert_says(STATUS_INVALID, &far, "draft.put", "fields", "{title=一");
    assert_says(STATUS_INVALID, &far, "draft.put", "form", "form 0");
    assert_says(STATUS_INVALID, &far, "draft.put", "form", "form 0", "fields", "text");
    assert_says(STATUS_INVALID, &far, "draft.get");
    assert_says(STATUS_INVALID, &far, "draft.drop");
    pack_map(&map, 2);
    pack_str(&map, "fields");
    pack_map(&map, 1);
    pack_str(&map, "title");
    pack_uint(&map, 7);
    pack_str(&map, "form");
    pack_str(&map, "form 0");
    assert_int_equal(far_call(&far, "draft.put", buf_bytes(&map)), STATUS_INVALID);
    assert_ok(&far, "draft.get", "form", "form 0");
    assert_draft(far.result, "水沟");
    buf_deinit(&map);
    far_close(&far);
}

static void a_draft_has_at_most_its_64_kib(void **state)
{
    struct sim_county *f = *state;
    struct far_client far;
    char *fields = malloc(FORM_DRAFT_SIZE_MAX + 64);
    assert_non_null(fields);
    sign_in(&far, f, "陈某", FIRST);
    memset(fields, 'x', FORM_DRAFT_SIZE_MAX + 63);
    memcpy(fields, "{t=", 3);
    fields[3 + FORM_DRAFT_SIZE_MAX - 5 - 1] = '\0'; /* a map of one, its name, its text */
    assert_ok(&far, "draft.put", "form", "long", "fields", fields);

    fields[3 + FORM_DRAFT_SIZE_MAX - 5 - 1] = 'x';
    fields[3 + FORM_DRAFT_SIZE_MAX - 5 + 1] = '\0';

    assert_says(STATUS_TOO_LARGE, &far, "draft.put", "form", "long", "fields", fields);
    free(fields);
    far_close(&far);
}

static void a_draft_leaves_the_machine_with_no_byte_and_goes_without_a_trace(void **state)
{
    struct sim_county *f = *state;
    struct far_client far;
    sign_in(&far, f, "陈某", FIRST);
    assert_ok(&far, "draft.put", "form", "CANARY-FORM", "fields", "{title=CANARY-TEXT");
    sim_escalate(f, f->fengyuan, "另一件");
    world_run(f->world, 70000);
    assert_true(
        sim_disk_holds(f, 2, bytes_str("CANARY-TEXT"))); /* the test itself can see */
    for (int node = 0; node < 4; node++)
        assert_true(node == 2 || !sim_disk_holds(f, node, bytes_str("CANARY-")));
    assert_int_equal(sim_count(world_sent(f->fengyuan), "CANARY-"), 0);
    assert_int_equal(sim_count(world_log(f->fengyuan), "CANARY-"), 0);

    assert_ok(&far, "draft.drop", "form", "CANARY-FORM");

    assert_false(sim_disk_holds(f, 2, bytes_str("CANARY-")));
    far_close(&far);
}

int main(void)
{
#define ONE(test)                                                                        \
    cmocka_unit_test_setup_teardown(test, sim_county_set_up_in_memory,                   \
                                    sim_county_tear_down_in_memory)
#define ON_DISK(test)                                                                    \
    cmocka_unit_test_setup_teardown(test, sim_county_set_up, sim_county_tear_down)
    const struct CMUnitTest tests[] = {
        ONE(a_draft_is_kept_until_it_is_dropped),
        ONE(a_draft_is_its_persons_alone_wherever_that_person_is),
        ONE(what_is_too_much_or_no_form_is_refused_and_nothing_gives_way),
        ONE(a_draft_has_at_most_its_64_kib),
        ON_DISK(a_draft_leaves_the_machine_with_no_byte_and_goes_without_a_trace),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
