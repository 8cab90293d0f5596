/*
 * fuzz_bundle: payloads of bundles, as they come out of their seal (fuzz_age.c has that).
 *   input  flags(1): bit 0 a raw payload, whose padding is ours: the rest of the input;
 *          else up to three bundles, one after the other:
 *   bundle who(1): bits 0 to 1 the site that writes, bit 2 another machine's key, bit 3
 *          for another site, bit 4 of another network, bit 5 only looked at, bit 6 the
 *          seal is not whole, bit 7 the node starts anew before
 *          number(1) ‖ part(1): bit 7 the last ‖ got(1): bits 0 to 1 how many, bit 7
 *          numbers that no bundle has ‖ count(1): bits 0 to 2 its messages, each
 *          kind(1): bit 7 changed, count(1) ‖ (place(2) ‖ xor(1)) ‖ as the kind says
 * A payload whose form holds is signed anew, so that what stands behind the signature is
 * reached. What is accepted encodes to the same bytes again; the node answers once, never
 * stops (rig.c), and whatever a bundle said, would write nothing for that site but what
 * the pair shares.
 */
#include "fuzz.h"

#include "node/cases/view.h"
#include "node/core/bundle_plan.h"
#include "node/core/derived.h"
#include "node/core/job.h"
#include "node/core/pieces.h"
#include "node/core/share.h"
#include "proto/bundle.h"
#include "talk.h"

#define BUNDLES_MAX 3
#define NUMBER 9    /* of our requests */
#define END_HEAD 11 /* its length, [ "end" and the head of a bin 64 */
#define PADDING_MAX (4u * BUNDLE_CLASS_MIN)

static struct rig *rig;

/* --- the form --- */

static void pad(struct buf *payload)
{
    size_t size = BUNDLE_CLASS_MIN;
    while (size < payload->len)
        size *= 2;
    uint8_t *zeros = buf_reserve(payload, size - payload->len);
    HOLDS(zeros != NULL && size <= PADDING_MAX);
    memset(zeros, 0, size - payload->len);
    payload->len = size;
}

/* Of the machine that the header names: whoever knows a plain key can sign. */
static struct sign_pair pair_of(const struct bundle_header *header)
{
    struct sign_pair pair = {{0}};
    memcpy(pair.seed_and_key + KEY_SEED_SIZE, header->node, sizeof(header->node));
    return pair;
}

static void expect_same_again(struct bytes payload, const struct bundle_header *header,
                              struct bytes messages)
{
    struct buf again = {0};
    struct sign_pair pair = pair_of(header);
    bundle_begin(&again, header);
    buf_add(&again, messages.data, messages.len);
    HOLDS(bundle_end(&again, header, &pair) == STATUS_OK);
    HOLDS(bytes_equal(buf_bytes(&again), payload));
    buf_deinit(&again);
}

/* Its signature is made good where its form holds; false: it does not hold. */
static bool sign_anew(struct buf *payload)
{
    struct bundle_header header;
    struct bytes messages;
    struct err err = {0};
    enum status status = bundle_check(buf_bytes(payload), &header, &messages, &err);
    HOLDS(status == STATUS_OK || status == STATUS_INVALID ||
          status == STATUS_UNSUPPORTED || status == STATUS_UNVERIFIED);
    HOLDS(status == STATUS_OK || err.text[0] != '\0');
    if (status == STATUS_UNVERIFIED) {
        struct buf again = {0};
        struct sign_pair pair = pair_of(&header);
        size_t end = (size_t)(messages.data - payload->data) + messages.len;
        bundle_begin(&again, &header);
        buf_add(&again, messages.data, messages.len);
        HOLDS(bundle_end(&again, &header, &pair) == STATUS_OK);
        HOLDS(again.len == payload->len);
        memcpy(payload->data + end + END_HEAD, again.data + end + END_HEAD, SIGN_SIZE);
        buf_deinit(&again);
        status = bundle_check(buf_bytes(payload), &header, &messages, &err);
        HOLDS(status == STATUS_OK);
    }
    if (status == STATUS_OK)
        expect_same_again(buf_bytes(payload), &header, messages);
    return status == STATUS_OK;
}

/* --- what is said --- */

static void change(struct buf *message, struct fuzz_input *input)
{
    for (uint32_t count = fuzz_u8(input) & 7; count > 0 && message->len > 0; count--) {
        size_t at = fuzz_u16(input) % message->len;
        message->data[at] ^= fuzz_u8(input);
    }
}

static const struct id *scope_of(uint8_t number)
{
    if (number < 128)
        return &rig->scopes[number % RIG_SCOPES];
    return &rig->keys[number % RIG_SITES].site;
}

/* count(1) ‖ each scope(1) ‖ heads(1): bits 0 to 1 how many ‖ op(1) each */
static void say_held(struct buf *out, struct fuzz_input *input)
{
    uint32_t count = fuzz_u8(input) & 7;
    pack_array(out, 2);
    pack_str(out, "held");
    pack_array(out, count);
    for (uint32_t i = 0; i < count; i++) {
        pack_array(out, 2);
        pack_bin(out, scope_of(fuzz_u8(input))->bytes, ID_SIZE);
        uint32_t heads = fuzz_u8(input) & 3;
        pack_array(out, heads);
        for (uint32_t h = 0; h < heads; h++)
            pack_bin(out, rig->ops[fuzz_u8(input) % rig->ops_len].id.bytes, ID_SIZE);
    }
}

/* count(1) ‖ op(1) each */
static void say_lacks(struct buf *out, struct fuzz_input *input)
{
    uint32_t count = fuzz_u8(input) & 7;
    pack_array(out, 2);
    pack_str(out, "lacks");
    pack_array(out, count);
    for (uint32_t i = 0; i < count; i++)
        pack_bin(out, rig->ops[fuzz_u8(input) % rig->ops_len].id.bytes, ID_SIZE);
}

static void add_message(struct buf *payload, struct fuzz_input *input)
{
    struct buf message = {0};
    uint8_t kind = fuzz_u8(input);
    uint8_t sites;
    switch ((kind & 127) % 7) {
    case 0:
    case 1:
        talk_ops(&message, input);
        break;
    case 2: /* charters, as ops: sites(1) */
        sites = fuzz_u8(input);
        talk_charter_ops(&message, sites);
        break;
    case 3:
        say_held(&message, input);
        break;
    case 4:
        say_lacks(&message, input);
        break;
    case 5:
        talk_piece(&message, input);
        break;
    default:
        talk_raw(&message, input);
        break;
    }
    HOLDS(buf_status(&message) == STATUS_OK);
    if (kind & 128)
        change(&message, input);
    bundle_add(payload, &message);
    buf_deinit(&message);
}

static enum rig_site writer_of(uint8_t who)
{
    static const enum rig_site writers[] = {RIG_XIKOU, RIG_COUNTY, RIG_FENGYUAN,
                                            RIG_OUTSIDE};
    return writers[who & 3];
}

static void put_header(struct bundle_header *header, uint8_t who,
                       struct fuzz_input *input)
{
    const struct rig_keys *from = &rig->keys[writer_of(who)];
    struct sign_pair pair;
    *header = (struct bundle_header){.network = rig->network, .from = from->site};
    header->to = rig->keys[(who & 8) != 0 ? RIG_COUNTY : RIG_TOWNSHIP].site;
    sign_pair_init(&pair, (who & 4) != 0 ? from->steward_seed : from->node_seed);
    memcpy(header->node, pair.seed_and_key + KEY_SEED_SIZE, sizeof(header->node));
    header->network.bytes[0] ^= (uint8_t)(who >> 4 & 1);
    header->number = fuzz_u8(input);
    uint8_t part = fuzz_u8(input), got = fuzz_u8(input);
    header->part = part & 127;
    header->is_last = (part & 128) != 0;
    header->got_len = got & 3;
    for (uint32_t i = 0; i < header->got_len; i++) {
        sign_pair_init(&pair, rig->keys[i == 0 ? RIG_TOWNSHIP : RIG_XIKOU].node_seed);
        memcpy(header->got[i].node, pair.seed_and_key + KEY_SEED_SIZE, 32);
        header->got[i].number = (got & 128) != 0 ? UINT64_MAX - got : got >> 2;
    }
}

static void write_bundle(struct buf *payload, uint8_t who, struct fuzz_input *input)
{
    struct bundle_header header;
    put_header(&header, who, input);
    bundle_begin(payload, &header);
    for (uint32_t count = fuzz_u8(input) & 7; count > 0; count--)
        add_message(payload, input);
    struct sign_pair pair = pair_of(&header);
    HOLDS(bundle_end(payload, &header, &pair) == STATUS_OK);
}

/* --- what the node makes of it --- */

static struct {
    uint32_t count;
    bool is_ok;
    uint64_t ops, news, refused;
} answer;

static void hear_reply(void *context, struct bytes reply)
{
    struct pack_reader reader = pack_reader_of(reply);
    uint32_t elements;
    uint64_t number;
    struct bytes name, result;
    (void)context;
    HOLDS(pack_read_array(&reader, &elements, NULL) == STATUS_OK && elements == 3);
    HOLDS(pack_read_uint(&reader, &number, NULL) == STATUS_OK && number == NUMBER);
    HOLDS(pack_read_str(&reader, &name, NULL) == STATUS_OK);
    HOLDS(pack_value(&reader, 1, &result, NULL) == STATUS_OK && pack_at_end(&reader));
    answer.count++;
    answer.is_ok = bytes_equal_str(name, "OK");
    if (!answer.is_ok)
        return;
    HOLDS(view_map_uint(result, "ops", &answer.ops));
    HOLDS(view_map_uint(result, "new", &answer.news));
    HOLDS(view_map_uint(result, "refused", &answer.refused));
    HOLDS(answer.news + answer.refused <= answer.ops);
}

static void ask_to_read(bool only_looks)
{
    struct buf request = {0};
    pack_array(&request, 3);
    pack_uint(&request, NUMBER);
    pack_str(&request, "bundle.read");
    pack_map(&request, only_looks ? 2 : 1);
    pack_str(&request, "file");
    pack_bin(&request, "age", 3);
    if (only_looks) {
        pack_str(&request, "look");
        pack_bool(&request, true);
    }
    rig_request(rig, buf_bytes(&request));
    buf_deinit(&request);
}

/* The node's answer comes once; the seal was that. */
static void read_payload(struct buf *payload, bool only_looks, enum age_verdict seal)
{
    memset(&answer, 0, sizeof(answer));
    ask_to_read(only_looks);
    rig_open_job(rig, payload, seal);
    while (rig->jobs_len > 0)
        rig_run_job(rig, 0);
    HOLDS(answer.count == 1);
    HOLDS(!answer.is_ok || seal == AGE_WHOLE);
    HOLDS(!answer.is_ok || !only_looks || answer.ops == 0);
}

static enum status look_at_op(void *context, const struct store_op *row)
{
    struct id_list *scopes = context;
    HOLDS(id_list_has(scopes, &row->scope));
    return STATUS_OK;
}

/* What would go to that site is of the pair, whatever it said to hold and to lack; and of
 * files nothing, for nobody sent one up. */
static void expect_nothing_of_others(enum rig_site site)
{
    const struct id *to = &rig->keys[site].site;
    struct id_list scopes = {0};
    struct bundle_plan plan;
    HOLDS(share_scopes(rig->core, to, &scopes) == STATUS_OK);
    HOLDS(bundle_plan_make(rig->core, to, &plan) == STATUS_OK);
    for (size_t i = 0; i < plan.ops.len; i++)
        HOLDS(store_op_at(rig->store, plan.ops.seqs[i], look_at_op, &scopes) ==
              STATUS_OK);
    for (uint32_t i = 0; i < plan.files.len; i++) {
        struct buf sealed = {0};
        bool is_there = true;
        HOLDS(pieces_give(rig->core, to, NULL, &plan.files.ids[i], 0, &sealed,
                          &is_there) == STATUS_OK);
        HOLDS(sealed.len == 0);
        buf_deinit(&sealed);
    }
    bundle_plan_deinit(&plan);
    id_list_deinit(&scopes);
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

static void play(struct fuzz_input *input)
{
    for (int i = 0; i < BUNDLES_MAX && input->len > 0; i++) {
        struct buf payload = {0};
        uint8_t who = fuzz_u8(input);
        if (who & 128)
            rig_restart(rig);
        write_bundle(&payload, who, input);
        HOLDS(sign_anew(&payload));
        read_payload(&payload, (who & 32) != 0,
                     (who & 64) != 0 ? AGE_NO_MATCH : AGE_WHOLE);
        if (writer_of(who) != RIG_OUTSIDE)
            expect_nothing_of_others(writer_of(who));
        buf_deinit(&payload);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_input input = fuzz_input_of(data, size);
    uint8_t flags = fuzz_u8(&input);
    rig = rig_get();
    struct rig_ears ears = talk_start(rig);
    ears.reply = hear_reply;
    rig_reset(rig, &ears);
    if (flags & 1) {
        struct buf payload = {0};
        buf_add(&payload, input.at, input.len);
        pad(&payload);
        (void)sign_anew(&payload); /* what has no form is read as well */
        read_payload(&payload, false, AGE_WHOLE);
        buf_deinit(&payload);
    } else
        play(&input);
    if (flags & 2)
        rebuild();
    rig_check_memory();
    rig_finish(rig);
    return 0;
}
