/* due, due.table, due.set, due.reset: what waits until when, and how long it may. */
#include "node/cases/charter.h"
#include "node/cases/view.h"
#include "node/core/answer_due.h"
#include "node/core/api.h"
#include "node/core/charters.h"
#include "node/core/course.h"
#include "node/core/due_list.h"
#include "node/core/due_table.h"
#include "node/core/state.h"
#include "node/core/undone.h"
#include "storage/store_listings.h"

#define WORD_MAX 32
#define DAY_S (24 * 3600)

/* --- the list --- */

struct asked {
    struct core *core;
    struct due_list list;
    struct due_table table;
    uint32_t tier;
};

/* So many days after a moment that an op claims. */
static void add_wait(struct asked *asked, struct due_item *item, enum due_wait wait,
                     uint64_t since, uint32_t days)
{
    int64_t day;
    item->wait = due_wait_text(wait);
    item->has_due = due_list_day(since, &day);
    item->due = item->has_due ? day + days : 0;
    due_list_add(&asked->list, item);
}

static void add_settled(struct asked *asked, struct due_item *item,
                        const struct course *course, struct bytes category)
{
    int64_t day;
    uint32_t cooling = due_days(&asked->table, DUE_COOLING_OFF, asked->tier, category);
    uint32_t confirm = due_days(&asked->table, DUE_CONFIRM, asked->tier, category);
    bool is_known = due_list_day(course->settled, &day) && asked->list.is_trusted;
    if (cooling > 0 && (!is_known || day + cooling >= asked->list.today)) {
        item->is_cooling = true;
        add_wait(asked, item, DUE_COOLING_OFF, course->settled, cooling);
        item->is_cooling = false;
    }
    /* Once the time to ask is over, there is nothing left to do. */
    if (course->is_agreed && confirm > 0 &&
        (!is_known || day + confirm >= asked->list.today))
        add_wait(asked, item, DUE_CONFIRM, course->settled, confirm);
}

static void add_follow_up(struct asked *asked, struct due_item *item,
                          const struct course *course, struct bytes category,
                          bool is_settled)
{
    uint32_t days = due_days(&asked->table, DUE_FOLLOW_UP, asked->tier, category);
    if (is_settled && days > 0)
        add_wait(asked, item, DUE_FOLLOW_UP, course->settled, days);
    if (is_settled || !course->has_again)
        return;
    item->wait = due_wait_text(DUE_FOLLOW_UP);
    item->has_due = true;
    item->due = course->again;
    due_list_add(&asked->list, item);
}

static enum status look_at_case(void *context, const struct store_scope *scope)
{
    struct asked *asked = context;
    struct bytes view = scope->view, category = {0}, state = view_state(view);
    struct course course;
    struct due_item item = {.number = api_case_number(view), .scope = &scope->id};
    (void)view_text(view, "title", &item.title);  /* empty where it was erased */
    (void)view_text(view, "category", &category); /* the same */
    course_read(view, &course);
    bool is_settled = bytes_equal_str(state, "settled");
    if (is_settled || bytes_equal_str(state, "followed-up") ||
        bytes_equal_str(state, "closed")) {
        add_follow_up(asked, &item, &course, category, is_settled);
        if (course.settled != 0)
            add_settled(asked, &item, &course, category);
    } else {
        uint32_t days = due_days(&asked->table, DUE_SETTLE, asked->tier, category);
        if (days > 0)
            add_wait(asked, &item, DUE_SETTLE, course.begun, days);
    }
    uint32_t release = due_days(&asked->table, DUE_RELEASE, asked->tier, category);
    if (course.waits_for_release && release > 0)
        add_wait(asked, &item, DUE_RELEASE, course.asked, release);
    api_list_tasks(&asked->list, &scope->id, view, false);
    return STATUS_OK;
}

/* --- records from below --- */

static enum status look_at_record(void *context, const struct store_scope *scope)
{
    struct asked *asked = context;
    struct answer_due answer;
    struct due_item item = {.scope = &scope->id};
    answer_due_read(asked->core, &asked->table, asked->tier, scope, &answer);
    if (!answer.waits || answer.days == 0)
        return STATUS_OK;
    (void)view_text(scope->view, "title", &item.title); /* empty where withheld */
    item.is_danger = view_is_in_danger(scope->view);
    add_wait(asked, &item, DUE_ANSWER, answer.received, answer.days);
    return STATUS_OK;
}

/* --- which of them are looked at --- */

static uint32_t most_days(const struct due_table *table, enum due_wait wait)
{
    uint32_t days = due_default(wait);
    for (uint32_t i = 0; i < table->len; i++)
        if (table->rules[i].wait == wait && table->rules[i].days > days)
            days = table->rules[i].days;
    return days;
}

/* Of a case that was settled before this second, and is closed, nothing is counted any
 * more; where nobody knows the time, nothing is over. A day more, since days begin at
 * midnight. */
static uint64_t settled_since(const struct asked *asked)
{
    uint64_t days = most_days(&asked->table, DUE_CONFIRM);
    uint64_t cooling = most_days(&asked->table, DUE_COOLING_OFF);
    uint64_t seconds = ((cooling > days ? cooling : days) + 1) * DAY_S;
    /* What is trusted lies decades after 1970, and no time is as long. */
    return asked->list.is_trusted ? asked->core->wall - seconds : 1;
}

enum status api_due(struct core *core, struct caller *caller, const struct args *args,
                    struct buf *result, struct err *err)
{
    struct asked asked = {.core = core};
    struct buf memory = {0};
    uint64_t limit = args_number(args, "limit", DUE_ITEMS);
    struct charter *charter = charters_of_site(core, &core->site);
    if (charter == NULL) /* never, but where its memory failed */
        return core_check(core, STATUS_CORRUPT);
    asked.tier = charter_tier(charter);
    due_list_begin(&asked.list, core, limit);
    asked.list.is_overdue_only = args_flag(args, "overdue");
    const struct remembered_key key = {.method = REMEMBERED_DUE,
                                       .limit = limit,
                                       .changes = core->changes,
                                       .today = asked.list.today,
                                       .is_overdue_only = asked.list.is_overdue_only,
                                       .is_trusted = asked.list.is_trusted};
    if (remembered_get(core, &key, result)) {
        due_list_deinit(&asked.list);
        return STATUS_OK;
    }
    enum status status = due_table_load(core, &asked.table, &memory);
    if (status == STATUS_OK)
        status = core_check(core, store_listings_waiting(core->store, SCOPE_CASE,
                                                         settled_since(&asked),
                                                         look_at_case, &asked));
    if (status == STATUS_OK)
        status = core_check(core, store_listings_waiting(core->store, SCOPE_ESCALATION,
                                                         UNDONE_ALWAYS, look_at_record,
                                                         &asked));
    if (status == STATUS_OK)
        status = core_check(core, due_list_pack(&asked.list, result));
    if (status == STATUS_OK)
        remembered_put(core, &key, buf_bytes(result));
    due_list_deinit(&asked.list);
    buf_deinit(&memory);
    return status;
}

/* --- the table --- */

static void pack_rule(struct buf *out, const struct due_rule *rule, bool is_default)
{
    const char *tier = rule->tier == 0 ? "" : charter_tier_text(rule->tier);
    pack_map(out, 5);
    pack_str(out, "category");
    pack_str_bytes(out, rule->category);
    pack_str(out, "days");
    pack_uint(out, rule->days);
    pack_str(out, "default");
    pack_bool(out, is_default);
    pack_str(out, "tier");
    pack_str(out, tier);
    pack_str(out, "wait");
    pack_str(out, due_wait_text(rule->wait));
}

/* The site's own rules first, then what holds where they say nothing. */
static void pack_table(struct buf *out, const struct due_table *table)
{
    pack_map(out, 1);
    pack_str(out, "rules");
    pack_array(out, table->len + DUE_WAITS);
    for (uint32_t i = 0; i < table->len; i++)
        pack_rule(out, &table->rules[i], false);
    for (int i = 0; i < DUE_WAITS; i++) {
        const struct due_rule rule = {.wait = (enum due_wait)i,
                                      .days = due_default((enum due_wait)i)};
        pack_rule(out, &rule, true);
    }
}

enum status api_due_table(struct core *core, struct caller *caller,
                          const struct args *args, struct buf *result, struct err *err)
{
    struct due_table table;
    struct buf memory = {0};
    enum status status = due_table_load(core, &table, &memory);
    if (status == STATUS_OK)
        pack_table(result, &table);
    buf_deinit(&memory);
    return status;
}

static enum status read_tier(const struct args *args, uint32_t *tier, struct err *err)
{
    struct bytes text;
    enum status status = args_text_optional(args, "tier", WORD_MAX, &text, err);
    *tier = 0;
    if (status != STATUS_OK || text.len == 0)
        return status;
    for (uint32_t i = TIER_VILLAGE; i <= TIER_DEPARTMENT; i++) {
        if (!bytes_equal_str(text, charter_tier_text(i)))
            continue;
        *tier = i;
        return STATUS_OK;
    }
    return err_set(err, STATUS_INVALID,
                   "tier is one of: village, township, county, department");
}

/* Which rule is meant. */
static enum status read_rule(const struct args *args, struct due_rule *rule,
                             struct err *err)
{
    struct bytes wait;
    enum status status = args_text(args, "wait", WORD_MAX, &wait, err);
    if (status == STATUS_OK && !due_wait_parse(wait, &rule->wait))
        status = err_set(err, STATUS_INVALID,
                         "wait is one of: settle, follow-up, confirm, cooling-off, "
                         "answer, release");
    if (status == STATUS_OK)
        status =
            args_text_optional(args, "category", DUE_CATEGORY_MAX, &rule->category, err);
    return status == STATUS_OK ? read_tier(args, &rule->tier, err) : status;
}

enum status api_due_set(struct core *core, struct caller *caller, const struct args *args,
                        struct buf *result, struct err *err)
{
    struct due_table table;
    struct due_rule rule = {0};
    struct buf memory = {0};
    uint64_t days = args_number(args, "days", UINT64_MAX);
    enum status status = read_rule(args, &rule, err);
    if (status == STATUS_OK && days > DUE_DAYS_MAX)
        status = err_set(err, STATUS_INVALID, "days is a number of at most %d (0: none)",
                         DUE_DAYS_MAX);
    if (status != STATUS_OK)
        return status;
    rule.days = (uint32_t)days;
    status = due_table_load(core, &table, &memory);
    if (status == STATUS_OK && due_table_set(&table, &rule) != STATUS_OK)
        status = err_set(err, STATUS_TOO_LARGE,
                         "the table has its %d rules; reset one first", DUE_RULES_MAX);
    if (status == STATUS_OK)
        status = due_table_keep(core, &table);
    if (status == STATUS_OK)
        pack_table(result, &table);
    buf_deinit(&memory);
    return status;
}

enum status api_due_reset(struct core *core, struct caller *caller,
                          const struct args *args, struct buf *result, struct err *err)
{
    struct due_table table;
    struct due_rule rule = {0};
    struct bytes raw;
    struct buf memory = {0};
    bool is_one = args_raw(args, "wait", &raw);
    if (!is_one && (args_raw(args, "category", &raw) || args_raw(args, "tier", &raw)))
        return err_set(err, STATUS_INVALID,
                       "say which wait; without one, and without category and tier, the "
                       "whole table is reset");
    enum status status = is_one ? read_rule(args, &rule, err) : STATUS_OK;
    if (status != STATUS_OK)
        return status;
    status = due_table_load(core, &table, &memory);
    if (status == STATUS_OK && is_one && !due_table_reset(&table, &rule))
        status = err_set(err, STATUS_NOT_FOUND, "the table has no such rule of its own");
    table.len = is_one ? table.len : 0;
    if (status == STATUS_OK)
        status = due_table_keep(core, &table);
    if (status == STATUS_OK)
        pack_table(result, &table);
    buf_deinit(&memory);
    return status;
}
