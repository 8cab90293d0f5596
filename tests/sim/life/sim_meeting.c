#include "tests/sim/life/sim_meeting.h"

#include <stdio.h>

#include "node/cases/view.h"
#include "tests/sim/life/sim_people.h"
#include "tests/sim/life/sim_talk.h"
#include "tests/sim/life/watch_canary.h"

#define MINUTES_SIZE 64

enum meeting_step { BEGIN, NOBODYS, DECIDE, AGENDA, DONE, END };

/* The minutes of a township are its own; they are the same in the life of a twin. */
static const char *minutes(struct sim_host *host, char out[static MINUTES_SIZE],
                           uint64_t key)
{
    char tag[17];
    (void)snprintf(tag, sizeof(tag), "%016llx",
                   (unsigned long long)sim_dice(host->sim, "minutes", key, 0));
    (void)snprintf(out, MINUTES_SIZE, "CANARY-minutes-%s", tag);
    watch_canary_text(host, out, tag);
    return out;
}

static bool is_task(const struct sim_host *host, uint64_t key)
{
    return sim_choose(host->sim, "item-task", key, 2) == 0;
}

static void decide(struct sim_host *host, struct sim_errand *errand)
{
    char text[MINUTES_SIZE];
    const struct sim_sent *sent = sim_talk_sent(host, errand->key);
    hex_encode(errand->hex, sent->scope.bytes, ID_SIZE);
    if (is_task(host, errand->key))
        sim_people_ask(host, errand, "meeting.item", "as_task", "true", "due",
                       "2026-12-04", "escalation", errand->hex, "owner", "水利站", "text",
                       "现场查看", NULL);
    else
        sim_people_ask(host, errand, "meeting.item", "due", "2026-12-04", "escalation",
                       errand->hex, "owner", "水利站", "text",
                       minutes(host, text, errand->key), NULL);
}

static void take_step(struct sim_host *host, struct sim_errand *errand)
{
    char text[MINUTES_SIZE];
    const struct sim_sent *sent = sim_talk_sent(host, errand->key);
    switch (errand->step) {
    case BEGIN:
        sim_people_ask(host, errand, "meeting.begin", "day", "2026-11-27", "text",
                       minutes(host, text, errand->key), NULL);
        break;
    case NOBODYS:
        hex_encode(errand->hex, sent->scope.bytes, ID_SIZE);
        sim_people_ask(host, errand, "meeting.item", "due", "2026-12-04", "escalation",
                       errand->hex, "text", "再议", NULL);
        break;
    case DECIDE:
        decide(host, errand);
        break;
    case AGENDA:
        sim_people_ask(host, errand, "agenda", NULL);
        break;
    default:
        sim_people_ask(host, errand, "meeting.done", "item", errand->hex, NULL);
        break;
    }
}

static bool is_ok(struct bytes status)
{
    return bytes_equal_str(status, "OK");
}

/* Is the item that was just decided on the agenda? */
struct look {
    struct id item;
    bool is_open;
};

static bool match_open(void *context, struct bytes open)
{
    struct look *look = context;
    struct bytes item;
    look->is_open =
        view_map_get(open, "item", &item) && view_map_has_id(item, "item", &look->item);
    return !look->is_open;
}

static void look_at_agenda(struct sim_host *host, const struct sim_errand *errand,
                           struct bytes result)
{
    struct look look = {.is_open = false};
    if (!hex_decode(look.item.bytes, ID_SIZE, errand->hex))
        return;
    view_map_each(result, "open", match_open, &look);
    if (look.is_open)
        sim_ever(host->sim, EVER_ITEM_OPEN);
    else if (!is_task(host, errand->key)) /* a task may be done by now */
        sim_fail(host->sim, "I2", "%s forgot what its meeting left open", host->address);
}

/* False: the rest makes no sense. */
static bool hear(struct sim_host *host, struct sim_errand *errand, struct bytes status,
                 struct bytes result)
{
    struct id item;
    switch (errand->step) {
    case NOBODYS:
        if (is_ok(status))
            sim_fail(host->sim, "API", "%s keeps an item that is nobody's",
                     host->address);
        if (bytes_equal_str(status, "INVALID"))
            sim_ever(host->sim, EVER_ITEM_NOBODYS);
        return true;
    case DECIDE:
        if (!is_ok(status) || !view_map_id(result, "op", &item))
            return false; /* the record is not here yet, or was recalled */
        hex_encode(errand->hex, item.bytes, ID_SIZE);
        return true;
    case AGENDA:
        if (is_ok(status))
            look_at_agenda(host, errand, result);
        return is_ok(status);
    default:
        return is_ok(status);
    }
}

static void on_step(struct sim_host *host, struct sim_errand *before, struct bytes status,
                    struct bytes result)
{
    struct sim_errand *errand = sim_people_errand(host);
    if (!hear(host, before, status, result) || errand == NULL || before->step == DONE)
        return;
    *errand = *before;
    errand->step++;
    take_step(host, errand);
}

void sim_meeting(struct sim_host *host, uint64_t key)
{
    struct sim_errand *errand = sim_people_errand(host);
    if (errand == NULL || sim_talk_sent(host, key) == NULL)
        return;
    *errand = (struct sim_errand){.done = on_step, .key = key, .step = BEGIN};
    take_step(host, errand);
}
