/*
 * evidence_seals: which seals an evidence file opens (docs/PROTOCOL.md §10), of the log
 * that grows: for each record of the file the earliest one that covers it, so that the
 * file tells by which day it was here.
 */
#ifndef FENGQIAO_NODE_CORE_EVIDENCE_SEALS_H
#define FENGQIAO_NODE_CORE_EVIDENCE_SEALS_H

#include "node/core/seal_log.h"
#include "storage/store.h"

struct evidence_sealed {
    uint64_t sizes[2]; /* of the trees, private and shared */
    bool is_opened[2];
    uint32_t numbers[2]; /* where it is: as how many-th of the file */
};

struct evidence_seals {
    int64_t log;   /* the one that grows; -1: this machine has sealed nothing */
    bool can_open; /* it is of the key that the machine has now */
    struct evidence_sealed *seals; /* its first len seals; owned */
    uint64_t len;
};

/* Is it a log of the key that the machine has now? */
bool evidence_seals_is_ours(const struct core *core, const char *origin);
/* Reads how far the log that grows is; to be freed, whatever the status. */
enum status evidence_seals_read(struct core *core, struct evidence_seals *seals) MUST_USE;
/* The same as it was, when its log had that number and so many seals. NOT_FOUND: there is
 * none such. */
enum status evidence_seals_reread(struct core *core, int64_t log, uint64_t len,
                                  struct evidence_seals *seals) MUST_USE;
void evidence_seals_free(struct evidence_seals *seals);

/* The record at that position of its tree is in the file. */
void evidence_seals_need(struct evidence_seals *seals, enum ledger_tree tree,
                         uint64_t position);
/* All that is needed is known: counts what is opened, the newest ones where they are more
 * than a file may have. */
void evidence_seals_count(struct evidence_seals *seals);
/* The first opened seal that covers the position. False: none does. */
bool evidence_seals_find(const struct evidence_seals *seals, enum ledger_tree tree,
                         uint64_t position, struct evidence_sealed *sealed);

#endif
