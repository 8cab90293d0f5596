/* Writes into a stopped, paired node, straight into its store and folded as by a turn, so
 * that the next sync has all of it to carry: in a village N escalations of ten ops each,
 * in a township an op in each of the N escalations that were touched last. Or, for a desk
 * (desk.sh), N cases of ten ops each, of which nine of ten may be closed.
 * usage: bench_fill DIR N PIN [cases|closed] */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "crypto/key.h"
#include "crypto/wrap.h"
#include "node/cases/charter.h"
#include "node/core/charters.h"
#include "node/core/core.h"
#include "node/core/refold.h"
#include "node/core/state.h"

#define OPS_PER_RECORD 10
#define TEXT_LEN 450
#define OPS_PER_TURN 1000

static void must(enum status status, const char *what)
{
    if (status == STATUS_OK)
        return;
    fprintf(stderr, "bench_fill: %s: %s\n", what, status_text(status));
    exit(1);
}

struct filler {
    struct core *core;
    struct rng rng;
    uint8_t seed[32];
    struct id heads[OP_AUTHORITY_MAX];
    size_t heads_len;
    uint64_t records; /* escalations that were there before */
    uint64_t ops;     /* of this turn */
    struct buf context, onward, reason, sites, triage, consents, origin;
    enum scope_kind kind;
    enum ledger_tree tree;
    bool closes;
};

static void unlock(struct filler *filler, const char *pin)
{
    struct charter *charter = charters_of_site(filler->core, &filler->core->site);
    size_t len;
    const struct charter_person *persons = charter_persons(charter, &len);
    const struct id *heads = charter_heads(charter, &filler->heads_len);
    memcpy(filler->heads, heads, filler->heads_len * sizeof(*heads));
    char name[80] = "key:";
    hex_encode(name + 4, persons[0].key, 32);
    struct buf wrapped = {0};
    must(store_meta_get(filler->core->store, name, &wrapped), "key");
    if (wrap_open(filler->seed, wrapped.data, pin, strlen(pin)) != WRAP_OK)
        must(STATUS_DENIED, "PIN");
    buf_deinit(&wrapped);
}

static void prepare(struct filler *filler, const struct id *parent)
{
    char text[TEXT_LEN];
    memset(text, 'n', sizeof(text));
    pack_str_bytes(&filler->context, bytes_of(text, sizeof(text)));
    pack_str(&filler->onward, "ask");
    pack_str(&filler->reason, "bench");
    pack_array(&filler->sites, 1);
    pack_array(&filler->sites, 2);
    pack_bin(&filler->sites, parent->bytes, ID_SIZE);
    pack_uint(&filler->sites, 31);
    pack_map(&filler->triage, 5);
    pack_str(&filler->triage, "beyond");
    pack_bool(&filler->triage, true);
    pack_str(&filler->triage, "danger");
    pack_bool(&filler->triage, false);
    pack_str(&filler->triage, "decision");
    pack_str(&filler->triage, "escalate");
    pack_str(&filler->triage, "reason");
    pack_str(&filler->triage, "bench");
    pack_str(&filler->triage, "solvable");
    pack_bool(&filler->triage, false);
    pack_array(&filler->consents, 0);
    uint8_t origin[32] = {7};
    pack_bin(&filler->origin, origin, 32);
}

static void add(struct filler *filler, struct op *op)
{
    struct buf bytes = {0};
    for (size_t i = 0; i < filler->heads_len; i++)
        must(op_add_authority(op, &filler->heads[i]), "authority");
    must(op_seal(op, &filler->core->network, filler->seed, &filler->rng), "seal");
    op_encode(op, ~0u, &bytes);
    must(store_op_add(filler->core->store, op, buf_bytes(&bytes), filler->kind,
                      filler->tree),
         "add");
    refold_touch(filler->core, &op->scope);
    buf_deinit(&bytes);
    filler->ops++;
}

static void begin(struct filler *filler)
{
    must(core_begin(filler->core), "begin");
    filler->ops = 0;
}

static void commit(struct filler *filler)
{
    struct action action;
    must(core_commit(filler->core), "commit");
    while (core_next_action(filler->core, &action))
        action_deinit(&action); /* nobody is dialed from here */
}

static void add_record(struct filler *filler, uint64_t number)
{
    struct op op = {.kind = bytes_str("escalate"), .is_founding = true, .time = 1};
    op.wall = 1790000000 + filler->records + number;
    must(op_add_field(&op, "case.context", buf_bytes(&filler->context)), "field");
    must(op_add_field(&op, "consents", buf_bytes(&filler->consents)), "field");
    must(op_add_field(&op, "onward", buf_bytes(&filler->onward)), "field");
    must(op_add_field(&op, "origin", buf_bytes(&filler->origin)), "field");
    must(op_add_field(&op, "reason", buf_bytes(&filler->reason)), "field");
    must(op_add_field(&op, "sites", buf_bytes(&filler->sites)), "field");
    must(op_add_field(&op, "triage", buf_bytes(&filler->triage)), "field");
    add(filler, &op);
    struct id scope = op.id, parent = op.id;
    for (uint64_t i = 1; i < OPS_PER_RECORD; i++) {
        struct op next = {.kind = bytes_str("permit"), .scope = scope, .time = i + 1};
        next.wall = op.wall;
        must(op_add_parent(&next, &parent), "parent");
        add(filler, &next);
        parent = next.id;
    }
}

/* --- cases --- */

static void put_text(struct op *op, const char *name, const char *text, struct buf *value)
{
    size_t at = value->len;
    pack_str(value, text);
    must(buf_status(value), name);
    /* The values of one op lie in one buffer, which must not move under them. */
    must(op_add_field(op, name, bytes_of(value->data + at, value->len - at)), name);
}

/* What was agreed by word of mouth, but for its text. */
static void put_end(struct op *op, struct buf *values)
{
    put_text(op, "follow-up", "都照办了", values);
    size_t at = values->len;
    pack_bool(values, true);
    must(op_add_field(op, "oral", bytes_of(values->data + at, values->len - at)), "oral");
    put_text(op, "outcome", "agreement", values);
}

static void add_case(struct filler *filler, uint64_t number)
{
    static const char *const categories[] = {"邻里", "田土", "婚姻", "债务"};
    static const char long_text[] =
        "两家为屋后的排水沟争执多年，雨天积水，去年修过一次，今年又堵。";
    struct buf values = {0};
    char text[96];
    struct op op = {.kind = bytes_str("case-new"), .is_founding = true, .time = 1};
    if (buf_reserve(&values, 4096) == NULL)
        must(STATUS_NO_MEMORY, "values");
    op.wall = 1790000000 + number;
    put_text(&op, "category", categories[number % 4], &values);
    put_text(&op, "context", long_text, &values);
    put_text(&op, "narrative", long_text, &values);
    (void)snprintf(text, sizeof(text), "2026-%04llu", (unsigned long long)number + 1);
    put_text(&op, "number", text, &values);
    size_t at = values.len;
    (void)snprintf(text, sizeof(text), "张%llu", (unsigned long long)number % 1000);
    pack_array(&values, 1);
    pack_array(&values, 2);
    pack_str(&values, text);
    pack_str(&values, "applicant");
    must(op_add_field(&op, "parties", bytes_of(values.data + at, values.len - at)),
         "field");
    (void)snprintf(text, sizeof(text), "第%llu件", (unsigned long long)number);
    put_text(&op, "title", text, &values);
    add(filler, &op);
    struct id scope = op.id, parent = op.id;
    bool closes = filler->closes && number % 10 != 0;
    for (uint64_t i = 1; i < OPS_PER_RECORD; i++) {
        bool is_end = closes && i + 1 == OPS_PER_RECORD;
        struct op next = {
            .kind = bytes_str(is_end ? "close" : "note"), .scope = scope, .time = i + 1};
        next.wall = op.wall + i;
        must(op_add_parent(&next, &parent), "parent");
        if (is_end)
            put_end(&next, &values);
        put_text(&next, "text", long_text, &values);
        add(filler, &next);
        parent = next.id;
        buf_clear(&values);
    }
    buf_deinit(&values);
}

static void add_records(struct filler *filler, uint64_t records)
{
    begin(filler);
    for (uint64_t i = 0; i < records; i++) {
        if (filler->kind == SCOPE_CASE)
            add_case(filler, i);
        else
            add_record(filler, i);
        if (filler->ops < OPS_PER_TURN)
            continue;
        commit(filler);
        begin(filler);
    }
    commit(filler);
}

static enum status push_scope(void *context, const struct store_scope *scope)
{
    id_list_push(context, &scope->id);
    return STATUS_OK;
}

struct answer {
    struct filler *filler;
    struct op op;
};

static enum status add_head(void *context, const struct id *head)
{
    struct answer *answer = context;
    struct store_place place;
    must(store_op_find(answer->filler->core->store, head, &place), "head");
    if (answer->op.time <= place.time)
        answer->op.time = place.time + 1;
    return op_add_parent(&answer->op, head);
}

/* Whether it has effect does not matter: it is kept and passed on. */
static void add_answers(struct filler *filler, uint64_t answers)
{
    struct store *store = filler->core->store;
    struct id_list scopes = {0};
    must(store_scopes_of_kind(store, SCOPE_ESCALATION, answers, push_scope, &scopes),
         "scopes");
    begin(filler);
    for (uint32_t i = 0; i < scopes.len; i++) {
        struct answer *answer = calloc(1, sizeof(*answer));
        if (answer == NULL)
            must(STATUS_NO_MEMORY, "answer");
        answer->filler = filler;
        answer->op.kind = bytes_str("permit");
        answer->op.scope = scopes.ids[i];
        answer->op.wall = 1790000000 + filler->records + i;
        must(store_scope_heads(store, &scopes.ids[i], add_head, answer), "heads");
        add(filler, &answer->op);
        free(answer);
    }
    commit(filler);
    id_list_deinit(&scopes);
}

int main(int argc, char *argv[])
{
    bool closes = argc == 5 && strcmp(argv[4], "closed") == 0;
    bool is_cases = closes || (argc == 5 && strcmp(argv[4], "cases") == 0);
    if ((argc != 4 && !is_cases) || sodium_init() < 0) {
        fprintf(stderr, "usage: bench_fill DIR N PIN [cases|closed]\n");
        return 2;
    }
    char file[512];
    struct err err = {0};
    struct core_config config = {.rng = rng_system()};
    struct filler *filler = calloc(1, sizeof(*filler));
    uint64_t len = strtoull(argv[2], NULL, 10);
    if (filler == NULL)
        return 1;
    (void)snprintf(file, sizeof(file), "%s/node.db", argv[1]);
    must(store_open(&config.store, file, NULL, false, &err), err.text);
    must(core_open(&filler->core, &config, &err), err.text);
    filler->rng = rng_system();
    filler->closes = closes;
    filler->kind = is_cases ? SCOPE_CASE : SCOPE_ESCALATION;
    filler->tree = is_cases ? TREE_PRIVATE : TREE_SHARED;
    unlock(filler, argv[3]);
    must(store_scopes_count(config.store, SCOPE_ESCALATION, &filler->records), "count");
    const struct id *parent =
        charter_parent(charters_of_site(filler->core, &filler->core->site));
    if (is_cases) {
        add_records(filler, len);
    } else if (parent != NULL) {
        prepare(filler, parent);
        add_records(filler, len);
    } else {
        add_answers(filler, len);
    }
    core_close(filler->core);
    store_close(config.store);
    free(filler);
    return 0;
}
