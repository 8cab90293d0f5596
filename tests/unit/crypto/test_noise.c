#include "crypto/noise.h"

#include <stdbool.h>

#include "crypto/key.h"
#include "vector.h"

/* The published vectors are in test_noise_vectors.c; here is what they do not
 * show of the handshake. */

#define BUFFER 256
#define PAYLOAD_LEN 10

static const uint8_t init_s[32] = {1}, init_e[32] = {2}, resp_s[32] = {3},
                     resp_e[32] = {4};
static const uint8_t psk[32] = {5};
static const uint8_t payload[PAYLOAD_LEN] = "a payload";

/* Two sides of one handshake. */
struct pair {
    struct noise_handshake sides[2];
};

static void start(struct pair *pair, enum noise_pattern pattern)
{
    uint8_t rs[NOISE_KEY_SIZE];
    key_dh_public(rs, resp_s);
    const bool is_xk = pattern == NOISE_XK;
    struct noise_config config = {.pattern = pattern,
                                  .is_initiator = true,
                                  .prologue = (const uint8_t *)"prologue",
                                  .prologue_len = 8,
                                  .s_secret = init_s,
                                  .e_secret = init_e,
                                  .rs = is_xk ? rs : NULL,
                                  .psk = is_xk ? NULL : psk};
    noise_start(&pair->sides[0], &config);
    config.is_initiator = false;
    config.s_secret = resp_s;
    config.e_secret = resp_e;
    config.rs = NULL;
    noise_start(&pair->sides[1], &config);
}

/* The writer of message number writes it; returns its length. */
static size_t write_message(struct pair *pair, size_t number, uint8_t out[static BUFFER])
{
    size_t len = 0;
    assert_true(noise_write(&pair->sides[number % 2], payload, sizeof(payload), out,
                            BUFFER, &len));
    return len;
}

static bool read_message(struct pair *pair, size_t number, const uint8_t *message,
                         size_t len)
{
    uint8_t out[BUFFER];
    size_t out_len = 99;
    if (!noise_read(&pair->sides[1 - number % 2], message, len, out, sizeof(out),
                    &out_len)) {
        assert_int_equal(out_len, 0);
        return false;
    }
    assert_int_equal(out_len, sizeof(payload));
    assert_memory_equal(out, payload, sizeof(payload));
    return true;
}

static void exchange(struct pair *pair, size_t count)
{
    uint8_t message[BUFFER];
    for (size_t i = 0; i < count; i++) {
        size_t len = write_message(pair, i, message);
        assert_true(read_message(pair, i, message, len));
    }
}

/* Nothing is left but the mark that it failed. */
static void assert_wiped(const struct noise_handshake *side)
{
    struct noise_handshake wanted;
    memset(&wanted, 0, sizeof(wanted));
    wanted.failed = true;
    assert_memory_equal(side, &wanted, sizeof(wanted));
}

static void assert_refuses_everything(struct noise_handshake *side)
{
    uint8_t out[BUFFER];
    size_t len = 0;
    assert_false(noise_is_done(side));
    assert_null(noise_remote_static(side));
    assert_false(noise_write(side, NULL, 0, out, sizeof(out), &len));
    assert_false(noise_read(side, payload, sizeof(payload), out, sizeof(out), &len));
}

static const enum noise_pattern patterns[] = {NOISE_XK, NOISE_XXPSK0};

static void both_sides_end_with_the_same_hash_and_each_others_key(void **state)
{
    for (size_t p = 0; p < COUNT(patterns); p++) {
        struct pair pair;
        struct noise_cipher send[2], receive[2];
        uint8_t hash[2][NOISE_HASH_SIZE], keys[2][NOISE_KEY_SIZE];
        key_dh_public(keys[0], init_s);
        key_dh_public(keys[1], resp_s);
        start(&pair, patterns[p]);
        assert_false(noise_is_done(&pair.sides[0]));
        assert_false(noise_is_done(&pair.sides[1]));
        exchange(&pair, 3);
        for (size_t i = 0; i < 2; i++) {
            assert_memory_equal(noise_remote_static(&pair.sides[i]), keys[1 - i], 32);
            noise_split(&pair.sides[i], &send[i], &receive[i], hash[i]);
            assert_wiped(&pair.sides[i]);
        }
        assert_memory_equal(hash[0], hash[1], NOISE_HASH_SIZE);
        assert_memory_equal(send[0].key, receive[1].key, NOISE_KEY_SIZE);
        assert_memory_equal(send[1].key, receive[0].key, NOISE_KEY_SIZE);
        assert_memory_not_equal(send[0].key, send[1].key, NOISE_KEY_SIZE);
    }
}

static void remote_key_is_unknown_until_it_came(void **state)
{
    struct pair pair;
    start(&pair, NOISE_XXPSK0);
    exchange(&pair, 1);
    assert_null(noise_remote_static(&pair.sides[0]));

    start(&pair, NOISE_XXPSK0);
    exchange(&pair, 2);
    assert_non_null(noise_remote_static(&pair.sides[0]));
    assert_null(noise_remote_static(&pair.sides[1]));
}

/* In XXpsk0's first message the ephemeral key is sent in the clear but its change breaks
 * the tag all the same; so it is for every bit of every message. */
static void F2_each_flipped_bit_of_each_message_ends_the_handshake(void **state)
{
    for (size_t p = 0; p < COUNT(patterns); p++)
        for (size_t number = 0; number < 3; number++) {
            uint8_t message[BUFFER];
            struct pair before, pair;
            start(&before, patterns[p]);
            exchange(&before, number);
            size_t len = write_message(&before, number, message);
            for (size_t bit = 0; bit < len * 8; bit++) {
                pair = before;
                message[bit / 8] ^= (uint8_t)(1u << (bit % 8));
                /* X25519 ignores the highest bit of a point, the hash does not. */
                assert_false(read_message(&pair, number, message, len));
                message[bit / 8] ^= (uint8_t)(1u << (bit % 8));
                assert_wiped(&pair.sides[1 - number % 2]);
            }
            pair = before;
            assert_true(read_message(&pair, number, message, len));
        }
}

static void message_cut_at_every_byte_or_grown_ends_the_handshake(void **state)
{
    for (size_t p = 0; p < COUNT(patterns); p++)
        for (size_t number = 0; number < 3; number++) {
            uint8_t message[BUFFER];
            struct pair before, pair;
            start(&before, patterns[p]);
            exchange(&before, number);
            size_t len = write_message(&before, number, message);
            for (size_t cut = 0; cut < len; cut++) {
                pair = before;
                assert_false(read_message(&pair, number, message, cut));
                assert_wiped(&pair.sides[1 - number % 2]);
            }
            message[len] = 0;
            pair = before;
            assert_false(read_message(&pair, number, message, len + 1));
        }
}

static void H3_small_order_ephemeral_ends_the_handshake(void **state)
{
    static const char *const points[] = {
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000000",
        "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"};
    for (size_t i = 0; i < COUNT(points); i++) {
        uint8_t message[BUFFER] = {0};
        struct pair pair;
        start(&pair, NOISE_XK);
        vector_read_exactly(message, 32, points[i]);

        assert_false(read_message(&pair, 0, message, 32 + 16));

        assert_wiped(&pair.sides[1]);
        assert_refuses_everything(&pair.sides[1]);
    }
}

static void H3_small_order_responder_key_fails_the_first_message(void **state)
{
    static const uint8_t zero_point[32];
    struct noise_handshake side;
    const struct noise_config config = {.pattern = NOISE_XK,
                                        .is_initiator = true,
                                        .s_secret = init_s,
                                        .e_secret = init_e,
                                        .rs = zero_point};
    uint8_t out[BUFFER];
    size_t len = 99;
    noise_start(&side, &config);

    assert_false(noise_write(&side, NULL, 0, out, sizeof(out), &len));

    assert_int_equal(len, 0);
    assert_wiped(&side);
}

static void H4_third_message_of_another_session_ends_the_handshake(void **state)
{
    for (size_t p = 0; p < COUNT(patterns); p++) {
        static const uint8_t other_e[32] = {44};
        struct pair pair, other;
        uint8_t message[BUFFER];
        start(&other, patterns[p]);
        exchange(&other, 2);
        size_t len = write_message(&other, 2, message);
        start(&pair, patterns[p]);
        memcpy(pair.sides[1].e_secret, other_e, 32);
        key_dh_public(pair.sides[1].e_public, other_e);
        exchange(&pair, 2);

        assert_false(read_message(&pair, 2, message, len));
    }
}

static void handshake_refuses_another_prologue_key_or_psk(void **state)
{
    uint8_t message[BUFFER];
    struct pair pair;

    start(&pair, NOISE_XK);
    size_t len = write_message(&pair, 0, message);
    pair.sides[1].hash[0] ^= 1; /* as any other prologue does */
    assert_false(read_message(&pair, 0, message, len));

    start(&pair, NOISE_XK);
    len = write_message(&pair, 0, message);
    pair.sides[1].s_secret[1] ^= 1;
    assert_false(read_message(&pair, 0, message, len));

    start(&pair, NOISE_XXPSK0);
    len = write_message(&pair, 0, message);
    pair.sides[1].psk[31] ^= 1;
    assert_false(read_message(&pair, 0, message, len));
}

static void message_out_of_turn_ends_the_handshake(void **state)
{
    uint8_t out[BUFFER];
    size_t len = 0;
    struct pair pair;

    start(&pair, NOISE_XK);
    assert_false(noise_write(&pair.sides[1], NULL, 0, out, sizeof(out), &len));
    assert_refuses_everything(&pair.sides[1]);
    assert_false(noise_read(&pair.sides[0], payload, sizeof(payload), out, BUFFER, &len));
    assert_refuses_everything(&pair.sides[0]);

    start(&pair, NOISE_XK);
    exchange(&pair, 3);
    assert_false(noise_write(&pair.sides[1], NULL, 0, out, sizeof(out), &len));
    assert_refuses_everything(&pair.sides[1]);
}

static void payload_too_long_for_a_message_or_a_buffer_is_refused(void **state)
{
    static uint8_t big[NOISE_MESSAGE_MAX + 100], out[NOISE_MESSAGE_MAX + 100];
    uint8_t message[BUFFER], small[PAYLOAD_LEN];
    size_t len = 0;
    struct pair pair;

    start(&pair, NOISE_XK);
    assert_false(
        noise_write(&pair.sides[0], big, NOISE_MESSAGE_MAX, out, sizeof(out), &len));
    start(&pair, NOISE_XK);
    assert_true(noise_write(&pair.sides[0], big, NOISE_MESSAGE_MAX - NOISE_OVERHEAD_MAX,
                            out, sizeof(out), &len));
    start(&pair, NOISE_XK);
    assert_false(
        noise_write(&pair.sides[0], big, 10, out, 10 + NOISE_OVERHEAD_MAX - 1, &len));

    start(&pair, NOISE_XK);
    assert_false(
        noise_read(&pair.sides[1], big, NOISE_MESSAGE_MAX + 1, out, sizeof(out), &len));
    start(&pair, NOISE_XK);
    size_t message_len = write_message(&pair, 0, message);
    assert_false(
        noise_read(&pair.sides[1], message, message_len, small, PAYLOAD_LEN - 1, &len));
    start(&pair, NOISE_XK);
    message_len = write_message(&pair, 0, message);
    assert_true(
        noise_read(&pair.sides[1], message, message_len, small, PAYLOAD_LEN, &len));
}

static void deinit_wipes_and_accepts_a_zeroed_struct(void **state)
{
    struct pair pair;
    struct noise_handshake zeroed = {0};
    start(&pair, NOISE_XXPSK0);
    exchange(&pair, 2);

    noise_deinit(&pair.sides[0]);
    noise_deinit(&zeroed);

    assert_true(sodium_is_zero((const uint8_t *)&pair.sides[0], sizeof(pair.sides[0])));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_sides_end_with_the_same_hash_and_each_others_key),
        cmocka_unit_test(remote_key_is_unknown_until_it_came),
        cmocka_unit_test(F2_each_flipped_bit_of_each_message_ends_the_handshake),
        cmocka_unit_test(message_cut_at_every_byte_or_grown_ends_the_handshake),
        cmocka_unit_test(H3_small_order_ephemeral_ends_the_handshake),
        cmocka_unit_test(H3_small_order_responder_key_fails_the_first_message),
        cmocka_unit_test(H4_third_message_of_another_session_ends_the_handshake),
        cmocka_unit_test(handshake_refuses_another_prologue_key_or_psk),
        cmocka_unit_test(message_out_of_turn_ends_the_handshake),
        cmocka_unit_test(payload_too_long_for_a_message_or_a_buffer_is_refused),
        cmocka_unit_test(deinit_wipes_and_accepts_a_zeroed_struct),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
