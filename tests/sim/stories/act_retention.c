#include "tests/sim/stories/acts.h"

#include <inttypes.h>
#include <stdio.h>

#include "node/cases/view.h"
#include "tests/sim/life/sim_people.h"
#include "tests/sim/stories/minutes.h"

void act_keep_years(struct said *said)
{
    struct sim_errand *errand = said_errand(said, said_saved);
    char years[CAUGHT_SIZE + 1];
    (void)snprintf(years, sizeof(years), "#%s", said->caught[1]);
    if (errand != NULL)
        sim_people_ask(said->host, errand, "retention.set", "category", "邻里", "years",
                       years, NULL);
}

static bool tell_notice(void *context, struct bytes notice)
{
    struct bytes number = {0}, what = {0};
    uint64_t days = 0;
    (void)view_map_text(notice, "number", &number);
    (void)view_map_text(notice, "what", &what);
    (void)view_map_uint(notice, "days_left", &days);
    minutes_add(context, "%.*s of %.*s in %" PRIu64 " days of running", (int)what.len,
                (const char *)what.data, (int)number.len, (const char *)number.data,
                days);
    return true;
}

static void on_listed(struct sim_host *host, struct sim_errand *errand,
                      struct bytes status, struct bytes result)
{
    struct stage *stage = host->sim->ear.context;
    struct bytes clock = {0};
    (void)errand;
    if (!said_is_ok(status)) {
        said_refused(host, status, result);
        return;
    }
    if (view_map_text(result, "clock", &clock))
        minutes_add(stage, "the clock: %.*s", (int)clock.len, (const char *)clock.data);
    if (view_map_count(result, "notices") == 0)
        minutes_add(stage, "no notice stands");
    view_map_each(result, "notices", tell_notice, stage);
}

void act_see_notices(struct said *said)
{
    struct sim_errand *errand = said_errand(said, on_listed);
    if (errand != NULL)
        sim_people_ask(said->host, errand, "retention.list", NULL);
}

void act_keep_longer(struct said *said)
{
    struct sim_errand *errand = said_errand(said, said_saved);
    if (errand != NULL)
        sim_people_ask(said->host, errand, "retention.keep", "case", said->matter->number,
                       "reason", said->caught[2], NULL);
}

void act_keep_no_longer(struct said *said)
{
    struct sim_errand *errand = said_errand(said, said_saved);
    if (errand != NULL)
        sim_people_ask(said->host, errand, "retention.keep", "case", said->matter->number,
                       "end", "true", "reason", said->caught[2], NULL);
}
