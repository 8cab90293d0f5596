/*
 * backup_out: everything that a site has, for its own recovery key and for nobody else,
 * as files of the form of a bundle (docs/BUNDLE.md). It is the one way by which ops of
 * cases leave the process in a file, and it knows no other reader: the keys it seals for
 * are the recovery key of its own charter, and this machine's, which has all of it
 * anyway.
 *
 *   mark   the last message of a backup: how far it goes, and what every table held; the
 *          next one into the same folder goes on from there
 */
#ifndef FENGQIAO_NODE_CORE_BACKUP_OUT_H
#define FENGQIAO_NODE_CORE_BACKUP_OUT_H

#include "node/core/backup_mark.h"
#include "node/core/state.h"
#include "proto/bundle.h"

/* Of one caller. */
struct backup_out {
    struct backup_mark had;      /* what the folder has: of tables the digests */
    struct backup_mark to;       /* the store in this turn; in the end the mark */
    struct bundle_header header; /* of the next part */
    uint64_t at[3];              /* the next op of each tree */
    int64_t chunk_at;            /* the last piece that was given out */
    uint32_t table_at;
    uint64_t row_at;       /* of that table; 0: none is begun */
    struct id table_begun; /* its digest then */
    bool is_done;
    uint64_t ops, pieces; /* of the last part */
};

/* from: the mark of the newest backup in the folder, or NULL for a whole one. INVALID:
 * that mark is not of this store, with a sentence. */
enum status backup_out_begin(struct core *core, const struct backup_mark *from,
                             struct backup_out **out, struct err *err) MUST_USE;
/* The next file, at most BUNDLE_FILE_MAX bytes, appended to file. Each goes on to what
 * the store holds now: what changes between two files is in the later one, and the mark
 * is of the turn of the last. CONFLICT, with a sentence: the recovery key was replaced
 * since it began. */
enum status backup_out_next(struct core *core, struct backup_out *out, struct buf *file,
                            struct err *err) MUST_USE;
/* Accepts NULL. */
void backup_out_free(struct backup_out *out);

#endif
