/*
 * round_view: a round as its view has it: how each place stands with each topic.
 */
#ifndef FENGQIAO_NODE_CORE_ROUND_VIEW_H
#define FENGQIAO_NODE_CORE_ROUND_VIEW_H

#include <stdint.h>

#include "proto/bytes.h"
#include "proto/limits.h"

/* One finding is enough, whoever found all well before or after. */
enum round_mark { ROUND_UNSEEN, ROUND_WELL, ROUND_FOUND };

/* Borrows from the view. */
struct round_view {
    struct bytes places[ROUND_PLACES_MAX], topics[ROUND_TOPICS_MAX];
    uint32_t places_len, topics_len;
    enum round_mark marks[ROUND_PLACES_MAX][ROUND_TOPICS_MAX];
    uint32_t findings, cases;
};

/* Nothing, where its lists were erased. */
void round_view_read(struct round_view *round, struct bytes view);
/* How many places and topics there are to look at, and how many were. */
uint32_t round_view_spots(const struct round_view *round);
uint32_t round_view_looked(const struct round_view *round);

#endif
