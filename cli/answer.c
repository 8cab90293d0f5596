#include "cli/answer.h"

#include "proto/pack_map.h"

static bool answer_item(struct bytes raw, enum pack_type type, struct pack_item *item)
{
    struct pack_reader reader = pack_reader_of(raw);
    return pack_next(&reader, item, NULL) == STATUS_OK && item->type == type;
}

bool answer_field(struct bytes map, const char *name, struct bytes *raw)
{
    return pack_map_find(map, name, 1, raw);
}

bool answer_as_text(struct bytes raw, struct bytes *text)
{
    struct pack_item item;
    if (!answer_item(raw, PACK_STR, &item))
        return false;
    *text = item.bytes;
    return true;
}

struct bytes answer_text(struct bytes map, const char *name)
{
    struct bytes raw;
    struct bytes text = {0};
    if (answer_field(map, name, &raw))
        (void)answer_as_text(raw, &text); /* another type reads as an empty text */
    return text;
}

struct bytes answer_bin(struct bytes map, const char *name)
{
    struct bytes raw;
    struct pack_item item;
    if (!answer_field(map, name, &raw) || !answer_item(raw, PACK_BIN, &item))
        return (struct bytes){0};
    return item.bytes;
}

uint64_t answer_uint(struct bytes map, const char *name)
{
    struct bytes raw;
    struct pack_item item;
    if (!answer_field(map, name, &raw) || !answer_item(raw, PACK_UINT, &item))
        return 0;
    return item.number;
}

bool answer_is_true(struct bytes map, const char *name)
{
    struct bytes raw;
    struct pack_item item;
    return answer_field(map, name, &raw) && answer_item(raw, PACK_BOOL, &item) &&
           item.number == 1;
}

struct answer_list answer_elements(struct bytes raw)
{
    struct answer_list list = {.reader = pack_reader_of(raw)};
    if (pack_read_array(&list.reader, &list.left, NULL) != STATUS_OK)
        return (struct answer_list){0};
    return list;
}

struct answer_list answer_list(struct bytes map, const char *name)
{
    struct bytes raw = {0};
    (void)answer_field(map, name, &raw); /* a missing list reads as an empty one */
    return answer_elements(raw);
}

bool answer_next(struct answer_list *list, struct bytes *element)
{
    if (list->left == 0)
        return false;
    list->left--;
    return pack_value(&list->reader, 1, element, NULL) == STATUS_OK;
}
