#include "node/core/pairing.h"

#include <stdlib.h>
#include <string.h>

#include "crypto/secret.h"
#include "crypto/sign.h"
#include "node/cases/charter.h"
#include "node/core/admit.h"
#include "node/core/author.h"
#include "node/core/charters.h"
#include "node/core/check_words.h"
#include "node/core/caller.h"
#include "node/core/refold.h"
#include "node/core/session.h"

#define CHARTERS_MESSAGE_MAX (MESSAGE_SIZE_MAX - 65536)

void invite_close(struct invite *invite)
{
    signer_wipe(&invite->signer);
    secret_wipe(invite, sizeof(*invite));
}

void pairing_tick(struct core *core)
{
    for (int i = 0; i < INVITES_MAX; i++)
        if (core->invites[i].is_open && core->now_ms >= core->invites[i].expires_ms)
            invite_close(&core->invites[i]);
}

bool pairing_claim(struct core *core, struct session *session)
{
    const uint8_t *psk = session->channel.psks[session->channel.psk_used];
    for (int i = 0; i < INVITES_MAX; i++) {
        struct invite *invite = &core->invites[i];
        if (!invite->is_open || !secret_equal(invite->psk, psk, 32))
            continue;
        bool copied = signer_copy(&session->signer, &invite->signer);
        session->is_for_machine = invite->is_for_machine;
        invite_close(invite);
        return copied;
    }
    return false;
}

struct bundle {
    struct buf ops;
    uint32_t len;
};

static enum status add_op(void *context, const struct store_op *row)
{
    struct bundle *bundle = context;
    pack_bin(&bundle->ops, row->bytes.data, row->bytes.len);
    bundle->len++;
    return bundle->ops.len > CHARTERS_MESSAGE_MAX ? STATUS_TOO_LARGE : STATUS_OK;
}

enum status pairing_send_charters(struct core *core, struct session *session,
                                  const char *name)
{
    struct bundle bundle = {0};
    struct id at = core->site;
    enum status status = STATUS_OK;
    for (int i = 0; status == STATUS_OK && i < CHARTER_CHAIN_MAX; i++) {
        struct charter *charter = charters_of_site(core, &at);
        if (charter == NULL)
            break;
        status = store_ops_of_scope(core->store, &at, add_op, &bundle);
        const struct id *parent = charter_parent(charter);
        if (parent == NULL)
            break;
        at = *parent;
    }
    struct buf message = {0};
    pack_array(&message, 2);
    pack_str(&message, name);
    pack_array(&message, bundle.len);
    buf_append(&message, &bundle.ops);
    if (status == STATUS_OK)
        session_send(session, &message);
    buf_deinit(&message);
    buf_deinit(&bundle.ops);
    return status;
}

enum status pairing_start(struct core *core, struct session *session)
{
    return pairing_send_charters(core, session, "charters");
}

/* Every site is shown all of a charter: who brings less would have it stand so. */
static bool is_whole(const struct op *op)
{
    for (uint32_t i = 0; i < op->fields_len; i++)
        if (!op->fields[i].is_shown)
            return false;
    return true;
}

static enum status admit_charter_op(struct core *core, const struct id *from,
                                    struct bytes bytes, struct op *op)
{
    enum status status = op_decode_bytes(op, bytes, NULL);
    if (status == STATUS_OK)
        status = op_rebuild(op);
    if (status == STATUS_OK && !is_whole(op))
        status = STATUS_INVALID;
    if (status != STATUS_OK)
        return status;
    if (!sign_key_is_sound(op->author))
        return STATUS_UNVERIFIED;
    status = op_check_signature(op, &core->network);
    if (status != STATUS_OK)
        return status;
    bool is_charter =
        op_is_kind(op, "found") || charters_of_site(core, &op->scope) != NULL;
    if (id_equal(&op->scope, &core->site) && !id_equal(from, &core->site))
        return STATUS_OK;
    if (!is_charter)
        return STATUS_DENIED;
    status = admit_op(core, op, bytes, from, NULL);
    return status == STATUS_EXISTS ? STATUS_OK : status;
}

/* Is the machine on the other end one of that site's? */
static bool node_belongs(const struct charter *charter, const struct session *session)
{
    if (charter == NULL || !charter_has_machine(charter, session->channel.remote_static))
        return false;
    return charter_is_sound(charter); /* or it would have no machine */
}

/* A child has a lower tier than its parent; a department may be a child of any tier, and
 * is nobody's parent. So no link closes a circle. */
static bool tiers_fit(const struct charter *own, const struct charter *other,
                      bool is_dialer)
{
    enum charter_tier child = charter_tier(is_dialer ? own : other);
    enum charter_tier parent = charter_tier(is_dialer ? other : own);
    return parent != TIER_DEPARTMENT && (child < parent || child == TIER_DEPARTMENT);
}

/* Is the other end who it says, and may it be that to us? */
static enum status judge(struct core *core, const struct session *session,
                         struct charter **own)
{
    const struct charter *other = charters_of_site(core, &session->site);
    if (!node_belongs(other, session))
        return STATUS_UNVERIFIED;
    enum status status = charters_own(core, own);
    if (status != STATUS_OK)
        return status;
    return tiers_fit(*own, other, session->is_dialer) ? STATUS_OK : STATUS_DENIED;
}

static enum status sign_link(struct core *core, struct session *session,
                             const struct charter *own)
{
    /* Paired before, in the same direction as tiers have one; the other half may be
     * missing. */
    if (charter_link(own, &session->site) != NULL)
        return STATUS_OK;
    struct draft draft;
    draft_init(&draft, "link", &core->site);
    draft_text(&draft, "as", bytes_str(session->is_dialer ? "parent" : "child"));
    draft_bin(&draft, "site", session->site.bytes, ID_SIZE);
    enum status status = author_write(core, &draft, session->signer.pair, NULL, NULL);
    draft_deinit(&draft);
    return status == STATUS_OK ? refold_scope(core, &core->site) : status;
}

static enum status keep_peer(struct core *core, const struct session *session)
{
    struct store_peer peer = {
        .site = session->site,
        .address = bytes_str(session->is_dialer ? session->address : ""),
        .paired_at = core->wall,
        .heard_at = core->wall,
        .is_parent = session->is_dialer,
    };
    memcpy(peer.node_key, session->channel.remote_static, 32);
    return core_check(core, store_peer_put(core->store, &peer));
}

enum status pairing_take_charters(struct core *core, const struct id *from,
                                  struct pack_reader *reader)
{
    uint32_t count;
    enum status status = pack_read_array(reader, &count, NULL);
    struct op *op = malloc(sizeof(*op));
    if (op == NULL)
        return core_check(core, STATUS_NO_MEMORY);
    for (uint32_t i = 0; status == STATUS_OK && i < count; i++) {
        struct bytes bytes;
        status = pack_read_bin(reader, &bytes, NULL);
        if (status == STATUS_OK)
            status = admit_charter_op(core, from, bytes, op);
    }
    free(op);
    return status;
}

static enum status receive_charters(struct core *core, struct session *session,
                                    struct pack_reader *reader)
{
    struct charter *own;
    enum status status = pairing_take_charters(core, &session->site, reader);
    if (status == STATUS_OK)
        status = judge(core, session, &own);
    if (status == STATUS_OK)
        status = sign_link(core, session, own);
    if (status == STATUS_OK)
        status = keep_peer(core, session);
    if (status != STATUS_OK)
        return status;
    struct buf message = {0};
    pack_array(&message, 1);
    pack_str(&message, "linked");
    session_send(session, &message);
    buf_deinit(&message);
    session->linked_sent = true;
    signer_wipe(&session->signer);
    return STATUS_OK;
}

enum status pairing_message(struct core *core, struct session *session, struct bytes name,
                            struct pack_reader *reader)
{
    if (bytes_equal_str(name, "charters") && !session->linked_sent)
        return receive_charters(core, session, reader);
    if (!bytes_equal_str(name, "linked") || !session->linked_sent)
        return STATUS_INVALID;
    session->linked_received = true;
    check_words_keep(core, session);
    if (session->client != 0)
        caller_joined(core, session);
    return STATUS_OK;
}

void pairing_failed(struct core *core, struct session *session)
{
    signer_wipe(&session->signer);
    if (session->client != 0)
        caller_join_failed(core, session);
}
