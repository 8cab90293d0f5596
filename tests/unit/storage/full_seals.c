/* The ledger as trees, and seal logs, asked for and changed. */
#include "storage/store_ledger.h"
#include "storage/store_seals.h"
#include "storage/store_witness.h"
#include "tests/unit/storage/full_store.h"

#define LEN(array) (sizeof(array) / sizeof((array)[0]))

static const uint8_t machine[KEY_SIZE] = {7};

static enum status grow(struct store *store)
{
    enum status status = STATUS_OK;
    for (size_t i = 0; status == STATUS_OK && i < FULL_MANY; i++)
        status = store_op_add(store, &full.many[i].op, buf_bytes(&full.many[i].bytes),
                              SCOPE_ESCALATION, TREE_SHARED);
    return status;
}

static void hear_proof(const struct store_ledger_proof *proof)
{
    full_hear(bytes_of(proof->hashes, proof->len * sizeof(proof->hashes[0])));
}

static enum status prove(struct store *store)
{
    struct store_ledger_proof proof;
    struct merkle_hash root;
    enum status status = grow(store);
    if (status == STATUS_OK)
        status = store_ledger_root(store, TREE_SHARED, FULL_MANY, &root);
    if (status != STATUS_OK)
        return status;
    full_hear(bytes_of(root.bytes, MERKLE_HASH_SIZE));
    status = store_ledger_inclusion(store, TREE_SHARED, 17, FULL_MANY, &proof);
    if (status != STATUS_OK)
        return status;
    hear_proof(&proof);
    status = store_ledger_consistency(store, TREE_SHARED, 18, FULL_MANY, &proof);
    if (status == STATUS_OK)
        hear_proof(&proof);
    return status;
}

static enum status prove_anew(struct store *store)
{
    enum status status = store_scopes_clear(store);
    return status == STATUS_OK ? prove(store) : status;
}

/* --- our own logs --- */

static enum status hear_seal(void *context, const struct store_seal *seal)
{
    (void)context;
    full_hear_number(seal->place);
    full_hear(seal->leaf);
    full_hear(bytes_of(seal->secret, SEAL_SECRET_SIZE));
    full_hear_number(seal->private_size);
    full_hear_number(seal->shared_size);
    return STATUS_OK;
}

static enum status hear_cosigned(void *context, struct bytes witness, uint64_t size,
                                 struct bytes note)
{
    (void)context;
    full_hear(witness);
    full_hear_number(size);
    full_hear(note);
    return STATUS_OK;
}

static void origin_of(char out[static SEAL_ORIGIN_SIZE], uint8_t life)
{
    const uint8_t bytes[SEAL_LIFE_SIZE] = {life};
    seal_origin(out, machine, bytes);
}

static enum status seal(struct store *store)
{
    static const struct store_seal leaf = {.place = 0,
                                           .leaf = {(const uint8_t *)"leaf", 4}};
    char origin[SEAL_ORIGIN_SIZE];
    int64_t log;
    uint64_t len = 0;
    origin_of(origin, 1);
    enum status status = store_seal_log_begin(store, origin, &log);
    if (status == STATUS_OK)
        status = store_seal_add(store, log, &leaf);
    if (status == STATUS_OK)
        status = store_seals_len(store, log, &len);
    full_hear_number(len);
    if (status == STATUS_OK)
        status = store_seals(store, log, hear_seal, NULL);
    if (status == STATUS_OK)
        status = store_seal_log_last(store, &log, origin);
    if (status == STATUS_OK)
        status = store_seal_log_get(store, log, origin);
    full_hear(bytes_str(origin));
    return status;
}

static enum status have_cosigned(struct store *store)
{
    uint64_t size = 0;
    enum status status = store_cosigned_put(store, 0, "witness", 3, bytes_str("note"));
    if (status == STATUS_OK)
        status = store_cosigned_get(store, 0, "witness", &size);
    full_hear_number(size);
    return status == STATUS_OK ? store_cosigned(store, 0, hear_cosigned, NULL) : status;
}

/* --- others' --- */

static enum status hear_log(void *context, const struct store_witnessed *log)
{
    (void)context;
    full_hear(bytes_str(log->head.origin));
    full_hear_number(log->head.size);
    full_hear(bytes_of(log->head.root.bytes, MERKLE_HASH_SIZE));
    full_hear_id(&log->site);
    full_hear(bytes_of(log->machine, KEY_SIZE));
    full_hear(log->note);
    full_hear_number(log->wall);
    full_hear(bytes_str(log->successor));
    return STATUS_OK;
}

static enum status witness(struct store *store)
{
    struct store_witnessed log = {
        .head.size = 2, .site = sample_id(FULL_SITE), .note = bytes_str("note")};
    char successor[SEAL_ORIGIN_SIZE];
    log.machine[0] = machine[0];
    origin_of(log.head.origin, 1);
    origin_of(successor, 2);
    enum status status = store_witnessed_put(store, &log);
    if (status == STATUS_OK)
        status = store_witnessed_open(store, machine, hear_log, NULL);
    if (status == STATUS_OK)
        status = store_witnessed_close(store, log.head.origin, successor);
    if (status == STATUS_OK)
        status = store_witnessed_get(store, log.head.origin, hear_log, NULL);
    return status == STATUS_OK ? store_witnessed(store, hear_log, NULL) : status;
}

static enum status hear_proof_file(void *context, int64_t number, struct bytes origin,
                                   uint64_t wall, struct bytes file)
{
    (void)context;
    full_hear_number((uint64_t)number);
    full_hear(origin);
    full_hear_number(wall);
    full_hear(file);
    return STATUS_OK;
}

static enum status prove_against(struct store *store)
{
    char origin[SEAL_ORIGIN_SIZE];
    origin_of(origin, 1);
    enum status status = store_seal_proof_add(store, origin, 5, bytes_str("file"));
    return status == STATUS_OK ? store_seal_proofs(store, hear_proof_file, NULL) : status;
}

#define ASK(function)                                                                    \
    {                                                                                    \
#function, function                                                              \
    }
const struct full_request full_seals[] = {
    ASK(prove),         ASK(prove_anew), ASK(seal),
    ASK(have_cosigned), ASK(witness),    ASK(prove_against),
};
const size_t full_seals_len = LEN(full_seals);
