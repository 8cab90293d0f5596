/*
 * restore: a store made anew from the files of a backup, one after the other. Every op
 * proves its signature and its place in the ledger before it counts; everything derived
 * is made from the ops. The machine has the keys that the lost one had, and says to its
 * peers that it was restored (session.c).
 *
 *   take   a payload that bundle_check has let through, in the order of the folder;
 *          what came with an earlier file already is passed over
 *   end    everything is there as the last mark says: derives, applies recalls and what
 *          has had its time
 */
#ifndef FENGQIAO_NODE_CORE_RESTORE_H
#define FENGQIAO_NODE_CORE_RESTORE_H

#include "node/core/backup_mark.h"
#include "proto/bundle.h"

struct core_config;

struct restore {
    struct store *store; /* borrowed; empty at the beginning */
    bool has_keys, has_mark, has_begun;
    uint8_t node_seed[32], noise_secret[32]; /* of the machine that was lost */
    char network_name[64];
    struct id network, site;
    struct backup_mark mark; /* of the last backup that was taken whole */
    uint64_t taken[3];       /* ops by tree */
    int table;               /* that rows belong to; -1: none */
    uint64_t ops, pieces;
};

void restore_init(struct restore *restore, struct store *store);
/* One file. INVALID, UNVERIFIED, DENIED (another site's), NOT_FOUND (one before it is
 * missing), with a sentence; then the store is as before it. */
enum status restore_take(struct restore *restore, const struct bundle_header *header,
                         struct bytes messages, struct err *err) MUST_USE;
/* config: store and dice; the keys are those of the backup. INVALID: it is not whole, or
 * not what its mark says. */
enum status restore_end(struct restore *restore, struct core_config *config,
                        struct err *err) MUST_USE;
void restore_wipe(struct restore *restore);

#endif
