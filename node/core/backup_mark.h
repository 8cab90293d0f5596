/*
 * backup_mark: how far a backup goes: the length of each tree of the ledger and a digest
 * over its ids, the number of the last piece of a file, a digest of each table of the
 * node's own, and when it was made.
 */
#ifndef FENGQIAO_NODE_CORE_BACKUP_MARK_H
#define FENGQIAO_NODE_CORE_BACKUP_MARK_H

#include <stdbool.h>
#include <stdint.h>

#include "proto/pack.h"
#include "storage/store_backup.h"

#define BACKUP_TABLES_MAX 32

struct backup_mark {
    struct store_backup_mark store;
    struct id ledger[3]; /* by enum ledger_tree */
    struct id tables[BACKUP_TABLES_MAX];
    uint64_t wall;      /* claimed */
    struct id recovery; /* the recovery key that it is sealed for; zeros: the first */
    struct id restore;  /* the one that made the store (restored.h); zeros: none */
};

/* That of the store as it is now; wall stays as it is. */
enum status backup_mark_now(struct store *store, struct backup_mark *mark) MUST_USE;
/* Does the store begin with what the mark says, op by op? */
enum status backup_mark_is_of(struct store *store, const struct backup_mark *mark,
                              bool *is_of) MUST_USE;
/* The message ["mark", private, shared, chunk, digest, digest, wall, [[name, digest]
 * …], recovery key, restore]. */
void backup_mark_write(const struct backup_mark *mark, struct buf *message);
/* What stands behind the name, of a message of so many elements, 8 (without the key and
 * the restore) or 10; tables that this version does not know are passed over, those that
 * it does not say count as empty. INVALID. */
enum status backup_mark_read(struct pack_reader *reader, uint32_t elements,
                             struct backup_mark *mark) MUST_USE;

#endif
