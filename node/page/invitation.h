/*
 * invitation: the way by which a device that is invited comes in.
 */
#ifndef FENGQIAO_PAGE_INVITATION_H
#define FENGQIAO_PAGE_INVITATION_H

#include "node/page/pairs.h"
#include "node/page/visit.h"

/* Where a device that is invited here would go to: "http://" and the Host by which the
 * browser came; where only this machine knows that, the first of the node's other names
 * (page.h) instead, if it has one. */
void invitation_home(struct visit *visit, const struct page_request *request,
                     const char *names);

/* A prepare of screen.h: where the deed was device.invite, link is where its code leads
 * to; link_is_local: which only this machine knows. */
enum status invitation_prepare(const struct visit *visit, struct pairs *values) MUST_USE;

#endif
