#include "node/cases/role.h"

#include "proto/pack.h"

/* In order of their bits. */
static const char *const words[] = {"steward", "mediator",  "desk", "observer", "auditor",
                                    "judge",   "authority", "node", "recovery"};

static const char *const words_zh[] = {"管理员",   "调解员", "窗口人员",
                                       "观察员",   "审计员", "法官",
                                       "主管机关", "本机",   "恢复密钥持有人"};

#define WORDS (sizeof(words) / sizeof(words[0]))
_Static_assert(sizeof(words) == sizeof(words_zh),
               "each role has a word in both languages");
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

const char *role_text_zh(uint32_t role)
{
    for (uint32_t i = 0; i < WORDS; i++)
        if (role == 1u << i)
            return words_zh[i];
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
