/*
 * conform_note: signed notes and what is made of them (C2SP). Texts are bytes like all
 * else, and so hex; numbers are decimal.
 */
#include "tests/conform/conform.h"

#include "proto/checkpoint.h"
#include "proto/note.h"
#include "proto/tlog_proof.h"
#include "proto/witness_request.h"

#include <stdio.h>
#include <string.h>

#define ARGUMENTS_MAX 4
#define NO_SEED "a seed has 32 bytes"
#define NO_NAME "a name has no spaces and no plus"
#define NO_HASHES "a proof has at most 63 hashes of 32 bytes each"

/* ---- arguments ---- */

static bool pair_of(struct conform_call *call, const char *word, struct sign_pair *pair)
{
    struct buf seed = {0};
    bool is_read = conform_bytes(call, word, &seed);
    bool is_seed = is_read && seed.len == KEY_SEED_SIZE;
    if (is_seed)
        sign_pair_init(pair, seed.data);
    else if (is_read)
        conform_error(call, NO_SEED);
    buf_deinit(&seed);
    return is_seed;
}

static bool name_of(struct conform_call *call, const char *word, struct buf *name)
{
    if (!conform_bytes(call, word, name))
        return false;
    if (note_name_is_valid(buf_bytes(name)))
        return true;
    conform_error(call, NO_NAME);
    return false;
}

static bool hashes_of(struct conform_call *call, const char *word,
                      struct merkle_hash proof[static TLOG_HASHES_MAX], size_t *len)
{
    struct buf bytes = {0};
    bool is_read = conform_bytes(call, word, &bytes);
    bool is_proof = is_read && bytes.len % MERKLE_HASH_SIZE == 0 &&
                    bytes.len / MERKLE_HASH_SIZE <= TLOG_HASHES_MAX;
    *len = is_proof ? bytes.len / MERKLE_HASH_SIZE : 0;
    if (*len > 0)
        memcpy(proof, bytes.data, bytes.len);
    if (is_read && !is_proof)
        conform_error(call, NO_HASHES);
    buf_deinit(&bytes);
    return is_proof;
}

static void say_buf(struct conform_call *call, const struct buf *out)
{
    if (buf_status(out) == STATUS_OK)
        conform_say_hex(call, out->data, out->len);
    else
        conform_error(call, "no memory is left");
}

static void say_number(struct conform_call *call, uint64_t number)
{
    char text[24];
    (void)snprintf(text, sizeof(text), "%llu", (unsigned long long)number);
    conform_say(call, text);
}

/* ---- notes ---- */

static void note_key(struct conform_call *call)
{
    struct buf name = {0}, out = {0};
    struct sign_pair pair;
    uint64_t type;
    if (!pair_of(call, call->words[1], &pair) || !name_of(call, call->words[2], &name) ||
        !conform_number(call, call->words[3], &type))
        goto free_all;
    if (type != NOTE_ED25519 && type != NOTE_COSIGNATURE) {
        conform_error(call, "a type is 1 or 4");
        goto free_all;
    }
    struct note_key key;
    note_key_init(&key, buf_bytes(&name), (enum note_type)type, sign_pair_key(&pair));
    note_key_write(&out, &key);
    say_buf(call, &out);
free_all:
    buf_deinit(&name);
    buf_deinit(&out);
}

static void sign(struct conform_call *call)
{
    struct buf name = {0}, text = {0}, out = {0};
    struct sign_pair pair;
    if (!pair_of(call, call->words[1], &pair) || !name_of(call, call->words[2], &name) ||
        !conform_bytes(call, call->words[3], &text))
        goto free_all;
    if (!note_may_sign(buf_bytes(&text)) || text.len > NOTE_SIZE_MAX) {
        conform_error(call, "a text that is signed is no other thing that keys sign");
        goto free_all;
    }
    note_add_text(&out, buf_bytes(&text));
    note_sign(&out, &pair, buf_bytes(&name), buf_bytes(&text));
    say_buf(call, &out);
free_all:
    buf_deinit(&name);
    buf_deinit(&text);
    buf_deinit(&out);
}

static void cosign(struct conform_call *call)
{
    static struct note note;
    struct buf name = {0}, bytes = {0}, out = {0};
    struct checkpoint checkpoint;
    struct sign_pair pair;
    struct err err = {0};
    uint64_t time;
    if (!pair_of(call, call->words[1], &pair) || !name_of(call, call->words[2], &name) ||
        !conform_number(call, call->words[3], &time) ||
        !conform_bytes(call, call->words[4], &bytes))
        goto free_all;
    enum status status =
        checkpoint_read_note(&checkpoint, &note, buf_bytes(&bytes), &err);
    if (status != STATUS_OK) {
        conform_say(call, err_text(&err, status));
        goto free_all;
    }
    note_cosign(&out, &pair, buf_bytes(&name), time, note.text);
    say_buf(call, &out);
free_all:
    buf_deinit(&name);
    buf_deinit(&bytes);
    buf_deinit(&out);
}

/* "bad" for a key that did not sign, or whose signature does not hold. */
static bool say_unless_signed(struct conform_call *call, const struct note *note,
                              struct bytes vkey, struct note_key *key, uint64_t *time)
{
    struct err err = {0};
    enum status status = note_key_read(key, vkey, &err);
    if (status != STATUS_OK) {
        conform_say(call, err_text(&err, status));
        return false;
    }
    if (note_verify(note, key, time) == STATUS_OK)
        return true;
    conform_say(call, "bad");
    return false;
}

static void check(struct conform_call *call)
{
    static struct note note;
    struct buf in[ARGUMENTS_MAX] = {{0}};
    struct note_key key;
    struct err err = {0};
    uint64_t time;
    if (!conform_arguments(call, in))
        goto free_in;
    enum status status = note_read(&note, buf_bytes(&in[1]), &err);
    if (status != STATUS_OK) {
        conform_say(call, err_text(&err, status));
        goto free_in;
    }
    if (!say_unless_signed(call, &note, buf_bytes(&in[0]), &key, &time))
        goto free_in;
    conform_say(call, "ok");
    if (key.type == NOTE_COSIGNATURE) {
        conform_say(call, " ");
        say_number(call, time);
    }
free_in:
    conform_free(in, ARGUMENTS_MAX);
}

/* ---- checkpoints ---- */

static void checkpoint_make(struct conform_call *call)
{
    struct buf name = {0}, out = {0};
    struct merkle_hash root[TLOG_HASHES_MAX];
    uint64_t size;
    size_t len;
    if (!name_of(call, call->words[1], &name) ||
        !conform_number(call, call->words[2], &size) ||
        !hashes_of(call, call->words[3], root, &len))
        goto free_all;
    if (len == 1) {
        checkpoint_write(&out, buf_bytes(&name), size, &root[0]);
        say_buf(call, &out);
    } else {
        conform_error(call, "a root has 32 bytes");
    }
free_all:
    buf_deinit(&name);
    buf_deinit(&out);
}

static void checkpoint_take(struct conform_call *call)
{
    struct buf text = {0};
    struct checkpoint checkpoint;
    struct err err = {0};
    if (!conform_bytes(call, call->words[1], &text))
        goto free_text;
    enum status status = checkpoint_read(&checkpoint, buf_bytes(&text), &err);
    if (status != STATUS_OK) {
        conform_say(call, err_text(&err, status));
        goto free_text;
    }
    conform_say_hex(call, checkpoint.origin.data, checkpoint.origin.len);
    conform_say(call, " ");
    say_number(call, checkpoint.size);
    conform_say(call, " ");
    conform_say_hex(call, checkpoint.root.bytes, sizeof(checkpoint.root.bytes));
    conform_say(call, " ");
    conform_say_hex(call, checkpoint.extension.data, checkpoint.extension.len);
free_text:
    buf_deinit(&text);
}

/* ---- what carries them ---- */

static void say_parts(struct conform_call *call, uint64_t number,
                      const struct merkle_hash *proof, size_t len, struct bytes note)
{
    say_number(call, number);
    conform_say(call, " ");
    conform_say_hex(call, proof, len * sizeof(proof[0]));
    conform_say(call, " ");
    conform_say_hex(call, note.data, note.len);
}

static void request_make(struct conform_call *call)
{
    struct merkle_hash proof[TLOG_HASHES_MAX];
    struct buf note = {0}, out = {0};
    uint64_t old;
    size_t len;
    if (conform_number(call, call->words[1], &old) &&
        hashes_of(call, call->words[2], proof, &len) &&
        conform_bytes(call, call->words[3], &note)) {
        witness_request_write(&out, old, proof, len, buf_bytes(&note));
        say_buf(call, &out);
    }
    buf_deinit(&note);
    buf_deinit(&out);
}

static void request_take(struct conform_call *call)
{
    static struct witness_request request;
    struct buf in = {0};
    struct err err = {0};
    if (conform_bytes(call, call->words[1], &in)) {
        enum status status = witness_request_read(&request, buf_bytes(&in), &err);
        if (status == STATUS_OK)
            say_parts(call, request.old_size, request.proof, request.proof_len,
                      request.bytes);
        else
            conform_say(call, err_text(&err, status));
    }
    buf_deinit(&in);
}

static void proof_make(struct conform_call *call)
{
    struct merkle_hash proof[TLOG_HASHES_MAX];
    struct buf extra = {0}, note = {0}, out = {0};
    uint64_t index;
    size_t len;
    if (!conform_bytes(call, call->words[1], &extra) ||
        !conform_number(call, call->words[2], &index) ||
        !hashes_of(call, call->words[3], proof, &len) ||
        !conform_bytes(call, call->words[4], &note))
        goto free_all;
    if (extra.len <= TLOG_EXTRA_MAX) {
        tlog_proof_write(&out, buf_bytes(&extra), index, proof, len, buf_bytes(&note));
        say_buf(call, &out);
    } else {
        conform_error(call, "so much cannot be extra");
    }
free_all:
    buf_deinit(&extra);
    buf_deinit(&note);
    buf_deinit(&out);
}

/* False: the answer says why. */
static bool proof_read(struct conform_call *call, const struct buf *in,
                       struct tlog_proof *proof)
{
    struct err err = {0};
    enum status status = tlog_proof_read(proof, buf_bytes(in), &err);
    if (status != STATUS_OK)
        conform_say(call, err_text(&err, status));
    return status == STATUS_OK;
}

static void proof_take(struct conform_call *call)
{
    static struct tlog_proof proof;
    struct buf in = {0};
    if (conform_bytes(call, call->words[1], &in) && proof_read(call, &in, &proof)) {
        conform_say_hex(call, proof.extra, proof.extra_len);
        conform_say(call, " ");
        say_parts(call, proof.index, proof.proof, proof.proof_len, proof.bytes);
    }
    buf_deinit(&in);
}

/* Words: leaf, the log's key, whose name is the origin, keys of witnesses, the proof. */
static void proof_check(struct conform_call *call)
{
    static struct buf in[CONFORM_WORDS_MAX];
    static struct tlog_proof proof;
    size_t last = call->count - 2;
    struct merkle_hash leaf;
    struct note_key key;
    uint64_t times[CONFORM_WORDS_MAX];
    if (!conform_arguments(call, in) || !proof_read(call, &in[last], &proof))
        goto free_in;
    for (size_t i = 1; i < last; i++) {
        if (!say_unless_signed(call, &proof.note, buf_bytes(&in[i]), &key, &times[i]))
            goto free_in;
        if (i == 1 && !bytes_equal(key.name, proof.checkpoint.origin)) {
            conform_say(call, "bad");
            goto free_in;
        }
    }
    merkle_leaf(&leaf, in[0].data, in[0].len);
    if (!tlog_proof_holds(&proof, &leaf)) {
        conform_say(call, "bad");
        goto free_in;
    }
    conform_say(call, "ok");
    for (size_t i = 2; i < last; i++) {
        conform_say(call, " ");
        say_number(call, times[i]);
    }
free_in:
    conform_free(in, call->count - 1);
    memset(in, 0, sizeof(in));
}

const struct conform_word conform_note_words[] = {
    {"note-key", 3, 3, note_key, "note-key SEED NAME TYPE: the verifier key; 1 or 4"},
    {"note-sign", 3, 3, sign, "note-sign SEED NAME TEXT: the note"},
    {"note-check", 2, 2, check,
     "note-check VKEY NOTE: ok (and the time of a cosignature), bad, or the reason for "
     "refusal"},
    {"cosign", 4, 4, cosign,
     "cosign SEED NAME TIME NOTE: the line of a cosignature, or the reason for refusal"},
    {"checkpoint-write", 3, 3, checkpoint_make,
     "checkpoint-write ORIGIN SIZE ROOT: TEXT"},
    {"checkpoint-read", 1, 1, checkpoint_take,
     "checkpoint-read TEXT: ORIGIN SIZE ROOT EXTENSION, or the reason for refusal"},
    {"witness-request-write", 3, 3, request_make,
     "witness-request-write OLD PROOF NOTE: the request"},
    {"witness-request-read", 1, 1, request_take,
     "witness-request-read REQUEST: OLD PROOF NOTE, or the reason for refusal"},
    {"tlog-proof-write", 4, 4, proof_make,
     "tlog-proof-write EXTRA INDEX PROOF NOTE: the file"},
    {"tlog-proof-read", 1, 1, proof_take,
     "tlog-proof-read FILE: EXTRA INDEX PROOF NOTE, or the reason for refusal"},
    {"tlog-proof-check", 3, CONFORM_WORDS_MAX, proof_check,
     "tlog-proof-check LEAF LOG-VKEY WITNESS-VKEY... FILE: ok and the times of the "
     "cosignatures, bad, or the reason for refusal; LEAF is data"},
    {NULL, 0, 0, NULL, NULL},
};
