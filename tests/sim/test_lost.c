/* What a disk lost, and how a whole node goes on from there. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "node/cases/view.h"
#include "node/core/unpaired.h"
#include "tests/sim/card.h"

#define NUMBER_SIZE 40

static void write_case(struct sim_county *f, const char *title,
                       char number[static NUMBER_SIZE])
{
    struct buf out = {0};
    struct bytes text;
    SIM_SAY(f, f->fengyuan, &out, "case.new", "category", "邻里", "title", title,
            "narrative", "两家为屋后排水沟争执。");
    assert_true(view_map_text(buf_bytes(&out), "number", &text));
    assert_true(text.len < NUMBER_SIZE);
    memcpy(number, text.data, text.len);
    number[text.len] = '\0';
    buf_deinit(&out);
}

static void switch_on(struct sim_county *f)
{
    assert_int_equal(world_power_on(f->world, f->fengyuan), STATUS_OK);
    assert_int_equal(world_unlock(f->world, f->fengyuan, "", "246810"), STATUS_OK);
    world_run(f->world, 60000);
}

static void keep_card(struct sim_county *f, const char *image)
{
    world_power_off(f->world, f->fengyuan);
    card_keep(f, CARD_FENGYUAN, image);
    switch_on(f);
}

static void lose_since(struct sim_county *f, const char *image)
{
    world_power_off(f->world, f->fengyuan);
    card_forget_since(f, CARD_FENGYUAN, image);
    switch_on(f);
}

static enum status show(struct sim_county *f, const char *number)
{
    struct buf out = {0};
    enum status status =
        world_say(f->world, f->fengyuan, &out, "case.show", "case", number, NULL);
    buf_deinit(&out);
    return status;
}

/* ---- case numbers ---- */

static void a_number_of_a_case_that_was_lost_is_never_given_again(void **state)
{
    struct sim_county *f = *state;
    char kept[NUMBER_SIZE], lost[2][NUMBER_SIZE], next[3][NUMBER_SIZE];
    write_case(f, "还在的", kept);
    keep_card(f, "image");
    write_case(f, "丢了的", lost[0]);
    write_case(f, "也丢了的", lost[1]);

    lose_since(f, "image");

    assert_int_equal(show(f, kept), STATUS_OK);
    for (int i = 0; i < 3; i++)
        write_case(f, "后来的", next[i]);
    /* Who remembers a lost case and asks by its number is told that there is none. */
    for (int i = 0; i < 2; i++)
        assert_int_equal(show(f, lost[i]), STATUS_NOT_FOUND);
    /* One series: they count on, after a power cut too. */
    world_restart(f->world, f->fengyuan);
    assert_int_equal(world_unlock(f->world, f->fengyuan, "", "246810"), STATUS_OK);
    write_case(f, "停电以后的", next[0]);
    assert_int_equal(strlen(next[0]), strlen("2026-1000-0004"));
    assert_memory_equal(next[0], next[2], strlen("2026-1000-"));
    assert_string_equal(next[0] + strlen("2026-1000-"), "0004");
}

static void what_is_lost_twice_begins_two_series(void **state)
{
    struct sim_county *f = *state;
    char first[NUMBER_SIZE], second[NUMBER_SIZE], third[NUMBER_SIZE];
    write_case(f, "还在的", first);
    keep_card(f, "image");
    write_case(f, "丢了的", first);
    lose_since(f, "image");
    keep_card(f, "after the first loss");
    write_case(f, "再丢的", first);

    /* Once what was noticed is kept, and once the disk forgets that too. */
    lose_since(f, "after the first loss");
    write_case(f, "后来的", second);
    lose_since(f, "image");
    write_case(f, "又后来的", third);

    assert_int_equal(show(f, first), STATUS_NOT_FOUND);
    assert_int_equal(show(f, second), STATUS_NOT_FOUND);
    assert_string_not_equal(second, first);
    assert_string_not_equal(third, first);
    assert_string_not_equal(third, second);
}

/* [the commit of the loss, series] is what stands there. */
static void a_series_that_cannot_be_read_is_drawn_anew(void **state)
{
#define RAW(text)                                                                        \
    {                                                                                    \
        text, sizeof(text) - 1                                                           \
    }
    static const struct {
        const char *bytes;
        size_t len;
    } rows[] = {
        RAW("\x05"), RAW("\x92\xa1x\x05"), RAW("\x92\x05\xa1x"),
        RAW("\x92\x00\x05"), /* of no loss that was */
    };
    struct sim_county *f = *state;
    char lost[NUMBER_SIZE], last[NUMBER_SIZE], number[NUMBER_SIZE];
    keep_card(f, "image");
    write_case(f, "丢了的", lost);
    lose_since(f, "image");
    assert_true(sim_status(f, f->fengyuan, "losses") > 0);
    write_case(f, "后来的", last);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct store *store = world_store(f->fengyuan);
        assert_int_equal(store_begin(store), STATUS_OK);
        assert_int_equal(
            store_meta_put(store, "series", bytes_of(rows[i].bytes, rows[i].len)),
            STATUS_OK);
        assert_int_equal(store_commit(store), STATUS_OK);
        write_case(f, "又后来的", number);
        assert_string_not_equal(number, lost);
        assert_string_not_equal(number, last);
        assert_memory_equal(number, "2026-1", 6); /* of the first loss */
        memcpy(last, number, sizeof(last));
    }
}

/* ---- a pairing ---- */

static bool take_first(void *context, struct bytes element)
{
    *(struct bytes *)context = element;
    return false;
}

/* The first of what peer.list says of that; false: there is none. */
static bool first_of(struct sim_county *f, struct world_node *node, const char *list,
                     struct buf *out, struct bytes *element)
{
    *element = (struct bytes){0};
    SIM_SAY(f, node, out, "peer.list", NULL, NULL);
    view_map_each(buf_bytes(out), list, take_first, element);
    return element->len > 0;
}

static uint64_t times_refused(struct sim_county *f, struct world_node *village)
{
    struct buf out = {0};
    struct bytes peer;
    uint64_t times = 0;
    assert_true(first_of(f, village, "peers", &out, &peer));
    assert_true(view_map_uint(peer, "refuses", &times));
    buf_deinit(&out);
    return times;
}

static void
a_lost_half_of_a_pairing_is_said_at_both_ends_until_they_pair_again(void **state)
{
    struct sim_county *f = *state;
    struct buf out = {0};
    struct bytes knock;
    uint8_t key[32];
    struct id shown;
    world_power_off(f->world, f->township);
    card_keep(f, CARD_TOWNSHIP, "before the pairing");
    assert_int_equal(world_power_on(f->world, f->township), STATUS_OK);
    assert_int_equal(world_unlock(f->world, f->township, "", "246810"), STATUS_OK);
    struct world_node *village = world_found(f->world, "village", "新村", "new:1");
    world_pair(f->world, f->township, village);
    assert_int_equal(times_refused(f, village), 0);

    world_power_off(f->world, f->township);
    card_forget_since(f, CARD_TOWNSHIP, "before the pairing");
    assert_int_equal(world_power_on(f->world, f->township), STATUS_OK);
    assert_int_equal(world_unlock(f->world, f->township, "", "246810"), STATUS_OK);
    world_run(f->world, 300000);

    assert_true(times_refused(f, village) >= UNPAIRED_TIMES_MIN);
    assert_int_equal(sim_count(world_log(village), "closes on us"), 1);
    assert_true(first_of(f, f->township, "knocks", &out, &knock));
    assert_true(view_map_id(knock, "key", &shown));
    world_noise_key(village, key);
    assert_memory_equal(shown.bytes, key, sizeof(key));
    assert_int_equal(sim_count(world_log(f->township), "refused why=not-paired"), 1);
    assert_int_equal(times_refused(f, f->fengyuan), 0);

    world_pair(f->world, f->township, village);
    assert_int_equal(times_refused(f, village), 0);
    assert_false(first_of(f, f->township, "knocks", &out, &knock));
    struct id record = sim_escalate(f, village, "又通了");
    sim_assert_state(f, f->township, &record, "received");
    buf_deinit(&out);
}

int main(void)
{
#define ONE(test)                                                                        \
    cmocka_unit_test_setup_teardown(test, sim_county_set_up, sim_county_tear_down)
    const struct CMUnitTest tests[] = {
        ONE(a_number_of_a_case_that_was_lost_is_never_given_again),
        ONE(what_is_lost_twice_begins_two_series),
        ONE(a_series_that_cannot_be_read_is_drawn_anew),
        ONE(a_lost_half_of_a_pairing_is_said_at_both_ends_until_they_pair_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
