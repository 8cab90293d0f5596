#include "tests/sim/stories/acts.h"

#include <stdio.h>
#include <string.h>

#include "node/cases/view.h"
#include "tests/sim/life/sim_people.h"
#include "tests/sim/life/watch_files.h"
#include "tests/sim/stories/minutes.h"

#define FIELDS "[title,context]"

/* step: what was done already, and in the tens what is meant. */
enum { TRIAGED, CONSENTED, RELEASED, STEPS = 10 };
enum { SEND = 0, SEND_ONWARD = STEPS, REFUSE = 2 * STEPS };

static void ask_up(struct sim_host *host, struct sim_errand *errand);

static void on_up(struct sim_host *host, struct sim_errand *errand, struct bytes status,
                  struct bytes result)
{
    struct stage *stage = host->sim->ear.context;
    struct matter *matter = &stage->matters[errand->which];
    uint32_t done = errand->step % STEPS;
    if (!said_is_ok(status)) {
        said_refused(host, status, result);
        return;
    }
    if (errand->step == REFUSE + CONSENTED)
        minutes_add(stage, "the refusal is saved");
    if (done == RELEASED) {
        if (!said_keep_record(host, errand, result))
            return;
        watch_files_released(host, &host->sim->sent[host->sim->sent_len - 1]);
        minutes_add(stage, "title and context of %s%s%s are released, nothing else",
                    matter->title, errand->hex[0] == '\0' ? "" : " and ", errand->hex);
        return;
    }
    struct sim_errand *next = sim_people_errand(host);
    if (next == NULL || errand->step == REFUSE + CONSENTED)
        return;
    *next = (struct sim_errand){
        .done = on_up, .which = errand->which, .step = errand->step + 1};
    memcpy(next->hex, errand->hex, sizeof(next->hex));
    ask_up(host, next);
}

static void ask_up(struct sim_host *host, struct sim_errand *errand)
{
    const struct stage *stage = host->sim->ear.context;
    const char *number = stage->matters[errand->which].number;
    char list[sizeof(errand->hex) + 2];
    (void)snprintf(list, sizeof(list), "[%s]", errand->hex);
    const char *files = errand->hex[0] == '\0' ? NULL : list;
    switch (errand->step % STEPS) {
    case TRIAGED:
        sim_people_ask(host, errand, "case.triage", "beyond", "true", "case", number,
                       "decision", "escalate", "reason", "涉及两村", NULL);
        break;
    case CONSENTED:
        if (errand->step - CONSENTED == REFUSE)
            sim_people_ask(host, errand, "case.consent", "case", number, "fields", FIELDS,
                           "manner", "oral", "party", PARTY, "refused", "true", NULL);
        else
            sim_people_ask(host, errand, "case.consent", "case", number, "fields", FIELDS,
                           "files", files, "manner", "oral", "party", PARTY, "witness",
                           "王某", NULL);
        break;
    default:
        sim_people_ask(host, errand, "escalate.release", "case", number, "fields", FIELDS,
                       "files", files, "onward",
                       errand->step - RELEASED == SEND_ONWARD ? "yes" : "ask", "reason",
                       "涉及两村", NULL);
        break;
    }
}

/* The errand remembers the file where it has room for text; "": none. */
static void begin_up(struct said *said, uint32_t step, const char *file)
{
    struct sim_errand *errand = said_errand(said, on_up);
    if (errand == NULL)
        return;
    errand->step = step;
    (void)snprintf(errand->hex, sizeof(errand->hex), "%.64s", file);
    ask_up(said->host, errand);
}

void act_send(struct said *said)
{
    begin_up(said, SEND + TRIAGED, "");
}

void act_send_with_file(struct said *said)
{
    begin_up(said, SEND + TRIAGED, said->caught[2]);
}

void act_send_onward(struct said *said)
{
    begin_up(said, SEND_ONWARD + TRIAGED, "");
}

void act_refuse(struct said *said)
{
    begin_up(said, REFUSE + TRIAGED, "");
}

void act_release(struct said *said)
{
    begin_up(said, SEND + RELEASED, "");
}

/* --- answers ------------------------------------------------------------------------
 */

static void about_record(struct said *said, const char *method, const char *name)
{
    struct sim_errand *errand = said_errand(said, said_saved);
    char hex[2 * ID_SIZE + 1];
    if (errand == NULL || !said_record(said, hex))
        return;
    sim_people_ask(said->host, errand, method, "escalation", hex, name, said->caught[2],
                   NULL);
}

void act_open(struct said *said)
{
    about_record(said, "escalation.open", NULL);
}

void act_accept(struct said *said)
{
    about_record(said, "escalation.accept", NULL);
}

void act_advise(struct said *said)
{
    about_record(said, "escalation.advise", "text");
}

void act_return(struct said *said)
{
    about_record(said, "escalation.return", "text");
}

void act_decide(struct said *said)
{
    about_record(said, "escalation.decide", "text");
}

void act_onward(struct said *said)
{
    about_record(said, "escalation.onward", "reason");
}

void act_permit(struct said *said)
{
    about_record(said, "escalation.permit", NULL);
}

void act_grade(struct said *said)
{
    struct sim_errand *errand = said_errand(said, said_saved);
    char hex[2 * ID_SIZE + 1];
    if (errand == NULL || !said_record(said, hex))
        return;
    sim_people_ask(said->host, errand, "escalation.grade", "escalation", hex, "reason",
                   "涉及两村", "word", said->caught[2], NULL);
}

void act_invite(struct said *said)
{
    about_record(said, "escalation.invite", "site");
}

void act_joint(struct said *said)
{
    about_record(said, "escalation.joint", "word");
}
