#include "node/core/added_machine.h"

#include <string.h>

#include "crypto/sign.h"
#include "node/cases/charter.h"
#include "node/core/author.h"
#include "node/core/charters.h"
#include "node/core/check_words.h"
#include "node/core/pairing.h"
#include "node/core/refold.h"
#include "node/core/replica.h"
#include "node/core/session.h"

#define NEWCOMER_ELEMENTS 5
#define WELCOME_DEADLINE_MS 20000

void added_machine_proof(uint8_t out[static DIGEST_SIZE], const uint8_t *handshake_hash)
{
    digest_of(out, "fengqiao/1/newcomer", handshake_hash, NOISE_HASH_SIZE);
}

struct newcomer_said {
    uint8_t key[32], proof[SIGN_SIZE];
    struct bytes name;
};

static enum status read_newcomer(struct pack_reader *reader, struct newcomer_said *said)
{
    uint64_t minor;
    enum status status = pack_read_uint(reader, &minor, NULL);
    if (status == STATUS_OK)
        status = pack_read_fixed(reader, said->key, sizeof(said->key), NULL);
    if (status == STATUS_OK)
        status = pack_read_str(reader, &said->name, NULL);
    if (status == STATUS_OK)
        status = pack_read_fixed(reader, said->proof, sizeof(said->proof), NULL);
    return status == STATUS_OK && !pack_at_end(reader) ? STATUS_INVALID : status;
}

/* A key that was revoked comes back under another one, or not at all. */
static enum status judge(struct core *core, const struct session *session,
                         const struct newcomer_said *said)
{
    uint8_t proof[DIGEST_SIZE];
    struct charter *own;
    added_machine_proof(proof, session->channel.hash);
    if (!sign_key_is_sound(said->key) ||
        !sign_verify_known(said->proof, said->key, proof, sizeof(proof)))
        return STATUS_UNVERIFIED;
    enum status status = charters_own(core, &own);
    if (status != STATUS_OK)
        return status;
    size_t len;
    const struct charter_node *nodes = charter_nodes(own, &len);
    for (size_t i = 0; i < len; i++)
        if (nodes[i].is_revoked &&
            memcmp(nodes[i].noise_key, session->peer_key, sizeof(session->peer_key)) == 0)
            return STATUS_DENIED;
    bool is_us = memcmp(session->peer_key, core->noise_key, sizeof(core->noise_key)) == 0;
    return is_us || charter_is_revoked(own, said->key) ? STATUS_DENIED : STATUS_OK;
}

static enum status sign_node(struct core *core, const struct session *session,
                             const struct newcomer_said *said)
{
    struct draft draft;
    draft_init(&draft, "node", &core->site);
    draft_bin(&draft, "key", said->key, sizeof(said->key));
    draft_text(&draft, "name", said->name);
    draft_bin(&draft, "noise-key", session->peer_key, sizeof(session->peer_key));
    enum status status = author_write(core, &draft, session->signer.pair, NULL, NULL);
    draft_deinit(&draft);
    return status == STATUS_OK ? refold_scope(core, &core->site) : status;
}

/* It dials us: its own address is nobody's to know. Where more stewards have to approve
 * it, it is no machine of ours yet, and the first session after that keeps it. */
static enum status keep_peer(struct core *core, const struct session *session)
{
    if (!replica_is_machine(core, session->peer_key))
        return STATUS_OK;
    struct store_peer peer = {
        .site = core->site, .address = bytes_str(""), .paired_at = core->wall};
    memcpy(peer.node_key, session->peer_key, sizeof(peer.node_key));
    return core_check(core, store_peer_put(core->store, &peer));
}

static enum status receive_newcomer(struct core *core, struct session *session,
                                    struct pack_reader *reader)
{
    struct newcomer_said said;
    enum status status = read_newcomer(reader, &said);
    if (status == STATUS_OK)
        status = judge(core, session, &said);
    if (status == STATUS_OK)
        status = sign_node(core, session, &said);
    signer_wipe(&session->signer);
    if (status == STATUS_OK)
        status = keep_peer(core, session);
    if (status == STATUS_OK)
        status = pairing_send_charters(core, session, "welcome");
    if (status != STATUS_OK)
        return status;
    core_trace(core, "machine added conn=%llu", (unsigned long long)session->conn);
    session->site = core->site;
    session->state = SESSION_PAIRING;
    session->deadline_ms = core->now_ms + WELCOME_DEADLINE_MS;
    session->linked_sent = true;
    return STATUS_OK;
}

enum status added_machine_message(struct core *core, struct session *session,
                                  struct bytes name, struct pack_reader *reader,
                                  uint32_t elements)
{
    if (bytes_equal_str(name, "newcomer") && elements == NEWCOMER_ELEMENTS &&
        !session->linked_sent)
        return receive_newcomer(core, session, reader);
    if (!bytes_equal_str(name, "linked") || elements != 1 || !session->linked_sent ||
        session->linked_received)
        return STATUS_INVALID;
    session->linked_received = true; /* it is a machine of ours, and says goodbye */
    check_words_keep(core, session);
    return STATUS_OK;
}
