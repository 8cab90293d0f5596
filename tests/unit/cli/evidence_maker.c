#include "tests/unit/cli/evidence_maker.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/key.h"
#include "crypto/rng.h"
#include "node/cases/disclosure.h"
#include "proto/pack.h"

struct maker {
    struct rng_keyed *keyed;
    struct rng rng;
    uint64_t quality;
    struct id network;
    uint32_t len, capacity;
    struct op *ops;
    bool *is_there;
    struct buf *values; /* borrowed by the ops */
    uint32_t values_len;
};

#define NETWORK "fengqiao"
#define VALUES_PER_OP 16

static void seed_of(uint8_t seed[static 32], enum maker_signer signer)
{
    memset(seed, (int)signer, 32);
}

static struct op *begin(struct maker *maker, uint32_t number, const char *kind)
{
    struct op *op = &maker->ops[number];
    *op = (struct op){.kind = bytes_str(kind),
                      .time = 1,
                      .wall = 1790000000 + number,
                      .quality = maker->quality};
    maker->is_there[number] = true;
    return op;
}

static struct buf *add_value(struct maker *maker)
{
    return &maker->values[maker->values_len++];
}

static void add(struct op *op, const char *name, const struct buf *value)
{
    assert(op_add_field(op, name, buf_bytes(value)) == STATUS_OK);
}

static void add_text(struct maker *maker, struct op *op, const char *name,
                     const char *text)
{
    struct buf *value = add_value(maker);
    pack_str(value, text);
    add(op, name, value);
}

static void add_bin(struct maker *maker, struct op *op, const char *name,
                    const void *bytes)
{
    struct buf *value = add_value(maker);
    pack_bin(value, bytes, 32);
    add(op, name, value);
}

static void add_key(struct maker *maker, struct op *op, const char *name,
                    enum maker_signer signer)
{
    uint8_t seed[32];
    uint8_t key[32];
    seed_of(seed, signer);
    key_sign_public(key, seed);
    add_bin(maker, op, name, key);
}

static void seal(struct maker *maker, struct op *op, enum maker_signer signer)
{
    uint8_t seed[32];
    seed_of(seed, signer);
    assert(op_seal(op, &maker->network, seed, &maker->rng) == STATUS_OK);
}

/* Behind parent in its scope, under the authority of a charter's head. */
static void follow(struct op *op, const struct op *parent, const struct op *authority)
{
    op->scope = parent->scope;
    op->time = parent->time + 1;
    assert(op_add_parent(op, &parent->id) == STATUS_OK);
    assert(op_add_authority(op, &authority->id) == STATUS_OK);
}

static void found(struct maker *maker, uint32_t number, uint64_t tier, const char *name,
                  const char *steward, enum maker_signer first)
{
    struct op *op = begin(maker, number, "found");
    struct buf *value = add_value(maker);
    uint8_t noise[32] = {9};
    op->is_founding = true;
    pack_uint(value, tier);
    add(op, "tier", value);
    add_text(maker, op, "name", name);
    add_text(maker, op, "steward-name", steward);
    add_key(maker, op, "steward-key", first);
    add_key(maker, op, "node-key", (enum maker_signer)(first + 1));
    add_key(maker, op, "recovery-key", (enum maker_signer)(first + 2));
    add_bin(maker, op, "noise-key", noise);
    seal(maker, op, first);
}

static void link_sites(struct maker *maker, uint32_t number, uint32_t own,
                       const struct id *other, const char *as, enum maker_signer signer)
{
    struct op *op = begin(maker, number, "link");
    follow(op, &maker->ops[own], &maker->ops[own]);
    add_bin(maker, op, "site", other->bytes);
    add_text(maker, op, "as", as);
    seal(maker, op, signer);
}

static void add_triage(struct maker *maker, struct op *op)
{
    struct buf *value = add_value(maker);
    pack_map(value, 5);
    pack_str(value, "beyond");
    pack_bool(value, true);
    pack_str(value, "danger");
    pack_bool(value, false);
    pack_str(value, "decision");
    pack_str(value, "escalate");
    pack_str(value, "reason");
    pack_str(value, "两次调解未成");
    pack_str(value, "solvable");
    pack_bool(value, false);
    add(op, "triage", value);
}

static void add_consents(struct maker *maker, struct op *op)
{
    struct buf *value = add_value(maker);
    pack_array(value, 1);
    pack_array(value, 3);
    pack_str(value, "张某");
    pack_array(value, 2);
    pack_str(value, "context");
    pack_str(value, "title");
    pack_str(value, "signed");
    add(op, "consents", value);
}

static void escalate(struct maker *maker, const struct maker_wish *wish, uint32_t number,
                     uint32_t authority, enum maker_signer signer)
{
    struct op *op = begin(maker, number, "escalate");
    struct buf *sites = add_value(maker);
    uint8_t origin[32] = {7};
    op->is_founding = true;
    op->wall += wish->number;
    if (authority != MAKER_NONE)
        assert(op_add_authority(op, &maker->ops[authority].id) == STATUS_OK);
    add_triage(maker, op);
    add_consents(maker, op);
    pack_array(sites, 1);
    pack_array(sites, 2);
    pack_bin(sites, maker->ops[MAKER_FOUND_TOWNSHIP].id.bytes, 32);
    pack_uint(sites, CLASS_ALL);
    add(op, "sites", sites);
    add_text(maker, op, "onward", "ask");
    add_text(maker, op, "reason", "村内无法解决");
    add_bin(maker, op, "origin", origin);
    if (wish->is_in_danger || wish->is_danger_denied) {
        struct buf *danger = add_value(maker);
        pack_bool(danger, wish->is_in_danger);
        add(op, "danger", danger);
        add_text(maker, op, "danger-reason", "持刀威胁");
    }
    add_text(maker, op, "case.title", "排水沟");
    add_text(maker, op, "case.context", "三年前修路时改了水道");
    seal(maker, op, signer);
}

static void answer(struct maker *maker, const struct maker_wish *wish, uint32_t number,
                   const char *kind, enum maker_signer signer)
{
    struct op *op = begin(maker, number, kind);
    uint32_t before =
        wish->is_side_by_side && number > MAKER_ADVISE ? MAKER_OPENED : number - 1;
    follow(
        op, &maker->ops[before],
        &maker->ops[wish->is_half_linked ? MAKER_FOUND_TOWNSHIP : MAKER_LINK_TOWNSHIP]);
    if (number >= MAKER_ADVISE)
        add_text(maker, op, "text", "先请司法所现场查看");
    if (number >= MAKER_ADVISE && wish->has_wrong_time)
        op->time += 1;
    seal(maker, op, signer);
}

/* The village calls it back, and the township's machine has erased it. */
static void recall(struct maker *maker, uint32_t number)
{
    struct op *op = begin(maker, number, "recall");
    follow(op, &maker->ops[number - 1], &maker->ops[MAKER_LINK_VILLAGE]);
    add_text(maker, op, "reason", "当事人撤回同意");
    seal(maker, op, VILLAGE_STEWARD);
    op = begin(maker, number + 1, "purged");
    follow(op, &maker->ops[number], &maker->ops[MAKER_LINK_TOWNSHIP]);
    seal(maker, op, TOWNSHIP_NODE);
}

/* A private case: it has no business in evidence. */
static void add_case(struct maker *maker, uint32_t number)
{
    struct op *op = begin(maker, number, "case-new");
    op->is_founding = true;
    assert(op_add_authority(op, &maker->ops[MAKER_LINK_VILLAGE].id) == STATUS_OK);
    add_text(maker, op, "number", "2026-0001");
    add_text(maker, op, "category", "邻里");
    add_text(maker, op, "title", "排水沟");
    add_text(maker, op, "narrative", "雨水流进院子");
    seal(maker, op, VILLAGE_STEWARD);
}

struct maker *maker_new(const struct maker_wish *wish)
{
    uint32_t advices = wish->advices > 0 ? wish->advices : 1;
    struct maker *maker = calloc(1, sizeof(*maker));
    assert(maker);
    maker->quality = wish->quality;
    maker->len = MAKER_ADVISE + advices + (wish->has_case ? 1 : 0);
    maker->capacity = maker->len + MAKER_MORE_MAX;
    maker->ops = calloc(maker->capacity, sizeof(*maker->ops));
    maker->is_there = calloc(maker->capacity, sizeof(*maker->is_there));
    maker->values =
        calloc((size_t)maker->capacity * VALUES_PER_OP, sizeof(*maker->values));
    assert(maker->ops && maker->is_there && maker->values);
    maker->keyed = rng_keyed_new(1, 1);
    maker->rng = rng_keyed_rng(maker->keyed);
    network_id(&maker->network, NETWORK);
    found(maker, MAKER_FOUND_TOWNSHIP, 2, "青石镇",
          wish->steward_name ? wish->steward_name : "王某", TOWNSHIP_STEWARD);
    found(maker, MAKER_FOUND_VILLAGE, 1, "石桥村", "李某", VILLAGE_STEWARD);
    if (!wish->is_half_linked)
        link_sites(maker, MAKER_LINK_TOWNSHIP, MAKER_FOUND_TOWNSHIP,
                   &maker->ops[MAKER_FOUND_VILLAGE].id, "child", TOWNSHIP_STEWARD);
    link_sites(maker, MAKER_LINK_VILLAGE, MAKER_FOUND_VILLAGE,
               &maker->ops[MAKER_FOUND_TOWNSHIP].id, "parent", VILLAGE_STEWARD);
    escalate(maker, wish, MAKER_ESCALATE, MAKER_LINK_VILLAGE, VILLAGE_STEWARD);
    answer(maker, wish, MAKER_RECEIVED, "received", TOWNSHIP_NODE);
    answer(maker, wish, MAKER_OPENED, "opened", TOWNSHIP_STEWARD);
    for (uint32_t i = 0; i < (wish->is_recalled ? 1 : advices); i++)
        answer(maker, wish, MAKER_ADVISE + i, "advise",
               wish->is_advice_of_stranger ? STRANGER : TOWNSHIP_STEWARD);
    if (wish->is_recalled)
        recall(maker, MAKER_ADVISE + 1);
    if (wish->has_case)
        add_case(maker, maker->len - 1);
    return maker;
}

static uint32_t take_number(struct maker *maker)
{
    assert(maker->len < maker->capacity);
    return maker->len++;
}

static void add_field(struct maker *maker, struct op *op, const struct maker_field *field)
{
    if (field->text)
        add_text(maker, op, field->name, field->text);
    else if (field->id)
        add_bin(maker, op, field->name, field->id->bytes);
    else
        add_key(maker, op, field->name, field->key);
}

uint32_t maker_add(struct maker *maker, const struct maker_say *say)
{
    uint32_t number = take_number(maker);
    struct op *op = begin(maker, number, say->kind);
    op->is_founding = say->parent == MAKER_NONE;
    if (!op->is_founding) {
        const struct op *parent = &maker->ops[say->parent];
        op->scope = say->scope == MAKER_NONE ? parent->scope : maker->ops[say->scope].id;
        op->time = parent->time + 1;
        assert(op_add_parent(op, &parent->id) == STATUS_OK);
    }
    if (say->beside != MAKER_NONE) {
        const struct op *beside = &maker->ops[say->beside];
        assert(op_add_parent(op, &beside->id) == STATUS_OK);
        if (op->time <= beside->time)
            op->time = beside->time + 1;
    }
    if (say->authority != MAKER_NONE)
        assert(op_add_authority(op, &maker->ops[say->authority].id) == STATUS_OK);
    for (size_t i = 0; i < MAKER_FIELDS_MAX && say->fields[i].name; i++)
        add_field(maker, op, &say->fields[i]);
    seal(maker, op, say->signer);
    return number;
}

uint32_t maker_add_site(struct maker *maker, uint64_t tier, const char *name,
                        enum maker_signer first)
{
    uint32_t number = take_number(maker);
    found(maker, number, tier, name, "赵某", first);
    return number;
}

uint32_t maker_add_link(struct maker *maker, uint32_t parent, const struct id *site,
                        const char *as, enum maker_signer signer)
{
    uint32_t number = take_number(maker);
    link_sites(maker, number, parent, site, as, signer);
    return number;
}

uint32_t maker_add_escalation(struct maker *maker, const struct maker_wish *wish,
                              uint32_t authority, enum maker_signer signer)
{
    uint32_t number = take_number(maker);
    escalate(maker, wish, number, authority, signer);
    return number;
}

void maker_free(struct maker *maker)
{
    for (uint32_t i = 0; i < maker->values_len; i++)
        buf_deinit(&maker->values[i]);
    rng_keyed_free(maker->keyed);
    free(maker->ops);
    free(maker->is_there);
    free(maker->values);
    free(maker);
}

uint32_t maker_ops_len(const struct maker *maker)
{
    return maker->len;
}

const struct op *maker_op(const struct maker *maker, uint32_t number)
{
    return maker->is_there[number] ? &maker->ops[number] : NULL;
}

/* ---- the file ---- */

/* Which section does an op stand in: the number of what founds its scope, or its own. */
static uint32_t section_of(const struct maker *maker, const struct maker_file_wish *wish,
                           uint32_t number)
{
    if (number == wish->astray)
        return wish->section_of_astray;
    for (uint32_t i = 0; i < maker->len; i++)
        if (maker->is_there[i] && maker->ops[i].is_founding &&
            id_equal(&maker->ops[i].id, &maker->ops[number].scope))
            return i;
    return number;
}

struct file {
    const struct maker *maker;
    const struct maker_file_wish *wish;
    struct buf *out;
    struct maker_span *spans;
    uint32_t *sections; /* of each op */
    uint32_t *order;    /* numbers of ops, section after section */
    uint32_t order_len;
    uint64_t count;
};

static bool is_charter(const struct maker *maker, uint32_t number)
{
    return op_is_kind(&maker->ops[number], "found");
}

/* Negative where the section of a comes first. */
static int compare_sections(const struct file *file, uint32_t a, uint32_t b)
{
    const struct maker *maker = file->maker;
    bool a_is_last = a == file->wish->section_last,
         b_is_last = b == file->wish->section_last;
    if (a_is_last != b_is_last)
        return a_is_last ? 1 : -1;
    if (is_charter(maker, a) != is_charter(maker, b))
        return is_charter(maker, a) ? -1 : 1;
    int order = id_compare(&maker->ops[a].scope, &maker->ops[b].scope);
    return file->wish->is_reversed ? -order : order;
}

static int compare_ops(const void *a, const void *b, void *of)
{
    const struct file *file = of;
    uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;
    if (file->sections[left] != file->sections[right])
        return compare_sections(file, file->sections[left], file->sections[right]);
    if (left == file->wish->last || right == file->wish->last)
        return left == file->wish->last ? 1 : -1;
    return left < right ? -1 : left > right;
}

static void write_op(struct file *file, uint32_t number)
{
    const struct op *op = &file->maker->ops[number];
    struct buf bytes = {0};
    op_encode(op, number == file->wish->withheld ? file->wish->mask : ~0u, &bytes);
    if (file->spans)
        file->spans[number].from = file->out->len;
    pack_array(file->out, 2);
    pack_bin(file->out, op->id.bytes, ID_SIZE);
    pack_bin(file->out, bytes.data, bytes.len);
    if (file->spans)
        file->spans[number].to = file->out->len;
    if (file->wish->included)
        buf_append(file->out, &file->wish->included[number]);
    buf_deinit(&bytes);
    file->count++;
}

static void write_line(struct file *file, uint32_t section, uint32_t records)
{
    struct id scope = file->maker->ops[section].scope;
    if (section == file->wish->unsaid)
        return;
    if (section == file->wish->renamed)
        scope.bytes[9] ^= 1;
    pack_array(file->out, 3);
    pack_str(file->out, "scope");
    pack_bin(file->out, scope.bytes, ID_SIZE);
    pack_uint(file->out, records + (section == file->wish->miscounted));
}

/* The ops from there on that are of one section; gives where the next one begins. */
static uint32_t write_section(struct file *file, uint32_t from)
{
    const struct maker_file_wish *wish = file->wish;
    uint32_t section = file->sections[file->order[from]], to = from, records = 0;
    for (; to < file->order_len && file->sections[file->order[to]] == section; to++)
        records += file->order[to] == wish->twice ? 2 : 1;
    for (int times = section == wish->section_twice ? 2 : 1; times > 0; times--) {
        write_line(file, section, records);
        for (uint32_t i = from; i < to; i++) {
            write_op(file, file->order[i]);
            if (file->order[i] == wish->twice)
                write_op(file, file->order[i]);
        }
    }
    return to;
}

void maker_head(const struct maker *maker, const struct maker_file_wish *wish,
                struct buf *out)
{
    bool is_period = strcmp(wish->about, "period") == 0;
    pack_array(out, 4);
    pack_str(out, "fengqiao-evidence");
    pack_uint(out, 2);
    pack_str(out, wish->network ? wish->network : NETWORK);
    pack_array(out, is_period ? 4 : 2);
    pack_str(out, wish->about);
    pack_bin(out, maker->ops[wish->head].id.bytes, ID_SIZE);
    if (is_period) {
        pack_uint(out, 1790000000);
        pack_uint(out, 1799999999);
    }
}

void maker_end(uint64_t count, struct buf *out)
{
    pack_array(out, 2);
    pack_str(out, "end");
    pack_uint(out, count);
}

static void list_ops(struct file *file)
{
    const struct maker *maker = file->maker;
    file->sections = calloc(maker->len, sizeof(*file->sections));
    file->order = calloc(maker->len, sizeof(*file->order));
    assert(file->sections && file->order);
    for (uint32_t i = 0; i < maker->len; i++) {
        if (!maker->is_there[i] || i == file->wish->without)
            continue;
        file->sections[i] = section_of(maker, file->wish, i);
        file->order[file->order_len++] = i;
    }
    qsort_r(file->order, file->order_len, sizeof(*file->order), compare_ops, file);
}

void maker_file(const struct maker *maker, const struct maker_file_wish *wish,
                struct buf *out, struct maker_span *spans)
{
    struct file file = {.maker = maker, .wish = wish, .out = out, .spans = spans};
    list_ops(&file);
    maker_head(maker, wish, out);
    if (wish->logs)
        buf_append(out, wish->logs);
    for (uint32_t from = 0; from < file.order_len;)
        from = write_section(&file, from);
    maker_end(file.count, out);
    assert(buf_status(out) == STATUS_OK);
    free(file.sections);
    free(file.order);
}

uint64_t maker_section(const struct maker *maker, uint32_t founding, struct buf *out)
{
    return maker_section_included(maker, founding, NULL, out);
}

uint64_t maker_section_included(const struct maker *maker, uint32_t founding,
                                const struct buf *included, struct buf *out)
{
    struct maker_file_wish wish = MAKER_WHOLE;
    struct file file = {.maker = maker, .wish = &wish, .out = out};
    wish.included = included;
    list_ops(&file);
    for (uint32_t from = 0; from < file.order_len; from++) {
        if (file.sections[file.order[from]] != founding)
            continue;
        (void)write_section(&file, from);
        break;
    }
    assert(buf_status(out) == STATUS_OK);
    free(file.sections);
    free(file.order);
    return file.count;
}

uint64_t maker_charters(const struct maker *maker, struct buf *out)
{
    const struct id *township = &maker->ops[MAKER_FOUND_TOWNSHIP].id;
    const struct id *village = &maker->ops[MAKER_FOUND_VILLAGE].id;
    bool is_first = id_compare(township, village) < 0;
    uint64_t first =
        maker_section(maker, is_first ? MAKER_FOUND_TOWNSHIP : MAKER_FOUND_VILLAGE, out);
    return first + maker_section(
                       maker, is_first ? MAKER_FOUND_VILLAGE : MAKER_FOUND_TOWNSHIP, out);
}
