/*
 * charters: the folded charters that this node knows, kept in memory while they are used.
 */
#ifndef FENGQIAO_NODE_CORE_CHARTERS_H
#define FENGQIAO_NODE_CORE_CHARTERS_H

#include "node/cases/charter.h"

struct core;

/* The charter of a site, or NULL where it is not here. Good until the charter is touched
 * or the turn ends. */
struct charter *charters_of_site(struct core *core, const struct id *site);
/* The charter that has this op, for fold_input.charter_of; context is the core. */
struct charter *charters_of_head(void *context, const struct id *head);
/* The one beneath which it was written, by the first of its heads that is known here;
 * NULL: none is. */
struct charter *charters_of_op(struct core *core, const struct op *op);
/* Was it written beneath our own, as far as that is known here? */
bool charters_is_own(struct core *core, const struct op *op);
/* An op came into the charter: fold it anew when it is asked for next. */
void charters_forget(struct core *core, const struct id *site);
void charters_deinit(struct core *core);

/* Our own. Without it nothing goes on: CORRUPT or NO_MEMORY, and the turn fails. */
enum status charters_own(struct core *core, struct charter **charter) MUST_USE;

#endif
