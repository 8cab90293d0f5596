/*
 * daily_backup: when the node itself asks for a backup: once in so much of its own
 * running time, counted over restarts; after one that failed an hour later. io writes it
 * and tries it, and says what came of that (EVENT_BACKUP_DONE), which is kept for people.
 */
#ifndef FENGQIAO_NODE_CORE_DAILY_BACKUP_H
#define FENGQIAO_NODE_CORE_DAILY_BACKUP_H

#include <stdbool.h>
#include <stdint.h>

#include "proto/bytes.h"
#include "proto/err.h"

struct core;

#define DAILY_BACKUP_AGAIN_S (60 * 60)
#define DAILY_BACKUP_STEP_S (10 * 60) /* so much running time is lost to a power cut */
#define DAILY_BACKUP_TEXT_MAX 400

struct daily_clock {
    bool is_on, has_looked, is_running;
    uint64_t every_s;
    uint64_t looked_ms, next_ms;
};

/* What came of the last one. */
struct daily_backup {
    uint64_t ran_s;                         /* since, but for what is not counted yet */
    uint64_t wall;                          /* 0: none was tried */
    char failed[DAILY_BACKUP_TEXT_MAX + 1]; /* why it failed; empty: it went well */
};

void daily_backup_tick(struct core *core);
uint64_t daily_backup_deadline(const struct core *core);
/* why: what the program that wrote it said, empty where it is written and was tried. */
void daily_backup_done(struct core *core, struct bytes why);
enum status daily_backup_get(struct core *core, struct daily_backup *daily) MUST_USE;

#endif
