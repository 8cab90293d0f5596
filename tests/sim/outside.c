#include "tests/sim/outside.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "proto/seal.h"
#include "proto/witness_request.h"

void outside_init(struct outside *outside, uint8_t number, const char *name)
{
    uint8_t seed[KEY_SEED_SIZE] = {number};
    struct buf vkey = {0};
    *outside = (struct outside){.size = 0};
    merkle_empty(&outside->root);
    sign_pair_init(&outside->pair, seed);
    note_key_init(&outside->key, bytes_str(name), NOTE_COSIGNATURE,
                  sign_pair_key(&outside->pair));
    note_key_write(&vkey, &outside->key);
    (void)snprintf(outside->vkey, sizeof(outside->vkey), "%.*s", (int)vkey.len,
                   (const char *)vkey.data);
    buf_deinit(&vkey);
}

void outside_answer(struct outside *outside, struct bytes request, bool with_text,
                    struct buf *answer)
{
    static struct witness_request read;
    char origin[SEAL_ORIGIN_SIZE];
    uint8_t machine[KEY_SIZE];
    struct note_key key;
    assert_int_equal(witness_request_read(&read, request, NULL), STATUS_OK);
    (void)snprintf(origin, sizeof(origin), "%.*s", (int)read.checkpoint.origin.len,
                   (const char *)read.checkpoint.origin.data);
    assert_true(seal_origin_key(origin, machine));
    note_key_init(&key, bytes_str(origin), NOTE_ED25519, machine);
    assert_int_equal(note_verify(&read.note, &key, NULL), STATUS_OK);
    assert_int_equal(read.old_size, outside->size);
    assert_true(merkle_consistency_holds(outside->size, &outside->root,
                                         read.checkpoint.size, &read.checkpoint.root,
                                         read.proof, read.proof_len));
    outside->size = read.checkpoint.size;
    outside->root = read.checkpoint.root;
    if (with_text)
        buf_add(answer, read.bytes.data, read.bytes.len);
    note_cosign(answer, &outside->pair, outside->key.name, 1790000000, read.note.text);
    buf_add_u8(answer, '\0'); /* for world_say */
    assert_int_equal(buf_status(answer), STATUS_OK);
}
