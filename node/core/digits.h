/*
 * digits: the first digits of an id, as a person types them: hex, in either case.
 */
#ifndef FENGQIAO_NODE_CORE_DIGITS_H
#define FENGQIAO_NODE_CORE_DIGITS_H

#include <stdbool.h>

#include "proto/op.h"

#define OP_TEXT_MIN 8 /* digits that name an op */

struct digits {
    char text[2 * ID_SIZE + 1]; /* in lower case */
    size_t len;
};

/* false: it is none, has fewer digits than that, or more than an id. */
bool digits_read(struct digits *digits, struct bytes text, size_t min);
bool digits_match(const struct digits *digits, const struct id *id);
/* The whole id; false where it is only the beginning of one. */
bool digits_id(const struct digits *digits, struct id *id);

#endif
