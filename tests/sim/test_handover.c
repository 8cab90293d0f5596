/* What one machine of a site tells another of keys and places, where it is no correct
 * one: a key is replaced by a later one that its person signed and by nothing else, and
 * only who may be a peer becomes one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "crypto/key.h"
#include "crypto/sign.h"
#include "node/core/job.h"
#include "tests/sim/sim_laptop.h"
#include "tests/support/pin_memo.h"

#define FENGYUAN 2 /* of the files of the county */
#define STEWARD 7  /* the client of world_call */

/* ---- what the laptop says instead of its `keys` ---- */

struct lie {
    struct buf keys, places;
    uint32_t keys_len, places_len, told;
};

static bool is_keys(struct bytes message)
{
    struct pack_reader reader = pack_reader_of(message);
    uint32_t elements;
    struct bytes name;
    return pack_read_array(&reader, &elements, NULL) == STATUS_OK &&
           pack_read_str(&reader, &name, NULL) == STATUS_OK &&
           bytes_equal_str(name, "keys");
}

static void tell(void *context, struct bytes message, struct buf *out)
{
    struct lie *lie = context;
    if (!is_keys(message))
        return;
    lie->told++;
    pack_array(out, 3);
    pack_str(out, "keys");
    pack_array(out, lie->keys_len);
    buf_append(out, &lie->keys);
    pack_array(out, lie->places_len);
    buf_append(out, &lie->places);
}

/* In a session of its own, which goes on. */
static void tell_once(struct sim_county *f, struct world_node *laptop, struct lie *lie)
{
    world_set_offline(f->world, laptop, true);
    world_run(f->world, 1000);
    world_forget_log(f->fengyuan);
    world_set_mutator(laptop, tell, lie);
    world_set_offline(f->world, laptop, false);
    world_run(f->world, 120000);
    world_set_mutator(laptop, NULL, NULL);
    assert_true(lie->told > 0);
    assert_int_equal(sim_count(world_log(f->fengyuan), "end=INVALID"), 0);
    buf_deinit(&lie->keys);
    buf_deinit(&lie->places);
    *lie = (struct lie){0};
}

/* ---- keys ---- */

struct person {
    uint8_t seed[32], key[32];
};

/* The key wrapped anew under the same PIN; the last bytes of the nonce as wanted. */
static void wrap_anew(const struct person *person, uint8_t random,
                      uint8_t wrapped[static WRAP_SIZE])
{
    struct job *job = job_new(JOB_WRAP);
    assert_non_null(job);
    memcpy(job->seed, person->seed, 32);
    memset(job->random, random, sizeof(job->random));
    memcpy(job->pin, "246810", 6);
    job->pin_len = 6;
    pin_memo_run(job);
    assert_int_equal(job->result, WRAP_OK);
    memcpy(wrapped, job->wrapped, WRAP_SIZE);
    job_free(job);
}

static void add_key(struct lie *lie, const struct person *person, uint64_t number,
                    const uint8_t *wrapped, const uint8_t *signer_seed)
{
    uint8_t digest[DIGEST_SIZE], signature[SIGN_SIZE];
    struct sign_pair pair;
    struct buf bytes = {0};
    pack_array(&bytes, 3);
    pack_bin(&bytes, person->key, 32);
    pack_uint(&bytes, number);
    pack_bin(&bytes, wrapped, WRAP_SIZE);
    digest_of(digest, "fengqiao/1/pin", bytes.data, bytes.len);
    sign_pair_init(&pair, signer_seed);
    sign_pair_sign(&pair, signature, digest, sizeof(digest));
    pack_array(&lie->keys, 4);
    pack_bin(&lie->keys, person->key, 32);
    pack_uint(&lie->keys, number);
    pack_bin(&lie->keys, wrapped, WRAP_SIZE);
    pack_bin(&lie->keys, signature, number > 0 ? SIGN_SIZE : 0);
    lie->keys_len++;
    buf_deinit(&bytes);
}

static bool is_kept(struct world_node *node, const struct person *person,
                    const uint8_t *wrapped)
{
    char name[80] = "key:";
    struct buf value = {0};
    hex_encode(name + 4, person->key, 32);
    bool is = store_meta_get(world_store(node), name, &value) == STATUS_OK &&
              bytes_equal(buf_bytes(&value), bytes_of(wrapped, WRAP_SIZE));
    buf_deinit(&value);
    return is;
}

static struct person steward_of(struct world_node *node)
{
    struct person person;
    struct sign_pair pair;
    memcpy(person.seed, world_steward_seed(node), 32);
    sign_pair_init(&pair, person.seed);
    memcpy(person.key, sign_pair_key(&pair), 32);
    return person;
}

static void S1_a_key_is_replaced_by_a_later_one_that_its_person_signed(void **state)
{
    struct sim_county *f = *state;
    struct world_node *laptop = sim_laptop(f);
    struct person steward = steward_of(f->fengyuan);
    struct lie lie = {0};
    uint8_t low[WRAP_SIZE], high[WRAP_SIZE], other[WRAP_SIZE];
    wrap_anew(&steward, 0x10, low);
    wrap_anew(&steward, 0x20, high);
    assert_true(memcmp(low, high, WRAP_SIZE) < 0);

    /* As it was made with; signed by somebody else; and of another key. */
    add_key(&lie, &steward, 0, high, steward.seed);
    add_key(&lie, &steward, 7, high, world_node_seed(laptop));
    memcpy(other, high, WRAP_SIZE);
    other[8] ^= 1; /* the public key that it says */
    add_key(&lie, &steward, 7, other, steward.seed);
    memset(other, 0, WRAP_SIZE);
    add_key(&lie, &steward, 7, other, steward.seed);
    tell_once(f, laptop, &lie);
    assert_false(is_kept(f->fengyuan, &steward, high));
    assert_false(is_kept(f->fengyuan, &steward, other));

    add_key(&lie, &steward, 7, low, steward.seed);
    tell_once(f, laptop, &lie);
    assert_true(is_kept(f->fengyuan, &steward, low));
    /* Of the same number the one with the higher bytes, and an earlier one never. */
    add_key(&lie, &steward, 6, high, steward.seed);
    tell_once(f, laptop, &lie);
    assert_true(is_kept(f->fengyuan, &steward, low));
    add_key(&lie, &steward, 7, high, steward.seed);
    tell_once(f, laptop, &lie);
    assert_true(is_kept(f->fengyuan, &steward, high));
    add_key(&lie, &steward, 7, low, steward.seed);
    add_key(&lie, &steward, 7, high, steward.seed); /* twice is once */
    tell_once(f, laptop, &lie);
    assert_true(is_kept(f->fengyuan, &steward, high));
    assert_int_equal(world_unlock(f->world, f->fengyuan, "", "246810"), STATUS_OK);
}

static void O4_nobody_keeps_the_key_of_who_is_no_person_of_the_site(void **state)
{
    struct sim_county *f = *state;
    struct lie lie = {0};
    struct person gone, stranger = {.seed = {0x77}};
    struct sign_pair pair;
    uint8_t wrapped[WRAP_SIZE];
    sim_add_person(f, f->fengyuan, "李某", "mediator", gone.seed);
    sign_pair_init(&pair, gone.seed);
    memcpy(gone.key, sign_pair_key(&pair), 32);
    sign_pair_init(&pair, stranger.seed);
    memcpy(stranger.key, sign_pair_key(&pair), 32);
    struct world_node *laptop = sim_laptop(f);
    SIM_SAY(f, f->fengyuan, NULL, "person.revoke", "person", "李某");
    world_run(f->world, 5000);
    wrap_anew(&gone, 0x30, wrapped);
    add_key(&lie, &gone, 9, wrapped, gone.seed);
    tell_once(f, laptop, &lie);
    assert_false(is_kept(f->fengyuan, &gone, wrapped));
    wrap_anew(&stranger, 0x30, wrapped);
    add_key(&lie, &stranger, 9, wrapped, stranger.seed);
    tell_once(f, laptop, &lie);
    assert_false(is_kept(f->fengyuan, &stranger, wrapped));
}

/* A key whose row a disk has spoilt is told to nobody, and comes back from another. */
static void D1_a_key_that_is_spoilt_comes_back_from_another_machine(void **state)
{
    struct sim_county *f = *state;
    struct world_node *laptop = sim_laptop(f);
    struct person steward = steward_of(f->fengyuan);
    struct buf before = {0};
    char name[80] = "key:";
    hex_encode(name + 4, steward.key, 32);
    assert_int_equal(store_meta_get(world_store(laptop), name, &before), STATUS_OK);
    world_power_off(f->world, f->fengyuan);
    sim_spoil(f, FENGYUAN, "UPDATE meta SET value = x'0102' WHERE name LIKE 'key:%'");
    assert_int_equal(world_power_on(f->world, f->fengyuan), STATUS_OK);
    world_run(f->world, 120000);
    assert_int_equal(world_unlock(f->world, f->fengyuan, "", "246810"), STATUS_OK);
    assert_true(is_kept(f->fengyuan, &steward, before.data));
    assert_true(is_kept(laptop, &steward, before.data));
    buf_deinit(&before);
}

/* Which number a PIN has, and who signed it, is a row too. */
static void D1_a_number_that_is_spoilt_stops_the_node(void **state)
{
    static const char *const values[] = {"x'05'", "x'9201'", "x'92a178c400'",
                                         "x'9201c40100'"};
    struct sim_county *f = *state;
    struct world_node *laptop = sim_laptop(f);
    char sql[200];
    SIM_SAY(f, f->fengyuan, NULL, "person.pin", "old", "246810", "pin", "864209");
    world_run(f->world, 5000);
    world_let_stop(f->fengyuan);
    for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
        world_power_off(f->world, f->fengyuan);
        (void)snprintf(sql, sizeof(sql),
                       "UPDATE meta SET value = %s WHERE name LIKE 'pin:%%'", values[i]);
        sim_spoil(f, FENGYUAN, sql);
        assert_int_equal(world_power_on(f->world, f->fengyuan), STATUS_OK);
        world_run(f->world, 120000); /* it meets the laptop */
        assert_true(world_has_stopped(f->fengyuan));
    }
    (void)laptop;
}

/* ---- keys that change while machines meet, or part ---- */

/* A request of the steward, who is unlocked there; its turn is still to come. */
static void ask(struct world_node *node, const char *method, ...)
{
    struct buf request = {0};
    va_list args;
    va_start(args, method);
    pack_array(&request, 3);
    pack_uint(&request, 1);
    pack_str(&request, method);
    world_pack_texts(&request, args);
    va_end(args);
    world_event(node, EVENT_CLIENT_REQUEST, STEWARD, buf_bytes(&request));
    buf_deinit(&request);
}

/* The new PIN is said; that its key rests under it is one job's result away. */
static void change_pin(struct sim_county *f, struct world_node *node, const char *old,
                       const char *pin)
{
    world_hold_jobs(node);
    ask(node, "person.pin", "old", old, "pin", pin, NULL);
    world_run(f->world, 0);
    world_return_job(node); /* the old one opens it */
    world_run(f->world, 0);
}

static void key_of(struct world_node *node, const struct person *person, struct buf *out)
{
    char name[80] = "key:";
    hex_encode(name + 4, person->key, 32);
    buf_clear(out);
    assert_int_equal(store_meta_get(world_store(node), name, out), STATUS_OK);
}

/* Before the round in which they agree that tells it, and after it at once. */
static void a_pin_that_changes_while_machines_meet_comes_whenever_it_does(void **state)
{
    static const char *const pins[] = {"246810", "135791"};
    struct sim_county *f = *state;
    struct world_node *laptop = sim_laptop(f);
    struct person steward = steward_of(f->fengyuan);
    struct buf before = {0}, after = {0}, there = {0};
    for (int steps = 0; steps < 16; steps++) {
        key_of(f->fengyuan, &steward, &before);
        world_set_offline(f->world, laptop, true);
        world_run(f->world, 1000);
        change_pin(f, f->fengyuan, pins[steps % 2], pins[(steps + 1) % 2]);
        world_set_offline(f->world, laptop, false);
        world_tick(f->world, 120000); /* it dials */
        for (int i = 0; i < steps; i++)
            (void)world_step(f->world);
        world_return_jobs(f->fengyuan, WRAP_OK);
        world_run(f->world, 120000);

        key_of(f->fengyuan, &steward, &after);
        assert_false(bytes_equal(buf_bytes(&before), buf_bytes(&after)));
        key_of(laptop, &steward, &there);
        if (!bytes_equal(buf_bytes(&there), buf_bytes(&after)))
            fail_msg("after %d steps", steps);
    }
    buf_deinit(&before);
    buf_deinit(&after);
    buf_deinit(&there);
}

/* Both in one turn of the laptop. */
static void S1_of_a_machine_that_is_revoked_in_the_same_turn_no_key_is_taken(void **state)
{
    struct sim_county *f = *state;
    struct world_node *laptop = sim_laptop(f);
    struct person steward = steward_of(f->fengyuan);
    struct buf before = {0}, after = {0};
    uint8_t key[32];
    char text[KEY_TEXT_SIZE];
    key_sign_public(key, world_node_seed(f->fengyuan));
    key_to_text(text, "fqk1", key);
    world_run(f->world, 120000);
    key_of(laptop, &steward, &before);
    change_pin(f, f->fengyuan, "246810", "135791");
    world_forget_log(laptop);

    ask(laptop, "node.revoke", "node", text, NULL);
    world_return_job(f->fengyuan);
    assert_true(world_step(f->world)); /* the village's turn, and then the laptop's */

    key_of(laptop, &steward, &after);
    assert_true(bytes_equal(buf_bytes(&before), buf_bytes(&after)));
    assert_int_equal(sim_count(world_log(laptop), "end=INVALID"), 1);
    key_of(f->fengyuan, &steward, &after); /* it had told it */
    assert_false(bytes_equal(buf_bytes(&before), buf_bytes(&after)));
    buf_deinit(&before);
    buf_deinit(&after);
}

static void count_keys(void *context, struct bytes message, struct buf *out)
{
    (void)out;
    *(uint32_t *)context += is_keys(message);
}

/* The round that it would have come with ends in the turn of the revocation. */
static void I10_a_machine_that_is_revoked_in_the_same_turn_is_told_no_key(void **state)
{
    struct sim_county *f = *state;
    struct world_node *laptop = sim_laptop(f);
    uint8_t key[32];
    char text[KEY_TEXT_SIZE];
    uint32_t told = 0;
    key_sign_public(key, world_node_seed(f->fengyuan));
    key_to_text(text, "fqk1", key);
    world_run(f->world, 120000);
    SIM_SAY(f, laptop, NULL, "node.at", "node", text, "at", "elsewhere:1"); /* is news */
    ask(laptop, "sync", NULL);
    (void)world_step(f->world); /* the laptop asks for a round */
    world_set_mutator(laptop, count_keys, &told);
    ask(laptop, "node.revoke", "node", text, NULL);
    (void)world_step(f->world); /* the village answers, and the laptop has revoked it */
    assert_int_equal(sim_count(world_log(laptop), "end=revoked"), 1);
    assert_int_equal(told, 0);
}

/* ---- places ---- */

static void add_place(struct lie *lie, const struct id *site, const uint8_t *noise_key,
                      const char *address)
{
    pack_array(&lie->places, 3);
    pack_bin(&lie->places, site->bytes, ID_SIZE);
    pack_bin(&lie->places, noise_key, 32);
    pack_str(&lie->places, address);
    lie->places_len++;
}

struct sought {
    const uint8_t *noise_key;
    uint32_t found, all;
    bool is_parent;
    char address[128];
};

static enum status look(void *context, const struct store_peer *peer)
{
    struct sought *sought = context;
    sought->all++;
    if (memcmp(peer->node_key, sought->noise_key, 32) != 0)
        return STATUS_OK;
    sought->found++;
    sought->is_parent = peer->is_parent;
    (void)snprintf(sought->address, sizeof(sought->address), "%.*s",
                   (int)peer->address.len, (const char *)peer->address.data);
    return STATUS_OK;
}

static struct sought peer_at(struct world_node *node, const uint8_t *noise_key)
{
    struct sought sought = {.noise_key = noise_key};
    assert_int_equal(store_peers(world_store(node), look, &sought), STATUS_OK);
    return sought;
}

static void S2_a_place_is_kept_of_who_may_be_a_peer_and_is_not_known(void **state)
{
    struct sim_county *f = *state;
    struct world_node *laptop = sim_laptop(f);
    struct lie lie = {0};
    uint8_t stranger[32] = {9}, township[32], county[32], own[32];
    world_noise_key(f->township, township);
    world_noise_key(f->county, county);
    world_noise_key(f->fengyuan, own);
    struct sought before = peer_at(f->fengyuan, township);
    assert_int_equal(before.found, 1);

    add_place(&lie, world_site(f->fengyuan), stranger, "evil:1"); /* none of ours */
    add_place(&lie, world_site(f->township), stranger, "evil:1"); /* none of theirs */
    add_place(&lie, world_site(f->county), county, "county:1");   /* no link with it */
    add_place(&lie, world_site(f->xikou), stranger, "evil:1");    /* nor with that */
    add_place(&lie, world_site(f->township), own, "evil:1");      /* a key of ours */
    add_place(&lie, world_site(f->township), township, "evil:1"); /* known better */
    tell_once(f, laptop, &lie);
    struct sought after = peer_at(f->fengyuan, township);
    assert_int_equal(after.all, before.all);
    assert_string_equal(after.address, before.address);

    /* The township's second machine is named in its charter, and by nobody here yet. */
    uint8_t office_key[32];
    struct world_node *office = world_join(f->world, f->township, "镇里", "office:1");
    world_run(f->world, 120000);
    world_noise_key(office, office_key);
    assert_int_equal(peer_at(f->fengyuan, office_key).found, 0);
    add_place(&lie, world_site(f->township), office_key, "office:1");
    add_place(&lie, world_site(f->township), office_key, "elsewhere:1");
    tell_once(f, laptop, &lie);
    after = peer_at(f->fengyuan, office_key);
    assert_int_equal(after.found, 1);
    assert_true(after.is_parent);
    assert_string_equal(after.address, "office:1");
}

int main(void)
{
#define ONE(test)                                                                        \
    cmocka_unit_test_setup_teardown(test, sim_county_set_up_in_memory,                   \
                                    sim_county_tear_down_in_memory)
    const struct CMUnitTest tests[] = {
        ONE(S1_a_key_is_replaced_by_a_later_one_that_its_person_signed),
        ONE(O4_nobody_keeps_the_key_of_who_is_no_person_of_the_site),
        ONE(D1_a_key_that_is_spoilt_comes_back_from_another_machine),
        ONE(D1_a_number_that_is_spoilt_stops_the_node),
        ONE(a_pin_that_changes_while_machines_meet_comes_whenever_it_does),
        ONE(S1_of_a_machine_that_is_revoked_in_the_same_turn_no_key_is_taken),
        ONE(I10_a_machine_that_is_revoked_in_the_same_turn_is_told_no_key),
        ONE(S2_a_place_is_kept_of_who_may_be_a_peer_and_is_not_known),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
