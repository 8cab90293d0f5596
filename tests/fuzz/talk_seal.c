#include "talk_seal.h"

#include <string.h>

#include "crypto/merkle.h"
#include "crypto/sign.h"
#include "node/core/witness.h"
#include "proto/pack.h"
#include "proto/seal.h"
#include "proto/seal_proof.h"
#include "proto/witness_request.h"

#define LEAVES_MAX 16

static struct rig *rig;
/* The last checkpoint of the node that was heard. */
static struct buf heard_note;

void talk_seal_start(struct rig *the_rig)
{
    rig = the_rig;
    buf_clear(&heard_note);
}

static enum rig_site site_of(const struct rig_conn *conn)
{
    return conn->reader == RIG_READER_XIKOU    ? RIG_XIKOU
           : conn->reader == RIG_READER_COUNTY ? RIG_COUNTY
                                               : RIG_OUTSIDE;
}

static void key_of(enum rig_site site, uint8_t key[static KEY_SIZE])
{
    key_sign_public(key, rig->keys[site].node_seed);
}

/* --- hearing --- */

static void hear_note(struct pack_reader *reader, bool is_cosigned)
{
    struct bytes bytes;
    struct checkpoint checkpoint;
    struct note note;
    struct note_key key;
    char name[WITNESS_NAME_SIZE];
    uint8_t own[KEY_SIZE];
    HOLDS(pack_read_bin(reader, &bytes, NULL) == STATUS_OK);
    if (!is_cosigned && bytes.len == 0)
        return; /* it has seen nothing */
    HOLDS(checkpoint_read_note(&checkpoint, &note, bytes, NULL) == STATUS_OK);
    if (!is_cosigned)
        return;
    key_of(RIG_TOWNSHIP, own);
    witness_name(name, own);
    note_key_init(&key, bytes_str(name), NOTE_COSIGNATURE, own);
    HOLDS(note_verify(&note, &key, NULL) == STATUS_OK);
}

/* What the node shows of its own log goes on from where it says. */
static void hear_checkpoint(struct pack_reader *reader)
{
    static struct witness_request request;
    struct bytes bytes, begin;
    struct merkle_hash old_root;
    uint32_t count, len;
    HOLDS(pack_read_bin(reader, &bytes, NULL) == STATUS_OK);
    HOLDS(witness_request_read(&request, bytes, NULL) == STATUS_OK);
    HOLDS(pack_read_fixed(reader, old_root.bytes, MERKLE_HASH_SIZE, NULL) == STATUS_OK);
    HOLDS(merkle_consistency_holds(request.old_size, &old_root, request.checkpoint.size,
                                   &request.checkpoint.root, request.proof,
                                   request.proof_len));
    buf_clear(&heard_note);
    buf_add(&heard_note, request.bytes.data, request.bytes.len);
    HOLDS(pack_read_array(reader, &count, NULL) == STATUS_OK);
    HOLDS((count > 0) == (request.old_size == 0));
    while (count-- > 0) {
        HOLDS(pack_read_array(reader, &len, NULL) == STATUS_OK && len == 2);
        HOLDS(pack_read_bin(reader, &begin, NULL) == STATUS_OK);
        HOLDS(pack_read_array(reader, &len, NULL) == STATUS_OK);
        while (len-- > 0)
            HOLDS(pack_read_fixed(reader, old_root.bytes, MERKLE_HASH_SIZE, NULL) ==
                  STATUS_OK);
    }
}

void talk_seal_hear(struct bytes name, struct pack_reader *reader)
{
    if (bytes_equal_str(name, "checkpoint"))
        hear_checkpoint(reader);
    else
        hear_note(reader, bytes_equal_str(name, "cosignature"));
}

/* --- logs of those whom the fuzzer speaks for --- */

struct leaves {
    struct merkle_hash hashes[LEAVES_MAX];
};

static bool node_at(void *context, uint8_t level, uint64_t place,
                    struct merkle_hash *hash)
{
    const struct leaves *leaves = context;
    struct merkle_stack stack = {.size = 0};
    for (uint64_t i = place << level; i < (place + 1) << level; i++)
        merkle_stack_add(&stack, &leaves->hashes[i]);
    merkle_stack_root(&stack, hash);
    return true;
}

/* From the leaf fork on it is another history. */
static void make_leaves(struct leaves *leaves, const struct buf *begin, uint8_t fork)
{
    merkle_leaf(&leaves->hashes[0], begin->data, begin->len);
    for (uint8_t i = 1; i < LEAVES_MAX; i++) {
        uint8_t leaf[2] = {i, i >= fork};
        merkle_leaf(&leaves->hashes[i], leaf, sizeof(leaf));
    }
}

static void make_begin(struct buf *begin, enum rig_site site, uint8_t former)
{
    struct seal seal = {.kind = SEAL_BEGIN, .has_former = former != 0};
    uint8_t key[KEY_SIZE], life[SEAL_LIFE_SIZE] = {former};
    key_of(site, key);
    if (seal.has_former) {
        life[0]--;
        seal_origin(seal.former.origin, key, life);
        seal.former.size = former & 3;
    }
    seal_write(&seal, begin);
}

static void write_signed(struct buf *note, enum rig_site site, const char *origin,
                         struct bytes text)
{
    struct sign_pair pair;
    sign_pair_init(&pair, rig->keys[site].node_seed);
    note_add_text(note, text);
    note_sign(note, &pair, bytes_str(origin), text);
}

/* life(1) ‖ size and old size(1) ‖ fork(1): bit 7: another site's key signs; bit 6: with
 * a line of an extension */
void talk_seal_checkpoint(const struct rig_conn *conn, struct buf *out,
                          struct fuzz_input *input)
{
    enum rig_site site = site_of(conn);
    uint8_t life[SEAL_LIFE_SIZE] = {fuzz_u8(input) & 3};
    uint8_t sizes = fuzz_u8(input), fork = fuzz_u8(input), key[KEY_SIZE];
    uint64_t size = (sizes & 15) < LEAVES_MAX ? sizes & 15 : LEAVES_MAX;
    uint64_t old = sizes >> 4 <= size ? sizes >> 4 : size;
    struct leaves leaves;
    const struct merkle_source source = {node_at, &leaves};
    struct merkle_hash root, old_root, proof[MERKLE_PROOF_MAX],
        inclusion[MERKLE_PROOF_MAX];
    size_t proof_len = 0, inclusion_len = 0;
    char origin[SEAL_ORIGIN_SIZE];
    struct buf begin = {0}, text = {0}, note = {0}, request = {0};
    key_of(site, key);
    seal_origin(origin, key, life);
    make_begin(&begin, site, life[0]);
    make_leaves(&leaves, &begin, fork & 31);
    HOLDS(merkle_root_at(&source, size, &root) &&
          merkle_root_at(&source, old, &old_root) &&
          merkle_consistency(&source, old, size, proof, &proof_len));
    if (old == 0 && size > 0)
        HOLDS(merkle_inclusion(&source, 0, size, inclusion, &inclusion_len));
    checkpoint_write(&text, bytes_str(origin), size, &root);
    if (fork & 64)
        seal_proof_add_after(&text, (size + 2) & 15, &old_root);
    write_signed(&note, fork & 128 ? RIG_FENGYUAN : site, origin, buf_bytes(&text));
    witness_request_write(&request, old, proof, proof_len, buf_bytes(&note));
    pack_array(out, 4);
    pack_str(out, "checkpoint");
    pack_bin(out, request.data, request.len);
    pack_bin(out, old_root.bytes, MERKLE_HASH_SIZE);
    pack_array(out, old == 0);
    if (old == 0) {
        pack_array(out, 2);
        pack_bin(out, begin.data, begin.len);
        pack_array(out, (uint32_t)inclusion_len);
    }
    for (size_t i = 0; i < inclusion_len; i++)
        pack_bin(out, inclusion[i].bytes, MERKLE_HASH_SIZE);
    buf_deinit(&begin);
    buf_deinit(&text);
    buf_deinit(&note);
    buf_deinit(&request);
}

/* --- as a witness of the node's log --- */

/* kind(1): bit 0: what was seen, and not a cosignature; bit 1: of another log; bit 2: of
 * another size; bit 3: signed by somebody else */
void talk_seal_answer(const struct rig_conn *conn, struct buf *out,
                      struct fuzz_input *input)
{
    uint8_t kind = fuzz_u8(input), key[KEY_SIZE];
    enum rig_site site = kind & 8 ? RIG_OUTSIDE : site_of(conn);
    struct checkpoint checkpoint = {.size = 1};
    struct note heard;
    struct sign_pair pair;
    char origin[SEAL_ORIGIN_SIZE] = "", name[WITNESS_NAME_SIZE];
    struct buf text = {0}, note = {0};
    const uint8_t life[SEAL_LIFE_SIZE] = {9};
    key_of(RIG_TOWNSHIP, key);
    seal_origin(origin, key, life);
    if (heard_note.len > 0 && !(kind & 2)) {
        HOLDS(checkpoint_read_note(&checkpoint, &heard, buf_bytes(&heard_note), NULL) ==
              STATUS_OK);
        memcpy(origin, checkpoint.origin.data, SEAL_ORIGIN_SIZE - 1);
    }
    checkpoint_write(&text, bytes_str(origin), checkpoint.size + ((kind & 4) >> 1),
                     &checkpoint.root);
    key_of(site, key);
    witness_name(name, key);
    sign_pair_init(&pair, rig->keys[site].node_seed);
    if (kind & 1) /* the node's own signature: a stick, or a copy, may bring that */
        write_signed(&note, kind & 8 ? RIG_XIKOU : RIG_TOWNSHIP, origin,
                     buf_bytes(&text));
    else {
        note_add_text(&note, buf_bytes(&text));
        note_cosign(&note, &pair, bytes_str(name), 7, buf_bytes(&text));
    }
    pack_array(out, 2);
    pack_str(out, kind & 1 ? "witnessed" : "cosignature");
    pack_bin(out, note.data, note.len);
    buf_deinit(&text);
    buf_deinit(&note);
}
