/*
 * Which number has an id? Open addressing with numbers of entries for slots. Ids in a
 * file are whatever its maker wrote, so that slots come from a hash that nobody knows
 * before: the sum of its words, each times a random number (Dietzfelbinger: two ids meet
 * no oftener than by chance).
 */
#include <stdlib.h>
#include <string.h>

#include "cli/evidence_parts.h"
#include "crypto/rng.h"

#define SLOTS_MIN 1024

static uint32_t *slot_for(const struct evidence_index *index, const struct id *id)
{
    uint32_t words[ID_SIZE / sizeof(uint32_t)];
    uint64_t sum = 0;
    memcpy(words, id->bytes, sizeof(words));
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        sum += index->key[i] * words[i];
    uint32_t at = (uint32_t)(sum >> 32) & (index->slots_len - 1);
    while (index->slots[at] != EVIDENCE_NONE &&
           !id_equal(&index->entries[index->slots[at]].id, id))
        at = (at + 1) & (index->slots_len - 1);
    return &index->slots[at];
}

static bool resize(struct evidence_index *index, uint32_t slots_len)
{
    uint32_t *slots = malloc((size_t)slots_len * sizeof(*slots));
    if (!slots)
        return false;
    for (uint32_t i = 0; i < slots_len; i++)
        slots[i] = EVIDENCE_NONE;
    free(index->slots);
    index->slots = slots;
    index->slots_len = slots_len;
    for (uint32_t i = 0; i < index->len; i++)
        *slot_for(index, &index->entries[i].id) = i;
    return true;
}

static bool make_room(struct evidence_index *index)
{
    void *entries = index->entries;
    if (!evidence_grow(&entries, sizeof(*index->entries), index->len, &index->capacity))
        return false;
    index->entries = entries;
    if (index->slots_len == 0) {
        struct rng rng = rng_system();
        rng_fill(&rng, "index", NULL, (uint8_t *)index->key, sizeof(index->key));
        return resize(index, SLOTS_MIN);
    }
    return index->len < index->slots_len / 2 || resize(index, index->slots_len * 2);
}

uint32_t evidence_find(const struct evidence_index *index, const struct id *id)
{
    if (index->slots_len == 0)
        return EVIDENCE_NONE;
    uint32_t slot = *slot_for(index, id);
    return slot == EVIDENCE_NONE ? EVIDENCE_NONE : index->entries[slot].number;
}

bool evidence_remember(struct evidence_index *index, const struct id *id, uint32_t number)
{
    if (!make_room(index))
        return false;
    uint32_t *slot = slot_for(index, id);
    if (*slot != EVIDENCE_NONE)
        return true;
    *slot = index->len;
    index->entries[index->len++] = (struct evidence_indexed){*id, number};
    return true;
}

void evidence_index_clear(struct evidence_index *index)
{
    /* A table that was once large is not wiped for each small section behind it. */
    if (index->slots_len > SLOTS_MIN && index->len < index->slots_len / 16) {
        free(index->slots);
        index->slots = NULL;
        index->slots_len = 0;
    }
    for (uint32_t i = 0; i < index->slots_len; i++)
        index->slots[i] = EVIDENCE_NONE;
    index->len = 0;
}

void evidence_index_deinit(struct evidence_index *index)
{
    free(index->slots);
    free(index->entries);
    *index = (struct evidence_index){0};
}
