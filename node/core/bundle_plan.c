#include "node/core/bundle_plan.h"

#include <stdlib.h>

#include "node/cases/charter.h"
#include "node/cases/graph.h"
#include "node/core/charters.h"
#include "node/core/pair.h"
#include "node/core/scope_ops.h"
#include "storage/store_bundles.h"
#include "storage/store_confirmed.h"

/* One scope of the pair. */
struct looking {
    struct core *core;
    const struct id *site;
    struct bundle_plan *plan;
    uint64_t place;      /* below it some machine of the site has confirmed all */
    struct id_list held; /* heads that the site said to have */
    struct graph graph;  /* of the scope, where it said so */
    bool has_graph;
    struct op *op; /* decoded into */
};

static enum status push_id(void *context, const struct id *id)
{
    id_list_push(context, id);
    return STATUS_OK;
}

/* Any of its machines will do: they tell each other. */
static enum status find_place(struct looking *looking, const struct id *scope)
{
    const struct charter *charter = charters_of_site(looking->core, looking->site);
    size_t len = 0;
    const struct charter_node *nodes =
        charter == NULL ? NULL : charter_nodes(charter, &len);
    enum status status = STATUS_OK;
    looking->place = 0;
    for (size_t i = 0; status == STATUS_OK && i < len; i++) {
        uint64_t place;
        if (nodes[i].is_revoked)
            continue;
        status =
            store_confirmed_get(looking->core->store, nodes[i].noise_key, scope, &place);
        if (status == STATUS_OK && place > looking->place)
            looking->place = place;
    }
    return status;
}

static enum status load_graph(struct looking *looking, const struct id *scope)
{
    struct scope_ops ops = {0};
    enum status status = scope_ops_load(&ops, looking->core->store, scope);
    if (status == STATUS_OK)
        status = graph_init(&looking->graph, ops.ops, ops.len);
    looking->has_graph = status == STATUS_OK;
    scope_ops_deinit(&ops);
    /* A graph that does not hold together is told by nobody's heads: all of it goes. */
    return status == STATUS_NOT_FOUND || status == STATUS_INVALID ? STATUS_OK : status;
}

static bool is_held(struct looking *looking, const struct store_op *row)
{
    if (row->position < looking->place)
        return true;
    if (!looking->has_graph)
        return false;
    uint32_t node = graph_find(&looking->graph, &row->id);
    if (node == GRAPH_NONE) /* never: it was made of the same rows */
        return false;
    return graph_is_past_of(&looking->graph, node, looking->held.ids, looking->held.len);
}

static enum status take_op(void *context, const struct store_op *row)
{
    struct looking *looking = context;
    struct bundle_plan *plan = looking->plan;
    if (is_held(looking, row))
        return STATUS_OK;
    if (op_decode_bytes(looking->op, row->bytes, NULL) != STATUS_OK)
        return STATUS_CORRUPT;
    if (op_is_kind(looking->op, "attached"))
        id_list_push(&plan->files, &row->id);
    plan->records += looking->op->is_founding && op_is_kind(looking->op, "escalate");
    plan->bytes += row->bytes.len;
    if (row->wall != 0 && (plan->since == 0 || row->wall < plan->since))
        plan->since = row->wall;
    return outgoing_push(&plan->ops, row->seq);
}

static enum status look_at_scope(struct looking *looking, const struct id *scope)
{
    struct core *core = looking->core;
    id_list_clear(&looking->held);
    enum status status = find_place(looking, scope);
    if (status == STATUS_OK)
        status =
            store_bundle_held(core->store, looking->site, scope, push_id, &looking->held);
    if (status == STATUS_OK && looking->held.failed)
        status = STATUS_NO_MEMORY;
    if (status == STATUS_OK && looking->held.len > 0)
        status = load_graph(looking, scope);
    if (status == STATUS_OK)
        status = store_ops_of_scope(core->store, scope, take_op, looking);
    if (looking->has_graph)
        graph_deinit(&looking->graph);
    looking->has_graph = false;
    return status;
}

enum status bundle_plan_make(struct core *core, const struct id *site,
                             struct bundle_plan *plan)
{
    struct looking looking = {.core = core, .site = site, .plan = plan};
    struct id_list scopes = {0};
    *plan = (struct bundle_plan){0};
    looking.op = malloc(sizeof(*looking.op));
    enum status status = looking.op == NULL ? STATUS_NO_MEMORY : pair_open(core, site);
    if (status == STATUS_OK)
        status = store_pair_scopes(core->store, site, push_id, &scopes);
    if (status == STATUS_OK && scopes.failed)
        status = STATUS_NO_MEMORY;
    for (uint32_t i = 0; status == STATUS_OK && i < scopes.len; i++)
        status = look_at_scope(&looking, &scopes.ids[i]);
    if (status == STATUS_OK)
        status = store_bundle_lacks(core->store, site, push_id, &plan->files);
    id_list_sort(&plan->files);
    if (status == STATUS_OK && plan->files.failed)
        status = STATUS_NO_MEMORY;
    outgoing_sort(&plan->ops);
    id_list_deinit(&scopes);
    id_list_deinit(&looking.held);
    free(looking.op);
    return core_check(core, status);
}

void bundle_plan_deinit(struct bundle_plan *plan)
{
    outgoing_clear(&plan->ops);
    id_list_deinit(&plan->files);
    *plan = (struct bundle_plan){0};
}
