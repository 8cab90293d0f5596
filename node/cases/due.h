/*
 * due: until when something has to be done. A table says how many days each kind of wait
 * may take, by tier and category; a site changes it as it likes. A day is a day of the
 * calendar (date.h). Nothing is ever gated by it: it is shown, and that is all.
 *
 *   wait    what is waited for: an outcome, a follow-up, that the court is asked to
 *           confirm an agreement, the end of a cooling-off time, an answer to a record,
 *           a steward's word on a request to escalate
 *   rule    so many days for one wait, of one tier or all (0), of one category or all
 * ("") state   how a due day stands today; a colour, never without its words
 */
#ifndef FENGQIAO_CASES_DUE_H
#define FENGQIAO_CASES_DUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "proto/bytes.h"
#include "proto/op.h"

enum due_wait {
    DUE_SETTLE,
    DUE_FOLLOW_UP,
    DUE_CONFIRM,
    DUE_COOLING_OFF,
    DUE_ANSWER,
    DUE_RELEASE,
    DUE_WAITS,
};

#define DUE_CATEGORY_MAX 120 /* bytes, as the category of a case */
#define DUE_DAYS_MAX 3660
#define DUE_SOON_DAYS 3 /* so many before the day it is said to be near */
#define DUE_RULES_MAX 64

struct due_rule {
    enum due_wait wait;
    uint32_t tier;         /* 0: every tier */
    struct bytes category; /* empty: every category */
    uint32_t days;         /* 0: there is no such wait */
};

/* A zeroed table has no rules of its own. */
struct due_table {
    struct due_rule rules[DUE_RULES_MAX]; /* borrows its categories */
    uint32_t len;
};

/* "settle", "follow-up", "confirm", "cooling-off", "answer", "release". */
const char *due_wait_text(enum due_wait wait);
bool due_wait_parse(struct bytes text, enum due_wait *wait);
/* How many days where a table says nothing. */
uint32_t due_default(enum due_wait wait);
/* How many days. Of the rules that fit, one for the category comes before one for the
 * tier, that before one for all, and the table before the defaults. */
uint32_t due_days(const struct due_table *table, enum due_wait wait, uint32_t tier,
                  struct bytes category);
/* Puts a rule in the place of the one for the same wait, tier and category, or behind the
 * last. FULL; INVALID: more than DUE_DAYS_MAX days, or a category that is too long. */
enum status due_table_set(struct due_table *table, const struct due_rule *rule) MUST_USE;
/* False: there was none. */
bool due_table_reset(struct due_table *table, const struct due_rule *rule);
/* Canonical bytes, and back. INVALID where they are not what due_table_pack writes. */
void due_table_pack(const struct due_table *table, struct buf *out);
enum status due_table_parse(struct due_table *table, struct bytes bytes) MUST_USE;

/* Is this what a clock would say? Not without one, and not before this was written or
 * after the century. */
bool due_is_trusted(uint64_t wall, enum wall_quality quality);

enum due_state {
    DUE_IN_TIME,
    DUE_NEAR,
    DUE_TODAY,
    DUE_OVERDUE,
    DUE_COOLING,
    DUE_DONE,
    DUE_NOT_TRUSTED,
};

/* In time, near, today or overdue. days: how many are left, or how many it is over. */
enum due_state due_state(int64_t due, int64_t today, uint32_t *days);
/* "green", and "in time". */
const char *due_colour(enum due_state state);
const char *due_words(enum due_state state);

#endif
