/*
 * fuzz_session: the input is a script that peers of a node play to it, a step after the
 * other: kind(1) ‖ conn(1) ‖ as the kind says.
 *   kind  bits 0 to 4: the step; bit 5: work for the pool stays there after it; bit 7:
 *         the message is changed: count(1) ‖ (place(2) ‖ xor(1)) each
 * The peers hold true identities (the county, the village xikou) or none. What must hold
 * is asserted in rig.c and talk.c: every turn is committed, no secret leaves, what is
 * acknowledged stays, memory is bounded; and a rebuild of what is derived from the ops
 * gives the same bytes.
 */
#include "fuzz.h"

#include "crypto/key.h"
#include "node/core/derived.h"
#include "rig.h"
#include "talk.h"
#include "talk_seal.h"

#define STEPS_MAX 48
#define REBUILDS_MAX 1

enum step {
    STEP_CONNECT,
    STEP_HELLO,
    STEP_NEG,
    STEP_WANT,
    STEP_OPS,
    STEP_ACK,
    STEP_DONE,
    STEP_AGAIN,
    STEP_CHARTERS,
    STEP_LINKED,
    STEP_RAW,
    STEP_UNITS,
    STEP_FIN,
    STEP_TICK,
    STEP_CUT,
    STEP_RESTART,
    STEP_JOB,
    STEP_CLIENT,
    STEP_REBUILD,
    STEP_END,
    STEP_FETCH,
    STEP_PIECE,
    STEP_CHECKPOINT,
    STEP_WITNESS,
    STEPS,
};

static struct rig *rig;

/* --- connections --- */

static void greet(struct rig_conn *conn, enum rig_site site, bool is_stranger,
                  bool is_pairing)
{
    uint8_t greeting[65] = {is_pairing ? 1 : 0};
    key_dh_public(greeting + 1, rig->keys[site].noise_secret);
    if (is_stranger)
        greeting[1] ^= 1;
    if (is_pairing)
        memcpy(greeting + 33, talk_psk(), 32);
    rig_unit(rig, conn, 'H', bytes_of(greeting, sizeof(greeting)));
}

static void tick(uint64_t ms)
{
    rig->wall += (rig->now_ms + ms) / 1000 - rig->now_ms / 1000;
    rig->now_ms += ms;
    rig_event(rig, (struct event){.type = EVENT_TICK});
}

/* Who(1): xikou, the county that is dialed, somebody unknown, a newcomer with the code,
 * the newcomer that the node itself dialed with a code. */
static void connect_one(struct fuzz_input *input)
{
    static const struct {
        enum rig_site site;
        unsigned reader;
        bool by_node, is_stranger, is_pairing;
    } who[] = {
        {RIG_XIKOU, RIG_READER_XIKOU, false, false, false},
        {RIG_COUNTY, RIG_READER_COUNTY, true, false, false},
        {RIG_OUTSIDE, RIG_READER_NOBODY, false, true, false},
        {RIG_OUTSIDE, RIG_READER_NOBODY, false, false, true},
        {RIG_OUTSIDE, RIG_READER_NOBODY, true, false, true},
    };
    size_t number = fuzz_u8(input) % (sizeof(who) / sizeof(who[0]));
    if (who[number].by_node && rig->dialed == 0)
        tick(64000);
    struct rig_conn *conn = rig_connect(rig, who[number].reader, who[number].by_node);
    if (conn != NULL)
        greet(conn, who[number].site, who[number].is_stranger, who[number].is_pairing);
}

/* The number-th of those that are open; NULL: none is. */
static struct rig_conn *pick(uint8_t number)
{
    struct rig_conn *open[RIG_CONNS];
    size_t len = 0;
    for (int i = 0; i < RIG_CONNS; i++)
        if (rig->conns[i].number != 0)
            open[len++] = &rig->conns[i];
    return len == 0 ? NULL : open[number % len];
}

/* --- messages --- */

static void change(struct buf *message, struct fuzz_input *input)
{
    for (uint32_t count = fuzz_u8(input) & 7; count > 0 && message->len > 0; count--) {
        size_t at = fuzz_u16(input) % message->len;
        message->data[at] ^= fuzz_u8(input);
    }
}

static void say(enum step step, bool is_changed, struct rig_conn *conn,
                struct fuzz_input *input)
{
    struct buf out = {0};
    switch (step) {
    case STEP_HELLO:
        talk_hello(&out, input);
        break;
    case STEP_NEG:
        talk_neg(conn, &out, input);
        break;
    case STEP_WANT:
        talk_want(conn, &out, input);
        break;
    case STEP_OPS:
        talk_ops(&out, input);
        break;
    case STEP_ACK:
        talk_ack(conn, &out, input);
        break;
    case STEP_DONE:
        talk_done(conn, &out, input);
        break;
    case STEP_FETCH:
        talk_fetch(&out, input);
        break;
    case STEP_PIECE:
        talk_piece(&out, input);
        break;
    case STEP_CHECKPOINT:
        talk_seal_checkpoint(conn, &out, input);
        break;
    case STEP_WITNESS:
        talk_seal_answer(conn, &out, input);
        break;
    case STEP_AGAIN:
        talk_word(&out, "again");
        break;
    case STEP_CHARTERS:
        talk_charters(&out, input);
        break;
    case STEP_LINKED:
        talk_word(&out, "linked");
        break;
    default:
        talk_raw(&out, input);
        break;
    }
    HOLDS(buf_status(&out) == STATUS_OK);
    if (is_changed)
        change(&out, input);
    talk_send(conn, buf_bytes(&out));
    buf_deinit(&out);
}

/* --- the people of the node --- */

static void add_text(struct buf *out, const char *name, const char *text)
{
    pack_str(out, name);
    pack_str(out, text);
}

/* What they ask for lets nothing secret go anywhere. */
static void ask(struct fuzz_input *input)
{
    static const struct {
        const char *method, *names[4], *values[4]; /* names ascending */
    } requests[] = {
        {"peer.invite", {NULL}, {NULL}},
        {"sync", {NULL}, {NULL}},
        {"escalation.open", {"escalation"}, {"#"}},
        {"escalation.accept", {"escalation"}, {"#"}},
        {"escalation.advise", {"escalation", "text"}, {"#", "先量一量"}},
        {"escalation.onward", {"escalation", "reason"}, {"#", "超出镇里权限"}},
        {"case.new",
         {"category", "context", "narrative", "title"},
         {"家事", "无", "金丝雀-镇里的私事", "金丝雀-镇里的私事"}},
        {"peer.join",
         {"at", "code"},
         {"outside:1", "baban baban baban baban baban baban"}},
        {"status", {NULL}, {NULL}},
        {"inbox", {NULL}, {NULL}},
        {"escalation.show", {"escalation"}, {"#"}},
        {"evidence", {"escalation"}, {"#"}},
        {"person.add", {"name", "pin", "role"}, {"李某", "135791", "desk"}},
    };
    size_t number = fuzz_u8(input) % (sizeof(requests) / sizeof(requests[0]));
    uint32_t count = 0;
    char hex[2 * ID_SIZE + 1];
    struct buf out = {0};
    while (count < 4 && requests[number].names[count] != NULL)
        count++;
    hex_encode(hex, rig->scopes[RIG_FROM_XIKOU].bytes, ID_SIZE);
    pack_array(&out, 3);
    pack_uint(&out, number);
    pack_str(&out, requests[number].method);
    pack_map(&out, count);
    for (uint32_t i = 0; i < count; i++)
        add_text(&out, requests[number].names[i],
                 requests[number].values[i][0] == '#' ? hex : requests[number].values[i]);
    rig_request(rig, buf_bytes(&out));
    buf_deinit(&out);
}

static void rebuild(void)
{
    struct buf before = {0}, after = {0};
    HOLDS(store_dump(rig->store, &before) == STATUS_OK);
    HOLDS(derived_rebuild(rig->core, NULL, NULL) == STATUS_OK);
    HOLDS(store_dump(rig->store, &after) == STATUS_OK);
    HOLDS(bytes_equal(buf_bytes(&before), buf_bytes(&after)));
    buf_deinit(&before);
    buf_deinit(&after);
}

/* --- the script --- */

static void play(struct fuzz_input *input)
{
    uint32_t rebuilds = 0;
    for (int i = 0; i < STEPS_MAX && input->len > 0; i++) {
        uint8_t kind = fuzz_u8(input);
        enum step step = (enum step)((kind & 31) % STEPS);
        struct rig_conn *conn = pick(fuzz_u8(input));
        switch (step) {
        case STEP_CONNECT:
            connect_one(input);
            break;
        case STEP_TICK:
            tick((uint64_t)1 << (fuzz_u8(input) % 22));
            break;
        case STEP_RESTART:
            rig_restart(rig);
            break;
        case STEP_JOB:
            rig_run_job(rig, fuzz_u8(input) & 15);
            break;
        case STEP_CLIENT:
            ask(input);
            break;
        case STEP_REBUILD:
            if (rebuilds++ < REBUILDS_MAX)
                rebuild();
            break;
        case STEP_END:
            rig_event(rig, (struct event){.type = EVENT_END});
            break;
        case STEP_CUT:
            if (conn != NULL)
                rig_cut(rig, conn);
            break;
        case STEP_FIN:
            if (conn != NULL)
                rig_unit(rig, conn, 'F', (struct bytes){0});
            break;
        case STEP_UNITS:
            if (conn != NULL)
                rig_bytes(rig, conn, fuzz_take(input, fuzz_u8(input)));
            break;
        default:
            if (conn != NULL)
                say(step, kind & 128, conn, input);
            break;
        }
        while (!(kind & 32) && rig->jobs_len > 0)
            rig_run_job(rig, 0);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_input input = fuzz_input_of(data, size);
    rig = rig_get();
    struct rig_ears ears = talk_start(rig);
    rig_reset(rig, &ears);
    play(&input);
    while (rig->jobs_len > 0)
        rig_run_job(rig, 0);
    talk_check_kept();
    rig_check_memory();
    rig_finish(rig);
    return 0;
}
