/*
 * store: the node's database, one owner, one connection. The only SQL of the project
 * lives in this folder. `ops` is the truth; everything else is derived and can be
 * rebuilt.
 *
 * All calls are synchronous and belong to one thread. Between store_begin and
 * store_commit nothing is durable; after store_commit returned OK everything is. After
 * any IO, FULL or CORRUPT the transaction is rolled back and the store refuses writes
 * until reopened.
 *
 * Beside the database stands its mark (mark.h), by which an opening notices that the disk
 * lost what it had said was saved: store_loss.
 */
#ifndef FENGQIAO_STORAGE_STORE_H
#define FENGQIAO_STORAGE_STORE_H

#include <stdbool.h>
#include <stdint.h>

#include "crypto/lattice.h"
#include "proto/bytes.h"
#include "proto/err.h"
#include "proto/negentropy_source.h"
#include "proto/op.h"
#include "proto/scope_kind.h"

struct store;

/* The two ledger trees (commit order is kept per tree), none for ops that wait. */
enum ledger_tree { TREE_WAITING = 0, TREE_PRIVATE = 1, TREE_SHARED = 2 };

/* Opens or creates file (created only with create), migrates, checks settings and takes
 * the exclusive lock. vfs: an SQLite VFS name or NULL. err names the file and what to do.
 * A disk that lost something is no reason to refuse: ask store_loss. NOT_FOUND, BUSY
 * (another process owns it), CORRUPT, UNSUPPORTED (newer schema), IO. */
enum status store_open(struct store **store, const char *file, const char *vfs,
                       bool create, struct err *err) MUST_USE;
void store_close(struct store *store);

enum status store_begin(struct store *store) MUST_USE;
enum status store_commit(struct store *store) MUST_USE;
void store_roll_back(struct store *store);
/* Counts every row that was written or removed; of use to see whether one was. */
int64_t store_changes(const struct store *store);

/* --- what the disk lost ------------------------------------------------------------- */
enum store_loss_kind {
    LOSS_NONE,
    LOSS_COMMITS,  /* the database is older than its mark */
    LOSS_HISTORY,  /* as old, and another one */
    LOSS_MARK,     /* the mark is gone: nobody can tell */
    LOSS_SYNC,     /* only the mark is older: nothing seems lost, but the disk lies */
    LOSS_RESTORED, /* the store was made from a backup: what came after it */
    LOSS_LAST = LOSS_RESTORED,
};
struct store_loss {
    enum store_loss_kind kind;
    uint64_t times;   /* how often this database noticed any, this time included */
    uint64_t commits; /* COMMITS: so many less than the mark */
    uint64_t ops[3];  /* COMMITS: so many ops less, by enum ledger_tree */
    uint64_t at;      /* the number of the commit that keeps this */
};
/* What this opening noticed, once: LOSS_NONE mostly. Good until store_close. An opening
 * that fails after it noticed something says it in its err. */
const struct store_loss *store_loss(const struct store *store);
/* What this or an earlier opening noticed last; LOSS_NONE: never anything. */
enum status store_loss_last(struct store *store, struct store_loss *loss) MUST_USE;
/* In the transaction that ends a restore: from now on that is the last one. */
enum status store_loss_restored(struct store *store) MUST_USE;
/* One sentence, for a person. */
#define LOSS_TEXT_SIZE 400
void store_loss_text(const struct store_loss *loss, char out[static LOSS_TEXT_SIZE]);

/* SQLite's integrity check plus ours (every op decodes, ids match, ledger positions are
 * without gaps, nothing was lost that store_loss knows of). Calls report once per
 * finding; OK when there was none, else CORRUPT. */
enum status store_check(struct store *store, void (*report)(void *, const char *),
                        void *context) MUST_USE;
/* A canonical text of the derived tables, for comparing rebuilds: one table after the
 * other, in pieces, of which none is kept. CORRUPT: table is one that cannot be read. */
typedef void store_dump_fn(void *context, const char *table, struct bytes text);
enum status store_dump_each(struct store *store, store_dump_fn *fn,
                            void *context) MUST_USE;
/* The same of what follows from the ops of one scope alone: all but pairs and the pieces
 * that it lacks. */
enum status store_dump_scope(struct store *store, const struct id *scope,
                             store_dump_fn *fn, void *context) MUST_USE;
/* Appends all of it. */
enum status store_dump(struct store *store, struct buf *out) MUST_USE;

/* --- meta: small named values of this node ------------------------------------------ */
enum status store_meta_get(struct store *store, const char *name,
                           struct buf *value) MUST_USE; /* NOT_FOUND */
enum status store_meta_put(struct store *store, const char *name,
                           struct bytes value) MUST_USE;
/* Nothing where there is none. */
enum status store_meta_remove(struct store *store, const char *name) MUST_USE;

/* --- ops ------------------------------------------------------------------------------
 */
struct store_op {
    int64_t seq; /* order of arrival, 1 and up */
    struct id id;
    struct id scope;
    uint64_t time, wall;
    enum ledger_tree tree; /* TREE_WAITING: held, waits for parents or authority */
    uint64_t position;     /* in its tree, 0 and up; 0 where it waits */
    struct bytes bytes;    /* op bytes; borrowed until the callback returns */
};

/* Adds an op (tree decides its ledger position). op must carry id, scope, time, wall.
 * Inserts the scope row if it is new (kind; 0 where not known yet: waiting op). EXISTS;
 * INVALID where time is 0, or time or wall is 2^63 and above. */
enum status store_op_add(struct store *store, const struct op *op, struct bytes bytes,
                         enum scope_kind kind, enum ledger_tree tree) MUST_USE;
/* A waiting op found what it waited for: gives it its place in the tree. */
enum status store_op_promote(struct store *store, const struct id *id,
                             enum scope_kind kind, enum ledger_tree tree) MUST_USE;
enum status store_op_remove_waiting(struct store *store, const struct id *id) MUST_USE;
/* Contents that were erased or mended: replaces the bytes under the same id. */
enum status store_op_replace(struct store *store, const struct id *id,
                             struct bytes bytes) MUST_USE;
/* Where an op stands, without its bytes. NOT_FOUND. */
struct store_place {
    int64_t seq;
    struct id scope;
    uint64_t time;
    uint64_t position; /* in its tree; 0 where it waits */
    bool waits;
};
enum status store_op_find(struct store *store, const struct id *id,
                          struct store_place *place) MUST_USE;
typedef enum status store_op_fn(void *context, const struct store_op *op);
enum status store_op_get(struct store *store, const struct id *id, store_op_fn *fn,
                         void *context) MUST_USE;
enum status store_op_at(struct store *store, int64_t seq, store_op_fn *fn,
                        void *context) MUST_USE;
/* All ops of a scope that do not wait, in order of (time, id). A status other than OK
 * from fn ends the walk and is returned. */
enum status store_ops_of_scope(struct store *store, const struct id *scope,
                               store_op_fn *fn, void *context) MUST_USE;
/* The same for the ops of a scope that wait. */
enum status store_ops_waiting(struct store *store, const struct id *scope,
                              store_op_fn *fn, void *context) MUST_USE;
/* All ops that do not wait, in order of seq, from seq_min on. */
enum status store_ops_all(struct store *store, int64_t seq_min, store_op_fn *fn,
                          void *context) MUST_USE;
enum status store_ops_count(struct store *store, enum ledger_tree tree,
                            uint64_t *count) MUST_USE;

/* What a waiting op waits for. */
enum status store_wait_add(struct store *store, const struct id *op,
                           const struct id *missing) MUST_USE;
typedef enum status store_id_fn(void *context, const struct id *id);
/* Removes missing from the waits and calls fn for each op that now waits for nothing. */
enum status store_wait_settle(struct store *store, const struct id *missing,
                              store_id_fn *fn, void *context) MUST_USE;

/* --- scopes (derived)
 * ------------------------------------------------------------------- */
struct store_scope {
    struct id id;
    enum scope_kind kind;
    struct id site;    /* whose it is: founder's site */
    struct bytes view; /* folded state, borrowed until the callback returns */
    struct id digest;  /* H("fengqiao/1/heads", …) */
    uint64_t ops_len;
    uint64_t founded_seq; /* seq of the founding op */
    uint64_t touched_seq; /* seq of the last op */
};
/* Replaces the derived row of a scope: view, digest, heads, holders. */
enum status store_scope_put(struct store *store, const struct store_scope *scope,
                            const struct id *heads, uint32_t heads_len,
                            const struct id *holders, uint32_t holders_len) MUST_USE;
typedef enum status store_scope_fn(void *context, const struct store_scope *scope);
enum status store_scope_get(struct store *store, const struct id *id, store_scope_fn *fn,
                            void *context) MUST_USE;
/* The kind of a scope, folded or not; 0 while its founding op waits. NOT_FOUND. */
enum status store_scope_kind(struct store *store, const struct id *id,
                             enum scope_kind *kind) MUST_USE;
/* All scopes of a kind, newest touched first; limit 0 = all. */
enum status store_scopes_of_kind(struct store *store, enum scope_kind kind,
                                 uint64_t limit, store_scope_fn *fn,
                                 void *context) MUST_USE;
/* The folded scope behind the one of that number, in order of arrival; *number is its own
 * then. NOT_FOUND: it was the last. */
enum status store_scope_next(struct store *store, int64_t *number, struct id *scope,
                             enum scope_kind *kind) MUST_USE;
/* The number of the last scope; 0: there is none. */
enum status store_scope_last(struct store *store, int64_t *number) MUST_USE;
/* How many store_scopes_of_kind would give. */
enum status store_scopes_count(struct store *store, enum scope_kind kind,
                               uint64_t *count) MUST_USE;
/* Scopes of which something waits and nothing stands in the graph, or whose kind is not
 * known. */
enum status store_scopes_unfounded(struct store *store, store_id_fn *fn,
                                   void *context) MUST_USE;
/* Scopes of a kind that both sites hold, in ascending order of id. */
enum status store_scopes_held(struct store *store, enum scope_kind kind,
                              const struct id *site_a, const struct id *site_b,
                              store_id_fn *fn, void *context) MUST_USE;
/* Sites that hold any scope of a kind that both of these hold, each once. */
enum status store_sites_beside(struct store *store, enum scope_kind kind,
                               const struct id *site_a, const struct id *site_b,
                               store_id_fn *fn, void *context) MUST_USE;
enum status store_scope_heads(struct store *store, const struct id *scope,
                              store_id_fn *fn, void *context) MUST_USE;
/* The sites that hold a scope, ascending. */
enum status store_scope_holders(struct store *store, const struct id *scope,
                                store_id_fn *fn, void *context) MUST_USE;
/* (wall, id) of every op of a scope, waiting ones included. */
typedef enum status store_item_fn(void *context, uint64_t wall, const struct id *id);
enum status store_scope_items(struct store *store, const struct id *scope,
                              store_item_fn *fn, void *context) MUST_USE;
enum status store_scopes_clear(struct store *store) MUST_USE; /* before a rebuild */

/* --- pairs: what we and another site may both hold (derived, but for the sites) --------
 *
 * Of each pair the store keeps the scopes, a lattice over their digests, and the set of
 * their ops, waiting ones included, as Negentropy reads it; all in step with ops and
 * scopes, within each transaction.
 */
/* From now on we reconcile with that site; nothing is shared yet. EXISTS. */
enum status store_pair_add(struct store *store, const struct id *site) MUST_USE;
enum status store_pairs(struct store *store, store_id_fn *fn, void *context) MUST_USE;
/* The pair shares a scope; EXISTS: it does already. The pair no longer does; NOT_FOUND:
 * it did not. NOT_FOUND of both: there is no such pair, or the scope was not folded. */
enum status store_pair_put(struct store *store, const struct id *site,
                           const struct id *scope) MUST_USE;
enum status store_pair_drop(struct store *store, const struct id *site,
                            const struct id *scope) MUST_USE;
/* OK: the pair shares the scope; NOT_FOUND: it does not. */
enum status store_pair_has(struct store *store, const struct id *site,
                           const struct id *scope) MUST_USE;
/* The scopes that a pair shares, in any order; the sites with which a scope is shared. */
enum status store_pair_scopes(struct store *store, const struct id *site, store_id_fn *fn,
                              void *context) MUST_USE;
enum status store_scope_pairs(struct store *store, const struct id *scope,
                              store_id_fn *fn, void *context) MUST_USE;
/* The lattice over the digests of the pair's scopes, and how many there are. NOT_FOUND.
 */
enum status store_pair_lattice(struct store *store, const struct id *site,
                               struct lattice *lattice, uint64_t *scopes_len) MUST_USE;
/* The same as it should be: not what is kept, but reckoned from the scopes. */
enum status store_pair_reckon(struct store *store, const struct id *site,
                              struct lattice *lattice, uint64_t *scopes_len) MUST_USE;

/* A way to read the set of a pair; needs no end. It shows the set as it is when it is
 * asked, changes of this transaction included. */
struct store_set {
    struct store *store; /* borrowed */
    int64_t root;
    enum status status; /* the first failure; nothing is read after it */
    /* The last sum that was asked for, and of which state of the sets. */
    uint64_t last_version, last_place;
    struct negentropy_sum last_sum;
};
enum status store_set_open(struct store *store, const struct id *site,
                           struct store_set *set) MUST_USE; /* NOT_FOUND */
struct negentropy_source store_set_source(struct store_set *set);

/* --- case numbers (derived)
 * --------------------------------------------------------------- */
/* number is text such as "2026-0001" or "2026-1473-0001"; unique only by (number, scope).
 */
enum status store_number_put(struct store *store, const struct id *scope,
                             struct bytes number) MUST_USE;
/* Calls fn for each case with that number (more than one after a merge of replicas). */
enum status store_number_find(struct store *store, struct bytes number, store_id_fn *fn,
                              void *context) MUST_USE;
/* The highest number that is prefix ("2026-") and four to seven digits; empty when there
 * is none. */
enum status store_number_last(struct store *store, struct bytes prefix,
                              struct buf *last) MUST_USE;

/* --- peers (this node's own knowledge, not derived)
 * ------------------------------------------ */
struct store_peer {
    struct id site;
    uint8_t node_key[32]; /* Noise static key pinned by pairing */
    struct bytes address; /* "host:port", empty where we never dial; borrowed */
    uint64_t paired_at, heard_at, agreed_at; /* wall seconds, 0 = never */
    bool is_parent;
};
enum status store_peer_put(struct store *store, const struct store_peer *peer) MUST_USE;
/* The machine of that site has another key now: what is known of it goes along, over what
 * is known of that key. Nothing where none has the former one. */
enum status store_peer_rename(struct store *store, const struct id *site,
                              const uint8_t former[static 32],
                              const uint8_t key[static 32]) MUST_USE;
typedef enum status store_peer_fn(void *context, const struct store_peer *peer);
enum status store_peers(struct store *store, store_peer_fn *fn, void *context) MUST_USE;

/* --- deliveries: which op a site has acknowledged ("handed over")
 * --------------------------- */
enum status store_delivery_put(struct store *store, const struct id *op,
                               const struct id *site, uint64_t wall) MUST_USE;
enum status store_delivery_get(struct store *store, const struct id *op,
                               const struct id *site, uint64_t *wall) MUST_USE;

/* --- quarantine
 * ------------------------------------------------------------------------------- */
struct store_quarantine {
    int64_t number;
    struct id digest; /* H("fengqiao/1/quarantine", bytes) */
    struct id op;     /* zero where no id could be computed */
    struct id site;   /* who sent it */
    uint64_t wall;
    struct bytes reason, bytes; /* borrowed */
};
/* The same bytes twice are one row. Where a site has more than QUARANTINE_SITE_MAX rows
 * or QUARANTINE_SITE_BYTES_MAX, its oldest go; where all together have more than
 * QUARANTINE_MAX rows, the oldest of the site that has most. */
enum status store_quarantine_add(struct store *store,
                                 const struct store_quarantine *row) MUST_USE;
enum status store_quarantine_has(struct store *store, const struct id *op,
                                 bool *has) MUST_USE;
typedef enum status store_quarantine_fn(void *context,
                                        const struct store_quarantine *row);
/* In order of number. Numbers are never given twice. */
enum status store_quarantine_list(struct store *store, store_quarantine_fn *fn,
                                  void *context) MUST_USE;
/* NOT_FOUND. */
enum status store_quarantine_get(struct store *store, int64_t number,
                                 store_quarantine_fn *fn, void *context) MUST_USE;
enum status store_quarantine_remove(struct store *store, int64_t number) MUST_USE;
/* Of one site; of all. */
enum status store_quarantine_count(struct store *store, const struct id *site,
                                   uint64_t *rows, uint64_t *bytes) MUST_USE;
enum status store_quarantine_count_all(struct store *store, uint64_t *rows) MUST_USE;

#endif
