#include "tests/sim/stories/acts.h"

#include "node/cases/view.h"
#include "proto/pack.h"
#include "tests/sim/life/sim_people.h"
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

void act_send_anew(struct said *said)
{
    struct sim_errand *errand = said_errand(said, said_saved);
    if (errand != NULL)
        sim_people_ask(said->host, errand, "outbox.send", "case", said->matter->number,
                       NULL);
}
