/* Evidence in parts, while others write; places in a file that are none; and the logs of
 * earlier lives. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tests/sim/evidence_scene.h"
#include "tests/sim/sim_folder.h"

/* --- in parts --- */

struct scene {
    struct sim_county *f;
    char number[32], hex[2 * ID_SIZE + 1];
    uint32_t calls;
};

static void files_are_the_same(struct sim_evidence *a, struct sim_evidence *b)
{
    assert_int_equal(a->bytes.len, b->bytes.len);
    assert_memory_equal(a->bytes.data, b->bytes.data, a->bytes.len);
}

static void parts_of_any_size_are_the_file(void **state)
{
    static const char *const sizes[] = {"#1", "#500", "#5000", "#1000000000"};
    struct sim_county *f = *state;
    struct sim_evidence whole, file;
    char hex[2 * ID_SIZE + 1];
    (void)scene_days(f, hex);
    TAKE(f, f->fengyuan, &whole, "site", "true", "cases", "true");
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        TAKE(f, f->fengyuan, &file, "site", "true", "cases", "true", "size", sizes[i]);
        assert_true(i < 3 ? file.parts > 1 : file.parts == 1);
        files_are_the_same(&whole, &file);
        sim_evidence_free(&file);
    }
    sim_evidence_free(&whole);
}

/* What is said, and what is sealed, while a file is written. */
static void go_on(void *context)
{
    struct scene *scene = context;
    struct sim_county *f = scene->f;
    char number[32];
    if (scene->calls++ % 8 != 0)
        return;
    (void)scene_case(f, "写的时候", number);
    SIM_SAY(f, f->fengyuan, NULL, "case.note", "case", scene->number, "text", "再说");
    world_run(f->world, scene->calls % 16 == 1 ? DAYS : HOURS);
}

static void others_write_while_a_file_is_written(void **state)
{
    struct sim_county *f = *state;
    struct scene scene = {.f = f};
    struct sim_evidence whole, file;
    world_run(f->world, DAYS);
    (void)scene_case(f, "水渠", scene.number);
    (void)scene_days(f, scene.hex);
    TAKE(f, f->fengyuan, &whole, "site", "true", "cases", "true");

    sim_evidence_take(f, f->fengyuan, &file, go_on, &scene, "site", "true", "cases",
                      "true", "size", "#700", NULL);

    assert_true(scene.calls > 10);
    scene_assert_verified(&file, f->fengyuan);
    files_are_the_same(&whole, &file);
    sim_evidence_free(&whole);
    sim_evidence_free(&file);
}

static void recall(void *context)
{
    struct scene *scene = context;
    if (scene->calls++ != 12)
        return;
    SIM_SAY(scene->f, scene->f->fengyuan, NULL, "escalation.recall", "escalation",
            scene->hex, "reason", "撤回");
    world_run(scene->f->world, HOURS);
}

/* Counts hold whatever is erased meanwhile. */
static void a_record_that_is_recalled_while_a_file_is_written_stays_counted(void **state)
{
    struct sim_county *f = *state;
    struct scene scene = {.f = f};
    struct sim_evidence whole, file;
    struct id record = scene_days(f, scene.hex);
    TAKE(f, f->township, &whole, "escalation", scene.hex);

    sim_evidence_take(f, f->township, &file, recall, &scene, "escalation", scene.hex,
                      "size", "#1", NULL);

    assert_true(scene.calls > 13);
    scene_assert_verified(&file, f->township);
    assert_int_equal(file.records, whole.records);
    assert_int_equal(file.included, whole.included);
    assert_true(sim_evidence_holds(&whole, bytes_str("田界")));
    assert_false(sim_evidence_holds(&file, bytes_str("田界")));
    assert_non_null(sim_evidence_scope(&file, &record));
    sim_evidence_free(&whole);
    sim_evidence_free(&file);
}

/* --- what is no place in a file --- */

static struct buf first_cursor(struct sim_county *f, const char *size, const char *name,
                               const char *value)
{
    struct buf bytes = {0}, next = {0};
    assert_int_equal(sim_evidence_part(f, f->fengyuan, bytes_of(NULL, 0), &bytes, &next,
                                       "size", size, name, value, NULL),
                     STATUS_OK);
    assert_true(next.len > 0);
    buf_deinit(&bytes);
    return next;
}

/* Each byte of it changed: never more than the right to it shows. */
static void a_made_up_place_shows_nothing_else(void **state)
{
    struct sim_county *f = *state;
    char hex[2 * ID_SIZE + 1];
    uint32_t refused = 0;
    (void)scene_days(f, hex);
    struct buf cursor = first_cursor(f, "#1", "escalation", hex);
    for (size_t i = 0; i < cursor.len; i++) {
        struct sim_evidence file = {.parts = 1};
        struct buf next = {0};
        const uint8_t flipped = (uint8_t)(1 << i % 8);
        cursor.data[i] ^= flipped;
        enum status status =
            sim_evidence_part(f, f->fengyuan, buf_bytes(&cursor), &file.bytes, &next,
                              "escalation", hex, "size", "#100000", NULL);
        cursor.data[i] ^= flipped;
        refused += status != STATUS_OK;
        assert_true(status == STATUS_OK || status == STATUS_INVALID);
        assert_false(sim_evidence_holds(&file, bytes_str("/private")));
        assert_false(sim_evidence_holds(&file, bytes_str(CANARY)));
        buf_deinit(&next);
        sim_evidence_free(&file);
    }
    assert_true(refused > 10);
    buf_deinit(&cursor);
}

static void a_place_of_a_file_is_none_of_another(void **state)
{
    struct sim_county *f = *state;
    struct buf bytes = {0}, next = {0};
    char hex[2 * ID_SIZE + 1], number[32];
    (void)scene_days(f, hex);
    (void)scene_case(f, "水渠", number);
    struct buf cursor = first_cursor(f, "#1", "case", number);
    while (cursor.len > 0) { /* inside of each section of it */
        enum status status =
            sim_evidence_part(f, f->fengyuan, buf_bytes(&cursor), &bytes, &next,
                              "escalation", hex, "size", "#1", NULL);
        assert_true(status == STATUS_OK || status == STATUS_INVALID);
        assert_null(memmem(bytes.data, bytes.len, CANARY, sizeof(CANARY) - 1));
        buf_clear(&bytes);
        assert_int_equal(sim_evidence_part(f, f->fengyuan, buf_bytes(&cursor), &bytes,
                                           &next, "case", number, "size", "#1", NULL),
                         STATUS_OK);
        buf_clear(&bytes);
        buf_clear(&cursor);
        buf_append(&cursor, &next);
    }
    buf_deinit(&cursor);
    buf_deinit(&next);
    buf_deinit(&bytes);
}

/* --- other lives --- */

static void an_earlier_life_goes_as_far_as_a_witness_saw_it(void **state)
{
    struct sim_county *f = *state;
    struct sim_evidence file;
    char hex[2 * ID_SIZE + 1];
    struct id record = scene_days(f, hex);
    uint64_t seen = scene_seals(f->fengyuan);
    world_set_offline(f->world, f->fengyuan, true);
    world_run(f->world, 2 * DAYS);
    assert_true(scene_seals(f->fengyuan) > seen);

    SIM_SAY(f, f->fengyuan, NULL, "node.renew");
    world_run(f->world, DAYS + HOURS);
    TAKE(f, f->fengyuan, &file, "escalation", hex);

    assert_int_equal(file.logs, 2);
    assert_int_equal(file.checkpoints, 2); /* the last one of each */
    assert_int_equal(file.cosignatures, 1);
    assert_int_equal(file.seals, scene_seals(f->fengyuan));
    /* The new log covers with its first seal what was here before. */
    assert_int_equal(sim_evidence_scope(&file, &record)->included,
                     sim_evidence_scope(&file, &record)->records);
    sim_evidence_free(&file);
}

static void an_earlier_life_that_nobody_saw_is_left_out(void **state)
{
    struct sim_county *f = *state;
    struct sim_evidence file;
    world_set_offline(f->world, f->county, true);
    struct world_node *alone = world_found(f->world, "village", "新村", "new:1");
    world_run(f->world, DAYS + HOURS);
    SIM_SAY(f, alone, NULL, "node.renew");
    world_run(f->world, HOURS);

    TAKE(f, alone, &file, "site", "true");

    assert_int_equal(file.logs, 1);
    assert_int_equal(file.cosignatures, 0);
    assert_int_equal(file.seals, 1);
    sim_evidence_free(&file);
}

static void keys_that_change_while_logs_are_written_end_the_file(void **state)
{
    struct sim_county *f = *state;
    struct buf bytes = {0}, next = {0};
    char hex[2 * ID_SIZE + 1];
    (void)scene_days(f, hex);
    struct buf cursor = first_cursor(f, "#1", "escalation", hex);
    SIM_SAY(f, f->fengyuan, NULL, "node.renew");

    assert_int_equal(sim_evidence_part(f, f->fengyuan, buf_bytes(&cursor), &bytes, &next,
                                       "escalation", hex, "size", "#1", NULL),
                     STATUS_CONFLICT);
    buf_deinit(&cursor);
    buf_deinit(&bytes);
    buf_deinit(&next);
}

static void D3_a_restored_node_seals_its_records_anew(void **state)
{
    struct sim_county *f = *state;
    struct folder folder = {0};
    struct sim_evidence file;
    char hex[2 * ID_SIZE + 1];
    struct id record = scene_days(f, hex);
    uint64_t seen = scene_seals(f->fengyuan);
    folder_back_up(f, f->fengyuan, &folder);
    folder_put_back(f, f->fengyuan, &folder);
    world_run(f->world, DAYS + HOURS);

    TAKE(f, f->fengyuan, &file, "escalation", hex);

    assert_true(seen > 3);
    assert_int_equal(file.logs, 2);
    assert_int_equal(file.seals, scene_seals(f->fengyuan));
    assert_int_equal(sim_evidence_scope(&file, &record)->included,
                     sim_evidence_scope(&file, &record)->records);
    for (uint64_t i = 0; i < file.records; i++)
        assert_true(file.each[i].seal < file.seals);
    sim_evidence_free(&file);
    folder_deinit(&folder);
}

int main(void)
{
#define A_TEST(name)                                                                     \
    cmocka_unit_test_setup_teardown(name, sim_county_set_up_in_memory,                   \
                                    sim_county_tear_down_in_memory)
#define ON_DISK(name)                                                                    \
    cmocka_unit_test_setup_teardown(name, sim_county_set_up, sim_county_tear_down)
    const struct CMUnitTest tests[] = {
        A_TEST(parts_of_any_size_are_the_file),
        A_TEST(others_write_while_a_file_is_written),
        A_TEST(a_record_that_is_recalled_while_a_file_is_written_stays_counted),
        A_TEST(a_made_up_place_shows_nothing_else),
        A_TEST(a_place_of_a_file_is_none_of_another),
        ON_DISK(an_earlier_life_goes_as_far_as_a_witness_saw_it),
        ON_DISK(an_earlier_life_that_nobody_saw_is_left_out),
        ON_DISK(keys_that_change_while_logs_are_written_end_the_file),
        ON_DISK(D3_a_restored_node_seals_its_records_anew),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
