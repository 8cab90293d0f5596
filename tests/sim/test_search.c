/* Finding a matter again: what was written is found by those who may read it, page by
 * page, and by nobody else. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <sqlite3.h>

#include "node/cases/view.h"
#include "node/core/derived.h"
#include "proto/limits.h"
#include "storage/store_search.h"
#include "tests/sim/sim_county.h"

#define HITS_MAX 32

struct found {
    enum status status;
    uint32_t len;
    struct {
        char kind[16], number[32], state[16], field[24], line[400], title[64];
    } hits[HITS_MAX];
    uint64_t next; /* 0: nothing follows */
};

static void copy(char *out, size_t size, struct bytes map, const char *name)
{
    struct bytes text = {0};
    assert_true(view_map_text(map, name, &text));
    (void)snprintf(out, size, "%.*s", (int)text.len, (const char *)text.data);
}

static bool keep_hit(void *context, struct bytes hit)
{
    struct found *found = context;
    uint32_t i = found->len++;
    assert_true(i < HITS_MAX);
    copy(found->hits[i].kind, sizeof(found->hits[i].kind), hit, "kind");
    copy(found->hits[i].number, sizeof(found->hits[i].number), hit, "number");
    copy(found->hits[i].state, sizeof(found->hits[i].state), hit, "state");
    copy(found->hits[i].field, sizeof(found->hits[i].field), hit, "field");
    copy(found->hits[i].line, sizeof(found->hits[i].line), hit, "snippet");
    copy(found->hits[i].title, sizeof(found->hits[i].title), hit, "title");
    return true;
}

static struct found search(struct sim_county *f, struct world_node *node,
                           const char *words, uint64_t after, uint64_t limit)
{
    struct found found = {0};
    struct buf arguments = {0}, out = {0};
    pack_map(&arguments, 3);
    pack_str(&arguments, "after");
    pack_uint(&arguments, after);
    pack_str(&arguments, "limit");
    pack_uint(&arguments, limit);
    pack_str(&arguments, "words");
    pack_str(&arguments, words);
    found.status = world_call(f->world, node, "search", buf_bytes(&arguments), &out);
    if (found.status == STATUS_OK) {
        view_map_each(buf_bytes(&out), "hits", keep_hit, &found);
        (void)view_map_uint(buf_bytes(&out), "next", &found.next); /* nil: the last */
    }
    buf_deinit(&arguments);
    buf_deinit(&out);
    return found;
}

static uint32_t count_found(struct sim_county *f, struct world_node *node,
                            const char *words)
{
    struct found found = search(f, node, words, 0, HITS_MAX);
    assert_int_equal(found.status, STATUS_OK);
    assert_int_equal(found.next, 0);
    return found.len;
}

static void new_case(struct sim_county *f, struct world_node *node, const char *title,
                     const char *narrative)
{
    struct buf out = {0};
    SIM_SAY(f, node, &out, "case.new", "category", "邻里", "narrative", narrative,
            "title", title);
    buf_deinit(&out);
}

static void a_case_is_found_by_what_was_written_in_it(void **state)
{
    struct sim_county *f = *state;
    struct buf out = {0};
    new_case(f, f->fengyuan, "田埂", "李某与王某田埂边界不清。");
    new_case(f, f->fengyuan, "水沟", "两家为排水沟争执，Pump 12 坏了。");
    SIM_SAY(f, f->fengyuan, &out, "case.note", "case", "2026-0001", "text", "量过三米");

    struct found found = search(f, f->fengyuan, "排水沟 pump", 0, HITS_MAX);

    assert_int_equal(found.status, STATUS_OK);
    assert_int_equal(found.len, 1);
    assert_string_equal(found.hits[0].kind, "case");
    assert_string_equal(found.hits[0].number, "2026-0002");
    assert_string_equal(found.hits[0].state, "registered");
    assert_string_equal(found.hits[0].field, "narrative");
    assert_string_equal(found.hits[0].title, "水沟");
    assert_non_null(strstr(found.hits[0].line, "排水沟"));
    assert_int_equal(count_found(f, f->fengyuan, "埂"), 1);
    assert_int_equal(count_found(f, f->fengyuan, "三米"), 1);
    assert_int_equal(count_found(f, f->fengyuan, "2026-0001"), 1);
    assert_int_equal(count_found(f, f->fengyuan, "2026"), 2);
    assert_int_equal(count_found(f, f->fengyuan, "水田"), 0);
    assert_int_equal(count_found(f, f->xikou, "水沟"), 0);
    buf_deinit(&out);
}

static void a_case_of_a_minor_is_not_found(void **state)
{
    struct sim_county *f = *state;
    struct buf out = {0};
    SIM_SAY(f, f->fengyuan, &out, "case.new", "category", "家庭", "minor", "true",
            "narrative", "放学以后无人照看", "title", "照看");

    assert_int_equal(count_found(f, f->fengyuan, "照看"), 0);
    assert_int_equal(count_found(f, f->fengyuan, "2026-0001"), 0);
    buf_deinit(&out);
}

static void what_was_not_sent_is_not_found_above(void **state)
{
    struct sim_county *f = *state;
    (void)sim_escalate(f, f->fengyuan, "水渠");

    struct found found = search(f, f->township, "修过一次", 0, HITS_MAX);

    assert_int_equal(found.len, 1);
    assert_string_equal(found.hits[0].kind, "escalation");
    assert_string_equal(found.hits[0].number, "");
    assert_string_equal(found.hits[0].field, "case.context");
    assert_string_equal(found.hits[0].title, "水渠");
    assert_int_equal(count_found(f, f->township, "屋后"), 0); /* of the narrative */
    assert_int_equal(count_found(f, f->township, "2026-0001"), 0);
    assert_int_equal(count_found(f, f->fengyuan, "屋后"), 1);
}

static void pages_follow_each_other_while_others_write(void **state)
{
    struct sim_county *f = *state;
    char title[32];
    uint32_t seen = 0;
    for (int i = 1; i <= 5; i++) {
        (void)snprintf(title, sizeof(title), "水沟%d", i);
        new_case(f, f->fengyuan, title, "争执");
    }
    uint64_t after = 0;
    do {
        struct found page = search(f, f->fengyuan, "水沟", after, 2);
        assert_int_equal(page.status, STATUS_OK);
        for (uint32_t i = 0; i < page.len; i++, seen++) {
            (void)snprintf(title, sizeof(title), "水沟%u", 5 - seen);
            assert_string_equal(page.hits[i].title, title);
        }
        after = page.next;
        new_case(f, f->fengyuan, "水沟新", "争执");
    } while (after != 0);

    assert_int_equal(seen, 5);
    assert_int_equal(search(f, f->fengyuan, "水沟", UINT64_MAX, 0).len, 8);
}

static void who_may_not_read_a_case_does_not_find_it(void **state)
{
    struct sim_county *f = *state;
    static const struct {
        const char *name, *role;
        enum status status;
        uint32_t cases;
    } people[] = {
        {"甲某", "mediator", STATUS_OK, 1},
        {"乙某", "desk", STATUS_OK, 0},
        {"丙某", "observer", STATUS_DENIED, 0},
        {"丁某", "auditor", STATUS_DENIED, 0},
    };
    (void)sim_escalate(f, f->fengyuan, "水渠");
    for (size_t i = 0; i < sizeof(people) / sizeof(people[0]); i++)
        sim_add_person(f, f->fengyuan, people[i].name, people[i].role, NULL);
    for (size_t i = 0; i < sizeof(people) / sizeof(people[0]); i++) {
        assert_int_equal(world_unlock(f->world, f->fengyuan, people[i].name, "135791"),
                         STATUS_OK);

        struct found found = search(f, f->fengyuan, "水渠", 0, HITS_MAX);

        assert_int_equal(found.status, people[i].status);
        assert_int_equal(found.len,
                         people[i].status == STATUS_OK ? 1 + people[i].cases : 0);
    }
    assert_int_equal(world_unlock(f->world, f->fengyuan, "", "246810"), STATUS_OK);
}

static void nobody_searches_before_he_has_unlocked(void **state)
{
    struct sim_county *f = *state;
    new_case(f, f->fengyuan, "水沟", "争执");
    world_power_off(f->world, f->fengyuan);
    assert_int_equal(world_power_on(f->world, f->fengyuan), STATUS_OK);

    assert_int_equal(search(f, f->fengyuan, "水沟", 0, 1).status, STATUS_DENIED);
}

static void M4_what_is_no_query_is_said_to_be_none(void **state)
{
    static char words[1100];
    struct sim_county *f = *state;
    memset(words, 'x', sizeof(words) - 1);
    assert_int_equal(search(f, f->fengyuan, "", 0, 1).status, STATUS_INVALID);
    assert_int_equal(search(f, f->fengyuan, "！？", 0, 1).status, STATUS_INVALID);
    assert_int_equal(search(f, f->fengyuan, words, 0, 1).status, STATUS_TOO_LARGE);
    words[1000] = '\0';
    assert_int_equal(search(f, f->fengyuan, words, 0, 1).status, STATUS_OK);
}

/* As a migration leaves it, or an older version of the index. */
static void what_was_never_indexed_is_indexed_when_the_node_opens_its_store(void **state)
{
    static const char *const forget[] = {
        "DELETE FROM postings; DELETE FROM meta WHERE name = 'search'",
        "UPDATE meta SET value = x'30' WHERE name = 'search'; "
        "UPDATE postings SET places = x'00'; DELETE FROM postings WHERE token = '水'",
    };
    struct sim_county *f = *state;
    char file[SCRATCH_SIZE + 64], table[DERIVED_TABLE_SIZE];
    (void)snprintf(file, sizeof(file), "%s/node-2.db", f->directory);
    (void)sim_escalate(f, f->fengyuan, "水渠");
    for (size_t i = 0; i < sizeof(forget) / sizeof(forget[0]); i++) {
        sqlite3 *db;
        world_power_off(f->world, f->fengyuan);
        assert_int_equal(sqlite3_open(file, &db), SQLITE_OK);
        assert_int_equal(sqlite3_exec(db, forget[i], NULL, NULL, NULL), SQLITE_OK);
        assert_int_equal(sqlite3_close(db), SQLITE_OK);

        assert_int_equal(world_power_on(f->world, f->fengyuan), STATUS_OK);

        assert_int_equal(world_unlock(f->world, f->fengyuan, "", "246810"), STATUS_OK);
        assert_int_equal(count_found(f, f->fengyuan, "水渠"), 2);
        assert_int_equal(derived_check(world_store(f->fengyuan), table), STATUS_OK);
        assert_string_equal(table, "");
    }
}

/* --- more than a node looks through at a time --- */

static bool one_posting(void *context, struct store_posting *posting)
{
    const char **token = context;
    if (*token == NULL)
        return false;
    posting->token = bytes_str(*token);
    posting->places = bytes_of("\x01", 1);
    *token = NULL;
    return true;
}

/* Scopes of which every other one has the one character and the rest has the other. */
static void add_scopes(struct store *store, uint32_t len)
{
    assert_int_equal(store_begin(store), STATUS_OK);
    for (uint32_t i = 0; i < len; i++) {
        struct op op = {.time = 1};
        const char *token = i % 2 == 0 ? "甲" : "乙";
        memcpy(op.id.bytes, &i, sizeof(i));
        op.id.bytes[31] = 1;
        op.scope = op.id;
        assert_int_equal(
            store_op_add(store, &op, bytes_str("x"), SCOPE_CASE, TREE_PRIVATE),
            STATUS_OK);
        assert_int_equal(store_search_put(store, &op.scope, one_posting, &token),
                         STATUS_OK);
    }
    assert_int_equal(store_commit(store), STATUS_OK);
}

static void a_long_way_is_gone_in_steps_of_a_bounded_length(void **state)
{
    struct sim_county *f = *state;
    uint32_t pages = 0;
    new_case(f, f->fengyuan, "水沟", "甲乙");
    add_scopes(world_store(f->fengyuan), SEARCH_STEPS_MAX + 100);

    struct found page = search(f, f->fengyuan, "甲 乙", 0, HITS_MAX);

    assert_int_equal(page.len, 0);
    for (; page.next != 0; pages++)
        page = search(f, f->fengyuan, "甲 乙", page.next, HITS_MAX);
    assert_int_equal(pages, 1);
    assert_int_equal(page.len, 1);
}

/* Both stand in the case, and nowhere side by side. */
static void words_that_do_not_stand_side_by_side_are_not_found(void **state)
{
    struct sim_county *f = *state;
    struct buf out = {0};
    SIM_SAY(f, f->fengyuan, NULL, "case.new", "category", "邻里", "title", "水沟",
            "narrative", "修过一次");
    SIM_SAY(f, f->fengyuan, &out, "search", "words", "水沟");
    assert_int_equal(view_map_count(buf_bytes(&out), "hits"), 1);

    SIM_SAY(f, f->fengyuan, &out, "search", "words", "水修");

    assert_int_equal(view_map_count(buf_bytes(&out), "hits"), 0);
    buf_deinit(&out);
}

int main(void)
{
#define ONE(test)                                                                        \
    cmocka_unit_test_setup_teardown(test, sim_county_set_up_in_memory,                   \
                                    sim_county_tear_down_in_memory)
#define ONE_ON_DISK(test)                                                                \
    cmocka_unit_test_setup_teardown(test, sim_county_set_up, sim_county_tear_down)
    const struct CMUnitTest tests[] = {
        ONE(a_case_is_found_by_what_was_written_in_it),
        ONE(a_case_of_a_minor_is_not_found),
        ONE(what_was_not_sent_is_not_found_above),
        ONE(pages_follow_each_other_while_others_write),
        ONE(who_may_not_read_a_case_does_not_find_it),
        ONE(nobody_searches_before_he_has_unlocked),
        ONE(M4_what_is_no_query_is_said_to_be_none),
        ONE_ON_DISK(what_was_never_indexed_is_indexed_when_the_node_opens_its_store),
        ONE(a_long_way_is_gone_in_steps_of_a_bounded_length),
        ONE(words_that_do_not_stand_side_by_side_are_not_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
