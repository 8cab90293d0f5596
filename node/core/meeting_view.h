/*
 * meeting_view: the items of a meeting as its view has them, and which are still open.
 */
#ifndef FENGQIAO_NODE_CORE_MEETING_VIEW_H
#define FENGQIAO_NODE_CORE_MEETING_VIEW_H

#include <stdbool.h>

#include "proto/err.h"
#include "proto/op.h"

struct core;

/* Texts are borrowed until the callback returns; empty where they were erased. */
struct meeting_item {
    struct id op, about; /* about: a case or a record; zero where it was erased */
    bool has_task, is_done;
    struct id task; /* in that record */
    struct bytes text, owner, due;
};

typedef enum status meeting_item_fn(void *context, const struct meeting_item *item);
/* Each item, in the order in which they were written. One with a task of a record is done
 * where that is. A status other than OK ends the walk and is returned. */
enum status meeting_items(struct core *core, struct bytes view, meeting_item_fn *fn,
                          void *context) MUST_USE;
/* Appends {about, due, item, kind, number, owner, text, title}: what it is about by its
 * kind ("case", "escalation"; nil where it is not here), number and title. */
enum status meeting_item_pack(struct core *core, const struct meeting_item *item,
                              struct buf *out) MUST_USE;

#endif
