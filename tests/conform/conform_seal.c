/*
 * conform_seal: seal logs (docs/LEDGER.md): what they are called, and proofs against the
 * machines that keep them.
 */
#include "tests/conform/conform.h"

#include "proto/seal_proof.h"

#include <string.h>

static void origin(struct conform_call *call)
{
    struct buf in[2] = {{0}};
    struct sign_pair pair;
    char text[SEAL_ORIGIN_SIZE];
    if (!conform_arguments(call, in))
        goto free_in;
    if (in[0].len != KEY_SEED_SIZE || in[1].len != SEAL_LIFE_SIZE) {
        conform_error(call, "a seed has 32 bytes, and a life 8");
        goto free_in;
    }
    sign_pair_init(&pair, in[0].data);
    seal_origin(text, sign_pair_key(&pair), in[1].data);
    conform_say_hex(call, text, strlen(text));
free_in:
    conform_free(in, 2);
}

static void proof_make(struct conform_call *call)
{
    static struct witness_request request;
    struct buf in[3] = {{0}}, out = {0};
    struct merkle_hash root;
    struct err err = {0};
    const char *kind = call->words[1];
    bool is_fork = strcmp(kind, "fork") == 0;
    for (size_t i = 0; i < 3; i++)
        if (!conform_bytes(call, call->words[i + 2], &in[i]))
            goto free_in;
    if (in[0].len != MERKLE_HASH_SIZE || (!is_fork && strcmp(kind, "back") != 0)) {
        conform_error(call, "a kind is fork or back, and a root has 32 bytes");
        goto free_in;
    }
    enum status status = witness_request_read(&request, buf_bytes(&in[1]), &err);
    if (status != STATUS_OK) {
        conform_say(call, err_text(&err, status));
        goto free_in;
    }
    memcpy(root.bytes, in[0].data, MERKLE_HASH_SIZE);
    seal_proof_write(&out, is_fork ? SEAL_PROOF_FORK : SEAL_PROOF_BACK, &root, &request,
                     buf_bytes(&in[2]));
    conform_say_hex(call, out.data, out.len);
free_in:
    conform_free(in, 3);
    buf_deinit(&out);
}

static void proof_check(struct conform_call *call)
{
    static struct seal_proof proof;
    struct buf in = {0};
    uint8_t machine[KEY_SIZE];
    struct err err = {0};
    if (!conform_bytes(call, call->words[1], &in))
        goto free_in;
    enum status status = seal_proof_read(&proof, buf_bytes(&in), &err);
    if (status == STATUS_OK)
        status = seal_proof_judge(&proof, machine, &err);
    if (status == STATUS_OK) {
        conform_say(call, "ok ");
        conform_say(call, seal_proof_word(proof.kind));
        conform_say(call, " ");
        conform_say_hex(call, machine, sizeof(machine));
    } else {
        conform_say(call, err_text(&err, status));
    }
free_in:
    buf_deinit(&in);
}

const struct conform_word conform_seal_words[] = {
    {"seal-origin", 2, 2, origin, "seal-origin SEED LIFE: the name of the log"},
    {"seal-proof-write", 4, 4, proof_make,
     "seal-proof-write KIND ROOT REQUEST NOTE: the file, or the reason for refusal; KIND "
     "is "
     "fork or back"},
    {"seal-proof-check", 1, 1, proof_check,
     "seal-proof-check FILE: ok, the kind and the machine's key, or what is not proved"},
    {NULL, 0, 0, NULL, NULL},
};
