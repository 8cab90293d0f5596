#include "proto/channel.h"

#include <assert.h>
#include <string.h>

#include "crypto/key.h"
#include "crypto/secret.h"
#include "proto/frame.h"
#include "proto/hello.h"
#include "proto/limits.h"

#define PROLOGUE_SIZE (HELLO_PREAMBLE_SIZE + ID_SIZE)
#define MESSAGE_LENGTH_SIZE 4

static enum status fail(struct channel *channel, struct err *err, const char *what)
{
    channel->stage = CHANNEL_FAILED;
    noise_deinit(&channel->handshake);
    return err_set(err, STATUS_UNVERIFIED, "%s", what);
}

/* How long message 2, which the initiator waits for, and message 3 are: PROTOCOL.md §8.
 */
static size_t handshake_len(const struct channel *channel)
{
    if (channel->is_initiator)
        return channel->pattern == NOISE_XK ? 48 : 96;
    return 64;
}

static void start_handshake(struct channel *channel, const uint8_t *remote_static)
{
    uint8_t prologue[PROLOGUE_SIZE];
    hello_preamble(prologue, channel->pattern);
    memcpy(prologue + HELLO_PREAMBLE_SIZE, channel->network.bytes, ID_SIZE);
    struct noise_config config = {
        .pattern = channel->pattern,
        .is_initiator = channel->is_initiator,
        .prologue = prologue,
        .prologue_len = sizeof(prologue),
        .s_secret = channel->s_secret,
        .e_secret = channel->e_secret,
        .rs = remote_static,
        .psk = channel->pattern == NOISE_XXPSK0 ? channel->psks[channel->psk_used] : NULL,
    };
    noise_start(&channel->handshake, &config);
}

static enum status write_handshake(struct channel *channel)
{
    uint8_t message[160];
    size_t len;
    if (!noise_write(&channel->handshake, NULL, 0, message, sizeof(message), &len))
        return fail(channel, NULL, "handshake");
    buf_add(&channel->out, message, len);
    return STATUS_OK;
}

static enum status send_hello(struct channel *channel,
                              const struct channel_config *config)
{
    uint8_t preamble[HELLO_PREAMBLE_SIZE], first[HELLO_FIRST_SIZE + 64], key[32];
    uint8_t mac[HELLO_MAC_SIZE];
    size_t len;
    start_handshake(channel, config->remote_static);
    if (!noise_write(&channel->handshake, NULL, 0, first, sizeof(first), &len))
        return fail(channel, NULL, "handshake");
    assert(len == HELLO_FIRST_SIZE);
    hello_preamble(preamble, channel->pattern);
    hello_key(key, channel->pattern,
              channel->pattern == NOISE_XK ? config->remote_static : channel->psks[0]);
    hello_mac(mac, key, preamble, first);
    secret_wipe(key, sizeof(key));
    buf_add(&channel->out, preamble, sizeof(preamble));
    buf_add(&channel->out, mac, sizeof(mac));
    buf_add(&channel->out, first, len);
    channel->stage = CHANNEL_HANDSHAKE;
    return buf_status(&channel->out);
}

enum status channel_init(struct channel *channel, const struct channel_config *config)
{
    *channel = (struct channel){
        .stage = CHANNEL_HELLO,
        .is_initiator = config->is_initiator,
        .pattern = config->pattern,
        .network = config->network,
        .replays = config->replays,
        .psks_len = config->psks_len,
    };
    memcpy(channel->s_secret, config->s_secret, 32);
    memcpy(channel->e_secret, config->e_secret, 32);
    if (config->s_public != NULL)
        memcpy(channel->s_public, config->s_public, 32);
    else
        key_dh_public(channel->s_public, config->s_secret);
    channel->has_also = config->also_secret != NULL;
    if (channel->has_also) {
        memcpy(channel->also_secret, config->also_secret, 32);
        memcpy(channel->also_public, config->also_public, 32);
    }
    assert(config->psks_len <= CHANNEL_PSKS_MAX);
    for (uint32_t i = 0; i < config->psks_len; i++)
        memcpy(channel->psks[i], config->psks[i], 32);
    return config->is_initiator ? send_hello(channel, config) : STATUS_OK;
}

void channel_deinit(struct channel *channel)
{
    noise_deinit(&channel->handshake);
    buf_deinit(&channel->in);
    buf_deinit(&channel->stream);
    buf_deinit(&channel->pending);
    buf_deinit(&channel->out);
    secret_wipe(channel, sizeof(*channel));
}

static const uint8_t *keyed_by(const struct channel *channel, uint32_t i)
{
    if (channel->pattern != NOISE_XK)
        return channel->psks[i];
    return i == 0 ? channel->s_public : channel->also_public;
}

static void answer_as_before(struct channel *channel)
{
    memcpy(channel->s_secret, channel->also_secret, sizeof(channel->s_secret));
    memcpy(channel->s_public, channel->also_public, sizeof(channel->s_public));
    channel->is_also = true;
}

/* Does the MAC hold under our static key, or the one before it, or under one of the open
 * invitations? */
static bool mac_holds(struct channel *channel, const uint8_t *hello)
{
    const uint8_t *first = hello + HELLO_SIZE;
    uint8_t key[32], mac[HELLO_MAC_SIZE];
    uint32_t statics = channel->has_also ? 2 : 1, used = 0;
    uint32_t tries = channel->pattern == NOISE_XK ? statics : channel->psks_len;
    bool holds = false;
    for (uint32_t i = 0; i < tries && !holds; i++) {
        hello_key(key, channel->pattern, keyed_by(channel, i));
        hello_mac(mac, key, hello, first);
        holds = secret_equal(mac, hello + HELLO_PREAMBLE_SIZE, HELLO_MAC_SIZE);
        used = i;
    }
    secret_wipe(key, sizeof(key));
    if (channel->pattern != NOISE_XK)
        channel->psk_used = used;
    else if (holds && used == 1)
        answer_as_before(channel);
    return holds;
}

static bool is_replay(struct channel_replays *replays, const uint8_t *mac)
{
    uint64_t mark;
    memcpy(&mark, mac, sizeof(mark));
    for (uint32_t i = 0; i < CHANNEL_REPLAYS; i++)
        if (replays->marks[i] == mark)
            return true;
    replays->marks[replays->next] = mark;
    replays->next = (replays->next + 1) % CHANNEL_REPLAYS;
    return false;
}

static enum status receive_hello(struct channel *channel, struct err *err)
{
    const uint8_t *hello = channel->in.data;
    if (!hello_parse(hello, &channel->pattern))
        return fail(channel, err, "not our protocol, or another version of it");
    if (channel->in.len < HELLO_SIZE + HELLO_FIRST_SIZE)
        return STATUS_MORE;
    if (!mac_holds(channel, hello))
        return fail(channel, err, "the first MAC does not hold");
    if (channel->replays != NULL &&
        is_replay(channel->replays, hello + HELLO_PREAMBLE_SIZE))
        return fail(channel, err, "a first message was replayed");
    start_handshake(channel, NULL);
    uint8_t payload[16];
    size_t payload_len;
    if (!noise_read(&channel->handshake, hello + HELLO_SIZE, HELLO_FIRST_SIZE, payload,
                    sizeof(payload), &payload_len))
        return fail(channel, err, "handshake message 1 does not hold");
    buf_drop(&channel->in, HELLO_SIZE + HELLO_FIRST_SIZE);
    channel->stage = CHANNEL_HANDSHAKE;
    return write_handshake(channel);
}

static void open_transport(struct channel *channel)
{
    memcpy(channel->remote_static, noise_remote_static(&channel->handshake), 32);
    noise_split(&channel->handshake, &channel->send, &channel->receive, channel->hash);
    secret_wipe(channel->s_secret, sizeof(channel->s_secret));
    secret_wipe(channel->also_secret, sizeof(channel->also_secret));
    secret_wipe(channel->e_secret, sizeof(channel->e_secret));
    channel->stage = CHANNEL_OPEN;
}

static enum status receive_handshake(struct channel *channel, struct err *err)
{
    size_t len = handshake_len(channel);
    if (channel->in.len < len)
        return STATUS_MORE;
    uint8_t payload[16];
    size_t payload_len;
    if (!noise_read(&channel->handshake, channel->in.data, len, payload, sizeof(payload),
                    &payload_len))
        return fail(channel, err, "a handshake message does not hold");
    buf_drop(&channel->in, len);
    if (channel->is_initiator) {
        enum status status = write_handshake(channel);
        if (status != STATUS_OK) /* never: message 2 agreed with the same key */
            return status;
    }
    open_transport(channel);
    return STATUS_OK;
}

static enum status receive_frame(struct channel *channel, struct err *err)
{
    if (channel->in.len < FRAME_LENGTH_SIZE)
        return STATUS_MORE;
    size_t length = (size_t)channel->in.data[0] << 8 | channel->in.data[1];
    if (!frame_is_class(length))
        return fail(channel, err, "a frame has a length of no class");
    if (channel->fin_received)
        return fail(channel, err, "a frame came after the last one");
    if (channel->in.len < FRAME_LENGTH_SIZE + length)
        return STATUS_MORE;
    uint8_t plain[FRAME_PLAIN_MAX];
    if (!noise_open(&channel->receive, channel->in.data + FRAME_LENGTH_SIZE, length,
                    plain))
        return fail(channel, err, "a frame does not hold");
    uint8_t flags;
    struct bytes used;
    if (frame_parse(plain, length - FRAME_TAG_SIZE, &flags, &used, err) != STATUS_OK)
        return fail(channel, err, "a frame is not well formed");
    buf_drop(&channel->in, FRAME_LENGTH_SIZE + length);
    buf_add(&channel->stream, used.data, used.len);
    channel->fin_received = flags & FRAME_FIN;
    if (++channel->frames_received % CHANNEL_REKEY_FRAMES == 0)
        noise_rekey(&channel->receive);
    return buf_status(&channel->stream);
}

enum status channel_receive(struct channel *channel, struct bytes bytes, struct err *err)
{
    buf_add(&channel->in, bytes.data, bytes.len);
    enum status status = buf_status(&channel->in);
    while (status == STATUS_OK) {
        switch (channel->stage) {
        case CHANNEL_HELLO:
            status = channel->in.len < HELLO_PREAMBLE_SIZE ? STATUS_MORE
                                                           : receive_hello(channel, err);
            break;
        case CHANNEL_HANDSHAKE:
            status = receive_handshake(channel, err);
            break;
        case CHANNEL_OPEN:
            status = receive_frame(channel, err);
            break;
        default:
            status = STATUS_UNVERIFIED;
        }
    }
    return status == STATUS_MORE ? STATUS_OK : status;
}

bool channel_is_open(const struct channel *channel)
{
    return channel->stage == CHANNEL_OPEN;
}

enum status channel_next(struct channel *channel, struct bytes *message)
{
    if (channel->stream_taken > 0) {
        buf_drop(&channel->stream, channel->stream_taken);
        channel->stream_taken = 0;
    }
    if (channel->stream.len < MESSAGE_LENGTH_SIZE)
        return STATUS_NOT_FOUND;
    const uint8_t *data = channel->stream.data;
    size_t len =
        (size_t)data[0] << 24 | (size_t)data[1] << 16 | (size_t)data[2] << 8 | data[3];
    if (len > MESSAGE_SIZE_MAX)
        return STATUS_TOO_LARGE;
    if (channel->stream.len < MESSAGE_LENGTH_SIZE + len)
        return STATUS_NOT_FOUND;
    *message = bytes_of(data + MESSAGE_LENGTH_SIZE, len);
    channel->stream_taken = MESSAGE_LENGTH_SIZE + len;
    return STATUS_OK;
}

bool channel_is_finished(const struct channel *channel)
{
    return channel->fin_received && channel->stream.len == channel->stream_taken;
}

static void send_frame(struct channel *channel, uint8_t flags, const uint8_t *used,
                       size_t used_len)
{
    uint8_t plain[FRAME_PLAIN_MAX];
    size_t class_len = frame_class(used_len);
    frame_fill(plain, class_len, flags, used, used_len);
    buf_add_u16(&channel->out, (uint16_t)class_len);
    uint8_t *room = buf_reserve(&channel->out, class_len);
    if (room == NULL)
        return;
    noise_seal(&channel->send, plain, class_len - FRAME_TAG_SIZE, room);
    channel->out.len += class_len;
    if (++channel->frames_sent % CHANNEL_REKEY_FRAMES == 0)
        noise_rekey(&channel->send);
}

void channel_send(struct channel *channel, struct bytes message)
{
    assert(message.len <= MESSAGE_SIZE_MAX);
    buf_add_u32(&channel->pending, (uint32_t)message.len);
    buf_add(&channel->pending, message.data, message.len);
}

void channel_flush(struct channel *channel)
{
    if (channel->stage != CHANNEL_OPEN || channel->fin_sent)
        return;
    size_t at = 0;
    while (at < channel->pending.len) {
        size_t left = channel->pending.len - at;
        size_t used = left < FRAME_USED_MAX ? left : FRAME_USED_MAX;
        send_frame(channel, 0, channel->pending.data + at, used);
        at += used;
    }
    channel->pending.len = 0;
}

void channel_finish(struct channel *channel)
{
    channel_flush(channel);
    if (channel->stage != CHANNEL_OPEN || channel->fin_sent)
        return;
    send_frame(channel, FRAME_FIN, NULL, 0);
    channel->fin_sent = true;
}

enum status channel_status(const struct channel *channel)
{
    if (channel->pending.failed || channel->out.failed)
        return STATUS_NO_MEMORY;
    return STATUS_OK;
}
