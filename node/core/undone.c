#include "node/core/undone.h"

#include "node/cases/view.h"
#include "node/core/answer_due.h"
#include "node/core/course.h"
#include "node/core/due_list.h"
#include "node/core/state.h"

/* The state of a record is that of its latest step, whoever took it. In these nobody has
 * answered for good. */
static bool is_unanswered(struct bytes state)
{
    static const char *const words[] = {"sent",    "received", "opened", "accepted",
                                        "advised", "referred", "onward"};
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (bytes_equal_str(state, words[i]))
            return true;
    return false;
}

bool undone_for_meeting(struct bytes record)
{
    struct bytes state = view_state(record);
    /* What nobody serves is among them: who declines stands among the joint. */
    return is_unanswered(state) &&
           (view_map_count(record, "joint") > 0 || bytes_equal_str(state, "onward"));
}

/* Of a second from which nobody can count, nobody can say that it is over. */
static uint64_t of_case(struct bytes view)
{
    struct course course;
    int64_t day;
    if (!bytes_equal_str(view_state(view), "closed"))
        return UNDONE_ALWAYS;
    course_read(view, &course);
    if (course.has_again)
        return UNDONE_ALWAYS;
    return course.settled == 0 || due_list_day(course.settled, &day) ? course.settled
                                                                     : UNDONE_ALWAYS;
}

uint64_t undone_until(const struct core *core, enum scope_kind kind, struct bytes view)
{
    if (kind == SCOPE_CASE)
        return of_case(view);
    if (view_map_has_id(view, "site", &core->site))
        return 0;
    return answer_due_waits(core, view) || undone_for_meeting(view) ? UNDONE_ALWAYS : 0;
}
