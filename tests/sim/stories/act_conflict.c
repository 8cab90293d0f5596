#include "tests/sim/stories/acts.h"

#include "node/cases/view.h"
#include "proto/pack.h"
#include "tests/sim/life/sim_people.h"
#include "tests/sim/life/sim_second.h"
#include "tests/sim/stories/minutes.h"

#define FIELD "wish"

void act_write_aside(struct said *said)
{
    struct stage *stage = said->stage;
    if (!sim_second_write(said->host, &said->matter->scope, FIELD, said->caught[2],
                          stage->minutes.len))
        minutes_add(stage, "it cannot write");
}

struct side {
    struct stage *stage;
    uint32_t number;
};

static bool tell_value(void *context, struct bytes value)
{
    struct side *side = context;
    struct bytes raw, text;
    if (!view_map_get(value, "value", &raw))
        return true;
    struct pack_reader reader = pack_reader_of(raw);
    if (pack_read_str(&reader, &text, NULL) == STATUS_OK)
        minutes_add(side->stage, "%u. %.*s", ++side->number, (int)text.len,
                    (const char *)text.data);
    return true;
}

static bool tell_conflict(void *context, struct bytes conflict)
{
    struct side side = {.stage = context};
    struct bytes field;
    if (!view_map_text(conflict, "field", &field))
        return true;
    minutes_add(context, "the %.*s was written side by side:", (int)field.len,
                (const char *)field.data);
    view_map_each(conflict, "values", tell_value, &side);
    return true;
}

static void on_shown(struct sim_host *host, struct sim_errand *errand,
                     struct bytes status, struct bytes result)
{
    static const struct said_list list = {"conflicts", "nothing stands side by side",
                                          tell_conflict};
    (void)errand;
    said_listed(host, status, result, &list);
}

void act_see_sides(struct said *said)
{
    struct sim_errand *errand = said_errand(said, on_shown);
    if (errand != NULL)
        sim_people_ask(said->host, errand, "conflict.show", "case", said->matter->number,
                       NULL);
}

void act_keep_both(struct said *said)
{
    struct sim_errand *errand = said_errand(said, said_saved);
    if (errand != NULL)
        sim_people_ask(said->host, errand, "conflict.settle", "both", "true", "case",
                       said->matter->number, "field", FIELD, NULL);
}

void act_choose(struct said *said)
{
    struct sim_errand *errand = said_errand(said, said_saved);
    if (errand != NULL)
        sim_people_ask(said->host, errand, "conflict.settle", "case",
                       said->matter->number, "choose", said->caught[2], "field", FIELD,
                       NULL);
}

void act_settle_as(struct said *said)
{
    struct sim_errand *errand = said_errand(said, said_saved);
    if (errand != NULL)
        sim_people_ask(said->host, errand, "conflict.settle", "case",
                       said->matter->number, "field", FIELD, "text", said->caught[2],
                       NULL);
}

void act_undo(struct said *said)
{
    struct sim_errand *errand = said_errand(said, said_saved);
    if (errand != NULL)
        sim_people_ask(said->host, errand, "conflict.undo", "case", said->matter->number,
                       "field", FIELD, NULL);
}
