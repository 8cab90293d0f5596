/* What somebody pasted in: kept on this machine alone, made a case of, or gone without a
 * trace when seven days of running are over; and no clock moves that. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <sqlite3.h>

#include "node/cases/view.h"
#include "node/core/paste.h"
#include "proto/limits.h"
#include "storage/store_pastes.h"
#include "tests/sim/sim_county.h"
#include "tests/support/photo.h"

#define HOUR_MS 3600000u
#define TEXT "CANARY-TEXT 隔壁的水又流进来了"
#define TAG "CANARY-PIXELS "

static enum status add(struct sim_county *f, const char *text, struct bytes photo,
                       uint64_t *number, bool *is_known)
{
    struct buf map = {0}, out = {0};
    pack_map(&map, (text != NULL) + (photo.data != NULL));
    if (photo.data != NULL) {
        pack_str(&map, "photo");
        pack_bin(&map, photo.data, photo.len);
    }
    if (text != NULL) {
        pack_str(&map, "text");
        pack_str(&map, text);
    }
    enum status status =
        world_call(f->world, f->fengyuan, "paste.add", buf_bytes(&map), &out);
    if (status == STATUS_OK) {
        assert_true(view_map_uint(buf_bytes(&out), "paste", number));
        assert_true(view_map_flag(buf_bytes(&out), "known", is_known));
    }
    buf_deinit(&map);
    buf_deinit(&out);
    return status;
}

static uint64_t keep(struct sim_county *f, const char *text, struct bytes photo)
{
    uint64_t number = 0;
    bool is_known = true;
    assert_int_equal(add(f, text, photo, &number, &is_known), STATUS_OK);
    assert_false(is_known);
    return number;
}

static struct buf new_photo(void)
{
    struct buf photo = {0};
    photo_make(&photo, TAG, ATTACHMENT_CHUNK_SIZE + 77);
    return photo;
}

/* A method of one paste, by its number. */
static enum status ask(struct sim_county *f, const char *method, uint64_t number,
                       struct buf *out)
{
    char text[24];
    (void)snprintf(text, sizeof(text), "#%llu", (unsigned long long)number);
    return world_say(f->world, f->fengyuan, out, method, "paste", text, NULL);
}

static enum status make_case(struct sim_county *f, uint64_t number, struct buf *out,
                             const char *name, const char *value)
{
    char text[24];
    (void)snprintf(text, sizeof(text), "#%llu", (unsigned long long)number);
    return world_say(f->world, f->fengyuan, out, "paste.case", "category", "邻里", name,
                     value, "paste", text, "title", "水沟", NULL);
}

static uint32_t listed(struct sim_county *f)
{
    struct buf out = {0};
    SIM_SAY(f, f->fengyuan, &out, "paste.list", NULL);
    uint32_t count = view_map_count(buf_bytes(&out), "pastes");
    buf_deinit(&out);
    assert_int_equal(sim_status(f, f->fengyuan, "pastes"), count);
    return count;
}

static void run_hours(struct sim_county *f, uint32_t hours)
{
    world_tick(f->world, (uint64_t)hours * HOUR_MS);
    while (world_step(f->world))
        continue;
}

static uint64_t ops_of(struct sim_county *f)
{
    uint64_t count;
    assert_int_equal(store_ops_count(world_store(f->fengyuan), TREE_PRIVATE, &count),
                     STATUS_OK);
    return count;
}

/* --- kept --- */

static void what_was_pasted_in_is_on_this_machine_alone(void **state)
{
    struct sim_county *f = *state;
    struct buf photo = new_photo(), out = {0};
    struct bytes text, raw, bytes;
    uint64_t before = ops_of(f), days = 0;

    uint64_t number = keep(f, TEXT, buf_bytes(&photo));

    assert_int_equal(ops_of(f), before);
    world_restart(f->world, f->fengyuan);
    assert_int_equal(world_rebuild(f->fengyuan), STATUS_OK);
    assert_int_equal(ask(f, "paste.show", number, &out), STATUS_OK);
    assert_true(view_map_text(buf_bytes(&out), "text", &text));
    assert_true(bytes_equal_str(text, TEXT));
    assert_true(view_map_has_text(buf_bytes(&out), "by", "陈某"));
    assert_true(view_map_has_text(buf_bytes(&out), "type", "image/png"));
    assert_true(view_map_uint(buf_bytes(&out), "days_left", &days));
    assert_int_equal(days, 7);
    assert_int_equal(ask(f, "paste.get", number, &out), STATUS_OK);
    assert_true(view_map_get(buf_bytes(&out), "bytes", &raw));
    struct pack_reader reader = pack_reader_of(raw);
    assert_int_equal(pack_read_bin(&reader, &bytes, NULL), STATUS_OK);
    assert_int_equal(sim_count(bytes, PHOTO_PLACE), 0);
    assert_true(sim_count(bytes, TAG) > 4000);

    sim_escalate(f, f->fengyuan, "另一件");
    run_hours(f, 3);
    assert_true(sim_disk_holds(f, 2, bytes_str(TEXT))); /* the test itself can see */
    assert_false(sim_disk_holds(f, 2, bytes_str(TAG))); /* sealed */
    assert_false(sim_disk_holds(f, 2, bytes_str(PHOTO_PLACE)));
    for (int node = 0; node < 4; node++)
        assert_true(node == 2 || !sim_disk_holds(f, node, bytes_str("CANARY-")));
    assert_int_equal(sim_count(world_sent(f->fengyuan), "CANARY-"), 0);
    buf_deinit(&photo);
    buf_deinit(&out);
}

static void the_same_is_kept_once_and_as_long_as_before(void **state)
{
    struct sim_county *f = *state;
    struct buf photo = new_photo(), other = {0};
    uint64_t again = 0;
    bool is_known = false;
    uint64_t number = keep(f, TEXT, buf_bytes(&photo));
    run_hours(f, 6 * 24);

    assert_int_equal(add(f, TEXT, buf_bytes(&photo), &again, &is_known), STATUS_OK);

    assert_true(is_known);
    assert_int_equal(again, number);
    assert_int_equal(listed(f), 1);
    assert_int_equal(sim_status(f, f->fengyuan, "pastes_ending"), 1);
    keep(f, TEXT, (struct bytes){0});
    keep(f, NULL, buf_bytes(&photo));
    assert_int_equal(listed(f), 3);
    buf_deinit(&photo);
    buf_deinit(&other);
}

/* M4: shown escaped where it is shown. */
static void M4_what_was_written_is_kept_as_it_was_written(void **state)
{
    static const char *const texts[] = {"\xe2\x80\xae"
                                        "倒过来",
                                        "\x1b[2J", "'; DROP TABLE pastes", "<script>",
                                        "一\n二\t三"};
    struct sim_county *f = *state;
    struct buf out = {0};
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        uint64_t number = keep(f, texts[i], (struct bytes){0});
        assert_int_equal(ask(f, "paste.show", number, &out), STATUS_OK);
        assert_true(view_map_has_text(buf_bytes(&out), "text", texts[i]));
    }
    buf_deinit(&out);
}

/* --- gone --- */

static void after_seven_days_of_running_no_byte_of_it_is_left(void **state)
{
    struct sim_county *f = *state;
    struct buf photo = new_photo();
    uint64_t number = keep(f, TEXT, buf_bytes(&photo));
    run_hours(f, 5 * 24 - 1);
    assert_int_equal(sim_status(f, f->fengyuan, "pastes_ending"), 0);
    run_hours(f, 1);
    assert_int_equal(sim_status(f, f->fengyuan, "pastes_ending"), 1);
    run_hours(f, 2 * 24 - 1);
    assert_int_equal(listed(f), 1);
    assert_true(sim_disk_holds(f, 2, bytes_str("CANARY-TEXT")));

    run_hours(f, 1);

    assert_false(sim_disk_holds(f, 2, bytes_str("CANARY-TEXT")));
    assert_int_equal(listed(f), 0);
    assert_int_equal(sim_status(f, f->fengyuan, "pastes_ending"), 0);
    assert_int_equal(ask(f, "paste.show", number, NULL), STATUS_NOT_FOUND);
    assert_int_equal(ask(f, "paste.get", number, NULL), STATUS_NOT_FOUND);
    buf_deinit(&photo);
}

static void I9_no_wall_clock_shortens_it_and_none_lengthens_it(void **state)
{
    static const uint64_t walls[] = {0,          1,         1500000000, 4294967295ull,
                                     1ull << 62, 1790000000};
    struct sim_county *f = *state;
    keep(f, TEXT, (struct bytes){0});
    for (size_t i = 0; i < sizeof(walls) / sizeof(walls[0]); i++) {
        world_set_clock(f->world, walls[i], WALL_NTP);
        run_hours(f, 27); /* six times: 162 of 168 */
        assert_int_equal(listed(f), 1);
    }
    run_hours(f, 6);

    assert_int_equal(listed(f), 0);
}

/* A node that is off for a year runs for no day of it; a start loses an hour at most. */
static void while_the_node_is_off_no_time_passes(void **state)
{
    struct sim_county *f = *state;
    keep(f, TEXT, (struct bytes){0});
    run_hours(f, 6 * 24);
    world_power_off(f->world, f->fengyuan);
    run_hours(f, 30 * 24);
    assert_int_equal(world_power_on(f->world, f->fengyuan), STATUS_OK);
    run_hours(f, 1);
    assert_int_equal(sim_status(f, f->fengyuan, "pastes"), 1);

    run_hours(f, 24);

    assert_int_equal(sim_status(f, f->fengyuan, "pastes"), 0);
}

static void what_is_dropped_is_gone_at_once(void **state)
{
    struct sim_county *f = *state;
    struct buf photo = new_photo();
    uint64_t number = keep(f, TEXT, buf_bytes(&photo));
    keep(f, "别的", (struct bytes){0});

    assert_int_equal(ask(f, "paste.drop", number, NULL), STATUS_OK);

    assert_false(sim_disk_holds(f, 2, bytes_str("CANARY-TEXT")));
    assert_int_equal(listed(f), 1);
    assert_int_equal(ask(f, "paste.drop", number, NULL), STATUS_NOT_FOUND);
    assert_true(keep(f, TEXT, buf_bytes(&photo)) > number);
    buf_deinit(&photo);
}

/* --- a case --- */

static bool has_narrative(struct bytes answer, const char *expected)
{
    struct bytes view, text;
    return view_map_get(answer, "view", &view) && view_text(view, "narrative", &text) &&
           bytes_equal_str(text, expected);
}

static bool take_op(void *context, struct bytes file)
{
    struct id op;
    assert_true(view_map_id(file, "op", &op));
    assert_true(view_map_has_text(file, "type", "image/png"));
    hex_encode(context, op.bytes, ID_SIZE);
    return true;
}

static void it_becomes_a_case_with_its_photo_and_is_no_paste_any_more(void **state)
{
    struct sim_county *f = *state;
    struct buf photo = new_photo(), out = {0};
    char file[65] = "";
    uint64_t number = keep(f, TEXT, buf_bytes(&photo));

    assert_int_equal(make_case(f, number, &out, "context", "去年修过"), STATUS_OK);

    assert_true(view_map_has_text(buf_bytes(&out), "number", "2026-0001"));
    assert_int_equal(listed(f), 0);
    assert_int_equal(make_case(f, number, NULL, "context", "再一次"), STATUS_NOT_FOUND);
    SIM_SAY(f, f->fengyuan, &out, "case.show", "case", "2026-0001");
    assert_true(has_narrative(buf_bytes(&out), TEXT));
    SIM_SAY(f, f->fengyuan, &out, "attach.list", "case", "2026-0001");
    assert_int_equal(view_map_count(buf_bytes(&out), "files"), 1);
    view_map_each(buf_bytes(&out), "files", take_op, file);
    SIM_SAY(f, f->fengyuan, &out, "attach.get", "case", "2026-0001", "file", file);
    assert_true(sim_count(buf_bytes(&out), TAG) > 4000);
    buf_deinit(&photo);
    buf_deinit(&out);
}

static void it_may_be_written_in_other_words_and_a_photo_alone_has_to(void **state)
{
    struct sim_county *f = *state;
    struct buf photo = new_photo(), out = {0};
    uint64_t text = keep(f, TEXT, (struct bytes){0});
    uint64_t alone = keep(f, NULL, buf_bytes(&photo));

    assert_int_equal(make_case(f, text, NULL, "narrative", "雨水流进院子"), STATUS_OK);
    SIM_SAY(f, f->fengyuan, &out, "case.show", "case", "2026-0001");
    assert_true(has_narrative(buf_bytes(&out), "雨水流进院子"));
    assert_false(sim_disk_holds(f, 2, bytes_str("CANARY-TEXT")));

    assert_int_equal(make_case(f, alone, NULL, "context", "去年修过"), STATUS_INVALID);
    assert_int_equal(listed(f), 1);
    assert_int_equal(make_case(f, alone, NULL, "narrative", "见照片"), STATUS_OK);
    assert_int_equal(listed(f), 0);
    buf_deinit(&photo);
    buf_deinit(&out);
}

/* All of it or nothing: no case without its photo, and nothing is lost. */
static void what_cannot_become_a_case_whole_stays_as_it_is(void **state)
{
    struct sim_county *f = *state;
    struct buf photo = new_photo();
    char name[128];
    sqlite3 *db;
    uint64_t number = keep(f, TEXT, buf_bytes(&photo)), before = ops_of(f);
    assert_int_equal(make_case(f, number, NULL, "minor", "true"), STATUS_INVALID);
    assert_int_equal(make_case(f, number, NULL, "parties", "[张某]"), STATUS_INVALID);
    world_power_off(f->world, f->fengyuan);
    (void)snprintf(name, sizeof(name), "%s/node-2.db", f->directory);
    assert_int_equal(sqlite3_open(name, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db,
                                  "UPDATE paste_pieces SET bytes = x'0102' "
                                  "WHERE piece = 1",
                                  NULL, NULL, NULL),
                     SQLITE_OK);
    sqlite3_close(db);
    assert_int_equal(world_power_on(f->world, f->fengyuan), STATUS_OK);
    assert_int_equal(world_unlock(f->world, f->fengyuan, "", "246810"), STATUS_OK);

    assert_int_equal(ask(f, "paste.get", number, NULL), STATUS_UNVERIFIED);
    assert_int_equal(make_case(f, number, NULL, "context", "去年"), STATUS_UNVERIFIED);

    assert_int_equal(ops_of(f), before);
    assert_int_equal(listed(f), 1);
    assert_int_equal(ask(f, "paste.show", number, NULL), STATUS_OK);
    buf_deinit(&photo);
}

/* --- refused --- */

static void what_may_not_be_pasted_in_is_said_and_nothing_is_kept(void **state)
{
    struct sim_county *f = *state;
    struct buf large = {0};
    uint64_t number;
    bool is_known;
    static const struct {
        const char *bytes;
        size_t len;
        enum status status;
    } rows[] = {
        {"", 0, STATUS_INVALID},
        {"some text", 9, STATUS_UNSUPPORTED},
        {"%PDF-1.7", 8, STATUS_UNSUPPORTED},
        {"\xff\xd8\xff\xe0\x00", 5, STATUS_INVALID}, /* a JPEG cut short */
        {"\x89PNG\r\n\x1a\n\xff", 9, STATUS_INVALID},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        assert_int_equal(
            add(f, "一", bytes_of(rows[i].bytes, rows[i].len), &number, &is_known),
            rows[i].status);
    char *text = calloc(1, 20001);
    assert_non_null(text);
    memset(text, 'x', 20000);
    assert_int_equal(add(f, text, (struct bytes){0}, &number, &is_known),
                     STATUS_TOO_LARGE);
    text[16384] = '\0'; /* as much as a narrative */
    assert_int_equal(ask(f, "paste.drop", keep(f, text, (struct bytes){0}), NULL),
                     STATUS_OK);
    free(text);
    buf_add(&large, "\x89PNG\r\n\x1a\n", 8);
    uint8_t *room = buf_reserve(&large, ATTACHMENT_SIZE_MAX);
    assert_non_null(room);
    memset(room, 0, ATTACHMENT_SIZE_MAX);
    large.len += ATTACHMENT_SIZE_MAX;
    assert_int_equal(add(f, NULL, buf_bytes(&large), &number, &is_known),
                     STATUS_TOO_LARGE);
    assert_int_equal(add(f, NULL, (struct bytes){0}, &number, &is_known), STATUS_INVALID);
    assert_int_equal(add(f, "", (struct bytes){0}, &number, &is_known), STATUS_INVALID);
    assert_int_equal(
        world_say(f->world, f->fengyuan, NULL, "paste.add", "photo", "甲", NULL),
        STATUS_INVALID);
    assert_int_equal(listed(f), 0);
    buf_deinit(&large);
}

/* Its short JFIF segment is written out whole, nine bytes more. */
static void a_photo_that_grows_beyond_the_limit_is_refused(void **state)
{
    static const uint8_t head[] = {0xff, 0xd8, 0xff, 0xe0, 0,    7,    'J',  'F',  'I',
                                   'F',  0,    0xff, 0xc0, 0,    0x0b, 8,    0,    8,
                                   0,    8,    1,    1,    0x11, 0,    0xff, 0xda, 0,
                                   8,    1,    1,    0,    0,    0x3f, 0};
    struct sim_county *f = *state;
    struct buf photo = {0};
    uint64_t number;
    bool is_known;
    buf_add(&photo, head, sizeof(head));
    size_t len = ATTACHMENT_SIZE_MAX - sizeof(head) - 2;
    uint8_t *scan = buf_reserve(&photo, len);
    assert_non_null(scan);
    memset(scan, 0x55, len);
    photo.len += len;
    buf_add(&photo, "\xff\xd9", 2);
    assert_int_equal(photo.len, ATTACHMENT_SIZE_MAX);

    assert_int_equal(add(f, "照片", buf_bytes(&photo), &number, &is_known),
                     STATUS_TOO_LARGE);

    assert_int_equal(listed(f), 0);
    buf_deinit(&photo);
}

static void what_has_had_its_time_is_not_known_any_more(void **state)
{
    struct sim_county *f = *state;
    bool is_known = true;
    uint64_t again = 0, number = keep(f, TEXT, (struct bytes){0});
    run_hours(f, 7 * 24 - 1);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(listed(f), 1);
        world_tick(f->world, 31 * 60 * 1000);
        while (world_step(f->world))
            continue;
        if (i == 0)
            continue;
        assert_int_equal(add(f, TEXT, (struct bytes){0}, &again, &is_known), STATUS_OK);
    }
    assert_false(is_known);
    assert_int_not_equal(again, number);
    assert_int_equal(listed(f), 1);
}

static void a_number_that_is_none_is_not_found(void **state)
{
    static const char *const methods[] = {"paste.show", "paste.get", "paste.drop"};
    static const char *const numbers[] = {"#0", "#9", "#18446744073709551615", "九"};
    struct sim_county *f = *state;
    uint64_t number = keep(f, TEXT, (struct bytes){0});
    for (size_t i = 0; i < 3; i++) {
        for (size_t n = 0; n < sizeof(numbers) / sizeof(numbers[0]); n++)
            assert_int_equal(world_say(f->world, f->fengyuan, NULL, methods[i], "paste",
                                       numbers[n], NULL),
                             STATUS_NOT_FOUND);
        assert_int_equal(world_say(f->world, f->fengyuan, NULL, methods[i], NULL),
                         STATUS_NOT_FOUND);
    }
    assert_int_equal(ask(f, "paste.get", number, NULL), STATUS_NOT_FOUND); /* no photo */
    assert_int_equal(listed(f), 1);
}

static void so_many_wait_and_no_more(void **state)
{
    struct sim_county *f = *state;
    struct buf photo = new_photo();
    struct store *store = world_store(f->fengyuan);
    uint64_t number;
    bool is_known;
    struct store_paste large = {
        .digest = {{1}}, .author = {{2}}, .left_s = 99999, .size = PASTES_BYTES_MAX};
    int64_t row = 0;
    assert_int_equal(store_begin(store), STATUS_OK);
    assert_int_equal(store_paste_add(store, &large, &row), STATUS_OK);
    assert_int_equal(store_commit(store), STATUS_OK);
    assert_int_equal(add(f, NULL, buf_bytes(&photo), &number, &is_known),
                     STATUS_TOO_LARGE);
    for (int i = 1; i < PASTES_MAX; i++) {
        char text[24];
        (void)snprintf(text, sizeof(text), "第%d条", i);
        (void)keep(f, text, (struct bytes){0});
    }

    assert_int_equal(add(f, "又一条", (struct bytes){0}, &number, &is_known),
                     STATUS_TOO_LARGE);

    assert_int_equal(listed(f), PASTES_MAX);
    assert_int_equal(ask(f, "paste.drop", (uint64_t)row, NULL), STATUS_OK);
    keep(f, NULL, buf_bytes(&photo));
    buf_deinit(&photo);
}

static void who_may_write_no_case_keeps_and_drops_nothing(void **state)
{
    struct sim_county *f = *state;
    uint64_t number = keep(f, TEXT, (struct bytes){0}), other;
    bool is_known;
    sim_add_person(f, f->fengyuan, "王某", "desk", NULL);
    assert_int_equal(world_unlock(f->world, f->fengyuan, "王某", "135791"), STATUS_OK);

    assert_int_equal(add(f, "一", (struct bytes){0}, &other, &is_known), STATUS_DENIED);
    assert_int_equal(ask(f, "paste.drop", number, NULL), STATUS_DENIED);
    assert_int_equal(make_case(f, number, NULL, "context", "去年"), STATUS_DENIED);

    assert_int_equal(listed(f), 1);
}

#define TEST(name)                                                                       \
    cmocka_unit_test_setup_teardown(name, sim_county_set_up, sim_county_tear_down)
#define IN_MEMORY(name)                                                                  \
    cmocka_unit_test_setup_teardown(name, sim_county_set_up_in_memory,                   \
                                    sim_county_tear_down_in_memory)

/* The smallest there is: two lines of a grey picture. */
static struct buf new_jpeg(void)
{
    static const uint8_t before[] = {0xff, 0xd8, 0xff, 0xdb, 0, 0x43, 0};
    static const uint8_t behind[] = {
        0xff, 0xc0, 0, 0x0b, 8, 0, 0x10, 0, 0x20, 1, 1,    0x11, 0, /* the frame */
        0xff, 0xc4, 0, 0x14, 0, 0, 1,    0, 0,    0, 0,    0,    0,
        0,    0,    0, 0,    0, 0, 0,    0, 5,                   /* a Huffman table */
        0xff, 0xda, 0, 8,    1, 1, 0,    0, 0x3f, 0, 0x12, 0x34, /* the scan */
        0xff, 0xd9};
    struct buf photo = {0};
    buf_add(&photo, before, sizeof(before));
    for (uint8_t i = 0; i < 64; i++)
        buf_add(&photo, &i, 1);
    buf_add(&photo, behind, sizeof(behind));
    return photo;
}

static bool keep_name(void *context, struct bytes file)
{
    *(bool *)context |= view_map_has_text(file, "name", "paste-1.jpg");
    return true;
}

static void a_photo_is_called_by_what_it_is(void **state)
{
    struct sim_county *f = *state;
    struct buf photo = new_jpeg(), out = {0};
    bool is_called = false;
    assert_int_equal(keep(f, TEXT, buf_bytes(&photo)), 1);
    SIM_SAY(f, f->fengyuan, NULL, "paste.case", "category", "邻里", "paste", "#1",
            "title", "水沟");

    SIM_SAY(f, f->fengyuan, &out, "attach.list", "case", "2026-0001");

    view_map_each(buf_bytes(&out), "files", keep_name, &is_called);
    assert_true(is_called);
    buf_deinit(&photo);
    buf_deinit(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_was_pasted_in_is_on_this_machine_alone),
        IN_MEMORY(a_photo_that_grows_beyond_the_limit_is_refused),
        IN_MEMORY(what_has_had_its_time_is_not_known_any_more),
        IN_MEMORY(the_same_is_kept_once_and_as_long_as_before),
        IN_MEMORY(M4_what_was_written_is_kept_as_it_was_written),
        TEST(after_seven_days_of_running_no_byte_of_it_is_left),
        IN_MEMORY(I9_no_wall_clock_shortens_it_and_none_lengthens_it),
        IN_MEMORY(while_the_node_is_off_no_time_passes),
        TEST(what_is_dropped_is_gone_at_once),
        IN_MEMORY(it_becomes_a_case_with_its_photo_and_is_no_paste_any_more),
        TEST(it_may_be_written_in_other_words_and_a_photo_alone_has_to),
        TEST(what_cannot_become_a_case_whole_stays_as_it_is),
        IN_MEMORY(what_may_not_be_pasted_in_is_said_and_nothing_is_kept),
        IN_MEMORY(a_number_that_is_none_is_not_found),
        IN_MEMORY(so_many_wait_and_no_more),
        IN_MEMORY(who_may_write_no_case_keeps_and_drops_nothing),
        TEST(a_photo_is_called_by_what_it_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
