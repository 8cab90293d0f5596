#include "tests/sim/life/needles.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define FILTER_BITS (1u << 22)

struct needle {
    const char *what;
    size_t at, len;  /* in memory */
    uint32_t owners; /* bit of each */
};

/* slots: open addressing by the first eight bytes; several needles may begin alike. */
struct needles {
    struct needle *all;
    uint32_t len, capacity;
    struct buf memory;
    uint32_t *slots; /* 1 + number of the needle; 0: free */
    uint32_t slots_len;
    uint8_t filter[FILTER_BITS / 8];
};

static uint64_t window_at(const uint8_t *bytes)
{
    uint64_t window;
    memcpy(&window, bytes, sizeof(window));
    return window;
}

static uint64_t hash_of(const uint8_t *bytes)
{
    uint64_t window = window_at(bytes) * 0x9e3779b97f4a7c15u;
    return window ^ window >> 29;
}

struct needles *needles_new(void)
{
    struct needles *needles = calloc(1, sizeof(*needles));
    assert(needles != NULL);
    needles->slots_len = 1024;
    needles->slots = calloc(needles->slots_len, sizeof(*needles->slots));
    assert(needles->slots != NULL);
    return needles;
}

void needles_free(struct needles *needles)
{
    if (needles == NULL)
        return;
    free(needles->all);
    free(needles->slots);
    buf_deinit(&needles->memory);
    free(needles);
}

static const uint8_t *bytes_at(const struct needles *needles, const struct needle *needle)
{
    return needles->memory.data + needle->at;
}

static uint32_t filter_bit(uint64_t hash)
{
    return (uint32_t)(hash >> 32) & (FILTER_BITS - 1);
}

static bool may_begin(const struct needles *needles, uint64_t hash)
{
    uint32_t bit = filter_bit(hash);
    return (needles->filter[bit / 8] & 1u << bit % 8) != 0;
}

static void put_slot(struct needles *needles, uint32_t number)
{
    uint64_t hash = hash_of(bytes_at(needles, &needles->all[number]));
    uint32_t slot = (uint32_t)hash & (needles->slots_len - 1);
    while (needles->slots[slot] != 0)
        slot = (slot + 1) & (needles->slots_len - 1);
    needles->slots[slot] = number + 1;
    uint32_t bit = filter_bit(hash);
    needles->filter[bit / 8] |= (uint8_t)(1u << bit % 8);
}

static void grow(struct needles *needles)
{
    if (needles->len == needles->capacity) {
        needles->capacity = needles->capacity == 0 ? 512 : 2 * needles->capacity;
        needles->all = realloc(needles->all, needles->capacity * sizeof(*needles->all));
        assert(needles->all != NULL);
    }
    if (needles->slots_len >= 4 * needles->len)
        return;
    free(needles->slots);
    needles->slots_len *= 4;
    needles->slots = calloc(needles->slots_len, sizeof(*needles->slots));
    assert(needles->slots != NULL);
    for (uint32_t i = 0; i < needles->len; i++)
        put_slot(needles, i);
}

/* The needle that is exactly these bytes, if it is known. */
static struct needle *find_same(const struct needles *needles, const uint8_t *data,
                                size_t len)
{
    uint32_t slot = (uint32_t)hash_of(data) & (needles->slots_len - 1);
    for (; needles->slots[slot] != 0; slot = (slot + 1) & (needles->slots_len - 1)) {
        struct needle *needle = &needles->all[needles->slots[slot] - 1];
        if (needle->len == len && memcmp(bytes_at(needles, needle), data, len) == 0)
            return needle;
    }
    return NULL;
}

static void add_form(struct needles *needles, int owner, const char *what,
                     const void *data, size_t len)
{
    assert(len <= NEEDLE_MAX);
    if (len < NEEDLE_PIECE)
        return;
    struct needle *same = find_same(needles, data, len);
    if (same != NULL) {
        same->owners |= 1u << owner;
        return;
    }
    grow(needles);
    needles->all[needles->len] = (struct needle){
        .what = what, .at = needles->memory.len, .len = len, .owners = 1u << owner};
    buf_add(&needles->memory, data, len);
    assert(buf_status(&needles->memory) == STATUS_OK);
    put_slot(needles, needles->len++);
}

static void add_hex(struct needles *needles, int owner, const char *what,
                    struct bytes bytes, const char *digits)
{
    char form[NEEDLE_MAX];
    assert(2 * bytes.len <= sizeof(form));
    for (size_t i = 0; i < bytes.len; i++) {
        form[2 * i] = digits[bytes.data[i] >> 4];
        form[2 * i + 1] = digits[bytes.data[i] & 15];
    }
    add_form(needles, owner, what, form, 2 * bytes.len);
}

/* before: bytes that stand in front within a group of three. Only the characters that
 * hang on nothing but our bytes are looked for. */
static void add_base64(struct needles *needles, int owner, const char *what,
                       struct bytes bytes, size_t before, const char *last)
{
    static const char most[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    char form[NEEDLE_MAX];
    size_t len = 0, bits = 8 * bytes.len;
    for (size_t bit = (6 - 8 * before % 6) % 6; bit + 6 <= bits; bit += 6) {
        uint32_t pair = (uint32_t)bytes.data[bit / 8] << 8;
        if (bit / 8 + 1 < bytes.len)
            pair |= bytes.data[bit / 8 + 1];
        uint32_t six = pair >> (10 - bit % 8) & 63;
        assert(len < sizeof(form));
        form[len++] = six < 62 ? most[six] : last[six - 62];
    }
    add_form(needles, owner, what, form, len);
}

void needles_add(struct needles *needles, int owner, const char *what, struct bytes bytes)
{
    assert(bytes.len >= NEEDLE_PIECE);
    add_form(needles, owner, what, bytes.data, bytes.len);
    add_hex(needles, owner, what, bytes, "0123456789abcdef");
    add_hex(needles, owner, what, bytes, "0123456789ABCDEF");
    for (size_t before = 0; before < 3; before++) {
        add_base64(needles, owner, what, bytes, before, "+/");
        add_base64(needles, owner, what, bytes, before, "-_");
    }
}

void needles_add_pieces(struct needles *needles, int owner, const char *what,
                        struct bytes bytes)
{
    for (size_t at = 0; at + NEEDLE_PIECE <= bytes.len; at += NEEDLE_PIECE)
        needles_add(needles, owner, what, bytes_of(bytes.data + at, NEEDLE_PIECE));
}

/* What begins at that byte. */
static const char *find_at(const struct needles *needles, struct bytes hay, size_t at,
                           uint64_t hash, uint32_t own)
{
    uint32_t slot = (uint32_t)hash & (needles->slots_len - 1);
    for (; needles->slots[slot] != 0; slot = (slot + 1) & (needles->slots_len - 1)) {
        const struct needle *needle = &needles->all[needles->slots[slot] - 1];
        if ((needle->owners & own) == 0 && needle->len <= hay.len - at &&
            memcmp(bytes_at(needles, needle), hay.data + at, needle->len) == 0)
            return needle->what;
    }
    return NULL;
}

/* Behind so many zeros from there as come in eights: much of a file is empty. */
static size_t behind_zeros(struct bytes hay, size_t at)
{
    while (at + 2 * NEEDLE_PIECE <= hay.len && window_at(hay.data + at) == 0 &&
           window_at(hay.data + at + NEEDLE_PIECE) == 0)
        at += NEEDLE_PIECE;
    return at;
}

const char *needles_find(const struct needles *needles, struct bytes hay, int host)
{
    static const uint8_t zeros[NEEDLE_PIECE];
    uint32_t own = host == NEEDLE_NOBODY ? 0 : 1u << host;
    bool skips_zeros = !may_begin(needles, hash_of(zeros));
    for (size_t at = 0; at + NEEDLE_PIECE <= hay.len; at++) {
        if (skips_zeros)
            at = behind_zeros(hay, at);
        uint64_t hash = hash_of(hay.data + at);
        if (!may_begin(needles, hash))
            continue;
        const char *what = find_at(needles, hay, at, hash, own);
        if (what != NULL)
            return what;
    }
    return NULL;
}
