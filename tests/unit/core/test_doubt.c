/* When a node has reason to look at itself, and what it keeps of what it found. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "node/core/session.h"
#include "node/core/state.h"
#include "tests/support/scratch.h"

struct place {
    struct core core;
    struct session one, other;
    char directory[SCRATCH_SIZE];
};

static int set_up(void **state)
{
    struct place *place = calloc(1, sizeof(*place));
    char file[SCRATCH_SIZE + 16];
    assert_non_null(place);
    assert_true(scratch_make(place->directory));
    (void)snprintf(file, sizeof(file), "%s/node.db", place->directory);
    assert_int_equal(store_open(&place->core.store, file, NULL, true, NULL), STATUS_OK);
    assert_int_equal(doubt_open(&place->core), STATUS_OK);
    place->core.now_ms = 1;
    *state = place;
    return 0;
}

static int tear_down(void **state)
{
    struct place *place = *state;
    store_close(place->core.store);
    scratch_remove(place->directory);
    free(place);
    return 0;
}

/* So many rounds that count. */
static void pass(struct place *place, struct session *session, uint32_t rounds)
{
    for (uint32_t i = 0; i < rounds; i++) {
        place->core.now_ms += DOUBT_PACE_MS;
        doubt_unequal(&place->core, session);
    }
}

static bool is_due(const struct place *place)
{
    return doubt_deadline(&place->core) == 0;
}

static void so_many_rounds_are_enough_whoever_they_were_with(void **state)
{
    struct place *place = *state;
    pass(place, &place->one, DOUBT_ROUNDS - 1);
    assert_false(is_due(place));
    pass(place, &place->other, 1);
    assert_true(is_due(place));
}

static void rounds_close_to_each_other_are_one(void **state)
{
    struct place *place = *state;
    for (uint32_t i = 0; i < 100; i++) {
        place->core.now_ms += DOUBT_PACE_MS / 100;
        doubt_unequal(&place->core, &place->one);
    }
    assert_int_equal(place->core.doubt.rounds, 1);
    pass(place, &place->one, 1);
    assert_int_equal(place->core.doubt.rounds, 2);
}

static void who_agrees_takes_back_its_own_rounds_alone(void **state)
{
    struct place *place = *state;
    pass(place, &place->one, 2);
    pass(place, &place->other, 1);
    doubt_agreed(&place->core, &place->one);
    assert_int_equal(place->core.doubt.rounds, 1);
    doubt_agreed(&place->core, &place->one);
    assert_int_equal(place->core.doubt.rounds, 1);
    pass(place, &place->one, DOUBT_ROUNDS - 2);
    assert_false(is_due(place));
}

static void a_node_that_is_about_to_stop_does_not_look(void **state)
{
    struct place *place = *state;
    pass(place, &place->one, DOUBT_ROUNDS);
    place->core.is_ending = true;
    assert_false(is_due(place));
    assert_int_equal(doubt_settle(&place->core), STATUS_OK);
}

static void a_turn_that_failed_is_remembered_over_a_start(void **state)
{
    struct place *place = *state;
    assert_false(is_due(place));
    doubt_failed(&place->core);
    assert_false(is_due(place)); /* this process has ended */
    assert_int_equal(doubt_open(&place->core), STATUS_OK);
    assert_true(is_due(place));
}

static void nothing_was_found_yet_and_nothing_is_said(void **state)
{
    struct place *place = *state;
    struct doubt_found found;
    char text[DOUBT_TEXT_SIZE];
    assert_int_equal(doubt_last(place->core.store, &found), STATUS_OK);
    assert_int_equal(found.times, 0);
    doubt_text(&found, text);
    assert_string_equal(text, "");
}

static void the_longest_table_has_room_in_what_is_said(void **state)
{
    struct doubt_found found = {.times = 1, .table = "listed_parties."};
    char text[DOUBT_TEXT_SIZE];
    doubt_text(&found, text);
    assert_non_null(strstr(text, "listed_parties., and"));
    assert_non_null(strstr(text, "should be replaced"));
}

static void what_was_kept_and_is_not_well_formed_is_damage(void **state)
{
    static const struct {
        uint8_t bytes[24];
        size_t len;
    } kept[] = {
        {{0}, 0},
        {{0x05}, 1},
        {{0x93}, 1},
        {{0x93, 1}, 2},
        {{0x93, 1, 2}, 3},
        {{0x93, 1, 2, 3}, 4},
        {{0x93, 1,   2,   0xb0, 'a', 'b', 'c', 'd', 'e', 'f',
          'g',  'h', 'i', 'j',  'k', 'l', 'm', 'n', 'o', 'p'},
         20},
    };
    struct place *place = *state;
    struct doubt_found found;
    for (size_t i = 0; i < sizeof(kept) / sizeof(kept[0]); i++) {
        assert_int_equal(store_begin(place->core.store), STATUS_OK);
        assert_int_equal(store_meta_put(place->core.store, "mended",
                                        bytes_of(kept[i].bytes, kept[i].len)),
                         STATUS_OK);
        assert_int_equal(store_commit(place->core.store), STATUS_OK);
        found.is_unreadable = false;
        assert_int_equal(doubt_last(place->core.store, &found), STATUS_OK);
        assert_true(found.is_unreadable);
        assert_int_equal(found.times, 0);
    }
}

int main(void)
{
#define ONE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        ONE(so_many_rounds_are_enough_whoever_they_were_with),
        ONE(rounds_close_to_each_other_are_one),
        ONE(who_agrees_takes_back_its_own_rounds_alone),
        ONE(a_node_that_is_about_to_stop_does_not_look),
        ONE(a_turn_that_failed_is_remembered_over_a_start),
        ONE(nothing_was_found_yet_and_nothing_is_said),
        ONE(the_longest_table_has_room_in_what_is_said),
        ONE(what_was_kept_and_is_not_well_formed_is_damage),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
