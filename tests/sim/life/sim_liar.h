/*
 * sim_liar: a site that is enrolled and lies. Its node is a correct one, but what it says
 * in a session passes through somebody who flips, drops, repeats, reorders, replays and
 * truncates messages before they are encrypted, lies in neg, want, ack and done, brings
 * ops that nobody asked for and ops of a kind that does not exist, counts what no message
 * holds, asks for private cases by their ids, and floods. At the end it is cut off; what
 * is asked of the others is asked all the same.
 */
#ifndef FENGQIAO_TESTS_SIM_LIAR_H
#define FENGQIAO_TESTS_SIM_LIAR_H

#include "node/core/session.h"
#include "tests/sim/life/sim_state.h"

#define SIM_LIAR_EVERY 16 /* in so many seeds there is one */

enum sim_lie {
    LIE_FLIP,
    LIE_DROP,
    LIE_REPEAT,
    LIE_REORDER,
    LIE_REPLAY,
    LIE_TRUNCATE,
    LIE_NEG,
    LIE_WANT,
    LIE_PRIVATE, /* wants private cases by their ids */
    LIE_ACK,
    LIE_DONE,
    LIE_OTHERS, /* ops that nobody asked for */
    LIE_KIND,
    LIE_COUNT,
    LIE_NOISE,
    LIE_FLOOD,
    LIES_LEN,
};

/* Where the seed has a liar, or all have, one of the hosts becomes it. */
void sim_liar_choose(struct sim *sim);
/* That host lies from now on. */
void sim_liar_begin(struct sim_host *host);
/* Says something in the message's place; false: it is to be sent as it is. Within a turn
 * of that host. */
bool sim_liar_says(struct sim_host *host, struct session *session,
                   const struct buf *message);
bool sim_liar_is(const struct sim_host *host);
/* Nobody hears it any more. */
void sim_liar_end(struct sim *sim);
void sim_liar_free(struct sim *sim);

#endif
