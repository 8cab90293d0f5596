#include "tests/sim/life/sim_agree.h"

#include "tests/sim/life/sim_deeds.h"
#include "tests/sim/life/sim_people.h"

enum { STEP_ALONE = 1 };

static void on_agreed(struct sim_host *host, struct sim_errand *errand,
                      struct bytes status, struct bytes result)
{
    (void)result;
    if (errand->step == STEP_ALONE && bytes_equal_str(status, "INVALID"))
        sim_ever(host->sim, EVER_AGREED_ALONE);
    if (!bytes_equal_str(status, "OK"))
        return;
    if (errand->step == STEP_ALONE)
        sim_fail(host->sim, "API", "%s keeps an agreement of one party", host->address);
    sim_ever(host->sim, EVER_AGREED);
}

void sim_agree(struct sim_host *host, struct sim_errand *errand, const struct sim_case *c)
{
    char terms[SIM_TEXT_SIZE];
    bool is_alone = sim_dice(host->sim, "agrees-alone", errand->key, 0) % 2 == 0;
    errand->done = on_agreed;
    errand->step = is_alone ? STEP_ALONE : 0;
    sim_people_ask(host, errand, "agreement.new", "case", c->number, "deadline",
                   "2027-03-31", "parties",
                   is_alone ? "[张某=甲方]" : "[张某=甲方,李某=乙方]", "terms",
                   sim_deeds_text(host, terms, "terms", errand->key), NULL);
}
