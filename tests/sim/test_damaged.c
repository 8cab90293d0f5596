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
#include "tests/sim/sim_county.h"
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

int main(void)
{
#define ONE(test)                                                                        \
    cmocka_unit_test_setup_teardown(test, sim_county_set_up_in_memory,                   \
                                    sim_county_tear_down_in_memory)
    const struct CMUnitTest tests[] = {
        ONE(D1_a_pasted_photo_that_is_not_whole_is_given_to_nobody),
        ONE(D1_a_case_whose_words_are_gone_is_listed_by_nobody),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
