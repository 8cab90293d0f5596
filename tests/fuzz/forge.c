#include "forge.h"

#include "crypto/key.h"
#include "node/cases/schema.h"

#define ARENA_SIZE 16384
#define AUTHORS_LEN 8
#define SCOPES_LEN (RIG_SCOPES + RIG_SITES + 1)

/* The node's own people and those of fengyuan are not the fuzzer's to sign for. */
static const uint8_t *seed_of(const struct rig *rig, uint8_t number, enum rig_site *site)
{
    static const uint8_t stranger[32] = {9};
    static const enum rig_site sites[AUTHORS_LEN] = {RIG_XIKOU,  RIG_COUNTY, RIG_OUTSIDE,
                                                     RIG_XIKOU,  RIG_COUNTY, RIG_XIKOU,
                                                     RIG_COUNTY, RIG_XIKOU};
    number %= AUTHORS_LEN;
    *site = sites[number];
    const struct rig_keys *keys = &rig->keys[*site];
    if (number < 3)
        return keys->steward_seed;
    if (number < 5)
        return keys->node_seed;
    return number < 7 ? keys->recovery_seed : stranger;
}

static const struct id *scope_of(const struct rig *rig, uint8_t number,
                                 const struct id *last)
{
    number %= SCOPES_LEN;
    if (number < RIG_SCOPES)
        return &rig->scopes[number];
    number -= RIG_SCOPES;
    return number < RIG_SITES ? &rig->keys[number].site : last;
}

static const struct id *any_id(const struct rig *rig, uint8_t number)
{
    static const struct id unknown = {{0xdd}};
    if (number < RIG_SITES)
        return &rig->keys[number].site;
    number -= RIG_SITES;
    return number < rig->ops_len ? &rig->ops[number].id : &unknown;
}

/* --- values --- */

static void put_texts(struct buf *out, uint8_t bits)
{
    static const char *const names[] = {"title", "context", "narrative", "case.title"};
    uint32_t count = 0;
    for (int i = 0; i < 4; i++)
        count += bits >> i & 1;
    pack_array(out, count);
    for (int i = 0; i < 4; i++)
        if (bits >> i & 1)
            pack_str(out, names[i]);
}

static void put_word(struct buf *out, const char *words, uint8_t number)
{
    const char *at = words;
    for (; number > 0 && strchr(at, ' ') != NULL; number--)
        at = strchr(at, ' ') + 1;
    pack_str_bytes(out, bytes_of(at, strcspn(at, " ")));
}

static int compare_ids(const void *a, const void *b)
{
    return id_compare(*(const struct id *const *)a, *(const struct id *const *)b);
}

static void put_ids(const struct rig *rig, struct buf *out, uint8_t number, bool as_sites)
{
    const struct id *ids[3] = {any_id(rig, number & 7), any_id(rig, number >> 3 & 7),
                               any_id(rig, number)};
    uint32_t kept = 1, count = number % 3 + 1;
    qsort(ids, count, sizeof(ids[0]), compare_ids);
    for (uint32_t i = 1; i < count; i++)
        if (!id_equal(ids[i], ids[kept - 1]))
            ids[kept++] = ids[i];
    pack_array(out, kept);
    for (uint32_t i = 0; i < kept; i++) {
        if (as_sites)
            pack_array(out, 2);
        pack_bin(out, ids[i]->bytes, ID_SIZE);
        if (as_sites)
            pack_uint(out, number & CLASS_ALL);
    }
}

static void put_key(const struct rig *rig, struct buf *out, uint8_t number, bool is_dh)
{
    enum rig_site site;
    uint8_t key[32];
    const uint8_t *seed = seed_of(rig, number, &site);
    if (is_dh)
        key_dh_public(key, rig->keys[number % RIG_SITES].noise_secret);
    else if (number & 64)
        key_sign_public(key, rig->keys[RIG_TOWNSHIP].node_seed);
    else
        key_sign_public(key, seed);
    pack_bin(out, key, sizeof(key));
}

static void put_list(struct buf *out, enum schema_type type, uint8_t number)
{
    uint32_t count = number & 3;
    pack_array(out, count);
    for (uint32_t i = 0; i < count; i++) {
        static const char *const aliases[] = {"甲", "乙", "丙"};
        pack_array(out, type == TYPE_PARTIES ? 2 : 3);
        pack_str(out, aliases[i]);
        if (type == TYPE_CONSENTS)
            put_texts(out, number >> 2 & 15);
        pack_str(out, type == TYPE_PARTIES ? "party" : "oral");
    }
}

static void put_triage(struct buf *out, uint8_t number)
{
    pack_map(out, 5);
    pack_str(out, "beyond");
    pack_bool(out, number & 1);
    pack_str(out, "danger");
    pack_bool(out, number & 2);
    pack_str(out, "decision");
    put_word(out, "escalate refer keep", number >> 4 & 3);
    pack_str(out, "reason");
    pack_str(out, "水渠");
    pack_str(out, "solvable");
    pack_bool(out, number & 4);
}

static void put_value(const struct rig *rig, struct buf *out,
                      const struct schema_field *field, uint8_t number)
{
    static const char *const texts[] = {"甲", "title", "case.title", "case.context"};
    switch (field->type) {
    case TYPE_TEXT:
        pack_str(out, texts[number & 3]);
        break;
    case TYPE_WORD:
        put_word(out, field->words, number & 7);
        break;
    case TYPE_UINT:
        pack_uint(out, number % (field->max + 2));
        break;
    case TYPE_FLAG:
        pack_bool(out, number & 1);
        break;
    case TYPE_ID:
    case TYPE_SECRET:
        pack_bin(out, any_id(rig, number)->bytes, ID_SIZE);
        break;
    case TYPE_KEY:
    case TYPE_DH_KEY:
        put_key(rig, out, number, field->type == TYPE_DH_KEY);
        break;
    case TYPE_SALT:
    case TYPE_BYTES:
        pack_bin(out, any_id(rig, number)->bytes, field->type == TYPE_SALT ? 16 : 32);
        break;
    case TYPE_IDS:
    case TYPE_DIGESTS:
    case TYPE_SITES:
        put_ids(rig, out, number, field->type == TYPE_SITES);
        break;
    case TYPE_TEXTS:
    case TYPE_NAMES:
        put_texts(out, number & 15);
        break;
    case TYPE_PARTIES:
    case TYPE_CLAUSES:
    case TYPE_ROLES:
    case TYPE_STEPS: /* mostly of another form: days are no text */
    case TYPE_CITES: /* mostly of another form: it cites a text */
    case TYPE_CONSENTS:
        put_list(out, field->type, number);
        break;
    case TYPE_TRIAGE:
        put_triage(out, number);
        break;
    case TYPE_DATE:
        pack_str(out, number & 1 ? "2026-11-30" : "2026-11-31");
        break;
    }
}

/* --- what it builds on --- */

struct heads {
    struct id ids[OP_PARENTS_MAX];
    uint32_t len, max;
};

static enum status keep_head(void *context, const struct id *id)
{
    struct heads *heads = context;
    if (heads->len < heads->max)
        heads->ids[heads->len++] = *id;
    return STATUS_OK;
}

static void heads_of(struct rig *rig, const struct id *scope, struct heads *heads)
{
    HOLDS(store_scope_heads(rig->store, scope, keep_head, heads) == STATUS_OK);
    /* What is not here: the last op of the story in that scope. */
    for (uint32_t i = rig->ops_len; heads->len == 0 && i > 0; i--)
        if (id_equal(&rig->ops[i - 1].scope, scope))
            heads->ids[heads->len++] = rig->ops[i - 1].id;
}

static void build_on(struct rig *rig, struct op *op, uint8_t flags, uint8_t number,
                     const struct id *last, enum rig_site author)
{
    struct heads parents = {.max = OP_PARENTS_MAX}, charter = {.max = OP_AUTHORITY_MAX};
    op->time = 1;
    if (!op->is_founding && (flags & 3) == 0)
        heads_of(rig, &op->scope, &parents);
    else if (!op->is_founding && (flags & 3) == 2)
        parents.ids[parents.len++] = *last;
    else if (!op->is_founding && (flags & 3) == 3)
        parents.ids[parents.len++] = *any_id(rig, number);
    for (uint32_t i = 0; i < parents.len; i++) {
        struct store_place place;
        HOLDS(op_add_parent(op, &parents.ids[i]) == STATUS_OK);
        if (store_op_find(rig->store, &parents.ids[i], &place) == STATUS_OK &&
            place.time >= op->time)
            op->time = place.time + 1;
    }
    op->time += flags >> 2 & 1;
    if (op_is_kind(op, "found"))
        return;
    heads_of(rig, &rig->keys[flags & 8 ? RIG_COUNTY : author].site, &charter);
    for (uint32_t i = 0; i < charter.len; i++)
        HOLDS(op_add_authority(op, &charter.ids[i]) == STATUS_OK);
}

void forge_op(struct rig *rig, struct fuzz_input *input, struct id *last, struct buf *out)
{
    static struct op op;
    static uint8_t arena[ARENA_SIZE];
    size_t kinds_len = 0, used = 0;
    while (schema_kind_at(kinds_len) != NULL)
        kinds_len++;
    const struct schema_kind *kind = schema_kind_at(fuzz_u8(input) % kinds_len);
    uint8_t scope = fuzz_u8(input), author = fuzz_u8(input), flags = fuzz_u8(input);
    enum rig_site site;
    const uint8_t *seed = seed_of(rig, author, &site);
    op = (struct op){.kind = bytes_str(kind->name), .is_founding = kind->is_founding};
    if (!kind->is_founding)
        op.scope = *scope_of(rig, scope, last);
    build_on(rig, &op, flags, scope, last, site);
    op.wall = flags & 64 ? UINT64_MAX >> 1 : rig->wall;
    op.quality = WALL_NTP;
    for (uint32_t i = 0; i < kind->fields_len; i++) {
        const struct schema_field *field = &kind->fields[i];
        if (!field->is_required && (flags & 16))
            continue;
        uint8_t number = fuzz_u8(input);
        struct buf value = {0};
        if ((flags & 32) && (number & 3) == 3)
            pack_nil(&value);
        else
            put_value(rig, &value, field, number);
        HOLDS(used + value.len <= sizeof(arena));
        memcpy(arena + used, value.data, value.len);
        HOLDS(op_add_field(&op, field->name, bytes_of(arena + used, value.len)) ==
              STATUS_OK);
        used += value.len;
        buf_deinit(&value);
    }
    HOLDS(op_seal(&op, &rig->network, seed, &rig->config.rng) == STATUS_OK);
    *last = op.id;
    op_encode(&op, ~0u, out);
}
