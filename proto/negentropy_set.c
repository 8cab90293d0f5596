#include "proto/negentropy_set.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define BLOCK_ITEMS 256

_Static_assert(sizeof(struct negentropy_item) == 40, "the memory we promise per item");

static int item_compare(const void *a, const void *b)
{
    const struct negentropy_item *left = a, *right = b;
    if (left->timestamp != right->timestamp)
        return left->timestamp < right->timestamp ? -1 : 1;
    return memcmp(left->id, right->id, NEGENTROPY_ID_SIZE);
}

void negentropy_set_init(struct negentropy_set *set)
{
    *set = (struct negentropy_set){0};
}

enum status negentropy_set_add(struct negentropy_set *set, uint64_t timestamp,
                               const uint8_t id[static NEGENTROPY_ID_SIZE])
{
    assert(!set->sealed);
    if (timestamp == NEGENTROPY_INFINITY)
        return STATUS_INVALID;
    if (set->len == set->capacity) {
        size_t capacity = set->capacity + set->capacity / 2 + 64;
        if (capacity > SIZE_MAX / 2 / sizeof(*set->items)) /* never: items of 40 bytes */
            return STATUS_NO_MEMORY;
        struct negentropy_item *items =
            realloc(set->items, capacity * sizeof(*set->items));
        if (items == NULL)
            return STATUS_NO_MEMORY;
        set->items = items;
        set->capacity = capacity;
    }
    struct negentropy_item *item = &set->items[set->len++];
    item->timestamp = timestamp;
    memcpy(item->id, id, NEGENTROPY_ID_SIZE);
    return STATUS_OK;
}

static void items_sort(struct negentropy_set *set)
{
    for (size_t i = 1; i < set->len; i++) {
        if (item_compare(&set->items[i - 1], &set->items[i]) > 0) {
            qsort(set->items, set->len, sizeof(*set->items), item_compare);
            return;
        }
    }
}

static void items_merge_equal(struct negentropy_set *set)
{
    size_t kept = 0;
    for (size_t i = 0; i < set->len; i++) {
        if (kept > 0 && item_compare(&set->items[kept - 1], &set->items[i]) == 0)
            continue;
        if (kept != i)
            set->items[kept] = set->items[i];
        kept++;
    }
    set->len = kept;
}

enum status negentropy_set_seal(struct negentropy_set *set)
{
    assert(!set->sealed);
    items_sort(set);
    items_merge_equal(set);

    size_t sums_len = set->len / BLOCK_ITEMS + 1;
    set->sums = calloc(sums_len, sizeof(*set->sums));
    if (set->sums == NULL)
        return STATUS_NO_MEMORY;
    struct negentropy_sum running = {{0}};
    for (size_t i = 0; i < set->len; i++) {
        if (i % BLOCK_ITEMS == 0)
            set->sums[i / BLOCK_ITEMS] = running;
        negentropy_sum_add_id(&running, set->items[i].id);
    }
    if (set->len % BLOCK_ITEMS == 0)
        set->sums[sums_len - 1] = running;
    set->sealed = true;
    return STATUS_OK;
}

size_t negentropy_set_len(const struct negentropy_set *set)
{
    return set->len;
}

void negentropy_set_deinit(struct negentropy_set *set)
{
    if (set == NULL)
        return;
    free(set->items);
    free(set->sums);
    *set = (struct negentropy_set){0};
}

static size_t set_lower_bound(void *context, size_t from, uint64_t timestamp,
                              const uint8_t id[static NEGENTROPY_ID_SIZE])
{
    const struct negentropy_set *set = context;
    assert(from <= set->len);
    struct negentropy_item bound = {.timestamp = timestamp};
    memcpy(bound.id, id, NEGENTROPY_ID_SIZE);
    size_t low = from, high = set->len;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (item_compare(&set->items[middle], &bound) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* The sum of all items before `end`. */
static struct negentropy_sum sum_before(const struct negentropy_set *set, size_t end)
{
    struct negentropy_sum sum = set->sums[end / BLOCK_ITEMS];
    for (size_t i = end - end % BLOCK_ITEMS; i < end; i++)
        negentropy_sum_add_id(&sum, set->items[i].id);
    return sum;
}

static size_t set_len(void *context)
{
    return ((const struct negentropy_set *)context)->len;
}

static void set_item(void *context, size_t index, struct negentropy_item *item)
{
    *item = ((const struct negentropy_set *)context)->items[index];
}

static void set_sum(void *context, size_t begin, size_t end, struct negentropy_sum *sum)
{
    const struct negentropy_set *set = context;
    assert(begin <= end);
    assert(end <= set->len);
    *sum = (struct negentropy_sum){{0}};
    if (end - begin < BLOCK_ITEMS) {
        for (size_t i = begin; i < end; i++)
            negentropy_sum_add_id(sum, set->items[i].id);
        return;
    }
    struct negentropy_sum before = sum_before(set, begin);
    *sum = sum_before(set, end);
    negentropy_sum_subtract(sum, &before);
}

static enum status set_status(void *context)
{
    return STATUS_OK;
}

struct negentropy_source negentropy_set_source(struct negentropy_set *set)
{
    assert(set->sealed);
    return (struct negentropy_source){
        .context = set,
        .len = set_len,
        .lower_bound = set_lower_bound,
        .item = set_item,
        .sum = set_sum,
        .status = set_status,
    };
}
