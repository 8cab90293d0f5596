/* Each allocation of what proto does fails once, and all of them from one on: it says so
 * and keeps nothing (AddressSanitizer counts). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "crypto/key.h"
#include "crypto/rng.h"
#include "proto/bundle.h"
#include "proto/channel.h"
#include "proto/negentropy.h"
#include "proto/negentropy_set.h"
#include "proto/op.h"
#include "tests/support/fail_memory.h"

#define FAILURES_MAX 2000
#define ITEMS 600

static bool drop_one(uint32_t at)
{
    return at % 7 == 0;
}

static enum status fill(struct negentropy_set *set, bool is_less)
{
    enum status status = STATUS_OK;
    negentropy_set_init(set);
    for (uint32_t i = 0; status == STATUS_OK && i < ITEMS; i++) {
        uint8_t id[NEGENTROPY_ID_SIZE] = {(uint8_t)i, (uint8_t)(i >> 8)};
        if (!is_less || !drop_one(i))
            status = negentropy_set_add(set, i, id);
    }
    return status == STATUS_OK ? negentropy_set_seal(set) : status;
}

static enum status count(void *context, const uint8_t id[static NEGENTROPY_ID_SIZE])
{
    (void)id;
    ++*(uint32_t *)context;
    return STATUS_OK;
}

/* Two sides, of which one lacks some: all rounds until both know. */
static enum status reconcile(void)
{
    struct negentropy_set more, less;
    struct negentropy ours = {0}, theirs = {0};
    struct buf message = {0}, answer = {0};
    uint32_t found = 0;
    struct negentropy_sink sink = {&found, count, count};
    bool done = false;
    negentropy_set_init(&less);
    enum status status = fill(&more, false);
    if (status == STATUS_OK)
        status = fill(&less, true);
    if (status != STATUS_OK)
        goto deinit;
    negentropy_init(&ours, negentropy_set_source(&more), 0);
    negentropy_init(&theirs, negentropy_set_source(&less), 0);
    status = negentropy_initiate(&ours, &message);
    for (int round = 0; status == STATUS_OK && !done && round < 20; round++) {
        buf_clear(&answer);
        status = negentropy_answer(&theirs, buf_bytes(&message), &answer, NULL);
        buf_clear(&message);
        if (status == STATUS_OK)
            status = negentropy_continue(&ours, buf_bytes(&answer), &message, &sink,
                                         &done, NULL);
    }
    assert_true(status != STATUS_OK || (done && found == (ITEMS + 6) / 7));
deinit:
    negentropy_deinit(&ours);
    negentropy_deinit(&theirs);
    negentropy_set_deinit(&more);
    negentropy_set_deinit(&less);
    buf_deinit(&message);
    buf_deinit(&answer);
    return status;
}

static enum status write_op(void)
{
    struct rng_keyed *keyed = rng_keyed_new(1, 1);
    struct op op = {.kind = bytes_str("found"), .is_founding = true, .time = 1}, again;
    struct buf value = {0}, bytes = {0};
    struct id network;
    uint8_t seed[KEY_SEED_SIZE] = {7};
    enum status status = STATUS_NO_MEMORY;
    if (keyed == NULL)
        return status;
    struct rng rng = rng_keyed_rng(keyed);
    network_id(&network, "fengqiao");
    pack_str(&value, "看过了");
    status = buf_status(&value);
    if (status == STATUS_OK)
        status = op_add_field(&op, "text", buf_bytes(&value));
    if (status == STATUS_OK)
        status = op_seal(&op, &network, seed, &rng);
    if (status == STATUS_OK) {
        op_encode(&op, ~0u, &bytes);
        status = buf_status(&bytes);
    }
    if (status == STATUS_OK) {
        status = op_decode_bytes(&again, buf_bytes(&bytes), NULL);
        assert_int_equal(status, STATUS_OK);
        status = op_rebuild(&again);
    }
    /* Without memory for the header nothing is said about the signature. */
    if (status == STATUS_OK)
        status = op_check_signature(&again, &network);
    assert_int_not_equal(status, STATUS_UNVERIFIED);
    assert_true(status != STATUS_OK || id_equal(&op.id, &again.id));
    buf_deinit(&value);
    buf_deinit(&bytes);
    rng_keyed_free(keyed);
    return status;
}

static enum status pass_on(struct channel *from, struct channel *to)
{
    enum status status = channel_status(from);
    if (status == STATUS_OK)
        status = channel_receive(to, buf_bytes(&from->out), NULL);
    buf_clear(&from->out);
    return status;
}

static enum status talk(void)
{
    static const uint8_t dialer_secret[32] = {1}, listener_secret[32] = {2};
    static const uint8_t dialer_ephemeral[32] = {3}, listener_ephemeral[32] = {4};
    uint8_t listener_key[32];
    struct channel dialer = {0}, listener = {0};
    struct channel_config dials = {.is_initiator = true,
                                   .pattern = NOISE_XK,
                                   .s_secret = dialer_secret,
                                   .e_secret = dialer_ephemeral,
                                   .remote_static = listener_key};
    struct channel_config listens = {.s_secret = listener_secret,
                                     .e_secret = listener_ephemeral};
    struct bytes message = {0};
    key_dh_public(listener_key, listener_secret);
    enum status status = channel_init(&dialer, &dials);
    if (status == STATUS_OK)
        status = channel_init(&listener, &listens);
    for (int i = 0; status == STATUS_OK && i < 2; i++) {
        status = pass_on(&dialer, &listener);
        if (status == STATUS_OK)
            status = pass_on(&listener, &dialer);
    }
    channel_send(&dialer, bytes_str("a message"));
    channel_finish(&dialer);
    if (status == STATUS_OK)
        status = pass_on(&dialer, &listener);
    if (status == STATUS_OK)
        status = channel_next(&listener, &message);
    assert_true(status != STATUS_OK || bytes_equal_str(message, "a message"));
    channel_deinit(&dialer);
    channel_deinit(&listener);
    return status;
}

static enum status write_bundle(void)
{
    static const uint8_t seed[KEY_SEED_SIZE] = {7};
    struct bundle_header header = {.number = 1, .is_last = true}, read;
    struct buf payload = {0};
    struct bytes messages;
    struct sign_pair pair;
    sign_pair_init(&pair, seed);
    memcpy(header.node, sign_pair_key(&pair), sizeof(header.node));
    bundle_begin(&payload, &header);
    enum status status = bundle_end(&payload, &header, &pair);
    if (status == STATUS_OK)
        status = bundle_check(buf_bytes(&payload), &read, &messages, NULL);
    buf_deinit(&payload);
    return status;
}

static void fail_each(enum status (*work)(void), bool for_good)
{
    bool has_failed = true;
    uint64_t after = 0;
    assert_int_equal(work(), STATUS_OK);
    for (; has_failed && after < FAILURES_MAX; after++) {
        fail_memory_after(after, for_good);
        fail_memory_in();
        enum status status = work();
        fail_memory_out();
        has_failed = fail_memory_stop();
        assert_true(has_failed == (status != STATUS_OK));
    }
    assert_true(after > 2 && after < FAILURES_MAX);
}

static void I14_a_reconciliation_says_that_memory_failed(void **state)
{
    (void)state;
    fail_each(reconcile, false);
    fail_each(reconcile, true);
}

static void I14_an_op_is_whole_or_not_there(void **state)
{
    (void)state;
    fail_each(write_op, false);
    fail_each(write_op, true);
}

static void I14_a_channel_that_lost_a_message_says_so(void **state)
{
    (void)state;
    fail_each(talk, false);
    fail_each(talk, true);
}

static void I14_a_bundle_without_memory_is_none(void **state)
{
    (void)state;
    fail_each(write_bundle, false);
    fail_each(write_bundle, true);
}

static void a_buf_that_has_failed_stays_so_and_passes_it_on(void **state)
{
    struct buf whole = {0}, failed = {0};
    (void)state;
    buf_add(&whole, "a", 1);
    fail_memory_after(0, false);
    fail_memory_in();
    buf_add(&failed, "b", 1);
    fail_memory_out();
    assert_true(fail_memory_stop());

    assert_int_equal(buf_status(&failed), STATUS_NO_MEMORY);
    buf_add(&failed, "c", 1);
    assert_int_equal(failed.len, 0);
    buf_append(&whole, &failed);
    assert_int_equal(buf_status(&whole), STATUS_NO_MEMORY);
    assert_int_equal(whole.len, 1);
    buf_clear(&failed);
    assert_int_equal(buf_status(&failed), STATUS_OK);
    buf_deinit(&whole);
    buf_deinit(&failed);
}

static void a_length_that_no_memory_holds_is_refused(void **state)
{
    struct buf buf = {0};
    (void)state;
    assert_null(buf_reserve(&buf, SIZE_MAX));
    assert_int_equal(buf_status(&buf), STATUS_NO_MEMORY);
    buf_deinit(&buf);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(I14_a_reconciliation_says_that_memory_failed),
        cmocka_unit_test(I14_an_op_is_whole_or_not_there),
        cmocka_unit_test(I14_a_channel_that_lost_a_message_says_so),
        cmocka_unit_test(I14_a_bundle_without_memory_is_none),
        cmocka_unit_test(a_buf_that_has_failed_stays_so_and_passes_it_on),
        cmocka_unit_test(a_length_that_no_memory_holds_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
