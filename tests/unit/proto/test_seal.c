/* One leaf of a seal log: what it says, what it keeps, and what is no leaf. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "proto/pack.h"
#include "proto/seal.h"

static const uint8_t key[KEY_SIZE] = {7, 7, 7}, life[SEAL_LIFE_SIZE] = {0xab, 1};
static const uint8_t secret[SEAL_SECRET_SIZE] = {1, 2, 3};
static const struct seal_trees trees = {
    .private_size = 12, .shared_size = 7, .private_root = {{1}}, .shared_root = {{2}}};

static struct seal a_seal(enum seal_kind kind)
{
    struct seal seal = {.kind = kind, .wall = 1790000000};
    if (kind == SEAL_GAP)
        seal.gap_s = 200000;
    if (kind == SEAL_BEGIN) {
        seal.has_former = true;
        seal_origin(seal.former.origin, key, life);
        seal.former.size = 300;
        seal.former.root.bytes[5] = 9;
    }
    seal_commit(&seal, secret, &trees);
    return seal;
}

static void a_log_is_named_by_its_machine_and_life(void **state)
{
    char origin[SEAL_ORIGIN_SIZE], text[KEY_TEXT_SIZE];
    uint8_t got[KEY_SIZE];
    (void)state;
    key_to_text(text, "fqk1", key);

    seal_origin(origin, key, life);

    assert_int_equal(strlen(origin), SEAL_ORIGIN_SIZE - 1);
    assert_memory_equal(origin, "fengqiao/fqk1", 13);
    assert_memory_equal(origin + 9, text, 60);
    assert_string_equal(origin + 69, "/ab01000000000000");
    assert_true(seal_origin_key(origin, got));
    assert_memory_equal(got, key, KEY_SIZE);
}

static void what_is_no_name_of_a_log_is_refused(void **state)
{
    char origin[SEAL_ORIGIN_SIZE + 1] = "";
    uint8_t got[KEY_SIZE];
    (void)state;
    seal_origin(origin, key, life);
    for (size_t i = 0; i < SEAL_ORIGIN_SIZE - 1; i++) {
        char kept = origin[i];
        origin[i] = i < 70 ? '!' : 'A'; /* of hex digits only the small ones */
        assert_false(seal_origin_key(origin, got));
        origin[i] = kept;
    }
    assert_true(seal_origin_key(origin, got));
    origin[SEAL_ORIGIN_SIZE - 1] = '0';
    assert_false(seal_origin_key(origin, got));
    assert_false(seal_origin_key("fengqiao/", got));
}

static void a_leaf_comes_back_as_it_was_written(void **state)
{
    (void)state;
    for (int kind = 0; kind < SEAL_KINDS; kind++) {
        struct seal seal = a_seal((enum seal_kind)kind), got;
        struct buf leaf = {0}, again = {0};
        seal_write(&seal, &leaf);

        assert_int_equal(seal_read(&got, buf_bytes(&leaf), NULL), STATUS_OK);

        seal_write(&got, &again);
        assert_true(bytes_equal(buf_bytes(&leaf), buf_bytes(&again)));
        assert_in_range(leaf.len, 100, SEAL_SIZE_MAX);
        assert_int_equal(got.kind, kind);
        assert_int_equal(got.wall, 1790000000);
        assert_int_equal(got.gap_s, seal.gap_s);
        assert_int_equal(got.has_former, kind == SEAL_BEGIN);
        assert_memory_equal(&got.former, &seal.former, sizeof(got.former));
        buf_deinit(&leaf);
        buf_deinit(&again);
    }
}

static void the_first_log_of_a_machine_goes_on_from_none(void **state)
{
    struct seal seal = {.kind = SEAL_BEGIN}, got;
    struct buf leaf = {0};
    (void)state;
    seal_write(&seal, &leaf);

    assert_int_equal(seal_read(&got, buf_bytes(&leaf), NULL), STATUS_OK);

    assert_false(got.has_former);
    buf_deinit(&leaf);
}

static void each_part_is_opened_by_itself_and_by_nothing_else(void **state)
{
    struct seal seal = a_seal(SEAL_DAY);
    (void)state;
    for (int part = 0; part < SEAL_PARTS; part++) {
        struct seal_opening opening;
        seal_open(&opening, (enum seal_part)part, secret, &trees);

        assert_true(seal_is_opened(&seal, &opening));

        struct seal_opening other = opening;
        other.salt[0] ^= 1;
        assert_false(seal_is_opened(&seal, &other));
        other = opening;
        if (part == SEAL_PRIVATE_SIZE || part == SEAL_SHARED_SIZE)
            other.size++;
        else
            other.root.bytes[31] ^= 0x80;
        assert_false(seal_is_opened(&seal, &other));
        other = opening;
        other.part = (enum seal_part)((part + 2) % SEAL_PARTS);
        assert_false(seal_is_opened(&seal, &other));
    }
}

static void two_leaves_of_the_same_trees_have_nothing_in_common(void **state)
{
    static const uint8_t another[SEAL_SECRET_SIZE] = {1, 2, 4};
    struct seal seal = a_seal(SEAL_DAY), other = seal;
    (void)state;

    seal_commit(&other, another, &trees);

    for (int i = 0; i < SEAL_PARTS; i++)
        for (int j = 0; j < SEAL_PARTS; j++)
            assert_false(id_equal(&seal.commitments[i], &other.commitments[j]));
}

static void M1_a_leaf_that_is_cut_is_none(void **state)
{
    (void)state;
    for (int kind = 0; kind < SEAL_KINDS; kind++) {
        struct seal seal = a_seal((enum seal_kind)kind), got;
        struct buf leaf = {0};
        struct err err = {0};
        seal_write(&seal, &leaf);
        for (size_t len = 0; len < leaf.len; len++)
            assert_int_equal(seal_read(&got, bytes_of(leaf.data, len), &err),
                             STATUS_INVALID);
        buf_add_u8(&leaf, 0);
        assert_int_equal(seal_read(&got, buf_bytes(&leaf), &err), STATUS_INVALID);
        buf_deinit(&leaf);
    }
}

/* version, kind, how many things of the kind, whether they are numbers */
static void write_odd(struct buf *leaf, uint32_t elements, uint64_t version,
                      uint64_t kind, uint32_t own, const char *origin)
{
    buf_clear(leaf);
    pack_array(leaf, elements);
    pack_uint(leaf, version);
    pack_uint(leaf, kind);
    pack_uint(leaf, 0);
    pack_array(leaf, own);
    for (uint32_t i = 0; i < own; i++) {
        if (i == 0 && origin != NULL)
            pack_str(leaf, origin);
        else
            pack_uint(leaf, 1);
    }
    for (int part = 0; part < SEAL_PARTS; part++)
        pack_bin(leaf, secret, ID_SIZE);
}

static void M2_what_no_node_writes_is_refused(void **state)
{
    char origin[SEAL_ORIGIN_SIZE];
    struct buf leaf = {0};
    struct seal got;
    (void)state;
    seal_origin(origin, key, life);
    origin[20] = '!';
    const struct {
        uint32_t elements;
        uint64_t version, kind;
        uint32_t own;
        const char *origin;
    } rows[] = {{7, 1, 1, 0, NULL},    {8, 0, 1, 0, NULL},    {8, 2, 1, 0, NULL},
                {8, 1, 3, 0, NULL},    {8, 1, 1, 1, NULL},    {8, 1, 1, 3, NULL},
                {8, 1, 2, 0, NULL},    {8, 1, 2, 2, NULL},    {8, 1, 0, 1, NULL},
                {8, 1, 0, 3, NULL},    {8, 1, 0, 3, "a log"}, {8, 1, 0, 3, origin},
                {8, 1, 2, 1, "later"}, {8, 1, 0, 2, "a log"}};
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct err err = {0};
        write_odd(&leaf, rows[i].elements, rows[i].version, rows[i].kind, rows[i].own,
                  rows[i].origin);
        assert_int_equal(seal_read(&got, buf_bytes(&leaf), &err), STATUS_INVALID);
    }
    write_odd(&leaf, 8, 1, 2, 1, NULL);
    assert_int_equal(seal_read(&got, buf_bytes(&leaf), NULL), STATUS_OK);
    buf_deinit(&leaf);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_log_is_named_by_its_machine_and_life),
        cmocka_unit_test(what_is_no_name_of_a_log_is_refused),
        cmocka_unit_test(a_leaf_comes_back_as_it_was_written),
        cmocka_unit_test(the_first_log_of_a_machine_goes_on_from_none),
        cmocka_unit_test(each_part_is_opened_by_itself_and_by_nothing_else),
        cmocka_unit_test(two_leaves_of_the_same_trees_have_nothing_in_common),
        cmocka_unit_test(M1_a_leaf_that_is_cut_is_none),
        cmocka_unit_test(M2_what_no_node_writes_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
