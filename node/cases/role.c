#include "node/cases/role.h"

#include "proto/pack.h"

/* In order of their bits. */
static const char *const words[] = {"steward", "mediator",  "desk", "observer", "auditor",
                                    "judge",   "authority", "node", "recovery"};

#define WORDS (sizeof(words) / sizeof(words[0]))
#define GIVEN_BY_PERSON 7 /* node and recovery come by other ops */

uint32_t role_from_text(struct bytes text)
{
    for (uint32_t i = 0; i < GIVEN_BY_PERSON; i++)
        if (bytes_equal_str(text, words[i]))
            return 1u << i;
    return 0;
}

const char *role_text(uint32_t role)
{
    for (uint32_t i = 0; i < WORDS; i++)
        if (role == 1u << i)
            return words[i];
    return NULL;
}

void role_pack(uint32_t roles, struct buf *out)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < WORDS; i++)
        count += (roles >> i) & 1;
    pack_array(out, count);
    for (uint32_t i = 0; i < WORDS; i++)
        if (roles & 1u << i)
            pack_str(out, words[i]);
}
