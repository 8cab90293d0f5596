#include "tests/sim/life/sim_card.h"

#include <stdio.h>

#include "node/cases/view.h"
#include "tests/sim/life/sim_deeds.h"
#include "tests/sim/life/sim_people.h"
#include "tests/sim/life/watch_canary.h"

#define STEPS_SIZE (SIM_TEXT_SIZE + 64)

enum card_step { FOR_NOBODY, KEEP, ACTIVATE, TASKS, END };

static void keep(struct sim_host *host, struct sim_errand *errand, const char *role)
{
    char text[SIM_TEXT_SIZE], steps[STEPS_SIZE];
    (void)snprintf(steps, sizeof(steps), "[%s=%.300s=2,指挥=通知各户=0]", role,
                   sim_deeds_text(host, text, "step", errand->key));
    sim_people_ask(host, errand, "card.set", "roles", "[指挥=村主任,巡查=民兵排长]",
                   "steps", steps, "title", "防汛", "trigger", "水位过警戒线", NULL);
}

static void take_step(struct sim_host *host, struct sim_errand *errand)
{
    char text[SIM_TEXT_SIZE];
    switch (errand->step) {
    case FOR_NOBODY:
        keep(host, errand, "厨师");
        break;
    case KEEP:
        keep(host, errand, "巡查");
        break;
    case ACTIVATE:
        sim_people_ask(host, errand, "card.activate", "category", "安全", "day",
                       "2026-07-01", "reason",
                       sim_deeds_text(host, text, "flood", errand->key), "title", "防汛",
                       NULL);
        break;
    default:
        sim_people_ask(host, errand, "task.list", "case", errand->hex, NULL);
        break;
    }
}

static bool is_ok(struct bytes status)
{
    return bytes_equal_str(status, "OK");
}

/* False: the rest makes no sense. */
static bool hear(struct sim_host *host, struct sim_errand *errand, struct bytes status,
                 struct bytes result)
{
    struct bytes number;
    struct id scope;
    switch (errand->step) {
    case FOR_NOBODY:
        if (is_ok(status))
            sim_fail(host->sim, "API", "%s keeps a step that is nobody's", host->address);
        if (bytes_equal_str(status, "INVALID"))
            sim_ever(host->sim, EVER_CARD_FOR_NOBODY);
        return true;
    case ACTIVATE:
        if (!is_ok(status) || !view_map_text(result, "number", &number) ||
            !view_map_id(result, "case", &scope))
            return false;
        watch_canary_number(host, number);
        hex_encode(errand->hex, scope.bytes, ID_SIZE);
        sim_ever(host->sim, EVER_CARD_ACTIVATED);
        return true;
    case TASKS:
        if (is_ok(status) && view_map_count(result, "items") != 2)
            sim_fail(host->sim, "I2", "%s forgot tasks of a plan card", host->address);
        return false;
    default:
        return is_ok(status);
    }
}

static void on_step(struct sim_host *host, struct sim_errand *before, struct bytes status,
                    struct bytes result)
{
    struct sim_errand *errand = sim_people_errand(host);
    if (!hear(host, before, status, result) || errand == NULL)
        return;
    *errand = *before;
    errand->step++;
    take_step(host, errand);
}

void sim_card(struct sim_host *host, struct sim_errand *errand)
{
    errand->done = on_step;
    errand->step = FOR_NOBODY;
    take_step(host, errand);
}
