/* Two copies of one machine that run at once: who notices, who is told, and what is no
 * copy. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "node/cases/view.h"
#include "node/core/instance.h"
#include "proto/channel.h"
#include "tests/sim/sim_folder.h"
#include "tests/sim/sim_laptop.h"

#define MINUTES (UINT64_C(60) * 1000)

/* --- what a node says --- */

struct sought {
    const char *kind, *machine;
    uint64_t times;
    uint32_t others; /* alarms of another kind, or about another machine */
};

static bool look_at_alarm(void *context, struct bytes alarm)
{
    struct sought *sought = context;
    struct bytes kind, machine;
    assert_true(view_map_text(alarm, "kind", &kind));
    assert_true(view_map_text(alarm, "machine", &machine));
    if (bytes_equal_str(kind, sought->kind) && bytes_equal_str(machine, sought->machine))
        assert_true(view_map_uint(alarm, "times", &sought->times));
    else
        sought->others++;
    return true;
}

struct of_peer {
    const struct id *site;
    struct sought *sought;
};

static bool look_at_peer(void *context, struct bytes peer)
{
    struct of_peer *of = context;
    struct id site;
    assert_true(view_map_id(peer, "site", &site));
    if (id_equal(&site, of->site))
        view_map_each(peer, "alarms", look_at_alarm, of->sought);
    return true;
}

/* What a node says about a site, its own one included. */
static struct sought look(struct sim_county *f, struct world_node *node,
                          struct world_node *about, const char *kind, const char *machine)
{
    struct buf out = {0};
    struct sought sought = {kind, machine, 0, 0};
    struct of_peer of = {world_site(about), &sought};
    SIM_SAY(f, node, &out, "status");
    if (id_equal(world_site(node), world_site(about)))
        view_map_each(buf_bytes(&out), "alarms", look_at_alarm, &sought);
    else
        view_map_each(buf_bytes(&out), "peers", look_at_peer, &of);
    buf_deinit(&out);
    return sought;
}

static uint64_t times(struct sim_county *f, struct world_node *node,
                      struct world_node *about, const char *kind)
{
    struct sought sought = look(f, node, about, kind, "");
    assert_int_equal(sought.others, 0);
    return sought.times;
}

static void assert_quiet(struct sim_county *f, struct world_node *node,
                         struct world_node *about)
{
    assert_int_equal(times(f, node, about, "copy"), 0);
}

/* A second one with the disk and the keys of a machine runs as well. */
static struct world_node *start_copy_away(struct sim_county *f, struct world_node *node)
{
    struct world_node *copy = world_copy(f->world, node, "copy:1");
    world_set_offline(f->world, copy, true);
    assert_int_equal(world_power_on(f->world, copy), STATUS_OK);
    assert_int_equal(world_unlock(f->world, copy, "", "246810"), STATUS_OK);
    return copy;
}

static struct world_node *start_copy(struct sim_county *f, struct world_node *node)
{
    struct world_node *copy = start_copy_away(f, node);
    world_set_offline(f->world, copy, false);
    return copy;
}

static void clear(struct sim_county *f, struct world_node *node, struct world_node *about)
{
    char hex[65];
    hex_encode(hex, world_site(about)->bytes, ID_SIZE);
    SIM_SAY(f, node, NULL, "peer.clear", "site", hex);
}

/* --- they are noticed --- */

static void
D3_a_parent_notices_two_copies_that_lack_nothing_and_both_are_told(void **state)
{
    struct sim_county *f = *state;
    world_run(f->world, 3 * MINUTES);
    struct world_node *copy = start_copy(f, f->fengyuan);
    world_run(f->world, 2 * MINUTES);

    assert_int_equal(times(f, f->township, f->fengyuan, "copy"), 1);
    assert_true(times(f, f->fengyuan, f->township, "told") > 0);
    assert_true(times(f, copy, f->township, "told") > 0);
    assert_true(sim_count(world_log(copy), "two copies of this machine run") > 0);
    assert_quiet(f, f->township, f->xikou);
    assert_quiet(f, f->county, f->township);
}

static uint32_t times_told(struct world_node *node)
{
    return sim_count(world_log(node), "two copies of this machine run");
}

static void copies_that_know_leave_each_other_the_line_for_a_minute(void **state)
{
    struct sim_county *f = *state;
    struct world_node *copy = start_copy(f, f->fengyuan);
    world_run(f->world, 2 * MINUTES);
    uint32_t before = times_told(f->fengyuan) + times_told(copy);

    world_run(f->world, 30 * MINUTES);

    uint32_t told = times_told(f->fengyuan) + times_told(copy) - before;
    assert_in_range(told, 10, 2 * 30 + 2);
}

static void once_one_of_them_is_stopped_nobody_is_told_any_more(void **state)
{
    struct sim_county *f = *state;
    struct world_node *copy = start_copy(f, f->fengyuan);
    world_run(f->world, 2 * MINUTES);
    world_power_off(f->world, copy);
    clear(f, f->township, f->fengyuan);
    clear(f, f->fengyuan, f->township);
    for (int i = 0; i < 3; i++) {
        world_set_offline(f->world, f->fengyuan, true);
        world_run(f->world, 2 * MINUTES);
        world_set_offline(f->world, f->fengyuan, false);
        world_run(f->world, 5 * MINUTES);
    }
    world_restart(f->world, f->fengyuan);
    world_run(f->world, 5 * MINUTES);
    assert_int_equal(world_unlock(f->world, f->fengyuan, "", "246810"), STATUS_OK);
    assert_quiet(f, f->township, f->fengyuan);
    assert_int_equal(times(f, f->fengyuan, f->township, "told"), 0);
}

static void what_was_cleared_and_goes_on_is_said_again(void **state)
{
    struct sim_county *f = *state;
    (void)start_copy(f, f->fengyuan);
    world_run(f->world, 2 * MINUTES);
    clear(f, f->township, f->fengyuan);
    clear(f, f->fengyuan, f->township);
    world_run(f->world, 2 * MINUTES);
    assert_int_equal(times(f, f->township, f->fengyuan, "copy"), 1);
    assert_true(times(f, f->fengyuan, f->township, "told") > 0);
}

/* It comes once a day, and the township's own machine is off at night. */
static void a_parent_that_starts_anew_between_them_notices_as_well(void **state)
{
    struct sim_county *f = *state;
    struct world_node *copy = start_copy_away(f, f->fengyuan);
    for (int i = 0; i < 3; i++) {
        struct world_node *one = i == 1 ? copy : f->fengyuan;
        world_set_offline(f->world, f->fengyuan, one != f->fengyuan);
        world_set_offline(f->world, copy, one != copy);
        world_run(f->world, 5 * MINUTES);
        assert_int_equal(times(f, f->township, f->fengyuan, "copy"), i == 2);
        world_restart(f->world, f->township);
        assert_int_equal(world_unlock(f->world, f->township, "", "246810"), STATUS_OK);
    }
    world_run(f->world, 5 * MINUTES);
    assert_true(times(f, f->fengyuan, f->township, "told") > 0);
}

static void another_machine_of_the_site_notices_and_says_which(void **state)
{
    struct sim_county *f = *state;
    struct world_node *laptop = sim_laptop(f);
    world_run(f->world, 3 * MINUTES);
    struct world_node *copy = start_copy(f, laptop);
    world_run(f->world, 4 * MINUTES);

    struct sought sought = look(f, f->fengyuan, f->fengyuan, "copy", "山上");
    assert_int_equal(sought.times, 1);
    assert_int_equal(sought.others, 0);
    assert_true(look(f, laptop, laptop, "told", "").times > 0);
    assert_true(look(f, copy, copy, "told", "").times > 0);
    clear(f, f->fengyuan, f->fengyuan);
}

static void a_copy_of_a_parent_is_noticed_by_its_children(void **state)
{
    struct sim_county *f = *state;
    world_run(f->world, 3 * MINUTES);
    struct world_node *copy = start_copy(f, f->township);
    world_run(f->world, 2 * MINUTES);
    assert_int_equal(times(f, f->county, f->township, "copy"), 1);
    assert_true(times(f, f->township, f->county, "told") > 0);
    assert_true(times(f, copy, f->county, "told") > 0);
}

/* --- by stick --- */

static void two_copies_that_carry_sticks_give_one_number_twice(void **state)
{
    struct sim_county *f = *state;
    struct stick one = {0}, other = {0};
    struct world_node *copy = start_copy_away(f, f->fengyuan);
    world_set_offline(f->world, f->fengyuan, true);
    (void)sim_escalate(f, f->fengyuan, "水渠");
    (void)sim_escalate(f, copy, "田界");
    stick_write(f, f->fengyuan, "青河镇", &one);
    stick_write(f, copy, "青河镇", &other);
    assert_int_equal(one.number, other.number);
    (void)stick_read(f, f->township, &one);
    (void)stick_read(f, f->township, &one); /* the same stick again */
    assert_int_equal(times(f, f->township, f->fengyuan, "doubled"), 0);
    (void)stick_read(f, f->township, &other);
    assert_int_equal(times(f, f->township, f->fengyuan, "doubled"), 1);
    clear(f, f->township, f->fengyuan);
    assert_int_equal(times(f, f->township, f->fengyuan, "doubled"), 0);
    stick_deinit(&one);
    stick_deinit(&other);
}

/* Each time it goes on with the same numbers, for the backup knows no better. */
static void a_machine_that_is_restored_twice_is_no_copy_by_its_sticks(void **state)
{
    struct sim_county *f = *state;
    struct folder folder = {0};
    folder_back_up(f, f->fengyuan, &folder);
    uint64_t number = 0;
    for (int i = 0; i < 3; i++) {
        struct stick stick = {0};
        folder_put_back(f, f->fengyuan, &folder);
        world_set_offline(f->world, f->fengyuan, i == 1);
        world_run(f->world, 5 * MINUTES); /* it says so in the session, or by stick */
        (void)sim_escalate(f, f->fengyuan, i == 0 ? "水渠" : i == 1 ? "田界" : "林地");
        stick_write(f, f->fengyuan, "青河镇", &stick);
        assert_int_not_equal(stick.number, number);
        number = stick.number;
        (void)stick_read(f, f->township, &stick);
        assert_int_equal(times(f, f->township, f->fengyuan, "doubled"), 0);
        stick_deinit(&stick);
    }
    folder_deinit(&folder);
}

/* The first one wrote its first bundle after the backup; the courier was late. */
static void a_late_stick_of_a_machine_that_was_lost_is_no_copy(void **state)
{
    struct sim_county *f = *state;
    struct folder folder = {0};
    struct stick late = {0}, stick = {0};
    folder_back_up(f, f->fengyuan, &folder);
    world_set_offline(f->world, f->fengyuan, true);
    (void)sim_escalate(f, f->fengyuan, "水渠");
    stick_write(f, f->fengyuan, "青河镇", &late);
    folder_put_back(f, f->fengyuan, &folder);
    (void)sim_escalate(f, f->fengyuan, "田界");
    stick_write(f, f->fengyuan, "青河镇", &stick);
    assert_true(stick.number > late.number);
    (void)stick_read(f, f->township, &stick);
    (void)stick_read(f, f->township, &late);
    assert_int_equal(times(f, f->township, f->fengyuan, "doubled"), 0);
    stick_deinit(&late);

    /* Lost again when it had agreed, and the courier of the second one was late. */
    world_set_offline(f->world, f->fengyuan, false);
    world_run(f->world, 5 * MINUTES);
    world_set_offline(f->world, f->fengyuan, true);
    stick_write(f, f->fengyuan, "青河镇", &late);
    stick_deinit(&stick);
    folder_put_back(f, f->fengyuan, &folder);
    (void)sim_escalate(f, f->fengyuan, "林地");
    stick_write(f, f->fengyuan, "青河镇", &stick);
    stick_deinit(&stick);
    stick_write(f, f->fengyuan, "青河镇", &stick);
    assert_int_not_equal(stick.number, late.number);
    (void)stick_read(f, f->township, &stick);
    (void)stick_read(f, f->township, &late);
    assert_int_equal(times(f, f->township, f->fengyuan, "doubled"), 0);
    stick_deinit(&late);
    stick_deinit(&stick);
    folder_deinit(&folder);
}

/* --- what is no copy --- */

static void starts_and_broken_lines_are_no_copies(void **state)
{
    struct sim_county *f = *state;
    struct world_node *laptop = sim_laptop(f);
    struct world_node *all[] = {f->fengyuan, f->xikou, f->township, f->county, laptop};
    for (int i = 0; i < 2 * INSTANCES_KEPT; i++) {
        struct world_node *node = all[i % 5];
        world_set_offline(f->world, all[(i + 2) % 5], true);
        world_restart(f->world, node);
        world_run(f->world, 1 * MINUTES + (uint64_t)i * 1700);
        world_set_offline(f->world, all[(i + 2) % 5], false);
        world_run(f->world, 1 * MINUTES);
    }
    for (int i = 0; i < 5; i++)
        assert_int_equal(world_unlock(f->world, all[i], "", "246810"), STATUS_OK);
    for (int i = 0; i < 5; i++)
        for (int j = 0; j < 5; j++)
            assert_quiet(f, all[i], all[j]);
}

static void a_machine_that_was_restored_or_has_other_keys_is_no_copy(void **state)
{
    struct sim_county *f = *state;
    struct folder folder = {0};
    folder_back_up(f, f->fengyuan, &folder);
    world_run(f->world, 5 * MINUTES);
    folder_put_back(f, f->fengyuan, &folder);
    world_run(f->world, 5 * MINUTES);
    SIM_SAY(f, f->fengyuan, NULL, "node.renew");
    world_run(f->world, 2 * MINUTES);
    world_restart(f->world, f->fengyuan);
    world_run(f->world, 5 * MINUTES);
    assert_int_equal(world_unlock(f->world, f->fengyuan, "", "246810"), STATUS_OK);
    assert_quiet(f, f->township, f->fengyuan);
    assert_int_equal(times(f, f->fengyuan, f->township, "told"), 0);
    folder_deinit(&folder);
}

/* --- what is said --- */

static bool is_called(struct bytes message, const char *name)
{
    struct pack_reader reader = pack_reader_of(message);
    uint32_t elements;
    struct bytes called;
    return pack_read_array(&reader, &elements, NULL) == STATUS_OK &&
           pack_read_str(&reader, &called, NULL) == STATUS_OK &&
           bytes_equal_str(called, name);
}

struct said {
    uint32_t instances, copies;
    bool lies; /* says "copy" in place of the other */
    uint8_t first[INSTANCE_SIZE], last[INSTANCE_SIZE];
};

static void listen(void *context, struct bytes message, struct buf *out)
{
    struct said *said = context;
    said->copies += is_called(message, "copy");
    if (!is_called(message, "instance"))
        return;
    memcpy(said->last, message.data + message.len - INSTANCE_SIZE, INSTANCE_SIZE);
    if (said->instances++ == 0)
        memcpy(said->first, said->last, INSTANCE_SIZE);
    if (!said->lies)
        return;
    pack_array(out, 1);
    pack_str(out, "copy");
}

static void each_start_draws_another_one(void **state)
{
    struct sim_county *f = *state;
    struct said said = {.lies = false};
    world_set_mutator(f->fengyuan, listen, &said);
    world_restart(f->world, f->fengyuan);
    world_run(f->world, 5 * MINUTES);
    world_set_offline(f->world, f->fengyuan, true);
    world_run(f->world, 1 * MINUTES);
    world_set_offline(f->world, f->fengyuan, false);
    world_run(f->world, 5 * MINUTES);
    assert_true(said.instances >= 2);
    assert_memory_equal(said.first, said.last, INSTANCE_SIZE);
    world_restart(f->world, f->fengyuan);
    world_run(f->world, 5 * MINUTES);
    assert_memory_not_equal(said.first, said.last, INSTANCE_SIZE);
    assert_int_equal(said.copies, 0);
    world_set_mutator(f->fengyuan, NULL, NULL);
}

static void a_liar_is_named_as_who_said_it_and_says_it_once_a_session(void **state)
{
    struct sim_county *f = *state;
    struct said said = {.lies = true};
    world_set_mutator(f->township, listen, &said);
    world_restart(f->world, f->fengyuan);
    world_run(f->world, 2 * MINUTES);
    assert_int_equal(world_unlock(f->world, f->fengyuan, "", "246810"), STATUS_OK);
    assert_int_equal(times(f, f->fengyuan, f->township, "told"), 1);
    assert_quiet(f, f->township, f->fengyuan);
    world_set_repeats(f->township, 2);
    world_forget_log(f->fengyuan);
    world_restart(f->world, f->fengyuan);
    world_run(f->world, 10000);
    assert_true(sim_count(world_log(f->fengyuan), "end=INVALID") > 0);
    world_set_mutator(f->township, NULL, NULL);
}

static void M2_who_says_it_twice_ends_the_session(void **state)
{
    struct sim_county *f = *state;
    struct said said = {.lies = false};
    world_set_mutator(f->fengyuan, listen, &said);
    world_set_repeats(f->fengyuan, 2);
    world_forget_log(f->township);
    world_restart(f->world, f->fengyuan);
    world_run(f->world, 2 * MINUTES);
    assert_int_equal(said.copies, 0);
    assert_quiet(f, f->township, f->fengyuan);
    world_set_mutator(f->fengyuan, NULL, NULL);
}

/* --- one who has the keys of the township talks with the village, by hand --- */

struct line {
    struct sim_county *f;
    uint64_t number;
    struct channel channel;
};

static void give(struct line *line)
{
    world_event(line->f->fengyuan, EVENT_CONN_BYTES, line->number,
                buf_bytes(&line->channel.out));
    world_run(line->f->world, 0);
    buf_clear(&line->channel.out);
}

static void take(struct line *line, size_t from)
{
    struct bytes sent = world_sent(line->f->fengyuan);
    assert_int_equal(channel_receive(&line->channel,
                                     bytes_of(sent.data + from, sent.len - from), NULL),
                     STATUS_OK);
}

static void line_open(struct line *line, struct sim_county *f, uint64_t number)
{
    uint8_t key[32], village[32], ephemeral[32] = {1, (uint8_t)number};
    *line = (struct line){.f = f, .number = 1000000 + 2 * number};
    world_noise_key(f->township, key);
    world_noise_key(f->fengyuan, village);
    const struct channel_config config = {
        .is_initiator = true,
        .pattern = NOISE_XK,
        .network = *world_network(f->fengyuan),
        .s_secret = world_noise_secret(f->township),
        .s_public = key,
        .e_secret = ephemeral,
        .remote_static = village,
    };
    assert_int_equal(channel_init(&line->channel, &config), STATUS_OK);
    size_t sent = world_sent(f->fengyuan).len;
    world_event(f->fengyuan, EVENT_CONN_ACCEPTED, line->number, (struct bytes){0});
    channel_flush(&line->channel);
    give(line);
    take(line, sent);
}

/* instance: NULL: none. */
static void line_say(struct line *line, uint64_t minor, struct bytes instance)
{
    struct buf hello = {0}, message = {0};
    pack_array(&hello, 3);
    pack_str(&hello, "hello");
    pack_uint(&hello, minor);
    pack_bin(&hello, world_site(line->f->township)->bytes, ID_SIZE);
    channel_send(&line->channel, buf_bytes(&hello));
    pack_array(&message, 2);
    pack_str(&message, "instance");
    pack_bin(&message, instance.data, instance.len);
    if (instance.len > 0)
        channel_send(&line->channel, buf_bytes(&message));
    channel_flush(&line->channel);
    give(line);
    buf_deinit(&hello);
    buf_deinit(&message);
}

static void say_at_once(struct sim_county *f, uint64_t number, struct bytes instance)
{
    struct line line;
    line_open(&line, f, number);
    line_say(&line, 1, instance);
    channel_deinit(&line.channel);
    world_run(f->world, 1000);
}

static void set_apart(struct sim_county *f)
{
    world_set_offline(f->world, f->township, true);
    world_run(f->world, 1000);
    world_forget_log(f->fengyuan);
}

static const struct bytes a = {(const uint8_t *)"AAAAAAAAAAAAAAAA", INSTANCE_SIZE};
static const struct bytes b = {(const uint8_t *)"BBBBBBBBBBBBBBBB", INSTANCE_SIZE};

static void an_older_version_is_not_told_what_it_would_not_understand(void **state)
{
    struct sim_county *f = *state;
    struct bytes message;
    set_apart(f);
    for (uint64_t minor = 0; minor < 3; minor++) {
        struct line line;
        uint32_t instances = 0;
        line_open(&line, f, minor);
        size_t sent = world_sent(f->fengyuan).len;
        line_say(&line, minor, (struct bytes){0});
        take(&line, sent);
        while (channel_next(&line.channel, &message) == STATUS_OK)
            instances += is_called(message, "instance");
        assert_int_equal(instances, minor > 0);
        world_event(f->fengyuan, EVENT_CONN_CLOSED, line.number, (struct bytes){0});
        world_run(f->world, 1000);
        channel_deinit(&line.channel);
    }
    assert_quiet(f, f->fengyuan, f->township);
}

/* Its last words, read behind the first of its successor, are no sign of life. */
static void what_was_said_before_the_other_one_spoke_proves_nothing(void **state)
{
    struct sim_county *f = *state;
    struct line early[2];
    set_apart(f);
    say_at_once(f, 0, a);
    line_open(&early[0], f, 1);
    line_open(&early[1], f, 2);
    line_say(&early[0], 1, b);
    line_say(&early[1], 1, a);
    world_run(f->world, 1000);
    assert_quiet(f, f->fengyuan, f->township);
    say_at_once(f, 3, a);
    assert_int_equal(times(f, f->fengyuan, f->township, "copy"), 1);
    say_at_once(f, 4, b);
    say_at_once(f, 5, a);
    assert_int_equal(times(f, f->fengyuan, f->township, "copy"), 1); /* the same pair */
    channel_deinit(&early[0].channel);
    channel_deinit(&early[1].channel);
}

static void so_many_starts_are_remembered_and_no_more(void **state)
{
    struct sim_county *f = *state;
    set_apart(f);
    for (uint64_t i = 0; i < 2; i++) {
        uint8_t other[INSTANCE_SIZE] = {0};
        say_at_once(f, 20 * i, a);
        for (uint64_t j = 1; j < INSTANCES_KEPT + i; j++) {
            other[0] = (uint8_t)(100 * i + j);
            say_at_once(f, 20 * i + j, bytes_of(other, sizeof(other)));
        }
        say_at_once(f, 20 * i + 19, a);
        /* The first time it is still there. */
        assert_int_equal(times(f, f->fengyuan, f->township, "copy"), 1);
    }
}

static void M2_what_is_no_instance_ends_the_session(void **state)
{
    struct sim_county *f = *state;
    set_apart(f);
    say_at_once(f, 0, bytes_of(a.data, INSTANCE_SIZE - 1));
    assert_int_equal(sim_count(world_log(f->fengyuan), "end=INVALID"), 1);
    assert_quiet(f, f->fengyuan, f->township);
}

#define TEST(name)                                                                       \
    cmocka_unit_test_setup_teardown(name, sim_county_set_up, sim_county_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(D3_a_parent_notices_two_copies_that_lack_nothing_and_both_are_told),
        TEST(copies_that_know_leave_each_other_the_line_for_a_minute),
        TEST(once_one_of_them_is_stopped_nobody_is_told_any_more),
        TEST(what_was_cleared_and_goes_on_is_said_again),
        TEST(a_parent_that_starts_anew_between_them_notices_as_well),
        TEST(another_machine_of_the_site_notices_and_says_which),
        TEST(a_copy_of_a_parent_is_noticed_by_its_children),
        TEST(two_copies_that_carry_sticks_give_one_number_twice),
        TEST(a_machine_that_is_restored_twice_is_no_copy_by_its_sticks),
        TEST(a_late_stick_of_a_machine_that_was_lost_is_no_copy),
        TEST(starts_and_broken_lines_are_no_copies),
        TEST(a_machine_that_was_restored_or_has_other_keys_is_no_copy),
        TEST(each_start_draws_another_one),
        TEST(a_liar_is_named_as_who_said_it_and_says_it_once_a_session),
        TEST(M2_who_says_it_twice_ends_the_session),
        TEST(an_older_version_is_not_told_what_it_would_not_understand),
        TEST(what_was_said_before_the_other_one_spoke_proves_nothing),
        TEST(so_many_starts_are_remembered_and_no_more),
        TEST(M2_what_is_no_instance_ends_the_session),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
