/*
 * share: which scopes two sites may both hold, and what of an op one site may be shown.
 * The egress rule stands here: nothing goes to a site but ops of these scopes, with
 * fields cut to the classes of that site (docs/PROTOCOL.md §5). A case is in no such set,
 * ever. Machines of our own site have a door of their own (replica.h).
 */
#ifndef FENGQIAO_NODE_CORE_SHARE_H
#define FENGQIAO_NODE_CORE_SHARE_H

#include "node/core/state.h"

/* Above all classes that a record may name: shown whole, as charters are. */
#define SHARE_ALL (~0u)

/* Fills out (sorted) with every scope that we and the other site may both hold, by the
 * rule and from the beginning; pair.h keeps it. */
enum status share_scopes(struct core *core, const struct id *other,
                         struct id_list *out) MUST_USE;
/* Adds the charter of a site and those of its ancestors, as far as they are known here.
 */
void share_charters(struct core *core, const struct id *site, struct id_list *out);
/* What another site may be shown of a scope that the pair shares. */
struct share_terms {
    uint32_t classes; /* of disclosure.h */
    bool is_recalled; /* and what of it is its founder's, no more */
    struct id founder;
};
/* DENIED for a case, whatever the pair is said to share, and for our own site. NOT_FOUND:
 * not now, since the record may have been recalled (restored.h). */
enum status share_terms(struct core *core, const struct id *other, const struct id *scope,
                        struct share_terms *terms) MUST_USE;
/* The fields of op that may be shown on these terms, as `show` for op_encode. */
uint32_t share_mask(struct core *core, const struct op *op,
                    const struct share_terms *terms);

#endif
