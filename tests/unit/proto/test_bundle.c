/*
 * Each test states what the format of a bundle promises, and U3 what becomes of one that
 * was changed on its way.
 */
#include "proto/bundle.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "proto/pack.h"

struct sample {
    struct sign_pair pair;
    struct bundle_header header;
    struct buf payload;
    size_t end; /* of the message `end`; the rest is padding */
};

static void begin_sample(struct sample *sample, uint32_t got_len)
{
    static const uint8_t seed[KEY_SEED_SIZE] = {7};
    *sample = (struct sample){0};
    sign_pair_init(&sample->pair, seed);
    struct bundle_header *header = &sample->header;
    memset(&header->network, 1, ID_SIZE);
    memset(&header->from, 2, ID_SIZE);
    memset(&header->to, 3, ID_SIZE);
    memcpy(header->node, sign_pair_key(&sample->pair), 32);
    header->number = 12;
    header->part = 3;
    header->is_last = true;
    header->got_len = got_len;
    for (uint32_t i = 0; i < got_len; i++) {
        memset(header->got[i].node, 40 + (int)i, 32);
        header->got[i].number = 1000 + i;
    }
    bundle_begin(&sample->payload, header);
}

static void add_text(struct sample *sample, const char *text)
{
    struct buf message = {0};
    pack_array(&message, 1);
    pack_str(&message, text);
    bundle_add(&sample->payload, &message);
    buf_deinit(&message);
}

/* The length of what is no padding. */
static size_t used(const struct buf *payload)
{
    size_t len = payload->len;
    while (len > 0 && payload->data[len - 1] == 0)
        len--;
    return len;
}

static void make_sample(struct sample *sample)
{
    begin_sample(sample, 2);
    add_text(sample, "one");
    add_text(sample, "two");
    assert_int_equal(bundle_end(&sample->payload, &sample->header, &sample->pair),
                     STATUS_OK);
    sample->end = used(&sample->payload);
}

static enum status check(struct bytes payload)
{
    struct bundle_header header;
    struct bytes messages;
    struct err err = {0};
    enum status status = bundle_check(payload, &header, &messages, &err);
    if (status != STATUS_OK)
        assert_true(err.text[0] != '\0');
    return status;
}

static void what_was_written_is_read(void **state)
{
    (void)state;
    struct sample sample;
    struct bundle_header header;
    struct bytes messages, message;
    make_sample(&sample);

    assert_int_equal(bundle_check(buf_bytes(&sample.payload), &header, &messages, NULL),
                     STATUS_OK);

    assert_true(id_equal(&header.network, &sample.header.network));
    assert_true(id_equal(&header.from, &sample.header.from));
    assert_true(id_equal(&header.to, &sample.header.to));
    assert_memory_equal(header.node, sample.header.node, 32);
    assert_int_equal(header.number, 12);
    assert_int_equal(header.part, 3);
    assert_true(header.is_last);
    assert_int_equal(header.got_len, 2);
    assert_int_equal(header.got[1].number, 1001);
    assert_int_equal(header.got[1].node[0], 41);
    assert_true(bundle_next(&messages, &message));
    assert_memory_equal(message.data + 2, "one", 3);
    assert_true(bundle_next(&messages, &message));
    assert_memory_equal(message.data + 2, "two", 3);
    assert_false(bundle_next(&messages, &message));
    buf_deinit(&sample.payload);
}

static void a_size_tells_its_class_alone(void **state)
{
    (void)state;
    for (size_t extra = 0; extra < BUNDLE_PAYLOAD_MAX - 1000; extra += 52429) {
        struct sample sample;
        struct buf message = {0};
        begin_sample(&sample, 0);
        assert_non_null(buf_reserve(&message, extra + 1));
        memset(message.data, 0xc0, extra + 1);
        message.len = extra + 1;
        bundle_add(&sample.payload, &message);
        size_t before = sample.payload.len;

        assert_int_equal(bundle_end(&sample.payload, &sample.header, &sample.pair),
                         STATUS_OK);

        size_t size = sample.payload.len;
        assert_int_equal(size & (size - 1), 0);
        assert_true(size >= BUNDLE_CLASS_MIN);
        assert_true(size == BUNDLE_CLASS_MIN || size / 2 < before + BUNDLE_END_SIZE);
        assert_int_equal(check(buf_bytes(&sample.payload)), STATUS_OK);
        buf_deinit(&message);
        buf_deinit(&sample.payload);
    }
}

static void more_than_a_file_holds_is_refused(void **state)
{
    (void)state;
    struct sample sample;
    begin_sample(&sample, 0);
    assert_non_null(buf_reserve(&sample.payload, BUNDLE_PAYLOAD_MAX));
    sample.payload.len = BUNDLE_PAYLOAD_MAX - BUNDLE_END_SIZE + 1;

    assert_int_equal(bundle_end(&sample.payload, &sample.header, &sample.pair),
                     STATUS_TOO_LARGE);

    buf_deinit(&sample.payload);
}

static void U3_a_flipped_bit_is_found_wherever_it_is(void **state)
{
    (void)state;
    struct sample sample;
    make_sample(&sample);
    for (size_t i = 0; i < sample.payload.len; i += i < sample.end ? 1 : 977) {
        for (int bit = 0; bit < 8; bit++) {
            sample.payload.data[i] ^= (uint8_t)(1 << bit);
            assert_int_not_equal(check(buf_bytes(&sample.payload)), STATUS_OK);
            sample.payload.data[i] ^= (uint8_t)(1 << bit);
        }
    }
    assert_int_equal(check(buf_bytes(&sample.payload)), STATUS_OK);
    buf_deinit(&sample.payload);
}

static void U3_one_that_is_cut_short_or_goes_on_is_refused(void **state)
{
    (void)state;
    struct sample sample;
    make_sample(&sample);
    for (size_t len = 0; len < sample.end + 3; len++)
        assert_int_not_equal(check(bytes_of(sample.payload.data, len)), STATUS_OK);
    assert_int_not_equal(check(bytes_of(sample.payload.data, sample.payload.len - 1)),
                         STATUS_OK);

    /* Zeros as far as the next class: somebody else's rule of padding. */
    size_t len = sample.payload.len;
    uint8_t *more = buf_reserve(&sample.payload, len);
    assert_non_null(more);
    memset(more, 0, len);
    assert_int_not_equal(check(bytes_of(sample.payload.data, 2 * len)), STATUS_OK);
    buf_deinit(&sample.payload);
}

static void U3_messages_of_two_bundles_make_none(void **state)
{
    (void)state;
    struct sample sample, other;
    make_sample(&sample);
    begin_sample(&other, 2);
    add_text(&other, "two");
    add_text(&other, "one");
    assert_int_equal(bundle_end(&other.payload, &other.header, &other.pair), STATUS_OK);
    assert_int_equal(sample.payload.len, other.payload.len);

    /* All of the one, and the signature of the other. */
    memcpy(other.payload.data, sample.payload.data, sample.end - SIGN_SIZE);

    assert_int_equal(check(buf_bytes(&other.payload)), STATUS_UNVERIFIED);
    buf_deinit(&sample.payload);
    buf_deinit(&other.payload);
}

static void a_newer_version_says_what_to_do(void **state)
{
    (void)state;
    struct sample sample;
    struct bundle_header header;
    struct bytes messages;
    struct err err = {0};
    make_sample(&sample);
    uint8_t *version = sample.payload.data + 4 + 1 + 7; /* length, array, "bundle" */
    assert_int_equal(*version, BUNDLE_VERSION);
    *version = BUNDLE_VERSION + 1;

    assert_int_equal(bundle_check(buf_bytes(&sample.payload), &header, &messages, &err),
                     STATUS_UNSUPPORTED);

    assert_non_null(strstr(err.text, "upgrade"));
    buf_deinit(&sample.payload);
}

static void more_receipts_than_machines_are_refused(void **state)
{
    (void)state;
    struct sample sample;
    begin_sample(&sample, BUNDLE_GOT_MAX);
    assert_int_equal(bundle_end(&sample.payload, &sample.header, &sample.pair),
                     STATUS_OK);
    assert_int_equal(check(buf_bytes(&sample.payload)), STATUS_OK);
    buf_deinit(&sample.payload);

    begin_sample(&sample, 0);
    struct buf more = {0};
    /* array(10) is there; the last element says one more than there may be. */
    buf_add(&more, sample.payload.data, sample.payload.len - 1);
    pack_array(&more, BUNDLE_GOT_MAX + 1);
    for (int i = 0; i <= BUNDLE_GOT_MAX; i++) {
        pack_array(&more, 2);
        pack_bin(&more, sample.header.node, 32);
        pack_uint(&more, 1);
    }
    uint32_t len = (uint32_t)more.len - 4;
    for (int i = 0; i < 4; i++)
        more.data[i] = (uint8_t)(len >> (24 - 8 * i));
    assert_int_equal(bundle_end(&more, &sample.header, &sample.pair), STATUS_OK);
    assert_int_equal(check(buf_bytes(&more)), STATUS_INVALID);
    buf_deinit(&more);
    buf_deinit(&sample.payload);
}

/* The first message by hand: its number, its part, and whether it is the last. */
static enum status check_first(uint64_t number, uint64_t part, bool says_last)
{
    struct sample sample;
    struct buf first = {0}, payload = {0};
    begin_sample(&sample, 0);
    pack_array(&first, 10);
    pack_str(&first, "bundle");
    pack_uint(&first, BUNDLE_VERSION);
    pack_bin(&first, sample.header.network.bytes, ID_SIZE);
    pack_bin(&first, sample.header.from.bytes, ID_SIZE);
    pack_bin(&first, sample.header.node, 32);
    pack_bin(&first, sample.header.to.bytes, ID_SIZE);
    pack_uint(&first, number);
    pack_uint(&first, part);
    if (says_last)
        pack_bool(&first, true);
    else
        pack_uint(&first, 1);
    pack_array(&first, 0);
    bundle_add(&payload, &first);
    assert_int_equal(bundle_end(&payload, &sample.header, &sample.pair), STATUS_OK);
    enum status status = check(buf_bytes(&payload));
    buf_deinit(&first);
    buf_deinit(&payload);
    buf_deinit(&sample.payload);
    return status;
}

static void numbers_beyond_their_limits_are_refused(void **state)
{
    (void)state;
    assert_int_equal(check_first(INT64_MAX, UINT32_MAX, true), STATUS_OK);
    assert_int_equal(check_first((uint64_t)INT64_MAX + 1, 0, true), STATUS_INVALID);
    assert_int_equal(check_first(1, (uint64_t)UINT32_MAX + 1, true), STATUS_INVALID);
    assert_int_equal(check_first(1, 0, false), STATUS_INVALID);
}

static void what_is_larger_than_a_payload_is_none(void **state)
{
    (void)state;
    struct sample sample;
    make_sample(&sample);
    assert_int_equal(check((struct bytes){0}), STATUS_INVALID);
    assert_non_null(buf_reserve(&sample.payload, BUNDLE_PAYLOAD_MAX));
    memset(sample.payload.data + sample.payload.len, 0,
           BUNDLE_PAYLOAD_MAX + 1 - sample.payload.len);
    sample.payload.len = BUNDLE_PAYLOAD_MAX + 1;
    assert_int_equal(check(buf_bytes(&sample.payload)), STATUS_INVALID);
    buf_deinit(&sample.payload);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_written_is_read),
        cmocka_unit_test(numbers_beyond_their_limits_are_refused),
        cmocka_unit_test(what_is_larger_than_a_payload_is_none),
        cmocka_unit_test(a_size_tells_its_class_alone),
        cmocka_unit_test(more_than_a_file_holds_is_refused),
        cmocka_unit_test(U3_a_flipped_bit_is_found_wherever_it_is),
        cmocka_unit_test(U3_one_that_is_cut_short_or_goes_on_is_refused),
        cmocka_unit_test(U3_messages_of_two_bundles_make_none),
        cmocka_unit_test(a_newer_version_says_what_to_do),
        cmocka_unit_test(more_receipts_than_machines_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
