#include "tests/sim/planted/planted_seeds.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const char heading[] =
    "# Where each planted bug died: its name, the seed, the invariant that named it.\n"
    "# `fengqiao-sim-planted --find seeds.txt` writes this file (docs/PLANTED.md).\n";

static bool read_line(struct planted_seeds *seeds, const char *line)
{
    char name[64];
    struct planted_seed row;
    if (sscanf(line, "%63s %" SCNu64 " %7s", name, &row.seed, row.invariant) != 3)
        return false;
    enum planted_bug bug = planted_find(name);
    if (bug == PLANTED_NOTHING || bug == PLANTED_LEN)
        return false;
    seeds->of[bug] = row;
    return true;
}

bool seeds_read(struct planted_seeds *seeds, const char *path)
{
    char line[256];
    bool is_good = true;
    FILE *file = fopen(path, "r");
    *seeds = (struct planted_seeds){0};
    if (file == NULL) {
        (void)fprintf(stderr, "%s: %s\n", path, strerror(errno));
        return false;
    }
    while (fgets(line, sizeof(line), file) != NULL) {
        if (line[0] == '#' || line[0] == '\n' || read_line(seeds, line))
            continue;
        (void)fprintf(stderr, "%s: no bug of ours: %s", path, line);
        is_good = false;
    }
    (void)fclose(file);
    return is_good;
}

bool seeds_write(const struct planted_seeds *seeds, const char *path)
{
    FILE *file = fopen(path, "w");
    bool is_good = file != NULL && fputs(heading, file) >= 0;
    for (int bug = 1; is_good && bug < PLANTED_LEN; bug++)
        if (seeds->of[bug].seed > 0)
            is_good = fprintf(file, "%-28s %6" PRIu64 " %s\n",
                              planted_name((enum planted_bug)bug), seeds->of[bug].seed,
                              seeds->of[bug].invariant) > 0;
    if (file != NULL && fclose(file) != 0)
        is_good = false;
    if (!is_good)
        (void)fprintf(stderr, "%s: %s\n", path, strerror(errno));
    return is_good;
}

void seeds_print_table(const struct planted_seeds *seeds)
{
    printf("| bug | what the node does wrong | seed | named by |\n"
           "| --- | --- | --- | --- |\n");
    for (int i = 1; i < PLANTED_LEN; i++) {
        enum planted_bug bug = (enum planted_bug)i;
        printf("| %s | %s | %" PRIu64 "%s | %s |\n", planted_name(bug), planted_says(bug),
               seeds->of[bug].seed, planted_is_twin(bug) ? ", twins" : "",
               seeds->of[bug].invariant);
    }
}
