#include "node/page/unfinished.h"

#include "node/page/peek.h"
#include "node/page/screen.h"
#include "proto/pack.h"

static bool write_draft(struct bytes draft, enum language language, struct buf *out)
{
    struct bytes stars[2] = {{(const uint8_t *)"", 0}, {(const uint8_t *)"", 0}};
    struct bytes path = peek_text_in(draft, "form"), wall = peek_in(draft, "wall");
    const struct screen *screen = screen_find(path, stars);
    struct bytes title;
    if (screen == NULL || !screen->has_draft)
        return false;
    if (!texts_find(bytes_str(screen->title), language, &title)) /* never: it has one */
        return false;
    pack_map(out, 4);
    pack_str(out, "about");
    pack_str_bytes(out, stars[0]);
    pack_str(out, "path");
    pack_str_bytes(out, path);
    pack_str(out, "title");
    pack_str_bytes(out, title);
    pack_str(out, "wall");
    buf_add(out, wall.data, wall.len);
    return true;
}

enum status unfinished_prepare(const struct visit *visit, struct pairs *values)
{
    struct buf list = {0}, drafts = {0};
    struct pack_reader reader;
    struct bytes found = peek_in(visit_answer(visit, "drafts"), "drafts");
    uint32_t count = 0;
    for (uint32_t left = peek_list(found, &reader); left > 0; left--)
        count += write_draft(peek_next(&reader), visit->language, &drafts);
    pack_array(&list, count);
    buf_append(&list, &drafts);
    pairs_raw(values, "unfinished", buf_bytes(&list));
    values->memory.failed |= list.failed;
    buf_deinit(&drafts);
    buf_deinit(&list);
    return buf_status(&values->memory);
}
