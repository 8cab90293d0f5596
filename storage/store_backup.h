/*
 * store_backup: the store as a backup takes it, and as a restore puts it back: ops in the
 * order of the ledger, pieces of files in the order in which they came, and the tables of
 * the node's own, each whole. Not in a backup: what is derived; ops that wait, and what
 * was set apart, which their senders still have; what the machine has heard of others'
 * machines (confirmed), since a restored one begins anew with them.
 */
#ifndef FENGQIAO_STORAGE_STORE_BACKUP_H
#define FENGQIAO_STORAGE_STORE_BACKUP_H

#include "storage/store.h"

/* How far a backup goes. */
struct store_backup_mark {
    uint64_t ops[3]; /* by enum ledger_tree; none wait */
    int64_t chunk;   /* number of the last piece */
};
enum status store_backup_now(struct store *store,
                             struct store_backup_mark *mark) MUST_USE;

/* The ops of a tree from that position on. */
enum status store_backup_ops(struct store *store, enum ledger_tree tree, uint64_t from,
                             store_op_fn *fn, void *context) MUST_USE;
/* As store_op_add, at the end of its tree; seq: its number where it was backed up, so
 * that what came after what stays. Where another has that number, which two machines gave
 * that were backed up into one folder one after the other, it comes behind all. EXISTS:
 * it is here. */
enum status store_backup_op_put(struct store *store, const struct op *op,
                                struct bytes bytes, enum scope_kind kind,
                                enum ledger_tree tree, int64_t seq) MUST_USE;
/* H("fengqiao/1/ledger", ids of the first so many ops of a tree, in order). NOT_FOUND:
 * there are fewer. */
enum status store_backup_digest(struct store *store, enum ledger_tree tree, uint64_t len,
                                struct id *digest) MUST_USE;

typedef enum status store_backup_chunk_fn(void *context, int64_t number,
                                          struct bytes sealed);
/* The pieces behind that number. */
enum status store_backup_chunks(struct store *store, int64_t after,
                                store_backup_chunk_fn *fn, void *context) MUST_USE;
enum status store_backup_chunk_put(struct store *store, struct bytes sealed) MUST_USE;

/* The tables of the node's own, by their numbers from 0 on; NULL behind the last. */
const char *store_backup_table_name(uint32_t table);
/* The table to whose rows those of this one belong, or -1: where that one is emptied, so
 * is this, and both go into a backup together. */
int store_backup_table_above(uint32_t table);
/* A row as a canonical array of its columns: integers, texts, bins, nil. */
typedef enum status store_backup_row_fn(void *context, struct bytes row);
enum status store_backup_table(struct store *store, uint32_t table,
                               store_backup_row_fn *fn, void *context) MUST_USE;
/* Empties it, before its rows come. */
enum status store_backup_clear(struct store *store, uint32_t table) MUST_USE;
/* INVALID: not a row of that table. */
enum status store_backup_row_put(struct store *store, uint32_t table,
                                 struct bytes row) MUST_USE;
/* All is put: what no row names goes. */
enum status store_backup_end(struct store *store) MUST_USE;

#endif
