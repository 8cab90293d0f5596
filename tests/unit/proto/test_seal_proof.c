/* Files that prove that a machine showed two histories, or fewer days than before. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "proto/seal_proof.h"

/* --- logs, as arrays of leaves --- */

#define LEAVES 9

struct tree {
    struct merkle_hash leaves[LEAVES];
};

/* Whose leaves are those of all such trees up to the one of that number. */
static struct tree tree_of(size_t same)
{
    struct tree tree;
    for (size_t i = 0; i < LEAVES; i++) {
        uint8_t data[2] = {(uint8_t)i, i < same ? 0 : (uint8_t)(1 + same)};
        merkle_leaf(&tree.leaves[i], data, sizeof(data));
    }
    return tree;
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

/* --- a machine that signs --- */

struct machine {
    struct sign_pair pair;
    uint8_t key[KEY_SIZE];
    char origin[SEAL_ORIGIN_SIZE];
};

static struct machine machine_of(uint8_t number)
{
    struct machine machine;
    uint8_t seed[32] = {number}, life[SEAL_LIFE_SIZE] = {1};
    sign_pair_init(&machine.pair, seed);
    memcpy(machine.key, sign_pair_key(&machine.pair), KEY_SIZE);
    seal_origin(machine.origin, machine.key, life);
    return machine;
}

/* What one proof is made of; each test spoils a part. */
struct parts {
    enum seal_proof_kind kind;
    struct machine a_signer, b_signer;
    char a_origin[SEAL_ORIGIN_SIZE], b_origin[SEAL_ORIGIN_SIZE];
    struct tree a, b;
    uint64_t a_size, b_size, old_size, after_size;
    uint64_t proof_from; /* to b_size */
    struct tree after;
};

static struct parts parts_of(enum seal_proof_kind kind)
{
    bool is_fork = kind == SEAL_PROOF_FORK;
    struct parts parts = {.kind = kind,
                          .a_signer = machine_of(1),
                          .b_signer = machine_of(1),
                          .a = tree_of(9),
                          .b = tree_of(is_fork ? 3 : 9),
                          .a_size = 5,
                          .b_size = is_fork ? 7 : 4,
                          .after = tree_of(9)};
    memcpy(parts.a_origin, parts.a_signer.origin, SEAL_ORIGIN_SIZE);
    memcpy(parts.b_origin, parts.a_signer.origin, SEAL_ORIGIN_SIZE);
    parts.old_size = parts.proof_from = is_fork ? 5 : 4;
    parts.after_size = is_fork ? 0 : 5;
    return parts;
}

/* The note of a checkpoint; it says that it is after that tree, if that has a size. */
static struct buf note_of(const struct machine *signer, const char *origin,
                          struct tree *tree, uint64_t size, struct tree *after,
                          uint64_t after_size)
{
    struct buf text = {0}, note = {0};
    struct merkle_hash root = root_of(tree, size);
    checkpoint_write(&text, bytes_str(origin), size, &root);
    if (after_size > 0) {
        root = root_of(after, after_size);
        seal_proof_add_after(&text, after_size, &root);
    }
    note_add_text(&note, buf_bytes(&text));
    note_sign(&note, &signer->pair, bytes_str(origin), buf_bytes(&text));
    assert_int_equal(buf_status(&note), STATUS_OK);
    buf_deinit(&text);
    return note;
}

static struct buf file_of(struct parts *parts)
{
    struct witness_request request = {.old_size = parts->old_size};
    struct merkle_source source = {node_at, &parts->b};
    struct merkle_hash proof[MERKLE_PROOF_MAX];
    struct merkle_hash old_root = root_of(&parts->b, parts->proof_from);
    struct buf out = {0};
    struct buf a =
        note_of(&parts->a_signer, parts->a_origin, &parts->a, parts->a_size, NULL, 0);
    struct buf b = note_of(&parts->b_signer, parts->b_origin, &parts->b, parts->b_size,
                           &parts->after, parts->after_size);
    assert_true(merkle_consistency(&source, parts->proof_from, parts->b_size, proof,
                                   &request.proof_len));
    memcpy(request.proof, proof, request.proof_len * sizeof(proof[0]));
    request.bytes = buf_bytes(&b);
    request.checkpoint.size = parts->b_size;
    seal_proof_write(&out, parts->kind, &old_root, &request, buf_bytes(&a));
    assert_int_equal(buf_status(&out), STATUS_OK);
    buf_deinit(&a);
    buf_deinit(&b);
    return out;
}

/* All of it, as who is given a file does. */
static enum status judge(struct bytes file, uint8_t machine[static KEY_SIZE],
                         struct err *err)
{
    static struct seal_proof proof;
    enum status status = seal_proof_read(&proof, file, err);
    return status == STATUS_OK ? seal_proof_judge(&proof, machine, err) : status;
}

static void assert_unproved(struct parts *parts, const char *why)
{
    uint8_t machine[KEY_SIZE];
    struct err err = {0};
    struct buf file = file_of(parts);
    assert_int_equal(judge(buf_bytes(&file), machine, &err), STATUS_UNVERIFIED);
    assert_string_equal(err.text, why);
    buf_deinit(&file);
}

/* --- what proves --- */

static void two_histories_of_one_log_are_a_proof_that_names_the_machine(void **state)
{
    struct parts parts = parts_of(SEAL_PROOF_FORK);
    uint8_t machine[KEY_SIZE];
    for (parts.b_size = 5; parts.b_size <= LEAVES; parts.b_size++) {
        struct buf file = file_of(&parts);
        assert_memory_equal(file.data, "fengqiao/seal-proof/1 fork\n", 27);
        assert_int_equal(judge(buf_bytes(&file), machine, NULL), STATUS_OK);
        assert_memory_equal(machine, parts.a_signer.key, KEY_SIZE);
        buf_deinit(&file);
    }
}

static void a_machine_that_went_back_is_named_by_what_it_says_itself(void **state)
{
    struct parts parts = parts_of(SEAL_PROOF_BACK);
    uint8_t machine[KEY_SIZE];
    for (parts.b_size = 1; parts.b_size < parts.a_size; parts.b_size++) {
        /* What a witness was sent as a proof has no place in it. */
        for (parts.proof_from = 1; parts.proof_from <= parts.b_size; parts.proof_from++) {
            parts.old_size = parts.proof_from;
            struct buf file = file_of(&parts);
            assert_memory_equal(file.data, "fengqiao/seal-proof/1 back\nold ", 31);
            assert_int_equal(judge(buf_bytes(&file), machine, NULL), STATUS_OK);
            assert_memory_equal(machine, parts.a_signer.key, KEY_SIZE);
            buf_deinit(&file);
        }
    }
}

static void a_file_is_read_as_it_was_written(void **state)
{
    static const enum seal_proof_kind kinds[] = {SEAL_PROOF_FORK, SEAL_PROOF_BACK};
    static struct seal_proof proof;
    for (size_t i = 0; i < 2; i++) {
        struct parts parts = parts_of(kinds[i]);
        struct buf file = file_of(&parts), again = {0};
        assert_int_equal(seal_proof_read(&proof, buf_bytes(&file), NULL), STATUS_OK);
        assert_int_equal(proof.kind, kinds[i]);
        assert_int_equal(proof.checkpoint.size, parts.a_size);
        assert_int_equal(proof.request.checkpoint.size, parts.b_size);
        struct bytes a = {.data = proof.note.text.data};
        a.len = (size_t)(file.data + file.len - a.data);
        seal_proof_write(&again, proof.kind, &proof.old_root, &proof.request, a);
        assert_true(bytes_equal(buf_bytes(&file), buf_bytes(&again)));
        buf_deinit(&file);
        buf_deinit(&again);
    }
}

/* --- what does not --- */

static void a_log_that_only_grew_proves_nothing(void **state)
{
    struct parts parts = parts_of(SEAL_PROOF_FORK);
    parts.b = tree_of(5); /* other leaves, but behind those of A */
    assert_unproved(&parts, "one log goes on from the other, as it should");
    parts.b = parts.a;
    parts.b_size = 5;
    assert_unproved(&parts, "one log goes on from the other, as it should");
}

static void a_beginning_of_another_length_proves_nothing(void **state)
{
    struct parts parts = parts_of(SEAL_PROOF_FORK);
    static const char why[] =
        "the beginning that is proved does not have the length of the other log";
    parts.old_size = parts.proof_from = 4;
    assert_unproved(&parts, why);
    parts.old_size = 5;
    assert_unproved(&parts, "the longer log does not begin as the proof says");
    parts = parts_of(SEAL_PROOF_FORK);
    parts.a_size = parts.old_size = parts.proof_from = 0;
    assert_unproved(&parts, why); /* a log begins with a leaf */
}

static void checkpoints_of_two_logs_prove_nothing(void **state)
{
    static const enum seal_proof_kind kinds[] = {SEAL_PROOF_FORK, SEAL_PROOF_BACK};
    for (size_t i = 0; i < 2; i++) {
        struct parts parts = parts_of(kinds[i]);
        parts.b_signer = machine_of(2);
        memcpy(parts.b_origin, parts.b_signer.origin, SEAL_ORIGIN_SIZE);
        assert_unproved(&parts, "its checkpoints are of two logs");
        parts = parts_of(kinds[i]); /* another life of one machine */
        parts.b_origin[SEAL_ORIGIN_SIZE - 2] = '7';
        assert_unproved(&parts, "its checkpoints are of two logs");
    }
}

static void what_the_machine_did_not_sign_proves_nothing_of_it(void **state)
{
    static const enum seal_proof_kind kinds[] = {SEAL_PROOF_FORK, SEAL_PROOF_BACK};
    static const char why[] = "the machine of the log did not sign both checkpoints";
    for (size_t i = 0; i < 2; i++) {
        struct parts parts = parts_of(kinds[i]);
        parts.a_signer = machine_of(2);
        assert_unproved(&parts, why);
        parts = parts_of(kinds[i]);
        parts.b_signer = machine_of(2);
        assert_unproved(&parts, why);
    }
}

static void a_log_of_no_machine_proves_nothing(void **state)
{
    struct parts parts = parts_of(SEAL_PROOF_FORK);
    (void)snprintf(parts.a_origin, SEAL_ORIGIN_SIZE, "log.example/1");
    memcpy(parts.b_origin, parts.a_origin, SEAL_ORIGIN_SIZE);
    assert_unproved(&parts, "its checkpoints are of no machine's seal log");
    parts = parts_of(SEAL_PROOF_FORK);
    parts.a_origin[20] = parts.a_origin[20] == 'a' ? 'b' : 'a';
    memcpy(parts.b_origin, parts.a_origin, SEAL_ORIGIN_SIZE);
    assert_unproved(&parts, "its checkpoints are of no machine's seal log");
}

static void a_machine_that_says_nothing_did_not_go_back(void **state)
{
    static const char why[] = "the machine does not say that it was shown the longer log";
    struct parts parts = parts_of(SEAL_PROOF_BACK);
    parts.after_size = 0;
    assert_unproved(&parts, why);
    parts.after_size = 6; /* it was shown something else */
    assert_unproved(&parts, why);
    parts.after_size = 5;
    parts.after = tree_of(4);
    assert_unproved(&parts, why);
    parts = parts_of(SEAL_PROOF_BACK);
    parts.b_size = parts.old_size = parts.proof_from = 5; /* not shorter */
    assert_unproved(&parts, why);
}

static void a_proof_of_one_kind_is_none_of_the_other(void **state)
{
    struct parts parts = parts_of(SEAL_PROOF_FORK);
    struct buf file = file_of(&parts), other = {0};
    uint8_t machine[KEY_SIZE];
    buf_add(&other, "fengqiao/seal-proof/1 back\n", 27);
    buf_add(&other, file.data + 27 + 45, file.len - 27 - 45);
    assert_int_equal(judge(buf_bytes(&other), machine, NULL), STATUS_UNVERIFIED);
    buf_deinit(&other);
    buf_deinit(&file);
}

/* --- S1, I5: bytes --- */

static void I5_no_byte_of_a_proof_can_be_another(void **state)
{
    static const enum seal_proof_kind kinds[] = {SEAL_PROOF_FORK, SEAL_PROOF_BACK};
    for (size_t i = 0; i < 2; i++) {
        struct parts parts = parts_of(kinds[i]);
        struct buf file = file_of(&parts);
        uint8_t machine[KEY_SIZE];
        for (size_t at = 0; at < file.len; at++)
            for (int bit = 0; bit < 8; bit++) {
                struct err err = {0};
                file.data[at] ^= (uint8_t)(1 << bit);
                assert_int_not_equal(judge(buf_bytes(&file), machine, &err), STATUS_OK);
                assert_true(err.text[0] != '\0');
                file.data[at] ^= (uint8_t)(1 << bit);
            }
        buf_deinit(&file);
    }
}

static void I5_a_proof_that_is_cut_or_goes_on_is_none(void **state)
{
    static const enum seal_proof_kind kinds[] = {SEAL_PROOF_FORK, SEAL_PROOF_BACK};
    for (size_t i = 0; i < 2; i++) {
        struct parts parts = parts_of(kinds[i]);
        struct buf file = file_of(&parts);
        uint8_t machine[KEY_SIZE];
        for (size_t len = 0; len < file.len; len++) {
            /* Memory that ends where the file does. */
            uint8_t *copy = malloc(len + 1);
            assert_non_null(copy);
            memcpy(copy, file.data, len);
            assert_int_not_equal(judge(bytes_of(copy, len), machine, NULL), STATUS_OK);
            free(copy);
        }
        buf_add_u8(&file, '\n');
        assert_int_not_equal(judge(buf_bytes(&file), machine, NULL), STATUS_OK);
        buf_deinit(&file);
    }
}

static void M_what_is_no_proof_is_refused_with_a_reason(void **state)
{
    static const struct {
        const char *text, *why;
    } rows[] = {
        {"", "its first line is not 'fengqiao/seal-proof/1 fork' or "
             "'fengqiao/seal-proof/1 back'"},
        {"fengqiao/seal-proof/1\n",
         "its first line is not 'fengqiao/seal-proof/1 fork' or "
         "'fengqiao/seal-proof/1 back'"},
        {"fengqiao/seal-proof/1 away\nold 1\n\n",
         "its first line is not 'fengqiao/seal-proof/1 fork' or "
         "'fengqiao/seal-proof/1 back'"},
        {"fengqiao/seal-proof/1 fork\nold 1\n\n",
         "its second line is not 32 bytes in base64"},
        {"fengqiao/seal-proof/1 back\nold 1\n\n", "it has no two checkpoints"},
        {"fengqiao/seal-proof/1 back\n\n\n\n",
         "request to a witness: its first line is not 'old' and a number"},
    };
    uint8_t machine[KEY_SIZE];
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct err err = {0};
        assert_int_equal(judge(bytes_str(rows[i].text), machine, &err), STATUS_INVALID);
        assert_string_equal(err.text, rows[i].why);
    }
}

static void M_limits_hold(void **state)
{
    static char text[SEAL_PROOF_MAX + 2];
    uint8_t machine[KEY_SIZE];
    struct err err = {0};
    memset(text, '\n', sizeof(text) - 1);
    assert_int_equal(judge(bytes_of(text, SEAL_PROOF_MAX), machine, &err),
                     STATUS_INVALID);
    assert_int_equal(judge(bytes_of(text, SEAL_PROOF_MAX + 1), machine, &err),
                     STATUS_TOO_LARGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_histories_of_one_log_are_a_proof_that_names_the_machine),
        cmocka_unit_test(a_machine_that_went_back_is_named_by_what_it_says_itself),
        cmocka_unit_test(a_file_is_read_as_it_was_written),
        cmocka_unit_test(a_log_that_only_grew_proves_nothing),
        cmocka_unit_test(a_beginning_of_another_length_proves_nothing),
        cmocka_unit_test(checkpoints_of_two_logs_prove_nothing),
        cmocka_unit_test(what_the_machine_did_not_sign_proves_nothing_of_it),
        cmocka_unit_test(a_log_of_no_machine_proves_nothing),
        cmocka_unit_test(a_machine_that_says_nothing_did_not_go_back),
        cmocka_unit_test(a_proof_of_one_kind_is_none_of_the_other),
        cmocka_unit_test(I5_no_byte_of_a_proof_can_be_another),
        cmocka_unit_test(I5_a_proof_that_is_cut_or_goes_on_is_none),
        cmocka_unit_test(M_what_is_no_proof_is_refused_with_a_reason),
        cmocka_unit_test(M_limits_hold),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
