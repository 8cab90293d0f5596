/*
 * flow: the way of a visit from its first call of the core to its end.
 */
#ifndef FENGQIAO_PAGE_FLOW_H
#define FENGQIAO_PAGE_FLOW_H

#include "node/page/desk.h"

/* The first visit of the desk asks the core what it needs. page_answer goes on. */
void flow_begin(struct page *page, struct desk *desk);

#endif
