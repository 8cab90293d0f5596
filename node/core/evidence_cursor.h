/*
 * evidence_cursor: how far an evidence file is written, with its plan, as bytes that its
 * reader gives back for the next part. The node keeps nothing of it: whoever asks for the
 * next part says again what the file is about, and is asked again for its right to it; a
 * cursor that somebody made up shows nothing that this right would not.
 */
#ifndef FENGQIAO_NODE_CORE_EVIDENCE_CURSOR_H
#define FENGQIAO_NODE_CORE_EVIDENCE_CURSOR_H

#include "node/core/evidence_logs.h"
#include "node/core/evidence_plan.h"

enum evidence_stage {
    EVIDENCE_HEAD,
    EVIDENCE_LOGS,
    EVIDENCE_CHARTERS,
    EVIDENCE_RECORDS,
    EVIDENCE_DONE,
};

struct evidence_place {
    enum evidence_stage stage;
    struct evidence_log_place log; /* LOGS */
    struct id scope;               /* CHARTERS, RECORDS: the last one that was begun */
    bool is_inside;                /* and is not at its end; behind its record of: */
    uint64_t time;
    struct id id;
    uint64_t records; /* of the whole file so far */
};

/* Appends it. */
void evidence_cursor_write(const struct evidence_plan *plan,
                           const struct evidence_place *place, struct buf *out);
/* Reads what evidence_cursor_write wrote, for a file about the same; plan is to be freed,
 * whatever the status. INVALID, with a sentence: it is none of this node's. CONFLICT,
 * with a sentence: the machine has other keys than when the file was begun. */
enum status evidence_cursor_read(struct core *core, const struct evidence_what *what,
                                 struct bytes bytes, struct evidence_plan *plan,
                                 struct evidence_place *place, struct err *err) MUST_USE;

#endif
