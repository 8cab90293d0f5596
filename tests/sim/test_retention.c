/* Cases that have had their time: erased after a notice, and by no clock alone (I9). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "node/cases/view.h"
#include "storage/store_retention.h"
#include "tests/support/crash_vfs.h"
#include "tests/support/scratch.h"
#include "tests/support/world.h"

#define HOUR_MS (3600u * 1000)
#define DAY (24ull * 3600)
#define YEAR (366 * DAY)
#define NOON_2026 1790000000ull
#define IN_2106 4294967295ull
#define TITLE "CANARY-title-of-a-quarrel"
#define STORY "CANARY-story-of-a-quarrel"
#define TRIAGE "CANARY-why-it-goes-up"
#define ADVICE "ADVICE-of-the-township"
#define LATE "CANARY-said-when-all-was-over"

struct village {
    struct world *world;
    struct world_node *node;
    struct crash_vfs *disk;
    char directory[SCRATCH_SIZE];
    char number[32];
};

#define SAY(v, out, ...)                                                                 \
    assert_int_equal(world_say((v)->world, (v)->node, out, __VA_ARGS__, NULL), STATUS_OK)

/* Hours pass, in which nobody does anything. */
static void run_days(struct village *v, uint32_t days)
{
    for (uint32_t i = 0; i < 24 * days; i++) {
        world_tick(v->world, HOUR_MS);
        while (world_step(v->world))
            continue;
    }
}

static void off_and_on_at(struct village *v, uint64_t wall, enum wall_quality quality)
{
    world_power_off(v->world, v->node);
    world_set_clock(v->world, wall, quality);
    assert_int_equal(world_power_on(v->world, v->node), STATUS_OK);
    assert_int_equal(world_unlock(v->world, v->node, "", "246810"), STATUS_OK);
}

static void write_case(struct village *v)
{
    struct buf out = {0};
    struct bytes number;
    SAY(v, &out, "case.new", "category", "邻里", "title", TITLE, "narrative", STORY,
        "context", "去年修过。", "parties", "[张某=申请人]");
    assert_true(view_map_text(buf_bytes(&out), "number", &number));
    (void)snprintf(v->number, sizeof(v->number), "%.*s", (int)number.len,
                   (const char *)number.data);
    SAY(v, &out, "case.identity", "case", v->number, "party", "张某", "phone",
        "138 0000 0000");
    buf_deinit(&out);
}

static void close_case(struct village *v)
{
    SAY(v, NULL, "case.close", "case", v->number, "outcome", "agreement", "oral", "true",
        "text", "两家和解", "follow_up", "当面点头");
}

/* A village with a closed case whose rule is no year at all, or one. */
static int set_up(void **state)
{
    struct village *v = calloc(1, sizeof(*v));
    assert_non_null(v);
    scratch_make(v->directory);
    v->disk = crash_vfs_new("sim-retention", (struct crash_disk){.seed = 5});
    assert_non_null(v->disk);
    v->world = world_new(v->directory, 5);
    world_use_vfs(v->world, "sim-retention");
    v->node = world_found(v->world, "village", "枫源村", "village:1");
    write_case(v);
    *state = v;
    return 0;
}

static int tear_down(void **state)
{
    struct village *v = *state;
    world_free(v->world);
    crash_vfs_free(v->disk);
    scratch_remove(v->directory);
    free(v);
    return 0;
}

static enum status ask_years(struct village *v, const char *category, uint32_t years,
                             uint32_t identity_years, struct buf *out)
{
    struct buf map = {0};
    pack_map(&map, 3);
    pack_str(&map, "category");
    pack_str(&map, category);
    pack_str(&map, "identity_years");
    pack_uint(&map, identity_years);
    pack_str(&map, "years");
    pack_uint(&map, years);
    enum status status =
        world_call(v->world, v->node, "retention.set", buf_bytes(&map), out);
    buf_deinit(&map);
    return status;
}

static void set_years(struct village *v, uint32_t years, uint32_t identity_years)
{
    assert_int_equal(ask_years(v, "邻里", years, identity_years, NULL), STATUS_OK);
}

static struct bytes show(struct village *v, struct buf *out)
{
    struct bytes view;
    SAY(v, out, "case.show", "case", v->number);
    assert_true(view_map_get(buf_bytes(out), "view", &view));
    return view;
}

static bool has_title(struct village *v)
{
    struct buf out = {0};
    struct bytes title;
    bool is_shown = view_text(show(v, &out), "title", &title);
    buf_deinit(&out);
    return is_shown;
}

static uint32_t count(struct village *v, const char *list)
{
    struct buf out = {0};
    uint32_t len = view_map_count(show(v, &out), list);
    buf_deinit(&out);
    return len;
}

static bool first_days(void *context, struct bytes notice)
{
    (void)view_map_uint(notice, "days_left", context);
    return false;
}

/* Days that the notice still stands; 0: there is none. */
static uint64_t days_left(struct village *v)
{
    struct buf out = {0};
    uint64_t days = 0;
    SAY(v, &out, "retention.list");
    view_map_each(buf_bytes(&out), "notices", first_days, &days);
    buf_deinit(&out);
    return days;
}

static bool match_rule(void *context, struct bytes tombstone)
{
    struct bytes *rule = context;
    return view_map_text(tombstone, "rule", rule);
}

/* Of the last tombstone. */
static bool says_rule(struct village *v, const char *expected)
{
    struct buf out = {0};
    struct bytes rule = {0};
    view_map_each(show(v, &out), "retired", match_rule, &rule);
    bool is_so = bytes_equal_str(rule, expected);
    buf_deinit(&out);
    return is_so;
}

/* In the database, its free pages, its WAL and its mark. */
static bool disk_of_node_holds(struct village *v, int node, const char *text)
{
    static const char *const suffixes[] = {"", "-wal", "-mark"};
    bool is_found = false;
    for (int i = 0; i < 3; i++) {
        char path[SCRATCH_SIZE + 32];
        size_t len;
        (void)snprintf(path, sizeof(path), "%s/node-%d.db%s", v->directory, node,
                       suffixes[i]);
        const uint8_t *bytes = crash_vfs_file(v->disk, path, &len);
        if (bytes != NULL && memmem(bytes, len, text, strlen(text)) != NULL)
            is_found = true;
    }
    return is_found;
}

static bool disk_holds(struct village *v, const char *text)
{
    return disk_of_node_holds(v, 0, text);
}

static enum status copy_row(void *context, const struct store_retention *row)
{
    *(struct store_retention *)context = *row;
    return STATUS_OK;
}

static struct store_retention closed_row(struct village *v)
{
    struct store_retention row = {.due = 0};
    assert_int_equal(store_retentions(world_store(v->node), copy_row, &row), STATUS_OK);
    return row;
}

static void say_nothing(void *context, const char *finding)
{
    (void)context;
    fail_msg("%s", finding);
}

static void
a_closed_case_is_erased_after_its_years_and_thirty_days_of_notice(void **state)
{
    struct village *v = *state;
    set_years(v, 1, 0);
    close_case(v);

    run_days(v, 29);
    assert_int_equal(count(v, "identities"), 1);
    assert_int_equal(days_left(v), 1);
    run_days(v, 2);
    assert_int_equal(count(v, "identities"), 0);
    assert_true(has_title(v));
    assert_int_equal(days_left(v), 0);

    off_and_on_at(v, NOON_2026 + YEAR, WALL_NTP);
    run_days(v, 29);
    assert_true(has_title(v));
    assert_true(disk_holds(v, TITLE));
    run_days(v, 2);

    assert_false(has_title(v));
    assert_int_equal(count(v, "retired"), 2);
    assert_int_equal(count(v, "refused"), 0);
    assert_false(disk_holds(v, TITLE));
    assert_false(disk_holds(v, STORY));
    assert_int_equal(store_check(world_store(v->node), say_nothing, NULL), STATUS_OK);
    assert_int_equal(world_rebuild(v->node), STATUS_OK);
    assert_false(has_title(v));
    assert_int_equal(days_left(v), 0);

    /* Of two stones it is the last that tells how long. */
    SAY(v, NULL, "case.note", "case", v->number, "text", LATE);
    off_and_on_at(v, NOON_2026 + 2 * YEAR, WALL_NTP);
    run_days(v, 31);
    off_and_on_at(v, NOON_2026 + 3 * YEAR + 40 * DAY, WALL_NTP);
    run_days(v, 32);
    assert_false(disk_holds(v, LATE));
}

static void put(struct village *v, const char *name, struct bytes value)
{
    struct store *store = world_store(v->node);
    assert_int_equal(store_begin(store), STATUS_OK);
    assert_int_equal(store_meta_put(store, name, value), STATUS_OK);
    assert_int_equal(store_commit(store), STATUS_OK);
}

/* The disk changed a byte of what the node keeps for itself. */
static void D1_a_row_of_its_own_that_cannot_be_read_stops_the_node(void **state)
{
    static const struct {
        const char *name, *bytes, *method;
        size_t len;
    } rows[] = {
        {"clock-trust", "\x05", "retention.list", 1},
        {"clock-trust", "\x92\xa1x\x01", "retention.list", 4},
        {"clock-trust", "\x92\x01\xa1x", "retention.list", 4},
        {"due", "\x05", "due.table", 1},
    };
    struct village *v = *state;
    world_let_stop(v->node);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        world_power_off(v->world, v->node);
        assert_int_equal(world_power_on(v->world, v->node), STATUS_OK);
        put(v, rows[i].name, bytes_of(rows[i].bytes, rows[i].len));

        assert_int_not_equal(world_say(v->world, v->node, NULL, rows[i].method, NULL),
                             STATUS_OK);

        assert_true(world_has_stopped(v->node));
    }
}

/* A clock that ran ahead once let it be closed in a year that has not come. */
static void what_was_closed_in_the_future_is_closed_now(void **state)
{
    struct village *v = *state;
    set_years(v, 1, 1);
    close_case(v);
    run_days(v, 1);
    struct store_retention row = closed_row(v);
    row.closed_at += 10 * YEAR;
    assert_int_equal(store_begin(world_store(v->node)), STATUS_OK);
    assert_int_equal(store_retention_put(world_store(v->node), &row), STATUS_OK);
    assert_int_equal(store_commit(world_store(v->node)), STATUS_OK);

    run_days(v, 1);

    assert_in_range(closed_row(v).closed_at, NOON_2026 + DAY, NOON_2026 + 2 * DAY);
}

/* Each clock for forty days of running, on the case whose time is over at once. */
static void no_clock_that_is_wrong_erases_anything(void **state)
{
    static const struct {
        uint64_t wall;
        enum wall_quality quality;
        bool at_boot;
    } clocks[] = {
        {IN_2106, WALL_NTP, false},
        {IN_2106, WALL_NTP, true},
        {3600, WALL_NTP, false},
        {3600, WALL_NTP, true},
        {NOON_2026 - YEAR, WALL_NTP, true},
        {NOON_2026 + 50 * YEAR, WALL_RTC, false},
    };
    struct village *v = *state;
    set_years(v, 1, 1);
    close_case(v);
    run_days(v, 1);
    for (size_t i = 0; i < sizeof(clocks) / sizeof(clocks[0]); i++) {
        if (clocks[i].at_boot)
            off_and_on_at(v, clocks[i].wall, clocks[i].quality);
        else
            world_set_clock(v->world, clocks[i].wall, clocks[i].quality);
        run_days(v, 40);
        assert_true(has_title(v));
        assert_int_equal(count(v, "identities"), 1);
        assert_int_equal(days_left(v), 0);
    }
}

static void a_jump_of_the_clock_begins_the_notice_anew(void **state)
{
    struct village *v = *state;
    set_years(v, 0, 0);
    close_case(v);
    run_days(v, 20);
    assert_true(days_left(v) < 12);

    world_set_clock(v->world, NOON_2026 + 60 * DAY, WALL_NTP);
    run_days(v, 20);

    assert_true(has_title(v));
    assert_true(days_left(v) > 9);
    run_days(v, 11);
    assert_false(has_title(v));
}

static void a_notice_survives_a_power_cut(void **state)
{
    struct village *v = *state;
    set_years(v, 0, 0);
    close_case(v);
    run_days(v, 29);
    off_and_on_at(v, NOON_2026 + 40 * DAY, WALL_NTP);
    assert_int_equal(days_left(v), 1);
    run_days(v, 2);
    assert_false(has_title(v));
}

/* The image has neither the tombstone nor the last days of the notice. */
static void an_older_image_that_is_put_back_is_erased_again(void **state)
{
    struct village *v = *state;
    set_years(v, 0, 0);
    close_case(v);
    run_days(v, 20);
    world_power_off(v->world, v->node);
    crash_vfs_keep(v->disk);
    assert_int_equal(world_power_on(v->world, v->node), STATUS_OK);
    run_days(v, 11);
    assert_false(has_title(v));

    world_power_off(v->world, v->node);
    crash_vfs_set_back(v->disk);
    assert_int_equal(world_power_on(v->world, v->node), STATUS_OK);
    assert_true(has_title(v));
    run_days(v, 11);

    assert_false(has_title(v));
    assert_false(disk_holds(v, TITLE));
}

static void a_steward_keeps_a_case_and_lets_it_go(void **state)
{
    struct village *v = *state;
    set_years(v, 0, 0);
    close_case(v);
    run_days(v, 29);

    SAY(v, NULL, "retention.keep", "case", v->number, "reason", "法院调卷");
    run_days(v, 35);
    assert_true(has_title(v));
    assert_int_equal(days_left(v), 0);
    SAY(v, NULL, "retention.keep", "case", v->number, "reason", "已归还", "end", "true");
    run_days(v, 29);
    assert_true(has_title(v));
    run_days(v, 2);

    assert_false(has_title(v));
}

static void a_case_that_is_opened_again_is_not_erased(void **state)
{
    struct village *v = *state;
    set_years(v, 0, 0);
    close_case(v);
    run_days(v, 20);
    SAY(v, NULL, "case.reopen", "case", v->number, "reason", "又来了");
    run_days(v, 20);
    assert_true(has_title(v));
    assert_int_equal(days_left(v), 0);
}

/* Those words have their own time: the years of the rule that took the others, though the
 * category that chose it is gone. */
static void what_is_said_after_the_erasure_goes_the_next_time(void **state)
{
    struct village *v = *state;
    set_years(v, 0, 0);
    assert_int_equal(ask_years(v, "*", 30, 1, NULL), STATUS_OK);
    close_case(v);
    run_days(v, 31);
    assert_false(has_title(v));

    SAY(v, NULL, "case.note", "case", v->number, "text", LATE);
    run_days(v, 29);
    assert_true(disk_holds(v, LATE));
    run_days(v, 2);

    assert_false(disk_holds(v, LATE));
    assert_int_equal(count(v, "retired"), 2);
    run_days(v, 31);
    assert_int_equal(count(v, "retired"), 2);
    assert_true(says_rule(v, "category"));
}

static void what_was_opened_and_closed_again_is_erased_again(void **state)
{
    struct village *v = *state;
    set_years(v, 0, 0);
    close_case(v);
    run_days(v, 31);

    SAY(v, NULL, "case.reopen", "case", v->number, "reason", LATE);
    close_case(v);
    run_days(v, 31);

    assert_false(disk_holds(v, LATE));
    assert_int_equal(count(v, "retired"), 2);
}

/* Under the rule for all others, late words follow the years that stand on the stone. */
static void a_tombstone_of_the_rule_for_others_is_followed_too(void **state)
{
    struct village *v = *state;
    assert_int_equal(ask_years(v, "*", 0, 0, NULL), STATUS_OK);
    close_case(v);
    run_days(v, 31);
    assert_false(has_title(v));
    assert_int_equal(ask_years(v, "*", 30, 1, NULL), STATUS_OK);

    SAY(v, NULL, "case.note", "case", v->number, "text", LATE);
    run_days(v, 31);

    assert_false(disk_holds(v, LATE));
    assert_true(says_rule(v, "others"));
}

/* Of its op type and size are left, and go with the rest. */
static void a_case_whose_file_was_taken_away_is_erased_as_any_other(void **state)
{
    struct village *v = *state;
    struct buf map = {0}, out = {0};
    struct id op;
    char hex[13];
    set_years(v, 0, 0);
    pack_map(&map, 3);
    pack_str(&map, "bytes");
    pack_bin(&map, STORY, strlen(STORY));
    pack_str(&map, "case");
    pack_str(&map, v->number);
    pack_str(&map, "name");
    pack_str(&map, LATE);
    assert_int_equal(world_call(v->world, v->node, "attach.add", buf_bytes(&map), &out),
                     STATUS_OK);
    assert_true(view_map_id(buf_bytes(&out), "op", &op));
    hex_encode(hex, op.bytes, 6);
    assert_true(disk_holds(v, LATE));
    SAY(v, NULL, "attach.remove", "case", v->number, "file", hex, "reason", "拍错了");
    assert_false(disk_holds(v, LATE));
    assert_true(disk_holds(v, "text/plain"));

    close_case(v);
    run_days(v, 31);

    assert_false(disk_holds(v, "text/plain"));
    assert_int_equal(count(v, "refused"), 0);
    assert_int_equal(store_check(world_store(v->node), say_nothing, NULL), STATUS_OK);
    buf_deinit(&map);
    buf_deinit(&out);
}

/* --- what went up --- */

#define TOWNSHIP 1

/* The case goes up with its title, its context and its parties; the record, in hex. */
static void send_up(struct village *v, char hex[static 65])
{
    struct buf out = {0};
    struct id record;
    SAY(v, NULL, "case.triage", "case", v->number, "decision", "escalate", "beyond",
        "true", "reason", TRIAGE);
    SAY(v, NULL, "case.consent", "case", v->number, "party", "张某", "fields",
        "[title,context,parties]", "manner", "oral", "witness", "王某");
    SAY(v, &out, "escalate.release", "case", v->number, "fields",
        "[title,context,parties]", "reason", TRIAGE);
    assert_true(view_map_id(buf_bytes(&out), "escalation", &record));
    hex_encode(hex, record.bytes, ID_SIZE);
    world_run(v->world, 5000);
    buf_deinit(&out);
}

static uint32_t found(struct village *v, const char *words)
{
    struct buf out = {0};
    SAY(v, &out, "search", "words", words);
    uint32_t hits = view_map_count(buf_bytes(&out), "hits");
    buf_deinit(&out);
    return hits;
}

static bool state_is(struct village *v, struct world_node *node, const char *hex,
                     const char *expected)
{
    struct buf out = {0};
    struct bytes view;
    assert_int_equal(
        world_say(v->world, node, &out, "escalation.show", "escalation", hex, NULL),
        STATUS_OK);
    assert_true(view_map_get(buf_bytes(&out), "view", &view));
    bool is_so = bytes_equal_str(view_state(view), expected);
    buf_deinit(&out);
    return is_so;
}

/* A rule erases at home. What others hold is theirs to keep until the village recalls it,
 * which needs nothing of what was erased. */
static void what_went_up_is_erased_at_home_with_its_case_and_can_be_recalled(void **state)
{
    struct village *v = *state;
    char hex[65];
    struct world_node *township =
        world_found(v->world, "township", "青河镇", "township:1");
    world_pair(v->world, township, v->node);
    set_years(v, 0, 0);
    send_up(v, hex);
    assert_int_equal(
        world_say(v->world, township, NULL, "escalation.open", "escalation", hex, NULL),
        STATUS_OK);
    assert_int_equal(world_say(v->world, township, NULL, "escalation.advise",
                               "escalation", hex, "text", ADVICE, NULL),
                     STATUS_OK);
    world_run(v->world, 5000);
    close_case(v);
    assert_int_equal(found(v, TITLE), 2);

    run_days(v, 31);

    assert_false(has_title(v));
    assert_int_equal(found(v, TITLE), 0);
    assert_false(disk_holds(v, TITLE));
    assert_false(disk_holds(v, TRIAGE));
    assert_true(disk_holds(v, ADVICE));
    assert_true(disk_of_node_holds(v, TOWNSHIP, TITLE));
    assert_true(state_is(v, v->node, hex, "advised"));
    assert_true(state_is(v, township, hex, "advised"));
    assert_int_equal(store_check(world_store(v->node), say_nothing, NULL), STATUS_OK);
    assert_int_equal(world_rebuild(v->node), STATUS_OK);
    assert_int_equal(found(v, TITLE), 0);

    SAY(v, NULL, "escalation.recall", "escalation", hex, "reason", "已过保存期");
    world_run(v->world, 5000);
    assert_false(disk_of_node_holds(v, TOWNSHIP, TITLE));
}

static void nobody_vouches_for_a_clock_that_is_not_set(void **state)
{
    struct village *v = *state;
    struct buf out = {0};
    world_set_clock(v->world, 0, WALL_NONE);

    assert_int_equal(world_say(v->world, v->node, &out, "retention.trust_clock", "today",
                               "1970-01-01", NULL),
                     STATUS_INVALID);

    assert_non_null(memmem(out.data, out.len, "clock is not set", 16));
    buf_deinit(&out);
}

static void where_no_network_sets_the_clock_a_steward_says_what_day_it_is(void **state)
{
    struct village *v = *state;
    world_set_clock(v->world, NOON_2026, WALL_RTC);
    set_years(v, 0, 0);
    close_case(v);
    run_days(v, 40);
    assert_true(has_title(v));

    assert_int_equal(world_say(v->world, v->node, NULL, "retention.trust_clock", "today",
                               "2027-01-01", NULL),
                     STATUS_DENIED);
    assert_int_equal(world_say(v->world, v->node, NULL, "retention.trust_clock", "today",
                               "tomorrow", NULL),
                     STATUS_INVALID);
    /* The day before, the day after, and only then the day itself. */
    assert_int_equal(world_say(v->world, v->node, NULL, "retention.trust_clock", "today",
                               "2026-10-30", NULL),
                     STATUS_DENIED);
    assert_int_equal(world_say(v->world, v->node, NULL, "retention.trust_clock", "today",
                               "2026-11-01", NULL),
                     STATUS_DENIED);
    SAY(v, NULL, "retention.trust_clock", "today", "2026-10-31");
    run_days(v, 10);
    /* A word is for the clock as it is: a jump, and it has to be said again. */
    world_set_clock(v->world, NOON_2026 + 52 * DAY, WALL_RTC);
    run_days(v, 40);
    assert_true(has_title(v));
    SAY(v, NULL, "retention.trust_clock", "today", "2026-12-22");
    run_days(v, 31);

    assert_false(has_title(v));
}

static void rules_that_make_no_sense_are_refused_and_the_old_ones_stand(void **state)
{
    struct village *v = *state;
    struct buf before = {0}, after = {0}, out = {0};
    set_years(v, 5, 1);
    SAY(v, &before, "retention.list");

    assert_int_equal(ask_years(v, "邻里", 3, 4, &out), STATUS_INVALID);
    assert_non_null(memmem(out.data, out.len, "at most years", 13));
    buf_clear(&out);
    assert_int_equal(ask_years(v, "邻里", 101, 1, &out), STATUS_INVALID);
    assert_non_null(memmem(out.data, out.len, "0 to 100", 8));

    SAY(v, &after, "retention.list");
    assert_true(bytes_equal(buf_bytes(&before), buf_bytes(&after)));
    buf_deinit(&before);
    buf_deinit(&after);
    buf_deinit(&out);
}

/* Two hours on it is still the 21st at Greenwich, and past midnight in the village. */
static void the_day_that_a_steward_says_is_that_of_the_village(void **state)
{
    struct village *v = *state;
    world_set_clock(v->world, NOON_2026 + 2ull * 3600, WALL_RTC);
    assert_int_equal(world_say(v->world, v->node, NULL, "retention.trust_clock", "today",
                               "2026-09-21", NULL),
                     STATUS_DENIED);
    SAY(v, NULL, "retention.trust_clock", "today", "2026-09-22");
}

static void who_is_no_steward_decides_nothing_and_bad_rules_are_refused(void **state)
{
    struct village *v = *state;
    set_years(v, 5, 1);
    SAY(v, NULL, "person.add", "name", "王某", "role", "mediator", "pin", "135791");
    assert_int_equal(
        world_say(v->world, v->node, NULL, "retention.set", "category", "邻里", NULL),
        STATUS_INVALID);
    assert_int_equal(world_unlock(v->world, v->node, "王某", "135791"), STATUS_OK);
    assert_int_equal(
        world_say(v->world, v->node, NULL, "retention.set", "category", "邻里", NULL),
        STATUS_DENIED);
    assert_int_equal(world_say(v->world, v->node, NULL, "retention.keep", "case",
                               v->number, "reason", "我想", NULL),
                     STATUS_DENIED);
    assert_int_equal(world_say(v->world, v->node, NULL, "retention.trust_clock", "today",
                               "2026-09-21", NULL),
                     STATUS_DENIED);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_closed_case_is_erased_after_its_years_and_thirty_days_of_notice),
        TEST(D1_a_row_of_its_own_that_cannot_be_read_stops_the_node),
        TEST(what_was_closed_in_the_future_is_closed_now),
        TEST(no_clock_that_is_wrong_erases_anything),
        TEST(a_jump_of_the_clock_begins_the_notice_anew),
        TEST(a_notice_survives_a_power_cut),
        TEST(an_older_image_that_is_put_back_is_erased_again),
        TEST(a_steward_keeps_a_case_and_lets_it_go),
        TEST(a_case_that_is_opened_again_is_not_erased),
        TEST(what_is_said_after_the_erasure_goes_the_next_time),
        TEST(what_was_opened_and_closed_again_is_erased_again),
        TEST(a_tombstone_of_the_rule_for_others_is_followed_too),
        TEST(a_case_whose_file_was_taken_away_is_erased_as_any_other),
        TEST(what_went_up_is_erased_at_home_with_its_case_and_can_be_recalled),
        TEST(nobody_vouches_for_a_clock_that_is_not_set),
        TEST(rules_that_make_no_sense_are_refused_and_the_old_ones_stand),
        TEST(where_no_network_sets_the_clock_a_steward_says_what_day_it_is),
        TEST(the_day_that_a_steward_says_is_that_of_the_village),
        TEST(who_is_no_steward_decides_nothing_and_bad_rules_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
