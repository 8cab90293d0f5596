#include "tests/sim/life/watch_closed.h"

#include "node/cases/view.h"

struct course {
    bool is_settled, is_followed_up, is_closed;
};

static bool read_entry(void *context, struct bytes entry)
{
    struct course *course = context;
    struct bytes fields, field;
    if (view_map_has_text(entry, "kind", "reopen"))
        *course = (struct course){false, false, false};
    course->is_settled |= view_map_has_text(entry, "kind", "settle");
    course->is_followed_up |= view_map_has_text(entry, "kind", "follow-up");
    if (!view_map_has_text(entry, "kind", "close") ||
        !view_map_get(entry, "fields", &fields))
        return true;
    bool is_by_word = view_map_get(fields, "oral", &field) &&
                      view_map_get(fields, "outcome", &field) &&
                      view_map_get(fields, "follow-up", &field);
    course->is_closed |= is_by_word || (course->is_settled && course->is_followed_up);
    return true;
}

static enum status look_at_case(void *context, const struct store_scope *scope)
{
    struct sim_host *host = context;
    struct course course = {false, false, false};
    if (!bytes_equal_str(view_state(scope->view), "closed"))
        return STATUS_OK;
    view_map_each(scope->view, "journal", read_entry, &course);
    if (!course.is_closed)
        sim_fail(host->sim, "API", "%s closes a case without an outcome and a follow-up",
                 host->address);
    return STATUS_OK;
}

void watch_closed_end(struct sim_host *host)
{
    if (store_scopes_of_kind(host->config.store, SCOPE_CASE, 0, look_at_case, host) !=
        STATUS_OK)
        sim_fail(host->sim, "I14", "%s: its cases cannot be read", host->address);
}
