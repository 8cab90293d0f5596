#include "node/core/checklist.h"

#include "node/cases/view.h"

static bool take_version(void *context, struct bytes entry)
{
    struct checklist *list = context;
    struct bytes fields = {0};
    (void)view_map_get(entry, "fields", &fields); /* each entry has them */
    if (view_map_count(fields, "places") == 0 || view_map_count(fields, "topics") == 0)
        return true; /* it is not shown here, or not whole */
    (void)view_map_get(fields, "places", &list->places);
    (void)view_map_get(fields, "topics", &list->topics);
    (void)view_map_id(entry, "op", &list->version); /* each entry has it */
    list->versions++;
    return true;
}

bool checklist_newest(struct bytes view, struct checklist *list)
{
    *list = (struct checklist){.versions = 0};
    view_map_each(view, "journal", take_version, list);
    return list->versions > 0;
}
