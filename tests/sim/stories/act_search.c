#include "tests/sim/stories/acts.h"

#include "node/cases/view.h"
#include "tests/sim/life/sim_people.h"
#include "tests/sim/stories/minutes.h"

static bool tell_hit(void *context, struct bytes hit)
{
    struct bytes kind = {0}, title = {0}, field = {0}, snippet = {0};
    (void)view_map_text(hit, "kind", &kind);
    (void)view_map_text(hit, "title", &title);
    (void)view_map_text(hit, "field", &field);
    (void)view_map_text(hit, "snippet", &snippet);
    minutes_add(context, "%.*s %.*s, in its %.*s: %.*s", (int)kind.len,
                (const char *)kind.data, (int)title.len, (const char *)title.data,
                (int)field.len, (const char *)field.data, (int)snippet.len,
                (const char *)snippet.data);
    return true;
}

static void on_found(struct sim_host *host, struct sim_errand *errand,
                     struct bytes status, struct bytes result)
{
    static const struct said_list list = {"hits", "nothing is found", tell_hit};
    (void)errand;
    said_listed(host, status, result, &list);
}

void act_search(struct said *said)
{
    struct sim_errand *errand = said_errand(said, on_found);
    if (errand != NULL)
        sim_people_ask(said->host, errand, "search", "words", said->caught[1], NULL);
}
