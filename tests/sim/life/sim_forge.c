#include "tests/sim/life/sim_forge.h"

#include <assert.h>

#include "node/cases/charter.h"
#include "node/cases/fold.h"
#include "node/core/admit.h"
#include "node/core/charters.h"
#include "node/core/intake.h"
#include "node/core/job.h"
#include "node/core/scope_ops.h"
#include "node/core/state.h"

static enum status keep_scope(void *context, const struct id *scope)
{
    *(struct id *)context = *scope;
    return STATUS_OK;
}

static enum status keep_founder(void *context, const struct store_scope *scope)
{
    *(struct id *)context = scope->site;
    return STATUS_OK;
}

bool forge_record(struct sim_host *host, struct forge_record *record)
{
    struct store *store = host->config.store;
    const struct id none = {0};
    *record = (struct forge_record){
        .peer = host->sim->hosts[host->parent >= 0 ? host->parent : 1]};
    return store_scopes_held(store, SCOPE_ESCALATION, &host->site, &record->peer->site,
                             keep_scope, &record->scope) == STATUS_OK &&
           !id_equal(&record->scope, &none) &&
           store_scope_get(store, &record->scope, keep_founder, &record->founder) ==
               STATUS_OK;
}

struct standing {
    struct sim_host *host;
    struct op *op;
};

static enum status stand_on(void *context, const struct id *id)
{
    struct standing *standing = context;
    struct op *op = standing->op;
    struct store_place place;
    enum status status = store_op_find(standing->host->config.store, id, &place);
    if (status == STATUS_OK)
        status = op_add_parent(op, id);
    if (status == STATUS_OK && place.time >= op->time)
        op->time = place.time + 1;
    return status;
}

bool forge_on_heads(struct sim_host *host, struct op *op, const char *kind,
                    const struct id *scope)
{
    struct standing standing = {host, op};
    *op = (struct op){.kind = bytes_str(kind), .scope = *scope};
    return store_scope_heads(host->config.store, scope, stand_on, &standing) ==
               STATUS_OK &&
           op->parents_len > 0;
}

bool forge_authority(struct sim_host *host, struct op *op, const struct id *site)
{
    struct charter *charter = charters_of_site(host->core, site);
    size_t len = 0;
    if (charter == NULL)
        return false;
    const struct id *heads = charter_heads(charter, &len);
    bool fits = len > 0;
    for (size_t i = 0; i < len; i++)
        fits = fits && op_add_authority(op, &heads[i]) == STATUS_OK;
    return fits;
}

enum status forge_tell(struct sim_host *host, const struct op *op, const struct id *from)
{
    struct buf bytes = {0};
    struct intake_refused refused = {0};
    struct job *job = job_new(JOB_VERIFY);
    assert(job != NULL);
    op_encode(op, ~0u, &bytes);
    job->network = host->core->network;
    enum status status = buf_status(&bytes);
    if (status == STATUS_OK && from == NULL)
        status = admit_op(host->core, op, buf_bytes(&bytes), NULL, NULL);
    else if (status == STATUS_OK)
        status = intake_again(job, buf_bytes(&bytes));
    if (status == STATUS_OK && from != NULL) {
        job->ops_len = 1;
        job_run(job);
        status = intake_admit(host->core, from, job, &refused);
    }
    job_free(job);
    buf_deinit(&refused.positions);
    buf_deinit(&bytes);
    return status;
}

bool forge_has_effect(struct sim_host *host, const struct id *scope, const struct id *op)
{
    struct scope_ops ops;
    struct fold_result result;
    bool has = true;
    if (scope_ops_load(&ops, host->config.store, scope) != STATUS_OK)
        return true;
    struct fold_input input = {.ops = ops.ops,
                               .len = ops.len,
                               .charter_of = charters_of_head,
                               .context = host->core,
                               .is_effects_only = true};
    if (fold_scope(&input, &result) == STATUS_OK) {
        has = fold_effect_of(&result, op) == EFFECT_YES;
        fold_result_deinit(&result);
    }
    scope_ops_deinit(&ops);
    return has;
}
