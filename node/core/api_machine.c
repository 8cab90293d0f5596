/* The machines of our own site: which one is meant, and where it is dialed. */
#include <stdio.h>
#include <string.h>

#include "node/cases/charter.h"
#include "node/core/api.h"
#include "node/core/charters.h"
#include "node/core/dialing.h"
#include "node/core/replica.h"

#define ADDRESS_MAX 127

/* The node that a name or a key means. The founding op's node has no name. */
enum status api_find_node(struct core *core, struct bytes which, struct charter_node *out,
                          struct err *err)
{
    struct charter *charter;
    enum status status = charters_own(core, &charter);
    if (status != STATUS_OK)
        return status;
    uint8_t key[32];
    char text[128];
    (void)snprintf(text, sizeof(text), "%.*s", (int)which.len, (const char *)which.data);
    bool is_key = key_from_text(key, "fqk1", text);
    size_t len;
    const struct charter_node *nodes = charter_nodes(charter, &len);
    uint32_t found = 0;
    for (size_t i = 0; i < len; i++) {
        bool fits = is_key ? memcmp(nodes[i].key, key, 32) == 0
                           : bytes_equal_str(which, nodes[i].name);
        if (!fits || nodes[i].is_revoked)
            continue;
        *out = nodes[i];
        found++;
    }
    if (found > 1)
        return err_set(err, STATUS_CONFLICT,
                       "two nodes have that name; say which by the key");
    if (found == 0)
        return err_set(err, STATUS_NOT_FOUND,
                       "this site has no node of that name or key; see: fengqiao site");
    return STATUS_OK;
}

struct known {
    const struct charter_node *node;
    const struct id *site;
    struct store_peer peer; /* but for the address */
};

static enum status copy_known(void *context, const struct store_peer *peer)
{
    struct known *known = context;
    if (id_equal(&peer->site, known->site) &&
        memcmp(peer->node_key, known->node->noise_key, sizeof(peer->node_key)) == 0)
        known->peer = *peer;
    return STATUS_OK;
}

enum status api_node_at(struct core *core, struct caller *caller, const struct args *args,
                        struct buf *result, struct err *err)
{
    struct bytes which, at;
    struct charter_node node;
    enum status status = args_text(args, "node", 120, &which, err);
    if (status == STATUS_OK)
        status = args_text(args, "at", ADDRESS_MAX, &at, err);
    if (status == STATUS_OK)
        status = api_find_node(core, which, &node, err);
    if (status != STATUS_OK)
        return status;
    if (memchr(at.data, ':', at.len) == NULL)
        return err_set(err, STATUS_INVALID, "the address is HOST:PORT");
    if (!replica_is_machine(core, node.noise_key))
        return err_set(err, STATUS_INVALID, "this machine does not dial itself");
    struct known known = {.node = &node, .site = &core->site};
    known.peer = (struct store_peer){.site = core->site, .paired_at = core->wall};
    memcpy(known.peer.node_key, node.noise_key, sizeof(known.peer.node_key));
    status = store_peers(core->store, copy_known, &known);
    known.peer.address = at;
    if (status == STATUS_OK)
        status = store_peer_put(core->store, &known.peer);
    dialing_hasten(core);
    return core_check(core, status);
}
