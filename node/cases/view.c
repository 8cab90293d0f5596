#include "node/cases/view.h"

#include "proto/pack.h"
#include "proto/pack_map.h"

bool view_map_get(struct bytes map, const char *name, struct bytes *raw)
{
    return pack_map_find(map, name, 0, raw);
}

static bool get_item(struct bytes map, const char *name, enum pack_type type,
                     struct pack_item *item)
{
    struct bytes raw;
    if (!view_map_get(map, name, &raw))
        return false;
    struct pack_reader reader = pack_reader_of(raw);
    enum status status = pack_next(&reader, item, NULL);
    return status == STATUS_OK && /* never: it is a whole value */
           item->type == type;
}

bool view_map_text(struct bytes map, const char *name, struct bytes *text)
{
    struct pack_item item;
    if (!get_item(map, name, PACK_STR, &item))
        return false;
    *text = item.bytes;
    return true;
}

bool view_map_flag(struct bytes map, const char *name, bool *flag)
{
    struct pack_item item;
    if (!get_item(map, name, PACK_BOOL, &item))
        return false;
    *flag = item.number != 0;
    return true;
}

bool view_map_uint(struct bytes map, const char *name, uint64_t *number)
{
    struct pack_item item;
    if (!get_item(map, name, PACK_UINT, &item))
        return false;
    *number = item.number;
    return true;
}

bool view_map_id(struct bytes map, const char *name, struct id *id)
{
    struct bytes raw;
    return view_map_get(map, name, &raw) && view_id(raw, id);
}

bool view_map_has_id(struct bytes map, const char *name, const struct id *id)
{
    struct id found;
    return view_map_id(map, name, &found) && id_equal(&found, id);
}

bool view_map_has_text(struct bytes map, const char *name, const char *text)
{
    struct bytes found;
    return view_map_text(map, name, &found) && bytes_equal_str(found, text);
}

bool view_id(struct bytes raw, struct id *id)
{
    struct pack_reader reader = pack_reader_of(raw);
    return pack_read_fixed(&reader, id->bytes, ID_SIZE, NULL) == STATUS_OK;
}

void view_map_each(struct bytes map, const char *name, view_fn *fn, void *context)
{
    struct bytes raw;
    uint32_t count;
    if (!view_map_get(map, name, &raw))
        return;
    struct pack_reader reader = pack_reader_of(raw);
    if (pack_read_array(&reader, &count, NULL) != STATUS_OK)
        return;
    for (uint32_t i = 0; i < count; i++) {
        struct bytes element;
        enum status status = pack_value(&reader, 0, &element, NULL);
        if (status != STATUS_OK) /* never: the whole array was looked at */
            return;
        if (!fn(context, element))
            return;
    }
}

uint32_t view_map_count(struct bytes map, const char *name)
{
    struct pack_item item;
    return get_item(map, name, PACK_ARRAY, &item) ? item.count : 0;
}

struct bytes view_state(struct bytes view)
{
    struct bytes state;
    return view_map_text(view, "state", &state) ? state : (struct bytes){0};
}

bool view_is_minor(struct bytes view)
{
    bool is_minor;
    return view_map_flag(view, "minor", &is_minor) && is_minor;
}

bool view_site(struct bytes view, struct id *site)
{
    return view_map_id(view, "site", site);
}

static bool take_first(void *context, struct bytes element)
{
    struct bytes *first = context;
    *first = element;
    return false;
}

static bool is_nil(struct bytes raw)
{
    struct pack_reader reader = pack_reader_of(raw);
    struct pack_item item;
    enum status status = pack_next(&reader, &item, NULL);
    return status != STATUS_OK || /* never: it is a whole value */
           item.type == PACK_NIL;
}

bool view_value(struct bytes view, const char *name, struct bytes *raw)
{
    struct bytes registers, shown = {0};
    if (!view_map_get(view, "registers", &registers))
        return false;
    view_map_each(registers, name, take_first, &shown);
    return shown.len > 0 && view_map_get(shown, "value", raw) && !is_nil(*raw);
}

bool view_shown_op(struct bytes view, const char *name, struct id *op)
{
    struct bytes registers, shown = {0};
    if (!view_map_get(view, "registers", &registers))
        return false;
    view_map_each(registers, name, take_first, &shown);
    return shown.len > 0 && view_map_id(shown, "op", op);
}

bool view_text(struct bytes view, const char *name, struct bytes *text)
{
    struct bytes raw;
    if (!view_value(view, name, &raw))
        return false;
    struct pack_reader reader = pack_reader_of(raw);
    return pack_read_str(&reader, text, NULL) == STATUS_OK;
}

uint32_t view_conflicts(struct bytes view)
{
    return view_map_count(view, "conflicts");
}

struct name_search {
    const char *name;
    bool is_found;
};

static bool match_name(void *context, struct bytes element)
{
    struct name_search *search = context;
    struct pack_reader reader = pack_reader_of(element);
    struct bytes text;
    search->is_found = pack_read_str(&reader, &text, NULL) == STATUS_OK &&
                       bytes_equal_str(text, search->name);
    return !search->is_found;
}

bool view_has_conflict(struct bytes view, const char *name)
{
    struct name_search search = {.name = name};
    view_map_each(view, "conflicts", match_name, &search);
    return search.is_found;
}

uint32_t view_refused(struct bytes view)
{
    return view_map_count(view, "refused");
}

bool view_is_unserved(struct bytes view)
{
    bool is_unserved;
    return view_map_flag(view, "unserved", &is_unserved) && is_unserved;
}

bool view_is_in_danger(struct bytes view)
{
    struct bytes danger;
    bool is_confirmed;
    return view_map_get(view, "danger", &danger) &&
           view_map_flag(danger, "confirmed", &is_confirmed); /* nil: no danger */
}

bool view_outcome_needs_service(struct bytes outcome)
{
    return bytes_equal_str(outcome, "served") || bytes_equal_str(outcome, "advised");
}
