#include "tests/sim/life/sim_round.h"

#include <stdio.h>

#include "node/cases/view.h"
#include "tests/sim/life/sim_deeds.h"
#include "tests/sim/life/sim_people.h"
#include "tests/sim/life/watch_canary.h"

#define PLACE_SIZE 41

enum round_step { LIST, BEGIN, AT_HOME, LOOK, FIND, GO_UP, SHOW, END };

/* A public place that only this village has. */
static const char *place_of(struct sim_host *host, char out[static PLACE_SIZE],
                            uint64_t key)
{
    char text[SIM_TEXT_SIZE];
    (void)snprintf(out, PLACE_SIZE, "%.40s", sim_deeds_text(host, text, "spot", key));
    return out;
}

static void take_step(struct sim_host *host, struct sim_errand *errand)
{
    char text[SIM_TEXT_SIZE], place[PLACE_SIZE], places[PLACE_SIZE + 16];
    (void)place_of(host, place, errand->key);
    switch (errand->step) {
    case LIST:
        (void)snprintf(places, sizeof(places), "[%s,桥头]", place);
        sim_people_ask(host, errand, "checklist.set", "places", places, "title", "汛前",
                       "topics", "[排水,用电]", NULL);
        break;
    case BEGIN:
        sim_people_ask(host, errand, "round.begin", "day", "2026-05-02", "list", "汛前",
                       NULL);
        break;
    case AT_HOME:
        sim_people_ask(host, errand, "round.look", "place", "张某家", "round",
                       errand->hex, "topic", "用电", NULL);
        break;
    case LOOK:
        sim_people_ask(host, errand, "round.look", "place", "桥头", "round", errand->hex,
                       "topic", "排水", NULL);
        break;
    case FIND:
        sim_people_ask(host, errand, "round.finding", "as_case", "true", "category",
                       "安全", "place", place, "round", errand->hex, "text",
                       sim_deeds_text(host, text, "finding", errand->key), "topic",
                       "用电", NULL);
        break;
    case GO_UP:
        sim_people_ask(host, errand, "escalate.release", "case", errand->hex, "fields",
                       "[title]", "no_parties", "无", "reason", "越级", NULL);
        break;
    default:
        sim_people_ask(host, errand, "round.show", "round", errand->hex, NULL);
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
    struct id round;
    struct bytes number;
    uint64_t looked = 0;
    switch (errand->step) {
    case BEGIN:
        if (!is_ok(status) || !view_map_id(result, "round", &round))
            return false;
        hex_encode(errand->hex, round.bytes, ID_SIZE);
        return true;
    case AT_HOME:
        if (is_ok(status))
            sim_fail(host->sim, "API", "%s looks at a home that is on no list",
                     host->address);
        if (bytes_equal_str(status, "INVALID"))
            sim_ever(host->sim, EVER_ROUND_NO_HOME);
        return true;
    case FIND:
        if (is_ok(status) && view_map_text(result, "number", &number)) {
            watch_canary_number(host, number);
            sim_ever(host->sim, EVER_ROUND_CASE);
        }
        return is_ok(status);
    case GO_UP:
        if (is_ok(status))
            sim_fail(host->sim, "API", "%s sends a round up", host->address);
        return true;
    case SHOW:
        if (is_ok(status) && view_map_uint(result, "looked", &looked) && looked < 2)
            sim_fail(host->sim, "I2", "%s forgot what was looked at", host->address);
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

void sim_round(struct sim_host *host, struct sim_errand *errand)
{
    errand->done = on_step;
    errand->step = LIST;
    take_step(host, errand);
}
