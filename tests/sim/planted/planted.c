#include "tests/sim/planted/planted.h"

#include <string.h>

enum planted_bug planted_now;

static const struct {
    const char *name, *says;
    bool is_twin;
} bugs[PLANTED_LEN] = {{"nothing", "the node as it is", false},
#define PLANTED_ROW(upper, name, says, is_twin) {name, says, is_twin},
                       PLANTED_LIST(PLANTED_ROW)
#undef PLANTED_ROW
};

const char *planted_name(enum planted_bug bug)
{
    return bugs[bug].name;
}

const char *planted_says(enum planted_bug bug)
{
    return bugs[bug].says;
}

bool planted_is_twin(enum planted_bug bug)
{
    return bugs[bug].is_twin;
}

enum planted_bug planted_find(const char *name)
{
    int bug = PLANTED_NOTHING;
    while (bug < PLANTED_LEN && strcmp(bugs[bug].name, name) != 0)
        bug++;
    return (enum planted_bug)bug;
}
