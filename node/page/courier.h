/*
 * courier: what waits for each neighbour, how far a bundle is that is being written, and
 * what came of files that were handed in.
 */
#ifndef FENGQIAO_PAGE_COURIER_H
#define FENGQIAO_PAGE_COURIER_H

#include "node/page/visit.h"

/* Of a screen that calls bundle.list "bundles". Adds
 *
 * neighbours: [{acked_wall, as, files, name, ops, read_wall (when a bundle of it was read
 * last), records, site, since, sticks (bundles that are written and not answered)}];
 *
 * neighbour: the one of these that the path names; and of the bundle that this device is
 * writing for it, if it does: given (parts that were given out), last, left, next (the
 * number of the next part for the core), file (what it will be called);
 *
 * handed: [{name, part (from 1 on), read, why}], as a series looked at them (series.h).
 *
 * NO_MEMORY. */
enum status courier_prepare(const struct visit *visit, struct pairs *values) MUST_USE;

#endif
