#include "tests/sim/life/sim_course.h"

#include <stdio.h>

#include "node/cases/view.h"
#include "tests/sim/life/sim_clock.h"
#include "tests/sim/life/sim_deeds.h"
#include "tests/sim/life/sim_people.h"

#define DAY_S 86400u

static bool is_ok(struct bytes status)
{
    return bytes_equal_str(status, "OK");
}

/* The next errand about that case, by the steward or the mediator. */
static struct sim_errand *next_errand(struct sim_host *host, uint32_t which, uint64_t key,
                                      sim_errand_done *done)
{
    struct sim_errand *errand = sim_people_errand(host);
    bool is_hers =
        host->mediator_is_unlocked && sim_choose(host->sim, "course-by", key, 2) == 0;
    if (errand != NULL)
        *errand = (struct sim_errand){.client = is_hers ? SIM_CLIENT_MEDIATOR : 0,
                                      .done = done,
                                      .key = key,
                                      .which = which};
    return errand;
}

/* --- to the end --- */

enum course_step {
    TRIAGE,
    HANDLE,
    CLOSE_UNSETTLED,
    SETTLE,
    CLOSE_UNFOLLOWED,
    FOLLOW_UP,
    CLOSE,
    REOPEN,
    END,
};

static void take_step(struct sim_host *host, struct sim_errand *errand)
{
    const char *number = host->cases[errand->which].number;
    char text[SIM_TEXT_SIZE], name[SIM_WITNESS_SIZE];
    switch (errand->step) {
    case TRIAGE:
        sim_people_ask(host, errand, "case.triage", "case", number, "decision", "keep",
                       "reason", "两家愿意谈", "solvable", "true", NULL);
        break;
    case HANDLE:
        (void)snprintf(name, sizeof(name), "%.40s", /* longer is no name */
                       sim_deeds_text(host, text, "owner", errand->key));
        sim_people_ask(host, errand, "case.handle", "case", number, "owner", name, NULL);
        break;
    case SETTLE:
        sim_people_ask(host, errand, "case.settle", "agreement",
                       sim_deeds_text(host, text, "agreement", errand->key), "case",
                       number, "outcome", "agreement", "text", "各清一段", NULL);
        break;
    case FOLLOW_UP:
        sim_people_ask(host, errand, "case.follow_up", "again", "2026-12-31", "case",
                       number, "result", "kept", "text",
                       sim_deeds_text(host, text, "follow-up", errand->key), NULL);
        break;
    case REOPEN:
        sim_people_ask(host, errand, "case.reopen", "case", number, "reason",
                       sim_deeds_text(host, text, "reopened", errand->key), NULL);
        break;
    default:
        sim_people_ask(host, errand, "case.close", "case", number, NULL);
        break;
    }
}

static void on_step(struct sim_host *host, struct sim_errand *before, struct bytes status,
                    struct bytes result)
{
    (void)result;
    bool is_early = before->step == CLOSE_UNSETTLED || before->step == CLOSE_UNFOLLOWED;
    if (is_early && bytes_equal_str(status, "INVALID"))
        sim_ever(host->sim, EVER_CLOSED_TOO_EARLY);
    if (before->step == CLOSE && is_ok(status))
        sim_ever(host->sim, EVER_CLOSED);
    if (before->step == REOPEN && is_ok(status))
        sim_ever(host->sim, EVER_REOPENED);
    if (!is_early && !is_ok(status))
        return; /* somebody else was faster, or the node failed */
    uint32_t step = before->step + 1;
    if (step == REOPEN && sim_choose(host->sim, "reopen", before->key, 2) == 0)
        step = END;
    struct sim_errand *errand =
        step == END ? NULL : next_errand(host, before->which, before->key, on_step);
    if (errand == NULL)
        return;
    errand->step = step;
    take_step(host, errand);
}

static void on_word(struct sim_host *host, struct sim_errand *errand, struct bytes status,
                    struct bytes result)
{
    (void)errand;
    (void)result;
    if (is_ok(status))
        sim_ever(host->sim, EVER_CLOSED_BY_WORD);
}

void sim_course_close(struct sim_host *host, const struct sim_case *c, uint64_t key)
{
    char text[SIM_TEXT_SIZE];
    bool is_by_word = sim_choose(host->sim, "by-word", key, 3) == 0;
    struct sim_errand *errand = next_errand(host, (uint32_t)(c - host->cases), key,
                                            is_by_word ? on_word : on_step);
    if (errand == NULL)
        return;
    if (!is_by_word) {
        take_step(host, errand);
        return;
    }
    sim_people_ask(host, errand, "case.close", "case", c->number, "follow_up",
                   sim_deeds_text(host, text, "follow-up", key), "oral", "true",
                   "outcome", "agreement", "text", "各清一段", NULL);
}

/* --- what waits --- */

/* By a rule of our own: the node's may be what is wrong. */
static bool is_clock_good(const struct sim_host *host)
{
    uint64_t wall = sim_clock_wall(host);
    return wall > SIM_EPOCH - 60 * DAY_S && wall < SIM_EPOCH + 6 * 366 * DAY_S;
}

struct waiting {
    bool knows; /* some line tells how it stands */
    bool is_overdue;
};

static bool look_at_item(void *context, struct bytes item)
{
    struct waiting *waiting = context;
    waiting->knows |= !view_map_has_text(item, "state", "clock not trusted");
    waiting->is_overdue |= view_map_has_text(item, "state", "overdue");
    return true;
}

/* step: was the clock good when it was asked? It may have jumped since. */
static void on_due(struct sim_host *host, struct sim_errand *errand, struct bytes status,
                   struct bytes result)
{
    struct waiting waiting = {false, false};
    if (!is_ok(status))
        return;
    view_map_each(result, "items", look_at_item, &waiting);
    if (waiting.is_overdue)
        sim_ever(host->sim, EVER_OVERDUE);
    if (errand->step != 0 || is_clock_good(host))
        return;
    sim_ever(host->sim, EVER_DUE_UNTRUSTED);
    if (waiting.knows)
        sim_fail(host->sim, "I9", "%s tells what is due by a clock that is wrong",
                 host->address);
}

static void ask_what_waits(struct sim_host *host, const struct sim_errand *before)
{
    struct sim_errand *errand = next_errand(host, before->which, before->key, on_due);
    if (errand == NULL)
        return;
    errand->step = is_clock_good(host);
    sim_people_ask(host, errand, "due", NULL);
}

static void on_done(struct sim_host *host, struct sim_errand *errand, struct bytes status,
                    struct bytes result)
{
    (void)result;
    if (is_ok(status))
        sim_ever(host->sim, EVER_CASE_TASK_DONE);
    ask_what_waits(host, errand);
}

static void on_task(struct sim_host *host, struct sim_errand *before, struct bytes status,
                    struct bytes result)
{
    struct id op;
    if (!is_ok(status) || !view_map_id(result, "op", &op) ||
        sim_choose(host->sim, "task-done", before->key, 2) == 0) {
        ask_what_waits(host, before);
        return;
    }
    struct sim_errand *errand = next_errand(host, before->which, before->key, on_done);
    if (errand == NULL)
        return;
    hex_encode(errand->hex, op.bytes, ID_SIZE);
    sim_people_ask(host, errand, "case.task_done", "case",
                   host->cases[before->which].number, "task", errand->hex, NULL);
}

void sim_course_task(struct sim_host *host, const struct sim_case *c, uint64_t key)
{
    static const char *const days[] = {"2026-09-20", "2026-09-24", "2027-02-28"};
    char text[SIM_TEXT_SIZE];
    struct sim_errand *errand =
        next_errand(host, (uint32_t)(c - host->cases), key, on_task);
    if (errand == NULL)
        return;
    sim_people_ask(host, errand, "case.task", "case", c->number, "due",
                   days[sim_choose(host->sim, "task-due", key, 3)], "owner", "李调解",
                   "text", sim_deeds_text(host, text, "task", key), NULL);
}
