#include "tests/sim/life/sim_liar.h"

#include <assert.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "tests/sim/life/sim_host.h"

#define KEPT_LEN 8
#define FLOOD_LEN 64
#define PRESS_LEN 64 /* what one that presses adds to a message */
/* Days of lies show nothing that hours do not. */
#define LIES_MAX 300
#define LIES_PRESSED_MAX 1200
#define GUESSES_LEN 16
#define NOISE_MAX 400

struct sim_liar {
    struct sim_host *host;
    struct rng_keyed *dice; /* its forged ops' own */
    uint64_t said, random;
    struct buf kept[KEPT_LEN]; /* earlier messages */
    uint32_t kept_len;
    struct buf held; /* the message that waits for the next one */
};

/* The linker gives us what a session reads (--wrap): what came of a liar's words. */
enum status __wrap_channel_next(struct channel *channel, struct bytes *message);
enum status __real_channel_next(struct channel *channel, struct bytes *message);

enum status __wrap_channel_next(struct channel *channel, struct bytes *message)
{
    enum status status = __real_channel_next(channel, message);
    const struct sim_host *host = sim_host_turning();
    if (status != STATUS_OK || host == NULL || host->sim->liar == NULL ||
        sim_liar_is(host))
        return status;
    const struct session *session =
        (const void *)((const char *)channel - offsetof(struct session, channel));
    if (id_equal(&session->site, &host->sim->liar->host->site))
        host->sim->verdict->lies++;
    return status;
}

void __real_session_send(struct session *session, const struct buf *message);

bool sim_liar_is(const struct sim_host *host)
{
    return host->sim->liar != NULL && host->sim->liar->host == host;
}

void sim_liar_begin(struct sim_host *host)
{
    struct sim_liar *liar = calloc(1, sizeof(*liar));
    assert(liar != NULL && host->sim->liar == NULL);
    liar->host = host;
    liar->dice = rng_keyed_new(host->sim->options.seed, SIM_HOSTS_MAX);
    assert(liar->dice != NULL);
    host->sim->liar = liar;
}

void sim_liar_choose(struct sim *sim)
{
    if (sim->options.is_twin)
        return; /* its lies hang on how much it said before */
    if (!sim->options.is_hostile && sim->options.seed % SIM_LIAR_EVERY != 5)
        return;
    /* Mostly a village, which every other honest site can do without. */
    uint64_t which = sim_dice(sim, "liar", 0, 0);
    int villages = 0, first = sim->hosts_len;
    while (sim_host_has_cases(sim->hosts[first - 1])) {
        first--;
        villages++;
    }
    int index = which % 4 == 0 ? 1 : first + (int)(which / 4 % (uint64_t)villages);
    sim_liar_begin(sim->hosts[index]);
    sim_trace(sim, sim->hosts[index], "lies from now on");
}

void sim_liar_end(struct sim *sim)
{
    if (sim->liar == NULL)
        return;
    for (int i = 0; i < sim->hosts_len; i++) {
        sim->blocked_until_ms[i][sim->liar->host->index] = UINT64_MAX;
        sim->blocked_until_ms[sim->liar->host->index][i] = UINT64_MAX;
    }
}

void sim_liar_free(struct sim *sim)
{
    struct sim_liar *liar = sim->liar;
    if (liar == NULL)
        return;
    for (int i = 0; i < KEPT_LEN; i++)
        buf_deinit(&liar->kept[i]);
    buf_deinit(&liar->held);
    rng_keyed_free(liar->dice);
    free(liar);
    sim->liar = NULL;
}

/* --- saying --- */

static uint64_t draw(struct sim_liar *liar, uint64_t n)
{
    return crash_random(&liar->random) % n;
}

/* What is said is the node's memory, what is made up is not. */
static void say(struct sim_liar *liar, struct session *session, struct bytes bytes)
{
    sim_heap_enter(&liar->host->heap);
    struct buf message = {0};
    buf_add(&message, bytes.data, bytes.len);
    __real_session_send(session, &message);
    buf_deinit(&message);
    sim_heap_leave();
}

static void say_buf(struct sim_liar *liar, struct session *session, struct buf *message)
{
    say(liar, session, buf_bytes(message));
    buf_deinit(message);
}

static void random_bytes(struct sim_liar *liar, uint8_t *out, size_t len)
{
    for (size_t i = 0; i < len; i++)
        out[i] = (uint8_t)crash_random(&liar->random);
}

static void begin_message(struct buf *out, uint32_t elements, const char *name)
{
    pack_array(out, elements);
    pack_str(out, name);
}

/* The round that the other side is in, more or less. */
static uint64_t round_of(struct sim_liar *liar, const struct session *session)
{
    static const int64_t off[] = {0, 0, 0, 1, -1, 1000000};
    return session->sync.round + (uint64_t)off[draw(liar, 6)];
}

/* --- lies about a message
 * --------------------------------------------------------------- */

static void flip(struct sim_liar *liar, struct session *session, struct bytes bytes)
{
    struct buf message = {0};
    buf_add(&message, bytes.data, bytes.len);
    for (uint64_t bits = 1 + draw(liar, 4); bits > 0 && message.len > 0; bits--)
        message.data[draw(liar, message.len)] ^= (uint8_t)(1u << draw(liar, 8));
    say_buf(liar, session, &message);
}

static void repeat(struct sim_liar *liar, struct session *session, struct bytes bytes)
{
    for (uint64_t times = 2 + draw(liar, 3); times > 0; times--)
        say(liar, session, bytes);
}

static void hold(struct sim_liar *liar, struct bytes bytes)
{
    buf_add(&liar->held, bytes.data, bytes.len);
}

static void replay(struct sim_liar *liar, struct session *session, struct bytes bytes)
{
    say(liar, session, bytes);
    if (liar->kept_len > 0)
        say(liar, session, buf_bytes(&liar->kept[draw(liar, liar->kept_len)]));
}

static void keep(struct sim_liar *liar, struct bytes bytes)
{
    struct buf *slot = liar->kept_len < KEPT_LEN ? &liar->kept[liar->kept_len++]
                                                 : &liar->kept[draw(liar, KEPT_LEN)];
    buf_clear(slot);
    buf_add(slot, bytes.data, bytes.len);
}

/* --- lies in a message's own words
 * ------------------------------------------------------- */

static void lie_neg(struct sim_liar *liar, struct session *session)
{
    struct buf message = {0};
    uint8_t noise[NOISE_MAX];
    size_t len = 1 + draw(liar, NOISE_MAX - 1);
    random_bytes(liar, noise, len);
    noise[0] = 0x61; /* Negentropy's version, so that what follows is read */
    begin_message(&message, 3, "neg");
    pack_uint(&message, round_of(liar, session));
    pack_bin(&message, noise, len);
    say_buf(liar, session, &message);
}

/* Private cases of others, as far as there are any: an oracle tells it their ids. */
static struct id private_id(struct sim_liar *liar)
{
    const struct sim *sim = liar->host->sim;
    const struct sim_host *host = sim->hosts[draw(liar, (uint64_t)sim->hosts_len)];
    struct id id;
    random_bytes(liar, id.bytes, ID_SIZE);
    if (host == liar->host || host->cases_len == 0)
        return id;
    sim_ever(liar->host->sim, EVER_LIAR_ASKED);
    return host->cases[draw(liar, host->cases_len)].scope;
}

static void want(struct sim_liar *liar, struct session *session, uint32_t len,
                 bool is_private, bool is_last)
{
    struct buf message = {0};
    begin_message(&message, 4, "want");
    pack_uint(&message, session->sync.round);
    pack_array(&message, len);
    for (uint32_t i = 0; i < len; i++) {
        struct id id;
        random_bytes(liar, id.bytes, ID_SIZE);
        if (is_private)
            id = private_id(liar);
        pack_bin(&message, id.bytes, ID_SIZE);
    }
    pack_bool(&message, is_last);
    say_buf(liar, session, &message);
}

static void lie_want(struct sim_liar *liar, struct session *session, bool is_private)
{
    uint32_t len = 1 + (uint32_t)draw(liar, GUESSES_LEN);
    want(liar, session, len, is_private, draw(liar, 2) == 0);
}

static void lie_ack(struct sim_liar *liar, struct session *session)
{
    struct buf message = {0};
    begin_message(&message, 3, "ack");
    pack_uint(&message, crash_random(&liar->random) >> draw(liar, 64));
    pack_array(&message, 1);
    pack_uint(&message, crash_random(&liar->random) >> draw(liar, 64));
    say_buf(liar, session, &message);
}

static void lie_done(struct sim_liar *liar, struct session *session)
{
    struct buf message = {0};
    uint8_t digest[ID_SIZE];
    random_bytes(liar, digest, sizeof(digest));
    begin_message(&message, 3, "done");
    pack_uint(&message, round_of(liar, session));
    pack_bin(&message, digest, sizeof(digest));
    say_buf(liar, session, &message);
}

static void say_again(struct sim_liar *liar, struct session *session)
{
    struct buf message = {0};
    begin_message(&message, 1, "again");
    say_buf(liar, session, &message);
}

/* --- ops
 * --------------------------------------------------------------------------------- */

static void say_ops(struct sim_liar *liar, struct session *session, struct bytes op)
{
    struct buf message = {0};
    begin_message(&message, 4, "ops");
    pack_array(&message, 0);
    pack_array(&message, op.len > 0);
    buf_add(&message, op.data, op.len);
    pack_uint(&message, draw(liar, 4) == 0 ? draw(liar, 2000) : 0);
    say_buf(liar, session, &message);
}

static enum status copy_op(void *context, const struct store_op *row)
{
    buf_clear(context);
    buf_add(context, row->bytes.data, row->bytes.len);
    return STATUS_OK;
}

/* Something that it holds, whether the other may have it or not; half of them changed. */
static void bring_others(struct sim_liar *liar, struct session *session)
{
    struct buf bytes = {0};
    for (int tries = 0; tries < 8 && bytes.len == 0; tries++)
        if (store_op_at(liar->host->config.store, 1 + (int64_t)draw(liar, 100), copy_op,
                        &bytes) != STATUS_OK)
            buf_clear(&bytes);
    if (bytes.len > 0 && draw(liar, 2) == 0)
        bytes.data[draw(liar, bytes.len)] ^= (uint8_t)(1u << draw(liar, 8));
    say_ops(liar, session, buf_bytes(&bytes));
    buf_deinit(&bytes);
}

/* Well signed by its steward, and of a kind that nobody knows. */
static void bring_kind(struct sim_liar *liar, struct session *session)
{
    static const char *const kinds[] = {"gossip", "case-new", "escalate", "found"};
    struct rng rng = rng_keyed_rng(liar->dice);
    struct op op = {.is_founding = true, .kind = bytes_str(kinds[draw(liar, 4)])};
    struct buf bytes = {0};
    op.wall = crash_random(&liar->random) >> 1;
    enum status status = op_add_authority(&op, &liar->host->site);
    if (status == STATUS_OK)
        status = op_seal(&op, &liar->host->core->network, liar->host->steward_seed, &rng);
    if (status == STATUS_OK)
        op_encode(&op, ~0u, &bytes);
    say_ops(liar, session, buf_bytes(&bytes));
    buf_deinit(&bytes);
}

static void count_too_much(struct sim_liar *liar, struct session *session)
{
    static const uint8_t counts[][5] = {{0xdd, 0xff, 0xff, 0xff, 0xff},
                                        {0xdf, 0xff, 0xff, 0xff, 0xff},
                                        {0xc6, 0xff, 0xff, 0xff, 0xff},
                                        {0xdc, 0xff, 0xff, 0xdc, 0xff}};
    static const char *const names[] = {"ops", "want"};
    struct buf message = {0};
    begin_message(&message, 4, names[draw(liar, 2)]);
    if (draw(liar, 2) == 0)
        pack_array(&message, 0);
    buf_add(&message, counts[draw(liar, 4)], sizeof(counts[0]));
    say_buf(liar, session, &message);
}

static void make_noise(struct sim_liar *liar, struct session *session)
{
    uint8_t noise[NOISE_MAX];
    size_t len = 1 + draw(liar, NOISE_MAX - 1);
    random_bytes(liar, noise, len);
    say(liar, session, bytes_of(noise, len));
}

/* A round that nobody asked for, with nothing in it. */
static void begin_another_round(struct sim_liar *liar, struct session *session)
{
    struct buf message = {0};
    uint8_t digest[ID_SIZE];
    random_bytes(liar, digest, sizeof(digest));
    session->sync.round++;
    begin_message(&message, 4, "neg");
    pack_uint(&message, session->sync.round);
    pack_bin(&message, "a", 1);
    pack_bin(&message, digest, sizeof(digest));
    say_buf(liar, session, &message);
}

static void acknowledge_nothing(struct sim_liar *liar, struct session *session)
{
    struct buf message = {0};
    begin_message(&message, 3, "ack");
    pack_uint(&message, 0);
    pack_array(&message, 0);
    say_buf(liar, session, &message);
}

/* Mostly what does not end a session: the dialer may ask, who listens may not. */
static void flood(struct sim_liar *liar, struct session *session, uint32_t len)
{
    if (session->is_dialer)
        begin_another_round(liar, session);
    for (uint32_t i = 0; i < len; i++) {
        uint64_t what = draw(liar, session->is_dialer ? 24 : 12);
        if (what == 0)
            bring_others(liar, session);
        else if (what == 1)
            bring_kind(liar, session);
        else if (what < 7 && !session->is_dialer)
            say_again(liar, session);
        else if (what < 12)
            acknowledge_nothing(liar, session);
        else if (what == 12)
            begin_another_round(liar, session);
        else if (what < 15)
            want(liar, session, 1, what == 13, false);
        else
            want(liar, session, 0, false, false);
    }
}

/* --- which
 * ------------------------------------------------------------------------------- */

static void tell(struct sim_liar *liar, struct session *session, enum sim_lie lie,
                 struct bytes bytes)
{
    switch (lie) {
    case LIE_FLIP:
        flip(liar, session, bytes);
        return;
    case LIE_DROP:
        return;
    case LIE_REPEAT:
        repeat(liar, session, bytes);
        return;
    case LIE_REORDER:
        hold(liar, bytes);
        return;
    case LIE_REPLAY:
        replay(liar, session, bytes);
        return;
    case LIE_TRUNCATE:
        say(liar, session, bytes_of(bytes.data, 1 + draw(liar, bytes.len - 1)));
        return;
    case LIE_NEG:
        lie_neg(liar, session);
        return;
    case LIE_WANT:
    case LIE_PRIVATE:
        lie_want(liar, session, lie == LIE_PRIVATE);
        break;
    case LIE_ACK:
        lie_ack(liar, session);
        break;
    case LIE_DONE:
        lie_done(liar, session);
        return;
    case LIE_OTHERS:
        bring_others(liar, session);
        break;
    case LIE_KIND:
        bring_kind(liar, session);
        break;
    case LIE_COUNT:
        count_too_much(liar, session);
        break;
    case LIE_NOISE:
        make_noise(liar, session);
        break;
    case LIE_FLOOD:
        flood(liar, session, FLOOD_LEN);
        break;
    case LIES_LEN:
        break;
    }
    say(liar, session, bytes);
}

static const enum sim_situation situations[LIES_LEN] = {
    [LIE_FLIP] = EVER_LIED_FLIP,       [LIE_DROP] = EVER_LIED_DROP,
    [LIE_REPEAT] = EVER_LIED_REPEAT,   [LIE_REORDER] = EVER_LIED_REORDER,
    [LIE_REPLAY] = EVER_LIED_REPLAY,   [LIE_TRUNCATE] = EVER_LIED_TRUNCATE,
    [LIE_NEG] = EVER_LIED_NEG,         [LIE_WANT] = EVER_LIED_WANT,
    [LIE_PRIVATE] = EVER_LIED_PRIVATE, [LIE_ACK] = EVER_LIED_ACK,
    [LIE_DONE] = EVER_LIED_DONE,       [LIE_OTHERS] = EVER_LIED_OTHERS,
    [LIE_KIND] = EVER_LIED_KIND,       [LIE_COUNT] = EVER_LIED_COUNT,
    [LIE_NOISE] = EVER_LIED_NOISE,     [LIE_FLOOD] = EVER_LIED_FLOOD,
};

bool sim_liar_says(struct sim_host *host, struct session *session,
                   const struct buf *message)
{
    struct sim *sim = host->sim;
    struct sim_liar *liar = sim->liar;
    if (!sim_liar_is(host) || session->state != SESSION_READY || sim->is_over ||
        message->len == 0 ||
        liar->said >= (sim->options.is_hostile ? LIES_PRESSED_MAX : LIES_MAX))
        return false;
    sim_heap_leave();
    uint64_t number = liar->said++;
    liar->random = sim_dice(sim, "lie", number, 1);
    struct bytes bytes = buf_bytes(message);
    struct buf late = liar->held;
    liar->held = (struct buf){0};
    if (sim->options.is_hostile)
        flood(liar, session, PRESS_LEN);
    if (draw(liar, 2) == 0) {
        say(liar, session, bytes);
    } else {
        enum sim_lie lie = (enum sim_lie)draw(liar, LIES_LEN);
        sim_ever(sim, situations[lie]);
        tell(liar, session, lie, bytes);
    }
    if (late.len > 0)
        say(liar, session, buf_bytes(&late));
    buf_deinit(&late);
    keep(liar, bytes);
    sim_heap_enter(&host->heap);
    return true;
}
