/* Delta debugging: leaves out ever smaller pieces of the script, until no single entry
 * can go. */
#include "tests/sim/life/sim_shrink.h"

#include "tests/sim/life/sim_twin.h"

#include <string.h>

struct attempt {
    const struct sim_options *options;
    char invariant[8];
    bool is_left_out[SIM_ENTRIES_MAX];
    uint32_t entries;
    struct sim_shrunk *shrunk;
};

static void list_dropped(const struct attempt *attempt, struct sim_shrunk *shrunk)
{
    shrunk->dropped_len = 0;
    for (uint32_t i = 0; i < attempt->entries; i++)
        if (attempt->is_left_out[i])
            shrunk->dropped[shrunk->dropped_len++] = i;
}

static bool still_fails(struct attempt *attempt)
{
    struct sim_shrunk *shrunk = attempt->shrunk;
    struct sim_options options = *attempt->options;
    list_dropped(attempt, shrunk);
    options.trace = NULL;
    options.dropped = shrunk->dropped;
    options.dropped_len = shrunk->dropped_len;
    shrunk->tries++;
    sim_twin_live(&options, &shrunk->verdict);
    return !shrunk->verdict.holds &&
           strcmp(shrunk->verdict.invariant, attempt->invariant) == 0;
}

/* Leaves out the entries first ≤ i < first + len that are still in; true: it went. */
static bool leave_out(struct attempt *attempt, uint32_t first, uint32_t len)
{
    bool before[SIM_ENTRIES_MAX], any = false;
    memcpy(before, attempt->is_left_out, sizeof(before));
    for (uint32_t i = first; i < first + len && i < attempt->entries; i++) {
        any = any || !attempt->is_left_out[i];
        attempt->is_left_out[i] = true;
    }
    if (any && still_fails(attempt))
        return true;
    memcpy(attempt->is_left_out, before, sizeof(before));
    return false;
}

bool sim_shrink(const struct sim_options *options, struct sim_shrunk *shrunk)
{
    struct attempt attempt = {.options = options, .shrunk = shrunk};
    *shrunk = (struct sim_shrunk){0};
    sim_twin_live(options, &shrunk->verdict);
    if (shrunk->verdict.holds)
        return false;
    memcpy(attempt.invariant, shrunk->verdict.invariant, sizeof(attempt.invariant));
    attempt.entries = shrunk->verdict.entries;
    for (uint32_t i = 0; i < options->dropped_len; i++)
        attempt.is_left_out[options->dropped[i]] = true;
    for (uint32_t len = (attempt.entries + 1) / 2; len > 0;) {
        bool went = false;
        for (uint32_t first = 0; first < attempt.entries; first += len)
            went = leave_out(&attempt, first, len) || went;
        if (len == 1 && !went)
            break;
        len = len > 1 ? len / 2 : 1;
    }
    (void)still_fails(&attempt); /* the verdict of what is left */
    return true;
}
