/* Nodes that find each other on a network, and what a stranger there gets: nothing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "crypto/wrap.h"
#include "node/cases/view.h"
#include "proto/beacon.h"
#include "tests/sim/sim_laptop.h"

#define A_WHILE_MS (3 * BEACON_PAUSE_MS)

/* The last one that it sent. */
static struct bytes last_beacon(const struct world_node *node)
{
    struct bytes all = world_beacons(node);
    assert_true(all.len >= BEACON_SIZE);
    return bytes_of(all.data + all.len - BEACON_SIZE, BEACON_SIZE);
}

static uint32_t count_beacons(const struct world_node *node)
{
    struct bytes all = world_beacons(node);
    assert_int_equal(all.len % BEACON_SIZE, 0);
    return (uint32_t)(all.len / BEACON_SIZE);
}

/* Does everybody whom it dials answer? Villages have a parent alone. */
static bool is_connected(const struct sim_county *f, struct world_node *child)
{
    struct buf out = {0};
    enum status status =
        world_say(f->world, child, &out, "sync", "wait", "true", "timeout_s", "#3", NULL);
    buf_deinit(&out);
    return status == STATUS_OK;
}

static uint32_t dials(const struct world_node *node)
{
    return sim_count(world_noticed(node), "up\n");
}

static void invite(struct sim_county *f, struct world_node *node, const char *method,
                   char code[static 128])
{
    struct buf out = {0};
    struct bytes text;
    SIM_SAY(f, node, &out, method, NULL, NULL);
    assert_true(view_map_text(buf_bytes(&out), "code", &text));
    (void)snprintf(code, 128, "%.*s", (int)text.len, (const char *)text.data);
    buf_deinit(&out);
}

/* A name that is unlike the addresses of the county. */
static struct world_node *found_hill(struct sim_county *f)
{
    return world_found(f->world, "village", "山上村", "hill:1");
}

/* ---- who looks for whom ---- */

static void a_node_that_was_not_asked_to_says_nothing(void **state)
{
    struct sim_county *f = *state;
    world_run(f->world, A_WHILE_MS);
    assert_int_equal(world_beacons(f->township).len, 0);
    world_find_others(f->township, false); /* it does not listen */
    world_run(f->world, A_WHILE_MS);
    assert_int_equal(world_beacons(f->township).len, 0);
}

static void a_child_finds_its_parent_at_another_address(void **state)
{
    struct sim_county *f = *state;
    assert_true(is_connected(f, f->fengyuan));
    world_roam(f->world, f->township, "elsewhere:77");
    world_run(f->world, A_WHILE_MS);
    assert_false(is_connected(f, f->fengyuan));

    world_find_others(f->fengyuan, false);
    world_find_others(f->township, true);
    world_run(f->world, 1000);
    assert_true(is_connected(f, f->fengyuan));
}

/* Says what is no message, once. */
static void babble(void *context, struct bytes message, struct buf *out)
{
    bool *has_babbled = context;
    (void)message;
    if (!*has_babbled)
        pack_uint(out, 5);
    *has_babbled = true;
}

/* Whoever answered there is there still, though the line ended. */
static void where_a_parent_was_found_it_is_sought_again(void **state)
{
    struct sim_county *f = *state;
    bool has_babbled = false;
    world_find_others(f->fengyuan, false);
    world_find_others(f->township, true);
    world_roam(f->world, f->township, "elsewhere:77");
    world_run(f->world, A_WHILE_MS);
    assert_true(is_connected(f, f->fengyuan));
    world_find_others(f->township, false); /* it says no more where it is */
    world_run(f->world, 1000);

    world_forget_log(f->fengyuan);
    world_set_mutator(f->township, babble, &has_babbled);
    sim_add_person(f, f->township, "李某", "desk", NULL); /* something to say */
    world_run(f->world, 1000);
    assert_int_equal(sim_count(world_log(f->fengyuan), "end=INVALID"), 1);

    world_run(f->world, A_WHILE_MS);
    assert_true(is_connected(f, f->fengyuan));
}

#define LONG_AWAY_MS (60 * 60 * 1000)

/* Neither has heard of the other: the child has other keys, its parent another address.
 */
static void a_child_with_other_keys_finds_a_parent_that_moved(void **state)
{
    struct sim_county *f = *state;
    world_set_offline(f->world, f->fengyuan, true);
    SIM_SAY(f, f->fengyuan, NULL, "node.renew", NULL, NULL);
    world_roam(f->world, f->township, "elsewhere:77");
    world_set_offline(f->world, f->fengyuan, false);
    world_run(f->world, LONG_AWAY_MS);
    assert_false(is_connected(f, f->fengyuan));

    world_find_others(f->fengyuan, false);
    world_find_others(f->township, true);
    world_run(f->world, 20 * BEACON_PAUSE_MS);
    assert_true(is_connected(f, f->fengyuan));
}

/* The word of them cannot come to a child that does not find it. */
static void a_parent_with_other_keys_that_moved_is_found_by_the_former_ones(void **state)
{
    struct sim_county *f = *state;
    world_set_offline(f->world, f->fengyuan, true);
    SIM_SAY(f, f->township, NULL, "node.renew", NULL, NULL);
    world_roam(f->world, f->township, "elsewhere:77");
    world_set_offline(f->world, f->fengyuan, false);
    world_find_others(f->fengyuan, false);
    world_find_others(f->xikou, false);
    world_find_others(f->township, true);
    world_run(f->world, A_WHILE_MS);
    assert_true(is_connected(f, f->fengyuan));
    assert_true(is_connected(f, f->xikou)); /* and by the new ones */

    /* Once all have met the new ones nobody is called by the former any more. */
    world_roam(f->world, f->township, "elsewhere:78");
    world_run(f->world, A_WHILE_MS);
    assert_true(is_connected(f, f->fengyuan));
    assert_true(is_connected(f, f->xikou));
}

static void what_was_found_is_forgotten_with_the_power(void **state)
{
    struct sim_county *f = *state;
    world_find_others(f->fengyuan, false);
    world_find_others(f->township, true);
    world_roam(f->world, f->township, "elsewhere:77");
    world_run(f->world, A_WHILE_MS);
    assert_true(is_connected(f, f->fengyuan));

    world_find_others(f->township, false);
    world_restart(f->world, f->fengyuan);
    world_run(f->world, A_WHILE_MS);
    assert_false(is_connected(f, f->fengyuan));
}

static void a_parent_that_is_where_it_was_is_dialed_at_once_when_heard(void **state)
{
    struct sim_county *f = *state;
    world_set_offline(f->world, f->township, true);
    world_find_others(f->fengyuan, false);
    world_run(f->world, 20 * 60000); /* it dials once a minute by now */
    world_set_offline(f->world, f->township, false);
    uint32_t before = dials(f->fengyuan);
    world_find_others(f->township, true);
    world_run(f->world, 1000);
    assert_int_equal(dials(f->fengyuan), before + 1);
    assert_true(is_connected(f, f->fengyuan));
}

static void two_machines_of_a_site_find_each_other_whoever_was_first(void **state)
{
    struct sim_county *f = *state;
    char hex[65];
    struct world_node *laptop = sim_laptop(f);
    world_roam(f->world, laptop, "mountain:3");
    world_roam(f->world, f->fengyuan, "valley:4");
    world_run(f->world, A_WHILE_MS);
    sim_laptop_case(f, laptop, "田埂", hex);
    world_run(f->world, A_WHILE_MS);
    assert_int_not_equal(sim_scopes(laptop, SCOPE_CASE),
                         sim_scopes(f->fengyuan, SCOPE_CASE));

    /* The one that was joined has no address of the other at all. */
    world_find_others(f->fengyuan, false);
    world_find_others(laptop, true);
    world_run(f->world, 5000);
    sim_assert_alike(f, laptop, f->fengyuan);
}

static void a_machine_that_was_revoked_finds_nobody(void **state)
{
    struct sim_county *f = *state;
    struct world_node *laptop = sim_laptop(f);
    SIM_SAY(f, f->fengyuan, NULL, "node.revoke", "node", "山上");
    world_run(f->world, 5000);
    world_find_others(f->fengyuan, false);
    world_find_others(laptop, true);
    uint32_t before = dials(f->fengyuan);
    world_run(f->world, A_WHILE_MS);
    assert_true(count_beacons(laptop) > 0);
    assert_int_equal(dials(f->fengyuan), before);
}

static void nobody_dials_a_site_that_dials_him(void **state)
{
    struct sim_county *f = *state;
    world_set_offline(f->world, f->county, true); /* whom it dials */
    world_set_offline(f->world, f->township, true);
    world_run(f->world, 10000);
    world_set_offline(f->world, f->township, false);
    world_find_others(f->township, false);
    world_find_others(f->fengyuan, true);
    uint32_t before = dials(f->township);
    world_run(f->world, A_WHILE_MS);
    assert_true(is_connected(f, f->fengyuan)); /* at its old address */
    assert_int_equal(dials(f->township), before);
}

/* ---- what a stranger does ---- */

static void a_stranger_leads_nobody_anywhere(void **state)
{
    struct sim_county *f = *state;
    struct world_node *hill = found_hill(f);
    world_find_others(f->fengyuan, false);
    world_set_offline(f->world, f->township, true);
    world_run(f->world, A_WHILE_MS);
    world_forget_log(f->fengyuan);
    world_find_others(hill, true);
    world_run(f->world, A_WHILE_MS);
    assert_true(count_beacons(hill) > 0);
    assert_int_equal(sim_count(world_log(f->fengyuan), "peer heard"), 0);
}

static void a_datagram_of_another_size_or_word_is_dropped(void **state)
{
    struct sim_county *f = *state;
    uint8_t datagram[2 * BEACON_SIZE];
    world_find_others(f->fengyuan, false);
    world_find_others(f->township, true);
    world_run(f->world, 1000);
    memcpy(datagram, last_beacon(f->township).data, BEACON_SIZE);
    memcpy(datagram + BEACON_SIZE, datagram, BEACON_SIZE);
    world_set_offline(f->world, f->township, true);
    world_run(f->world, 60000);
    world_forget_log(f->fengyuan);

    world_hear(f->fengyuan, "liar", bytes_of(datagram, 0));
    world_hear(f->fengyuan, "liar", bytes_of(datagram, BEACON_SIZE - 1));
    world_hear(f->fengyuan, "liar", bytes_of(datagram, BEACON_SIZE + 1));
    world_hear(f->fengyuan, "liar", bytes_of(datagram, sizeof(datagram)));
    datagram[3] ^= 1;
    world_hear(f->fengyuan, "liar", bytes_of(datagram, BEACON_SIZE));
    world_run(f->world, 1000);
    assert_int_equal(sim_count(world_log(f->fengyuan), "peer heard"), 0);

    datagram[3] ^= 1; /* as it was, it is one */
    world_hear(f->fengyuan, "liar", bytes_of(datagram, BEACON_SIZE));
    world_run(f->world, 1000);
    assert_int_equal(sim_count(world_log(f->fengyuan), "peer heard"), 1);
}

/* The liar repeats what he heard from another host, ten times a second. */
static void
a_beacon_that_is_repeated_elsewhere_costs_few_dials_and_no_connection(void **state)
{
    struct sim_county *f = *state;
    struct world_node *hill = found_hill(f); /* somebody accepts there */
    char host[32];
    world_find_others(f->fengyuan, false);
    world_find_others(f->township, true);
    world_run(f->world, 1000);
    struct bytes heard = last_beacon(f->township);
    uint8_t beacon[BEACON_SIZE];
    memcpy(beacon, heard.data, BEACON_SIZE);
    world_find_others(f->township, false);
    world_set_offline(f->world, f->township, true);
    world_run(f->world, 20 * 60000);

    world_forget_log(f->fengyuan);
    uint32_t before = dials(f->fengyuan);
    for (int i = 0; i < 600; i++) {
        (void)snprintf(host, sizeof(host), i % 2 ? "hill" : "nowhere-%d", i);
        world_hear(f->fengyuan, host, bytes_of(beacon, sizeof(beacon)));
        world_run(f->world, 100);
    }
    assert_true(sim_count(world_log(f->fengyuan), "peer heard") <= 7);
    assert_true(dials(f->fengyuan) - before <= 7);
    assert_int_equal(sim_status(f, hill, "quarantined"), 0);

    /* And the parent is found at its old address nevertheless. */
    world_set_offline(f->world, f->township, false);
    for (int i = 0; i < 600 && !is_connected(f, f->fengyuan); i++) {
        world_hear(f->fengyuan, "hill", bytes_of(beacon, sizeof(beacon)));
        world_run(f->world, 100);
    }
    assert_true(is_connected(f, f->fengyuan));
}

static void two_beacons_have_nothing_in_common_but_their_beginning(void **state)
{
    struct sim_county *f = *state;
    world_find_others(f->township, true);
    world_run(f->world, 10 * BEACON_PAUSE_MS);
    struct bytes all = world_beacons(f->township);
    uint32_t len = count_beacons(f->township);
    assert_in_range(len, 10, 11);
    for (uint32_t i = 0; i < len; i++) {
        for (uint32_t k = i + 1; k < len; k++) {
            const uint8_t *a = all.data + (size_t)i * BEACON_SIZE;
            const uint8_t *b = all.data + (size_t)k * BEACON_SIZE;
            assert_memory_equal(a, b, BEACON_MAGIC_SIZE);
            for (size_t at = BEACON_MAGIC_SIZE; at + 4 <= BEACON_SIZE; at++)
                assert_memory_not_equal(a + at, b + at, 4);
        }
    }
}

static void nothing_that_names_a_site_stands_in_a_beacon(void **state)
{
    struct sim_county *f = *state;
    uint8_t noise_key[32];
    world_find_others(f->township, true);
    world_run(f->world, 10 * BEACON_PAUSE_MS);
    struct bytes all = world_beacons(f->township);
    world_noise_key(f->township, noise_key);
    for (size_t at = 0; at + 4 <= all.len; at++) {
        for (size_t i = 0; i + 4 <= 32; i++) {
            assert_memory_not_equal(all.data + at, noise_key + i, 4);
            assert_memory_not_equal(all.data + at, world_site(f->township)->bytes + i, 4);
        }
    }
}

/* The same dice, other cases: who listens on the network sees no difference. */
static void beacons_do_not_depend_on_what_is_private(void **state)
{
    struct buf said[2] = {{0}, {0}};
    for (int twin = 0; twin < 2; twin++) {
        char hex[65];
        void *own = NULL;
        assert_int_equal(sim_county_set_up_in_memory(&own), 0);
        struct sim_county *f = own;
        world_find_others(f->fengyuan, true);
        for (int i = 0; i < 4; i++) {
            if (twin == 1)
                sim_laptop_case(f, f->fengyuan, "田埂", hex);
            world_run(f->world, BEACON_PAUSE_MS);
        }
        struct bytes all = world_beacons(f->fengyuan);
        assert_true(count_beacons(f->fengyuan) >= 4);
        buf_add(&said[twin], all.data, 4 * BEACON_SIZE);
        assert_int_equal(sim_county_tear_down_in_memory(&own), 0);
    }
    assert_memory_equal(said[0].data, said[1].data, 4 * BEACON_SIZE);
    buf_deinit(&said[0]);
    buf_deinit(&said[1]);
}

static void a_node_that_does_not_listen_to_the_network_looks_for_nobody(void **state)
{
    struct sim_county *f = *state;
    uint8_t beacon[BEACON_SIZE];
    world_find_others(f->township, true);
    world_run(f->world, 1000);
    memcpy(beacon, last_beacon(f->township).data, BEACON_SIZE);
    world_set_offline(f->world, f->township, true);
    world_run(f->world, 60000);
    world_hear(f->fengyuan, "liar", bytes_of(beacon, sizeof(beacon)));
    world_run(f->world, 1000);
    assert_int_equal(sim_count(world_log(f->fengyuan), "peer heard"), 0);

    world_find_others(f->fengyuan, false); /* the same, when it does */
    world_hear(f->fengyuan, "liar", bytes_of(beacon, sizeof(beacon)));
    world_run(f->world, 1000);
    assert_int_equal(sim_count(world_log(f->fengyuan), "peer heard"), 1);
}

static void a_node_that_ends_says_and_hears_nothing_any_more(void **state)
{
    struct sim_county *f = *state;
    uint8_t beacon[BEACON_SIZE];
    world_find_others(f->township, true);
    world_find_others(f->fengyuan, true);
    world_run(f->world, 1000);
    memcpy(beacon, last_beacon(f->township).data, BEACON_SIZE);
    world_set_offline(f->world, f->township, true);
    world_run(f->world, 60000);
    uint32_t before = count_beacons(f->fengyuan);
    world_forget_log(f->fengyuan);

    world_event(f->fengyuan, EVENT_END, 0, (struct bytes){0});
    world_hear(f->fengyuan, "township", bytes_of(beacon, sizeof(beacon)));
    world_run(f->world, A_WHILE_MS);

    assert_int_equal(count_beacons(f->fengyuan), before);
    assert_int_equal(sim_count(world_log(f->fengyuan), "peer heard"), 0);
}

/* ---- codes ---- */

static void a_code_finds_the_one_who_invites(void **state)
{
    struct sim_county *f = *state;
    char code[128];
    struct world_node *hill = found_hill(f);
    world_roam(f->world, f->township, "elsewhere:77");
    world_find_others(f->township, true);
    world_find_others(f->xikou, true); /* another one is there, too */
    world_find_others(hill, false);
    world_run(f->world, 1000);
    invite(f, f->township, "peer.invite", code);
    SIM_SAY(f, hill, NULL, "peer.join", "code", code);
    assert_true(is_connected(f, hill));
    assert_int_equal(sim_status(f, hill, "waiting"), 0);

    /* It has the address for good. */
    world_restart(f->world, hill);
    world_run(f->world, 5000);
    assert_true(is_connected(f, hill));
}

static void a_code_of_a_machine_is_heard_as_one_of_a_site(void **state)
{
    struct sim_county *f = *state;
    char code[128];
    uint8_t psk[32], key[BEACON_KEY_SIZE];
    uint16_t port = 0;
    world_find_others(f->fengyuan, true);
    invite(f, f->fengyuan, "node.invite", code);
    assert_true(wrap_stretch(psk, code, strlen(code)));
    beacon_key_of_code(key, psk);
    world_run(f->world, BEACON_PAUSE_MS);
    assert_true(beacon_is_of_code(last_beacon(f->fengyuan), key, &port));
    assert_int_equal(port, 1);

    world_run(f->world, INVITE_LIFETIME_MS + BEACON_PAUSE_MS);
    assert_false(beacon_is_of_code(last_beacon(f->fengyuan), key, &port));
}

static void a_wrong_code_finds_nobody_and_says_so(void **state)
{
    struct sim_county *f = *state;
    char code[128];
    struct world_node *hill = found_hill(f);
    world_find_others(f->township, true);
    world_find_others(hill, false);
    invite(f, f->township, "peer.invite", code);
    uint32_t before = dials(hill);
    assert_int_equal(world_say(f->world, hill, NULL, "peer.join", "code",
                               "baan baan baan baan baan baan", NULL),
                     STATUS_UNREACHABLE);
    assert_int_equal(dials(hill), before);
    SIM_SAY(f, hill, NULL, "peer.join", "code", code); /* it is good for the right one */
}

static void a_node_that_hears_nobody_wants_an_address(void **state)
{
    struct sim_county *f = *state;
    char code[128];
    struct world_node *hill = found_hill(f);
    world_find_others(f->township, true);
    invite(f, f->township, "peer.invite", code);
    assert_int_equal(world_say(f->world, hill, NULL, "peer.join", "code", code, NULL),
                     STATUS_INVALID);
}

static void an_address_that_is_too_long_is_none(void **state)
{
    struct sim_county *f = *state;
    char code[128], at[300];
    struct world_node *hill = found_hill(f);
    world_find_others(hill, false); /* or it would want one */
    invite(f, f->township, "peer.invite", code);
    memset(at, 'a', sizeof(at) - 1);
    memcpy(at + sizeof(at) - 3, ":1", 3);
    uint32_t before = dials(hill);
    assert_int_equal(
        world_say(f->world, hill, NULL, "peer.join", "code", code, "at", at, NULL),
        STATUS_TOO_LARGE);
    assert_int_equal(dials(hill), before);
}

/* A client that the node does not know yet; its turn is still to come. */
#define OTHER 9

static void ask(struct world_node *node, const char *method, const char *name,
                const char *value)
{
    struct buf request = {0};
    pack_array(&request, 3);
    pack_uint(&request, 1);
    pack_str(&request, method);
    pack_map(&request, 1);
    pack_str(&request, name);
    pack_str(&request, value);
    world_event(node, EVENT_CLIENT_REQUEST, OTHER, buf_bytes(&request));
    buf_deinit(&request);
}

/* From now on the steward seeks at the hill who made that code. */
static void seek(struct sim_county *f, struct world_node *hill, const char *code)
{
    struct buf out = {0};
    world_event(hill, EVENT_CLIENT_OPENED, OTHER, (struct bytes){0});
    ask(hill, "unlock", "pin", "246810");
    world_run(f->world, 100);
    assert_true(world_answered(hill, OTHER, &out));
    ask(hill, "peer.join", "code", code);
    world_run(f->world, 1000);
    assert_false(world_answered(hill, OTHER, &out));
    buf_deinit(&out);
}

static void whoever_goes_away_while_it_is_sought_is_not_answered(void **state)
{
    struct sim_county *f = *state;
    char code[128];
    struct buf out = {0};
    struct world_node *hill = found_hill(f);
    world_find_others(hill, false);
    invite(f, f->township, "peer.invite", code);
    seek(f, hill, code);
    world_event(hill, EVENT_CLIENT_CLOSED, OTHER, (struct bytes){0});
    uint32_t before = dials(hill);
    world_find_others(f->township, true);
    world_run(f->world, A_WHILE_MS);
    assert_int_equal(dials(hill), before);
    assert_false(world_answered(hill, OTHER, &out));
    buf_deinit(&out);
}

/* In the turn in which strangers take every place. */
static void who_is_found_while_all_connections_are_taken_is_not_dialed(void **state)
{
    struct sim_county *f = *state;
    char code[128];
    uint8_t beacon[BEACON_SIZE];
    struct buf out = {0};
    struct world_node *hill = found_hill(f);
    world_find_others(f->township, true);
    invite(f, f->township, "peer.invite", code);
    world_run(f->world, BEACON_PAUSE_MS);
    memcpy(beacon, last_beacon(f->township).data, BEACON_SIZE);
    world_find_others(f->township, false);
    world_find_others(hill, false);
    seek(f, hill, code);
    uint32_t before = dials(hill);

    for (uint64_t i = 0; i < SESSIONS_MAX; i++)
        world_event(hill, EVENT_CONN_ACCEPTED, 1000000 + 2 * i, (struct bytes){0});
    world_hear(hill, "township", bytes_of(beacon, sizeof(beacon)));
    world_run(f->world, 0);

    assert_true(world_answered(hill, OTHER, &out));
    assert_non_null(memmem(out.data, out.len, "BUSY", 4));
    assert_int_equal(dials(hill), before);
    buf_deinit(&out);
}

int main(void)
{
#define IN_COUNTY(test)                                                                  \
    cmocka_unit_test_setup_teardown(test, sim_county_set_up_in_memory,                   \
                                    sim_county_tear_down_in_memory)
    const struct CMUnitTest tests[] = {
        IN_COUNTY(a_node_that_was_not_asked_to_says_nothing),
        IN_COUNTY(a_child_finds_its_parent_at_another_address),
        IN_COUNTY(where_a_parent_was_found_it_is_sought_again),
        IN_COUNTY(a_child_with_other_keys_finds_a_parent_that_moved),
        IN_COUNTY(a_parent_with_other_keys_that_moved_is_found_by_the_former_ones),
        IN_COUNTY(what_was_found_is_forgotten_with_the_power),
        IN_COUNTY(a_parent_that_is_where_it_was_is_dialed_at_once_when_heard),
        IN_COUNTY(two_machines_of_a_site_find_each_other_whoever_was_first),
        IN_COUNTY(a_machine_that_was_revoked_finds_nobody),
        IN_COUNTY(nobody_dials_a_site_that_dials_him),
        IN_COUNTY(a_stranger_leads_nobody_anywhere),
        IN_COUNTY(a_datagram_of_another_size_or_word_is_dropped),
        IN_COUNTY(a_beacon_that_is_repeated_elsewhere_costs_few_dials_and_no_connection),
        IN_COUNTY(two_beacons_have_nothing_in_common_but_their_beginning),
        IN_COUNTY(nothing_that_names_a_site_stands_in_a_beacon),
        cmocka_unit_test(beacons_do_not_depend_on_what_is_private),
        IN_COUNTY(a_node_that_does_not_listen_to_the_network_looks_for_nobody),
        IN_COUNTY(a_node_that_ends_says_and_hears_nothing_any_more),
        IN_COUNTY(a_code_finds_the_one_who_invites),
        IN_COUNTY(a_code_of_a_machine_is_heard_as_one_of_a_site),
        IN_COUNTY(a_wrong_code_finds_nobody_and_says_so),
        IN_COUNTY(a_node_that_hears_nobody_wants_an_address),
        IN_COUNTY(an_address_that_is_too_long_is_none),
        IN_COUNTY(whoever_goes_away_while_it_is_sought_is_not_answered),
        IN_COUNTY(who_is_found_while_all_connections_are_taken_is_not_dialed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
