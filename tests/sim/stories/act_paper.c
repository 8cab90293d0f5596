#include "tests/sim/stories/acts.h"

#include <stdio.h>
#include <string.h>

#include "node/cases/view.h"
#include "proto/pack.h"
#include "tests/sim/life/sim_people.h"
#include "tests/sim/stories/minutes.h"

#define LIST_SIZE (CAUGHT_SIZE + 3)

/* --- rounds ---------------------------------------------------------------------------
 */

void act_keep_list(struct said *said)
{
    struct sim_errand *errand = said_errand(said, said_saved);
    char places[LIST_SIZE], topics[LIST_SIZE];
    (void)snprintf(places, sizeof(places), "[%s]", said->caught[2]);
    (void)snprintf(topics, sizeof(topics), "[%s]", said->caught[3]);
    if (errand != NULL)
        sim_people_ask(said->host, errand, "checklist.set", "places", places, "title",
                       said->caught[1], "topics", topics, NULL);
}

void act_begin_round(struct said *said)
{
    struct sim_errand *errand = said_errand(said, said_saved);
    if (errand != NULL)
        sim_people_ask(said->host, errand, "round.begin", "list", said->caught[1], NULL);
}

void act_go_to(struct said *said)
{
    struct sim_errand *errand = said_errand(said, said_saved);
    if (errand != NULL)
        sim_people_ask(said->host, errand, "round.look", "place", said->caught[1],
                       "topic", said->caught[2], NULL);
}

static void on_case(struct sim_host *host, struct sim_errand *errand, struct bytes status,
                    struct bytes result)
{
    struct bytes number;
    (void)errand;
    if (said_is_ok(status) && view_map_text(result, "number", &number))
        minutes_add(host->sim->ear.context, "it is the case %.*s", (int)number.len,
                    (const char *)number.data);
    else
        said_refused(host, status, result);
}

void act_find(struct said *said)
{
    struct sim_errand *errand = said_errand(said, on_case);
    if (errand != NULL)
        sim_people_ask(said->host, errand, "round.finding", "as_case", "true", "category",
                       "安全", "place", said->caught[1], "text", said->caught[3], "topic",
                       said->caught[2], NULL);
}

static bool tell_unseen(void *context, struct bytes spot)
{
    struct bytes place = {0}, topic = {0};
    (void)view_map_text(spot, "place", &place);
    (void)view_map_text(spot, "topic", &topic);
    minutes_add(context, "not looked at: %.*s, %.*s", (int)place.len,
                (const char *)place.data, (int)topic.len, (const char *)topic.data);
    return true;
}

static void on_round(struct sim_host *host, struct sim_errand *errand,
                     struct bytes status, struct bytes result)
{
    static const struct said_list list = {"unseen", "all was looked at", tell_unseen};
    (void)errand;
    said_listed(host, status, result, &list);
}

void act_see_round(struct said *said)
{
    struct sim_errand *errand = said_errand(said, on_round);
    if (errand != NULL)
        sim_people_ask(said->host, errand, "round.show", NULL);
}

/* --- plan cards -----------------------------------------------------------------------
 */

void act_keep_card(struct said *said)
{
    struct sim_errand *errand = said_errand(said, said_saved);
    char steps[LIST_SIZE];
    (void)snprintf(steps, sizeof(steps), "[%s]", said->caught[3]);
    if (errand != NULL)
        sim_people_ask(said->host, errand, "card.set", "roles",
                       "[指挥=村主任,巡查=民兵排长]", "steps", steps, "title",
                       said->caught[1], "trigger", said->caught[2], NULL);
}

static bool tell_task(void *context, struct bytes item)
{
    struct bytes text = {0}, owner = {0}, due = {0};
    (void)view_map_text(item, "text", &text);
    (void)view_map_text(item, "owner", &owner);
    (void)view_map_text(item, "due", &due);
    minutes_add(context, "task: %.*s, %.*s, until %.*s", (int)text.len,
                (const char *)text.data, (int)owner.len, (const char *)owner.data,
                (int)due.len, (const char *)due.data);
    return true;
}

static void on_tasks(struct sim_host *host, struct sim_errand *errand,
                     struct bytes status, struct bytes result)
{
    (void)errand;
    if (said_is_ok(status))
        view_map_each(result, "items", tell_task, host->sim->ear.context);
    else
        said_refused(host, status, result);
}

static void on_activated(struct sim_host *host, struct sim_errand *errand,
                         struct bytes status, struct bytes result)
{
    on_case(host, errand, status, result);
    struct sim_errand *next = sim_people_errand(host);
    struct id scope;
    if (next == NULL || !said_is_ok(status) || !view_map_id(result, "case", &scope))
        return;
    *next = (struct sim_errand){.done = on_tasks, .which = errand->which};
    hex_encode(next->hex, scope.bytes, ID_SIZE);
    sim_people_ask(host, next, "task.list", "case", next->hex, NULL);
}

void act_activate(struct said *said)
{
    struct sim_errand *errand = said_errand(said, on_activated);
    if (errand != NULL)
        sim_people_ask(said->host, errand, "card.activate", "category", "安全", "day",
                       said->caught[2], "reason", said->caught[3], "title",
                       said->caught[1], NULL);
}

/* --- meetings -------------------------------------------------------------------------
 */

void act_meet(struct said *said)
{
    struct sim_errand *errand = said_errand(said, said_saved);
    if (errand != NULL)
        sim_people_ask(said->host, errand, "meeting.begin", "day", said->caught[1], NULL);
}

void act_decide_in_meeting(struct said *said)
{
    struct sim_errand *errand = said_errand(said, said_saved);
    if (errand == NULL || !said_record(said, errand->hex))
        return;
    sim_people_ask(said->host, errand, "meeting.item", "as_task", "true", "due",
                   "2026-12-04", "escalation", errand->hex, "owner", said->caught[2],
                   "text", said->caught[3], NULL);
}

static bool add_word(void *context, struct bytes raw)
{
    struct pack_reader reader = pack_reader_of(raw);
    struct bytes word;
    char *words = context;
    size_t len = strlen(words);
    if (pack_read_str(&reader, &word, NULL) == STATUS_OK)
        (void)snprintf(words + len, CAUGHT_SIZE - len, " %.*s", (int)word.len,
                       (const char *)word.data);
    return true;
}

static bool tell_record(void *context, struct bytes record)
{
    struct bytes title = {0};
    char words[CAUGHT_SIZE] = "";
    (void)view_map_text(record, "title", &title);
    view_map_each(record, "why", add_word, words);
    minutes_add(context, "on the agenda: %.*s,%s", (int)title.len,
                (const char *)title.data, words);
    return true;
}

static bool tell_open(void *context, struct bytes open)
{
    struct bytes item = {0}, text = {0}, owner = {0}, title = {0};
    (void)view_map_get(open, "item", &item);
    (void)view_map_text(item, "text", &text);
    (void)view_map_text(item, "owner", &owner);
    (void)view_map_text(item, "title", &title);
    minutes_add(context, "still open: %.*s, %.*s (%.*s)", (int)text.len,
                (const char *)text.data, (int)owner.len, (const char *)owner.data,
                (int)title.len, (const char *)title.data);
    return true;
}

static void on_agenda(struct sim_host *host, struct sim_errand *errand,
                      struct bytes status, struct bytes result)
{
    struct stage *stage = host->sim->ear.context;
    (void)errand;
    if (!said_is_ok(status)) {
        said_refused(host, status, result);
        return;
    }
    if (view_map_count(result, "records") + view_map_count(result, "open") == 0)
        minutes_add(stage, "there is nothing to talk about");
    view_map_each(result, "records", tell_record, stage);
    view_map_each(result, "open", tell_open, stage);
}

void act_see_agenda(struct said *said)
{
    struct sim_errand *errand = said_errand(said, on_agenda);
    if (errand != NULL)
        sim_people_ask(said->host, errand, "agenda", NULL);
}
