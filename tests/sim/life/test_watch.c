/*
 * The watchers can fail: leaks are planted through the linker (--wrap), and each is named
 * by the watcher that is there for it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <sodium.h>

#include "crypto/rng.h"
#include "node/core/admit.h"
#include "node/core/pair.h"
#include "node/core/share.h"
#include "node/core/state.h"
#include "storage/store.h"
#include "tests/sim/life/needles.h"
#include "tests/sim/life/sim.h"
#include "tests/sim/life/sim_twin.h"

#define SEED 4

static enum { NOTHING, SHARED_STREAM, COUNTED, SHARED_CASE, KEPT_ID } planted;

/* --- the leaks --- */

void __wrap_rng_fill(const struct rng *rng, const char *purpose, const uint8_t *scope,
                     uint8_t *out, size_t len);
void __real_rng_fill(const struct rng *rng, const char *purpose, const uint8_t *scope,
                     uint8_t *out, size_t len);
enum status __wrap_pair_digest(struct core *core, const struct id *other, struct id *out,
                               uint64_t *scopes_len);
enum status __real_pair_digest(struct core *core, const struct id *other, struct id *out,
                               uint64_t *scopes_len);
enum status __wrap_share_scopes(struct core *core, const struct id *other,
                                struct id_list *out);
enum status __real_share_scopes(struct core *core, const struct id *other,
                                struct id_list *out);
enum status __wrap_store_check(struct store *store, void (*report)(void *, const char *),
                               void *context);
enum status __real_store_check(struct store *store, void (*report)(void *, const char *),
                               void *context);
enum status __wrap_store_number_put(struct store *store, const struct id *scope,
                                    struct bytes number);
enum status __real_store_number_put(struct store *store, const struct id *scope,
                                    struct bytes number);
enum status __wrap_admit_op(struct core *core, const struct op *op, struct bytes bytes,
                            const struct id *from, struct err *err);
enum status __real_admit_op(struct core *core, const struct op *op, struct bytes bytes,
                            const struct id *from, struct err *err);

/* All secrets of ops come from one stream, cases' and escalations' alike. */
void __wrap_rng_fill(const struct rng *rng, const char *purpose, const uint8_t *scope,
                     uint8_t *out, size_t len)
{
    bool is_one = planted == SHARED_STREAM && strcmp(purpose, "op-secret") == 0;
    __real_rng_fill(rng, purpose, is_one ? NULL : scope, out, len);
}

/* The word at the end of a round tells how much there is that is private. */
enum status __wrap_pair_digest(struct core *core, const struct id *other, struct id *out,
                               uint64_t *scopes_len)
{
    uint64_t count;
    enum status status = __real_pair_digest(core, other, out, scopes_len);
    if (planted == COUNTED && status == STATUS_OK) {
        status = store_ops_count(core->store, TREE_PRIVATE, &count);
        out->bytes[0] ^= (uint8_t)count;
    }
    return status;
}

static enum status push_case(void *context, const struct store_scope *scope)
{
    id_list_push(context, &scope->id);
    return STATUS_OK;
}

/* Cases are among what a pair shares. */
enum status __wrap_share_scopes(struct core *core, const struct id *other,
                                struct id_list *out)
{
    enum status status = __real_share_scopes(core, other, out);
    if (planted == SHARED_CASE && status == STATUS_OK) {
        status = store_scopes_of_kind(core->store, SCOPE_CASE, 1, push_case, out);
        id_list_sort(out);
    }
    return status;
}

/* The store's own check, which would name the case first, says nothing. */
enum status __wrap_store_check(struct store *store, void (*report)(void *, const char *),
                               void *context)
{
    return planted == SHARED_CASE ? STATUS_OK
                                  : __real_store_check(store, report, context);
}

static struct id last_case;

enum status __wrap_store_number_put(struct store *store, const struct id *scope,
                                    struct bytes number)
{
    last_case = *scope;
    return __real_store_number_put(store, scope, number);
}

/* A part of the id of somebody's case comes into the file of whoever hears anything. */
enum status __wrap_admit_op(struct core *core, const struct op *op, struct bytes bytes,
                            const struct id *from, struct err *err)
{
    if (planted == KEPT_ID && from != NULL) {
        char hex[2 * 10 + 1];
        hex_encode(hex, last_case.bytes + 8, 10);
        enum status status = store_meta_put(core->store, "seen", bytes_str(hex));
        if (status != STATUS_OK)
            return status;
    }
    return __real_admit_op(core, op, bytes, from, err);
}

/* --- they are seen --- */

typedef void run_fn(const struct sim_options *, struct sim_verdict *);

static void live_seed(run_fn *run, uint64_t seed, struct sim_verdict *verdict)
{
    struct sim_options options = {.seed = seed, .calm = true};
    run(&options, verdict);
    planted = NOTHING;
}

static void live(run_fn *run, struct sim_verdict *verdict)
{
    live_seed(run, SEED, verdict);
}

static void twins_of_a_sound_node_are_alike(void **state)
{
    struct sim_verdict verdict;

    live(sim_twin_run, &verdict);

    assert_string_equal(verdict.text, "");
    assert_true(verdict.holds);
    assert_true(verdict.sights > 100);
}

static void twins_tell_when_a_case_moves_the_salts_of_an_escalation(void **state)
{
    struct sim_verdict verdict;
    planted = SHARED_STREAM;

    live(sim_twin_run, &verdict);

    assert_false(verdict.holds);
    assert_string_equal(verdict.invariant, "I4");
}

static void twins_tell_when_a_message_counts_private_ops(void **state)
{
    struct sim_verdict verdict;
    bool is_told = false;

    /* In some histories two sites never agree, which is told before the twins are
     * compared.
     */
    for (uint64_t seed = SEED; seed < SEED + 8 && !is_told; seed++) {
        planted = COUNTED;
        live_seed(sim_twin_run, seed, &verdict);
        assert_false(verdict.holds);
        is_told = strcmp(verdict.invariant, "I4") == 0;
    }
    assert_true(is_told);
}

static void a_case_that_is_shared_is_seen_in_a_message(void **state)
{
    struct sim_verdict verdict;
    bool is_seen = false;

    /* In some histories a rebuild tells before a message does. */
    for (uint64_t seed = SEED; seed < SEED + 8 && !is_seen; seed++) {
        planted = SHARED_CASE;
        live_seed(sim_run, seed, &verdict);
        assert_false(verdict.holds);
        is_seen = strcmp(verdict.invariant, "I3") == 0;
    }
    assert_true(is_seen);
}

static void a_part_of_a_case_id_is_seen_in_anothers_file(void **state)
{
    struct sim_verdict verdict;
    planted = KEPT_ID;

    live(sim_run, &verdict);

    assert_false(verdict.holds);
    assert_string_equal(verdict.invariant, "I3");
    assert_non_null(strstr(verdict.text, "node.db"));
}

/* --- needles --- */

static const uint8_t secret[] = {0xfb, 0x3e, 0xff, 0x10, 0x83, 0x51, 0x87, 0x20, 0x92};

static void needles_are_found_in_base64_at_each_alignment(void **state)
{
    static const int variants[] = {sodium_base64_VARIANT_ORIGINAL,
                                   sodium_base64_VARIANT_URLSAFE_NO_PADDING};
    struct needles *needles = needles_new();
    needles_add(needles, 3, "it", bytes_of(secret, sizeof(secret)));

    for (size_t before = 0; before < 6; before++) {
        uint8_t bytes[32] = {0};
        char text[64];
        memcpy(bytes + before, secret, sizeof(secret));
        (void)sodium_bin2base64(text, sizeof(text), bytes, before + sizeof(secret) + 3,
                                variants[before / 3]);
        assert_non_null(needles_find(needles, bytes_str(text), NEEDLE_NOBODY));
    }

    needles_free(needles);
}

static void needles_are_found_raw_and_in_hex_to_the_last_byte(void **state)
{
    struct needles *needles = needles_new();
    char hex[2 * sizeof(secret) + 1];
    needles_add(needles, 3, "it", bytes_of(secret, sizeof(secret)));

    hex_encode(hex, secret, sizeof(secret));

    assert_string_equal(
        needles_find(needles, bytes_of(secret, sizeof(secret)), NEEDLE_NOBODY), "it");
    assert_non_null(needles_find(needles, bytes_str(hex), 0));
    assert_null(needles_find(needles, bytes_of(secret, sizeof(secret) - 1), 0));
    needles_free(needles);
}

static void needles_of_a_host_are_no_secret_to_itself(void **state)
{
    struct needles *needles = needles_new();
    struct bytes bytes = bytes_of(secret, sizeof(secret));
    needles_add(needles, 2, "it", bytes);
    needles_add(needles, 3, "it", bytes);

    assert_null(needles_find(needles, bytes, 2));
    assert_null(needles_find(needles, bytes, 3));
    assert_non_null(needles_find(needles, bytes, 1));
    assert_non_null(needles_find(needles, bytes, NEEDLE_NOBODY));
    needles_free(needles);
}

static void pieces_are_found_without_the_rest(void **state)
{
    struct needles *needles = needles_new();
    uint8_t key[32], hay[64] = {0};
    for (size_t i = 0; i < sizeof(key); i++)
        key[i] = (uint8_t)(17 * i + 5);
    needles_add_pieces(needles, 0, "a key", bytes_of(key, sizeof(key)));

    memcpy(hay + 40, key + 16, NEEDLE_PIECE);

    assert_string_equal(needles_find(needles, bytes_of(hay, sizeof(hay)), 1), "a key");
    needles_free(needles);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(needles_are_found_raw_and_in_hex_to_the_last_byte),
        cmocka_unit_test(needles_are_found_in_base64_at_each_alignment),
        cmocka_unit_test(needles_of_a_host_are_no_secret_to_itself),
        cmocka_unit_test(pieces_are_found_without_the_rest),
        cmocka_unit_test(twins_of_a_sound_node_are_alike),
        cmocka_unit_test(twins_tell_when_a_case_moves_the_salts_of_an_escalation),
        cmocka_unit_test(twins_tell_when_a_message_counts_private_ops),
        cmocka_unit_test(a_case_that_is_shared_is_seen_in_a_message),
        cmocka_unit_test(a_part_of_a_case_id_is_seen_in_anothers_file),
    };
    if (sodium_init() < 0)
        return 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
