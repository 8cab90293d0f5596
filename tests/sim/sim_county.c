#include "tests/sim/sim_county.h"

#include <assert.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <sqlite3.h>

#include "node/cases/view.h"
#include "tests/support/crash_vfs.h"
#include "tests/support/pin_memo.h"

static void copy_text(struct bytes map, const char *name, char *text, size_t size)
{
    struct bytes value;
    assert_true(view_map_text(map, name, &value));
    (void)snprintf(text, size, "%.*s", (int)value.len, (const char *)value.data);
}

static int set_up_on(void **state, const char *vfs)
{
    struct sim_county *f = calloc(1, sizeof(*f));
    assert_non_null(f);
    assert_true(scratch_make(f->directory));
    f->world = world_new(f->directory, 42);
    world_use_vfs(f->world, vfs);
    f->county = world_found(f->world, "county", "示例县", "county:1");
    f->township = world_found(f->world, "township", "青河镇", "township:1");
    f->fengyuan = world_found(f->world, "village", "枫源村", "fengyuan:1");
    f->xikou = world_found(f->world, "village", "溪口村", "xikou:1");
    world_pair(f->world, f->county, f->township);
    world_pair(f->world, f->township, f->fengyuan);
    world_pair(f->world, f->township, f->xikou);
    *state = f;
    return 0;
}

int sim_county_set_up(void **state)
{
    return set_up_on(state, NULL);
}

void sim_county_free(struct sim_county *f)
{
    world_free(f->world);
    scratch_remove(f->directory);
}

int sim_county_tear_down(void **state)
{
    sim_county_free(*state);
    free(*state);
    return 0;
}

struct id sim_escalate(struct sim_county *f, struct world_node *village,
                       const char *title)
{
    struct buf out = {0};
    char number[32];
    struct id id;
    SIM_SAY(f, village, &out, "case.new", "category", "邻里", "title", title, "narrative",
            "两家为屋后排水沟争执。", "context", "去年修过一次沟。");
    copy_text(buf_bytes(&out), "number", number, sizeof(number));
    SIM_SAY(f, village, &out, "case.triage", "case", number, "decision", "escalate",
            "beyond", "true", "reason", "涉及两村的水渠");
    SIM_SAY(f, village, &out, "escalate.release", "case", number, "fields",
            "[title,context,category]", "reason", "超出村里权限", "no_parties",
            "渠是村里的", "onward", "yes");
    assert_true(view_map_id(buf_bytes(&out), "escalation", &id));
    buf_deinit(&out);
    world_run(f->world, 5000);
    return id;
}

void sim_assert_state(struct sim_county *f, struct world_node *node, const struct id *id,
                      const char *expected)
{
    struct buf out = {0};
    struct bytes view;
    char hex[65], state[32] = "unknown";
    hex_encode(hex, id->bytes, ID_SIZE);
    if (world_say(f->world, node, &out, "escalation.show", "escalation", hex, NULL) ==
        STATUS_OK) {
        assert_true(view_map_get(buf_bytes(&out), "view", &view));
        copy_text(view, "state", state, sizeof(state));
    }
    buf_deinit(&out);
    assert_string_equal(state, expected);
}

uint64_t sim_status(struct sim_county *f, struct world_node *node, const char *member)
{
    struct buf out = {0};
    uint64_t number;
    SIM_SAY(f, node, &out, "status", NULL, NULL);
    assert_true(view_map_uint(buf_bytes(&out), member, &number));
    buf_deinit(&out);
    return number;
}

uint32_t sim_count(struct bytes text, const char *part)
{
    uint32_t count = 0;
    size_t len = strlen(part);
    for (size_t i = 0; i + len <= text.len; i++)
        count += memcmp(text.data + i, part, len) == 0;
    return count;
}

static void read_seed(struct world_node *node, const struct id *key, uint8_t *seed)
{
    char name[80] = "key:";
    struct buf wrapped = {0};
    struct job *job = job_new(JOB_UNWRAP);
    assert_non_null(job);
    hex_encode(name + 4, key->bytes, ID_SIZE);
    assert_int_equal(store_meta_get(world_store(node), name, &wrapped), STATUS_OK);
    assert_int_equal(wrapped.len, WRAP_SIZE);
    memcpy(job->wrapped, wrapped.data, WRAP_SIZE);
    memcpy(job->pin, "135791", 6);
    job->pin_len = 6;
    pin_memo_run(job);
    assert_int_equal(job->result, WRAP_OK);
    memcpy(seed, job->seed, 32);
    job_free(job);
    buf_deinit(&wrapped);
}

void sim_add_person(struct sim_county *f, struct world_node *node, const char *name,
                    const char *role, uint8_t *seed)
{
    struct buf out = {0};
    struct id key;
    SIM_SAY(f, node, &out, "person.add", "name", name, "role", role, "pin", "135791");
    assert_true(view_map_id(buf_bytes(&out), "key", &key));
    if (seed != NULL)
        read_seed(node, &key, seed);
    buf_deinit(&out);
}

struct refused {
    const struct id *op;
    char reason[32];
    bool found;
};

static bool look_at_refused(void *context, struct bytes element)
{
    struct refused *refused = context;
    struct id op;
    if (!view_map_id(element, "op", &op) || !id_equal(&op, refused->op))
        return true;
    copy_text(element, "reason", refused->reason, sizeof(refused->reason));
    refused->found = true;
    return false;
}

static enum status look_at_scope(void *context, const struct store_scope *scope)
{
    view_map_each(scope->view, "refused", look_at_refused, context);
    return STATUS_OK;
}

const char *sim_refused(struct world_node *node, const struct id *scope,
                        const struct id *op)
{
    static struct refused refused;
    refused = (struct refused){.op = op};
    enum status status =
        store_scope_get(world_store(node), scope, look_at_scope, &refused);
    assert_int_equal(status, STATUS_OK);
    return refused.found ? refused.reason : NULL;
}

static struct crash_vfs *disk;

int sim_county_set_up_in_memory(void **state)
{
    disk = crash_vfs_new(SIM_COUNTY_DISK, (struct crash_disk){.seed = 5});
    assert_non_null(disk);
    return set_up_on(state, SIM_COUNTY_DISK);
}

int sim_county_tear_down_in_memory(void **state)
{
    int rc = sim_county_tear_down(state);
    crash_vfs_free(disk);
    return rc;
}

/* ---- what no node would write ---- */

void sim_spoil(struct sim_county *f, int number, const char *sql)
{
    static const char alone[] = "PRAGMA locking_mode = EXCLUSIVE";
    bool is_in_memory = sqlite3_vfs_find(SIM_COUNTY_DISK) != NULL;
    char file[SCRATCH_SIZE + 64];
    sqlite3 *db;
    (void)snprintf(file, sizeof(file), "%s/node-%d.db", f->directory, number);
    assert_int_equal(sqlite3_open_v2(file, &db, SQLITE_OPEN_READWRITE,
                                     is_in_memory ? SIM_COUNTY_DISK : NULL),
                     SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, alone, NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    assert_true(sqlite3_changes(db) > 0);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

/* ---- what no correct node would write ---- */

struct heads {
    struct id ids[OP_PARENTS_MAX];
    uint32_t len;
};

static enum status keep_head(void *context, const struct id *id)
{
    struct heads *heads = context;
    if (heads->len < OP_PARENTS_MAX)
        heads->ids[heads->len++] = *id;
    return STATUS_OK;
}

static struct heads heads_of(const struct forgery *forgery, const struct id *scope)
{
    struct heads heads = {0};
    enum status status =
        store_scope_heads(world_store(forgery->of), scope, keep_head, &heads);
    assert_int_equal(status, STATUS_OK);
    return heads;
}

static void add_parents(const struct forgery *forgery, struct op *op)
{
    struct heads heads = {0};
    op->time = 1;
    if (forgery->parents != NULL) {
        memcpy(heads.ids, forgery->parents, forgery->parents_len * sizeof(heads.ids[0]));
        heads.len = forgery->parents_len;
    } else if (forgery->scope != NULL) {
        heads = heads_of(forgery, forgery->scope);
    }
    for (uint32_t i = 0; i < heads.len; i++) {
        struct store_place place;
        assert_int_equal(op_add_parent(op, &heads.ids[i]), STATUS_OK);
        if (store_op_find(world_store(forgery->of), &heads.ids[i], &place) == STATUS_OK &&
            place.time >= op->time)
            op->time = place.time + 1;
    }
    if (forgery->time != 0)
        op->time = forgery->time;
}

static void add_authority(const struct forgery *forgery, struct op *op)
{
    struct heads heads = {0};
    if (forgery->authority != NULL)
        heads = (struct heads){{*forgery->authority}, 1};
    else
        heads = heads_of(forgery, world_site(forgery->of));
    for (uint32_t i = 0; i < heads.len && i < OP_AUTHORITY_MAX; i++)
        assert_int_equal(op_add_authority(op, &heads.ids[i]), STATUS_OK);
}

struct id sim_forge(const struct forgery *forgery, struct buf *bytes)
{
    struct op op = {.is_founding = forgery->scope == NULL, .wall = forgery->wall};
    const struct draft *draft = forgery->draft;
    op.kind = bytes_str(draft != NULL ? draft->kind : forgery->kind);
    if (forgery->scope != NULL)
        op.scope = *forgery->scope;
    add_parents(forgery, &op);
    add_authority(forgery, &op);
    for (uint32_t i = 0; draft != NULL && i < draft->fields_len; i++) {
        const struct draft_field *field = &draft->fields[i];
        struct bytes value = bytes_of(draft->memory.data + field->at, field->len);
        assert_int_equal(op_add_field(&op, field->name, value), STATUS_OK);
    }
    enum status status =
        op_seal(&op, world_network(forgery->of), forgery->seed, world_rng(forgery->of));
    assert_int_equal(status, STATUS_OK);
    op_encode(&op, ~0u, bytes);
    return op.id;
}

/* ["ops", dictionary, [op …], skipped], with the riders behind the last op. */
void sim_ride(void *context, struct bytes message, struct buf *out)
{
    struct riders *riders = context;
    struct pack_reader reader = pack_reader_of(message);
    uint32_t elements, count;
    struct bytes name, dictionary, op;
    uint64_t skipped;
    if (riders->len == 0 || pack_read_array(&reader, &elements, NULL) != STATUS_OK ||
        pack_read_str(&reader, &name, NULL) != STATUS_OK ||
        !bytes_equal_str(name, "ops") || (riders->once && riders->sent > 0))
        return;
    pack_array(out, 4);
    pack_str(out, "ops");
    enum status status = pack_value(&reader, 0, &dictionary, NULL);
    assert(status == STATUS_OK);
    buf_add(out, dictionary.data, dictionary.len);
    status = pack_read_array(&reader, &count, NULL);
    assert(status == STATUS_OK);
    pack_array(out, count + riders->len);
    while (count-- > 0) {
        status = pack_value(&reader, 0, &op, NULL);
        assert(status == STATUS_OK);
        buf_add(out, op.data, op.len);
    }
    buf_add(out, riders->ops.data, riders->ops.len);
    status = pack_read_uint(&reader, &skipped, NULL);
    assert(status == STATUS_OK);
    (void)status;
    pack_uint(out, skipped);
    riders->sent += riders->len;
}

bool sim_disk_holds(const struct sim_county *f, int node, struct bytes sought)
{
    static const char *const suffixes[] = {"", "-wal"};
    bool holds = false;
    for (int i = 0; i < 2; i++) {
        char name[128], part[4096];
        struct buf all = {0};
        size_t len;
        (void)snprintf(name, sizeof(name), "%s/node-%d.db%s", f->directory, node,
                       suffixes[i]);
        FILE *file = fopen(name, "rb");
        if (file == NULL)
            continue;
        while ((len = fread(part, 1, sizeof(part), file)) > 0)
            buf_add(&all, part, len);
        (void)fclose(file);
        holds |=
            all.len > 0 && memmem(all.data, all.len, sought.data, sought.len) != NULL;
        buf_deinit(&all);
    }
    return holds;
}
