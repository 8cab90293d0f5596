#include "node/cases/lifecycle.h"

#include <string.h>

#define TO(state)                                                                        \
    {                                                                                    \
        .to = LIFECYCLE_##state                                                          \
    }
#define NO(effect)                                                                       \
    {                                                                                    \
        .refusal = EFFECT_##effect                                                       \
    }

/* An agreement by word of mouth is settled, followed up and closed in one breath. */
static const char *const by_word[] = {"follow-up", "oral", "outcome", NULL};

/* registered, triaged, handling, escalated, settled, followed up, closed */
static const struct lifecycle_step steps[] = {
    {.kind = "triage",
     .moves = true,
     .from = {TO(TRIAGED), TO(TRIAGED), TO(TRIAGED), TO(ESCALATED), TO(TRIAGED),
              TO(TRIAGED), NO(CLOSED)}},
    {.kind = "handle",
     .moves = true,
     .from = {NO(NOT_TRIAGED), TO(HANDLING), TO(HANDLING), TO(ESCALATED), TO(HANDLING),
              TO(HANDLING), NO(CLOSED)}},
    /* It tells of what has left already, and is never to be overlooked. */
    {.kind = "sent",
     .moves = true,
     .from = {TO(ESCALATED), TO(ESCALATED), TO(ESCALATED), TO(ESCALATED), TO(ESCALATED),
              TO(ESCALATED), TO(ESCALATED)}},
    {.kind = "settle",
     .moves = true,
     .from = {NO(NOT_TRIAGED), TO(SETTLED), TO(SETTLED), TO(SETTLED), TO(SETTLED),
              TO(SETTLED), NO(CLOSED)}},
    /* What was agreed is looked after when the case is closed, too. */
    {.kind = "follow-up",
     .moves = true,
     .from = {NO(NOT_SETTLED), NO(NOT_SETTLED), NO(NOT_SETTLED), NO(NOT_SETTLED),
              TO(FOLLOWED_UP), TO(FOLLOWED_UP), TO(CLOSED)}},
    {.kind = "close",
     .naming = by_word,
     .moves = true,
     .from = {TO(CLOSED), TO(CLOSED), TO(CLOSED), TO(CLOSED), TO(CLOSED), TO(CLOSED),
              NO(CLOSED)}},
    {.kind = "close",
     .moves = true,
     .from = {NO(NOT_SETTLED), NO(NOT_SETTLED), NO(NOT_SETTLED), NO(NOT_SETTLED),
              NO(NOT_FOLLOWED_UP), TO(CLOSED), NO(CLOSED)}},
    {.kind = "reopen",
     .moves = true,
     .from = {NO(NOT_CLOSED), NO(NOT_CLOSED), NO(NOT_CLOSED), NO(NOT_CLOSED),
              NO(NOT_CLOSED), NO(NOT_CLOSED), TO(HANDLING)}},
    {.kind = "task",
     .from = {TO(REGISTERED), TO(TRIAGED), TO(HANDLING), TO(ESCALATED), TO(SETTLED),
              TO(FOLLOWED_UP), NO(CLOSED)}},
    {.kind = "request",
     .from = {NO(NOT_TRIAGED), TO(TRIAGED), TO(HANDLING), TO(ESCALATED), TO(SETTLED),
              TO(FOLLOWED_UP), NO(CLOSED)}},
};

#define STEPS (sizeof(steps) / sizeof(steps[0]))

static const struct {
    const char *text, *zh;
    int done; /* of two, the one with less of it is what is left to be done */
} states[LIFECYCLE_STATES] = {
    [LIFECYCLE_REGISTERED] = {"registered", "已登记", 3},
    [LIFECYCLE_TRIAGED] = {"triaged", "已分诊", 2},
    [LIFECYCLE_HANDLING] = {"handling", "办理中", 1},
    [LIFECYCLE_ESCALATED] = {"escalated", "已上报", 0},
    [LIFECYCLE_SETTLED] = {"settled", "已有结果", 4},
    [LIFECYCLE_FOLLOWED_UP] = {"followed-up", "已回访", 5},
    [LIFECYCLE_CLOSED] = {"closed", "已销号", 6},
};

const struct lifecycle_step *lifecycle_steps(size_t *len)
{
    *len = STEPS;
    return steps;
}

static bool names_all(const struct op *op, const char *const *fields)
{
    for (; *fields != NULL; fields++)
        if (op_field(op, *fields) == NULL)
            return false;
    return true;
}

const struct lifecycle_step *lifecycle_step(const struct op *op)
{
    for (size_t i = 0; i < STEPS; i++)
        if (op_is_kind(op, steps[i].kind) &&
            (steps[i].naming == NULL || names_all(op, steps[i].naming)))
            return &steps[i];
    return NULL;
}

const char *lifecycle_state_text(enum lifecycle_state state)
{
    return states[state].text;
}

const char *lifecycle_state_zh(enum lifecycle_state state)
{
    return states[state].zh;
}

enum lifecycle_state lifecycle_join(enum lifecycle_state a, enum lifecycle_state b)
{
    return states[a].done < states[b].done ? a : b;
}
