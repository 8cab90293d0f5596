/* A session between a village and its township is cut at a byte, and made again. What the
 * other side had committed is not sent again, both come to hold the same, and that at
 * every byte of a whole sync, of both directions together, from the first of the
 * handshake on.
 *
 *   test_cut [STRIDE]    1: every byte; unless told, each 97th of a sync that carries
 *                        something, each 19th of one that carries nothing
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "node/cases/view.h"
#include "node/core/state.h"
#include "tests/support/crash_vfs.h"
#include "tests/support/scratch.h"
#include "tests/support/world.h"

#define VFS_NAME "cut"
#define CUTS_A_PAIR 400 /* each leaves the stores larger and the next one slower */

enum { TOWNSHIP, VILLAGE, NODES };

struct fixture {
    struct world *world;
    struct world_node *nodes[NODES];
    struct crash_vfs *vfs;
    char directory[SCRATCH_SIZE];
    char last[2 * ID_SIZE + 1]; /* the escalation that went up last */
    struct id_list sent;        /* ops that went out since the last difference */
    uint64_t sent_len;          /* doubles counted */
};

static uint64_t stride; /* 0: as the test likes */

/* ---- what is sent ---- */

/* Every op in a message on its way out is one that the other side does not have. */
static void watch_ops(struct fixture *f, struct world_node *other, struct bytes message)
{
    static struct id ids[DICTIONARY_MAX];
    static struct op op;
    struct pack_reader reader = pack_reader_of(message);
    uint32_t elements, ids_len, ops_len;
    struct bytes name;
    assert_int_equal(pack_read_array(&reader, &elements, NULL), STATUS_OK);
    assert_int_equal(pack_read_str(&reader, &name, NULL), STATUS_OK);
    if (!bytes_equal_str(name, "ops"))
        return;
    assert_int_equal(pack_read_array(&reader, &ids_len, NULL), STATUS_OK);
    for (uint32_t i = 0; i < ids_len; i++)
        assert_int_equal(pack_read_fixed(&reader, ids[i].bytes, ID_SIZE, NULL),
                         STATUS_OK);
    const struct op_dictionary dictionary = {ids, ids_len};
    assert_int_equal(pack_read_array(&reader, &ops_len, NULL), STATUS_OK);
    for (uint32_t i = 0; i < ops_len; i++) {
        struct store_place place;
        assert_int_equal(op_decode(&op, &reader, &dictionary, NULL), STATUS_OK);
        assert_int_equal(op_rebuild(&op), STATUS_OK);
        assert_int_equal(store_op_find(world_store(other), &op.id, &place),
                         STATUS_NOT_FOUND);
        id_list_push(&f->sent, &op.id);
        f->sent_len++;
    }
}

static void watch_township(void *context, struct bytes message, struct buf *out)
{
    struct fixture *f = context;
    (void)out;
    watch_ops(f, f->nodes[VILLAGE], message);
}

static void watch_village(void *context, struct bytes message, struct buf *out)
{
    struct fixture *f = context;
    (void)out;
    watch_ops(f, f->nodes[TOWNSHIP], message);
}

/* ---- a pair of nodes, and something to say on both sides ---- */

#define SAY(node, out, ...)                                                              \
    assert_int_equal(world_say(f->world, f->nodes[node], out, __VA_ARGS__, NULL),        \
                     STATUS_OK)

/* The village founds an escalation, so that the township has one to answer. */
static void escalate(struct fixture *f)
{
    struct buf out = {0};
    struct bytes value;
    struct id id;
    char number[32];
    SAY(VILLAGE, &out, "case.new", "category", "邻里", "title", "排水沟", "narrative",
        "两家争执", "context", "去年修过一次沟。");
    assert_true(view_map_text(buf_bytes(&out), "number", &value));
    (void)snprintf(number, sizeof(number), "%.*s", (int)value.len,
                   (const char *)value.data);
    SAY(VILLAGE, &out, "case.triage", "case", number, "decision", "escalate", "beyond",
        "true", "reason", "涉及两村");
    SAY(VILLAGE, &out, "escalate.release", "case", number, "fields", "[title,context]",
        "reason", "超出权限", "no_parties", "渠是村里的", "onward", "yes");
    assert_true(view_map_id(buf_bytes(&out), "escalation", &id));
    hex_encode(f->last, id.bytes, ID_SIZE);
    buf_deinit(&out);
}

static int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof(*f));
    assert_non_null(f);
    f->vfs = crash_vfs_new(VFS_NAME, (struct crash_disk){.seed = 3});
    assert_non_null(f->vfs);
    assert_true(scratch_make(f->directory));
    f->world = world_new(f->directory, 7);
    world_use_vfs(f->world, VFS_NAME);
    f->nodes[TOWNSHIP] = world_found(f->world, "township", "青河镇", "township:1");
    f->nodes[VILLAGE] = world_found(f->world, "village", "枫源村", "village:1");
    world_pair(f->world, f->nodes[TOWNSHIP], f->nodes[VILLAGE]);
    escalate(f);
    world_run(f->world, 5000);
    world_set_mutator(f->nodes[TOWNSHIP], watch_township, f);
    world_set_mutator(f->nodes[VILLAGE], watch_village, f);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    id_list_deinit(&f->sent);
    world_free(f->world);
    crash_vfs_free(f->vfs);
    scratch_remove(f->directory);
    free(f);
    return 0;
}

/* While nobody hears: the township opens the last escalation and advises, the village
 * sends the next one up. */
static void differ(struct fixture *f)
{
    SAY(TOWNSHIP, NULL, "escalation.open", "escalation", f->last);
    SAY(TOWNSHIP, NULL, "escalation.advise", "escalation", f->last, "text", "先量沟宽");
    escalate(f);
}

static void assert_equal(struct fixture *f)
{
    struct lattice lattices[NODES];
    uint64_t scopes_len[NODES], items[NODES];
    for (int i = 0; i < NODES; i++) {
        const struct id *other = world_site(f->nodes[1 - i]);
        struct store *store = world_store(f->nodes[i]);
        struct store_set set;
        assert_int_equal(store_pair_lattice(store, other, &lattices[i], &scopes_len[i]),
                         STATUS_OK);
        assert_int_equal(store_set_open(store, other, &set), STATUS_OK);
        struct negentropy_source source = store_set_source(&set);
        items[i] = source.len(source.context);
    }
    assert_int_equal(scopes_len[0], scopes_len[1]);
    assert_int_equal(items[0], items[1]);
    assert_memory_equal(&lattices[0], &lattices[1], sizeof(lattices[0]));
}

/* The village goes away, something differs (or nothing), and it comes back to a
 * connection that carries so many bytes before it is cut. false: it was not cut. */
static bool sync_with_a_cut(struct fixture *f, bool is_different, uint64_t bytes)
{
    world_set_offline(f->world, f->nodes[VILLAGE], true);
    world_run(f->world, 1000);
    f->sent_len = 0;
    id_list_clear(&f->sent);
    if (is_different)
        differ(f);
    uint64_t before = world_carried(f->world);
    world_cut_after(f->world, bytes);
    world_set_offline(f->world, f->nodes[VILLAGE], false);
    world_run(f->world, 150000); /* the pauses between dials, doubled to a minute */
    assert_true(world_carried(f->world) > before);
    assert_equal(f);
    id_list_sort(&f->sent);
    /* The escalation and what answers it, each once; and once more at most, what was on
     * its way or not committed yet at the cut. */
    if (!is_different)
        assert_int_equal(f->sent_len, 0);
    else
        assert_in_range(f->sent.len, 3, 6);
    assert_in_range(f->sent_len, f->sent.len, 2 * f->sent.len);
    return world_was_cut(f->world);
}

static void cut_everywhere(void **state, bool is_different, uint64_t step)
{
    uint64_t bytes = 0, cuts = 0;
    while (sync_with_a_cut(*state, is_different, bytes)) {
        bytes += step;
        if (++cuts % CUTS_A_PAIR > 0)
            continue;
        tear_down(state);
        set_up(state);
    }
    assert_true(cuts > 10);
    print_message("%llu cuts, the last at byte %llu\n", (unsigned long long)cuts,
                  (unsigned long long)(bytes - step));
}

static void a_sync_that_is_cut_anywhere_goes_on_where_it_was(void **state)
{
    cut_everywhere(state, true, stride > 0 ? stride : 97);
}

static void a_sync_without_news_may_be_cut_anywhere(void **state)
{
    cut_everywhere(state, false, stride > 0 ? stride : 19);
}

int main(int argc, char *argv[])
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_sync_that_is_cut_anywhere_goes_on_where_it_was,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_sync_without_news_may_be_cut_anywhere, set_up,
                                        tear_down),
    };
    if (argc > 1)
        stride = strtoull(argv[1], NULL, 10);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
