/*
 * graph: the ops of one scope in order of (time, id), with cheap questions about the
 * past. Copies ids and times; borrows nothing after graph_init.
 *
 *   node    an op, numbered in order of (time, id): 0 is the founding op
 *   chain   a run of nodes in which each has the one before it as a parent
 *   merge   a node with a parent outside its chain; walks go from merge to merge
 */
#ifndef FENGQIAO_CASES_GRAPH_H
#define FENGQIAO_CASES_GRAPH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "node/cases/op_source.h"
#include "proto/op.h"

#define GRAPH_NONE UINT32_MAX

struct graph_node {
    struct id id;
    uint64_t time;
    uint32_t source;           /* index into the ops handed to graph_init */
    uint32_t edges, edges_len; /* its parents: edges[edges …] */
    uint32_t chain, position;
    uint32_t merge; /* the last merge before it on its chain, or GRAPH_NONE */
    bool is_merge, is_head;
};

/* Asked from one thread at a time: questions use its marks. */
struct graph {
    struct graph_node *nodes;
    uint32_t len;
    uint32_t *edges;
    uint32_t *by_id; /* node numbers in order of id */
    uint32_t chains_len;
    struct graph_mark *marks; /* one a chain */
    uint32_t epoch;
    uint32_t *stack;
};

/* ops in any order; the same id twice counts once. NOT_FOUND: a parent is missing.
 * INVALID: no or a second founding op, or a wrong time. NO_MEMORY. */
enum status graph_init(struct graph *graph, const struct op *const *ops,
                       size_t len) MUST_USE;
enum status graph_init_from(struct graph *graph, const struct op_source *source) MUST_USE;
void graph_deinit(struct graph *graph);

/* The node of that id, or GRAPH_NONE. */
uint32_t graph_find(const struct graph *graph, const struct id *id);
/* Is a the same as b or in its past? */
bool graph_is_past(struct graph *graph, uint32_t a, uint32_t b);
/* Is a the same as, or in the past of, any of these ids? Ids not here are passed over. */
bool graph_is_past_of(struct graph *graph, uint32_t a, const struct id *ids, size_t len);
/* Is a in the past of b's parents, b itself not counted? */
bool graph_is_before(struct graph *graph, uint32_t a, uint32_t b);

/* Sets marks[i] (graph->len of them, cleared here) where i is in the past of a seed, the
 * seed itself not counted. One walk over the whole graph, for questions about many. */
void graph_mark_before(const struct graph *graph, const bool *seeds, bool *marks);

#endif
