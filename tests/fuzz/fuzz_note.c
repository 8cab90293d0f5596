/*
 * fuzz_note: what transparency logs write: whatever is taken is written again as the same
 * bytes, and what is signed of it, or proved, holds until it is changed.
 *   input  which of them (1), place and change (3), its bytes
 */
#include "fuzz.h"

#include "proto/checkpoint.h"
#include "proto/note.h"
#include "proto/tlog_proof.h"
#include "proto/witness_request.h"
#include "tests/support/forked.h"

static struct sign_pair pair;
static const char name[] = "witness.example/石桥";

static void assert_same(struct buf *written, struct bytes bytes)
{
    HOLDS(bytes_equal(buf_bytes(written), bytes));
    buf_deinit(written);
}

/* Signatures of ours below a text hold, and with a byte of it changed they do not. */
static void check_signed(struct bytes text, uint32_t at, uint8_t change)
{
    static struct note note;
    struct note_key log, witness;
    struct buf out = {0};
    uint64_t time, seen;
    note_key_init(&log, bytes_str(name), NOTE_ED25519, sign_pair_key(&pair));
    note_key_init(&witness, bytes_str(name), NOTE_COSIGNATURE, sign_pair_key(&pair));
    time = (uint64_t)at << 31 | change;
    note_add_text(&out, text);
    note_sign(&out, &pair, log.name, text);
    note_cosign(&out, &pair, witness.name, time, text);
    HOLDS(out.len > NOTE_SIZE_MAX ||
          note_read(&note, buf_bytes(&out), NULL) == STATUS_OK);
    if (out.len <= NOTE_SIZE_MAX) {
        HOLDS(bytes_equal(note.text, text));
        HOLDS(note_verify(&note, &log, &seen) == STATUS_OK && seen == 0);
        HOLDS(note_verify(&note, &witness, &seen) == STATUS_OK && seen == time);
        out.data[at % out.len] ^= change;
        HOLDS(change == 0 || note_read(&note, buf_bytes(&out), NULL) != STATUS_OK ||
              note_verify(&note, &log, &seen) != STATUS_OK ||
              note_verify(&note, &witness, &seen) != STATUS_OK || seen != time);
    }
    buf_deinit(&out);
}

static void check_note(struct bytes bytes, uint32_t at, uint8_t change)
{
    static struct note note;
    struct buf out = {0};
    if (note_read(&note, bytes, NULL) != STATUS_OK) {
        HOLDS(note_read(&note, bytes, NULL) != STATUS_OK);
        return;
    }
    note_add_text(&out, note.text);
    for (size_t i = 0; i < note.signatures_len; i++) {
        const struct note_signature *signature = &note.signatures[i];
        if (signature->len > NOTE_SIGNATURE_MAX)
            buf_add(&out, signature->line.data, signature->line.len);
        else
            note_add_signature(&out, signature->name, signature->key_id, signature->bytes,
                               signature->len);
    }
    assert_same(&out, bytes);
    HOLDS(note.signatures_len > 0 && note.signatures_len <= NOTE_SIGNATURES_MAX);
    if (note_may_sign(note.text))
        check_signed(note.text, at, change);
}

static void check_checkpoint(struct bytes bytes)
{
    struct checkpoint checkpoint;
    struct buf out = {0};
    if (checkpoint_read(&checkpoint, bytes, NULL) != STATUS_OK ||
        !note_name_is_valid(checkpoint.origin))
        return;
    checkpoint_write(&out, checkpoint.origin, checkpoint.size, &checkpoint.root);
    buf_add(&out, checkpoint.extension.data, checkpoint.extension.len);
    assert_same(&out, bytes);
    /* A log may say so: its text is no other thing that keys sign. */
    HOLDS(!note_text_is_valid(bytes) || note_may_sign(bytes));
}

static void check_request(struct bytes bytes)
{
    static struct witness_request request;
    struct buf out = {0};
    if (witness_request_read(&request, bytes, NULL) != STATUS_OK)
        return;
    HOLDS(request.old_size <= request.checkpoint.size);
    witness_request_write(&out, request.old_size, request.proof, request.proof_len,
                          request.bytes);
    assert_same(&out, bytes);
    check_note(request.bytes, 0, 1);
}

static void check_proof(struct bytes bytes)
{
    static struct tlog_proof proof;
    struct merkle_hash leaf = {{1}};
    struct buf out = {0};
    if (tlog_proof_read(&proof, bytes, NULL) != STATUS_OK)
        return;
    HOLDS(proof.index < proof.checkpoint.size);
    HOLDS(!tlog_proof_holds(&proof, &leaf));
    tlog_proof_write(&out, bytes_of(proof.extra, proof.extra_len), proof.index,
                     proof.proof, proof.proof_len, proof.bytes);
    assert_same(&out, bytes);
    check_note(proof.bytes, 0, 1);
}

/* A file of ours proves what it says, and with a byte of it changed nothing. */
static void check_forked(uint32_t at, uint8_t change, enum seal_proof_kind kind)
{
    static const uint8_t seed[KEY_SEED_SIZE] = {7};
    static struct seal_proof proof;
    struct forked forked;
    struct buf file = {0};
    uint8_t machine[KEY_SIZE];
    forked_init(&forked, seed);
    forked_proof(&forked, kind, &file);
    file.data[at % file.len] ^= change;
    enum status status = seal_proof_read(&proof, buf_bytes(&file), NULL);
    if (status == STATUS_OK)
        status = seal_proof_judge(&proof, machine, NULL);
    HOLDS((status == STATUS_OK) == (change == 0));
    buf_deinit(&file);
}

static void check_seal_proof(struct bytes bytes, uint32_t at, uint8_t change)
{
    static struct seal_proof proof;
    struct buf out = {0};
    uint8_t machine[KEY_SIZE];
    if (seal_proof_read(&proof, bytes, NULL) == STATUS_OK) {
        const uint8_t *a = proof.note.text.data;
        bool is_proved = seal_proof_judge(&proof, machine, NULL) == STATUS_OK;
        seal_proof_write(&out, proof.kind, &proof.old_root, &proof.request,
                         bytes_of(a, (size_t)(bytes.data + bytes.len - a)));
        /* Of one that went back any proof in it is left out, with which it is none. */
        HOLDS(bytes_equal(buf_bytes(&out), bytes) ||
              (proof.kind == SEAL_PROOF_BACK && !is_proved));
        buf_deinit(&out);
    }
    check_forked(at, change, change % 2 == 0 ? SEAL_PROOF_FORK : SEAL_PROOF_BACK);
}

static void check_key(struct bytes bytes)
{
    struct note_key key;
    struct buf out = {0};
    if (note_key_read(&key, bytes, NULL) != STATUS_OK)
        return;
    note_key_write(&out, &key);
    assert_same(&out, bytes);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const uint8_t seed[KEY_SEED_SIZE] = {7};
    struct fuzz_input input = fuzz_input_of(data, size);
    uint8_t kind = fuzz_u8(&input);
    uint32_t at = fuzz_u16(&input);
    uint8_t change = fuzz_u8(&input);
    struct bytes bytes = fuzz_take(&input, input.len);
    sign_pair_init(&pair, seed);
    switch (kind % 6) {
    case 0:
        check_note(bytes, at, change);
        break;
    case 1:
        check_checkpoint(bytes);
        break;
    case 2:
        check_request(bytes);
        break;
    case 3:
        check_proof(bytes);
        break;
    case 5:
        check_seal_proof(bytes, at, change);
        break;
    default:
        check_key(bytes);
    }
    return 0;
}
