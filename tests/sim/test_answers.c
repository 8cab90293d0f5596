/* Pieces of a file that answer another question than was asked, come too late, or are
 * brought by two ops. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "node/cases/view.h"
#include "proto/limits.h"
#include "storage/store_chunks.h"
#include "storage/store_lacking.h"
#include "tests/sim/sim_files.h"

/* A file of so many pieces goes up; the record in hex. */
static void send_file(struct sim_county *f, struct bytes file, char hex[static 65])
{
    char number[32];
    files_case(f, number);
    files_attach(f, number, "a.txt", file);
    files_consent(f, number, "[a.txt]");
    files_release(f, number, "[a.txt]", hex);
}

/* What a peer answers in the place of the first piece that it is asked for. */
struct twist {
    bool is_other; /* file */
    uint64_t number;
    size_t len;
    bool is_done;
};

static void twist_piece(void *context, struct bytes message, struct buf *out)
{
    struct twist *twist = context;
    struct pack_reader reader = pack_reader_of(message);
    struct buf sealed = files_text("x", twist->len);
    uint32_t elements;
    struct bytes name;
    struct id op;
    assert_int_equal(pack_read_array(&reader, &elements, NULL), STATUS_OK);
    assert_int_equal(pack_read_str(&reader, &name, NULL), STATUS_OK);
    if (bytes_equal_str(name, "piece") && !twist->is_done) {
        assert_int_equal(pack_read_fixed(&reader, op.bytes, ID_SIZE, NULL), STATUS_OK);
        op.bytes[0] ^= twist->is_other;
        pack_array(out, 4);
        pack_str(out, "piece");
        pack_bin(out, op.bytes, ID_SIZE);
        pack_uint(out, twist->number);
        pack_bin(out, sealed.data, sealed.len);
        twist->is_done = true;
    }
    buf_deinit(&sealed);
}

/* Another file's, another of this file, and one larger than any. */
static void who_answers_with_another_piece_is_cut_off(void **state)
{
    static const struct twist rows[] = {
        {.is_other = true, .len = 20},
        {.number = 1, .len = 20},
        {.len = ATTACHMENT_CHUNK_SIZE + 17},
    };
    struct sim_county *f = *state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct twist twist = rows[i];
        char hex[65];
        uint32_t before = sim_count(world_log(f->township), "end=INVALID");
        world_set_mutator(f->fengyuan, twist_piece, &twist);
        send_file(f, bytes_str("asked for"), hex);
        world_run(f->world, 5000);
        assert_int_equal(sim_count(world_log(f->township), "end=INVALID"), before + 1);
        world_set_mutator(f->fengyuan, NULL, NULL);
        world_run(f->world, 60000);
        assert_int_equal(files_get(f, f->township, hex, bytes_str("asked for")),
                         STATUS_OK);
    }
}

/* While the question is under way what was asked for is not wanted any more. */
static void want_no_more(void *context, struct bytes message, struct buf *out)
{
    struct sim_county *f = context;
    struct pack_reader reader = pack_reader_of(message);
    uint32_t elements;
    struct bytes name;
    struct id op;
    (void)out; /* it goes as it is */
    assert_int_equal(pack_read_array(&reader, &elements, NULL), STATUS_OK);
    assert_int_equal(pack_read_str(&reader, &name, NULL), STATUS_OK);
    if (!bytes_equal_str(name, "fetch"))
        return;
    assert_int_equal(pack_read_fixed(&reader, op.bytes, ID_SIZE, NULL), STATUS_OK);
    assert_int_equal(store_lacking_drop(world_store(f->township), &op), STATUS_OK);
}

static void a_piece_that_nobody_wants_any_more_is_not_kept(void **state)
{
    struct sim_county *f = *state;
    char hex[65];
    world_set_mutator(f->township, want_no_more, f);
    send_file(f, bytes_str("too late"), hex);
    world_run(f->world, 5000);
    assert_int_equal(files_bytes_kept(f->township), 0);
    assert_int_equal(sim_count(world_log(f->township), "end=INVALID"), 0);

    world_set_mutator(f->township, NULL, NULL);
    assert_int_equal(world_rebuild(f->township), STATUS_OK); /* it is lacking after all */
    world_restart(f->world, f->township);
    world_run(f->world, 60000);
    assert_int_equal(files_get(f, f->township, hex, bytes_str("too late")), STATUS_OK);
}

static struct id op_of(struct sim_county *f, struct world_node *node, const char *record)
{
    char hex[2 * ID_SIZE + 1] = "";
    uint64_t here, lacking;
    struct id op;
    assert_true(files_listed(f, node, record, hex, &here, &lacking));
    assert_true(hex_decode(op.bytes, ID_SIZE, hex));
    return op;
}

static enum status copy_op(void *context, const struct store_op *op)
{
    buf_add(context, op->bytes.data, op->bytes.len);
    return STATUS_OK;
}

/* As another machine of the village would bring it, beside the one that is there and
 * before it in order. */
static struct id admit_before(struct sim_county *f, const struct id *attached)
{
    static const char *const names[] = {"chunks", "file", "key", "name", "size", "type"};
    struct op *op = calloc(1, sizeof(*op));
    struct buf bytes = {0}, forged = {0};
    struct id id;
    uint64_t wall = 1790000000;
    assert_non_null(op);
    assert_int_equal(store_op_get(world_store(f->township), attached, copy_op, &bytes),
                     STATUS_OK);
    assert_int_equal(op_decode_bytes(op, buf_bytes(&bytes), NULL), STATUS_OK);
    do {
        struct draft draft;
        draft_init(&draft, "attached", &op->scope);
        for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
            draft_raw(&draft, names[i], op_field(op, names[i])->value);
        struct forgery forgery = {.seed = world_steward_seed(f->fengyuan),
                                  .draft = &draft,
                                  .scope = &op->scope,
                                  .of = f->fengyuan,
                                  .parents = &op->scope,
                                  .parents_len = 1,
                                  .wall = wall++};
        buf_clear(&forged);
        id = sim_forge(&forgery, &forged);
        draft_deinit(&draft);
    } while (id_compare(&id, attached) > 0);
    assert_int_equal(world_admit(f->world, f->township, buf_bytes(&forged)), STATUS_OK);
    buf_deinit(&bytes);
    buf_deinit(&forged);
    free(op);
    return id;
}

static void a_file_that_two_ops_bring_is_kept_for_the_one_that_has_effect(void **state)
{
    struct sim_county *f = *state;
    struct buf file = files_text("brought twice ", 3 * ATTACHMENT_CHUNK_SIZE);
    char hex[65];
    uint64_t here;
    send_file(f, buf_bytes(&file), hex);
    world_run(f->world, 5000);
    const struct id first = op_of(f, f->township, hex);
    uint64_t before = files_bytes_kept(f->township);

    const struct id now = admit_before(f, &first);

    const struct id listed_now = op_of(f, f->township, hex); /* and no other */
    assert_true(id_equal(&listed_now, &now));
    assert_int_equal(files_get(f, f->township, hex, buf_bytes(&file)), STATUS_OK);
    assert_int_equal(files_bytes_kept(f->township), before);
    assert_int_equal(store_chunks_of(world_store(f->township), &first, &here), STATUS_OK);
    assert_int_equal(here, 0);
    buf_deinit(&file);
}

#define TEST(name)                                                                       \
    cmocka_unit_test_setup_teardown(name, sim_county_set_up_in_memory,                   \
                                    sim_county_tear_down_in_memory)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(who_answers_with_another_piece_is_cut_off),
        TEST(a_piece_that_nobody_wants_any_more_is_not_kept),
        TEST(a_file_that_two_ops_bring_is_kept_for_the_one_that_has_effect),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
