/*
 * tried: what the dialer's last round moved or asked for without both agreeing then. What
 * the next round still finds missing was refused by one side: it is left alone, so that
 * one bad op costs neither endless rounds nor a new one its way. When nothing is left to
 * move, the dialer rests until its next look; at some looks everything is tried again.
 */
#ifndef FENGQIAO_NODE_CORE_TRIED_H
#define FENGQIAO_NODE_CORE_TRIED_H

#include "node/core/outgoing.h"
#include "node/core/state.h"

struct tried {
    struct outgoing sent;  /* sorted */
    struct id_list wanted; /* sorted */
    uint32_t looks;        /* since both agreed */
    uint64_t look_ms;      /* when to look, though nothing is new */
};

void tried_deinit(struct tried *tried);
/* Takes out of what a round found what was tried before; tried keeps no more than that.
 */
enum status tried_sift(struct tried *tried, struct outgoing *found,
                       struct id_list *wanted) MUST_USE;
/* A round has ended unequal: takes what it moved, and leaves both lists empty. NO_MEMORY.
 */
enum status tried_take(struct tried *tried, struct outgoing *moved,
                       struct id_list *wanted) MUST_USE;
/* Both agree: nothing was refused. */
void tried_agreed(struct tried *tried, uint64_t now_ms);
/* There is nothing to move: sets the time of the next look. */
void tried_rest(struct tried *tried, uint64_t now_ms);
/* What was refused may have been by our own fault: all is tried again, at once. */
void tried_renew(struct tried *tried);
/* It is time to look. */
void tried_look(struct tried *tried);

#endif
