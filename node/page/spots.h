/*
 * spots: what a round has still to look at, as many as a page has room for.
 */
#ifndef FENGQIAO_PAGE_SPOTS_H
#define FENGQIAO_PAGE_SPOTS_H

#include "node/page/pairs.h"
#include "node/page/visit.h"

/* A prepare of screen.h, from the answer "round" (round.show): spots, the first of its
 * unseen; spots_left: how many others there are. */
enum status spots_prepare(const struct visit *visit, struct pairs *values) MUST_USE;

#endif
