/* Other keys for a machine in place: a village of one, a parent, a second machine,
 * sticks, a thief who has the old ones, and a power cut at any time. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "node/cases/charter.h"
#include "node/cases/view.h"
#include "tests/sim/sim_folder.h"
#include "tests/sim/sim_laptop.h"

#define FENGYUAN 2 /* of the files of the county */
#define MINUTES (UINT64_C(60) * 1000)

static uint64_t renew(struct sim_county *f, struct world_node *node)
{
    struct buf out = {0};
    uint64_t neighbours;
    uint8_t before[32];
    memcpy(before, world_node_seed(node), 32);
    SIM_SAY(f, node, &out, "node.renew");
    assert_true(view_map_uint(buf_bytes(&out), "neighbours", &neighbours));
    assert_memory_not_equal(before, world_node_seed(node), 32);
    buf_deinit(&out);
    return neighbours;
}

static bool is_waiting(struct world_node *node)
{
    struct buf value = {0};
    enum status status = store_meta_get(world_store(node), "former-keys", &value);
    buf_deinit(&value);
    return status == STATUS_OK;
}

/* A record goes up from a village, and is answered. */
static void assert_works(struct sim_county *f, struct world_node *village,
                         const char *title)
{
    char hex[65];
    struct id id = sim_escalate(f, village, title);
    world_run(f->world, 3 * MINUTES);
    sim_assert_state(f, f->township, &id, "received");
    hex_encode(hex, id.bytes, ID_SIZE);
    SIM_SAY(f, f->township, NULL, "escalation.open", "escalation", hex);
    SIM_SAY(f, f->township, NULL, "escalation.accept", "escalation", hex);
    world_run(f->world, 3 * MINUTES);
    sim_assert_state(f, village, &id, "accepted");
}

static bool count_refused(void *context, struct bytes element)
{
    (void)element;
    ++*(uint32_t *)context;
    return true;
}

static enum status look_for_refused(void *context, const struct store_scope *scope)
{
    view_map_each(scope->view, "refused", count_refused, context);
    return STATUS_OK;
}

/* Nothing that anybody signed has lost its effect at that node. */
static void assert_all_stands(struct world_node *node)
{
    struct id scope;
    enum scope_kind kind;
    int64_t number = 0;
    uint32_t refused = 0;
    while (store_scope_next(world_store(node), &number, &scope, &kind) == STATUS_OK)
        assert_int_equal(
            store_scope_get(world_store(node), &scope, look_for_refused, &refused),
            STATUS_OK);
    assert_int_equal(refused, 0);
}

/* --- a site of one machine --- */

static void a_village_of_one_machine_gets_other_keys_and_goes_on(void **state)
{
    struct sim_county *f = *state;
    assert_works(f, f->fengyuan, "水渠");
    assert_int_equal(renew(f, f->fengyuan), 1);
    assert_true(is_waiting(f->fengyuan));

    assert_works(f, f->fengyuan, "田界");
    assert_false(is_waiting(f->fengyuan)); /* the township has met them */
    assert_works(f, f->xikou, "林地");
    world_restart(f->world, f->fengyuan);
    assert_works(f, f->fengyuan, "院墙");
    assert_all_stands(f->fengyuan);
    assert_all_stands(f->township);
    assert_all_stands(f->county);
}

static void what_the_thief_has_opens_no_door_any_more(void **state)
{
    struct sim_county *f = *state;
    struct buf out = {0};
    assert_works(f, f->fengyuan, "水渠");
    struct world_node *thief = world_copy(f->world, f->fengyuan, "thief:1");
    world_set_offline(f->world, f->fengyuan, true);
    assert_int_equal(world_power_on(f->world, thief), STATUS_OK);
    assert_int_equal(world_unlock(f->world, thief, "", "246810"), STATUS_OK);
    world_run(f->world, 3 * MINUTES);

    /* He holds the line under the old key; the village needs a moment of it. */
    world_set_offline(f->world, f->fengyuan, false);
    assert_int_equal(renew(f, f->fengyuan), 1);
    world_run(f->world, 3 * MINUTES);
    assert_false(is_waiting(f->fengyuan));
    struct id forged = sim_escalate(f, thief, "假案");
    world_run(f->world, 10 * MINUTES);
    sim_assert_state(f, f->township, &forged, "unknown");
    sim_assert_state(f, f->fengyuan, &forged, "unknown");
    struct stick stick = {0};
    struct stick_read read;
    stick_write(f, thief, "青河镇", &stick);
    assert_int_equal(stick_read_one(f, f->township, buf_bytes(&stick.files[0]), &read),
                     STATUS_DENIED);
    SIM_SAY(f, f->township, &out, "status");
    assert_true(view_map_count(buf_bytes(&out), "knocks") > 0);
    assert_works(f, f->fengyuan, "田界");
    assert_all_stands(f->township);
    stick_deinit(&stick);
    buf_deinit(&out);
}

static void a_parent_gets_other_keys_and_its_children_follow(void **state)
{
    struct sim_county *f = *state;
    assert_works(f, f->fengyuan, "水渠");
    world_set_offline(f->world, f->xikou, true);
    assert_int_equal(renew(f, f->township), 3);
    assert_works(f, f->fengyuan, "田界");
    assert_true(is_waiting(f->township)); /* one has not been there */
    world_restart(f->world, f->township);
    assert_true(is_waiting(f->township));

    world_set_offline(f->world, f->xikou, false);
    assert_works(f, f->xikou, "林地");
    world_run(f->world, 3 * MINUTES);
    assert_false(is_waiting(f->township));
    world_restart(f->world, f->xikou);
    assert_works(f, f->xikou, "院墙");
    assert_all_stands(f->xikou);
    assert_all_stands(f->county);
}

static void both_ends_may_renew_while_they_are_apart(void **state)
{
    struct sim_county *f = *state;
    world_set_offline(f->world, f->fengyuan, true);
    (void)renew(f, f->fengyuan);
    (void)renew(f, f->township);
    world_set_offline(f->world, f->fengyuan, false);
    assert_works(f, f->fengyuan, "水渠");
    assert_works(f, f->xikou, "田界");
    world_run(f->world, 3 * MINUTES);
    assert_false(is_waiting(f->fengyuan));
    assert_false(is_waiting(f->township));
}

/* It may be found by either key, as it may be dialed by either. */
static void a_parent_that_moved_is_found_by_who_has_not_heard_of_its_key(void **state)
{
    struct sim_county *f = *state;
    world_set_offline(f->world, f->fengyuan, true);
    (void)renew(f, f->township);
    assert_works(f, f->xikou, "林地");
    world_roam(f->world, f->township, "elsewhere:77");
    world_set_offline(f->world, f->fengyuan, false);
    world_run(f->world, 60 * MINUTES);
    assert_true(is_waiting(f->township));

    world_find_others(f->fengyuan, false);
    world_find_others(f->xikou, false);
    world_find_others(f->township, true);
    world_run(f->world, 10 * MINUTES);
    assert_false(is_waiting(f->township));
    assert_works(f, f->fengyuan, "水渠");
    assert_works(f, f->xikou, "田界");
}

#define ONWARD "界碑被人挪动"

static void count_title(void *context, struct bytes message, struct buf *out)
{
    (void)out;
    *(uint32_t *)context += sim_count(message, ONWARD);
}

/* A record that does not name its reader is kept only at the end of a round, which a
 * session under the former key does not live to see. */
static void the_former_key_brings_the_word_and_nothing_that_would_come_twice(void **state)
{
    struct sim_county *f = *state;
    char hex[65];
    uint32_t sent = 0;
    struct id id = sim_escalate(f, f->fengyuan, ONWARD);
    world_run(f->world, MINUTES);
    world_set_offline(f->world, f->county, true);
    hex_encode(hex, id.bytes, ID_SIZE);
    SIM_SAY(f, f->township, NULL, "escalation.open", "escalation", hex);
    SIM_SAY(f, f->township, NULL, "escalation.onward", "escalation", hex, "reason",
            "请县里看");
    (void)renew(f, f->township);

    world_set_mutator(f->township, count_title, &sent);
    world_set_offline(f->world, f->county, false);
    world_run(f->world, 10 * MINUTES);
    world_set_mutator(f->township, NULL, NULL);
    sim_assert_state(f, f->county, &id, "received");
    assert_int_equal(sent, 1);
}

static void another_renewal_waits_for_the_first_or_gives_up_on_who_is_gone(void **state)
{
    struct sim_county *f = *state;
    world_set_offline(f->world, f->fengyuan, true);
    assert_int_equal(renew(f, f->fengyuan), 1);
    assert_int_equal(world_say(f->world, f->fengyuan, NULL, "node.renew", NULL),
                     STATUS_CONFLICT);
    SIM_SAY(f, f->fengyuan, NULL, "node.renew", "again", "true");
    assert_true(is_waiting(f->fengyuan));
    world_set_offline(f->world, f->fengyuan, false);
    world_run(f->world, 10 * MINUTES);
    assert_true(is_waiting(f->fengyuan)); /* the township knows neither */
}

static void
a_mediator_renews_nothing_and_nor_does_a_machine_that_was_revoked(void **state)
{
    struct sim_county *f = *state;
    struct buf out = {0};
    char key[KEY_TEXT_SIZE];
    uint8_t public[32];
    sim_add_person(f, f->fengyuan, "李某", "mediator", NULL);
    assert_int_equal(world_unlock(f->world, f->fengyuan, "李某", "135791"), STATUS_OK);
    assert_int_equal(world_say(f->world, f->fengyuan, NULL, "node.renew", NULL),
                     STATUS_DENIED);
    assert_int_equal(world_unlock(f->world, f->fengyuan, "", "246810"), STATUS_OK);
    key_sign_public(public, world_node_seed(f->fengyuan));
    key_to_text(key, "fqk1", public);
    SIM_SAY(f, f->fengyuan, &out, "node.revoke", "node", key);
    assert_int_equal(world_say(f->world, f->fengyuan, NULL, "node.renew", NULL),
                     STATUS_DENIED);
    buf_deinit(&out);
}

static bool take_name(void *context, struct bytes element)
{
    bool is_revoked = true;
    struct bytes name;
    (void)view_map_flag(element, "revoked", &is_revoked);
    assert_true(view_map_text(element, "name", &name));
    if (!is_revoked)
        (void)snprintf(context, 64, "%.*s", (int)name.len, (const char *)name.data);
    return true;
}

/* A machine is called as its site, as far as a name of a machine may be as long. */
static void a_machine_of_a_site_with_a_long_name_is_called_by_a_number(void **state)
{
    struct sim_county *f = *state;
    struct buf out = {0};
    char name[64] = "";
    struct world_node *node = world_found(
        f->world, "village", "枫桥经验前置式治理示范点第一自然村及周边林场", "long:1");
    (void)renew(f, node);
    SIM_SAY(f, node, &out, "site");
    view_map_each(buf_bytes(&out), "nodes", take_name, name);
    assert_string_equal(name, "1");
    buf_deinit(&out);
}

/* An op of the charter that its steward signs on another machine. Takes draft. */
static void sign_elsewhere(struct sim_county *f, struct world_node *at,
                           struct draft *draft)
{
    struct buf bytes = {0};
    struct forgery forgery = {.seed = world_steward_seed(f->fengyuan),
                              .draft = draft,
                              .scope = world_site(f->fengyuan),
                              .of = at};
    (void)sim_forge(&forgery, &bytes);
    assert_int_equal(world_admit(f->world, at, buf_bytes(&bytes)), STATUS_OK);
    world_run(f->world, MINUTES);
    draft_deinit(draft);
    buf_deinit(&bytes);
}

/* Who let it in was revoked, and nobody stood by that. */
static void a_machine_that_its_charter_does_not_name_renews_nothing(void **state)
{
    struct sim_county *f = *state;
    struct draft draft;
    uint8_t seed[32], key[32];
    sim_add_person(f, f->fengyuan, "王某", "steward", seed);
    assert_int_equal(world_unlock(f->world, f->fengyuan, "王某", "135791"), STATUS_OK);
    struct world_node *laptop = sim_laptop(f);
    key_sign_public(key, seed);
    draft_init(&draft, "revoke", world_site(f->fengyuan));
    draft_ids(&draft, "covers", NULL, 0);
    draft_bin(&draft, "key", key, sizeof(key));
    sign_elsewhere(f, laptop, &draft);

    memcpy(seed, world_node_seed(laptop), sizeof(seed));
    assert_int_equal(world_say(f->world, laptop, NULL, "node.renew", NULL),
                     STATUS_DENIED);
    assert_memory_equal(seed, world_node_seed(laptop), sizeof(seed));
}

struct sought {
    const uint8_t *noise_key;
    bool is_there;
};

static enum status look_for_key(void *context, const struct store_peer *peer)
{
    struct sought *sought = context;
    sought->is_there |= memcmp(peer->node_key, sought->noise_key, 32) == 0;
    return STATUS_OK;
}

static bool is_peer(struct world_node *node, const uint8_t *noise_key)
{
    struct sought sought = {noise_key, false};
    assert_int_equal(store_peers(world_store(node), look_for_key, &sought), STATUS_OK);
    return sought.is_there;
}

/* A new key that says to replace one which nobody has revoked is another machine. */
static void a_key_that_stands_beside_the_one_it_replaces_takes_no_place(void **state)
{
    struct sim_county *f = *state;
    struct draft draft;
    uint8_t key[32], noise_key[32], own[32], own_noise[32];
    const uint8_t seed[32] = {0x91};
    key_sign_public(key, seed);
    key_dh_public(noise_key, seed);
    key_sign_public(own, world_node_seed(f->fengyuan));
    world_noise_key(f->fengyuan, own_noise);
    draft_init(&draft, "node", world_site(f->fengyuan));
    draft_bin(&draft, "key", key, sizeof(key));
    draft_text(&draft, "name", bytes_str("新的"));
    draft_bin(&draft, "noise-key", noise_key, sizeof(noise_key));
    draft_bin(&draft, "replaces", own, sizeof(own));
    sign_elsewhere(f, f->fengyuan, &draft);

    assert_true(is_peer(f->township, own_noise));
    assert_false(is_peer(f->township, noise_key));
    assert_works(f, f->fengyuan, "水渠");
}

/* --- a site of two --- */

static void the_other_machine_of_the_site_sees_it_and_goes_on(void **state)
{
    struct sim_county *f = *state;
    char hex[65];
    struct world_node *laptop = sim_laptop(f);
    assert_int_equal(renew(f, f->fengyuan), 2);
    world_run(f->world, 5 * MINUTES);
    assert_false(is_waiting(f->fengyuan));
    struct id one = sim_laptop_case(f, f->fengyuan, "水渠", hex);
    world_run(f->world, 5 * MINUTES);
    (void)one;
    sim_assert_alike(f, f->fengyuan, laptop);

    assert_int_equal(renew(f, laptop), 2);
    (void)sim_laptop_case(f, laptop, "田界", hex);
    world_run(f->world, 5 * MINUTES);
    sim_assert_alike(f, f->fengyuan, laptop);
    world_restart(f->world, laptop);
    world_restart(f->world, f->fengyuan);
    (void)sim_laptop_case(f, laptop, "林地", hex);
    world_run(f->world, 5 * MINUTES);
    sim_assert_alike(f, f->fengyuan, laptop);
    assert_works(f, f->fengyuan, "院墙");
    assert_all_stands(laptop);
}

/* --- sticks and backups --- */

static void by_stick_alone_the_new_key_is_introduced_and_answered(void **state)
{
    struct sim_county *f = *state;
    struct stick up = {0}, down = {0}, before = {0};
    assert_works(f, f->fengyuan, "水渠");
    world_set_offline(f->world, f->fengyuan, true);
    stick_write(f, f->township, "枫源村", &before); /* for the old key */
    assert_int_equal(renew(f, f->fengyuan), 1);
    (void)stick_read(f, f->fengyuan, &before);

    struct id id = sim_escalate(f, f->fengyuan, "田界");
    stick_write(f, f->fengyuan, "青河镇", &up);
    assert_true(up.len >= 2);
    struct stick_read read; /* neither its keys open what is for somebody else */
    assert_int_equal(stick_read_one(f, f->fengyuan, buf_bytes(&up.files[0]), &read),
                     STATUS_NOT_FOUND);
    (void)stick_read(f, f->township, &up);
    sim_assert_state(f, f->township, &id, "received");
    assert_true(is_waiting(f->fengyuan));
    stick_write(f, f->township, "枫源村", &down);
    (void)stick_read(f, f->fengyuan, &down);
    sim_assert_state(f, f->fengyuan, &id, "received");
    assert_false(is_waiting(f->fengyuan)); /* what it says to have read was signed anew */

    stick_deinit(&up);
    (void)sim_escalate(f, f->fengyuan, "林地");
    stick_write(f, f->fengyuan, "青河镇", &up);
    assert_int_equal(up.len, 1);
    (void)stick_read(f, f->township, &up);
    world_set_offline(f->world, f->fengyuan, false);
    assert_works(f, f->fengyuan, "院墙");
    assert_all_stands(f->township);
    stick_deinit(&up);
    stick_deinit(&down);
    stick_deinit(&before);
}

static void the_folder_of_the_old_key_is_refused_and_a_new_one_restores(void **state)
{
    struct sim_county *f = *state;
    struct folder old = {0}, fresh = {0};
    struct buf map = {0};
    assert_works(f, f->fengyuan, "水渠");
    folder_back_up(f, f->fengyuan, &old);
    (void)renew(f, f->fengyuan);
    world_run(f->world, 3 * MINUTES);
    pack_map(&map, 1);
    pack_str(&map, "file");
    pack_bin(&map, old.stick.files[0].data, old.stick.files[0].len);
    assert_int_equal(
        world_call(f->world, f->fengyuan, "backup.mark", buf_bytes(&map), NULL),
        STATUS_INVALID);
    folder_back_up(f, f->fengyuan, &fresh);
    uint8_t seed[32];
    memcpy(seed, world_node_seed(f->fengyuan), 32);
    folder_put_back(f, f->fengyuan, &fresh);
    assert_memory_equal(seed, world_node_seed(f->fengyuan), 32);
    assert_works(f, f->fengyuan, "田界");
    buf_deinit(&map);
    folder_deinit(&old);
    folder_deinit(&fresh);
}

/* The drill of docs/DRILL.md for a site of one machine. */
static void
a_restored_village_gets_other_keys_and_the_stolen_one_is_shut_out(void **state)
{
    struct sim_county *f = *state;
    struct folder folder = {0};
    assert_works(f, f->fengyuan, "水渠");
    folder_back_up(f, f->fengyuan, &folder);
    struct id later = sim_escalate(f, f->fengyuan, "田界");
    world_run(f->world, 3 * MINUTES);
    struct world_node *thief = world_copy(f->world, f->fengyuan, "thief:1");
    world_set_offline(f->world, f->fengyuan, true);
    folder_put_back(f, f->fengyuan, &folder);
    assert_int_equal(world_power_on(f->world, thief), STATUS_OK);
    assert_int_equal(world_unlock(f->world, thief, "", "246810"), STATUS_OK);
    world_run(f->world, 3 * MINUTES);

    world_set_offline(f->world, f->fengyuan, false);
    world_run(f->world, 5 * MINUTES); /* what had gone up comes back */
    sim_assert_state(f, f->fengyuan, &later, "received");
    (void)renew(f, f->fengyuan);
    world_run(f->world, 5 * MINUTES);
    assert_false(is_waiting(f->fengyuan));
    struct id forged = sim_escalate(f, thief, "假案");
    world_run(f->world, 5 * MINUTES);
    sim_assert_state(f, f->township, &forged, "unknown");
    assert_works(f, f->fengyuan, "林地");
    assert_all_stands(f->fengyuan);
    assert_all_stands(f->township);
    folder_deinit(&folder);
}

/* --- power cuts --- */

static void where_the_file_is_not_written_the_store_has_the_last_word(void **state)
{
    struct sim_county *f = *state;
    struct buf value = {0};
    uint8_t before[32];
    memcpy(before, world_node_seed(f->fengyuan), 32);
    world_keep_no_keys(f->fengyuan, true);
    SIM_SAY(f, f->fengyuan, NULL, "node.renew");
    assert_memory_equal(before, world_node_seed(f->fengyuan), 32);
    world_restart(f->world, f->fengyuan);
    assert_works(f, f->fengyuan, "水渠");
    world_restart(f->world, f->fengyuan); /* and it is not told to write it */
    assert_works(f, f->fengyuan, "田界");
    assert_all_stands(f->fengyuan);
    assert_int_equal(store_meta_get(world_store(f->fengyuan), "machine-keys", &value),
                     STATUS_OK);
    buf_deinit(&value);
}

/* Of the file the one half is new. */
static void where_the_file_is_written_by_half_the_store_has_the_last_word(void **state)
{
    struct sim_county *f = *state;
    struct buf value = {0};
    uint8_t seed[32], noise_secret[32];
    uint32_t elements;
    memcpy(noise_secret, world_noise_secret(f->fengyuan), 32);
    world_keep_no_keys(f->fengyuan, true);
    SIM_SAY(f, f->fengyuan, NULL, "node.renew");
    assert_int_equal(store_meta_get(world_store(f->fengyuan), "machine-keys", &value),
                     STATUS_OK);
    struct pack_reader reader = pack_reader_of(buf_bytes(&value));
    assert_int_equal(pack_read_array(&reader, &elements, NULL), STATUS_OK);
    assert_int_equal(pack_read_fixed(&reader, seed, sizeof(seed), NULL), STATUS_OK);

    world_power_off(f->world, f->fengyuan);
    world_set_keys(f->fengyuan, seed, noise_secret);
    assert_int_equal(world_power_on(f->world, f->fengyuan), STATUS_OK);
    assert_int_equal(world_unlock(f->world, f->fengyuan, "", "246810"), STATUS_OK);
    assert_works(f, f->fengyuan, "水渠");
    assert_int_equal(store_meta_get(world_store(f->fengyuan), "machine-keys", &value),
                     STATUS_OK);
    buf_deinit(&value);
}

static void once_the_file_is_written_the_store_forgets_them(void **state)
{
    struct sim_county *f = *state;
    struct buf value = {0};
    (void)renew(f, f->fengyuan);
    world_run(f->world, 3 * MINUTES);
    world_restart(f->world, f->fengyuan);
    assert_int_equal(store_meta_get(world_store(f->fengyuan), "machine-keys", &value),
                     STATUS_NOT_FOUND);
    assert_false(
        sim_disk_holds(f, FENGYUAN, bytes_of(world_noise_secret(f->fengyuan), 32)));
    buf_deinit(&value);
}

#define TEST(name)                                                                       \
    cmocka_unit_test_setup_teardown(name, sim_county_set_up, sim_county_tear_down)
#define IN_MEMORY(name)                                                                  \
    cmocka_unit_test_setup_teardown(name, sim_county_set_up_in_memory,                   \
                                    sim_county_tear_down_in_memory)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_village_of_one_machine_gets_other_keys_and_goes_on),
        TEST(what_the_thief_has_opens_no_door_any_more),
        TEST(a_parent_gets_other_keys_and_its_children_follow),
        TEST(both_ends_may_renew_while_they_are_apart),
        IN_MEMORY(a_parent_that_moved_is_found_by_who_has_not_heard_of_its_key),
        IN_MEMORY(the_former_key_brings_the_word_and_nothing_that_would_come_twice),
        TEST(another_renewal_waits_for_the_first_or_gives_up_on_who_is_gone),
        TEST(a_mediator_renews_nothing_and_nor_does_a_machine_that_was_revoked),
        IN_MEMORY(a_machine_of_a_site_with_a_long_name_is_called_by_a_number),
        IN_MEMORY(a_machine_that_its_charter_does_not_name_renews_nothing),
        IN_MEMORY(a_key_that_stands_beside_the_one_it_replaces_takes_no_place),
        TEST(the_other_machine_of_the_site_sees_it_and_goes_on),
        TEST(by_stick_alone_the_new_key_is_introduced_and_answered),
        TEST(the_folder_of_the_old_key_is_refused_and_a_new_one_restores),
        TEST(a_restored_village_gets_other_keys_and_the_stolen_one_is_shut_out),
        TEST(where_the_file_is_not_written_the_store_has_the_last_word),
        IN_MEMORY(where_the_file_is_written_by_half_the_store_has_the_last_word),
        TEST(once_the_file_is_written_the_store_forgets_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
