/*
 * whereabouts: where a record that went up is now, and what the one who looks may say to
 * it, for its page.
 */
#ifndef FENGQIAO_PAGE_WHEREABOUTS_H
#define FENGQIAO_PAGE_WHEREABOUTS_H

#include "node/page/pairs.h"
#include "node/page/visit.h"

/* A prepare of screen.h, from the answers "record" (escalation.show) and "status":
 *   holders   [{answer, handed, opened, received, site}] of all but the site it came
 *             from: times, or nil where that did not happen yet; answer: a state, or nil
 *   owns      it came from here; holds: it came to here
 *   unopened  it came to here and nobody here has opened it; answers: it was opened, and
 *             may be answered
 *   gone      it was recalled; told: its contents are here all the same, or it was not
 *   asks      the site that it came from wants to be asked before it goes on, and has
 *             not been
 *   judges    who looks may rule
 *   declines  [{op, site, text}]: advice to here, or invitations of here, that can be
 *             declined
 * What may be done is decided in the core: these show the forms that can succeed. */
enum status whereabouts_prepare(const struct visit *visit, struct pairs *values) MUST_USE;

#endif
