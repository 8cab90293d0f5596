#include "tests/sim/stories/acts.h"

#include <stdlib.h>
#include <string.h>

#include "node/cases/view.h"
#include "tests/sim/life/sim_deeds.h"
#include "tests/sim/life/sim_people.h"
#include "tests/sim/stories/minutes.h"

#define LONG_LEN 11000
#define SHOWN_LEN 200

static void on_noted_to_send(struct sim_host *host, struct sim_errand *errand,
                             struct bytes status, struct bytes result)
{
    struct stage *stage = host->sim->ear.context;
    struct said said = {
        .stage = stage, .host = host, .matter = &stage->matters[errand->which]};
    if (said_keep_number(host, errand, status, result))
        act_send(&said);
}

static void note(struct said *said, const char *title, const char *context, bool goes_up)
{
    struct stage *stage = said->stage;
    char narrative[SIM_TEXT_SIZE];
    if (stage->matters_len == MATTERS_MAX)
        return;
    struct matter *matter = said->matter = &stage->matters[stage->matters_len++];
    matter->village = said->host;
    (void)snprintf(matter->title, sizeof(matter->title), "%s", title);
    struct sim_errand *errand =
        said_errand(said, goes_up ? on_noted_to_send : said_noted);
    if (errand == NULL)
        return;
    sim_people_ask(said->host, errand, "case.new", "category", "邻里", "context", context,
                   "narrative",
                   sim_deeds_text(said->host, narrative, "narrative", stage->matters_len),
                   "parties", "[" PARTY "=甲方]", "title", matter->title, NULL);
}

void act_note(struct said *said)
{
    note(said, said->caught[1], "去年修过一次", false);
}

/* Ten of them are more than a message holds. */
void act_note_many(struct said *said)
{
    char context[LONG_LEN + 1], title[32];
    memset(context, 'x', LONG_LEN);
    context[LONG_LEN] = '\0';
    unsigned long len = strtoul(said->caught[1], NULL, 10);
    for (unsigned long i = 1; i <= len; i++) {
        (void)snprintf(title, sizeof(title), "第%lu件", i);
        note(said, title, context, true);
    }
}

/* A private text carries a tag, and a long one says nothing. */
static void show(struct stage *stage, const char *name, struct bytes text)
{
    if (memmem(text.data, text.len, "CANARY-", strlen("CANARY-")) != NULL)
        minutes_add(stage, "%s: a private text", name);
    else if (text.len > SHOWN_LEN)
        minutes_add(stage, "%s: %zu bytes", name, text.len);
    else
        minutes_add(stage, "%s: %.*s", name, (int)text.len, (const char *)text.data);
}

static bool tell_erased(void *context, struct bytes retired)
{
    struct bytes what = {0}, rule = {0};
    (void)view_map_text(retired, "what", &what);
    (void)view_map_text(retired, "rule", &rule);
    minutes_add(context, "erased: its %.*s, by the rule for %.*s", (int)what.len,
                (const char *)what.data, (int)rule.len, (const char *)rule.data);
    return true;
}

static void on_looked(struct sim_host *host, struct sim_errand *errand,
                      struct bytes status, struct bytes result)
{
    struct stage *stage = host->sim->ear.context;
    struct bytes view, text;
    (void)errand;
    if (!said_is_ok(status) || !view_map_get(result, "view", &view)) {
        said_refused(host, status, result);
        return;
    }
    struct bytes state = view_state(view);
    minutes_add(stage, "it is %.*s", (int)state.len, (const char *)state.data);
    static const char *const names[] = {"title",        "case.title", "context",
                                        "case.context", "narrative",  "case.narrative",
                                        "wish",         "case.wish"};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        if (view_text(view, names[i], &text))
            show(stage, names[i], text);
    view_map_each(view, "retired", tell_erased, stage);
}

void act_look(struct said *said)
{
    const struct matter *matter = said->matter;
    struct sim_errand *errand = said_errand(said, on_looked);
    char hex[2 * ID_SIZE + 1];
    if (errand == NULL)
        return;
    if (said->host == matter->village) {
        sim_people_ask(said->host, errand, "case.show", "case", matter->number, NULL);
        return;
    }
    if (said_record(said, hex))
        sim_people_ask(said->host, errand, "escalation.show", "escalation", hex, NULL);
}

void act_wish(struct said *said)
{
    struct sim_errand *errand = said_errand(said, said_saved);
    if (errand != NULL)
        sim_people_ask(said->host, errand, "case.set", "case", said->matter->number,
                       "field", "wish", "value", said->caught[2], NULL);
}

void act_write_hers(struct said *said)
{
    struct sim_errand *errand = said_errand(said, said_saved);
    if (errand == NULL)
        return;
    errand->client = SIM_CLIENT_MEDIATOR;
    sim_people_ask(said->host, errand, "case.set", "case", said->matter->number, "field",
                   "wish", "value", said->caught[2], NULL);
}

void act_context(struct said *said)
{
    struct sim_errand *errand = said_errand(said, said_saved);
    if (errand != NULL)
        sim_people_ask(said->host, errand, "case.set", "case", said->matter->number,
                       "field", "context", "value", said->caught[2], NULL);
}

/* --- to the end ---------------------------------------------------------------------
 */

/* A step of a case; two more arguments, or one, or none. */
static void take_step(struct said *said, const char *method, const char *name,
                      const char *value, const char *other, const char *other_value)
{
    struct sim_errand *errand = said_errand(said, said_saved);
    if (errand != NULL)
        sim_people_ask(said->host, errand, method, "case", said->matter->number, name,
                       value, other, other_value, NULL);
}

void act_keep(struct said *said)
{
    take_step(said, "case.triage", "decision", "keep", "reason", said->caught[2]);
}

void act_handle(struct said *said)
{
    take_step(said, "case.handle", NULL, NULL, NULL, NULL);
}

void act_settle(struct said *said)
{
    take_step(said, "case.settle", "outcome", "agreement", "text", said->caught[2]);
}

void act_follow_up(struct said *said)
{
    take_step(said, "case.follow_up", "result", "kept", "text", said->caught[2]);
}

void act_close(struct said *said)
{
    take_step(said, "case.close", NULL, NULL, NULL, NULL);
}

void act_close_by_word(struct said *said)
{
    struct sim_errand *errand = said_errand(said, said_saved);
    if (errand != NULL)
        sim_people_ask(said->host, errand, "case.close", "case", said->matter->number,
                       "follow_up", "当面点头", "oral", "true", "outcome", "agreement",
                       "text", said->caught[2], NULL);
}

void act_reopen(struct said *said)
{
    take_step(said, "case.reopen", "reason", said->caught[2], NULL, NULL);
}
