/* Other keys for this machine, in place (renewal.h). */
#include <string.h>

#include "crypto/key.h"
#include "crypto/secret.h"
#include "node/cases/charter.h"
#include "node/core/api.h"
#include "node/core/author.h"
#include "node/core/backup_out.h"
#include "node/core/bundle_out.h"
#include "node/core/charters.h"
#include "node/core/renewal.h"
#include "node/core/revoke.h"

struct new_keys {
    uint8_t seed[32], noise_secret[32];
};

static void draw(struct core *core, struct new_keys *keys)
{
    rng_fill(&core->rng, "node-seed", core->node_key, keys->seed, sizeof(keys->seed));
    rng_fill(&core->rng, "node-noise", core->node_key, keys->noise_secret,
             sizeof(keys->noise_secret));
}

/* As it was called; the founding op gave its machine no name. */
static struct bytes name_of(const struct charter *own, const struct charter_node *node)
{
    struct bytes name = bytes_str(node->name[0] != '\0' ? node->name : charter_name(own));
    if (name.len > PERSON_NAME_MAX)
        name = bytes_str("1");
    return name;
}

static enum status sign_node(struct core *core, struct caller *caller,
                             const struct charter *own, const struct charter_node *node,
                             const struct new_keys *keys, struct err *err)
{
    uint8_t key[32], noise_key[32];
    struct draft draft;
    key_sign_public(key, keys->seed);
    key_dh_public(noise_key, keys->noise_secret);
    draft_init(&draft, "node", &core->site);
    draft_bin(&draft, "key", key, sizeof(key));
    draft_text(&draft, "name", name_of(own, node));
    draft_bin(&draft, "noise-key", noise_key, sizeof(noise_key));
    draft_bin(&draft, "replaces", core->node_key, sizeof(core->node_key));
    enum status status = author_write(core, &draft, caller->signer.pair, NULL, err);
    draft_deinit(&draft);
    return status;
}

/* What is half written was begun under the other key. */
static void drop_writing(struct core *core)
{
    for (int i = 0; i < CALLERS_MAX; i++) {
        struct caller *caller = core->callers[i];
        if (caller == NULL)
            continue;
        bundle_out_free(caller->bundle_out);
        backup_out_free(caller->backup_out);
        caller->bundle_out = NULL;
        caller->backup_out = NULL;
    }
}

static enum status check_open(struct core *core, const struct args *args, struct err *err)
{
    uint64_t count;
    enum status status = renewal_count(core, &count);
    if (status != STATUS_OK || count == 0 || args_flag(args, "again"))
        return status;
    return err_set(err, STATUS_CONFLICT,
                   "of the last renewal %llu neighbours have not heard yet; let them "
                   "connect, or carry them a stick. Where they are gone for good: "
                   "--again, and who comes back later has to be paired anew",
                   (unsigned long long)count);
}

enum status api_node_renew(struct core *core, struct caller *caller,
                           const struct args *args, struct buf *result, struct err *err)
{
    struct charter *own;
    uint8_t former[32];
    struct revoked revoked;
    uint64_t count = 0;
    enum status status = check_open(core, args, err);
    if (status == STATUS_OK)
        status = charters_own(core, &own);
    if (status != STATUS_OK)
        return status;
    const struct charter_node *node = charter_node_of(own, core->node_key);
    if (node == NULL || node->is_revoked)
        return err_set(err, STATUS_DENIED,
                       "this machine was revoked; it comes back as a new one "
                       "(fengqiaod join)");
    if (charter_quorum(own) > 1) /* the old key would go before the new one came */
        return err_set(err, STATUS_DENIED,
                       "other keys for a machine take several stewards here, and cannot "
                       "wait for them: let the quorum be 1, renew, and set it again "
                       "(fengqiao quorum set)");
    struct new_keys *keys = secret_new(sizeof(*keys));
    if (keys == NULL)
        return core_check(core, STATUS_NO_MEMORY);
    memcpy(former, core->node_key, sizeof(former));
    draw(core, keys);
    status = sign_node(core, caller, own, node, keys, err);
    if (status == STATUS_OK)
        status = revoke_key(core, caller, former, &revoked, err);
    if (status == STATUS_OK)
        status = renewal_switch(core, keys->seed, keys->noise_secret);
    secret_free(keys);
    if (status == STATUS_OK)
        status = renewal_count(core, &count);
    if (status != STATUS_OK)
        return status;
    drop_writing(core);
    core_trace(core, "renewal begun neighbours=%llu", (unsigned long long)count);
    pack_map(result, 4);
    pack_str(result, "covered");
    pack_uint(result, revoked.covers);
    pack_str(result, "key");
    pack_bin(result, core->node_key, sizeof(core->node_key));
    pack_str(result, "neighbours");
    pack_uint(result, count);
    pack_str(result, "op");
    pack_bin(result, revoked.op.bytes, ID_SIZE);
    return STATUS_OK;
}
