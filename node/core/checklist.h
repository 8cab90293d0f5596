/*
 * checklist: the places and topics that a round is begun with.
 */
#ifndef FENGQIAO_NODE_CORE_CHECKLIST_H
#define FENGQIAO_NODE_CORE_CHECKLIST_H

#include <stdbool.h>

#include "proto/op.h"

struct checklist {
    struct id version;           /* the op that wrote it */
    struct bytes places, topics; /* raw lists of texts, borrowed from the view */
    uint32_t versions;           /* so many there are */
};

/* The newest version in the view of one; false: it has none that is shown. */
bool checklist_newest(struct bytes view, struct checklist *list);

#endif
