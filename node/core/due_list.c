#include "node/core/due_list.h"

#include <stdlib.h>
#include <string.h>

#include "node/cases/date.h"
#include "node/cases/due.h"
#include "node/core/state.h"
#include "proto/pack.h"

#define ROWS_MIN 64
#define ROWS_BYTES_MAX (CONTROL_MESSAGE_MAX - 65536) /* of one answer */

struct due_row {
    int64_t due;
    uint64_t number; /* in the order in which they came */
    size_t at, len;  /* in memory */
};

void due_list_begin(struct due_list *list, const struct core *core, uint64_t limit)
{
    *list = (struct due_list){
        .is_trusted = due_is_trusted(core->wall, core->quality),
        .limit = limit < DUE_ITEMS_MAX ? (uint32_t)limit : DUE_ITEMS_MAX,
    };
    list->today = date_of_seconds(core->wall, SITE_MINUTES_EAST);
}

void due_list_deinit(struct due_list *list)
{
    free(list->rows);
    buf_deinit(&list->memory);
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
    pack_map(out, 11);
    pack_word(out, "colour", bytes_str(due_colour(state)));
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

static int compare_rows(const void *a, const void *b)
{
    const struct due_row *one = a, *other = b;
    if (one->due != other->due)
        return one->due < other->due ? -1 : 1;
    return (one->number > other->number) - (one->number < other->number);
}

/* The earliest, as many as are asked for; what later ones said is let go. */
static void keep_earliest(struct due_list *list)
{
    struct buf kept = {0};
    list->failed = list->failed || list->memory.failed;
    if (list->failed)
        return;
    if (list->len > 1)
        qsort(list->rows, list->len, sizeof(*list->rows), compare_rows);
    if (list->len > list->limit)
        list->len = list->limit;
    for (uint32_t i = 0; i < list->len; i++) {
        size_t at = kept.len;
        buf_add(&kept, list->memory.data + list->rows[i].at, list->rows[i].len);
        list->rows[i].at = at;
    }
    list->failed = kept.failed;
    buf_deinit(&list->memory);
    list->memory = kept;
}

static struct due_row *new_row(struct due_list *list)
{
    if (list->len >= 2 * list->limit + ROWS_MIN)
        keep_earliest(list);
    if (list->len < list->capacity)
        return &list->rows[list->len++];
    uint32_t capacity = list->capacity == 0 ? ROWS_MIN : 2 * list->capacity;
    struct due_row *rows = realloc(list->rows, capacity * sizeof(*rows));
    if (rows == NULL) {
        list->failed = true;
        return NULL;
    }
    list->rows = rows;
    list->capacity = capacity;
    return &list->rows[list->len++];
}

void due_list_add(struct due_list *list, const struct due_item *item)
{
    uint32_t days;
    enum due_state state = state_of(list, item, &days);
    if (list->is_overdue_only && state != DUE_OVERDUE && state != DUE_NOT_TRUSTED)
        return;
    struct due_row *row = new_row(list);
    if (row == NULL)
        return;
    *row = (struct due_row){.due = item->has_due ? item->due : DATE_LAST,
                            .number = list->total++,
                            .at = list->memory.len};
    pack_row(&list->memory, item, state, days);
    row->len = list->memory.len - row->at;
}

/* --- the list --- */

/* How many fit into an answer. */
static uint32_t count_fitting(const struct due_list *list)
{
    size_t bytes = 0;
    for (uint32_t i = 0; i < list->len; i++) {
        bytes += list->rows[i].len;
        if (bytes > ROWS_BYTES_MAX)
            return i;
    }
    return list->len;
}

enum status due_list_pack(struct due_list *list, struct buf *out)
{
    keep_earliest(list);
    if (list->failed)
        return STATUS_NO_MEMORY;
    uint32_t len = count_fitting(list);
    pack_map(out, 4);
    pack_str(out, "clock_trusted");
    pack_bool(out, list->is_trusted);
    pack_str(out, "items");
    pack_array(out, len);
    for (uint32_t i = 0; i < len; i++)
        buf_add(out, list->memory.data + list->rows[i].at, list->rows[i].len);
    pack_str(out, "left_out");
    pack_uint(out, list->total - len);
    pack_day(out, "today", list->is_trusted, list->today);
    return buf_status(out);
}
