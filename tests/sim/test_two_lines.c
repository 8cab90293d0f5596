/* Two connections with one machine at once: which of them stays, whoever dialed, whenever
 * it was, and under whichever key. And a machine that pairs with its own site. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "crypto/key.h"
#include "node/cases/view.h"
#include "proto/channel.h"
#include "tests/sim/sim_laptop.h"

#define CONN 2000000
#define MINUTES (UINT64_C(60) * 1000)

/* A second line to the laptop, under the key of the village's machine, whose own line to
 * it the laptop has dialed. */
struct line {
    struct channel channel;
    uint8_t own[32];
};

static void exchange(struct sim_county *f, struct world_node *laptop, struct line *line)
{
    size_t before = world_sent(laptop).len;
    channel_flush(&line->channel);
    world_event(laptop, EVENT_CONN_BYTES, CONN, buf_bytes(&line->channel.out));
    buf_clear(&line->channel.out);
    world_run(f->world, 0);
    if (channel_is_open(&line->channel))
        return; /* what comes then is not read */
    struct bytes sent = world_sent(laptop);
    assert_int_equal(channel_receive(&line->channel,
                                     bytes_of(sent.data + before, sent.len - before),
                                     NULL),
                     STATUS_OK);
}

/* The first message alone, to the machine that has that key. */
static void knock(struct sim_county *f, struct world_node *laptop,
                  const uint8_t remote[static 32], struct line *line)
{
    static uint8_t ephemeral[32] = {9};
    memset(line, 0, sizeof(*line));
    ephemeral[1]++;
    key_dh_public(line->own, world_noise_secret(f->fengyuan));
    struct channel_config config = {.is_initiator = true,
                                    .pattern = NOISE_XK,
                                    .network = *world_network(f->fengyuan),
                                    .s_secret = world_noise_secret(f->fengyuan),
                                    .s_public = line->own,
                                    .e_secret = ephemeral,
                                    .remote_static = remote};
    assert_int_equal(channel_init(&line->channel, &config), STATUS_OK);
    world_event(laptop, EVENT_CONN_ACCEPTED, CONN, (struct bytes){0});
    world_run(f->world, 0);
    exchange(f, laptop, line);
}

/* The third message, and the greeting. */
static void enter(struct sim_county *f, struct world_node *laptop, struct line *line)
{
    struct buf message = {0};
    world_forget_log(laptop);
    exchange(f, laptop, line);
    assert_true(channel_is_open(&line->channel));
    pack_array(&message, 3);
    pack_str(&message, "hello");
    pack_uint(&message, 0);
    pack_bin(&message, world_site(f->fengyuan)->bytes, ID_SIZE);
    channel_send(&line->channel, buf_bytes(&message));
    exchange(f, laptop, line);
    buf_deinit(&message);
}

static void hang_up(struct sim_county *f, struct world_node *laptop, struct line *line)
{
    world_event(laptop, EVENT_CONN_CLOSED, CONN, (struct bytes){0});
    world_run(f->world, 0);
    channel_deinit(&line->channel);
}

/* Of two whose ends dialed at once, that stays which the lower key dialed. */
static void assert_lower_stays(struct world_node *laptop, const uint8_t *key,
                               const struct line *line)
{
    bool is_lower = memcmp(key, line->own, 32) < 0;
    struct bytes log = world_log(laptop);
    assert_int_equal(sim_count(log, "conn=2000000 end=EXISTS"), is_lower);
    assert_int_equal(sim_count(log, "end=replaced"), !is_lower);
}

static void assert_goes_on(struct sim_county *f, struct world_node *laptop)
{
    char hex[65];
    (void)sim_laptop_case(f, laptop, "水沟", hex);
    world_run(f->world, 3 * MINUTES);
    sim_assert_alike(f, f->fengyuan, laptop);
}

/* The laptop's own line. */
static void dial_now(struct sim_county *f, struct world_node *laptop)
{
    world_forget_log(laptop);
    (void)world_say(f->world, laptop, NULL, "sync", NULL); /* it need not wait for it */
    world_run(f->world, 500);
    assert_true(sim_count(world_log(laptop), "agreed") > 0);
}

static void who_dials_long_after_has_lost_the_first_line(void **state)
{
    struct sim_county *f = *state;
    struct world_node *laptop = sim_laptop(f);
    struct line line;
    uint8_t key[32];
    world_noise_key(laptop, key);
    world_run(f->world, 3 * MINUTES);
    knock(f, laptop, key, &line);
    enter(f, laptop, &line);
    assert_int_equal(sim_count(world_log(laptop), "end=replaced"), 1);
    assert_int_equal(sim_count(world_log(laptop), "conn=2000000 end="), 0);
    hang_up(f, laptop, &line);
    assert_goes_on(f, laptop);
}

/* Its handshake took longer than that of the one that was dialed after it. */
static void a_line_that_was_opened_first_and_is_ready_last_is_one_of_both(void **state)
{
    struct sim_county *f = *state;
    struct world_node *laptop = sim_laptop(f);
    struct line line;
    uint8_t key[32];
    world_noise_key(laptop, key);
    world_set_offline(f->world, laptop, true);
    world_run(f->world, 3 * MINUTES);
    knock(f, laptop, key, &line);
    world_set_offline(f->world, laptop, false);
    world_run(f->world, 1000);
    dial_now(f, laptop);
    enter(f, laptop, &line);
    assert_lower_stays(laptop, key, &line);
    hang_up(f, laptop, &line);
    assert_goes_on(f, laptop);
}

/* The township has not heard of the laptop's new key, so that the old one opens as well:
 * the line was dialed under it, and it is the one that counts. */
static void of_a_line_under_a_former_key_that_key_is_compared(void **state)
{
    struct sim_county *f = *state;
    struct world_node *laptop = sim_laptop(f);
    struct line line;
    uint8_t former[32], key[32], other[32];
    world_set_offline(f->world, f->township, true);
    world_noise_key(f->fengyuan, other);
    for (int tries = 0; tries < 40; tries++) {
        world_noise_key(laptop, former);
        SIM_SAY(f, laptop, NULL, "node.renew", "again", "true");
        world_noise_key(laptop, key);
        world_run(f->world, MINUTES);
        if ((memcmp(former, other, 32) < 0) != (memcmp(key, other, 32) < 0))
            break; /* the two keys decide otherwise */
    }
    assert_int_not_equal(memcmp(former, other, 32) < 0, memcmp(key, other, 32) < 0);
    world_set_offline(f->world, laptop, true);
    world_run(f->world, 1000);
    world_set_offline(f->world, laptop, false);
    dial_now(f, laptop);
    knock(f, laptop, former, &line);
    enter(f, laptop, &line);
    assert_lower_stays(laptop, former, &line);
    hang_up(f, laptop, &line);
    assert_goes_on(f, laptop);
}

static bool count_peer(void *context, struct bytes element)
{
    (void)element;
    ++*(uint32_t *)context;
    return true;
}

static uint32_t peers_of(struct sim_county *f, struct world_node *node)
{
    struct buf out = {0};
    uint32_t count = 0;
    SIM_SAY(f, node, &out, "peer.list");
    view_map_each(buf_bytes(&out), "peers", count_peer, &count);
    buf_deinit(&out);
    return count;
}

/* A machine of the site has come in already; it is no other site. */
static void a_machine_of_the_site_does_not_pair_with_it(void **state)
{
    struct sim_county *f = *state;
    struct world_node *laptop = sim_laptop(f);
    struct buf out = {0};
    struct bytes text;
    char code[128];
    uint32_t before = peers_of(f, laptop);
    uint64_t ops = sim_status(f, f->fengyuan, "ops");
    SIM_SAY(f, f->fengyuan, &out, "peer.invite");
    assert_true(view_map_text(buf_bytes(&out), "code", &text));
    (void)snprintf(code, sizeof(code), "%.*s", (int)text.len, (const char *)text.data);
    world_forget_log(f->fengyuan);
    world_forget_log(laptop);

    assert_int_not_equal(world_say(f->world, laptop, NULL, "peer.join", "code", code,
                                   "at", world_address(f->fengyuan), NULL),
                         STATUS_OK);

    assert_true(sim_count(world_log(f->fengyuan), "end=INVALID") +
                    sim_count(world_log(laptop), "end=INVALID") >
                0);
    assert_int_equal(peers_of(f, laptop), before);
    assert_int_equal(sim_status(f, f->fengyuan, "ops"), ops);
    assert_goes_on(f, laptop);
    buf_deinit(&out);
}

int main(void)
{
#define ONE(test)                                                                        \
    cmocka_unit_test_setup_teardown(test, sim_county_set_up_in_memory,                   \
                                    sim_county_tear_down_in_memory)
    const struct CMUnitTest tests[] = {
        ONE(who_dials_long_after_has_lost_the_first_line),
        ONE(a_line_that_was_opened_first_and_is_ready_last_is_one_of_both),
        ONE(of_a_line_under_a_former_key_that_key_is_compared),
        ONE(a_machine_of_the_site_does_not_pair_with_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
