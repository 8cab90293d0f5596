#include "node/core/retention.h"

#include "node/cases/retention_rule.h"
#include "node/cases/view.h"
#include "node/core/api.h"
#include "node/core/author.h"
#include "node/core/scope_ops.h"
#include "node/core/state.h"

#define KEEP_EVERY_S (24 * 3600)
#define HEADS_MAX                                                                        \
    256 /* of the field `heads`; what is beneath others goes the next time */

/* --- what is kept of the clock: [trusted_at, has_word] --- */

static enum status load_trust(struct core *core)
{
    struct buf value = {0};
    struct trust *trust = &core->retention.trust;
    if (core->retention.is_loaded)
        return STATUS_OK;
    enum status status = store_meta_get(core->store, "clock-trust", &value);
    if (status == STATUS_OK) {
        struct pack_reader reader = pack_reader_of(buf_bytes(&value));
        uint32_t two;
        uint64_t has_word = 0;
        if (pack_read_array(&reader, &two, NULL) != STATUS_OK ||
            pack_read_uint(&reader, &trust->trusted_at, NULL) != STATUS_OK ||
            pack_read_uint(&reader, &has_word, NULL) != STATUS_OK)
            status = STATUS_CORRUPT;
        trust->has_word = has_word != 0;
        core->retention.kept_at = trust->trusted_at;
        core->retention.kept_word = trust->has_word;
    }
    buf_deinit(&value);
    core->retention.is_loaded = status == STATUS_OK || status == STATUS_NOT_FOUND;
    return core->retention.is_loaded ? STATUS_OK : status;
}

static enum status keep_trust(struct core *core)
{
    struct buf value = {0};
    pack_array(&value, 2);
    pack_uint(&value, core->retention.trust.trusted_at);
    pack_uint(&value, core->retention.trust.has_word);
    enum status status = buf_status(&value);
    if (status == STATUS_OK)
        status = store_meta_put(core->store, "clock-trust", buf_bytes(&value));
    core->retention.kept_at = core->retention.trust.trusted_at;
    core->retention.kept_word = core->retention.trust.has_word;
    buf_deinit(&value);
    return status;
}

enum status retention_rules(struct core *core, struct buf *rules)
{
    enum status status = store_meta_get(core->store, "retention", rules);
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

/* --- erasing --- */

static enum status push_head(void *context, const struct id *id)
{
    id_list_push(context, id);
    return STATUS_OK;
}

/* Signed by the machine. What speaks against it, a `keep` that came in this very turn, is
 * said by the fold; the notice then begins anew. */
static enum status retire(struct core *core, const struct id *scope,
                          const struct retention_rule *rule, enum retire_what what)
{
    struct id_list heads = {0};
    struct draft draft;
    struct err err = {0};
    enum status status = store_scope_heads(core->store, scope, push_head, &heads);
    if (status == STATUS_OK && heads.failed)
        status = STATUS_NO_MEMORY;
    if (status != STATUS_OK) {
        id_list_deinit(&heads);
        return status;
    }
    id_list_sort(&heads);
    draft_init(&draft, "retire", scope);
    draft_ids(&draft, "heads", heads.ids, heads.len < HEADS_MAX ? heads.len : HEADS_MAX);
    draft_text(&draft, "rule", bytes_str(retention_rule_word(rule)));
    draft_text(&draft, "what", bytes_str(retire_text(what)));
    draft_uint(&draft, "years",
               what == RETIRE_CONTENTS ? rule->years : rule->identity_years);
    status = author_write(core, &draft, &core->node_pair, NULL, &err);
    draft_deinit(&draft);
    id_list_deinit(&heads);
    if (status == STATUS_DENIED || status == STATUS_INVALID) {
        core_trace(core, "retention not now: %s", err_text(&err, status));
        return STATUS_OK;
    }
    core_trace(core, "retention erased what=%s", retire_text(what));
    return status;
}

/* --- one case --- */

struct look {
    struct core *core;
    struct trust_look clock;
    struct bytes rules;
};

/* What was said after a retirement goes as what was said before: the category, which
 * chose the rule, is gone, and only the tombstone still tells of it. */
static bool take_tombstone(void *context, struct bytes tombstone)
{
    struct retention_rule *rule = context;
    uint64_t years = 0;
    (void)view_map_uint(tombstone, "years", &years); /* each has them, 100 at most */
    if (!view_map_has_text(tombstone, "what", retire_text(RETIRE_CONTENTS)))
        return true;
    rule->years = (uint8_t)years;
    if (rule->identity_years > rule->years)
        rule->identity_years = rule->years;
    if (view_map_has_text(tombstone, "rule", "category"))
        rule->category = bytes_str("");
    return true;
}

static enum retire_what due_of(const struct look *look, const struct store_retention *row,
                               struct bytes view, struct retention_rule *rule)
{
    struct bytes category = {0}, kept = {0};
    bool has_category = view_text(view, "category", &category);
    *rule = retention_rule_for(look->rules, category, view_is_minor(view));
    if (!has_category && !view_is_minor(view))
        view_map_each(view, "retired", take_tombstone, rule);
    (void)view_map_get(view, "kept", &kept); /* each view has it; nil: nobody did */
    if (kept.len > 1)
        return RETIRE_NOTHING;
    enum retire_what due = retention_due(rule, row->closed_at, look->core->wall);
    if (due == RETIRE_IDENTITIES && view_map_count(view, "identities") == 0)
        return RETIRE_NOTHING;
    return due;
}

static enum status move_notice(const struct look *look, struct store_retention *row,
                               struct bytes view)
{
    struct retention_rule rule;
    enum retire_what due = due_of(look, row, view, &rule);
    row->notice_s = due == row->due ? row->notice_s + look->clock.ran_s : 0;
    row->due = (uint8_t)due;
    if (due == RETIRE_NOTHING)
        row->notice_s = 0;
    if (row->notice_s < RETENTION_NOTICE_S)
        return STATUS_OK;
    row->due = RETIRE_NOTHING;
    row->notice_s = 0;
    return retire(look->core, &row->scope, &rule, due);
}

static bool is_same(const struct store_retention *a, const struct store_retention *b)
{
    return a->closed_at == b->closed_at && a->due == b->due && a->notice_s == b->notice_s;
}

static enum status look_at(void *context, const struct store_retention *found)
{
    struct look *look = context;
    struct store_retention row = *found;
    struct buf view = {0};
    if (look->clock.verdict != TRUST_YES)
        return STATUS_OK;
    if (row.closed_at == 0 || row.closed_at > look->core->wall)
        row.closed_at = look->core->wall;
    enum status status = api_view(look->core, &row.scope, &view);
    if (status == STATUS_OK)
        status = move_notice(look, &row, buf_bytes(&view));
    buf_deinit(&view);
    if (status == STATUS_OK && !is_same(&row, found))
        status = store_retention_put(look->core->store, &row);
    return status;
}

/* --- looking --- */

/* Once a day is enough, for the sake of the card. */
static bool is_worth_keeping(const struct retention *retention)
{
    const struct trust *trust = &retention->trust;
    uint64_t kept = retention->kept_at, now = trust->trusted_at;
    uint64_t apart = now > kept ? now - kept : kept - now;
    return apart >= KEEP_EVERY_S || trust->has_word != retention->kept_word;
}

static enum status look_at_clock(struct core *core, struct trust_look *look)
{
    struct retention *retention = &core->retention;
    enum status status = load_trust(core);
    if (status != STATUS_OK)
        return status;
    *look = trust_look(&retention->trust, core->now_ms, core->wall, core->quality);
    retention->verdict = look->verdict;
    if (look->has_jumped) {
        core_trace(core, "the clock has jumped; every notice of retention begins anew");
        status = store_retention_restart(core->store);
    }
    if (status == STATUS_OK && is_worth_keeping(retention))
        status = keep_trust(core);
    return status;
}

static enum status count_row(void *context, const struct store_retention *row)
{
    (void)row;
    ++*(uint32_t *)context;
    return STATUS_OK;
}

enum status retention_count_notices(struct core *core, uint64_t *count)
{
    *count = 0;
    return store_retention_count_due(core->store, count);
}

enum status retention_look(struct core *core)
{
    struct buf rules = {0};
    struct look look = {.core = core};
    uint32_t rows_len = 0;
    core->retention.next_ms = core->now_ms + RETENTION_LOOK_MS;
    enum status status = store_retentions(core->store, count_row, &rows_len);
    core->retention.is_empty = rows_len == 0;
    if (status == STATUS_OK)
        status = look_at_clock(core, &look.clock);
    if (status == STATUS_OK)
        status = retention_rules(core, &rules);
    look.rules = buf_bytes(&rules);
    if (status == STATUS_OK)
        status = store_retentions(core->store, look_at, &look);
    buf_deinit(&rules);
    return core_check(core, status);
}

void retention_tick(struct core *core)
{
    if (core->retention.is_empty || core->now_ms < core->retention.next_ms)
        return;
    enum status status = retention_look(core); /* a failure of ours ends the turn */
    if (status != STATUS_OK)
        core_trace(core, "retention was not looked at status=%s", status_name(status));
}

enum trust_verdict retention_verdict(const struct core *core)
{
    return core->retention.verdict;
}

uint64_t retention_deadline(const struct core *core)
{
    return core->retention.is_empty ? UINT64_MAX : core->retention.next_ms;
}

enum status retention_give_word(struct core *core)
{
    struct trust_look look;
    enum status status = look_at_clock(core, &look);
    if (status != STATUS_OK)
        return core_check(core, status);
    trust_give_word(&core->retention.trust, core->now_ms, core->wall);
    core->retention.verdict = TRUST_YES;
    return core_check(core, keep_trust(core));
}

/* Of any op: what was said after a retirement, or beside it, has to go as well. */
static bool has_contents(const struct scope_ops *ops)
{
    for (size_t i = 0; i < ops->len; i++)
        if (retire_is_due(ops->ops[i], RETIRE_CONTENTS))
            return true;
    return false;
}

enum status retention_note(struct core *core, const struct id *scope, struct bytes view,
                           const struct scope_ops *ops)
{
    if (bytes_equal_str(view_state(view), "closed") && has_contents(ops)) {
        if (core->retention.is_empty)
            core->retention.next_ms = core->now_ms + RETENTION_LOOK_MS;
        core->retention.is_empty = false;
        return store_retention_begin(core->store, scope);
    }
    return core->retention.is_empty ? STATUS_OK : store_retention_end(core->store, scope);
}
