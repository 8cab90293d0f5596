/*
 * conform_negentropy: our set reconciliation behind the line protocol of the reference's
 * test drivers, so that any implementation can be run against it. From standard input:
 *
 *   item,TIME,ID   adds an item (decimal, 64 hex digits)
 *   seal           no more items
 *   initiate       → msg,HEX; from here on this side is the initiator
 *   msg,HEX        → initiator: have,ID and need,ID lines, then msg,HEX or done
 *                    responder: msg,HEX
 *
 * FRAMESIZELIMIT in the environment: the longest message to write, 0 or absent for none.
 */
#ifndef FENGQIAO_TESTS_CONFORM_NEGENTROPY_H
#define FENGQIAO_TESTS_CONFORM_NEGENTROPY_H

/* Serves until the end of input. 0, or 1 with a line on standard error. */
int conform_negentropy(void);

#endif
