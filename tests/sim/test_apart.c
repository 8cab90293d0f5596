/* Many short histories of a site with two or three machines: each writes where it stands,
 * lines break at any byte, the power goes at any step of a disk, and at the end all hold
 * the same, nobody was suspected of anything, and the township has seen no byte of a
 * case. usage: test_apart [SEED [SEED]]: from the first to the second */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "node/cases/view.h"
#include "storage/store_chunks.h"
#include "storage/store_confirmed.h"
#include "tests/sim/sim_laptop.h"
#include "tests/support/crash_vfs.h"

#define STEPS 80
#define DISK "apart"
#define MACHINES_MAX 3
#define CASES_MAX 64

/* Over all seeds: a history without these shows little. */
static uint64_t all_cuts, all_records;
static uint64_t first_seed = 1, last_seed = 30;

struct history {
    struct sim_county f; /* with a township and fengyuan alone */
    struct world_node *machines[MACHINES_MAX];
    bool is_offline[MACHINES_MAX];
    uint32_t machines_len, cases_len, told;
    char cases[CASES_MAX][65];
    uint64_t dice;
    struct crash_vfs *disks[MACHINES_MAX], *above; /* the township's never fails */
    uint32_t cuts; /* of the power, in the middle of a write */
};

static uint32_t draw(struct history *h, uint32_t choices)
{
    h->dice = h->dice * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(h->dice >> 33) % choices;
}

/* A disk whose power went comes back, and with it its machine. */
static void bring_back(struct history *h)
{
    for (uint32_t i = 0; i < h->machines_len; i++) {
        struct world_node *machine = h->machines[i];
        if (!world_has_stopped(machine) && !crash_vfs_is_dead(h->disks[i]))
            continue;
        h->cuts++;
        world_power_off(h->f.world, machine);
        crash_vfs_reboot(h->disks[i]);
        assert_int_equal(world_power_on(h->f.world, machine), STATUS_OK);
        assert_int_equal(world_unlock(h->f.world, machine, "", "246810"), STATUS_OK);
    }
}

/* The case may not be there yet, or the power go: what was not done was not promised. */
static bool say(struct history *h, struct world_node *node, struct buf *out,
                const char *method, const char *hex, const char *name, const char *value,
                const char *more, const char *text)
{
    bool is_done = world_say(h->f.world, node, out, method, "case", hex, name, value,
                             more, text, NULL) == STATUS_OK;
    h->told += is_done;
    return is_done;
}

static void write_case(struct history *h, struct world_node *node)
{
    struct buf out = {0};
    struct id scope;
    if (h->cases_len < CASES_MAX &&
        world_say(h->f.world, node, &out, "case.new", "category", "邻里", "title", "水沟",
                  "narrative", LAPTOP_CANARY, "context", "去年修过。",
                  NULL) == STATUS_OK) {
        assert_true(view_map_id(buf_bytes(&out), "scope", &scope));
        hex_encode(h->cases[h->cases_len++], scope.bytes, ID_SIZE);
    }
    buf_deinit(&out);
}

static void escalate(struct history *h, struct world_node *node, const char *hex)
{
    (void)world_say(h->f.world, node, NULL, "case.triage", "case", hex, "decision",
                    "escalate", "beyond", "true", "reason", "涉及两村", NULL);
    (void)world_say(h->f.world, node, NULL, "escalate.release", "case", hex, "fields",
                    "[title,context]", "reason", "超出权限", "no_parties", "渠是村里的",
                    "onward", "yes", NULL);
}

static void attach(struct history *h, struct world_node *node, const char *hex)
{
    struct buf arguments = {0};
    char text[64];
    (void)snprintf(text, sizeof(text), LAPTOP_CANARY " file %u", draw(h, 1000000));
    pack_map(&arguments, 3);
    pack_str(&arguments, "bytes");
    pack_bin(&arguments, text, strlen(text));
    pack_str(&arguments, "case");
    pack_str(&arguments, hex);
    pack_str(&arguments, "name");
    pack_str(&arguments, "a.txt");
    (void)world_call(h->f.world, node, "attach.add", buf_bytes(&arguments), NULL);
    buf_deinit(&arguments);
}

static void act(struct history *h, struct world_node *node)
{
    struct buf out = {0};
    char text[32];
    const char *hex = h->cases[draw(h, h->cases_len)];
    (void)snprintf(text, sizeof(text), "第%u次", draw(h, 1000000));
    switch (draw(h, 8)) {
    case 0:
        write_case(h, node);
        break;
    case 1:
    case 2:
        (void)say(h, node, &out, "case.note", hex, "text", text, NULL, NULL);
        break;
    case 3:
        (void)say(h, node, &out, "case.set", hex, "field", "title", "value", text);
        break;
    case 4:
        (void)say(h, node, &out, "conflict.settle", hex, "field", "title", "text", text);
        break;
    case 5:
        attach(h, node, hex);
        break;
    case 6:
        escalate(h, node, hex);
        break;
    default:
        (void)world_say(h->f.world, node, &out, "case.close", "case", hex, "oral", "true",
                        NULL);
        break;
    }
    buf_deinit(&out);
}

static void weather(struct history *h)
{
    uint32_t which = draw(h, h->machines_len);
    switch (draw(h, 6)) {
    case 0:
    case 1:
        h->is_offline[which] = !h->is_offline[which];
        world_set_offline(h->f.world, h->machines[which], h->is_offline[which]);
        break;
    case 2:
        world_power_off(h->f.world, h->machines[which]);
        if (world_power_on(h->f.world, h->machines[which]) == STATUS_OK)
            (void)world_unlock(h->f.world, h->machines[which], "", "246810");
        break; /* else its disk went just then: bring_back */
    case 3:
        world_cut_after(h->f.world, 1 + draw(h, 20000));
        break;
    case 4:
        crash_vfs_cut_after(h->disks[which], 1 + draw(h, 60));
        break;
    default:
        world_run(h->f.world, 1000 + draw(h, 90000));
        break;
    }
}

static void next_disk(struct history *h, uint64_t seed)
{
    static const char *const names[] = {"apart-0", "apart-1", "apart-2"};
    const char *name = names[h->machines_len];
    struct crash_vfs *disk = crash_vfs_new(name, (struct crash_disk){.seed = seed});
    assert_non_null(disk);
    h->disks[h->machines_len] = disk;
    world_use_vfs(h->f.world, name);
}

static void begin(struct history *h, uint64_t seed)
{
    struct sim_county *f = &h->f;
    *h = (struct history){.dice = seed * 2654435761u + 1};
    assert_true(scratch_make(f->directory));
    f->world = world_new(f->directory, seed);
    h->above = crash_vfs_new("apart-above", (struct crash_disk){.seed = seed});
    assert_non_null(h->above);
    world_use_vfs(f->world, "apart-above");
    f->township = world_found(f->world, "township", "青河镇", "township:1");
    next_disk(h, seed);
    f->fengyuan = world_found(f->world, "village", "枫源村", "fengyuan:1");
    world_pair(f->world, f->township, f->fengyuan);
    h->machines[h->machines_len++] = f->fengyuan;
    write_case(h, f->fengyuan);
    next_disk(h, seed + 1);
    h->machines[h->machines_len++] = sim_laptop(f);
    if (draw(h, 3) == 0) {
        next_disk(h, seed + 2);
        struct world_node *host = h->machines[draw(h, 2)];
        h->machines[h->machines_len++] = world_join(f->world, host, "村口", "gate:1");
    }
    for (uint32_t i = 0; i < h->machines_len; i++)
        world_let_stop(h->machines[i]);
}

static void heal(struct history *h)
{
    world_cut_after(h->f.world, UINT32_MAX);
    for (uint32_t i = 0; i < h->machines_len; i++)
        crash_vfs_cut_after(h->disks[i], UINT32_MAX);
    bring_back(h);
    for (uint32_t i = 0; i < h->machines_len; i++)
        world_set_offline(h->f.world, h->machines[i], false);
    world_run(h->f.world, 20u * 60 * 1000);
}

static enum status no_alarm(void *context, const struct store_alarm *alarm)
{
    (void)context;
    fail_msg("an alarm of kind %d about an honest machine", (int)alarm->kind);
    return STATUS_OK;
}

static void report(void *context, const char *finding)
{
    (void)context;
    fail_msg("the check found: %s", finding);
}

static uint64_t bytes_kept(struct world_node *node)
{
    uint64_t size = 0;
    assert_int_equal(store_chunks_size(world_store(node), &size), STATUS_OK);
    return size;
}

static void look_at(struct history *h, struct world_node *node)
{
    struct store *store = world_store(node);
    struct buf before = {0}, after = {0};
    assert_int_equal(store_check(store, report, NULL), STATUS_OK);
    assert_int_equal(store_alarms(store, world_site(h->f.fengyuan), no_alarm, NULL),
                     STATUS_OK);
    assert_int_equal(store_dump(store, &before), STATUS_OK);
    assert_int_equal(world_rebuild(node), STATUS_OK);
    assert_int_equal(store_dump(store, &after), STATUS_OK);
    assert_true(bytes_equal(buf_bytes(&before), buf_bytes(&after)));
    buf_deinit(&before);
    buf_deinit(&after);
}

static void end(struct history *h)
{
    struct sim_county *f = &h->f;
    for (uint32_t i = 1; i < h->machines_len; i++) {
        sim_assert_alike(f, h->machines[0], h->machines[i]);
        assert_int_equal(bytes_kept(h->machines[0]), bytes_kept(h->machines[i]));
    }
    for (uint32_t i = 0; i < h->machines_len; i++)
        look_at(h, h->machines[i]);
    assert_int_equal(sim_scopes(f->township, SCOPE_ESCALATION),
                     sim_scopes(f->fengyuan, SCOPE_ESCALATION));
    struct bytes heard = world_heard(f->township);
    assert_null(memmem(heard.data, heard.len, LAPTOP_CANARY, strlen(LAPTOP_CANARY)));
    assert_int_equal(sim_scopes(f->township, SCOPE_CASE), 0);
    assert_true(h->told > 0);
    all_cuts += h->cuts;
    all_records += sim_scopes(f->township, SCOPE_ESCALATION);
    world_free(f->world);
    for (uint32_t i = 0; i < h->machines_len; i++)
        crash_vfs_free(h->disks[i]);
    crash_vfs_free(h->above);
    scratch_remove(f->directory);
}

static void machines_that_work_apart_hold_the_same_at_the_end(void **state)
{
    (void)state;
    for (uint64_t seed = first_seed; seed <= last_seed; seed++) {
        struct history h;
        print_message("seed %llu\n", (unsigned long long)seed);
        begin(&h, seed);
        for (int i = 0; i < STEPS; i++) {
            if (draw(&h, 3) == 0)
                weather(&h);
            else
                act(&h, h.machines[draw(&h, h.machines_len)]);
            bring_back(&h);
        }
        heal(&h);
        end(&h);
    }
    print_message("%llu cuts of the power, %llu records\n", (unsigned long long)all_cuts,
                  (unsigned long long)all_records);
    assert_true(all_cuts > 0 || last_seed - first_seed < 20);
    assert_true(all_records > 0 || last_seed - first_seed < 20);
}

int main(int argc, char *argv[])
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(machines_that_work_apart_hold_the_same_at_the_end),
    };
    if (argc > 1)
        first_seed = last_seed = strtoull(argv[1], NULL, 10);
    if (argc > 2)
        last_seed = strtoull(argv[2], NULL, 10);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
