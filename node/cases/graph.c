#include "node/cases/graph.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* How far down a chain the current question has looked. */
struct graph_mark {
    uint32_t epoch;
    uint32_t position;
};

static int compare_ops(const void *a, const void *b)
{
    const struct graph_node *one = a, *other = b;
    if (one->time != other->time)
        return one->time < other->time ? -1 : 1;
    return id_compare(&one->id, &other->id);
}

struct by_id {
    struct id id;
    uint32_t node;
};

static int compare_ids(const void *a, const void *b)
{
    const struct by_id *one = a, *other = b;
    return id_compare(&one->id, &other->id);
}

/* How many edges there can be at most. */
static size_t list_nodes(struct graph *graph, const struct op_source *source)
{
    size_t edges_max = 0;
    for (size_t i = 0; i < source->len; i++) {
        const struct op *op = op_source_at(source, i);
        graph->nodes[i] =
            (struct graph_node){.id = op->id, .time = op->time, .source = (uint32_t)i};
        edges_max += op->parents_len;
    }
    return edges_max;
}

static void sort_nodes(struct graph *graph, size_t len)
{
    qsort(graph->nodes, len, sizeof(*graph->nodes), compare_ops);
    graph->len = 0;
    for (size_t i = 0; i < len; i++) {
        const struct graph_node *last =
            graph->len == 0 ? NULL : &graph->nodes[graph->len - 1];
        if (last != NULL && id_equal(&last->id, &graph->nodes[i].id))
            continue;
        graph->nodes[graph->len++] = graph->nodes[i];
    }
}

static enum status index_ids(struct graph *graph)
{
    struct by_id *rows = calloc(graph->len, sizeof(*rows));
    if (rows == NULL)
        return STATUS_NO_MEMORY;
    for (uint32_t i = 0; i < graph->len; i++)
        rows[i] = (struct by_id){graph->nodes[i].id, i};
    qsort(rows, graph->len, sizeof(*rows), compare_ids);
    for (uint32_t i = 0; i < graph->len; i++)
        graph->by_id[i] = rows[i].node;
    free(rows);
    return STATUS_OK;
}

/* The time is the highest of the parents' and one: so parents come first in the order. */
static enum status connect(struct graph *graph, uint32_t at, const struct op *op,
                           uint32_t *edges_len)
{
    struct graph_node *node = &graph->nodes[at];
    if (op->is_founding != (op->parents_len == 0) || op->is_founding != (at == 0))
        return STATUS_INVALID;
    node->edges = *edges_len;
    node->edges_len = op->parents_len;
    node->is_head = true;
    uint64_t highest = 0;
    for (uint32_t i = 0; i < op->parents_len; i++) {
        uint32_t parent = graph_find(graph, &op->parents[i]);
        if (parent == GRAPH_NONE)
            return STATUS_NOT_FOUND;
        if (parent >= at)
            return STATUS_INVALID;
        graph->edges[(*edges_len)++] = parent;
        graph->nodes[parent].is_head = false;
        if (graph->nodes[parent].time > highest)
            highest = graph->nodes[parent].time;
    }
    return node->time == highest + 1 ? STATUS_OK : STATUS_INVALID;
}

/* A node goes on with the chain of the first parent that no node went on with yet. */
static void place(struct graph *graph, uint32_t at, bool *is_continued)
{
    struct graph_node *node = &graph->nodes[at];
    node->merge = GRAPH_NONE;
    for (uint32_t i = 0; i < node->edges_len; i++) {
        uint32_t parent = graph->edges[node->edges + i];
        if (is_continued[parent])
            continue;
        is_continued[parent] = true;
        const struct graph_node *before = &graph->nodes[parent];
        node->chain = before->chain;
        node->position = before->position + 1;
        node->merge = before->is_merge ? parent : before->merge;
        node->is_merge = node->edges_len > 1;
        return;
    }
    node->chain = graph->chains_len++;
    node->position = 0;
    node->is_merge = node->edges_len > 0;
}

static enum status build(struct graph *graph, const struct op_source *source)
{
    enum status status = index_ids(graph);
    if (status != STATUS_OK)
        return status;
    uint32_t edges_len = 0;
    for (uint32_t i = 0; i < graph->len; i++) {
        status =
            connect(graph, i, op_source_at(source, graph->nodes[i].source), &edges_len);
        if (status != STATUS_OK)
            return status;
    }
    bool *is_continued = calloc(graph->len, sizeof(*is_continued));
    if (is_continued == NULL)
        return STATUS_NO_MEMORY;
    for (uint32_t i = 0; i < graph->len; i++)
        place(graph, i, is_continued);
    free(is_continued);
    graph->marks = calloc(graph->chains_len, sizeof(*graph->marks));
    return graph->marks == NULL ? STATUS_NO_MEMORY : STATUS_OK;
}

enum status graph_init(struct graph *graph, const struct op *const *ops, size_t len)
{
    const struct op_source source = op_source_of(ops, len);
    return graph_init_from(graph, &source);
}

enum status graph_init_from(struct graph *graph, const struct op_source *source)
{
    size_t len = source->len;
    *graph = (struct graph){0};
    if (len == 0)
        return STATUS_INVALID;
    if (len >= GRAPH_NONE / OP_PARENTS_MAX) /* never: 134 million ops in one scope */
        return STATUS_INVALID;
    graph->nodes = calloc(len, sizeof(*graph->nodes));
    if (graph->nodes == NULL)
        return STATUS_NO_MEMORY;
    size_t edges_max = list_nodes(graph, source);
    sort_nodes(graph, len);
    graph->edges = calloc(edges_max + 1, sizeof(*graph->edges));
    graph->by_id = calloc(len, sizeof(*graph->by_id));
    graph->stack = calloc(edges_max + 1, sizeof(*graph->stack));
    enum status status = STATUS_NO_MEMORY;
    if (graph->edges != NULL && graph->by_id != NULL && graph->stack != NULL)
        status = build(graph, source);
    if (status != STATUS_OK)
        graph_deinit(graph);
    return status;
}

void graph_deinit(struct graph *graph)
{
    free(graph->nodes);
    free(graph->edges);
    free(graph->by_id);
    free(graph->marks);
    free(graph->stack);
    *graph = (struct graph){0};
}

uint32_t graph_find(const struct graph *graph, const struct id *id)
{
    uint32_t low = 0, high = graph->len;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        int order = id_compare(&graph->nodes[graph->by_id[middle]].id, id);
        if (order == 0)
            return graph->by_id[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return GRAPH_NONE;
}

static void next_epoch(struct graph *graph)
{
    if (++graph->epoch != 0)
        return;
    memset(graph->marks, 0, graph->chains_len * sizeof(*graph->marks));
    graph->epoch = 1;
}

/* Puts the parents of one merge on the stack, those that may still lead back to a. */
static uint32_t push_parents(const struct graph *graph, uint32_t merge, uint64_t time_min,
                             uint32_t depth)
{
    const struct graph_node *node = &graph->nodes[merge];
    for (uint32_t i = 0; i < node->edges_len; i++) {
        uint32_t parent = graph->edges[node->edges + i];
        if (graph->nodes[parent].time >= time_min)
            graph->stack[depth++] = parent;
    }
    return depth;
}

/* Each merge is looked at once for each question, so the stack never outgrows the edges.
 * Nothing older than a is looked at: what is found on a's own chain stands at or above
 * it.
 */
bool graph_is_past(struct graph *graph, uint32_t a, uint32_t b)
{
    const struct graph_node *nodes = graph->nodes;
    assert(a < graph->len && b < graph->len);
    if (a == b || a == 0)
        return true;
    if (nodes[a].time >= nodes[b].time)
        return false;
    next_epoch(graph);
    uint32_t depth = 0, at = b;
    for (;;) {
        const struct graph_node *node = &nodes[at];
        if (node->chain == nodes[a].chain)
            return true;
        struct graph_mark *mark = &graph->marks[node->chain];
        bool is_fresh = mark->epoch != graph->epoch;
        if (is_fresh || mark->position < node->position) {
            uint32_t merge = node->is_merge ? at : node->merge;
            while (merge != GRAPH_NONE && nodes[merge].time > nodes[a].time &&
                   (is_fresh || nodes[merge].position > mark->position)) {
                depth = push_parents(graph, merge, nodes[a].time, depth);
                merge = nodes[merge].merge;
            }
            *mark = (struct graph_mark){graph->epoch, node->position};
        }
        if (depth == 0)
            return false;
        at = graph->stack[--depth];
    }
}

bool graph_is_past_of(struct graph *graph, uint32_t a, const struct id *ids, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        uint32_t b = graph_find(graph, &ids[i]);
        if (b != GRAPH_NONE && graph_is_past(graph, a, b))
            return true;
    }
    return false;
}

bool graph_is_before(struct graph *graph, uint32_t a, uint32_t b)
{
    return a != b && graph_is_past(graph, a, b);
}

void graph_mark_before(const struct graph *graph, const bool *seeds, bool *marks)
{
    memset(marks, 0, graph->len * sizeof(*marks));
    for (uint32_t i = graph->len; i > 0; i--) {
        const struct graph_node *node = &graph->nodes[i - 1];
        if (!seeds[i - 1] && !marks[i - 1])
            continue;
        for (uint32_t e = 0; e < node->edges_len; e++)
            marks[graph->edges[node->edges + e]] = true;
    }
}
