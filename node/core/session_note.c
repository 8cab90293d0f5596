#include <stdio.h>
#include <string.h>

#include "node/core/replica.h"
#include "node/core/session.h"

struct peer_note {
    struct core *core;
    struct session *session;
    bool found;
    struct store_peer peer;
    char address[128];
};

static enum status copy_peer(void *context, const struct store_peer *peer)
{
    struct peer_note *note = context;
    if (note->found || !id_equal(&peer->site, &note->session->site))
        return STATUS_OK;
    /* Another site is heard whichever of its machines speaks; ours are told apart. */
    if (replica_has(note->core, note->session) &&
        memcmp(peer->node_key, note->session->peer_key, sizeof(peer->node_key)) != 0)
        return STATUS_OK;
    note->found = true;
    note->peer = *peer;
    (void)snprintf(note->address, sizeof(note->address), "%.*s", (int)peer->address.len,
                   peer->address.len > 0 ? (const char *)peer->address.data : "");
    return STATUS_OK;
}

/* When the peer was heard, and when both agreed, for people to see. */
enum status session_note(struct core *core, struct session *session)
{
    struct peer_note note = {.core = core, .session = session};
    enum status status = store_peers(core->store, copy_peer, &note);
    if (status != STATUS_OK || (!note.found && !replica_has(core, session)))
        return core_check(core, status);
    if (!note.found) { /* a machine of ours that another one let in */
        note.peer = (struct store_peer){.site = core->site, .paired_at = core->wall};
        memcpy(note.peer.node_key, session->peer_key, sizeof(note.peer.node_key));
    }
    note.peer.address = bytes_str(note.address);
    note.peer.heard_at = core->wall;
    if (session->sync.agreed_ms > 0)
        note.peer.agreed_at = core->wall;
    return core_check(core, store_peer_put(core->store, &note.peer));
}
