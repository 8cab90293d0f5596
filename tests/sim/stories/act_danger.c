#include "tests/sim/stories/acts.h"

#include "node/cases/view.h"
#include "tests/sim/life/sim_people.h"
#include "tests/sim/stories/minutes.h"

#define FIELDS "[title,context]"

static void on_sent(struct sim_host *host, struct sim_errand *errand, struct bytes status,
                    struct bytes result)
{
    if (said_is_ok(status) && said_keep_record(host, errand, result))
        minutes_add(host->sim->ear.context, "it is released, nobody's consent was "
                                            "waited for");
    else
        said_refused(host, status, result);
}

void act_see_danger(struct said *said)
{
    struct sim_errand *errand = said_errand_hers(said, said_saved);
    if (errand != NULL)
        sim_people_ask(said->host, errand, "case.triage", "beyond", "true", "case",
                       said->matter->number, "danger", "true", "decision", "escalate",
                       "reason", said->caught[2], NULL);
}

void act_send_at_once(struct said *said)
{
    struct sim_errand *errand = said_errand_hers(said, on_sent);
    if (errand != NULL)
        sim_people_ask(said->host, errand, "escalate.release", "case",
                       said->matter->number, "danger", said->caught[2], "fields", FIELDS,
                       NULL);
}

static void on_status(struct sim_host *host, struct sim_errand *errand,
                      struct bytes status, struct bytes result)
{
    (void)errand;
    if (!said_is_ok(status)) {
        said_refused(host, status, result);
        return;
    }
    uint32_t len = view_map_count(result, "unconfirmed");
    minutes_add(host->sim->ear.context, "%u wait%s for a steward's word", len,
                len == 1 ? "s" : "");
}

void act_see_unconfirmed(struct said *said)
{
    struct sim_errand *errand = said_errand(said, on_status);
    if (errand != NULL)
        sim_people_ask(said->host, errand, "status", NULL);
}

void act_confirm(struct said *said)
{
    struct sim_errand *errand = said_errand(said, said_saved);
    if (errand != NULL)
        sim_people_ask(said->host, errand, "escalate.confirm", "case",
                       said->matter->number, "text", said->caught[2], NULL);
}

void act_confirm_hers(struct said *said)
{
    struct sim_errand *errand = said_errand_hers(said, said_saved);
    if (errand != NULL)
        sim_people_ask(said->host, errand, "escalate.confirm", "case",
                       said->matter->number, NULL);
}
