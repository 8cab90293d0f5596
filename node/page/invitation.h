/*
 * invitation: the way by which a device that is invited comes in.
 */
#ifndef FENGQIAO_PAGE_INVITATION_H
#define FENGQIAO_PAGE_INVITATION_H

#include "node/page/pairs.h"
#include "node/page/visit.h"

/* A prepare of screen.h: where the deed was device.invite, link is where its code leads
 * to, under the name by which the one who looks came here; link_is_local: which only
 * this machine knows. */
enum status invitation_prepare(const struct visit *visit, struct pairs *values) MUST_USE;

#endif
