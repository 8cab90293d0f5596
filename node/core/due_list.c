#include "node/core/due_list.h"

#include "node/cases/due.h"
#include "node/core/state.h"
#include "proto/date.h"
#include "proto/pack.h"

#define ROWS_BYTES_MAX (CONTROL_MESSAGE_MAX - 65536) /* of one answer */

void due_list_begin(struct due_list *list, const struct core *core, uint64_t limit)
{
    *list = (struct due_list){
        .is_trusted = due_is_trusted(core->wall, core->quality),
        .items.limit = limit < DUE_ITEMS_MAX ? (uint32_t)limit : DUE_ITEMS_MAX,
    };
    list->today = date_of_seconds(core->wall, SITE_MINUTES_EAST);
}

void due_list_deinit(struct due_list *list)
{
    earliest_deinit(&list->items);
    *list = (struct due_list){0};
}

bool due_list_day(uint64_t wall, int64_t *day)
{
    if (!due_is_trusted(wall, WALL_RTC))
        return false;
    *day = date_of_seconds(wall, SITE_MINUTES_EAST);
    return true;
}

/* --- rows --- */

static void pack_word(struct buf *out, const char *name, struct bytes text)
{
    pack_str(out, name);
    pack_str_bytes(out, text);
}

static void pack_day(struct buf *out, const char *name, bool is_known, int64_t day)
{
    char text[DATE_TEXT_SIZE];
    pack_str(out, name);
    if (!is_known) {
        pack_nil(out);
        return;
    }
    date_text(text, day);
    pack_str(out, text);
}

static void pack_id(struct buf *out, const char *name, const struct id *id)
{
    pack_str(out, name);
    if (id == NULL)
        pack_nil(out);
    else
        pack_bin(out, id->bytes, ID_SIZE);
}

static enum due_state state_of(const struct due_list *list, const struct due_item *item,
                               uint32_t *days)
{
    *days = 0;
    if (item->is_done)
        return DUE_DONE;
    if (!list->is_trusted || !item->has_due)
        return DUE_NOT_TRUSTED;
    enum due_state state = due_state(item->due, list->today, days);
    return item->is_cooling ? DUE_COOLING : state;
}

static void pack_row(struct buf *out, const struct due_item *item, enum due_state state,
                     uint32_t days)
{
    pack_map(out, 12);
    pack_word(out, "colour", bytes_str(due_colour(state)));
    pack_str(out, "danger");
    pack_bool(out, item->is_danger);
    pack_str(out, "days");
    pack_uint(out, days);
    pack_day(out, "due", item->has_due, item->due);
    pack_word(out, "number", item->number);
    pack_id(out, "op", item->op);
    pack_word(out, "owner", item->owner);
    pack_id(out, "scope", item->scope);
    pack_word(out, "state", bytes_str(due_words(state)));
    pack_word(out, "text", item->text);
    pack_word(out, "title", item->title);
    pack_word(out, "wait", bytes_str(item->wait));
}

void due_list_add(struct due_list *list, const struct due_item *item)
{
    uint32_t days;
    enum due_state state = state_of(list, item, &days);
    if (list->is_overdue_only && state != DUE_OVERDUE && state != DUE_NOT_TRUSTED)
        return;
    struct buf *out = earliest_begin(&list->items, item->is_danger ? DATE_FIRST
                                                   : item->has_due ? item->due
                                                                   : DATE_LAST);
    if (out == NULL)
        return;
    pack_row(out, item, state, days);
    earliest_end(&list->items);
}

enum status due_list_pack(struct due_list *list, struct buf *out)
{
    uint64_t left_out = 0;
    list->items.failed = list->items.failed || list->failed;
    pack_map(out, 4);
    pack_str(out, "clock_trusted");
    pack_bool(out, list->is_trusted);
    pack_str(out, "items");
    enum status status = earliest_pack(&list->items, ROWS_BYTES_MAX, out, &left_out);
    pack_str(out, "left_out");
    pack_uint(out, left_out);
    pack_day(out, "today", list->is_trusted, list->today);
    return status == STATUS_OK ? buf_status(out) : status;
}
