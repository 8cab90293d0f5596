/* Ops: signed, with fields that can be withheld or erased while every signature holds. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "crypto/digest.h"
#include "crypto/key.h"
#include "crypto/sign.h"
#include "proto/op.h"

static const uint8_t seed[32] = {7};
/* More zeros than anything may have. */
static const uint8_t zeros[OP_SIZE_MAX + 1];

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
        for (uint32_t keeps = 0; keeps < 4; keeps++)
            assert_int_equal(op_shows_more(&back, keeps), (show & ~keeps) != 0);
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

static void time_2_63(struct op *op)
{
    op->time = (uint64_t)1 << 63;
}

static void kind_of_no_letters(struct op *op)
{
    op->kind = bytes_str("");
}

static void kind_of_25_letters(struct op *op)
{
    op->kind = bytes_str("abcdefghijklmnopqrstuvwxy");
}

static void kind_with_a_dash(struct op *op)
{
    op->kind = bytes_str("case-new");
}

static void kind_with_a_dot(struct op *op)
{
    op->kind = bytes_str("case.new");
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
    assert_int_equal(decode_after(time_2_63, &f->op), STATUS_INVALID);
    assert_int_equal(decode_after(kind_of_no_letters, &f->op), STATUS_INVALID);
    assert_int_equal(decode_after(kind_of_25_letters, &f->op), STATUS_INVALID);
    assert_int_equal(decode_after(kind_with_a_dash, &f->op), STATUS_OK);
    assert_int_equal(decode_after(kind_with_a_dot, &f->op), STATUS_INVALID);
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
    while (bytes.len < OP_SIZE_MAX - 4096)
        buf_add(&bytes, zeros, 4096);
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

/* --- limits --- */

/* aa, ab … ba: names in ascending order. */
static void name_field(char name[static 3], int number)
{
    name[0] = (char)('a' + number / 26);
    name[1] = (char)('a' + number % 26);
    name[2] = '\0';
}

static void what_is_above_a_limit_is_not_added(void **state)
{
    struct fixture *f = *state;
    struct op op = {0};
    char name[OP_NAME_MAX + 2], names[OP_FIELDS_MAX + 1][3];
    memset(name, 'n', sizeof(name) - 1);
    name[sizeof(name) - 1] = '\0';
    assert_int_equal(op_add_field(&op, name, buf_bytes(&f->title)), STATUS_TOO_LARGE);
    assert_int_equal(op_add_field(&op, "text", bytes_of(zeros, OP_VALUE_MAX + 1)),
                     STATUS_TOO_LARGE);
    for (int i = 0; i <= OP_FIELDS_MAX; i++) {
        name_field(names[i], i);
        assert_int_equal(op_add_field(&op, names[i], buf_bytes(&f->title)),
                         i < OP_FIELDS_MAX ? STATUS_OK : STATUS_TOO_LARGE);
    }
    op.fields_len--;
    assert_int_equal(op_add_field(&op, "aa", buf_bytes(&f->title)), STATUS_EXISTS);
    assert_int_equal(op.fields_len, OP_FIELDS_MAX - 1);
}

static void O2_more_parents_than_the_limit_are_not_added(void **state)
{
    struct op op = {0};
    struct id id = {{0}};
    (void)state;
    for (uint8_t i = 0; i < OP_PARENTS_MAX; i++) {
        id.bytes[0] = i;
        assert_int_equal(op_add_parent(&op, &id), STATUS_OK);
    }
    assert_int_equal(op_add_parent(&op, &id), STATUS_OK); /* is there already */
    id.bytes[0] = OP_PARENTS_MAX;
    assert_int_equal(op_add_parent(&op, &id), STATUS_TOO_LARGE);
    assert_int_equal(op.parents_len, OP_PARENTS_MAX);
}

static void of_32_fields_any_one_can_be_withheld(void **state)
{
    struct fixture *f = *state;
    struct op op = f->op, back;
    char names[OP_FIELDS_MAX][3];
    op.fields_len = 0;
    for (int i = 0; i < OP_FIELDS_MAX; i++) {
        name_field(names[i], i);
        assert_int_equal(op_add_field(&op, names[i], buf_bytes(&f->title)), STATUS_OK);
    }
    assert_int_equal(op_seal(&op, &f->network, seed, &f->rng), STATUS_OK);
    for (int hidden = 0; hidden <= OP_FIELDS_MAX; hidden++) {
        struct buf bytes = {0};
        op_encode(&op, hidden < OP_FIELDS_MAX ? ~(1u << hidden) : ~0u, &bytes);
        assert_int_equal(judge(buf_bytes(&bytes), &f->network, &back), STATUS_OK);
        assert_true(id_equal(&back.id, &op.id));
        assert_int_equal(back.has_secret, hidden == OP_FIELDS_MAX);
        for (int i = 0; i < OP_FIELDS_MAX; i++)
            assert_int_equal(back.fields[i].is_shown, i != hidden);
        buf_deinit(&bytes);
    }
}

/* Each form of it: with the secret, and with single salts. */
static void assert_decodes_as(const struct op *op, enum status wanted)
{
    for (uint32_t show = 2; show <= 3; show++) {
        struct buf bytes = {0};
        struct op back;
        op_encode(op, show, &bytes);
        assert_int_equal(op_decode_bytes(&back, buf_bytes(&bytes), NULL), wanted);
        buf_deinit(&bytes);
    }
}

static void M1_a_value_above_its_limit_is_refused(void **state)
{
    struct fixture *f = *state;
    for (size_t over = 0; over <= 1; over++) {
        struct op op = f->op;
        struct buf value = {0};
        pack_bin(&value, zeros, OP_VALUE_MAX - 3 + over);
        assert_int_equal(value.len, OP_VALUE_MAX + over);
        op.fields[1].value = buf_bytes(&value);
        assert_decodes_as(&op, over == 0 ? STATUS_OK : STATUS_TOO_LARGE);
        buf_deinit(&value);
    }
}

static void M1_values_above_their_limit_together_are_refused(void **state)
{
    struct fixture *f = *state;
    struct op op = f->op, back;
    struct buf value = {0}, bytes = {0};
    pack_bin(&value, zeros, OP_VALUES_MAX / 2);
    op.fields[0].value = op.fields[1].value = buf_bytes(&value);

    op_encode(&op, ~0u, &bytes);

    assert_int_equal(op_decode_bytes(&back, buf_bytes(&bytes), NULL), STATUS_TOO_LARGE);
    buf_deinit(&value);
    buf_deinit(&bytes);
}

static void M1_more_bytes_than_an_op_has_are_refused_before_they_are_read(void **state)
{
    struct op back;
    (void)state;
    assert_int_equal(op_decode_bytes(&back, bytes_of(zeros, OP_SIZE_MAX), NULL),
                     STATUS_INVALID);
    assert_int_equal(op_decode_bytes(&back, bytes_of(zeros, OP_SIZE_MAX + 1), NULL),
                     STATUS_TOO_LARGE);
}

/* An op whose contents are these bytes. */
static enum status decode_contents(const struct fixture *f, const struct buf *contents)
{
    struct op op = f->op, back;
    struct buf bytes = {0};
    size_t tail = 1 + 2 + OP_SIGNATURE_SIZE; /* an empty map, a signature */
    op.fields_len = 0;
    op.has_secret = false;
    op_encode(&op, 0, &bytes);
    bytes.len -= tail;
    buf_append(&bytes, contents);
    pack_bin(&bytes, op.signature, OP_SIGNATURE_SIZE);
    enum status status = op_decode_bytes(&back, buf_bytes(&bytes), NULL);
    buf_deinit(&bytes);
    return status;
}

static void M1_more_than_32_fields_are_refused(void **state)
{
    struct fixture *f = *state;
    for (uint32_t len = OP_FIELDS_MAX; len <= OP_FIELDS_MAX + 1; len++) {
        enum status wanted = len <= OP_FIELDS_MAX ? STATUS_OK : STATUS_TOO_LARGE;
        struct buf all = {0}, some = {0};
        pack_array(&all, 2);
        pack_bin(&all, seed, OP_SECRET_SIZE);
        pack_map(&all, len);
        pack_map(&some, len);
        for (uint32_t i = 0; i < len; i++) {
            char name[3];
            name_field(name, (int)i);
            pack_str(&all, name);
            pack_uint(&all, i);
            pack_str(&some, name);
            pack_bin(&some, seed, ID_SIZE);
        }
        assert_int_equal(decode_contents(f, &all), wanted);
        assert_int_equal(decode_contents(f, &some), wanted);
        buf_deinit(&all);
        buf_deinit(&some);
    }
}

/* --- what belongs together --- */

static void founding_with_parents(struct op *op)
{
    op->is_founding = true;
}

static void founding_later(struct op *op)
{
    op->is_founding = true;
    op->parents_len = 0;
}

static void founding_a_case(struct op *op)
{
    founding_later(op);
    op->time = 1;
}

static void founding_a_case_without_authority(struct op *op)
{
    founding_a_case(op);
    op->authority_len = 0;
}

static void founding_a_charter(struct op *op)
{
    founding_a_case_without_authority(op);
    op->kind = bytes_str("found");
}

static void founding_a_charter_with_authority(struct op *op)
{
    founding_a_case(op);
    op->kind = bytes_str("found");
}

static void O2_founding_ops_of_the_wrong_shape_are_refused(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(decode_after(founding_a_case, &f->op), STATUS_OK);
    assert_int_equal(decode_after(founding_a_charter, &f->op), STATUS_OK);
    assert_int_equal(decode_after(founding_with_parents, &f->op), STATUS_INVALID);
    assert_int_equal(decode_after(founding_later, &f->op), STATUS_INVALID);
    assert_int_equal(decode_after(founding_a_case_without_authority, &f->op),
                     STATUS_INVALID);
    assert_int_equal(decode_after(founding_a_charter_with_authority, &f->op),
                     STATUS_INVALID);
}

static void M2_what_the_dictionary_does_not_hold_is_refused(void **state)
{
    struct fixture *f = *state;
    struct id ids[2] = {f->op.scope, f->op.authority[0]};
    for (uint32_t known = 0; known <= 2; known++) {
        struct op_dictionary whole = {ids, 2}, part = {ids, known};
        struct buf wire = {0};
        struct op back;
        op_encode_wire(&f->op, ~0u, &whole, &wire);
        struct pack_reader reader = pack_reader_of(buf_bytes(&wire));

        assert_int_equal(op_decode(&back, &reader, &part, NULL),
                         known == 2 ? STATUS_OK : STATUS_INVALID);

        buf_deinit(&wire);
    }
}

static void M2_a_text_where_an_id_should_stand_is_refused(void **state)
{
    struct fixture *f = *state;
    struct op_dictionary dictionary = {f->op.parents, f->op.parents_len};
    struct buf wire = {0};
    struct op back;
    pack_array(&wire, 11);
    pack_uint(&wire, OP_VERSION);
    pack_str(&wire, "no id");
    buf_add(&wire, zeros, 64);
    struct pack_reader reader = pack_reader_of(buf_bytes(&wire));

    assert_int_equal(op_decode(&back, &reader, &dictionary, NULL), STATUS_INVALID);

    buf_deinit(&wire);
}

/* --- what is read back --- */

static void an_op_from_our_own_disk_is_the_same_without_a_hash(void **state)
{
    struct fixture *f = *state;
    struct op founding = f->op;
    founding_a_case(&founding);
    assert_int_equal(op_seal(&founding, &f->network, seed, &f->rng), STATUS_OK);
    const struct op *ops[] = {&f->op, &founding};
    for (size_t i = 0; i < 4; i++) {
        const struct op *op = ops[i % 2];
        bool is_whole = i < 2;
        struct buf bytes = {0}, again = {0};
        struct op back;
        op_encode(op, is_whole ? ~0u : 1, &bytes);
        assert_int_equal(op_decode_bytes(&back, buf_bytes(&bytes), NULL), STATUS_OK);

        op_trust(&back, &op->id);

        assert_true(id_equal(&back.id, &op->id));
        assert_true(id_equal(&back.scope, &op->scope));
        assert_memory_equal(back.fields[0].salt, op->fields[0].salt, OP_SALT_SIZE);
        op_encode(&back, is_whole ? ~0u : 1, &again);
        assert_true(bytes_equal(buf_bytes(&bytes), buf_bytes(&again)));
        buf_deinit(&bytes);
        buf_deinit(&again);
    }
}

static void a_value_of_another_type_is_not_read(void **state)
{
    struct fixture *f = *state;
    struct op op = f->op;
    struct buf number = {0}, id = {0};
    struct bytes text;
    uint64_t got = 0;
    struct id read;
    pack_uint(&number, 7);
    pack_bin(&id, f->op.id.bytes, ID_SIZE);
    assert_int_equal(op_add_field(&op, "tier", buf_bytes(&number)), STATUS_OK);
    assert_int_equal(op_add_field(&op, "site", buf_bytes(&id)), STATUS_OK);
    assert_true(op_text(&op, "title", &text) && bytes_equal_str(text, "田埂"));
    assert_true(op_uint(&op, "tier", &got) && got == 7);
    assert_true(op_id(&op, "site", &read) && id_equal(&read, &f->op.id));

    assert_false(op_text(&op, "tier", &text));
    assert_false(op_uint(&op, "site", &got));
    assert_false(op_id(&op, "title", &read));
    assert_false(op_text(&op, "wish", &text));
    assert_false(op_uint(&op, "wish", &got));
    assert_false(op_id(&op, "wish", &read));
    op.fields[0].is_shown = false;
    assert_false(op_text(&op, "narrative", &text));
    buf_deinit(&number);
    buf_deinit(&id);
}

static void the_digest_of_a_scope_is_over_scope_and_heads(void **state)
{
    struct id ids[3] = {{{1}}, {{2}}, {{3}}}, wanted, got;
    (void)state;
    for (size_t len = 0; len <= 2; len++) {
        digest_of(wanted.bytes, "fengqiao/1/heads", ids, (1 + len) * sizeof(ids[0]));
        scope_digest(&got, &ids[0], &ids[1], len);
        assert_true(id_equal(&wanted, &got));
    }
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
        ONE(what_is_above_a_limit_is_not_added),
        ONE(O2_more_parents_than_the_limit_are_not_added),
        ONE(of_32_fields_any_one_can_be_withheld),
        ONE(M1_a_value_above_its_limit_is_refused),
        ONE(M1_values_above_their_limit_together_are_refused),
        ONE(M1_more_bytes_than_an_op_has_are_refused_before_they_are_read),
        ONE(M1_more_than_32_fields_are_refused),
        ONE(O2_founding_ops_of_the_wrong_shape_are_refused),
        ONE(M2_what_the_dictionary_does_not_hold_is_refused),
        ONE(M2_a_text_where_an_id_should_stand_is_refused),
        ONE(an_op_from_our_own_disk_is_the_same_without_a_hash),
        ONE(a_value_of_another_type_is_not_read),
        ONE(the_digest_of_a_scope_is_over_scope_and_heads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
