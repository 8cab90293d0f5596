/*
 * pieces: files that went up with a record, and between machines of our own site files of
 * cases, on their way. Whoever is shown what opens such a file asks for its pieces, one
 * after the other, wherever it may share the record; what was committed is not asked for
 * again. Messages: docs/PROTOCOL.md §8.
 *
 * This is the second egress door: what leaves through it is a piece of a file that an
 * `attached` op names, towards a site that shares its scope and is shown its key, or of
 * one that an op of any kind names, towards a machine that replica.h lets through.
 */
#ifndef FENGQIAO_NODE_CORE_PIECES_H
#define FENGQIAO_NODE_CORE_PIECES_H

#include "proto/pack.h"
#include "storage/store_lacking.h"

struct buf;
struct core;
struct fold_result;
struct scope_ops;
struct session;

/* What a piece has no room in: what the peer may bring, or what this node keeps. */
enum pieces_lack { PIECES_LACK_NOTHING, PIECES_LACK_QUOTA, PIECES_LACK_ROOM };

/* Of one session. */
struct pieces {
    bool is_due;              /* there may be something to ask for */
    bool is_again;            /* and once more when this pass has ended */
    bool is_asked;            /* for `asked`; the answer is on its way */
    bool has_answered;        /* in this turn: the next question waits for that answer */
    enum pieces_lack said;    /* of which the log knows */
    struct store_piece asked; /* the last one, its answer here or not */
    struct id from;           /* files of ops below it were asked for in this pass */
};

/* A case or an escalation was folded: which pieces of its files are ours to have and are
 * not here, those too that we sealed and lost with a disk. */
enum status pieces_note(struct core *core, const struct scope_ops *ops,
                        const struct fold_result *folded) MUST_USE;
/* A round has ended: what lacks is asked for, from the first on. */
void pieces_begin(struct pieces *pieces);
/* The messages `fetch` and `piece`. INVALID: not well formed or out of turn. */
enum status pieces_fetch(struct core *core, struct session *session,
                         struct pack_reader *reader) MUST_USE;
enum status pieces_piece(struct core *core, struct session *session,
                         struct pack_reader *reader) MUST_USE;
/* That piece of the file that the op names, for that site, by the egress rule. machine:
 * as with outgoing_pack. is_there: there may be such a piece; sealed stays empty where it
 * is not here. */
enum status pieces_give(struct core *core, const struct id *site, const uint8_t *machine,
                        const struct id *op, uint32_t number, struct buf *sealed,
                        bool *is_there) MUST_USE;
/* The message `piece`. */
void pieces_write(struct buf *message, const struct id *op, uint32_t number,
                  struct bytes sealed);
/* A `piece` that nobody asked for, from a bundle of that site: what this node waits for
 * is kept, where there is room. INVALID: not well formed. */
enum status pieces_bring(struct core *core, const struct id *site,
                         struct pack_reader *reader, enum pieces_lack *lack,
                         bool *is_kept) MUST_USE;
/* At the end of a turn: the next question of each session. */
void pieces_after_turn(struct core *core);

#endif
