#include "tests/sim/life/sim_script.h"

#include "tests/sim/life/sim_state.h"

#define DAY_MS (24u * 60 * 60 * 1000)

static const struct {
    const char *name;
    uint32_t weight;
} deeds[DEEDS_LEN] = {
    [DEED_CASE] = {"case", 22},
    [DEED_NOTE] = {"note", 10},
    [DEED_SET] = {"set", 8},
    [DEED_ESCALATE] = {"escalate", 16},
    [DEED_DESK] = {"desk", 18},
    [DEED_CLOSE] = {"close", 4},
    [DEED_SYNC] = {"sync", 4},
    [DEED_CUT] = {"power", 5},
    [DEED_CUT_WRITE] = {"power in a write", 4},
    [DEED_BREAK] = {"broken line", 8},
    [DEED_PART] = {"partition", 5},
    [DEED_CLOCK] = {"clock", 2},
};

const char *sim_deed_name(enum sim_deed deed)
{
    return deeds[deed].name;
}

static enum sim_deed choose(uint64_t number)
{
    uint32_t total = 0, deed = 0;
    for (uint32_t i = 0; i < DEEDS_LEN; i++)
        total += deeds[i].weight;
    uint32_t left = (uint32_t)(number % total);
    while (left >= deeds[deed].weight)
        left -= deeds[deed++].weight;
    return (enum sim_deed)deed;
}

/* Cases begin in villages; desks sit above. */
static int place_of(const struct sim *sim, enum sim_deed deed, uint64_t number)
{
    int villages = sim->hosts_len - 2;
    if (deed == DEED_DESK)
        return (int)(number % 4 == 0 ? 0 : 1);
    if (deed < DEED_SYNC)
        return 2 + (int)(number % (uint64_t)villages);
    return (int)(number % (uint64_t)sim->hosts_len);
}

void sim_script_make(struct sim *sim, uint64_t begins_ms)
{
    struct sim_script *script = &sim->script;
    uint64_t lasts = (1 + sim_dice(sim, "days", 0, 0) % 5) * DAY_MS;
    script->len = 20 + (uint32_t)(sim_dice(sim, "entries", 0, 0) % 80);
    script->ends_ms = begins_ms + lasts;
    for (uint32_t i = 0; i < script->len; i++) {
        enum sim_deed deed = choose(sim_dice(sim, "deed", i, 0));
        script->entries[i] = (struct sim_entry){
            .at_ms = begins_ms + sim_dice(sim, "when", i, 0) % lasts,
            .deed = deed,
            .host = place_of(sim, deed, sim_dice(sim, "where", i, 0)),
            .key = i,
        };
    }
}
