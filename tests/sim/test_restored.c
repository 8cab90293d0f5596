/* A machine that comes back from a backup: it merges with what its neighbours hold,
 * alarms nobody, shows nothing that may have been recalled, and goes on in its folder. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "crypto/age_reader.h"
#include "node/cases/view.h"
#include "node/core/backup_state.h"
#include "node/core/derived.h"
#include "node/core/restore.h"
#include "proto/pack_map.h"
#include "storage/store_chunks.h"
#include "storage/store_confirmed.h"
#include "tests/sim/sim_folder.h"
#include "tests/sim/sim_files.h"

/* --- a machine that comes back --- */

#define FENGYUAN 2 /* of the files of the county */

static enum status no_alarm(void *context, const struct store_alarm *alarm)
{
    (void)context;
    fail_msg("an alarm of kind %d about %u ops", (int)alarm->kind, (unsigned)alarm->ops);
    return STATUS_OK;
}

static void assert_no_alarm(struct world_node *at, struct world_node *about)
{
    assert_int_equal(store_alarms(world_store(at), world_site(about), no_alarm, NULL),
                     STATUS_OK);
}

static void D3_a_week_old_backup_merges_and_nobody_is_alarmed(void **state)
{
    struct sim_county *f = *state;
    struct folder folder = {0};
    folder_fill(f);
    folder_back_up(f, f->fengyuan, &folder);
    struct id later = sim_escalate(f, f->fengyuan, "田界");
    world_run(f->world, 5000);
    world_set_offline(f->world, f->fengyuan, true);
    folder_put_back(f, f->fengyuan, &folder);
    sim_assert_state(f, f->fengyuan, &later, "unknown");
    struct id newer = sim_escalate(f, f->fengyuan, "林地");
    world_set_offline(f->world, f->fengyuan, false);
    world_run(f->world, 60000);
    sim_assert_state(f, f->fengyuan, &later, "received");
    sim_assert_state(f, f->township, &newer, "received");
    assert_no_alarm(f->township, f->fengyuan);
    assert_no_alarm(f->fengyuan, f->township);
    folder_deinit(&folder);
}

static void a_machine_that_was_restored_goes_on_in_its_folder(void **state)
{
    struct sim_county *f = *state;
    struct folder folder = {0};
    struct folder_file goes = folder_attach(f, "goes ");
    (void)folder_attach(f, "stays ");
    folder_take_away(f, &goes);
    folder_back_up(f, f->fengyuan, &folder);
    folder_put_back(f, f->fengyuan, &folder);
    (void)folder_attach(f, "comes ");
    folder_back_up(f, f->fengyuan, &folder);
    folder_assert_restores(&folder, f->fengyuan);
    folder_deinit(&folder);
}

/* It is there with its record before this is over. */
static void send_file(struct sim_county *f, const char *tag, char hex[static 65])
{
    struct buf file = files_text(tag, 2 * ATTACHMENT_CHUNK_SIZE);
    char number[32];
    files_case(f, number);
    files_attach(f, number, "沟.txt", buf_bytes(&file));
    files_consent(f, number, "[沟.txt]");
    files_release(f, number, "[沟.txt]", hex);
    world_run(f->world, 5000);
    buf_deinit(&file);
}

/* What comes back in the same order makes the same ledger; the pieces that the folder
 * has by those numbers are others. */
static void pieces_of_other_files_than_the_folder_has_are_in_the_next_one(void **state)
{
    struct sim_county *f = *state;
    struct folder folder = {0};
    struct place place;
    char hex[65];
    folder_back_up(f, f->township, &folder);
    uint32_t first = folder.stick.len;
    send_file(f, "first ", hex);
    folder_back_up(f, f->township, &folder);
    world_set_offline(f->world, f->fengyuan, true);
    struct folder older = {.stick = folder.stick};
    older.stick.len = first;
    folder_put_back(f, f->township, &older);
    SIM_SAY(f, f->fengyuan, NULL, "escalation.recall", "escalation", hex, "reason",
            "不再需要");
    world_set_offline(f->world, f->fengyuan, false);
    world_run(f->world, 60000);
    send_file(f, "second ", hex);
    folder_back_up(f, f->township, &folder);
    place_make(&place);
    place_take_all(&place, world_recovery_seed(f->township), &folder);
    if (place_end(&place) != STATUS_OK)
        fail_msg("%s", place.err.text);
    place_assert_same(&place, world_store(f->township));
    uint64_t here, there;
    assert_int_equal(store_chunks_size(place.store, &here), STATUS_OK);
    assert_int_equal(store_chunks_size(world_store(f->township), &there), STATUS_OK);
    assert_true(here > 0);
    assert_int_equal(here, there);
    place_free(&place);
    folder_deinit(&folder);
}

static void new_number(struct sim_county *f, char out[static 32])
{
    struct buf result = {0};
    struct bytes number;
    SIM_SAY(f, f->fengyuan, &result, "case.new", "category", "邻里", "title", "田界",
            "narrative", "新的事。");
    assert_true(view_map_text(buf_bytes(&result), "number", &number));
    (void)snprintf(out, 32, "%.*s", (int)number.len, (const char *)number.data);
    buf_deinit(&result);
}

/* Each time from the same files, so that each new store counts the same commits. */
static void a_machine_that_is_restored_twice_gives_no_number_again(void **state)
{
    struct sim_county *f = *state;
    struct folder folder = {0}, later = {0};
    char numbers[3][32];
    folder_back_up(f, f->fengyuan, &folder);
    folder_put_back(f, f->fengyuan, &folder);
    new_number(f, numbers[0]);
    folder_back_up(f, f->fengyuan, &later);
    new_number(f, numbers[1]);
    folder_put_back(f, f->fengyuan, &later);
    new_number(f, numbers[2]);
    assert_string_not_equal(numbers[2], numbers[0]);
    assert_string_not_equal(numbers[2], numbers[1]);
    folder_deinit(&folder);
    folder_deinit(&later);
}

static void D3_an_image_that_is_put_back_without_a_word_is_an_alarm(void **state)
{
    struct sim_county *f = *state;
    struct folder folder = {0};
    folder_fill(f);
    folder_back_up(f, f->fengyuan, &folder);
    (void)sim_escalate(f, f->fengyuan, "田界");
    world_run(f->world, 5000);
    world_set_offline(f->world, f->fengyuan, true);
    folder_put_back(f, f->fengyuan, &folder);
    world_power_off(f->world, f->fengyuan);
    /* As a copy of the card would be: nothing in it says that it is one. */
    sim_spoil(f, FENGYUAN, "DELETE FROM meta WHERE name = 'restored'");
    assert_int_equal(world_power_on(f->world, f->fengyuan), STATUS_OK);
    assert_int_equal(world_unlock(f->world, f->fengyuan, "", "246810"), STATUS_OK);
    world_set_offline(f->world, f->fengyuan, false);
    world_run(f->world, 60000);
    struct buf out = {0};
    SIM_SAY(f, f->township, &out, "peer.list");
    assert_non_null(memmem(out.data, out.len, "rollback", 8));
    assert_non_null(memmem(out.data, out.len, "machine", 7));
    buf_deinit(&out);
    folder_deinit(&folder);
}

/* A record of fengyuan's that the township has backed up and that was recalled then. */
static void recall_after_backup(struct sim_county *f, struct folder *folder,
                                char hex[static 65])
{
    char number[32];
    struct buf file = files_text("whose ditch ", ATTACHMENT_CHUNK_SIZE);
    files_case(f, number);
    files_attach(f, number, "沟.txt", buf_bytes(&file));
    files_consent(f, number, "[沟.txt]");
    files_release(f, number, "[沟.txt]", hex);
    world_run(f->world, 5000);
    folder_back_up(f, f->township, folder);
    SIM_SAY(f, f->fengyuan, NULL, "escalation.recall", "escalation", hex, "reason",
            "说错了");
    world_run(f->world, 5000);
    buf_deinit(&file);
}

static void I7_a_restore_shows_nothing_that_may_have_been_recalled(void **state)
{
    struct sim_county *f = *state;
    struct folder folder = {0};
    struct buf out = {0};
    char hex[65];
    recall_after_backup(f, &folder, hex);
    world_set_offline(f->world, f->fengyuan, true);
    world_run(f->world, 3000);

    folder_put_back(f, f->township, &folder);
    world_run(f->world, 5000); /* the county agrees, who never shared it */
    assert_true(files_bytes_kept(f->township) > 0);
    assert_int_equal(world_say(f->world, f->township, &out, "escalation.show",
                               "escalation", hex, NULL),
                     STATUS_BUSY);
    assert_int_equal(
        world_say(f->world, f->township, &out, "attach.list", "case", hex, NULL),
        STATUS_BUSY);
    assert_int_equal(
        world_say(f->world, f->township, &out, "evidence", "escalation", hex, NULL),
        STATUS_BUSY);

    world_set_offline(f->world, f->fengyuan, false);
    world_run(f->world, 60000);
    SIM_SAY(f, f->township, &out, "escalation.show", "escalation", hex);
    assert_int_equal(files_bytes_kept(f->township), 0);
    assert_no_alarm(f->fengyuan, f->township);
    buf_deinit(&out);
    folder_deinit(&folder);
}

static void I7_nor_does_it_hand_on_such_a_record_and_nothing_of_it_is_lost(void **state)
{
    struct sim_county *f = *state;
    struct folder folder = {0};
    struct buf out = {0};
    char hex[65];
    struct id record = sim_escalate(f, f->fengyuan, "水渠");
    hex_encode(hex, record.bytes, ID_SIZE);
    world_run(f->world, 5000);
    SIM_SAY(f, f->township, NULL, "escalation.open", "escalation", hex);
    world_set_offline(f->world, f->county, true);
    SIM_SAY(f, f->township, NULL, "escalation.onward", "escalation", hex, "reason", "看");
    folder_back_up(f, f->township, &folder);
    world_set_offline(f->world, f->fengyuan, true);
    world_run(f->world, 3000);
    folder_put_back(f, f->township, &folder);

    world_set_offline(f->world, f->county, false);
    world_run(f->world, 60000);
    sim_assert_state(f, f->county, &record, "unknown");

    world_set_offline(f->world, f->fengyuan, false);
    world_run(f->world, 8 * 60 * 60 * 1000);
    SIM_SAY(f, f->county, &out, "escalation.show", "escalation", hex);
    assert_non_null(memmem(out.data, out.len, "水渠", strlen("水渠")));
    buf_deinit(&out);
    folder_deinit(&folder);
}

static void I7_and_by_stick_alone(void **state)
{
    struct sim_county *f = *state;
    struct folder folder = {0};
    struct stick down = {0}, up = {0};
    struct buf out = {0};
    char hex[65];
    recall_after_backup(f, &folder, hex);
    world_set_offline(f->world, f->fengyuan, true);
    world_run(f->world, 3000);
    folder_put_back(f, f->township, &folder);

    /* What the village wrote before it knew says nothing of the recall. */
    stick_write(f, f->fengyuan, "青河镇", &up);
    assert_int_equal(up.ops, 0);
    (void)stick_read(f, f->township, &up);
    assert_int_equal(world_say(f->world, f->township, &out, "escalation.show",
                               "escalation", hex, NULL),
                     STATUS_BUSY);
    stick_deinit(&up);
    stick_write(f, f->township, "枫源村", &down);
    (void)stick_read(f, f->fengyuan, &down);
    stick_write(f, f->fengyuan, "青河镇", &up);
    assert_true(up.ops > 0);
    (void)stick_read(f, f->township, &up);
    SIM_SAY(f, f->township, &out, "escalation.show", "escalation", hex);
    assert_int_equal(files_bytes_kept(f->township), 0);
    stick_deinit(&up);
    stick_deinit(&down);
    buf_deinit(&out);
    folder_deinit(&folder);
}

#define TEST(name)                                                                       \
    cmocka_unit_test_setup_teardown(name, sim_county_set_up, sim_county_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(D3_a_week_old_backup_merges_and_nobody_is_alarmed),
        TEST(a_machine_that_was_restored_goes_on_in_its_folder),
        TEST(pieces_of_other_files_than_the_folder_has_are_in_the_next_one),
        TEST(a_machine_that_is_restored_twice_gives_no_number_again),
        TEST(D3_an_image_that_is_put_back_without_a_word_is_an_alarm),
        TEST(I7_a_restore_shows_nothing_that_may_have_been_recalled),
        TEST(I7_nor_does_it_hand_on_such_a_record_and_nothing_of_it_is_lost),
        TEST(I7_and_by_stick_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
