/* Who should not be talking to us: strangers, revoked machines, peers that ask for what
 * is not theirs. Rows H and O5 of the bad-input table, on whole nodes. */
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
#include "tests/sim/card.h"

/* ---- H5 ---- */

static bool take_key(void *context, struct bytes element)
{
    return !view_map_id(element, "key", context);
}

/* The first node of a site, by its key, revoked by its own steward. */
static void revoke_node(struct sim_county *f, struct world_node *node)
{
    struct buf out = {0};
    struct id key;
    char hex[65];
    SIM_SAY(f, node, &out, "site", NULL, NULL);
    view_map_each(buf_bytes(&out), "nodes", take_key, &key);
    hex_encode(hex, key.bytes, ID_SIZE);
    SIM_SAY(f, node, &out, "node.revoke", "node", hex);
    buf_deinit(&out);
}

/* A site that is paired with the township, of which the township knows nothing, as it is
 * set back to before. */
static struct world_node *stranger(struct sim_county *f)
{
    world_power_off(f->world, f->township);
    card_keep(f, CARD_TOWNSHIP, "before");
    assert_int_equal(world_power_on(f->world, f->township), STATUS_OK);
    assert_int_equal(world_unlock(f->world, f->township, "", "246810"), STATUS_OK);
    struct world_node *node = world_found(f->world, "village", "外村", "outside:1");
    world_pair(f->world, f->township, node);
    world_power_off(f->world, f->township);
    card_restore(f, CARD_TOWNSHIP, "before");
    assert_int_equal(world_power_on(f->world, f->township), STATUS_OK);
    return node;
}

static struct bytes from(struct bytes text, size_t at)
{
    return bytes_of(text.data + at, text.len - at);
}

struct knocks {
    uint32_t revoked, unknown; /* of a village that is known, of nobody who is */
};

static bool look_at_knock(void *context, struct bytes element)
{
    struct knocks *knocks = context;
    struct bytes name;
    bool is_revoked;
    assert_true(view_map_text(element, "name", &name));
    assert_true(view_map_flag(element, "revoked", &is_revoked));
    knocks->revoked += is_revoked && bytes_equal_str(name, "溪口村");
    knocks->unknown += !is_revoked && name.len == 0;
    return true;
}

static void
H5_a_revoked_node_key_is_dropped_after_message_3_as_an_unknown_one(void **state)
{
    struct sim_county *f = *state;
    char attempt[64];
    revoke_node(f, f->xikou);
    world_run(f->world, 5000);
    struct world_node *unknown = stranger(f);
    size_t before = world_noticed(f->xikou).len;
    size_t paired = world_noticed(unknown).len;
    world_forget_log(f->township);

    world_run(f->world, 600000);

    /* Every attempt of both: connected, one message of the same length, closed. */
    struct bytes seen = from(world_noticed(unknown), paired),
                 revoked = from(world_noticed(f->xikou), before);
    uint32_t attempts = sim_count(revoked, "up\n");
    assert_true(attempts >= 5);
    const uint8_t *end = memmem(seen.data, seen.len, "closed\n", 7);
    assert_non_null(end);
    (void)snprintf(attempt, sizeof(attempt), "%.*s", (int)(end + 7 - seen.data),
                   (const char *)seen.data);
    assert_int_equal(sim_count(bytes_str(attempt), "got "), 1);
    assert_int_equal(sim_count(revoked, attempt), attempts);
    assert_int_equal(sim_count(seen, attempt), sim_count(seen, "up\n"));
    assert_int_equal(revoked.len, attempts * strlen(attempt));
    /* Its own steward sees whose keys they are, where a charter tells. */
    struct knocks knocks = {0};
    struct buf out = {0};
    SIM_SAY(f, f->township, &out, "status", NULL, NULL);
    view_map_each(buf_bytes(&out), "knocks", look_at_knock, &knocks);
    assert_int_equal(knocks.revoked, 1);
    assert_int_equal(knocks.unknown, 1);
    buf_deinit(&out);
    /* The refusal names no kind of key either. */
    assert_int_equal(sim_count(world_log(f->township), "refused why=not-paired"), 1);
}

static void H5_a_node_with_an_unknown_key_learns_nothing_and_is_no_peer(void **state)
{
    struct sim_county *f = *state;
    struct buf out = {0};
    uint64_t before, after;
    struct world_node *unknown = stranger(f);
    assert_int_equal(store_ops_count(world_store(unknown), TREE_SHARED, &before),
                     STATUS_OK);

    struct id record = sim_escalate(f, f->fengyuan, "水塘");
    world_run(f->world, 60000);

    sim_assert_state(f, f->township, &record, "received");
    sim_assert_state(f, unknown, &record, "unknown");
    assert_int_equal(store_ops_count(world_store(unknown), TREE_SHARED, &after),
                     STATUS_OK);
    assert_int_equal(after, before);
    SIM_SAY(f, f->township, &out, "peer.list", NULL, NULL);
    assert_int_equal(view_map_count(buf_bytes(&out), "peers"), 3);
    assert_int_equal(view_map_count(buf_bytes(&out), "knocks"), 1);
    buf_deinit(&out);
}

static void H5_a_session_that_is_open_ends_when_its_node_is_revoked(void **state)
{
    struct sim_county *f = *state;
    struct id before = sim_escalate(f, f->xikou, "之前");
    sim_assert_state(f, f->township, &before, "received");

    revoke_node(f, f->xikou);
    world_run(f->world, 1000);
    struct id after = sim_escalate(f, f->xikou, "之后");
    world_run(f->world, 120000);

    assert_int_equal(sim_count(world_log(f->township), "end=revoked"), 1);
    sim_assert_state(f, f->township, &before, "received");
    sim_assert_state(f, f->township, &after, "unknown");
    /* Others go on. */
    struct id other = sim_escalate(f, f->fengyuan, "别村");
    sim_assert_state(f, f->township, &other, "received");
}

/* Who dials knows that he has the right one, and that it is none any more. */
static void H5_a_parents_machine_that_was_revoked_is_dialed_and_not_greeted(void **state)
{
    struct sim_county *f = *state;
    revoke_node(f, f->township);
    world_run(f->world, 5000);
    size_t before = world_log(f->xikou).len;

    world_run(f->world, 300000);

    struct bytes log = from(world_log(f->xikou), before);
    assert_true(sim_count(log, "end=not-paired") > 1);
    assert_int_equal(sim_count(log, "agreed"), 0);
}

static enum status copy_op(void *context, const struct store_op *row)
{
    buf_add(context, row->bytes.data, row->bytes.len);
    return STATUS_OK;
}

/* Another machine of the township paired with it: the charters say so, and this one knows
 * no address of it and nothing that it ever said. */
static void who_is_linked_by_another_machine_is_let_in(void **state)
{
    struct sim_county *f = *state;
    struct world_node *node = stranger(f);
    struct draft draft;
    struct buf bytes = {0};
    assert_int_equal(store_op_get(world_store(node), world_site(node), copy_op, &bytes),
                     STATUS_OK);
    assert_int_equal(world_admit(f->world, f->township, buf_bytes(&bytes)), STATUS_OK);
    draft_init(&draft, "link", world_site(f->township));
    draft_text(&draft, "as", bytes_str("child"));
    draft_bin(&draft, "site", world_site(node)->bytes, ID_SIZE);
    struct forgery forgery = {.seed = world_steward_seed(f->township),
                              .draft = &draft,
                              .scope = world_site(f->township),
                              .of = f->township};
    buf_clear(&bytes);
    (void)sim_forge(&forgery, &bytes);
    assert_int_equal(world_admit(f->world, f->township, buf_bytes(&bytes)), STATUS_OK);

    world_run(f->world, 120000);
    struct id record = sim_escalate(f, node, "水塘");
    world_run(f->world, 60000);

    sim_assert_state(f, f->township, &record, "received");
    draft_deinit(&draft);
    buf_deinit(&bytes);
}

static void only_a_steward_revokes_a_node_and_only_one_there_is(void **state)
{
    struct sim_county *f = *state;
    struct buf out = {0};
    sim_add_person(f, f->xikou, "李某", "mediator", NULL);
    assert_int_equal(
        world_say(f->world, f->xikou, &out, "node.revoke", "node", "旧电脑", NULL),
        STATUS_NOT_FOUND);
    SIM_SAY(f, f->xikou, &out, "site", NULL, NULL);
    struct id key;
    char hex[65];
    view_map_each(buf_bytes(&out), "nodes", take_key, &key);
    hex_encode(hex, key.bytes, ID_SIZE);
    assert_int_equal(world_unlock(f->world, f->xikou, "李某", "135791"), STATUS_OK);
    assert_int_equal(
        world_say(f->world, f->xikou, &out, "node.revoke", "node", hex, NULL),
        STATUS_DENIED);
    buf_deinit(&out);
}

/* ---- the log ---- */

#define KNOCKS 900

static void H1_a_flood_of_garbage_is_one_line_and_after_a_minute_one_count(void **state)
{
    struct sim_county *f = *state;
    uint8_t garbage[200];
    rng_fill(world_rng(f->xikou), "garbage", NULL, garbage, sizeof(garbage));
    world_forget_log(f->township);

    for (int i = 0; i < KNOCKS; i++)
        assert_true(world_knock(f->world, f->township, bytes_of(garbage, 200)));
    struct bytes log = world_log(f->township);
    assert_int_equal(sim_count(log, "refused"), 1);
    assert_int_equal(sim_count(log, "refused why="), 1);

    world_run(f->world, 61000);
    log = world_log(f->township);
    assert_int_equal(sim_count(log, "refused"), 2);
    assert_int_equal(sim_count(log, "refused=899 why="), 1);

    /* Quiet stays quiet, and the next one is told at once again. */
    world_run(f->world, 600000);
    assert_int_equal(sim_count(world_log(f->township), "refused"), 2);
    assert_true(world_knock(f->world, f->township, bytes_of(garbage, 200)));
    assert_int_equal(sim_count(world_log(f->township), "refused"), 3);
}

static void H4_a_replayed_first_message_is_one_line_and_a_count(void **state)
{
    struct sim_county *f = *state;
    uint8_t s_secret[32] = {1}, e_secret[32] = {2}, remote[32];
    struct channel channel;
    world_noise_key(f->township, remote);
    struct channel_config config = {.is_initiator = true,
                                    .pattern = NOISE_XK,
                                    .network = *world_network(f->township),
                                    .s_secret = s_secret,
                                    .e_secret = e_secret,
                                    .remote_static = remote};
    assert_int_equal(channel_init(&channel, &config), STATUS_OK);
    struct bytes first = buf_bytes(&channel.out);
    world_forget_log(f->township);

    assert_false(world_knock(f->world, f->township, first)); /* answered, we hang up */
    for (int i = 0; i < KNOCKS; i++)
        assert_true(world_knock(f->world, f->township, first));
    world_run(f->world, 61000);

    struct bytes log = world_log(f->township);
    assert_int_equal(sim_count(log, "refused why=closed"), 1);
    assert_int_equal(sim_count(log, "refused why="), 2);
    assert_int_equal(sim_count(log, "refused=899 why="), 1);
    assert_int_equal(sim_count(log, "refused"), 3);
    channel_deinit(&channel);
}

/* ---- H7 ---- */

/* What a true first message begins with. */
static const uint8_t preamble[] = {'F', 'Q', 1, 1, 0, 0};

static void H7_of_a_thousand_half_open_the_oldest_go_and_peers_go_on(void **state)
{
    struct sim_county *f = *state;
    struct bytes byte = bytes_of(preamble, 1);
    world_forget_log(f->township);

    for (int i = 0; i < 1000; i++) {
        world_stay(f->world, f->township, byte);
        if (i != 500)
            continue;
        /* In the middle of it: one that was there, and one that comes. */
        struct id id = sim_escalate(f, f->fengyuan, "照常");
        sim_assert_state(f, f->fengyuan, &id, "received");
        world_restart(f->world, f->xikou);
        id = sim_escalate(f, f->xikou, "新来");
        sim_assert_state(f, f->xikou, &id, "received");
    }

    assert_int_equal(world_stayed(f->world, f->township, (struct bytes){0}),
                     HALF_OPEN_MAX);
    struct bytes log = world_log(f->township);
    assert_int_equal(sim_count(log, "refused why=half-open"), 1);
    /* Sessions ended because their own node restarted, and for nothing else. */
    assert_int_equal(sim_count(log, "end="), sim_count(log, "end=closed"));
}

static void H7_a_byte_a_second_ends_at_the_deadline_of_5_seconds(void **state)
{
    struct sim_county *f = *state;
    for (int i = 0; i < HALF_OPEN_MAX; i++)
        world_stay(f->world, f->township, bytes_of(preamble, 1));

    for (int second = 1; second < HANDSHAKE_DEADLINE_MS / 1000; second++) {
        struct bytes byte = bytes_of(&preamble[second], 1);
        world_run(f->world, 1000);
        assert_int_equal(world_stayed(f->world, f->township, byte), HALF_OPEN_MAX);
    }
    world_run(f->world, 1000);

    assert_int_equal(world_stayed(f->world, f->township, bytes_of(&preamble[5], 1)), 0);
    struct id id = sim_escalate(f, f->fengyuan, "照常");
    sim_assert_state(f, f->fengyuan, &id, "received");
}

/* ---- O5 ---- */

struct asking {
    struct id id; /* what the asker wants */
    bool is_active;
    struct buf answers; /* the messages of ops that came of it */
};

/* ["neg", round, bytes, digest]: another digest, so that the round does not end at once;
 * ["want", round, [id …], last]: our id instead. */
static void want_another(void *context, struct bytes message, struct buf *out)
{
    struct asking *asking = context;
    struct pack_reader reader = pack_reader_of(message);
    uint32_t elements;
    uint64_t round;
    struct bytes name, probe;
    if (!asking->is_active || pack_read_array(&reader, &elements, NULL) != STATUS_OK ||
        elements != 4 || pack_read_str(&reader, &name, NULL) != STATUS_OK ||
        pack_read_uint(&reader, &round, NULL) != STATUS_OK)
        return;
    if (bytes_equal_str(name, "neg") &&
        pack_read_bin(&reader, &probe, NULL) == STATUS_OK) {
        pack_array(out, 4);
        pack_str(out, "neg");
        pack_uint(out, round);
        pack_bin(out, probe.data, probe.len);
        pack_bin(out, asking->id.bytes, ID_SIZE);
        return;
    }
    if (!bytes_equal_str(name, "want"))
        return;
    pack_array(out, 4);
    pack_str(out, "want");
    pack_uint(out, round);
    pack_array(out, 1);
    pack_bin(out, asking->id.bytes, ID_SIZE);
    pack_bool(out, true);
}

static void keep_answers(void *context, struct bytes message, struct buf *out)
{
    struct asking *asking = context;
    struct pack_reader reader = pack_reader_of(message);
    uint32_t elements;
    struct bytes name;
    if (asking->is_active && pack_read_array(&reader, &elements, NULL) == STATUS_OK &&
        pack_read_str(&reader, &name, NULL) == STATUS_OK && bytes_equal_str(name, "ops"))
        buf_add(&asking->answers, message.data, message.len);
}

/* One round of a fresh session in which xikou asks for that id. */
static void ask_for(struct sim_county *f, struct asking *asking, const struct id *id)
{
    asking->id = *id;
    buf_clear(&asking->answers);
    world_set_offline(f->world, f->xikou, true);
    world_run(f->world, 1000);
    world_set_mutator(f->xikou, want_another, asking);
    world_set_mutator(f->township, keep_answers, asking);
    asking->is_active = true;
    world_set_offline(f->world, f->xikou, false);
    world_run(f->world, 20000);
    asking->is_active = false;
}

static void O5_a_guessed_case_gets_the_bytes_of_an_unknown_id(void **state)
{
    struct sim_county *f = *state;
    struct buf out = {0}, unknown = {0};
    struct id private_case, none = {{7}};
    struct asking asking = {0};
    SIM_SAY(f, f->township, &out, "case.new", "category", "家事", "title", "镇里的私事",
            "narrative", "不外传");
    assert_true(view_map_id(buf_bytes(&out), "scope", &private_case));
    struct id shared = sim_escalate(f, f->fengyuan, "别村的");

    ask_for(f, &asking, &none);
    assert_true(asking.answers.len > 0);
    buf_add(&unknown, asking.answers.data, asking.answers.len);
    ask_for(f, &asking, &private_case);
    assert_true(bytes_equal(buf_bytes(&asking.answers), buf_bytes(&unknown)));
    /* A record that was shared, but not with the one who asks. */
    ask_for(f, &asking, &shared);
    assert_true(bytes_equal(buf_bytes(&asking.answers), buf_bytes(&unknown)));
    /* The test can see the difference: what is the asker's own comes. */
    ask_for(f, &asking, world_site(f->county));
    assert_false(bytes_equal(buf_bytes(&asking.answers), buf_bytes(&unknown)));

    sim_assert_state(f, f->xikou, &shared, "unknown");
    buf_deinit(&out);
    buf_deinit(&unknown);
    buf_deinit(&asking.answers);
}

int main(void)
{
#define ONE(test)                                                                        \
    cmocka_unit_test_setup_teardown(test, sim_county_set_up, sim_county_tear_down)
    const struct CMUnitTest tests[] = {
        ONE(H5_a_revoked_node_key_is_dropped_after_message_3_as_an_unknown_one),
        ONE(H5_a_node_with_an_unknown_key_learns_nothing_and_is_no_peer),
        ONE(H5_a_session_that_is_open_ends_when_its_node_is_revoked),
        ONE(H5_a_parents_machine_that_was_revoked_is_dialed_and_not_greeted),
        ONE(who_is_linked_by_another_machine_is_let_in),
        ONE(only_a_steward_revokes_a_node_and_only_one_there_is),
        ONE(H1_a_flood_of_garbage_is_one_line_and_after_a_minute_one_count),
        ONE(H4_a_replayed_first_message_is_one_line_and_a_count),
        ONE(H7_of_a_thousand_half_open_the_oldest_go_and_peers_go_on),
        ONE(H7_a_byte_a_second_ends_at_the_deadline_of_5_seconds),
        ONE(O5_a_guessed_case_gets_the_bytes_of_an_unknown_id),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
