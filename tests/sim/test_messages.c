/* Messages that no correct node would send, in the place of one that it would: the
 * session ends with its reason, nothing of it stays, and the next one goes well. */
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
#include "tests/sim/sim_county.h"

enum liar { DIALER, LISTENER };

/* Negentropy's list of so many ids, each time others. */
static void compose_list(uint64_t count, struct buf *out)
{
    static uint32_t fresh;
    struct buf list = {0};
    const uint8_t head[] = {0x61, 0, 0, 2}, low = count & 0x7f;
    const uint8_t high = (uint8_t)(0x80 | count >> 7);
    buf_add(&list, head, sizeof(head));
    if (count >= 0x80)
        buf_add(&list, &high, 1);
    buf_add(&list, &low, 1);
    for (uint64_t i = 0; i < count; i++) {
        struct id id = {{0xee}};
        memcpy(id.bytes + 1, &fresh, sizeof(fresh));
        fresh++;
        buf_add(&list, id.bytes, ID_SIZE);
    }
    pack_bin(out, list.data, list.len);
    buf_deinit(&list);
}

/*
 * A message in words: "a3" array of three, "A3" the same with its zeros, "I3" with ids,
 * "'neg" text, "u5" number, "r" the round, "b" no bytes, "i" bytes of an id, "s" of a
 * start, "p" Negentropy's fingerprint of everything, "n5" its list of five ids that
 * nobody has, "t" and "f" true and false.
 */
static void compose(const char *words, uint64_t round, struct buf *out)
{
    static const uint8_t id[ID_SIZE] = {0xee},
                         everything[20] = {0x61, 0, 0, 1, 0xee}; /* bound, mode, sum */
    for (const char *at = words; *at != '\0';) {
        size_t len = strcspn(at, " ");
        uint64_t number = strtoull(at + 1, NULL, 10);
        switch (*at) {
        case 'a':
            pack_array(out, (uint32_t)number);
            break;
        case 'A':
            pack_array(out, (uint32_t)number);
            while (number-- > 0)
                pack_uint(out, 0);
            break;
        case 'I':
            pack_array(out, (uint32_t)number);
            while (number-- > 0)
                pack_bin(out, id, sizeof(id));
            break;
        case 'n':
            compose_list(number, out);
            break;
        case '\'':
            pack_str_bytes(out, bytes_of(at + 1, len - 1));
            break;
        case 'u':
            pack_uint(out, number);
            break;
        case 'r':
            pack_uint(out, round);
            break;
        case 'b':
            pack_bin(out, "", 0);
            break;
        case 'i':
            pack_bin(out, id, sizeof(id));
            break;
        case 's':
            pack_bin(out, id, INSTANCE_SIZE);
            break;
        case 'p':
            pack_bin(out, everything, sizeof(everything));
            break;
        case 't':
        case 'f':
            pack_bool(out, *at == 't');
            break;
        default:
            fail_msg("no word of a message: %s", at);
        }
        at += len;
        while (*at == ' ')
            at++;
    }
}

struct lie {
    enum liar liar;
    const char *instead_of[2]; /* names; the second may be NULL */
    const char *words[2];
    uint32_t repeats; /* 0: once */
};

struct telling {
    const struct lie *lie;
    uint32_t told;
};

static void tell(void *context, struct bytes message, struct buf *out)
{
    struct telling *telling = context;
    const struct lie *lie = telling->lie;
    struct pack_reader reader = pack_reader_of(message);
    uint32_t elements;
    uint64_t round = 0;
    struct bytes name;
    if (telling->told == 2 || lie->words[telling->told] == NULL ||
        pack_read_array(&reader, &elements, NULL) != STATUS_OK ||
        pack_read_str(&reader, &name, NULL) != STATUS_OK ||
        !bytes_equal_str(name, lie->instead_of[telling->told]))
        return;
    if (pack_read_uint(&reader, &round, NULL) != STATUS_OK)
        round = 0; /* "ops" has none */
    compose(lie->words[telling->told++], round, out);
}

static uint32_t ends_of(struct world_node *node)
{
    return sim_count(world_log(node), "end=") - sim_count(world_log(node), "end=closed");
}

/* A round between the township and xikou in which both have something for each other. */
static void lie_once(struct sim_county *f, const struct lie *lie, size_t number,
                     bool is_borne)
{
    struct world_node *liar = lie->liar == DIALER ? f->xikou : f->township;
    struct world_node *other = lie->liar == DIALER ? f->township : f->xikou;
    struct telling telling = {.lie = lie};
    world_set_offline(f->world, f->xikou, true);
    struct id id = sim_escalate(f, f->xikou, "照常");
    sim_add_person(f, f->township, "李某", "desk", NULL);
    uint32_t before = ends_of(other);
    world_set_mutator(liar, tell, &telling);
    world_set_repeats(liar, lie->repeats);
    world_set_offline(f->world, f->xikou, false);
    world_run(f->world, 3000);
    if (telling.told == 0 || (lie->words[1] != NULL && telling.told != 2))
        fail_msg("row %zu was not told", number);
    if ((ends_of(other) == before) != is_borne)
        fail_msg("row %zu ended %s session", number, is_borne ? "a" : "no");
    world_set_mutator(liar, NULL, NULL);
    world_set_offline(f->world, f->xikou, true);
    world_run(f->world, 1000);
    world_set_offline(f->world, f->xikou, false);
    world_run(f->world, 120000);
    sim_assert_state(f, f->township, &id, "received");
    sim_assert_state(f, f->xikou, &id, "received");
}

/* Borne is what ends no session of the other one. */
static void lie_all(struct sim_county *f, const struct lie *lies, size_t len,
                    bool is_borne)
{
    world_set_offline(f->world, f->fengyuan, true);
    world_set_offline(f->world, f->county, true);
    for (size_t i = 0; i < len; i++)
        lie_once(f, &lies[i], i, is_borne);
}

#define LEN(rows) (sizeof(rows) / sizeof(rows[0]))

static void M2_a_listener_ends_the_session_at_what_is_no_message_of_sync(void **state)
{
    static const struct lie lies[] = {
        {DIALER, {"neg"}, {"u5"}, 0},
        {DIALER, {"neg"}, {"a2 u1 u2"}, 0},
        {DIALER, {"neg"}, {"a1 'dance"}, 0},
        {DIALER, {"neg"}, {"a3 'neg u1"}, 0},
        {DIALER, {"neg"}, {"a3 'neg 'x b"}, 0},
        {DIALER, {"neg"}, {"a3 'neg r u1"}, 0},
        {DIALER, {"neg"}, {"a4 'neg 'x b i"}, 0},
        {DIALER, {"neg"}, {"a4 'neg r u1 i"}, 0},
        {DIALER, {"neg"}, {"a4 'neg r p u1"}, 0},
        {DIALER, {"neg"}, {"a4 'neg r b i"}, 0},
        {DIALER, {"neg"}, {"a2 'again u1"}, 0},
        {DIALER, {"neg"}, {"a1 'again"}, 0},
        {DIALER, {"neg"}, {"a2 'same r"}, 0},
        {DIALER, {"neg"}, {"a2 'hello u1"}, 0},
        {DIALER, {"neg"}, {"a4 'want r a0 t"}, 0},
        {DIALER, {"neg"}, {"a4 'ops a0 a0 u0"}, 0},
        {DIALER, {"neg"}, {"a3 'done r i"}, 0},
        {DIALER, {"neg"}, {"a3 'done u0 i"}, 0},
        {DIALER, {"neg"}, {"a3 'neg r b"}, 0},
        {DIALER, {"neg"}, {"a4 'want u0 a0 t"}, 0},
        {DIALER, {"want"}, {"a4 'want r I4000 t"}, 0},
        {DIALER, {"want", "ops"}, {"a4 'want r a0 f", "a1 'dance"}, 0},
        {DIALER, {"want"}, {"a4 'want 'x a0 t"}, 0},
        {DIALER, {"want"}, {"a4 'want r u0 t"}, 0},
        {DIALER, {"want"}, {"a4 'want u99 a0 t"}, 0},
        {DIALER, {"want"}, {"a4 'want r A8193 t"}, 0},
        {DIALER, {"want"}, {"a4 'want r a1 u5 t"}, 0},
        {DIALER, {"want"}, {"a4 'want r a0 u1"}, 0},
        {DIALER, {"want"}, {"a4 'want r a0"}, 0},
        {DIALER, {"want"}, {"a4 'want r a0 t"}, 2},
        {DIALER, {"want"}, {"a4 'want r a0 t u1"}, 0},
        {DIALER, {"ops"}, {"a4 'ops u0 a0 u0"}, 0},
        {DIALER, {"ops"}, {"a4 'ops A4097 a0 u0"}, 0},
        {DIALER, {"ops"}, {"a4 'ops a2 u1 i a0 u0"}, 0},
        {DIALER, {"ops"}, {"a4 'ops a0 u0 u0"}, 0},
        {DIALER, {"ops"}, {"a4 'ops a0 A1025 u0"}, 0},
        {DIALER, {"ops"}, {"a4 'ops a0 a1"}, 0},
        {DIALER, {"ops"}, {"a4 'ops a0 a0 't"}, 0},
        {DIALER, {"ops"}, {"a4 'ops a0 a0 u1025"}, 0},
        {DIALER, {"ops"}, {"a4 'ops a0 a0 u1"}, 33},
        {DIALER, {"ack"}, {"a3 'ack 'x a0"}, 0},
        {DIALER, {"ack"}, {"a3 'ack u1 u1"}, 0},
        {DIALER, {"ack"}, {"a3 'ack u99 a0"}, 0},
        {DIALER, {"ack"}, {"a3 'ack u1 a1 't"}, 0},
        {DIALER, {"ack"}, {"a3 'ack u1 a1 u99"}, 0},
        {DIALER, {"ack"}, {"a3 'ack u1 A2"}, 0},
        {DIALER, {"done"}, {"a3 'neg r b"}, 0},
        {DIALER, {"ack"}, {"a3 'done u1 i"}, 2},
        {DIALER, {"done"}, {"a3 'done 'x i"}, 0},
        {DIALER, {"done"}, {"a3 'done r u1"}, 0},
        {DIALER, {"done"}, {"a3 'done u99 i"}, 0},
        {DIALER, {"neg"}, {"a3 'restored i u1"}, 0},
        {DIALER, {"neg"}, {"a3 'instance b u1"}, 0},
        {DIALER, {"instance"}, {"a2 'instance s"}, 2},
        {DIALER, {"neg"}, {"a2 'copy u1"}, 0},
        {DIALER, {"neg"}, {"a2 'fetch i"}, 0},
        {DIALER, {"neg"}, {"a3 'fetch u1 u0"}, 0},
        {DIALER, {"neg"}, {"a3 'fetch i 'x"}, 0},
        {DIALER, {"neg"}, {"a3 'fetch i u48"}, 0},
        {DIALER, {"neg"}, {"a3 'fetch i u0"}, 2},
        {DIALER, {"neg"}, {"a4 'piece u1 u0 b"}, 0},
        {DIALER, {"neg"}, {"a4 'piece i u0 u0"}, 0},
        {DIALER, {"neg"}, {"a4 'piece i u0 b"}, 0},
    };
    lie_all(*state, lies, LEN(lies), false);
}

static void M2_a_dialer_ends_the_session_at_what_is_no_answer(void **state)
{
    static const struct lie lies[] = {
        {LISTENER, {"neg"}, {"a3 'neg 'x b"}, 0},
        {LISTENER, {"neg"}, {"a3 'neg r u1"}, 0},
        {LISTENER, {"neg"}, {"a3 'neg r b"}, 0},
        {LISTENER, {"neg"}, {"a3 'neg u99 b"}, 0},
        {LISTENER, {"neg"}, {"a4 'neg r p i"}, 0},
        {LISTENER, {"neg"}, {"a2 'same 'x"}, 0},
        {LISTENER, {"neg"}, {"a2 'same u99"}, 0},
        {LISTENER, {"neg", "neg"}, {"a3 'neg r p", "a2 'same r"}, 0},
        {LISTENER, {"neg"}, {"a4 'want r a0 t"}, 0},
        {LISTENER, {"neg"}, {"a3 'done r i"}, 0},
        {LISTENER, {"ops"}, {"a2 'same r"}, 0},
        {LISTENER, {"ack"}, {"a3 'ack u2 a0"}, 0},
        {LISTENER, {"done"}, {"a3 'done r i"}, 2},
        {LISTENER, {"done"}, {"a3 'neg r b"}, 0},
        {LISTENER, {"done"}, {"a3 'fetch i u99"}, 0},
        {LISTENER, {"done"}, {"a4 'piece i u0 b"}, 0},
    };
    lie_all(*state, lies, LEN(lies), false);
}

/* An acknowledgement of nothing, before anything was to be sent, and more ids than one
 * message asks for. */
static void M2_what_is_well_formed_and_makes_no_sense_ends_nothing(void **state)
{
    static const struct lie lies[] = {
        {DIALER, {"neg"}, {"a3 'ack u0 a0"}, 0},
        {DIALER, {"want", "ops"}, {"a4 'want r a0 f", "a3 'ack u0 a0"}, 0},
        {LISTENER, {"neg"}, {"a3 'neg r n8200"}, 0},
    };
    lie_all(*state, lies, LEN(lies), true);
}

/* Each answer names an op that nobody has, and no two digests are equal, from the first
 * message of a round on. */
static void tell_of_more(void *context, struct bytes message, struct buf *out)
{
    struct pack_reader reader = pack_reader_of(message);
    uint32_t elements;
    uint64_t round;
    struct bytes name, probe;
    if (pack_read_array(&reader, &elements, NULL) != STATUS_OK ||
        pack_read_str(&reader, &name, NULL) != STATUS_OK ||
        pack_read_uint(&reader, &round, NULL) != STATUS_OK)
        return;
    if (bytes_equal_str(name, "neg") && elements == 4 &&
        pack_read_bin(&reader, &probe, NULL) == STATUS_OK) {
        compose("a4 'neg r", round, out);
        pack_bin(out, probe.data, probe.len);
        compose("i", round, out);
    } else if (bytes_equal_str(name, "neg")) {
        compose("a3 'neg r n1", round, out);
    }
    if (bytes_equal_str(name, "done"))
        compose("a3 'done r i", round, out);
}

static void M2_who_always_has_something_new_is_left_alone_for_a_while(void **state)
{
    struct sim_county *f = *state;
    char last[32], beyond[32];
    (void)snprintf(last, sizeof(last), "unequal times=%d\n", ROUNDS_MAX);
    (void)snprintf(beyond, sizeof(beyond), "unequal times=%d\n", ROUNDS_MAX + 1);
    world_forget_log(f->xikou);
    world_set_offline(f->world, f->fengyuan, true);
    world_set_offline(f->world, f->county, true);
    world_set_mutator(f->township, tell_of_more, NULL);
    world_set_mutator(f->xikou, tell_of_more, NULL);
    sim_add_person(f, f->xikou, "王某", "desk", NULL);
    world_run(f->world, 20000);

    assert_int_equal(sim_count(world_log(f->xikou), last), 1);
    assert_int_equal(sim_count(world_log(f->xikou), beyond), 0);
    world_set_mutator(f->township, NULL, NULL);
    world_set_mutator(f->xikou, NULL, NULL);
    struct id id = sim_escalate(f, f->xikou, "照常");
    world_run(f->world, 600000);
    sim_assert_state(f, f->xikou, &id, "received");
}

/* ---- the greeting ---- */

#define CONN 2000000

/* Bytes go to the township; what it sends comes back. */
static void exchange(struct sim_county *f, struct channel *channel)
{
    size_t before = world_sent(f->township).len;
    world_event(f->township, EVENT_CONN_BYTES, CONN, buf_bytes(&channel->out));
    buf_clear(&channel->out);
    world_run(f->world, 0);
    struct bytes sent = world_sent(f->township);
    struct bytes answer = bytes_of(sent.data + before, sent.len - before);
    assert_int_equal(channel_receive(channel, answer, NULL), STATUS_OK);
}

/* Xikou's machine greets with that message. */
static void greet(struct sim_county *f, struct bytes message)
{
    uint8_t e_secret[32] = {5}, remote[32], own[32];
    struct channel channel;
    world_noise_key(f->township, remote);
    world_noise_key(f->xikou, own);
    struct channel_config config = {.is_initiator = true,
                                    .pattern = NOISE_XK,
                                    .network = *world_network(f->township),
                                    .s_secret = world_noise_secret(f->xikou),
                                    .s_public = own,
                                    .e_secret = e_secret,
                                    .remote_static = remote};
    rng_fill(world_rng(f->xikou), "greet", NULL, e_secret, sizeof(e_secret));
    assert_int_equal(channel_init(&channel, &config), STATUS_OK);
    world_event(f->township, EVENT_CONN_ACCEPTED, CONN, (struct bytes){0});
    exchange(f, &channel);
    exchange(f, &channel);
    assert_true(channel_is_open(&channel));
    channel_send(&channel, message);
    channel_flush(&channel);
    exchange(f, &channel);
    world_event(f->township, EVENT_CONN_CLOSED, CONN, (struct bytes){0});
    world_run(f->world, 1000);
    channel_deinit(&channel);
}

static void H5_who_greets_as_somebody_else_is_closed(void **state)
{
    static const char *const rows[] = {"a3 'hello 'x i",
                                       "a3 'hello u1 u1",
                                       "a3 'hello u1 i",
                                       "a2 'hello u1",
                                       "a3 'dance u1 i",
                                       "a1 'again",
                                       "u1"};
    struct sim_county *f = *state;
    struct buf message = {0};
    world_set_offline(f->world, f->xikou, true);
    world_run(f->world, 1000);
    uint32_t before = ends_of(f->township);
    for (size_t i = 0; i < LEN(rows); i++) {
        buf_clear(&message);
        compose(rows[i], 0, &message);
        greet(f, buf_bytes(&message));
        if (ends_of(f->township) != before + i + 1)
            fail_msg("row %zu is not closed", i);
    }
    buf_clear(&message); /* as the township itself */
    compose("a3 'hello u1", 0, &message);
    pack_bin(&message, world_site(f->township)->bytes, ID_SIZE);
    greet(f, buf_bytes(&message));
    assert_int_equal(ends_of(f->township), before + LEN(rows) + 1);
    world_set_offline(f->world, f->xikou, false);
    struct id id = sim_escalate(f, f->xikou, "照常");
    world_run(f->world, 120000);
    sim_assert_state(f, f->xikou, &id, "received");
    buf_deinit(&message);
}

/* ---- pairing ---- */

static enum status join(struct sim_county *f, struct world_node *parent,
                        struct world_node *child)
{
    struct buf out = {0};
    struct bytes text;
    char code[128];
    world_run(f->world, INVITE_LIFETIME_MS + 1000); /* of invitations before */
    SIM_SAY(f, parent, &out, "peer.invite", NULL, NULL);
    assert_true(view_map_text(buf_bytes(&out), "code", &text));
    (void)snprintf(code, sizeof(code), "%.*s", (int)text.len, (const char *)text.data);
    enum status status = world_say(f->world, child, NULL, "peer.join", "code", code, "at",
                                   world_address(parent), NULL);
    buf_deinit(&out);
    return status;
}

static enum status copy_op(void *context, const struct store_op *row)
{
    buf_add(context, row->bytes.data, row->bytes.len);
    return STATUS_OK;
}

/* One op in the place of all charters: sealed by somebody else, or of no charter. */
struct bundle {
    struct buf op;
    uint32_t told;
};

static void tell_op(void *context, struct bytes message, struct buf *out)
{
    struct bundle *bundle = context;
    struct pack_reader reader = pack_reader_of(message);
    uint32_t elements;
    struct bytes name;
    if (pack_read_array(&reader, &elements, NULL) != STATUS_OK ||
        pack_read_str(&reader, &name, NULL) != STATUS_OK ||
        !bytes_equal_str(name, "charters"))
        return;
    bundle->told++;
    pack_array(out, 2);
    pack_str(out, "charters");
    pack_array(out, 1);
    pack_bin(out, bundle->op.data, bundle->op.len);
}

static void M2_who_brings_no_charters_is_not_paired_and_may_try_again(void **state)
{
    static const struct lie lies[] = {
        {DIALER, {"charters"}, {"a2 'charters u1"}, 0},
        {DIALER, {"charters"}, {"a2 'charters a1 u1"}, 0},
        {DIALER, {"charters"}, {"a2 'charters a1 b"}, 0},
        {DIALER, {"charters"}, {"a2 'charters a0"}, 0},
        {DIALER, {"charters"}, {"a1 'linked"}, 0},
        {DIALER, {"charters"}, {"a1 'dance"}, 0},
        {DIALER, {"linked"}, {"a1 'linked"}, 2},
        {LISTENER, {"charters"}, {"a2 'charters a0"}, 0},
        {LISTENER, {"charters"}, {"a1 'linked"}, 0},
        {LISTENER, {"linked"}, {"a2 'charters a0"}, 0},
    };
    struct sim_county *f = *state;
    /* Each lie is told to one who knows nothing of the other's site yet. */
    struct world_node *lying = world_found(f->world, "village", "新村", "new:1");
    struct world_node *lied_to = world_found(f->world, "village", "旧村", "old:1");
    struct world_node *child = NULL;
    for (size_t i = 0; i < LEN(lies); i++) {
        struct telling telling = {.lie = &lies[i]};
        child = lies[i].liar == DIALER ? lying : lied_to;
        struct world_node *liar = lies[i].liar == DIALER ? child : f->township;
        world_set_offline(f->world, f->fengyuan, true);
        world_set_offline(f->world, f->xikou, true);
        world_set_mutator(liar, tell, &telling);
        world_set_repeats(liar, lies[i].repeats);
        enum status status = join(f, f->township, child);
        world_set_mutator(liar, NULL, NULL);
        assert_int_equal(telling.told, 1);
        /* Who has both halves already was told so before the lie. */
        if (status != STATUS_DENIED && lies[i].repeats == 0 &&
            strcmp(lies[i].instead_of[0], "linked") != 0)
            fail_msg("row %zu: %s", i, status_name(status));
    }
    assert_int_equal(join(f, f->township, child), STATUS_OK);
    world_run(f->world, 5000);
    struct id id = sim_escalate(f, child, "第一件");
    world_run(f->world, 70000);
    sim_assert_state(f, child, &id, "received");
}

/* Its author has a key of small order, with which anybody signs anything. */
static void make_unsound(struct buf *bytes)
{
    struct op op;
    assert_int_equal(op_decode_bytes(&op, buf_bytes(bytes), NULL), STATUS_OK);
    uint8_t *author = memmem(bytes->data, bytes->len, op.author, sizeof(op.author));
    assert_non_null(author);
    memset(author, 0xff, sizeof(op.author)); /* plain_keys.c */
}

static void S1_charters_hold_what_is_of_a_charter_and_signed(void **state)
{
    struct sim_county *f = *state;
    struct world_node *child = world_found(f->world, "village", "新村", "new:1");
    struct id record = sim_escalate(f, f->fengyuan, "水渠");
    const struct id *others[] = {&record, world_site(f->fengyuan)};
    for (int i = 0; i < 5; i++) {
        struct bundle bundle = {0};
        enum status status =
            store_op_get(world_store(f->fengyuan), others[i % 2], copy_op, &bundle.op);
        assert_int_equal(status, STATUS_OK);
        if (i == 4)
            make_unsound(&bundle.op);
        else if (i >= 2) /* the last byte of what its own key covers or names */
            bundle.op.data[bundle.op.len - 1] ^= 1;
        world_set_mutator(child, tell_op, &bundle);
        assert_int_equal(join(f, f->township, child), STATUS_DENIED);
        assert_int_equal(bundle.told, 1);
        world_set_mutator(child, NULL, NULL);
        buf_deinit(&bundle.op);
    }
    assert_int_equal(join(f, f->township, child), STATUS_OK);
}

/* Whoever signs, with such a key anybody has signed. */
static void S1_an_op_whose_author_is_no_key_is_set_apart(void **state)
{
    struct sim_county *f = *state;
    struct riders riders = {.len = 1};
    struct id record = sim_escalate(f, f->fengyuan, "水渠");
    struct forgery forgery = {.seed = world_steward_seed(f->fengyuan),
                              .kind = "permit",
                              .scope = &record,
                              .of = f->fengyuan};
    (void)sim_forge(&forgery, &riders.ops);
    make_unsound(&riders.ops);
    uint64_t before = sim_status(f, f->township, "ops");
    world_set_mutator(f->fengyuan, sim_ride, &riders);
    sim_add_person(f, f->fengyuan, "王某", "observer", NULL);
    world_run(f->world, 10000);
    world_set_mutator(f->fengyuan, NULL, NULL);
    assert_true(riders.sent > 0);
    assert_int_equal(sim_status(f, f->township, "quarantined"), 1);
    assert_int_equal(sim_status(f, f->township, "ops"), before + 1); /* the person */
    buf_deinit(&riders.ops);
}

static void a_site_joins_none_of_its_own_tier_or_beneath(void **state)
{
    struct sim_county *f = *state;
    struct world_node *county = world_found(f->world, "county", "邻县", "next:1");
    struct world_node *office = world_found(f->world, "department", "司法局", "office:1");
    SIM_SAY(f, f->county, NULL, "peer.invite", NULL, NULL); /* for somebody else */
    assert_int_equal(join(f, f->county, county), STATUS_DENIED);
    assert_int_equal(join(f, f->township, county), STATUS_DENIED);
    assert_int_equal(join(f, f->county, office), STATUS_OK);
    /* A department is nobody's parent, and least of all that of its own. */
    assert_int_equal(join(f, office, f->county), STATUS_DENIED);
    assert_int_equal(join(f, office, f->fengyuan), STATUS_DENIED);
}

static enum status keep_machine(void *context, const struct store_op *row)
{
    struct op op;
    struct bytes key;
    assert_int_equal(op_decode_bytes(&op, row->bytes, NULL), STATUS_OK);
    struct pack_reader reader = pack_reader_of(op_field(&op, "node-key")->value);
    assert_int_equal(pack_read_bin(&reader, &key, NULL), STATUS_OK);
    memcpy(context, key.data, key.len);
    return STATUS_OK;
}

static void H5_a_machine_that_its_own_site_revoked_is_not_paired(void **state)
{
    struct sim_county *f = *state;
    struct world_node *child = world_found(f->world, "village", "新村", "new:1");
    struct draft draft;
    struct buf bytes = {0};
    uint8_t machine[32];
    assert_int_equal(
        store_op_get(world_store(child), world_site(child), keep_machine, machine),
        STATUS_OK);
    draft_init(&draft, "revoke", world_site(child));
    draft_ids(&draft, "covers", NULL, 0);
    draft_bin(&draft, "key", machine, sizeof(machine));
    struct forgery forgery = {.seed = world_steward_seed(child),
                              .draft = &draft,
                              .scope = world_site(child),
                              .of = child};
    (void)sim_forge(&forgery, &bytes);
    assert_int_equal(world_admit(f->world, child, buf_bytes(&bytes)), STATUS_OK);

    assert_int_equal(join(f, f->township, child), STATUS_DENIED);

    draft_deinit(&draft);
    buf_deinit(&bytes);
}

/* Any charter may name any key as a machine's; who it is says the one who has it. */
static void H5_a_site_that_names_anothers_machine_keeps_nobody_out(void **state)
{
    struct sim_county *f = *state;
    struct draft draft;
    struct buf bytes = {0};
    uint8_t key[32];
    world_noise_key(f->xikou, key);
    draft_init(&draft, "node", world_site(f->fengyuan));
    draft_bin(&draft, "key", world_site(f->fengyuan)->bytes, 32); /* any sound one */
    draft_text(&draft, "name", bytes_str("别人的机器"));
    draft_bin(&draft, "noise-key", key, sizeof(key));
    struct forgery forgery = {.seed = world_steward_seed(f->fengyuan),
                              .draft = &draft,
                              .scope = world_site(f->fengyuan),
                              .of = f->fengyuan};
    (void)sim_forge(&forgery, &bytes);
    assert_int_equal(world_admit(f->world, f->fengyuan, buf_bytes(&bytes)), STATUS_OK);
    world_run(f->world, 5000);
    SIM_SAY(f, f->fengyuan, NULL, "sync", "wait", "true");

    world_set_offline(f->world, f->xikou, true);
    world_run(f->world, 1000);
    world_set_offline(f->world, f->xikou, false);
    world_run(f->world, 120000);

    struct id id = sim_escalate(f, f->xikou, "照常");
    sim_assert_state(f, f->xikou, &id, "received");
    draft_deinit(&draft);
    buf_deinit(&bytes);
}

/* Its founding op without a word of it: nobody knows what it is, and once it comes whole
 * everybody does. */
static void
S1_a_charter_that_came_without_words_first_is_paired_when_it_has_them(void **state)
{
    struct sim_county *f = *state;
    struct world_node *child = world_found(f->world, "village", "新村", "new:1");
    struct bundle bundle = {0};
    struct buf bytes = {0};
    struct op op;
    assert_int_equal(store_op_get(world_store(child), world_site(child), copy_op, &bytes),
                     STATUS_OK);
    assert_int_equal(op_decode_bytes(&op, buf_bytes(&bytes), NULL), STATUS_OK);
    assert_int_equal(op_rebuild(&op), STATUS_OK);
    op_encode(&op, 0, &bundle.op);
    world_set_mutator(child, tell_op, &bundle);
    assert_int_equal(join(f, f->township, child), STATUS_DENIED);
    assert_int_equal(bundle.told, 1);
    world_set_mutator(child, NULL, NULL);

    assert_int_equal(join(f, f->township, child), STATUS_OK);

    buf_deinit(&bundle.op);
    buf_deinit(&bytes);
}

int main(void)
{
#define ONE(test)                                                                        \
    cmocka_unit_test_setup_teardown(test, sim_county_set_up_in_memory,                   \
                                    sim_county_tear_down_in_memory)
    const struct CMUnitTest tests[] = {
        ONE(M2_a_listener_ends_the_session_at_what_is_no_message_of_sync),
        ONE(M2_a_dialer_ends_the_session_at_what_is_no_answer),
        ONE(M2_what_is_well_formed_and_makes_no_sense_ends_nothing),
        ONE(M2_who_always_has_something_new_is_left_alone_for_a_while),
        ONE(H5_who_greets_as_somebody_else_is_closed),
        ONE(M2_who_brings_no_charters_is_not_paired_and_may_try_again),
        ONE(S1_charters_hold_what_is_of_a_charter_and_signed),
        ONE(S1_an_op_whose_author_is_no_key_is_set_apart),
        ONE(a_site_joins_none_of_its_own_tier_or_beneath),
        ONE(H5_a_machine_that_its_own_site_revoked_is_not_paired),
        ONE(H5_a_site_that_names_anothers_machine_keeps_nobody_out),
        ONE(S1_a_charter_that_came_without_words_first_is_paired_when_it_has_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
