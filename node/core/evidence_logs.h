/*
 * evidence_logs: the seal logs of this machine as they stand in an evidence file
 * (docs/PROTOCOL.md §10): each with its checkpoints, and its seals with what is opened of
 * them. A log of an earlier life goes as far as there is a checkpoint of it by its key,
 * and is left out where there is none.
 */
#ifndef FENGQIAO_NODE_CORE_EVIDENCE_LOGS_H
#define FENGQIAO_NODE_CORE_EVIDENCE_LOGS_H

#include "node/core/evidence_seals.h"
#include "storage/store_ledger.h"

/* Where the writing stands: in which log, before which of its seals. */
struct evidence_log_place {
    int64_t log;
    uint64_t seal;
};

/* The first log that is in a file. */
int64_t evidence_logs_first(const struct evidence_seals *seals);
/* Appends logs from that place on, until out has size bytes or more: MORE then, and place
 * is where to go on; OK: it was the last. CORRUPT: the ledger is not as it was sealed. */
enum status evidence_logs_write(struct core *core, const struct evidence_seals *seals,
                                struct evidence_log_place *place, size_t size,
                                struct buf *out) MUST_USE;
/* Appends `included` behind a record, of what was opened under that number. */
void evidence_logs_include(struct buf *out, uint32_t number, uint64_t position,
                           const struct store_ledger_proof *proof);

#endif
