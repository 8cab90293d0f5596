/* Fields that a neighbour had erased before a machine of ours heard of the record: they
 * come from the other machine, from no other site, and never where they are to be gone.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "storage/store_unshown.h"
#include "tests/sim/sim_laptop.h"
#include "tests/sim/sim_strange.h"

#define TITLE "水渠边的界石"
#define MARK "界石"
#define DISK_TOWNSHIP 1

struct scene {
    struct sim_county *f;
    struct world_node *laptop;
    struct id record;
    char hex[65];
};

static bool is_shown(struct scene *scene, struct world_node *node)
{
    struct buf out = {0};
    SIM_SAY(scene->f, node, &out, "escalation.show", "escalation", scene->hex);
    bool is_shown = memmem(out.data, out.len, MARK, strlen(MARK)) != NULL;
    buf_deinit(&out);
    return is_shown;
}

/* The village takes a record back, and the township erases it, before the laptop hears of
 * it from there. The village is off the line at the end. */
static void hear_too_late(struct scene *scene, struct sim_county *f)
{
    *scene = (struct scene){.f = f, .laptop = sim_laptop(f)};
    world_set_offline(f->world, scene->laptop, true);
    scene->record = sim_escalate(f, f->fengyuan, TITLE);
    hex_encode(scene->hex, scene->record.bytes, ID_SIZE);
    world_run(f->world, 5000);
    SIM_SAY(f, f->fengyuan, NULL, "escalation.recall", "escalation", scene->hex, "reason",
            "说错了");
    world_run(f->world, 5000);
    world_set_offline(f->world, f->fengyuan, true);
    world_set_offline(f->world, scene->laptop, false);
    world_run(f->world, 120000);
    assert_false(is_shown(scene, scene->laptop));
    assert_int_equal(store_unshown_has(world_store(scene->laptop), &scene->record),
                     STATUS_OK);
}

static void meet(struct scene *scene)
{
    world_set_offline(scene->f->world, scene->f->fengyuan, false);
    world_run(scene->f->world, 120000);
}

static void what_a_neighbour_erased_comes_from_the_other_machine(void **state)
{
    struct sim_county *f = *state;
    struct scene scene;
    hear_too_late(&scene, f);
    meet(&scene);
    assert_true(is_shown(&scene, scene.laptop));
    sim_assert_alike(f, f->fengyuan, scene.laptop);
    assert_int_equal(store_unshown_has(world_store(scene.laptop), &scene.record),
                     STATUS_NOT_FOUND);
    assert_false(sim_disk_holds(f, DISK_TOWNSHIP, bytes_str(MARK)));
    /* Each machine is asked once: nobody says it again. */
    world_forget_log(scene.laptop);
    world_restart(f->world, scene.laptop);
    world_run(f->world, 120000);
    assert_int_equal(sim_count(world_log(scene.laptop), "shown by"), 0);
}

/* A site without a second machine keeps no list. */
static void who_has_no_other_machine_notes_nothing(void **state)
{
    struct sim_county *f = *state;
    int64_t number;
    struct id op, record = sim_escalate(f, f->fengyuan, TITLE);
    world_run(f->world, 60000);
    sim_assert_state(f, f->county, &record, "unknown");
    assert_int_equal(store_unshown_next(world_store(f->township), 0, &number, &op),
                     STATUS_NOT_FOUND);
}

/* --- what no correct machine says --- */

enum {
    ASK_NO_ARRAY,
    ASK_TOO_MANY,
    ASK_ROW_OF_ONE,
    ASK_SHORT_ID,
    ASK_TEXT,
    ASK_STRANGE /* passed over */
};

static void write_show(int which, struct buf *out)
{
    static const uint8_t id[ID_SIZE] = {7};
    pack_array(out, 2);
    pack_str(out, "show");
    if (which == ASK_NO_ARRAY) {
        pack_uint(out, 1);
        return;
    }
    uint32_t count = which == ASK_TOO_MANY ? 7 : 1;
    pack_array(out, count);
    for (uint32_t i = 0; i < count; i++) {
        pack_array(out, which == ASK_ROW_OF_ONE ? 1 : 2);
        pack_bin(out, id, which == ASK_SHORT_ID ? ID_SIZE - 1 : ID_SIZE);
        if (which == ASK_TEXT)
            pack_str(out, "all");
        else if (which != ASK_ROW_OF_ONE)
            pack_uint(out, 0);
    }
}

static uint32_t invalid(const struct world_node *node)
{
    return sim_count(world_log(node), "end=INVALID");
}

static void S1_a_question_that_is_not_well_formed_ends_the_session(void **state)
{
    struct sim_county *f = *state;
    struct world_node *laptop = sim_laptop(f);
    for (int which = ASK_NO_ARRAY; which <= ASK_STRANGE; which++) {
        struct strange strange = {.name = "keys", .write = write_show, .which = which};
        world_forget_log(f->fengyuan);
        world_set_mutator(laptop, strange_say, &strange);
        world_restart(f->world, laptop);
        world_run(f->world, 5000);
        assert_true(strange.times > 0);
        /* Nobody waits for the answer to the last one, either. */
        if (which != ASK_STRANGE)
            assert_true(invalid(f->fengyuan) > 0);
        else
            assert_true(invalid(laptop) > 0);
    }
}

static void S1_a_question_of_another_site_ends_the_session(void **state)
{
    struct sim_county *f = *state;
    struct strange strange = {.name = "neg", .write = write_show, .which = ASK_STRANGE};
    world_forget_log(f->fengyuan);
    world_set_mutator(f->township, strange_say, &strange);
    (void)sim_escalate(f, f->fengyuan, TITLE);
    world_run(f->world, 5000);
    assert_true(strange.times > 0);
    assert_true(invalid(f->fengyuan) > 0);
}

enum { SAY_NO_ARRAY, SAY_TOO_MANY, SAY_TEXT, SAY_GARBAGE, SAY_NOTHING };

static void write_shown(int which, struct buf *out)
{
    pack_array(out, 2);
    pack_str(out, "shown");
    if (which == SAY_NO_ARRAY) {
        pack_uint(out, 1);
        return;
    }
    uint32_t count = which == SAY_TOO_MANY ? 7 : which == SAY_NOTHING ? 0 : 1;
    pack_array(out, count);
    for (uint32_t i = 0; i < count; i++)
        if (which == SAY_TEXT)
            pack_str(out, "op");
        else
            pack_bin(out, "op", 2);
}

/* What is wrong ends the session and is asked for again in the next one. */
static void S1_an_answer_that_is_not_well_formed_is_asked_for_again(void **state)
{
    struct sim_county *f = *state;
    struct scene scene;
    hear_too_late(&scene, f);
    for (int which = SAY_NO_ARRAY; which <= SAY_GARBAGE; which++) {
        struct strange strange = {.name = "shown", .write = write_shown, .which = which};
        world_forget_log(scene.laptop);
        world_set_mutator(f->fengyuan, strange_say, &strange);
        meet(&scene);
        assert_true(strange.times > 0);
        assert_true(invalid(scene.laptop) > 0);
        assert_false(is_shown(&scene, scene.laptop));
    }
    world_set_mutator(f->fengyuan, NULL, NULL);
    world_restart(f->world, f->fengyuan);
    meet(&scene);
    assert_true(is_shown(&scene, scene.laptop));
}

static void who_has_no_more_is_not_asked_again(void **state)
{
    struct sim_county *f = *state;
    struct scene scene;
    struct strange strange = {
        .name = "shown", .write = write_shown, .which = SAY_NOTHING};
    hear_too_late(&scene, f);
    world_set_mutator(f->fengyuan, strange_say, &strange);
    meet(&scene);
    world_restart(f->world, f->fengyuan);
    meet(&scene);
    assert_int_equal(strange.times, 1);
    assert_false(is_shown(&scene, scene.laptop));
}

/* Where the note of what a machine was asked for is spoilt, it is asked for all of it
 * again. */
static void D1_a_note_that_a_disk_spoilt_begins_anew(void **state)
{
    struct sim_county *f = *state;
    struct scene scene;
    struct strange strange = {
        .name = "shown", .write = write_shown, .which = SAY_NOTHING};
    hear_too_late(&scene, f);
    world_set_mutator(f->fengyuan, strange_say, &strange);
    meet(&scene);
    assert_int_equal(strange.times, 1);
    world_set_mutator(f->fengyuan, NULL, NULL);
    world_power_off(f->world, scene.laptop);
    sim_spoil(f, 4, "UPDATE meta SET value = x'c0' WHERE name LIKE 'shown-by-%'");
    assert_int_equal(world_power_on(f->world, scene.laptop), STATUS_OK);
    meet(&scene);
    assert_true(is_shown(&scene, scene.laptop));
}

/* Its answer is changed on the way out. */
struct change {
    void (*change)(struct op *op);
    int times;
};

static void change_op(void *context, struct bytes message, struct buf *out)
{
    struct change *change = context;
    struct pack_reader reader = pack_reader_of(message);
    struct bytes name, bytes;
    struct op op;
    uint32_t count;
    if (pack_read_array(&reader, &count, NULL) != STATUS_OK ||
        pack_read_str(&reader, &name, NULL) != STATUS_OK ||
        !bytes_equal_str(name, "shown"))
        return;
    assert_int_equal(pack_read_array(&reader, &count, NULL), STATUS_OK);
    pack_array(out, 2);
    pack_str(out, "shown");
    pack_array(out, count);
    for (uint32_t i = 0; i < count; i++) {
        struct buf changed = {0};
        assert_int_equal(pack_read_bin(&reader, &bytes, NULL), STATUS_OK);
        assert_int_equal(op_decode_bytes(&op, bytes, NULL), STATUS_OK);
        assert_int_equal(op_rebuild(&op), STATUS_OK);
        change->change(&op);
        op_encode(&op, ~0u, &changed);
        pack_bin(out, changed.data, changed.len);
        buf_deinit(&changed);
        change->times++;
    }
}

static void sign_otherwise(struct op *op)
{
    op->signature[5] ^= 1;
}

/* Another op, as its id says, whom nobody asked for. */
static void date_otherwise(struct op *op)
{
    op->wall++;
}

static void S1_an_answer_that_is_not_the_op_that_is_here_changes_nothing(void **state)
{
    static void (*const changes[])(struct op *) = {sign_otherwise, date_otherwise};
    for (int i = 0; i < 2; i++) {
        struct sim_county *f = *state;
        struct scene scene;
        struct change change = {.change = changes[i]};
        hear_too_late(&scene, f);
        world_set_mutator(f->fengyuan, change_op, &change);
        meet(&scene);
        assert_true(change.times > 0);
        assert_false(is_shown(&scene, scene.laptop));
        assert_int_equal(sim_status(f, scene.laptop, "quarantined"), 0);
        if (i == 0) {
            assert_int_equal(sim_county_tear_down_in_memory(state), 0);
            assert_int_equal(sim_county_set_up_in_memory(state), 0);
        }
    }
}

#define TEST(name)                                                                       \
    cmocka_unit_test_setup_teardown(name, sim_county_set_up, sim_county_tear_down)
#define FAST(name)                                                                       \
    cmocka_unit_test_setup_teardown(name, sim_county_set_up_in_memory,                   \
                                    sim_county_tear_down_in_memory)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_a_neighbour_erased_comes_from_the_other_machine),
        FAST(who_has_no_other_machine_notes_nothing),
        FAST(S1_a_question_that_is_not_well_formed_ends_the_session),
        FAST(S1_a_question_of_another_site_ends_the_session),
        FAST(S1_an_answer_that_is_not_well_formed_is_asked_for_again),
        FAST(who_has_no_more_is_not_asked_again),
        TEST(D1_a_note_that_a_disk_spoilt_begins_anew),
        FAST(S1_an_answer_that_is_not_the_op_that_is_here_changes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
