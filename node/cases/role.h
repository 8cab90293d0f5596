/*
 * role: what a key may be in its site's charter. Bits, because a person may be several.
 */
#ifndef FENGQIAO_CASES_ROLE_H
#define FENGQIAO_CASES_ROLE_H

#include <stdint.h>

#include "proto/bytes.h"

enum role {
    ROLE_STEWARD = 1 << 0,
    ROLE_MEDIATOR = 1 << 1,
    ROLE_DESK = 1 << 2,
    ROLE_OBSERVER = 1 << 3,
    ROLE_AUDITOR = 1 << 4,
    ROLE_JUDGE = 1 << 5,     /* rules … */
    ROLE_AUTHORITY = 1 << 6, /* … as does who may decide in an administrative matter */
    ROLE_NODE = 1 << 7,      /* a machine of the site */
    ROLE_RECOVERY = 1 << 8,  /* the recovery key of the founding op */
};

/* The bit of a role that a `person` op may give ("steward", "mediator", "desk",
 * "observer", "auditor", "judge", "authority"); 0 for any other word. */
uint32_t role_from_text(struct bytes text);
/* The word of one bit, NULL where it is none. */
const char *role_text(uint32_t role);
const char *role_text_zh(uint32_t role);
/* Appends an array of the words of all bits, lowest bit first. */
void role_pack(uint32_t roles, struct buf *out);

#endif
