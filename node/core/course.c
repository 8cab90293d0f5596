#include "node/core/course.h"

#include "node/cases/view.h"
#include "proto/date.h"

/* A request waits until something goes up, or another step says what becomes of the case
 * instead: a steward who says no triages anew. */
static void read_request(struct course *course, struct bytes entry, uint64_t wall)
{
    static const char *const ends[] = {"sent", "triage", "settle", "close"};
    if (view_map_has_text(entry, "kind", "request")) {
        course->asked = wall;
        course->waits_for_release = true;
    }
    for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
        if (view_map_has_text(entry, "kind", ends[i]))
            course->waits_for_release = false;
}

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
    read_request(course, entry, wall);
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
