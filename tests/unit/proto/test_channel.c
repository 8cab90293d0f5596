/* One connection, both ends in memory: handshake, frames, messages. Rows H1 to H6 and F1
 * to F3 of the bad inputs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "crypto/key.h"
#include "proto/channel.h"
#include "proto/frame.h"
#include "proto/hello.h"
#include "proto/limits.h"

struct pair {
    struct channel a, b; /* dialer, listener */
    struct channel_replays replays;
};

static const uint8_t a_secret[32] = {1}, b_secret[32] = {2}, e_a[32] = {3}, e_b[32] = {4};
static const uint8_t psk[32] = {5}, other_psk[32] = {6};

static void start(struct pair *pair, enum noise_pattern pattern)
{
    static uint8_t b_public[32];
    key_dh_public(b_public, b_secret);
    memset(pair, 0, sizeof(*pair));
    struct channel_config config = {
        .is_initiator = true,
        .pattern = pattern,
        .s_secret = a_secret,
        .e_secret = e_a,
        .remote_static = pattern == NOISE_XK ? b_public : NULL,
        .psks = {psk},
        .psks_len = pattern == NOISE_XK ? 0 : 1,
    };
    assert_int_equal(channel_init(&pair->a, &config), STATUS_OK);
    config = (struct channel_config){
        .s_secret = b_secret,
        .e_secret = e_b,
        .psks = {other_psk, psk},
        .psks_len = 2,
        .replays = &pair->replays,
    };
    assert_int_equal(channel_init(&pair->b, &config), STATUS_OK);
}

static void stop(struct pair *pair)
{
    channel_deinit(&pair->a);
    channel_deinit(&pair->b);
}

/* Carries what from has to say to to, step bytes at a time. */
static enum status carry(struct channel *from, struct channel *to, size_t step)
{
    enum status status = STATUS_OK;
    struct buf moved = from->out;
    from->out = (struct buf){0};
    for (size_t at = 0; at < moved.len && status == STATUS_OK; at += step) {
        size_t len = moved.len - at < step ? moved.len - at : step;
        status = channel_receive(to, bytes_of(moved.data + at, len), NULL);
    }
    buf_deinit(&moved);
    return status;
}

static void open_both(struct pair *pair, enum noise_pattern pattern, size_t step)
{
    start(pair, pattern);
    assert_int_equal(carry(&pair->a, &pair->b, step), STATUS_OK);
    assert_int_equal(carry(&pair->b, &pair->a, step), STATUS_OK);
    assert_int_equal(carry(&pair->a, &pair->b, step), STATUS_OK);
    assert_true(channel_is_open(&pair->a));
    assert_true(channel_is_open(&pair->b));
}

static void both_patterns_open_and_know_each_other(void **state)
{
    static const size_t steps[] = {1, 7, 100000};
    for (int pattern = 0; pattern < 2; pattern++) {
        for (int i = 0; i < 3; i++) {
            struct pair pair;
            uint8_t key[32];
            open_both(&pair, pattern == 0 ? NOISE_XK : NOISE_XXPSK0, steps[i]);
            assert_memory_equal(pair.a.hash, pair.b.hash, NOISE_HASH_SIZE);
            key_dh_public(key, a_secret);
            assert_memory_equal(pair.b.remote_static, key, 32);
            key_dh_public(key, b_secret);
            assert_memory_equal(pair.a.remote_static, key, 32);
            stop(&pair);
        }
    }
}

static void each_open_invitation_opens(void **state)
{
    (void)state;
    for (uint32_t used = 0; used < 2; used++) {
        struct pair pair;
        start(&pair, NOISE_XXPSK0);
        memcpy(pair.b.psks[used], psk, 32);
        memcpy(pair.b.psks[1 - used], other_psk, 32);
        assert_int_equal(carry(&pair.a, &pair.b, 100000), STATUS_OK);
        assert_int_equal(carry(&pair.b, &pair.a, 100000), STATUS_OK);
        assert_int_equal(carry(&pair.a, &pair.b, 100000), STATUS_OK);
        assert_true(channel_is_open(&pair.b));
        assert_int_equal(pair.b.psk_used, used);
        stop(&pair);
    }
}

/* Who pinned the key that the listener had before comes in, and is told from others. */
static void a_listener_answers_under_its_former_key(void **state)
{
    static const uint8_t new_secret[32] = {8}; /* 7 is clamped to what 2 is */
    uint8_t new_public[32], b_public[32];
    struct pair pair;
    (void)state;
    key_dh_public(new_public, new_secret);
    key_dh_public(b_public, b_secret);
    for (int has_also = 0; has_also < 2; has_also++) {
        start(&pair, NOISE_XK); /* a dials b's former key */
        channel_deinit(&pair.b);
        struct channel_config config = {.s_secret = new_secret,
                                        .s_public = new_public,
                                        .also_secret = has_also ? b_secret : NULL,
                                        .also_public = has_also ? b_public : NULL,
                                        .e_secret = e_b,
                                        .replays = &pair.replays};
        assert_int_equal(channel_init(&pair.b, &config), STATUS_OK);
        enum status status = carry(&pair.a, &pair.b, 100000);
        assert_int_equal(status, has_also ? STATUS_OK : STATUS_UNVERIFIED);
        if (has_also) {
            assert_int_equal(carry(&pair.b, &pair.a, 100000), STATUS_OK);
            assert_int_equal(carry(&pair.a, &pair.b, 100000), STATUS_OK);
            assert_true(channel_is_open(&pair.a));
            assert_true(channel_is_open(&pair.b));
        }
        assert_int_equal(pair.b.is_also, has_also);
        stop(&pair);
    }
}

static void messages_of_any_size_arrive_whole_and_in_order(void **state)
{
    static const size_t sizes[] = {0, 1, 200, 236, 237, 32749, 32750, MESSAGE_SIZE_MAX};
    struct pair pair;
    open_both(&pair, NOISE_XK, 100000);
    uint8_t *data = malloc(MESSAGE_SIZE_MAX);
    assert_non_null(data);
    for (size_t i = 0; i < MESSAGE_SIZE_MAX; i++)
        data[i] = (uint8_t)(i * 7);
    for (size_t i = 0; i < 8; i++)
        channel_send(&pair.b, bytes_of(data, sizes[i]));
    channel_finish(&pair.b);

    assert_int_equal(carry(&pair.b, &pair.a, 1000), STATUS_OK);

    for (size_t i = 0; i < 8; i++) {
        struct bytes message;
        assert_int_equal(channel_next(&pair.a, &message), STATUS_OK);
        assert_true(bytes_equal(message, bytes_of(data, sizes[i])));
    }
    struct bytes message;
    assert_int_equal(channel_next(&pair.a, &message), STATUS_NOT_FOUND);
    assert_true(channel_is_finished(&pair.a));
    free(data);
    stop(&pair);
}

static void keys_change_after_65536_frames_and_both_go_on(void **state)
{
    struct pair pair;
    struct bytes message;
    open_both(&pair, NOISE_XK, 100000);
    uint8_t first_key[32];
    memcpy(first_key, pair.a.send.key, 32);
    for (int i = 0; i < CHANNEL_REKEY_FRAMES + 2; i++) {
        channel_send(&pair.a, bytes_str("x"));
        channel_flush(&pair.a);
        assert_int_equal(carry(&pair.a, &pair.b, 100000), STATUS_OK);
        assert_int_equal(channel_next(&pair.b, &message), STATUS_OK);
    }
    assert_memory_not_equal(first_key, pair.a.send.key, 32);
    stop(&pair);
}

static void F3_a_close_without_fin_is_not_finished(void **state)
{
    struct pair pair;
    open_both(&pair, NOISE_XK, 100000);
    channel_send(&pair.a, bytes_str("half a thought"));
    channel_flush(&pair.a);
    assert_int_equal(carry(&pair.a, &pair.b, 100000), STATUS_OK);
    assert_false(channel_is_finished(&pair.b));
    stop(&pair);
}

static enum status listener_hears(const void *data, size_t len)
{
    struct pair pair;
    start(&pair, NOISE_XK);
    enum status status = channel_receive(&pair.b, bytes_of(data, len), NULL);
    size_t said = pair.b.out.len;
    stop(&pair);
    assert_int_equal(said, 0);
    return status;
}

static void H1_garbage_is_dropped_without_an_answer(void **state)
{
    uint8_t *noise = malloc(1000000);
    assert_non_null(noise);
    struct rng_keyed *dice = rng_keyed_new(5, 5);
    struct rng rng = rng_keyed_rng(dice);
    rng_fill(&rng, "noise", NULL, noise, 1000000);
    assert_int_equal(listener_hears(noise, 0), STATUS_OK);
    assert_int_equal(listener_hears(noise, 1), STATUS_OK);
    assert_int_equal(listener_hears(noise, 1000000), STATUS_UNVERIFIED);
    const char http[] = "GET / HTTP/1.1\r\n\r\n";
    assert_int_equal(listener_hears(http, sizeof(http) - 1), STATUS_UNVERIFIED);
    const uint8_t tls[] = {0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3};
    assert_int_equal(listener_hears(tls, sizeof(tls)), STATUS_UNVERIFIED);
    rng_keyed_free(dice);
    free(noise);
}

/* The linker gives multiplications to us first (--wrap). */
void __wrap_key_dh_public(uint8_t public_key[static KEY_SIZE],
                          const uint8_t secret[static KEY_SIZE]);
void __real_key_dh_public(uint8_t public_key[static KEY_SIZE],
                          const uint8_t secret[static KEY_SIZE]);
static int multiplications;

void __wrap_key_dh_public(uint8_t public_key[static KEY_SIZE],
                          const uint8_t secret[static KEY_SIZE])
{
    multiplications++;
    __real_key_dh_public(public_key, secret);
}

/* Whoever knocks a hundred thousand times a second must not make us multiply points. */
static void H1_garbage_of_the_right_length_costs_no_multiplication(void **state)
{
    (void)state;
    uint8_t secret[32] = {1}, ephemeral[32] = {2}, public[32];
    uint8_t garbage[HELLO_SIZE + HELLO_FIRST_SIZE] = {0};
    struct channel channel;
    key_dh_public(public, secret);
    hello_preamble(garbage, NOISE_XK);
    struct channel_config config = {
        .s_secret = secret, .s_public = public, .e_secret = ephemeral};
    multiplications = 0;

    assert_int_equal(channel_init(&channel, &config), STATUS_OK);
    assert_int_equal(channel_receive(&channel, bytes_of(garbage, sizeof(garbage)), NULL),
                     STATUS_UNVERIFIED);

    assert_int_equal(multiplications, 0);
    assert_int_equal(channel.out.len, 0);
    channel_deinit(&channel);
}

static void H2_a_bad_mac_and_a_right_mac_with_a_wrong_key_are_dropped(void **state)
{
    struct pair pair;
    start(&pair, NOISE_XK);
    pair.a.out.data[HELLO_PREAMBLE_SIZE] ^= 1;
    assert_int_equal(carry(&pair.a, &pair.b, 100000), STATUS_UNVERIFIED);
    assert_int_equal(pair.b.out.len, 0);
    stop(&pair);

    start(&pair, NOISE_XK);
    uint8_t key[32], public_key[32];
    uint8_t *hello = pair.a.out.data;
    hello[HELLO_SIZE + 40] ^= 1;
    key_dh_public(public_key, b_secret);
    hello_key(key, NOISE_XK, public_key);
    hello_mac(hello + HELLO_PREAMBLE_SIZE, key, hello, hello + HELLO_SIZE);
    assert_int_equal(carry(&pair.a, &pair.b, 100000), STATUS_UNVERIFIED);
    assert_int_equal(pair.b.out.len, 0);
    stop(&pair);
}

static void H3_an_all_zero_ephemeral_is_dropped(void **state)
{
    struct pair pair;
    start(&pair, NOISE_XK);
    uint8_t key[32], public_key[32];
    uint8_t *hello = pair.a.out.data;
    memset(hello + HELLO_SIZE, 0, 32);
    key_dh_public(public_key, b_secret);
    hello_key(key, NOISE_XK, public_key);
    hello_mac(hello + HELLO_PREAMBLE_SIZE, key, hello, hello + HELLO_SIZE);
    assert_int_equal(carry(&pair.a, &pair.b, 100000), STATUS_UNVERIFIED);
    assert_int_equal(pair.b.out.len, 0);
    stop(&pair);
}

static void H4_a_replayed_first_message_is_dropped_before_any_answer(void **state)
{
    struct pair pair;
    start(&pair, NOISE_XK);
    struct buf hello = {0};
    buf_add(&hello, pair.a.out.data, pair.a.out.len);
    assert_int_equal(carry(&pair.a, &pair.b, 100000), STATUS_OK);
    for (int i = 0; i < 1000; i++) {
        struct channel again;
        struct channel_config config = {
            .s_secret = b_secret, .e_secret = e_b, .replays = &pair.replays};
        assert_int_equal(channel_init(&again, &config), STATUS_OK);
        assert_int_equal(channel_receive(&again, buf_bytes(&hello), NULL),
                         STATUS_UNVERIFIED);
        assert_int_equal(again.out.len, 0);
        channel_deinit(&again);
    }
    buf_deinit(&hello);
    stop(&pair);
}

static void H4_the_third_message_of_another_session_is_dropped(void **state)
{
    struct pair one, two;
    start(&one, NOISE_XK);
    start(&two, NOISE_XK);
    two.b.s_secret[0] = 2;
    two.b.e_secret[1] = 77;
    assert_int_equal(carry(&one.a, &one.b, 100000), STATUS_OK);
    assert_int_equal(carry(&one.b, &one.a, 100000), STATUS_OK);
    assert_int_equal(carry(&two.a, &two.b, 100000), STATUS_OK);
    assert_int_equal(carry(&one.a, &two.b, 100000), STATUS_UNVERIFIED);
    stop(&one);
    stop(&two);
}

static void H6_every_flipped_bit_of_the_hello_is_dropped(void **state)
{
    for (size_t bit = 0; bit < (HELLO_SIZE + HELLO_FIRST_SIZE) * 8; bit++) {
        struct pair pair;
        start(&pair, NOISE_XK);
        pair.a.out.data[bit / 8] ^= (uint8_t)(1 << bit % 8);
        assert_int_equal(carry(&pair.a, &pair.b, 100000), STATUS_UNVERIFIED);
        assert_int_equal(pair.b.out.len, 0);
        stop(&pair);
    }
    uint8_t hello[HELLO_SIZE + HELLO_FIRST_SIZE] = {'F', 'Q', 0, 1};
    assert_int_equal(listener_hears(hello, sizeof(hello)), STATUS_UNVERIFIED);
    hello[2] = 255;
    assert_int_equal(listener_hears(hello, sizeof(hello)), STATUS_UNVERIFIED);
}

static void F1_frame_lengths_of_no_class_close(void **state)
{
    static const uint16_t lengths[] = {0, 15, 255, 257, 65535};
    for (int i = 0; i < 5; i++) {
        struct pair pair;
        open_both(&pair, NOISE_XK, 100000);
        uint8_t raw[2] = {(uint8_t)(lengths[i] >> 8), (uint8_t)lengths[i]};
        assert_int_equal(channel_receive(&pair.b, bytes_of(raw, 2), NULL),
                         STATUS_UNVERIFIED);
        stop(&pair);
    }
}

static void F1_a_frame_cut_at_any_byte_delivers_nothing(void **state)
{
    for (size_t cut = 0; cut < 258; cut++) {
        struct pair pair;
        struct bytes message;
        open_both(&pair, NOISE_XK, 100000);
        channel_send(&pair.a, bytes_str("hello"));
        channel_flush(&pair.a);
        assert_int_equal(pair.a.out.len, 258);
        pair.a.out.len = cut;
        assert_int_equal(carry(&pair.a, &pair.b, 100000), STATUS_OK);
        assert_int_equal(channel_next(&pair.b, &message), STATUS_NOT_FOUND);
        stop(&pair);
    }
}

static void F2_flipped_reordered_doubled_and_reflected_frames_close(void **state)
{
    for (int fault = 0; fault < 4; fault++) {
        struct pair pair;
        open_both(&pair, NOISE_XK, 100000);
        channel_send(&pair.a, bytes_str("one"));
        channel_flush(&pair.a);
        channel_send(&pair.a, bytes_str("two"));
        channel_flush(&pair.a);
        uint8_t *frames = pair.a.out.data, spare[258];
        struct channel *to = &pair.b;
        assert_int_equal(pair.a.out.len, 516);
        memcpy(spare, frames, 258);
        if (fault == 0)
            frames[100] ^= 1;
        if (fault == 1) {
            memcpy(frames, frames + 258, 258);
            memcpy(frames + 258, spare, 258);
        }
        if (fault == 2)
            memcpy(frames + 258, spare, 258);
        if (fault == 3)
            to = &pair.a;
        struct buf raw = pair.a.out;
        pair.a.out = (struct buf){0};
        assert_int_equal(channel_receive(to, buf_bytes(&raw), NULL), STATUS_UNVERIFIED);
        buf_deinit(&raw);
        stop(&pair);
    }
}

static void a_message_longer_than_the_limit_is_refused_before_it_is_read(void **state)
{
    struct pair pair;
    struct bytes message;
    open_both(&pair, NOISE_XK, 100000);
    buf_add_u32(&pair.a.pending, MESSAGE_SIZE_MAX + 1);
    channel_flush(&pair.a);
    assert_int_equal(carry(&pair.a, &pair.b, 100000), STATUS_OK);
    assert_int_equal(channel_next(&pair.b, &message), STATUS_TOO_LARGE);
    stop(&pair);
}

static void H3_an_all_zero_ephemeral_of_who_knows_the_code_is_dropped(void **state)
{
    struct pair pair;
    struct noise_handshake dialer;
    uint8_t prologue[HELLO_PREAMBLE_SIZE + ID_SIZE] = {0};
    uint8_t message[HELLO_SIZE + HELLO_FIRST_SIZE + NOISE_OVERHEAD_MAX], key[32];
    size_t len;
    (void)state;
    start(&pair, NOISE_XXPSK0);
    hello_preamble(prologue, NOISE_XXPSK0);
    const struct noise_config config = {.pattern = NOISE_XXPSK0,
                                        .is_initiator = true,
                                        .prologue = prologue,
                                        .prologue_len = sizeof(prologue),
                                        .s_secret = a_secret,
                                        .e_secret = e_a,
                                        .psk = psk};
    noise_start(&dialer, &config);
    memset(dialer.e_public, 0, sizeof(dialer.e_public));
    assert_true(noise_write(&dialer, NULL, 0, message + HELLO_SIZE,
                            sizeof(message) - HELLO_SIZE, &len));
    assert_int_equal(len, HELLO_FIRST_SIZE);
    hello_preamble(message, NOISE_XXPSK0);
    hello_key(key, NOISE_XXPSK0, psk);
    hello_mac(message + HELLO_PREAMBLE_SIZE, key, message, message + HELLO_SIZE);

    assert_int_equal(
        channel_receive(&pair.b, bytes_of(message, HELLO_SIZE + HELLO_FIRST_SIZE), NULL),
        STATUS_UNVERIFIED);

    assert_int_equal(pair.b.out.len, 0);
    noise_deinit(&dialer);
    stop(&pair);
}

static void H3_nobody_dials_a_key_that_agrees_with_everyone(void **state)
{
    static const uint8_t zeros[32];
    struct channel channel;
    const struct channel_config config = {.is_initiator = true,
                                          .pattern = NOISE_XK,
                                          .s_secret = a_secret,
                                          .e_secret = e_a,
                                          .remote_static = zeros};
    (void)state;

    assert_int_equal(channel_init(&channel, &config), STATUS_UNVERIFIED);

    assert_int_equal(channel.out.len, 0);
    channel_deinit(&channel);
}

static void after_a_fault_nothing_is_heard_and_nothing_said(void **state)
{
    struct pair pair;
    uint8_t garbage[2] = {0, 15};
    open_both(&pair, NOISE_XK, 100000);
    (void)state;
    assert_int_equal(channel_receive(&pair.b, bytes_of(garbage, 2), NULL),
                     STATUS_UNVERIFIED);
    channel_send(&pair.a, bytes_str("too late"));
    channel_flush(&pair.a);

    assert_int_equal(carry(&pair.a, &pair.b, 100000), STATUS_UNVERIFIED);
    channel_send(&pair.b, bytes_str("an answer"));
    channel_finish(&pair.b);

    struct bytes message;
    assert_int_equal(channel_next(&pair.b, &message), STATUS_NOT_FOUND);
    assert_int_equal(pair.b.out.len, 0);
    stop(&pair);
}

static void a_message_in_two_frames_is_not_there_before_the_second(void **state)
{
    struct pair pair;
    struct bytes message;
    static const uint8_t data[FRAME_USED_MAX + 1];
    open_both(&pair, NOISE_XK, 100000);
    (void)state;
    channel_send(&pair.a, bytes_of(data, sizeof(data)));
    channel_finish(&pair.a);
    size_t first = FRAME_LENGTH_SIZE + FRAME_CLASS_MAX;
    assert_int_equal(channel_receive(&pair.b, bytes_of(pair.a.out.data, first), NULL),
                     STATUS_OK);
    assert_int_equal(channel_next(&pair.b, &message), STATUS_NOT_FOUND);
    buf_drop(&pair.a.out, first);
    assert_int_equal(carry(&pair.a, &pair.b, 100000), STATUS_OK);

    assert_false(channel_is_finished(&pair.b));
    assert_int_equal(channel_next(&pair.b, &message), STATUS_OK);
    assert_int_equal(message.len, sizeof(data));
    assert_true(channel_is_finished(&pair.b));
    stop(&pair);
}

static void fin_is_said_once_and_nothing_after_it(void **state)
{
    struct pair pair;
    open_both(&pair, NOISE_XK, 100000);
    (void)state;
    channel_finish(&pair.a);
    size_t said = pair.a.out.len;

    channel_send(&pair.a, bytes_str("one more thing"));
    channel_flush(&pair.a);
    channel_finish(&pair.a);

    assert_int_equal(pair.a.out.len, said);
    stop(&pair);
}

static void F2_a_frame_after_the_last_one_closes(void **state)
{
    struct pair pair;
    open_both(&pair, NOISE_XK, 100000);
    (void)state;
    channel_finish(&pair.a);
    pair.a.fin_sent = false;
    channel_send(&pair.a, bytes_str("one more thing"));
    channel_flush(&pair.a);

    assert_int_equal(carry(&pair.a, &pair.b, 100000), STATUS_UNVERIFIED);

    stop(&pair);
}

static void F2_a_sealed_frame_that_is_not_well_formed_closes(void **state)
{
    (void)state;
    for (int fault = 0; fault < 3; fault++) {
        struct pair pair;
        uint8_t plain[256 - FRAME_TAG_SIZE], frame[FRAME_LENGTH_SIZE + 256] = {1, 0};
        open_both(&pair, NOISE_XK, 100000);
        frame_fill(plain, 256, 0, NULL, 0);
        plain[0] = fault == 0 ? 2 : 0;
        plain[1] = fault == 1 ? 255 : 0;
        plain[sizeof(plain) - 1] = fault == 2;
        assert_true(
            noise_seal(&pair.a.send, plain, sizeof(plain), frame + FRAME_LENGTH_SIZE));

        assert_int_equal(channel_receive(&pair.b, bytes_of(frame, sizeof(frame)), NULL),
                         STATUS_UNVERIFIED);

        stop(&pair);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_patterns_open_and_know_each_other),
        cmocka_unit_test(each_open_invitation_opens),
        cmocka_unit_test(a_listener_answers_under_its_former_key),
        cmocka_unit_test(messages_of_any_size_arrive_whole_and_in_order),
        cmocka_unit_test(keys_change_after_65536_frames_and_both_go_on),
        cmocka_unit_test(F3_a_close_without_fin_is_not_finished),
        cmocka_unit_test(H1_garbage_is_dropped_without_an_answer),
        cmocka_unit_test(H1_garbage_of_the_right_length_costs_no_multiplication),
        cmocka_unit_test(H2_a_bad_mac_and_a_right_mac_with_a_wrong_key_are_dropped),
        cmocka_unit_test(H3_an_all_zero_ephemeral_is_dropped),
        cmocka_unit_test(H4_a_replayed_first_message_is_dropped_before_any_answer),
        cmocka_unit_test(H4_the_third_message_of_another_session_is_dropped),
        cmocka_unit_test(H6_every_flipped_bit_of_the_hello_is_dropped),
        cmocka_unit_test(F1_frame_lengths_of_no_class_close),
        cmocka_unit_test(F1_a_frame_cut_at_any_byte_delivers_nothing),
        cmocka_unit_test(F2_flipped_reordered_doubled_and_reflected_frames_close),
        cmocka_unit_test(a_message_longer_than_the_limit_is_refused_before_it_is_read),
        cmocka_unit_test(H3_an_all_zero_ephemeral_of_who_knows_the_code_is_dropped),
        cmocka_unit_test(H3_nobody_dials_a_key_that_agrees_with_everyone),
        cmocka_unit_test(after_a_fault_nothing_is_heard_and_nothing_said),
        cmocka_unit_test(a_message_in_two_frames_is_not_there_before_the_second),
        cmocka_unit_test(fin_is_said_once_and_nothing_after_it),
        cmocka_unit_test(F2_a_frame_after_the_last_one_closes),
        cmocka_unit_test(F2_a_sealed_frame_that_is_not_well_formed_closes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
