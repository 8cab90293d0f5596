#include "node/cases/due.h"

#include <string.h>

#include "proto/pack.h"

#define TIER_MAX 4
#define NOT_BEFORE 1704067200u /* 2024-01-01 */
#define NOT_AFTER 4102444800u  /* 2100-01-01 */

/* Mediation takes 30 days at most, and so long may both sides ask the court to confirm
 * what they agreed. A cooling-off time is not in every matter: 0. Whether something
 * leaves the village is for a steward to say, within days. */
static const struct {
    const char *text;
    uint32_t days;
} waits[DUE_WAITS] = {
    [DUE_SETTLE] = {"settle", 30},   [DUE_FOLLOW_UP] = {"follow-up", 30},
    [DUE_CONFIRM] = {"confirm", 30}, [DUE_COOLING_OFF] = {"cooling-off", 0},
    [DUE_ANSWER] = {"answer", 15},   [DUE_RELEASE] = {"release", 3},
};

const char *due_wait_text(enum due_wait wait)
{
    return waits[wait].text;
}

bool due_wait_parse(struct bytes text, enum due_wait *wait)
{
    for (int i = 0; i < DUE_WAITS; i++) {
        if (!bytes_equal_str(text, waits[i].text))
            continue;
        *wait = (enum due_wait)i;
        return true;
    }
    return false;
}

uint32_t due_default(enum due_wait wait)
{
    return waits[wait].days;
}

/* --- the table --- */

/* 0: it says nothing about that; else the higher, the more it is about that alone. */
static uint32_t weight(const struct due_rule *rule, enum due_wait wait, uint32_t tier,
                       struct bytes category)
{
    bool has_category = rule->category.len > 0;
    if (rule->wait != wait || (rule->tier != 0 && rule->tier != tier) ||
        (has_category && !bytes_equal(rule->category, category)))
        return 0;
    return 1 + (rule->tier != 0) + 2 * has_category;
}

uint32_t due_days(const struct due_table *table, enum due_wait wait, uint32_t tier,
                  struct bytes category)
{
    uint32_t heaviest = 0, days = waits[wait].days;
    for (uint32_t i = 0; i < table->len; i++) {
        uint32_t here = weight(&table->rules[i], wait, tier, category);
        if (here <= heaviest)
            continue;
        heaviest = here;
        days = table->rules[i].days;
    }
    return days;
}

static bool is_same_place(const struct due_rule *a, const struct due_rule *b)
{
    return a->wait == b->wait && a->tier == b->tier &&
           bytes_equal(a->category, b->category);
}

static uint32_t place_of(const struct due_table *table, const struct due_rule *rule)
{
    uint32_t at = 0;
    while (at < table->len && !is_same_place(&table->rules[at], rule))
        at++;
    return at;
}

enum status due_table_set(struct due_table *table, const struct due_rule *rule)
{
    if (rule->days > DUE_DAYS_MAX || rule->tier > TIER_MAX ||
        rule->category.len > DUE_CATEGORY_MAX)
        return STATUS_INVALID;
    uint32_t at = place_of(table, rule);
    if (at == DUE_RULES_MAX)
        return STATUS_FULL;
    table->rules[at] = *rule;
    table->len += at == table->len;
    return STATUS_OK;
}

bool due_table_reset(struct due_table *table, const struct due_rule *rule)
{
    uint32_t at = place_of(table, rule);
    if (at == table->len)
        return false;
    table->len--;
    memmove(&table->rules[at], &table->rules[at + 1],
            (table->len - at) * sizeof(table->rules[0]));
    return true;
}

void due_table_pack(const struct due_table *table, struct buf *out)
{
    pack_array(out, table->len);
    for (uint32_t i = 0; i < table->len; i++) {
        const struct due_rule *rule = &table->rules[i];
        pack_array(out, 4);
        pack_uint(out, rule->wait);
        pack_uint(out, rule->tier);
        pack_str_bytes(out, rule->category);
        pack_uint(out, rule->days);
    }
}

static enum status read_number(struct pack_reader *reader, uint64_t max, uint64_t *number)
{
    enum status status = pack_read_uint(reader, number, NULL);
    if (status != STATUS_OK)
        return status;
    return *number <= max ? STATUS_OK : STATUS_INVALID;
}

static enum status read_rule(struct pack_reader *reader, struct due_table *table)
{
    uint32_t count;
    uint64_t wait = 0, tier = 0, days = 0;
    struct due_rule rule = {0};
    enum status status = pack_read_array(reader, &count, NULL);
    if (status == STATUS_OK && count != 4)
        status = STATUS_INVALID;
    if (status == STATUS_OK)
        status = read_number(reader, DUE_WAITS - 1, &wait);
    if (status == STATUS_OK)
        status = read_number(reader, TIER_MAX, &tier);
    if (status == STATUS_OK)
        status = pack_read_str(reader, &rule.category, NULL);
    if (status == STATUS_OK)
        status = read_number(reader, DUE_DAYS_MAX, &days);
    if (status != STATUS_OK)
        return status;
    rule.wait = (enum due_wait)wait;
    rule.tier = (uint32_t)tier;
    rule.days = (uint32_t)days;
    return due_table_set(table, &rule);
}

enum status due_table_parse(struct due_table *table, struct bytes bytes)
{
    uint32_t count = 0;
    *table = (struct due_table){0};
    enum status status = pack_check(bytes, NULL);
    struct pack_reader reader = pack_reader_of(bytes);
    if (status == STATUS_OK)
        status = pack_read_array(&reader, &count, NULL);
    for (uint32_t i = 0; status == STATUS_OK && i < count; i++)
        status = read_rule(&reader, table);
    return status;
}

/* --- today --- */

bool due_is_trusted(uint64_t wall, enum wall_quality quality)
{
    return quality != WALL_NONE && wall >= NOT_BEFORE && wall < NOT_AFTER;
}

enum due_state due_state(int64_t due, int64_t today, uint32_t *days)
{
    *days = (uint32_t)(due < today ? today - due : due - today);
    if (due < today)
        return DUE_OVERDUE;
    if (due == today)
        return DUE_TODAY;
    return *days <= DUE_SOON_DAYS ? DUE_NEAR : DUE_IN_TIME;
}

static const struct {
    const char *colour, *words;
} states[] = {
    [DUE_IN_TIME] = {"green", "in time"},
    [DUE_NEAR] = {"yellow", "due soon"},
    [DUE_TODAY] = {"yellow", "due today"},
    [DUE_OVERDUE] = {"red", "overdue"},
    [DUE_COOLING] = {"blue", "cooling off"},
    [DUE_DONE] = {"white", "done"},
    [DUE_NOT_TRUSTED] = {"grey", "clock not trusted"},
};

const char *due_colour(enum due_state state)
{
    return states[state].colour;
}

const char *due_words(enum due_state state)
{
    return states[state].words;
}
