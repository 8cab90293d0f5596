/*
 * settings_world: a database with the store's schema under settings of its own, on a disk
 * that loses power, and somebody who remembers which rows were acknowledged.
 */
#ifndef FENGQIAO_TESTS_SETTINGS_WORLD_H
#define FENGQIAO_TESTS_SETTINGS_WORLD_H

#include <stdbool.h>
#include <stdint.h>

#include "tests/support/crash_vfs.h"

enum { WAL, DELETE, TRUNCATE, PERSIST, JOURNALS_LEN };
enum { NORMAL, FULL, EXTRA, SYNCS_LEN };
#define PAGES_LEN 2

/* Numbers into the lists below. */
struct configuration {
    unsigned journal, sync, psow, checkpoint, page;
};

struct settings_list {
    const char *name, *text; /* for people; for SQLite */
};
extern const struct settings_list settings_journals[JOURNALS_LEN];
extern const struct settings_list settings_syncs[SYNCS_LEN];
extern const struct settings_list settings_pages[PAGES_LEN];

struct tally {
    uint64_t cycles, acknowledged;
    uint64_t lost;    /* rows acknowledged and not there */
    uint64_t damaged; /* cycles after which the file was damaged */
    uint64_t refused; /* databases that did not open any more */
    uint64_t half;    /* transactions of which a part was there */
};

/* Worlds from disk.seed on, until the tally has so many cycles. */
void settings_worlds(const struct configuration *configuration, struct crash_disk disk,
                     uint64_t cycles, struct tally *tally);

/* Real files in the working folder: rows a second in transactions of 100, milliseconds of
 * a transaction of one row. False where it failed. */
bool settings_measure(const struct configuration *configuration, double *rows,
                      double *ms);

#endif
