/*
 * doubt: a node that ends unequal again and again looks at itself. A disk that lied may
 * have lost rows of derived tables alone; then no op is missing, nothing else says so,
 * and with a peer it never agrees. Which of the two is to blame a round cannot tell, so
 * both count the rounds after which nothing was left to move, one a minute at most
 * whoever the peers are: who wants the node busy cannot hasten it. At DOUBT_ROUNDS it
 * makes everything derived anew, between two turns, and compares. Where all was right,
 * the next look takes twice as many rounds, for there are lawful reasons: what was set
 * apart, a quota, a loss of the peer's own. Where it was not, what was made anew stays,
 * and that is said: in the log, and in the store for `status` and `check`.
 *
 * It looks as well after an opening that noticed a loss (store_loss), and at the start
 * after a turn that failed since the store held what cannot be (CORRUPT).
 *
 * A look takes as long as a rebuild, and whoever asks meanwhile waits. Counts are lost
 * with the process.
 */
#ifndef FENGQIAO_NODE_CORE_DOUBT_H
#define FENGQIAO_NODE_CORE_DOUBT_H

#include <stdbool.h>

#include "node/core/derived.h"

struct session;

struct doubt {
    uint32_t rounds; /* since the last look */
    uint32_t enough; /* so many, and it looks */
    uint64_t counted_ms;
    bool is_due;
    bool was_vain; /* the last look changed nothing */
    bool is_kept;  /* in the store, since a turn failed */
};

/* When a node starts: has it a reason already? */
enum status doubt_open(struct core *core) MUST_USE;
/* A round with that peer ended unequal, and nothing was left to move. */
void doubt_unequal(struct core *core, struct session *session);
/* Both agreed: what this session has counted was no fault of ours. */
void doubt_agreed(struct core *core, struct session *session);
/* The turn was rolled back as CORRUPT: the next start looks. */
void doubt_failed(struct core *core);
/* When doubt_settle has something to do; UINT64_MAX: not by itself. */
uint64_t doubt_deadline(const struct core *core);
/* Before a turn: looks, where it is time to. A failure of the store is the turn's. */
enum status doubt_settle(struct core *core) MUST_USE;

/* The ledger is not as it was: a look is due, unless the last one mended nothing. */
void doubt_ledger(struct core *core);

/* What looks have found so far. */
struct doubt_found {
    uint64_t times; /* 0: nothing, ever */
    uint64_t wall;  /* of the last time */
    char table[DERIVED_TABLE_SIZE];
    bool is_unreadable; /* what was kept of it was changed; all else is 0 */
};
enum status doubt_last(struct store *store, struct doubt_found *found) MUST_USE;
/* One sentence, for a person; empty where nothing was found. */
#define DOUBT_TEXT_SIZE 256
void doubt_text(const struct doubt_found *found, char out[static DOUBT_TEXT_SIZE]);

#endif
