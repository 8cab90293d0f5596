#include "node/core/refusal.h"

#include <string.h>

#include "node/core/state.h"

/* The reasons are few words of ours; should there ever be more than have a place, the
 * last place takes them together. */
static struct refusal *find(struct core *core, const char *why)
{
    struct refusal *refusals = core->refusals;
    for (int i = 0; i < REFUSAL_REASONS_MAX - 1; i++) {
        if (refusals[i].why == NULL)
            refusals[i].why = why;
        if (strcmp(refusals[i].why, why) == 0)
            return &refusals[i];
    }
    refusals[REFUSAL_REASONS_MAX - 1].why = "other";
    return &refusals[REFUSAL_REASONS_MAX - 1];
}

void refusal_note(struct core *core, uint64_t conn, const char *why)
{
    struct refusal *refusal = find(core, why);
    if (refusal->held == 0 && core->now_ms >= refusal->next_ms) {
        core_trace(core, "session conn=%llu refused why=%s", (unsigned long long)conn,
                   refusal->why);
        refusal->next_ms = core->now_ms + REFUSAL_PAUSE_MS;
        return;
    }
    if (refusal->held++ == 0)
        refusal->since_ms = core->now_ms;
}

void refusals_tick(struct core *core)
{
    for (int i = 0; i < REFUSAL_REASONS_MAX; i++) {
        struct refusal *refusal = &core->refusals[i];
        if (refusal->held == 0 || core->now_ms < refusal->next_ms)
            continue;
        core_trace(core, "session refused=%llu why=%s since_s=%llu",
                   (unsigned long long)refusal->held, refusal->why,
                   (unsigned long long)((core->now_ms - refusal->since_ms) / 1000));
        refusal->held = 0;
        refusal->next_ms = core->now_ms + REFUSAL_PAUSE_MS;
    }
}

uint64_t refusals_deadline(const struct core *core)
{
    uint64_t deadline = UINT64_MAX;
    for (int i = 0; i < REFUSAL_REASONS_MAX; i++)
        if (core->refusals[i].held > 0 && core->refusals[i].next_ms < deadline)
            deadline = core->refusals[i].next_ms;
    return deadline;
}
