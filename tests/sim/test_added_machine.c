/* Whoever has the code of an invitation for a machine, and is no correct one: what it
 * says ends its session, names nobody in the charter, and uses the code up. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "crypto/key.h"
#include "node/cases/view.h"
#include "node/core/added_machine.h"
#include "proto/channel.h"
#include "proto/limits.h"
#include "tests/sim/sim_laptop.h"
#include "tests/support/pin_memo.h"

#define CONN 2000000

/* One end of a line to fengyuan; the machine has the key of that secret. */
struct caller {
    struct channel channel;
    struct sign_pair pair;
    struct buf said; /* the names of what came, each with a blank behind it */
};

static void invite(struct sim_county *f, uint8_t psk[static 32])
{
    struct buf out = {0};
    struct bytes text;
    struct job *job = job_new(JOB_STRETCH);
    assert_non_null(job);
    SIM_SAY(f, f->fengyuan, &out, "node.invite");
    assert_true(view_map_text(buf_bytes(&out), "code", &text));
    memcpy(job->pin, text.data, text.len);
    job->pin_len = (uint32_t)text.len;
    pin_memo_run(job);
    assert_int_equal(job->result, WRAP_OK);
    memcpy(psk, job->seed, 32);
    job_free(job);
    buf_deinit(&out);
}

static void keep_names(struct caller *caller)
{
    struct bytes message, name;
    uint32_t elements;
    while (channel_next(&caller->channel, &message) == STATUS_OK) {
        struct pack_reader reader = pack_reader_of(message);
        assert_int_equal(pack_read_array(&reader, &elements, NULL), STATUS_OK);
        assert_int_equal(pack_read_str(&reader, &name, NULL), STATUS_OK);
        buf_add(&caller->said, name.data, name.len);
        buf_add_u8(&caller->said, ' ');
    }
}

static void exchange(struct sim_county *f, struct caller *caller)
{
    size_t before = world_sent(f->fengyuan).len;
    channel_flush(&caller->channel);
    world_event(f->fengyuan, EVENT_CONN_BYTES, CONN, buf_bytes(&caller->channel.out));
    buf_clear(&caller->channel.out);
    world_run(f->world, 0);
    struct bytes sent = world_sent(f->fengyuan);
    assert_int_equal(channel_receive(&caller->channel,
                                     bytes_of(sent.data + before, sent.len - before),
                                     NULL),
                     STATUS_OK);
    if (channel_is_open(&caller->channel))
        keep_names(caller);
}

/* With a code that was made for it, while nobody else is connected with fengyuan. */
static void call(struct sim_county *f, struct caller *caller, const uint8_t *seed,
                 const uint8_t *noise_secret)
{
    static uint8_t ephemeral[32] = {9};
    uint8_t psk[32], own[32];
    memset(caller, 0, sizeof(*caller));
    world_set_offline(f->world, f->fengyuan, true);
    world_run(f->world, 0);
    invite(f, psk);
    key_dh_public(own, noise_secret);
    ephemeral[1]++;
    struct channel_config config = {.is_initiator = true,
                                    .pattern = NOISE_XXPSK0,
                                    .network = *world_network(f->fengyuan),
                                    .s_secret = noise_secret,
                                    .s_public = own,
                                    .e_secret = ephemeral,
                                    .psks = {psk},
                                    .psks_len = 1};
    sign_pair_init(&caller->pair, seed);
    assert_int_equal(channel_init(&caller->channel, &config), STATUS_OK);
    world_event(f->fengyuan, EVENT_CONN_ACCEPTED, CONN, (struct bytes){0});
    world_run(f->world, 0);
    world_forget_log(f->fengyuan);
    exchange(f, caller);
    exchange(f, caller);
    assert_true(channel_is_open(&caller->channel));
    assert_true(bytes_equal_str(buf_bytes(&caller->said), "hello "));
}

static void hang_up(struct sim_county *f, struct caller *caller)
{
    world_event(f->fengyuan, EVENT_CONN_CLOSED, CONN, (struct bytes){0});
    world_run(f->world, 0);
    channel_deinit(&caller->channel);
    buf_deinit(&caller->said);
}

static void say(struct sim_county *f, struct caller *caller, const struct buf *message)
{
    channel_send(&caller->channel, buf_bytes(message));
    exchange(f, caller);
}

static bool has_ended(struct sim_county *f, const char *why)
{
    char line[32];
    (void)snprintf(line, sizeof(line), "end=%s", why);
    return sim_count(world_log(f->fengyuan), line) == 1;
}

static uint32_t machines_of(struct sim_county *f)
{
    struct buf out = {0};
    SIM_SAY(f, f->fengyuan, &out, "site");
    uint32_t len = view_map_count(buf_bytes(&out), "nodes");
    buf_deinit(&out);
    return len;
}

/* What it says of itself, and what is wrong with that. */
enum wrong {
    NOTHING,
    FOUR_ELEMENTS,
    SIX_ELEMENTS,
    MINOR,
    SHORT_KEY,
    NAME,
    SHORT_PROOF,
    BEHIND,
    PROOF,
    UNSOUND,
    NO_NAME,
    LONG_NAME,
};

static void write_newcomer(const struct caller *caller, enum wrong wrong,
                           struct buf *message)
{
    static char much[500];
    uint8_t digest[DIGEST_SIZE], proof[SIGN_SIZE], key[32];
    memset(much, 'x', sizeof(much) - 1);
    memcpy(key, sign_pair_key(&caller->pair), sizeof(key));
    added_machine_proof(digest, caller->channel.hash);
    sign_pair_sign(&caller->pair, proof, digest, sizeof(digest));
    if (wrong == UNSOUND)
        memset(key, 0xff, sizeof(key)); /* plain_keys.c */
    if (wrong == PROOF)
        proof[5] ^= 1;
    pack_array(message, wrong == FOUR_ELEMENTS ? 4 : wrong == SIX_ELEMENTS ? 6 : 5);
    pack_str(message, "newcomer");
    if (wrong == MINOR)
        pack_str(message, "1");
    else
        pack_uint(message, 1);
    pack_bin(message, key, wrong == SHORT_KEY ? 31 : 32);
    if (wrong == NAME)
        pack_uint(message, 1);
    else
        pack_str(message, wrong == NO_NAME ? "" : wrong == LONG_NAME ? much : "山上");
    if (wrong != FOUR_ELEMENTS)
        pack_bin(message, proof, wrong == SHORT_PROOF ? 63 : 64);
    if (wrong == BEHIND || wrong == SIX_ELEMENTS)
        pack_uint(message, 1);
}

static void introduce(struct sim_county *f, struct caller *caller, enum wrong wrong)
{
    struct buf message = {0};
    write_newcomer(caller, wrong, &message);
    say(f, caller, &message);
    buf_deinit(&message);
}

static void say_word(struct sim_county *f, struct caller *caller, const char *name,
                     uint32_t elements)
{
    struct buf message = {0};
    pack_array(&message, elements);
    pack_str(&message, name);
    for (uint32_t i = 1; i < elements; i++)
        pack_uint(&message, 1);
    say(f, caller, &message);
    buf_deinit(&message);
}

static void M2_whoever_introduces_himself_wrongly_is_named_nowhere(void **state)
{
    struct sim_county *f = *state;
    uint8_t seed[32] = {0x21}, secret[32] = {0x21};
    for (enum wrong wrong = FOUR_ELEMENTS; wrong <= LONG_NAME; wrong++) {
        struct caller caller;
        call(f, &caller, seed, secret);
        introduce(f, &caller, wrong);
        bool is_unproven = wrong == PROOF || wrong == UNSOUND;
        if (!has_ended(f, is_unproven ? "UNVERIFIED" : "INVALID"))
            fail_msg("row %d: %s", (int)wrong, world_log(f->fengyuan).data);
        assert_int_equal(machines_of(f), 1);
        assert_int_equal(sim_count(buf_bytes(&caller.said), "welcome"), 0);
        hang_up(f, &caller);
    }
    world_set_offline(f->world, f->fengyuan, false);
    struct world_node *laptop = sim_laptop(f);
    sim_assert_alike(f, f->fengyuan, laptop);
}

static void S2_what_is_out_of_turn_ends_it(void **state)
{
    static const struct {
        bool is_in; /* it was named before that */
        const char *name;
        uint32_t elements;
    } rows[] = {
        {false, "linked", 1}, {false, "hello", 3}, {false, "charters", 2},
        {false, "dance", 5},  {true, "linked", 2}, {true, "charters", 2},
        {true, "neg", 4},
    };
    struct sim_county *f = *state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        uint8_t seed[32] = {0x31, (uint8_t)i}, secret[32] = {0x31, (uint8_t)i};
        struct caller caller;
        uint32_t before = machines_of(f);
        call(f, &caller, seed, secret);
        if (rows[i].is_in)
            introduce(f, &caller, NOTHING);
        say_word(f, &caller, rows[i].name, rows[i].elements);
        if (!has_ended(f, "INVALID"))
            fail_msg("row %zu", i);
        assert_int_equal(machines_of(f), before + rows[i].is_in);
        hang_up(f, &caller);
    }
}

static void S2_one_code_names_one_machine(void **state)
{
    struct sim_county *f = *state;
    uint8_t seed[32] = {0x41}, secret[32] = {0x41}, second[32] = {0x42};
    struct caller caller;
    call(f, &caller, seed, secret);
    introduce(f, &caller, NOTHING);
    assert_true(bytes_equal_str(buf_bytes(&caller.said), "hello welcome "));
    assert_int_equal(machines_of(f), 2);
    sign_pair_init(&caller.pair, second);
    introduce(f, &caller, NOTHING);
    assert_true(has_ended(f, "INVALID"));
    assert_int_equal(machines_of(f), 2);
    hang_up(f, &caller);
}

static void S2_who_says_goodbye_twice_is_closed(void **state)
{
    struct sim_county *f = *state;
    uint8_t seed[32] = {0x51}, secret[32] = {0x51};
    struct caller caller;
    call(f, &caller, seed, secret);
    introduce(f, &caller, NOTHING);
    say_word(f, &caller, "linked", 1);
    assert_false(has_ended(f, "INVALID"));
    say_word(f, &caller, "linked", 1);
    assert_true(has_ended(f, "INVALID"));
    assert_int_equal(machines_of(f), 2); /* it is one of ours all the same */
    hang_up(f, &caller);
}

/* Under either of its keys; nor does anybody come in as the machine that invites. */
static void O4_a_machine_that_was_revoked_stays_out(void **state)
{
    struct sim_county *f = *state;
    uint8_t seed[32] = {0x61}, secret[32] = {0x61}, other[32] = {0x62};
    struct caller caller;
    char text[KEY_TEXT_SIZE];
    call(f, &caller, seed, secret);
    introduce(f, &caller, NOTHING);
    say_word(f, &caller, "linked", 1);
    key_to_text(text, "fqk1", sign_pair_key(&caller.pair));
    hang_up(f, &caller);
    SIM_SAY(f, f->fengyuan, NULL, "node.revoke", "node", text);
    const struct {
        const uint8_t *seed, *secret;
    } rows[] = {{seed, secret},
                {seed, other},
                {other, secret},
                {other, world_noise_secret(f->fengyuan)}};
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        call(f, &caller, rows[i].seed, rows[i].secret);
        introduce(f, &caller, NOTHING);
        if (!has_ended(f, "DENIED"))
            fail_msg("row %zu", i);
        assert_int_equal(machines_of(f), 2);
        hang_up(f, &caller);
    }
}

static void O4_a_steward_who_was_revoked_lets_nobody_in(void **state)
{
    struct sim_county *f = *state;
    uint8_t seed[32] = {0x71}, secret[32] = {0x71};
    struct caller caller;
    sim_add_person(f, f->fengyuan, "王某", "steward", NULL);
    assert_int_equal(world_unlock(f->world, f->fengyuan, "王某", "135791"), STATUS_OK);
    call(f, &caller, seed, secret); /* with a code of that steward's */
    assert_int_equal(world_unlock(f->world, f->fengyuan, "", "246810"), STATUS_OK);
    SIM_SAY(f, f->fengyuan, NULL, "person.revoke", "person", "王某");
    introduce(f, &caller, NOTHING);
    assert_true(has_ended(f, "DENIED"));
    assert_int_equal(machines_of(f), 1);
    hang_up(f, &caller);
}

int main(void)
{
#define ONE(test)                                                                        \
    cmocka_unit_test_setup_teardown(test, sim_county_set_up_in_memory,                   \
                                    sim_county_tear_down_in_memory)
    const struct CMUnitTest tests[] = {
        ONE(M2_whoever_introduces_himself_wrongly_is_named_nowhere),
        ONE(S2_what_is_out_of_turn_ends_it),
        ONE(S2_one_code_names_one_machine),
        ONE(S2_who_says_goodbye_twice_is_closed),
        ONE(O4_a_machine_that_was_revoked_stays_out),
        ONE(O4_a_steward_who_was_revoked_lets_nobody_in),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
