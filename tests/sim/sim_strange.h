/*
 * sim_strange: a node that says something else in the place of each message of a name,
 * for the tests of this folder.
 */
#ifndef FENGQIAO_TESTS_SIM_STRANGE_H
#define FENGQIAO_TESTS_SIM_STRANGE_H

#include "tests/sim/sim_county.h"

struct strange {
    const char *name;                       /* instead of that message */
    void (*write)(int which, struct buf *); /* what goes; nothing: the message itself */
    int which, times;
};
/* The mutator; context: struct strange. */
void strange_say(void *context, struct bytes message, struct buf *out);

#endif
