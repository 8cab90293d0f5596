#include "node/cases/retention_rule.h"

#include "proto/date.h"
#include "proto/limits.h"
#include "proto/pack.h"

#define OTHERS_LEN 2

static const struct {
    const char *category;
    uint8_t years, identity_years;
} otherwise[OTHERS_LEN] = {{RETENTION_OTHERS, 5, 1}, {RETENTION_MINOR, 2, 1}};

static bool read_number(struct pack_reader *reader, uint8_t *number)
{
    uint64_t wide;
    if (pack_read_uint(reader, &wide, NULL) != STATUS_OK || wide > RETENTION_YEARS_MAX)
        return false;
    *number = (uint8_t)wide;
    return true;
}

static bool read_rule(struct pack_reader *reader, struct retention_rule *rule)
{
    uint32_t three;
    return pack_read_array(reader, &three, NULL) == STATUS_OK && three == 3 &&
           pack_read_str(reader, &rule->category, NULL) == STATUS_OK &&
           read_number(reader, &rule->years) &&
           read_number(reader, &rule->identity_years);
}

/* Of those that were set. */
static bool rule_set_at(struct bytes rules, uint32_t i, struct retention_rule *rule)
{
    struct pack_reader reader = pack_reader_of(rules);
    uint32_t count;
    if (rules.len == 0 || pack_read_array(&reader, &count, NULL) != STATUS_OK ||
        i >= count)
        return false;
    for (uint32_t n = 0; n <= i; n++)
        if (!read_rule(&reader, rule))
            return false;
    return true;
}

static bool find_set(struct bytes rules, struct bytes category,
                     struct retention_rule *rule)
{
    for (uint32_t i = 0; rule_set_at(rules, i, rule); i++)
        if (bytes_equal(rule->category, category))
            return true;
    return false;
}

static struct retention_rule otherwise_rule(int i)
{
    return (struct retention_rule){bytes_str(otherwise[i].category), otherwise[i].years,
                                   otherwise[i].identity_years};
}

struct retention_rule retention_rule_for(struct bytes rules, struct bytes category,
                                         bool is_minor)
{
    struct retention_rule rule;
    if (!is_minor && find_set(rules, category, &rule))
        return rule;
    struct retention_rule stands_in = otherwise_rule(is_minor);
    return find_set(rules, stands_in.category, &rule) ? rule : stands_in;
}

const char *retention_rule_word(const struct retention_rule *rule)
{
    if (bytes_equal_str(rule->category, RETENTION_OTHERS))
        return "others";
    return bytes_equal_str(rule->category, RETENTION_MINOR) ? "minor" : "category";
}

bool retention_rule_at(struct bytes rules, uint32_t i, struct retention_rule *rule)
{
    uint32_t set_len = 0;
    while (rule_set_at(rules, set_len, rule))
        set_len++;
    if (i < set_len)
        return rule_set_at(rules, i, rule);
    i -= set_len;
    for (int n = 0; n < OTHERS_LEN; n++) {
        struct retention_rule set;
        if (find_set(rules, bytes_str(otherwise[n].category), &set))
            continue;
        *rule = otherwise_rule(n);
        if (i-- == 0)
            return true;
    }
    return false;
}

static void pack_rule(struct buf *out, const struct retention_rule *rule)
{
    pack_array(out, 3);
    pack_str_bytes(out, rule->category);
    pack_uint(out, rule->years);
    pack_uint(out, rule->identity_years);
}

enum status retention_rules_set(struct bytes rules, const struct retention_rule *rule,
                                struct buf *out)
{
    struct retention_rule other;
    uint32_t count = 0;
    bool is_new = !find_set(rules, rule->category, &other), is_written = false;
    while (rule_set_at(rules, count, &other))
        count++;
    if (is_new && count == RETENTION_RULES_MAX)
        return STATUS_TOO_LARGE;
    pack_array(out, count + is_new);
    for (uint32_t i = 0; rule_set_at(rules, i, &other); i++) {
        int order = bytes_compare(other.category, rule->category);
        if (order >= 0 && !is_written) {
            pack_rule(out, rule);
            is_written = true;
        }
        if (order != 0)
            pack_rule(out, &other);
    }
    if (!is_written)
        pack_rule(out, rule);
    return buf_status(out);
}

enum retire_what retention_due(const struct retention_rule *rule, uint64_t closed_at,
                               uint64_t wall)
{
    int64_t closed = date_of_seconds(closed_at, SITE_MINUTES_EAST);
    int64_t today = date_of_seconds(wall, SITE_MINUTES_EAST);
    if (today >= date_add_months(closed, 12u * rule->years))
        return RETIRE_CONTENTS;
    return today >= date_add_months(closed, 12u * rule->identity_years)
               ? RETIRE_IDENTITIES
               : RETIRE_NOTHING;
}
