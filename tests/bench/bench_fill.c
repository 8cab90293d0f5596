/* Fills a stopped, paired village with N escalations of ten ops each, written straight
 * into its store and folded by a rebuild, so that the next sync has all of them to carry.
 * usage: bench_fill DIR N PIN */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "crypto/key.h"
#include "crypto/wrap.h"
#include "node/cases/charter.h"
#include "node/core/charters.h"
#include "node/core/core.h"
#include "node/core/state.h"

#define OPS_PER_RECORD 10
#define TEXT_LEN 450

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
    struct buf context, onward, reason, sites, triage, consents, origin;
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

static void prepare(struct filler *filler)
{
    char text[TEXT_LEN];
    memset(text, 'n', sizeof(text));
    struct charter *charter = charters_of_site(filler->core, &filler->core->site);
    const struct id *parent = charter_parent(charter);
    if (parent == NULL)
        must(STATUS_NOT_FOUND, "parent");
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
    must(store_op_add(filler->core->store, op, buf_bytes(&bytes), SCOPE_ESCALATION,
                      TREE_SHARED),
         "add");
    buf_deinit(&bytes);
}

static void add_record(struct filler *filler, uint64_t number)
{
    struct op op = {.kind = bytes_str("escalate"), .is_founding = true, .time = 1};
    op.wall = 1790000000 + number;
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
        next.wall = 1790000000 + number;
        must(op_add_parent(&next, &parent), "parent");
        add(filler, &next);
        parent = next.id;
    }
}

int main(int argc, char *argv[])
{
    if (argc != 4 || sodium_init() < 0) {
        fprintf(stderr, "usage: bench_fill DIR N PIN\n");
        return 2;
    }
    char file[512];
    struct err err = {0};
    struct core_config config = {.rng = rng_system()};
    struct filler *filler = calloc(1, sizeof(*filler));
    uint64_t records = strtoull(argv[2], NULL, 10);
    if (filler == NULL)
        return 1;
    (void)snprintf(file, sizeof(file), "%s/node.db", argv[1]);
    must(store_open(&config.store, file, NULL, false, &err), err.text);
    must(core_open(&filler->core, &config, &err), err.text);
    filler->rng = rng_system();
    unlock(filler, argv[3]);
    prepare(filler);
    for (uint64_t i = 0; i < records; i++) {
        if (i % 100 == 0)
            must(store_begin(config.store), "begin");
        add_record(filler, i);
        if (i % 100 == 99 || i + 1 == records)
            must(store_commit(config.store), "commit");
    }
    must(core_rebuild(filler->core, NULL, NULL), "rebuild");
    core_close(filler->core);
    store_close(config.store);
    free(filler);
    return 0;
}
