/*
 * retention_rule: for how many years after its closing a case is kept, by category. The
 * rules that a site has set are canonical bytes: [[category, years, identity years]…],
 * ascending by category; empty bytes: none was set.
 */
#ifndef FENGQIAO_CASES_RETENTION_RULE_H
#define FENGQIAO_CASES_RETENTION_RULE_H

#include <stdbool.h>
#include <stdint.h>

#include "node/cases/retire.h"
#include "proto/bytes.h"
#include "proto/status.h"

/* In place of a category: all that have no rule of their own; cases of minors, whatever
 * their category. */
#define RETENTION_OTHERS "*"
#define RETENTION_MINOR "minor"
#define RETENTION_YEARS_MAX 100
#define RETENTION_RULES_MAX 64

struct retention_rule {
    struct bytes category; /* borrowed */
    uint8_t years;
    uint8_t identity_years; /* what is sealed goes earlier; at most years */
};

/* The rule for a case; where the site has set none, 5 years and 1, for minors 2 and 1. */
struct retention_rule retention_rule_for(struct bytes rules, struct bytes category,
                                         bool is_minor);
/* The word of a tombstone: "category", "others", "minor". */
const char *retention_rule_word(const struct retention_rule *rule);
/* Rule number i as it applies: those that were set, then what stands in for the two
 * that were not. False: there are no more. */
bool retention_rule_at(struct bytes rules, uint32_t i, struct retention_rule *rule);
/* Appends the rules with this one. TOO_LARGE: there are RETENTION_RULES_MAX. */
enum status retention_rules_set(struct bytes rules, const struct retention_rule *rule,
                                struct buf *out) MUST_USE;

/* What of a case that was closed then has had its time at that moment (both wall
 * seconds). */
enum retire_what retention_due(const struct retention_rule *rule, uint64_t closed_at,
                               uint64_t wall);

#endif
