/* A disk that lied lost rows of derived tables alone: the node notices by itself, since
 * it ends unequal again and again, says so and mends it; and it lets an inequality be
 * that has a lawful reason. Row D1 of the bad-input table, on whole nodes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <sqlite3.h>

#include "node/cases/view.h"
#include "node/core/doubt.h"
#include "tests/sim/sim_county.h"

#define MINUTE_MS (60 * 1000)
/* The looks of a dialer at rest come after 0, 1, 2, 4, 8 and again 8 minutes. */
#define ENOUGH_MS (20 * MINUTE_MS)

static void assert_says(struct sim_county *f, struct world_node *node, uint64_t times,
                        const char *words)
{
    struct buf out = {0};
    struct bytes text;
    SIM_SAY(f, node, &out, "status", NULL, NULL);
    assert_true(view_map_text(buf_bytes(&out), "mended", &text));
    assert_int_equal(sim_count(text, words) > 0, times > 0);
    buf_deinit(&out);
    assert_int_equal(sim_status(f, node, "mendings"), times);
}

static void assert_is_sound(struct world_node *node)
{
    char table[DERIVED_TABLE_SIZE];
    assert_int_equal(derived_check(world_store(node), table), STATUS_OK);
    assert_string_equal(table, "");
}

static void assert_agrees(struct sim_county *f, struct world_node *node)
{
    world_forget_log(node);
    SIM_SAY(f, node, NULL, "sync", "wait", "true");
    assert_true(sim_count(world_log(node), " agreed ") > 0);
    assert_int_equal(sim_count(world_log(node), " unequal "), 0);
}

static void
D1_what_is_derived_and_keeps_two_sites_apart_is_noticed_by_itself(void **state)
{
    static const struct {
        const char *sql, *log, *words;
    } losses[] = {
        {"UPDATE pairs SET lattice = zeroblob(2048)", "alarm kind=derived table=pairs",
         "first in the table pairs"},
        {"UPDATE scopes SET digest = zeroblob(32) WHERE kind = 3; UPDATE pairs SET "
         "lattice = zeroblob(2048)",
         "alarm kind=derived table=scopes", "first in the table scopes"},
    };
    struct sim_county *f = *state;
    (void)sim_escalate(f, f->fengyuan, "水渠");
    world_run(f->world, MINUTE_MS);
    for (size_t i = 0; i < sizeof(losses) / sizeof(losses[0]); i++) {
        world_power_off(f->world, f->fengyuan);
        sim_spoil(f, 2, losses[i].sql);
        world_forget_log(f->fengyuan);
        assert_int_equal(world_power_on(f->world, f->fengyuan), STATUS_OK);

        world_run(f->world, ENOUGH_MS);

        assert_int_equal(sim_count(world_log(f->fengyuan), losses[i].log), 1);
        assert_says(f, f->fengyuan, i + 1, losses[i].words);
        assert_is_sound(f->fengyuan);
        assert_agrees(f, f->fengyuan);
    }

    world_restart(f->world, f->fengyuan);
    assert_says(f, f->fengyuan, 2, "first in the table scopes");
    /* Who could not know whose fault it was has looked, and says nothing. */
    assert_true(sim_count(world_log(f->township), "doubt rounds=4 look=OK") > 0);
    assert_int_equal(sim_status(f, f->township, "mendings"), 0);
}

/* Of the same disk. What it says then is not what looks have found; nor is it written
 * over, for an index that is damaged as well may lead to another note. */
static void D1_a_note_of_mendings_that_cannot_be_read_holds_up_none(void **state)
{
    struct sim_county *f = *state;
    struct doubt_found found;
    struct buf out = {0};
    struct bytes text;
    (void)sim_escalate(f, f->fengyuan, "水渠");
    world_run(f->world, MINUTE_MS);
    world_power_off(f->world, f->fengyuan);
    sim_spoil(f, 2,
              "UPDATE pairs SET lattice = zeroblob(2048);"
              "INSERT OR REPLACE INTO meta (name, value) VALUES ('mended', x'05')");
    world_forget_log(f->fengyuan);
    assert_int_equal(world_power_on(f->world, f->fengyuan), STATUS_OK);

    world_run(f->world, ENOUGH_MS);

    assert_int_equal(sim_count(world_log(f->fengyuan), "alarm kind=derived table=pairs"),
                     1);
    assert_int_equal(sim_count(world_log(f->fengyuan), "alarm kind=unreadable"), 0);
    assert_int_equal(doubt_last(world_store(f->fengyuan), &found), STATUS_OK);
    assert_true(found.is_unreadable);
    SIM_SAY(f, f->fengyuan, &out, "status", NULL, NULL);
    assert_true(view_map_text(buf_bytes(&out), "mended", &text));
    assert_true(sim_count(text, "cannot be read") > 0);
    buf_deinit(&out);
    assert_is_sound(f->fengyuan);
    assert_agrees(f, f->fengyuan);
}

/* The listener's own: both villages are unequal with it, and somebody who never greeted
 * has no set that would have to be read on. */
static void D1_who_is_dialed_notices_as_well(void **state)
{
    struct sim_county *f = *state;
    (void)sim_escalate(f, f->fengyuan, "水渠");
    (void)sim_escalate(f, f->xikou, "山林");
    world_run(f->world, MINUTE_MS);
    world_power_off(f->world, f->township);
    sim_spoil(f, 1, "UPDATE pairs SET lattice = zeroblob(2048)");
    assert_int_equal(world_power_on(f->world, f->township), STATUS_OK);

    for (int i = 0; i < 20; i++) {
        world_run(f->world, MINUTE_MS);
        world_stay(f->world, f->township, bytes_str("?"));
    }

    assert_says(f, f->township, 1, "first in the table pairs");
    assert_is_sound(f->township);
    assert_agrees(f, f->fengyuan);
    assert_agrees(f, f->xikou);
}

static void
D1_a_set_that_cannot_be_read_stops_the_node_once_and_is_made_anew(void **state)
{
    struct sim_county *f = *state;
    world_power_off(f->world, f->fengyuan);
    sim_spoil(f, 2, "DELETE FROM nodes WHERE number = (SELECT max(number) FROM nodes)");
    assert_int_equal(world_power_on(f->world, f->fengyuan), STATUS_OK);
    world_let_stop(f->fengyuan);

    world_run(f->world, MINUTE_MS);
    assert_true(world_has_stopped(f->fengyuan));
    world_restart(f->world, f->fengyuan);
    world_run(f->world, MINUTE_MS);

    assert_says(f, f->fengyuan, 1, "first in the table nodes");
    assert_is_sound(f->fengyuan);
    assert_agrees(f, f->fengyuan);
    /* That reason is gone with it. */
    world_forget_log(f->fengyuan);
    world_restart(f->world, f->fengyuan);
    world_run(f->world, MINUTE_MS);
    assert_int_equal(sim_count(world_log(f->fengyuan), "doubt "), 0);
    assert_int_equal(sim_status(f, f->fengyuan, "mendings"), 1);
}

/* Nobody would ever be unequal for want of these rows. */
static void D1_an_opening_that_noticed_a_loss_looks_at_what_is_derived(void **state)
{
    struct sim_county *f = *state;
    char mark[SCRATCH_SIZE + 64];
    world_power_off(f->world, f->fengyuan);
    sim_spoil(f, 2, "DELETE FROM heads");
    (void)snprintf(mark, sizeof(mark), "%s/node-2.db-mark", f->directory);
    sqlite3_vfs *disk = sqlite3_vfs_find(SIM_COUNTY_DISK);
    assert_int_equal(disk->xDelete(disk, mark, 1), SQLITE_OK);
    assert_int_equal(world_power_on(f->world, f->fengyuan), STATUS_OK);

    world_run(f->world, 1);

    assert_says(f, f->fengyuan, 1, "first in the table heads");
    assert_int_equal(sim_status(f, f->fengyuan, "losses"), 1);
    assert_is_sound(f->fengyuan);
}

/* peer.quota at the township, by which what the village brings is refused. */
static void refuse_more(struct sim_county *f)
{
    struct buf map = {0};
    char hex[65];
    hex_encode(hex, world_site(f->fengyuan)->bytes, ID_SIZE);
    pack_map(&map, 2);
    pack_str(&map, "ops");
    pack_uint(&map, 1);
    pack_str(&map, "site");
    pack_str(&map, hex);
    assert_int_equal(
        world_call(f->world, f->township, "peer.quota", buf_bytes(&map), NULL),
        STATUS_OK);
    buf_deinit(&map);
}

static void an_inequality_with_a_lawful_reason_costs_ever_fewer_looks(void **state)
{
    struct sim_county *f = *state;
    refuse_more(f);
    (void)sim_escalate(f, f->fengyuan, "水渠");
    world_forget_log(f->fengyuan);

    for (int hour = 0; hour < 24; hour++)
        world_run(f->world, 60 * MINUTE_MS);

    /* A round is counted each eight minutes, 180 in a day. */
    struct bytes log = world_log(f->fengyuan);
    assert_int_equal(sim_count(log, "doubt rounds=4 look=OK"), 1);
    assert_int_equal(sim_count(log, "doubt rounds=8 look=OK"), 1);
    assert_int_equal(sim_count(log, "doubt rounds=16 look=OK"), 1);
    assert_int_equal(sim_count(log, "doubt rounds=32 look=OK"), 1);
    assert_int_equal(sim_count(log, "doubt rounds=64 look=OK"), 1);
    assert_int_equal(sim_count(log, "doubt rounds="), 5);
    assert_says(f, f->fengyuan, 0, "table");
    assert_says(f, f->township, 0, "table");
}

static void nobody_hastens_a_look(void **state)
{
    struct sim_county *f = *state;
    refuse_more(f);
    (void)sim_escalate(f, f->fengyuan, "水渠");
    world_forget_log(f->township);

    for (int i = 0; i < 50; i++) {
        (void)world_say(f->world, f->fengyuan, NULL, "sync", NULL, NULL);
        world_run(f->world, 1000);
    }

    assert_true(sim_count(world_log(f->township), " unequal ") >= 20);
    assert_int_equal(sim_count(world_log(f->township), "doubt "), 0);
}

#define OTHER_CLIENT 100

/* Who asks for a sync while a round is under way has another one behind it, however that
 * one ends. */
static void a_sync_asked_for_in_an_unequal_round_comes_after_it(void **state)
{
    static const uint8_t request[] = "\x93\x01\xa4sync\x80";
    struct sim_county *f = *state;
    refuse_more(f);
    (void)sim_escalate(f, f->fengyuan, "水渠");
    world_run(f->world, 30 * MINUTE_MS);
    world_forget_log(f->fengyuan);
    world_event(f->fengyuan, EVENT_CLIENT_OPENED, OTHER_CLIENT, (struct bytes){0});
    for (int i = 0; i < 200; i++) {
        world_event(f->fengyuan, EVENT_CLIENT_REQUEST, OTHER_CLIENT,
                    bytes_of(request, sizeof(request) - 1));
        (void)world_step(f->world);
    }
    uint32_t rounds = sim_count(world_log(f->fengyuan), " unequal ");
    assert_true(rounds > 2);
    world_run(f->world, MINUTE_MS);
    assert_in_range(sim_count(world_log(f->fengyuan), " unequal "), rounds, rounds + 2);
}

int main(void)
{
#define ONE(test)                                                                        \
    cmocka_unit_test_setup_teardown(test, sim_county_set_up_in_memory,                   \
                                    sim_county_tear_down_in_memory)
    const struct CMUnitTest tests[] = {
        ONE(D1_what_is_derived_and_keeps_two_sites_apart_is_noticed_by_itself),
        ONE(D1_a_note_of_mendings_that_cannot_be_read_holds_up_none),
        ONE(D1_who_is_dialed_notices_as_well),
        ONE(D1_a_set_that_cannot_be_read_stops_the_node_once_and_is_made_anew),
        ONE(D1_an_opening_that_noticed_a_loss_looks_at_what_is_derived),
        ONE(an_inequality_with_a_lawful_reason_costs_ever_fewer_looks),
        ONE(nobody_hastens_a_look),
        ONE(a_sync_asked_for_in_an_unequal_round_comes_after_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
