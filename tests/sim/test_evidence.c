/* What a node writes as evidence: with its seals, about an escalation, a case, its site,
 * a period; for those who may have it, and nothing besides. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "node/cases/view.h"
#include "storage/store_ledger.h"
#include "storage/store_seals.h"
#include "tests/sim/evidence_scene.h"
#include "tests/sim/far_client.h"

struct cover {
    uint64_t position, place; /* of the first seal beyond it */
    bool is_found;
};

static enum status find_cover(void *context, const struct store_seal *row)
{
    struct cover *cover = context;
    if (!cover->is_found && row->shared_size > cover->position) {
        cover->is_found = true;
        cover->place = row->place;
    }
    return STATUS_OK;
}

/* Of a file with shared records alone. */
static void assert_earliest(struct world_node *node, const struct sim_evidence *file)
{
    struct store *store = world_store(node);
    char origin[SEAL_ORIGIN_SIZE];
    int64_t log;
    assert_int_equal(store_seal_log_last(store, &log, origin), STATUS_OK);
    for (uint64_t i = 0; i < file->records; i++) {
        struct store_place place;
        assert_int_equal(store_op_find(store, &file->each[i].id, &place), STATUS_OK);
        struct cover cover = {.position = place.position, .place = UINT64_MAX};
        assert_int_equal(store_seals(store, log, find_cover, &cover), STATUS_OK);
        assert_int_equal(file->each[i].seal, cover.place);
    }
}

/* --- an escalation --- */

static void the_records_of_an_escalation_stand_in_the_first_seal_after_them(void **state)
{
    struct sim_county *f = *state;
    struct sim_evidence file;
    char hex[2 * ID_SIZE + 1];
    struct id record = scene_days(f, hex);

    TAKE(f, f->fengyuan, &file, "escalation", hex);

    assert_string_equal(file.about, "escalation");
    assert_true(id_equal(&file.named, &record));
    assert_int_equal(file.parts, 1);
    assert_int_equal(file.logs, 1);
    assert_int_equal(file.seals, scene_seals(f->fengyuan));
    assert_int_equal(file.checkpoints, 1); /* the township has cosigned as much */
    assert_int_equal(file.cosignatures, 1);
    const struct sim_evidence_scope *scope = sim_evidence_scope(&file, &record);
    assert_non_null(scope);
    assert_true(scope->records >= 2);
    assert_int_equal(scope->included, scope->records);
    assert_int_equal(file.included, file.records);
    assert_earliest(f->fengyuan, &file);
    assert_in_range(file.each[file.records - 1].seal, 2, 3); /* of its day */
    assert_int_equal(file.opened[0], 0);
    assert_int_equal(file.opened[1], file.opened_seals);
    sim_evidence_free(&file);
}

static void what_no_seal_covers_yet_has_no_proof(void **state)
{
    struct sim_county *f = *state;
    struct sim_evidence file;
    char hex[2 * ID_SIZE + 1];
    struct id record = scene_days(f, hex);
    world_run(f->world, HOURS);
    SIM_SAY(f, f->township, NULL, "escalation.open", "escalation", hex);
    SIM_SAY(f, f->township, NULL, "escalation.advise", "escalation", hex, "text", "量地");
    world_run(f->world, HOURS);

    TAKE(f, f->fengyuan, &file, "escalation", hex);

    const struct sim_evidence_scope *scope = sim_evidence_scope(&file, &record);
    assert_int_equal(scope->included, scope->records - 2);
    assert_int_equal(file.each[file.records - 1].seal, UINT64_MAX);
    sim_evidence_free(&file);
}

/* --- no byte of what is private --- */

struct needles {
    struct sim_evidence *file;
    uint32_t looked;
};

static void assert_absent(struct needles *needles, struct bytes sought)
{
    char hex[4 * ID_SIZE + 1];
    needles->looked++;
    assert_false(sim_evidence_holds(needles->file, sought));
    if (sought.len > 2 * ID_SIZE)
        return;
    hex_encode(hex, sought.data, sought.len);
    assert_false(sim_evidence_holds(needles->file, bytes_str(hex)));
}

static enum status seek_op(void *context, const struct store_op *row)
{
    struct needles *needles = context;
    struct merkle_hash leaf;
    if (row->tree != TREE_PRIVATE)
        return STATUS_OK;
    merkle_leaf(&leaf, row->id.bytes, ID_SIZE);
    assert_absent(needles, bytes_of(row->id.bytes, ID_SIZE));
    assert_absent(needles, bytes_of(row->scope.bytes, ID_SIZE));
    assert_absent(needles, bytes_of(leaf.bytes, MERKLE_HASH_SIZE));
    return STATUS_OK;
}

struct sealed {
    struct needles *needles;
    struct store *store;
};

/* Neither root of the private tree, nor what opens it or its size, nor the secret. */
static enum status seek_seal(void *context, const struct store_seal *row)
{
    struct sealed *sealed = context;
    struct seal_trees trees = {.private_size = row->private_size};
    struct seal_opening opening;
    assert_int_equal(store_ledger_root(sealed->store, TREE_PRIVATE, row->private_size,
                                       &trees.private_root),
                     STATUS_OK);
    assert_absent(sealed->needles, bytes_of(row->secret, SEAL_SECRET_SIZE));
    if (row->private_size > 1) /* of one it is the hash that was sought */
        assert_absent(sealed->needles,
                      bytes_of(trees.private_root.bytes, MERKLE_HASH_SIZE));
    seal_open(&opening, SEAL_PRIVATE_ROOT, row->secret, &trees);
    assert_absent(sealed->needles, bytes_of(opening.salt, SEAL_SALT_SIZE));
    seal_open(&opening, SEAL_PRIVATE_SIZE, row->secret, &trees);
    assert_absent(sealed->needles, bytes_of(opening.salt, SEAL_SALT_SIZE));
    return STATUS_OK;
}

static void assert_nothing_private(struct world_node *node, struct sim_evidence *file)
{
    struct needles needles = {.file = file};
    struct sealed sealed = {&needles, world_store(node)};
    char origin[SEAL_ORIGIN_SIZE];
    int64_t log;
    assert_absent(&needles, bytes_str(CANARY));
    assert_absent(&needles, bytes_str("/private"));
    assert_int_equal(store_ops_all(sealed.store, 0, seek_op, &needles), STATUS_OK);
    assert_int_equal(store_seal_log_last(sealed.store, &log, origin), STATUS_OK);
    assert_int_equal(store_seals(sealed.store, log, seek_seal, &sealed), STATUS_OK);
    assert_true(needles.looked > 30);
    assert_int_equal(file->opened[0], 0);
}

static void I3_a_file_without_cases_has_no_byte_of_them(void **state)
{
    struct sim_county *f = *state;
    struct sim_evidence file;
    char hex[2 * ID_SIZE + 1];
    (void)scene_days(f, hex);

    TAKE(f, f->fengyuan, &file, "escalation", hex);
    assert_nothing_private(f->fengyuan, &file);
    sim_evidence_free(&file);
    TAKE(f, f->fengyuan, &file, "site", "true");
    assert_nothing_private(f->fengyuan, &file);
    sim_evidence_free(&file);
}

/* --- a case, the site --- */

static void a_case_stands_in_its_file_with_seals_of_both_trees(void **state)
{
    struct sim_county *f = *state;
    struct sim_evidence file;
    char number[32], other[32];
    world_run(f->world, DAYS + HOURS);
    struct id scope = scene_case(f, "水渠", number);
    world_run(f->world, DAYS);
    SIM_SAY(f, f->fengyuan, NULL, "case.note", "case", number, "text", "看了现场");
    (void)scene_case(f, "另一件", other);
    world_run(f->world, DAYS);

    TAKE(f, f->fengyuan, &file, "case", number);

    assert_string_equal(file.about, "case");
    const struct sim_evidence_scope *section = sim_evidence_scope(&file, &scope);
    assert_non_null(section);
    assert_int_equal(section->records, 2);
    assert_int_equal(section->included, 2);
    assert_int_equal(file.opened[0], 2);
    assert_true(file.opened[1] > 0);
    assert_true(file.each[file.records - 2].seal < file.each[file.records - 1].seal);
    for (uint32_t i = 0; i + 1 < file.scopes_len; i++)
        assert_true(file.scopes[i].is_charter);
    assert_true(sim_evidence_holds(&file, bytes_str(CANARY)));
    assert_false(sim_evidence_holds(&file, bytes_str("另一件")));
    sim_evidence_free(&file);

    TAKE(f, f->fengyuan, &file, "case", number, "withhold", "[all]");
    assert_false(sim_evidence_holds(&file, bytes_str(CANARY)));
    assert_false(sim_evidence_holds(&file, bytes_str("看了现场")));
    assert_int_equal(sim_evidence_scope(&file, &scope)->included, 2);
    sim_evidence_free(&file);
}

static void of_a_site_there_is_what_it_holds_and_cases_by_a_stewards_word(void **state)
{
    struct sim_county *f = *state;
    struct sim_evidence shared, whole;
    char hex[2 * ID_SIZE + 1];
    struct id record = scene_days(f, hex);

    TAKE(f, f->fengyuan, &shared, "site", "true");
    TAKE(f, f->fengyuan, &whole, "site", "true", "cases", "true");

    assert_string_equal(whole.about, "site");
    assert_true(id_equal(&whole.named, world_site(f->fengyuan)));
    assert_non_null(sim_evidence_scope(&shared, &record));
    assert_non_null(sim_evidence_scope(&shared, world_site(f->fengyuan)));
    assert_non_null(sim_evidence_scope(&shared, world_site(f->township)));
    assert_int_equal(whole.scopes_len, shared.scopes_len + 5);
    assert_int_equal(shared.opened[0], 0);
    assert_true(whole.opened[0] > 1);
    assert_int_equal(whole.opened[1], shared.opened[1]);
    sim_evidence_free(&shared);
    sim_evidence_free(&whole);
}

static void a_period_has_whole_scopes_with_something_of_its_days(void **state)
{
    struct sim_county *f = *state;
    struct sim_evidence file;
    char first[32], second[32], third[32], from[32], to[32];
    const uint64_t start = 1790000000;
    world_set_clock(f->world, start, WALL_NTP);
    struct id early = scene_case(f, "早", first);
    world_set_clock(f->world, start + 10 * 86400, WALL_NTP);
    struct id middle = scene_case(f, "中", second);
    world_set_clock(f->world, start + 20 * 86400, WALL_NTP);
    struct id late = scene_case(f, "晚", third);
    (void)snprintf(from, sizeof(from), "#%llu", (unsigned long long)(start + 19 * 86400));
    (void)snprintf(to, sizeof(to), "#%llu", (unsigned long long)(start + 21 * 86400));
    SIM_SAY(f, f->fengyuan, NULL, "case.note", "case", first, "text", "后来的话");

    TAKE(f, f->fengyuan, &file, "since", from, "until", to, "cases", "true");

    assert_string_equal(file.about, "period");
    assert_int_equal(sim_evidence_scope(&file, &early)->records, 2);
    assert_null(sim_evidence_scope(&file, &middle));
    assert_int_equal(sim_evidence_scope(&file, &late)->records, 1);
    sim_evidence_free(&file);
    TAKE(f, f->fengyuan, &file, "since", from, "until", to);
    assert_null(sim_evidence_scope(&file, &late));
    sim_evidence_free(&file);
}

static void of_a_minor_there_are_events_and_no_contents(void **state)
{
    struct sim_county *f = *state;
    struct sim_evidence file;
    struct buf out = {0};
    struct id scope;
    SIM_SAY(f, f->fengyuan, &out, "case.new", "category", "邻里", "minor", "true",
            "title", "孩子的事", "narrative", CANARY);
    assert_true(view_map_id(buf_bytes(&out), "scope", &scope));
    buf_deinit(&out);

    TAKE(f, f->fengyuan, &file, "site", "true", "cases", "true");

    assert_int_equal(sim_evidence_scope(&file, &scope)->records, 1);
    assert_false(sim_evidence_holds(&file, bytes_str(CANARY)));
    assert_false(sim_evidence_holds(&file, bytes_str("孩子的事")));
    sim_evidence_free(&file);
}

/* --- who --- */

#define assert_says(wanted, far, ...)                                                    \
    assert_string_equal(status_name(far_say(far, "evidence", __VA_ARGS__, NULL)),        \
                        status_name(wanted))

static void a_far_reader_takes_away_what_he_reads(void **state)
{
    struct sim_county *f = *state;
    struct far_client far;
    char hex[2 * ID_SIZE + 1], number[32];
    (void)scene_days(f, hex);
    (void)scene_case(f, "水渠", number);
    sim_add_person(f, f->fengyuan, "王某", "desk", NULL);
    sim_add_person(f, f->fengyuan, "林某", "mediator", NULL);

    far_open(&far, f, f->fengyuan, 100);
    far_sign_in(&far, "王某");
    assert_says(STATUS_DENIED, &far, "escalation", hex); /* not unlocked */
    assert_int_equal(far_say(&far, "unlock", "pin", "135791", NULL), STATUS_OK);
    assert_says(STATUS_OK, &far, "escalation", hex);
    assert_says(STATUS_OK, &far, "site", "true");
    assert_says(STATUS_DENIED, &far, "case", number);
    assert_says(STATUS_DENIED, &far, "site", "true", "cases", "true");
    far_close(&far);
    far_open(&far, f, f->fengyuan, 101);
    far_sign_in(&far, "林某");
    assert_int_equal(far_say(&far, "unlock", "pin", "135791", NULL), STATUS_OK);
    assert_says(STATUS_OK, &far, "case", number);
    assert_says(STATUS_DENIED, &far, "site", "true", "cases", "true");
    assert_says(STATUS_DENIED, &far, "since", "#0", "until", "#5", "cases", "true");
    far_close(&far);
}

static void what_is_asked_for_has_to_be_one_thing(void **state)
{
    struct sim_county *f = *state;
    char hex[2 * ID_SIZE + 1], number[32];
    (void)scene_case(f, "水渠", number);
    struct id record = sim_escalate(f, f->fengyuan, "田界");
    hex_encode(hex, record.bytes, ID_SIZE);
    const struct {
        const char *arguments[8];
        enum status status;
    } rows[] = {
        {{"case", number, "escalation", hex}, STATUS_INVALID},
        {{"case", number, "site", "true"}, STATUS_INVALID},
        {{"since", "#5"}, STATUS_INVALID},
        {{"until", "#5"}, STATUS_INVALID},
        {{"since", "#6", "until", "#5"}, STATUS_INVALID},
        {{"since", "#5", "until", "#5", "site", "true"}, STATUS_INVALID},
        {{"since", "#5", "until", "#5"}, STATUS_OK},
        {{"case", "2020-0001"}, STATUS_NOT_FOUND},
        {{"case", number, "withhold", "[witness]"}, STATUS_OK},
        {{"escalation", hex, "withhold", "[witness]"}, STATUS_INVALID},
        {{"escalation", hex, "withhold", "[all]"}, STATUS_OK},
        {{"escalation", hex, "after", "[x"}, STATUS_INVALID},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const char *const *a = rows[i].arguments;
        enum status status = world_say(f->world, f->fengyuan, NULL, "evidence", a[0],
                                       a[1], a[2], a[3], a[4], a[5], a[6], a[7], NULL);
        assert_string_equal(status_name(status), status_name(rows[i].status));
    }
}

int main(void)
{
#define A_TEST(name)                                                                     \
    cmocka_unit_test_setup_teardown(name, sim_county_set_up_in_memory,                   \
                                    sim_county_tear_down_in_memory)
    const struct CMUnitTest tests[] = {
        A_TEST(the_records_of_an_escalation_stand_in_the_first_seal_after_them),
        A_TEST(what_no_seal_covers_yet_has_no_proof),
        A_TEST(I3_a_file_without_cases_has_no_byte_of_them),
        A_TEST(a_case_stands_in_its_file_with_seals_of_both_trees),
        A_TEST(of_a_site_there_is_what_it_holds_and_cases_by_a_stewards_word),
        A_TEST(a_period_has_whole_scopes_with_something_of_its_days),
        A_TEST(of_a_minor_there_are_events_and_no_contents),
        A_TEST(a_far_reader_takes_away_what_he_reads),
        A_TEST(what_is_asked_for_has_to_be_one_thing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
