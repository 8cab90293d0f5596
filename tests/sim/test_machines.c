/* Letting a machine into a site and taking it out again: codes, PINs, who dials whom, a
 * laptop that was lost. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "node/cases/view.h"
#include "proto/limits.h"
#include "tests/sim/sim_laptop.h"
#include "tests/sim/sim_strange.h"

#define NEW_PIN "864209"

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

static uint32_t machines_of(struct sim_county *f, struct world_node *node)
{
    struct buf out = {0};
    SIM_SAY(f, node, &out, "site", NULL, NULL);
    uint32_t len = view_map_count(buf_bytes(&out), "nodes");
    buf_deinit(&out);
    return len;
}

/* Nothing came of it at either end. */
static void assert_not_joined(struct sim_county *f, const char *code)
{
    struct world_node *node;
    struct buf site = {0};
    enum status status =
        world_try_join(f->world, f->fengyuan, code, "山上", "laptop:1", &node);
    assert_int_not_equal(status, STATUS_OK);
    assert_int_equal(store_meta_get(world_store(node), "site", &site), STATUS_NOT_FOUND);
    assert_int_equal(sim_scopes(node, SCOPE_CHARTER), 0);
    assert_int_equal(machines_of(f, f->fengyuan), 1);
    buf_deinit(&site);
}

static void a_code_works_once_in_its_time_and_for_what_it_was_made(void **state)
{
    struct sim_county *f = *state;
    char code[128];
    struct world_node *laptop;
    assert_not_joined(f, "bamo ceti dulu fana gise hota"); /* nobody invited */
    invite(f, f->fengyuan, "node.invite", code);
    assert_not_joined(f, "bamo ceti dulu fana gise hota");
    invite(f, f->fengyuan, "node.invite", code);
    world_tick(f->world, INVITE_LIFETIME_MS);
    assert_not_joined(f, code);
    invite(f, f->fengyuan, "peer.invite", code);
    assert_not_joined(f, code);

    invite(f, f->fengyuan, "node.invite", code);
    assert_int_equal(
        world_try_join(f->world, f->fengyuan, code, "山上", "laptop:1", &laptop),
        STATUS_OK);
    assert_int_equal(machines_of(f, f->fengyuan), 2);
    world_run(f->world, 5000);
    assert_int_equal(machines_of(f, laptop), 2);
}

static void a_code_for_a_machine_pairs_no_site_and_is_used_up(void **state)
{
    struct sim_county *f = *state;
    char code[128];
    struct world_node *laptop;
    invite(f, f->fengyuan, "node.invite", code);
    assert_int_equal(world_say(f->world, f->xikou, NULL, "peer.join", "code", code, "at",
                               "fengyuan:1", NULL),
                     STATUS_DENIED);
    assert_int_not_equal(
        world_try_join(f->world, f->fengyuan, code, "山上", "laptop:1", &laptop),
        STATUS_OK);
    assert_int_equal(machines_of(f, f->fengyuan), 1);
}

static void a_mediator_lets_no_machine_in(void **state)
{
    struct sim_county *f = *state;
    sim_add_person(f, f->fengyuan, "李某", "mediator", NULL);
    assert_int_equal(world_unlock(f->world, f->fengyuan, "李某", "135791"), STATUS_OK);

    assert_int_equal(world_say(f->world, f->fengyuan, NULL, "node.invite", NULL, NULL),
                     STATUS_DENIED);
}

static void both_screens_show_the_same_two_words(void **state)
{
    struct sim_county *f = *state;
    struct buf out = {0};
    struct bytes words;
    struct world_node *laptop = sim_laptop(f);
    SIM_SAY(f, f->fengyuan, &out, "site", NULL, NULL);
    assert_true(view_map_text(buf_bytes(&out), "words", &words));
    assert_true(words.len > 0);
    assert_true(bytes_equal_str(words, world_words(laptop)));
    buf_deinit(&out);
}

static void a_pin_that_was_changed_is_changed_on_every_machine(void **state)
{
    struct sim_county *f = *state;
    struct world_node *laptop = sim_laptop(f);
    struct world *world = f->world;
    /* Somebody who was appointed later, on the other machine. */
    sim_add_person(f, laptop, "李某", "mediator", NULL);
    world_run(world, 5000);
    assert_int_equal(world_unlock(world, f->fengyuan, "李某", "135791"), STATUS_OK);

    SIM_SAY(f, f->fengyuan, NULL, "person.pin", "old", "135791", "pin", NEW_PIN);
    world_run(world, 5000);
    assert_int_equal(world_unlock(world, laptop, "李某", "135791"), STATUS_DENIED);
    assert_int_equal(world_unlock(world, laptop, "李某", NEW_PIN), STATUS_OK);
}

static void an_old_pin_never_comes_back_from_a_machine_that_was_away(void **state)
{
    struct sim_county *f = *state;
    struct world *world = f->world;
    struct world_node *laptop = sim_laptop(f);
    world_set_offline(world, laptop, true);
    SIM_SAY(f, f->fengyuan, NULL, "person.pin", "old", "246810", "pin", NEW_PIN);
    world_set_offline(world, laptop, false);
    world_run(world, 120000);
    assert_int_equal(world_unlock(world, f->fengyuan, "", "246810"), STATUS_DENIED);
    assert_int_equal(world_unlock(world, f->fengyuan, "", NEW_PIN), STATUS_OK);
    assert_int_equal(world_unlock(world, laptop, "", NEW_PIN), STATUS_OK);

    /* Changed on both while they were apart: both take the same one, whichever it is. */
    world_set_offline(world, laptop, true);
    SIM_SAY(f, f->fengyuan, NULL, "person.pin", "old", NEW_PIN, "pin", "111111");
    SIM_SAY(f, laptop, NULL, "person.pin", "old", NEW_PIN, "pin", "222222");
    world_set_offline(world, laptop, false);
    world_run(world, 120000);
    enum status first = world_unlock(world, f->fengyuan, "", "111111");
    assert_int_equal(world_unlock(world, laptop, "", "111111"), first);
    assert_int_equal(world_unlock(world, f->fengyuan, "", "222222"),
                     first == STATUS_OK ? STATUS_DENIED : STATUS_OK);
}

/* What the laptop says in the place of its own `keys`. */
static void put_garbage(void *context, struct bytes message, struct buf *out)
{
    struct pack_reader reader = pack_reader_of(message);
    uint32_t elements, rows;
    struct bytes name;
    if (pack_read_array(&reader, &elements, NULL) != STATUS_OK ||
        pack_read_str(&reader, &name, NULL) != STATUS_OK ||
        !bytes_equal_str(name, "keys") ||
        pack_read_array(&reader, &rows, NULL) != STATUS_OK || rows != 1)
        return;
    uint8_t key[32], wrapped[WRAP_SIZE], signature[64] = {7};
    uint64_t number;
    assert_int_equal(pack_read_array(&reader, &elements, NULL), STATUS_OK);
    assert_int_equal(pack_read_fixed(&reader, key, sizeof(key), NULL), STATUS_OK);
    assert_int_equal(pack_read_uint(&reader, &number, NULL), STATUS_OK);
    assert_int_equal(pack_read_fixed(&reader, wrapped, sizeof(wrapped), NULL), STATUS_OK);
    wrapped[WRAP_SIZE - 1] ^= 1;
    pack_array(out, 3);
    pack_str(out, "keys");
    pack_array(out, 1);
    pack_array(out, 4);
    pack_bin(out, key, sizeof(key));
    pack_uint(out, 1000);
    pack_bin(out, wrapped, sizeof(wrapped));
    pack_bin(out, signature, sizeof(signature));
    pack_array(out, 0);
    ++*(int *)context;
}

static void a_machine_without_the_pin_puts_nothing_in_the_place_of_a_key(void **state)
{
    struct sim_county *f = *state;
    int times = 0;
    struct world_node *laptop = sim_laptop(f);
    world_set_mutator(laptop, put_garbage, &times);
    world_restart(f->world, laptop);
    world_run(f->world, 120000);

    assert_true(times > 0);
    assert_int_equal(world_unlock(f->world, f->fengyuan, "", "246810"), STATUS_OK);
}

/* ---- what no correct machine says ---- */

/* A row of `keys` or `places` that breaks off, has too much or is of another type. */
static void write_keys(int which, struct buf *out)
{
    static const uint8_t zeros[WRAP_SIZE];
    bool is_place = which >= 7 && which != 12;
    pack_array(out, 3);
    pack_str(out, "keys");
    if (which == 0) {
        pack_uint(out, 1); /* no array */
        pack_array(out, 0);
        return;
    }
    pack_array(out, is_place ? 0 : 1);
    if (is_place)
        pack_array(out, 1);
    if (which >= 12) {
        pack_uint(out, 1); /* no row */
        if (!is_place)
            pack_array(out, 0);
        return;
    }
    pack_array(out, which == 1 || which == 7 ? 5 : is_place ? 3 : 4);
    pack_bin(out, zeros, which == 2 || which == 8 ? 31 : 32);
    if (is_place) {
        pack_bin(out, zeros, which == 9 ? 33 : 32);
        char address[200];
        memset(address, 'a', sizeof(address));
        address[which == 10 ? 199 : 20] = '\0';
        if (which == 11)
            pack_uint(out, 7);
        else
            pack_str(out, address);
        return;
    }
    if (which == 3)
        pack_str(out, "one");
    else
        pack_uint(out, which == 4 ? 1 : 0);
    pack_bin(out, zeros, which == 5 ? WRAP_SIZE - 1 : WRAP_SIZE);
    pack_bin(out, zeros, which == 6 ? 64 : 0);
    pack_array(out, 0);
}

static void S1_keys_that_are_not_well_formed_end_the_session(void **state)
{
    struct sim_county *f = *state;
    struct world_node *laptop = sim_laptop(f);
    for (int which = 0; which < 14; which++) {
        struct strange strange = {.name = "keys", .write = write_keys, .which = which};
        world_forget_log(f->fengyuan);
        world_set_mutator(laptop, strange_say, &strange);
        world_restart(f->world, laptop);
        world_run(f->world, 5000);
        assert_true(strange.times > 0);
        assert_true(sim_count(world_log(f->fengyuan), "end=INVALID") +
                        sim_count(world_log(f->fengyuan), "end=TOO_LARGE") >
                    0);
    }
    world_set_mutator(laptop, NULL, NULL);
    world_restart(f->world, laptop);
    world_run(f->world, 120000);
    sim_assert_alike(f, f->fengyuan, laptop);
}

/* A key of nobody, a wrapped key of somebody else, a place of a site that is not linked:
 * passed over, as what another version may know. */
static void write_foreign(int which, struct buf *out)
{
    uint8_t key[32] = {9}, wrapped[WRAP_SIZE] = {0};
    (void)which;
    pack_array(out, 3);
    pack_str(out, "keys");
    pack_array(out, 1);
    pack_array(out, 4);
    pack_bin(out, key, sizeof(key));
    pack_uint(out, 0);
    pack_bin(out, wrapped, sizeof(wrapped));
    pack_bin(out, NULL, 0);
    pack_array(out, 1);
    pack_array(out, 3);
    pack_bin(out, key, sizeof(key));
    pack_bin(out, key, sizeof(key));
    pack_str(out, "elsewhere:1");
}

static enum status count_peer(void *context, const struct store_peer *peer)
{
    (void)peer;
    ++*(uint32_t *)context;
    return STATUS_OK;
}

static void keys_and_places_of_strangers_are_passed_over(void **state)
{
    struct sim_county *f = *state;
    struct strange strange = {.name = "keys", .write = write_foreign};
    uint32_t before = 0, after = 0;
    struct world_node *laptop = sim_laptop(f);
    assert_int_equal(store_peers(world_store(f->fengyuan), count_peer, &before),
                     STATUS_OK);
    world_set_mutator(laptop, strange_say, &strange);
    world_restart(f->world, laptop);
    world_run(f->world, 5000);

    assert_true(strange.times > 0);
    assert_int_equal(store_peers(world_store(f->fengyuan), count_peer, &after),
                     STATUS_OK);
    assert_int_equal(before, after);
    (void)sim_laptop_case(f, laptop, "水沟", (char[65]){0});
    world_run(f->world, 5000);
    sim_assert_alike(f, f->fengyuan, laptop);
}

/* Another site says what machines of one site say to each other. */
static void write_foreign_at_once(int which, struct buf *out)
{
    write_foreign(which, out);
}

static void S1_keys_from_another_site_end_the_session(void **state)
{
    struct sim_county *f = *state;
    struct strange strange = {.name = "neg", .write = write_foreign_at_once};
    world_forget_log(f->fengyuan);
    world_set_mutator(f->township, strange_say, &strange);
    (void)sim_escalate(f, f->fengyuan, "水渠");
    world_run(f->world, 5000);

    assert_true(strange.times > 0);
    assert_true(sim_count(world_log(f->fengyuan), "end=INVALID") > 0);
}

static void write_welcome(int which, struct buf *out)
{
    pack_array(out, which == 0 ? 3 : 2);
    pack_str(out, which == 1 ? "charters" : "welcome");
    if (which == 2)
        pack_uint(out, 1); /* no array */
    else
        pack_array(out, which == 3 ? 0 : 1);
    if (which > 3)
        pack_bin(out, "no op", 5);
    if (which == 0)
        pack_array(out, 0);
}

static void a_welcome_without_the_charter_founds_nothing(void **state)
{
    struct sim_county *f = *state;
    char code[128];
    for (int which = 0; which < 5; which++) {
        struct strange strange = {
            .name = "welcome", .write = write_welcome, .which = which};
        struct world_node *laptop;
        struct buf site = {0};
        invite(f, f->fengyuan, "node.invite", code);
        world_set_mutator(f->fengyuan, strange_say, &strange);
        assert_int_not_equal(
            world_try_join(f->world, f->fengyuan, code, "山上", "laptop:1", &laptop),
            STATUS_OK);
        assert_int_equal(strange.times, 1);
        assert_int_equal(store_meta_get(world_store(laptop), "site", &site),
                         STATUS_NOT_FOUND);
        assert_int_equal(sim_scopes(laptop, SCOPE_CHARTER), 0);
    }
}

/* ---- who dials whom ---- */

static void a_machine_is_dialed_where_a_steward_says(void **state)
{
    struct sim_county *f = *state;
    char hex[65];
    struct world_node *laptop = sim_laptop(f);
#define AT(node, wanted, which, at)                                                      \
    assert_int_equal(                                                                    \
        world_say(f->world, node, NULL, "node.at", "node", which, "at", at, NULL),       \
        wanted)
    AT(laptop, STATUS_NOT_FOUND, "别处", "moved:1");
    AT(laptop, STATUS_INVALID, "山上", "moved:1"); /* itself */
    AT(f->fengyuan, STATUS_INVALID, "山上", "moved");
    /* The village is somewhere else now. */
    world_move(f->fengyuan, "moved:1");
    world_set_offline(f->world, laptop, true);
    world_set_offline(f->world, laptop, false);
    world_run(f->world, 120000);
    (void)sim_laptop_case(f, laptop, "水沟", hex);
    world_run(f->world, 120000);
    assert_int_equal(sim_status(f, f->fengyuan, "cases"), 0);
    AT(f->fengyuan, STATUS_OK, "山上", "laptop:1"); /* the village dials … */
    world_run(f->world, 120000);
    assert_int_equal(sim_status(f, f->fengyuan, "cases"), 1);
    world_set_offline(f->world, laptop, true);
    world_set_offline(f->world, laptop, false);
    sim_assert_alike(f, f->fengyuan, laptop);
}

static void where_both_dial_one_connection_stays(void **state)
{
    struct sim_county *f = *state;
    char hex[65];
    struct world_node *laptop = sim_laptop(f);
    SIM_SAY(f, f->fengyuan, NULL, "node.at", "node", "山上", "at", "laptop:1");
    for (int i = 0; i < 4; i++) {
        world_set_offline(f->world, laptop, true);
        world_run(f->world, 1000);
        world_forget_log(f->fengyuan);
        world_forget_log(laptop);
        world_set_offline(f->world, laptop, false);
        world_tick(f->world, 120000); /* both wake up at once */
        world_run(f->world, 30000);
        struct bytes logs[] = {world_log(f->fengyuan), world_log(laptop)};
        for (int k = 0; k < 2; k++)
            assert_true(sim_count(logs[k], "end=EXISTS") +
                            sim_count(logs[k], "end=replaced") >
                        0);
        (void)sim_laptop_case(f, i % 2 ? laptop : f->fengyuan, "水沟", hex);
        world_run(f->world, 5000);
        sim_assert_alike(f, f->fengyuan, laptop);
        /* They do not go on to throw each other out. */
        world_forget_log(f->fengyuan);
        world_run(f->world, 120000);
        assert_int_equal(sim_count(world_log(f->fengyuan), "session"), 0);
    }
}

static uint64_t number_of(struct buf *out, const char *name)
{
    uint64_t number = UINT64_MAX;
    assert_true(view_map_uint(buf_bytes(out), name, &number));
    return number;
}

static void a_lost_laptop_is_out_within_one_round(void **state)
{
    struct sim_county *f = *state;
    struct buf out = {0};
    char hex[65], later[65];
    (void)sim_laptop_case(f, f->fengyuan, "水沟", hex);
    (void)sim_laptop_case(f, f->fengyuan, "田埂", hex);
    (void)sim_escalate(f, f->fengyuan, "水渠");
    struct world_node *laptop = sim_laptop(f);
    world_run(f->world, 5000);
    world_forget_log(f->fengyuan);

    SIM_SAY(f, f->fengyuan, &out, "node.revoke", "node", "山上");
    assert_int_equal(number_of(&out, "cases"), 3);
    assert_int_equal(number_of(&out, "records"), 1);
    assert_true(number_of(&out, "agreed_at") > 0);
    assert_int_equal(sim_count(world_log(f->fengyuan), "end=revoked"), 1);
    /* What is written from now on stays at home, and what the laptop writes, with it. */
    size_t heard = world_heard(laptop).len;
    (void)sim_laptop_case(f, f->fengyuan, "之后", later);
    (void)sim_laptop_case(f, laptop, "捡到的人写的", hex);
    world_run(f->world, 300000);
    assert_int_equal(sim_status(f, laptop, "cases"), 4);
    assert_int_equal(sim_status(f, f->fengyuan, "cases"), 4);
    assert_int_equal(
        world_say(f->world, f->fengyuan, NULL, "case.show", "case", hex, NULL),
        STATUS_NOT_FOUND);
    assert_int_equal(world_say(f->world, laptop, NULL, "case.show", "case", later, NULL),
                     STATUS_NOT_FOUND);
    /* Nobody upstairs lets it in either. */
    assert_true(sim_count(world_log(f->township), "end=revoked") > 0);
    assert_int_equal(sim_scopes(f->township, SCOPE_ESCALATION), 1);
    assert_true(world_heard(laptop).len - heard < 32768);
    buf_deinit(&out);
}

static void what_a_revoked_machine_signed_stands_and_what_it_signs_does_not(void **state)
{
    struct sim_county *f = *state;
    struct buf bytes = {0};
    struct id record = sim_escalate(f, f->fengyuan, "水渠");
    struct world_node *office = world_join(f->world, f->township, "镇里", "office:1");
    world_set_offline(f->world, f->township, true);
    struct id second = sim_escalate(f, f->fengyuan, "山塘");
    world_run(f->world, 5000); /* the second machine of the township takes it alone … */
    sim_assert_state(f, office, &second, "unknown");
    (void)record;
    world_set_offline(f->world, f->township, false);
    world_run(f->world, 120000);
    sim_assert_state(f, office, &second, "received");

    SIM_SAY(f, f->township, NULL, "node.revoke", "node", "镇里");
    /* Its own key, on an op that comes about afterwards. */
    struct draft draft;
    draft_init(&draft, "received", &second);
    struct forgery forgery = {
        .seed = world_node_seed(office), .draft = &draft, .scope = &second, .of = office};
    struct id op = sim_forge(&forgery, &bytes);
    assert_int_equal(world_admit(f->world, f->township, buf_bytes(&bytes)), STATUS_OK);
    assert_string_equal(sim_refused(f->township, &second, &op), "revoked");
    draft_deinit(&draft);
    buf_deinit(&bytes);
}

static void a_revoked_machine_does_not_come_back_by_a_code(void **state)
{
    struct sim_county *f = *state;
    struct buf out = {0};
    struct world_node *laptop = sim_laptop(f);
    SIM_SAY(f, f->fengyuan, &out, "node.revoke", "node", "山上");
    world_run(f->world, 5000);
    (void)laptop;
    /* A new one of the same name does. */
    struct world_node *again = world_join(f->world, f->fengyuan, "山上", "laptop:2");
    sim_assert_alike(f, f->fengyuan, again);
    assert_int_equal(machines_of(f, f->fengyuan), 3);
    buf_deinit(&out);
}

static void three_machines_come_to_one_view(void **state)
{
    struct sim_county *f = *state;
    char hex[65];
    struct world_node *first = sim_laptop(f);
    struct world_node *second = world_join(f->world, first, "村口", "gate:1");
    (void)sim_laptop_case(f, second, "水沟", hex);
    (void)sim_laptop_case(f, f->fengyuan, "田埂", hex);
    world_run(f->world, 120000);

    sim_assert_alike(f, f->fengyuan, first);
    sim_assert_alike(f, first, second);
    assert_int_equal(sim_status(f, second, "cases"), 2);
    /* Whoever joined by one is told where the others are. */
    world_set_offline(f->world, first, true);
    (void)sim_laptop_case(f, second, "院墙", hex);
    world_run(f->world, 120000);
    sim_assert_alike(f, f->fengyuan, second);
    assert_int_equal(sim_status(f, f->fengyuan, "cases"), 3);
    world_set_offline(f->world, first, false);
    world_run(f->world, 120000);
    SIM_SAY(f, f->fengyuan, NULL, "node.revoke", "node", "村口");
    world_run(f->world, 120000);
    struct world_node *both[] = {first, f->fengyuan};
    for (int i = 0; i < 2; i++)
        assert_true(sim_count(world_log(both[i]), "end=revoked") > 0);
}

int main(void)
{
#define ONE(test)                                                                        \
    cmocka_unit_test_setup_teardown(test, sim_county_set_up_in_memory,                   \
                                    sim_county_tear_down_in_memory)
    const struct CMUnitTest tests[] = {
        ONE(a_code_works_once_in_its_time_and_for_what_it_was_made),
        ONE(a_code_for_a_machine_pairs_no_site_and_is_used_up),
        ONE(a_mediator_lets_no_machine_in),
        ONE(both_screens_show_the_same_two_words),
        ONE(a_pin_that_was_changed_is_changed_on_every_machine),
        ONE(an_old_pin_never_comes_back_from_a_machine_that_was_away),
        ONE(a_machine_without_the_pin_puts_nothing_in_the_place_of_a_key),
        ONE(S1_keys_that_are_not_well_formed_end_the_session),
        ONE(keys_and_places_of_strangers_are_passed_over),
        ONE(S1_keys_from_another_site_end_the_session),
        ONE(a_welcome_without_the_charter_founds_nothing),
        ONE(a_machine_is_dialed_where_a_steward_says),
        ONE(where_both_dial_one_connection_stays),
        ONE(a_lost_laptop_is_out_within_one_round),
        ONE(what_a_revoked_machine_signed_stands_and_what_it_signs_does_not),
        ONE(a_revoked_machine_does_not_come_back_by_a_code),
        ONE(three_machines_come_to_one_view),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
