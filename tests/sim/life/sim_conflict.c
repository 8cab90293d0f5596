#include "tests/sim/life/sim_conflict.h"

#include <string.h>

#include "node/cases/view.h"
#include "tests/sim/life/sim_deeds.h"
#include "tests/sim/life/sim_people.h"
#include "tests/sim/life/sim_second.h"

/* Its parts that hang on one another are asked for in one turn, so that nothing comes in
 * between. */
enum conflict_step { WRITE, SEE, SETTLE, SEE_SETTLED, UNDO };

/* What goes up with a case stands twofold as well, and does not go up then. */
static const char *field_of(const struct sim_host *host, const struct sim_errand *errand)
{
    bool is_chosen = host->cases[errand->which].is_meant_up &&
                     sim_choose(host->sim, "conflict-field", errand->key, 3) > 0;
    return is_chosen ? "title" : "wish";
}

static const char *text_of(struct sim_host *host, const struct sim_errand *errand,
                           char out[static SIM_TEXT_SIZE], const char *machine)
{
    if (strcmp(field_of(host, errand), "wish") == 0)
        return sim_deeds_text(host, out, machine, errand->key);
    return sim_deeds_chosen(host, out, machine, errand->key);
}

static void ask_next(struct sim_host *host, const struct sim_errand *before,
                     uint32_t step);

static bool match_field(void *context, struct bytes conflict)
{
    const char **wanted = context;
    if (view_map_has_text(conflict, "field", *wanted))
        *wanted = NULL;
    return *wanted != NULL;
}

static bool stands_twofold(const struct sim_host *host, const struct sim_errand *errand,
                           struct bytes result)
{
    const char *wanted = field_of(host, errand);
    view_map_each(result, "conflicts", match_field, &wanted);
    return wanted == NULL;
}

/* Which of two values comes first is decided by ids, and with them by all that is
 * private: nothing that depends on it may go up in the life of a twin. */
static bool is_order_public(const struct sim_host *host, const struct sim_errand *errand)
{
    return host->sim->options.is_twin && host->cases[errand->which].is_meant_up;
}

/* The ways in which it is settled; one is to leave it to somebody else. */
static bool is_left(const struct sim_host *host, const struct sim_errand *errand)
{
    return sim_choose(host->sim, "conflict-left", errand->key, 3) == 0;
}

static void on_step(struct sim_host *host, struct sim_errand *errand, struct bytes status,
                    struct bytes result)
{
    struct sim *sim = host->sim;
    char text[SIM_TEXT_SIZE];
    if (!bytes_equal_str(status, "OK"))
        return; /* somebody settled it first, or the node failed */
    switch (errand->step) {
    case WRITE: /* whoever has asked already would come first, and may settle it */
        if (host->inbox_len == 0 &&
            sim_second_write(host, &host->cases[errand->which].scope,
                             field_of(host, errand),
                             text_of(host, errand, text, "second"), errand->key))
            ask_next(host, errand, SEE);
        break;
    case SEE:
        if (stands_twofold(host, errand, result))
            sim_ever(sim, EVER_CONFLICT);
        else
            sim_fail(sim, "API", "%s hides what was written at once", host->address);
        if (is_left(host, errand))
            break;
        ask_next(host, errand, SETTLE);
        ask_next(host, errand, SEE_SETTLED);
        if (!is_order_public(host, errand) &&
            sim_choose(sim, "conflict-undo", errand->key, 2) == 0)
            ask_next(host, errand, UNDO);
        break;
    case SETTLE:
        host->settled_number = errand->number;
        sim_ever(sim, EVER_CONFLICT_SETTLED);
        break;
    case SEE_SETTLED:
        if (errand->number == host->settled_number + 1 &&
            stands_twofold(host, errand, result))
            sim_fail(sim, "API", "%s shows twofold what was settled", host->address);
        break;
    default:
        if (errand->number == host->settled_number + 2)
            sim_ever(sim, EVER_CONFLICT_UNDONE);
        break;
    }
}

static void ask(struct sim_host *host, struct sim_errand *errand)
{
    const char *number = host->cases[errand->which].number;
    const char *field = field_of(host, errand);
    bool is_by_words = is_order_public(host, errand) ||
                       sim_choose(host->sim, "conflict-way", errand->key, 2) != 0;
    char text[SIM_TEXT_SIZE];
    if (errand->step == WRITE)
        sim_people_ask(host, errand, "case.set", "case", number, "field", field, "value",
                       text_of(host, errand, text, "first"), NULL);
    else if (errand->step == SETTLE && !is_by_words)
        sim_people_ask(host, errand, "conflict.settle", "both", "true", "case", number,
                       "field", field, NULL);
    else if (errand->step == SETTLE)
        sim_people_ask(host, errand, "conflict.settle", "case", number, "field", field,
                       "text", text_of(host, errand, text, "settled"), NULL);
    else if (errand->step == UNDO)
        sim_people_ask(host, errand, "conflict.undo", "case", number, "field", field,
                       NULL);
    else
        sim_people_ask(host, errand, "conflict.show", "case", number, NULL);
}

static void ask_next(struct sim_host *host, const struct sim_errand *before,
                     uint32_t step)
{
    struct sim_errand *errand = sim_people_errand(host);
    if (errand == NULL)
        return;
    *errand = (struct sim_errand){
        .done = on_step, .key = before->key, .which = before->which, .step = step};
    ask(host, errand);
}

/* On a disk that loses the case the second machine would write into nothing. */
void sim_conflict(struct sim_host *host, struct sim_errand *errand,
                  const struct sim_case *c)
{
    if (host->is_flawed || host->is_set_back)
        return;
    errand->done = on_step;
    errand->which = (uint32_t)(c - host->cases);
    errand->step = WRITE;
    ask(host, errand);
}
