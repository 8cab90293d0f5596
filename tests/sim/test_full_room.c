/* A node that keeps as many bytes of files as it may, or as a peer may bring: what it
 * refuses, before anything is written, and what waits until there is room. The store's
 * own sum is raised by bytes that lie nowhere; all else is as it is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "crypto/chunk.h"
#include "node/cases/view.h"
#include "proto/limits.h"
#include "storage/store_chunks.h"
#include "storage/store_sources.h"
#include "tests/sim/sim_county.h"
#include "tests/support/photo.h"

/* --- one store that says more than it holds --- */

static const struct world_node *full;
static uint64_t bytes_more;

enum status __real_store_chunks_size(struct store *store, uint64_t *bytes);
enum status __wrap_store_chunks_size(struct store *store, uint64_t *bytes);

enum status __wrap_store_chunks_size(struct store *store, uint64_t *bytes)
{
    enum status status = __real_store_chunks_size(store, bytes);
    if (full != NULL && store == world_store(full))
        *bytes += bytes_more;
    return status;
}

/* That node keeps so many bytes less than it may. */
static void leave_room(const struct world_node *node, uint64_t room)
{
    uint64_t bytes;
    full = NULL;
    assert_int_equal(store_chunks_size(world_store(node), &bytes), STATUS_OK);
    full = node;
    bytes_more = ATTACHMENTS_BYTES_MAX - room - bytes;
}

static int set_up(void **state)
{
    full = NULL;
    return sim_county_set_up_in_memory(state);
}

/* --- a case that may go up with its file --- */

#define CASE "case", "2026-0001"
#define FILE_SIZE (ATTACHMENT_CHUNK_SIZE + 1)

static enum status attach(struct sim_county *f, const char *name, size_t len)
{
    struct buf arguments = {0};
    uint8_t *file = malloc(len);
    assert_non_null(file);
    memset(file, 'x', len);
    pack_map(&arguments, 3);
    pack_str(&arguments, "bytes");
    pack_bin(&arguments, file, len);
    pack_str(&arguments, "case");
    pack_str(&arguments, "2026-0001");
    pack_str(&arguments, "name");
    pack_str(&arguments, name);
    enum status status =
        world_call(f->world, f->fengyuan, "attach.add", buf_bytes(&arguments), NULL);
    buf_deinit(&arguments);
    free(file);
    return status;
}

static void begin(struct sim_county *f)
{
    SIM_SAY(f, f->fengyuan, NULL, "case.new", "category", "邻里", "title", "水沟",
            "narrative", "两家争执。", "context", "去年修过。", "parties", "[张某=甲方]");
    SIM_SAY(f, f->fengyuan, NULL, "case.triage", CASE, "decision", "escalate", "beyond",
            "true", "reason", "两次调解未成");
    assert_int_equal(attach(f, "a.txt", FILE_SIZE), STATUS_OK);
    SIM_SAY(f, f->fengyuan, NULL, "case.consent", CASE, "party", "张某", "fields",
            "[title,context]", "files", "[a.txt]", "manner", "oral", "witness", "王某");
}

static enum status ask(struct sim_county *f, const char *method, struct buf *out)
{
    return world_say(f->world, f->fengyuan, out, method, CASE, "fields",
                     "[title,context]", "files", "[a.txt]", "reason", "请镇里看", NULL);
}

static uint64_t ops_of(const struct world_node *node)
{
    uint64_t private, shared;
    assert_int_equal(store_ops_count(world_store(node), TREE_PRIVATE, &private),
                     STATUS_OK);
    assert_int_equal(store_ops_count(world_store(node), TREE_SHARED, &shared), STATUS_OK);
    return private + shared;
}

/* Pieces of the record's file at the township: here, and lacking. */
static void count(struct sim_county *f, const char *record, uint64_t *here,
                  uint64_t *lacking)
{
    struct buf out = {0};
    struct bytes files, one;
    uint32_t len;
    SIM_SAY(f, f->township, &out, "attach.list", "case", record);
    assert_true(view_map_get(buf_bytes(&out), "files", &files));
    struct pack_reader reader = pack_reader_of(files);
    assert_int_equal(pack_read_array(&reader, &len, NULL), STATUS_OK);
    assert_int_equal(len, 1);
    assert_int_equal(pack_value(&reader, 1, &one, NULL), STATUS_OK);
    assert_true(view_map_uint(one, "here", here) &&
                view_map_uint(one, "lacking", lacking));
    buf_deinit(&out);
}

static void release(struct sim_county *f, char hex[static 65])
{
    struct buf out = {0};
    struct id record;
    assert_int_equal(ask(f, "escalate.release", &out), STATUS_OK);
    assert_true(view_map_id(buf_bytes(&out), "escalation", &record));
    hex_encode(hex, record.bytes, ID_SIZE);
    buf_deinit(&out);
}

static uint64_t refused_of_fengyuan(struct sim_county *f)
{
    struct store_source source;
    assert_int_equal(
        store_source_get(world_store(f->township), world_site(f->fengyuan), &source),
        STATUS_OK);
    return source.refused;
}

/* --- the tests --- */

static void a_release_for_which_there_is_no_room_writes_nothing(void **state)
{
    static const char *const methods[] = {"escalate.preview", "escalate.request",
                                          "escalate.release"};
    struct sim_county *f = *state;
    char hex[65];
    begin(f);
    uint64_t before = ops_of(f->fengyuan);
    const uint64_t sealed = FILE_SIZE + 2 * CHUNK_TAG_SIZE;
    leave_room(f->fengyuan, sealed - 1);
    for (size_t i = 0; i < sizeof(methods) / sizeof(methods[0]); i++) {
        struct buf out = {0};
        assert_int_equal(ask(f, methods[i], &out), STATUS_TOO_LARGE);
        assert_non_null(memmem(out.data, out.len, "1024 MiB", 8));
        assert_non_null(memmem(out.data, out.len, "attach remove", 13));
        buf_deinit(&out);
    }
    assert_int_equal(ops_of(f->fengyuan), before);
    /* Without the file it goes. */
    SIM_SAY(f, f->fengyuan, NULL, "escalate.preview", CASE, "fields", "[title,context]",
            "reason", "请镇里看");

    leave_room(f->fengyuan, sealed);
    release(f, hex);
}

static void a_file_for_which_there_is_no_room_is_not_attached(void **state)
{
    struct sim_county *f = *state;
    begin(f);
    uint64_t before = ops_of(f->fengyuan);
    leave_room(f->fengyuan, 10 + CHUNK_TAG_SIZE);
    assert_int_equal(attach(f, "b.txt", 11), STATUS_TOO_LARGE);
    assert_int_equal(ops_of(f->fengyuan), before);
    assert_int_equal(attach(f, "b.txt", 10), STATUS_OK);
}

static void a_photo_for_which_there_is_no_room_stays_where_it_was_pasted(void **state)
{
    struct sim_county *f = *state;
    struct buf photo = {0}, map = {0}, out = {0};
    photo_make(&photo, "PIXELS ", 1000);
    pack_map(&map, 1);
    pack_str(&map, "photo");
    pack_bin(&map, photo.data, photo.len);
    assert_int_equal(
        world_call(f->world, f->fengyuan, "paste.add", buf_bytes(&map), NULL), STATUS_OK);
#define MAKE(expected)                                                                   \
    assert_int_equal(world_say(f->world, f->fengyuan, &out, "paste.case", "category",    \
                               "邻里", "narrative", "争执", "paste", "#1", "title",      \
                               "水沟", NULL),                                            \
                     expected)
    leave_room(f->fengyuan, 900);
    MAKE(STATUS_TOO_LARGE);
    assert_non_null(memmem(out.data, out.len, "1024 MiB", 8));
    assert_int_equal(sim_status(f, f->fengyuan, "cases"), 0);
    assert_int_equal(sim_status(f, f->fengyuan, "pastes"), 1);

    leave_room(f->fengyuan, 2000);
    MAKE(STATUS_OK);
    assert_int_equal(sim_status(f, f->fengyuan, "pastes"), 0);
    buf_deinit(&photo);
    buf_deinit(&map);
    buf_deinit(&out);
}

static void pieces_wait_for_our_room_and_nobody_is_said_to_bring_too_much(void **state)
{
    struct sim_county *f = *state;
    uint64_t here, lacking;
    char hex[65];
    begin(f);
    leave_room(f->township, ATTACHMENT_SIZE_MAX - 1);
    release(f, hex);
    world_run(f->world, 120000);
    count(f, hex, &here, &lacking);
    assert_int_equal(here, 0);
    assert_int_equal(lacking, 2);
    assert_int_equal(refused_of_fengyuan(f), 0);
    assert_int_equal(sim_count(world_log(f->township), "no-room=ours"), 1);
    assert_int_equal(sim_count(world_log(f->township), "no-room=quota"), 0);

    leave_room(f->township, ATTACHMENT_SIZE_MAX);
    world_restart(f->world, f->fengyuan);
    world_run(f->world, 10000);
    count(f, hex, &here, &lacking);
    assert_int_equal(here, 2);
    assert_int_equal(lacking, 0);
}

static void a_recall_gives_back_what_its_pieces_took_of_the_quota(void **state)
{
    struct sim_county *f = *state;
    uint64_t here, lacking;
    char first[65], second[65], site[65];
    begin(f);
    hex_encode(site, world_site(f->fengyuan)->bytes, ID_SIZE);
    SIM_SAY(f, f->township, NULL, "peer.quota", "site", site, "bytes", "#150000");
    release(f, first);
    world_run(f->world, 5000);
    count(f, first, &here, &lacking);
    assert_int_equal(here, 2);
    release(f, second);
    world_run(f->world, 120000);
    count(f, second, &here, &lacking);
    assert_int_equal(here, 1);
    assert_int_equal(lacking, 1);
    assert_true(refused_of_fengyuan(f) > 0);

    SIM_SAY(f, f->fengyuan, NULL, "escalation.recall", "escalation", first, "reason",
            "当事人撤回同意");
    world_run(f->world, 120000);

    count(f, second, &here, &lacking);
    assert_int_equal(here, 2);
    assert_int_equal(lacking, 0);
}

#define TEST(name)                                                                       \
    cmocka_unit_test_setup_teardown(name, set_up, sim_county_tear_down_in_memory)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_release_for_which_there_is_no_room_writes_nothing),
        TEST(a_file_for_which_there_is_no_room_is_not_attached),
        TEST(a_photo_for_which_there_is_no_room_stays_where_it_was_pasted),
        TEST(pieces_wait_for_our_room_and_nobody_is_said_to_bring_too_much),
        TEST(a_recall_gives_back_what_its_pieces_took_of_the_quota),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
