/*
 * crash_settings: which SQLite settings lose nothing on a disk that loses power?
 *
 *   crash_settings [--cycles N] [--seed N] [--jobs N] [--files FOLDER]
 *
 * For each configuration and disk it runs N crash cycles (20 unless told otherwise) on
 * the store's own schema, without the store: rows are inserted and changed in
 * transactions until the power goes, the database is opened anew, and every row that was
 * acknowledged is asked for. With --files it also measures, on real files in that folder,
 * what each configuration costs. The table stands in docs/STORAGE.md; the store's own
 * settings may lose nothing here, and the settings that are known to lose must be seen
 * to.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sqlite3.h>

#include "tests/sim/settings_world.h"
#include "tests/sim/shares.h"

enum { SECTORS, POWERSAFE, LYING, DISKS_LEN };
static const struct {
    const char *name;
    struct crash_disk disk;
} disks[DISKS_LEN] = {
    {"honest, harms sectors", {.lying_percent = 0}},
    {"honest, powersafe", {.powersafe = true}},
    {"ignores 10 % of syncs", {.lying_percent = 10}},
};

#define CELLS_MAX 160
struct tallies {
    struct tally cells[CELLS_MAX];
};

static struct configuration configurations[CELLS_MAX / DISKS_LEN];
static unsigned configurations_len;

static void configurations_fill(void)
{
    for (unsigned journal = 0; journal < JOURNALS_LEN; journal++)
        for (unsigned sync = journal == WAL ? 0 : FULL; sync <= EXTRA; sync++)
            for (unsigned psow = 0; psow < 2; psow++)
                for (unsigned at_open = 0; at_open <= (journal == WAL); at_open++)
                    for (unsigned page = 0; page < 2; page++)
                        configurations[configurations_len++] =
                            (struct configuration){journal, sync, psow, at_open, page};
}

struct plan {
    uint64_t cycles, seed;
};

static void share(unsigned number, unsigned shares, const void *context, void *result)
{
    const struct plan *plan = context;
    struct tallies *tallies = result;
    for (unsigned cell = number; cell < configurations_len * DISKS_LEN; cell += shares) {
        struct crash_disk disk = disks[cell % DISKS_LEN].disk;
        struct tally *tally = &tallies->cells[cell];
        disk.seed = plan->seed;
        settings_worlds(&configurations[cell / DISKS_LEN], disk, plan->cycles, tally);
    }
}

static void print_cell(const struct tally *tally)
{
    if (tally->lost + tally->damaged + tally->refused + tally->half == 0)
        printf(" **0** |");
    else
        printf(" %" PRIu64 " / %" PRIu64 " / %" PRIu64 " |", tally->lost, tally->damaged,
               tally->refused);
}

static void print(const struct tally *cells, bool measures)
{
    printf("| journal | synchronous | psow | checkpoint at open | page |");
    for (int i = 0; i < DISKS_LEN; i++)
        printf(" %s |", disks[i].name);
    printf("%s\n", measures ? " rows a second | ms a commit |" : "");
    for (unsigned i = 0; i < configurations_len; i++) {
        const struct configuration *one = &configurations[i];
        double rows = 0, ms = 0;
        printf("| %s | %s | %u | %s | %s |", settings_journals[one->journal].name,
               settings_syncs[one->sync].name, one->psow,
               one->journal != WAL ? "" : (one->checkpoint ? "yes" : "no"),
               settings_pages[one->page].name);
        for (unsigned k = 0; k < DISKS_LEN; k++)
            print_cell(&cells[i * DISKS_LEN + k]);
        if (measures) {
            if (!settings_measure(one, &rows, &ms))
                exit(2);
            printf(" %.0f | %.2f |", rows, ms);
        }
        putchar('\n');
    }
}

static unsigned failures;

static void expect(bool holds, const char *sentence)
{
    failures += !holds;
    printf("%s: %s\n", holds ? "ok" : "FAILED", sentence);
}

/* What the store's settings.sql stands on. */
static void judge_table(const struct tally *cells)
{
    struct tally all = {0}, chosen = {0}, boasting = {0};
    for (unsigned i = 0; i < configurations_len * DISKS_LEN; i++) {
        const struct configuration *one = &configurations[i / DISKS_LEN];
        bool is_honest = i % DISKS_LEN != LYING;
        bool is_chosen = one->journal == WAL && one->sync == EXTRA && one->psow == 0 &&
                         one->checkpoint == 1 && one->page == 0;
        const struct tally *cell = &cells[i];
        uint64_t bad = cell->lost + cell->damaged + cell->refused + cell->half;
        all.cycles += cell->cycles;
        all.acknowledged += cell->acknowledged;
        chosen.lost += is_chosen && is_honest ? bad : 0;
        chosen.cycles += is_chosen && is_honest ? cell->cycles : 0;
        boasting.lost += one->psow == 1 && i % DISKS_LEN == SECTORS ? bad : 0;
    }
    printf("%" PRIu64 " cycles, %" PRIu64 " rows acknowledged\n", all.cycles,
           all.acknowledged);
    expect(chosen.cycles > 0 && chosen.lost == 0,
           "the store's settings lose nothing on an honest disk");
    expect(boasting.lost > 0,
           "settings that trust in powersafe overwrite are seen to lose");
}

static const char *option(int argc, char **argv, const char *name, const char *value)
{
    for (int i = 1; i + 1 < argc; i += 2)
        if (strcmp(argv[i], name) == 0)
            value = argv[i + 1];
    return value;
}

int main(int argc, char **argv)
{
    static struct tallies shares[SHARES_MAX], all;
    const char *files = option(argc, argv, "--files", NULL);
    unsigned jobs = (unsigned)strtoul(option(argc, argv, "--jobs", "1"), NULL, 10);
    struct plan plan = {strtoull(option(argc, argv, "--cycles", "20"), NULL, 10),
                        strtoull(option(argc, argv, "--seed", "1"), NULL, 10)};
    if (argc % 2 == 0 || jobs == 0 || jobs > SHARES_MAX ||
        (files != NULL && chdir(files) != 0)) {
        fprintf(stderr, "usage: crash_settings [--cycles N] [--seed N] [--jobs N] "
                        "[--files FOLDER]\n");
        return 2;
    }
    if (sqlite3_config(SQLITE_CONFIG_SINGLETHREAD) != SQLITE_OK ||
        sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0) != SQLITE_OK)
        return 2;
    configurations_fill();
    shares_run(jobs, share, &plan, shares, sizeof(shares[0]));
    for (unsigned i = 0; i < configurations_len * DISKS_LEN; i++)
        all.cells[i] = shares[i % jobs].cells[i];
    print(all.cells, files != NULL);
    judge_table(all.cells);
    return failures == 0 ? 0 : 1;
}
