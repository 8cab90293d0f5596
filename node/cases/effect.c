#include "node/cases/effect.h"

#include <stddef.h>

static const struct {
    const char *name, *text;
} effects[] = {
#define EFFECT_ROW(name, word, text) {word, text},
    EFFECT_LIST(EFFECT_ROW)
#undef EFFECT_ROW
};

#define EFFECTS (sizeof(effects) / sizeof(effects[0]))

const char *effect_name(enum effect effect)
{
    return (size_t)effect < EFFECTS ? effects[effect].name : "unknown";
}

const char *effect_text(enum effect effect)
{
    return (size_t)effect < EFFECTS ? effects[effect].text : "unknown";
}
