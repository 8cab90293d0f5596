/*
 * restored: a node that was made anew from a backup, until each of its neighbours has
 * agreed with it once. Until then
 *
 *   it says so to that neighbour first of all, who then takes what is missing for what a
 *   backup lacks, and for no alarm;
 *   a record that the neighbour shares and another site founded may have been recalled
 *   since: it is not shown, and nothing of it goes on but to its founder.
 */
#ifndef FENGQIAO_NODE_CORE_RESTORED_H
#define FENGQIAO_NODE_CORE_RESTORED_H

#include <stdbool.h>
#include <stdint.h>

#include "proto/err.h"
#include "proto/op.h"
#include "proto/pack.h"

struct core;
struct session;
struct store;

/* In the transaction that ends a restore, which gets an id of its own. Its bundles get
 * numbers that no other life of this machine gives. */
enum status restored_mark(struct store *store, const struct rng *rng) MUST_USE;
/* No bundle of this life has a number up to this one; 0: it was never restored. */
enum status restored_least_number(struct core *core, uint64_t *least) MUST_USE;
/* That site has read a bundle of ours with that number. Where it is beyond what this
 * store gave, another life of the machine wrote it: ours go on beyond that one, or they
 * would count as old for ever, and what the site believes us to hold is said anew. */
enum status restored_other_life(struct core *core, const struct id *site,
                                uint64_t number) MUST_USE;
/* The id of the restore that made the store, which its backups keep; zeros: it was never
 * restored. */
enum status restored_as(struct store *store, struct id *id) MUST_USE;
/* A session is ready: tells its other end, where that has to hear it. */
void restored_tell(struct core *core, struct session *session);
/* The same in the payload of a bundle. */
enum status restored_write(struct core *core, const struct id *site,
                           struct buf *payload) MUST_USE;
/* The message ["restored"] of a peer: its machine, by its key for connections, confirms
 * anew what it holds. When the backup was made is not said: that hangs on how long it
 * took, and so on what the site has that is nobody else's. */
enum status restored_heard(struct core *core, const struct id *site,
                           const uint8_t machine[static 32]) MUST_USE;
/* Both agree: that neighbour has told us everything. */
enum status restored_agreed(struct core *core, const struct id *site) MUST_USE;
/* May the record have been recalled since the backup? founder: whose it is. other: who is
 * to get it, and is not waited for, since nothing that it knows to be recalled enters
 * there; NULL: it is to be shown here. */
enum status restored_withholds(struct core *core, const struct id *scope,
                               const struct id *founder, const struct id *other,
                               bool *withholds) MUST_USE;

#endif
