#include "tests/sim/life/watch_effect.h"

#include <string.h>

#include "node/cases/view.h"
#include "node/core/state.h"
#include "tests/sim/life/sim_host.h"
#include "tests/sim/life/sim_replica.h"
#include "tests/sim/life/sim_thief.h"

/* --- nothing is refused --- */

/* Who revokes after it was set back, before all has come back, covers what is there; who
 * was set back since has the revocation back, and not the covers of its cases. What
 * builds on the rest is refused with it. */
static bool may_lack_covers(const struct sim *sim)
{
    for (int i = 0; i < sim->hosts_len; i++)
        if (sim->hosts[i]->is_set_back && sim->hosts[i]->has_revoked)
            return true;
    return false;
}

struct author {
    struct sim *sim;
    bool is_gone;
};

static enum status ask_author(void *context, const struct store_op *row)
{
    struct author *author = context;
    struct op op;
    if (op_decode_bytes(&op, row->bytes, NULL) != STATUS_OK)
        return STATUS_CORRUPT;
    author->is_gone = sim_replica_wrote(author->sim, op.author);
    return STATUS_OK;
}

/* What a machine said between its theft and the day when its neighbours heard of it. */
static bool is_of_gone(const struct sim_host *host, const struct id *op)
{
    struct author author = {.sim = host->sim};
    return store_op_get(host->config.store, op, ask_author, &author) == STATUS_OK &&
           author.is_gone;
}

static bool report_refused(void *context, struct bytes element)
{
    struct sim_host *host = context;
    struct bytes kind = {0}, reason = {0};
    struct id op;
    if (view_map_id(element, "op", &op) && sim_thief_wrote(host->sim, &op))
        return true; /* sim_thief_end asks */
    if (host->sim->replica != NULL && is_of_gone(host, &op))
        return true;
    if (host->sim->liar != NULL || host->sim->flawed != NULL || host->is_set_back ||
        may_lack_covers(host->sim))
        return false; /* lies are refused, and what builds on what was lost: covers too */
    (void)view_map_text(element, "kind", &kind); /* empty: it is refused all the same */
    (void)view_map_text(element, "reason", &reason);
    if (bytes_equal_str(reason, "recalled")) { /* it was said before anybody knew */
        sim_ever(host->sim, EVER_RECALL_ANSWER);
        return true;
    }
    sim_fail(host->sim, "I10", "%s refuses what somebody did: %.*s, %.*s", host->address,
             (int)kind.len, (const char *)kind.data, (int)reason.len,
             (const char *)reason.data);
    return false;
}

/* --- received --- */

struct saying {
    const struct sim_host *host;
    uint32_t received; /* by the machines of its site */
};

static bool is_of_site(const struct sim_host *host, const uint8_t *author)
{
    for (int i = 0; i < host->sim->hosts_len; i++)
        if (sim_host_site(host->sim->hosts[i]) == sim_host_site(host) &&
            sim_host_wrote(host->sim->hosts[i], author))
            return true;
    return false;
}

static enum status count_received(void *context, const struct store_op *row)
{
    struct saying *saying = context;
    struct op op;
    if (op_decode_bytes(&op, row->bytes, NULL) != STATUS_OK)
        return STATUS_CORRUPT;
    saying->received +=
        op_is_kind(&op, "received") && is_of_site(saying->host, op.author);
    return STATUS_OK;
}

static enum status look_at_scope(void *context, const struct store_scope *scope)
{
    struct sim_host *host = context;
    struct saying saying = {host, 0};
    view_map_each(scope->view, "refused", report_refused, host);
    if (scope->kind != SCOPE_ESCALATION || id_equal(&scope->site, &host->site))
        return STATUS_OK;
    enum status status =
        store_ops_of_scope(host->config.store, &scope->id, count_received, &saying);
    uint32_t most = sim_replica_is_of(host) ? 2 : 1; /* machines: each before it heard */
    if (host->is_set_back) /* the record came back before what it had said */
        most = UINT32_MAX;
    if (status == STATUS_OK && (saying.received < 1 || saying.received > most) &&
        !host->is_flawed)
        sim_fail(host->sim, "I11", "%s holds a record and has said so %u times",
                 host->address, saying.received);
    return status;
}

/* --- sent --- */

struct search {
    const struct id *wanted;
    bool is_found;
};

static bool match_id(void *context, struct bytes element)
{
    struct search *search = context;
    struct id id;
    search->is_found |= view_id(element, &id) && id_equal(&id, search->wanted);
    return !search->is_found;
}

static enum status look_for_sent(void *context, const struct store_scope *scope)
{
    view_map_each(scope->view, "sent", match_id, context);
    return STATUS_OK;
}

static void watch_noted(struct sim_host *host)
{
    struct sim *sim = host->sim;
    for (uint32_t i = 0; i < sim->sent_len; i++) {
        struct search search = {&sim->sent[i].scope, false};
        if (sim->sent[i].from != host->index || host->is_flawed || host->is_set_back)
            continue;
        if (store_scopes_of_kind(host->config.store, SCOPE_CASE, 0, look_for_sent,
                                 &search) != STATUS_OK ||
            !search.is_found)
            sim_fail(sim, "I2", "no case of %s knows what went up of it", host->address);
    }
}

void watch_effect_end(struct sim_host *host)
{
    struct store *store = host->config.store;
    enum status status = store_scopes_of_kind(store, SCOPE_CASE, 0, look_at_scope, host);
    if (status == STATUS_OK)
        status = store_scopes_of_kind(store, SCOPE_ESCALATION, 0, look_at_scope, host);
    if (status != STATUS_OK)
        sim_fail(host->sim, "I14", "%s: its scopes cannot be read", host->address);
    watch_noted(host);
}
