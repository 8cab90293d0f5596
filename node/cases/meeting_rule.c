/*
 * Meetings. An item without owner and day is none: the table of the schema says so.
 * Whoever says that one is done has seen it.
 */
#include "node/cases/fold_state.h"

enum effect meeting_judge(struct fold *fold, uint32_t node)
{
    uint32_t named;
    if (!fold_is_kind(fold, node, "item-done") || !fold_named(fold, node, "item", &named))
        return EFFECT_YES;
    return named != GRAPH_NONE && fold_is_kind(fold, named, "meeting-item")
               ? EFFECT_YES
               : EFFECT_NO_ITEM;
}
