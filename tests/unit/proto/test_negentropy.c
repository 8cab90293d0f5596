/*
 * Two sides talk until the initiator is done; what it learned must be exactly how the
 * sets differ. Chance comes from a fixed seed, so every failure repeats itself.
 */
#include "proto/negentropy.h"

#include "proto/err.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

enum { MUTATIONS = 20000, ROUNDS_LIMIT = 2000 };

/* ---- chance: splitmix64 ---- */

static uint64_t draw(uint64_t *seed)
{
    uint64_t z = (*seed += UINT64_C(0x9e3779b97f4a7c15));
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

/* The id of item `number`: random bytes, the number at the end to know it again. */
static void make_id(uint64_t number, uint8_t id[static NEGENTROPY_ID_SIZE])
{
    uint64_t seed = number;
    for (int i = 0; i < NEGENTROPY_ID_SIZE - 8; i++)
        id[i] = (uint8_t)draw(&seed);
    memcpy(id + NEGENTROPY_ID_SIZE - 8, &number, 8);
}

/* ---- a pair of sides, and the truth about them ---- */

enum { OURS = 1, THEIRS = 2 };

struct pair {
    struct negentropy_set sets[2];
    struct negentropy sides[2];
    uint8_t *holders; /* of each item: OURS | THEIRS, what the sides learned added */
    size_t items_len;
    size_t have, need; /* as reported */
    bool repeats;      /* a report told what was known */
    size_t round_trips, bytes, longest;
    struct buf message, answer;
};

/* How item `number` is spread: gives its holders and its timestamp. */
struct spread {
    size_t items_len;
    unsigned ours_only, theirs_only; /* in 1,000 */
    uint64_t timestamps;             /* drawn below; 1: all the same, 0: the number */
    size_t limits[2];
};

static void add(struct negentropy_set *set, uint64_t timestamp, uint64_t number)
{
    uint8_t id[NEGENTROPY_ID_SIZE];
    make_id(number, id);
    assert_int_equal(negentropy_set_add(set, timestamp, id), STATUS_OK);
}

static void pair_init(struct pair *pair, const struct spread *spread, uint64_t seed)
{
    *pair = (struct pair){.items_len = spread->items_len};
    pair->holders = calloc(spread->items_len + 1, 1);
    assert_non_null(pair->holders);
    for (int side = 0; side < 2; side++)
        negentropy_set_init(&pair->sets[side]);
    for (size_t i = 0; i < spread->items_len; i++) {
        uint64_t lot = draw(&seed) % 1000;
        uint64_t timestamp =
            spread->timestamps == 0 ? i : draw(&seed) % spread->timestamps;
        uint8_t holders = OURS | THEIRS;
        if (lot < spread->ours_only)
            holders = OURS;
        else if (lot < spread->ours_only + spread->theirs_only)
            holders = THEIRS;
        pair->holders[i] = holders;
        for (int side = 0; side < 2; side++)
            if (holders & (OURS << side))
                add(&pair->sets[side], timestamp, i);
    }
    for (int side = 0; side < 2; side++) {
        assert_int_equal(negentropy_set_seal(&pair->sets[side]), STATUS_OK);
        negentropy_init(&pair->sides[side], &pair->sets[side], spread->limits[side]);
    }
}

static void pair_deinit(struct pair *pair)
{
    for (int side = 0; side < 2; side++) {
        negentropy_deinit(&pair->sides[side]);
        negentropy_set_deinit(&pair->sets[side]);
    }
    buf_deinit(&pair->message);
    buf_deinit(&pair->answer);
    free(pair->holders);
}

static void learn(struct pair *pair, const uint8_t *id, uint8_t known, uint8_t learned)
{
    uint64_t number;
    memcpy(&number, id + NEGENTROPY_ID_SIZE - 8, 8);
    assert_true(number < pair->items_len);
    assert_true(pair->holders[number] & known);
    if (pair->holders[number] & learned)
        pair->repeats = true;
    pair->holders[number] |= learned;
}

static enum status learn_have(void *context, const uint8_t id[static NEGENTROPY_ID_SIZE])
{
    struct pair *pair = context;
    pair->have++;
    learn(pair, id, OURS, THEIRS);
    return STATUS_OK;
}

static enum status learn_need(void *context, const uint8_t id[static NEGENTROPY_ID_SIZE])
{
    struct pair *pair = context;
    pair->need++;
    learn(pair, id, THEIRS, OURS);
    return STATUS_OK;
}

/* From the first message in pair->message until the initiator is done. */
static void pair_talk(struct pair *pair)
{
    struct negentropy_sink sink = {pair, learn_have, learn_need};
    bool done = false;
    while (!done) {
        assert_true(pair->round_trips++ < ROUNDS_LIMIT);
        buf_clear(&pair->answer);
        assert_int_equal(negentropy_answer(&pair->sides[1], buf_bytes(&pair->message),
                                           &pair->answer, NULL),
                         STATUS_OK);
        struct buf *both[2] = {&pair->message, &pair->answer};
        for (int side = 0; side < 2; side++) {
            size_t limit = pair->sides[side].frame_size_limit;
            assert_true(limit == 0 || both[side]->len <= limit);
            pair->bytes += both[side]->len;
            if (both[side]->len > pair->longest)
                pair->longest = both[side]->len;
        }
        buf_clear(&pair->message);
        assert_int_equal(negentropy_continue(&pair->sides[0], buf_bytes(&pair->answer),
                                             &pair->message, &sink, &done, NULL),
                         STATUS_OK);
        assert_int_equal(done, pair->message.len == 0);
    }
}

static void assert_all_learned(const struct pair *pair)
{
    for (size_t i = 0; i < pair->items_len; i++)
        assert_int_equal(pair->holders[i], OURS | THEIRS);
    bool is_limited = pair->sides[0].frame_size_limit + pair->sides[1].frame_size_limit;
    assert_true(is_limited || !pair->repeats);
}

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

/* ---- messages written by hand ---- */

struct side {
    struct negentropy_set set;
    struct negentropy session;
    struct buf out;
    size_t reports;
};

static void side_init(struct side *side, size_t items_len, size_t limit)
{
    *side = (struct side){0};
    negentropy_set_init(&side->set);
    for (size_t i = 0; i < items_len; i++)
        add(&side->set, 100 + i / 2, i);
    assert_int_equal(negentropy_set_seal(&side->set), STATUS_OK);
    negentropy_init(&side->session, &side->set, limit);
}

static void side_deinit(struct side *side)
{
    negentropy_deinit(&side->session);
    negentropy_set_deinit(&side->set);
    buf_deinit(&side->out);
}

static enum status count_report(void *context,
                                const uint8_t id[static NEGENTROPY_ID_SIZE])
{
    struct side *side = context;
    side->reports++;
    return STATUS_OK;
}

static enum status side_answer(struct side *side, struct bytes message)
{
    buf_clear(&side->out);
    return negentropy_answer(&side->session, message, &side->out, NULL);
}

static enum status side_continue(struct side *side, struct bytes message, bool *done)
{
    struct negentropy_sink sink = {side, count_report, count_report};
    buf_clear(&side->out);
    side->reports = 0;
    return negentropy_continue(&side->session, message, &side->out, &sink, done, NULL);
}

static size_t from_hex(uint8_t *out, const char *hex)
{
    size_t len = strlen(hex) / 2;
    assert_true(hex_decode(out, len, hex));
    return len;
}

static void known_messages_are_answered_as_the_reference_does(void **state)
{
    static const struct {
        const char *message, *answer;
    } rows[] = {
        {"6100000200", "6100000201eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee"
                       "eeeeeeeee"},
        {"62aabbccddeeff", "61"}, /* a later version falls back */
        {"60", "61"},
        {"61", "61"},
        {"61000000", "61"},
        /* [0, 5) skipped, the rest listed */
        {"6106000000000200",
         "61060000000002"
         "01eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee"
         "eeeee"},
    };
    struct side side;
    side_init(&side, 0, 0);
    negentropy_set_deinit(&side.set);
    negentropy_set_init(&side.set);
    uint8_t id[NEGENTROPY_ID_SIZE], message[64], answer[64];
    memset(id, 0xee, sizeof(id));
    assert_int_equal(negentropy_set_add(&side.set, 12345, id), STATUS_OK);
    assert_int_equal(negentropy_set_seal(&side.set), STATUS_OK);

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        size_t len = from_hex(message, rows[i].message);
        size_t answer_len = from_hex(answer, rows[i].answer);

        assert_int_equal(side_answer(&side, bytes_of(message, len)), STATUS_OK);

        assert_int_equal(side.out.len, answer_len);
        assert_memory_equal(side.out.data, answer, answer_len);
    }
    side_deinit(&side);
}

static void malformed_messages_are_refused_by_both_sides(void **state)
{
    static const char *const rows[] = {
        "",                                     /* nothing */
        "51",                                   /* no version byte */
        "70",                                   /* no version byte */
        "6100",                                 /* bound without its prefix length */
        "610000",                               /* no mode */
        "61000003",                             /* unknown mode */
        "61000080",                             /* number cut */
        "6100008000",                           /* number longer than needed */
        "610000ffffffffffffffffff7f",           /* mode of 64 bits and more */
        "61000021aa",                           /* prefix of 33 bytes */
        "610002aa00",                           /* prefix cut */
        "610000010011223344556677889900112233", /* fingerprint cut */
        "610000020100",                         /* id list cut */
        "61000002ffffffffffffffff7f",           /* ids without end */
        "61000000060000",                       /* an end behind infinity */
        "610601ff000101fe00",                   /* the prefix sorts before the last one */
        "6181ffffffffffffffffff000000",         /* timestamp of 64 bits and more */
        "6181ffffffffffffffff7f0000020000",     /* 2^64 - 2, and one more is infinity */
    };
    struct side side;
    side_init(&side, 100, 0);
    uint8_t message[64];

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        size_t len = from_hex(message, rows[i]);
        bool done;

        assert_int_equal(side_answer(&side, bytes_of(message, len)), STATUS_INVALID);
        assert_int_equal(side.out.len, 0);
        assert_int_equal(side_continue(&side, bytes_of(message, len), &done),
                         STATUS_INVALID);
        assert_int_equal(side.out.len, 0);
        assert_int_equal(side.reports, 0);
        assert_false(done);
    }
    side_deinit(&side);
}

static void initiator_names_another_version_unsupported(void **state)
{
    struct side side;
    side_init(&side, 100, 0);
    bool done;

    enum status status = side_continue(&side, bytes_str("\x62"), &done);

    assert_int_equal(status, STATUS_UNSUPPORTED);
    assert_int_equal(side.out.len, 0);
    side_deinit(&side);
}

static enum status refuse_report(void *context,
                                 const uint8_t id[static NEGENTROPY_ID_SIZE])
{
    return STATUS_FULL;
}

static void refusal_of_the_sink_ends_the_session_step(void **state)
{
    struct side side;
    side_init(&side, 100, 0);
    struct negentropy_sink sink = {NULL, refuse_report, refuse_report};
    bool done;

    enum status status =
        negentropy_continue(&side.session, bytes_of("\x61\x00\x00\x02\x00", 5), &side.out,
                            &sink, &done, NULL);

    assert_int_equal(status, STATUS_FULL);
    assert_int_equal(side.out.len, 0);
    side_deinit(&side);
}

/* A frame full of splits, then "I hold nothing in the rest", where the responder holds
 * all it has: a last fingerprint of what follows would be that of nothing, and match. */
static void full_frame_does_not_hide_items_from_a_side_without_any(void **state)
{
    struct side side;
    side_init(&side, 3000, 4096);
    struct negentropy_set none = {0};
    uint8_t empty[NEGENTROPY_FINGERPRINT_SIZE];
    assert_int_equal(negentropy_set_seal(&none), STATUS_OK);
    negentropy_set_fingerprint(&none, 0, 0, empty);

    struct buf message = {0};
    buf_add_u8(&message, NEGENTROPY_VERSION);
    /* Lists of 28, 26, 26, 26 and 10 ids fill the frame but for less than a split. */
    static const uint8_t offsets[] = {0x0f + 100, 0x0e, 0x0e, 0x0e, 0x06};
    for (size_t i = 0; i < sizeof(offsets); i++) {
        buf_add_u8(&message, offsets[i]);
        buf_add(&message, "\x00\x01", 2);
        buf_add(&message, "sixteen bytes ..", NEGENTROPY_FINGERPRINT_SIZE);
    }
    buf_add(&message, "\x00\x00\x01", 3);
    buf_add(&message, empty, sizeof(empty));

    assert_int_equal(side_answer(&side, buf_bytes(&message)), STATUS_OK);

    assert_in_range(side.out.len, 3000, 4096);
    const uint8_t *last = side.out.data + side.out.len - sizeof(empty);
    assert_int_equal(last[-1], 1);
    assert_memory_not_equal(last, empty, sizeof(empty));
    negentropy_set_deinit(&none);
    buf_deinit(&message);
    side_deinit(&side);
}

/* ---- hostile bytes ---- */

/* A message in the middle of a conversation, with all three modes in it. */
static void make_messages(struct pair *pair)
{
    struct spread spread = {
        .items_len = 3000, .ours_only = 5, .theirs_only = 5, .timestamps = 300};
    pair_init(pair, &spread, 7);
    struct negentropy_sink sink = {pair, learn_have, learn_need};
    bool done = false;
    assert_int_equal(negentropy_initiate(&pair->sides[0], &pair->message), STATUS_OK);
    for (int i = 0; i < 2; i++) {
        buf_clear(&pair->answer);
        assert_int_equal(negentropy_answer(&pair->sides[1], buf_bytes(&pair->message),
                                           &pair->answer, NULL),
                         STATUS_OK);
        if (i == 1)
            break;
        buf_clear(&pair->message);
        assert_int_equal(negentropy_continue(&pair->sides[0], buf_bytes(&pair->answer),
                                             &pair->message, &sink, &done, NULL),
                         STATUS_OK);
        assert_false(done);
    }
}

/* Both roles take it: accepted within bounds, or refused without a trace. The bytes stand
 * in memory of exactly their length, so that a sanitizer sees any step beyond. */
static void assert_harmless(struct side *side, const uint8_t *bytes, size_t len)
{
    uint8_t *copy = malloc(len + (len == 0));
    assert_non_null(copy);
    if (len > 0)
        memcpy(copy, bytes, len);
    bool done;
    enum status status = side_answer(side, bytes_of(copy, len));
    assert_true(status == STATUS_OK ? side->out.len >= 1 : side->out.len == 0);
    assert_true(status == STATUS_OK || status == STATUS_INVALID);
    status = side_continue(side, bytes_of(copy, len), &done);
    assert_true(status == STATUS_OK || status == STATUS_INVALID ||
                status == STATUS_UNSUPPORTED);
    assert_true(status == STATUS_OK || (side->out.len == 0 && side->reports == 0));
    assert_true(side->reports <= side->set.len + len / NEGENTROPY_ID_SIZE);
    free(copy);
}

static void truncated_messages_are_refused_or_harmless(void **state)
{
    struct pair pair;
    make_messages(&pair);
    struct side side;
    side_init(&side, 1000, 0);

    for (size_t len = 0; len <= pair.message.len; len++)
        assert_harmless(&side, pair.message.data, len);
    for (size_t len = 0; len <= pair.answer.len; len++)
        assert_harmless(&side, pair.answer.data, len);

    side_deinit(&side);
    pair_deinit(&pair);
}

static void mutated_messages_are_refused_or_harmless(void **state)
{
    struct pair pair;
    make_messages(&pair);
    struct side sides[2];
    side_init(&sides[0], 1000, 0);
    side_init(&sides[1], 1000, NEGENTROPY_FRAME_MIN);
    const struct buf *originals[2] = {&pair.message, &pair.answer};
    uint64_t seed = 11;

    for (int i = 0; i < MUTATIONS; i++) {
        const struct buf *original = originals[i % 2];
        struct buf mutant = {0};
        buf_add(&mutant, original->data, original->len);
        for (uint64_t strokes = 1 + draw(&seed) % 4; strokes > 0; strokes--) {
            size_t at = draw(&seed) % mutant.len;
            size_t len = draw(&seed) % 8;
            switch (draw(&seed) % 4) {
            case 0:
                mutant.data[at] = (uint8_t)draw(&seed);
                break;
            case 1:
                mutant.data[at] ^= (uint8_t)(1u << draw(&seed) % 8);
                break;
            case 2: /* some bytes fall out */
                len = len < mutant.len - at ? len : mutant.len - at - 1;
                memmove(mutant.data + at, mutant.data + at + len, mutant.len - at - len);
                mutant.len -= len;
                break;
            default: /* a piece comes twice */
                len = len < mutant.len - at ? len : mutant.len - at;
                assert_non_null(buf_reserve(&mutant, len));
                buf_add(&mutant, mutant.data + at, len);
            }
        }
        assert_harmless(&sides[i / 2 % 2], mutant.data, mutant.len);
        buf_deinit(&mutant);
    }
    side_deinit(&sides[0]);
    side_deinit(&sides[1]);
    pair_deinit(&pair);
}

/* ---- the set ---- */

static void set_sorts_and_merges_what_came_twice(void **state)
{
    struct negentropy_set forth, back;
    uint8_t a[NEGENTROPY_FINGERPRINT_SIZE], b[NEGENTROPY_FINGERPRINT_SIZE];
    negentropy_set_init(&forth);
    negentropy_set_init(&back);
    for (uint64_t i = 0; i < 700; i++) {
        add(&forth, i / 3, i);
        add(&back, (699 - i) / 3, 699 - i);
        add(&back, i / 3, i);
    }

    assert_int_equal(negentropy_set_seal(&forth), STATUS_OK);
    assert_int_equal(negentropy_set_seal(&back), STATUS_OK);

    assert_int_equal(negentropy_set_len(&forth), 700);
    assert_int_equal(negentropy_set_len(&back), 700);
    negentropy_set_fingerprint(&forth, 0, 700, a);
    negentropy_set_fingerprint(&back, 0, 700, b);
    assert_memory_equal(a, b, sizeof(a));
    negentropy_set_deinit(&forth);
    negentropy_set_deinit(&back);
}

static void set_refuses_the_timestamp_infinity(void **state)
{
    struct negentropy_set set;
    uint8_t id[NEGENTROPY_ID_SIZE] = {0};
    negentropy_set_init(&set);

    assert_int_equal(negentropy_set_add(&set, NEGENTROPY_INFINITY, id), STATUS_INVALID);
    assert_int_equal(negentropy_set_add(&set, NEGENTROPY_INFINITY - 1, id), STATUS_OK);

    negentropy_set_deinit(&set);
}

/* All bytes 0xff is -1: any number of them sums to minus that number. */
static void sums_carry_and_borrow_across_the_whole_width(void **state)
{
    struct negentropy_set set, alone;
    uint8_t id[NEGENTROPY_ID_SIZE];
    uint8_t wide[NEGENTROPY_FINGERPRINT_SIZE], narrow[NEGENTROPY_FINGERPRINT_SIZE];
    negentropy_set_init(&set);
    negentropy_set_init(&alone);
    memset(id, 0xff, sizeof(id));
    for (uint64_t i = 0; i < 2000; i++)
        assert_int_equal(negentropy_set_add(&set, i, id), STATUS_OK);
    for (uint64_t i = 0; i < 600; i++)
        assert_int_equal(negentropy_set_add(&alone, i, id), STATUS_OK);
    assert_int_equal(negentropy_set_seal(&set), STATUS_OK);
    assert_int_equal(negentropy_set_seal(&alone), STATUS_OK);

    negentropy_set_fingerprint(&alone, 0, 600, narrow);
    for (size_t begin = 0; begin <= 1400; begin++) {
        negentropy_set_fingerprint(&set, begin, begin + 600, wide);
        assert_memory_equal(wide, narrow, sizeof(wide));
    }
    negentropy_set_deinit(&set);
    negentropy_set_deinit(&alone);
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
                add(&pair.sets[side], 1000000 + i * 40, i);
        assert_int_equal(negentropy_set_seal(&pair.sets[side]), STATUS_OK);
        negentropy_init(&pair.sides[side], &pair.sets[side], limit);
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
        cmocka_unit_test(known_messages_are_answered_as_the_reference_does),
        cmocka_unit_test(malformed_messages_are_refused_by_both_sides),
        cmocka_unit_test(initiator_names_another_version_unsupported),
        cmocka_unit_test(refusal_of_the_sink_ends_the_session_step),
        cmocka_unit_test(full_frame_does_not_hide_items_from_a_side_without_any),
        cmocka_unit_test(truncated_messages_are_refused_or_harmless),
        cmocka_unit_test(mutated_messages_are_refused_or_harmless),
        cmocka_unit_test(set_sorts_and_merges_what_came_twice),
        cmocka_unit_test(set_refuses_the_timestamp_infinity),
        cmocka_unit_test(sums_carry_and_borrow_across_the_whole_width),
        cmocka_unit_test(idle_pair_needs_one_short_message_each_way),
        cmocka_unit_test(large_sets_with_few_differences_stay_cheap),
    };
    return cmocka_run_group_tests_name("negentropy", tests, NULL, NULL);
}
