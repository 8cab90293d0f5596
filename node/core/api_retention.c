/* How long cases are kept, what will be erased and when, and a steward's words about
 * both. */
#include "node/cases/retention_rule.h"
#include "node/cases/view.h"
#include "node/core/api.h"
#include "node/core/author.h"
#include "node/core/retention.h"
#include "proto/date.h"

#define CATEGORY_MAX 120
#define REASON_MAX 4096
#define DAY_S (24 * 3600)

/* --- list --- */

struct notices {
    struct core *core;
    struct buf list;
    uint32_t len, closed;
};

static enum status pack_notice(void *context, const struct store_retention *row)
{
    struct notices *notices = context;
    struct buf view = {0}, *out = &notices->list;
    notices->closed++;
    if (row->due == RETIRE_NOTHING)
        return STATUS_OK;
    enum status status = api_view(notices->core, &row->scope, &view);
    if (status != STATUS_OK)
        return status;
    uint64_t left_s = RETENTION_NOTICE_S - row->notice_s;
    notices->len++;
    pack_map(out, 4);
    pack_str(out, "days_left");
    pack_uint(out, (left_s + DAY_S - 1) / DAY_S);
    api_pack_number(out, buf_bytes(&view));
    pack_str(out, "scope");
    pack_bin(out, row->scope.bytes, ID_SIZE);
    pack_str(out, "what");
    pack_str(out, retire_text((enum retire_what)row->due));
    buf_deinit(&view);
    return buf_status(out);
}

static void pack_rules(struct buf *out, struct bytes rules)
{
    struct retention_rule rule;
    uint32_t count = 0;
    while (retention_rule_at(rules, count, &rule))
        count++;
    pack_str(out, "rules");
    pack_array(out, count);
    for (uint32_t i = 0; retention_rule_at(rules, i, &rule); i++) {
        pack_map(out, 3);
        pack_str(out, "category");
        pack_str_bytes(out, rule.category);
        pack_str(out, "identity_years");
        pack_uint(out, rule.identity_years);
        pack_str(out, "years");
        pack_uint(out, rule.years);
    }
}

enum status api_retention_list(struct core *core, struct caller *caller,
                               const struct args *args, struct buf *result,
                               struct err *err)
{
    struct buf rules = {0};
    struct notices notices = {.core = core};
    enum status status = retention_look(core);
    if (status == STATUS_OK)
        status = core_check(core, retention_rules(core, &rules));
    if (status == STATUS_OK)
        status = core_check(core, store_retentions(core->store, pack_notice, &notices));
    if (status == STATUS_OK) {
        enum trust_verdict verdict = retention_verdict(core);
        pack_map(result, 5);
        pack_str(result, "clock");
        pack_str(result, trust_text(verdict));
        pack_str(result, "closed");
        pack_uint(result, notices.closed);
        pack_str(result, "is_trusted");
        pack_bool(result, verdict == TRUST_YES);
        pack_str(result, "notices");
        pack_array(result, notices.len);
        buf_append(result, &notices.list);
        pack_rules(result, buf_bytes(&rules));
    }
    buf_deinit(&rules);
    buf_deinit(&notices.list);
    return status;
}

/* --- set --- */

static enum status put_rule(struct core *core, const struct retention_rule *rule,
                            struct bytes rules, struct err *err)
{
    struct buf changed = {0};
    enum status status = retention_rules_set(rules, rule, &changed);
    if (status == STATUS_TOO_LARGE)
        status = err_set(err, status, "there are %d rules, and no more can be kept",
                         RETENTION_RULES_MAX);
    else if (status == STATUS_OK)
        status = store_meta_put(core->store, "retention", buf_bytes(&changed));
    buf_deinit(&changed);
    return core_check(core, status);
}

enum status api_retention_set(struct core *core, struct caller *caller,
                              const struct args *args, struct buf *result,
                              struct err *err)
{
    struct bytes category;
    struct buf rules = {0};
    enum status status = args_text(args, "category", CATEGORY_MAX, &category, err);
    if (status != STATUS_OK)
        return status;
    uint64_t years = args_number(args, "years", UINT64_MAX);
    if (years > RETENTION_YEARS_MAX)
        return err_set(err, STATUS_INVALID, "years is a number, 0 to %d",
                       RETENTION_YEARS_MAX);
    status = core_check(core, retention_rules(core, &rules));
    if (status != STATUS_OK)
        return status;
    struct retention_rule rule = retention_rule_for(buf_bytes(&rules), category, false);
    uint64_t identity_years =
        args_number(args, "identity_years",
                    rule.identity_years < years ? rule.identity_years : years);
    if (identity_years > years)
        status = err_set(err, STATUS_INVALID,
                         "identity_years is at most years: what is sealed goes first");
    if (status == STATUS_OK) {
        rule = (struct retention_rule){category, (uint8_t)years, (uint8_t)identity_years};
        status = put_rule(core, &rule, buf_bytes(&rules), err);
    }
    buf_deinit(&rules);
    return status;
}

/* --- keep, trust_clock --- */

enum status api_retention_keep(struct core *core, struct caller *caller,
                               const struct args *args, struct buf *result,
                               struct err *err)
{
    struct id scope;
    struct bytes reason;
    enum status status = api_find_case(core, args, &scope, err);
    if (status == STATUS_OK)
        status = args_text(args, "reason", REASON_MAX, &reason, err);
    if (status != STATUS_OK)
        return status;
    struct draft draft;
    draft_init(&draft, "keep", &scope);
    draft_flag(&draft, "kept", !args_flag(args, "end"));
    draft_text(&draft, "reason", reason);
    return api_write(core, caller, &draft, result, err);
}

/* Who says that the clock is right has to say what day it is: then it is no reflex. */
enum status api_retention_trust_clock(struct core *core, struct caller *caller,
                                      const struct args *args, struct buf *result,
                                      struct err *err)
{
    struct bytes today;
    int64_t said, day;
    char shown[DATE_TEXT_SIZE];
    enum status status = args_text(args, "today", DATE_TEXT_SIZE, &today, err);
    if (status != STATUS_OK)
        return status;
    if (!date_parse(today, &said))
        return err_set(err, STATUS_INVALID, "today is a date, as 2026-11-30");
    if (core->wall == 0)
        return err_set(err, STATUS_INVALID,
                       "this machine's clock is not set; set it, and say it again");
    day = date_of_seconds(core->wall, SITE_MINUTES_EAST);
    date_text(shown, day);
    if (said != day)
        return err_set(err, STATUS_DENIED,
                       "this machine's clock says that it is %s; one of you is wrong, "
                       "and so nothing is erased",
                       shown);
    return retention_give_word(core);
}
