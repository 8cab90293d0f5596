/*
 * planted: the switch of the planted bugs (bugs/). Copies of the node's sources ask it;
 * the sources themselves know nothing of it. docs/PLANTED.md.
 */
#ifndef FENGQIAO_TESTS_PLANTED_H
#define FENGQIAO_TESTS_PLANTED_H

#include <stdbool.h>

#include "planted_list.h"

enum planted_bug {
    PLANTED_NOTHING,
#define PLANTED_ENUM(upper, name, says, is_twin) PLANTED_##upper,
    PLANTED_LIST(PLANTED_ENUM)
#undef PLANTED_ENUM
        PLANTED_LEN,
};

/* The one that is awake in this process. */
extern enum planted_bug planted_now;
#define planted(upper) (planted_now == PLANTED_##upper)

const char *planted_name(enum planted_bug bug);
/* One sentence: what the node does wrong. */
const char *planted_says(enum planted_bug bug);
/* Only twins can see it: who lives it lives each seed twice. */
bool planted_is_twin(enum planted_bug bug);
/* "nothing" is the sound node; PLANTED_LEN: there is none of that name. */
enum planted_bug planted_find(const char *name);

#endif
