#include "node/cases/update.h"

#include <stdio.h>

#include "node/cases/escalation.h"
#include "node/cases/view.h"

/* Ascending. Parties are said once, by the op that founds a case. */
static const char *const names[] = {"category", "context", "found-by", "narrative",
                                    "place",    "title",   "wish"};

static void look_for_reasons(struct bytes case_view, const char *name,
                             struct update_field *field)
{
    struct bytes chosen = bytes_str(name);
    if (view_has_conflict(case_view, name))
        (void)err_set(&field->held, STATUS_CONFLICT,
                      "'%s' was written in two ways at once; decide with 'case set'",
                      name);
    else
        field->held.status =
            escalation_check_consents(case_view, &chosen, 1, &field->held);
}

void update_plan(struct bytes case_view, struct bytes escalation_view,
                 struct update_plan *plan)
{
    struct bytes registers = {0}, released;
    bool is_recalled = false;
    *plan = (struct update_plan){0};
    (void)view_map_flag(escalation_view, "recalled", &is_recalled); /* stays false */
    if (is_recalled)
        return;
    (void)view_map_get(escalation_view, "registers", &registers); /* none: nothing */
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        struct update_field *field = &plan->fields[plan->fields_len];
        *field = (struct update_field){0};
        if (!view_map_get(registers, names[i], &released) ||
            !view_value(case_view, names[i], &field->is))
            continue;
        if (!view_value(escalation_view, names[i], &field->was))
            field->was = (struct bytes){0};
        if (bytes_equal(field->was, field->is) &&
            !view_has_conflict(escalation_view, names[i]))
            continue;
        (void)snprintf(field->name, sizeof(field->name), "case.%s", names[i]);
        look_for_reasons(case_view, names[i], field);
        plan->fields_len++;
    }
}
