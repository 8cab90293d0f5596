#include "tests/support/crash_node.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define IMAGE_FIRST (1 << 20) /* most files never have to move */

uint64_t crash_random(uint64_t *state)
{
    uint64_t z = (*state += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

/* --- images ------------------------------------------------------------------------- */

static void image_reserve(struct crash_image *image, size_t len)
{
    if (len <= image->capacity)
        return;
    size_t capacity = 2 * len + IMAGE_FIRST;
    image->data = realloc(image->data, capacity);
    assert(image->data != NULL);
    image->capacity = capacity;
}

static void image_size(struct crash_image *image, size_t len)
{
    image_reserve(image, len);
    if (len > image->len)
        memset(image->data + image->len, 0, len - image->len);
    image->len = len;
}

static void image_write(struct crash_image *image, size_t offset, const uint8_t *data,
                        size_t len)
{
    if (len == 0)
        return;
    if (offset > image->len)
        image_size(image, offset);
    image_reserve(image, offset + len);
    memcpy(image->data + offset, data, len);
    if (offset + len > image->len)
        image->len = offset + len;
}

static void durable_write(struct crash_node *node, size_t offset, const uint8_t *data,
                          size_t len)
{
    image_write(&node->durable, offset, data, len);
    crash_medium_wrote(node->medium, node, offset, len);
}

static void image_copy(struct crash_image *to, const struct crash_image *from)
{
    image_reserve(to, from->len);
    to->len = from->len;
    if (from->len > 0)
        memcpy(to->data, from->data, from->len);
}

static void image_free(struct crash_image *image)
{
    free(image->data);
    *image = (struct crash_image){0};
}

/* --- changes ------------------------------------------------------------------------ */

static void changes_forget(struct crash_node *node)
{
    for (struct crash_change *change = node->first, *next; change != NULL;
         change = next) {
        next = change->next;
        free(change);
    }
    node->first = node->last = NULL;
}

void crash_node_free(struct crash_node *node)
{
    changes_forget(node);
    if (node->sectors_len > 0)
        crash_medium_cut(node->medium, node, 0);
    free(node->sectors);
    image_free(&node->live);
    image_free(&node->durable);
    *node = (struct crash_node){0};
}

void crash_node_drop_unlinked(struct crash_node *node)
{
    if (node->is_used && !node->is_linked && !node->is_linked_hard && node->open_len == 0)
        crash_node_free(node);
}

static void change_add(struct crash_node *node, int64_t offset, const void *data,
                       size_t len)
{
    struct crash_change *change = malloc(sizeof(*change) + len);
    assert(change != NULL);
    *change = (struct crash_change){.offset = offset, .len = len};
    if (data != NULL) {
        change->data = (uint8_t *)(change + 1);
        memcpy(change->data, data, len);
    }
    if (node->last == NULL)
        node->first = change;
    else
        node->last->next = change;
    node->last = change;
}

static void change_apply(struct crash_node *node, const struct crash_change *change)
{
    if (change->data == NULL) {
        image_size(&node->durable, (size_t)change->offset);
        crash_medium_cut(node->medium, node, (size_t)change->offset);
    } else {
        durable_write(node, (size_t)change->offset, change->data, change->len);
    }
}

void crash_node_write(struct crash_node *node, size_t offset, const void *data,
                      size_t len)
{
    change_add(node, (int64_t)offset, data, len);
    image_write(&node->live, offset, data, len);
}

void crash_node_truncate(struct crash_node *node, size_t len)
{
    change_add(node, (int64_t)len, NULL, 0);
    image_size(&node->live, len);
}

void crash_node_sync(struct crash_node *node)
{
    for (const struct crash_change *change = node->first; change != NULL;
         change = change->next)
        change_apply(node, change);
    changes_forget(node);
}

/* --- the cut ------------------------------------------------------------------------ */

static void tear(uint64_t *random, struct crash_node *node,
                 const struct crash_change *change)
{
    size_t at = (size_t)change->offset, end = at + change->len;
    bool is_prefix = crash_random(random) % 2 == 0;
    uint64_t keep = 1 + crash_random(random) % (change->len / CRASH_TEAR + 1);
    for (uint64_t i = 0; at < end; i++) {
        size_t next = (at / CRASH_TEAR + 1) * CRASH_TEAR;
        if (next > end)
            next = end;
        bool applied = is_prefix ? i < keep : crash_random(random) % 2 == 0;
        if (applied)
            durable_write(node, at, change->data + (at - (size_t)change->offset),
                          next - at);
        at = next;
    }
}

static void trash(uint64_t *random, struct crash_node *node,
                  const struct crash_change *change)
{
    change_apply(node, change);
    if (change->len == 0)
        return;
    size_t first = (size_t)change->offset / CRASH_SECTOR;
    size_t last = ((size_t)change->offset + change->len - 1) / CRASH_SECTOR;
    size_t sector = first + crash_random(random) % (last - first + 1);
    for (size_t i = sector * CRASH_SECTOR; i < (sector + 1) * CRASH_SECTOR; i++)
        if (i < node->durable.len)
            node->durable.data[i] = (uint8_t)crash_random(random);
}

void crash_node_decide(struct crash_node *node)
{
    uint64_t *random = node->medium->random;
    struct crash_figures *figures = node->medium->figures;
    /* A cut is often kind to everything or to nothing; mixtures are one case of three. */
    uint64_t mood = crash_random(random) % 3;
    for (const struct crash_change *change = node->first; change != NULL;
         change = change->next) {
        uint64_t fate = mood < 2 ? mood : crash_random(random) % 4;
        if (mood < 2 && crash_random(random) % 16 == 0)
            fate = crash_random(random) % 4;
        if (change->data == NULL && fate > 1)
            fate %= 2;
        if (fate == 0) {
            change_apply(node, change);
            figures->applied++;
        } else if (fate == 1) {
            figures->dropped++;
        } else if (fate == 2 || node->medium->disk.powersafe) {
            tear(random, node, change);
            figures->torn++;
        } else {
            trash(random, node, change);
            figures->trashed++;
        }
    }
    changes_forget(node);
}

void crash_node_awake(struct crash_node *node)
{
    image_copy(&node->live, &node->durable);
}
