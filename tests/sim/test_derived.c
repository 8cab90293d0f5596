/* What is derived, held against the ops: a byte of it that rotted is found by the check
 * and mended by a rebuild. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "node/core/derived.h"
#include "tests/sim/sim_county.h"

static void ignore(void *context, const char *finding)
{
    print_message("check: %s\n", finding);
}

static void spoil(struct sim_county *f, const char *sql)
{
    world_power_off(f->world, f->fengyuan);
    sim_spoil(f, 2, sql);
    assert_int_equal(world_power_on(f->world, f->fengyuan), STATUS_OK);
}

static void assert_differs_first_in(struct sim_county *f, const char *expected)
{
    char table[DERIVED_TABLE_SIZE];
    struct buf before = {0}, after = {0};
    struct store *store = world_store(f->fengyuan);
    assert_int_equal(store_check(store, ignore, NULL), STATUS_OK);
    assert_int_equal(store_dump(store, &before), STATUS_OK);

    assert_int_equal(derived_check(store, table), STATUS_OK);

    assert_string_equal(table, expected);
    assert_int_equal(store_dump(store, &after), STATUS_OK);
    assert_true(bytes_equal(buf_bytes(&before), buf_bytes(&after)));
    buf_deinit(&before);
    buf_deinit(&after);
}

static void
D1_a_flipped_byte_of_what_is_derived_is_named_and_a_rebuild_mends_it(void **state)
{
    static const struct {
        const char *sql, *table;
    } flips[] = {
        {"UPDATE scopes SET view = CAST(substr(view, 1, 20) || x'7f' || substr(view, 22) "
         "AS BLOB) WHERE number = (SELECT max(number) FROM scopes WHERE kind = 3)",
         "scopes"},
        {"UPDATE scopes SET touched_seq = touched_seq + 1 WHERE number = 1", "scopes"},
        {"UPDATE heads SET id = CAST(x'00' || substr(id, 2) AS BLOB) WHERE scope = 1",
         "heads"},
        {"UPDATE holders SET site = CAST(x'00' || substr(site, 2) AS BLOB) WHERE "
         "scope = (SELECT max(scope) FROM holders) AND site = (SELECT max(site) FROM "
         "holders WHERE scope = (SELECT max(scope) FROM holders))",
         "holders"},
        {"UPDATE numbers SET number = '2026-0009'", "numbers"},
        {"DELETE FROM numbers", "numbers"},
        {"UPDATE listings SET waits = 0 WHERE kind = 2", "listings"},
        {"UPDATE postings SET places = x'7f' WHERE token = '水' AND scope = (SELECT "
         "max(scope) FROM postings)",
         "postings"},
    };
    struct sim_county *f = *state;
    (void)sim_escalate(f, f->fengyuan, "水渠");
    assert_differs_first_in(f, "");
    for (size_t i = 0; i < sizeof(flips) / sizeof(flips[0]); i++) {
        spoil(f, flips[i].sql);

        assert_differs_first_in(f, flips[i].table);

        assert_int_equal(world_rebuild(f->fengyuan), STATUS_OK);
        assert_differs_first_in(f, "");
    }
}

/* What cannot be read is not as it should be, and is no reason to give up. */
static void D1_a_set_that_lost_a_node_is_named_and_a_rebuild_mends_it(void **state)
{
    char table[DERIVED_TABLE_SIZE];
    struct sim_county *f = *state;
    (void)sim_escalate(f, f->fengyuan, "水渠");
    spoil(f, "DELETE FROM nodes WHERE number = (SELECT max(number) FROM nodes)");

    assert_int_equal(derived_check(world_store(f->fengyuan), table), STATUS_OK);

    assert_string_equal(table, "nodes");
    assert_int_equal(world_rebuild(f->fengyuan), STATUS_OK);
    assert_differs_first_in(f, "");
}

static void a_store_that_nobody_founded_a_site_in_has_nothing_to_compare(void **state)
{
    struct sim_county *f = *state;
    char file[SCRATCH_SIZE + 64], table[DERIVED_TABLE_SIZE];
    struct store *store;
    (void)snprintf(file, sizeof(file), "%s/new.db", f->directory);
    assert_int_equal(store_open(&store, file, NULL, true, NULL), STATUS_OK);

    assert_int_equal(derived_check(store, table), STATUS_NOT_FOUND);

    assert_string_equal(table, "");
    store_close(store);
}

int main(void)
{
#define ONE(test)                                                                        \
    cmocka_unit_test_setup_teardown(test, sim_county_set_up, sim_county_tear_down)
    const struct CMUnitTest tests[] = {
        ONE(D1_a_flipped_byte_of_what_is_derived_is_named_and_a_rebuild_mends_it),
        ONE(D1_a_set_that_lost_a_node_is_named_and_a_rebuild_mends_it),
        ONE(a_store_that_nobody_founded_a_site_in_has_nothing_to_compare),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
