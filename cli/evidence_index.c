/*
 * Which record has an id? Open addressing with numbers of records for slots; the ids
 * stand in the records. Ids in a file are whatever its maker wrote, so that slots come
 * from a hash under a key of our own.
 */
#include <stdlib.h>
#include <string.h>

#include "cli/evidence_parts.h"
#include "crypto/digest.h"
#include "crypto/rng.h"

/* A record under a wrong id is known by the right one as well. */
struct alias {
    struct id id;
    uint32_t record;
};

#define ALIAS_BIT 0x80000000u /* EVIDENCE_OPS_MAX stays far below */

struct evidence_index {
    uint8_t key[32];
    uint32_t slots_len, used;
    uint32_t *slots; /* a record, ALIAS_BIT and an alias, or EVIDENCE_NONE */
    struct alias *aliases;
    uint32_t aliases_len, aliases_capacity;
};

static const struct id *id_of(const struct evidence *evidence, uint32_t slot)
{
    return (slot & ALIAS_BIT) != 0 ? &evidence->index->aliases[slot & ~ALIAS_BIT].id
                                   : &evidence->records[slot].id;
}

/* The place of that id among slots, or the free one where it would stand. */
static uint32_t *slot_for(const struct evidence *evidence, uint32_t *slots,
                          uint32_t slots_len, const struct id *id)
{
    uint8_t hash[16];
    uint32_t at;
    digest_keyed(hash, sizeof(hash), evidence->index->key, "fengqiao/1/index", id->bytes,
                 ID_SIZE);
    memcpy(&at, hash, sizeof(at));
    at &= slots_len - 1;
    while (slots[at] != EVIDENCE_NONE && !id_equal(id_of(evidence, slots[at]), id))
        at = (at + 1) & (slots_len - 1);
    return &slots[at];
}

static bool resize(struct evidence *evidence, uint32_t slots_len)
{
    struct evidence_index *index = evidence->index;
    uint32_t *slots = malloc((size_t)slots_len * sizeof(*slots));
    if (!slots)
        return false;
    for (uint32_t i = 0; i < slots_len; i++)
        slots[i] = EVIDENCE_NONE;
    for (uint32_t i = 0; i < index->slots_len; i++) {
        uint32_t slot = index->slots[i];
        if (slot != EVIDENCE_NONE)
            *slot_for(evidence, slots, slots_len, id_of(evidence, slot)) = slot;
    }
    free(index->slots);
    index->slots = slots;
    index->slots_len = slots_len;
    return true;
}

static bool make_room(struct evidence *evidence)
{
    if (evidence->index) {
        const struct evidence_index *index = evidence->index;
        return index->used < index->slots_len / 2 ||
               resize(evidence, index->slots_len * 2);
    }
    struct rng rng = rng_system();
    evidence->index = calloc(1, sizeof(*evidence->index));
    if (!evidence->index)
        return false;
    rng_fill(&rng, "index", NULL, evidence->index->key, 32);
    if (resize(evidence, 1024))
        return true;
    free(evidence->index); /* there is no index without slots */
    evidence->index = NULL;
    return false;
}

uint32_t evidence_find(const struct evidence *evidence, const struct id *id)
{
    const struct evidence_index *index = evidence->index;
    if (!index)
        return EVIDENCE_NONE;
    uint32_t slot = *slot_for(evidence, index->slots, index->slots_len, id);
    if (slot == EVIDENCE_NONE || (slot & ALIAS_BIT) == 0)
        return slot;
    return index->aliases[slot & ~ALIAS_BIT].record;
}

void evidence_remember(struct evidence *evidence, const struct id *id, uint32_t record)
{
    if (!make_room(evidence)) {
        evidence->failed_memory = true;
        return;
    }
    struct evidence_index *index = evidence->index;
    uint32_t *slot = slot_for(evidence, index->slots, index->slots_len, id);
    if (*slot != EVIDENCE_NONE)
        return;
    *slot = record;
    index->used++;
    if (id_equal(&evidence->records[record].id, id))
        return;
    void *aliases = index->aliases;
    if (!evidence_grow(&aliases, sizeof(*index->aliases), index->aliases_len,
                       &index->aliases_capacity)) {
        *slot = EVIDENCE_NONE;
        evidence->failed_memory = true;
        return;
    }
    index->aliases = aliases;
    index->aliases[index->aliases_len] = (struct alias){*id, record};
    *slot = ALIAS_BIT | index->aliases_len++;
}

void evidence_index_free(struct evidence_index *index)
{
    if (!index)
        return;
    free(index->slots);
    free(index->aliases);
    free(index);
}
