#include "tests/support/crash_medium.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/crash_node.h"

static size_t sectors_of(size_t len)
{
    return (len + CRASH_SECTOR - 1) / CRASH_SECTOR;
}

static void sectors_grow(struct crash_node *node, size_t len)
{
    if (len <= node->sectors_len)
        return;
    size_t capacity = len + len / 2 + 8;
    node->sectors = realloc(node->sectors, capacity * sizeof(*node->sectors));
    assert(node->sectors != NULL);
    memset(node->sectors + node->sectors_len, 0,
           (capacity - node->sectors_len) * sizeof(*node->sectors));
    node->sectors_len = capacity;
}

static uint32_t place_take(struct crash_medium *medium)
{
    for (uint32_t i = 0; i < CRASH_PLACES_MAX; i++) {
        if (medium->taken[i])
            continue;
        medium->taken[i] = true;
        return i + 1;
    }
    assert(!"more sectors than CRASH_PLACES_MAX");
    return 0;
}

/* The part of a sector that the durable image has. */
static size_t sector_len(const struct crash_node *node, size_t sector)
{
    size_t at = sector * CRASH_SECTOR;
    size_t len = at < node->durable.len ? node->durable.len - at : 0;
    return len < CRASH_SECTOR ? len : CRASH_SECTOR;
}

/* Beyond the capacity the card takes the sector for an earlier one: both now hold the
 * same. */
static void wrap(struct crash_medium *medium, struct crash_node *node, size_t sector)
{
    uint32_t capacity = medium->disk.capacity_sectors;
    uint32_t home = (node->sectors[sector].place - 1) % capacity;
    size_t len = sector_len(node, sector);
    for (size_t i = 0; i < medium->nodes_len; i++) {
        struct crash_node *other = &medium->nodes[i];
        for (size_t k = 0; other->is_used && k < other->sectors_len; k++) {
            if ((other == node && k == sector) || other->sectors[k].place == 0 ||
                (other->sectors[k].place - 1) % capacity != home)
                continue;
            size_t room = sector_len(other, k);
            if (room > 0 && len > 0)
                memcpy(other->durable.data + k * CRASH_SECTOR,
                       node->durable.data + sector * CRASH_SECTOR,
                       room < len ? room : len);
            medium->figures->misplaced++;
        }
    }
}

static void overflow(struct crash_medium *medium, struct crash_node *node, size_t sector)
{
    if (medium->disk.wraps) {
        wrap(medium, node, sector);
        return;
    }
    if (node->sectors[sector].place <= medium->disk.capacity_sectors)
        return;
    size_t len = sector_len(node, sector);
    if (len > 0)
        memset(node->durable.data + sector * CRASH_SECTOR, 0, len);
    medium->figures->misplaced++;
}

void crash_medium_wrote(struct crash_medium *medium, struct crash_node *node,
                        size_t offset, size_t len)
{
    bool is_small = medium->disk.capacity_sectors != 0;
    if (len == 0 || (!is_small && medium->disk.rot_percent == 0))
        return;
    size_t last = (offset + len - 1) / CRASH_SECTOR;
    sectors_grow(node, last + 1);
    for (size_t i = offset / CRASH_SECTOR; i <= last; i++) {
        struct crash_sector *sector = &node->sectors[i];
        sector->written = ++medium->writes;
        if (!is_small)
            continue;
        if (sector->place == 0)
            sector->place = place_take(medium);
        overflow(medium, node, i);
    }
}

void crash_medium_cut(struct crash_medium *medium, struct crash_node *node, size_t len)
{
    for (size_t i = sectors_of(len); i < node->sectors_len; i++) {
        if (node->sectors[i].place != 0)
            medium->taken[node->sectors[i].place - 1] = false;
        node->sectors[i] = (struct crash_sector){0};
    }
}

/* Not written lately, though others were. */
static bool is_cold(const struct crash_medium *medium, const struct crash_node *node,
                    size_t sector)
{
    return node->sectors[sector].written != 0 && sector_len(node, sector) > 0 &&
           medium->writes - node->sectors[sector].written >= CRASH_COLD_WRITES;
}

static size_t cold_count(const struct crash_medium *medium)
{
    size_t count = 0;
    for (size_t i = 0; i < medium->nodes_len; i++)
        for (size_t k = 0; k < medium->nodes[i].sectors_len; k++)
            count += medium->nodes[i].is_used && is_cold(medium, &medium->nodes[i], k);
    return count;
}

static void flip(struct crash_medium *medium, struct crash_node *node, size_t sector)
{
    uint64_t bits = 1 + crash_random(medium->random) % 8;
    size_t len = sector_len(node, sector);
    for (uint64_t i = 0; i < bits; i++) {
        uint64_t draw = crash_random(medium->random);
        node->durable.data[sector * CRASH_SECTOR + draw / 8 % len] ^=
            (uint8_t)(1u << draw % 8);
    }
    medium->figures->rotten++;
}

void crash_medium_rot(struct crash_medium *medium)
{
    if (medium->disk.rot_percent == 0 ||
        crash_random(medium->random) % 100 >= medium->disk.rot_percent)
        return;
    size_t cold = cold_count(medium);
    if (cold == 0)
        return;
    size_t chosen = (size_t)(crash_random(medium->random) % cold);
    for (size_t i = 0; i < medium->nodes_len; i++)
        for (size_t k = 0; k < medium->nodes[i].sectors_len; k++)
            if (medium->nodes[i].is_used && is_cold(medium, &medium->nodes[i], k) &&
                chosen-- == 0) {
                flip(medium, &medium->nodes[i], k);
                return;
            }
}
