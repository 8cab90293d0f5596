/*
 * fuzz_channel: both ends with fixed keys; the input decides what goes wrong between.
 *   input  flags(1): bits 0 to 2 the mode, bit 3 XXpsk0 instead of XK, bit 4 a true
 *          hello first ‖ piece(1): how finely the wire cuts ‖ as the mode says
 *   stray     bytes to a responder before the handshake: whole or in pieces is the same
 *   tamper    flight(1) ‖ offset(1) ‖ xor(1): a handshake with one byte changed never
 *             opens the end that reads it; unchanged, both ends agree
 *   wire      bytes behind a true frame never become a message
 *   frames    sealed frames of any content against a model of PROTOCOL.md §8
 *   talk      messages of many lengths arrive whole and in order, then the end
 */
#include "fuzz.h"

#include "crypto/key.h"
#include "proto/channel.h"
#include "proto/frame.h"
#include "proto/limits.h"

enum mode { MODE_STRAY, MODE_TAMPER, MODE_WIRE, MODE_FRAMES, MODE_TALK, MODES };

#define FRAMES_MAX 24
#define MESSAGES_MAX 24

struct pair {
    struct channel dialer, listener;
};

static void pair_init(struct pair *pair, enum noise_pattern pattern)
{
    uint8_t dialer_secret[32], listener_secret[32], listener_public[32];
    uint8_t dialer_ephemeral[32], listener_ephemeral[32], psk[32], other_psk[32];
    struct id network;
    memset(dialer_secret, 1, 32);
    memset(listener_secret, 2, 32);
    memset(dialer_ephemeral, 3, 32);
    memset(listener_ephemeral, 4, 32);
    memset(psk, 5, 32);
    memset(other_psk, 6, 32);
    network_id(&network, "fengqiao");
    key_dh_public(listener_public, listener_secret);
    struct channel_config dialer = {
        .is_initiator = true,
        .pattern = pattern,
        .network = network,
        .s_secret = dialer_secret,
        .e_secret = dialer_ephemeral,
        .remote_static = pattern == NOISE_XK ? listener_public : NULL,
        .psks = {psk},
        .psks_len = pattern == NOISE_XK ? 0 : 1,
    };
    struct channel_config listener = {
        .network = network,
        .s_secret = listener_secret,
        .e_secret = listener_ephemeral,
        .psks = {other_psk, psk},
        .psks_len = 2,
    };
    HOLDS(channel_init(&pair->dialer, &dialer) == STATUS_OK);
    HOLDS(channel_init(&pair->listener, &listener) == STATUS_OK);
}

static void pair_deinit(struct pair *pair)
{
    channel_deinit(&pair->dialer);
    channel_deinit(&pair->listener);
}

static enum status receive_pieces(struct channel *channel, struct bytes bytes,
                                  size_t piece)
{
    enum status status = STATUS_OK;
    for (size_t at = 0; at < bytes.len && status == STATUS_OK; at += piece) {
        size_t len = bytes.len - at < piece ? bytes.len - at : piece;
        status = channel_receive(channel, bytes_of(bytes.data + at, len), NULL);
    }
    return status;
}

/* A fault is final, whatever comes after it. */
static void check_failed(struct channel *channel)
{
    HOLDS(channel->stage == CHANNEL_FAILED);
    HOLDS(!channel_is_open(channel));
    HOLDS(channel_receive(channel, bytes_str("more"), NULL) != STATUS_OK);
    HOLDS(channel->stage == CHANNEL_FAILED);
    size_t before = channel->out.len;
    channel_send(channel, bytes_str("more"));
    channel_finish(channel);
    HOLDS(channel->out.len == before);
}

/* An open pair is made once for each pattern and copied; its buffers are empty. */
static void pair_open(struct pair *pair, enum noise_pattern pattern)
{
    static struct pair opened[2];
    static bool is_made[2];
    int i = pattern == NOISE_XK ? 0 : 1;
    if (!is_made[i]) {
        struct channel *ends[] = {&opened[i].dialer, &opened[i].listener};
        pair_init(&opened[i], pattern);
        for (int flight = 0; flight < 3; flight++) {
            struct channel *from = ends[flight % 2], *to = ends[(flight + 1) % 2];
            HOLDS(channel_receive(to, buf_bytes(&from->out), NULL) == STATUS_OK);
            buf_clear(&from->out);
        }
        for (int end = 0; end < 2; end++) {
            HOLDS(channel_is_open(ends[end]));
            HOLDS(ends[end]->in.len == 0 && ends[end]->out.len == 0);
            buf_deinit(&ends[end]->in);
            buf_deinit(&ends[end]->out);
        }
        is_made[i] = true;
    }
    *pair = opened[i];
}

static void run_stray(struct fuzz_input *input, enum noise_pattern pattern, size_t piece,
                      bool has_hello)
{
    struct pair whole, pieces;
    struct buf wire = {0};
    pair_init(&whole, pattern);
    pair_init(&pieces, pattern);
    if (has_hello)
        buf_add(&wire, whole.dialer.out.data, whole.dialer.out.len);
    buf_add(&wire, input->at, input->len);

    enum status status = receive_pieces(&pieces.listener, buf_bytes(&wire), piece);
    HOLDS(receive_pieces(&whole.listener, buf_bytes(&wire), wire.len + 1) == status);
    HOLDS(whole.listener.stage == pieces.listener.stage);
    HOLDS(bytes_equal(buf_bytes(&whole.listener.out), buf_bytes(&pieces.listener.out)));
    HOLDS(has_hello || status == STATUS_OK || whole.listener.out.len == 0);
    HOLDS(!channel_is_open(&whole.listener));
    if (status != STATUS_OK)
        check_failed(&pieces.listener);
    buf_deinit(&wire);
    pair_deinit(&whole);
    pair_deinit(&pieces);
}

static void run_tamper(struct fuzz_input *input, enum noise_pattern pattern, size_t piece)
{
    struct pair pair;
    struct channel *ends[] = {&pair.dialer, &pair.listener};
    int target = fuzz_u8(input) % 3;
    size_t offset = fuzz_u8(input);
    uint8_t change = fuzz_u8(input);
    pair_init(&pair, pattern);
    for (int flight = 0; flight < 3; flight++) {
        struct channel *from = ends[flight % 2], *to = ends[(flight + 1) % 2];
        HOLDS(from->out.len > 0);
        if (flight == target)
            from->out.data[offset % from->out.len] ^= change;
        enum status status = receive_pieces(to, buf_bytes(&from->out), piece);
        buf_clear(&from->out);
        if (flight == target && change != 0) {
            HOLDS(status == STATUS_UNVERIFIED);
            HOLDS(to->out.len == 0);
            check_failed(to);
            pair_deinit(&pair);
            return;
        }
        HOLDS(status == STATUS_OK);
    }
    uint8_t dialer_public[32], secret[32];
    memset(secret, 1, 32);
    key_dh_public(dialer_public, secret);
    HOLDS(channel_is_open(&pair.dialer) && channel_is_open(&pair.listener));
    HOLDS(memcmp(pair.dialer.hash, pair.listener.hash, NOISE_HASH_SIZE) == 0);
    HOLDS(memcmp(pair.listener.remote_static, dialer_public, 32) == 0);
    pair_deinit(&pair);
}

static void run_wire(struct fuzz_input *input, enum noise_pattern pattern, size_t piece)
{
    struct pair pair;
    struct bytes message, true_message = bytes_str("true");
    pair_open(&pair, pattern);
    channel_send(&pair.dialer, true_message);
    channel_flush(&pair.dialer);
    buf_add(&pair.dialer.out, input->at, input->len);
    enum status status =
        receive_pieces(&pair.listener, buf_bytes(&pair.dialer.out), piece);
    size_t length = input->len < 2 ? 256 : (size_t)input->at[0] << 8 | input->at[1];
    bool is_short = frame_is_class(length) && input->len < FRAME_LENGTH_SIZE + length;
    HOLDS(status == (is_short ? STATUS_OK : STATUS_UNVERIFIED));
    HOLDS(channel_next(&pair.listener, &message) == STATUS_OK);
    HOLDS(bytes_equal(message, true_message));
    HOLDS(channel_next(&pair.listener, &message) == STATUS_NOT_FOUND);
    HOLDS(!channel_is_finished(&pair.listener));
    if (status != STATUS_OK)
        check_failed(&pair.listener);
    pair_deinit(&pair);
}

/* What a reader of PROTOCOL.md §8 expects of the frames so far. */
struct model {
    struct buf stream;
    bool has_fin, has_failed;
};

static void model_add(struct model *model, const uint8_t *plain, size_t len)
{
    size_t used = (size_t)plain[1] << 8 | plain[2];
    bool is_good = !model->has_fin && plain[0] <= FRAME_FIN && used <= len - 3;
    for (size_t i = 3 + used; is_good && i < len; i++)
        is_good = plain[i] == 0;
    if (model->has_failed || !is_good) {
        model->has_failed = true;
        return;
    }
    buf_add(&model->stream, plain + 3, used);
    model->has_fin = plain[0] == FRAME_FIN;
}

static void check_stream(struct channel *channel, struct model *model)
{
    struct bytes message;
    for (;;) {
        const uint8_t *at = model->stream.data;
        size_t left = model->stream.len, len = 0;
        for (size_t i = 0; left >= 4 && i < 4; i++)
            len = len << 8 | at[i];
        enum status wanted = left < 4                 ? STATUS_NOT_FOUND
                             : len > MESSAGE_SIZE_MAX ? STATUS_TOO_LARGE
                             : left - 4 < len         ? STATUS_NOT_FOUND
                                                      : STATUS_OK;
        HOLDS(channel_next(channel, &message) == wanted);
        if (wanted != STATUS_OK)
            break;
        HOLDS(bytes_equal(message, bytes_of(at + 4, len)));
        buf_drop(&model->stream, 4 + len);
    }
    HOLDS(channel_is_finished(channel) == (model->has_fin && model->stream.len == 0));
}

static void run_frames(struct fuzz_input *input, enum noise_pattern pattern, size_t piece)
{
    static const uint16_t classes[] = {256, 1024, 4096, 16384, FRAME_CLASS_MAX};
    static uint8_t plain[FRAME_CLASS_MAX];
    struct pair pair;
    struct model model = {0};
    pair_open(&pair, pattern);
    for (int i = 0; i < FRAMES_MAX && input->len > 0; i++) {
        uint16_t class_len = classes[fuzz_u8(input) % 5];
        size_t len = class_len - FRAME_TAG_SIZE;
        memset(plain, 0, len);
        struct bytes head = fuzz_take(input, FRAME_HEAD_SIZE);
        memcpy(plain, head.data, head.len);
        struct bytes content = fuzz_take(input, fuzz_u8(input));
        if (content.len > len - FRAME_HEAD_SIZE)
            content.len = len - FRAME_HEAD_SIZE;
        memcpy(plain + FRAME_HEAD_SIZE, content.data, content.len);
        model_add(&model, plain, len);
        buf_add_u16(&pair.dialer.out, class_len);
        HOLDS(noise_seal(&pair.dialer.send, plain, len, plain));
        buf_add(&pair.dialer.out, plain, class_len);
    }
    enum status status =
        receive_pieces(&pair.listener, buf_bytes(&pair.dialer.out), 64 * piece);
    HOLDS(status == (model.has_failed ? STATUS_UNVERIFIED : STATUS_OK));
    check_stream(&pair.listener, &model);
    if (model.has_failed)
        check_failed(&pair.listener);
    buf_deinit(&model.stream);
    pair_deinit(&pair);
}

static uint8_t content_at(size_t message, size_t i)
{
    return (uint8_t)(31 * message + i + (i >> 8));
}

/* Takes what has come; gives the number of the next message. */
static size_t take_messages(struct channel *channel, const size_t *lens, size_t lens_len,
                            size_t next)
{
    struct bytes message;
    while (channel_next(channel, &message) == STATUS_OK) {
        HOLDS(next < lens_len && message.len == lens[next]);
        for (size_t i = 0; i < message.len; i++)
            HOLDS(message.data[i] == content_at(next, i));
        next++;
    }
    return next;
}

static void run_talk(struct fuzz_input *input, enum noise_pattern pattern, size_t piece)
{
    static uint8_t content[64 * 1024];
    size_t lens[MESSAGES_MAX], lens_len = 0, next = 0;
    struct pair pair;
    pair_open(&pair, pattern);
    while (lens_len < MESSAGES_MAX && input->len > 0) {
        uint8_t flags = fuzz_u8(input);
        size_t len = fuzz_u8(input);
        if (flags & 1)
            len = len << 8 | fuzz_u8(input);
        for (size_t i = 0; i < len; i++)
            content[i] = content_at(lens_len, i);
        channel_send(&pair.dialer, bytes_of(content, len));
        lens[lens_len++] = len;
        if (flags & 2)
            channel_flush(&pair.dialer);
    }
    channel_finish(&pair.dialer);
    HOLDS(channel_status(&pair.dialer) == STATUS_OK);
    struct bytes wire = buf_bytes(&pair.dialer.out);
    piece *= 256;
    for (size_t at = 0; at < wire.len; at += piece) {
        HOLDS(!channel_is_finished(&pair.listener));
        size_t len = wire.len - at < piece ? wire.len - at : piece;
        HOLDS(channel_receive(&pair.listener, bytes_of(wire.data + at, len), NULL) ==
              STATUS_OK);
        next = take_messages(&pair.listener, lens, lens_len, next);
    }
    HOLDS(next == lens_len);
    HOLDS(channel_is_finished(&pair.listener));
    pair_deinit(&pair);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_input input = fuzz_input_of(data, size);
    uint8_t flags = fuzz_u8(&input);
    enum noise_pattern pattern = flags & 8 ? NOISE_XXPSK0 : NOISE_XK;
    size_t piece = 1 + (size_t)fuzz_u8(&input);
    switch ((flags & 7) % MODES) {
    case MODE_STRAY:
        run_stray(&input, pattern, piece, flags & 16);
        break;
    case MODE_TAMPER:
        run_tamper(&input, pattern, piece);
        break;
    case MODE_WIRE:
        run_wire(&input, pattern, piece);
        break;
    case MODE_FRAMES:
        run_frames(&input, pattern, piece);
        break;
    case MODE_TALK:
        run_talk(&input, pattern, piece);
        break;
    }
    return 0;
}
