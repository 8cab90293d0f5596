/*
 * mark: a small file beside the database, "<database>-mark", that says how far the store
 * has come. A disk that lies about fsync may bring back an older state of the database
 * that is sound in itself; the mark is another file, synced by itself, and knows better.
 *
 * Each commit that changed something has a number. The database keeps it in its own
 * transaction (meta `commit`); after that transaction is durable the mark is written and
 * synced, and only then is anybody told. So on a disk that tells the truth the database
 * is never behind its mark, and ahead of it by one at most.
 *
 * Each opening writes it again: after a sync that failed, what reads as a mark may stand
 * in memory alone.
 *
 * Two slots stand in sectors of their own and take turns, so that a power cut harms one.
 * For the files of this folder alone; used inside the store's exclusive lock.
 */
#ifndef FENGQIAO_STORAGE_MARK_H
#define FENGQIAO_STORAGE_MARK_H

#include <stdbool.h>
#include <stdint.h>

#include <sqlite3.h>

#include "crypto/digest.h"
#include "proto/bytes.h"

#define MARK_SUFFIX "-mark"
#define MARK_STAND_SIZE 64 /* of an encoded stand */

/* How far the store has come. */
struct mark_stand {
    uint64_t commits;
    uint64_t ops[3];            /* of each ledger tree, as enum ledger_tree counts them */
    uint8_t chain[DIGEST_SIZE]; /* over all stands before it: tells histories apart */
};

struct mark {
    sqlite3_file *file; /* NULL: closed */
    char *name;         /* the VFS borrows it while the file is open */
};

/* The next stand of that history: one commit more, whose last op was op. */
void mark_stand_next(struct mark_stand *stand, const uint64_t ops[static 3],
                     const uint8_t op[static DIGEST_SIZE]);
void mark_stand_encode(const struct mark_stand *stand,
                       uint8_t out[static MARK_STAND_SIZE]);
/* False where the length is another one. */
bool mark_stand_decode(struct mark_stand *stand, struct bytes bytes);

/* These return SQLite's codes. vfs: a name, or NULL. Creates the file where it is not. */
int mark_open(struct mark *mark, const char *database, const char *vfs);
/* Accepts a mark that is not open. */
void mark_close(struct mark *mark);
/* The newest slot that is whole; false: there is none. What cannot be read is not whole.
 * is_damaged: the one for the next commit is not. Then the power went while it was
 * written, and on a disk that tells the truth the database has come further. */
bool mark_read(const struct mark *mark, struct mark_stand *stand, bool *is_damaged);
/* Durable when it returns SQLITE_OK. Takes the place of the older slot. */
int mark_write(const struct mark *mark, const struct mark_stand *stand);
/* Writes both slots, for a new database or a mark that says nothing. */
int mark_reset(const struct mark *mark, const struct mark_stand *stand);

#endif
