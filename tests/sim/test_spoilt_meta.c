/* What a machine notes of itself, changed by its disk: it does not open, or stops when it
 * comes to it, and never acts on what it cannot read. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "node/core/daily_backup.h"
#include "tests/sim/sim_folder.h"

#define TOWNSHIP 1 /* of the files of the county */
#define FENGYUAN 2

/* MessagePack in hex: no array; one that breaks off at each of its elements. */
static void spoil(struct sim_county *f, const char *name, const char *hex)
{
    char sql[1200];
    world_power_off(f->world, f->fengyuan);
    (void)snprintf(sql, sizeof(sql),
                   "INSERT OR REPLACE INTO meta (name, value) VALUES ('%s', x'%s')", name,
                   hex);
    sim_spoil(f, FENGYUAN, sql);
}

static void forget(struct sim_county *f, const char *name)
{
    char sql[200];
    world_power_off(f->world, f->fengyuan);
    (void)snprintf(sql, sizeof(sql), "DELETE FROM meta WHERE name = '%s'", name);
    sim_spoil(f, FENGYUAN, sql);
    assert_int_equal(world_power_on(f->world, f->fengyuan), STATUS_OK);
    assert_int_equal(world_unlock(f->world, f->fengyuan, "", "246810"), STATUS_OK);
}

#define KEY "c4200000000000000000000000000000000000000000000000000000000000000000"

static void D1_keys_that_are_spoilt_open_no_machine(void **state)
{
    static const struct {
        const char *name, *hex;
    } rows[] = {
        {"machine-keys", "05"},
        {"machine-keys", "92"},
        {"machine-keys", "92c40101"},
        {"machine-keys", "92" KEY},
        {"machine-keys", "92" KEY "c40101"},
        {"former-keys", "05"},
        {"former-keys", "93" KEY KEY},
        {"former-keys", "93" KEY KEY "05"},
        {"former-keys", "93" KEY KEY "9105"},
        {"former-keys", "93" KEY KEY "92" KEY "c40101"},
    };
    struct sim_county *f = *state;
    world_let_stop(f->fengyuan);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        spoil(f, rows[i].name, rows[i].hex);
        enum status status = world_power_on(f->world, f->fengyuan);
        if (status != STATUS_CORRUPT)
            fail_msg("row %zu: %s", i, status_name(status));
        forget(f, rows[i].name);
    }
    (void)sim_escalate(f, f->fengyuan, "水渠");
}

static void D1_what_is_noted_of_backups_and_spoilt_stops_the_node(void **state)
{
    static const struct {
        const char *name, *hex, *method;
    } rows[] = {
        {"backup-written", "05", "backup.status"},
        {"backup-written", "92a178", "backup.status"},
        {"backup-written", "9201a178", "backup.status"},
        {"backup-verified", "05", "backup.status"},
        {"backup-verified", "9201", "backup.status"},
        {"backup-daily", "05", "backup.status"},
        {"backup-daily", "93a178", "backup.status"},
        {"backup-daily", "9301a178", "backup.status"},
        {"backup-daily", "930101", "backup.status"},
        {"backup-daily", "93010105", "backup.status"},
        {"backup-daily", NULL, "backup.status"},
        {"restored-as", "01", "backup.write"},
    };
    struct sim_county *f = *state;
    /* A reason that is longer than any that is kept. */
    char longer[2 * (6 + DAILY_BACKUP_TEXT_MAX + 1) + 1] = "930101da0191";
    for (size_t i = 12; i + 1 < sizeof(longer); i += 2)
        memcpy(longer + i, "61", 3);
    world_let_stop(f->fengyuan);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        spoil(f, rows[i].name, rows[i].hex == NULL ? longer : rows[i].hex);
        enum status status = world_power_on(f->world, f->fengyuan);
        if (status == STATUS_OK)
            status = world_say(f->world, f->fengyuan, NULL, rows[i].method, NULL);
        if (status == STATUS_OK)
            fail_msg("row %zu was read", i);
        forget(f, rows[i].name);
    }
    SIM_SAY(f, f->fengyuan, NULL, "backup.status");
}

/* Nothing that a neighbour shares too is shown by a node that cannot tell. */
static void D1_what_may_be_recalled_is_not_shown_where_that_is_spoilt(void **state)
{
    struct sim_county *f = *state;
    struct id record = sim_escalate(f, f->xikou, "水渠");
    char hex[65];
    hex_encode(hex, record.bytes, ID_SIZE);
    world_run(f->world, 5000);
    SIM_SAY(f, f->township, NULL, "escalation.show", "escalation", hex);
    world_let_stop(f->township);
    world_set_offline(f->world, f->township, true);
    world_power_off(f->world, f->township);
    sim_spoil(f, TOWNSHIP,
              "INSERT OR REPLACE INTO meta (name, value) "
              "VALUES ('restored', x'05')");
    assert_int_equal(world_power_on(f->world, f->township), STATUS_OK);
    assert_int_not_equal(world_say(f->world, f->township, NULL, "escalation.show",
                                   "escalation", hex, NULL),
                         STATUS_OK);
    assert_true(world_has_stopped(f->township));
    world_power_off(f->world, f->township);
    sim_spoil(f, TOWNSHIP, "DELETE FROM meta WHERE name = 'restored'");
    assert_int_equal(world_power_on(f->world, f->township), STATUS_OK);
    SIM_SAY(f, f->township, NULL, "escalation.show", "escalation", hex);
}

/* Whether it was restored decides what it shows: where that cannot be read, nothing. */
static void D1_that_it_was_restored_and_spoilt_stops_the_node(void **state)
{
    static const char *const rows[] = {"05", "a178", "91", "9105", "91c40101"};
    struct sim_county *f = *state;
    struct id record = sim_escalate(f, f->fengyuan, "水渠");
    char hex[65];
    hex_encode(hex, record.bytes, ID_SIZE);
    world_let_stop(f->fengyuan);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        spoil(f, "restored", rows[i]);
        assert_int_equal(world_power_on(f->world, f->fengyuan), STATUS_OK);
        world_run(f->world, 120000); /* it meets the township */
        assert_true(world_has_stopped(f->fengyuan));
        forget(f, "restored");
    }
    world_run(f->world, 120000);
    sim_assert_state(f, f->fengyuan, &record, "received");
}

/* Of the township's machine; each time it meets the village it says which start it is. */
static void D1_starts_that_were_heard_and_are_spoilt_stop_the_node(void **state)
{
#define START "c41000000000000000000000000000000000"
    static const char *const rows[] = {
        "05",
        "93",
        "93c40101",
        "93" START,
        "93" START "a178",
        "93" START "0105",
        "93" START "01dc0012010101010101010101010101010101010101", /* too many */
        "93" START "0192",
        "93" START "0192c40101c3",
        "93" START "0192" START,
        "93" START "0192" START "05",
    };
    struct sim_county *f = *state;
    struct id record = sim_escalate(f, f->fengyuan, "水渠");
    uint8_t key[32];
    char name[80] = "instances:";
    world_noise_key(f->township, key);
    hex_encode(name + strlen(name), key, sizeof(key));
    world_let_stop(f->fengyuan);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        spoil(f, name, rows[i]);
        assert_int_equal(world_power_on(f->world, f->fengyuan), STATUS_OK);
        world_run(f->world, 120000); /* it meets the township */
        if (!world_has_stopped(f->fengyuan))
            fail_msg("row %zu was read", i);
        forget(f, name);
    }
    world_run(f->world, 120000);
    sim_assert_state(f, f->fengyuan, &record, "received");
}

int main(void)
{
#define ONE(test)                                                                        \
    cmocka_unit_test_setup_teardown(test, sim_county_set_up_in_memory,                   \
                                    sim_county_tear_down_in_memory)
    const struct CMUnitTest tests[] = {
        ONE(D1_keys_that_are_spoilt_open_no_machine),
        ONE(D1_what_is_noted_of_backups_and_spoilt_stops_the_node),
        ONE(D1_what_may_be_recalled_is_not_shown_where_that_is_spoilt),
        ONE(D1_that_it_was_restored_and_spoilt_stops_the_node),
        ONE(D1_starts_that_were_heard_and_are_spoilt_stop_the_node),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
