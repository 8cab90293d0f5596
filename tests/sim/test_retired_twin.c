/* I4 over weeks: a village lives twice, once with private matters that retention ends,
 * and lets out the same bytes at the same hours. Histories of the simulator are too
 * short. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "node/cases/view.h"
#include "proto/seal.h"
#include "tests/support/crash_vfs.h"
#include "tests/support/scratch.h"
#include "tests/support/world.h"

#define HOUR_MS (3600u * 1000)
#define PRIVATE_CALLS 8 /* of live_privately */
#define DAYS 33         /* thirty of notice, and some */

struct life {
    char directory[SCRATCH_SIZE];
    struct crash_vfs *disk;
    struct world *world;
    struct world_node *township, *village;
    char number[4][32]; /* two that go up, then what is private */
    struct buf hours;   /* how many bytes had left at the end of each hour */
    struct buf sent;
};

#define SAY(life, out, ...)                                                              \
    assert_int_equal(world_say((life)->world, (life)->village, out, __VA_ARGS__, NULL),  \
                     STATUS_OK)

/* The seal of each day commits to the private tree behind salts, and so must differ: an
 * ideal commitment stands in for it here (tests/sim/life/sim_twin.h). */
void __wrap_seal_commit(struct seal *seal, const uint8_t secret[static SEAL_SECRET_SIZE],
                        const struct seal_trees *trees);
void __real_seal_commit(struct seal *seal, const uint8_t secret[static SEAL_SECRET_SIZE],
                        const struct seal_trees *trees);
void __wrap_seal_commit(struct seal *seal, const uint8_t secret[static SEAL_SECRET_SIZE],
                        const struct seal_trees *trees)
{
    struct seal_trees shown = *trees;
    shown.private_size = 0;
    shown.private_root = (struct merkle_hash){{0}};
    __real_seal_commit(seal, secret, &shown);
}

static void write_case(struct life *life, int which, const char *title)
{
    struct buf out = {0};
    struct bytes number;
    SAY(life, &out, "case.new", "category", "邻里", "title", title, "narrative",
        "一段经过", "context", "去年修过。", "parties", "[张某=申请人]");
    assert_true(view_map_text(buf_bytes(&out), "number", &number));
    (void)snprintf(life->number[which], sizeof(life->number[which]), "%.*s",
                   (int)number.len, (const char *)number.data);
    buf_deinit(&out);
}

static void send_up(struct life *life, int which)
{
    SAY(life, NULL, "case.triage", "case", life->number[which], "decision", "escalate",
        "beyond", "true", "reason", "涉及两村");
    SAY(life, NULL, "case.consent", "case", life->number[which], "party", "张某",
        "fields", "[title,context]", "manner", "oral", "witness", "王某");
    SAY(life, NULL, "escalate.release", "case", life->number[which], "fields",
        "[title,context]", "reason", "请镇里看");
    world_run(life->world, 5000);
}

static void close_case(struct life *life, int which)
{
    SAY(life, NULL, "case.close", "case", life->number[which], "outcome", "agreement",
        "oral", "true", "text", "两家和解", "follow_up", "当面点头");
}

static void add_file(struct life *life, int which)
{
    struct buf map = {0};
    pack_map(&map, 3);
    pack_str(&map, "bytes");
    pack_bin(&map, "a letter", 8);
    pack_str(&map, "case");
    pack_str(&map, life->number[which]);
    pack_str(&map, "name");
    pack_str(&map, "a.txt");
    assert_int_equal(
        world_call(life->world, life->village, "attach.add", buf_bytes(&map), NULL),
        STATUS_OK);
    buf_deinit(&map);
}

/* Two cases that are erased with all that hangs on them, and a text that ends by itself.
 */
static void live_privately(struct life *life)
{
    write_case(life, 2, "不该出村的一件事");
    write_case(life, 3, "不该出村的另一件事");
    SAY(life, NULL, "case.identity", "case", life->number[2], "party", "张某", "phone",
        "138 0000 0000");
    SAY(life, NULL, "case.note", "case", life->number[3], "text", "又谈了一次");
    add_file(life, 3);
    SAY(life, NULL, "paste.add", "text", "微信里的一段话");
    close_case(life, 2);
    close_case(life, 3);
}

/* Each request of a life takes its moment. */
static void let_time_pass(struct life *life, int calls)
{
    for (int i = 0; i < calls; i++)
        SAY(life, NULL, "status");
}

static void run_hours(struct life *life)
{
    for (uint32_t i = 0; i < 24 * DAYS; i++) {
        world_tick(life->world, HOUR_MS);
        while (world_step(life->world))
            continue;
        pack_uint(&life->hours, world_sent(life->village).len);
    }
}

static bool has_title(struct life *life, int which)
{
    struct buf out = {0};
    struct bytes view, title;
    SAY(life, &out, "case.show", "case", life->number[which]);
    assert_true(view_map_get(buf_bytes(&out), "view", &view));
    bool is_shown = view_text(view, "title", &title);
    buf_deinit(&out);
    return is_shown;
}

static uint64_t pastes(struct life *life)
{
    struct buf out = {0};
    SAY(life, &out, "paste.list");
    uint64_t len = view_map_count(buf_bytes(&out), "pastes");
    buf_deinit(&out);
    return len;
}

static void live(struct life *life, bool is_private)
{
    assert_true(scratch_make(life->directory));
    life->disk = crash_vfs_new("sim-retired-twin", (struct crash_disk){.seed = 5});
    assert_non_null(life->disk);
    life->world = world_new(life->directory, 5);
    world_use_vfs(life->world, "sim-retired-twin");
    life->township = world_found(life->world, "township", "青河镇", "township:1");
    life->village = world_found(life->world, "village", "枫源村", "village:1");
    world_pair(life->world, life->township, life->village);
    SAY(life, NULL, "retention.set", "category", "邻里", "identity_years", "#0", "years",
        "#0");
    write_case(life, 0, "排水沟");
    write_case(life, 1, "田界");
    send_up(life, 0);
    if (is_private)
        live_privately(life);
    else
        let_time_pass(life, PRIVATE_CALLS);
    assert_int_equal(pastes(life), is_private);
    assert_true(has_title(life, is_private ? 2 : 0));
    run_hours(life);
    assert_int_equal(pastes(life), 0);
    assert_int_equal(has_title(life, is_private ? 3 : 0), !is_private);
    send_up(life, 1);
    run_hours(life);
    struct bytes sent = world_sent(life->village);
    buf_add(&life->sent, sent.data, sent.len);
    world_free(life->world);
    crash_vfs_free(life->disk);
    scratch_remove(life->directory);
}

static void free_life(struct life *life)
{
    buf_deinit(&life->hours);
    buf_deinit(&life->sent);
}

static void I4_what_retention_ends_at_home_shows_nowhere(void **state)
{
    (void)state;
    struct life without = {.world = NULL}, with = {.world = NULL};
    live(&without, false);
    live(&with, true);
    assert_true(without.sent.len > 10000);
    assert_true(bytes_equal(buf_bytes(&without.hours), buf_bytes(&with.hours)));
    assert_true(bytes_equal(buf_bytes(&without.sent), buf_bytes(&with.sent)));
    free_life(&without);
    free_life(&with);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(I4_what_retention_ends_at_home_shows_nowhere),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
