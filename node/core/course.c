#include "node/core/course.h"

#include "proto/date.h"
#include "node/cases/view.h"

static bool read_entry(void *context, struct bytes entry)
{
    struct course *course = context;
    struct bytes fields = {0}, again;
    uint64_t wall = 0;
    (void)view_map_uint(entry, "wall", &wall); /* 0: unknown */
    if (view_map_has_text(entry, "kind", "case-new") ||
        view_map_has_text(entry, "kind", "reopen"))
        *course = (struct course){.begun = wall};
    (void)view_map_get(entry, "fields", &fields); /* each entry has them */
    if (view_map_has_text(entry, "kind", "settle")) {
        course->settled = wall;
        course->is_agreed = view_map_has_text(fields, "outcome", "agreement");
        course->has_again = false;
    }
    if (view_map_has_text(entry, "kind", "follow-up")) {
        course->has_again = view_map_text(fields, "again", &again);
        if (course->has_again)
            (void)date_parse(again, &course->again); /* the schema let a date in */
    }
    return true;
}

void course_read(struct bytes view, struct course *course)
{
    *course = (struct course){.begun = 0};
    view_map_each(view, "journal", read_entry, course);
}
