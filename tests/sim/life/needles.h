/*
 * needles: many short secrets, looked for at once in long bytes. Each is found raw, in
 * hex (of either case) and in base64 (of either alphabet) at its three alignments.
 * Looking costs one hash of eight bytes for each byte looked at.
 */
#ifndef FENGQIAO_TESTS_NEEDLES_H
#define FENGQIAO_TESTS_NEEDLES_H

#include "proto/bytes.h"

#define NEEDLE_PIECE 8 /* the shortest that can be looked for */
#define NEEDLE_MAX 128 /* of what is looked for, in the longest form */
#define NEEDLE_NOBODY (-1)

struct needles;

/* No memory aborts, here and in the others. */
struct needles *needles_new(void);
void needles_free(struct needles *needles);
/* Looks for bytes (at least NEEDLE_PIECE) as a whole. what: a constant text. owner 0 …
 * 31: whose it is; the same bytes may be several owners'. */
void needles_add(struct needles *needles, int owner, const char *what,
                 struct bytes bytes);
/* Looks for each eight bytes of it alone: for what is random throughout. */
void needles_add_pieces(struct needles *needles, int owner, const char *what,
                        struct bytes bytes);
/* What stands in hay that is not host's own (NEEDLE_NOBODY: whosoever it is), or NULL. */
const char *needles_find(const struct needles *needles, struct bytes hay, int host);

#endif
