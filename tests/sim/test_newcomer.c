/* A machine that is to belong to a site, and whoever says to be one of that site: what
 * does not hold founds nothing, and the next try goes well. And whoever has the code of
 * an invitation, and is no correct machine: nobody is named in the charter. */
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
#include "node/core/newcomer.h"
#include "proto/channel.h"
#include "proto/limits.h"
#include "tests/sim/sim_folder.h"
#include "tests/sim/sim_laptop.h"
#include "tests/support/fail_memory.h"
#include "tests/support/fail_store.h"
#include "tests/support/pin_memo.h"

#define WALL 1790000000

static const uint8_t code_key[32] = {3}; /* of an invitation that the test made */

/* ---- a newcomer and what is at the other end of its line ---- */

struct meeting {
    struct place place; /* its store */
    struct core_config config;
    uint8_t key[32], noise_key[32]; /* its public ones */
    struct newcomer *newcomer;
    struct channel host;
    enum status status; /* that it gave last */
    struct err err;
};

static void meeting_make(struct meeting *meeting)
{
    static uint8_t number;
    struct sign_pair pair;
    memset(meeting, 0, sizeof(*meeting));
    place_make(&meeting->place);
    meeting->config =
        (struct core_config){.store = meeting->place.store, .rng = rng_system()};
    memset(meeting->config.node_seed, ++number, 32);
    memset(meeting->config.noise_secret, number, 32);
    sign_pair_init(&pair, meeting->config.node_seed);
    memcpy(meeting->key, sign_pair_key(&pair), 32);
    key_dh_public(meeting->noise_key, meeting->config.noise_secret);
}

/* The same machine with an empty store. */
static void meeting_again(struct meeting *meeting)
{
    place_free(&meeting->place);
    place_make(&meeting->place);
    meeting->config.store = meeting->place.store;
}

static void meeting_free(struct meeting *meeting)
{
    place_free(&meeting->place);
}

/* What the host said goes to the newcomer, and what that says comes back. */
static void exchange(struct meeting *meeting)
{
    struct buf out = {0};
    channel_flush(&meeting->host);
    fail_memory_in();
    meeting->status = newcomer_take(meeting->newcomer, buf_bytes(&meeting->host.out),
                                    WALL, WALL_NTP, &out, &meeting->err);
    (void)fail_memory_out();
    buf_clear(&meeting->host.out);
    if (meeting->status == STATUS_OK || meeting->status == STATUS_MORE)
        assert_int_equal(channel_receive(&meeting->host, buf_bytes(&out), NULL),
                         STATUS_OK);
    buf_deinit(&out);
}

/* It opens and calls; at the other end is whoever has that key. */
static void call(struct meeting *meeting, const uint8_t *noise_secret)
{
    uint8_t own[32], ephemeral[32] = {7};
    const struct newcomer_wish wish = {
        .name = "山上", .address = "fengyuan:1", .psk = code_key};
    struct channel_config host = {.s_secret = noise_secret,
                                  .s_public = own,
                                  .e_secret = ephemeral,
                                  .psks = {code_key},
                                  .psks_len = 1};
    network_id(&host.network, "fengqiao");
    key_dh_public(own, noise_secret);
    assert_int_equal(channel_init(&meeting->host, &host), STATUS_OK);
    meeting->newcomer = NULL;
    fail_memory_in();
    meeting->status = newcomer_open(&meeting->newcomer, &meeting->config, &wish, NULL);
    (void)fail_memory_out();
    if (meeting->status == STATUS_OK)
        exchange(meeting); /* the hello … */
    if (meeting->status == STATUS_MORE)
        exchange(meeting); /* … and the third message */
    if (meeting->status == STATUS_MORE)
        assert_true(channel_is_open(&meeting->host));
}

static void hang_up(struct meeting *meeting)
{
    newcomer_close(meeting->newcomer);
    channel_deinit(&meeting->host);
}

static void say(struct meeting *meeting, const struct buf *message)
{
    channel_send(&meeting->host, buf_bytes(message));
    exchange(meeting);
}

static void say_hello(struct meeting *meeting, const struct id *site)
{
    struct buf message = {0};
    pack_array(&message, 3);
    pack_str(&message, "hello");
    pack_uint(&message, 1);
    pack_bin(&message, site->bytes, ID_SIZE);
    say(meeting, &message);
    buf_deinit(&message);
}

static void assert_is_nobodys(const struct place *place)
{
    struct buf site = {0};
    uint64_t ops = 1;
    assert_int_equal(store_meta_get(place->store, "site", &site), STATUS_NOT_FOUND);
    assert_int_equal(store_ops_count(place->store, TREE_SHARED, &ops), STATUS_OK);
    assert_int_equal(ops, 0);
}

/* ---- charters ---- */

struct ops {
    struct buf rows;
    uint32_t len;
};

static enum status push_op(void *context, const struct store_op *row)
{
    struct ops *ops = context;
    pack_bin(&ops->rows, row->bytes.data, row->bytes.len);
    ops->len++;
    return STATUS_OK;
}

static void write_welcome(const struct ops *ops, struct buf *message)
{
    pack_array(message, 2);
    pack_str(message, "welcome");
    pack_array(message, ops->len);
    buf_append(message, &ops->rows);
}

/* The charter that a node has of a site. */
static void write_charter(struct world_node *node, const struct id *site,
                          struct buf *message)
{
    struct ops ops = {0};
    assert_int_equal(store_ops_of_scope(world_store(node), site, push_op, &ops),
                     STATUS_OK);
    write_welcome(&ops, message);
    buf_deinit(&ops.rows);
}

/* The steward of fengyuan signs that into its charter, by a copy of the machine. */
static void sign_into(struct sim_county *f, struct draft *draft)
{
    struct buf bytes = {0};
    struct forgery forgery = {.seed = world_steward_seed(f->fengyuan),
                              .draft = draft,
                              .scope = world_site(f->fengyuan),
                              .of = f->fengyuan};
    (void)sim_forge(&forgery, &bytes);
    assert_int_equal(world_admit(f->world, f->fengyuan, buf_bytes(&bytes)), STATUS_OK);
    draft_deinit(draft);
    buf_deinit(&bytes);
}

static void name_machine(struct sim_county *f, const uint8_t *key,
                         const uint8_t *noise_key)
{
    struct draft draft;
    draft_init(&draft, "node", world_site(f->fengyuan));
    draft_bin(&draft, "key", key, 32);
    draft_text(&draft, "name", bytes_str("山上"));
    draft_bin(&draft, "noise-key", noise_key, 32);
    sign_into(f, &draft);
}

static void revoke_key(struct sim_county *f, const uint8_t *key)
{
    struct draft draft;
    draft_init(&draft, "revoke", world_site(f->fengyuan));
    draft_ids(&draft, "covers", NULL, 0);
    draft_bin(&draft, "key", key, 32);
    sign_into(f, &draft);
}

static void welcome(struct sim_county *f, struct meeting *meeting)
{
    struct buf message = {0};
    write_charter(f->fengyuan, world_site(f->fengyuan), &message);
    say(meeting, &message);
    buf_deinit(&message);
}

static void assert_gets_in(struct sim_county *f, struct meeting *meeting)
{
    call(meeting, world_noise_secret(f->fengyuan));
    say_hello(meeting, world_site(f->fengyuan));
    name_machine(f, meeting->key, meeting->noise_key);
    welcome(f, meeting);
    assert_int_equal(meeting->status, STATUS_OK);
    assert_true(
        id_equal(&newcomer_site(meeting->newcomer)->site, world_site(f->fengyuan)));
    assert_string_equal(newcomer_site(meeting->newcomer)->name, "枫源村");
    hang_up(meeting);
}

/* ---- what a host may not say ---- */

static void write_hello(int row, const struct id *site, struct buf *message)
{
    static const char *const name[] = {"hello", "welcome", "hallo"};
    if (row == 0) {
        pack_uint(message, 1); /* no array */
        return;
    }
    pack_array(message, row == 2 ? 4 : row == 7 ? 2 : 3);
    if (row == 1)
        pack_uint(message, 1); /* no name */
    else
        pack_str(message, name[row == 3 ? 1 : row == 4 ? 2 : 0]);
    if (row == 5)
        pack_str(message, "1"); /* no number */
    else
        pack_uint(message, 1);
    pack_bin(message, site->bytes, row == 6 ? ID_SIZE - 1 : ID_SIZE);
    if (row == 2 || row == 8) /* one more than it says, or than there may be */
        pack_uint(message, 1);
}

static void M2_a_greeting_that_is_none_founds_nothing(void **state)
{
    struct sim_county *f = *state;
    struct meeting meeting;
    meeting_make(&meeting);
    for (int row = 0; row < 9; row++) {
        struct buf message = {0};
        call(&meeting, world_noise_secret(f->fengyuan));
        write_hello(row, world_site(f->fengyuan), &message);
        say(&meeting, &message);
        if (meeting.status != STATUS_INVALID)
            fail_msg("row %d: %s", row, status_name(meeting.status));
        hang_up(&meeting);
        buf_deinit(&message);
    }
    assert_is_nobodys(&meeting.place);
    assert_gets_in(f, &meeting);
    meeting_free(&meeting);
}

/* Bytes that no channel has, and a line that is encrypted with another code. */
static void H2_who_has_not_the_code_founds_nothing(void **state)
{
    struct sim_county *f = *state;
    struct meeting meeting;
    struct buf out = {0};
    meeting_make(&meeting);
    call(&meeting, world_noise_secret(f->fengyuan));
    uint8_t noise[64] = {1};
    assert_int_not_equal(newcomer_take(meeting.newcomer, bytes_of(noise, sizeof(noise)),
                                       WALL, WALL_NTP, &out, NULL),
                         STATUS_OK);
    hang_up(&meeting);
    assert_is_nobodys(&meeting.place);
    buf_deinit(&out);
    meeting_free(&meeting);
}

static void S2_what_is_out_of_turn_founds_nothing(void **state)
{
    struct sim_county *f = *state;
    struct meeting meeting;
    meeting_make(&meeting);
    name_machine(f, meeting.key, meeting.noise_key);
    call(&meeting, world_noise_secret(f->fengyuan));
    welcome(f, &meeting); /* nobody said hello */
    assert_int_equal(meeting.status, STATUS_INVALID);
    hang_up(&meeting);
    call(&meeting, world_noise_secret(f->fengyuan));
    say_hello(&meeting, world_site(f->fengyuan));
    assert_int_equal(meeting.status, STATUS_MORE);
    say_hello(&meeting, world_site(f->fengyuan));
    assert_int_equal(meeting.status, STATUS_INVALID);
    hang_up(&meeting);
    assert_is_nobodys(&meeting.place);

    /* What comes behind the welcome is nobody's any more. */
    call(&meeting, world_noise_secret(f->fengyuan));
    say_hello(&meeting, world_site(f->fengyuan));
    struct buf message = {0};
    write_charter(f->fengyuan, world_site(f->fengyuan), &message);
    channel_send(&meeting.host, buf_bytes(&message));
    channel_send(&meeting.host, buf_bytes(&message));
    exchange(&meeting);
    assert_int_equal(meeting.status, STATUS_OK);
    hang_up(&meeting);
    const struct newcomer_wish wish = {
        .name = "山上", .address = "fengyuan:1", .psk = code_key};
    assert_int_equal(
        newcomer_open(&meeting.newcomer, &meeting.config, &wish, &meeting.err),
        STATUS_EXISTS);
    buf_deinit(&message);
    meeting_free(&meeting);
}

/* Each is well formed, and none is a charter in which both ends of the line stand. */
static enum status welcome_of(struct sim_county *f, struct meeting *meeting,
                              struct world_node *host, const struct id *site,
                              const struct buf *message)
{
    call(meeting, world_noise_secret(host));
    say_hello(meeting, site);
    assert_int_equal(meeting->status, STATUS_MORE);
    say(meeting, message);
    hang_up(meeting);
    assert_is_nobodys(&meeting->place);
    return meeting->status;
}

static void S2_a_charter_that_does_not_name_both_founds_nothing(void **state)
{
    struct sim_county *f = *state;
    struct meeting meeting;
    struct buf message = {0};
    uint8_t other[32] = {0x55};
    const struct id *site = world_site(f->fengyuan);
    meeting_make(&meeting);
#define WELCOMED(wanted, host, site)                                                     \
    assert_int_equal(welcome_of(f, &meeting, host, site, &message), wanted)
    write_charter(f->fengyuan, site, &message);
    WELCOMED(STATUS_UNVERIFIED, f->fengyuan, site); /* we do not stand in it */
    buf_clear(&message);
    write_charter(f->fengyuan, world_site(f->fengyuan), &message);
    WELCOMED(STATUS_UNVERIFIED, f->fengyuan, world_site(f->xikou)); /* of another site */
    /* Our key for connections is named with a signing key that is not ours … */
    name_machine(f, other, meeting.noise_key);
    buf_clear(&message);
    write_charter(f->fengyuan, site, &message);
    WELCOMED(STATUS_UNVERIFIED, f->fengyuan, site);
    revoke_key(f, other);
    /* … and our signing key with another one for connections. */
    meeting_free(&meeting);
    meeting_make(&meeting);
    name_machine(f, meeting.key, other);
    buf_clear(&message);
    write_charter(f->fengyuan, site, &message);
    WELCOMED(STATUS_UNVERIFIED, f->fengyuan, site);
    /* Rightly named; but who says so is a machine of another site, or we are revoked. */
    meeting_free(&meeting);
    meeting_make(&meeting);
    name_machine(f, meeting.key, meeting.noise_key);
    buf_clear(&message);
    write_charter(f->fengyuan, site, &message);
    WELCOMED(STATUS_UNVERIFIED, f->xikou, site);
    revoke_key(f, meeting.key);
    buf_clear(&message);
    write_charter(f->fengyuan, site, &message);
    WELCOMED(STATUS_UNVERIFIED, f->fengyuan, site);
    meeting_free(&meeting);
    meeting_make(&meeting);
    assert_gets_in(f, &meeting);
    meeting_free(&meeting);
    buf_deinit(&message);
}

static void S1_ops_that_are_no_charter_of_that_network_found_nothing(void **state)
{
    struct sim_county *f = *state;
    struct meeting meeting;
    const struct id *site = world_site(f->fengyuan);
    struct id record = sim_escalate(f, f->fengyuan, "水渠");
    meeting_make(&meeting);
    name_machine(f, meeting.key, meeting.noise_key);
    for (int row = 0; row < 5; row++) {
        struct ops ops = {0};
        struct buf message = {0};
        enum status wanted = row < 3 ? STATUS_INVALID : STATUS_UNVERIFIED;
        if (row > 0)
            assert_int_equal(
                store_ops_of_scope(world_store(f->fengyuan), site, push_op, &ops),
                STATUS_OK);
        if (row == 1) {
            pack_uint(&ops.rows, 1); /* no op */
            ops.len++;
        }
        if (row == 2) {
            pack_bin(&ops.rows, "no op", 5);
            ops.len++;
        }
        if (row == 3) /* in the signature or the contents of the last op */
            ops.rows.data[ops.rows.len - 1] ^= 1;
        if (row == 4) {
            wanted = STATUS_DENIED; /* behind the charter a record */
            assert_int_equal(
                store_ops_of_scope(world_store(f->fengyuan), &record, push_op, &ops),
                STATUS_OK);
        }
        write_welcome(&ops, &message);
        if (row == 0) {
            buf_clear(&message);
            pack_array(&message, 2);
            pack_str(&message, "welcome");
            pack_uint(&message, 1); /* no array */
        }
        enum status status = welcome_of(f, &meeting, f->fengyuan, site, &message);
        if (row == 3 ? status == STATUS_OK : status != wanted)
            fail_msg("row %d: %s", row, status_name(status));
        buf_deinit(&ops.rows);
        buf_deinit(&message);
    }
    meeting_free(&meeting);
}

/* Two stewards have to name a machine: who waits is told how many lack, and another one's
 * proposal, or one with other keys, is none for it. */
static void who_waits_for_stewards_is_founded_and_knows_how_many_lack(void **state)
{
    struct sim_county *f = *state;
    struct meeting meeting;
    uint8_t other[32] = {0x66}, third[32] = {0x77};
    sim_add_person(f, f->fengyuan, "王某", "steward", NULL);
    sim_add_person(f, f->fengyuan, "赵某", "steward", NULL);
    SIM_SAY(f, f->fengyuan, NULL, "quorum.set", "number", "#2");
    meeting_make(&meeting);
    name_machine(f, other, third);
    name_machine(f, meeting.key, third);
    struct buf message = {0};
    write_charter(f->fengyuan, world_site(f->fengyuan), &message);
    assert_int_equal(
        welcome_of(f, &meeting, f->fengyuan, world_site(f->fengyuan), &message),
        STATUS_UNVERIFIED);
    buf_clear(&message);
    name_machine(f, meeting.key, meeting.noise_key);
    call(&meeting, world_noise_secret(f->fengyuan));
    say_hello(&meeting, world_site(f->fengyuan));
    write_charter(f->fengyuan, world_site(f->fengyuan), &message);
    say(&meeting, &message);
    assert_int_equal(meeting.status, STATUS_OK);
    assert_int_equal(newcomer_site(meeting.newcomer)->lacks, 1);
    hang_up(&meeting);
    buf_deinit(&message);
    meeting_free(&meeting);
}

static void texts_that_do_not_fit_are_refused_before_it_calls(void **state)
{
    struct meeting meeting;
    char much[200];
    (void)state;
    memset(much, 'x', sizeof(much) - 1);
    much[sizeof(much) - 1] = '\0';
    meeting_make(&meeting);
    const struct newcomer_wish wishes[] = {
        {"", NULL, "a:1", code_key},     {much, NULL, "a:1", code_key},
        {"\xff", NULL, "a:1", code_key}, {"山上", "", "a:1", code_key},
        {"山上", much, "a:1", code_key}, {"山上", NULL, "", code_key},
        {"山上", NULL, much, code_key},
    };
    for (size_t i = 0; i < sizeof(wishes) / sizeof(wishes[0]); i++) {
        meeting.newcomer = NULL;
        assert_int_equal(
            newcomer_open(&meeting.newcomer, &meeting.config, &wishes[i], &meeting.err),
            STATUS_INVALID);
        assert_true(meeting.err.text[0] != '\0');
        assert_null(meeting.newcomer);
    }
    newcomer_close(NULL);
    meeting_free(&meeting);
}

/* ---- memory and the store ---- */

/* From the opening to the founding; the status of where it ended. */
static enum status join_once(struct sim_county *f, struct meeting *meeting)
{
    call(meeting, world_noise_secret(f->fengyuan));
    if (meeting->status == STATUS_MORE)
        say_hello(meeting, world_site(f->fengyuan));
    if (meeting->status == STATUS_MORE)
        welcome(f, meeting);
    hang_up(meeting);
    return meeting->status;
}

static void I14_a_newcomer_whose_memory_ends_founds_nothing(void **state)
{
    struct sim_county *f = *state;
    struct meeting meeting;
    uint64_t after = 0;
    meeting_make(&meeting);
    name_machine(f, meeting.key, meeting.noise_key);
    for (bool has_failed = true; has_failed; after++) {
        fail_memory_after(after, false);
        enum status status = join_once(f, &meeting);
        has_failed = fail_memory_stop();
        assert_true(after < 5000);
        if (status != STATUS_OK) {
            assert_int_equal(status, STATUS_NO_MEMORY);
            assert_is_nobodys(&meeting.place);
        } else if (has_failed) {
            meeting_again(&meeting); /* it was borne */
        }
    }
    assert_true(after > 20);
    meeting_free(&meeting);
}

static void I14_a_newcomer_whose_store_fails_founds_nothing(void **state)
{
    struct sim_county *f = *state;
    struct meeting meeting;
    uint64_t after = 0;
    meeting_make(&meeting);
    name_machine(f, meeting.key, meeting.noise_key);
    for (bool has_failed = true; has_failed; after++) {
        fail_store_after(meeting.place.store, after);
        enum status status = join_once(f, &meeting);
        has_failed = fail_store_stop();
        assert_true(after < 5000);
        if (status != (has_failed ? STATUS_IO : STATUS_OK))
            fail_msg("call %u: %s", (unsigned)after, status_name(status));
        if (has_failed)
            assert_is_nobodys(&meeting.place);
    }
    assert_true(after > 10);
    /* One that stands is not founded over because it could not be asked. */
    fail_store_after(meeting.place.store, 0);
    assert_int_equal(join_once(f, &meeting), STATUS_IO);
    assert_true(fail_store_stop());
    meeting_free(&meeting);
}

int main(void)
{
#define ONE(test)                                                                        \
    cmocka_unit_test_setup_teardown(test, sim_county_set_up_in_memory,                   \
                                    sim_county_tear_down_in_memory)
    const struct CMUnitTest tests[] = {
        ONE(M2_a_greeting_that_is_none_founds_nothing),
        ONE(H2_who_has_not_the_code_founds_nothing),
        ONE(S2_what_is_out_of_turn_founds_nothing),
        ONE(S2_a_charter_that_does_not_name_both_founds_nothing),
        ONE(S1_ops_that_are_no_charter_of_that_network_found_nothing),
        ONE(who_waits_for_stewards_is_founded_and_knows_how_many_lack),
        cmocka_unit_test(texts_that_do_not_fit_are_refused_before_it_calls),
        ONE(I14_a_newcomer_whose_memory_ends_founds_nothing),
        ONE(I14_a_newcomer_whose_store_fails_founds_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
