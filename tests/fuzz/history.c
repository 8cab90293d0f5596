#include "history.h"

#include "crypto/key.h"
#include "node/cases/schema.h"

#define KEYS_LEN 8
#define ARENA_SIZE (256u * 1024)

/* Composed values; names borrow from the schema. */
static uint8_t arena[ARENA_SIZE];
static size_t arena_len;

static const uint8_t *key_of(uint8_t number)
{
    static uint8_t keys[KEYS_LEN][KEY_SIZE];
    static bool is_made;
    for (uint8_t i = 0; i < KEYS_LEN && !is_made; i++) {
        uint8_t seed[KEY_SEED_SIZE];
        memset(seed, i + 1, sizeof(seed));
        key_sign_public(keys[i], seed);
    }
    is_made = true;
    return keys[number % KEYS_LEN];
}

/* An op of any of the scopes so far, or an id that nobody has. */
static const struct id *some_id(const struct history *history, uint8_t number)
{
    static const struct id unknown = {{0xdd}};
    const struct history_scope *scopes[] = {&history->shared, &history->charters[0],
                                            &history->charters[1]};
    const struct history_scope *scope = scopes[(number >> 4) % 3];
    return (number & 15) < scope->len ? &scope->ops[number & 15].id : &unknown;
}

static const struct id *site_of(const struct history *history, uint8_t number)
{
    static const struct id third = {{0x33}};
    const struct history_scope *charter = &history->charters[number & 1];
    return (number & 6) == 6 || charter->len == 0 ? &third : &charter->ops[0].id;
}

/* --- values by type --- */

static void put_word(struct buf *out, const char *words, uint8_t number)
{
    const char *at = words;
    for (; number > 0 && strchr(at, ' ') != NULL; number--)
        at = strchr(at, ' ') + 1;
    pack_str_bytes(out, bytes_of(at, strcspn(at, " ")));
}

static void put_text(struct buf *out, uint8_t number)
{
    static const char *const texts[] = {"甲",        "乙", "title", "context",
                                        "narrative", "A",  "B",     "case.title"};
    pack_str(out, texts[number & 7]);
}

static int compare_ids(const void *a, const void *b)
{
    return id_compare(a, b);
}

static void put_ids(const struct history *history, struct buf *out,
                    struct fuzz_input *input)
{
    struct id ids[4];
    uint32_t count = fuzz_u8(input) & 3;
    for (uint32_t i = 0; i < count; i++)
        ids[i] = *some_id(history, fuzz_u8(input));
    qsort(ids, count, sizeof(ids[0]), compare_ids);
    pack_array(out, count);
    for (uint32_t i = 0; i < count; i++)
        pack_bin(out, ids[i].bytes, ID_SIZE);
}

static void put_texts(struct buf *out, uint8_t bits)
{
    static const char *const names[] = {"title", "context", "narrative", "parties"};
    uint32_t count = 0;
    for (int i = 0; i < 4; i++)
        count += bits >> i & 1;
    pack_array(out, count);
    for (int i = 0; i < 4; i++)
        if (bits >> i & 1)
            pack_str(out, names[i]);
}

static void put_parties(struct buf *out, uint8_t count)
{
    static const char *const names[] = {"A", "B", "C"};
    pack_array(out, count & 3);
    for (int i = 0; i < (count & 3); i++) {
        pack_array(out, 2);
        pack_str(out, names[i]);
        pack_str(out, "party");
    }
}

static void put_consents(struct buf *out, uint8_t number)
{
    pack_array(out, number & 1);
    if ((number & 1) == 0)
        return;
    pack_array(out, 3);
    pack_str(out, "A");
    put_texts(out, number >> 1);
    pack_str(out, "oral");
}

static void put_sites(const struct history *history, struct buf *out, uint8_t number)
{
    pack_array(out, 1);
    pack_array(out, 2);
    pack_bin(out, site_of(history, (uint8_t)(number + 1))->bytes, ID_SIZE);
    pack_uint(out, number & CLASS_ALL);
}

static void put_triage(struct buf *out, uint8_t number)
{
    pack_map(out, 5);
    pack_str(out, "beyond");
    pack_bool(out, number & 1);
    pack_str(out, "danger");
    pack_bool(out, number & 2);
    pack_str(out, "decision");
    pack_str(out, number & 4 ? "keep" : "escalate");
    pack_str(out, "reason");
    put_text(out, number >> 3);
    pack_str(out, "solvable");
    pack_bool(out, number & 8);
}

static void put_value(const struct history *history, const struct schema_field *field,
                      struct buf *out, struct fuzz_input *input)
{
    static const uint8_t salt[64];
    uint8_t number = fuzz_u8(input);
    switch (field->type) {
    case TYPE_TEXT:
        put_text(out, number);
        return;
    case TYPE_WORD:
        put_word(out, field->words, number & 7);
        return;
    case TYPE_UINT:
        pack_uint(out, number & 63);
        return;
    case TYPE_FLAG:
        pack_bool(out, number & 1);
        return;
    case TYPE_ID:
        pack_bin(out,
                 number & 128 ? site_of(history, number)->bytes
                              : some_id(history, number)->bytes,
                 ID_SIZE);
        return;
    case TYPE_KEY:
    case TYPE_DH_KEY:
    case TYPE_SECRET:
        pack_bin(out, key_of(number), KEY_SIZE);
        return;
    case TYPE_SALT:
        pack_bin(out, salt, OP_SALT_SIZE);
        return;
    case TYPE_BYTES:
        pack_bin(out, salt, number & 1 ? 32 : 1);
        return;
    case TYPE_IDS:
    case TYPE_DIGESTS:
        put_ids(history, out, input);
        return;
    case TYPE_TEXTS:
    case TYPE_NAMES:
        put_texts(out, number);
        return;
    case TYPE_PARTIES:
    case TYPE_CLAUSES:
    case TYPE_ROLES:
        put_parties(out, number);
        return;
    case TYPE_CITES:
        pack_array(out, 1);
        pack_array(out, 2);
        pack_bin(out, some_id(history, number)->bytes, ID_SIZE);
        put_text(out, number);
        return;
    case TYPE_STEPS:
        pack_array(out, 1);
        pack_array(out, 3);
        pack_str(out, number & 1 ? "A" : "B");
        put_text(out, number);
        pack_uint(out, number);
        return;
    case TYPE_CONSENTS:
        put_consents(out, number);
        return;
    case TYPE_SITES:
        put_sites(history, out, number);
        return;
    case TYPE_TRIAGE:
        put_triage(out, number);
        return;
    case TYPE_DATE:
        pack_str(out, number & 1 ? "2026-11-30" : "2026-11-31");
        return;
    }
    pack_nil(out);
}

static struct bytes keep(const struct buf *value)
{
    HOLDS(buf_status(value) == STATUS_OK && value->len <= ARENA_SIZE - arena_len);
    memcpy(arena + arena_len, value->data, value->len);
    struct bytes kept = bytes_of(arena + arena_len, value->len);
    arena_len += value->len;
    return kept;
}

/* --- ops --- */

static void add_fields(const struct history *history, struct op *op,
                       const struct schema_kind *kind, struct fuzz_input *input)
{
    struct buf value = {0};
    uint32_t flips = fuzz_u8(input) < (op->is_founding ? 16 : 48) ? fuzz_u16(input) : 0;
    for (uint32_t i = 0; i < kind->fields_len; i++) {
        const struct schema_field *field = &kind->fields[i];
        /* Mostly what is required; each bit set turns that round. */
        if (field->is_required == (flips >> i & 1))
            continue;
        buf_clear(&value);
        put_value(history, field, &value, input);
        HOLDS(op_add_field(op, field->name, keep(&value)) == STATUS_OK);
    }
    buf_deinit(&value);
}

/* Withholds some fields, as a copy for another site does. */
static void withhold(struct op *op, uint8_t bits)
{
    if (bits == 0)
        return;
    op->has_secret = false;
    for (uint32_t i = 0; i < op->fields_len; i++)
        op->fields[i].is_shown = !(bits >> (i & 7) & 1);
}

static void add_parents(struct op *op, const struct history_scope *scope, uint8_t bits)
{
    for (uint32_t i = 0; i < scope->len && i < 8; i++) {
        const struct op *parent = &scope->ops[scope->len - 1 - i];
        /* The bit of the last op is the other way round: mostly a chain. */
        if ((bits >> i & 1) == (i == 0))
            continue;
        HOLDS(op_add_parent(op, &parent->id) == STATUS_OK);
        if (parent->time >= op->time)
            op->time = parent->time + 1;
    }
    if (op->parents_len > 0)
        return;
    HOLDS(op_add_parent(op, &scope->ops[0].id) == STATUS_OK);
    op->time = 2;
}

static void add_authority(struct op *op, const struct history *history,
                          const struct history_scope *scope, uint8_t number)
{
    if (scope->kind == SCOPE_CHARTER) {
        op->authority_len = op->parents_len;
        if (op->authority_len > OP_AUTHORITY_MAX)
            op->authority_len = OP_AUTHORITY_MAX;
        memcpy(op->authority, op->parents, op->authority_len * sizeof(op->parents[0]));
        return;
    }
    const struct history_scope *charter = &history->charters[number & 1];
    uint32_t back = (number >> 1 & 7) % charter->len;
    HOLDS(op_add_authority(op, &charter->ops[charter->len - 1 - back].id) == STATUS_OK);
    if (number & 128)
        HOLDS(op_add_authority(op, some_id(history, 0x10 | (number >> 4 & 7))) ==
              STATUS_OK);
}

/* The kinds of a scope, one of which founds it. */
static const struct schema_kind *choose_kind(enum scope_kind scope, bool founds,
                                             uint8_t number)
{
    const struct schema_kind *fitting[64];
    const struct schema_kind *kind;
    size_t count = 0;
    for (size_t i = 0; (kind = schema_kind_at(i)) != NULL && count < 64; i++)
        if (schema_belongs(kind, scope) && kind->is_founding == founds)
            fitting[count++] = kind;
    HOLDS(count > 0);
    return fitting[number % count];
}

/* Mostly the steward of the site whose charter the op names. */
static const uint8_t *choose_author(const struct history *history,
                                    const struct history_scope *scope, uint8_t author,
                                    uint8_t authority)
{
    uint8_t site =
        scope->kind == SCOPE_CHARTER ? scope == &history->charters[1] : authority & 1;
    return key_of(author < 128 ? 4 * site : author);
}

static void add_op(struct history *history, struct history_scope *scope,
                   struct fuzz_input *input)
{
    struct op *op = &scope->ops[scope->len];
    uint8_t number = fuzz_u8(input), author = fuzz_u8(input), authority = fuzz_u8(input);
    const struct schema_kind *kind =
        choose_kind(scope->kind, scope->len == 0, number & 31);
    *op = (struct op){.version = OP_VERSION, .has_secret = true, .time = 1};
    op->is_founding = scope->len == 0;
    /* Beneath a founding op without effect nothing has any. */
    if (op->is_founding && number < 128)
        author = authority = 0;
    op->kind = bytes_str(number >= 248 ? "unknown" : kind->name);
    if (number >= 240 && number < 248)
        op->version++;
    memcpy(op->author, choose_author(history, scope, author, authority), KEY_SIZE);
    if (!op->is_founding) {
        op->scope = scope->ops[0].id;
        add_parents(op, scope, fuzz_u8(input));
    }
    add_authority(op, history, scope, authority);
    op->wall = fuzz_u8(input);
    op->quality = op->wall > 0 ? WALL_PEER : WALL_NONE;
    op->secret[0] = fuzz_u8(input);
    add_fields(history, op, kind, input);
    HOLDS(op_rebuild(op) == STATUS_OK);
    withhold(op, op->wall >= 240 ? fuzz_u8(input) : 0);
    scope->len++;
}

/* Sound, so that the input need not guess seven values: author, steward and node of site
 * s are keys 4s, 4s and 4s + 1; its recovery key is 4s + 2. */
static void found_site(struct history *history, uint8_t site)
{
    const uint8_t first = (uint8_t)(4 * site);
    const uint8_t fields[] = {0,
                              0,
                              site,
                              0,
                              0,
                              255,
                              (uint8_t)(site + 1),
                              0,
                              first,
                              0,
                              (uint8_t)(first + 1),
                              (uint8_t)(first + 1),
                              (uint8_t)(first + 2)};
    struct fuzz_input input = fuzz_input_of(fields, sizeof(fields));
    struct history_scope *charter = &history->charters[site];
    charter->kind = SCOPE_CHARTER;
    add_op(history, charter, &input);
}

void history_make(struct history *history, struct fuzz_input *input)
{
    arena_len = 0;
    for (uint8_t site = 0; site < HISTORY_SITES; site++)
        history->charters[site].len = 0;
    history->shared.len = 0;
    uint8_t sizes = fuzz_u8(input);
    for (uint8_t site = 0; site < HISTORY_SITES; site++) {
        found_site(history, site);
        uint32_t more = (sizes >> (3 * site)) & 7;
        while (history->charters[site].len <= more &&
               history->charters[site].len < HISTORY_CHARTER_MAX && input->len > 0)
            add_op(history, &history->charters[site], input);
    }
    history->shared.kind = sizes & 64 ? SCOPE_ESCALATION : SCOPE_CASE;
    do
        add_op(history, &history->shared, input);
    while (history->shared.len < HISTORY_SCOPE_MAX && input->len > 0);
}
