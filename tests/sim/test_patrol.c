/* A disk that lied, or a bit that rotted, changed what is shown of one scope alone, which
 * no mark and no peer tells: whoever uses the node makes it look at one scope after the
 * other, and it notices, says so and mends it. Row D1 of the bad-input table. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "node/cases/view.h"
#include "node/core/derived.h"
#include "proto/limits.h"
#include "storage/statement.h"
#include "tests/sim/sim_county.h"

#define CASES 6

static void fill(struct sim_county *f)
{
    for (int i = 0; i < CASES; i++)
        SIM_SAY(f, f->fengyuan, NULL, "case.new", "category", "邻里", "narrative",
                "两家争执。", "parties", "[张某=applicant]", "title", "水沟");
    (void)sim_escalate(f, f->fengyuan, "水渠");
    world_run(f->world, 60 * 1000);
}

/* Somebody looks at the page now and then; until the node says something, or has been
 * asked so often. */
static bool notices(struct sim_county *f, uint32_t asked)
{
    for (uint32_t i = 0; i < asked; i++) {
        world_run(f->world, PATROL_PACE_MS);
        SIM_SAY(f, f->fengyuan, NULL, "status", NULL);
        if (sim_count(world_log(f->fengyuan), "alarm kind=derived") > 0)
            return true;
    }
    return false;
}

/* Between two turns, as a disk would. */
static void harm(struct world_node *node, const char *sql)
{
    if (sqlite3_exec(world_store(node)->db, sql, NULL, NULL, NULL) != SQLITE_OK)
        fail_msg("%s", sqlite3_errmsg(world_store(node)->db));
}

static void assert_is_sound(struct world_node *node)
{
    char table[DERIVED_TABLE_SIZE];
    assert_int_equal(derived_check(world_store(node), table), STATUS_OK);
    assert_string_equal(table, "");
}

static void D1_what_rotted_of_one_scope_is_noticed_by_use_and_mended(void **state)
{
    static const struct {
        const char *sql, *log;
    } losses[] = {
        {"UPDATE scopes SET view = (SELECT view FROM scopes WHERE kind = 2 ORDER BY "
         "number "
         "DESC LIMIT 1) WHERE number = (SELECT min(number) FROM scopes WHERE kind = 2)",
         "alarm kind=derived table=scopes"},
        {"UPDATE scopes SET view = x'c1' WHERE number = (SELECT max(number) FROM scopes "
         "WHERE kind = 2)",
         "alarm kind=derived table=scopes"},
        {"DELETE FROM heads WHERE scope = (SELECT max(number) FROM scopes WHERE kind = "
         "2)",
         "alarm kind=derived table=heads"},
        {"UPDATE listings SET state = 'closed' WHERE scope = (SELECT max(number) FROM "
         "scopes "
         "WHERE kind = 2)",
         "alarm kind=derived table=listings"},
        {"DELETE FROM listed_parties WHERE founded = (SELECT max(founded) FROM "
         "listed_parties)",
         "alarm kind=derived table=listed_parties"},
        {"DELETE FROM postings WHERE scope = (SELECT min(scope) FROM postings) AND token "
         "= "
         "(SELECT min(token) FROM postings WHERE scope = (SELECT min(scope) FROM "
         "postings))",
         "alarm kind=derived table=postings"},
        {"UPDATE listings SET waits = 0 WHERE scope = (SELECT max(number) FROM scopes "
         "WHERE "
         "kind = 2)",
         "alarm kind=derived table=listings"},
    };
    struct sim_county *f = *state;
    fill(f);
    for (size_t i = 0; i < sizeof(losses) / sizeof(losses[0]); i++) {
        world_power_off(f->world, f->fengyuan);
        sim_spoil(f, 2, losses[i].sql);
        world_forget_log(f->fengyuan);
        assert_int_equal(world_power_on(f->world, f->fengyuan), STATUS_OK);

        if (!notices(f, 4 * CASES))
            fail_msg("row %zu is not noticed", i);

        assert_int_equal(sim_count(world_log(f->fengyuan), losses[i].log), 1);
        assert_int_equal(sim_status(f, f->fengyuan, "mendings"), i + 1);
        assert_is_sound(f->fengyuan);
    }
}

/* What two sites share is told by rounds between them, and these two do not meet. */
static void D1_what_rotted_of_a_pair_is_noticed_while_its_site_is_away(void **state)
{
    static const char *const losses[] = {
        "UPDATE pairs SET lattice = zeroblob(2048)",
        "UPDATE pairs SET scopes_len = scopes_len + 1",
        "UPDATE scopes SET digest = NULL WHERE number = (SELECT max(scope) FROM shared)",
        "DELETE FROM shared WHERE scope = (SELECT max(scope) FROM shared)",
    };
    struct sim_county *f = *state;
    fill(f);
    world_set_offline(f->world, f->fengyuan, true);
    for (size_t i = 0; i < sizeof(losses) / sizeof(losses[0]); i++) {
        harm(f->fengyuan, losses[i]);
        world_forget_log(f->fengyuan);

        if (!notices(f, 4 * CASES))
            fail_msg("row %zu is not noticed", i);

        assert_int_equal(sim_status(f, f->fengyuan, "mendings"), i + 1);
        assert_is_sound(f->fengyuan);
    }
}

/* Somebody looks at the page each half an hour. */
static void use_for_days(struct sim_county *f, uint32_t days)
{
    for (uint32_t i = 0; i < 48 * days; i++) {
        world_run(f->world, PATROL_PACE_MS);
        SIM_SAY(f, f->fengyuan, NULL, "status", NULL);
    }
}

/* Of a case of which an op is none any more nobody can say what should stand there. */
static void D1_what_cannot_be_mended_costs_ever_fewer_looks(void **state)
{
    struct sim_county *f = *state;
    fill(f);
    world_power_off(f->world, f->fengyuan);
    sim_spoil(f, 2,
              "UPDATE ops SET bytes = x'c1' WHERE seq = (SELECT max(o.seq) FROM ops o "
              "JOIN scopes s ON s.number = o.scope WHERE s.kind = 2)");
    assert_int_equal(world_power_on(f->world, f->fengyuan), STATUS_OK);
    world_forget_log(f->fengyuan);

    use_for_days(f, 10);

    /* It is met some thirty times; looked for at once, and a day, three and seven later.
     */
    struct bytes log = world_log(f->fengyuan);
    assert_true(sim_count(log, "patrol found something") > 20);
    assert_int_equal(sim_count(log, "look=CORRUPT"), 4);
    assert_int_equal(sim_count(log, "alarm kind=unreadable"), 4);
    assert_int_equal(sim_status(f, f->fengyuan, "mendings"), 0);
    assert_int_equal(sim_status(f, f->fengyuan, "cases"), CASES + 1);

    /* In the end each 32 days: after 15, 31, 63, 95 and 127. */
    use_for_days(f, 120);
    assert_int_equal(sim_count(world_log(f->fengyuan), "look=CORRUPT"), 9);
}

/* And what can be is mended at once, as often as it comes. */
static void D1_what_is_mended_is_looked_for_without_a_pause(void **state)
{
    struct sim_county *f = *state;
    fill(f);
    for (uint32_t i = 1; i <= 3; i++) {
        harm(f->fengyuan, "UPDATE listings SET waits = 0 WHERE scope = (SELECT "
                          "max(number) FROM scopes WHERE kind = 2)");
        use_for_days(f, 1);
        assert_int_equal(sim_status(f, f->fengyuan, "mendings"), i);
    }
    assert_is_sound(f->fengyuan);
}

/* Its own charter is always folded: no row at all is not as it should be either. */
static void D1_a_node_that_has_nothing_folded_notices_it(void **state)
{
    struct sim_county *f = *state;
    fill(f);
    harm(f->fengyuan, "UPDATE scopes SET digest = NULL, view = NULL, site = NULL");
    assert_true(notices(f, 1));
    assert_is_sound(f->fengyuan);
}

static void where_all_is_as_it_should_nothing_is_said_or_written(void **state)
{
    struct sim_county *f = *state;
    struct buf before = {0}, after = {0};
    fill(f);
    world_forget_log(f->fengyuan);
    assert_int_equal(store_dump(world_store(f->fengyuan), &before), STATUS_OK);
    assert_false(notices(f, 3 * CASES));
    assert_int_equal(store_dump(world_store(f->fengyuan), &after), STATUS_OK);
    assert_true(bytes_equal(buf_bytes(&before), buf_bytes(&after)));
    assert_int_equal(sim_count(world_log(f->fengyuan), "patrol"), 0);
    assert_int_equal(sim_status(f, f->fengyuan, "mendings"), 0);
    buf_deinit(&before);
    buf_deinit(&after);
}

int main(void)
{
#define ONE(test)                                                                        \
    cmocka_unit_test_setup_teardown(test, sim_county_set_up_in_memory,                   \
                                    sim_county_tear_down_in_memory)
    const struct CMUnitTest tests[] = {
        ONE(D1_what_rotted_of_one_scope_is_noticed_by_use_and_mended),
        ONE(D1_what_rotted_of_a_pair_is_noticed_while_its_site_is_away),
        ONE(D1_what_cannot_be_mended_costs_ever_fewer_looks),
        ONE(D1_what_is_mended_is_looked_for_without_a_pause),
        ONE(D1_a_node_that_has_nothing_folded_notices_it),
        ONE(where_all_is_as_it_should_nothing_is_said_or_written),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
