/* Messages written by hand, cut short and mutated, for one side alone. */
#include "talk.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { MUTATIONS = 20000 };

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
    set_fingerprint(&none, 0, 0, empty);

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

/* A disk that fails in the middle of a message. */
struct failing {
    struct negentropy_source real;
    size_t items_left;
};

static size_t failing_len(void *context)
{
    const struct failing *failing = context;
    return failing->real.len(failing->real.context);
}

static size_t failing_lower_bound(void *context, size_t from, uint64_t timestamp,
                                  const uint8_t id[static NEGENTROPY_ID_SIZE])
{
    const struct failing *failing = context;
    return failing->real.lower_bound(failing->real.context, from, timestamp, id);
}

static void failing_item(void *context, size_t index, struct negentropy_item *item)
{
    struct failing *failing = context;
    *item = (struct negentropy_item){0};
    if (failing->items_left == 0)
        return;
    if (--failing->items_left > 0)
        failing->real.item(failing->real.context, index, item);
}

static void failing_sum(void *context, size_t begin, size_t end,
                        struct negentropy_sum *sum)
{
    const struct failing *failing = context;
    failing->real.sum(failing->real.context, begin, end, sum);
}

static enum status failing_status(void *context)
{
    return ((const struct failing *)context)->items_left == 0 ? STATUS_IO : STATUS_OK;
}

static void set_that_cannot_be_read_ends_the_call_and_reports_nothing_wrong(void **state)
{
    struct side side;
    side_init(&side, 20, 0);
    struct failing failing = {negentropy_set_source(&side.set), 0};
    struct negentropy_source source = {&failing,     failing_len, failing_lower_bound,
                                       failing_item, failing_sum, failing_status};
    negentropy_init(&side.session, source, 0);
    static const uint8_t empty_list[] = {NEGENTROPY_VERSION, 0, 0, 2, 0};
    struct bytes message = bytes_of(empty_list, sizeof(empty_list));
    bool done;

    for (size_t items = 1; items <= 20; items++) {
        failing.items_left = items;
        assert_int_equal(side_continue(&side, message, &done), STATUS_IO);
        assert_int_equal(side.reports, items - 1);
        assert_int_equal(side.out.len, 0);

        failing.items_left = items;
        assert_int_equal(side_answer(&side, message), STATUS_IO);
        assert_int_equal(side.out.len, 0);
    }
    failing.items_left = 21;
    assert_int_equal(side_continue(&side, message, &done), STATUS_OK);
    assert_int_equal(side.reports, 20);
    side_deinit(&side);
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

static void an_id_that_is_listed_twice_is_told_once(void **state)
{
    struct side side;
    uint8_t message[64 + 5];
    bool done;
    (void)state;
    side_init(&side, 0, 0);
    size_t len = from_hex(message, "6100000202");
    memset(message + len, 0xee, 2 * NEGENTROPY_ID_SIZE);

    assert_int_equal(side_continue(&side, bytes_of(message, sizeof(message)), &done),
                     STATUS_OK);

    assert_true(done);
    assert_int_equal(side.reports, 1);
    side_deinit(&side);
}

/* Takes as many as there is room for. */
static enum status take_until_full(void *context,
                                   const uint8_t id[static NEGENTROPY_ID_SIZE])
{
    size_t *room = context;
    return --*room == 0 ? STATUS_FULL : STATUS_OK;
}

static void a_sink_that_is_full_is_told_no_more(void **state)
{
    struct side side;
    uint8_t message[5 + 4 * NEGENTROPY_ID_SIZE];
    size_t room = 2;
    struct negentropy_sink sink = {&room, refuse_report, take_until_full};
    bool done;
    (void)state;
    side_init(&side, 0, 0);
    size_t len = from_hex(message, "6100000204");
    for (size_t i = 0; i < 4; i++)
        memset(message + len + i * NEGENTROPY_ID_SIZE, (int)i, NEGENTROPY_ID_SIZE);

    enum status status = negentropy_continue(
        &side.session, bytes_of(message, sizeof(message)), &side.out, &sink, &done, NULL);

    assert_int_equal(status, STATUS_FULL);
    assert_int_equal(room, 0);
    assert_int_equal(side.out.len, 0);
    side_deinit(&side);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_messages_are_answered_as_the_reference_does),
        cmocka_unit_test(malformed_messages_are_refused_by_both_sides),
        cmocka_unit_test(initiator_names_another_version_unsupported),
        cmocka_unit_test(refusal_of_the_sink_ends_the_session_step),
        cmocka_unit_test(full_frame_does_not_hide_items_from_a_side_without_any),
        cmocka_unit_test(set_that_cannot_be_read_ends_the_call_and_reports_nothing_wrong),
        cmocka_unit_test(truncated_messages_are_refused_or_harmless),
        cmocka_unit_test(an_id_that_is_listed_twice_is_told_once),
        cmocka_unit_test(a_sink_that_is_full_is_told_no_more),
        cmocka_unit_test(mutated_messages_are_refused_or_harmless),
    };
    return cmocka_run_group_tests_name("negentropy_message", tests, NULL, NULL);
}
