/*
 * bundle_out: a bundle that is being written for a site, one sealed file after the other.
 * What goes into it passes the same doors as what goes into a session: outgoing_pack and
 * pieces_give.
 */
#ifndef FENGQIAO_NODE_CORE_BUNDLE_OUT_H
#define FENGQIAO_NODE_CORE_BUNDLE_OUT_H

#include "node/core/bundle_plan.h"
#include "proto/bundle.h"

/* Of one caller. */
struct bundle_out {
    struct id site;
    struct bundle_plan plan;
    struct bundle_header header; /* of the next part */
    /* Ops of our charter by which the site gets to know the new key of this machine, in a
     * bundle before this one, under the former key (renewal.h); mostly none. */
    struct outgoing introduction;
    uint32_t given;              /* files so far */
    uint32_t files_at, piece_at; /* what comes next of plan.files */
    bool is_done;                /* the last part was given out */
    uint64_t ops, pieces;        /* of the last part */
};

/* NOT_FOUND, with a sentence: the site has no machine that could open it. */
enum status bundle_out_begin(struct core *core, const struct id *site,
                             struct bundle_out **out, struct err *err) MUST_USE;
/* The next file, at most BUNDLE_FILE_MAX bytes, appended to file. NOT_FOUND, with a
 * sentence: by now nobody could open it. */
enum status bundle_out_next(struct core *core, struct bundle_out *out, struct buf *file,
                            struct err *err) MUST_USE;
/* Accepts NULL. */
void bundle_out_free(struct bundle_out *out);

#endif
