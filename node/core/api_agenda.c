/* agenda: what a weekly meeting has to talk about: records of others that are joint,
 * overdue, unserved, sent on, or wait, and what the last meetings left open. */
#include "node/cases/charter.h"
#include "node/cases/view.h"
#include "node/core/answer_due.h"
#include "node/core/api.h"
#include "node/core/charters.h"
#include "node/core/due_list.h"
#include "node/core/due_table.h"
#include "node/core/earliest.h"
#include "node/core/meeting_view.h"
#include "node/core/shelf.h"
#include "node/core/undone.h"
#include "proto/date.h"
#include "storage/store_listings.h"

#define ROWS_BYTES_MAX (CONTROL_MESSAGE_MAX / 2) /* of records, in one answer */

struct agenda {
    struct core *core;
    struct due_table table;
    struct due_list clock; /* which day is today */
    uint32_t tier;
    struct earliest records;
    struct buf open;
    uint32_t open_len;
    const struct store_scope *meeting; /* that is looked at */
};

static void pack_text(struct buf *out, const char *name, struct bytes text)
{
    pack_str(out, name);
    pack_str_bytes(out, text);
}

/* --- records --- */

struct reasons {
    bool is_danger, is_joint, is_onward, is_overdue, is_unserved, waits, has_due;
    int64_t due;
};

static void find_reasons(const struct agenda *agenda, const struct store_scope *scope,
                         struct reasons *why)
{
    struct answer_due answer;
    answer_due_read(agenda->core, &agenda->table, agenda->tier, scope, &answer);
    *why = (struct reasons){
        .is_danger = answer.waits && view_is_in_danger(scope->view),
        .is_joint = view_map_count(scope->view, "joint") > 0,
        .is_onward = bytes_equal_str(view_state(scope->view), "onward"),
        .is_unserved = view_is_unserved(scope->view),
        .waits = answer.waits,
    };
    why->has_due =
        answer.waits && answer.days > 0 && due_list_day(answer.received, &why->due);
    why->due += why->has_due ? answer.days : 0;
    why->is_overdue =
        why->has_due && agenda->clock.is_trusted && why->due < agenda->clock.today;
}

static void pack_reasons(const struct reasons *why, struct buf *out)
{
    const struct {
        bool holds;
        const char *word;
    } words[] = {{why->is_danger, "danger"},     {why->is_joint, "joint"},
                 {why->is_onward, "onward"},     {why->is_overdue, "overdue"},
                 {why->is_unserved, "unserved"}, {why->waits, "waits"}};
    uint32_t len = 0;
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        len += words[i].holds;
    pack_str(out, "why");
    pack_array(out, len);
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (words[i].holds)
            pack_str(out, words[i].word);
}

static void pack_due(const struct reasons *why, struct buf *out)
{
    char day[DATE_TEXT_SIZE];
    pack_str(out, "due");
    if (!why->has_due) {
        pack_nil(out);
        return;
    }
    date_text(day, why->due);
    pack_str(out, day);
}

static enum status add_record(void *context, const struct store_scope *scope)
{
    struct agenda *agenda = context;
    struct bytes title = {0};
    struct reasons why;
    find_reasons(agenda, scope, &why); /* there is one, else it were not undone */
    struct buf *out = earliest_begin(&agenda->records, why.is_danger ? DATE_FIRST
                                                       : why.has_due ? why.due
                                                                     : DATE_LAST);
    if (out == NULL)
        return STATUS_NO_MEMORY;
    struct charter *from = charters_of_site(agenda->core, &scope->site);
    (void)view_text(scope->view, "title", &title); /* empty where withheld */
    pack_map(out, 6);
    pack_due(&why, out);
    pack_str(out, "escalation");
    pack_bin(out, scope->id.bytes, ID_SIZE);
    pack_str(out, "from_name");
    pack_str(out, from == NULL ? "" : charter_name(from));
    pack_text(out, "state", view_state(scope->view));
    pack_text(out, "title", title);
    pack_reasons(&why, out);
    earliest_end(&agenda->records);
    return buf_status(out);
}

/* --- what was left open --- */

static enum status add_item(void *context, const struct meeting_item *item)
{
    struct agenda *agenda = context;
    struct buf *out = &agenda->open;
    struct bytes fields, day = {0};
    int64_t due;
    if (item->is_done)
        return STATUS_OK;
    (void)shelf_fields(agenda->meeting->view, &fields); /* an item has its meeting */
    (void)view_map_text(fields, "day", &day);           /* empty where it was erased */
    agenda->open_len++;
    pack_map(out, 4);
    pack_text(out, "day", day);
    pack_str(out, "item");
    enum status status = meeting_item_pack(agenda->core, item, out);
    pack_str(out, "meeting");
    pack_bin(out, agenda->meeting->id.bytes, ID_SIZE);
    pack_str(out, "overdue");
    pack_bool(out, agenda->clock.is_trusted && date_parse(item->due, &due) &&
                       due < agenda->clock.today);
    return status;
}

static enum status look_at_meeting(void *context, const struct store_scope *scope)
{
    struct agenda *agenda = context;
    agenda->meeting = scope;
    return meeting_items(agenda->core, scope->view, add_item, agenda);
}

static enum status pack_agenda(struct agenda *agenda, struct buf *result)
{
    char day[DATE_TEXT_SIZE];
    struct buf records = {0};
    uint64_t left_out = 0;
    enum status status =
        earliest_pack(&agenda->records, ROWS_BYTES_MAX, &records, &left_out);
    date_text(day, agenda->clock.today);
    pack_map(result, 5);
    pack_str(result, "clock_trusted");
    pack_bool(result, agenda->clock.is_trusted);
    pack_str(result, "left_out");
    pack_uint(result, left_out);
    pack_str(result, "open");
    pack_array(result, agenda->open_len);
    buf_append(result, &agenda->open);
    pack_str(result, "records");
    buf_append(result, &records);
    pack_str(result, "today");
    if (agenda->clock.is_trusted)
        pack_str(result, day);
    else
        pack_nil(result);
    buf_deinit(&records);
    return status;
}

enum status api_agenda(struct core *core, struct caller *caller, const struct args *args,
                       struct buf *result, struct err *err)
{
    struct agenda agenda = {.core = core};
    struct buf memory = {0};
    struct charter *charter = charters_of_site(core, &core->site);
    if (charter == NULL) /* never, but where its memory failed */
        return core_check(core, STATUS_CORRUPT);
    agenda.tier = charter_tier(charter);
    uint64_t limit = args_number(args, "limit", AGENDA_RECORDS_MAX);
    agenda.records.limit =
        limit == 0 || limit > AGENDA_RECORDS_MAX ? AGENDA_RECORDS_MAX : (uint32_t)limit;
    due_list_begin(&agenda.clock, core, 1);
    enum status status = due_table_load(core, &agenda.table, &memory);
    if (status == STATUS_OK)
        status = store_listings_waiting(core->store, SCOPE_ESCALATION, UNDONE_ALWAYS,
                                        add_record, &agenda);
    if (status == STATUS_OK)
        status = shelf_newest(core, MATTER_MEETING, AGENDA_MEETINGS_MAX, look_at_meeting,
                              &agenda);
    if (status == STATUS_OK)
        status = pack_agenda(&agenda, result);
    due_list_deinit(&agenda.clock);
    earliest_deinit(&agenda.records);
    buf_deinit(&agenda.open);
    buf_deinit(&memory);
    return core_check(core, status);
}
