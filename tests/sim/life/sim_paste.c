#include "tests/sim/life/sim_paste.h"

#include <inttypes.h>
#include <stdio.h>

#include "node/cases/view.h"
#include "tests/sim/life/sim_deeds.h"
#include "tests/sim/life/sim_people.h"
#include "tests/sim/life/watch_canary.h"

enum paste_step { NO_PICTURE, ADD, SHOW, END, GONE };

enum paste_end { BECOMES_CASE, IS_DROPPED, IS_LEFT, ENDS };

static enum paste_end end_of(const struct sim_host *host, const struct sim_errand *errand)
{
    return (enum paste_end)(sim_dice(host->sim, "paste-end", errand->key, 0) % ENDS);
}

static void take_end(struct sim_host *host, struct sim_errand *errand, const char *number)
{
    if (end_of(host, errand) == IS_DROPPED)
        sim_people_ask(host, errand, "paste.drop", "paste", number, NULL);
    else
        sim_people_ask(host, errand, "paste.case", "category", "邻里", "paste", number,
                       "title", "微信里说的", NULL);
}

static void take_step(struct sim_host *host, struct sim_errand *errand)
{
    char text[SIM_TEXT_SIZE], number[16];
    (void)snprintf(number, sizeof(number), "#%" PRIu32, errand->which);
    switch (errand->step) {
    case NO_PICTURE:
        sim_people_ask(host, errand, "paste.add", "photo", "=GIF89a", "text",
                       sim_deeds_text(host, text, "moving", errand->key), NULL);
        break;
    case ADD:
        sim_people_ask(host, errand, "paste.add", "text",
                       sim_deeds_text(host, text, "pasted", errand->key), NULL);
        break;
    case END:
        take_end(host, errand, number);
        break;
    default:
        sim_people_ask(host, errand, "paste.show", "paste", number, NULL);
        break;
    }
}

static bool is_ok(struct bytes status)
{
    return bytes_equal_str(status, "OK");
}

static bool hear_added(struct sim_errand *errand, struct bytes status,
                       struct bytes result)
{
    uint64_t number;
    if (!is_ok(status) || !view_map_uint(result, "paste", &number))
        return false;
    errand->which = (uint32_t)number;
    return true;
}

static bool hear_end(struct sim_host *host, struct sim_errand *errand,
                     struct bytes status, struct bytes result)
{
    struct bytes number;
    if (!is_ok(status))
        return false;
    if (end_of(host, errand) == IS_DROPPED)
        sim_ever(host->sim, EVER_PASTE_DROPPED);
    else if (view_map_text(result, "number", &number)) {
        watch_canary_number(host, number);
        sim_ever(host->sim, EVER_PASTE_CASE);
    }
    return true;
}

/* False: the rest makes no sense. */
static bool hear(struct sim_host *host, struct sim_errand *errand, struct bytes status,
                 struct bytes result)
{
    switch (errand->step) {
    case NO_PICTURE:
        if (is_ok(status))
            sim_fail(host->sim, "API", "%s keeps what is no picture", host->address);
        if (bytes_equal_str(status, "UNSUPPORTED"))
            sim_ever(host->sim, EVER_PASTE_NO_PICTURE);
        return true;
    case ADD:
        return hear_added(errand, status, result);
    case END:
        return hear_end(host, errand, status, result);
    case GONE:
        if (is_ok(status))
            sim_fail(host->sim, "API",
                     "%s still has a paste that became a case or was "
                     "dropped",
                     host->address);
        return false;
    default:
        return is_ok(status);
    }
}

static void on_step(struct sim_host *host, struct sim_errand *before, struct bytes status,
                    struct bytes result)
{
    struct sim_errand *errand;
    if (!hear(host, before, status, result))
        return;
    if (before->step == SHOW && end_of(host, before) == IS_LEFT)
        return;
    errand = sim_people_errand(host);
    if (errand == NULL)
        return;
    *errand = *before;
    errand->step++;
    take_step(host, errand);
}

void sim_paste(struct sim_host *host, struct sim_errand *errand)
{
    errand->done = on_step;
    errand->step = NO_PICTURE;
    take_step(host, errand);
}
