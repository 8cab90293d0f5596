#include "tests/sim/stories/acts.h"

#include "node/cases/view.h"
#include "proto/pack.h"
#include "tests/sim/life/sim_people.h"
#include "tests/sim/life/sim_talk.h"
#include "tests/sim/stories/minutes.h"

static bool tell_row(void *context, struct bytes row)
{
    struct bytes field, held, value, text = {0};
    if (!view_map_text(row, "field", &field) || !view_map_text(row, "held", &held) ||
        !view_map_get(row, "is", &value))
        return true;
    struct pack_reader reader = pack_reader_of(value);
    if (pack_read_str(&reader, &text, NULL) != STATUS_OK)
        text = bytes_str("(no text)");
    minutes_add(context, "%.*s waits: %.*s%s%.*s", (int)field.len,
                (const char *)field.data, (int)text.len, (const char *)text.data,
                held.len > 0 ? "; but " : "", (int)held.len, (const char *)held.data);
    return true;
}

static void on_outbox(struct sim_host *host, struct sim_errand *errand,
                      struct bytes status, struct bytes result)
{
    static const struct said_list list = {"rows", "nothing waits", tell_row};
    (void)errand;
    said_listed(host, status, result, &list);
}

void act_outbox(struct said *said)
{
    struct sim_errand *errand = said_errand(said, on_outbox);
    if (errand != NULL)
        sim_people_ask(said->host, errand, "outbox", NULL);
}

/* It is looked at first: nothing else is sent. */
static void on_looked(struct sim_host *host, struct sim_errand *errand,
                      struct bytes status, struct bytes result)
{
    struct stage *stage = host->sim->ear.context;
    const struct matter *matter = &stage->matters[errand->which];
    struct sim_errand *next = sim_people_errand(host);
    if (!said_is_ok(status)) {
        said_refused(host, status, result);
        return;
    }
    if (next == NULL)
        return;
    *next = (struct sim_errand){.done = said_saved, .which = errand->which};
    sim_talk_send_seen(host, next, matter->number, result);
}

void act_send_anew(struct said *said)
{
    struct sim_errand *errand = said_errand(said, on_looked);
    if (errand != NULL)
        sim_people_ask(said->host, errand, "outbox", "case", said->matter->number, NULL);
}
