/*
 * seal_log: this machine's own seal log (docs/LEDGER.md §2). A leaf is added once in
 * SEAL_DAY_S of its running time, counted over restarts, whatever happened in it; one
 * more behind a long pause. Another log begins where this machine was restored, was given
 * other keys, or learned that somebody holds more of the log than it does.
 */
#ifndef FENGQIAO_NODE_CORE_SEAL_LOG_H
#define FENGQIAO_NODE_CORE_SEAL_LOG_H

#include "proto/seal.h"

struct core;

#define SEAL_DAY_S (24 * 60 * 60)
#define SEAL_STEP_S (60 * 60) /* so much running time is lost to a power cut */
#define SEALS_MAX (1u << 20)  /* of one log */

/* When to look at the clock next. */
struct seal_clock {
    bool has_looked;
    uint64_t day_s; /* running time between two leaves */
    uint64_t looked_ms, next_ms;
    uint64_t grown; /* counts the leaves that were added since the start */
};

/* The leaves of the log that grows, as hashes. */
struct seal_log {
    int64_t number;
    char origin[SEAL_ORIGIN_SIZE];
    struct merkle_hash *leaves; /* owned */
    uint64_t len, capacity;
    struct buf first; /* its first leaf */
};

void seal_log_tick(struct core *core);
uint64_t seal_log_deadline(const struct core *core);

/* Reads it; to be freed, whatever the status. NOT_FOUND: none has begun. */
enum status seal_log_read(struct core *core, struct seal_log *log) MUST_USE;
/* An earlier one, by its number. */
enum status seal_log_read_former(struct core *core, int64_t number,
                                 struct seal_log *log) MUST_USE;
void seal_log_free(struct seal_log *log);
/* Of its first size leaves, at most len, asserted. */
void seal_log_root(const struct seal_log *log, uint64_t size, struct merkle_hash *root);
/* size: at least 1. */
void seal_log_inclusion(const struct seal_log *log, uint64_t place, uint64_t size,
                        struct merkle_hash proof[static MERKLE_PROOF_MAX], size_t *len);
void seal_log_consistency(const struct seal_log *log, uint64_t from, uint64_t to,
                          struct merkle_hash proof[static MERKLE_PROOF_MAX], size_t *len);

/* Somebody holds that much of the log: another one begins and goes on from there. */
enum status seal_log_begin_behind(struct core *core,
                                  const struct seal_head *held) MUST_USE;

#endif
