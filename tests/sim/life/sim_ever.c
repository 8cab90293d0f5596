#include "tests/sim/life/sim_ever.h"

#include "tests/sim/life/sim_state.h"

static const struct {
    const char *name, *sentence;
} situations[EVER_LEN] = {
#define SITUATION(name, sentence) {#name, sentence},
#include "tests/sim/life/sim_ever_list.h"
#undef SITUATION
};

void sim_ever(struct sim *sim, enum sim_situation situation)
{
    sim->verdict->ever.times[situation]++;
    sim_trace(sim, NULL, "ever %s", situations[situation].name);
}

void sim_ever_add(struct sim_ever *sum, const struct sim_ever *more)
{
    for (int i = 0; i < EVER_LEN; i++)
        sum->times[i] += more->times[i];
}

uint32_t sim_ever_report(const struct sim_ever *sum, FILE *out, int all)
{
    uint32_t never = 0;
    for (int i = 0; i < EVER_LEN; i++) {
        never += sum->times[i] == 0;
        if (all || sum->times[i] == 0)
            (void)fprintf(out, "%8u  %-20s %s\n", sum->times[i], situations[i].name,
                          situations[i].sentence);
    }
    return never;
}
