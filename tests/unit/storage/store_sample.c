#include "tests/unit/storage/store_sample.h"

#include <string.h>

#include "crypto/rng.h"

static struct crash_vfs *disk;

int sample_set_up(void **state)
{
    struct store *store;
    struct err err = {0};
    disk = crash_vfs_new(SAMPLE_VFS, (struct crash_disk){.seed = 11});
    if (store_open(&store, SAMPLE_FILE, SAMPLE_VFS, true, &err) != STATUS_OK)
        return -1;
    *state = store;
    return 0;
}

int sample_tear_down(void **state)
{
    store_close(*state);
    crash_vfs_free(disk);
    return 0;
}

struct crash_vfs *sample_disk(void)
{
    return disk;
}

struct store *sample_open(bool create)
{
    struct err err = {0};
    struct store *store = NULL;
    enum status status = store_open(&store, SAMPLE_FILE, SAMPLE_VFS, create, &err);
    assert_string_equal(err.text, "");
    assert_int_equal(status, STATUS_OK);
    return store;
}

struct store *sample_reopen(void **state, bool has_cut)
{
    if (has_cut)
        crash_vfs_cut_after(disk, 0);
    store_close(*state);
    if (has_cut)
        crash_vfs_reboot(disk);
    *state = NULL;
    *state = sample_open(false);
    return *state;
}

struct id sample_id(uint8_t byte)
{
    struct id id;
    memset(id.bytes, byte, ID_SIZE);
    return id;
}

void sample_op(struct sample_op *sample, const struct id *scope, uint64_t time,
               const char *text)
{
    static const uint8_t key[32] = {5};
    struct rng rng = rng_system();
    struct id network, parent = sample_id(0xee);
    network_id(&network, "fengqiao");
    struct buf value = {0};
    pack_str(&value, text);
    *sample = (struct sample_op){0};
    struct op *op = &sample->op;
    op->kind = bytes_str("note");
    op->is_founding = scope == NULL;
    if (!op->is_founding)
        op->scope = *scope;
    op->time = time;
    op->wall = 1790000000 + time;
    if (!op->is_founding)
        assert_int_equal(op_add_parent(op, &parent), STATUS_OK);
    assert_int_equal(op_add_authority(op, &parent), STATUS_OK);
    assert_int_equal(op_add_field(op, "text", buf_bytes(&value)), STATUS_OK);
    assert_int_equal(op_seal(op, &network, key, &rng), STATUS_OK);
    op_encode(op, ~0u, &sample->bytes);
    op_encode(op, 0, &sample->erased);
    assert_int_equal(buf_status(&sample->bytes), STATUS_OK);
    buf_deinit(&value);
    op->fields_len = 0; /* its value is gone */
}

void sample_op_deinit(struct sample_op *sample)
{
    buf_deinit(&sample->bytes);
    buf_deinit(&sample->erased);
}

void sample_add(struct store *store, const struct sample_op *sample,
                enum ledger_tree tree)
{
    enum status status = store_op_add(store, &sample->op, buf_bytes(&sample->bytes),
                                      tree == TREE_WAITING ? 0 : SCOPE_CASE, tree);
    assert_int_equal(status, STATUS_OK);
}

void sample_begin(struct store *store)
{
    assert_int_equal(store_begin(store), STATUS_OK);
}

void sample_commit(struct store *store)
{
    assert_int_equal(store_commit(store), STATUS_OK);
}

enum status sample_collect(void *context, const struct id *id)
{
    struct sample_ids *list = context;
    assert_true(list->len < SAMPLE_IDS_MAX);
    list->ids[list->len++] = *id;
    return STATUS_OK;
}

enum status sample_collect_op(void *context, const struct store_op *op)
{
    return sample_collect(context, &op->id);
}

enum status sample_collect_scope(void *context, const struct store_scope *scope)
{
    return sample_collect(context, &scope->id);
}

void assert_id(const struct id *got, const struct id *wanted)
{
    assert_memory_equal(got->bytes, wanted->bytes, ID_SIZE);
}

void sample_report(void *context, const char *text)
{
    buf_add(context, text, strlen(text));
    buf_add_u8(context, '\n');
}
