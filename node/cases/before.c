#include "node/cases/before.h"

#include <assert.h>
#include <stdlib.h>

#include "node/cases/graph.h"

/* Registers are written by these two kinds. */
static bool writes(const struct op *op, const char *name)
{
    return (op_is_kind(op, "case-new") || op_is_kind(op, "set")) &&
           op_field(op, name) != NULL;
}

/* Nodes are in order of (time, id): the last write in the past is the one that was shown,
 * since no other one can have seen it. */
static enum status last_in_past(const struct fold_input *input, const struct graph *graph,
                                const struct fold_result *folded, const char *name,
                                uint32_t node, const struct op **before)
{
    bool *seeds = calloc(2 * (size_t)graph->len, sizeof(*seeds));
    if (seeds == NULL)
        return STATUS_NO_MEMORY;
    bool *marks = seeds + graph->len;
    seeds[node] = true;
    graph_mark_before(graph, seeds, marks);
    enum status status = STATUS_NOT_FOUND;
    for (uint32_t i = 0; i < node; i++) {
        const struct op *op = input->ops[graph->nodes[i].source];
        if (!marks[i] || folded->effects[i].effect != EFFECT_YES || !writes(op, name))
            continue;
        *before = op;
        status = STATUS_OK;
    }
    free(seeds);
    return status;
}

enum status before_write(const struct fold_input *input, const char *name,
                         const struct id *op, const struct op **before)
{
    assert(input->ops != NULL);
    struct fold_input effects = *input;
    struct fold_result folded;
    struct graph graph;
    effects.is_effects_only = true;
    enum status status = graph_init(&graph, input->ops, input->len);
    if (status != STATUS_OK)
        return status;
    uint32_t node = graph_find(&graph, op);
    if (node == GRAPH_NONE) {
        status = STATUS_NOT_FOUND;
        goto free_graph;
    }
    status = fold_scope(&effects, &folded);
    if (status != STATUS_OK)
        goto free_graph;
    status = last_in_past(input, &graph, &folded, name, node, before);
    fold_result_deinit(&folded);
free_graph:
    graph_deinit(&graph);
    return status;
}
