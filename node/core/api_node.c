#include <string.h>

#include "node/cases/charter.h"
#include "node/core/alarm.h"
#include "node/core/api.h"
#include "node/core/charters.h"
#include "node/core/check_words.h"
#include "node/core/session.h"
#include "storage/store_listings.h"
#include "storage/store_scrub.h"
#include "storage/store_seals.h"

static void pack_key(struct buf *out, const char *name, const uint8_t *key)
{
    pack_str(out, name);
    pack_bin(out, key, 32);
}

static void pack_number(struct buf *out, const char *name, uint64_t number)
{
    pack_str(out, name);
    pack_uint(out, number);
}

static enum status keep_largest(void *context, struct bytes witness, uint64_t size,
                                struct bytes note)
{
    uint64_t *largest = context;
    (void)witness;
    (void)note;
    *largest = size > *largest ? size : *largest;
    return STATUS_OK;
}

/* How many seals the log that grows has, and how many of them some witness cosigned. */
static enum status pack_seals(struct core *core, struct buf *out)
{
    char origin[SEAL_ORIGIN_SIZE];
    uint64_t size = 0, cosigned = 0;
    int64_t log;
    enum status status = store_seal_log_last(core->store, &log, origin);
    if (status == STATUS_OK)
        status = store_seals_len(core->store, log, &size);
    if (status == STATUS_OK)
        status = store_cosigned(core->store, log, keep_largest, &cosigned);
    pack_map(out, 2);
    pack_number(out, "cosigned", cosigned);
    pack_number(out, "size", size);
    return status == STATUS_NOT_FOUND ? STATUS_OK : core_check(core, status);
}

enum status api_status(struct core *core, struct caller *caller, const struct args *args,
                       struct buf *result, struct err *err)
{
    struct charter *charter = charters_of_site(core, &core->site);
    uint64_t notices = 0, cases = 0, escalations = 0, quarantined = 0, ops[3] = {0};
    size_t persons;
    struct paste_count pastes = {0};
    struct store_loss loss = {.kind = LOSS_NONE};
    struct doubt_found found = {.times = 0};
    char loss_text[LOSS_TEXT_SIZE] = "", found_text[DOUBT_TEXT_SIZE];
    enum status status = store_listings_count(core->store, SCOPE_CASE, &cases);
    if (status == STATUS_OK)
        status = store_scopes_count(core->store, SCOPE_ESCALATION, &escalations);
    if (status == STATUS_OK)
        status = store_quarantine_count_all(core->store, &quarantined);
    if (status == STATUS_OK)
        status = store_loss_last(core->store, &loss);
    if (status == STATUS_OK)
        status = doubt_last(core->store, &found);
    if (status == STATUS_OK)
        status = retention_count_notices(core, &notices);
    if (status == STATUS_OK)
        status = paste_count(core, &pastes);
    if (loss.kind != LOSS_NONE)
        store_loss_text(&loss, loss_text);
    doubt_text(&found, found_text);
    for (int tree = TREE_WAITING; status == STATUS_OK && tree <= TREE_SHARED; tree++)
        status = store_ops_count(core->store, (enum ledger_tree)tree, &ops[tree]);
    if (status != STATUS_OK || charter == NULL)
        return status == STATUS_OK ? STATUS_CORRUPT : core_check(core, status);
    (void)charter_persons(charter, &persons);
    pack_map(result, 24);
    pack_str(result, "alarms");
    status = alarm_pack(core, &core->site, result);
    if (status != STATUS_OK)
        return status;
    pack_number(result, "cases", cases);
    pack_number(result, "escalations", escalations);
    pack_str(result, "knocks");
    status = unpaired_pack_knocks(core, result);
    if (status != STATUS_OK)
        return status;
    pack_str(result, "loss");
    pack_str(result, loss_text);
    pack_number(result, "losses", loss.times);
    pack_str(result, "mended");
    pack_str(result, found_text);
    pack_number(result, "mendings", found.times);
    pack_str(result, "name");
    pack_str(result, charter_name(charter));
    pack_str(result, "network");
    pack_str(result, core->network_name);
    pack_number(result, "notices", notices);
    pack_number(result, "ops", ops[TREE_PRIVATE] + ops[TREE_SHARED]);
    pack_number(result, "pastes", pastes.all);
    pack_number(result, "pastes_ending", pastes.ending);
    pack_str(result, "peers");
    status = api_pack_peers(core, result);
    pack_number(result, "persons", persons);
    pack_number(result, "quarantined", quarantined);
    pack_str(result, "seals");
    if (status == STATUS_OK)
        status = pack_seals(core, result);
    pack_key(result, "site", core->site.bytes);
    pack_str(result, "tier");
    pack_str(result, charter_tier_text(charter_tier(charter)));
    pack_str(result, "unconfirmed");
    if (status == STATUS_OK)
        status = api_pack_unconfirmed(core, result);
    pack_str(result, "unscrubbed");
    pack_bool(result, store_scrub_waits(core->store));
    pack_str(result, "version");
    pack_str(result, FENGQIAO_VERSION);
    pack_number(result, "waiting", ops[TREE_WAITING]);
    return status;
}

static void pack_persons(struct buf *out, const struct charter *charter)
{
    size_t len;
    const struct charter_person *persons = charter_persons(charter, &len);
    pack_array(out, (uint32_t)len);
    for (size_t i = 0; i < len; i++) {
        pack_map(out, 4);
        pack_key(out, "key", persons[i].key);
        pack_str(out, "name");
        pack_str(out, persons[i].name);
        pack_str(out, "revoked");
        pack_bool(out, persons[i].is_revoked);
        pack_str(out, "roles");
        role_pack(persons[i].roles, out);
    }
}

/* What this machine knows of another one of the site. */
struct heard {
    struct core *core;
    const struct charter_node *node;
    uint64_t agreed_at, heard_at;
    bool is_connected;
};

static enum status find_heard(void *context, const struct store_peer *peer)
{
    struct heard *heard = context;
    if (!id_equal(&peer->site, &heard->core->site) ||
        memcmp(peer->node_key, heard->node->noise_key, sizeof(peer->node_key)) != 0)
        return STATUS_OK;
    heard->agreed_at = peer->agreed_at;
    heard->heard_at = peer->heard_at;
    heard->is_connected = session_of(heard->core, peer) != NULL;
    return STATUS_OK;
}

static enum status pack_nodes(struct buf *out, struct core *core,
                              const struct charter *charter)
{
    size_t len;
    const struct charter_node *nodes = charter_nodes(charter, &len);
    enum status status = STATUS_OK;
    pack_array(out, (uint32_t)len);
    for (size_t i = 0; status == STATUS_OK && i < len; i++) {
        struct heard heard = {.core = core, .node = &nodes[i]};
        status = store_peers(core->store, find_heard, &heard);
        pack_map(out, 8);
        pack_number(out, "agreed_at", heard.agreed_at);
        pack_str(out, "connected");
        pack_bool(out, heard.is_connected);
        pack_number(out, "heard_at", heard.heard_at);
        pack_str(out, "is_this");
        pack_bool(out, memcmp(nodes[i].key, core->node_key, 32) == 0);
        pack_key(out, "key", nodes[i].key);
        pack_str(out, "name");
        pack_str(out, nodes[i].name);
        pack_key(out, "noise_key", nodes[i].noise_key);
        pack_str(out, "revoked");
        pack_bool(out, nodes[i].is_revoked);
    }
    return core_check(core, status);
}

/* A link counts when both sides have signed it. */
static void pack_links(struct core *core, struct buf *out, const struct charter *charter)
{
    size_t len;
    const struct charter_link *links = charter_links(charter, &len);
    pack_array(out, (uint32_t)len);
    for (size_t i = 0; i < len; i++) {
        struct charter *other = charters_of_site(core, &links[i].site);
        const struct charter_link *back =
            other == NULL ? NULL : charter_link(other, &core->site);
        pack_map(out, 4);
        pack_str(out, "as");
        pack_str(out, links[i].is_parent ? "parent" : "child");
        pack_str(out, "both");
        pack_bool(out, back != NULL && back->is_parent != links[i].is_parent);
        pack_str(out, "name");
        pack_str(out, other == NULL ? "" : charter_name(other));
        pack_key(out, "site", links[i].site.bytes);
    }
}

enum status api_site(struct core *core, struct caller *caller, const struct args *args,
                     struct buf *result, struct err *err)
{
    struct charter *charter = charters_of_site(core, &core->site);
    if (charter == NULL)
        return core_check(core, STATUS_CORRUPT);
    size_t len;
    const struct id *heads = charter_heads(charter, &len);
    pack_map(result, 8);
    pack_str(result, "heads");
    pack_array(result, (uint32_t)len);
    for (size_t i = 0; i < len; i++)
        pack_bin(result, heads[i].bytes, ID_SIZE);
    pack_str(result, "links");
    pack_links(core, result, charter);
    pack_str(result, "name");
    pack_str(result, charter_name(charter));
    pack_str(result, "nodes");
    enum status status = pack_nodes(result, core, charter);
    pack_str(result, "persons");
    pack_persons(result, charter);
    pack_key(result, "site", core->site.bytes);
    pack_str(result, "tier");
    pack_str(result, charter_tier_text(charter_tier(charter)));
    pack_str(result, "words"); /* of the machine that joined last */
    pack_str(result, check_words_find(core, &core->site));
    return status;
}
