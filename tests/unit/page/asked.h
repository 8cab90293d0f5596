/* A visit whose screen made one call, and what the call gave. */
#ifndef FENGQIAO_TESTS_PAGE_ASKED_H
#define FENGQIAO_TESTS_PAGE_ASKED_H

#include "node/page/pairs.h"
#include "node/page/screen.h"
#include "node/page/visit.h"

struct asked {
    struct screen screen;
    struct visit visit;
    struct pairs values;
    struct buf map; /* of the values, once they were packed */
};

/* A call of that name that gave the result, in Chinese. */
void asked_init(struct asked *asked, const char *as, const struct buf *result);
/* The value that the hook put there, as it stands. */
struct bytes asked_value(struct asked *asked, const char *name);
void asked_deinit(struct asked *asked);

/* The number-th element of a list, from 0 on. */
struct bytes asked_element(struct bytes list, uint32_t number);

#endif
