#include "node/cases/trust.h"

/* Where the wall clock should stand now, had nobody set it. */
static bool has_jumped(const struct trust *trust, uint64_t ran_s, uint64_t wall)
{
    if (trust->looked_wall == 0 || wall == 0)
        return trust->looked_wall != wall;
    uint64_t expected = trust->looked_wall + ran_s;
    uint64_t apart = wall > expected ? wall - expected : expected - wall;
    return apart > TRUST_JUMP_S;
}

static enum trust_verdict judge(const struct trust *trust, uint64_t wall,
                                enum wall_quality quality)
{
    if (wall == 0)
        return TRUST_UNKNOWN;
    bool is_astray = wall + TRUST_BACK_S < trust->trusted_at ||
                     wall > trust->trusted_at + TRUST_AHEAD_S;
    if (trust->trusted_at != 0 && is_astray)
        return TRUST_ASTRAY;
    return quality == WALL_NTP || trust->has_word ? TRUST_YES : TRUST_NO_WORD;
}

struct trust_look trust_look(struct trust *trust, uint64_t now_ms, uint64_t wall,
                             enum wall_quality quality)
{
    struct trust_look look = {0};
    if (trust->has_looked) {
        look.ran_s = (now_ms - trust->looked_ms) / 1000;
        look.has_jumped = has_jumped(trust, look.ran_s, wall);
    }
    if (look.has_jumped) {
        look.ran_s = 0;
        trust->has_word = false;
    }
    look.verdict = judge(trust, wall, quality);
    if (look.verdict == TRUST_YES)
        trust->trusted_at = wall;
    trust->has_looked = true;
    trust->looked_ms = now_ms;
    trust->looked_wall = wall;
    return look;
}

void trust_give_word(struct trust *trust, uint64_t now_ms, uint64_t wall)
{
    *trust = (struct trust){.trusted_at = wall,
                            .has_word = true,
                            .has_looked = true,
                            .looked_ms = now_ms,
                            .looked_wall = wall};
}

const char *trust_text(enum trust_verdict verdict)
{
    static const char *const texts[] = {
        "the clock is trusted",
        "the clock is not set",
        "clock not trusted: neither the network nor a steward says that it is right",
        "clock not trusted: it stands before or far behind the moment at which it was "
        "trusted last",
    };
    return texts[verdict];
}
