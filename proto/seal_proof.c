#include "proto/seal_proof.h"

#include <string.h>

#define HEAD "fengqiao/seal-proof/1"
#define AFTER "after "

const char *seal_proof_word(enum seal_proof_kind kind)
{
    return kind == SEAL_PROOF_FORK ? "fork" : "back";
}

/* --- "after SIZE ROOT" --- */

void seal_proof_add_after(struct buf *text, uint64_t size, const struct merkle_hash *root)
{
    struct buf number = {0};
    tlog_line_add_number(&number, NULL, size);
    buf_add(text, AFTER, sizeof(AFTER) - 1);
    if (number.len > 0)
        number.data[number.len - 1] = ' '; /* in the place of its end */
    buf_append(text, &number);
    tlog_line_add_hash(text, root);
    buf_deinit(&number);
}

bool seal_proof_is_after(const struct checkpoint *checkpoint, uint64_t size,
                         const struct merkle_hash *root)
{
    struct buf line = {0};
    seal_proof_add_after(&line, size, root);
    bool is_same = buf_status(&line) == STATUS_OK &&
                   bytes_equal(checkpoint->extension, buf_bytes(&line));
    buf_deinit(&line);
    return is_same;
}

/* --- writing --- */

static void add_line(struct buf *out, const char *text)
{
    buf_add(out, text, strlen(text));
    buf_add_u8(out, '\n');
}

void seal_proof_write(struct buf *out, enum seal_proof_kind kind,
                      const struct merkle_hash *old_root,
                      const struct witness_request *request, struct bytes note)
{
    bool is_fork = kind == SEAL_PROOF_FORK;
    buf_add(out, HEAD " ", sizeof(HEAD));
    add_line(out, seal_proof_word(kind));
    if (is_fork)
        tlog_line_add_hash(out, old_root);
    /* Whatever proof came with a checkpoint that went back: it is none of that. */
    witness_request_write(out, is_fork ? request->old_size : request->checkpoint.size,
                          request->proof, is_fork ? request->proof_len : 0,
                          request->bytes);
    add_line(out, "");
    buf_add(out, note.data, note.len);
}

/* --- reading --- */

static enum status read_head(struct seal_proof *proof, struct bytes *left,
                             struct err *err)
{
    struct bytes line;
    bool is_known = tlog_line_take(left, &line) && tlog_line_begins(&line, HEAD);
    proof->kind =
        is_known && bytes_equal_str(line, "fork") ? SEAL_PROOF_FORK : SEAL_PROOF_BACK;
    if (!is_known || !bytes_equal_str(line, seal_proof_word(proof->kind)))
        return err_set(err, STATUS_INVALID,
                       "its first line is not '" HEAD " fork' or '" HEAD " back'");
    if (proof->kind == SEAL_PROOF_FORK &&
        (!tlog_line_take(left, &line) || !tlog_line_hash(line, &proof->old_root)))
        return err_set(err, STATUS_INVALID, "its second line is not 32 bytes in base64");
    return STATUS_OK;
}

/* No checkpoint has an empty line: behind the lines of the proof, the text and the
 * signatures of B stand three of them. False: there are fewer. */
static bool part(struct bytes *left, struct bytes *request)
{
    struct bytes line, all = *left;
    for (int empty = 0; tlog_line_take(left, &line);) {
        if (line.len > 0 || ++empty < 3)
            continue;
        *request = bytes_of(all.data, (size_t)(line.data - all.data));
        return true;
    }
    return false;
}

enum status seal_proof_read(struct seal_proof *proof, struct bytes file, struct err *err)
{
    struct bytes request;
    if (file.len > SEAL_PROOF_MAX)
        return err_set(err, STATUS_TOO_LARGE, "it is larger than %u bytes",
                       SEAL_PROOF_MAX);
    enum status status = read_head(proof, &file, err);
    if (status != STATUS_OK)
        return status;
    if (!part(&file, &request))
        return err_set(err, STATUS_INVALID, "it has no two checkpoints");
    status = witness_request_read(&proof->request, request, err);
    if (status != STATUS_OK)
        return status;
    return checkpoint_read_note(&proof->checkpoint, &proof->note, file, err);
}

/* --- judging --- */

static bool is_signed(const struct note *note, const char *origin,
                      const uint8_t machine[static KEY_SIZE])
{
    struct note_key key;
    note_key_init(&key, bytes_str(origin), NOTE_ED25519, machine);
    return note_verify(note, &key, NULL) == STATUS_OK;
}

static enum status judge_signer(const struct seal_proof *proof,
                                uint8_t machine[static KEY_SIZE], struct err *err)
{
    struct bytes name = proof->checkpoint.origin;
    char origin[SEAL_ORIGIN_SIZE] = "";
    if (!bytes_equal(name, proof->request.checkpoint.origin))
        return err_set(err, STATUS_UNVERIFIED, "its checkpoints are of two logs");
    if (name.len == SEAL_ORIGIN_SIZE - 1)
        memcpy(origin, name.data, name.len);
    if (!seal_origin_key(origin, machine))
        return err_set(err, STATUS_UNVERIFIED,
                       "its checkpoints are of no machine's seal log");
    if (!is_signed(&proof->note, origin, machine) ||
        !is_signed(&proof->request.note, origin, machine))
        return err_set(err, STATUS_UNVERIFIED,
                       "the machine of the log did not sign both checkpoints");
    return STATUS_OK;
}

static enum status judge_fork(const struct seal_proof *proof, struct err *err)
{
    const struct witness_request *request = &proof->request;
    const struct checkpoint *a = &proof->checkpoint, *b = &request->checkpoint;
    if (a->size == 0 || request->old_size != a->size)
        return err_set(err, STATUS_UNVERIFIED,
                       "the beginning that is proved does not have the length of the "
                       "other log");
    if (!merkle_consistency_holds(a->size, &proof->old_root, b->size, &b->root,
                                  request->proof, request->proof_len))
        return err_set(err, STATUS_UNVERIFIED,
                       "the longer log does not begin as the proof says");
    if (merkle_equal(&proof->old_root, &a->root))
        return err_set(err, STATUS_UNVERIFIED,
                       "one log goes on from the other, as it should");
    return STATUS_OK;
}

static enum status judge_back(const struct seal_proof *proof, struct err *err)
{
    const struct witness_request *request = &proof->request;
    const struct checkpoint *a = &proof->checkpoint, *b = &request->checkpoint;
    if (request->old_size != b->size || request->proof_len > 0)
        return err_set(err, STATUS_UNVERIFIED, "it has a proof where none belongs");
    if (b->size >= a->size || !seal_proof_is_after(b, a->size, &a->root))
        return err_set(err, STATUS_UNVERIFIED,
                       "the machine does not say that it was shown the longer log");
    return STATUS_OK;
}

enum status seal_proof_judge(const struct seal_proof *proof,
                             uint8_t machine[static KEY_SIZE], struct err *err)
{
    enum status status = judge_signer(proof, machine, err);
    if (status != STATUS_OK)
        return status;
    return proof->kind == SEAL_PROOF_FORK ? judge_fork(proof, err)
                                          : judge_back(proof, err);
}
