/* Ops: signed, with fields that can be withheld or erased while every signature holds. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "crypto/key.h"
#include "crypto/sign.h"
#include "proto/op.h"

static const uint8_t seed[32] = {7};

struct fixture {
    struct rng_keyed *dice;
    struct rng rng;
    struct id network;
    struct buf title, narrative;
    struct op op;
};

static int set_up(void **state)
{
    static struct fixture f;
    f = (struct fixture){0};
    f.dice = rng_keyed_new(1, 1);
    f.rng = rng_keyed_rng(f.dice);
    network_id(&f.network, "fengqiao");
    pack_str(&f.title, "田埂");
    pack_str(&f.narrative, "两家为田埂争执。");
    f.op = (struct op){.kind = bytes_str("note"), .time = 3, .wall = 1790000000};
    f.op.quality = WALL_RTC;
    memset(f.op.scope.bytes, 1, ID_SIZE);
    struct id id;
    memset(id.bytes, 9, ID_SIZE);
    assert_int_equal(op_add_parent(&f.op, &id), STATUS_OK);
    memset(id.bytes, 8, ID_SIZE);
    assert_int_equal(op_add_parent(&f.op, &id), STATUS_OK);
    assert_int_equal(op_add_authority(&f.op, &id), STATUS_OK);
    assert_int_equal(op_add_field(&f.op, "title", buf_bytes(&f.title)), STATUS_OK);
    assert_int_equal(op_add_field(&f.op, "narrative", buf_bytes(&f.narrative)),
                     STATUS_OK);
    assert_int_equal(op_seal(&f.op, &f.network, seed, &f.rng), STATUS_OK);
    *state = &f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    buf_deinit(&f->title);
    buf_deinit(&f->narrative);
    rng_keyed_free(f->dice);
    return 0;
}

/* Decodes, rebuilds, verifies: the whole way of a foreign op. */
static enum status judge(struct bytes bytes, const struct id *network, struct op *op)
{
    enum status status = op_decode_bytes(op, bytes, NULL);
    if (status == STATUS_OK)
        status = op_rebuild(op);
    if (status == STATUS_OK && !op_verify(op, network))
        status = STATUS_UNVERIFIED;
    return status;
}

static void any_subset_of_fields_keeps_id_and_signature(void **state)
{
    struct fixture *f = *state;
    for (uint32_t show = 0; show < 4; show++) {
        struct buf bytes = {0};
        struct op back;
        op_encode(&f->op, show, &bytes);

        assert_int_equal(judge(buf_bytes(&bytes), &f->network, &back), STATUS_OK);

        assert_true(id_equal(&back.id, &f->op.id));
        struct bytes text;
        assert_int_equal(op_text(&back, "narrative", &text), show & 1);
        assert_int_equal(op_text(&back, "title", &text), show >> 1 & 1);
        assert_int_equal(back.has_secret, show == 3);
        buf_deinit(&bytes);
    }
}

static void a_withheld_value_and_the_secret_are_not_in_the_bytes(void **state)
{
    struct fixture *f = *state;
    struct buf bytes = {0};
    op_encode(&f->op, 2, &bytes);

    assert_null(
        memmem(bytes.data, bytes.len, f->narrative.data + 1, f->narrative.len - 1));
    assert_null(memmem(bytes.data, bytes.len, f->op.secret, OP_SECRET_SIZE));
    assert_null(memmem(bytes.data, bytes.len, f->op.fields[0].salt, OP_SALT_SIZE));

    buf_deinit(&bytes);
}

static void an_erased_field_can_be_encoded_again_from_its_commitment(void **state)
{
    struct fixture *f = *state;
    struct buf part = {0}, again = {0};
    struct op back;
    op_encode(&f->op, 1, &part);
    assert_int_equal(judge(buf_bytes(&part), &f->network, &back), STATUS_OK);

    op_encode(&back, ~0u, &again);

    assert_true(bytes_equal(buf_bytes(&part), buf_bytes(&again)));
    buf_deinit(&part);
    buf_deinit(&again);
}

static void S1_every_flipped_bit_is_refused(void **state)
{
    struct fixture *f = *state;
    for (uint32_t show = 1; show < 4; show += 2) {
        struct buf bytes = {0};
        struct op back;
        op_encode(&f->op, show, &bytes);
        for (size_t i = 0; i < bytes.len * 8; i++) {
            bytes.data[i / 8] ^= (uint8_t)(1 << i % 8);
            enum status status = judge(buf_bytes(&bytes), &f->network, &back);
            bytes.data[i / 8] ^= (uint8_t)(1 << i % 8);
            if (status == STATUS_OK)
                fail_msg("bit %zu was flipped and nobody saw it", i);
        }
        buf_deinit(&bytes);
    }
}

static void every_cut_is_refused(void **state)
{
    struct fixture *f = *state;
    struct buf bytes = {0};
    struct op back;
    op_encode(&f->op, ~0u, &bytes);
    for (size_t len = 0; len < bytes.len; len++)
        assert_int_not_equal(judge(bytes_of(bytes.data, len), &f->network, &back),
                             STATUS_OK);
    buf_add_u8(&bytes, 0);
    assert_int_equal(judge(buf_bytes(&bytes), &f->network, &back), STATUS_INVALID);
    buf_deinit(&bytes);
}

static void S2_an_op_of_another_network_is_refused(void **state)
{
    struct fixture *f = *state;
    struct buf bytes = {0};
    struct id demo;
    struct op back;
    network_id(&demo, "demo");
    op_encode(&f->op, ~0u, &bytes);
    assert_int_equal(judge(buf_bytes(&bytes), &demo, &back), STATUS_UNVERIFIED);
    buf_deinit(&bytes);
}

static void S2_an_op_moved_to_another_scope_is_refused(void **state)
{
    struct fixture *f = *state;
    struct buf bytes = {0};
    struct op moved = f->op, back;
    moved.scope.bytes[0] ^= 1;
    op_encode(&moved, ~0u, &bytes);
    assert_int_equal(judge(buf_bytes(&bytes), &f->network, &back), STATUS_UNVERIFIED);
    buf_deinit(&bytes);
}

static enum status decode_after(void (*change)(struct op *), const struct op *op)
{
    struct buf bytes = {0};
    struct op changed = *op, back;
    change(&changed);
    op_encode(&changed, ~0u, &bytes);
    enum status status = op_decode_bytes(&back, buf_bytes(&bytes), NULL);
    buf_deinit(&bytes);
    return status;
}

static void wall_2_63(struct op *op)
{
    op->wall = (uint64_t)1 << 63;
}

static void wall_year_30000(struct op *op)
{
    op->wall = 884541340800;
}

static void newer_major(struct op *op)
{
    op->version = 32;
}

static void newer_minor(struct op *op)
{
    op->version = 17;
}

static void time_zero(struct op *op)
{
    op->time = 0;
}

static void no_parents(struct op *op)
{
    op->parents_len = 0;
}

static void no_authority(struct op *op)
{
    op->authority_len = 0;
}

static void parents_unsorted(struct op *op)
{
    struct id first = op->parents[0];
    op->parents[0] = op->parents[1];
    op->parents[1] = first;
}

static void an_op_without_fields_has_one_form(void **state)
{
    struct fixture *f = *state;
    struct op op = f->op, back;
    struct buf bytes = {0}, with_secret = {0};
    op.fields_len = 0;
    assert_int_equal(op_seal(&op, &f->network, seed, &f->rng), STATUS_OK);
    op_encode(&op, ~0u, &bytes);
    assert_int_equal(judge(buf_bytes(&bytes), &f->network, &back), STATUS_OK);

    /* The same op with a secret that nothing depends on. */
    size_t tail = 1 + 2 + OP_SIGNATURE_SIZE;
    buf_add(&with_secret, bytes.data, bytes.len - tail);
    pack_array(&with_secret, 2);
    pack_bin(&with_secret, seed, 32);
    buf_add(&with_secret, bytes.data + bytes.len - tail, tail);
    assert_int_equal(judge(buf_bytes(&with_secret), &f->network, &back), STATUS_INVALID);

    buf_deinit(&bytes);
    buf_deinit(&with_secret);
}

static void values_of_more_than_96_KiB_together_are_refused(void **state)
{
    struct fixture *f = *state;
    struct buf big = {0}, half = {0};
    struct op op = f->op;
    uint8_t *zeros = calloc(1, OP_VALUE_MAX);
    assert_non_null(zeros);
    pack_bin(&big, zeros, OP_VALUE_MAX - 3);
    pack_bin(&half, zeros, OP_VALUES_MAX - OP_VALUE_MAX - 3);
    op.fields_len = 0;
    assert_int_equal(op_add_field(&op, "a", buf_bytes(&big)), STATUS_OK);
    assert_int_equal(op_add_field(&op, "b", buf_bytes(&half)), STATUS_OK);
    assert_int_equal(big.len + half.len, OP_VALUES_MAX);
    assert_int_equal(op_seal(&op, &f->network, seed, &f->rng), STATUS_OK);
    for (uint32_t show = 0; show < 4; show++) {
        struct buf bytes = {0};
        struct op back;
        op_encode(&op, show, &bytes);
        assert_int_equal(judge(buf_bytes(&bytes), &f->network, &back), STATUS_OK);
        buf_deinit(&bytes);
    }
    assert_int_equal(op_add_field(&op, "c", buf_bytes(&f->title)), STATUS_OK);
    assert_int_equal(op_seal(&op, &f->network, seed, &f->rng), STATUS_TOO_LARGE);
    free(zeros);
    buf_deinit(&big);
    buf_deinit(&half);
}

static void O3_wall_clocks_are_labels_up_to_2_63(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(decode_after(wall_year_30000, &f->op), STATUS_OK);
    assert_int_equal(decode_after(wall_2_63, &f->op), STATUS_INVALID);
}

static void M3_a_newer_minor_version_is_kept_and_a_newer_major_refused(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(decode_after(newer_minor, &f->op), STATUS_OK);
    assert_int_equal(decode_after(newer_major, &f->op), STATUS_UNSUPPORTED);
}

static void O2_ops_of_the_wrong_shape_are_refused(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(decode_after(time_zero, &f->op), STATUS_INVALID);
    assert_int_equal(decode_after(no_parents, &f->op), STATUS_INVALID);
    assert_int_equal(decode_after(no_authority, &f->op), STATUS_INVALID);
    assert_int_equal(decode_after(parents_unsorted, &f->op), STATUS_INVALID);
}

static void O2_a_million_parents_are_refused_before_they_are_read(void **state)
{
    struct buf bytes = {0};
    struct op back;
    pack_array(&bytes, 11);
    pack_uint(&bytes, 16);
    pack_bin(&bytes, seed, 32);
    pack_str(&bytes, "note");
    pack_bin(&bytes, seed, 32);
    pack_array(&bytes, 1);
    pack_bin(&bytes, seed, 32);
    pack_array(&bytes, 1000000);
    uint8_t zeros[4096] = {0};
    while (bytes.len < OP_SIZE_MAX - sizeof(zeros))
        buf_add(&bytes, zeros, sizeof(zeros));
    assert_int_equal(op_decode_bytes(&back, buf_bytes(&bytes), NULL), STATUS_INVALID);
    buf_deinit(&bytes);
}

static void wire_form_with_a_dictionary_means_the_same_op(void **state)
{
    struct fixture *f = *state;
    struct id ids[3] = {f->op.scope, f->op.authority[0], {{0}}};
    memcpy(ids[2].bytes, f->op.author, ID_SIZE);
    struct op_dictionary dictionary = {ids, 3};
    struct buf wire = {0}, full = {0};
    struct op back;
    op_encode(&f->op, ~0u, &full);

    op_encode_wire(&f->op, ~0u, &dictionary, &wire);
    struct pack_reader reader = pack_reader_of(buf_bytes(&wire));
    assert_int_equal(op_decode(&back, &reader, &dictionary, NULL), STATUS_OK);
    assert_int_equal(op_rebuild(&back), STATUS_OK);

    assert_true(id_equal(&back.id, &f->op.id));
    assert_true(wire.len + 4 * 33 <= full.len);
    assert_int_equal(op_decode_bytes(&back, buf_bytes(&wire), NULL), STATUS_INVALID);
    buf_deinit(&wire);
    buf_deinit(&full);
}

static void overhead_of_a_small_op_on_the_wire_is_at_most_200_bytes(void **state)
{
    struct fixture *f = *state;
    struct id ids[3] = {f->op.scope, f->op.authority[0], {{0}}};
    memcpy(ids[2].bytes, f->op.author, ID_SIZE);
    struct op_dictionary dictionary = {ids, 3};
    struct op op = f->op;
    op.parents_len = 1;
    struct buf wire = {0};
    op_encode_wire(&op, ~0u, &dictionary, &wire);
    assert_true(wire.len - f->title.len - f->narrative.len <= 200);
    buf_deinit(&wire);
}

int main(void)
{
#define ONE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        ONE(any_subset_of_fields_keeps_id_and_signature),
        ONE(a_withheld_value_and_the_secret_are_not_in_the_bytes),
        ONE(an_erased_field_can_be_encoded_again_from_its_commitment),
        ONE(S1_every_flipped_bit_is_refused),
        ONE(every_cut_is_refused),
        ONE(S2_an_op_of_another_network_is_refused),
        ONE(S2_an_op_moved_to_another_scope_is_refused),
        ONE(an_op_without_fields_has_one_form),
        ONE(values_of_more_than_96_KiB_together_are_refused),
        ONE(O3_wall_clocks_are_labels_up_to_2_63),
        ONE(M3_a_newer_minor_version_is_kept_and_a_newer_major_refused),
        ONE(O2_ops_of_the_wrong_shape_are_refused),
        ONE(O2_a_million_parents_are_refused_before_they_are_read),
        ONE(wire_form_with_a_dictionary_means_the_same_op),
        ONE(overhead_of_a_small_op_on_the_wire_is_at_most_200_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
