#include "tests/support/forked.h"

#include <assert.h>

void forked_init(struct forked *forked, const uint8_t seed[static KEY_SEED_SIZE])
{
    uint8_t life[SEAL_LIFE_SIZE] = {1};
    sign_pair_init(&forked->pair, seed);
    seal_origin(forked->origin, sign_pair_key(&forked->pair), life);
    key_to_text(forked->key, "fqk1", sign_pair_key(&forked->pair));
}

static void sign_log(const struct forked *forked, uint64_t size,
                     const struct merkle_hash *root, const struct merkle_hash *after,
                     struct buf *note)
{
    struct buf text = {0};
    checkpoint_write(&text, bytes_str(forked->origin), size, root);
    if (after != NULL)
        seal_proof_add_after(&text, 2, after);
    note_add_text(note, buf_bytes(&text));
    note_sign(note, &forked->pair, bytes_str(forked->origin), buf_bytes(&text));
    buf_deinit(&text);
}

/* Leaf 0, or leaves 1 and 2. */
void forked_proof(const struct forked *forked, enum seal_proof_kind kind,
                  struct buf *file)
{
    struct merkle_hash leaves[3], both;
    struct witness_request request = {.old_size = 1, .proof_len = 1};
    struct buf a = {0}, b = {0};
    for (uint8_t i = 0; i < 3; i++)
        merkle_leaf(&leaves[i], &i, 1);
    merkle_node(&both, &leaves[1], &leaves[2]);
    request.proof[0] = leaves[2];
    if (kind == SEAL_PROOF_FORK) {
        request.checkpoint.size = 2;
        sign_log(forked, 1, &leaves[0], NULL, &a);
        sign_log(forked, 2, &both, NULL, &b);
    } else {
        request.checkpoint.size = 1;
        sign_log(forked, 2, &both, NULL, &a);
        sign_log(forked, 1, &leaves[1], &both, &b);
    }
    request.bytes = buf_bytes(&b);
    seal_proof_write(file, kind, &leaves[1], &request, buf_bytes(&a));
    enum status status = buf_status(file);
    assert(status == STATUS_OK);
    (void)status;
    buf_deinit(&a);
    buf_deinit(&b);
}
