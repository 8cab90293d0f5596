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

static void report(void *context, const char *text)
{
    (void)context;
    fail_msg("check: %s", text);
}

/* --- the tests --- */

static void what_is_restored_is_what_was_there(void **state)
{
    struct sim_county *f = *state;
    struct folder folder = {0};
    struct place place;
    char table[DERIVED_TABLE_SIZE];
    folder_fill(f);
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
    folder_fill(f);
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
    folder_fill(f);
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
    folder_assert_restores(&folder, f->fengyuan);
    buf_deinit(&out);
    folder_deinit(&folder);
}

static void a_file_that_came_after_another_went_is_in_the_next_one(void **state)
{
    struct sim_county *f = *state;
    struct folder folder = {0};
    struct folder_file goes = folder_attach(f, "goes ");
    folder_back_up(f, f->fengyuan, &folder);
    folder_take_away(f, &goes);
    (void)folder_attach(f, "comes ");
    folder_back_up(f, f->fengyuan, &folder);
    folder_assert_restores(&folder, f->fengyuan);
    folder_deinit(&folder);
}

/* More than a file holds, and somebody works while it is being written. */
static void what_changes_between_two_files_does_not_spoil_it(void **state)
{
    struct sim_county *f = *state;
    struct folder folder = {0};
    struct buf out = {0};
    char tag[32];
    for (unsigned i = 0; i < 2 * BUNDLE_PAYLOAD_MAX / ATTACHMENT_CHUNK_SIZE; i += 2) {
        (void)snprintf(tag, sizeof(tag), "file %u ", i);
        (void)folder_attach(f, tag);
    }
    SIM_SAY(f, f->fengyuan, NULL, "paste.add", "text", "王家来电话");
    assert_int_equal(folder_begin(f, f->fengyuan, &folder, &out), STATUS_OK);
    for (int part = 0; !folder_keep(&folder, buf_bytes(&out)); part++) {
        assert_int_equal(world_say(f->world, f->fengyuan, NULL, "backup.done", NULL),
                         STATUS_NOT_FOUND); /* there are more */
        (void)snprintf(tag, sizeof(tag), "more %d ", part);
        SIM_SAY(f, f->fengyuan, NULL, "paste.add", "text", "李家来电话");
        (void)folder_attach(f, tag);
        SIM_SAY(f, f->fengyuan, &out, "backup.next");
    }
    SIM_SAY(f, f->fengyuan, NULL, "backup.done");
    assert_true(folder.stick.len > 1);
    folder_assert_restores(&folder, f->fengyuan);
    buf_deinit(&out);
    folder_deinit(&folder);
}

/* Files of one series open with one sheet. */
static void one_that_was_begun_under_another_recovery_key_is_not_ended(void **state)
{
    struct sim_county *f = *state;
    struct folder folder = {0};
    struct buf out = {0};
    char tag[32], text[KEY_TEXT_SIZE];
    uint8_t key[32];
    const uint8_t seed[32] = {7};
    for (unsigned i = 0; i < BUNDLE_PAYLOAD_MAX / ATTACHMENT_CHUNK_SIZE; i += 2) {
        (void)snprintf(tag, sizeof(tag), "file %u ", i);
        (void)folder_attach(f, tag);
    }
    assert_int_equal(folder_begin(f, f->fengyuan, &folder, &out), STATUS_OK);
    assert_false(folder_keep(&folder, buf_bytes(&out)));
    key_sign_public(key, seed);
    key_to_text(text, "fqk1", key);
    SIM_SAY(f, f->fengyuan, NULL, "recovery.name", "key", text);
    buf_clear(&out);
    assert_int_equal(world_say(f->world, f->fengyuan, &out, "backup.next", NULL),
                     STATUS_CONFLICT);
    assert_non_null(memmem(out.data, out.len, "anew", 4));
    buf_deinit(&out);
    folder_deinit(&folder);
}

static void one_that_is_not_whole_says_what_is_missing(void **state)
{
    struct sim_county *f = *state;
    struct folder folder = {0};
    struct place place;
    folder_fill(f);
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
    folder_fill(f);
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
    folder_fill(f);
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

static struct backup_mark mark_of(const struct folder *folder)
{
    struct backup_mark mark;
    struct pack_reader reader = pack_reader_of(buf_bytes(&folder->mark));
    struct bytes name;
    uint32_t elements;
    assert_int_equal(pack_read_array(&reader, &elements, NULL), STATUS_OK);
    assert_int_equal(pack_read_str(&reader, &name, NULL), STATUS_OK);
    assert_int_equal(backup_mark_read(&reader, elements, &mark), STATUS_OK);
    return mark;
}

static void assert_goes_with_another(struct sim_county *f, struct folder *folder,
                                     const struct backup_mark *mark)
{
    struct buf out = {0};
    buf_clear(&folder->mark);
    backup_mark_write(mark, &folder->mark);
    assert_int_equal(folder_begin(f, f->fengyuan, folder, &out), STATUS_INVALID);
    assert_non_null(memmem(out.data, out.len, "does not go with", 16));
    buf_deinit(&out);
}

/* It is of a machine that had more, or something else, under the same keys. */
static void a_folder_that_has_what_this_node_has_not_is_refused(void **state)
{
    struct sim_county *f = *state;
    struct folder folder = {0};
    folder_fill(f);
    folder_back_up(f, f->fengyuan, &folder);
    struct backup_mark right = mark_of(&folder), mark = right;
    mark.store.ops[TREE_PRIVATE]++;
    assert_goes_with_another(f, &folder, &mark);
    mark = right;
    mark.ledger[TREE_SHARED].bytes[0] ^= 1;
    assert_goes_with_another(f, &folder, &mark);
    buf_clear(&folder.mark);
    backup_mark_write(&right, &folder.mark);
    folder_back_up(f, f->fengyuan, &folder);
    folder_assert_restores(&folder, f->fengyuan);
    folder_deinit(&folder);
}

/* Marks of before recovery keys changed say nothing of one: they are of the first. */
static void a_folder_of_before_goes_on_until_another_key_is_named(void **state)
{
    struct sim_county *f = *state;
    struct folder folder = {0};
    struct buf out = {0};
    uint8_t key[32];
    const uint8_t seed[32] = {7};
    char text[KEY_TEXT_SIZE];
    folder_fill(f);
    folder_back_up(f, f->fengyuan, &folder);
    assert_int_equal(folder.mark.data[0], 0x9a);
    folder.mark.data[0] = 0x98;
    folder.mark.len -= 2 * (2 + ID_SIZE); /* two ids less */
    struct buf before = {0};
    buf_append(&before, &folder.mark);
    folder_back_up(f, f->fengyuan, &folder);
    folder_assert_restores(&folder, f->fengyuan);

    key_sign_public(key, seed);
    key_to_text(text, "fqk1", key);
    SIM_SAY(f, f->fengyuan, NULL, "recovery.name", "key", text);
    buf_clear(&folder.mark);
    buf_append(&folder.mark, &before);
    assert_int_equal(folder_begin(f, f->fengyuan, &folder, &out), STATUS_INVALID);
    assert_non_null(memmem(out.data, out.len, "recovery key was replaced", 25));
    buf_deinit(&before);
    buf_deinit(&out);
    folder_deinit(&folder);
}

static void a_verdict_is_kept_where_it_is_true(void **state)
{
    struct sim_county *f = *state;
    struct folder folder = {0}, other = {0};
    struct buf map = {0}, out = {0};
    uint64_t wall = 0, behind = 0;
    folder_fill(f);
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

/* A machine without a clock: that there is one is known, and not since when. */
static void one_that_was_written_when_nobody_knew_the_time_counts(void **state)
{
    struct sim_county *f = *state;
    struct folder folder = {0};
    world_set_clock(f->world, 0, WALL_NONE);
    expect_state(f, "never");
    folder_back_up(f, f->fengyuan, &folder);
    expect_state(f, "recent");
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
        TEST(one_that_was_begun_under_another_recovery_key_is_not_ended),
        TEST(one_that_is_not_whole_says_what_is_missing),
        TEST(S1_a_record_that_was_changed_is_found),
        TEST(another_sites_folder_is_refused),
        TEST(a_folder_that_has_what_this_node_has_not_is_refused),
        TEST(a_folder_of_before_goes_on_until_another_key_is_named),
        TEST(one_that_was_written_when_nobody_knew_the_time_counts),
        TEST(a_verdict_is_kept_where_it_is_true),
        TEST(a_purge_receipt_names_the_last_backup),
        TEST(another_one_is_due_after_seven_days_or_a_hundred_entries),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
