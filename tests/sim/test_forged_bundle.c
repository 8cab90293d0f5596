/* Bundles that a machine of a linked site has signed and no correct one would write: each
 * is refused with a sentence, or does no harm, and a right one is read as ever. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "node/cases/view.h"
#include "proto/bundle.h"
#include "proto/pack_map.h"
#include "storage/store_bundles.h"
#include "tests/sim/sim_files.h"
#include "tests/sim/sim_folder.h"
#include "tests/sim/sim_stick.h"

static void take_apart(struct sim_county *f)
{
    world_set_offline(f->world, f->fengyuan, true);
    world_run(f->world, 3000);
}

/* "a3" an array, "'op" a text, "u5" a number, "b32" so many bytes, "i" the id of a scope
 * that both have, "n7" so many ids of nothing, "f" no; messages are parted by '/'. */
static void compose(const char *words, const struct id *scope, struct buf *out)
{
    static const uint8_t bytes[70000] = {0x5a};
    struct buf message = {0};
    for (const char *at = words;; at++) {
        size_t len = strcspn(at, " /");
        uint64_t number = len > 1 ? strtoull(at + 1, NULL, 10) : 0;
        if (*at == 'a')
            pack_array(&message, (uint32_t)number);
        else if (*at == '\'')
            pack_str_bytes(&message, bytes_of(at + 1, len - 1));
        else if (*at == 'u')
            pack_uint(&message, number);
        else if (*at == 'b')
            pack_bin(&message, bytes, (size_t)number);
        else if (*at == 'n')
            for (uint64_t i = 0; i < number; i++)
                pack_bin(&message, bytes, ID_SIZE);
        else if (*at == 'i')
            pack_bin(&message, scope->bytes, ID_SIZE);
        else if (*at == 'f')
            pack_bool(&message, false);
        else
            fail_msg("no word of a message: %s", at);
        at += len;
        if (*at != ' ') {
            bundle_add(out, &message);
            buf_clear(&message);
        }
        if (*at == '\0')
            break;
    }
    buf_deinit(&message);
}

/* From fengyuan for the township, under that number. */
static enum status read_words(struct sim_county *f, const char *words,
                              const struct id *scope, uint64_t number)
{
    struct sign_pair pair;
    struct bundle_header header = stick_header(f->fengyuan, f->township, &pair);
    struct buf payload = {0};
    header.number = number;
    bundle_begin(&payload, &header);
    if (words != NULL)
        compose(words, scope, &payload);
    assert_int_equal(bundle_end(&payload, &header, &pair), STATUS_OK);
    enum status status = stick_read_forged(f, f->township, &payload);
    buf_deinit(&payload);
    return status;
}

static void M2_what_no_bundle_says_is_refused_with_a_sentence(void **state)
{
    static const char *const rows[] = {
        "u1",
        "a1 u1",
        "a2 'dance u1",
        "a2 'held a1 u1",
        "a2 'held a1 a1 i",
        "a2 'held a1 a3 i a0 u1",
        "a2 'held a1 a2 b31 a0",
        "a2 'held a1 a2 i u1",
        "a2 'held a1 a2 i a1 u1",
        "a2 'held a1 a2 i a1 b31",
        "a2 'held a1 a2 i a2 i",
        "a2 'held a1 a2 i a1025 n1025",
        "a2 'held a8193 n8193",
        "a2 'held a0 u1",
        "a2 'held a0/a2 'held a0",
        "a2 'lacks u1",
        "a2 'lacks a1 u1",
        "a2 'lacks a1 b31",
        "a2 'lacks a20000",
        "a2 'lacks a8193 n8193",
        "a2 'lacks a0/a2 'lacks a0",
        "a2 'restored u1",
        "a1 'restored u1",
        "a1 'restored/a1 'restored",
        "a4 'ops u1 a0 u0",
        "a4 'ops a1 b31 a0 u0",
        "a4 'ops a0 u1 u0",
        "a4 'ops a0 a0 'x",
        "a4 'ops a0 a0 u0 u1",
        "a4 'ops a0 a0 u1025",
        "a4 'piece u1 u0 b5",
        "a4 'piece b31 u0 b5",
        "a4 'piece i 'x b5",
        "a4 'piece i u0 u1",
        "a4 'piece i u48 b5",
        "a4 'piece i u0 b69000",
        "a4 'piece i u0 b5 u1",
    };
    struct sim_county *f = *state;
    struct id record = sim_escalate(f, f->fengyuan, "水渠");
    take_apart(f);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        enum status status = read_words(f, rows[i], &record, 100 + i);
        if (status != STATUS_INVALID)
            fail_msg("%s: %s", rows[i], status_name(status));
    }
    /* Nothing of them was noted as read. */
    struct sign_pair pair;
    struct bundle_header header = stick_header(f->fengyuan, f->township, &pair);
    struct store_bundle_read read;
    assert_int_equal(store_bundle_read_get(world_store(f->township), header.node, &read),
                     STATUS_OK);
    assert_int_equal(read.number, 0);
    struct stick up = {0};
    (void)sim_escalate(f, f->fengyuan, "田界");
    stick_write(f, f->fengyuan, "青河镇", &up);
    assert_true(stick_read(f, f->township, &up).news > 0);
    stick_deinit(&up);
}

/* Well formed, of scopes that the pair shares or does not, and of no use. */
static void O6_what_is_claimed_of_nothing_does_no_harm(void **state)
{
    static const char *const rows[] = {
        "a2 'held a1 a2 i a0",
        "a2 'held a1 a2 i a1 b32", /* heads that nobody has */
        "a2 'held a1 a2 i a1 b32/a2 'lacks a1 b32/a1 'restored",
        "a2 'held a1 a2 b32 a1 b32",
        "a2 'lacks a2 i i",
        "a4 'ops a0 a0 u7",
        "a4 'ops a0 a1 b5 u0", /* what is no op is set apart */
        "a4 'piece b32 u0 b5", /* nobody waits for it */
        "a4 'ops a0 a0 u0/a4 'piece i u0 b0",
    };
    struct sim_county *f = *state;
    uint64_t ops = 0;
    char hex[65];
    struct id record = sim_escalate(f, f->fengyuan, "水渠");
    hex_encode(hex, record.bytes, ID_SIZE);
    take_apart(f);
    assert_int_equal(store_ops_count(world_store(f->township), TREE_SHARED, &ops),
                     STATUS_OK);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        enum status status = read_words(f, rows[i], &record, 200 + i);
        if (status != STATUS_OK)
            fail_msg("%s: %s", rows[i], status_name(status));
    }
    uint64_t now = 0;
    assert_int_equal(store_ops_count(world_store(f->township), TREE_SHARED, &now),
                     STATUS_OK);
    assert_int_equal(now, ops);
    sim_assert_state(f, f->township, &record, "received");
    /* The township still brings what the village lacks. */
    SIM_SAY(f, f->township, NULL, "escalation.open", "escalation", hex);
    world_set_offline(f->world, f->fengyuan, false);
    world_run(f->world, 120000);
    sim_assert_state(f, f->fengyuan, &record, "opened");
}

/* Of another machine of ours, of one that was never written, and of one known before. */
static void O6_a_receipt_for_what_was_not_written_is_none(void **state)
{
    struct sim_county *f = *state;
    struct stick down = {0};
    struct sign_pair pair, own;
    (void)sim_escalate(f, f->fengyuan, "水渠");
    take_apart(f);
    (void)sim_escalate(f, f->fengyuan, "田界");
    stick_write(f, f->fengyuan, "青河镇", &down);
    uint64_t waits = stick_waits(f, f->fengyuan, f->township, "ops");
    assert_true(waits > 0);
    struct bundle_header header = stick_header(f->township, f->fengyuan, &pair);
    sign_pair_init(&own, world_node_seed(f->fengyuan));
    memset(header.got[0].node, 7, 32);
    header.got[0].number = down.number;
    memcpy(header.got[1].node, sign_pair_key(&own), 32);
    header.got[1].number = down.number + 50;
    header.got_len = 2;
    struct buf payload = {0};
    bundle_begin(&payload, &header);
    assert_int_equal(bundle_end(&payload, &header, &pair), STATUS_OK);
    assert_int_equal(stick_read_forged(f, f->fengyuan, &payload), STATUS_OK);
    assert_int_equal(stick_waits(f, f->fengyuan, f->township, "acked"), 0);
    assert_int_equal(stick_waits(f, f->fengyuan, f->township, "ops"), waits);
    /* The right one, twice. */
    header.got[1].number = down.number;
    for (int i = 0; i < 2; i++) {
        buf_clear(&payload);
        header.number++;
        bundle_begin(&payload, &header);
        assert_int_equal(bundle_end(&payload, &header, &pair), STATUS_OK);
        assert_int_equal(stick_read_forged(f, f->fengyuan, &payload), STATUS_OK);
        assert_int_equal(stick_waits(f, f->fengyuan, f->township, "acked"), down.number);
    }
    buf_deinit(&payload);
    stick_deinit(&down);
}

/* ---- files that are none, and backups where bundles are asked for ---- */

static enum status ask(struct sim_county *f, struct world_node *node, const char *method,
                       struct bytes file, bool looks)
{
    struct buf map = {0};
    pack_map(&map, looks ? 2 : 1);
    pack_str(&map, "file");
    pack_bin(&map, file.data, file.len);
    if (looks) {
        pack_str(&map, "look");
        pack_bool(&map, true);
    }
    enum status status = world_call(f->world, node, method, buf_bytes(&map), NULL);
    buf_deinit(&map);
    return status;
}

static void U3_a_backup_is_no_bundle_and_a_bundle_no_backup(void **state)
{
    struct sim_county *f = *state;
    struct folder folder = {0}, other = {0};
    struct stick up = {0};
    struct stick_read read;
    (void)sim_escalate(f, f->fengyuan, "水渠");
    folder_back_up(f, f->township, &folder);
    folder_back_up(f, f->fengyuan, &other);
    struct bytes file = buf_bytes(&folder.stick.files[0]);
    assert_int_equal(stick_read_one(f, f->township, file, &read), STATUS_DENIED);
    assert_int_equal(ask(f, f->township, "bundle.read", file, true), STATUS_DENIED);
    assert_int_equal(ask(f, f->township, "backup.mark", file, false), STATUS_OK);
    /* Sealed for somebody else, and so for no series of ours. */
    assert_int_equal(
        ask(f, f->township, "backup.mark", buf_bytes(&other.stick.files[0]), false),
        STATUS_INVALID);
    take_apart(f);
    (void)sim_escalate(f, f->fengyuan, "田界");
    stick_write(f, f->fengyuan, "青河镇", &up);
    file = buf_bytes(&up.files[0]);
    assert_int_equal(ask(f, f->township, "backup.mark", file, false), STATUS_DENIED);
    assert_int_equal(ask(f, f->township, "bundle.read", file, true), STATUS_OK);
    assert_int_equal(stick_waits(f, f->township, f->fengyuan, "acked"), 0);
    assert_true(stick_read(f, f->township, &up).news > 0); /* looking took nothing */
    folder_deinit(&folder);
    folder_deinit(&other);
    stick_deinit(&up);
}

/* Sealed for the township's machine: what one site wrote for another, and what another
 * machine wrote for the township itself. */
static void U3_a_backup_is_of_this_machine_and_for_its_site(void **state)
{
    struct sim_county *f = *state;
    struct sign_pair pair, other;
    const uint8_t seed[32] = {9};
    sign_pair_init(&other, seed);
    for (int row = 0; row < 3; row++) {
        struct buf payload = {0};
        struct bundle_header header =
            stick_header(f->township, row == 0 ? f->fengyuan : f->township, &pair);
        if (row == 1) {
            memcpy(header.node, sign_pair_key(&other), sizeof(header.node));
            pair = other;
        }
        bundle_begin(&payload, &header);
        compose("a1 'mark", &header.from, &payload);
        assert_int_equal(bundle_end(&payload, &header, &pair), STATUS_OK);
        struct buf file = stick_seal(f->township, &payload);
        assert_int_equal(ask(f, f->township, "backup.mark", buf_bytes(&file), false),
                         row == 2 ? STATUS_OK : STATUS_DENIED);
        buf_deinit(&file);
        buf_deinit(&payload);
    }
}

/* A file of our own machine that ends otherwise than a backup does. */
static void U3_a_backup_that_ends_without_a_mark_has_none(void **state)
{
    static const char *const ends[] = {NULL, "u1", "a1 u1", "a2 'dance u1"};
    struct sim_county *f = *state;
    for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
        struct folder folder = {0};
        struct sign_pair pair;
        struct bundle_header header = stick_header(f->township, f->township, &pair);
        struct buf payload = {0};
        folder_back_up(f, f->township, &folder);
        bundle_begin(&payload, &header);
        if (ends[i] != NULL)
            compose(ends[i], &header.from, &payload);
        assert_int_equal(bundle_end(&payload, &header, &pair), STATUS_OK);
        struct buf file = stick_seal(f->township, &payload);
        assert_int_equal(ask(f, f->township, "backup.mark", buf_bytes(&file), false),
                         STATUS_NOT_FOUND);
        buf_deinit(&file);
        buf_deinit(&payload);
        folder_deinit(&folder);
    }
}

static void U2_a_file_that_is_too_large_or_is_none_is_refused(void **state)
{
    struct sim_county *f = *state;
    struct buf file = {0};
    static uint8_t zeros[65536];
    while (file.len <= BUNDLE_FILE_MAX)
        buf_add(&file, zeros, sizeof(zeros));
    assert_int_equal(ask(f, f->township, "bundle.read", buf_bytes(&file), false),
                     STATUS_TOO_LARGE);
    assert_int_equal(world_say(f->world, f->township, NULL, "bundle.read", NULL),
                     STATUS_INVALID);
    assert_int_equal(
        world_say(f->world, f->township, NULL, "bundle.read", "file", "text", NULL),
        STATUS_INVALID);
    /* It is sealed for this machine, and opens into more than any of ours. */
    struct buf map = {0}, out = {0};
    file.len = BUNDLE_PAYLOAD_MAX + 1;
    struct buf sealed = stick_seal(f->township, &file);
    assert_true(sealed.len <= BUNDLE_FILE_MAX);
    pack_map(&map, 1);
    pack_str(&map, "file");
    pack_bin(&map, sealed.data, sealed.len);
    assert_int_equal(
        world_call(f->world, f->township, "bundle.read", buf_bytes(&map), &out),
        STATUS_INVALID);
    assert_non_null(memmem(out.data, out.len, "holds more than one", 19));
    buf_deinit(&map);
    buf_deinit(&out);
    buf_deinit(&sealed);
    buf_deinit(&file);
}

/* ---- marks that are handed in ---- */

static void M2_a_mark_that_is_none_begins_no_backup(void **state)
{
    static const char *const rows[] = {
        "u1", "a1 u1", "a1 'mark", "a2 'dance u1", "a8 'mark u1 u1 u1 b32 b32 u1 u1",
    };
    static const char *const methods[] = {"backup.write", "backup.verified"};
    struct sim_county *f = *state;
    for (size_t i = 0; i < 2; i++) {
        for (size_t j = 0; j <= sizeof(rows) / sizeof(rows[0]); j++) {
            struct buf map = {0}, messages = {0};
            pack_map(&map, 1);
            pack_str(&map, "after");
            if (j < sizeof(rows) / sizeof(rows[0])) {
                compose(rows[j], world_site(f->township), &messages);
                pack_bin(&map, messages.data + 4, messages.len - 4);
            } else {
                pack_uint(&map, 5);
            }
            assert_int_equal(
                world_call(f->world, f->township, methods[i], buf_bytes(&map), NULL),
                STATUS_INVALID);
            buf_deinit(&map);
            buf_deinit(&messages);
        }
    }
    assert_int_equal(world_say(f->world, f->township, NULL, "backup.verified", NULL),
                     STATUS_INVALID);
    assert_int_equal(world_say(f->world, f->township, NULL, "backup.next", NULL),
                     STATUS_NOT_FOUND);
    assert_int_equal(world_say(f->world, f->township, NULL, "backup.done", NULL),
                     STATUS_NOT_FOUND);
    SIM_SAY(f, f->township, NULL, "backup.write");
    assert_int_equal(world_say(f->world, f->township, NULL, "backup.next", NULL),
                     STATUS_NOT_FOUND);            /* it has one file */
    SIM_SAY(f, f->township, NULL, "backup.write"); /* begun anew */
    SIM_SAY(f, f->township, NULL, "backup.done");
}

/* Does the list say that one is being written, and that it is one file so far, its last?
 */
static bool tells_of_writing(struct bytes list)
{
    struct bytes writing;
    uint64_t parts = 0;
    bool is_last = false;
    assert_true(pack_map_find(list, "writing", 0, &writing));
    if (writing.len == 1) /* nil */
        return false;
    assert_true(view_map_uint(writing, "parts", &parts));
    assert_true(view_map_flag(writing, "last", &is_last));
    return parts == 1 && is_last;
}

static void a_bundle_is_written_for_another_site_part_by_part(void **state)
{
    struct sim_county *f = *state;
    struct buf out = {0};
    SIM_SAY(f, f->fengyuan, &out, "bundle.list");
    assert_false(tells_of_writing(buf_bytes(&out)));
    SIM_SAY(f, f->fengyuan, NULL, "bundle.write", "site", "青河镇");
    SIM_SAY(f, f->fengyuan, &out, "bundle.list");
    assert_true(tells_of_writing(buf_bytes(&out)));
    buf_deinit(&out);
    assert_int_equal(
        world_say(f->world, f->fengyuan, NULL, "bundle.next", "part", "#7", NULL),
        STATUS_CONFLICT);
    assert_int_equal(
        world_say(f->world, f->fengyuan, NULL, "bundle.write", "site", "枫源村", NULL),
        STATUS_NOT_FOUND);
    (void)world_join(f->world, f->fengyuan, "山上", "laptop:1"); /* which connects */
    assert_int_equal(
        world_say(f->world, f->fengyuan, NULL, "bundle.write", "site", "枫源村", NULL),
        STATUS_NOT_FOUND);
}

#define TEST(name)                                                                       \
    cmocka_unit_test_setup_teardown(name, sim_county_set_up_in_memory,                   \
                                    sim_county_tear_down_in_memory)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(M2_what_no_bundle_says_is_refused_with_a_sentence),
        TEST(O6_what_is_claimed_of_nothing_does_no_harm),
        TEST(O6_a_receipt_for_what_was_not_written_is_none),
        TEST(U3_a_backup_is_no_bundle_and_a_bundle_no_backup),
        TEST(U3_a_backup_is_of_this_machine_and_for_its_site),
        TEST(U3_a_backup_that_ends_without_a_mark_has_none),
        TEST(U2_a_file_that_is_too_large_or_is_none_is_refused),
        TEST(M2_a_mark_that_is_none_begins_no_backup),
        TEST(a_bundle_is_written_for_another_site_part_by_part),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
