#include "tests/sim/stories/acts.h"

#include "tests/sim/life/sim_host.h"
#include "tests/sim/life/sim_people.h"
#include "tests/sim/life/sim_staff.h"
#include "tests/sim/stories/minutes.h"

void act_add(struct said *said)
{
    sim_staff_add(said->host, 1);
}

void act_revoke(struct said *said)
{
    sim_staff_revoke(said->host, NULL, 1);
}

static void on_unlocked(struct sim_host *host, struct sim_errand *errand,
                        struct bytes status, struct bytes result)
{
    (void)errand;
    if (said_is_ok(status))
        minutes_add(host->sim->ear.context, "she is let in");
    else
        said_refused(host, status, result);
}

void act_come_back(struct said *said)
{
    struct sim_errand *errand = said_errand(said, on_unlocked);
    if (errand == NULL)
        return;
    sim_host_tell(said->host, EVENT_CLIENT_OPENED, SIM_CLIENT_STRANGER, (struct bytes){0},
                  NULL);
    errand->client = SIM_CLIENT_STRANGER;
    sim_people_ask(said->host, errand, "unlock", "person", said->host->mediator, "pin",
                   "135791", NULL);
}

static void on_synced(struct sim_host *host, struct sim_errand *errand,
                      struct bytes status, struct bytes result)
{
    (void)errand;
    if (said_is_ok(status))
        minutes_add(host->sim->ear.context, "%s and its parent agree", host->name);
    else
        said_refused(host, status, result);
}

void act_sync(struct said *said)
{
    struct sim_errand *errand = said_errand(said, on_synced);
    if (errand != NULL)
        sim_people_ask(said->host, errand, "sync", NULL);
}
