#include "tests/sim/stories/said.h"

#include "node/cases/view.h"
#include "proto/pack.h"
#include "tests/sim/life/sim_people.h"
#include "tests/sim/stories/minutes.h"

bool said_is_ok(struct bytes status)
{
    return bytes_equal_str(status, "OK");
}

struct sim_errand *said_errand(const struct said *said, sim_errand_done *done)
{
    struct sim_errand *errand = sim_people_errand(said->host);
    if (errand == NULL || !said->host->is_on)
        return NULL;
    *errand = (struct sim_errand){
        .done = done, .which = (uint32_t)(said->matter - said->stage->matters)};
    return errand;
}

struct sim_errand *said_errand_hers(const struct said *said, sim_errand_done *done)
{
    struct sim_errand *errand = said_errand(said, done);
    if (errand != NULL)
        errand->client = SIM_CLIENT_MEDIATOR;
    return errand;
}

bool said_record(const struct said *said, char hex[static 2 * ID_SIZE + 1])
{
    const struct matter *matter = said->matter;
    if (matter->records_len == 0)
        return false;
    hex_encode(hex, matter->records[matter->records_len - 1].bytes, ID_SIZE);
    return true;
}

bool said_keep_record(struct sim_host *host, const struct sim_errand *errand,
                      struct bytes result)
{
    struct stage *stage = host->sim->ear.context;
    struct matter *matter = &stage->matters[errand->which];
    struct id *id = &matter->records[matter->records_len];
    struct sim *sim = host->sim;
    if (matter->records_len == RECORDS_MAX || sim->sent_len == SIM_SENT_MAX ||
        !view_map_id(result, "escalation", id))
        return false;
    matter->records_len++;
    sim->sent[sim->sent_len++] = (struct sim_sent){.scope = *id, .from = host->index};
    return true;
}

bool said_keep_number(struct sim_host *host, const struct sim_errand *errand,
                      struct bytes status, struct bytes result)
{
    struct stage *stage = host->sim->ear.context;
    struct matter *matter = &stage->matters[errand->which];
    struct bytes number;
    if (!said_is_ok(status) || !view_map_text(result, "number", &number) ||
        !view_map_id(result, "scope", &matter->scope)) {
        said_refused(host, status, result);
        return false;
    }
    (void)snprintf(matter->number, sizeof(matter->number), "%.*s", (int)number.len,
                   (const char *)number.data);
    return true;
}

void said_refused(struct sim_host *host, struct bytes status, struct bytes result)
{
    struct pack_reader reader = pack_reader_of(result);
    struct bytes why = {0};
    if (pack_read_str(&reader, &why, NULL) != STATUS_OK)
        why = bytes_str("(no words)");
    minutes_add(host->sim->ear.context, "%s is answered %.*s: %.*s", host->name,
                (int)status.len, (const char *)status.data, (int)why.len,
                (const char *)why.data);
}

void said_listed(struct sim_host *host, struct bytes status, struct bytes result,
                 const struct said_list *list)
{
    struct stage *stage = host->sim->ear.context;
    if (!said_is_ok(status)) {
        said_refused(host, status, result);
        return;
    }
    if (view_map_count(result, list->name) == 0)
        minutes_add(stage, "%s", list->none);
    view_map_each(result, list->name, list->tell, stage);
}

void said_saved(struct sim_host *host, struct sim_errand *errand, struct bytes status,
                struct bytes result)
{
    (void)errand;
    if (said_is_ok(status))
        minutes_add(host->sim->ear.context, "it is saved");
    else
        said_refused(host, status, result);
}

void said_noted(struct sim_host *host, struct sim_errand *errand, struct bytes status,
                struct bytes result)
{
    struct stage *stage = host->sim->ear.context;
    if (said_keep_number(host, errand, status, result))
        minutes_add(stage, "it is saved as %s", stage->matters[errand->which].number);
}
