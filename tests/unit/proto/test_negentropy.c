/*
 * Two sides talk until the initiator is done; what it learned must be exactly how the
 * sets differ. Chance comes from a fixed seed, so every failure repeats itself.
 */
#include "talk.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

/* Both ways of opening, on the same sets. */
static void assert_converges(struct spread spread, uint64_t seed)
{
    for (int with_probe = 0; with_probe < 2; with_probe++) {
        struct pair pair;
        pair_init(&pair, &spread, seed);
        enum status status = with_probe
                                 ? negentropy_probe(&pair.sides[0], &pair.message)
                                 : negentropy_initiate(&pair.sides[0], &pair.message);
        assert_int_equal(status, STATUS_OK);

        pair_talk(&pair);

        assert_all_learned(&pair);
        pair_deinit(&pair);
    }
}

/* Sizes around the edges of lists, buckets, blocks and frames; both directions. */
static void assert_sizes_converge(struct spread spread)
{
    static const size_t sizes[] = {0,   1,   2,   15,  16,  31,   32,   33,   47,   255,
                                   256, 257, 511, 512, 513, 1000, 4096, 8000, 20000};
    size_t items_max = spread.limits[0] + spread.limits[1] == 0 ? 20000 : 4096;
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        if (sizes[i] > items_max)
            break; /* under a limit this costs hundreds of rounds, and proves no more */
        spread.items_len = sizes[i];
        assert_converges(spread, i);
        struct spread turned = spread;
        turned.ours_only = spread.theirs_only;
        turned.theirs_only = spread.ours_only;
        turned.limits[0] = spread.limits[1];
        turned.limits[1] = spread.limits[0];
        assert_converges(turned, i);
    }
}

static void equal_sets_have_nothing_to_tell(void **state)
{
    assert_sizes_converge((struct spread){.timestamps = 500});
}

static void disjoint_sets_learn_everything(void **state)
{
    assert_sizes_converge(
        (struct spread){.ours_only = 500, .theirs_only = 500, .timestamps = 5000});
}

static void an_empty_side_learns_everything(void **state)
{
    assert_sizes_converge((struct spread){.theirs_only = 1000, .timestamps = 5000});
}

static void a_subset_learns_the_rest(void **state)
{
    assert_sizes_converge((struct spread){.theirs_only = 100, .timestamps = 5000});
    assert_sizes_converge((struct spread){.theirs_only = 2, .timestamps = 0});
}

static void sets_that_overlap_learn_both_ways(void **state)
{
    assert_sizes_converge(
        (struct spread){.ours_only = 30, .theirs_only = 20, .timestamps = 5000});
    assert_sizes_converge((struct spread){
        .ours_only = 300, .theirs_only = 300, .timestamps = NEGENTROPY_INFINITY});
}

static void equal_timestamps_are_told_apart_by_id(void **state)
{
    assert_sizes_converge(
        (struct spread){.ours_only = 50, .theirs_only = 50, .timestamps = 1});
    assert_sizes_converge(
        (struct spread){.ours_only = 50, .theirs_only = 50, .timestamps = 3});
}

static void frame_limits_are_kept_and_nothing_is_lost(void **state)
{
    static const size_t limits[][2] = {{4096, 4096}, {8192, 8192}, {4096, 0},
                                       {0, 4096},    {4096, 8192}, {8192, 60000}};
    static const unsigned shares[][2] = {{0, 0},   {500, 500}, {0, 1000},
                                         {0, 100}, {30, 20},   {1, 2}};
    for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]); i++) {
        for (size_t k = 0; k < sizeof(shares) / sizeof(shares[0]); k++) {
            assert_sizes_converge(
                (struct spread){.ours_only = shares[k][0],
                                .theirs_only = shares[k][1],
                                .timestamps = 1 + 4000 * (k % 2),
                                .limits = {limits[i][0], limits[i][1]}});
        }
    }
}

/* ---- cost ---- */

static void idle_pair_needs_one_short_message_each_way(void **state)
{
    struct pair pair;
    struct spread spread = {.items_len = 50000, .timestamps = 1 << 30};
    pair_init(&pair, &spread, 3);

    assert_int_equal(negentropy_probe(&pair.sides[0], &pair.message), STATUS_OK);
    assert_in_range(pair.message.len, 1, 64);
    pair_talk(&pair);

    assert_int_equal(pair.round_trips, 1);
    assert_in_range(pair.answer.len, 1, 64);
    assert_int_equal(pair.have + pair.need, 0);
    pair_deinit(&pair);
}

static double milliseconds(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now); /* cannot fail for this clock */
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

/* 100,000 items, 400 differences: scattered over all, or among the latest. */
static void measure(const char *name, bool is_recent, size_t limit)
{
    enum { ITEMS = 100000, DIFFERENCES = 400 };
    struct pair pair = {.items_len = ITEMS};
    uint64_t seed = 5;
    pair.holders = malloc(ITEMS);
    assert_non_null(pair.holders);
    memset(pair.holders, OURS | THEIRS, ITEMS);
    for (size_t i = 0; i < DIFFERENCES; i++) {
        size_t at = is_recent ? ITEMS - 1 - i : i * (ITEMS / DIFFERENCES);
        pair.holders[at] = draw(&seed) % 2 ? OURS : THEIRS;
    }
    for (int side = 0; side < 2; side++) {
        negentropy_set_init(&pair.sets[side]);
        for (size_t i = 0; i < ITEMS; i++)
            if (pair.holders[i] & (OURS << side))
                add_item(&pair.sets[side], 1000000 + i * 40, i);
        assert_int_equal(negentropy_set_seal(&pair.sets[side]), STATUS_OK);
        negentropy_init(&pair.sides[side], negentropy_set_source(&pair.sets[side]),
                        limit);
    }
    double begin = milliseconds();
    assert_int_equal(negentropy_initiate(&pair.sides[0], &pair.message), STATUS_OK);

    pair_talk(&pair);

    print_message("%s: %zu bytes, %zu round trips, longest message %zu, %.1f ms\n", name,
                  pair.bytes, pair.round_trips, pair.longest, milliseconds() - begin);
    assert_all_learned(&pair);
    assert_int_equal(pair.have + pair.need, DIFFERENCES);
    pair_deinit(&pair);
}

static void large_sets_with_few_differences_stay_cheap(void **state)
{
    measure("100,000 items, 400 recent", true, 0);
    measure("100,000 items, 400 scattered", false, 0);
    measure("100,000 items, 400 scattered, 64 kB frames", false, 65536);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equal_sets_have_nothing_to_tell),
        cmocka_unit_test(disjoint_sets_learn_everything),
        cmocka_unit_test(an_empty_side_learns_everything),
        cmocka_unit_test(a_subset_learns_the_rest),
        cmocka_unit_test(sets_that_overlap_learn_both_ways),
        cmocka_unit_test(equal_timestamps_are_told_apart_by_id),
        cmocka_unit_test(frame_limits_are_kept_and_nothing_is_lost),
        cmocka_unit_test(idle_pair_needs_one_short_message_each_way),
        cmocka_unit_test(large_sets_with_few_differences_stay_cheap),
    };
    return cmocka_run_group_tests_name("negentropy", tests, NULL, NULL);
}
