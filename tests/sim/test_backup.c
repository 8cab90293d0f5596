/* Backups and restoring: what comes back is what was there; a week-old one merges; one
 * that is not whole says so; nobody but the site's own keys opens it. */
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

#define CANARY "CANARY-IN-THE-CASE"

static void report(void *context, const char *text)
{
    (void)context;
    fail_msg("check: %s", text);
}

/* --- the tests --- */

static void live(struct sim_county *f)
{
    struct buf file = files_text(CANARY " photo ", 3 * ATTACHMENT_CHUNK_SIZE + 5);
    char number[32], hex[65];
    (void)sim_escalate(f, f->fengyuan, "水渠");
    files_case(f, number);
    files_attach(f, number, "沟.txt", buf_bytes(&file));
    files_consent(f, number, "[沟.txt]");
    files_release(f, number, "[沟.txt]", hex);
    SIM_SAY(f, f->fengyuan, NULL, "case.note", "case", number, "text", CANARY);
    SIM_SAY(f, f->fengyuan, NULL, "paste.add", "text", "王家来电话");
    sim_add_person(f, f->fengyuan, "李某", "mediator", NULL);
    world_run(f->world, 5000);
    buf_deinit(&file);
}

static void what_is_restored_is_what_was_there(void **state)
{
    struct sim_county *f = *state;
    struct folder folder = {0};
    struct place place;
    char table[DERIVED_TABLE_SIZE];
    live(f);
    folder_back_up(f, f->fengyuan, &folder);

    place_make(&place);
    place_take_all(&place, world_recovery_seed(f->fengyuan), &folder);
    assert_int_equal(place_end(&place), STATUS_OK);

    place_assert_same(&place, world_store(f->fengyuan));
    assert_int_equal(store_check(place.store, report, NULL), STATUS_OK);
    assert_int_equal(derived_check(place.store, table), STATUS_OK);
    assert_string_equal(table, "");
    uint64_t here, there;
    assert_int_equal(store_chunks_size(place.store, &here), STATUS_OK);
    assert_int_equal(store_chunks_size(world_store(f->fengyuan), &there), STATUS_OK);
    assert_int_equal(here, there);
    assert_memory_equal(place.restore.node_seed, world_node_seed(f->fengyuan), 32);
    assert_memory_equal(place.restore.noise_secret, world_noise_secret(f->fengyuan), 32);
    struct store_loss loss;
    assert_int_equal(store_loss_last(place.store, &loss), STATUS_OK);
    assert_int_equal(loss.kind, LOSS_RESTORED);
    place_free(&place);
    folder_deinit(&folder);
}

static void the_machine_itself_can_try_it(void **state)
{
    struct sim_county *f = *state;
    struct folder folder = {0};
    struct place place;
    live(f);
    folder_back_up(f, f->fengyuan, &folder);
    place_make(&place);
    place_take_all(&place, world_node_seed(f->fengyuan), &folder);
    assert_int_equal(place_end(&place), STATUS_OK);
    place_free(&place);

    /* Nobody else: not the township, not its own steward. */
    place_make(&place);
    assert_int_not_equal(place_take(&place, world_node_seed(f->township),
                                    buf_bytes(&folder.stick.files[0])),
                         STATUS_OK);
    assert_int_not_equal(place_take(&place, world_steward_seed(f->fengyuan),
                                    buf_bytes(&folder.stick.files[0])),
                         STATUS_OK);
    place_free(&place);
    folder_deinit(&folder);
}

static void the_next_one_carries_what_is_new_alone(void **state)
{
    struct sim_county *f = *state;
    struct folder folder = {0};
    struct place place;
    live(f);
    folder_back_up(f, f->fengyuan, &folder);
    uint32_t before = folder.stick.len;
    folder_back_up(f, f->fengyuan, &folder);
    assert_int_equal(folder.stick.len, before + 1);
    assert_in_range(folder.stick.files[before].len, BUNDLE_CLASS_MIN,
                    BUNDLE_CLASS_MIN + 1024);
    struct buf payload = stick_open(f->fengyuan, buf_bytes(&folder.stick.files[before]));
    assert_null(memmem(payload.data, payload.len, "\xa2op", 3));
    buf_deinit(&payload);

    struct buf out = {0};
    SIM_SAY(f, f->fengyuan, NULL, "paste.drop", "paste", "#1");
    SIM_SAY(f, f->fengyuan, &out, "case.new", "category", "邻里", "title", "田界",
            "narrative", "新的事。");
    folder_back_up(f, f->fengyuan, &folder);
    place_make(&place);
    place_take_all(&place, world_recovery_seed(f->fengyuan), &folder);
    assert_int_equal(place_end(&place), STATUS_OK);
    place_assert_same(&place, world_store(f->fengyuan));
    place_free(&place);
    buf_deinit(&out);
    folder_deinit(&folder);
}

struct attached {
    char number[32], hex[2 * ID_SIZE + 1];
};

static struct attached attach(struct sim_county *f, const char *tag)
{
    struct attached attached;
    struct buf file = files_text(tag, 2 * ATTACHMENT_CHUNK_SIZE);
    files_case(f, attached.number);
    struct id op = files_attach(f, attached.number, "沟.txt", buf_bytes(&file));
    hex_encode(attached.hex, op.bytes, ID_SIZE);
    buf_deinit(&file);
    return attached;
}

static void take_away(struct sim_county *f, const struct attached *attached)
{
    SIM_SAY(f, f->fengyuan, NULL, "attach.remove", "case", attached->number, "file",
            attached->hex, "reason", "拍到了旁人");
}

static void a_file_that_came_after_another_went_is_in_the_next_one(void **state)
{
    struct sim_county *f = *state;
    struct folder folder = {0};
    struct place place;
    struct attached goes = attach(f, "goes ");
    folder_back_up(f, f->fengyuan, &folder);
    take_away(f, &goes);
    (void)attach(f, "comes ");
    folder_back_up(f, f->fengyuan, &folder);
    place_make(&place);
    place_take_all(&place, world_recovery_seed(f->fengyuan), &folder);
    assert_int_equal(place_end(&place), STATUS_OK);
    place_assert_same(&place, world_store(f->fengyuan));
    place_free(&place);
    folder_deinit(&folder);
}

/* More than a file holds, and somebody works while it is being written. */
static void what_changes_between_two_files_does_not_spoil_it(void **state)
{
    struct sim_county *f = *state;
    struct folder folder = {0};
    struct place place;
    struct buf out = {0};
    char tag[32];
    for (unsigned i = 0; i < 2 * BUNDLE_PAYLOAD_MAX / ATTACHMENT_CHUNK_SIZE; i += 2) {
        (void)snprintf(tag, sizeof(tag), "file %u ", i);
        (void)attach(f, tag);
    }
    SIM_SAY(f, f->fengyuan, NULL, "paste.add", "text", "王家来电话");
    assert_int_equal(folder_begin(f, f->fengyuan, &folder, &out), STATUS_OK);
    for (int part = 0; !folder_keep(&folder, buf_bytes(&out)); part++) {
        (void)snprintf(tag, sizeof(tag), "more %d ", part);
        SIM_SAY(f, f->fengyuan, NULL, "paste.add", "text", "李家来电话");
        (void)attach(f, tag);
        SIM_SAY(f, f->fengyuan, &out, "backup.next");
    }
    SIM_SAY(f, f->fengyuan, NULL, "backup.done");
    assert_true(folder.stick.len > 1);
    place_make(&place);
    place_take_all(&place, world_recovery_seed(f->fengyuan), &folder);
    if (place_end(&place) != STATUS_OK)
        fail_msg("%s", place.err.text);
    place_assert_same(&place, world_store(f->fengyuan));
    place_free(&place);
    buf_deinit(&out);
    folder_deinit(&folder);
}

static void one_that_is_not_whole_says_what_is_missing(void **state)
{
    struct sim_county *f = *state;
    struct folder folder = {0};
    struct place place;
    live(f);
    folder_back_up(f, f->fengyuan, &folder);
    (void)sim_escalate(f, f->fengyuan, "田界");
    uint32_t second = folder.stick.len;
    folder_back_up(f, f->fengyuan, &folder);
    (void)sim_escalate(f, f->fengyuan, "林地");
    folder_back_up(f, f->fengyuan, &folder);
    const uint8_t *seed = world_recovery_seed(f->fengyuan);

    place_make(&place); /* the first is missing */
    assert_int_not_equal(place_take(&place, seed, buf_bytes(&folder.stick.files[second])),
                         STATUS_OK);
    assert_non_null(strstr(place.err.text, "missing"));
    assert_int_equal(place_end(&place), STATUS_INVALID);
    place_free(&place);

    place_make(&place); /* one in the middle */
    for (uint32_t i = 0; i < second; i++)
        assert_int_equal(place_take(&place, seed, buf_bytes(&folder.stick.files[i])),
                         STATUS_OK);
    assert_int_equal(
        place_take(&place, seed, buf_bytes(&folder.stick.files[folder.stick.len - 1])),
        STATUS_NOT_FOUND);
    /* What was taken before it is a backup all the same: an older one. */
    assert_int_equal(place_end(&place), STATUS_OK);
    place_free(&place);
    folder_deinit(&folder);
}

static void S1_a_record_that_was_changed_is_found(void **state)
{
    struct sim_county *f = *state;
    struct folder folder = {0};
    struct place place;
    live(f);
    folder_back_up(f, f->fengyuan, &folder);
    struct buf payload = stick_open(f->fengyuan, buf_bytes(&folder.stick.files[0]));
    const uint8_t *at = memmem(payload.data, payload.len, "水渠", strlen("水渠"));
    assert_non_null(at);
    payload.data[at - payload.data] ^= 1;

    /* Signed by the machine that was stolen: what persons signed it cannot sign. */
    struct bundle_header header;
    struct bytes messages;
    struct sign_pair pair;
    sign_pair_init(&pair, world_node_seed(f->fengyuan));
    payload.data[at - payload.data] ^= 1;
    assert_int_equal(bundle_check(buf_bytes(&payload), &header, &messages, NULL),
                     STATUS_OK);
    payload.data[at - payload.data] ^= 1;
    place_make(&place);
    assert_int_equal(restore_take(&place.restore, &header, messages, &place.err),
                     STATUS_UNVERIFIED);
    uint64_t ops;
    assert_int_equal(store_ops_count(place.store, TREE_SHARED, &ops), STATUS_OK);
    assert_int_equal(ops, 0);
    place_free(&place);
    buf_deinit(&payload);
    folder_deinit(&folder);
}

static void another_sites_folder_is_refused(void **state)
{
    struct sim_county *f = *state;
    struct folder folder = {0}, other = {0};
    struct buf out = {0};
    live(f);
    folder_back_up(f, f->xikou, &other);
    assert_int_equal(folder_begin(f, f->fengyuan, &other, &out), STATUS_INVALID);
    folder_back_up(f, f->fengyuan, &folder);
    struct place place;
    place_make(&place);
    place_take_all(&place, world_recovery_seed(f->fengyuan), &folder);
    assert_int_not_equal(place_take(&place, world_recovery_seed(f->fengyuan),
                                    buf_bytes(&other.stick.files[0])),
                         STATUS_OK);
    place_free(&place);
    struct stick bundle = {0};
    stick_write(f, f->township, "枫源村", &bundle);
    place_make(&place);
    assert_int_equal(
        place_take(&place, world_node_seed(f->fengyuan), buf_bytes(&bundle.files[0])),
        STATUS_DENIED);
    place_free(&place);
    stick_deinit(&bundle);
    buf_deinit(&out);
    folder_deinit(&folder);
    folder_deinit(&other);
}

static void a_verdict_is_kept_where_it_is_true(void **state)
{
    struct sim_county *f = *state;
    struct folder folder = {0}, other = {0};
    struct buf map = {0}, out = {0};
    uint64_t wall = 0, behind = 0;
    live(f);
    world_set_clock(f->world, 1790000000, WALL_NTP);
    folder_back_up(f, f->fengyuan, &folder);
    folder_back_up(f, f->xikou, &other);
    pack_map(&map, 1);
    pack_str(&map, "after");
    pack_bin(&map, other.mark.data, other.mark.len);
    assert_int_equal(
        world_call(f->world, f->fengyuan, "backup.verified", buf_bytes(&map), &out),
        STATUS_UNVERIFIED);
    buf_clear(&map);
    pack_map(&map, 1);
    pack_str(&map, "after");
    pack_bin(&map, folder.mark.data, folder.mark.len);
    assert_int_equal(
        world_call(f->world, f->fengyuan, "backup.verified", buf_bytes(&map), &out),
        STATUS_OK);
    (void)sim_escalate(f, f->fengyuan, "田界");
    SIM_SAY(f, f->fengyuan, &out, "backup.status");
    assert_true(view_map_uint(buf_bytes(&out), "verified_wall", &wall));
    assert_true(wall >= 1790000000);
    assert_true(view_map_uint(buf_bytes(&out), "behind", &behind));
    assert_true(behind > 0);
    buf_deinit(&map);
    buf_deinit(&out);
    folder_deinit(&folder);
    folder_deinit(&other);
}

static void expect_state(struct sim_county *f, const char *wanted)
{
    struct buf out = {0};
    struct bytes word;
    SIM_SAY(f, f->fengyuan, &out, "backup.status");
    assert_true(view_map_text(buf_bytes(&out), "state", &word));
    assert_true(bytes_equal_str(word, wanted));
    buf_deinit(&out);
}

static void another_one_is_due_after_seven_days_or_a_hundred_entries(void **state)
{
    struct sim_county *f = *state;
    struct folder folder = {0}, second = {0}, third = {0};
    const uint64_t day = 24 * 60 * 60;
    world_set_clock(f->world, 1790000000, WALL_NTP);
    expect_state(f, "never");
    folder_back_up(f, f->fengyuan, &folder);
    expect_state(f, "recent");
    world_set_clock(f->world, 1790000000 + 6 * day, WALL_NTP);
    expect_state(f, "recent");
    world_set_clock(f->world, 1790000000 + 8 * day, WALL_NTP);
    expect_state(f, "due");
    world_set_clock(f->world, 1790000000 - day, WALL_NTP); /* it was set back */
    expect_state(f, "recent");
    world_set_clock(f->world, 1790000000 + 8 * day, WALL_NONE); /* nobody knows */
    expect_state(f, "recent");

    world_set_clock(f->world, 1790000000 + 8 * day, WALL_NTP);
    folder_back_up(f, f->fengyuan, &second);
    expect_state(f, "recent");
    for (int i = 0; i < BACKUP_DUE_OPS; i++) {
        expect_state(f, "recent");
        SIM_SAY(f, f->fengyuan, NULL, "case.new", "category", "邻里", "title", "水渠",
                "narrative", "两家为水渠争执。");
    }
    expect_state(f, "due");
    folder_back_up(f, f->fengyuan, &third);
    expect_state(f, "recent");
    folder_deinit(&folder);
    folder_deinit(&second);
    folder_deinit(&third);
}

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
    live(f);
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
    struct place place;
    struct attached goes = attach(f, "goes ");
    (void)attach(f, "stays ");
    take_away(f, &goes);
    folder_back_up(f, f->fengyuan, &folder);
    folder_put_back(f, f->fengyuan, &folder);
    (void)attach(f, "comes ");
    folder_back_up(f, f->fengyuan, &folder);
    place_make(&place);
    place_take_all(&place, world_recovery_seed(f->fengyuan), &folder);
    assert_int_equal(place_end(&place), STATUS_OK);
    place_assert_same(&place, world_store(f->fengyuan));
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
    live(f);
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

static void a_purge_receipt_names_the_last_backup(void **state)
{
    struct sim_county *f = *state;
    struct folder folder = {0};
    struct buf out = {0};
    world_set_clock(f->world, 1790000000, WALL_NTP);
    struct id record = sim_escalate(f, f->fengyuan, "水渠");
    char hex[65];
    hex_encode(hex, record.bytes, ID_SIZE);
    world_run(f->world, 5000);
    folder_back_up(f, f->township, &folder);
    SIM_SAY(f, f->fengyuan, NULL, "escalation.recall", "escalation", hex, "reason",
            "说错了");
    world_run(f->world, 5000);
    SIM_SAY(f, f->fengyuan, &out, "recall.list");
    assert_non_null(memmem(out.data, out.len, "2026-09-2", 9));
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

#define DISK_TEST(name)                                                                  \
    cmocka_unit_test_setup_teardown(name, sim_county_set_up, sim_county_tear_down)
#define TEST(name)                                                                       \
    cmocka_unit_test_setup_teardown(name, sim_county_set_up_in_memory,                   \
                                    sim_county_tear_down_in_memory)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_is_restored_is_what_was_there),
        TEST(the_machine_itself_can_try_it),
        TEST(the_next_one_carries_what_is_new_alone),
        TEST(a_file_that_came_after_another_went_is_in_the_next_one),
        TEST(what_changes_between_two_files_does_not_spoil_it),
        TEST(one_that_is_not_whole_says_what_is_missing),
        TEST(S1_a_record_that_was_changed_is_found),
        TEST(another_sites_folder_is_refused),
        TEST(a_verdict_is_kept_where_it_is_true),
        TEST(a_purge_receipt_names_the_last_backup),
        TEST(another_one_is_due_after_seven_days_or_a_hundred_entries),
        DISK_TEST(D3_a_week_old_backup_merges_and_nobody_is_alarmed),
        DISK_TEST(a_machine_that_was_restored_goes_on_in_its_folder),
        DISK_TEST(a_machine_that_is_restored_twice_gives_no_number_again),
        DISK_TEST(D3_an_image_that_is_put_back_without_a_word_is_an_alarm),
        DISK_TEST(I7_a_restore_shows_nothing_that_may_have_been_recalled),
        DISK_TEST(I7_nor_does_it_hand_on_such_a_record_and_nothing_of_it_is_lost),
        DISK_TEST(I7_and_by_stick_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
