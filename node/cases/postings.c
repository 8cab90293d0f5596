#include "node/cases/postings.h"

#include <stdlib.h>
#include <string.h>

#include "node/cases/searchable.h"
#include "node/cases/token.h"

#define ENTRIES_MIN 256

struct postings_entry {
    const char *text; /* of the token; while texts still grow its offset */
    uint32_t at, len;
    uint32_t place;
};

static bool grow(struct postings *postings)
{
    if (postings->len < postings->capacity)
        return true;
    uint32_t capacity = postings->capacity == 0 ? ENTRIES_MIN : 2 * postings->capacity;
    struct postings_entry *more =
        realloc(postings->entries, capacity * sizeof(*postings->entries));
    if (more == NULL)
        return false;
    postings->entries = more;
    postings->capacity = capacity;
    return true;
}

static bool add_text(void *context, const struct searchable *one)
{
    struct postings *postings = context;
    struct token token;
    for (size_t at = 0; token_next(one->text, &at, &token);) {
        postings->failed = !grow(postings);
        if (postings->failed)
            return false;
        postings->entries[postings->len++] = (struct postings_entry){
            .at = (uint32_t)postings->texts.len,
            .len = (uint32_t)token.len,
            .place = postings->place++,
        };
        buf_add(&postings->texts, token.text, token.len);
    }
    postings->place++;
    return true;
}

static struct bytes text_of(const struct postings_entry *entry)
{
    return bytes_of(entry->text, entry->len);
}

static int compare(const void *a, const void *b)
{
    const struct postings_entry *one = a, *other = b;
    int order = bytes_compare(text_of(one), text_of(other));
    return order != 0 ? order : (one->place > other->place) - (one->place < other->place);
}

enum status postings_read(struct postings *postings, struct bytes view)
{
    searchable_each(view, add_text, postings);
    if (postings->failed || postings->texts.failed)
        return STATUS_NO_MEMORY;
    for (uint32_t i = 0; i < postings->len; i++)
        postings->entries[i].text =
            (const char *)postings->texts.data + postings->entries[i].at;
    if (postings->len > 1)
        qsort(postings->entries, postings->len, sizeof(*postings->entries), compare);
    return STATUS_OK;
}

static void add_distance(struct buf *places, uint32_t distance)
{
    for (; distance >= 0x80; distance >>= 7)
        buf_add_u8(places, (uint8_t)(0x80 | (distance & 0x7f)));
    buf_add_u8(places, (uint8_t)distance);
}

bool postings_next(struct postings *postings, struct bytes *token, struct bytes *places)
{
    if (postings->given == postings->len)
        return false;
    const struct postings_entry *entry = &postings->entries[postings->given];
    uint32_t before = PLACE_NONE;
    *token = text_of(entry);
    buf_clear(&postings->places);
    for (; postings->given < postings->len; entry++, postings->given++) {
        if (!bytes_equal(text_of(entry), *token))
            break;
        add_distance(&postings->places, entry->place - before);
        before = entry->place;
    }
    *places = buf_bytes(&postings->places);
    return !postings->places.failed;
}

void postings_deinit(struct postings *postings)
{
    free(postings->entries);
    buf_deinit(&postings->texts);
    buf_deinit(&postings->places);
    *postings = (struct postings){0};
}

bool place_next(struct bytes *places, uint32_t *place)
{
    uint32_t distance = 0;
    for (unsigned shift = 0; places->len > 0 && shift < 32; shift += 7) {
        uint8_t byte = places->data[0];
        places->data++;
        places->len--;
        distance |= (uint32_t)(byte & 0x7f) << shift;
        if (byte < 0x80) {
            *place += distance;
            return true;
        }
    }
    return false;
}
