#include "node/page/pairs.h"

#include <stdlib.h>
#include <string.h>

#include "proto/pack.h"

static struct pair *find(struct pairs *pairs, const char *name)
{
    for (size_t i = 0; i < pairs->len; i++)
        if (strcmp(pairs->pairs[i].name, name) == 0)
            return &pairs->pairs[i];
    return NULL;
}

/* The place where the value of that name goes next; NULL: there is none. */
static struct pair *begin(struct pairs *pairs, const char *name)
{
    struct pair *pair = find(pairs, name);
    if (pair == NULL && (pairs->len == PAIRS_MAX || strlen(name) > PAIR_NAME_MAX)) {
        pairs->memory.failed = true;
        return NULL;
    }
    if (pair == NULL) {
        pair = &pairs->pairs[pairs->len++];
        memcpy(pair->name, name, strlen(name) + 1);
    }
    pair->at = pairs->memory.len;
    return pair;
}

static void end(struct pairs *pairs, struct pair *pair)
{
    if (pair != NULL)
        pair->len = pairs->memory.len - pair->at;
}

void pairs_raw(struct pairs *pairs, const char *name, struct bytes raw)
{
    struct pair *pair = begin(pairs, name);
    buf_add(&pairs->memory, raw.data, raw.len);
    end(pairs, pair);
}

void pairs_text(struct pairs *pairs, const char *name, struct bytes text)
{
    struct pair *pair = begin(pairs, name);
    pack_str_bytes(&pairs->memory, text);
    end(pairs, pair);
}

void pairs_flag(struct pairs *pairs, const char *name, bool value)
{
    struct pair *pair = begin(pairs, name);
    pack_bool(&pairs->memory, value);
    end(pairs, pair);
}

void pairs_uint(struct pairs *pairs, const char *name, uint64_t value)
{
    struct pair *pair = begin(pairs, name);
    pack_uint(&pairs->memory, value);
    end(pairs, pair);
}

void pairs_bin(struct pairs *pairs, const char *name, struct bytes bytes)
{
    struct pair *pair = begin(pairs, name);
    pack_bin(&pairs->memory, bytes.data, bytes.len);
    end(pairs, pair);
}

bool pairs_has(const struct pairs *pairs, const char *name)
{
    for (size_t i = 0; i < pairs->len; i++)
        if (strcmp(pairs->pairs[i].name, name) == 0)
            return true;
    return false;
}

/* Canonical keys ascend byte by byte, the shorter first. */
static int compare(const void *a, const void *b)
{
    return strcmp(((const struct pair *)a)->name, ((const struct pair *)b)->name);
}

enum status pairs_pack(struct pairs *pairs, struct buf *out)
{
    qsort(pairs->pairs, pairs->len, sizeof(pairs->pairs[0]), compare);
    if (pairs->memory.failed)
        return STATUS_NO_MEMORY;
    pack_map(out, (uint32_t)pairs->len);
    for (size_t i = 0; i < pairs->len; i++) {
        pack_str(out, pairs->pairs[i].name);
        buf_add(out, pairs->memory.data + pairs->pairs[i].at, pairs->pairs[i].len);
    }
    return buf_status(out);
}

void pairs_deinit(struct pairs *pairs)
{
    buf_wipe(&pairs->memory);
    *pairs = (struct pairs){0};
}
