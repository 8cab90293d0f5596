#include "tests/sim/stories/acts.h"

#include "node/cases/view.h"
#include "tests/sim/life/sim_people.h"
#include "tests/sim/life/watch_recall.h"
#include "tests/sim/stories/minutes.h"

static void on_recalled(struct sim_host *host, struct sim_errand *errand,
                        struct bytes status, struct bytes result)
{
    if (said_is_ok(status))
        watch_recall_told(host, errand->hex, result);
    said_saved(host, errand, status, result);
}

void act_recall(struct said *said)
{
    struct sim_errand *errand = said_errand(said, on_recalled);
    if (errand != NULL && said_record(said, errand->hex))
        sim_people_ask(said->host, errand, "escalation.recall", "escalation", errand->hex,
                       "reason", said->caught[2], NULL);
}

static bool tell_answered(void *context, struct bytes answer)
{
    struct bytes name;
    if (view_map_text(answer, "site_name", &name))
        minutes_add(context, "%.*s has erased it", (int)name.len,
                    (const char *)name.data);
    return true;
}

static bool tell_missing(void *context, struct bytes answer)
{
    struct bytes name;
    if (view_map_text(answer, "site_name", &name))
        minutes_add(context, "%.*s has not answered", (int)name.len,
                    (const char *)name.data);
    return true;
}

static bool tell_recall(void *context, struct bytes recall)
{
    struct bytes title = {0}, reason = {0};
    if (!view_map_text(recall, "title", &title) ||
        !view_map_text(recall, "reason", &reason))
        return true;
    minutes_add(context, "%.*s: %.*s", title.len > 0 ? (int)title.len : 8,
                title.len > 0 ? (const char *)title.data : "(erased)", (int)reason.len,
                (const char *)reason.data);
    view_map_each(recall, "answered", tell_answered, context);
    view_map_each(recall, "missing", tell_missing, context);
    return true;
}

static void on_listed(struct sim_host *host, struct sim_errand *errand,
                      struct bytes status, struct bytes result)
{
    static const struct said_list list = {"recalls", "nothing was recalled", tell_recall};
    (void)errand;
    said_listed(host, status, result, &list);
}

void act_see_recalls(struct said *said)
{
    struct sim_errand *errand = said_errand(said, on_listed);
    if (errand != NULL)
        sim_people_ask(said->host, errand, "recall.list", NULL);
}
