/* What a disk changed or lost of a node's rows, which no mark tells where they are the
 * node's own: said where it is asked for, and nothing else is lost by it. Row D1 of the
 * bad-input table. */
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
#include "tests/sim/sim_stick.h"
#include "tests/support/photo.h"

#define FENGYUAN 2

static void spoil(struct sim_county *f, const char *sql)
{
    world_power_off(f->world, f->fengyuan);
    sim_spoil(f, FENGYUAN, sql);
    assert_int_equal(world_power_on(f->world, f->fengyuan), STATUS_OK);
    assert_int_equal(world_unlock(f->world, f->fengyuan, "", "246810"), STATUS_OK);
}

static uint64_t paste(struct sim_county *f)
{
    struct buf photo = {0}, map = {0}, out = {0};
    uint64_t number = 0;
    photo_make(&photo, "PIXELS ", ATTACHMENT_CHUNK_SIZE + 77);
    pack_map(&map, 1);
    pack_str(&map, "photo");
    pack_bin(&map, photo.data, photo.len);
    assert_int_equal(
        world_call(f->world, f->fengyuan, "paste.add", buf_bytes(&map), &out), STATUS_OK);
    assert_true(view_map_uint(buf_bytes(&out), "paste", &number));
    buf_deinit(&photo);
    buf_deinit(&map);
    buf_deinit(&out);
    return number;
}

static void D1_a_pasted_photo_that_is_not_whole_is_given_to_nobody(void **state)
{
    static const char *const losses[] = {
        "DELETE FROM paste_pieces WHERE piece = 1",
        "UPDATE paste_pieces SET bytes = zeroblob(length(bytes)) WHERE piece = 0",
        "UPDATE paste_pieces SET bytes = x'00' WHERE piece = 1",
        "UPDATE pastes SET key = x''",
        "UPDATE pastes SET size = size - 1",
    };
    struct sim_county *f = *state;
    for (size_t i = 0; i < sizeof(losses) / sizeof(losses[0]); i++) {
        char number[24];
        struct buf out = {0};
        (void)snprintf(number, sizeof(number), "#%llu", (unsigned long long)paste(f));
        SIM_SAY(f, f->fengyuan, NULL, "paste.get", "paste", number);

        spoil(f, losses[i]);

        if (world_say(f->world, f->fengyuan, &out, "paste.get", "paste", number, NULL) !=
            STATUS_UNVERIFIED)
            fail_msg("%s: it is given", losses[i]);
        assert_int_equal(sim_count(buf_bytes(&out), "missing or damaged"), 1);
        assert_int_equal(world_say(f->world, f->fengyuan, NULL, "paste.case", "category",
                                   "邻里", "narrative", "争执", "paste", number, "title",
                                   "水沟", NULL),
                         STATUS_UNVERIFIED);
        assert_int_equal(sim_status(f, f->fengyuan, "cases"), 0);
        SIM_SAY(f, f->fengyuan, NULL, "paste.drop", "paste", number);
        buf_deinit(&out);
    }
}

static enum status copy_op(void *context, const struct store_op *row)
{
    buf_add(context, row->bytes.data, row->bytes.len);
    return STATUS_OK;
}

/* Something stands behind it that is of no op. */
static void D1_what_was_set_apart_and_grew_since_is_not_let_in(void **state)
{
    struct sim_county *f = *state;
    struct store *store = world_store(f->fengyuan);
    struct buf bytes = {0};
    assert_int_equal(store_op_get(store, world_site(f->township), copy_op, &bytes),
                     STATUS_OK);
    buf_add_u8(&bytes, 0xc0);
    struct store_quarantine row = {.digest = {{1}},
                                   .op = *world_site(f->township),
                                   .site = *world_site(f->township),
                                   .reason = bytes_str("as before"),
                                   .bytes = buf_bytes(&bytes)};
    assert_int_equal(store_begin(store), STATUS_OK);
    assert_int_equal(store_quarantine_add(store, &row), STATUS_OK);
    assert_int_equal(store_commit(store), STATUS_OK);

    assert_int_equal(
        world_say(f->world, f->fengyuan, NULL, "quarantine.retry", "number", "#1", NULL),
        STATUS_INVALID);

    assert_int_equal(sim_status(f, f->fengyuan, "quarantined"), 1);
    buf_deinit(&bytes);
}

/* A row that says that it was closed erases nothing: the case itself does not say so. */
static void D1_an_open_case_is_not_erased_whatever_a_row_says(void **state)
{
    struct sim_county *f = *state;
    struct buf map = {0}, out = {0};
    pack_map(&map, 3);
    pack_str(&map, "category");
    pack_str(&map, "邻里");
    pack_str(&map, "identity_years");
    pack_uint(&map, 0);
    pack_str(&map, "years");
    pack_uint(&map, 0);
    assert_int_equal(
        world_call(f->world, f->fengyuan, "retention.set", buf_bytes(&map), NULL),
        STATUS_OK);
    SIM_SAY(f, f->fengyuan, NULL, "case.new", "category", "邻里", "narrative", "争执",
            "title", "水渠");
    spoil(f, "INSERT INTO retention (scope, closed_at, due, notice_s) SELECT id, 1, 2, "
             "2591000 FROM scopes WHERE kind = 2");

    for (int hour = 0; hour < 30; hour++)
        world_run(f->world, 3600000);

    assert_true(sim_count(world_log(f->fengyuan), "retention not now") > 0);
    SIM_SAY(f, f->fengyuan, &out, "case.show", "case", "2026-0001");
    assert_true(sim_count(buf_bytes(&out), "水渠") > 0);
    buf_deinit(&map);
    buf_deinit(&out);
}

static uint32_t listed(struct sim_county *f)
{
    struct buf out = {0};
    SIM_SAY(f, f->fengyuan, &out, "case.list", NULL, NULL);
    uint32_t count = view_map_count(buf_bytes(&out), "cases");
    buf_deinit(&out);
    return count;
}

/* Its row is left, of a store that has to make its lists anew. */
static void D1_a_case_whose_words_are_gone_is_listed_by_nobody(void **state)
{
    struct sim_county *f = *state;
    char table[DERIVED_TABLE_SIZE];
    for (int i = 0; i < 2; i++)
        SIM_SAY(f, f->fengyuan, NULL, "case.new", "category", "邻里", "narrative", "争执",
                "title", i == 0 ? "水渠" : "田埂");

    spoil(f, "DELETE FROM ops WHERE scope = (SELECT max(number) FROM scopes WHERE kind = "
             "2); INSERT OR REPLACE INTO meta (name, value) VALUES ('unlisted', x'31')");
    world_run(f->world, 1);

    assert_int_equal(listed(f), 1);
    assert_int_equal(sim_status(f, f->fengyuan, "losses"), 1);
    assert_int_equal(derived_check(world_store(f->fengyuan), table), STATUS_OK);
    assert_string_equal(table, "");
}

static uint64_t waiting_ops(struct sim_county *f)
{
    return stick_waits(f, f->fengyuan, f->township, "ops");
}

/* A neighbour says which heads it holds; what lies beneath them is not known where an op
 * of before is gone, or the one that founded it: all of it goes once more. */
static void D1_what_a_record_rests_on_is_gone_and_all_of_it_goes(void **state)
{
    static const char *const gone[] = {"= 1", "> 1"};
    struct sim_county *f = *state;
    struct store *store = world_store(f->fengyuan);
    struct stick down = {0};
    struct id records[2];
    char hex[65], sql[256];
    for (int i = 0; i < 2; i++)
        records[i] = sim_escalate(f, f->fengyuan, "水渠");
    world_run(f->world, 5000);
    world_set_offline(f->world, f->fengyuan, true);
    world_run(f->world, 1000);
    for (int i = 0; i < 2; i++) {
        hex_encode(hex, records[i].bytes, ID_SIZE);
        SIM_SAY(f, f->township, NULL, "escalation.open", "escalation", hex);
    }
    stick_write(f, f->township, "枫源村", &down);
    (void)stick_read(f, f->fengyuan, &down);
    uint64_t before = waiting_ops(f);
    for (int i = 0; i < 2; i++) {
        hex_encode(hex, records[i].bytes, ID_SIZE);
        (void)snprintf(sql, sizeof(sql),
                       "DELETE FROM ops WHERE seq = (SELECT min(seq) FROM ops WHERE time "
                       "%s AND scope = (SELECT number FROM scopes WHERE id = x'%s'))",
                       gone[i], hex);
        assert_int_equal(sqlite3_exec(store->db, sql, NULL, NULL, NULL), SQLITE_OK);
        assert_int_equal(sqlite3_changes(store->db), 1);
        uint64_t now = waiting_ops(f);
        assert_true(now > before);
        before = now;
    }
    stick_deinit(&down);
}

/* It names the county alone, came from another machine of ours, and stands in a pair. */
static void D1_a_record_that_is_not_ours_leaves_the_pairs_it_stands_in(void **state)
{
    struct sim_county *f = *state;
    struct store *store = world_store(f->township);
    const struct id *county = world_site(f->county);
    struct buf sites = {0}, bytes = {0};
    struct draft draft;
    char hex[2 * ID_SIZE + 1], sql[256];
    pack_array(&sites, 1);
    pack_array(&sites, 2);
    pack_bin(&sites, county->bytes, ID_SIZE);
    pack_uint(&sites, 1);
    draft_init(&draft, "escalate", NULL);
    draft_raw(&draft, "sites", buf_bytes(&sites));
    struct forgery forgery = {
        .seed = world_steward_seed(f->xikou), .draft = &draft, .of = f->xikou};
    struct id record = sim_forge(&forgery, &bytes);
    assert_int_equal(world_admit(f->world, f->township, buf_bytes(&bytes)), STATUS_OK);
    assert_int_equal(store_begin(store), STATUS_OK);
    assert_int_equal(store_pair_put(store, county, &record), STATUS_OK);
    assert_int_equal(store_commit(store), STATUS_OK);
    hex_encode(hex, record.bytes, ID_SIZE);
    (void)snprintf(sql, sizeof(sql),
                   "DELETE FROM holders WHERE scope = (SELECT number FROM scopes WHERE "
                   "id = x'%s')",
                   hex);
    assert_int_equal(sqlite3_exec(store->db, sql, NULL, NULL, NULL), SQLITE_OK);
    assert_true(sqlite3_changes(store->db) > 0);
    assert_int_equal(store_pair_has(store, county, &record), STATUS_OK);

    struct forgery next = {.seed = world_steward_seed(f->xikou),
                           .kind = "permit",
                           .scope = &record,
                           .of = f->xikou,
                           .parents = &record,
                           .parents_len = 1,
                           .time = 2};
    buf_clear(&bytes);
    (void)sim_forge(&next, &bytes);
    assert_int_equal(world_admit(f->world, f->township, buf_bytes(&bytes)), STATUS_OK);

    assert_int_equal(store_pair_has(store, county, &record), STATUS_NOT_FOUND);
    draft_deinit(&draft);
    buf_deinit(&sites);
    buf_deinit(&bytes);
}

/* What is not folded is put into no pair; whoever makes everything anew folds it. */
static void D1_a_charter_that_is_not_folded_stops_nobody(void **state)
{
    struct sim_county *f = *state;
    struct store *store = world_store(f->township);
    const struct id *county = world_site(f->county), *fengyuan = world_site(f->fengyuan);
    assert_int_equal(store_pair_has(store, fengyuan, county), STATUS_OK);
    assert_int_equal(
        sqlite3_exec(store->db,
                     "DELETE FROM shared WHERE scope = (SELECT max(number) FROM scopes "
                     "WHERE kind = 1 AND number < (SELECT max(number) FROM scopes WHERE "
                     "kind = 1)); UPDATE scopes SET digest = NULL, view = NULL, site = "
                     "NULL WHERE kind = 1 AND number NOT IN (SELECT scope FROM shared)",
                     NULL, NULL, NULL),
        SQLITE_OK);
    assert_true(sqlite3_changes(store->db) > 0);

    sim_add_person(f, f->township, "李某", "observer", NULL);

    assert_int_equal(world_rebuild(f->township), STATUS_OK);
    assert_int_equal(store_pair_has(store, fengyuan, county), STATUS_OK);
}

int main(void)
{
#define ONE(test)                                                                        \
    cmocka_unit_test_setup_teardown(test, sim_county_set_up_in_memory,                   \
                                    sim_county_tear_down_in_memory)
    const struct CMUnitTest tests[] = {
        ONE(D1_a_pasted_photo_that_is_not_whole_is_given_to_nobody),
        ONE(D1_what_was_set_apart_and_grew_since_is_not_let_in),
        ONE(D1_an_open_case_is_not_erased_whatever_a_row_says),
        ONE(D1_a_case_whose_words_are_gone_is_listed_by_nobody),
        ONE(D1_what_a_record_rests_on_is_gone_and_all_of_it_goes),
        ONE(D1_a_record_that_is_not_ours_leaves_the_pairs_it_stands_in),
        ONE(D1_a_charter_that_is_not_folded_stops_nobody),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
