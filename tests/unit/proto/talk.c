#include "talk.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { ROUNDS_LIMIT = 2000 };

uint64_t draw(uint64_t *seed)
{
    uint64_t z = (*seed += UINT64_C(0x9e3779b97f4a7c15));
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

static void make_id(uint64_t number, uint8_t id[static NEGENTROPY_ID_SIZE])
{
    uint64_t seed = number;
    for (int i = 0; i < NEGENTROPY_ID_SIZE - 8; i++)
        id[i] = (uint8_t)draw(&seed);
    memcpy(id + NEGENTROPY_ID_SIZE - 8, &number, 8);
}

void add_item(struct negentropy_set *set, uint64_t timestamp, uint64_t number)
{
    uint8_t id[NEGENTROPY_ID_SIZE];
    make_id(number, id);
    assert_int_equal(negentropy_set_add(set, timestamp, id), STATUS_OK);
}

void set_fingerprint(struct negentropy_set *set, size_t begin, size_t end,
                     uint8_t out[static NEGENTROPY_FINGERPRINT_SIZE])
{
    struct negentropy_source source = negentropy_set_source(set);
    struct negentropy_sum sum;
    source.sum(source.context, begin, end, &sum);
    negentropy_sum_fingerprint(&sum, end - begin, out);
}

void pair_init(struct pair *pair, const struct spread *spread, uint64_t seed)
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
                add_item(&pair->sets[side], timestamp, i);
    }
    for (int side = 0; side < 2; side++) {
        assert_int_equal(negentropy_set_seal(&pair->sets[side]), STATUS_OK);
        negentropy_init(&pair->sides[side], negentropy_set_source(&pair->sets[side]),
                        spread->limits[side]);
    }
}

void pair_deinit(struct pair *pair)
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

enum status learn_have(void *context, const uint8_t id[static NEGENTROPY_ID_SIZE])
{
    struct pair *pair = context;
    pair->have++;
    learn(pair, id, OURS, THEIRS);
    return STATUS_OK;
}

enum status learn_need(void *context, const uint8_t id[static NEGENTROPY_ID_SIZE])
{
    struct pair *pair = context;
    pair->need++;
    learn(pair, id, THEIRS, OURS);
    return STATUS_OK;
}

void pair_talk(struct pair *pair)
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

void assert_all_learned(const struct pair *pair)
{
    for (size_t i = 0; i < pair->items_len; i++)
        assert_int_equal(pair->holders[i], OURS | THEIRS);
    bool is_limited = pair->sides[0].frame_size_limit + pair->sides[1].frame_size_limit;
    assert_true(is_limited || !pair->repeats);
}

void side_init(struct side *side, size_t items_len, size_t limit)
{
    *side = (struct side){0};
    negentropy_set_init(&side->set);
    for (size_t i = 0; i < items_len; i++)
        add_item(&side->set, 100 + i / 2, i);
    assert_int_equal(negentropy_set_seal(&side->set), STATUS_OK);
    negentropy_init(&side->session, negentropy_set_source(&side->set), limit);
}

void side_deinit(struct side *side)
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

enum status side_answer(struct side *side, struct bytes message)
{
    buf_clear(&side->out);
    return negentropy_answer(&side->session, message, &side->out, NULL);
}

enum status side_continue(struct side *side, struct bytes message, bool *done)
{
    struct negentropy_sink sink = {side, count_report, count_report};
    buf_clear(&side->out);
    side->reports = 0;
    return negentropy_continue(&side->session, message, &side->out, &sink, done, NULL);
}
