/* A site with two machines: a laptop has the whole of the site, works by itself for a
 * while, and comes home. What stands in no record leaves to no other site by that. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "node/cases/view.h"
#include "proto/channel.h"
#include "proto/limits.h"
#include "storage/store_chunks.h"
#include "storage/store_confirmed.h"
#include "tests/sim/sim_files.h"
#include "tests/sim/sim_laptop.h"

static bool has_canary(struct bytes bytes)
{
    return memmem(bytes.data, bytes.len, LAPTOP_CANARY, strlen(LAPTOP_CANARY)) != NULL;
}

static void a_machine_that_joins_gets_the_whole_site(void **state)
{
    struct sim_county *f = *state;
    char hex[65];
    (void)sim_laptop_case(f, f->fengyuan, "水沟", hex);
    (void)sim_escalate(f, f->fengyuan, "水渠");
    SIM_SAY(f, f->fengyuan, NULL, "rules.add", "title", "村规", "version", "2027",
            "clauses", "[1=各清门前]");
    struct world_node *laptop = sim_laptop(f);

    assert_true(id_equal(world_site(laptop), world_site(f->fengyuan)));
    sim_assert_alike(f, f->fengyuan, laptop);
    assert_int_equal(sim_status(f, laptop, "cases"), 2);
    assert_true(sim_disk_holds(f, 4, bytes_str(LAPTOP_CANARY)));
    /* And goes on, either way, while both are connected. */
    (void)sim_laptop_case(f, laptop, "田埂", hex);
    world_run(f->world, 5000);
    SIM_SAY(f, f->fengyuan, NULL, "case.note", "case", hex, "text", "上门看过");
    world_run(f->world, 5000);
    sim_assert_alike(f, f->fengyuan, laptop);
    assert_int_equal(sim_status(f, f->fengyuan, "cases"), 3);
}

static void what_both_write_while_they_are_apart_comes_to_one_view(void **state)
{
    struct sim_county *f = *state;
    struct buf out = {0};
    char both[65], ours[65], theirs[65];
    (void)sim_laptop_case(f, f->fengyuan, "水沟", both);
    struct world_node *laptop = sim_laptop(f);
    world_set_offline(f->world, laptop, true);

    SIM_SAY(f, f->fengyuan, NULL, "case.set", "case", both, "field", "title", "value",
            "屋后的沟");
    SIM_SAY(f, f->fengyuan, NULL, "case.note", "case", both, "text", "村里记的");
    (void)sim_laptop_case(f, f->fengyuan, "村里的", ours);
    SIM_SAY(f, laptop, NULL, "case.set", "case", both, "field", "title", "value",
            "山上的沟");
    SIM_SAY(f, laptop, NULL, "case.note", "case", both, "text", "山上记的");
    (void)sim_laptop_case(f, laptop, "山上的", theirs);
    world_set_offline(f->world, laptop, false);
    world_run(f->world, 120000);

    sim_assert_alike(f, f->fengyuan, laptop);
    struct world_node *nodes[] = {f->fengyuan, laptop};
    for (int i = 0; i < 2; i++) {
        /* Two cases took one number: it names neither of them alone. */
        assert_int_equal(
            world_say(f->world, nodes[i], &out, "case.show", "case", "2026-0002", NULL),
            STATUS_CONFLICT);
        SIM_SAY(f, nodes[i], &out, "conflict.list");
        assert_int_equal(view_map_count(buf_bytes(&out), "cases"), 1);
        SIM_SAY(f, nodes[i], &out, "case.show", "case", ours);
        SIM_SAY(f, nodes[i], &out, "case.show", "case", theirs);
    }
    /* Whoever settles it settles it for both. */
    SIM_SAY(f, laptop, NULL, "conflict.settle", "case", both, "field", "title", "text",
            "后山的沟");
    world_run(f->world, 5000);
    SIM_SAY(f, f->fengyuan, &out, "conflict.list");
    assert_int_equal(view_map_count(buf_bytes(&out), "cases"), 0);
    sim_assert_alike(f, f->fengyuan, laptop);
    buf_deinit(&out);
}

static void no_byte_of_a_case_goes_to_another_site(void **state)
{
    struct sim_county *f = *state;
    char hex[65];
    (void)sim_laptop_case(f, f->fengyuan, "水沟", hex);
    (void)sim_escalate(f, f->fengyuan, "水渠");
    struct world_node *laptop = sim_laptop(f);
    (void)sim_laptop_case(f, laptop, "田埂", hex);
    (void)sim_escalate(f, laptop, "山塘"); /* the laptop talks with the township too */
    world_run(f->world, 120000);

    /* The test can see it: it went from one machine of the village to the other. */
    assert_true(has_canary(world_heard(laptop)));
    assert_true(has_canary(world_heard(f->fengyuan)));
    struct world_node *others[] = {f->township, f->county, f->xikou};
    for (int i = 0; i < 3; i++) {
        assert_false(has_canary(world_heard(others[i])));
        assert_int_equal(sim_scopes(others[i], SCOPE_CASE), 0);
        assert_int_equal(sim_status(f, others[i], "quarantined"), 0);
    }
    static const int disks[] = {0, 1, 3};
    for (int i = 0; i < 3; i++)
        assert_false(sim_disk_holds(f, disks[i], bytes_str(LAPTOP_CANARY)));
    assert_int_equal(sim_scopes(f->township, SCOPE_ESCALATION), 2);
}

/* One who has the keys of a machine talks with the village, by hand. */
struct impostor {
    struct sim_county *f;
    struct channel channel;
    size_t read; /* of what the village has sent so far */
};

static void hand_over(struct impostor *impostor, bool is_first)
{
    struct world *world = impostor->f->world;
    struct world_node *village = impostor->f->fengyuan;
    channel_flush(&impostor->channel);
    if (is_first)
        world_stay(world, village, buf_bytes(&impostor->channel.out));
    else
        (void)world_stayed(world, village, buf_bytes(&impostor->channel.out));
    buf_clear(&impostor->channel.out);
    struct bytes sent = world_sent(village);
    struct bytes answer = bytes_of(sent.data + impostor->read, sent.len - impostor->read);
    impostor->read = sent.len;
    assert_int_equal(channel_receive(&impostor->channel, answer, NULL), STATUS_OK);
}

/* As the machine of that node, which says to be of that site; true: it was let in. */
static bool is_let_in(struct sim_county *f, struct world_node *node,
                      const struct id *site)
{
    struct impostor impostor = {.f = f, .read = world_sent(f->fengyuan).len};
    uint8_t key[32], village[32], ephemeral[32] = {1};
    world_noise_key(node, key);
    world_noise_key(f->fengyuan, village);
    const struct channel_config config = {
        .is_initiator = true,
        .pattern = NOISE_XK,
        .network = *world_network(f->fengyuan),
        .s_secret = world_noise_secret(node),
        .s_public = key,
        .e_secret = ephemeral,
        .remote_static = village,
    };
    ephemeral[1] = site->bytes[0];
    ephemeral[2] = key[0];
    assert_int_equal(channel_init(&impostor.channel, &config), STATUS_OK);
    hand_over(&impostor, true);
    hand_over(&impostor, false);
    struct buf hello = {0};
    pack_array(&hello, 3);
    pack_str(&hello, "hello");
    pack_uint(&hello, 1);
    pack_bin(&hello, site->bytes, ID_SIZE);
    channel_send(&impostor.channel, buf_bytes(&hello));
    hand_over(&impostor, false);
    bool is_in = world_stayed(f->world, f->fengyuan, (struct bytes){0}) > 0;
    channel_deinit(&impostor.channel);
    buf_deinit(&hello);
    return is_in;
}

static void
who_says_to_be_of_the_village_and_is_none_of_its_machines_is_refused(void **state)
{
    struct sim_county *f = *state;
    char hex[65];
    struct id village = *world_site(f->fengyuan);
    (void)sim_laptop_case(f, f->fengyuan, "水沟", hex);
    struct world_node *laptop = sim_laptop(f);
    world_set_offline(f->world, f->township, true);
    world_set_offline(f->world, laptop, true);
    world_run(f->world, 1000);

    /* Another site's machine, and whoever has a copy of this machine's own disk. */
    assert_false(is_let_in(f, f->township, &village));
    assert_false(is_let_in(f, f->fengyuan, &village));
    /* A machine of the village is none of the township's. */
    assert_false(is_let_in(f, laptop, world_site(f->township)));
    assert_true(is_let_in(f, laptop, &village));
}

static void files_of_a_case_come_along_and_go_with_it(void **state)
{
    struct sim_county *f = *state;
    struct buf file = files_text("whose ditch ", 3 * ATTACHMENT_CHUNK_SIZE + 5);
    struct buf second = files_text("another one ", ATTACHMENT_CHUNK_SIZE);
    char number[32], id[13];
    files_case(f, number);
    struct id op = files_attach(f, number, "沟.txt", buf_bytes(&file));
    struct world_node *laptop = sim_laptop(f);
    world_run(f->world, 20000);

    assert_int_equal(files_get(f, laptop, number, buf_bytes(&file)), STATUS_OK);
    assert_int_equal(files_bytes_kept(laptop), files_bytes_kept(f->fengyuan));
    assert_int_equal(files_bytes_kept(f->township), 0);
    /* It counts as nobody's guest. */
    hex_encode(id, op.bytes, 6);
    SIM_SAY(f, laptop, NULL, "attach.remove", "case", number, "file", id, "reason",
            "拍错了");
    world_run(f->world, 20000);
    assert_int_equal(files_bytes_kept(laptop), 0);
    assert_int_equal(files_bytes_kept(f->fengyuan), 0);
    sim_assert_alike(f, f->fengyuan, laptop);
    /* And one that is added while both are connected. */
    (void)files_attach(f, number, "埂.txt", buf_bytes(&second));
    world_run(f->world, 20000);
    assert_int_equal(files_get(f, laptop, number, buf_bytes(&second)), STATUS_OK);
    buf_deinit(&file);
    buf_deinit(&second);
}

static void a_piece_that_a_disk_lost_comes_back_from_the_other_machine(void **state)
{
    struct sim_county *f = *state;
    char number[32];
    struct buf file = files_text("whose ditch ", 2 * ATTACHMENT_CHUNK_SIZE);
    files_case(f, number);
    (void)files_attach(f, number, "沟.txt", buf_bytes(&file));
    struct world_node *laptop = sim_laptop(f);
    world_run(f->world, 20000);
    world_power_off(f->world, f->fengyuan);
    sim_spoil(f, 2, "DELETE FROM chunk_uses");
    assert_int_equal(world_power_on(f->world, f->fengyuan), STATUS_OK);
    assert_int_equal(world_unlock(f->world, f->fengyuan, "", "246810"), STATUS_OK);
    assert_int_equal(world_rebuild(f->fengyuan), STATUS_OK);
    assert_int_equal(files_get(f, f->fengyuan, number, buf_bytes(&file)), STATUS_BUSY);

    world_run(f->world, 400000);
    assert_int_equal(files_get(f, f->fengyuan, number, buf_bytes(&file)), STATUS_OK);
    (void)laptop;
    buf_deinit(&file);
}

static void an_upper_site_hears_either_machine(void **state)
{
    struct sim_county *f = *state;
    struct buf out = {0};
    char hex[65];
    struct world_node *laptop = sim_laptop(f);
    /* Both are there at once, and neither takes the other's place. */
    world_run(f->world, 30000);
    assert_int_equal(sim_count(world_log(f->township), "end=replaced"), 0);
    world_set_offline(f->world, f->fengyuan, true);
    struct id record = sim_escalate(f, laptop, "山塘");
    hex_encode(hex, record.bytes, ID_SIZE);
    world_run(f->world, 5000);
    sim_assert_state(f, f->township, &record, "received");
    SIM_SAY(f, f->township, NULL, "escalation.open", "escalation", hex);
    SIM_SAY(f, f->township, NULL, "escalation.advise", "escalation", hex, "text", "先修");
    world_run(f->world, 5000);
    sim_assert_state(f, laptop, &record, "advised");

    world_set_offline(f->world, f->fengyuan, false);
    world_run(f->world, 120000);
    sim_assert_state(f, f->fengyuan, &record, "advised");
    sim_assert_alike(f, f->fengyuan, laptop);
    buf_deinit(&out);
}

static void what_came_from_above_is_said_to_be_received_once(void **state)
{
    struct sim_county *f = *state;
    struct buf out = {0};
    char hex[65];
    struct id record = sim_escalate(f, f->fengyuan, "水渠");
    hex_encode(hex, record.bytes, ID_SIZE);
    SIM_SAY(f, f->township, &out, "escalation.show", "escalation", hex);
    uint32_t said = sim_count(buf_bytes(&out), "received");
    struct world_node *second =
        world_join(f->world, f->township, "镇里的第二台", "office:1");
    world_run(f->world, 60000);

    sim_assert_state(f, second, &record, "received");
    sim_assert_alike(f, f->township, second);
    SIM_SAY(f, second, &out, "escalation.show", "escalation", hex);
    assert_int_equal(sim_count(buf_bytes(&out), "received"), said);
    buf_deinit(&out);
}

static void what_is_derived_follows_from_the_ops_at_both(void **state)
{
    struct sim_county *f = *state;
    char hex[65];
    struct world_node *laptop = sim_laptop(f);
    (void)sim_laptop_case(f, laptop, "田埂", hex);
    (void)sim_escalate(f, laptop, "山塘");
    world_run(f->world, 60000);
    struct world_node *nodes[] = {f->fengyuan, laptop};
    for (int i = 0; i < 2; i++) {
        struct buf before = {0}, after = {0};
        assert_int_equal(store_dump(world_store(nodes[i]), &before), STATUS_OK);
        assert_int_equal(world_rebuild(nodes[i]), STATUS_OK);
        assert_int_equal(store_dump(world_store(nodes[i]), &after), STATUS_OK);
        assert_true(bytes_equal(buf_bytes(&before), buf_bytes(&after)));
        buf_deinit(&before);
        buf_deinit(&after);
    }
    SIM_SAY(f, f->fengyuan, NULL, "case.note", "case", hex, "text", "重建之后");
    world_run(f->world, 60000);
    sim_assert_alike(f, f->fengyuan, laptop);
}

static enum status count_alarm(void *context, const struct store_alarm *alarm)
{
    assert_int_equal(alarm->kind, ALARM_ROLLBACK);
    ++*(uint32_t *)context;
    return STATUS_OK;
}

static void count_alarms(struct world_node *node, uint32_t *len)
{
    *len = 0;
    assert_int_equal(store_alarms(world_store(node), world_site(node), count_alarm, len),
                     STATUS_OK);
}

static void copy_file(const char *from, const char *to)
{
    char command[1200];
    (void)snprintf(command, sizeof(command), "cp '%s' '%s' && rm -f '%s-wal' '%s-shm'",
                   from, to, to, to);
    assert_int_equal(system(command), 0);
}

static void a_machine_that_was_set_back_is_noticed_and_made_whole(void **state)
{
    struct sim_county *f = *state;
    char hex[65], file[400], image[420];
    uint32_t alarms;
    struct world_node *laptop = sim_laptop(f);
    (void)snprintf(file, sizeof(file), "%s/node-4.db", f->directory);
    (void)snprintf(image, sizeof(image), "%s/image.db", f->directory);
    for (int i = 0; i < 3; i++)
        (void)sim_laptop_case(f, f->fengyuan, "早的", hex);
    world_run(f->world, 20000);
    world_power_off(f->world, laptop);
    copy_file(file, image);
    assert_int_equal(world_power_on(f->world, laptop), STATUS_OK);
    for (int i = 0; i < 3; i++)
        (void)sim_laptop_case(f, f->fengyuan, "晚的", hex);
    world_run(f->world, 120000);
    count_alarms(f->fengyuan, &alarms);
    assert_int_equal(alarms, 0);
    world_power_off(f->world, laptop);
    copy_file(image, file);
    assert_int_equal(world_power_on(f->world, laptop), STATUS_OK);
    world_run(f->world, 120000);

    count_alarms(f->fengyuan, &alarms);
    assert_int_equal(alarms, 1);
    assert_int_equal(world_unlock(f->world, laptop, "", "246810"), STATUS_OK);
    sim_assert_alike(f, f->fengyuan, laptop);
}

static void a_machine_that_was_revoked_is_not_waited_for(void **state)
{
    struct sim_county *f = *state;
    struct buf out = {0};
    struct world_node *laptop = sim_laptop(f);
    SIM_SAY(f, f->fengyuan, &out, "sync", "wait", "true");
    assert_int_equal(view_map_count(buf_bytes(&out), "agreed"), 2);
    SIM_SAY(f, f->fengyuan, NULL, "node.revoke", "node", "山上");
    SIM_SAY(f, f->fengyuan, &out, "sync", "wait", "true");
    assert_int_equal(view_map_count(buf_bytes(&out), "agreed"), 1); /* the township */
    assert_int_equal(view_map_count(buf_bytes(&out), "waiting"), 0);
    (void)laptop;
    buf_deinit(&out);
}

int main(void)
{
#define ONE(test)                                                                        \
    cmocka_unit_test_setup_teardown(test, sim_county_set_up, sim_county_tear_down)
#define FAST(test)                                                                       \
    cmocka_unit_test_setup_teardown(test, sim_county_set_up_in_memory,                   \
                                    sim_county_tear_down_in_memory)
    const struct CMUnitTest tests[] = {
        ONE(a_machine_that_joins_gets_the_whole_site),
        FAST(what_both_write_while_they_are_apart_comes_to_one_view),
        ONE(no_byte_of_a_case_goes_to_another_site),
        FAST(who_says_to_be_of_the_village_and_is_none_of_its_machines_is_refused),
        FAST(files_of_a_case_come_along_and_go_with_it),
        ONE(a_piece_that_a_disk_lost_comes_back_from_the_other_machine),
        FAST(an_upper_site_hears_either_machine),
        FAST(what_came_from_above_is_said_to_be_received_once),
        FAST(what_is_derived_follows_from_the_ops_at_both),
        FAST(a_machine_that_was_revoked_is_not_waited_for),
        ONE(a_machine_that_was_set_back_is_noticed_and_made_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
