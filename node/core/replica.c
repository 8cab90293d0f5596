#include "node/core/replica.h"

#include <string.h>

#include "node/cases/charter.h"
#include "node/core/charters.h"
#include "node/core/pair.h"
#include "node/core/session.h"

bool replica_is_machine(struct core *core, const uint8_t noise_key[static 32])
{
    const struct charter *own = charters_of_site(core, &core->site);
    return own != NULL && memcmp(noise_key, core->noise_key, 32) != 0 &&
           charter_has_machine(own, noise_key);
}

bool replica_any(struct core *core)
{
    const struct charter *own = charters_of_site(core, &core->site);
    size_t len = 0;
    const struct charter_node *nodes = own == NULL ? NULL : charter_nodes(own, &len);
    for (size_t i = 0; i < len; i++)
        if (!nodes[i].is_revoked && replica_is_machine(core, nodes[i].noise_key))
            return true;
    return false;
}

bool replica_has(const struct core *core, const struct session *session)
{
    return id_equal(&session->site, &core->site);
}

const uint8_t *replica_machine(const struct core *core, const struct session *session)
{
    return replica_has(core, session) ? session->channel.remote_static : NULL;
}

enum status replica_scopes(struct core *core, struct id_list *out)
{
    struct id scope;
    enum scope_kind kind;
    int64_t number = 0;
    enum status status;
    id_list_clear(out);
    while ((status = store_scope_next(core->store, &number, &scope, &kind)) == STATUS_OK)
        id_list_push(out, &scope);
    id_list_sort(out);
    if (status == STATUS_NOT_FOUND)
        status = out->failed ? STATUS_NO_MEMORY : STATUS_OK;
    return core_check(core, status);
}

enum status replica_terms(struct core *core, const uint8_t noise_key[static 32],
                          const struct id *scope, struct share_terms *terms)
{
    *terms = (struct share_terms){0};
    if (!replica_is_machine(core, noise_key))
        return STATUS_NOT_FOUND;
    enum status status = pair_has(core, &core->site, scope);
    /* What was recalled is erased here already, and what is left is ours. */
    if (status == STATUS_OK)
        terms->classes = SHARE_ALL;
    return status;
}
