/* What a seal keeps to itself, from an auditor too: a village lives twice, with one
 * shared tree and two private ones, and hands over the same file but for commitments.
 * Here the file is put together from the values of PROTOCOL.md §10 alone. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "proto/checkpoint.h"
#include "proto/pack.h"
#include "proto/seal.h"

#define DAYS 12
#define LEAVES 64

/* How far a tree of a life was at the end of each day, and its leaves. */
struct tree {
    struct merkle_hash leaves[LEAVES];
    uint64_t sizes[DAYS];
};

struct life {
    struct tree private, shared;
    struct seal seals[DAYS];
};

/* Which trees the file opens. */
enum opens { NOTHING, SHARED, BOTH };

static const uint8_t life_name[SEAL_LIFE_SIZE] = {1};

static void secret_of(int day, uint8_t secret[static SEAL_SECRET_SIZE])
{
    memset(secret, 0x40 + day, SEAL_SECRET_SIZE);
}

static void sign_pair_of(struct sign_pair *pair)
{
    static const uint8_t seed[32] = {9};
    sign_pair_init(pair, seed);
}

/* a day: so many leaves, all of which say which tree they are of. */
static void grow(struct tree *tree, uint8_t mark, const uint8_t a_day[static DAYS])
{
    uint64_t size = 0;
    for (int day = 0; day < DAYS; day++) {
        for (int i = 0; i < a_day[day]; i++, size++) {
            uint8_t data[3] = {mark, (uint8_t)size, (uint8_t)day};
            assert_true(size < LEAVES);
            merkle_leaf(&tree->leaves[size], data, sizeof(data));
        }
        tree->sizes[day] = size;
    }
}

static bool node_at(void *context, uint8_t level, uint64_t place, struct merkle_hash *out)
{
    const struct tree *tree = context;
    struct merkle_stack stack = {.size = 0};
    for (uint64_t i = 0; i < UINT64_C(1) << level; i++)
        merkle_stack_add(&stack, &tree->leaves[(place << level) + i]);
    merkle_stack_root(&stack, out);
    return true;
}

static struct merkle_hash root_of(struct tree *tree, uint64_t size)
{
    struct merkle_source source = {node_at, tree};
    struct merkle_hash root;
    assert_true(merkle_root_at(&source, size, &root));
    return root;
}

static struct seal_trees trees_of(struct life *life, int day)
{
    return (struct seal_trees){
        .private_size = life->private.sizes[day],
        .shared_size = life->shared.sizes[day],
        .private_root = root_of(&life->private, life->private.sizes[day]),
        .shared_root = root_of(&life->shared, life->shared.sizes[day])};
}

/* The same shared tree for each mark. */
static void live(struct life *life, uint8_t mark, const uint8_t private_a_day[DAYS])
{
    static const uint8_t shared_a_day[DAYS] = {1, 0, 3, 0, 0, 2, 0, 5, 0, 0, 1, 0};
    uint8_t secret[SEAL_SECRET_SIZE];
    *life = (struct life){.seals = {{0}}};
    grow(&life->private, mark, private_a_day);
    grow(&life->shared, 0, shared_a_day);
    for (int day = 0; day < DAYS; day++) {
        struct seal_trees trees = trees_of(life, day);
        life->seals[day].kind = day == 0 ? SEAL_BEGIN : SEAL_DAY;
        secret_of(day, secret);
        seal_commit(&life->seals[day], secret, &trees);
    }
}

/* --- the file --- */

static void add_note(struct buf *out, const char *origin, const char *tree, uint64_t size,
                     const struct merkle_hash *root)
{
    struct sign_pair pair;
    struct buf text = {0}, note = {0};
    char name[SEAL_ORIGIN_SIZE + 16];
    (void)snprintf(name, sizeof(name), "%s%s", origin, tree);
    sign_pair_of(&pair);
    checkpoint_write(&text, bytes_str(name), size, root);
    note_sign(&note, &pair, bytes_str(name), buf_bytes(&text));
    pack_bin(out, note.data, note.len);
    buf_deinit(&text);
    buf_deinit(&note);
}

static void add_opened(struct buf *out, struct life *life, int day, bool is_shared,
                       const char *origin)
{
    struct tree *tree = is_shared ? &life->shared : &life->private;
    struct seal_trees trees = trees_of(life, day);
    struct merkle_source source = {node_at, tree};
    struct merkle_hash proof[MERKLE_PROOF_MAX];
    struct seal_opening size, root;
    uint8_t secret[SEAL_SECRET_SIZE];
    size_t len = 0;
    secret_of(day, secret);
    seal_open(&size, is_shared ? SEAL_SHARED_SIZE : SEAL_PRIVATE_SIZE, secret, &trees);
    seal_open(&root, is_shared ? SEAL_SHARED_ROOT : SEAL_PRIVATE_ROOT, secret, &trees);
    if (day > 0)
        assert_true(merkle_consistency(&source, tree->sizes[day - 1], tree->sizes[day],
                                       proof, &len));
    pack_array(out, 6);
    pack_str(out, "opened");
    pack_uint(out, is_shared);
    add_note(out, origin, is_shared ? "/shared" : "/private", size.size, &root.root);
    pack_bin(out, size.salt, SEAL_SALT_SIZE);
    pack_bin(out, root.salt, SEAL_SALT_SIZE);
    pack_array(out, (uint32_t)len);
    for (size_t i = 0; i < len; i++)
        pack_bin(out, proof[i].bytes, MERKLE_HASH_SIZE);
}

static void add_record(struct buf *out, struct life *life, uint64_t index)
{
    struct tree *tree = &life->shared;
    struct merkle_source source = {node_at, tree};
    struct merkle_hash proof[MERKLE_PROOF_MAX];
    size_t len;
    assert_true(merkle_inclusion(&source, index, tree->sizes[DAYS - 1], proof, &len));
    pack_array(out, 4);
    pack_str(out, "included");
    pack_uint(out, DAYS - 1);
    pack_uint(out, index);
    pack_array(out, (uint32_t)len);
    for (size_t i = 0; i < len; i++)
        pack_bin(out, proof[i].bytes, MERKLE_HASH_SIZE);
}

static void write_file(struct life *life, enum opens opens, struct buf *out)
{
    char origin[SEAL_ORIGIN_SIZE];
    uint8_t key[KEY_SIZE];
    struct sign_pair pair;
    struct merkle_stack log = {.size = 0};
    struct merkle_hash root;
    struct buf leaf = {0}, seals = {0};
    sign_pair_of(&pair);
    memcpy(key, sign_pair_key(&pair), KEY_SIZE);
    seal_origin(origin, key, life_name);
    for (int day = 0; day < DAYS; day++) {
        struct merkle_hash hash;
        buf_clear(&leaf);
        seal_write(&life->seals[day], &leaf);
        merkle_leaf(&hash, leaf.data, leaf.len);
        merkle_stack_add(&log, &hash);
        pack_array(&seals, 2);
        pack_str(&seals, "seal");
        pack_bin(&seals, leaf.data, leaf.len);
        if (opens == BOTH)
            add_opened(&seals, life, day, false, origin);
        if (opens != NOTHING)
            add_opened(&seals, life, day, true, origin);
    }
    merkle_stack_root(&log, &root);
    buf_clear(out);
    pack_array(out, 3);
    pack_str(out, "log");
    pack_str(out, origin);
    pack_uint(out, DAYS);
    pack_array(out, 2);
    pack_str(out, "checkpoint");
    add_note(out, origin, "", DAYS, &root);
    buf_append(out, &seals);
    for (uint64_t i = 0; opens != NOTHING && i < life->shared.sizes[DAYS - 1]; i++)
        add_record(out, life, i);
    assert_int_equal(buf_status(out), STATUS_OK);
    buf_deinit(&leaf);
    buf_deinit(&seals);
}

/* --- what differs --- */

static const uint8_t idle[DAYS] = {0};
static const uint8_t busy[DAYS] = {9, 1, 0, 4, 11, 2, 0, 0, 7, 3, 6, 5};

/* What one life sealed of its private tree stands in the other one's seals, too. */
static void take_commitments(struct life *life, const struct life *other)
{
    for (int day = 0; day < DAYS; day++)
        for (int part = SEAL_PRIVATE_ROOT; part <= SEAL_PRIVATE_SIZE; part++)
            life->seals[day].commitments[part] = other->seals[day].commitments[part];
}

static bool are_alike(enum opens opens)
{
    struct life one, other;
    struct buf file = {0}, other_file = {0};
    live(&one, 1, idle);
    live(&other, 2, busy);
    write_file(&one, opens, &file);
    write_file(&other, opens, &other_file);
    bool differ = !bytes_equal(buf_bytes(&file), buf_bytes(&other_file));
    bool as_long = file.len == other_file.len;
    take_commitments(&other, &one);
    write_file(&other, opens, &other_file);
    bool alike = bytes_equal(buf_bytes(&file), buf_bytes(&other_file));
    buf_deinit(&file);
    buf_deinit(&other_file);
    assert_true(differ); /* or the two lives were one */
    return as_long && alike;
}

static void an_auditor_without_openings_learns_neither_size_nor_root(void **state)
{
    (void)state;
    assert_true(are_alike(NOTHING));
}

static void
what_is_opened_of_the_shared_tree_tells_nothing_of_the_private_one(void **state)
{
    (void)state;
    assert_true(are_alike(SHARED));
}

/* Or the two before could not fail. */
static void what_is_opened_of_the_private_tree_tells_both(void **state)
{
    (void)state;
    assert_false(are_alike(BOTH));
}

/* Who guesses how much a village did has the right value, and every salt that he was
 * given, of all days and parts; and is none the wiser. */
static void no_salt_that_was_given_opens_what_was_not(void **state)
{
    struct life life;
    uint8_t secret[SEAL_SECRET_SIZE];
    (void)state;
    live(&life, 2, busy);
    for (int day = 0; day < DAYS; day++)
        for (int of = 0; of < DAYS; of++)
            for (int given = SEAL_SHARED_ROOT; given <= SEAL_SHARED_SIZE; given++)
                for (int part = SEAL_PRIVATE_ROOT; part <= SEAL_PRIVATE_SIZE; part++) {
                    struct seal_trees trees = trees_of(&life, of);
                    struct seal_opening salt, guess;
                    secret_of(of, secret);
                    seal_open(&salt, (enum seal_part)given, secret, &trees);
                    trees = trees_of(&life, day);
                    secret_of(day, secret);
                    seal_open(&guess, (enum seal_part)part, secret, &trees);
                    assert_true(seal_is_opened(&life.seals[day], &guess));
                    memcpy(guess.salt, salt.salt, SEAL_SALT_SIZE);
                    assert_false(seal_is_opened(&life.seals[day], &guess));
                }
}

/* A day on which nothing happened looks like any other: no commitment comes twice. */
static void a_day_without_anything_is_a_day_like_any_other(void **state)
{
    struct life life;
    struct buf leaf = {0}, other = {0};
    (void)state;
    live(&life, 1, idle);
    for (int day = 1; day < DAYS; day++)
        for (int before = 1; before < day; before++) {
            buf_clear(&leaf);
            buf_clear(&other);
            seal_write(&life.seals[day], &leaf);
            seal_write(&life.seals[before], &other);
            assert_int_equal(leaf.len, other.len);
            for (int i = 0; i < SEAL_PARTS; i++)
                for (int j = 0; j < SEAL_PARTS; j++)
                    assert_false(id_equal(&life.seals[day].commitments[i],
                                          &life.seals[before].commitments[j]));
        }
    buf_deinit(&leaf);
    buf_deinit(&other);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_auditor_without_openings_learns_neither_size_nor_root),
        cmocka_unit_test(
            what_is_opened_of_the_shared_tree_tells_nothing_of_the_private_one),
        cmocka_unit_test(what_is_opened_of_the_private_tree_tells_both),
        cmocka_unit_test(no_salt_that_was_given_opens_what_was_not),
        cmocka_unit_test(a_day_without_anything_is_a_day_like_any_other),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
