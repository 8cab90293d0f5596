#include "story.h"

#include <stdlib.h>
#include <string.h>

#include "crypto/key.h"

#define STORY_OPS_MAX 4096
#define STORY_VALUES_MAX 65536

struct story {
    struct rng_keyed *keyed;
    struct rng rng;
    struct id network;
    uint64_t seed;
    struct op *ops[STORY_OPS_MAX];
    struct buf values[STORY_VALUES_MAX];
    uint32_t ops_len, values_len;
};

struct story *story_new(uint64_t seed)
{
    struct story *story = calloc(1, sizeof(*story));
    assert_non_null(story);
    story->keyed = rng_keyed_new(seed, 1);
    story->rng = rng_keyed_rng(story->keyed);
    story->seed = seed;
    network_id(&story->network, "test");
    return story;
}

void story_free(struct story *story)
{
    for (uint32_t i = 0; i < story->ops_len; i++)
        free(story->ops[i]);
    for (uint32_t i = 0; i < story->values_len; i++)
        buf_deinit(&story->values[i]);
    rng_keyed_free(story->keyed);
    free(story);
}

struct story_person story_person(struct story *story, uint64_t number)
{
    struct story_person person = {0};
    /* The same key on a machine of either byte order, and so the same ids. */
    for (size_t i = 0; i < 8; i++)
        person.seed[i] = (uint8_t)(story->seed >> (8 * i));
    for (size_t i = 0; i < sizeof(number); i++)
        person.seed[8 + i] = (uint8_t)(number >> (8 * i));
    key_sign_public(person.key, person.seed);
    return person;
}

uint32_t story_dice(struct story *story, uint32_t bound)
{
    uint32_t number;
    rng_fill(&story->rng, "dice", NULL, (uint8_t *)&number, sizeof(number));
    return number % bound;
}

struct bytes story_take(struct story *story, struct buf *packed)
{
    assert_true(story->values_len < STORY_VALUES_MAX);
    struct buf *kept = &story->values[story->values_len++];
    *kept = *packed;
    *packed = (struct buf){0};
    return buf_bytes(kept);
}

struct bytes story_text(struct story *story, const char *text)
{
    struct buf buf = {0};
    pack_str(&buf, text);
    return story_take(story, &buf);
}

struct bytes story_uint(struct story *story, uint64_t number)
{
    struct buf buf = {0};
    pack_uint(&buf, number);
    return story_take(story, &buf);
}

struct bytes story_flag(struct story *story, bool flag)
{
    struct buf buf = {0};
    pack_bool(&buf, flag);
    return story_take(story, &buf);
}

struct bytes story_bin(struct story *story, const void *data, size_t len)
{
    struct buf buf = {0};
    pack_bin(&buf, data, len);
    return story_take(story, &buf);
}

static int compare_ids(const void *a, const void *b)
{
    return id_compare(a, b);
}

struct bytes story_ids(struct story *story, const struct op *const *ops, size_t len)
{
    struct buf buf = {0};
    struct id ids[64];
    assert_true(len <= 64);
    for (size_t i = 0; i < len; i++)
        ids[i] = ops[i]->id;
    qsort(ids, len, sizeof(ids[0]), compare_ids);
    pack_array(&buf, (uint32_t)len);
    for (size_t i = 0; i < len; i++)
        pack_bin(&buf, ids[i].bytes, ID_SIZE);
    return story_take(story, &buf);
}

struct bytes story_texts(struct story *story, const char *words)
{
    struct buf buf = {0};
    uint32_t count = 0;
    for (const char *at = words; *at != '\0'; at += strspn(at, " "), count++)
        at += strcspn(at, " ");
    pack_array(&buf, count);
    for (const char *at = words; *at != '\0'; at += strspn(at, " ")) {
        size_t len = strcspn(at, " ");
        pack_str_bytes(&buf, bytes_of(at, len));
        at += len;
    }
    return story_take(story, &buf);
}

struct op *story_begin(struct story *story, const char *kind)
{
    assert_true(story->ops_len < STORY_OPS_MAX);
    struct op *op = calloc(1, sizeof(*op));
    assert_non_null(op);
    story->ops[story->ops_len++] = op;
    op->kind = bytes_str(kind);
    op->wall = 1700000000 + story->ops_len;
    op->quality = WALL_NTP;
    return op;
}

void story_put(struct op *op, const char *name, struct bytes value)
{
    assert_int_equal(op_add_field(op, name, value), STATUS_OK);
}

void story_after(struct op *op, const struct op *parent)
{
    op->scope = parent->scope;
    assert_int_equal(op_add_parent(op, &parent->id), STATUS_OK);
    if (op->time <= parent->time)
        op->time = parent->time + 1;
}

void story_seal(struct story *story, struct op *op, const struct story_person *author)
{
    op->is_founding = op->parents_len == 0;
    if (op->is_founding)
        op->time = 1;
    assert_int_equal(op_seal(op, &story->network, author->seed, &story->rng), STATUS_OK);
}

struct op *story_withhold(struct story *story, const struct op *op, uint32_t show)
{
    struct buf bytes = {0};
    op_encode(op, show, &bytes);
    struct op *copy = story_begin(story, "copy");
    assert_int_equal(op_decode_bytes(copy, story_take(story, &bytes), NULL), STATUS_OK);
    assert_int_equal(op_rebuild(copy), STATUS_OK);
    assert_memory_equal(copy->id.bytes, op->id.bytes, ID_SIZE);
    return copy;
}
